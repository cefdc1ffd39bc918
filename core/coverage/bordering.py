"""Which features a piece of ground borders on, and over what length."""

from __future__ import annotations

import numpy as np
import shapely

from ..plan.tables import Array
from .edges import SAME_PLACE, edges_of

_METRES_PER_DEGREE = 111_320.0


def bordering(polygon: shapely.Geometry, geometries: Array) -> list[tuple[int, float]]:
    """Positions of the features along a polygon's border, and the length in metres they share, longest first.

    Parameters
    ----------
    polygon
        The ground, EPSG:4490.
    geometries
        ``(n,)`` polygons, multipolygons or None; of the ground itself none should be among them.
    """
    edges = edges_of(np.array([polygon], dtype=object), [0])
    middle = (edges.start + edges.end) / 2
    east, north = (edges.end - edges.start).T
    metres = np.hypot(east * np.cos(np.radians(middle[:, 1])), north) * _METRES_PER_DEGREE
    points = shapely.points(middle)
    found = []
    for position in np.flatnonzero(shapely.dwithin(geometries, polygon, SAME_PLACE)).tolist():
        length = float(metres[shapely.dwithin(geometries[position], points, SAME_PLACE)].sum())
        if length:
            found.append((position, length))
    return sorted(found, key=lambda pair: (-round(pair[1], 3), pair[0]))
