"""Table 3: the projects of every programme; with it the findings of the last siting check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..plan.lists import read_list
from ..plan.tables import PlanTables
from ..report.values import finite, grade_caption, layer_caption, review_caption, rule_caption
from ..siting.saved import result_from_rows
from ..texts import text
from .grid import Cell, Column, Grid, Sheet, two_line_head
from .wording import listed, numbered_notes

Record = dict[str, Any]

#: In Chinese characters: a page, the column of programmes, and what a column of prose grows by at most
_PAGE_WIDTH, _PROGRAMME_WIDTH, _MOST_GROWTH = 80, 11, 20


def projects_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """The projects, programme by programme; None where the plan has none.

    A project of several programmes stands under each of them, as in the plans; one of none stands at the end.
    Columns in which no project has anything are left out, and named in a remark.
    """
    projects = tables["project"].records()
    if not projects:
        return None
    named = {r.get("code"): r.get("name") for r in tables["programme"].records()}
    members: dict[str | None, list[Record]] = {code: [] for code in named}
    for project in projects:
        for code in read_list(project.get("programme_codes")) or (None,):
            members.setdefault(code, []).append(project)
    homeless = members.pop(None, [])
    groups = [(_programme(code, named.get(code)), group) for code, group in members.items() if group]
    groups += [(text("tables.no_programme") if groups else None, homeless)] if homeless else []
    shown = [column for column in _COLUMNS if column[0] in _ALWAYS or any(column[3](p) for p in projects)]
    left_out = [text(f"tables.{column[0]}") for column in _COLUMNS if column not in shown]
    with_programmes = bool(members) and any(name for name, _ in groups)
    first = int(with_programmes)
    grid, row = Grid(first + len(shown)), 0
    for name, group in groups:
        if with_programmes:
            grid.put(row, 0, Cell(name, len(group)))
        for project in group:
            for column, (_, _, _, value) in enumerate(shown, first):
                grid.put(row, column, value(project))
            row += 1
    captions = [*([text("tables.programme")] if with_programmes else []), *(text(f"tables.{key}") for key, *_ in shown)]
    # what is left of the page goes to the columns of prose, as far as they need it
    prose = [key for key, *_ in shown if key in ("project", "tasks", "quantity")]
    room = _PAGE_WIDTH - sum(width for _, width, _, _ in shown) - _PROGRAMME_WIDTH * first
    more = min(_MOST_GROWTH, max(0.0, room) / len(prose))
    columns = [Column(_PROGRAMME_WIDTH)] * first + [
        Column(width + (more if key in prose else 0), align) for key, width, align, _ in shown
    ]
    remarks = (text("tables.columns_left_out", names=left_out),) if left_out else ()
    notes = []
    counted = len({id(project) for project in projects})
    if row != counted:
        notes.append(text("tables.in_several_programmes", entries=row, projects=counted))
    head = two_line_head([(caption, ()) for caption in captions])
    return Sheet(
        text("tables.sheet_projects"), title, tuple(columns), head, grid.lines(), numbered_notes(notes), remarks=remarks
    )


def findings_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """The findings of the last siting check, project by project; None where no check was saved."""
    result = result_from_rows(tables)
    if result is None:
        return None
    keys = (
        "code", "project", "project_grade", "rule", "grade", "target_layer", "target", "area_m2", "share_of_project",
        "advice", "basis", "reviewed",
    )  # fmt: skip
    grid, row = Grid(len(keys)), 0
    for project in result.projects:
        high = max(1, len(project.findings))
        for column, value in enumerate((project.code, project.name, grade_caption(project.grade))):
            grid.put(row, column, Cell(value, high))
        for line, finding in enumerate(project.findings, row):
            target = " ".join(str(part) for part in (finding.target_code, finding.target_name) if part)
            values: list[Cell | str | None] = [
                rule_caption(finding.rule),
                grade_caption(finding.grade),
                layer_caption(finding.target_layer),
                target,
                Cell(finite(finding.area_m2), decimals=2),
                Cell(finite(finding.share_pct), decimals=2),
                finding.advice,
                finding.basis,
                review_caption(finding.reviewed),
            ]
            for column, cell in enumerate(values, 3):
                grid.put(line, column, cell)
        row += high
    widths = (4, 13, 6.5, 8, 6.5, 7, 9, 8, 5.5, 22, 17, 5)
    aligned = {0: "centre", 2: "centre", 4: "centre", 7: "right", 8: "right", 11: "centre"}
    columns = tuple(Column(width, aligned.get(column, "left")) for column, width in enumerate(widths))
    head = two_line_head([(text(f"tables.{key}"), ()) for key in keys])
    counts = listed([f"{grade_caption(grade)} {count}" for grade, count in result.summary.items()])
    notes = [text("tables.checked_at", run_at=result.run_at.replace("T", " ") or "—", counts=counts)]
    return Sheet(text("tables.sheet_findings"), title, columns, head, grid.lines(), numbered_notes(notes), paper="A3")


def _programme(code: str | None, name: str | None) -> str | None:
    """Name and code, as the plans print a programme: a letter behind the name, a number before it."""
    parts = (name, code) if code is None or code.isalpha() else (code, name)
    return " ".join(part for part in parts if part) or None


def _period(project: Record) -> str | None:
    start, end, note = (project.get(name) for name in ("start_year", "end_year", "period_note"))
    kind = "one_year" if start == end else "years" if start and end else "from_year" if start else "until_year"
    years = text(f"tables.{kind}", start=start, end=end) if start or end else None
    if years and note:
        return text("tables.period_with_note", years=years, note=note)
    return years or note


def _departments(project: Record) -> str | None:
    lead = project.get("lead_department")
    others = [d for d in read_list(project.get("departments")) if d != lead]
    return listed([*([text("tables.lead", department=lead) if others else lead] if lead else []), *others]) or None


def _text(field: str) -> Callable[[Record], str | None]:
    return lambda project: project.get(field)


#: Key of the caption, width, alignment and value of each column
_COLUMNS: tuple[tuple[str, float, str, Callable[[Record], str | None]], ...] = (
    ("code", 4, "centre", _text("code")),
    ("project", 13, "left", _text("name")),
    ("county_of_project", 9, "left", lambda project: listed(read_list(project.get("counties"))) or None),
    ("tasks", 18, "left", _text("tasks")),
    ("quantity", 9, "left", _text("stated_quantity")),
    ("period", 8, "centre", _period),
    ("departments", 8, "left", _departments),
)
_ALWAYS = ("code", "project")
