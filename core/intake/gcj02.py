"""GCJ-02, the offset coordinates of Chinese web maps: the published transform, its inverse, and recognising it.

Source of the formulas: the WGS84 → GCJ-02 transform as published in open source since 2010 (ChinaMapDeviation,
eviltransform, coordtransform): series in sines of longitude and latitude about 105°E 35°N, on the Krasovsky
ellipsoid (a = 6378245 m, e² = 0.00669342162296594323), nothing outside 72.004–137.8347°E, 0.8293–55.8271°N.
At the accuracy that matters here (it shifts by hundreds of metres) WGS84 and CGCS2000 are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..plan.tables import Array

SEMI_MAJOR_M = 6378245.0
E2 = 0.00669342162296594323
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271

#: Accuracy of the inverse, in degrees.
TOLERANCE_DEG = 1e-9
_MOST_ITERATIONS = 30

#: An offset below this (m) is within what honest outlines of one place differ by.
_LEAST_OFFSET_M = 100.0
#: Undoing the transform must leave at most this share of the offset (outlines may be generalised) …
_LARGEST_SHARE = 0.5
#: … with no plain shift left over beyond this share of the transform's own …
_LARGEST_LEFT = 0.15
#: … and a plain shift alone must not do clearly better, or it was a plain shift.
_SHIFT_IS_BETTER = 0.6
#: Outlines show the same thing where they cover each other this far (intersection over union).
_SAME_THING = 0.8
#: Vertices compared: more say no more.
_MOST_VERTICES = 20_000
#: Outlines compared one by one, and vertices that are joined into one outline at most.
_MOST_OUTLINES = 200
_MOST_UNITED = 200_000
#: The transform moves nothing farther (m).
_FARTHEST_M = 1000.0
_METRES_PER_DEGREE = 111_320.0


def to_gcj02(lon_lat: Any) -> Array:
    """WGS84 (or CGCS2000) to GCJ-02.

    Parameters
    ----------
    lon_lat
        ``(n, 2)`` longitudes and latitudes in degrees.

    Returns
    -------
    ndarray
        ``(n, 2)``; points outside the transform's frame (see the module) as they were.
    """
    points = np.asarray(lon_lat, dtype=float).reshape(-1, 2)
    return np.where(_in_frame(points)[:, None], points + _offset(points), points)


def from_gcj02(lon_lat: Any) -> Array:
    """GCJ-02 to WGS84 (or CGCS2000), by iteration to 1e-9°; shapes as in `to_gcj02`."""
    points = np.asarray(lon_lat, dtype=float).reshape(-1, 2)
    within = _in_frame(points)
    target = points[within]
    found = target - _offset(target)
    for _ in range(_MOST_ITERATIONS):
        better = target - _offset(found)
        moved = np.abs(better - found).max(initial=0.0)
        found = better
        if moved < TOLERANCE_DEG / 10:
            break
    result = points.copy()
    result[within] = found
    return result


def geometries_from_gcj02(geometries: Any) -> Array:
    """Geometries in GCJ-02 degrees as WGS84 (CGCS2000) ones; None stays None."""
    converted: Array = shapely.transform(np.asarray(geometries, dtype=object), from_gcj02)
    return converted


@dataclass(frozen=True)
class OffsetComparison:
    """How outlines lie beside known ones.

    Attributes
    ----------
    is_gcj02
        The offset is what the GCJ-02 transform makes at that place, and not a plain shift.
    compared
        Pairs of outlines compared.
    offset_m
        Root mean square distance between the edges as they stand, in metres.
    after_gcj02_m
        The same after the transform is undone.
    after_shift_m
        The same after the best plain shift instead.
    left_over_m
        The plain shift that would still help after the transform is undone.
    """

    is_gcj02: bool
    compared: int
    offset_m: float
    after_gcj02_m: float
    after_shift_m: float
    left_over_m: float


def explains_offset(outlines: Any, known: Any) -> OffsetComparison | None:
    """Whether outlines that are said to be CGCS2000 are GCJ-02, by known outlines of the same things.

    Areas hardly change under the transform, so edges are compared: each outline's vertices with the
    edge of the known outline that covers the same ground (or all with all, where both together cover the
    same ground).  The tenth of the vertices that lies farthest off is left out, because two vintages of one boundary
    differ in places.  Known outlines that are much generalised cannot tell the transform from a plain shift of the same
    mean size and direction.

    Parameters
    ----------
    outlines, known
        Arrays of polygons in degrees (longitude, latitude); None and what is no polygon is passed over.

    Returns
    -------
    OffsetComparison or None
        None where no known outline shows the same thing.
    """
    ours, theirs = _polygons(outlines), _polygons(known)
    if not len(ours) or not len(theirs):
        return None
    middle = shapely.get_coordinates(theirs).mean(axis=0)
    theirs = _in_metres(theirs, middle)
    alike = _may_be_the_same(_in_metres(ours, middle), theirs)
    found = _compared(ours[alike], theirs, middle)
    if not found and shapely.get_num_coordinates(ours).sum() <= _MOST_UNITED:
        ours, theirs = _united(ours), _united(theirs)
        alike = _may_be_the_same(_in_metres(ours, middle), theirs)
        found = _compared(ours[alike], theirs, middle)
    return _weighed(found) if found else None


def _compared(ours: Array, theirs: Array, middle: Array) -> list[_Edges]:
    """Outlines beside the known ones that show the same thing, as they stand and with the transform undone."""
    undone = _in_metres(shapely.transform(ours, from_gcj02), middle)
    ours = _in_metres(ours, middle)
    pairs = _same_things(ours, undone, theirs)
    step = max(1, sum(shapely.get_num_coordinates(ours[i]) for i, _ in pairs) // _MOST_VERTICES)
    return [_Edges(theirs[k], ours[i], undone[i], step) for i, k in pairs]


def _weighed(edges: list[_Edges]) -> OffsetComparison:
    offset = _root_mean_square([e.distances(e.as_found)[0] for e in edges])
    after_gcj02 = _root_mean_square([e.distances(e.undone)[0] for e in edges])
    after_shift = _after_best_shift(edges)
    left_over = _after_shift(edges, [e.undone for e in edges], np.zeros(2))[1]
    is_gcj02 = (
        offset >= _LEAST_OFFSET_M
        and after_gcj02 <= _LARGEST_SHARE * offset
        and left_over <= _LARGEST_LEFT * _mean_length([e.as_found - e.undone for e in edges])
        and after_shift >= _SHIFT_IS_BETTER * after_gcj02
    )
    return OffsetComparison(bool(is_gcj02), len(edges), offset, after_gcj02, after_shift, left_over)


def _in_frame(points: Array) -> Array:
    lon, lat = points.T
    inside: Array = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return inside


def _offset(points: Array) -> Array:
    """The transform's shift in degrees, ``(n, 2)``."""
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    pi = np.pi
    waves = 20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * np.sin(pi * y) + 40 * np.sin(pi * y / 3)) * 2 / 3
    north += (160 * np.sin(pi * y / 12) + 320 * np.sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * np.sin(pi * x) + 40 * np.sin(pi * x / 3)) * 2 / 3
    east += (150 * np.sin(pi * x / 12) + 300 * np.sin(pi * x / 30)) * 2 / 3
    lat = np.radians(points[:, 1])
    w2 = 1 - E2 * np.sin(lat) ** 2
    meridian_radius = SEMI_MAJOR_M * (1 - E2) / (w2 * np.sqrt(w2))
    parallel_radius = SEMI_MAJOR_M / np.sqrt(w2) * np.cos(lat)
    return np.degrees(np.column_stack([east / parallel_radius, north / meridian_radius]))


def _polygons(geometries: Any) -> Array:
    shapes = np.asarray(geometries, dtype=object).ravel()
    kept: Array = shapes[np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)]
    return kept


def _valid(shapes: Array) -> Array:
    valid: Array = shapely.make_valid(shapes)
    return valid


def _in_metres(shapes: Array, middle: Array) -> Array:
    """On a plane about a place: true to a part in a thousand over a city, enough to weigh hundreds of metres."""
    scale = np.array([np.cos(np.radians(middle[1])), 1.0]) * _METRES_PER_DEGREE
    plane: Array = shapely.transform(shapely.force_2d(shapes), lambda c: (c - middle) * scale)
    return plane


def _united(shapes: Array) -> Array:
    together: Array = np.array([shapely.union_all(_valid(shapes))], dtype=object)
    return together


def _may_be_the_same(ours: Array, theirs: Array) -> Array:
    """Positions of outlines near a known one of about its area, the largest first: the rest needs no closer look."""
    west, south, east, north = shapely.bounds(ours).T
    boxes = shapely.box(west - _FARTHEST_M, south - _FARTHEST_M, east + _FARTHEST_M, north + _FARTHEST_M)
    mine, other = shapely.STRtree(theirs).query(boxes)
    share = shapely.area(ours)[mine] / np.maximum(shapely.area(theirs)[other], 1e-9)
    near = np.unique(mine[(share >= _SAME_THING) & (share <= 1 / _SAME_THING)])
    largest: Array = near[np.argsort(-shapely.area(ours)[near], kind="stable")][:_MOST_OUTLINES]
    return largest


def _same_things(ours: Array, undone: Array, theirs: Array) -> list[tuple[int, int]]:
    """Pairs that cover the same ground as they stand or with the transform undone."""
    best: dict[int, tuple[float, int]] = {}
    known = _valid(theirs)
    tree = shapely.STRtree(known)
    for shapes in (_valid(ours), _valid(undone)):
        mine, other = tree.query(shapes, predicate="intersects")
        common = shapely.area(shapely.intersection(shapes[mine], known[other]))
        share = common / (shapely.area(shapes[mine]) + shapely.area(known[other]) - common)
        for i, k, s in zip(mine.tolist(), other.tolist(), share.tolist()):
            if s >= _SAME_THING and s > best.get(i, (0.0, 0))[0]:
                best[i] = (s, k)
    return [(i, k) for i, (_, k) in sorted(best.items())]


class _Edges:
    """A known outline's edges, and the vertices of the outline that is compared with it."""

    def __init__(self, known: Any, ours: Any, undone: Any, step: int) -> None:
        rings = shapely.get_rings(shapely.get_parts(known))
        coords, ring = shapely.get_coordinates(rings, return_index=True)
        following = ring[:-1] == ring[1:]
        self.start, self.end = coords[:-1][following], coords[1:][following]
        self.tree = shapely.STRtree(shapely.linestrings(np.stack([self.start, self.end], axis=1)))
        self.as_found = shapely.get_coordinates(ours)[::step]
        self.undone = shapely.get_coordinates(undone)[::step]

    def distances(self, points: Array) -> tuple[Array, Array]:
        """Distance of each point from the nearest edge, and the vector from that edge to it."""
        mine, edge = self.tree.query_nearest(shapely.points(points), all_matches=False)
        order = np.argsort(mine)
        start, along = self.start[edge[order]], (self.end - self.start)[edge[order]]
        length2 = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((points - start) * along).sum(axis=1) / length2, 0, 1)
        vector = points - (start + along * share[:, None])
        return np.hypot(*vector.T), vector


def _mean_length(vectors: list[Array]) -> float:
    return float(np.hypot(*np.concatenate(vectors).T).mean())


def _root_mean_square(distances: list[Array]) -> float:
    """Of the nearest nine tenths."""
    every = np.sort(np.concatenate(distances))
    kept = every[: max(1, int(0.9 * len(every)))]
    return float(np.sqrt(np.mean(kept**2)))


def _after_best_shift(edges: list[_Edges]) -> float:
    """What is left after one plain shift for all."""
    like_gcj02 = -np.mean(np.concatenate([e.as_found - e.undone for e in edges]), axis=0)
    by_middle = edges[0].start.mean(axis=0) - edges[0].as_found.mean(axis=0)
    starts = (like_gcj02, by_middle, np.zeros(2))
    return min(_after_shift(edges, [e.as_found for e in edges], start)[0] for start in starts)


def _after_shift(edges: list[_Edges], points: list[Array], start: Array) -> tuple[float, float]:
    """What is left after a shift found step by step along the edges' normals, and how far it went from its start."""
    least, shift, best = np.inf, start, start
    for _ in range(12):
        found = [e.distances(p + shift) for e, p in zip(edges, points)]
        distance, vector = (np.concatenate(parts) for parts in zip(*found))
        left = _root_mean_square([distance])
        if left < least:
            least, best = left, shift
        near = distance <= np.quantile(distance, 0.9)
        normal = vector[near] / np.maximum(distance[near], 1e-9)[:, None]
        # Least squares of normal · (vector + step) = 0; edges in one direction only give no step along them.
        step = np.linalg.lstsq(normal, -distance[near], rcond=1e-3)[0]
        shift = shift + step
        if np.hypot(*step) < 0.1:
            break
    return float(least), float(np.hypot(*(best - start)))
