"""What the files of an appendix are called.

In Chinese whatever the interface speaks: the plan's appendix goes by these names, and scripts find them.
"""

from __future__ import annotations

from ...core.file_names import plain_name
from ...core.texts import text
from ..catalogue import Figure

_NAMED_IN = "zh"


def file_stem(figure: Figure, city: str) -> str:
    """``图8_本溪市生态修复分区图``: what no file system takes is left out, what is too long is cut."""
    prefix = text("figures.file_prefix", _NAMED_IN, number=figure.number)
    return plain_name(f"{prefix}_{figure.title_for(city, _NAMED_IN)}")


def page_stem(stem: str, number: int, county: str) -> str:
    """``图8_本溪市生态修复分区图_01_平山区``: a county's page of a series, numbered from 1."""
    return f"{stem}_{number:02d}_{plain_name(county, 40)}".rstrip("_")


def file_name(stem: str, format_name: str) -> str:
    """A format's file: ``….pdf``, ``…_地理.pdf`` for a GeoPDF, which may lie beside the plain one, ``….tif``."""
    if format_name == "geopdf":
        return f"{stem}_{text('figures_export.geographic_suffix', _NAMED_IN)}.pdf"
    return f"{stem}.{'tif' if format_name == 'geotiff' else format_name}"


def bound_name(city: str) -> str:
    """``图集_本溪市国土空间生态修复规划.pdf``."""
    return f"{plain_name(text('figures_export.bound_file', _NAMED_IN, city=city))}.pdf"
