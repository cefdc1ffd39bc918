"""Text of a printed page that a search finds, whatever the project's fonts went through.

With Noto CJK and Source Han, shaping gives digits beside Latin letters glyphs that no character belongs to, and a PDF
reader finds `A` for `A3`.  `lettering.print_font` therefore asks Qt for no shaping.  But a project's XML does not keep
that: not in a layout that is cloned or read from a file, and never in a layer's labels, which a layout's map holds as
XML.  Fonts that say nothing of it follow the application's, and labels and legends of older QGIS are told once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import Qgis, QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLegendStyle, QgsPrintLayout
from qgis.PyQt.QtGui import QFont, QGuiApplication

_UNSHAPED = QFont.StyleStrategy.PreferNoShaping


@contextmanager
def searchable_text(layout: QgsPrintLayout) -> Iterator[None]:
    """While a layout is written: its text without shaping."""
    _tell_items(layout)
    before = QGuiApplication.font()
    # The one of QGuiApplication, not of QApplication: that would dress every widget anew
    QGuiApplication.setFont(_unshaped(before))
    try:
        yield
    finally:
        QGuiApplication.setFont(before)


def _tell_items(layout: QgsPrintLayout) -> None:
    """Labels before QGIS 3.24 and legends before 3.30 hold a whole font, which follows no other."""
    for item in layout.items():
        if isinstance(item, QgsLayoutItemLabel) and Qgis.QGIS_VERSION_INT < 32400:
            item.setFont(_unshaped(item.font()))
        elif isinstance(item, QgsLayoutItemLegend) and Qgis.QGIS_VERSION_INT < 33000:
            for part in (
                QgsLegendStyle.Style.Title,
                QgsLegendStyle.Style.Group,
                QgsLegendStyle.Style.Subgroup,
                QgsLegendStyle.Style.SymbolLabel,
            ):
                style = item.style(part)
                style.setFont(_unshaped(style.font()))
                item.setStyle(part, style)


def _unshaped(font: QFont) -> QFont:
    made = QFont(font)
    made.setStyleStrategy(_UNSHAPED)
    return made
