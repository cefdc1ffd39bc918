"""Ground that is there already, chosen: towns, key areas, zones, another layer's outlines, all of it or what lies within."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import measure
from ..geometry.repair import repair
from ..plan.tables import Array
from ..texts import Message
from .site import LEAST_M2, LEAST_WIDTH_M


def united(shapes: Any) -> tuple[Any, list[Message]]:
    """Outlines as one piece of ground.

    Parameters
    ----------
    shapes
        ``(n,)`` polygons or multipolygons in EPSG:4490; None and what is no polygon is passed over.

    Returns
    -------
    ground
        Their union, without the hair-wide gaps that neighbours' differing vertices leave between them.
    notes
        What was put right.

    Raises
    ------
    PlannerError
        If none of them has any ground.
    """
    given = np.asarray(shapes, dtype=object).ravel()
    sound, reasons = repair(given)
    there = sound[~shapely.is_missing(sound)]
    if not len(there):
        raise PlannerError("site.nothing_chosen")
    notes = [Message.of("site.mended_outlines", count=len(reasons))] if reasons else []
    together = shapely.union_all(there) if len(there) > 1 else there[0]
    filled, gaps = _without_hairlines(together)
    if gaps:
        notes.append(Message.of("site.gaps_closed", count=gaps))
    return filled, notes


def within(shape: Any, frame: Any) -> Any:
    """What of a shape lies within a frame, such as a zone; both polygonal, in EPSG:4490, valid or not.

    Raises
    ------
    PlannerError
        If nothing of it does.
    """
    return _cut(shape, frame, shapely.intersection, "site.not_within")


def without(shape: Any, taken: Any) -> Any:
    """What of a shape lies outside another.

    Raises
    ------
    PlannerError
        If nothing is left.
    """
    return _cut(shape, taken, shapely.difference, "site.nothing_left")


def _cut(shape: Any, other: Any, operation: Any, nothing: str) -> Any:
    sound, _ = repair(np.array([shape, other, None], dtype=object)[:-1])
    if sound[0] is None:
        raise PlannerError("site.no_ground")
    left = sound[0] if sound[1] is None else operation(sound[0], sound[1])
    kept, _ = repair(np.array([left, None], dtype=object)[:-1])
    if sound[1] is None and operation is shapely.intersection or kept[0] is None:
        raise PlannerError(nothing)
    return kept[0]


def _without_hairlines(ground: Any) -> tuple[Any, int]:
    """A geometry whose holes are all wide enough to be meant."""
    polygons = shapely.get_parts(ground)
    rings = [shapely.get_rings(p) for p in polygons]
    made, closed = [], 0
    for polygon, (shell, *holes) in zip(polygons, rings):
        if not holes:
            made.append(polygon)
            continue
        area, perimeter = measure(shapely.polygons(np.array(holes, dtype=object)))
        meant: Array = (area >= LEAST_M2) & (2 * area >= LEAST_WIDTH_M * perimeter)
        closed += int((~meant).sum())
        kept = [hole for hole, keep in zip(holes, meant.tolist()) if keep]
        made.append(shapely.Polygon(shell, kept))
    return (shapely.multipolygons(made) if closed else ground), closed
