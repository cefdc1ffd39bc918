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

_COLUMNS = ("rule", "grade", "target", "area", "share", "advice_basis")


@dataclass
class Bases:
    """The legal bases that occur, in the order of their first use."""

    in_rows: bool
    texts: list[str] = field(default_factory=list)

    def cell(self, basis: str) -> str:
        """How a row shows its basis: the text itself, or its number in the list."""
        if not basis:
            return ""
        if basis not in self.texts:
            self.texts.append(basis)
        if self.in_rows:
            return f'<p class="basis">{escape(text("report.basis", basis=basis))}</p>'
        number = self.texts.index(basis) + 1
        return f' <a class="ref" href="#b{number}">[{number}]</a>'


def findings_table(result: CheckResult, tables: PlanTables, bases: Bases) -> str:
    """The table of all projects with findings; empty text where there is none."""
    reviews = _review_notes(tables)
    blocks = [
        _block(index, project, bases, reviews) for index, project in enumerate(result.projects) if project.findings
    ]
    if not blocks:
        return ""
    heads = "".join(f'<th scope="col" class="c-{name}">{escape(text(f"report.column.{name}"))}</th>' for name in _COLUMNS)
    return f'<table class="findings" id="findings"><thead><tr>{heads}</tr></thead>{"".join(blocks)}</table>'


def passed_list(result: CheckResult) -> str:
    """The projects without a finding, as a compact list."""
    entries = [
        f'<li id="p{index}"><b>{escape(project.code or "–")}</b> {escape(project.name or "")} '
        f'<span class="area">{area_text(project.area_m2)}</span></li>'
        for index, project in enumerate(result.projects)
        if not project.findings
    ]
    return f'<ul class="passed">{"".join(entries)}</ul>' if entries else ""


def grade_badge(grade: str) -> str:
    """A grade as a coloured mark with its name."""
    colour = GRADE_COLOURS.get(grade, "#555")
    return f'<span class="badge" style="--grade:{colour}">{escape(grade_caption(grade))}</span>'


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
    target = f'<span class="layer">{escape(layer_caption(finding.target_layer))}</span> {escape(named)}'
    return (
        f'<tr data-rule="{escape(finding.rule)}" data-grade="{GRADES.index(finding.grade)}">'
        f'<td class="c-rule">{escape(rule_caption(finding.rule))}</td>'
        f'<td class="c-grade">{grade_badge(finding.grade)}</td>'
        f'<td class="c-target">{target}</td>'
        f'<td class="c-area">{area_text(finding.area_m2)}</td>'
        f'<td class="c-share">{escape(share_text(finding.share_pct))}</td>'
        f'<td class="c-advice">{escape(finding.advice)}{bases.cell(finding.basis)}{_review(finding, reviews)}</td></tr>'
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
