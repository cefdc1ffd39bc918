"""Paper and where things stand on it, in millimetres: what the page templates are made from.

A page has a title above a neat line, the map in its upper or left part with room for the graticule's
degrees around it, and a panel with legend, companion table, location, north arrow and scale; nothing
stands on the map, so nothing can hide what is on it, whatever the city's shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Box = tuple[float, float, float, float]  # left, top, width, height

#: Paper → longer side, shorter side, size of things against A3, size of type against A3.
PAPERS: dict[str, tuple[float, float, float, float]] = {
    "A4": (297, 210, sqrt(0.5), 0.8),
    "A3": (420, 297, 1, 1),
    "A1": (841, 594, 2, 1.7),
}
#: landscape and tall have their panel on the right, wide and portrait at the bottom.
ARRANGEMENTS = ("landscape", "wide", "portrait", "tall")
_UPRIGHT, _AT_THE_SIDE = ("portrait", "tall"), ("landscape", "tall")
ALL_PAGES = tuple(f"{paper}-{arrangement}" for paper in PAPERS for arrangement in ARRANGEMENTS)

#: On A3: margin, title, footer, room for degrees beside the map, panel.
_MARGIN, _TITLE, _FOOTER, _DEGREES = 10.0, 16.0, 7.0, 7.0
_PANEL = {"landscape": 104.0, "wide": 76.0, "portrait": 112.0, "tall": 98.0}
_PAD = 4.0
_ASIDE = 84.0

#: Points on A3.
TYPE_SIZES = {"title": 24.0, "figure_number": 13.0, "footer": 8.5, "scale": 8.5, "inset": 8.0}
LEGEND_SIZES = {"title": 13.0, "group": 9.5, "class": 8.5}
TABLE_SIZE = 8.0


@dataclass(frozen=True)
class Page:
    """A sheet of paper and the boxes on it.

    Attributes
    ----------
    name
        Paper and arrangement, ``A3-landscape``; the template's file is called so, in small letters.
    zoom, type_zoom
        Size of things and of type against A3.
    boxes
        Item id → box.
    """

    name: str
    width: float
    height: float
    zoom: float
    type_zoom: float
    boxes: dict[str, Box]


def page(name: str) -> Page:
    """The page called so, e.g. ``A3-portrait``."""
    paper, _, arrangement = name.partition("-")
    longer, shorter, zoom, type_zoom = PAPERS[paper]
    width, height = (shorter, longer) if arrangement in _UPRIGHT else (longer, shorter)
    boxes = _boxes(width / zoom, height / zoom, arrangement)
    scaled = {i: tuple(round(v * zoom, 2) for v in box) for i, box in boxes.items()}
    return Page(name, width, height, zoom, type_zoom, scaled)  # type: ignore[arg-type]


def pages_for(wanted: str) -> list[Page]:
    """Pages to choose from: one that is named in full, or the arrangements of a paper."""
    return [page(name) for name in ALL_PAGES if name == wanted or name.startswith(f"{wanted}-")]


def _boxes(width: float, height: float, arrangement: str) -> dict[str, Box]:
    left, right = _MARGIN, width - _MARGIN
    top, bottom = 8 + _TITLE + 2, height - _MARGIN - _FOOTER
    third = (right - left) / 3
    boxes: dict[str, Box] = {
        "figure_number": (left, 11, 34, 11),
        "title": (left + 36, 8, right - left - 72, _TITLE),
        "neatline": (left, top, right - left, bottom - top),
        "footer_left": (left, bottom + 1.5, third * 1.25, _FOOTER - 2),
        "footer_middle": (left + third * 1.25, bottom + 1.5, third, _FOOTER - 2),
        "footer_right": (left + third * 2.25, bottom + 1.5, third * 0.75, _FOOTER - 2),
    }
    size = _PANEL[arrangement]
    if arrangement in _AT_THE_SIDE:
        panel = (right - size, top, size, bottom - top)
        room = (left, top, right - left - size, bottom - top)
        boxes.update(_panel_at_the_side(panel))
    else:
        panel = (left, bottom - size, right - left, size)
        room = (left, top, right - left, bottom - top - size)
        boxes.update(_panel_below(panel))
    boxes["panel"] = panel
    x, y, w, h = room
    boxes["map"] = (x + _DEGREES, y + _DEGREES, w - 2 * _DEGREES, h - 2 * _DEGREES)
    return boxes


def _panel_at_the_side(panel: Box) -> dict[str, Box]:
    x, y, w, h = panel[0] + _PAD, panel[1] + _PAD, panel[2] - 2 * _PAD, panel[3] - 2 * _PAD
    below = y + h - 20
    middle = y + 57
    room = below - 4 - middle
    return {
        "inset_title": (x, y, w - 28, 5.5),
        "inset": (x + 5, y + 6.5, w - 33, 42),
        "north_arrow": (x + w - 22, y + 14, 20, 26),
        # The legend's box is the room that legend and table share; where the table's begins says how
        "legend": (x, middle, w, room),
        "table": (x, middle + room / 2, w, room / 2),
        "scale_bar": (x, below, w, 13),
        "scale_text": (x, below + 14, w, 6),
    }


def _panel_below(panel: Box) -> dict[str, Box]:
    x, y, w, h = panel[0] + _PAD, panel[1] + _PAD, panel[2] - 2 * _PAD, panel[3] - 2 * _PAD
    aside = x + w - _ASIDE
    half = (aside - 5 - x) / 2
    return {
        "legend": (x, y, aside - 5 - x, h),
        "table": (x + half, y, half, h),
        "inset_title": (aside, y, _ASIDE - 26, 5.5),
        "inset": (aside + 5, y + 6.5, _ASIDE - 31, h - 6.5 - 27),
        "north_arrow": (aside + _ASIDE - 22, y + (h - 49) / 2 + 2, 20, 26),
        "scale_bar": (aside, y + h - 20, _ASIDE, 13),
        "scale_text": (aside, y + h - 6, _ASIDE, 6),
    }
