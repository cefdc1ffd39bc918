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

from ..plan.lists import read_list, write_list
from ..plan.names import APPLICABLE, CountyNames, NameMatch, TownNames
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
    """

    field: str
    written: str
    candidates: tuple[str, ...]

    def message(self) -> Message:
        """The sentence for a planner."""
        kind = "near" if self.candidates else "none"
        return Message.of(f"intake.name_{kind}", name=self.written, candidates=list(self.candidates))


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
        known = _known_counties(tables) if field in settled else []
        if known:
            is_list = table.field(field).is_list
            settled[field] = _counties(settled[field], known, answers, field, is_list, said, doubts)
    if table.name in _TOWNS:
        field, other, other_field = _TOWNS[table.name]
        rows = tables[other]
        known_units = [(n, c) for n, c in zip(rows[other_field], rows["county"]) if n is not None]
        if field in settled and known_units:
            if table.name == "indicator_share":
                known_units += [(county, None) for county in _known_counties(tables)]
            county = settled.get("county")
            settled[field] = _towns(settled[field], county, known_units, answers, field, said, doubts)
    return settled, said, doubts


def _known_counties(tables: PlanTables) -> list[str]:
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
            doubts.append(NameDoubt(field, name, tuple(c.name for c in match.candidates)))
        if meant.get(name, name) != name:
            how = "asked" if name in answers else match.kind
            said.append(Message.of(f"intake.county_{how}", name=name, meant=meant[name], count=written[name]))
    if is_list:
        return object_array([write_list([meant.get(n, n) for n in read_list(v)]) if v else v for v in column])
    return object_array([meant.get(value, value) for value in column])


def _towns(
    column: Array,
    counties: Array | None,
    known: list[tuple[str, str | None]],
    answers: Mapping[str, str],
    field: str,
    said: list[Message],
    doubts: list[NameDoubt],
) -> Array:
    names = TownNames(known)
    pairs = dict.fromkeys(zip(column.tolist(), [None] * len(column) if counties is None else counties.tolist()))
    matches = {pair: names.match(*pair) for pair in pairs if pair[0]}
    kinds: Counter[str] = Counter()
    for (name, county), match in matches.items():
        if name in answers:
            kinds["asked"] += 1
        elif match.kind in APPLICABLE and match.indexes:
            kinds[match.kind] += 1
        else:
            kinds[match.kind] += 1
            candidates = tuple(c.name if c.county in (None, county) else f"{c.name}（{c.county}）" for c in match.candidates)
            doubts.append(NameDoubt(field, name, candidates))
    otherwise = [f"{name} = {known[m.indexes[0]][0]}" for (name, _), m in matches.items() if _differs(name, m, known)]
    said.append(
        Message.of(
            "intake.towns", count=len(matches), **{k: kinds[k] for k in ("exact", "normalised", "variant", "near", "none")}
        )
    )
    said += _listed("intake.towns_otherwise", otherwise)
    return object_array([answers.get(value, value) if value else value for value in column])


def _differs(name: str, match: NameMatch, known: list[tuple[str, str | None]]) -> bool:
    return match.kind in APPLICABLE and bool(match.indexes) and known[match.indexes[0]][0] != name


def _listed(message_id: str, names: Iterable[str]) -> list[Message]:
    shown = list(names)
    return [Message.of(message_id, count=len(shown), names=shown[:_MOST_NAMED])] if shown else []
