"""One vertex of a shared border moved, added or taken away, in every feature that has it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.tables import Array
from .mosaic import Mosaic, Outcome, Tiles

Point = tuple[float, float]
#: The zones' ground may change by this share (rounding) when a vertex between them moves.
_ROUNDING = 1e-12


def move_vertex(mosaic: Mosaic, vertex: Point, to: Point) -> Outcome:
    """Move a vertex in all zones and key areas that have it.

    Parameters
    ----------
    vertex
        Coordinates of the vertex exactly as stored, EPSG:4490.

    Raises
    ------
    PlannerError
        If no feature has it, it lies on the edge of the city, or a border would cross another.
    """
    return _edited(mosaic, vertex, lambda ring: np.where((ring == vertex).all(axis=1)[:, None], to, ring))


def remove_vertex(mosaic: Mosaic, vertex: Point) -> Outcome:
    """Take a vertex out of all zones and key areas that have it.

    Raises
    ------
    PlannerError
        As `move_vertex`; also where three borders meet.
    """
    if _borders_meeting(mosaic, vertex) > 2:
        raise PlannerError("coverage.borders_meet")

    def without(ring: Array) -> Array:
        kept = ring[:-1][~(ring[:-1] == vertex).all(axis=1)]
        if len(kept) < 3:
            raise PlannerError("coverage.too_few_vertices")
        return np.concatenate([kept, kept[:1]])

    return _edited(mosaic, vertex, without)


def add_vertex(mosaic: Mosaic, edge: tuple[Point, Point], vertex: Point) -> Outcome:
    """Put a vertex into an edge in all zones and key areas that have the edge.

    Raises
    ------
    PlannerError
        As `move_vertex`.
    """
    ends = np.array(edge, float)

    def with_it(ring: Array) -> Array:
        start, end = ring[:-1], ring[1:]
        forward = (start == ends[0]).all(axis=1) & (end == ends[1]).all(axis=1)
        backward = (start == ends[1]).all(axis=1) & (end == ends[0]).all(axis=1)
        return np.insert(ring, np.flatnonzero(forward | backward) + 1, vertex, axis=0)

    return _edited(mosaic, edge[0], with_it)


def _edited(mosaic: Mosaic, vertex: Point, change: Callable[[Array], Array]) -> Outcome:
    zones, areas = (_changed(tiles, vertex, change) for tiles in (mosaic.zones, mosaic.areas))
    if not zones and not areas:
        raise PlannerError("coverage.no_such_vertex")
    made = Outcome(zones, areas)
    for tiles, changed in ((mosaic.zones, zones), (mosaic.areas, areas)):
        _refuse_crossing(tiles, changed)
    if zones:
        _refuse_new_outline(mosaic, zones)
    _refuse_leaving_zone(mosaic, made)
    return made


def _changed(tiles: Tiles, vertex: Point, change: Callable[[Array], Array]) -> dict[int, shapely.Geometry]:
    point = shapely.points(vertex)
    near = np.flatnonzero(~shapely.is_missing(tiles.geometry) & shapely.intersects(tiles.geometry, point))
    changed = {}
    for position in near.tolist():
        old = tiles.geometry[position]
        new = _with_rings(old, change)
        if not shapely.equals_exact(new, old, 0.0):
            changed[position] = new
    return changed


def _with_rings(geometry: shapely.Geometry, change: Callable[[Array], Array]) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(geometry):
        rings = [
            shapely.linearrings(_without_repeats(change(shapely.get_coordinates(ring))))
            for ring in shapely.get_rings(part)
        ]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.multipolygons(parts)


def _without_repeats(ring: Array) -> Array:
    """A ring without vertices that stand twice in a row, as where one was moved onto its neighbour."""
    kept = np.concatenate([[True], (ring[1:] != ring[:-1]).any(axis=1)])
    if kept.sum() < 4:
        raise PlannerError("coverage.too_few_vertices")
    result: Array = ring[kept]
    return result


def _refuse_crossing(tiles: Tiles, changed: dict[int, shapely.Geometry]) -> None:
    for position, geometry in changed.items():
        if not shapely.is_valid(geometry):
            raise PlannerError("coverage.border_crosses", name=tiles.names[position])
    now = tiles.geometry.copy()
    for position, geometry in changed.items():
        now[position] = geometry
    present = np.flatnonzero(~shapely.is_missing(now))
    tree = shapely.STRtree(now[present])
    for position, geometry in changed.items():
        others = present[tree.query(geometry, predicate="intersects")]
        others = others[others != position]
        if (shapely.relate_pattern(now[others], geometry, "T********")).any():
            raise PlannerError("coverage.border_crosses", name=tiles.names[position])


def _refuse_new_outline(mosaic: Mosaic, zones: dict[int, shapely.Geometry]) -> None:
    """The ground of the changed zones together must stay what it is: else the city's edge moved, or a gap opened."""
    positions = list(zones)
    before = shapely.union_all(mosaic.zones.geometry[positions])
    after = shapely.union_all(list(zones.values()))
    moved = shapely.area(shapely.symmetric_difference(before, after))
    if moved > _ROUNDING * shapely.area(before):
        raise PlannerError("coverage.edge_of_city")


def _refuse_leaving_zone(mosaic: Mosaic, made: Outcome) -> None:
    for position, geometry in made.areas.items():
        home = mosaic.zone_of_area[position]
        if home < 0 or geometry is None:
            continue
        zone = made.zones.get(home, mosaic.zones.geometry[home])
        outside = shapely.area(shapely.difference(geometry, zone))
        if outside > _ROUNDING * shapely.area(geometry):
            raise PlannerError("coverage.area_outside_zone", area=mosaic.areas.names[position])


def _borders_meeting(mosaic: Mosaic, vertex: Point) -> int:
    """Number of different edges that end at a vertex."""
    ends = set()
    for tiles in (mosaic.zones, mosaic.areas):
        near = ~shapely.is_missing(tiles.geometry) & shapely.intersects(tiles.geometry, shapely.points(vertex))
        for ring in shapely.get_rings(shapely.get_parts(tiles.geometry[near])):
            xy = shapely.get_coordinates(ring)[:-1]
            for at in np.flatnonzero((xy == vertex).all(axis=1)).tolist():
                ends |= {tuple(xy[at - 1].tolist()), tuple(xy[(at + 1) % len(xy)].tolist())}
    return len(ends)
