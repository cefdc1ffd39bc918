"""The plugin's icons: one family of drawings that reads on light and dark themes.

They are read from their files, so nothing has to be compiled; ``resources.qrc`` lists the same files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qgis.PyQt.QtCore import QRect, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap

FOLDER = Path(__file__).resolve().parent / "icons"
SWATCH = 64


def icon(name: str) -> QIcon:
    """The icon of a file in ``ui/icons``, drawn when it is first shown."""
    return QIcon(str(FOLDER / f"{name}.svg"))


@cache
def swatch(colour: str) -> QIcon:
    """A round mark in a colour, sharp at any screen resolution."""
    pixmap = QPixmap(SWATCH, SWATCH)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    margin = SWATCH // 6
    painter.drawEllipse(QRect(margin, margin, SWATCH - 2 * margin, SWATCH - 2 * margin))
    painter.end()
    made = QIcon(pixmap)
    # In a selected line too the colour must be the grade's own, not one mixed with the selection's
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
