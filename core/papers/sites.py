"""Where photos were taken, offered as sites: a circle about each, with a word of doubt where the place looks wrong."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
import shapely

from ..intake.gcj02 import from_gcj02
from ..intake.projection import Place
from ..sites.around import discs
from ..sites.site import Site, combine, settle
from ..store.plan_file import read_plan
from ..store.project_papers import Paper
from ..texts import Message

#: What a first sketch of a site about a photo is (m).
USUAL_RADIUS_M = 50.0
#: Outlines that together are the city, the first that a plan has.
_CITY = ("restoration_zone", "admin_unit")


def site_about(papers: Sequence[Paper], radius_m: float, present: Any, how: str, place: Place | None = None) -> Site:
    """The ground within a radius of where photos were taken, with or instead of the site that is there.

    WGS84 counts as CGCS2000: they differ by less than a metre, a phone by several.

    Parameters
    ----------
    present
        The project's geometry (EPSG:4490), or None.
    how
        As `core.sites.site.combine`.
    place
        Where the plan's city lies: photos from another end of the country are no site.  None where that is unknown.

    Raises
    ------
    PlannerError
        As `discs`, `settle` and `combine`.
    """
    places = [(paper.longitude, paper.latitude) for paper in papers if paper.has_position]
    return combine(present, settle(discs(np.array(places, dtype=float).reshape(-1, 2), radius_m), place), how)


def doubts(plan: str | PathLike[str], papers: Sequence[Paper]) -> dict[int, Message]:
    """Number of a paper → why its position is to be looked at twice: it lies outside the plan's city.

    Some phones and programs write GCJ-02, the coordinates of Chinese web maps, into photos.  That shifts a place by
    some hundred metres, which shows only at the border: there it is said that undoing the shift would bring it inside.
    """
    located = [paper for paper in papers if paper.has_position]
    if not located:
        return {}
    city = _city(plan)
    if city is None:
        return {}
    points = np.array([(paper.longitude, paper.latitude) for paper in located], dtype=float)
    shapely.prepare(city)
    inside = shapely.covers(city, shapely.points(points))
    unshifted = shapely.covers(city, shapely.points(from_gcj02(points)))
    return {
        paper.id: Message.of("papers.perhaps_gcj02" if undone else "papers.outside_city")
        for paper, within, undone in zip(located, inside, unshifted)
        if not within
    }


def _city(plan: str | PathLike[str]) -> Any:
    """The ground that a plan covers; None where it has no outlines yet."""
    for table in _CITY:
        shapes = read_plan(plan, [table])[table].geometry
        if shapes is not None:
            there = shapes[~shapely.is_missing(shapes) & shapely.is_valid(shapes)]
            if len(there):
                return shapely.union_all(there)
    return None
