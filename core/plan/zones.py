"""Restoration zones and key areas dissolved from the units that make them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..geometry.repair import repair
from ..texts import Message
from .belonging import Applied, Undecided, Unit, UnknownCode, Unlisted, Unmatched, decide_belonging
from .tables import Array, PlanTables, Rows

#: Levels of ``admin_unit`` that zones are made of; counties only serve for comparison.
UNIT_LEVELS = ("town", "part")

#: Units that overlap by less (m²) are said to touch.
SMALLEST_OVERLAP_M2 = 1.0


@dataclass(frozen=True)
class StatedMeasured:
    """The area that the plan states for a zone or key area, against the measured one.

    Attributes
    ----------
    measured_km2
        Ellipsoidal area; None where there is no geometry.
    difference_km2, difference_pct
        Measured minus stated, and its share of the stated area; None where one is missing.
    units
        Number of units it was made of; 0 where it keeps what it had.
    """

    table: str
    code: str
    name: str | None
    stated_km2: float | None
    measured_km2: float | None
    units: int

    @property
    def difference_km2(self) -> float | None:
        """Measured minus stated."""
        if self.stated_km2 is None or self.measured_km2 is None:
            return None
        return self.measured_km2 - self.stated_km2

    @property
    def difference_pct(self) -> float | None:
        """The difference in per cent of the stated area."""
        difference = self.difference_km2
        return 100 * difference / self.stated_km2 if difference is not None and self.stated_km2 else None


@dataclass(frozen=True)
class RepairedUnit:
    """A unit whose geometry was not valid and was put right for dissolving, not in the data."""

    unit: Unit
    reason: str

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of("plan.unit_repaired", unit=str(self.unit), reason=self.reason)


@dataclass(frozen=True)
class UnitWithoutGeometry:
    """A unit that has nothing to dissolve."""

    unit: Unit

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of("plan.unit_without_geometry", unit=str(self.unit))


@dataclass(frozen=True)
class UnitOverlap:
    """Two units that overlap, so that zones may."""

    first: Unit
    second: Unit
    area_m2: float

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of(
            "plan.unit_overlap", first=str(self.first), second=str(self.second), area=f"{self.area_m2:,.2f}"
        )


@dataclass(frozen=True)
class ZonesBuilt:
    """What was built, and what has to be said about it.

    Attributes
    ----------
    zones, key_areas
        All rows of ``restoration_zone`` and ``key_area``: attributes as they were, geometry and
        ``area_km2`` new where there are units.
    areas
        Stated against measured area of every zone and key area that has a code.
    units
        Number of units of level town or part.
    """

    zones: Rows
    key_areas: Rows
    areas: list[StatedMeasured]
    units: int
    unmatched: list[Unmatched]
    undecided: list[Undecided]
    unlisted: list[Unlisted]
    applied: list[Applied]
    unknown: list[UnknownCode]
    repaired: list[RepairedUnit]
    without_geometry: list[UnitWithoutGeometry]
    overlaps: list[UnitOverlap]

    def messages(self) -> list[Message]:
        """Everything that has to be said, what needs a decision first."""
        said = (
            self.unmatched,
            self.undecided,
            self.unlisted,
            self.unknown,
            self.without_geometry,
            self.overlaps,
            self.repaired,
            self.applied,
        )
        return [note.message() for notes in said for note in notes]  # type: ignore[attr-defined]


class UnitShapes:
    """Outlines of the units of level town and part, put right once, and the unions made of them so far.

    Parameters
    ----------
    units
        Rows of ``admin_unit``, as `units_of` gives them.
    """

    def __init__(self, units: Rows) -> None:
        stored = units.geometry if units.geometry is not None else np.full(len(units), None, dtype=object)
        self.geometry, reasons = repair(stored)
        people = people_of(units)
        self.repaired = [RepairedUnit(people[p], reason) for p, reason in sorted(reasons.items())]
        missing = np.flatnonzero(shapely.is_missing(self.geometry)).tolist()
        self.without_geometry = [UnitWithoutGeometry(people[p]) for p in missing]
        self.overlaps = _overlaps(people, self.geometry)
        self._unions: dict[bytes, Any] = {}

    def union(self, members: Array) -> Any:
        """The units at some positions as one multipolygon."""
        key = members.tobytes()
        if key not in self._unions:
            self._unions[key] = _multipolygon(shapely.union_all(self.geometry[members]))
        return self._unions[key]


def units_of(tables: PlanTables) -> Rows:
    """The units that zones are made of."""
    units = tables["admin_unit"]
    return units.take(np.isin(units["level"].astype(str), UNIT_LEVELS))


def people_of(units: Rows) -> list[Unit]:
    """Rows of ``admin_unit`` by what they are called."""
    return [Unit(int(f), c, n, k) for f, c, n, k in zip(units.fids, units["code"], units["name"], units["county"])]


def build_zones(tables: PlanTables, shapes: UnitShapes | None = None) -> ZonesBuilt:
    """Zones and key areas from the units of level town and part.

    Parameters
    ----------
    tables
        ``admin_unit``, ``unit_membership``, ``restoration_zone`` and ``key_area`` of a plan.
    shapes
        The units' outlines where they are known from before: only what changed is then joined anew.

    Notes
    -----
    Units are joined as they stand: edges that two units share vertex by vertex vanish, a sliver
    between them stays, and nothing is snapped.
    """
    units = units_of(tables)
    belonging = decide_belonging(units, tables["unit_membership"], tables["restoration_zone"], tables["key_area"])
    shapes = shapes or UnitShapes(units)
    zones, zone_areas = _dissolved(tables["restoration_zone"], belonging.zone, shapes)
    key_areas, key_area_areas = _dissolved(tables["key_area"], belonging.key_area, shapes)
    return ZonesBuilt(
        zones,
        key_areas,
        zone_areas + key_area_areas,
        len(units),
        belonging.unmatched,
        belonging.undecided,
        belonging.unlisted,
        belonging.applied,
        belonging.unknown,
        shapes.repaired,
        shapes.without_geometry,
        shapes.overlaps,
    )


def _dissolved(rows: Rows, code_of_unit: Array, units: UnitShapes) -> tuple[Rows, list[StatedMeasured]]:
    """Rows with the union of their units, and stated against measured areas."""
    present = ~shapely.is_missing(units.geometry)
    members: dict[str, Array] = {}
    for code in {c for c in code_of_unit[present] if c is not None}:
        members[code] = np.flatnonzero((code_of_unit == code) & present)
    shapes = np.full(len(rows), None, dtype=object) if rows.geometry is None else rows.geometry.copy()
    first: dict[str, int] = {}
    for position, code in enumerate(rows["code"]):
        if code is not None:
            first.setdefault(code, position)
    built = {code: position for code, position in first.items() if code in members}
    for code, position in built.items():
        shapes[position] = units.union(members[code])
    measured = ellipsoidal_area(shapes) / 1e6
    area_km2 = rows["area_km2"].copy()
    for position in built.values():
        area_km2[position] = float(measured[position])
    kept_damage = {p: d for p, d in rows.damage.items() if p not in built.values()}
    columns = {**rows.columns, "area_km2": area_km2}
    return Rows(rows.table, rows.fids, columns, shapes, kept_damage), [
        StatedMeasured(
            rows.table,
            code,
            rows["name"][position],
            rows["stated_area_km2"][position],
            None if np.isnan(measured[position]) else float(measured[position]),
            len(members.get(code, ())),
        )
        for code, position in first.items()
    ]


def _multipolygon(geometry: Any) -> Any:
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])


def _overlaps(people: list[Unit], geometry: Array) -> list[UnitOverlap]:
    """Pairs of units whose insides meet, the largest overlap first."""
    positions = np.flatnonzero(~shapely.is_missing(geometry))
    shapes = geometry[positions]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    shapely.prepare(shapes)
    # neighbours in a clean coverage only touch, which is cheaper to find out than an intersection
    meet = ~shapely.touches(shapes[one], shapes[other])
    one, other = one[meet], other[meet]
    areas = ellipsoidal_area(shapely.intersection(shapes[one], shapes[other]))
    found = np.flatnonzero(areas >= SMALLEST_OVERLAP_M2)
    return [
        UnitOverlap(people[positions[one[p]]], people[positions[other[p]]], float(areas[p]))
        for p in found[np.argsort(-areas[found], kind="stable")].tolist()
    ]
