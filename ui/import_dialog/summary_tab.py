"""The first tab: how many rows become what, what wants attention, and what was found out."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from .chips import FateChips
from .values import Ready, no_mnemonic, sentence

#: Sentences that a planner should not overlook, beside doubts, misfits and what is dropped.
ATTENTION = (
    "intake.crs_far",
    "intake.gcj02_seen",
    "intake.other_datum",
    "intake.encoding_lie",
    "intake.values_unreadable",
    "intake.name_unreadable",
    "intake.name_cut",
    "intake.no_level",
    "intake.namesakes",
    "intake.code_twice",
    "intake.geometry_unused",
    "intake.damaged",
    "intake.axes_swapped",
)

MOST_LINES = 60


class SummaryTab(QWidget):
    """Chips and sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = FateChips(self)
        self.notes = QTextBrowser(self)
        self.notes.setOpenLinks(False)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(no_mnemonic(text("import_dialog.tab.summary")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(10)
        layout.addWidget(self.chips)
        layout.addWidget(self.notes, 1)

    def show_ready(self, ready: Ready) -> None:
        """Show what would be done."""
        self.chips.show_counts(
            {fate: ready.proposal.count(fate) for fate in ("added", "updated", "unchanged", "dropped")}
        )
        self.notes.setHtml(summary_html(ready))


def summary_html(ready: Ready) -> str:
    """What wants attention, then everything that was found out."""
    attention = attention_of(ready)
    found = [m for m in ready.report.found() if m.id not in ATTENTION]
    done = [m for m in ready.report.mendings() if m.id in ("intake.mended_total", "intake.area")]
    parts = []
    if attention:
        colour = GRADE_COLOURS["review"]
        parts.append(_section(text("import_dialog.attention"), attention, colour))
    parts.append(_section(text("import_dialog.found"), [sentence(m) for m in found]))
    if done:
        parts.append(_section(text("import_dialog.geometry"), [sentence(m) for m in done]))
    return "".join(parts)


def attention_of(ready: Ready) -> list[str]:
    """Sentences that should be read before importing; long lists in one sentence that names the tab."""
    said = [sentence(m) for m in ready.report.notes if m.id in ATTENTION][:MOST_LINES]
    near = sum(bool(d.candidates) for d in ready.proposal.doubts)
    unknown = len(ready.proposal.doubts) - near
    dropped = sum(change.dropped for change in ready.proposal.changes)
    counts = {
        "near": near,
        "unknown": unknown,
        "misfits": len(ready.proposal.mapped.misfits),
        "dropped": dropped,
    }
    said += [text(f"import_dialog.attention_{name}", count=count) for name, count in counts.items() if count]
    if ready.suggested:
        caption = text(f"schema.{ready.proposal.table.name}")
        said.insert(0, text("import_dialog.attention_suggested", table=caption))
    if not ready.proposal.count("added") and not ready.proposal.count("updated"):
        said.insert(0, text("import_dialog.nothing_changes"))
    return said


def _section(title: str, sentences: list[str], colour: str | None = None) -> str:
    mark = f'<span style="color:{colour}">▲</span> ' if colour else ""
    lines = "".join(f'<li style="margin-bottom:3px">{escape(s)}</li>' for s in sentences)
    return (
        f'<p style="margin:6px 0 2px 0">{mark}<b>{escape(title)}</b></p>'
        f'<ul style="margin-top:2px;margin-bottom:8px;margin-left:-22px">{lines}</ul>'
    )
