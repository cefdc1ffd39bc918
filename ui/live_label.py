"""The small label beside the cursor: what the live check has found, in a few lines; the mouse goes through it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QLabel

from .live_words import findings_html, heading_html

if TYPE_CHECKING:
    from ..core.siting.shown import Shown

MOST_FINDINGS = 3
#: From the cursor, and from the map's edges, in pixels; widest in digits of its font.
AWAY, EDGE, WIDEST = 20, 6, 52
#: A map that has no room for this many pixels on either side of the cursor is covered.
NARROWEST = 160


class LiveLabel(QLabel):
    """Stands on a map canvas and takes no mouse event."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas.viewport())
        self.setObjectName("RestorationPlannerLiveLabel")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        # Its own colours: it stands on a map, not in a window of some theme
        self.setStyleSheet(
            "QLabel { background: rgba(255, 255, 255, 235); color: #1d2327; border: 1px solid #75848c;"
            " border-radius: 4px; padding: 4px 6px; }"
        )
        self._ground: QPoint | None = None
        self.hide()

    def show_found(
        self, shown: Shown, title: str, notes: list[str], at: QPoint | None, ground: QPoint | None = None
    ) -> None:
        """Show a project's findings, the worst first; on the side of the cursor that is away from the ground's middle."""
        self._ground = ground
        lines = [heading_html(shown, title), *findings_html(shown, MOST_FINDINGS, brief=True)]
        lines += [f'<span style="color:#5b666d"><i>{escape(note)}</i></span>' for note in notes]
        self._write("<br>".join(lines), at)

    def show_words(self, sentence: str, at: QPoint | None) -> None:
        """Show one sentence instead."""
        self._write(f"<i>{escape(sentence)}</i>", at)

    def move_to(self, at: QPoint | None) -> None:
        """Stand beside a place of the map; where there is none, in its upper left corner."""
        room = self.parentWidget()
        if at is None or not room.rect().contains(at):
            self.move(EDGE, EDGE)
            return
        right, left = at.x() + AWAY, at.x() - AWAY - self.width()
        fits = {right: right + self.width() + EDGE <= room.width(), left: left >= EDGE}
        wanted, other = (left, right) if self._ground is not None and self._ground.x() > at.x() else (right, left)
        x = wanted if fits[wanted] or not fits[other] else other
        # Beside the cursor it covers it at no height
        y = min(at.y() + AWAY, room.height() - EDGE - self.height())
        self.move(max(min(x, room.width() - EDGE - self.width()), EDGE), max(y, EDGE))

    def _write(self, html: str, at: QPoint | None) -> None:
        if html != self.text():
            self.setText(html)
            # Never wider than the larger half of the map beside the cursor
            room = self.parentWidget().width() // 2 - AWAY - EDGE
            widest = min(WIDEST * self.fontMetrics().horizontalAdvance("0"), max(room, NARROWEST))
            self.setWordWrap(False)
            width = min(self.sizeHint().width(), widest)
            self.setWordWrap(True)
            self.resize(width, self.heightForWidth(width))
        self.move_to(at)
        self.show()
        self.raise_()
