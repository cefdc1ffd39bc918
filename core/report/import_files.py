"""The report of an import as a file: HTML to read, plain text, and a CSV table of what was mended or left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from html import escape
from pathlib import Path

from ..intake.import_report import ImportReport
from ..texts import Message, language, text
from .as_csv import safe_cell

FORMATS = ("html", "txt", "csv")
#: Columns of the CSV; captions are ``import_dialog.column.<name>``.
COLUMNS = ("id", "done", "reason", "before", "after", "change")
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


def _sections(report: ImportReport, words: Callable[[Message], str]) -> list[tuple[str, list[str]]]:
    parts = (("found", report.found()), ("fields", report.fields()), ("repairs", report.mendings()))
    return [
        (text(f"import_dialog.section.{name}"), [words(m) for m in messages] or [text(f"import_dialog.no_{name}")])
        for name, messages in (*parts, ("outcome", [report.outcome()]))
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
        # Numbers stay numbers, the sign of a change too
        areas = (change.area_before, change.area_after, change.area_after - change.area_before)
        cells = [safe_cell(str(change.id)), done, safe_cell(words(change.reason)), *(f"{area:.2f}" for area in areas)]
        writer.writerow(cells)
    return out.getvalue().encode("utf-8-sig")
