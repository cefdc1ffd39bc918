"""Which zone and which key area each unit belongs to, and what could not be decided.

What a unit itself says (``zone_code``, ``key_area_code``) counts first, then ``unit_membership`` by
name.  A unit that several zones claim and that says nothing itself stays undecided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..texts import Message
from .names import APPLICABLE, Candidate, NameMatch, TownNames, same_county
from .tables import Array, Rows, object_array

#: Zone and key area that one row of the lists gives a unit.
Claim = tuple["str | None", "str | None"]


@dataclass(frozen=True)
class Unit:
    """A row of ``admin_unit``."""

    fid: int
    code: str | None
    name: str | None
    county: str | None

    def __str__(self) -> str:
        return _label(self.name or self.code or f"fid {self.fid}", self.county)


@dataclass(frozen=True)
class Unmatched:
    """A name of the plan's lists that is no unit's, or that several units bear."""

    name: str
    county: str | None
    zone_codes: tuple[str, ...]
    match: NameMatch

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Units that may be meant, best first."""
        return self.match.candidates

    def message(self) -> Message:
        """The sentence for a planner."""
        kind = "ambiguous" if self.match.ambiguous else self.match.kind
        return Message.of(
            f"plan.unmatched_{kind}",
            name=_label(self.name, self.county),
            zones=list(self.zone_codes),
            candidates=[_label(c.name, c.county) for c in self.candidates],
        )


@dataclass(frozen=True)
class Undecided:
    """A unit that several zones (or key areas) claim."""

    table: str
    unit: Unit
    codes: tuple[str, ...]

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of(f"plan.undecided_{self.table}", unit=str(self.unit), codes=list(self.codes))


@dataclass(frozen=True)
class Unlisted:
    """A unit that stands in no list and says nothing itself."""

    unit: Unit

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of("plan.unlisted", unit=str(self.unit))


@dataclass(frozen=True)
class Applied:
    """A name of the lists that was taken for a unit written otherwise.

    Attributes
    ----------
    kind
        ``normalised``, ``variant``, or ``county`` where the list names a whole county, of which
        ``unit`` is one unit.
    """

    name: str
    county: str | None
    kind: str
    unit: Unit

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of(f"plan.applied_{self.kind}", name=_label(self.name, self.county), unit=str(self.unit))


@dataclass(frozen=True)
class UnknownCode:
    """A zone or key area that a unit or list names and that does not exist."""

    table: str
    code: str
    where: str

    def message(self) -> Message:
        """The sentence for a planner."""
        return Message.of(f"plan.unknown_{self.table}", code=self.code, where=self.where)


@dataclass(frozen=True)
class Listed:
    """A name of the lists that stands for a unit.

    Attributes
    ----------
    kind
        ``exact``, ``normalised``, ``variant``, or ``county`` where the list names a whole county.
    claims
        Zone and key area of each row that bears the name.
    """

    name: str
    county: str | None
    kind: str
    claims: tuple[Claim, ...]


@dataclass
class Belonging:
    """For every unit its zone and key area, and what has to be said.

    Attributes
    ----------
    zone, key_area
        ``(n,)`` object arrays of codes or None.
    listed
        For every unit the names under which the lists have it.
    """

    zone: Array
    key_area: Array
    unmatched: list[Unmatched] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    unlisted: list[Unlisted] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    unknown: list[UnknownCode] = field(default_factory=list)
    listed: list[list[Listed]] = field(default_factory=list)


def decide_belonging(units: Rows, memberships: Rows, zones: Rows, key_areas: Rows) -> Belonging:
    """The zone and key area of every unit.

    Parameters
    ----------
    units
        Rows of ``admin_unit`` to be decided.
    memberships, zones, key_areas
        The plan's ``unit_membership``, ``restoration_zone`` and ``key_area``.
    """
    result = Belonging(object_array([None] * len(units)), object_array([None] * len(units)))
    codes = _Codes(zones, key_areas, result.unknown)
    people = [Unit(int(f), c, n, k) for f, c, n, k in zip(units.fids, units["code"], units["name"], units["county"])]
    claims = _claims_by_name(people, _claims_of_lists(memberships, codes), result)
    own_zones, own_areas = units["zone_code"], units["key_area_code"]
    for position, unit in enumerate(people):
        own_zone = codes.zone(own_zones[position], str(unit))
        own_area = codes.key_area(own_areas[position], str(unit))
        says = own_zones[position] is not None or own_areas[position] is not None
        if not says and not claims[position]:
            result.unlisted.append(Unlisted(unit))
            continue
        zone_options = _distinct(z for z, _ in claims[position])
        if own_zones[position] is not None:
            zone_options = [own_zone] if own_zone else []
        elif own_area and (not zone_options or codes.zone_of[own_area] in zone_options):
            zone_options = _distinct([codes.zone_of[own_area]])
        zone = zone_options[0] if len(zone_options) == 1 else None
        if len(zone_options) > 1:
            result.undecided.append(Undecided("restoration_zone", unit, tuple(zone_options)))
        fitting = [a for z, a in claims[position] if zone is None or z is None or z == zone]
        area_options = _distinct(fitting if own_zones[position] is None or zone else [])
        if own_areas[position] is not None:
            area_options = [own_area] if own_area else []
        elif len(area_options) > 1 or (area_options and zone is None):
            result.undecided.append(Undecided("key_area", unit, tuple(area_options)))
            area_options = []
        result.zone[position] = zone
        result.key_area[position] = area_options[0] if area_options else None
    return result


class _Codes:
    """The codes that exist; others are noted and read as null."""

    def __init__(self, zones: Rows, key_areas: Rows, unknown: list[UnknownCode]) -> None:
        self._zones = {c for c in zones["code"] if c is not None}
        self.zone_of = {c: z for c, z in zip(key_areas["code"], key_areas["zone_code"]) if c is not None}
        self._unknown = unknown

    def zone(self, code: str | None, where: str) -> str | None:
        """A zone's code, if there is such a zone."""
        return self._known("restoration_zone", code, where, code in self._zones)

    def key_area(self, code: str | None, where: str) -> str | None:
        """A key area's code, if there is such a key area."""
        return self._known("key_area", code, where, code in self.zone_of)

    def _known(self, table: str, code: str | None, where: str, exists: bool) -> str | None:
        if code is not None and not exists:
            self._unknown.append(UnknownCode(table, code, where))
        return code if exists else None


def _claims_of_lists(memberships: Rows, codes: _Codes) -> dict[tuple[str, str | None], list[Claim]]:
    """Listed name and county → what the lists say of it."""
    claims: dict[tuple[str, str | None], list[Claim]] = defaultdict(list)
    columns = (memberships[n] for n in ("unit_name", "county", "zone_code", "key_area_code"))
    for name, county, zone_code, area_code in zip(*columns):
        if name is None:
            continue
        where = _label(name, county)
        area = codes.key_area(area_code, where)
        zone = codes.zone(zone_code, where) or (codes.zone_of.get(area) if area and zone_code is None else None)
        claims[name, county].append((zone, area))
    return claims


def _claims_by_name(
    people: list[Unit], listed: dict[tuple[str, str | None], list[Claim]], result: Belonging
) -> list[list[Claim]]:
    """What the lists say of every unit; names that fit none, or not exactly, are noted."""
    places: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for position, unit in enumerate(people):
        if unit.name is not None:
            places[unit.name, unit.county].append(position)
    known = list(places)
    towns = TownNames(known)
    claims: list[list[Claim]] = [[] for _ in people]
    result.listed = [[] for _ in people]
    left: list[tuple[str, str | None, NameMatch]] = []
    for (name, county), said in listed.items():
        match = towns.match(name, county)
        if match.kind not in APPLICABLE or match.index is None:
            left.append((name, county, match))
            continue
        for position in places[known[match.index]]:
            claims[position] += said
            result.listed[position].append(Listed(name, county, match.kind, tuple(said)))
        if match.kind != "exact":
            result.applied.append(Applied(name, county, match.kind, people[places[known[match.index]][0]]))
    for name, county, match in left:
        said = listed[name, county]
        # 城区 of Yangquan is listed as a whole: it stands for its units that no list names
        rest = [p for p, u in enumerate(people) if same_county(name, county) and same_county(u.county, county)]
        rest = [p for p in rest if not claims[p]]
        for position in rest:
            claims[position] = list(said)
            result.listed[position].append(Listed(name, county, "county", tuple(said)))
            result.applied.append(Applied(name, county, "county", people[position]))
        if not rest:
            zones = tuple(_distinct(z for z, _ in said))
            result.unmatched.append(Unmatched(name, county, zones, match))
    return claims


def _distinct(codes: object) -> list[str]:
    """Codes in their order, once each, without null."""
    return list(dict.fromkeys(c for c in codes if c is not None))  # type: ignore[attr-defined]


def _label(name: str, county: str | None) -> str:
    return name if county is None else f"{name}（{county}）"
