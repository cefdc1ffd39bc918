"""A line as it was drawn, settled onto the borders that it was snapped to."""

from __future__ import annotations

import numpy as np
import shapely

from .faces import SNAP
from .mosaic import Mosaic

#: The ends go so far beyond where they were drawn (degrees; 1 mm): on its way through the map's projection a place on
#: a border comes to lie a rounding error beside it.
_OVERSHOOT = 1e-8


def settled(mosaic: Mosaic, line: shapely.LineString) -> shapely.LineString:
    """A drawn line whose vertices lie exactly on the mosaic's where they were snapped to them, and whose ends cross.

    Parameters
    ----------
    line
        At least two different places, EPSG:4490.
    """
    shapes = [g for g in (*mosaic.zones.geometry, *mosaic.areas.geometry) if g is not None]
    vertices = shapely.get_coordinates(shapes)
    xy = shapely.get_coordinates(line)
    tree = shapely.STRtree(shapely.points(vertices))
    drawn, near = tree.query_nearest(shapely.points(xy), max_distance=SNAP, all_matches=False)
    xy[drawn] = vertices[near]
    xy = xy[np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])]
    if len(xy) < 2:
        return line
    first, last = _beyond(xy[1], xy[0]), _beyond(xy[-2], xy[-1])
    return shapely.linestrings(np.vstack([first, xy, last]))


def _beyond(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A place a little farther on the way from one to another."""
    way = end - start
    beyond: np.ndarray = end + way / np.hypot(*way) * _OVERSHOOT
    return beyond
