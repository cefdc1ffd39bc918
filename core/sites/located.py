"""Where pasted coordinates lie: their coordinate system by their numbers and the plan's city, and web maps' offset ones told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..intake.asking import Choice, ChoiceNeeded
from ..intake.gcj02 import explains_offset, geometries_from_gcj02
from ..intake.projection import Place, choose_crs, to_plan_crs
from ..plan.schema import PLAN_EPSG
from ..plan.tables import Array
from ..texts import Message
from .pasted import as_meant, read_pasted

#: Of a meridian.
_KM_A_DEGREE = 111.2


@dataclass(frozen=True)
class Located:
    """Pasted places in EPSG:4490.

    Attributes
    ----------
    shapes
        ``(n,)`` polygons, lines or points, as ``kind`` says.
    kind
        ``outline``, ``line`` or ``points``.
    crs
        The coordinate system that they were read in, as the choice names it (``EPSG:4549``).
    choices
        Systems to choose from, that one included.
    from_web_map
        They look like the offset coordinates of a web map (GCJ-02); None where nothing tells.
    notes
        How they were understood.
    """

    shapes: Array
    kind: str
    crs: str
    choices: tuple[Choice, ...]
    from_web_map: bool | None
    notes: tuple[Message, ...]


def locate(
    pasted: str,
    place: Place | None,
    kind: str | None = None,
    epsg: int | None = None,
    web_map: bool = False,
    known: Any = (),
) -> Located:
    """Read a pasted text and find out where it is.

    Parameters
    ----------
    pasted
        See `pasted.read_pasted`.
    place
        Where the plan's city lies.
    kind
        What the places mean (`pasted.as_meant`).
    epsg
        The coordinate system that the planner names; found out where None.
    web_map
        They come from a web map in China: the offset of GCJ-02 is taken away.
    known
        Polygons in EPSG:4490, such as the plan's towns, by which GCJ-02 is recognised.

    Raises
    ------
    ChoiceNeeded
        If several coordinate systems fit.
    PlannerError
        If there are no coordinates, or they fit no coordinate system.
    """
    source = read_pasted(pasted)
    if source.geometry is None:
        raise PlannerError("site.pasted_nothing")
    notes = [note for note in source.notes if isinstance(note, Message)]
    shapes, found = as_meant(source.geometry, kind)
    choices: list[Choice] = []
    try:
        chosen, said = choose_crs(shapes, source.epsg, source.crs_wkt, place, None)
    except ChoiceNeeded as needed:
        if epsg is None:
            raise _far_off(needed, shapes, place) from None
        choices = needed.choices
    except PlannerError:
        if epsg is None:
            raise
    else:
        choices = [Choice(chosen.name, chosen.message())]
    if epsg is not None:
        chosen, said = choose_crs(shapes, None, None, place, epsg)
        if chosen.name not in [c.value for c in choices]:
            choices.append(Choice(chosen.name, chosen.message()))
    placed = to_plan_crs(shapes, chosen)
    if shapely.is_missing(placed).any():
        raise PlannerError("site.pasted_not_converted", crs=chosen.name)
    notes += said
    suspected = None
    if chosen.geographic and chosen.epsg in (PLAN_EPSG, 4326):
        suspected = None if web_map else _is_offset(placed, known)
        if web_map:
            placed = geometries_from_gcj02(placed)
            notes.append(Message.of("site.offset_taken_away"))
        elif suspected:
            notes.append(Message.of("site.looks_offset"))
    return Located(placed, found, chosen.name, tuple(choices), suspected, tuple(notes))


def _far_off(needed: ChoiceNeeded, shapes: Array, place: Place | None) -> ChoiceNeeded:
    """The question as it is; where there is but one answer, how far outside the plan that lies is what has to be said."""
    code = needed.choices[0].value.rpartition(":")[2]
    if place is None or len(needed.choices) != 1 or not code.isdigit():
        return needed
    candidate, _ = choose_crs(shapes, None, None, place, int(code))
    west, south, east, north = candidate.bounds
    across = max(west - place.bounds[2], place.bounds[0] - east, 0.0)
    along = max(south - place.bounds[3], place.bounds[1] - north, 0.0)
    parallel = math.cos(math.radians((south + north + place.bounds[1] + place.bounds[3]) / 4))
    km = _KM_A_DEGREE * math.hypot(across * parallel, along)
    return ChoiceNeeded("crs", needed.choices, "site.pasted_far", km=km, crs=candidate.name)


def _is_offset(shapes: Array, known: Any) -> bool | None:
    outlines = np.asarray(known, dtype=object).ravel()
    if not len(outlines):
        return None
    near = _near(outlines, shapes)
    compared = explains_offset(shapes, outlines[near]) if near.any() else None
    return None if compared is None else compared.is_gcj02


def _near(outlines: Array, shapes: Array) -> Array:
    """Which outlines lie so near that the offset (under a kilometre) may make the difference."""
    west, south, east, north = shapely.total_bounds(shapes) + (-0.02, -0.02, 0.02, 0.02)
    boxes = shapely.bounds(outlines)
    with np.errstate(invalid="ignore"):
        result: Array = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return result
