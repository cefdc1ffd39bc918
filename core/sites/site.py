"""A site as it is going to stand in the plan: put right where it crosses itself, measured, and joined with what was there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area, measure
from ..geometry.repair import repair
from ..intake.projection import Place
from ..plan.tables import Array, object_array
from ..texts import Message

M2_PER_HA = 10_000.0
#: Ground below this is a slip of the hand, as the check's gate has it (m²).
LEAST_M2 = 1.0
#: Narrower than this on average (m) is no ground but a line that rounding made.
LEAST_WIDTH_M = 0.05

#: What becomes of the site that is there already.
REPLACE, ADD, CUT = "replace", "add", "cut"

_WHERE = re.compile(r"\[(\S+) (\S+)\]")


@dataclass(frozen=True)
class Site:
    """Ground of a project.

    Attributes
    ----------
    geometry
        Valid MultiPolygon in EPSG:4490.
    area_m2
        Ellipsoidal area.
    notes
        What was put right, and what is worth a second look.
    """

    geometry: shapely.MultiPolygon
    area_m2: float
    notes: tuple[Message, ...] = ()

    @property
    def area_ha(self) -> float:
        """Area in hectares."""
        return self.area_m2 / M2_PER_HA

    @property
    def parts(self) -> int:
        """Number of separate pieces of ground."""
        return len(self.geometry.geoms)


def settle(shape: Any, place: Place | None = None, notes: tuple[Message, ...] = ()) -> Site:
    """The ground that a shape stands for.

    Parameters
    ----------
    shape
        A polygonal shapely geometry in EPSG:4490, valid or not.
    place
        Where the plan's city lies; None where that is unknown.
    notes
        What is to be told besides.

    Returns
    -------
    Site
        Where outlines crossed themselves, both sides count (``make_valid(method="structure")``), and a note says so.

    Raises
    ------
    PlannerError
        If there is no ground in it, less than `LEAST_M2`, or it lies away from the city altogether.
    """
    if shape is None or shapely.is_empty(shape):
        raise PlannerError("site.empty")
    flat = shapely.force_2d(shape)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise PlannerError("site.endless")
    repaired, reasons = repair(object_array([flat]))
    if repaired[0] is None:
        raise PlannerError("site.no_ground")
    geometry, dropped = _whole_pieces(repaired[0])
    area = float(ellipsoidal_area(geometry)) if geometry is not None else 0.0
    if geometry is None or area < LEAST_M2:
        raise PlannerError("site.too_small", area=area, least=LEAST_M2)
    told = [*notes, *(_crossing(reason, len(geometry.geoms), area) for reason in reasons.values())]
    if dropped:
        told.append(Message.of("site.dropped", count=dropped))
    told += _about_the_city(geometry, place)
    return Site(geometry, area, tuple(told))


def combine(present: Any, new: Site, how: str) -> Site:
    """The site after new ground has come to one that is there.

    Parameters
    ----------
    present
        The project's geometry, None or empty where it has none.
    how
        `REPLACE`, `ADD` (as further part) or `CUT` (the new ground is taken away).

    Raises
    ------
    PlannerError
        If there is nothing to cut from, nothing is cut, or nothing would be left.
    """
    with np.errstate(invalid="ignore"):  # GEOS raises the flag now and then, and answers right
        return _combine(present, new, how)


def _combine(present: Any, new: Site, how: str) -> Site:
    there = None if present is None or shapely.is_empty(present) else present
    if how == REPLACE or (there is None and how == ADD):
        return new
    if there is None:
        raise PlannerError("site.nothing_to_cut")
    repaired, reasons = repair(object_array([shapely.force_2d(there)]))
    old = repaired[0]
    notes = [*new.notes, *([Message.of("site.was_invalid")] if reasons else [])]
    if old is None:
        if how == ADD:
            return new
        raise PlannerError("site.nothing_to_cut")
    shared = float(ellipsoidal_area(shapely.intersection(old, new.geometry)))
    if how == ADD:
        if shared >= new.area_m2 - LEAST_M2:
            raise PlannerError("site.inside_already", ha=new.area_ha)
        if shared >= LEAST_M2:
            notes.append(Message.of("site.overlapped", ha=shared / M2_PER_HA))
        joined = _joined(old, new.geometry, shared > 0)
    else:
        if shared < LEAST_M2:
            raise PlannerError("site.cuts_nothing")
        joined = shapely.difference(old, new.geometry)
    geometry, _ = _whole_pieces(joined)
    if geometry is None or float(ellipsoidal_area(geometry)) < LEAST_M2:
        raise PlannerError("site.nothing_left")
    return Site(geometry, float(ellipsoidal_area(geometry)), tuple(notes))


def _joined(old: Any, new: Any, overlapping: bool) -> Any:
    """Both together; pieces that only stand beside each other keep their vertices as they are."""
    if not overlapping and not shapely.intersects(old, new):
        return shapely.multipolygons(shapely.get_parts(np.array([old, new], dtype=object)))
    return shapely.union(old, new)


def _whole_pieces(shape: Any) -> tuple[Any, int]:
    """The polygons of a geometry as a multipolygon without those that only rounding made; and how many those were."""
    pieces = shapely.get_parts(shapely.get_parts(shape))
    pieces = pieces[(shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(pieces)]
    if not len(pieces):
        return None, 0
    kept = _is_ground(pieces)
    if not kept.any():
        return None, len(pieces)
    return shapely.multipolygons(pieces[kept]), int((~kept).sum())


def _is_ground(polygons: Array) -> Array:
    area, perimeter = measure(polygons)
    wide: Array = 2 * area >= LEAST_WIDTH_M * perimeter
    return (area >= LEAST_M2) & wide


def _crossing(reason: str, parts: int, area: float) -> Message:
    """What GEOS found wrong, as a planner says it."""
    found = _WHERE.search(reason)
    values = {"parts": parts, "ha": area / M2_PER_HA}
    if found is None:
        return Message.of("site.repaired", **values)
    return Message.of("site.crossed", lon=float(found[1]), lat=float(found[2]), **values)


def _about_the_city(geometry: Any, place: Place | None) -> list[Message]:
    if place is None:
        return []
    bounds = shapely.bounds(geometry)
    if not place.meets(bounds[None])[0]:
        west, south, east, north = bounds.tolist()
        raise PlannerError("site.far_away", lon=(west + east) / 2, lat=(south + north) / 2)
    west, south, east, north = place.bounds
    outside = bounds[0] < west or bounds[1] < south or bounds[2] > east or bounds[3] > north
    return [Message.of("site.leaves_city")] if outside else []
