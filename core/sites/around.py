"""Ground around lines and places: a corridor along a river, circles about points; widths and radii in metres."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.tables import Array, object_array
from .chosen import united
from .plane import Plane, circles

#: What a river's corridor or a circle can sensibly have (m).
WIDEST_M = 20_000.0
CORNERS_OF_CIRCLE = 180
#: Corners of a corridor that move its edge by less (degrees; a centimetre) are left out.
NEEDLESS_DEG = 1e-7
_QUARTER = 16


def corridor(lines: Any, left_m: float, right_m: float) -> Any:
    """The ground along lines.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings in EPSG:4490.
    left_m, right_m
        Width in metres on each side, seen in the direction in which the line is drawn; one of them may be 0.

    Returns
    -------
    Polygon or MultiPolygon
        In EPSG:4490, flat where a line ends, round where it bends.

    Raises
    ------
    PlannerError
        If there is no line, or no sensible width.
    """
    for width in (left_m, right_m):
        if not 0 <= width <= WIDEST_M:
            raise PlannerError("site.width", most=WIDEST_M)
    if left_m + right_m <= 0:
        raise PlannerError("site.width", most=WIDEST_M)
    runs = _runs(lines)
    if not len(runs):
        raise PlannerError("site.no_line")
    plane = Plane(runs)
    flat = plane.from_degrees(runs)
    if left_m == right_m:
        pieces = shapely.buffer(flat, left_m, quad_segs=_QUARTER, cap_style="flat", join_style="round")
    else:
        pieces = object_array(
            [shapely.union_all([*_one_side(run, left_m, 1), *_one_side(run, right_m, -1)]) for run in flat]
        )
    meetings = shapely.buffer(_meetings(flat), min(left_m, right_m), quad_segs=_QUARTER)
    ground = shapely.simplify(plane.to_degrees(shapely.union_all([*pieces, *meetings])), NEEDLESS_DEG)
    # On the way back to degrees rounding may cross hair-thin edges, or leave a hair between the two sides
    return united(object_array([ground]))[0]


def discs(lon_lat: Any, radius_m: float) -> Any:
    """The ground within a radius of places.

    Parameters
    ----------
    lon_lat
        ``(n, 2)`` longitudes and latitudes.
    radius_m
        Geodesic radius in metres.

    Raises
    ------
    PlannerError
        If there is no place, or no sensible radius.
    """
    if not 0 < radius_m <= WIDEST_M:
        raise PlannerError("site.radius", most=WIDEST_M)
    places = np.asarray(lon_lat, dtype=float).reshape(-1, 2)
    if not len(places):
        raise PlannerError("site.no_place")
    return shapely.union_all(circles(places, radius_m, CORNERS_OF_CIRCLE))


def _runs(lines: Any) -> Array:
    """Lines joined where one goes on as the next, each in the direction in which it was drawn."""
    parts = shapely.get_parts(shapely.get_parts(np.asarray(lines, dtype=object).ravel()))
    parts = parts[(shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > 0)]
    if len(parts) < 2:
        return parts
    together = shapely.multilinestrings(shapely.force_2d(parts))
    keeps_direction = {"directed": True} if shapely.geos_version >= (3, 11, 0) else {}
    return np.asarray(shapely.get_parts(shapely.line_merge(together, **keeps_direction)))


def _meetings(runs: Array) -> Array:
    """Places where lines meet end to end: flat ends would leave a notch there."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(runs, at)) for at in (0, -1)])
    places, count = np.unique(ends, axis=0, return_counts=True)
    return np.asarray(shapely.points(places[count > 1]))


def _one_side(run: Any, width: float, side: int) -> list[Any]:
    """A rectangle beside every edge and a sector in every bend, to the left (1) or right (-1).

    Not by GEOS's one-sided buffer, which loses ground where a line bends sharper than the width.
    """
    if width <= 0:
        return []
    xy = shapely.get_coordinates(run)
    xy = xy[np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])]
    along = np.diff(xy, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    out = side * width * np.column_stack([-along[:, 1], along[:, 0]])
    start, end = xy[:-1], xy[1:]
    rectangles = shapely.polygons(np.stack([start, end, end + out, start + out], axis=1))
    before, after, at = out[:-1], out[1:], xy[1:-1]
    turn = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1))
    opens = turn * side < -1e-9
    before, after, at, turn = before[opens], after[opens], at[opens], turn[opens]
    shares = np.linspace(0, 1, _QUARTER * 2 + 1)[1:-1]
    angle = np.arctan2(before[:, 1], before[:, 0])[:, None] + turn[:, None] * shares
    arc = at[:, None] + width * np.stack([np.cos(angle), np.sin(angle)], axis=2)
    corners = [at[:, None], (at + before)[:, None], arc, (at + after)[:, None]]
    sectors = shapely.polygons(np.concatenate(corners, axis=1))
    return [*rectangles, *sectors]
