"""The outcome of a check as one HTML file: to read, to filter, to print on A4.

Nothing is fetched from anywhere: style, script and map are inside.  Without JavaScript everything
is shown and only sorting and filtering are missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from pathlib import Path

from ..palette import GRADE_COLOURS
from ..plan.tables import PlanTables
from ..siting.findings import GRADES, CheckResult
from ..texts import text
from .html_map import DrawnMap, draw_map
from .html_page import head, page, plan_title
from .html_sketches import draw_sketches
from .html_table import (
    MOST_BASES_IN_ROWS,
    Bases,
    findings_table,
    grade_badge,
    grade_rules,
    listed_projects,
    passed_list,
)
from .values import area_text, finite, grade_caption, rule_caption


def to_html(result: CheckResult, tables: PlanTables) -> bytes:
    """The whole document as UTF-8."""
    bases = Bases(in_rows=len(result.findings) <= MOST_BASES_IN_ROWS)
    title = plan_title(tables["plan"])
    listed = listed_projects(result)
    found = findings_table(result, tables, bases, listed)
    passed = passed_list(result)
    sections = [
        _summary(result),
        _notes(result),
        _map(draw_map(result, tables)),
        _by_rule(result),
        _sketches(result, tables),
        _section("findings", _findings(result, listed, found)),
        _section("passed", passed) if passed else "",
        _bases(bases),
        _method(result),
    ]
    return page(f"{title} · {text('report.title')}", _head(result, title), sections, grade_rules(), "report.js")


def _head(result: CheckResult, title: str) -> str:
    facts = {
        "plan": Path(result.plan).name,
        "run_at": result.run_at.replace("T", " "),
        "rules": _rules_name(result),
        "crs": text("report.crs"),
    }
    return head(title, text("report.title"), ((text(f"report.head.{key}"), value) for key, value in facts.items()))


def _rules_name(result: CheckResult) -> str:
    return text("report.default_rules") if result.rules_file == "default" else Path(result.rules_file).name


def _section(key: str, content: str) -> str:
    return f'<section class="s-{key}"><h2>{escape(text(f"report.section.{key}"))}</h2>{content}</section>'


def _summary(result: CheckResult) -> str:
    summary = result.summary
    cards = "".join(
        f'<li class="g-{grade}"><b>{count:,}</b><span>{escape(grade_caption(grade))}</span></li>'
        for grade, count in summary.items()
    )
    bar = "".join(
        f'<i style="flex-grow:{count};background:{GRADE_COLOURS[grade]}" title="{escape(grade_caption(grade))}"></i>'
        for grade, count in summary.items()
        if count
    )
    sentence = text("report.summary", projects=len(result.projects), findings=len(result.findings))
    sentence += text("report.slivers", count=result.dropped_slivers) if result.dropped_slivers else ""
    return _section(
        "summary",
        f'<p>{escape(sentence)}</p><ul class="cards">{cards}</ul><div class="bar">{bar}</div>',
    )


def _by_rule(result: CheckResult) -> str:
    """Findings counted by rule and grade, with the area that each rule touches."""
    if not result.findings:
        return ""
    counts = Counter((f.rule, f.grade) for f in result.findings)
    worst_first = sorted(result.findings, key=lambda f: GRADES.index(f.grade))
    rules = list(dict.fromkeys(f.rule for f in worst_first))
    grades = [g for g in GRADES if any(f.grade == g for f in result.findings)]
    area: defaultdict[str, float] = defaultdict(float)
    for finding in result.findings:
        area[finding.rule] += finite(finding.area_m2) or 0.0
    heads = "".join(f'<th scope="col">{grade_badge(g)}</th>' for g in grades)
    rows = "".join(
        f'<tr><th scope="row">{escape(rule_caption(rule))}</th>'
        + "".join(f"<td>{counts[rule, g] or ''}</td>" for g in grades)
        + f"<td>{area_text(area[rule]) if area[rule] else ''}</td></tr>"
        for rule in rules
    )
    return _section(
        "by_rule",
        f'<table class="by-rule"><thead><tr><th scope="col">{escape(text("report.column.rule"))}</th>{heads}'
        f'<th scope="col">{escape(text("report.column.area_sum"))}</th></tr></thead><tbody>{rows}</tbody></table>',
    )


def _notes(result: CheckResult) -> str:
    if not result.notes:
        return ""
    return _section("notes", "<ul>" + "".join(f"<li>{escape(str(note))}</li>" for note in result.notes) + "</ul>")


def _map(drawn: DrawnMap | None) -> str:
    if drawn is None:
        return ""
    legend = "".join(
        f'<li><svg width="22" height="14" aria-hidden="true">{entry.swatch}</svg>{escape(entry.caption)}</li>'
        for entry in drawn.legend
    )
    note = escape(text("report.map.note") + (text("report.map.note_links") if drawn.linked else ""))
    return _section(
        "map", f'<figure>{drawn.svg}<figcaption><ul class="legend">{legend}</ul><p>{note}</p></figcaption></figure>'
    )


def _sketches(result: CheckResult, tables: PlanTables) -> str:
    drawn = draw_sketches(result, tables)
    if not drawn:
        return ""
    left_out = sum(any(f.geometry is not None for f in p.findings) for p in result.projects) - len(drawn)
    note = f"<p>{escape(text('report.sketch.left_out', count=left_out))}</p>" if left_out else ""
    return _section("sketches", f'<div class="sketches">{"".join(drawn)}</div>{note}')


def _findings(result: CheckResult, listed: list[int], table: str) -> str:
    if not table:
        return f"<p>{escape(text('report.none_found'))}</p>"
    left_out = sum(bool(p.findings) for p in result.projects) - len(listed)
    note = f"<p>{escape(text('report.left_out', count=left_out))}</p>" if left_out else ""
    return note + _controls(result) + table


def _controls(result: CheckResult) -> str:
    """Filter and sorting, shown by the script that makes them work."""
    grades = "".join(
        f'<label class="g-{g}"><input type="checkbox" data-grade="{i}" checked>{escape(grade_caption(g))}</label>'
        for i, g in enumerate(GRADES)
        if any(p.grade == g and p.findings for p in result.projects)
    )
    rules = "".join(
        f'<option value="{escape(rule)}">{escape(rule_caption(rule))}</option>'
        for rule in dict.fromkeys(f.rule for f in result.findings)
    )
    orders = "".join(
        f'<option value="{key}">{escape(text(f"report.sort.{key}"))}</option>'
        for key in ("plan", "grade", "code", "area")
    )
    return (
        '<div class="controls" id="controls" hidden>'
        f'<label>{escape(text("report.filter.text"))}<input type="search" id="filter-text"></label>'
        f"<fieldset><legend>{escape(text('report.filter.grade'))}</legend>{grades}</fieldset>"
        f'<label>{escape(text("report.filter.rule"))}<select id="filter-rule"><option value="">'
        f"{escape(text('report.filter.all'))}</option>{rules}</select></label>"
        f'<label>{escape(text("report.sort"))}<select id="sort">{orders}</select></label>'
        f'<output id="shown" data-words="{escape(text("report.filter.shown"))}" aria-live="polite"></output></div>'
    )


def _bases(bases: Bases) -> str:
    if bases.in_rows or not bases.numbers:
        return ""
    entries = "".join(f'<li id="b{n}">{escape(basis)}</li>' for basis, n in bases.numbers.items())
    return _section("bases", f"<ol>{entries}</ol>")


def _method(result: CheckResult) -> str:
    sentences = [text("report.method.area"), text("report.method.gate"), text("report.method.grade")]
    if result.rules_file:
        sentences.insert(0, text("report.method.rules", rules=_rules_name(result)))
    written = "".join(f"<li>{escape(s)}</li>" for s in sentences)
    return _section("method", f"<ul>{written}</ul>")
