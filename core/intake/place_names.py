"""Names of counties and towns in a source, as the plan's one matcher reads them.

A county is written as the plan writes it, where the name is the same but for its form or a known variant: forms and
lists go by it.  A town keeps the name that the source gives it, because everything that looks for towns goes by
the same matcher; how the names were understood is said.  A name that is only near to a known one
stays as it is, and the planner is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Optional

from ..plan.lists import read_list, write_list
from ..plan.names import APPLICABLE, CountyNames, NameMatch, TownNames, same_county
from ..plan.schema import Table
from ..plan.tables import Array, PlanTables, object_array
from ..texts import Message

#: Fields that hold names of counties: one name, or a list.
_COUNTIES = ("county", "counties")
#: Table → field that holds names of towns and other units, and the table and field that knows them.
_TOWNS = {
    "admin_unit": ("name", "unit_membership", "unit_name"),
    "unit_membership": ("unit_name", "admin_unit", "name"),
    "indicator_share": ("unit_name", "admin_unit", "name"),
}
_MOST_NAMED = 12
#: How names were matched: always counted, and counted where there are any.
_KINDS = ("exact", "normalised", "variant", "near", "none")
_MORE_KINDS = ("county", "several", "asked")

#: Name of a unit, and its county or None.
_Place = tuple[str, Optional[str]]


@dataclass(frozen=True)
class NameDoubt:
    """A name that is near to known ones, or to several alike, or to none.

    Attributes
    ----------
    field
        Field of the plan that it stands in.
    written
        The name as the source has it.
    candidates
        Known names that may be meant, best first; none where nothing is near.
    shown
        The candidates as they are shown: with their county, where it is another one.
    ambiguous
        Whether several places bear the very name, and nothing tells which is meant.
    """

    field: str
    written: str
    candidates: tuple[str, ...]
    shown: tuple[str, ...] = ()
    ambiguous: bool = False

    def message(self) -> Message:
        """The sentence for a planner."""
        kind = "several" if self.ambiguous else "near" if self.candidates else "none"
        return Message.of(f"intake.name_{kind}", name=self.written, candidates=list(self.shown or self.candidates))


def settle_names(
    table: Table, columns: Mapping[str, Array], tables: PlanTables, answers: Mapping[str, str]
) -> tuple[dict[str, Array], list[Message], list[NameDoubt]]:
    """A source's columns with names of places as the plan has them, what has to be said, and what has to be asked.

    Parameters
    ----------
    columns
        Field of the plan → ``(n,)`` values.
    answers
        Name as written → name that the planner says is meant.
    """
    settled = dict(columns)
    said: list[Message] = []
    doubts: list[NameDoubt] = []
    for field in _COUNTIES:
        known = known_counties(tables) if field in settled else []
        if known:
            is_list = table.field(field).is_list
            settled[field] = _counties(settled[field], known, answers, field, is_list, said, doubts)
    if table.name in _TOWNS and _TOWNS[table.name][0] in settled:
        field = _TOWNS[table.name][0]
        known_units = _known_units(table, tables)
        if known_units:
            settled[field] = _towns(settled[field], settled.get("county"), known_units, answers, field, said, doubts)
    return settled, said, doubts


def _known_units(table: Table, tables: PlanTables) -> list[_Place]:
    """Names and counties that a table's units are compared with, each once; counties last, where rows may be counties."""
    _, other, other_field = _TOWNS[table.name]
    rows = tables[other]
    known = list(zip(rows[other_field], rows["county"]))
    if table.name == "unit_membership":
        # Lists say which units zones are made of; counties are none of them
        known = [unit for unit, level in zip(known, rows["level"]) if level != "county"]
    known = [unit for unit in known if unit[0] is not None]
    if known and table.name != "unit_membership":
        known += [(county, None) for county in known_counties(tables)]
    return list(dict.fromkeys(known))


def known_counties(tables: PlanTables) -> list[str]:
    """The counties that a plan's units and lists name, each once."""
    units = tables["admin_unit"]
    own = [n for n, level in zip(units["name"], units["level"]) if level == "county" and n]
    named = [c for name in ("admin_unit", "unit_membership") for c in tables[name]["county"] if c]
    found = list(dict.fromkeys(own))
    names = CountyNames(found) if found else None
    # What the lists call a county that is there already is no second county
    more = [c for c in dict.fromkeys(named) if names is None or names.match(c).kind not in APPLICABLE]
    return found + more


def _counties(
    column: Array,
    known: list[str],
    answers: Mapping[str, str],
    field: str,
    is_list: bool,
    said: list[Message],
    doubts: list[NameDoubt],
) -> Array:
    names = CountyNames(known)
    written = Counter(n for value in column for n in (read_list(value) if is_list else [value]) if n)
    meant: dict[str, str] = {}
    for name in written:
        match = names.match(name)
        if name in answers:
            meant[name] = answers[name]
        elif match.kind in APPLICABLE and match.index is not None:
            meant[name] = known[match.index]
        else:
            candidates = tuple(c.name for c in match.candidates)
            doubts.append(NameDoubt(field, name, candidates, ambiguous=match.ambiguous))
        if meant.get(name, name) != name:
            how = "asked" if name in answers else match.kind
            said.append(Message.of(f"intake.county_{how}", name=name, meant=meant[name], count=written[name]))
    if is_list:
        lists = [dict.fromkeys(meant.get(n, n) for n in read_list(value)) for value in column]
        return object_array([write_list(names) if value else value for names, value in zip(lists, column)])
    return object_array([meant.get(value, value) for value in column])


def _towns(
    column: Array,
    counties: Array | None,
    known: list[_Place],
    answers: Mapping[str, str],
    field: str,
    said: list[Message],
    doubts: list[NameDoubt],
) -> Array:
    names = TownNames(known)
    written = Counter(zip(column.tolist(), [None] * len(column) if counties is None else counties.tolist()))
    kinds: Counter[str] = Counter()
    otherwise: list[str] = []
    matches = {(name, county): names.match(name, county) for name, county in written if name}
    taken = {m.index for m in matches.values() if m.kind in APPLICABLE}  # no doubtful name is one that is there already
    for (name, county), match in matches.items():
        if name in answers:
            kinds["asked"] += 1
        elif match.kind in APPLICABLE and match.index is not None:
            kinds[match.kind] += 1
            if known[match.index][0] != name:
                otherwise.append(f"{name} = {known[match.index][0]}")
        elif _stands_for_county(name, county, known):
            kinds["county"] += 1
        else:
            doubts.append(_doubt(field, name, county, match, taken))
            kinds["several" if match.ambiguous else "near" if doubts[-1].candidates else "none"] += 1
    said.append(Message.of("intake.towns", count=sum(kinds.values()), **{kind: kinds[kind] for kind in _KINDS}))
    for kind in _MORE_KINDS:
        if kinds[kind]:
            said.append(Message.of(f"intake.towns_{kind}", count=kinds[kind]))
    said += _listed("intake.towns_otherwise", otherwise)
    for name in dict.fromkeys(n for n, _ in written if n in answers and answers[n] != n):
        count = sum(n for (other, _), n in written.items() if other == name)
        said.append(Message.of("intake.town_asked", name=name, meant=answers[name], count=count))
    return object_array([answers.get(value, value) if value else value for value in column])


def _doubt(field: str, name: str, county: str | None, match: NameMatch, taken: set[int | None]) -> NameDoubt:
    # 南芬街道 is not 南芬区, however alike they are
    near = [c for c in match.candidates if c.county is not None or _is_county(name) or not _is_county(c.name)]
    near = [c for c in near if match.ambiguous or c.index not in taken]
    shown = tuple(c.name if c.county in (None, county) else f"{c.name}（{c.county}）" for c in near)
    return NameDoubt(field, name, tuple(dict.fromkeys(c.name for c in near)), shown, match.ambiguous)


def _is_county(name: str) -> bool:
    return name.endswith(("县", "区", "市", "旗"))


def _stands_for_county(name: str, county: str | None, known: Iterable[_Place]) -> bool:
    """Whether a unit and a list know each other through the county alone, which the one names as a whole.

    城区 of Yangquan is listed so: zones are built of all its towns (see `plan.belonging`).
    """
    if county is None:
        return False
    whole = same_county(name, county)
    return any(
        same_county(its_county, county) and (whole or same_county(unit, its_county))
        for unit, its_county in known
        if its_county is not None
    )


def _listed(message_id: str, names: Iterable[str]) -> list[Message]:
    shown = list(dict.fromkeys(names))
    more = ["…"] if len(shown) > _MOST_NAMED else []
    return [Message.of(message_id, count=len(shown), names=[*shown[:_MOST_NAMED], *more])] if shown else []
