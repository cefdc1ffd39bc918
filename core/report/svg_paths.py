"""Plan geometry as compact SVG path data.

Geographic degrees become whole tenths of a pixel: north up, longitude shortened by the cosine of
the middle latitude, so that distances look right over the size of a city.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

#: Path data count in tenths of a pixel; the drawing scales them back.
STEPS_PER_PIXEL = 10

_KM_PER_DEGREE = 6371.0 * math.pi / 180


@dataclass(frozen=True)
class MapFrame:
    """Where degrees fall on the drawing.

    Attributes
    ----------
    west, north
        Degrees at the upper left corner of the drawing's frame.
    degrees_per_pixel
        Of latitude; a degree of longitude is narrower by `squeeze`.
    width, height
        Of the frame in pixels.
    """

    west: float
    north: float
    degrees_per_pixel: float
    squeeze: float
    width: float
    height: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], width: float, margin: float = 0.03) -> MapFrame:
        """A frame of a width in pixels around bounds in degrees, with a margin on each side."""
        west, south, east, north = bounds
        squeeze = max(math.cos(math.radians((south + north) / 2)), 0.05)
        span_x = max((east - west) * squeeze, 1e-9)
        span_y = max(north - south, 1e-9)
        # A long narrow site must not make a drawing of a metre's height.
        span_x, seen_y = max(span_x, span_y / 1.1), max(span_y, span_x / 3)
        per_pixel = span_x * (1 + 2 * margin) / width
        height = round(seen_y / per_pixel + 2 * margin * width, 1)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(
            middle_x - per_pixel * width / 2 / squeeze,
            middle_y + per_pixel * height / 2,
            per_pixel,
            squeeze,
            width,
            height,
        )

    @property
    def pixels_per_km(self) -> float:
        """Length of a kilometre on the drawing."""
        return 1 / (self.degrees_per_pixel * _KM_PER_DEGREE)

    def to_pixels(self, degrees: Array) -> Array:
        """``(n, 2)`` degrees as pixels from the upper left."""
        x = (degrees[:, 0] - self.west) * self.squeeze / self.degrees_per_pixel
        y = (self.north - degrees[:, 1]) / self.degrees_per_pixel
        return np.column_stack([x, y])


def path_of(geometries: Array, frame: MapFrame, least_area: float = 0.0) -> str:
    """All polygons as one path.

    Parameters
    ----------
    geometries
        Polygonal shapely geometries in degrees; None and lines are left out.
    least_area
        Rings smaller than this many square pixels are left out.

    Returns
    -------
    str
        Path data in tenths of a pixel, relative moves; empty where nothing is left.
    """
    polygons = shapely.get_parts(geometries[~shapely.is_missing(geometries)])
    # In normal form holes run against their shell, so that the fill leaves them open and overlapping
    # polygons of one path do not cancel out.
    polygons = shapely.normalize(polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON])
    rings = shapely.get_rings(polygons)
    if least_area > 0 and len(rings):
        square_pixel = frame.degrees_per_pixel**2 / frame.squeeze
        rings = rings[shapely.area(shapely.polygons(rings)) >= least_area * square_pixel]
    return _path_data(rings, frame, 3, "z")


def lines_of(geometries: Array, frame: MapFrame) -> str:
    """All lines as one path, as `path_of` does polygons; None and what is no line is left out."""
    parts = shapely.get_parts(geometries[~shapely.is_missing(geometries)])
    parts = shapely.get_parts(parts)
    return _path_data(parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING], frame, 2, "")


def _path_data(lines: Array, frame: MapFrame, fewest: int, end: str) -> str:
    """Lines of at least so many different steps, as relative moves in tenths of a pixel."""
    coordinates, line_of = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return ""
    steps = np.rint(frame.to_pixels(coordinates) * STEPS_PER_PIXEL).astype(np.int64)
    kept = np.r_[True, (np.diff(steps, axis=0) != 0).any(axis=1) | (np.diff(line_of) != 0)]
    steps, line_of = steps[kept], line_of[kept]
    moves = np.r_[steps[:1], np.diff(steps, axis=0)]
    starts = np.flatnonzero(np.r_[True, np.diff(line_of) != 0])
    pieces = []
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(steps)]):
        if stop - start < fewest:
            continue
        x, y = steps[start].tolist()
        pieces.append(f"M{x} {y}l" + " ".join(map(str, moves[start + 1 : stop].ravel().tolist())) + end)
    return "".join(pieces)


def simplified(geometries: Array, frame: MapFrame, most_vertices: int, pixels: float = 0.35) -> Array:
    """Geometries with no more detail than the drawing can show, and no more than it should carry.

    The tolerance doubles until at most `most_vertices` are left.
    """
    tolerance = pixels * frame.degrees_per_pixel
    for _ in range(6):
        geometries = shapely.simplify(geometries, tolerance, preserve_topology=False)
        if shapely.get_num_coordinates(geometries).sum() <= most_vertices:
            break
        tolerance *= 2
    return geometries
