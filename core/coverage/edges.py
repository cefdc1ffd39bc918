"""Edge matching on shared vertices: where zones that should tile the ground do not meet edge for edge.

Every edge is directed with its feature's ground on the left.  In a tiling an inner edge occurs once in each
direction; what does not cancel is the edge of the city or a fault.  Only these edges are looked at closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from ..plan.tables import Array

#: Places nearer to each other than this (degrees; about 1 mm) are one place whose vertices are not shared.
SAME_PLACE = 1e-8
#: shapely with GEOS 3.12 or later finds the faults of a coverage itself.
GEOS_KNOWS_COVERAGES = shapely.geos_version >= (3, 12, 0) and hasattr(shapely, "coverage_is_valid")

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MORE = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Edges:
    """Directed edges, ground on the left.

    Attributes
    ----------
    start, end
        ``(n, 2)`` coordinates.
    owner
        ``(n,)`` position of the feature.
    start_id, end_id
        ``(n,)`` the same number for the same coordinates (64 bits of hash).
    """

    start: Array
    end: Array
    owner: Array
    start_id: Array
    end_id: Array

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def key(self) -> Array:
        """``(n,)`` the same number for an edge and its reverse."""
        with np.errstate(over="ignore"):
            result: Array = _mixed(self.start_id + self.end_id) ^ (self.start_id ^ self.end_id)
        return result

    @property
    def sign(self) -> Array:
        """``(n,)`` 1 or -1, opposite for an edge and its reverse."""
        return np.where(self.start_id < self.end_id, 1, -1)

    @property
    def owned_key(self) -> Array:
        """``(n,)`` the same number for the same directed edge of the same feature."""
        with np.errstate(over="ignore"):
            result: Array = _mixed(_mixed(self.start_id) + self.end_id) + self.owner.astype(np.uint64) * _ODD
        return result

    def take(self, which: Array) -> Edges:
        """Some of the edges, by position or mask."""
        return Edges(*(a[which] for a in (self.start, self.end, self.owner, self.start_id, self.end_id)))

    def reversed(self) -> Edges:
        """The same edges with the ground on the other side."""
        return Edges(self.end, self.start, self.owner, self.end_id, self.start_id)

    def lines(self) -> Array:
        """``(n,)`` linestrings."""
        made: Array = shapely.linestrings(np.stack([self.start, self.end], axis=1))
        return made


def edges_of(geometries: Array, owner: Sequence[int] | Array) -> Edges:
    """The edges of all rings of polygons; None and empty ones have none.

    Parameters
    ----------
    geometries
        ``(n,)`` polygons, multipolygons or None.
    owner
        ``(n,)`` number to give each one's edges.
    """
    parts, of = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    is_shell = np.ones(len(rings), bool)
    is_shell[1:] = part[1:] != part[:-1]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    backward = shapely.is_ccw(rings) != is_shell
    follows = ring[:-1] == ring[1:]
    ids = vertex_ids(xy)
    follows &= ids[:-1] != ids[1:]
    ring = ring[:-1][follows]
    turn = backward[ring]
    first, last = xy[:-1][follows], xy[1:][follows]
    first_id, last_id = ids[:-1][follows], ids[1:][follows]
    return Edges(
        np.where(turn[:, None], last, first),
        np.where(turn[:, None], first, last),
        np.asarray(owner, np.int64)[of[part[ring]]],
        np.where(turn, last_id, first_id),
        np.where(turn, first_id, last_id),
    )


def between(start: Array, end: Array, owner: Array) -> Edges:
    """Edges from coordinates; those without length are left out."""
    made = Edges(start, end, owner, vertex_ids(start), vertex_ids(end))
    return made.take(made.start_id != made.end_id)


def joined(all_edges: Sequence[Edges]) -> Edges:
    """Several sets of edges as one."""
    names = ("start", "end", "owner", "start_id", "end_id")
    if not all_edges:
        return edges_of(np.empty(0, dtype=object), [])
    return Edges(*(np.concatenate([getattr(e, name) for e in all_edges]) for name in names))


def vertex_ids(xy: Array) -> Array:
    """``(n,)`` uint64 number of each place, the same for the same coordinates and no other (64 bits of hash)."""
    bits = np.ascontiguousarray(np.asarray(xy, np.float64) + 0.0).view(np.uint64).reshape(-1, 2)  # -0.0 is 0.0
    with np.errstate(over="ignore"):
        made: Array = _mixed(_mixed(bits[:, 0] + _ODD) + bits[:, 1])
    return made


def uncancelled(edges: Edges) -> Array:
    """``(n,)`` mask of edges that occur in one direction more often than in the other."""
    key = edges.key
    order = np.argsort(key, kind="stable")
    new = np.ones(len(key), bool)
    new[1:] = key[order][1:] != key[order][:-1]
    number = np.cumsum(new) - 1
    total = np.bincount(number, edges.sign[order])
    mask = np.zeros(len(key), bool)
    mask[order] = total[number] != 0
    return mask


def exclusive(one: Edges, other: Edges) -> tuple[Array, Array]:
    """Masks of the edges that only one of two sets has: of the first, and of the second."""
    own, others = one.owned_key, other.owned_key
    if len(own) == len(others) and own.sum() == others.sum() and _xor(own) == _xor(others):
        return np.zeros(len(own), bool), np.zeros(len(others), bool)  # the same numbers in some order: no need to sort
    keys = np.concatenate([own, others])
    order = np.argsort(keys)
    new = np.ones(len(keys), bool)
    new[1:] = keys[order][1:] != keys[order][:-1]
    number = np.cumsum(new) - 1
    of_other = order >= len(own)
    in_other = np.bincount(number, of_other)
    in_own = np.bincount(number) - in_other
    alone = np.zeros(len(keys), bool)
    alone[order] = ((in_other == 0) | (in_own == 0))[number]
    return alone[: len(own)], alone[len(own) :]


def _xor(numbers: Array) -> int:
    return int(np.bitwise_xor.reduce(numbers)) if len(numbers) else 0


def changed_boxes(before: Sequence[Edges], now: Sequence[Edges]) -> Array:
    """Boxes around the edges that came or went, one for each feature that changed."""
    boxes = []
    for old, new in zip(before, now):
        if old is new:
            continue
        gone, added = exclusive(old, new)
        came, went = new.take(added), old.take(gone)
        xy = np.concatenate([came.start, came.end, went.start, went.end])
        if len(xy):
            boxes.append(shapely.box(*xy.min(axis=0), *xy.max(axis=0)))
    return np.array(boxes, dtype=object)


def tiles_by_geos(zones: Array) -> bool:
    """GEOS's own answer (3.12 or later) to whether polygons share all vertices of their borders and overlap nowhere."""
    answer: bool = bool(shapely.coverage_is_valid(zones, gap_width=SAME_PLACE))
    return answer


@dataclass(frozen=True)
class Meetings:
    """Vertices that lie on edges which do not have them.

    Attributes
    ----------
    xy, vertex_id
        Coordinates and number of the m vertices.
    edge
        ``(m,)`` position of the edge.
    along
        ``(m,)`` where on the edge, 0…1.
    near_id
        ``(m,)`` number of the edge's end that is at the same place too, 0 for none.
    """

    xy: Array
    vertex_id: Array
    edge: Array
    along: Array
    near_id: Array

    def take(self, which: Array) -> Meetings:
        """Some of the meetings, by mask."""
        return Meetings(self.xy[which], self.vertex_id[which], self.edge[which], self.along[which], self.near_id[which])

    def at_edges(self, position: Array) -> Meetings:
        """The same with ``position[edge]`` for each edge."""
        return replace(self, edge=position[self.edge])

    @staticmethod
    def joined(found: Sequence[Meetings]) -> Meetings:
        """Several sets of meetings as one, each once."""
        names = ("xy", "vertex_id", "edge", "along", "near_id")
        every = Meetings(*(np.concatenate([getattr(m, name) for m in found]) for name in names))
        pair = np.stack([every.vertex_id, every.edge.astype(np.uint64)], axis=1)
        return every.take(np.unique(pair, axis=0, return_index=True)[1])


def meetings(xy: Array, ids: Array, edges: Edges) -> Meetings:
    """Vertices nearer than `SAME_PLACE` to edges of which they are no end.

    Parameters
    ----------
    xy, ids
        Coordinates ``(n, 2)`` and numbers ``(n,)`` of the vertices.
    """
    vertex, edge = _near(xy, edges)
    other = (ids[vertex] != edges.start_id[edge]) & (ids[vertex] != edges.end_id[edge])
    vertex, edge = vertex[other], edge[other]
    start, end, at = edges.start[edge], edges.end[edge], xy[vertex]
    direction = end - start
    along = ((at - start) * direction).sum(axis=1) / (direction**2).sum(axis=1)
    near_start = np.hypot(*(at - start).T) <= SAME_PLACE
    near_end = np.hypot(*(at - end).T) <= SAME_PLACE
    near_id = np.where(near_start, edges.start_id[edge], np.where(near_end, edges.end_id[edge], np.uint64(0)))
    return Meetings(at, ids[vertex], edge, along, near_id)


def welded(edges: Edges, met: Meetings) -> Edges:
    """Edges that take the vertices they meet, so that borders less than `SAME_PLACE` apart cancel.

    Of vertices at one place the one of the oldest feature stays.
    """
    if not len(met.edge):
        return edges
    place = _one_per_place(edges, met)
    on = met.near_id == 0
    order = np.lexsort((met.along[on], met.edge[on]))
    at_edge, at_xy = met.edge[on][order], met.xy[on][order]
    # every edge as its start and the vertices on it; each goes to the next, the last to the edge's end
    of = np.concatenate([np.arange(len(edges)), at_edge])
    xy = np.concatenate([edges.start, at_xy])
    sequence = np.argsort(of, kind="stable")
    of, xy = of[sequence], xy[sequence]
    last = np.append(of[1:] != of[:-1], True)
    following = np.where(last[:, None], edges.end[of], np.roll(xy, -1, axis=0))
    return between(_at_place(xy, place), _at_place(following, place), edges.owner[of])


def _one_per_place(edges: Edges, met: Meetings) -> tuple[Array, Array]:
    """Numbers of vertices that give way to another at their place (sorted), and its coordinates."""
    close = met.near_id != 0
    if not close.any():
        return np.empty(0, np.uint64), np.empty((0, 2))
    ids, first = np.unique(np.concatenate([edges.start_id, edges.end_id]), return_index=True)
    xy = np.concatenate([edges.start, edges.end])[first]
    age = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(age, np.searchsorted(ids, edges.start_id), edges.owner)
    np.minimum.at(age, np.searchsorted(ids, edges.end_id), edges.owner)
    one, two = np.searchsorted(ids, met.vertex_id[close]), np.searchsorted(ids, met.near_id[close])
    rank = np.empty(len(ids), np.int64)
    rank[np.lexsort((ids, age))] = np.arange(len(ids))
    heir = rank.copy()
    while True:  # few rounds: the clusters are a few vertices
        before = heir.copy()
        low = np.minimum(heir[one], heir[two])
        np.minimum.at(heir, one, low)
        np.minimum.at(heir, two, low)
        if (heir == before).all():
            break
    by_rank = np.argsort(rank)
    moved = heir != rank
    return ids[moved], xy[by_rank[heir[moved]]]


def _at_place(xy: Array, place: tuple[Array, Array]) -> Array:
    ids, target = place
    if not len(ids):
        return xy
    own = vertex_ids(xy)
    found = np.minimum(np.searchsorted(ids, own), len(ids) - 1)
    return np.where((ids[found] == own)[:, None], target[found], xy)


def _near(xy: Array, edges: Edges) -> tuple[Array, Array]:
    if not len(xy) or not len(edges):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    low, high = np.minimum(edges.start, edges.end) - SAME_PLACE, np.maximum(edges.start, edges.end) + SAME_PLACE
    reached = ((high >= xy.min(axis=0)) & (low <= xy.max(axis=0))).all(axis=1)
    held = ((xy >= low.min(axis=0)) & (xy <= high.max(axis=0))).all(axis=1)
    which_edge, which_vertex = np.flatnonzero(reached), np.flatnonzero(held)
    if not len(which_edge) or not len(which_vertex):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    tree = shapely.STRtree(edges.take(which_edge).lines())
    points = shapely.points(xy[which_vertex])
    vertex, edge = tree.query(points, predicate="dwithin", distance=SAME_PLACE)
    return which_vertex[vertex], which_edge[edge]


def _mixed(x: Array) -> Array:
    """Bits spread over the whole number (splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * _MIX
    x = (x ^ (x >> np.uint64(27))) * _MORE
    result: Array = x ^ (x >> np.uint64(31))
    return result
