"""What a table of projects would do to a plan, row by row, worked out without touching it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..plan.lists import read_list, write_list
from ..plan.project_entry import Surroundings, misfits
from ..plan.schema import TABLES
from ..plan.tables import PlanTables
from ..texts import Message
from .codes import next_programme_code, next_project_code
from .columns import Layout
from .doubts import SKIP, Doubt, Option, list_doubt
from .entries import Aside, Entry, read_entries
from .grid import TableGrid
from .known import PlanKnown, Record, same_code
from .matching import match_project
from .merging import Conflict, FieldChange, changes_of, combined
from .name_lists import PROJECT_ENDS, read_names
from .tidy import name_key, name_of
from .understanding import Understood, departments_alone, heading_says, settle_programme, understand

#: What becomes of a row, in the order in which they are counted.
FATES = ("new", "changed", "same", "doubt", "left_out")
_IN_ORDER = TABLES["project"].field_names
#: Answers to what a project is to do that stands under another programme than before.
BOTH, MOVED, STAYS = "both", "moved", "stays"


@dataclass
class TableRow:
    """One project as one row names it, and what becomes of it.

    Attributes
    ----------
    id
        By what the planner's leaving it out is kept.
    number
        Number of the row in the file.
    programme
        The programme it stands under, as written.
    fate
        One of `FATES`.
    position
        Position of its project among the plan's; None where it is new or not settled.
    changes
        Field by field, what the plan has and what it would have; all values for a new project.
    together
        Numbers of the other rows that name the same project.
    asked
        Ids of the questions that were answered for it, and of those that are open.
    """

    id: str
    number: int
    name: str
    code: str | None
    programme: str
    fate: str = "same"
    position: int | None = None
    changes: list[FieldChange] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    together: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass
class TableProposal:
    """A table worked out; nothing is written.

    Attributes
    ----------
    rows
        The projects in the table's order.
    asides
        The rows that are no projects: they stay listed.
    added
        The new projects, as the plan's fields (lists as tuples).
    changed
        Position of a project in the plan → field → its new value.
    programmes
        Code and name of the new programmes that rows to be written belong to.
    """

    grid: TableGrid
    layout: Layout
    rows: list[TableRow]
    asides: list[Aside]
    added: list[Record]
    changed: dict[int, Record]
    programmes: list[tuple[str, str]]

    def count(self, fate: str) -> int:
        """Projects that are new or changed; rows of the other fates."""
        if fate in ("new", "changed"):
            return len(self.added if fate == "new" else self.changed)
        return sum(row.fate == fate for row in self.rows)

    def doubts(self) -> list[Doubt]:
        """Everything that is asked, each once, in the rows' order."""
        return list({doubt.id: doubt for row in self.rows for doubt in row.doubts}.values())


def propose_table(
    tables: PlanTables,
    grid: TableGrid,
    layout: Layout,
    answers: Mapping[str, str] | None = None,
    *,
    known: PlanKnown | None = None,
    listed: bool | None = None,
) -> TableProposal:
    """Work out what a table would do to a plan.

    A row is the plan's project of the same code, else of the same name (widths, spaces, punctuation and known
    misprints aside); a name that is only alike is asked.  What a cell leaves open stays as the plan has it.

    Parameters
    ----------
    answers
        Id of a doubt → the planner's answer; id of a row → `SKIP` where it is left out.
    listed
        What new projects get as `listed_in_plan`.
    """
    return _Working(known or PlanKnown(tables), grid, layout, dict(answers or {}), listed).proposal()


class _Answers(dict[str, str]):
    """Answers that remember what they were looked up for: which questions belong to a row."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__(answers)
        self.seen: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.append(key)
        return super().get(key, default)


@dataclass
class _Case:
    """One project of one row while it is worked out."""

    row: TableRow
    found: Understood
    programme: str | None


class _Working:
    def __init__(
        self, known: PlanKnown, grid: TableGrid, layout: Layout, answers: dict[str, str], listed: bool | None
    ) -> None:
        self._known, self._grid, self._layout = known, grid, layout
        self._answers, self._listed = _Answers(answers), listed
        self._new_programmes: dict[str, str] = {}
        self._added: list[tuple[Record, list[_Case]]] = []
        self._changed: dict[int, Record] = {}

    def proposal(self) -> TableProposal:
        """The rows one by one, then project by project, then the codes of what is new."""
        known = self._known
        read = read_entries(
            self._grid, self._layout, known.programme_keys(), lambda heading: bool(heading_says(heading, known))
        )
        departments = {**departments_alone(read.entries), **self._known.departments}
        cases = [case for entry in read.entries for case in self._cases(entry, departments)]
        groups = self._with_codes_of_their_own(_grouped(cases))
        for members in groups:
            self._settle(members)
        programmes = self._with_real_programmes()
        self._give_codes()
        for members in groups:
            self._tell_changes(members)
            self._warn(members)
        rows = [case.row for case in cases]
        added = [record for record, _ in self._added]
        return TableProposal(self._grid, self._layout, rows, read.asides, added, self._changed, programmes)

    # --- rows ----------------------------------------------------------------------------------

    def _cases(self, entry: Entry, departments: Mapping[str, str]) -> list[_Case]:
        """The projects that a row names."""
        self._answers.seen = []
        names, doubt = self._names(entry)
        programme, asked = settle_programme(entry.programme, self._known, self._new_programmes, self._answers)
        found = understand(entry, self._known, departments, self._answers)
        common = self._answers.seen
        cases = []
        for at, name in enumerate(names):
            row = TableRow(f"row:{entry.number}:{at}", entry.number, name, entry.cells.get("code"), entry.programme)
            self._answers.seen = []
            row.said += found.said
            row.doubts += [d for d in (doubt, asked) if d is not None] + found.doubts
            if doubt is None:
                match = match_project(row.code, name, programme, self._known, self._answers)
                row.position = match.position
                row.said += match.said
                row.doubts += [match.doubt] if match.doubt is not None else []
                if match.doubt is None and match.position is None and row.code and self._known.coded(row.code):
                    row.code = None  # another project's: this one gets a free one
            row.asked = [*common, *self._answers.seen]
            if self._answers.get(row.id) == SKIP:
                row.fate, row.doubts = "left_out", []
            elif row.doubts:
                row.fate = "doubt"
            cases.append(_Case(row, found, programme))
        return cases

    def _names(self, entry: Entry) -> tuple[tuple[str, ...], Doubt | None]:
        """The names in a row: one, or those that a list gives; a question where nobody can say where they end."""
        whole = name_of(entry.name)
        if entry.cells.get("code") and not entry.in_list:
            return (whole,), None
        read = read_names(entry.name, self._known.project_name, PROJECT_ENDS, list_only_if_named=True)
        if read.is_sure:
            names = tuple(name_of(name) for name in read.names)
            return (names if entry.in_list or len(names) > 1 else (whole,)), None
        doubt = list_doubt("names", "project_table.ask_names", whole, read.ways)
        answer = self._answers.get(doubt.id)
        if answer is None:
            return (whole,), doubt
        return tuple(line.strip() for line in answer.split("\n") if line.strip()), None

    # --- projects ------------------------------------------------------------------------------

    def _with_codes_of_their_own(self, groups: list[list[_Case]]) -> list[list[_Case]]:
        """The groups that may be written: new projects of one code and several names wait for the planner's answer."""
        by_code: dict[str, list[list[_Case]]] = {}
        for members in groups:
            code = next((case.row.code for case in members if case.row.code), None)
            if members[0].row.position is None and code:
                by_code.setdefault(same_code(code), []).append(members)
        waiting: list[list[_Case]] = []
        for code, sharing in by_code.items():
            if len(sharing) < 2:
                continue
            options = tuple(
                Option(
                    members[0].row.id,
                    Message.of("project_table.row_says", row=members[0].row.number, text=members[0].row.name),
                )
                for members in sharing
            )
            written = str(sharing[0][0].row.code)
            doubt = Doubt(f"code:{code}", Message.of("project_table.ask_one_code", code=written), options)
            answer = self._answers.get(doubt.id)
            for members in sharing:
                for case in members:
                    case.row.asked.append(doubt.id)
                    if answer is None:
                        case.row.doubts, case.row.fate = [doubt], "doubt"
                    elif members[0].row.id != answer:
                        case.row.code = None
            waiting += sharing if answer is None else []
        return [members for members in groups if not any(members is other for other in waiting)]

    def _settle(self, members: list[_Case]) -> None:
        """A new record, or the changes of the plan's; rows that contradict one another are in doubt instead."""
        first = members[0].row
        self._answers.seen = []
        values, conflicts = combined([(m.row.number, m.found) for m in members])
        doubts = [d for conflict in conflicts if (d := self._conflict(conflict, first.name, values)) is not None]
        project = None if first.position is None else self._known.projects[first.position]
        stated = tuple(dict.fromkeys(m.programme for m in members if m.programme))
        programmes, doubt = self._programmes(stated, project, first.name)
        doubts += [doubt] if doubt is not None else []
        for case in members:
            case.row.asked += self._answers.seen
        if doubts:
            for case in members:
                case.row.doubts, case.row.fate = list(doubts), "doubt"
            return
        if programmes:
            values["programme_codes"] = programmes
        if project is None:
            code = next((m.row.code for m in members if m.row.code), None)
            listed = {} if self._listed is None else {"listed_in_plan": self._listed}
            self._added.append(({"code": code, "name": first.name, **values, **listed}, members))
            fate = "new"
        else:
            named = next((m.row.name for m in members if m.row.name), None)
            if named and project.get("name") and name_key(named) != name_key(project["name"]) and first.code:
                values["name"] = named
            changes = changes_of(project, values, any(m.found.open_region for m in members))
            if changes and first.position is not None:
                self._changed[first.position] = changes
            fate = "changed" if changes else "same"
        for case in members:
            case.row.fate = fate

    def _conflict(self, conflict: Conflict, name: str, values: Record) -> Doubt | None:
        """The question which of several values counts; what was answered takes its place among the values."""
        caption = Message.of(f"schema.project.{conflict.field}")
        options = tuple(
            Option(str(number), Message.of("project_table.row_says", row=number, text=str(value)))
            for number, value in conflict.values.items()
        )
        question = Message.of("project_table.ask_twice", name=name, field=caption, rows=list(conflict.values))
        doubt = Doubt(f"twice:{conflict.field}:{name_key(name)}", question, options)
        answer = self._answers.get(doubt.id)
        if answer not in {option.value for option in options}:
            return doubt
        values[conflict.field] = conflict.values[int(str(answer))]
        return None

    def _programmes(
        self, stated: tuple[str, ...], project: Record | None, name: str
    ) -> tuple[tuple[str, ...], Doubt | None]:
        """The programmes that a project will have: those it has and those it stands under, unless it has moved."""
        own = read_list(project.get("programme_codes")) if project is not None else ()
        if not stated or set(stated) <= set(own):
            return own, None
        if not own or set(stated) & set(own):
            return tuple(dict.fromkeys([*own, *stated])), None
        captions = {
            **self._known.programmes,
            **{f"new:{k}": v.partition("\t")[2] for k, v in self._new_programmes.items()},
        }
        names = {"now": [captions.get(c, c) for c in stated], "before": [captions.get(c, c) for c in own]}
        options = tuple(Option(o, Message.of(f"project_table.programme_{o}", **names)) for o in (BOTH, MOVED, STAYS))
        doubt = Doubt(f"moved:{name_key(name)}", Message.of("project_table.ask_moved", name=name, **names), options)
        answer = self._answers.get(doubt.id)
        if answer == MOVED:
            return stated, None
        return ((*own, *stated), None) if answer == BOTH else (own, None if answer == STAYS else doubt)

    # --- what is new ---------------------------------------------------------------------------

    def _with_real_programmes(self) -> list[tuple[str, str]]:
        """Code and name of the new programmes that something to be written belongs to; their codes where they are named."""
        records = [*(record for record, _ in self._added), *self._changed.values()]
        used = {code for record in records for code in record.get("programme_codes") or ()}
        taken = set(self._known.programmes)
        real: dict[str, tuple[str, str]] = {}
        for key, written in self._new_programmes.items():
            wanted, _, name = written.partition("\t")
            if f"new:{key}" in used:
                code = wanted if wanted and wanted not in taken else next_programme_code(taken)
                taken.add(code)
                real[f"new:{key}"] = (code, name)
        for record in records:
            if record.get("programme_codes"):
                record["programme_codes"] = tuple(real[c][0] if c in real else c for c in record["programme_codes"])
        return list(real.values())

    def _give_codes(self) -> None:
        """The next free code of its programme for every new project that brings none."""
        codes = [str(p["code"]) for p in self._known.projects if p.get("code")]
        codes += [str(record["code"]) for record, _ in self._added if record.get("code")]
        for record, members in self._added:
            if not record.get("code"):
                own = record.get("programme_codes")
                record["code"] = next_project_code(own[0], codes) if own else None
                codes += [record["code"]] if own else []
                offered = "project_table.said_code" if record["code"] else "project_table.said_no_code"
                for case in members:
                    case.row.said.append(Message.of(offered, code=record["code"]))
            for case in members:
                case.row.code = record["code"]
                case.row.changes = [
                    FieldChange(n, None, record[n]) for n in _IN_ORDER if record.get(n) not in (None, ())
                ]

    def _warn(self, members: list[_Case]) -> None:
        """What the form would say of what the table brings: a year outside the plan's horizon, a name too long."""
        position = members[0].row.position
        brought = {change.field: change.after for case in members for change in case.row.changes}
        if not brought:
            return
        there = self._known.projects[position] if position is not None else {}
        said = misfits(_as_stored({**there, **brought}), self._surroundings(position))
        for case in members:
            case.row.said += [m.message for m in said if m.field in brought and brought[m.field] is not None]

    def _surroundings(self, position: int | None) -> Surroundings:
        plan = next(iter(self._known.tables["plan"].records()), {})
        codes = [p.get("code") for i, p in enumerate(self._known.projects) if i != position]
        zones = [str(code) for code in self._known.tables["restoration_zone"]["code"] if code]
        return Surroundings(codes, zones, plan.get("start_year"), plan.get("end_year"))

    def _tell_changes(self, members: list[_Case]) -> None:
        """What changes in a project of the plan, on every row that names it."""
        position = members[0].row.position
        if position is None:
            return
        project = self._known.projects[position]
        for case in members:
            case.row.code = project.get("code") or case.row.code
            changed = self._changed.get(position, {})
            case.row.changes = [FieldChange(name, project.get(name), value) for name, value in changed.items()]


def _as_stored(record: Record) -> Record:
    """A record with its lists as the plan keeps them."""
    return {name: write_list(value) if isinstance(value, tuple) else value for name, value in record.items()}


def _grouped(cases: list[_Case]) -> list[list[_Case]]:
    """Rows that name the same project, together; those in doubt or left out in none."""
    groups: dict[object, list[_Case]] = {}
    by_name: dict[str, list[object]] = {}
    for case in cases:
        row = case.row
        if row.fate in ("left_out", "doubt"):
            continue
        name = name_key(row.name)
        key: object = row.position
        if row.position is None:
            key = ("new", row.code or "", name)
            others = by_name.setdefault(name, [])
            if not row.code and len(others) == 1:
                key = others[0]  # a row without a code is the one with a code, where its name stands once
            elif key not in others:
                others.append(key)
        groups.setdefault(key, []).append(case)
    for members in groups.values():
        numbers = dict.fromkeys(m.row.number for m in members)
        for case in members:
            case.row.together = [number for number in numbers if number != case.row.number]
    return list(groups.values())
