"""Key areas that reach out of their zone, and vertices that their borders do not share with what they follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..plan.tables import Array
from .edges import SAME_PLACE, Edges, changed_boxes, edges_of, joined, meetings
from .faults import Ground

_NO_PLACES = np.empty((0, 2))
_NO_GROUND = np.empty(0, dtype=object)


@dataclass(frozen=True)
class AreaFaults:
    """What is wrong with key areas: per area the ground outside its zone, and places of vertices not shared."""

    edges: tuple[Edges, ...]
    outside: tuple[Array, ...]
    unshared: tuple[Array, ...]


def find_area_faults(ground: Ground, areas: Array, homes: Sequence[int]) -> AreaFaults:
    """Faults of all key areas.

    Parameters
    ----------
    areas
        ``(k,)`` polygons, multipolygons or None.
    homes
        ``(k,)`` position of each one's zone, -1 for none.
    """
    edges = tuple(_edges(areas, position) for position in range(len(areas)))
    nothing = AreaFaults(edges, (_NO_GROUND,) * len(areas), (_NO_PLACES,) * len(areas))
    return _again(ground, areas, homes, nothing, np.ones(len(areas), bool))


def update_area_faults(
    ground: Ground, edited: Array, old: Array, areas: Array, homes: Sequence[int], known: AreaFaults
) -> AreaFaults:
    """Faults of key areas after an edit: only those are looked at where an edge of a zone or area changed.

    Parameters
    ----------
    edited
        Boxes around the zone edges that came or went.
    """
    same = np.array([was is now for was, now in zip(old, areas)], bool)
    edges = tuple(known.edges[k] if same[k] else _edges(areas, k) for k in range(len(areas)))
    boxes = [*edited, *changed_boxes(known.edges, edges)]
    concerned = ~same
    own = shapely.box(*(shapely.bounds(areas).T + [[-SAME_PLACE], [-SAME_PLACE], [SAME_PLACE], [SAME_PLACE]]))
    for box in boxes:
        concerned |= shapely.intersects(own, box)
    kept = AreaFaults(edges, known.outside, known.unshared)
    return _again(ground, areas, homes, kept, concerned)


def _again(ground: Ground, areas: Array, homes: Sequence[int], known: AreaFaults, which: Array) -> AreaFaults:
    outside, unshared = list(known.outside), list(known.unshared)
    every = joined(ground.edges[: len(ground.zones)]) if which.any() and len(ground.zones) else None
    for position in np.flatnonzero(which).tolist():
        area, home = areas[position], homes[position]
        outside[position], unshared[position] = _NO_GROUND, _NO_PLACES
        if area is None or shapely.is_empty(area) or every is None:
            continue
        if home >= 0 and ground.zones[home] is not None:
            outside[position] = _outside(area, ground.zones[home])
        own = known.edges[position]
        others = [e for k, e in enumerate(known.edges) if k != position and len(e)]
        unshared[position] = np.concatenate(
            [_unshared(own, _near(every, area)), *(_unshared(own, _near(e, area)) for e in others)]
        )
    return AreaFaults(known.edges, tuple(outside), tuple(unshared))


def _outside(area: shapely.Geometry, zone: shapely.Geometry) -> Array:
    """Pieces of an area outside its zone, but for seams between borders that nearly coincide."""
    if shapely.covers(zone, area):
        return _NO_GROUND
    parts = shapely.get_parts(shapely.difference(area, zone))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    wide: Array = parts[2 * shapely.area(parts) > SAME_PLACE * shapely.length(parts)]
    return wide


def _unshared(own: Edges, others: Edges) -> Array:
    """Places where one of two has a vertex on an edge of the other, which does not have it."""
    if not len(others):
        return _NO_PLACES
    lonely = own.take(~np.isin(own.key, others.key))
    mine, first = np.unique(lonely.start_id, return_index=True)
    new = ~np.isin(mine, others.start_id)
    of_own = meetings(lonely.start[first[new]], mine[new], others)
    theirs, at = np.unique(others.start_id, return_index=True)
    new = ~np.isin(theirs, own.start_id)
    of_others = meetings(others.start[at[new]], theirs[new], lonely)
    return np.concatenate([of_own.xy, of_others.xy])


def _near(edges: Edges, area: shapely.Geometry) -> Edges:
    """Edges that may touch an area."""
    west, south, east, north = shapely.bounds(area)
    low, high = np.minimum(edges.start, edges.end), np.maximum(edges.start, edges.end)
    reach = SAME_PLACE * 2
    return edges.take(
        (high[:, 0] >= west - reach)
        & (low[:, 0] <= east + reach)
        & (high[:, 1] >= south - reach)
        & (low[:, 1] <= north + reach)
    )


def _edges(areas: Array, position: int) -> Edges:
    return edges_of(areas[position : position + 1], [position])
