"""What goes into the panel of sites and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

#: Ways to give a site, as their actions are called.
DRAW, TOWNS, ZONE_PART, RIVER, POINTS, SELECTION, PASTE = (
    *("draw", "towns", "zone_part", "river", "points", "selection", "paste"),
)
WAYS = (DRAW, TOWNS, ZONE_PART, RIVER, POINTS, SELECTION, PASTE)

#: What becomes of what is given: three for the project in hand, one for a project that is not there yet.
REPLACE, ADD, CUT, NEW = "replace", "add", "cut", "new"

#: What can be picked, in the order it is offered.
PICKED = ("town", "county", "key_area", "restoration_zone")
#: What pasted places can mean, and the features of a layer.
OUTLINE, LINE, PLACES = "outline", "line", "points"


@dataclass(frozen=True)
class Target:
    """The project in hand: how it is called, and its site's area (ha) and parts, None where it has no site."""

    title: str
    area_ha: float | None = None
    parts: int = 0


@dataclass(frozen=True)
class Options:
    """What is set in the panel.

    Attributes
    ----------
    how
        What becomes of the ground given.
    limit
        Key of the limit that it has to lie within; empty for none.
    picked
        What the picking tool picks.
    between
        The river is followed between two places.
    left_m, right_m, radius_m
        Widths and radius in metres.
    pasted, kind, crs, web_map
        The pasted text; what it means and its coordinate system (empty: found out); whether it is from a web map.
    """

    how: str
    limit: str
    picked: str
    between: bool
    left_m: float
    right_m: float
    radius_m: float
    pasted: str
    kind: str
    crs: str
    web_map: bool


@dataclass(frozen=True)
class Shown:
    """What comes of it: the ground given and the site as it would be then, hectares; and what there is to say."""

    given_ha: float
    given_parts: int
    then_ha: float
    then_parts: int
    notes: tuple[str, ...] = ()
