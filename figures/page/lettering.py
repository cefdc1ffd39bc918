"""Type on a page: formats and fonts, by what the QGIS at hand offers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from qgis.core import Qgis, QgsLayoutItemLabel, QgsLegendStyle, QgsTextFormat, QgsUnitTypes
from qgis.PyQt.QtGui import QColor, QFont

from ...layers.fonts import installed_families

#: Families whose digits change their glyphs after Latin letters, and Latin ones that can stand in for them.
_CHANGING = ("Noto Sans CJK", "Noto Serif CJK", "Noto Sans SC", "Noto Serif SC", "Source Han")
_STEADY = ("Arial", "Liberation Sans", "Open Sans", "DejaVu Sans", "Noto Sans Mono CJK SC")


def searchable_family(family: str, words: Iterable[str], installed: Collection[str] | None = None) -> str:
    """A family in which codes such as ``A1`` are found when a PDF is searched.

    Labels of a map go through QGIS's style format, which forgets the font's strategy (see `print_font`): there "A1"
    would be an A and a glyph without a character.  Codes without Chinese are then set in a Latin typeface.
    """
    found = [w for w in words if w]
    mixed = any(re.search(r"[A-Za-z][^\s\u2e80-]*\d", w) for w in found)
    if not mixed or not family.startswith(_CHANGING) or any(ord(c) >= 0x2E80 for w in found for c in w):
        return family
    there = installed_families() if installed is None else installed
    return next((name for name in _STEADY if name in there), family)


def print_font(family: str, points: float, bold: bool = False, italic: bool = False) -> QFont:
    """A font by family and size.

    Chinese and Latin need no shaping, and with it Qt writes the digits of Latin words into a PDF as glyphs that
    no search finds (Noto CJK, Source Han).
    """
    font = QFont(family)
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    font.setPointSizeF(points)
    font.setBold(bold)
    font.setItalic(italic)
    return font


def text_format(
    family: str, points: float, bold: bool = False, shade: str = "#1a1a1a", italic: bool = False
) -> QgsTextFormat:
    """The same as QGIS's own kind of format."""
    made = QgsTextFormat()
    made.setFont(print_font(family, points, bold, italic))
    if bold:
        made.setNamedStyle("Bold")
    made.setSize(points)
    made.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    made.setColor(QColor(shade))
    return made


def set_label_font(label: QgsLayoutItemLabel, font: QFont) -> None:
    """Give a label a font."""
    if Qgis.QGIS_VERSION_INT >= 32400:
        label.setTextFormat(text_format(font.family(), font.pointSizeF(), font.bold()))
    else:
        label.setFont(font)


def label_font(label: QgsLayoutItemLabel) -> QFont:
    """A label's font at its size."""
    if Qgis.QGIS_VERSION_INT >= 32400:
        found = label.textFormat()
        font = QFont(found.font())
        font.setPointSizeF(found.size())
        return font
    return QFont(label.font())


def set_legend_font(style: QgsLegendStyle, font: QFont) -> None:
    """Give a part of a legend a font."""
    if Qgis.QGIS_VERSION_INT >= 33000:
        style.setTextFormat(text_format(font.family(), font.pointSizeF(), font.bold()))
    else:
        style.setFont(font)
