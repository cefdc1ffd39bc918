"""Ground that zones cover not at all or more than once, and vertices that they do not share.

What lies outside the city counts as one more tile, where the city is known: then the number of tiles is one
everywhere in a sound coverage.  It changes only across edges that do not cancel, so faces are made of these alone,
and after an edit only of those near the ones that came or went.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from ..plan.tables import Array
from .edges import (
    GEOS_KNOWS_COVERAGES,
    SAME_PLACE,
    Edges,
    Meetings,
    edges_of,
    exclusive,
    joined,
    meetings,
    tiles_by_geos,
    uncancelled,
    welded,
)

#: Room around an edit (degrees) that is looked at with it.
_AROUND = 1e-4
#: Where to look for a point inside a face if the first lies on a border.
_TRIES = (0.381966, 0.618034, 0.271828, 0.141421, 0.732051)


@dataclass(frozen=True)
class Ground:
    """Zones and the city they tile.

    Attributes
    ----------
    zones
        ``(n,)`` polygons, multipolygons or None; prepared.
    edges
        Edges of each zone, and last those of the outside of the city where it is known.
    city
        The city's outline, or None.
    """

    zones: Array
    edges: tuple[Edges, ...]
    city: shapely.Geometry | None

    def count(self, points: Array) -> Array:
        """``(m,)`` number of tiles at points, the outside of the city among them."""
        total = self.zones_at(points).sum(axis=1)
        if self.city is not None:
            total = total + self.outside(points)
        return np.asarray(total)

    def inner_points(self, polygons: Array) -> Array:
        """``(m,)`` a point inside each polygon and on no zone's border, where tiles can be counted."""
        points = shapely.point_on_surface(polygons)
        for share in _TRIES:
            on = np.flatnonzero(self._on_border(points))
            if not len(on):
                break
            points[on] = [_inside_at(polygons[k], share) for k in on.tolist()]
        return points

    def _on_border(self, points: Array) -> Array:
        mask = np.zeros(len(points), bool)
        if not len(points):
            return mask
        tree = shapely.STRtree(points)
        for tiles in (self.zones, np.array([self.city], dtype=object)):
            # both predicates are fast on prepared geometry, and differ on the border; "touches" is slow
            held = np.bincount(tree.query(tiles, predicate="intersects")[1], minlength=len(points))
            inside = np.bincount(tree.query(tiles, predicate="contains_properly")[1], minlength=len(points))
            mask |= held > inside
        return mask

    def zones_at(self, points: Array) -> Array:
        """``(m, n)`` mask of the zones in whose inside points lie."""
        mask = np.zeros((len(points), len(self.zones)), bool)
        if len(points):
            tree = shapely.STRtree(points)
            zone, point = tree.query(self.zones, predicate="contains")
            mask[point, zone] = True
        return mask

    def outside(self, points: Array) -> Array:
        """``(m,)`` mask of points outside the city; none where it is not known."""
        if self.city is None:
            return np.zeros(len(points), bool)
        return ~np.asarray(shapely.intersects(self.city, points))


@dataclass(frozen=True)
class Faults:
    """What is wrong between zones, as it was found.

    Attributes
    ----------
    faces
        Polygons that no tile covers, or more than one.
    met, met_edges
        Vertices of one zone on an edge of another that does not have them, and those edges (``met.edge`` counts them).
    loose
        Edges of zones and city that do not cancel.
    open_edges
        The same, after vertices at one place became one.
    """

    faces: Array
    met: Meetings
    met_edges: Edges
    loose: Edges
    open_edges: Edges


def ground_of(zones: Array, city: shapely.Geometry | None, before: Ground | None = None) -> Ground:
    """Zones with their edges; what is the same as before is taken over."""
    edges = []
    for position, zone in enumerate(zones):
        if before is not None and position < len(before.zones) and before.zones[position] is zone:
            edges.append(before.edges[position])
            continue
        if zone is not None:
            shapely.prepare(zone)
        edges.append(edges_of(np.array([zone], dtype=object), [position]))
    if city is not None:
        shapely.prepare(city)
        edges.append(
            before.edges[-1]
            if before is not None and before.city is city and len(before.zones) == len(zones)
            else edges_of(np.array([city], dtype=object), [len(zones)]).reversed()
        )
    return Ground(zones, tuple(edges), city)


def find_faults(ground: Ground, ask_geos: bool = GEOS_KNOWS_COVERAGES) -> Faults:
    """All faults between zones.

    Parameters
    ----------
    ask_geos
        Whether GEOS has the first look: where it finds the zones tiled, no vertex can be unshared.
    """
    edges = joined(ground.edges)
    loose = edges.take(uncancelled(edges))
    if ask_geos and ground.city is None and tiles_by_geos(ground.zones):
        met = meetings(np.empty((0, 2)), np.empty(0, np.uint64), loose)
    else:
        met = meetings(*_vertices(loose), loose)
    met = _of_different(met, loose, edges)
    open_edges = _open(loose, met)
    return Faults(_faces(ground, open_edges), met, loose, loose, open_edges)


def update_faults(before: Ground, ground: Ground, known: Faults) -> Faults:
    """The faults after an edit, from those before: the same as `find_faults` finds."""
    edges = joined(ground.edges)
    loose = edges.take(uncancelled(edges))
    met = _of_different(_met_again(known, loose), loose, edges)
    open_edges = _open(loose, met)
    gone, added = exclusive(known.open_edges, open_edges)
    came, went = open_edges.take(added), known.open_edges.take(gone)
    faces = known.faces
    if len(came) or len(went):
        faces = _faces_again(before, ground, known.faces, open_edges, came, went)
    return Faults(faces, met, loose, loose, open_edges)


def _open(loose: Edges, met: Meetings) -> Edges:
    if not len(met.edge):
        return loose
    made = welded(loose, met)
    return made.take(uncancelled(made))


def _vertices(edges: Edges) -> tuple[Array, Array]:
    ids, first = np.unique(edges.start_id, return_index=True)  # rings are closed: every vertex starts an edge
    return edges.start[first], ids


def _met_again(known: Faults, loose: Edges) -> Meetings:
    """Meetings of loose edges, looked for only where edges are new."""
    new = exclusive(known.loose, loose)[1]
    if not new.any() and not len(known.met.edge):
        return known.met
    fresh = loose.take(new)
    xy, ids = _vertices(loose)
    of_new_vertices = meetings(*_vertices(fresh), loose) if len(fresh) else None
    on_new_edges = meetings(xy, ids, fresh) if len(fresh) else None
    position = np.flatnonzero(new)
    kept = _still_there(known.met, known.met_edges, loose, ids)
    found = [kept]
    if of_new_vertices is not None and on_new_edges is not None:
        found += [of_new_vertices, on_new_edges.at_edges(position)]
    return Meetings.joined(found)


def _still_there(met: Meetings, edges: Edges, now: Edges, ids: Array) -> Meetings:
    """Meetings whose vertex and edge (of the same owner) are there still, with the edge's position now."""
    if not len(met.edge):
        return met
    name, names = edges.take(met.edge).owned_key, now.owned_key
    order = np.argsort(names)
    at = np.minimum(np.searchsorted(names[order], name), len(names) - 1) if len(names) else np.zeros(len(name), int)
    there = (names[order][at] == name) if len(names) else np.zeros(len(name), bool)
    there &= np.isin(met.vertex_id, ids)
    return replace(met.take(there), edge=order[at[there]])


def _of_different(met: Meetings, loose: Edges, edges: Edges) -> Meetings:
    """Meetings of a vertex with an edge of a feature that does not have the vertex."""
    if not len(met.edge):
        return met
    having = np.isin(edges.start_id, met.vertex_id)
    pairs = np.stack([edges.start_id[having], edges.owner[having].astype(np.uint64)], axis=1)
    had = set(map(tuple, pairs.tolist()))
    wanted = zip(met.vertex_id.tolist(), loose.owner[met.edge].tolist())
    return met.take(np.array([pair not in had for pair in wanted], bool))


def _faces(ground: Ground, edges: Edges) -> Array:
    polygons = _polygons(edges.lines())
    points = ground.inner_points(polygons)
    faulty: Array = polygons[ground.count(points) != 1]
    return faulty


def _faces_again(before: Ground, ground: Ground, known: Array, edges: Edges, came: Edges, went: Edges) -> Array:
    """Faces where edges came or went made anew, the others kept."""
    window = _box_of(np.concatenate([came.start, came.end, went.start, went.end]))
    while True:  # a fault that reaches into the window is seen whole
        reached = shapely.intersects(known, shapely.box(*window)) if len(known) else np.zeros(0, bool)
        larger = _box_of(np.concatenate([window.reshape(2, 2), shapely.get_coordinates(known[reached])]), 0.0)
        if (larger == window).all():
            break
        window = larger
    window += (-_AROUND, -_AROUND, _AROUND, _AROUND)
    frame = shapely.boundary(shapely.box(*window))
    if ground.city is None and _outside_shrank(before, ground, window, _in(edges, window), _in(went, window)):
        return _faces(ground, edges)
    polygons, points = _within(ground, window, [*_in(edges, window).lines(), frame])
    faulty = ground.count(points) != 1
    if ground.city is None:  # uncovered ground that goes on beyond the window is the outside: a gap would be known
        faulty &= ~((ground.count(points) == 0) & shapely.dwithin(polygons, frame, SAME_PLACE))
    return np.concatenate([known[~reached], polygons[faulty]])


def _outside_shrank(before: Ground, ground: Ground, window: Array, edges: Edges, went: Edges) -> bool:
    """Whether ground that was uncovered is covered now: it may close a bay that reaches beyond the window."""
    frame = shapely.boundary(shapely.box(*window))
    points = _within(before, window, [*edges.lines(), *went.lines(), frame])[1]
    return bool(((before.count(points) == 0) & (ground.count(points) > 0)).any())


def _within(ground: Ground, window: Array, lines: list[shapely.Geometry]) -> tuple[Array, Array]:
    polygons = _polygons(np.array(lines, dtype=object))
    points = ground.inner_points(polygons)
    inside = shapely.contains(shapely.box(*window), points)
    return polygons[inside], points[inside]


def _polygons(lines: Array) -> Array:
    """Faces of lines, but for seams between borders that nearly coincide."""
    if not len(lines):
        return np.empty(0, dtype=object)
    strung = shapely.line_merge(shapely.multilinestrings(lines))  # noding a few long lines is faster
    polygons = shapely.get_parts(shapely.polygonize([shapely.union_all([strung])]))
    wide: Array = polygons[2 * shapely.area(polygons) > SAME_PLACE * shapely.length(polygons)]
    return wide


def _in(edges: Edges, window: Array) -> Edges:
    low, high = np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)
    return edges.take(((high >= window[:2]) & (low <= window[2:])).all(axis=1))


def _inside_at(polygon: shapely.Geometry, share: float) -> shapely.Geometry:
    """A point in a polygon, at a share of its height and of its width there."""
    west, south, east, north = shapely.bounds(polygon)
    at = south + share * (north - south)
    across = shapely.get_parts(shapely.intersection(polygon, shapely.linestrings([(west, at), (east, at)])))
    return shapely.line_interpolate_point(max(across, key=shapely.length), share, normalized=True)


def _box_of(xy: Array, around: float = _AROUND) -> Array:
    box: Array = np.concatenate([xy.min(axis=0) - around, xy.max(axis=0) + around])
    return box
