"""The live check's strip at the top of the findings dock: the project in hand, its grade, ground and findings."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QHideEvent
from qgis.PyQt.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ..core.texts import text
from .live_words import findings_html, heading_html

if TYPE_CHECKING:
    from ..core.siting.shown import Shown

MOST_FINDINGS = 6


class LiveStrip(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerLiveStrip")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(text("live.title"))
        self._heading, self._findings = QLabel(self), QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 3, 6, 3)
        layout.setSpacing(1)
        for label in (self._heading, self._findings):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(label)
        layout.addStretch(1)
        self.hide()

    def show_found(self, shown: Shown, title: str, notes: list[str]) -> None:
        """Show a project's findings, the worst first."""
        lines = findings_html(shown, MOST_FINDINGS) or [escape(text("live.nothing"))]
        self._write(heading_html(shown, title), [*lines, *(f"<i>{escape(note)}</i>" for note in notes)])

    def show_words(self, sentence: str) -> None:
        """Say how it stands instead."""
        self._write(f"<i>{escape(sentence)}</i>", [])

    def words(self) -> str:
        """What it says."""
        return "\n".join(label.text() for label in (self._heading, self._findings) if not label.isHidden())

    def hideEvent(self, event: QHideEvent) -> None:
        """The next project may ask for less room."""
        super().hideEvent(event)
        self.setMinimumHeight(0)

    def _write(self, heading: str, lines: list[str]) -> None:
        self._heading.setText(f"<b>{escape(text('live.title'))}</b>&nbsp;&nbsp; {heading}")
        self._findings.setText("<br>".join(lines))
        self._findings.setVisible(bool(lines))
        # What is below must not go up and down with every move of the mouse: it only ever takes more room
        wanted = self.layout().totalHeightForWidth(self.width())
        self.setMinimumHeight(max(self.minimumHeight(), wanted if not self.isHidden() else 0))
        self.show()
