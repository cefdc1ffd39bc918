"""Polygons made ready to be met by many small ones.

Two ideas make it fast and keep it exact.  First, pairs are told apart by the *boundary* of the
target, cut into short chains in one R-tree: a project that meets no chain lies wholly inside or
wholly outside, and one point decides which.  Second, a pair that does cross needs only the target's
neighbourhood: runs of vertices that all lie on one outer side of a box are drawn together to the
run's two ends, which leaves every edge inside the box, and the winding number about every point in
it, as they were.  No coordinate is ever computed, so intersections get the vertices that the whole
polygon would give them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

CHAIN_SEGMENTS = 16
#: A neighbourhood is not cut further below this number of vertices.
SMALL = 512
#: Margin of a box's neighbourhood around it, as a share of its width: a project this size still fits.
LOOSENESS = 0.25
#: GEOS clips to an operand's envelope grown by 10 %; ours must be wider than that.
SAFETY = 0.25
_MAX_DEPTH = 24


@dataclass(frozen=True)
class Pairs:
    """Pairs of query part and target part.

    ``query`` and ``part`` are ``(k,)`` positions of query polygons and of the index's parts.
    """

    query: Array
    part: Array

    def __len__(self) -> int:
        return len(self.query)


class PolygonIndex:
    """An index of valid polygons.

    Parameters
    ----------
    geometries
        ``(n,)`` array of valid polygons, multipolygons or None.

    Attributes
    ----------
    parts
        ``(m,)`` single polygons.
    owner
        ``(m,)`` position of the geometry that each part belongs to.
    """

    def __init__(self, geometries: Array) -> None:
        self.parts, self.owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
        rings, self._ring_part = shapely.get_rings(self.parts, return_index=True)
        self._coords, ring_of = shapely.get_coordinates(rings, return_index=True)
        counts = np.bincount(ring_of, minlength=len(rings))
        self._ring_start = np.r_[0, np.cumsum(counts)]
        self._part_ring = np.searchsorted(self._ring_part, np.arange(len(self.parts) + 1))
        self._size = self._ring_start[self._part_ring[1:]] - self._ring_start[self._part_ring[:-1]]
        chains, chain_ring = _chains(self._coords, self._ring_start)
        self._chain_part = self._ring_part[chain_ring]
        self._chain_tree = shapely.STRtree(chains)
        self._part_tree = shapely.STRtree(self.parts)
        self._neighbourhoods: dict[int, _Neighbourhood] = {}
        self._prepared = False

    def relate(self, polygons: Array) -> tuple[Pairs, Pairs]:
        """Which of some single polygons cross a part's boundary, and which lie inside a part.

        Parameters
        ----------
        polygons
            ``(k,)`` valid single polygons.

        Returns
        -------
        crossing, inside : Pairs
            Crossing (or touching) pairs, and pairs where the query lies wholly in the part.
        """
        if not len(self.parts) or not len(polygons):
            none = Pairs(np.empty(0, np.intp), np.empty(0, np.intp))
            return none, none
        query, chain = self._chain_tree.query(polygons, predicate="intersects")
        crossing = np.unique(query * len(self.parts) + self._chain_part[chain])
        first = shapely.get_coordinates(polygons)[_first_vertices(polygons)]
        query, part = self._part_tree.query(shapely.points(first))
        candidates = np.setdiff1d(query * len(self.parts) + part, crossing, assume_unique=True)
        query, part = np.divmod(candidates, len(self.parts))
        within = self._contains(part, first[query])
        split = np.divmod(crossing, len(self.parts))
        return Pairs(*split), Pairs(query[within], part[within])

    def neighbourhood(self, boxes: Array, parts: Array) -> Array:
        """Polygons that equal some parts within some boxes.

        Outside its box a result may be anything, even invalid; GEOS clips its operands to the box
        before it looks at them.

        Parameters
        ----------
        boxes
            ``(k, 4)`` bounds (xmin, ymin, xmax, ymax) of the queries.
        parts
            ``(k,)`` positions of parts.

        Returns
        -------
        ndarray
            ``(k,)`` polygons.
        """
        local: Array = self.parts[parts]
        grown = boxes.copy()
        margin = SAFETY * np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        grown[:, :2] -= margin[:, None]
        grown[:, 2:] += margin[:, None]
        large = np.flatnonzero(self._size[parts] > SMALL)
        order = large[np.argsort(parts[large], kind="stable")]
        starts = np.flatnonzero(np.r_[True, np.diff(parts[order]) != 0]) if len(order) else order
        for members in np.split(order, starts[1:]) if len(order) else []:
            part = int(parts[members[0]])
            root = self._neighbourhoods.get(part)
            if root is None:
                root = self._neighbourhoods[part] = self._root(part)
            root.assign(grown, members, local)
        return local

    def _root(self, part: int) -> _Neighbourhood:
        first, last = self._part_ring[part], self._part_ring[part + 1]
        starts = self._ring_start[first : last + 1]
        coords = self._coords[starts[0] : starts[-1]]
        sizes = np.diff(starts)
        bounds = shapely.bounds(self.parts[part])
        return _Neighbourhood(coords, np.repeat(np.arange(len(sizes)), sizes), bounds, self.parts[part])

    def _contains(self, part: Array, points: Array) -> Array:
        if not self._prepared:
            shapely.prepare(self.parts)
            self._prepared = True
        # Grouped by part, so that one prepared polygon stays in the cache for its run of points.
        order = np.argsort(part, kind="stable")
        result = np.empty(len(part), bool)
        result[order] = shapely.contains_xy(self.parts[part[order]], points[order, 0], points[order, 1])
        return result


class _Neighbourhood:
    """A box of a loose quadtree with the rings that matter in it; children are made when needed."""

    __slots__ = ("_box", "_children", "_coords", "_depth", "_geometry", "_ring")

    def __init__(self, coords: Array, ring: Array, box: Array, geometry: Any = None, depth: int = 0) -> None:
        self._coords, self._ring, self._box = coords, ring, box
        self._geometry = geometry
        self._children: dict[int, _Neighbourhood] = {}
        self._depth = depth

    def assign(self, boxes: Array, members: Array, local: Array) -> None:
        """Write the smallest neighbourhood that holds each member's box into ``local``."""
        if len(self._coords) > SMALL and self._depth < _MAX_DEPTH:
            inner, quadrant = self._fitting(boxes[members])
            for q in range(4):
                chosen = inner & (quadrant == q)
                if chosen.any():
                    self._child(q).assign(boxes, members[chosen], local)
            members = members[~inner]
        if len(members):
            local[members] = self._polygon()

    def _fitting(self, boxes: Array) -> tuple[Array, Array]:
        centre = 0.5 * (self._box[:2] + self._box[2:])
        middle = 0.5 * (boxes[:, :2] + boxes[:, 2:])
        right, upper = middle[:, 0] > centre[0], middle[:, 1] > centre[1]
        quadrant = right + 2 * upper
        loose = np.array([_grown(self._quarter(q)) for q in range(4)])[quadrant]
        inner = (boxes[:, :2] >= loose[:, :2]).all(axis=1) & (boxes[:, 2:] <= loose[:, 2:]).all(axis=1)
        return inner, quadrant

    def _quarter(self, q: int) -> Array:
        xmin, ymin, xmax, ymax = self._box
        xmid, ymid = 0.5 * (xmin + xmax), 0.5 * (ymin + ymax)
        return np.array([(xmin, xmid)[q % 2], (ymin, ymid)[q // 2], (xmid, xmax)[q % 2], (ymid, ymax)[q // 2]])

    def _child(self, q: int) -> _Neighbourhood:
        child = self._children.get(q)
        if child is None:
            quarter = self._quarter(q)
            keep = _matters(self._coords, self._ring, _grown(quarter))
            child = _Neighbourhood(self._coords[keep], self._ring[keep], quarter, None, self._depth + 1)
            self._children[q] = child
        return child

    def _polygon(self) -> Any:
        if self._geometry is None:
            self._geometry = _polygon_of_rings(self._coords, self._ring)
        return self._geometry


def _grown(box: Array) -> Array:
    margin = LOOSENESS * (box[2:] - box[:2])
    return np.concatenate([box[:2] - margin, box[2:] + margin])


def _matters(coords: Array, ring: Array, box: Array) -> Array:
    """Which vertices a box still needs: all but the inner ones of runs on one outer side."""
    x, y = coords[:, 0], coords[:, 1]
    # One side a vertex (a corner counts as left or right): a run on one side stays on that side
    # when it is drawn together to its two ends.
    side = np.where(x < box[0], 1, np.where(x > box[2], 2, np.where(y < box[1], 3, np.where(y > box[3], 4, 0))))
    same = (side[1:] == side[:-1]) & (side[1:] > 0) & (ring[1:] == ring[:-1])
    keep = np.ones(len(coords), bool)
    keep[1:-1] = ~(same[1:] & same[:-1])
    return keep


def _polygon_of_rings(coords: Array, ring: Array) -> Any:
    """A polygon of closed rings, shell first; rings drawn together to a line or a point are left out."""
    starts = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]]) if len(ring) else np.empty(0, np.intp)
    sizes = np.diff(np.r_[starts, len(ring)])
    kept = sizes >= 4
    if not len(sizes) or ring[0] != 0 or not kept[0]:
        return shapely.Polygon()
    wanted = np.repeat(kept, sizes)
    rings = shapely.linearrings(coords[wanted], indices=np.repeat(np.arange(kept.sum()), sizes[kept]))
    return shapely.polygons(rings[0], holes=rings[1:] if len(rings) > 1 else None)


def _chains(coords: Array, ring_start: Array) -> tuple[Array, Array]:
    """Rings cut into chains of at most CHAIN_SEGMENTS segments; with each chain's ring."""
    segments = np.diff(ring_start) - 1
    chains_of = -(-segments // CHAIN_SEGMENTS)
    ring = np.repeat(np.arange(len(segments)), chains_of)
    nth = np.arange(len(ring)) - np.repeat(np.cumsum(chains_of) - chains_of, chains_of)
    start = ring_start[ring] + nth * CHAIN_SEGMENTS
    length = np.minimum(CHAIN_SEGMENTS, segments[ring] - nth * CHAIN_SEGMENTS) + 1
    chain = np.repeat(np.arange(len(ring)), length)
    vertex = np.arange(len(chain)) - np.repeat(np.cumsum(length) - length, length) + np.repeat(start, length)
    return shapely.linestrings(coords[vertex], indices=chain), ring


def _first_vertices(polygons: Array) -> Array:
    """Position of each polygon's first vertex among the coordinates of them all."""
    return np.r_[0, np.cumsum(shapely.get_num_coordinates(polygons))[:-1]]
