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

#: Pairs of rings looked at together; a record with more is left undecided.
_PAIRS_AT_ONCE = 1_000_000


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
        a ring is open, too short, turns neither way or crosses itself or another, or the rings around it do not
        alternate from shell to hole.  Rings of such records are no shells of others.
    """
    shell, doubt = np.arange(len(count)), np.zeros(records, bool)
    several = np.bincount(owner, minlength=records)[owner] > 1  # one ring alone is a shell
    rings = np.flatnonzero(several)
    if not len(rings):
        return shell, doubt
    nested, doubt = _nested(xy[np.repeat(several, count)], count[rings], owner[rings], records, cancelled)
    decided = ~doubt[owner[rings]]
    shell[rings[decided]] = rings[nested[decided]]
    return shell, doubt


def _nested(xy: Array, count: Array, owner: Array, records: int, cancelled: Callable[[], bool]) -> tuple[Array, Array]:
    """`nest_rings` of records with several rings: all pairs of a record's rings are looked at."""
    area, sure = _areas(xy, count)
    is_shell, area = area < 0, np.abs(area)
    of_record = np.bincount(owner, minlength=records)
    doubt = of_record**2 > _PAIRS_AT_ONCE
    doubt[owner[~sure]] = True
    shell = np.arange(len(count))
    undoubted = np.flatnonzero(~doubt[owner])
    for rings in _batches(undoubted, of_record[owner[undoubted]]):
        if cancelled():
            raise Cancelled
        beside = of_record[owner[rings]]
        inner, outer = np.repeat(rings, beside), runs(np.searchsorted(owner, owner[rings]), beside)
        inside, crossing = _within(xy, count, inner, outer)
        doubt[owner[inner[crossing]]] = True
        inner, outer = inner[inside], outer[inside]
        depth = np.bincount(inner, np.where(is_shell[outer], 1, -1), len(count))[rings]
        doubt[owner[rings[depth != np.where(is_shell[rings], 0, 1)]]] = True
        holes = ~is_shell[inner] & is_shell[outer]
        inner, outer = inner[holes], outer[holes]
        order = np.lexsort((area[outer], inner))
        placed, smallest = np.unique(inner[order], return_index=True)
        shell[placed] = outer[order][smallest]
    return shell, doubt


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


def _within(xy: Array, count: Array, inner: Array, outer: Array) -> tuple[Array, Array]:
    """Of pairs of rings: whether the inner lies in the outer (it may touch it), and whether that cannot be told (masks)."""
    starts = np.cumsum(count) - count
    with np.errstate(invalid="ignore"):
        lower, upper = np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)
    boxed = ((lower[outer] <= lower[inner]) & (upper[outer] >= upper[inner])).all(axis=1)
    near = np.flatnonzero(boxed & (inner != outer))
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


def _batches(rings: Array, pairs: Array) -> list[Array]:
    """Rings in batches that have about as many pairs as are looked at together."""
    batch = np.cumsum(pairs) // _PAIRS_AT_ONCE
    return [part for part in np.split(rings, np.flatnonzero(batch[1:] != batch[:-1]) + 1) if len(part)]
