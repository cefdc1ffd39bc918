"""The report's table of findings: one block a project, worst finding first."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from ..palette import GRADE_COLOURS
from ..plan.tables import PlanTables
from ..siting.findings import GRADES, CheckResult, Finding, ProjectResult
from ..texts import text
from .values import (
    area_text,
    finite,
    grade_caption,
    layer_caption,
    review_caption,
    rule_caption,
    share_text,
)

#: Above this many findings the legal bases are numbered and printed once, to keep the file small.
MOST_BASES_IN_ROWS = 1500
#: A browser stays quick with about this many rows; the projects with the worst grades come first.
MOST_ROWS = 25_000
#: Projects that pass, listed by code and name.
MOST_PASSED = 25_000

_COLUMNS = ("rule", "grade", "target", "area", "share", "advice_basis")


@dataclass
class Bases:
    """The legal bases that occur, numbered in the order of their first use."""

    in_rows: bool
    numbers: dict[str, int] = field(default_factory=dict)

    def cell(self, basis: str) -> str:
        """How a row shows its basis: the text itself, or its number in the list."""
        if not basis:
            return ""
        number = self.numbers.setdefault(basis, len(self.numbers) + 1)
        if self.in_rows:
            return f'<p class="basis">{escape(text("report.basis", basis=basis))}</p>'
        return f' <a class="ref" href="#b{number}">[{number}]</a>'


def listed_projects(result: CheckResult) -> list[int]:
    """Positions of the projects whose findings the table lists, in the order of the plan."""
    found = [i for i, project in enumerate(result.projects) if project.findings]
    if len(result.findings) <= MOST_ROWS:
        return found
    found.sort(key=lambda i: GRADES.index(result.projects[i].grade))
    listed, rows = [], 0
    for index in found:
        rows += len(result.projects[index].findings)
        if rows > MOST_ROWS:
            break
        listed.append(index)
    return sorted(listed)


def findings_table(result: CheckResult, tables: PlanTables, bases: Bases, listed: list[int]) -> str:
    """The table of the listed projects' findings; empty text where there is none."""
    reviews = _review_notes(tables)
    blocks = [_block(index, result.projects[index], bases, reviews) for index in listed]
    if not blocks:
        return ""
    heads = "".join(
        f'<th scope="col" class="c-{name}">{escape(text(f"report.column.{name}"))}</th>' for name in _COLUMNS
    )
    return f'<table class="findings" id="findings"><thead><tr>{heads}</tr></thead>{"".join(blocks)}</table>'


def passed_list(result: CheckResult) -> str:
    """The projects without a finding, as a compact list."""
    passed = [(index, project) for index, project in enumerate(result.projects) if not project.findings]
    entries = [
        f'<li id="p{index}"><b>{escape(project.code or "–")}</b> {escape(project.name or "")} '
        f'<span class="area">{area_text(project.area_m2)}</span></li>'
        for index, project in passed[:MOST_PASSED]
    ]
    more = len(passed) - len(entries)
    note = f"<p>{escape(text('report.left_out', count=more))}</p>" if more else ""
    return f'<ul class="passed">{"".join(entries)}</ul>{note}' if entries else ""


def grade_badge(grade: str) -> str:
    """A grade as a coloured mark with its name."""
    return f'<span class="badge g-{grade}">{escape(grade_caption(grade))}</span>'


def grade_rules() -> str:
    """Style rules that give each grade its colour."""
    return "".join(f".g-{grade} {{ --grade: {colour}; }}\n" for grade, colour in GRADE_COLOURS.items())


def _block(index: int, project: ProjectResult, bases: Bases, reviews: dict[tuple[str, str, str], str]) -> str:
    largest = max((finite(f.area_m2) or 0.0 for f in project.findings), default=0.0)
    ordered = sorted(project.findings, key=lambda f: GRADES.index(f.grade))
    area = text("report.project.area", area=area_text(project.area_m2)) if finite(project.area_m2) is not None else ""
    head = (
        f'<tr class="project"><th colspan="6" scope="rowgroup">{grade_badge(project.grade)}'
        f'<b>{escape(project.code or "–")}</b> {escape(project.name or "")}<span class="area">{escape(area)}</span></th></tr>'
    )
    rows = "".join(_row(f, bases, reviews) for f in ordered)
    return (
        f'<tbody id="p{index}" data-grade="{GRADES.index(project.grade)}" data-code="{escape(project.code or "")}" '
        f'data-area="{largest:.0f}">{head}{rows}</tbody>'
    )


def _row(finding: Finding, bases: Bases, reviews: dict[tuple[str, str, str], str]) -> str:
    named = " ".join(v for v in (finding.target_code, finding.target_name) if v)
    target = f"<i>{escape(layer_caption(finding.target_layer))}</i> {escape(named)}"
    return (
        f'<tr data-rule="{escape(finding.rule)}"><td>{escape(rule_caption(finding.rule))}</td>'
        f"<td>{grade_badge(finding.grade)}</td><td>{target}</td><td>{area_text(finding.area_m2)}</td>"
        f"<td>{escape(share_text(finding.share_pct))}</td>"
        f"<td>{escape(finding.advice)}{bases.cell(finding.basis)}{_review(finding, reviews)}</td></tr>\n"
    )


def _review(finding: Finding, reviews: dict[tuple[str, str, str], str]) -> str:
    if finding.reviewed is None:
        return ""
    told = reviews.get((finding.project_code or "", finding.rule, finding.target_code or ""), "")
    caption = text("report.review", state=review_caption(finding.reviewed))
    return f'<p class="review r-{escape(finding.reviewed)}">{escape(caption)}{escape(told)}</p>'


def _review_notes(tables: PlanTables) -> dict[tuple[str, str, str], str]:
    """What each review says beside its decision: note, document, reviewer and day."""
    rows = tables["siting_review"]
    notes = {}
    for row in rows.records():
        told = [row.get(name) for name in ("note", "document", "reviewer", "reviewed_at")]
        key = (str(row.get("project_code") or ""), str(row.get("rule") or ""), str(row.get("target_code") or ""))
        notes[key] = "".join(f" · {value}" for value in told if value)
    return notes
