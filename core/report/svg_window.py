"""Small maps around a place: the window, and geometry cut to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .svg_paths import MapFrame, path_of, simplified

Array = npt.NDArray[Any]

WIDTH = 420
HEIGHT = 0.68 * WIDTH
_MOST_VERTICES = 4_000


def window_around(bounds: Array) -> MapFrame:
    """A frame of the one size that all windows have (a tall one would tear a grid of them apart) around degrees."""
    frame = MapFrame.around(tuple(np.asarray(bounds).tolist()), WIDTH, margin=0.25)
    per_pixel = frame.degrees_per_pixel * max(1.0, frame.height / HEIGHT)
    middle_x = frame.west + frame.width * frame.degrees_per_pixel / frame.squeeze / 2
    middle_y = frame.north - frame.height * frame.degrees_per_pixel / 2
    return MapFrame(
        middle_x - per_pixel * WIDTH / frame.squeeze / 2,
        middle_y + per_pixel * HEIGHT / 2,
        per_pixel,
        frame.squeeze,
        WIDTH,
        HEIGHT,
    )


def bounds_of(frame: MapFrame) -> tuple[float, float, float, float]:
    """The frame's west, south, east and north, a little wider so that cut lines lie outside."""
    pad = 8 * frame.degrees_per_pixel
    return (
        frame.west - pad / frame.squeeze,
        frame.north - frame.height * frame.degrees_per_pixel - pad,
        frame.west + frame.width * frame.degrees_per_pixel / frame.squeeze + pad / frame.squeeze,
        frame.north + pad,
    )


def path_in(shapes: Array, frame: MapFrame, style: str) -> str:
    """Polygons as one path, cut to the window first: a red line may have a hundred thousand vertices elsewhere."""
    drawn = path_of(simplified(shapely.clip_by_rect(shapes, *bounds_of(frame)), frame, _MOST_VERTICES, 0.3), frame)
    return f'<path d="{drawn}" {style}/>' if drawn else ""
