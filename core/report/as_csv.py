"""The outcome of a check as a CSV table that Excel opens with a double click.

UTF-8 with a byte order mark, CRLF, one row a finding; a project that passes has one row of its own,
so that the list of projects is complete.  Captions are in the language in force; the last two
columns repeat rule and grade as the codes that scripts know.
"""

from __future__ import annotations

import csv
import io

from ..plan.tables import PlanTables
from ..siting.findings import CheckResult, Finding, ProjectResult
from ..texts import text
from .values import finite, grade_caption, layer_caption, review_caption, rule_caption

COLUMNS = (
    "project_code",
    "project_name",
    "project_grade",
    "project_area_m2",
    "rule",
    "grade",
    "target_layer",
    "target_code",
    "target_name",
    "area_m2",
    "share_pct",
    "advice",
    "basis",
    "reviewed",
)
CODE_COLUMNS = ("rule", "grade")

#: A cell that begins so is run as a formula by spreadsheets.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(result: CheckResult, tables: PlanTables) -> bytes:
    """The table as bytes, ready to be written to a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([text(f"report.column.{name}") for name in COLUMNS] + list(CODE_COLUMNS))
    for project in result.projects:
        for finding in project.findings or (None,):
            writer.writerow([safe_cell(value) for value in _cells(project, finding)])
    return out.getvalue().encode("utf-8-sig")


def _cells(project: ProjectResult, finding: Finding | None) -> list[str | None]:
    about_project = [
        project.code,
        project.name,
        grade_caption(project.grade),
        _number(project.area_m2, 2),
    ]
    if finding is None:
        return [*about_project, None, grade_caption(project.grade), *[None] * 8, None, project.grade]
    return [
        *about_project,
        rule_caption(finding.rule),
        grade_caption(finding.grade),
        layer_caption(finding.target_layer),
        finding.target_code,
        finding.target_name,
        _number(finding.area_m2, 2),
        _number(finding.share_pct, 4),
        finding.advice,
        finding.basis,
        review_caption(finding.reviewed),
        finding.rule,
        finding.grade,
    ]


def _number(value: float | None, decimals: int) -> str | None:
    number = finite(value)
    return None if number is None else f"{number:.{decimals}f}"


def safe_cell(value: str | None) -> str:
    """Text that a spreadsheet shows instead of running it: an apostrophe in front makes it text."""
    if value is None:
        return ""
    return "'" + value if value.startswith(_FORMULA_STARTS) else value
