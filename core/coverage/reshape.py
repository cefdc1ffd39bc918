"""A border moved to a drawn line, in every feature that shares it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import substring

from ..errors import PlannerError
from ..plan.tables import Array
from .faces import Faces, faces_of
from .mosaic import Mosaic, Outcome, Tiles
from .transfer import refuse_crossing, relabelled

#: Places on a line nearer than this (degrees; 0.1 mm) are one.
_SAME_PLACE = 1e-9
#: A cut goes so far beyond the border (degrees): its computed end need not lie on the border to the last digit.
_OVERSHOOT = 1e-8
#: A line of which this share lies on the border moves nothing.
_FOLLOWS = 0.999
#: A key area follows a border where it has this share of what the neighbour's ground has of it.
_FOLLOWS_BORDER = 0.5


@dataclass(frozen=True)
class _Subject:
    """The feature whose border is moved, and where along the line it is met first and last."""

    position: int
    places: list[float]


def reshape_border(mosaic: Mosaic, line: shapely.LineString, of_areas: bool = False) -> Outcome:
    """Move the border between where a line first and last meets it to the line.

    Neighbours give and get what lies between the old border and the new one; key areas that had the old border as
    theirs follow it.

    Parameters
    ----------
    line
        The new border, EPSG:4490; what of it lies before the first and behind the last crossing does not count.
    of_areas
        Whether a key area's own border is moved, within its zone, instead of a zone's.

    Raises
    ------
    PlannerError
        If the line crosses itself, meets no border twice, follows the border, leaves the city or would swallow a zone.
    """
    refuse_crossing(line)
    tiles = mosaic.areas if of_areas else mosaic.zones
    subject = _subject_of(tiles, line)
    new = substring(line, max(subject.places[0] - _OVERSHOOT, 0.0), subject.places[-1] + _OVERSHOOT)
    outline = _reshaped(tiles.geometry[subject.position], line, subject.places)
    faces = faces_of(mosaic, new, [] if of_areas else [subject.position])
    points = shapely.point_on_surface(faces.polygons)
    shapely.prepare(outline)
    inside = shapely.contains(outline, points) & ~faces.narrow
    owner = faces.area if of_areas else faces.zone
    inside |= faces.narrow & (owner == subject.position)
    if of_areas:
        return _of_area(mosaic, faces, inside, subject.position)
    return _of_zone(mosaic, faces, inside, subject.position)


def _of_zone(mosaic: Mosaic, faces: Faces, inside: Array, position: int) -> Outcome:
    gained = inside & (faces.zone != position)
    lost = ~inside & (faces.zone == position)
    if not gained.any() and not lost.any():
        raise PlannerError("coverage.follows_border")
    if (gained & (faces.zone < 0)).any():
        raise PlannerError("coverage.leaves_city", zone=mosaic.zones.names[position])
    zone = np.where(gained, position, faces.zone)
    for piece in _pieces(faces, lost):
        heir = _longest(faces, piece, faces.zone, position)
        if heir < 0:
            raise PlannerError("coverage.leaves_gap", zone=mosaic.zones.names[position])
        zone[piece] = heir
    return relabelled(mosaic, faces, zone, _following(mosaic, faces, zone))


def _of_area(mosaic: Mosaic, faces: Faces, inside: Array, position: int) -> Outcome:
    gained = inside & (faces.area != position)
    lost = ~inside & (faces.area == position)
    if not gained.any() and not lost.any():
        raise PlannerError("coverage.follows_border")
    home = mosaic.zone_of_area[position]
    if (gained & ((faces.zone != home) if home >= 0 else (faces.zone < 0))).any():
        raise PlannerError("coverage.area_outside_zone", area=mosaic.areas.names[position])
    if not (inside & (faces.area == position)).any():
        raise PlannerError("coverage.swallows", zone=mosaic.areas.names[position])
    area = np.where(gained, position, np.where(lost, -1, faces.area))
    return relabelled(mosaic, faces, faces.zone, area)


def _subject_of(tiles: Tiles, line: shapely.LineString) -> _Subject:
    """The feature that the line meets at least twice, over the longest stretch."""
    borders = shapely.boundary(tiles.geometry)
    met = np.flatnonzero(~shapely.is_missing(borders) & shapely.intersects(borders, line))
    if not len(met):
        raise PlannerError("coverage.meets_nothing")
    on_border = shapely.length(shapely.intersection(shapely.union_all(borders[met]), line))
    if on_border >= _FOLLOWS * shapely.length(line):
        raise PlannerError("coverage.follows_border")
    candidates = []
    for position in met.tolist():
        places = _places(borders[position], line)
        if len(places) >= 2:
            candidates.append(_Subject(position, places))
    if not candidates:
        once = len(_places(shapely.union_all(borders[met]), line)) == 1
        raise PlannerError("coverage.touches_once" if once else "coverage.not_one_border")
    return max(candidates, key=lambda c: (round(c.places[-1] - c.places[0], 12), -c.position))


def _places(border: shapely.Geometry, line: shapely.LineString) -> list[float]:
    """Distances along a line at which it meets a border, each once."""
    shared = shapely.get_parts(shapely.intersection(border, line))
    points = shapely.points(shapely.get_coordinates(shared))
    if not len(points):
        return []
    along = np.sort(shapely.line_locate_point(line, points))
    apart = np.concatenate([[True], np.diff(along) > _SAME_PLACE])
    found: list[float] = along[apart].tolist()
    return found


def _reshaped(geometry: shapely.Geometry, line: shapely.LineString, places: list[float]) -> shapely.Geometry:
    """A polygon whose border is replaced, from one crossing to the next, by the line."""
    made = geometry
    for start, end in zip(places, places[1:]):
        stretch = substring(line, start, end)
        parts = list(shapely.get_parts(made))
        ends = shapely.points(shapely.get_coordinates(stretch)[[0, -1]])
        for at, part in enumerate(parts):
            rings = shapely.get_rings(part)
            holding = np.flatnonzero([(shapely.distance(ring, ends) <= _SAME_PLACE).all() for ring in rings])
            if not len(holding):
                continue
            if not shapely.covers(shapely.buffer(rings[holding[0]], _SAME_PLACE), stretch):
                filled = shapely.polygons(rings)
                filled[holding[0]] = _with_border(rings[holding[0]], stretch)
                parts[at] = shapely.difference(filled[0], shapely.union_all(filled[1:]))
            break
        polygons = shapely.get_parts(np.array(parts, dtype=object))
        made = shapely.multipolygons(polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON])
        if not shapely.is_valid(made):
            made = shapely.make_valid(made)
    return made


def _with_border(ring: shapely.LinearRing, stretch: shapely.LineString) -> shapely.Geometry:
    """What a ring holds with one of its two ways between the stretch's ends replaced by the stretch: the one that leaves more."""
    xy = shapely.get_coordinates(stretch)
    whole = shapely.linestrings(shapely.get_coordinates(ring))
    with np.errstate(invalid="ignore"):  # GEOS raises the flag on the ring's own ends, and answers right
        at = shapely.line_locate_point(whole, shapely.points(xy[[0, -1]]))
    low, high = float(at.min()), float(at.max())
    if at[0] > at[1]:
        xy = xy[::-1]
    first = shapely.get_coordinates(substring(whole, low, high))
    before = shapely.get_coordinates(substring(whole, 0.0, low))
    behind = shapely.get_coordinates(substring(whole, high, shapely.length(whole)))
    around = np.concatenate([before, xy, behind])
    through = np.concatenate([first, xy[::-1]])
    choices = [shapely.make_valid(shapely.polygons(c)) for c in (around, through) if len(np.unique(c, axis=0)) >= 3]
    filled = shapely.polygons(ring)
    return max(choices, key=lambda c: shapely.area(shapely.intersection(c, filled)))


def _pieces(faces: Faces, chosen: Array) -> list[Array]:
    label = faces.components(chosen)
    return [label == number for number in np.unique(label[chosen]).tolist()]


def _longest(faces: Faces, piece: Array, owner: Array, but: int) -> int:
    """The owner around a piece with the longest border to it; -1 where there is none."""
    one, other, length = faces.neighbours()
    outward = piece[one] != piece[other]
    outer = np.where(piece[one], other, one)[outward]
    weight = length[outward]
    around = owner[outer]
    found = (around >= 0) & (around != but)
    if not found.any():
        return -1
    return int(np.argmax(np.bincount(around[found], weight[found])))


def _following(mosaic: Mosaic, faces: Faces, zone: Array) -> Array:
    """New key areas of faces whose zone changes: their own is left, and one that had the old border follows it."""
    area: Array = np.where(zone != faces.zone, -1, faces.area)
    one, other, length = faces.neighbours()
    for piece in _pieces(faces, zone != faces.zone):
        heir = int(zone[np.flatnonzero(piece)[0]])
        outward = piece[one] != piece[other]
        outer = np.where(piece[one], other, one)[outward]
        weight = length[outward]
        in_heir = faces.zone[outer] == heir
        border = weight[in_heir].sum()
        for candidate in np.unique(faces.area[outer][in_heir]).tolist():
            if candidate >= 0 and weight[in_heir & (faces.area[outer] == candidate)].sum() >= _FOLLOWS_BORDER * border:
                area[piece] = candidate
    return area
