"""The frame of every HTML report: one file that fetches nothing, with the shared style inside."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from ..plan.tables import Rows
from ..texts import language, text

_HERE = Path(__file__).parent


def page(title: str, header: str, sections: Iterable[str], style: str = "", script: str = "") -> bytes:
    """A whole document as UTF-8.

    Parameters
    ----------
    title
        Of the window, not yet escaped.
    header, sections
        Markup; empty sections are left out.
    style
        Rules before the shared ones of ``report.css``.
    script
        Name of a script file beside this module.
    """
    inside = f"<script>\n{asset(script)}</script>\n" if script else ""
    document = (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if language() == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>\n{style}{asset('report.css')}</style>\n</head>\n<body>\n{header}\n<main>\n"
        + "\n".join(s for s in sections if s)
        + f"\n</main>\n{inside}</body>\n</html>\n"
    )
    return document.encode("utf-8", "replace")


def head(plan_title: str, title: str, facts: Iterable[tuple[str, str]]) -> str:
    """The report's head: whose plan, what report, and facts as captions and values; empty ones are left out."""
    written = "".join(
        f"<div><dt>{escape(caption)}</dt><dd>{escape(value)}</dd></div>" for caption, value in facts if value
    )
    return f'<header><p class="plan">{escape(plan_title)}</p><h1>{escape(title)}</h1><dl>{written}</dl></header>'


def plan_title(plan: Rows) -> str:
    """The plan's name, from its table ``plan``."""
    names = plan["name"].tolist()
    return str(names[0]) if names and names[0] else text("report.unnamed_plan")


def asset(name: str) -> str:
    """The text of a file beside this module."""
    return (_HERE / name).read_text(encoding="utf-8")
