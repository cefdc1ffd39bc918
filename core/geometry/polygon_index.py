"""Polygons made ready to be met by many small ones.

Two ideas make it fast and keep it exact.  First, pairs are told apart by the *boundary* of the
target, cut into short chains in one R-tree: a project that meets no chain lies wholly inside or
wholly outside, and one point decides which.  Second, a pair that does cross needs only the target's
neighbourhood: runs of vertices that all lie on one outer side of a box are drawn together to the
run's two ends, which leaves every edge inside the box, and the winding number about every point in
it, as they were.  No coordinate is ever computed, so intersections get the vertices that the whole
polygon would give them.

A run drawn together may cross other edges.  That is harmless where GEOS never looks: it clips its
operands to the result's envelope, widened by every edge whose envelope meets it, so the box that
runs have to stay out of is widened likewise (`_reach`).  But it takes a ring's direction from the
ring's highest vertex, and holes to lie in their shell: where either may have been lost out there,
rings are strung together into one whose direction is plain to see (`_strung_together`).
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
SMALL = 4096
#: Margin of a box's neighbourhood around it, as a share of its width: a project this size still fits.
LOOSENESS = 0.25
#: GEOS clips to an operand's envelope grown by 10 %; ours must be wider than that.
SAFETY = 0.25
#: A reach so many times its box is looked into (see `_Neighbourhood._child`).
FAR = 4
#: A child that would keep more of its parent's vertices than this takes them all.
WORTHWHILE = 0.75
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

    def vertices_near(self, boxes: Array) -> int:
        """Roughly how many vertices of the parts' boundaries lie within some boxes (polygons)."""
        return CHAIN_SEGMENTS * int(self._chain_tree.query(boxes).shape[1])

    def neighbourhood(self, boxes: Array, parts: Array) -> Array:
        """Polygons that equal some parts within some boxes.

        Outside its box a result may be anything, even invalid, but not where GEOS looks.

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
        found = np.empty(len(parts), dtype=object)
        for members in np.split(order, starts[1:]) if len(order) else []:
            part = int(parts[members[0]])
            root = self._neighbourhoods.get(part)
            if root is None:
                root = self._neighbourhoods[part] = self._root(part)
            root.assign(grown, members, found)
        _make_polygons({node for node in found[order] if node.polygon is None})
        for position in order.tolist():
            local[position] = found[position].polygon
        return local

    def _root(self, part: int) -> _Neighbourhood:
        first, last = self._part_ring[part], self._part_ring[part + 1]
        starts = self._ring_start[first : last + 1]
        coords = self._coords[starts[0] : starts[-1]]
        sizes = np.diff(starts)
        ring = np.repeat(np.arange(len(sizes)), sizes)
        same_ring = (ring[1:] == ring[:-1])[:, None]
        longest = (np.abs(np.diff(coords, axis=0)) * same_ring).max(axis=0)
        facts = _Part(shapely.is_ccw(shapely.get_rings(self.parts[part])), longest)
        root = _Neighbourhood(coords, ring, shapely.bounds(self.parts[part]), facts)
        root.polygon = self.parts[part]
        return root

    def _contains(self, part: Array, points: Array) -> Array:
        if not self._prepared:
            shapely.prepare(self.parts)
            self._prepared = True
        # Grouped by part, so that one prepared polygon stays in the cache for its run of points.
        order = np.argsort(part, kind="stable")
        result = np.empty(len(part), bool)
        result[order] = shapely.contains_xy(self.parts[part[order]], points[order, 0], points[order, 1])
        return result


@dataclass(frozen=True)
class _Part:
    """What all neighbourhoods of a part share.

    ``left_turning`` says for each ring whether it runs counter-clockwise, ``longest`` the greatest
    width and height of an edge.
    """

    left_turning: Array
    longest: Array


class _Neighbourhood:
    """A box of a loose quadtree with the rings that matter in it; children are made when needed.

    ``reach`` is the box that no drawn-together run enters; ``polygon`` is None until `_make_polygons`
    has made it.
    """

    __slots__ = ("_box", "_children", "_depth", "coords", "part", "polygon", "reach", "ring")

    def __init__(self, coords: Array, ring: Array, box: Array, part: _Part, depth: int = 0) -> None:
        self.coords, self.ring, self._box, self._depth, self.part = coords, ring, box, depth, part
        self.reach = box
        self.polygon: Any = None
        self._children: dict[int, _Neighbourhood] = {}

    def assign(self, boxes: Array, members: Array, found: Array, holder: _Neighbourhood | None = None) -> None:
        """Write the smallest neighbourhood that holds each member's box into ``found``.

        ``holder`` is the ancestor whose vertices this one shares, if it does.
        """
        holder = holder or self
        if len(self.coords) > SMALL and self._depth < _MAX_DEPTH:
            inner, quadrant = self._fitting(boxes[members])
            for q in range(4):
                chosen = inner & (quadrant == q)
                if chosen.any():
                    child = self._child(q)
                    shared = holder if child.coords is self.coords else None
                    child.assign(boxes, members[chosen], found, shared)
            members = members[~inner]
        found[members] = holder

    def rings(self) -> list[Array]:
        """Its rings, shell first, those that are a line or a point left out; none without a shell.

        Where holes leave the reach, they and the shell are one ring.
        """
        if self.ring[0] == self.ring[-1]:
            return [self.coords] if self.ring[0] == 0 and len(self.ring) >= 4 else []
        starts = np.flatnonzero(np.r_[True, self.ring[1:] != self.ring[:-1]])
        leaves = np.logical_or.reduceat(_sides(self.coords, self.reach) > 0, starts).tolist()
        number = self.ring[starts].tolist()
        rings = np.split(self.coords, starts[1:])
        filled = [i for i, ring in enumerate(rings) if len(ring) >= 4]
        if not filled or number[filled[0]] != 0:
            return []
        strung = [i for i in filled if leaves[i]]
        if strung in ([], [0]):
            return [rings[i] for i in filled]
        shell_turns = self.part.left_turning[0]
        for i in strung[1:]:
            if self.part.left_turning[number[i]] == shell_turns:
                rings[i] = rings[i][::-1]
        outer = _strung_together([rings[i] for i in strung], self.reach, shell_turns)
        return [outer, *(rings[i] for i in filled if not leaves[i])]

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
            box = _grown(quarter)
            reach = _reach(self.coords, self.ring, box, self.part.longest)
            keep = _matters(self.coords, self.ring, reach)
            polygon = None
            if (reach[2:] - reach[:2]).max() > FAR * (box[2:] - box[:2]).max():
                # A long edge widens the reach so far that little is left out: perhaps nothing crosses anyway.
                near = _matters(self.coords, self.ring, box)
                polygon = _valid_polygon(self.coords[near], self.ring[near])
                keep = keep if polygon is None else near
            coords, ring = self.coords, self.ring
            if np.count_nonzero(keep) <= WORTHWHILE * len(keep):
                coords, ring = coords[keep], ring[keep]
            child = _Neighbourhood(coords, ring, quarter, self.part, self._depth + 1)
            child.reach = reach
            child.polygon = polygon if len(coords) < len(self.coords) else None
            self._children[q] = child
        return child


def _make_polygons(nodes: set[_Neighbourhood]) -> None:
    """Give nodes their polygons, all at once."""
    if nodes:
        ordered = list(nodes)
        made = _polygons_of_rings(ordered)
        for node, polygon in zip(ordered, made):
            node.polygon = polygon


def _grown(box: Array) -> Array:
    margin = LOOSENESS * (box[2:] - box[:2])
    return np.concatenate([box[:2] - margin, box[2:] + margin])


def _reach(coords: Array, ring: Array, box: Array, longest: Array) -> Array:
    """A box that holds all of what GEOS may look at for a query in ``box``.

    ``longest`` is the width and height that no edge exceeds: where that is little, it is added all
    round; else the edges that meet the box are looked up.
    """
    low, high = box[:2] - longest, box[2:] + longest
    if (longest > LOOSENESS * (box[2:] - box[:2])).any():
        side = _sides(coords, box)
        edge = np.flatnonzero(((side[1:] != side[:-1]) | (side[1:] == 0)) & (ring[1:] == ring[:-1]))
        low, high = np.minimum(coords[edge], coords[edge + 1]), np.maximum(coords[edge], coords[edge + 1])
        meets = (low <= box[2:]).all(axis=1) & (high >= box[:2]).all(axis=1)
        low = low[meets].min(axis=0, initial=np.inf).clip(max=box[:2])
        high = high[meets].max(axis=0, initial=-np.inf).clip(min=box[2:])
    margin = SAFETY * (high - low).min()
    return np.concatenate([low - margin, high + margin])


def _matters(coords: Array, ring: Array, box: Array) -> Array:
    """Which vertices a box still needs: all but the inner ones of runs on one outer side."""
    side = _sides(coords, box)
    same = (side[1:] == side[:-1]) & (side[1:] > 0) & (ring[1:] == ring[:-1])
    keep = np.ones(len(coords), bool)
    keep[1:-1] = ~(same[1:] & same[:-1])
    return keep


def _sides(coords: Array, box: Array) -> Array:
    """Where vertices lie: 0 in the box, 1 left, 2 right, 3 below, 4 above.

    One side a vertex (a corner counts as left or right): a run on one side stays on that side when it
    is drawn together to its two ends.
    """
    # Bytes, not branches: this is where most vertices pass.
    left, below = (coords < box[:2]).view(np.int8).T
    right, above = (coords > box[2:]).view(np.int8).T
    beside = left + 2 * right
    side: Array = beside + (3 * below + 4 * above) * (beside == 0)
    return side


def _polygons_of_rings(nodes: list[_Neighbourhood]) -> Array:
    """One polygon for each node's closed rings; empty where its shell is drawn together to nothing."""
    rings: list[Array] = []
    owner: list[int] = []
    shell_at: list[int] = []
    for position, node in enumerate(nodes):
        own = node.rings()
        if own:
            shell_at.append(len(rings))
            rings += own
            owner += [position] * len(own)
    polygons = np.full(len(nodes), shapely.Polygon(), dtype=object)
    if rings:
        indices = np.repeat(np.arange(len(rings)), [len(r) for r in rings])
        made = shapely.linearrings(np.concatenate(rings), indices=indices)
        shell_of = [nodes[owner[i]] for i in shell_at]
        expected = np.array([node.part.left_turning[0] for node in shell_of], dtype=bool)
        for turned in np.flatnonzero(shapely.is_ccw(made[shell_at]) != expected).tolist():
            at, node = shell_at[turned], shell_of[turned]
            made[at] = shapely.linearrings(_strung_together([rings[at]], node.reach, expected[turned]))
        filled, group = np.unique(owner, return_inverse=True)
        polygons[filled] = shapely.polygons(made, indices=group)
    return polygons


def _valid_polygon(coords: Array, ring: Array) -> Any:
    """The polygon of closed rings, or None where they cross."""
    starts = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    rings = [r for r in np.split(coords, starts[1:]) if len(r) >= 4]
    if not rings or len(coords[ring == 0]) < 4:
        return None
    polygon = shapely.Polygon(rings[0], rings[1:])
    return polygon if shapely.is_valid(polygon) else None


def _strung_together(rings: list[Array], reach: Array, left_turning: bool) -> Array:
    """One ring of several that all leave a box, with a top that tells its direction.

    From a corner far outside it goes to a vertex of each that is out of reach, round that ring and
    back the same way, which leaves all winding numbers within reach as they were.
    """
    together = np.concatenate(rings)
    low, high = np.minimum(together.min(axis=0), reach[:2]), np.maximum(together.max(axis=0), reach[2:])
    size = (high - low).max()
    (west, south), (east, north) = low - size, high + size
    ways: dict[int, list[tuple[float, float]]] = {1: [], 2: [(east, north)], 3: [(west, south)], 4: []}
    corner = np.array([(west, north)])
    top = np.array([(east, north + size), (west, north + size)])
    strung = [corner, top if left_turning else top[::-1], corner]
    for ring in rings:
        side = _sides(ring, reach)
        start = int(np.flatnonzero(side)[0])
        way = np.array(ways[int(side[start])]).reshape(-1, 2)
        strung += [way, ring[start:], ring[1 : start + 1], way, corner]
    return np.concatenate(strung)


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
