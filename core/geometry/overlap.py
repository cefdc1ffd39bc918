"""Overlaps and remainders of many small polygons against an index of large ones, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .area import measure
from .parallel import in_batches, never
from .polygon_index import Pairs, PolygonIndex

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Gate:
    """Pieces that are too small to be meant: they are not reported, but counted.

    Attributes
    ----------
    min_area_m2
        A piece under this ellipsoidal area is dropped.
    min_width_m
        A piece with a smaller mean width, 2·area/perimeter, is dropped.
    """

    min_area_m2: float = 1.0
    min_width_m: float = 0.05


@dataclass(frozen=True)
class Polygons:
    """Query geometries split into single polygons.

    ``parts`` ``(m,)`` polygons, ``owner`` ``(m,)`` position of the geometry each belongs to,
    ``bounds`` ``(m, 4)``, ``count`` the number of geometries.
    """

    parts: Array
    owner: Array
    bounds: Array
    count: int

    @classmethod
    def of(cls, geometries: Array) -> Polygons:
        """Split valid polygons, multipolygons or None into parts."""
        parts, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
        return cls(parts, owner, shapely.bounds(parts).reshape(-1, 4), len(geometries))

    def of_owners(self, mask: Array) -> Polygons:
        """Only the parts of some geometries (``(count,)`` boolean), numbered as before."""
        chosen = mask[self.owner]
        return Polygons(self.parts[chosen], self.owner[chosen], self.bounds[chosen], self.count)


@dataclass(frozen=True)
class Overlaps:
    """Connected pieces that passed the gate, summed a pair.

    Attributes
    ----------
    query, target
        ``(k,)`` positions of query geometry and target geometry.
    area_m2
        ``(k,)`` ellipsoidal area of the pieces kept.
    geometry
        ``(k,)`` multipolygons of the pieces kept.
    dropped
        Number of pieces that did not pass the gate.
    """

    query: Array
    target: Array
    area_m2: Array
    geometry: Array
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.query)


def overlaps(polygons: Polygons, index: PolygonIndex, gate: Gate, cancelled: Callable[[], bool] = never) -> Overlaps:
    """What the queries and each target have in common.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    crossing, inside = index.relate(polygons.parts)
    return overlaps_of_pairs(polygons, index, crossing, inside, gate, cancelled)


def overlaps_of_pairs(
    polygons: Polygons,
    index: PolygonIndex,
    crossing: Pairs,
    inside: Pairs,
    gate: Gate,
    cancelled: Callable[[], bool] = never,
) -> Overlaps:
    """As `overlaps`, for pairs of parts that are known to cross, or to lie inside."""
    local = index.neighbourhood(polygons.bounds[crossing.query], crossing.part)
    cut = in_batches(shapely.intersection, polygons.parts[crossing.query], local, cancelled=cancelled)
    return gathered(
        np.concatenate([cut, polygons.parts[inside.query]]),
        polygons.owner[np.concatenate([crossing.query, inside.query])],
        index.owner[np.concatenate([crossing.part, inside.part])],
        gate,
    )


def remainders(polygons: Polygons, index: PolygonIndex, gate: Gate, cancelled: Callable[[], bool] = never) -> Overlaps:
    """What of each query lies outside all targets together, which must not overlap one another.

    The result's ``target`` is 0 throughout.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    crossing, inside = index.relate(polygons.parts)
    outside = np.ones(len(polygons.parts), bool)
    outside[inside.query] = False
    outside[crossing.query] = False
    local = index.neighbourhood(polygons.bounds[crossing.query], crossing.part)
    cut_query, group = np.unique(crossing.query, return_inverse=True)
    order = np.argsort(group, kind="stable")
    masks = shapely.multipolygons(shapely.get_parts(local[order]), indices=_part_groups(local[order], group[order]))
    left = in_batches(shapely.difference, polygons.parts[cut_query], masks, cancelled=cancelled)
    query = np.concatenate([cut_query, np.flatnonzero(outside)])
    pieces = np.concatenate([left, polygons.parts[outside]])
    return gathered(pieces, polygons.owner[query], np.zeros(len(query), np.intp), gate)


def gathered(geometries: Array, query: Array, target: Array, gate: Gate) -> Overlaps:
    """Split into connected pieces, gate each, and sum what is kept a (query, target) pair."""
    pieces, source = shapely.get_parts(geometries, return_index=True)
    polygonal = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
    pieces, source = pieces[polygonal], source[polygonal]
    filled = ~shapely.is_empty(pieces)
    pieces, source = pieces[filled], source[filled]
    area, perimeter = measure(pieces)
    kept = (area >= gate.min_area_m2) & (2 * area >= gate.min_width_m * perimeter)
    pieces, source, area = pieces[kept], source[kept], area[kept]
    width = int(target.max()) + 1 if len(target) else 1
    pair, group = np.unique(query[source].astype(np.int64) * width + target[source], return_inverse=True)
    order = np.argsort(group, kind="stable")
    geometry = shapely.multipolygons(pieces[order], indices=group[order]) if len(pieces) else np.empty(0, object)
    summed = np.bincount(group, area, len(pair))
    return Overlaps(pair // width, pair % width, summed, geometry, int(len(kept) - kept.sum()))


def _part_groups(geometries: Array, group: Array) -> Array:
    """The group of each single part of some geometries."""
    _, source = shapely.get_parts(geometries, return_index=True)
    return group[source]
