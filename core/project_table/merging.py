"""The rows that name one project put together, and what of it differs from the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..plan.lists import read_list
from ..plan.schema import TABLES
from .known import Record
from .tidy import name_key, same_text
from .understanding import Understood

_LISTS = tuple(f.name for f in TABLES["project"].fields if f.is_list)
_BETWEEN_REMARKS = "；"


@dataclass(frozen=True)
class FieldChange:
    """One field of a project: what the plan has, and what it would have (lists as tuples)."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class Conflict:
    """Rows of one project that say different things in a field: row number → value."""

    field: str
    values: Mapping[int, object]


def combined(rows: Sequence[tuple[int, Understood]]) -> tuple[Record, list[Conflict]]:
    """What the rows of one project say together: lists joined, remarks one after another.

    Parameters
    ----------
    rows
        Number of each row, and what it says.
    """
    values: Record = {}
    conflicts = []
    for name in dict.fromkeys(n for _, found in rows for n in found.values):
        given = {number: found.values[name] for number, found in rows if name in found.values}
        if name in _LISTS:
            values[name] = tuple(dict.fromkeys(v for entries in given.values() for v in _entries(entries)))
            continue
        kinds = {same_text(v) if isinstance(v, str) else repr(v) for v in given.values()}
        values[name] = next(iter(given.values()))
        if len(kinds) > 1:
            conflicts.append(Conflict(name, given))
    remark = joined_remark(None, [piece for _, found in rows for piece in found.remarks])
    if remark:
        values["remark"] = remark
    return values, conflicts


def joined_remark(there: object, pieces: Iterable[str]) -> str | None:
    """A remark with the pieces behind it that do not stand in it yet."""
    remark = str(there or "")
    for piece in pieces:
        if same_text(piece) and same_text(piece) not in same_text(remark):
            remark = f"{remark}{_BETWEEN_REMARKS if remark else ''}{piece}"
    return remark or None


def changes_of(project: Record, values: Mapping[str, object], open_region: bool) -> Record:
    """The fields of a project of the plan that a table says otherwise, with their new values.

    Names in another order, spaces and punctuation are no change; what the table leaves open stays.
    """
    changes: Record = {}
    for name, value in values.items():
        before = project.get(name)
        if name == "remark":
            after: object = joined_remark(before, [str(value)])
            if after != (before or None):
                changes[name] = after
        elif name in _LISTS:
            own, theirs = set(map(name_key, read_list(before))), set(map(name_key, _entries(value)))
            if name == "departments":
                own |= {name_key(project["lead_department"])} if project.get("lead_department") else set()
            # what a region ends with "and others" does not take the others away
            same = (
                theirs <= own if open_region and name in ("counties", "zone_codes", "key_area_codes") else own == theirs
            )
            if not same:
                changes[name] = tuple(_entries(value))
        elif isinstance(value, str) and isinstance(before, str):
            if same_text(value) != same_text(before):
                changes[name] = value
        elif value != before:
            changes[name] = value
    return changes


def _entries(value: object) -> Sequence[str]:
    return value if isinstance(value, tuple) else read_list(value)
