"""Which layers a plan has in QGIS, in which group they stand and in which order they are drawn."""

from __future__ import annotations

from pathlib import Path

from ..core.plan.schema import TABLES

STYLES = Path(__file__).resolve().parent / "styles"

#: Groups of the layer tree, from top to bottom, with their tables; captions are ``layers.group.<name>``.
GROUPS: dict[str, tuple[str, ...]] = {
    "plan": ("siting_finding", "project", "key_area", "restoration_zone"),
    "control": ("red_line", "nature_reserve", "basic_farmland", "urban_boundary"),
    "base": ("legacy_mine", "admin_unit", "river", "water_body", "ecosystem", "land_use"),
    "tables": (
        "plan",
        "programme",
        "unit_membership",
        "indicator",
        "indicator_value",
        "indicator_share",
        "siting_review",
    ),
}


def style_file(table: str) -> Path:
    """The QML file with a table's style and form."""
    return STYLES / f"{table}.qml"


def has_geometry(table: str) -> bool:
    """Whether a table is drawn."""
    return TABLES[table].geometry is not None
