"""The corner points (界址点) of a site: numbered, in a 3° Gauss–Krüger zone, X north and Y east as surveyors write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..plan.tables import Array, object_array
from .projection import epsg_of, to_crs, zones_of

#: Decimals of a coordinate in metres: the tolerance of the land survey (0.0001 m).
DECIMALS = 4
_LEAST_POINTS = 3


@dataclass(frozen=True)
class CornerRing:
    """One ring of a site.

    Attributes
    ----------
    number
        Of the ring (圈号), from 1 through all parts of the site.
    part
        Of the site, from 1.
    is_hole
        Whether it bounds a hole of its part.
    first
        Number of its first point; points are numbered through all rings.
    points
        ``(n, 2)`` X (north) and Y (east, the zone's number in front), metres, not rounded and not closed: outlines clockwise
        from their north-west corner, holes against the clock.
    """

    number: int
    part: int
    is_hole: bool
    first: int
    points: Array

    @property
    def closed(self) -> Array:
        """``(n + 1, 2)`` the points, the first once more at the end."""
        return np.vstack([self.points, self.points[:1]])

    @property
    def names(self) -> list[str]:
        """``J1``, ``J2`` … of the closed ring."""
        numbers = [*range(self.first, self.first + len(self.points)), self.first]
        return [f"J{number}" for number in numbers]


@dataclass(frozen=True)
class CornerPoints:
    """The rings of a site.

    Attributes
    ----------
    zone
        Of 3° that the coordinates are in.
    rings
        Part after part, each outline before its holes.
    lost
        Rings that have fewer than three points at the precision of the coordinates, and are not stated.
    stated
        Which of the geometry's parts (from 0) are stated: that of part 1, of part 2 …
    """

    zone: int
    rings: tuple[CornerRing, ...]
    lost: int = 0
    stated: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many points there are, repeated ones not counted."""
        return sum(len(ring.points) for ring in self.rings)

    @property
    def parts(self) -> int:
        """How many parts the site has."""
        return len(self.stated)


def middle_zone(geometries: Array) -> int:
    """The 3° zone that the middle of some geometries lies in; 0 where there is nothing."""
    present = object_array([g for g in geometries if g is not None and not g.is_empty])
    if not len(present):
        return 0
    return int(zones_of(object_array([shapely.GeometryCollection(present.tolist())]))[0])


def corner_points(geometry: Any, zone: int | None = None) -> CornerPoints:
    """Number the corners of a site and project them.

    Parameters
    ----------
    geometry
        A valid polygon or multipolygon in EPSG:4490.
    zone
        The 3° zone of the coordinates; that of the site's middle where None.
    """
    used = zone or middle_zone(object_array([geometry]))
    projected = to_crs(object_array([geometry]), epsg_of(used))[0]
    rings: list[CornerRing] = []
    stated: list[int] = []
    lost, first = 0, 1
    for place, polygon in enumerate(shapely.get_parts(projected)):
        outline = _corners(polygon.exterior, clockwise=True)
        if outline is None:
            lost += 1 + len(polygon.interiors)
            continue
        stated.append(place)
        for is_hole, points in [(False, outline), *((True, _corners(i, clockwise=False)) for i in polygon.interiors)]:
            if points is None:
                lost += 1
                continue
            rings.append(CornerRing(len(rings) + 1, len(stated), is_hole, first, points))
            first += len(points)
    return CornerPoints(used, tuple(rings), lost, tuple(stated))


def corner_rows(corners: CornerPoints, decimals: int = 3) -> Iterator[tuple[str, str, str, str]]:
    """Point, ring, X and Y of every point as printed; each ring ends with its first point."""
    for ring in corners.rings:
        for name, (north, east) in zip(ring.names, ring.closed.tolist()):
            yield name, str(ring.number), f"{north:.{decimals}f}", f"{east:.{decimals}f}"


def _corners(ring: Any, clockwise: bool) -> Array | None:
    """A ring's points as north and east, turned and begun as they are numbered; None where too few are left."""
    east_north = shapely.get_coordinates(ring)[:-1]
    stated = np.round(east_north, DECIMALS)
    repeated = (stated == np.roll(stated, 1, axis=0)).all(axis=1)
    points = east_north[~repeated]
    if len(np.unique(stated, axis=0)) < _LEAST_POINTS:
        return None
    local = points - points[0]
    x, y = local[:, 0], local[:, 1]
    signed = float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    if (signed < 0) != clockwise:
        points, x, y = points[::-1], x[::-1], y[::-1]
    start = int(np.argmax(y - x))
    return np.ascontiguousarray(np.roll(points, -start, axis=0)[:, ::-1])
