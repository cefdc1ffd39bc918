"""Fonts that have Chinese characters."""

from __future__ import annotations

from qgis.PyQt.QtGui import QFont

#: Windows, macOS, then the free ones of Linux; the first that is installed is used.
CJK_FONTS = ("Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "SimHei")


def cjk_font(points: float, bold: bool = False) -> QFont:
    """A sans-serif font with Chinese characters on every system."""
    font = QFont(CJK_FONTS[0])
    font.setFamilies(list(CJK_FONTS))
    font.setPointSizeF(points)
    font.setBold(bold)
    return font
