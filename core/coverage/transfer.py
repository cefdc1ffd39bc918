"""Ground given from one zone to another, zones split and merged: new owners for faces, borders shared as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.ops import split as cut_by

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from ..plan.tables import Array
from ..texts import Message
from .faces import Faces, faces_of, outcome_of, pieces
from .mosaic import Mosaic, Outcome

#: A cut goes so far beyond the border (degrees): its computed end need not lie on the border to the last digit.
_OVERSHOOT = 1e-8
#: Ground smaller than this (m²) is not worth a question.
_WORTH_ASKING_M2 = 1.0


def give_ground(mosaic: Mosaic, ground: Sequence[shapely.Geometry], to_zone: int) -> Outcome:
    """Towns, or any polygons, go to a zone: each of the others loses what of it lies there.

    Parameters
    ----------
    ground
        Polygons, EPSG:4490.
    to_zone
        Position of the zone that gets them.

    Raises
    ------
    PlannerError
        If the ground lies outside all zones, belongs to the zone already, or is all that another zone has.
    """
    polygons = np.array(list(ground), dtype=object)
    ground_together = shapely.union_all(polygons)
    held = np.flatnonzero(shapely.intersects(mosaic.zones.geometry, ground_together))
    faces = faces_of(mosaic, shapely.boundary(ground_together), [to_zone, *held.tolist()])
    shapely.prepare(ground_together)
    chosen = shapely.contains(ground_together, shapely.point_on_surface(faces.polygons))
    chosen &= ~faces.narrow
    if not (chosen & (faces.zone >= 0)).any():
        raise PlannerError("coverage.outside_zones")
    chosen &= (faces.zone >= 0) & (faces.zone != to_zone)
    if not chosen.any():
        raise PlannerError("coverage.has_it_already", zone=mosaic.zones.names[to_zone])
    return relabelled(mosaic, faces, np.where(chosen, to_zone, faces.zone))


def split_zone(mosaic: Mosaic, zone: int, line: shapely.LineString) -> Outcome:
    """A zone in two along a line: the larger side stays, the other becomes a new zone.

    Raises
    ------
    PlannerError
        If the line crosses itself or does not cut the zone through.
    """
    refuse_crossing(line)
    shape = mosaic.zones.geometry[zone]
    parts = [p for part in shapely.get_parts(shape) for p in cut_by(part, line).geoms]
    left = np.array([_lies_left(part, line) for part in parts])
    if not (left > 0).any() or not (left < 0).any():
        raise PlannerError("coverage.not_cut_through", zone=mosaic.zones.names[zone])
    sides = np.array(parts, dtype=object)
    areas = shapely.area(sides)
    off = left > 0 if areas[left > 0].sum() < areas[left <= 0].sum() else left < 0
    faces = faces_of(mosaic, shapely.intersection(line, shapely.buffer(shape, _OVERSHOOT)), [zone])
    tree = shapely.STRtree(shapely.point_on_surface(faces.polygons))
    _, inside = tree.query(sides[off], predicate="contains")
    new = len(mosaic.zones)
    owner = faces.zone.copy()
    owner[inside[owner[inside] == zone]] = new
    # a key area that lies in the new zone wholly goes with it
    stays = set(faces.area[owner != new].tolist())
    homes = [new if home == zone and a not in stays else home for a, home in enumerate(mosaic.zone_of_area)]
    made = relabelled(replace(mosaic, zone_of_area=homes), faces, owner)
    ground = faces.united(owner == new)
    assert ground is not None
    return replace(made, new_zones=[(zone, ground)])


def refuse_crossing(line: shapely.LineString) -> None:
    """A border that crosses itself, or has no place on the earth, can be nobody's wish."""
    if not np.isfinite(shapely.get_coordinates(line)).all() or not shapely.is_simple(line):
        raise PlannerError("coverage.crosses_itself")


def merge_zones(mosaic: Mosaic, into: int, other: int) -> Outcome:
    """Two zones that share a border become one.

    Raises
    ------
    PlannerError
        If they share no border.
    """
    if into == other:
        raise PlannerError("coverage.not_neighbours", one=mosaic.zones.names[into], other=mosaic.zones.names[other])
    faces = faces_of(mosaic, shapely.boundary(mosaic.zones.geometry[other]), [into, other])
    one, two, _ = faces.neighbours()
    owners = np.sort(np.column_stack([faces.zone[one], faces.zone[two]]), axis=1)
    if not (owners == sorted((into, other))).all(axis=1).any():
        names = mosaic.zones.names
        raise PlannerError("coverage.not_neighbours", one=names[into], other=names[other])
    merged = replace(mosaic, zone_of_area=[into if z == other else z for z in mosaic.zone_of_area])
    made = relabelled(merged, faces, np.where(faces.zone == other, into, faces.zone), may_go=other)
    return replace(made, removed_zones=[other])


def relabelled(
    mosaic: Mosaic, faces: Faces, zone: Array, area: Array | None = None, may_go: int | None = None
) -> Outcome:
    """What new owners of faces make of the mosaic, with what has to be asked before.

    Parameters
    ----------
    zone, area
        New owners of each face; where `area` is left out a face leaves its key area with its zone.
    may_go
        The zone of which nothing need be left.

    Raises
    ------
    PlannerError
        If a zone would be swallowed.
    """
    if area is None:
        area = np.where(zone != faces.zone, _area_in_zone(mosaic, faces.area, zone), faces.area)
    after = faces.owned(zone, area)
    made = outcome_of(mosaic, faces, after)
    gone = [z for z in faces.of_zones.tolist() if z != may_go and not (zone == z).any()]
    if gone:
        raise PlannerError("coverage.swallows", zone=mosaic.zones.names[gone[0]])
    questions = [
        *_in_pieces(mosaic, made),
        *_leaving(mosaic, faces, after),
    ]
    return replace(made, zones={k: g for k, g in made.zones.items() if k != may_go}, questions=questions)


def _area_in_zone(mosaic: Mosaic, area: Array, zone: Array) -> Array:
    """Key areas of faces, but for those whose zone is another one."""
    zone_of = np.array([*mosaic.zone_of_area, -1], dtype=np.int64)
    unbound = zone_of[area] < 0
    return np.where((area >= 0) & ((zone_of[area] == zone) | unbound), area, -1)


def _in_pieces(mosaic: Mosaic, made: Outcome) -> list[Message]:
    asked = []
    for position, geometry in made.zones.items():
        before, after = pieces(mosaic.zones.geometry[position]), pieces(geometry)
        if after > before:
            smallest = float(ellipsoidal_area(shapely.get_parts(geometry)).min()) / 1e6
            asked.append(
                Message.of("coverage.in_pieces", zone=mosaic.zones.names[position], count=after, smallest=smallest)
            )
    return asked


def _leaving(mosaic: Mosaic, before: Faces, after: Faces) -> list[Message]:
    """Key areas that lose ground to another zone, with how much."""
    lost = (before.area >= 0) & (after.area != before.area) & (after.zone != before.zone)
    asked = []
    for position in np.unique(before.area[lost]).tolist():
        metres = float(ellipsoidal_area(before.polygons[lost & (before.area == position)]).sum())
        if metres >= _WORTH_ASKING_M2:
            name = mosaic.areas.names[position]
            whole = not (after.area == position).any()
            asked.append(
                Message.of("coverage.area_gone" if whole else "coverage.area_leaves", area=name, km2=metres / 1e6)
            )
    return asked


def _lies_left(part: shapely.Polygon, line: shapely.LineString) -> float:
    """Length of the line that a piece has on its right (positive: the piece is left of the line), or 0."""
    shared = shapely.intersection(shapely.boundary(part), line)
    length = shapely.length(shared)
    if not length:
        return 0.0
    stretch = max(shapely.get_parts(shapely.line_merge(shared)), key=shapely.length)
    middle = shapely.line_interpolate_point(stretch, 0.5, normalized=True)
    along = shapely.line_locate_point(line, middle)
    reach = min(length, shapely.length(line)) * 1e-3
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, [max(along - reach, 0), along + reach]))
    direction = ahead[1] - ahead[0]
    normal = np.array([-direction[1], direction[0]]) / np.hypot(*direction)
    at = shapely.get_coordinates(middle)[0]
    step = reach * 1e-2
    for _ in range(20):
        on_left = shapely.contains_xy(part, *(at + normal * step))
        on_right = shapely.contains_xy(part, *(at - normal * step))
        if on_left != on_right:
            return float(length) if on_left else -float(length)
        step /= 4
    return 0.0
