"""A project's history as HTML for its form: who changed what and when, the newest first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..core.errors import PlannerError
from ..core.texts import text

if TYPE_CHECKING:
    from ..core.history.saves import Change, Save

#: So many savings are shown in the form; the window shows all.
_SHOWN = 30
_STYLE = (
    "<style>table{border-collapse:collapse;width:100%}td{padding:2px 8px 2px 0;vertical-align:top}"
    ".when{white-space:nowrap;color:#5c6b73}.was{color:#8a5a00}.head td{border-top:1px solid #cfd8dc}</style>"
)


def history_html(plan_path: str, fid: int | None) -> str:
    """The history of a project as an HTML table in QGIS's language; a sentence where there is none, or no reading it.

    A project that is not saved yet has no key, or a negative one.
    """
    from ..core.history.saves import saves_of

    if not isinstance(fid, int) or fid < 0:
        return f"<p>{escape(text('history.not_saved_yet'))}</p>"
    try:
        saves = saves_of(plan_path, fid)
    except PlannerError as error:
        return f"<p>{escape(str(error))}</p>"
    if not saves:
        return f"<p>{escape(text('history.none'))}</p>"
    rows = "".join(_save_rows(save) for save in saves[:_SHOWN])
    more = len(saves) - _SHOWN
    tail = f"<p>{escape(text('history.more', count=more))}</p>" if more > 0 else ""
    return f"{_STYLE}<table>{rows}</table>{tail}"


def _save_rows(save: Save) -> str:
    from ..core.history.words import person_in_words, time_in_words

    when = f"{escape(time_in_words(save.at))}<br>{escape(person_in_words(save.who))}"
    words = [_change_words(change) for change in save.changes] or [escape(text(f"history.kind_{save.kind}"))]
    return f'<tr class="head"><td class="when">{when}</td><td>{"<br>".join(words)}</td></tr>'


def _change_words(change: Change) -> str:
    from ..core.history.words import field_caption

    caption = f"<b>{escape(field_caption(change.field))}</b>"
    if change.site is not None:
        return f"{caption} {escape(change.after)}"
    nothing = text("history.nothing")
    return f'{caption} <span class="was">{escape(change.before or nothing)}</span> → {escape(change.after or nothing)}'
