"""Which rings of a shapefile's polygons are shells, and which shell each hole lies in.

Shells turn clockwise and holes counter-clockwise; their order says nothing (ESRI Shapefile Technical
Description, July 1998, p. 8).  Whatever leaves room for doubt is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from ..errors import Cancelled
from ..geometry.parallel import never
from ..plan.tables import Array

#: Pairs of hole and shell looked at together; a record with more is left undecided.
_PAIRS_AT_ONCE = 1_000_000
#: Shells around one hole whose areas differ by less than this part overlap: neither is the smaller.
_SAME_AREA = 1e-9


def nest_rings(
    xy: Array, count: Array, owner: Array, records: int, cancelled: Callable[[], bool] = never
) -> tuple[Array, Array]:
    """The shell that each ring belongs to.

    Parameters
    ----------
    xy
        ``(v, 2)`` vertices, one ring after the other.
    count
        ``(m,)`` vertices of each ring.
    owner
        ``(m,)`` record (0 … records-1) that each ring belongs to, ascending.

    Returns
    -------
    shell, doubt
        ``(m,)`` the ring that is each ring's shell (a shell's is itself), and ``(records,)`` whether a record is undecided:
        a ring is open, too short, turns neither way or crosses itself, no ring is a shell, or a hole
        lies in no shell, in two that overlap, or across a border.  Their rings are shells all.
    """
    shell, doubt = np.arange(len(count)), np.zeros(records, bool)
    rings = np.flatnonzero(np.bincount(owner, minlength=records)[owner] > 1)  # one ring alone is a shell
    if not len(rings):
        return shell, doubt
    several = np.repeat(np.isin(np.arange(len(count)), rings), count)
    nested, of_doubt = _nested(xy[several], count[rings], owner[rings], records, cancelled)
    doubt |= of_doubt
    decided = ~doubt[owner[rings]]
    shell[rings[decided]] = rings[nested[decided]]
    return shell, doubt


def _nested(xy: Array, count: Array, owner: Array, records: int, cancelled: Callable[[], bool]) -> tuple[Array, Array]:
    """`nest_rings` of records with several rings."""
    area, sure = _areas(xy, count)
    doubt = np.zeros(records, bool)
    doubt[owner[~sure]] = True
    is_shell = area < 0
    shells, holes = (np.bincount(owner, which, records).astype(np.int64) for which in (is_shell, ~is_shell))
    doubt[(shells == 0) & (holes > 0) | (shells * holes > _PAIRS_AT_ONCE)] = True
    rings = np.arange(len(count))
    of_shells, of_holes = rings[is_shell & ~doubt[owner]], rings[~is_shell & ~doubt[owner]]
    result = rings.copy()
    batch = np.cumsum(shells[owner[of_holes]]) // _PAIRS_AT_ONCE
    for start, end in _spans(batch):
        if cancelled():
            raise Cancelled
        found, unsure = _shells_of(xy, count, owner, np.abs(area), of_holes[start:end], of_shells)
        result[of_holes[start:end]] = found
        doubt[owner[of_holes[start:end][unsure]]] = True
    return result, doubt


def _areas(xy: Array, count: Array) -> tuple[Array, Array]:
    """Signed areas of rings (negative: clockwise), and whether nothing speaks against their sign.

    The corner at the lowest point tells the sense too; in a ring that crosses itself they may differ.
    """
    first = np.cumsum(count) - count
    last, ring = first + count - 1, np.repeat(np.arange(len(count)), count)
    with np.errstate(invalid="ignore", over="ignore"):
        x, y = (xy - xy[first][ring]).T
        cross = np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0.0]
        cross[last] = 0.0
        area = np.add.reduceat(cross, first) / 2
        low = y == np.minimum.reduceat(y, first)[ring]
        right = np.maximum.reduceat(np.where(low, x, -np.inf), first)
        pivots = np.flatnonzero(low & (x == right[ring]))
        of_ring, where = np.unique(ring[pivots], return_index=True)
        pivot = first.copy()
        pivot[of_ring] = pivots[where]
        before, after = np.where(pivot == first, np.maximum(last - 1, first), pivot - 1), np.minimum(pivot + 1, last)
        turn = (x[pivot] - x[before]) * (y[after] - y[pivot]) - (y[pivot] - y[before]) * (x[after] - x[pivot])
        sure = (np.sign(turn) == np.sign(area)) & (area != 0) & np.isfinite(area)
    return area, sure & (count >= 4) & (xy[first] == xy[last]).all(axis=1)


def _shells_of(xy: Array, count: Array, owner: Array, area: Array, holes: Array, shells: Array) -> tuple[Array, Array]:
    """The smallest shell of its record around each hole, and which holes (mask) have none for certain."""
    first_shell = np.searchsorted(owner[shells], owner[holes], side="left")
    candidates = np.searchsorted(owner[shells], owner[holes], side="right") - first_shell
    hole, shell = np.repeat(np.arange(len(holes)), candidates), shells[runs(first_shell, candidates)]
    inside, crossing = _within(xy, count, holes[hole], shell)
    unsure = np.zeros(len(holes), bool)
    unsure[hole[crossing]] = True
    hole, shell = hole[inside], shell[inside]
    order = np.lexsort((area[shell], hole))
    hole, shell = hole[order], shell[order]
    as_large = (hole[1:] == hole[:-1]) & (area[shell[1:]] <= area[shell[:-1]] * (1 + _SAME_AREA))
    unsure[hole[1:][as_large]] = True
    placed, smallest = np.unique(hole, return_index=True)
    result = holes.copy()
    result[placed] = shell[smallest]
    return result, unsure | (result == holes)


def _within(xy: Array, count: Array, inner: Array, outer: Array) -> tuple[Array, Array]:
    """Of pairs of rings: whether the inner lies in the outer (it may touch it), and whether that cannot be told (masks)."""
    starts = np.cumsum(count) - count
    lower, upper = np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)
    near = np.flatnonzero(((lower[outer] <= lower[inner]) & (upper[outer] >= upper[inner])).all(axis=1))
    result, unsure = np.zeros(len(inner), bool), np.zeros(len(inner), bool)
    if not len(near):
        return result, unsure
    used, polygon = np.unique(outer[near], return_inverse=True)
    vertices = count[used]
    indices = np.repeat(np.arange(len(used)), vertices)
    polygons = shapely.polygons(shapely.linearrings(xy[runs(starts[used], vertices)], indices=indices))
    shapely.prepare(polygons)
    vertices = count[inner[near]]
    x, y = xy[runs(starts[inner[near]], vertices)].T
    around = polygons[np.repeat(polygon, vertices)]
    begins = np.cumsum(vertices) - vertices
    some_inside = np.logical_or.reduceat(shapely.contains_xy(around, x, y), begins)
    some_outside = np.logical_or.reduceat(~shapely.intersects_xy(around, x, y), begins)
    result[near] = some_inside & ~some_outside
    unsure[near] = some_inside == some_outside
    return result, unsure


def runs(starts: Array, counts: Array, step: int = 1) -> Array:
    """``start, start + step, …``, as many as it counts, of each run; one run after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - step * before, counts) + step * np.arange(int(counts.sum()))


def _spans(batch: Array) -> list[tuple[int, int]]:
    """Start and end of each stretch of equal numbers."""
    starts = np.flatnonzero(np.r_[True, batch[1:] != batch[:-1]][: len(batch)]).tolist()
    return list(zip(starts, [*starts[1:], len(batch)]))
