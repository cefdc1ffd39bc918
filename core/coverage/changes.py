"""What changed between two states of a plan's zones: ground gained and lost, and the towns that changed zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area, measure
from ..geometry.repair import repair
from ..plan.belonging import decide_belonging
from ..plan.tables import Array, PlanTables, Rows, object_array
from ..plan.zones import UNIT_LEVELS

#: Pieces of change below this are rounding, not ground that somebody moved (m², and metres of mean width).
SMALLEST_M2, NARROWEST_M = 1.0, 0.05

#: A zone's code; None is ground of no zone.
Code = Optional[str]


@dataclass(frozen=True)
class ZoneChange:
    """One zone or key area before and after.

    Attributes
    ----------
    code
        What the two states know it by; its name where it has no code.
    before_name, after_name
        None also where it did not exist.
    before_km2, after_km2
        None where it did not exist or had no geometry.
    gained_km2, lost_km2
        Ground that it has only after, and only before.
    changed
        Whether any of that is more than rounding.
    """

    code: str
    before_name: str | None
    after_name: str | None
    before_km2: float | None
    after_km2: float | None
    gained_km2: float
    lost_km2: float
    changed: bool

    @property
    def name(self) -> str | None:
        """The name it has, or had."""
        return self.after_name or self.before_name

    @property
    def net_km2(self) -> float:
        """Gained less lost."""
        return self.gained_km2 - self.lost_km2


@dataclass(frozen=True)
class GroundMoved:
    """Ground that belonged to one zone before and to another after; None where it was in no zone."""

    before: Code
    after: Code
    geometry: shapely.Geometry
    area_km2: float


@dataclass(frozen=True)
class TownMoved:
    """A town with ground that changed zone.

    Attributes
    ----------
    before, after
        The zone that most of its ground lies in; None where it lies in none.
    moved_km2, moved_pct
        Its ground that changed zone, and the share of its area; None for a town without geometry, whose zone is that
        of the plan's lists.
    parts
        Its ground that changed zone by zone before and after, with km², the largest first.
    """

    name: str
    county: str | None
    before: Code
    after: Code
    moved_km2: float | None
    moved_pct: float | None
    parts: Sequence[tuple[Code, Code, float]] = ()

    @property
    def changed_zone(self) -> bool:
        """Whether the town as a whole lies in another zone now."""
        return self.before != self.after


@dataclass(frozen=True)
class ZoneChanges:
    """Everything that differs between two states.

    Attributes
    ----------
    zones, key_areas
        All of either state, in the order of the later one, those that are gone behind.
    moves
        Between each two zones, the largest first.
    towns
        First those that changed zone, then those of which a part did; by area moved.
    before, after
        The states that were compared.
    """

    zones: Sequence[ZoneChange]
    key_areas: Sequence[ZoneChange]
    moves: Sequence[GroundMoved]
    towns: Sequence[TownMoved]
    before: PlanTables
    after: PlanTables

    @property
    def nothing_changed(self) -> bool:
        """Whether no ground changed zone or key area, and no town its zone."""
        return not (self.moves or self.towns or any(c.changed for c in (*self.zones, *self.key_areas)))

    @property
    def moved_km2(self) -> float:
        """All ground that changed zone."""
        return sum(move.area_km2 for move in self.moves)


def compare(before: PlanTables, after: PlanTables) -> ZoneChanges:
    """What changed from one state of the zones to another.

    Parameters
    ----------
    before, after
        Tables ``restoration_zone``, ``key_area``, ``admin_unit`` and ``unit_membership`` of the two states, as
        `versions.read_version` or `read_plan` give them; EPSG:4490.

    Notes
    -----
    Zones are the same if their codes are.  Gained is the later shape without the earlier one, lost the other way
    round; areas are ellipsoidal.  Towns are the later state's, or the earlier one's where that has none.
    """
    with np.errstate(invalid="ignore"):  # GEOS sets the flag while it looks at boxes of empty shapes
        early, late = _by_code(before["restoration_zone"]), _by_code(after["restoration_zone"])
        zones, gains, losses = _changes(before["restoration_zone"], after["restoration_zone"], early, late)
        key_areas, _, _ = _changes(
            before["key_area"], after["key_area"], _by_code(before["key_area"]), _by_code(after["key_area"])
        )
        moves = _moves(early, late, gains, losses)
        return ZoneChanges(zones, key_areas, moves, _towns(before, after, early, late, moves), before, after)


def key_of(code: object, name: object, fid: int) -> str:
    """What a zone is known by: its code, else its name, else its number in the table."""
    return str(code if code is not None else name if name is not None else fid)


def keys_of(rows: Rows) -> list[str]:
    """`key_of` every row of a table."""
    return [key_of(*row) for row in zip(rows["code"], rows["name"], rows.fids.tolist())]


def _by_code(rows: Rows) -> dict[str, Any]:
    """Key → valid geometry or None; rows of one key together."""
    shapes, _ = repair(np.full(len(rows), None, object) if rows.geometry is None else rows.geometry)
    found: dict[str, list[Any]] = {}
    for key, shape in zip(keys_of(rows), shapes):
        found.setdefault(key, []).append(shape)
    return {key: s[0] if len(s) == 1 else _union([g for g in s if g is not None]) for key, s in found.items()}


def _union(shapes: Sequence[Any]) -> Any:
    return shapely.union_all(list(shapes)) if len(shapes) else None


def _names(rows: Rows) -> dict[str, str | None]:
    return dict(reversed(list(zip(keys_of(rows), rows["name"].tolist()))))


def _changes(
    before: Rows, after: Rows, early: Mapping[str, Any], late: Mapping[str, Any]
) -> tuple[list[ZoneChange], dict[str, Any], dict[str, Any]]:
    """Every zone's change, and of those whose shape changed the ground gained and lost."""
    keys = list(dict.fromkeys([*late, *early]))
    old, new = (object_array([state.get(key) for key in keys]) for state in (early, late))
    gained, lost = _without(new, old), _without(old, new)
    old_m2, new_m2, gained_m2, lost_m2 = (ellipsoidal_area(s) for s in (old, new, gained, lost))
    old_names, new_names = _names(before), _names(after)
    pieces = [{key: _pieces(shape) for key, shape in zip(keys, shapes)} for shapes in (gained, lost)]
    gains, losses = ({key: shape for key, shape in of.items() if shape is not None} for of in pieces)
    changes = [
        ZoneChange(
            key,
            old_names.get(key),
            new_names.get(key),
            _km2(old_m2[row]),
            _km2(new_m2[row]),
            _km2(gained_m2[row]) or 0.0,
            _km2(lost_m2[row]) or 0.0,
            key in gains or key in losses,
        )
        for row, key in enumerate(keys)
    ]
    return changes, gains, losses


def _without(shapes: Array, taken: Array) -> Array:
    """Each shape without the other; None where nothing is left, quickly where the two are the same."""
    rest = shapes.copy()
    both = ~(shapely.is_missing(shapes) | shapely.is_missing(taken))
    same = np.zeros(len(shapes), bool)
    same[both] = shapely.equals_exact(shapes[both], taken[both], tolerance=0.0)
    rest[same] = None
    differing = both & ~same
    rest[differing] = shapely.difference(shapes[differing], taken[differing])
    return _valid(rest)


def _valid(made: Array) -> Array:
    """Overlaid shapes as the next overlay needs them; None where nothing is left.

    Where borders all but coincide GEOS sometimes makes a hair of a shape that is not valid.
    """
    made[shapely.is_empty(made)] = None
    return repair(made)[0]


def _km2(square_metres: float) -> float | None:
    return None if np.isnan(square_metres) else float(square_metres) / 1e6


def _moves(
    early: Mapping[str, Any], late: Mapping[str, Any], gains: Mapping[str, Any], losses: Mapping[str, Any]
) -> list[GroundMoved]:
    """Ground gained by where it comes from, and ground lost that went to no zone."""
    found: list[tuple[Code, Code, Any]] = []
    for to, gain in gains.items():
        givers = [(key, losses[key]) for key in losses if key != to and _near(gain, losses[key])]
        found += [(key, to, shapely.intersection(gain, loss)) for key, loss in givers]
        found.append((None, to, _outside(gain, early)))
    found += [(key, None, _outside(loss, late)) for key, loss in losses.items()]
    shapes = _valid(object_array([shape for _, _, shape in found]))
    kept = [(before, after, _pieces(shape)) for (before, after, _), shape in zip(found, shapes)]
    moves = [
        GroundMoved(before, after, shape, float(ellipsoidal_area(shape)) / 1e6)
        for before, after, shape in kept
        if shape is not None
    ]
    return sorted(moves, key=lambda move: -move.area_km2)


def _outside(ground: Any, zones: Mapping[str, Any]) -> Any:
    """Ground that lies in none of the zones."""
    near = [shape for shape in zones.values() if shape is not None and _near(shape, ground)]
    return shapely.difference(ground, _union(near)) if near else ground


def _near(one: Any, other: Any) -> bool:
    """Whether the boxes meet; GEOS's own predicates give up where borders all but coincide, its overlay does not."""
    west, south, east, north = shapely.bounds(one)
    left, low, right, high = shapely.bounds(other)
    return bool(west <= right and left <= east and south <= high and low <= north)


def _pieces(shape: Any) -> Any:
    """A shape's polygons that are more than rounding, together; None where there are none."""
    if shape is None:
        return None
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    area, perimeter = measure(parts)
    parts = parts[(area >= SMALLEST_M2) & (2 * area >= NARROWEST_M * perimeter)]
    return shapely.multipolygons(parts) if len(parts) else None


def _towns(
    before: PlanTables,
    after: PlanTables,
    early: Mapping[str, Any],
    late: Mapping[str, Any],
    moves: Sequence[GroundMoved],
) -> list[TownMoved]:
    units = _units(after)
    if not len(units):
        units = _units(before)
    shapes, _ = repair(np.full(len(units), None, object) if units.geometry is None else units.geometry)
    placed = _by_ground(units, shapes, early, late, moves)
    drawn = any(s is not None for s in early.values()) and any(s is not None for s in late.values())
    listed = _by_lists(before, after) if not drawn or shapely.is_missing(shapes).any() else []
    names = {(t.name, t.county) for t in placed}
    without_ground = [
        town
        for town in listed
        if (town.name, town.county) not in names and (not drawn or _has_no_ground(units, shapes, town))
    ]
    return sorted([*placed, *without_ground], key=lambda t: (not t.changed_zone, -(t.moved_km2 or 0.0), t.name))


def _units(tables: PlanTables) -> Rows:
    rows = tables["admin_unit"]
    return rows.take(np.isin(rows["level"].astype(str), UNIT_LEVELS))


def _by_ground(
    units: Rows, shapes: Array, early: Mapping[str, Any], late: Mapping[str, Any], moves: Sequence[GroundMoved]
) -> list[TownMoved]:
    """Towns that the moved ground reaches into, with the zone that most of each lies in."""
    if not moves or not len(units):
        return []
    moved = object_array([move.geometry for move in moves])
    row, move = shapely.STRtree(shapes).query(moved)[::-1]  # by their boxes: see `_near`
    area, perimeter = measure(shapely.intersection(shapes[row], moved[move]))
    kept = (area >= SMALLEST_M2) & (2 * area >= NARROWEST_M * perimeter)
    parts: dict[int, list[tuple[Code, Code, float]]] = {}
    for p, m, size in sorted(zip(row[kept].tolist(), move[kept].tolist(), area[kept].tolist()), key=lambda t: -t[2]):
        parts.setdefault(p, []).append((moves[m].before, moves[m].after, size / 1e6))
    found = list(parts)
    whole = ellipsoidal_area(shapes[found]) / 1e6
    towns = zip(found, whole.tolist(), _lies_in(shapes[found], early), _lies_in(shapes[found], late))
    return [
        TownMoved(
            str(units["name"][p] or units["code"][p] or units.fids[p]),
            units["county"][p],
            zone_before,
            zone_after,
            sum(size for _, _, size in parts[p]),
            min(100 * sum(size for _, _, size in parts[p]) / whole_km2, 100.0),
            tuple(parts[p]),
        )
        for p, whole_km2, zone_before, zone_after in towns
    ]


def _lies_in(shapes: Array, zones: Mapping[str, Any]) -> list[Code]:
    """The zone that has the largest part of each shape; None where the largest part is in no zone."""
    keys = [key for key, shape in zones.items() if shape is not None]
    if not keys:
        return [None] * len(shapes)
    areas = np.zeros((len(shapes), len(keys)))
    for column, key in enumerate(keys):
        areas[:, column] = ellipsoidal_area(shapely.intersection(shapes, zones[key]))
    outside = ellipsoidal_area(shapes) - areas.sum(axis=1)
    best = areas.argmax(axis=1)
    return [keys[b] if areas[row, b] > outside[row] else None for row, b in enumerate(best.tolist())]


def _by_lists(before: PlanTables, after: PlanTables) -> list[TownMoved]:
    """Towns that the lists, or the units themselves, put into another zone."""
    old, new = _listed(before), _listed(after)
    return [
        TownMoved(name, county, old[name, county], zone, None, None)
        for (name, county), zone in new.items()
        if (name, county) in old and old[name, county] != zone
    ]


def _listed(tables: PlanTables) -> dict[tuple[str, str | None], Code]:
    units = _units(tables)
    zone = decide_belonging(units, tables["unit_membership"], tables["restoration_zone"], tables["key_area"]).zone
    return {(str(n), c): z for n, c, z in zip(units["name"], units["county"], zone) if n is not None}


def _has_no_ground(units: Rows, shapes: Array, town: TownMoved) -> bool:
    rows = np.flatnonzero((units["name"] == town.name) & (units["county"] == town.county))
    return bool(len(rows)) and bool(shapely.is_missing(shapes[rows]).all())
