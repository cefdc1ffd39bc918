"""One or several fields of many projects changed together: what would become of each, and what does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..geometry.repair import repair
from ..plan.lists import read_list, write_list
from ..plan.project_entry import CODES, ONE_LINE, Misfit, Surroundings, code_shape, misfits, tidy_code, tidy_text
from ..plan.schema import TABLES
from ..plan.tables import PlanTables, Rows

#: What can be changed for many projects at once, in the order of the form.  A code or a name is one project's own.
FIELDS = (
    "programme_codes",
    "project_type",
    "measure",
    "zone_codes",
    "key_area_codes",
    "counties",
    "start_year",
    "end_year",
    "period_note",
    "lead_department",
    "departments",
    "new_construction_land",
    "temporary_land",
    "listed_in_plan",
    "status",
    "opinion_ref",
    "tasks",
    "remark",
)
#: What can be done with a list, and with any other field.
LIST_WAYS = ("add", "remove", "set", "clear")
WAYS = ("set", "clear")
_LAST_NUMBER = re.compile(r"[0-9]+$")
_TYPES: dict[str, Any] = {"text": str, "integer": int, "real": (int, float), "boolean": bool}


@dataclass(frozen=True)
class Edit:
    """What is to become of one field.

    Attributes
    ----------
    way
        ``set``, ``clear``, and for a list ``add`` and ``remove`` of entries.
    value
        Text, number or truth value; a tuple of entries for a list.
    """

    field: str
    way: str
    value: Any = None

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing was entered: what is meant to be emptied is cleared."""
        return self.way != "clear" and (self.value is None or self.value == () or self.value == "")


@dataclass(frozen=True)
class Change:
    """One field of one project as it is and as it would be."""

    fid: int
    field: str
    old: Any
    new: Any

    @property
    def is_same(self) -> bool:
        """Whether the field already is as wanted."""
        return bool(self.old == self.new)


@dataclass(frozen=True)
class RowPlan:
    """What would become of one project.

    Attributes
    ----------
    misfits
        What does not fit afterwards and did fit before.
    """

    fid: int
    code: str | None
    name: str | None
    changes: tuple[Change, ...]
    misfits: tuple[Misfit, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing of it would change."""
        return all(change.is_same for change in self.changes)


def plan_edits(tables: PlanTables, fids: Sequence[int], edits: Sequence[Edit]) -> list[RowPlan]:
    """What would become of some projects; nothing is changed.

    Parameters
    ----------
    tables
        ``project`` and, for what does not fit, ``plan``, ``restoration_zone`` and ``red_line``.
    fids
        The projects' feature ids; those that are not there are left out.
    """
    projects = tables["project"]
    wanted = [edit for edit in edits if not edit.changes_nothing]
    rows = {int(fid): row for row, fid in enumerate(projects.fids.tolist())}
    records = projects.records()
    chosen = [rows[fid] for fid in fids if fid in rows]
    in_red_line = _in_red_line(projects, chosen, tables["red_line"])
    around = _surroundings(tables)
    codes = _Codes(projects)
    plans = []
    for row in chosen:
        before = records[row]
        changes = tuple(
            Change(int(projects.fids[row]), e.field, before.get(e.field), new_value(before.get(e.field), e))
            for e in wanted
        )
        after = {**before, **{c.field: c.new for c in changes}}
        others = codes.beside(row, before, after) if any(e.field == "programme_codes" for e in wanted) else ()
        own = Surroundings(others, around.zones, around.start_year, around.end_year, row in in_red_line)
        known = {(m.field, str(m.message)) for m in misfits(before, own)}
        new = tuple(m for m in misfits(after, own) if (m.field, str(m.message)) not in known)
        plans.append(RowPlan(int(projects.fids[row]), before.get("code"), before.get("name"), changes, new))
    return plans


def new_value(old: Any, edit: Edit) -> Any:
    """A field's value after an edit; a list whose entries stay is given back as it is written."""
    field = TABLES["project"].field(edit.field)
    if edit.way == "clear":
        return None
    if field.is_list:
        return _new_list(old, edit)
    if isinstance(edit.value, str):
        value = tidy_code(edit.value) if field.name in CODES else tidy_text(edit.value, field.name in ONE_LINE)
        return value or None
    assert isinstance(edit.value, _TYPES[field.type]), (field.name, edit.value)
    return edit.value


def _new_list(old: Any, edit: Edit) -> Any:
    tidy = tidy_code if edit.field in CODES else tidy_text
    given = [entry for entry in (tidy(e) for e in edit.value) if entry]
    entries = read_list(old)
    if edit.way == "add":
        new = [*entries, *given]
    elif edit.way == "remove":
        new = [e for e in entries if e not in given]
    else:
        new = given
    new = list(dict.fromkeys(new))
    return old if tuple(new) == entries else write_list(new)


def common_value(records: Sequence[Mapping[str, Any]], field: str) -> tuple[bool, Any]:
    """Whether all projects have the same value in a field, and which."""
    values = [record.get(field) for record in records]
    same = bool(values) and all(value == values[0] for value in values)
    return same, values[0] if same else None


def _surroundings(tables: PlanTables) -> Surroundings:
    plan = next(iter(tables["plan"].records()), {})
    zones = [code for code in tables["restoration_zone"]["code"] if code is not None]
    return Surroundings((), zones, plan.get("start_year"), plan.get("end_year"))


class _Codes:
    """The projects' codes; for a row only those that its own is held against, because there may be thousands."""

    def __init__(self, projects: Rows) -> None:
        self._codes = [code if isinstance(code, str) else None for code in projects["code"]]
        self._by_shape: dict[str, list[int]] = {}
        self._telling: dict[str, list[int]] = {}
        for row, code in enumerate(self._codes):
            if code:
                self._by_shape.setdefault(code_shape(code), []).append(row)

    def beside(self, row: int, *records: Mapping[str, Any]) -> list[str]:
        """Codes of the other projects that say as much as all of them: of each pattern, and of a row's programmes."""
        programmes = {p for record in records for p in read_list(record.get("programme_codes"))}
        telling = [self._of_programme(p) for p in sorted(programmes)]
        wanted = {r for rows in [*telling, *(rows[:2] for rows in self._by_shape.values())] for r in rows} - {row}
        return [self._codes[r] or "" for r in sorted(wanted)]

    def _of_programme(self, programme: str) -> list[int]:
        """Of a programme's codes the first, the highest and the shortest, two of each because one may be the row's own."""
        if programme not in self._telling:
            own = {
                row: number[0]
                for row, code in enumerate(self._codes)
                if code and code.startswith(programme) and (number := _LAST_NUMBER.search(code[len(programme) :]))
            }
            highest = sorted(own, key=lambda row: -int(own[row]))[:2]
            shortest = sorted(own, key=lambda row: len(own[row]))[:2]
            self._telling[programme] = [*list(own)[:2], *highest, *shortest]
        return self._telling[programme]


def _in_red_line(projects: Rows, chosen: Sequence[int], red_line: Rows) -> set[int]:
    """Which of the chosen rows' sites lie in a red line."""
    if projects.geometry is None or red_line.geometry is None or not len(red_line) or not chosen:
        return set()
    lines, _ = repair(red_line.geometry[~shapely.is_missing(red_line.geometry)])
    sites, _ = repair(projects.geometry[list(chosen)])
    if not len(lines):
        return set()
    site, line = shapely.STRtree(lines).query(sites, predicate="intersects")
    inside = ~shapely.touches(sites[site], lines[line])
    return {chosen[i] for i in np.unique(site[inside]).tolist()}
