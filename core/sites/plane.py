"""A plane in metres about a place, for widths and radii: transverse Mercator through the middle of what is measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely

from ..geometry.proj_thread import in_proj_thread
from ..plan.tables import Array

#: Longer edges (degrees; some 500 m) are divided first: straight in degrees and straight on the plane are two things.
LONGEST_EDGE_DEG = 0.005
LONGEST_EDGE_M = 500.0


class Plane:
    """Degrees (EPSG:4490) to metres and back, true to a part in ten thousand within 100 km of its middle."""

    def __init__(self, around: Any) -> None:
        west, south, east, north = shapely.total_bounds(around).tolist()
        middle = f"+lat_0={(south + north) / 2!r} +lon_0={(west + east) / 2!r}"
        self._definition = f"+proj=tmerc {middle} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs"

    def from_degrees(self, shapes: Array) -> Array:
        """Geometries on the plane; long edges are divided, so that they stay where they are on earth."""
        return self._transform(shapely.segmentize(shapely.force_2d(shapes), LONGEST_EDGE_DEG), False)

    def to_degrees(self, shape: Any) -> Any:
        """A geometry of the plane in degrees, long edges divided."""
        return self._transform(shapely.segmentize(shape, LONGEST_EDGE_M), True)

    @in_proj_thread
    def _transform(self, shapes: Any, back: bool) -> Any:
        plane = pyproj.Proj(self._definition)
        return shapely.transform(shapes, lambda xy: np.column_stack(plane(xy[:, 0], xy[:, 1], inverse=back)))


@in_proj_thread
def circles(lon_lat: Any, radius_m: float, corners: int) -> Array:
    """``(n,)`` polygons whose corners are `radius_m` metres of geodesic from each of ``(n, 2)`` places in degrees."""
    places = np.asarray(lon_lat, dtype=float).reshape(-1, 2)
    azimuth = np.linspace(360.0, 0.0, corners, endpoint=False)
    lon, lat = (np.repeat(places[:, i], corners) for i in (0, 1))
    east, north, _ = pyproj.Geod(ellps="GRS80").fwd(
        lon, lat, np.tile(azimuth, len(places)), np.full(len(lon), float(radius_m))
    )
    rings: Array = np.stack([east, north], axis=1).reshape(len(places), corners, 2)
    made: Array = shapely.polygons(rings)
    return made
