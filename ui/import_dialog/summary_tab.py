"""The first tab: how many rows become what, what wants attention, and what was found out."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from .attention import ATTENTION, GCJ02_SEEN, attention_of
from .chips import FateChips
from .gcj02_offer import Gcj02Offer
from .values import Ready, no_mnemonic, sentence, shortened


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
        self.gcj02 = Gcj02Offer(self)
        layout.addWidget(self.chips)
        layout.addWidget(self.gcj02)
        layout.addWidget(self.notes, 1)

    def show_ready(self, ready: Ready) -> None:
        """Show what would be done."""
        self.chips.show_counts(
            {fate: ready.proposal.count(fate) for fate in ("added", "updated", "unchanged", "dropped")}
        )
        seen = [m for m in ready.report.notes if m.id == GCJ02_SEEN]
        self.gcj02.offer(sentence(seen[0]) if seen else "")
        self.notes.setHtml(summary_html(ready))


def summary_html(ready: Ready) -> str:
    """What wants attention, then everything that was found out."""
    attention = attention_of(ready)
    found = [m for m in ready.report.found() if m.id not in (*ATTENTION, GCJ02_SEEN)]
    done = [m for m in ready.report.mendings() if m.id in ("intake.mended_total", "intake.area")]
    parts = []
    if attention:
        colour = GRADE_COLOURS["review"]
        parts.append(_section(text("import_dialog.attention"), attention, colour))
    parts.append(_section(text("import_dialog.found"), [sentence(shortened(m)) for m in found]))
    if done:
        parts.append(_section(text("import_dialog.geometry"), [sentence(m) for m in done]))
    return "".join(parts)


def _section(title: str, sentences: list[str], colour: str | None = None) -> str:
    mark = f'<span style="color:{colour}">▲</span> ' if colour else ""
    lines = "".join(f'<li style="margin-bottom:3px">{escape(s)}</li>' for s in sentences)
    return (
        f'<p style="margin:6px 0 2px 0">{mark}<b>{escape(title)}</b></p>'
        f'<ul style="margin-top:2px;margin-bottom:8px;margin-left:-22px">{lines}</ul>'
    )
