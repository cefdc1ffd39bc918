"""Zones and key areas before they are built: how every unit came to its zone, and what the planner settles.

Nothing is written.  `Choices` say what was settled; `ZoneDraft` shows what the plan would be with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..geometry.area import ellipsoidal_area
from .belonging import Belonging, Claim, Listed, Unmatched, decide_belonging
from .names import MOST_CANDIDATES, same_county
from .schema import TABLES
from .tables import Array, PlanTables, Rows
from .zones import UnitShapes, ZonesBuilt, build_zones, people_of, units_of

#: The tables that zones are built from.
DRAFT_TABLES = ("admin_unit", "unit_membership", "restoration_zone", "key_area", "plan")
#: 城区 after a district's name: the part of it that no list names.
REST = "城区"

Name = tuple[str, "str | None"]


@dataclass(frozen=True)
class Choices:
    """What the planner settled.

    Attributes
    ----------
    units
        Key of a unit → its zone and key area; None for what the lists are to say.
    names
        Name and county as listed → keys of the units that are meant.
    """

    units: Mapping[int, Claim] = field(default_factory=dict)
    names: Mapping[Name, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitState:
    """A unit and what would become of it.

    Attributes
    ----------
    how
        How it came to its zone: ``chosen``; ``own`` (it says itself); ``exact``, ``normalised``,
        ``variant`` (its name in the lists), ``county`` (its county stands in the lists); ``near`` where
        a name of the lists is only like it, ``rest`` where it may be what is left of its district, ``none``.
    listed
        Names under which the lists have it, or that are like it.
    zone_options, area_options
        Codes among which nothing decides.
    """

    fid: int
    name: str
    county: str | None
    level: str | None
    area_km2: float | None
    zone: str | None
    key_area: str | None
    how: str
    listed: tuple[str, ...] = ()
    zone_options: tuple[str, ...] = ()
    area_options: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it needs a decision."""
        return self.zone is None or bool(self.area_options)


@dataclass(frozen=True)
class NameState:
    """A name of the lists that is no unit's, or not any more.

    Attributes
    ----------
    kind
        ``rest`` (the rest of a district), ``near``, ``none`` or ``ambiguous``.
    likely
        Keys of the units whose names are like it, best first, or that are left of the district.
    others
        Keys of units of its county that stand in no list.
    units
        Keys of the units that the planner takes it for.
    """

    name: str
    county: str | None
    zones: tuple[str, ...]
    kind: str
    likely: tuple[int, ...]
    others: tuple[int, ...] = ()
    units: tuple[int, ...] = ()

    @property
    def candidates(self) -> tuple[int, ...]:
        """Keys of all units that may be meant, best first."""
        return (*self.likely, *self.others)


class ZoneDraft:
    """A plan's zones as they would be built, choice by choice.

    Parameters
    ----------
    tables
        `DRAFT_TABLES` of a plan as they stand in its file.
    """

    def __init__(self, tables: PlanTables) -> None:
        self.tables = tables
        self._units = units_of(tables)
        self._people = people_of(self._units)
        self._place = {unit.fid: position for position, unit in enumerate(self._people)}
        self._shapes = UnitShapes(self._units)
        self._areas = ellipsoidal_area(self._shapes.geometry) / 1e6
        self._past: list[Choices] = []
        self.choices = Choices()
        first = self._decide()
        self._unlisted = {u.unit.fid for u in first.unlisted}
        self._asked = [(u, *self._kind_and_candidates(u)) for u in first.unmatched]
        self._refresh()

    # --- settling ------------------------------------------------------------------------------

    def assign(self, fids: Iterable[int], zone: str | None, key_area: str | None = None) -> None:
        """Put units into a zone and perhaps a key area; with None the lists decide."""
        self.settle(dict.fromkeys(fids, (zone, key_area)))

    def settle(self, units: Mapping[int, Claim]) -> None:
        """Put each unit where it belongs, as one choice."""
        self._choose(replace(self.choices, units={**self.choices.units, **units}))

    def take_name_for(self, name: Name, fids: Iterable[int]) -> None:
        """Say which units a name of the lists means; none to leave it open."""
        meant = {n: f for n, f in self.choices.names.items() if n != name}
        wanted = tuple(fids)
        self._choose(replace(self.choices, names={**meant, name: wanted} if wanted else meant))

    def forget(self, fids: Iterable[int]) -> None:
        """Leave units again as the plan has them."""
        gone = set(fids)
        self._choose(replace(self.choices, units={f: c for f, c in self.choices.units.items() if f not in gone}))

    def undo(self) -> None:
        """Take the last choice back."""
        if self._past:
            self.choices = self._past.pop()
            self._refresh()

    @property
    def can_undo(self) -> bool:
        """Whether a choice was made."""
        return bool(self._past)

    def _choose(self, choices: Choices) -> None:
        self._past.append(self.choices)
        self.choices = choices
        self._refresh()

    # --- what would be -------------------------------------------------------------------------

    def settled(self) -> PlanTables:
        """The tables with the choices in them: units' own codes, and names of the lists as the units are called."""
        names, memberships = self.choices.names, self.tables["unit_membership"]
        codes = {name: self.tables["admin_unit"][name].copy() for name in ("zone_code", "key_area_code")}
        listed = {name: memberships[name].copy() for name in ("unit_name", "county")}
        at = {int(fid): position for position, fid in enumerate(self.tables["admin_unit"].fids)}
        for row, name in enumerate(zip(memberships["unit_name"], memberships["county"])):
            meant = names.get(name, ())
            if len(meant) == 1:
                unit = self._people[self._place[meant[0]]]
                listed["unit_name"][row], listed["county"][row] = unit.name, unit.county
            for fid in meant if len(meant) > 1 else ():
                zone, area = self._only_claim(name)
                codes["zone_code"][at[fid]], codes["key_area_code"][at[fid]] = zone, area
        for fid, (zone, area) in self.choices.units.items():
            codes["zone_code"][at[fid]], codes["key_area_code"][at[fid]] = zone, area
        return PlanTables(
            {
                **self.tables.rows,
                "admin_unit": _with(self.tables["admin_unit"], codes),
                "unit_membership": _with(memberships, listed),
            }
        )

    def built(self) -> ZonesBuilt:
        """What would be built."""
        return self._built

    def units(self) -> list[UnitState]:
        """Every unit of level town or part, in the order of the table."""
        return self._states

    def names(self) -> list[NameState]:
        """The names of the lists that are no unit's, with what they were taken for."""
        meant = self.choices.names
        states = []
        for unmatched, kind, likely, others in self._asked:
            name = (unmatched.name, unmatched.county)
            taken = {fid for other, fids in meant.items() if other != name for fid in fids}
            left = tuple(fid for fid in likely if fid not in taken)
            states.append(NameState(*name, unmatched.zone_codes, kind, left, others, meant.get(name, ())))
        return states

    def geometry_of(self, fid: int) -> object:
        """A unit's outline, or None."""
        return self._shapes.geometry[self._place[fid]]

    def count_open(self) -> int:
        """How many units and names need a decision."""
        named = sum(not n.units for n in self.names())
        return named + sum(unit.is_open for unit in self._states)

    def total_stated_km2(self) -> float | None:
        """The whole area that the plan states."""
        stated = self.tables["plan"]["total_area_km2"].tolist()
        return stated[0] if stated else None

    def _refresh(self) -> None:
        tables = self.settled()
        self._built = build_zones(tables, self._shapes)
        self._states = self._unit_states(self._decide(tables))

    def _decide(self, tables: PlanTables | None = None) -> Belonging:
        known = tables or self.tables
        lists = (known["unit_membership"], known["restoration_zone"], known["key_area"])
        return decide_belonging(units_of(known), *lists)

    def _unit_states(self, found: Belonging) -> list[UnitState]:
        undecided = {(u.unit.fid, u.table): u.codes for u in found.undecided}
        likely: dict[int, list[NameState]] = {}
        for name in self.names():
            for fid in () if name.units else name.likely:
                likely.setdefault(fid, []).append(name)
        meant = {fid for fids in self.choices.names.values() for fid in fids}
        columns = (self._units["level"], self._units["zone_code"], self._units["key_area_code"])
        states = []
        for position, (unit, level, zone, area) in enumerate(zip(self._people, *columns)):
            listed = found.listed[position]
            how = _how(listed, zone is not None or area is not None, likely.get(unit.fid, []))
            if unit.fid in meant or self.choices.units.get(unit.fid, (None, None)) != (None, None):
                how = "chosen"
            km2 = float(self._areas[position])
            states.append(
                UnitState(
                    unit.fid,
                    unit.name or unit.code or f"fid {unit.fid}",
                    unit.county,
                    level,
                    None if np.isnan(km2) else km2,
                    found.zone[position],
                    found.key_area[position],
                    how,
                    tuple(item.name for item in listed) or tuple(n.name for n in likely.get(unit.fid, [])),
                    undecided.get((unit.fid, "restoration_zone"), ()),
                    undecided.get((unit.fid, "key_area"), ()),
                )
            )
        return states

    def _kind_and_candidates(self, unmatched: Unmatched) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
        """What a name without a unit is, and which units it may mean."""
        unlisted = self._unlisted
        if is_rest_of_district(unmatched.name, unmatched.county):
            district = unmatched.name[: -len(REST)]
            rest = [u.fid for u in self._people if same_county(u.county, district) and u.fid in unlisted]
            return "rest", tuple(rest), ()
        known = {(u.name, u.county): u.fid for u in reversed(self._people)}
        likely = [known[c.name, c.county] for c in unmatched.candidates if (c.name, c.county) in known]
        # What is not like it but lies in its county and stands in no list may be meant all the same
        others = [u.fid for u in self._people if u.fid in unlisted and same_county(u.county, unmatched.county)]
        others = [fid for fid in others if fid not in likely][:MOST_CANDIDATES]
        kind = "ambiguous" if unmatched.match.ambiguous else unmatched.match.kind
        return kind, tuple(dict.fromkeys(likely)), tuple(others)

    def _only_claim(self, name: Name) -> Claim:
        """What the lists say of a name, as far as they say one thing."""
        rows = self.tables["unit_membership"]
        columns = (rows[n] for n in ("unit_name", "county", "zone_code", "key_area_code"))
        said = [(z, a) for n, c, z, a in zip(*columns) if (n, c) == name]
        zones, areas = {z for z, _ in said}, {a for _, a in said}
        return (zones.pop() if len(zones) == 1 else None, areas.pop() if len(areas) == 1 else None)


def is_rest_of_district(name: str, county: str | None) -> bool:
    """Whether a listed name, such as 平山区城区, is no unit but what is left of its district."""
    district = name[: -len(REST)] if name.endswith(REST) else ""
    return bool(district) and (county is None or same_county(district, county))


def _how(listed: list[Listed], says_itself: bool, likely: list[NameState]) -> str:
    if says_itself:
        return "own"
    if listed:
        worst = ("exact", "normalised", "variant", "county")
        return max((item.kind for item in listed), key=worst.index)
    if not likely:
        return "none"
    return "rest" if all(name.kind == "rest" for name in likely) else "near"


def _with(rows: Rows, columns: Mapping[str, Array]) -> Rows:
    assert set(columns) <= set(TABLES[rows.table].field_names)
    return replace(rows, columns={**rows.columns, **columns})
