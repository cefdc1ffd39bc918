"""The text beside the table: one finding in full, or what has to be said about the whole run."""

from __future__ import annotations

from html import escape

from ..core.palette import GRADE_COLOURS
from ..core.report.values import area_text, grade_caption, review_caption, rule_caption, share_text
from ..core.siting.findings import GRADES, CheckResult
from ..core.texts import text
from .findings_model import FindingRow, project_title, target_title

DOT = "●"
#: What a result says of the rules that come with the plugin
DEFAULT_RULES = "default"


def details_html(row: FindingRow) -> str:
    """A finding in full: what, where, how much, what to do, on what basis."""
    finding = row.finding
    grade = f'<span style="color:{GRADE_COLOURS[row.grade]}">{DOT}</span> <b>{escape(grade_caption(row.grade))}</b>'
    parts = [f"<p><b>{escape(project_title(row.project))}</b></p>"]
    if finding is None:
        return "".join([*parts, f"<p>{grade}</p>", f"<p>{escape(text('dock.project_passed'))}</p>"])
    parts.append(f"<p>{grade} · {escape(rule_caption(finding.rule))}</p>")
    lines = []
    if target_title(finding):
        lines.append((text("dock.column.target"), target_title(finding)))
    if finding.area_m2 is not None:
        measured = [f"{finding.area_m2:,.2f} m²"]
        if area_text(finding.area_m2) not in measured:
            measured.insert(0, area_text(finding.area_m2))
        if finding.share_pct is not None:
            measured.append(text("dock.share_of_project", share=share_text(finding.share_pct)))
        lines.append((text("dock.offending_area"), " · ".join(measured)))
    lines.append((text("dock.column.advice"), finding.advice))
    if finding.basis:
        lines.append((text("dock.basis"), finding.basis))
    if finding.reviewed:
        lines.append((text("dock.column.review"), review_caption(finding.reviewed)))
    return "".join(parts + [_line(caption, value) for caption, value in lines])


def run_html(result: CheckResult, stale: bool) -> str:
    """What holds for the whole run, said once: when, by which rules, what could not be checked."""
    parts = [f"<p><b>{escape(text('dock.about_run'))}</b></p>"]
    if stale:
        parts.append(f"<p>{escape(text('dock.stale_explained'))}</p>")
    if result.run_at:
        parts.append(_line(text("dock.run_at"), run_time(result)))
    if result.rules_file:
        own = result.rules_file != DEFAULT_RULES
        parts.append(_line(text("dock.rules"), result.rules_file if own else text("dock.rules_default")))
    if result.dropped_slivers:
        parts.append(_line(text("dock.slivers"), text("dock.slivers_dropped", count=f"{result.dropped_slivers:,}")))
    if result.notes:
        notes = "".join(f"<li>{escape(str(note))}</li>" for note in result.notes)
        parts.append(f'<p>{escape(text("dock.notes"))}</p><ul style="margin-left:-24px">{notes}</ul>')
    parts.append(f"<p>{escape(text('dock.select_hint'))}</p>")
    return "".join(parts)


def summary_html(result: CheckResult) -> str:
    """Number of projects by grade, in one coloured line."""
    counts = [
        f'<span style="color:{GRADE_COLOURS[grade]}">{DOT}</span>&nbsp;'
        f"{escape(text(f'dock.grade.{grade}'))}&nbsp;<b>{count:,}</b>"
        for grade, count in result.summary.items()
        if count
    ]
    checked = text("dock.projects_checked", count=f"{len(result.projects):,}")
    return "&nbsp;&nbsp; ".join([escape(checked), *counts])


def summary_words(result: CheckResult) -> str:
    """The same for a screen reader."""
    counts = [f"{grade_caption(g)} {result.summary[g]}" for g in GRADES if result.summary[g]]
    return ", ".join([text("dock.projects_checked", count=len(result.projects)), *counts])


def run_time(result: CheckResult) -> str:
    """The time of a run, as people write it."""
    return result.run_at[:16].replace("T", " ")


def _line(caption: str, value: str) -> str:
    return f'<p style="margin-top:4px;margin-bottom:4px"><i>{escape(caption)}</i><br>{escape(value)}</p>'
