"""The report of an import as a file: HTML to read, plain text, and a CSV table of what was mended or left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from ..intake.import_report import ImportReport
from ..intake.mending import Change
from ..texts import Message, language, text
from .as_csv import safe_cell

FORMATS = ("html", "txt", "csv")
#: Columns of the CSV; captions are ``import_dialog.column.<name>``.
COLUMNS = ("id", "done", "reason", "before", "after", "change")
#: Sentences that sum the repairs up, and those about names of places.
_TOTALS = ("intake.mended_total", "intake.area")
_NAMES = ("intake.name_near", "intake.name_several", "intake.name_none", "intake.names_none")
_STYLE = Path(__file__).with_name("report.css")


def render_import(
    report: ImportReport, source: str, plan: str, format_name: str, words: Callable[[Message], str] = str
) -> bytes:
    """The report in one of `FORMATS`, in the language in force.

    Parameters
    ----------
    source, plan
        Names of the file that came in and of the plan.
    words
        How a message becomes a sentence.
    """
    if format_name == "csv":
        return _csv(report, words)
    title = text("import_dialog.report_title", source=source, plan=plan)
    if format_name == "txt":
        return _plain(report, title, words).encode("utf-8-sig")
    return _html(report, title, words).encode("utf-8")


def sections(report: ImportReport) -> list[tuple[str, list[Message]]]:
    """The report's parts with all their sentences: the outcome first, then what led to it.

    Names of places stand in a part of their own, every one of them; repairs with the largest change of area first.
    """
    totals = [m for m in report.mendings() if m.id in _TOTALS]
    strange = [doubt.written for doubt in report.doubts if not doubt.candidates]
    names = [doubt.message() for doubt in report.doubts if doubt.candidates]
    if strange:
        names.append(Message.of("intake.names_none", count=len(strange), names=strange))
    return [
        ("outcome", [report.outcome(), *report.updates, *totals]),
        ("found", report.found()),
        ("fields", [m for m in report.fields() if m.id not in _NAMES]),
        ("names", names),
        ("repairs", [change.message() for change in by_size(report.changes)]),
    ]


def by_size(changes: Sequence[Change]) -> list[Change]:
    """Repairs, those that change an area most first."""
    return sorted(changes, key=lambda change: -abs(change.area_after - change.area_before))


def _sections(report: ImportReport, words: Callable[[Message], str]) -> list[tuple[str, list[str]]]:
    return [
        (text(f"import_dialog.section.{name}"), [words(m) for m in messages] or [text(f"import_dialog.no_{name}")])
        for name, messages in sections(report)
    ]


def _plain(report: ImportReport, title: str, words: Callable[[Message], str]) -> str:
    lines = [title, ""]
    for heading, sentences in _sections(report, words):
        lines += [heading, *(f"  - {sentence}" for sentence in sentences), ""]
    return "\r\n".join(lines)


def _html(report: ImportReport, title: str, words: Callable[[Message], str]) -> str:
    body = "".join(
        f"<section><h2>{escape(heading)}</h2><ul>{''.join(f'<li>{escape(s)}</li>' for s in sentences)}</ul></section>\n"
        for heading, sentences in _sections(report, words)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if language() == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<header><h1>{escape(title)}</h1></header>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _csv(report: ImportReport, words: Callable[[Message], str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([text(f"import_dialog.column.{name}") for name in COLUMNS])
    for change in report.changes:
        done = text("import_dialog.done_dropped" if change.dropped else "import_dialog.done_mended")
        # Numbers stay numbers, the sign of a change too; nothing has none
        areas = (change.area_before, change.area_after, change.area_after - change.area_before)
        cells = [
            safe_cell(str(change.id)),
            done,
            safe_cell(words(change.reason)),
            *(f"{round(area, 2) + 0.0:.2f}" for area in areas),
        ]
        writer.writerow(cells)
    return out.getvalue().encode("utf-8-sig")
