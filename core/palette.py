"""Colours that maps, forms, reports and the dock share.

Kinds differ in hue and lightness at once, so that they stay apart for a colour-blind reader and in
grey print; ``tests/core/test_palette.py`` measures it.  All of them are defaults: a user changes
them in the layer's style.
"""

from __future__ import annotations

from collections.abc import Sequence

GRADE_COLOURS: dict[str, str] = {
    "violation": "#b3001b",
    "review": "#e07b00",
    "undetermined": "#7a7f87",
    "permitted": "#2b6cb0",
    "pass": "#2e7d4f",
}

PROJECT_TYPE_COLOURS: dict[str, str] = {
    "mine": "#733a1c",
    "forest_grass": "#85bf75",
    "soil_water": "#a77b24",
    "water": "#14a5f4",
    "farmland": "#f6e468",
    "urban": "#652d7b",
    "network": "#1ab8cf",
    "construction": "#838580",
    "mining": "#333535",
}
UNKNOWN_TYPE_COLOUR = "#e0e3de"

#: Calm fills for zones, from light to dark in steps of about 4 L*.
ZONE_COLOURS: tuple[str, ...] = (
    "#f9f4bf",
    "#dde7f6",
    "#b6e6cb",
    "#c9ccff",
    "#e6bd96",
    "#92c1cc",
    "#b2aea2",
    "#7fa7d2",
)

#: Control lines.  The binding colours stand in an appendix that could not be read: editable defaults.
RED_LINE_COLOUR = "#d7191c"
RESERVE_COLOURS: dict[str, str] = {"core": "#00572f", "general": "#3f9a4f"}
FARMLAND_COLOUR = "#b58900"
URBAN_BOUNDARY_COLOURS: dict[str, str] = {"concentrated": "#7a2f8f", "elastic": "#a45bb8", "special": "#c08fd0"}

#: Base data.
KEY_AREA_COLOUR = "#14452f"
ADMIN_COLOURS: dict[str, str] = {"county": "#4d4d4d", "town": "#7d7d7d", "part": "#9a9a9a"}
MINE_COLOURS: dict[str, str] = {"untreated": "#8c4a2f", "treated": "#b8a58f", "unknown": "#8a8a8a"}
WATER_COLOUR = "#338ec0"
WATER_FILL = "#bfe0f2"
ECOSYSTEM_COLOURS: dict[str, str] = {
    "1": "#3f8f4f",
    "2": "#8fb25a",
    "3": "#cfe08a",
    "4": "#65cdaa",
    "5": "#f2e3a0",
    "6": "#c98f86",
    "7": "#e6d2b5",
    "8": "#d0d0d0",
}

#: Land-use classes by system: the mapping standard's colours where it names one, ours for its four
#: classes without (07, 08, 10, 14); a survey class has the colour of its planning namesake.
LAND_USE_COLOURS: dict[str, dict[str, str]] = {
    "survey3": {
        "00": "#65cdaa",
        "01": "#f5f8dc",
        "02": "#bfe9aa",
        "03": "#68b167",
        "04": "#cdf57a",
        "05": "#ff0000",
        "06": "#a98362",
        "07": "#ffe98a",
        "08": "#ff8fd0",
        "09": "#859156",
        "10": "#b7b7b7",
        "11": "#338ec0",
        "12": "#eeeeee",
    },
    "planning2023": {
        "01": "#f5f8dc",
        "02": "#bfe9aa",
        "03": "#68b167",
        "04": "#cdf57a",
        "05": "#65cdaa",
        "06": "#d8d79f",
        "07": "#ffe98a",
        "0701": "#ffff2d",
        "0703": "#ffd380",
        "08": "#ff8fd0",
        "0801": "#ff00ff",
        "0802": "#e6005c",
        "0803": "#ff7f00",
        "0804": "#ff85c9",
        "0805": "#00a57c",
        "0806": "#ff7f7e",
        "0807": "#ff9f7f",
        "09": "#ff0000",
        "10": "#a98362",
        "1001": "#bb9674",
        "1002": "#9e6c54",
        "1003": "#0000ff",
        "11": "#8761d3",
        "1102": "#9999ff",
        "12": "#b7b7b7",
        "1202": "#adadad",
        "1205": "#999999",
        "1207": "#a3a3a3",
        "13": "#006380",
        "14": "#7fe08f",
        "1401": "#00ff00",
        "1402": "#148d4a",
        "1403": "#acffcf",
        "15": "#859156",
        "16": "#ffffff",
        "17": "#338ec0",
        "18": "#94d5eb",
        "19": "#56a6d3",
        "20": "#6c8bd1",
        "21": "#1aaae6",
        "22": "#83bcd6",
        "23": "#eeeeee",
        "24": "#d6eaf3",
    },
}

#: Which of them a plan with so few zones uses: far apart in lightness, pleasant together.
_FEW_ZONES: dict[int, tuple[int, ...]] = {
    1: (2,),
    2: (0, 4),
    3: (0, 2, 4),
    4: (0, 2, 4, 7),
    5: (0, 2, 3, 4, 7),
    6: (0, 2, 3, 4, 5, 7),
    7: (0, 1, 2, 3, 4, 5, 7),
}


def assign_zone_colours(neighbours: Sequence[set[int]]) -> list[str]:
    """A colour for each zone, so that neighbours differ as much in lightness as may be.

    Parameters
    ----------
    neighbours
        For each zone the positions of the zones that it touches.

    Returns
    -------
    list of str
        One of `ZONE_COLOURS` a zone.  Up to eight zones have a colour each; with more, a colour
        repeats, but as long as any other is free never beside itself.
    """
    count = len(neighbours)
    palette = len(ZONE_COLOURS)
    steps = _FEW_ZONES.get(count, tuple(range(palette)))
    chosen: dict[int, int] = {}
    used = dict.fromkeys(steps, 0)
    while len(chosen) < count:
        zone = max(
            (z for z in range(count) if z not in chosen),
            key=lambda z: (sum(n in chosen for n in neighbours[z]), len(neighbours[z]), -z),
        )
        beside = [chosen[n] for n in neighbours[zone] if n in chosen]
        fewest = min(used.values())
        step = max(
            used,
            key=lambda s: (
                s not in beside,
                used[s] == fewest,
                min((abs(s - b) for b in beside), default=0),
                -s,
            ),
        )
        chosen[zone] = step
        used[step] += 1
    return [ZONE_COLOURS[chosen[z]] for z in range(count)]
