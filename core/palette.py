"""Colours that maps, forms, reports and the dock share.

Kinds differ in hue and lightness at once, so that they stay apart for a colour-blind reader and in
grey print; ``tests/core/test_palette.py`` measures it.
"""

from __future__ import annotations

GRADE_COLOURS: dict[str, str] = {
    "violation": "#b3001b",
    "review": "#e07b00",
    "undetermined": "#7a7f87",
    "permitted": "#2b6cb0",
    "pass": "#2e7d4f",
}

PROJECT_TYPE_COLOURS: dict[str, str] = {
    "mine": "#8c564b",
    "forest_grass": "#4c9f38",
    "soil_water": "#c9a227",
    "water": "#3b8bc4",
    "farmland": "#e6d36b",
    "urban": "#d98cb3",
    "network": "#1b7f79",
    "construction": "#5b5b5b",
    "mining": "#2f2f2f",
}
UNKNOWN_TYPE_COLOUR = "#bdbdbd"

#: Calm fills for zones, in the order of assignment.
ZONE_COLOURS: tuple[str, ...] = (
    "#f3d9a4",
    "#9dc3a4",
    "#cfe3f2",
    "#8fa9cf",
    "#e3b7b1",
    "#c8d48a",
    "#b79fc4",
    "#f2efe2",
)

RED_LINE_COLOUR = "#d7191c"
