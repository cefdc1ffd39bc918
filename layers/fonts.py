"""Fonts that have Chinese characters."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtGui import QFont, QFontDatabase

#: Windows, macOS, then the free ones of Linux; the first that is installed is used.
CJK_FONTS = ("Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "SimHei")


def cjk_font(points: float, bold: bool = False) -> QFont:
    """A sans-serif font with Chinese characters on every system."""
    font = QFont(CJK_FONTS[0])
    font.setFamilies(list(CJK_FONTS))
    font.setPointSizeF(points)
    font.setBold(bold)
    return font


#: Typefaces of print, by kind: the ones that plans are set in first, then free ones of the same kind.
PRINT_FONTS: dict[str, tuple[str, ...]] = {
    "heiti": (
        "SimHei",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Microsoft YaHei",
        "Heiti SC",
        "PingFang SC",
        "WenQuanYi Zen Hei",
    ),
    "songti": (
        "SimSun",
        "STSong",
        "Songti SC",
        "Source Han Serif SC",
        "Source Han Serif CN",
        "Noto Serif CJK SC",
        "Noto Serif SC",
    ),
}


@dataclass(frozen=True)
class Typeface:
    """A font family of a kind (``heiti`` or ``songti``).

    Attributes
    ----------
    family
        A family that is installed, or the system's own where no Chinese one is.
    right_kind
        Whether it is of the kind asked for.
    chinese
        Whether it has Chinese characters.
    """

    family: str
    right_kind: bool
    chinese: bool


def typeface(kind: str, installed: list[str] | None = None) -> Typeface:
    """The first family of a kind that is installed, else of the other kind, else any that writes Chinese."""
    if installed is None:
        installed = installed_families()
    there = {name.partition(" [")[0]: name for name in installed}  # Qt adds the foundry where a name is taken twice
    other = "songti" if kind == "heiti" else "heiti"
    for family in (*PRINT_FONTS[kind], *PRINT_FONTS[other]):
        if family in there:
            return Typeface(family, family in PRINT_FONTS[kind], True)
    chinese = [name for name in there if name in _chinese_families()]
    return Typeface(sorted(chinese)[0] if chinese else QFont().defaultFamily(), False, bool(chinese))


def installed_families() -> list[str]:
    """The families that Qt knows."""
    return list(_fonts().families())


def _chinese_families() -> set[str]:
    system = getattr(QFontDatabase, "WritingSystem", QFontDatabase).SimplifiedChinese
    return set(_fonts().families(system))


def _fonts() -> QFontDatabase:
    # In Qt 6 everything about it is static and it cannot be made
    try:
        return QFontDatabase()
    except TypeError:
        return QFontDatabase
