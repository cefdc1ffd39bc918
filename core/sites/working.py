"""From what was given to the site as it would be: one function for all ways, on arrays alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..intake.projection import Place
from ..plan.tables import Array, object_array
from ..texts import Message
from .along import part_between
from .around import corridor, discs
from .chosen import united, within
from .located import Located, locate
from .pasted import LINE, OUTLINE, POINTS
from .site import REPLACE, Site, combine, settle


@dataclass(frozen=True)
class Given:
    """What a planner gave.

    Attributes
    ----------
    kind
        ``outline``: polygons whose ground is meant; ``line``: lines with a width; ``points``: points with a radius.
    shapes
        ``(n,)`` geometries in EPSG:4490.
    ends
        Both ends of a stretch of lines; empty for the whole of them.
    further_lines
        Lines that the stretch may go over where those in `shapes` do not lead from end to end.
    """

    kind: str
    shapes: Array
    ends: tuple[tuple[float, float], ...] = ()
    further_lines: Array = field(default_factory=lambda: object_array([]))


@dataclass(frozen=True)
class Pasted:
    """What a planner pasted, and how it is to be read (see `located.locate`)."""

    text: str
    kind: str | None = None
    epsg: int | None = None
    web_map: bool = False
    known: Array = field(default_factory=lambda: object_array([]))


@dataclass(frozen=True)
class Wanted:
    """What is to become of it.

    Attributes
    ----------
    how
        See `site.combine`.
    present
        The project's geometry as it stands, or None.
    limits
        ``(n,)`` polygons that the ground has to lie within; None for no limit.
    """

    how: str = REPLACE
    present: Any = None
    limits: Array | None = None
    left_m: float = 0.0
    right_m: float = 0.0
    radius_m: float = 0.0
    place: Place | None = None


@dataclass(frozen=True)
class Outcome:
    """The ground given, the site as it would be with it, and how pasted text was understood."""

    given: Site
    then: Site
    located: Located | None = None


def work_out(given: Given | Pasted, wanted: Wanted) -> Outcome:
    """The site that comes of what was given.

    Raises
    ------
    ChoiceNeeded
        If a pasted text fits several coordinate systems.
    PlannerError
        If no site comes of it; the sentence says how to mend that.
    """
    located = None
    if isinstance(given, Pasted):
        located = locate(given.text, wanted.place, given.kind, given.epsg, given.web_map, given.known)
        given = Given(located.kind, located.shapes)
    with np.errstate(invalid="ignore"):  # GEOS raises the flag now and then, and answers right
        ground, notes = _ground(given, wanted)
        if wanted.limits is not None and len(wanted.limits):
            limit, _ = united(wanted.limits)
            settled = settle(ground, None, tuple(notes))
            inside = within(settled.geometry, limit)
            notes = list(settled.notes)
            if not shapely.covers(limit, settled.geometry):
                notes.append(Message.of("site.cut_at_limit"))
            ground = inside
        site = settle(ground, wanted.place, tuple(notes))
        return Outcome(site, combine(wanted.present, site, wanted.how), located)


def _ground(given: Given, wanted: Wanted) -> tuple[Any, list[Message]]:
    if given.kind == LINE:
        lines = given.shapes if not given.ends else object_array([_stretch(given)])
        return corridor(lines, wanted.left_m, wanted.right_m), []
    if given.kind == POINTS:
        return discs(shapely.get_coordinates(given.shapes), wanted.radius_m), []
    assert given.kind == OUTLINE, given.kind
    if len(given.shapes) == 1:  # what is wrong with one outline is told by its place
        return given.shapes[0], []
    return united(given.shapes)


def _stretch(given: Given) -> Any:
    if len(given.ends) < 2:
        raise PlannerError("site.second_place")
    start, end = given.ends
    try:
        return part_between(given.shapes, start, end)
    except PlannerError as error:
        if error.message.id != "site.not_connected" or not len(given.further_lines):
            raise
    return part_between(given.further_lines, start, end)
