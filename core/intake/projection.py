"""Which CRS a file's coordinates are in: what it states, checked against the numbers and the plan's city.

China's numbers give a good deal away.  Degrees, Gauss-Krueger eastings with their zone in front
(41 548 625 = zone 41), eastings without it (548 625) and web mercator lie in ranges of their own,
and so tell swapped axes, degrees labelled as metres and a wrong false easting.  An easting without
its zone fits 21 zones; where it lands relative to the plan's city tells which.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
import yaml

from ..errors import PlannerError
from ..geometry.parallel import in_batches, never
from ..geometry.proj_thread import in_proj_thread
from ..plan.schema import PLAN_EPSG
from ..plan.tables import Array, PlanTables
from ..texts import Message
from .asking import Choice, ChoiceNeeded

PLACES_FILE = Path(__file__).with_name("places.yaml")

#: Tables whose outlines show where the plan's city lies.
_OUTLINES = ("admin_unit", "restoration_zone", "key_area")
#: A city's surroundings, degrees: data of a city reaches a little beyond it.
_AROUND = 0.2
_CHINA = (70.0, 2.0, 140.0, 56.0)
_MOST_POINTS = 5000
_MOST_LISTED = 6
#: Farther from its central meridian (m) no Gauss-Krueger coordinate makes sense.
_WIDEST = 700_000.0
_CGCS2000 = (4488, 4509, 4478)
#: Older datums by a word of their names, with their own codes.
_FAMILIES = {"beijing": (2376, 2397, 21400), "xian": (2324, 2345, 2314), "xi'an": (2324, 2345, 2314)}
#: Farther off than this nobody would take UTM for Gauss-Krueger.
_NEAR_M = 10_000.0
_SAME_DATUM = ("china 2000", "cgcs", "china geodetic", "wgs", "world geodetic", "china_2000")


@dataclass(frozen=True)
class Place:
    """Where the plan's city lies: west, south, east, north in degrees."""

    bounds: tuple[float, float, float, float]

    def meets(self, bounds: Array) -> Array:
        """``(n,)`` whether boxes (west, south, east, north) meet the city's surroundings."""
        west, south, east, north = self.bounds
        low, high = bounds[:, :2], bounds[:, 2:]
        corners = np.array([west, south]) - _AROUND, np.array([east, north]) + _AROUND
        with np.errstate(invalid="ignore"):
            result: Array = (low <= corners[1]).all(axis=1) & (high >= corners[0]).all(axis=1)
        return result

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2


@dataclass(frozen=True)
class Candidate:
    """A CRS that the coordinates may be in.

    Attributes
    ----------
    definition, title, datum, geographic
        What PROJ makes it from, its name, its datum's name, and whether it is in degrees.
    epsg
        Its code, or None for one that only the file itself describes.
    reason
        Why it may be meant.
    swapped
        Whether the file has northing (latitude) first.
    bounds
        Where it puts the data: west, south, east, north in degrees.
    distance_km
        From the middle of the data to the middle of the city; None where the city's place is unknown.
    in_city
        Whether the data then meets the city's surroundings; None where the city's place is unknown.
    """

    definition: str
    title: str
    datum: str
    geographic: bool
    epsg: int | None
    reason: Message
    swapped: bool
    bounds: tuple[float, float, float, float]
    distance_km: float | None
    in_city: bool | None

    @property
    def name(self) -> str:
        """How a user names it."""
        return f"EPSG:{self.epsg}" if self.epsg else self.title

    def message(self) -> Message:
        """Name, reason, and where it puts the data."""
        west, south, east, north = self.bounds
        where = Message.of("intake.crs_where", west=west, south=south, east=east, north=north)
        if self.distance_km is not None:
            where = Message.of(
                "intake.crs_where_city", west=west, south=south, east=east, north=north, km=self.distance_km
            )
        return Message.of("intake.crs_candidate", name=self.name, reason=self.reason, where=where)


def place_of(tables: PlanTables) -> Place | None:
    """Where a plan's city lies: what its administrative code tells and its outlines; None where neither tells."""
    found = []
    codes = [str(code) for code in tables["plan"]["adcode"].tolist() if code]
    known = yaml.safe_load(PLACES_FILE.read_text(encoding="utf-8"))
    if codes and codes[0] in known:
        found.append(known[codes[0]])
    for name in _OUTLINES:
        geometry = tables[name].geometry
        if geometry is not None and len(shapely.get_coordinates(geometry)):
            found.append(shapely.total_bounds(geometry).tolist())
    if not found:
        return None
    west, south, east, north = zip(*found)
    return Place((min(west), min(south), max(east), max(north)))


@in_proj_thread
def choose_crs(
    geometry: Array, epsg: int | None, crs_wkt: str | None, place: Place | None, asked: int | None = None
) -> tuple[Candidate, list[Message]]:
    """The CRS of some geometries, and what has to be said about it.

    Parameters
    ----------
    geometry
        ``(n,)`` geometries or None, in the file's coordinates.
    epsg, crs_wkt
        What the file states.
    asked
        EPSG code that the user names; then only the order of the axes is found out.

    Raises
    ------
    ChoiceNeeded
        If several CRSs fit and nothing decides.
    PlannerError
        If no CRS fits.
    """
    points = _sample(geometry)
    if asked is not None:
        crs = _crs(asked)
        chosen = _fit(crs, points, place, Message.of("intake.crs_asked"))
        if chosen is None:
            raise PlannerError("intake.crs_impossible", crs=f"EPSG:{asked}", **_range(points))
        return chosen, _said(chosen)
    stated = _stated(epsg, crs_wkt)
    as_stated = None if stated is None else _fit(stated, points, place, Message.of("intake.crs_stated"))
    if as_stated is not None and as_stated.in_city is not False:
        return as_stated, _said(as_stated)
    others = [c for c in _by_numbers(points, place, stated) if as_stated is None or not _same(c, as_stated)]
    fitting = [c for c in others if c.in_city is not False]
    if as_stated is not None:
        if not fitting:
            return as_stated, [*_said(as_stated), Message.of("intake.crs_far", km=as_stated.distance_km)]
        raise _ask([*fitting, as_stated])
    if len(fitting) == 1:
        return fitting[0], [*_said(fitting[0]), *_or_utm(fitting[0], points)]
    if not others:
        raise PlannerError("intake.crs_unknown", **_range(points))
    raise _ask(fitting or others)


def _same(one: Candidate, other: Candidate) -> bool:
    definitions = one.definition, other.definition
    return bool(definitions[0] == definitions[1] or _from(definitions[0]) == _from(definitions[1]))


def _from(definition: str) -> Any:
    return pyproj.CRS.from_user_input(definition)


@in_proj_thread
def to_plan_crs(geometry: Array, candidate: Candidate, cancelled: Callable[[], bool] = never) -> Array:
    """Geometries in EPSG:4490, longitude first; where a coordinate cannot be converted, None.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    known = threading.local()  # a transformer belongs to one thread; `in_batches` has its threads made by Python

    def convert(xy: Array) -> Array:
        x, y = (xy[:, 1], xy[:, 0]) if candidate.swapped else (xy[:, 0], xy[:, 1])
        if candidate.epsg == PLAN_EPSG:
            return np.column_stack([x, y])
        if not hasattr(known, "transformer"):
            known.transformer = _transformer(_from(candidate.definition))
        return np.column_stack(known.transformer.transform(x, y))

    converted = in_batches(lambda shapes: shapely.transform(shapes, convert), geometry, cancelled=cancelled)
    coordinates, owner = shapely.get_coordinates(converted, return_index=True)
    converted[np.unique(owner[~np.isfinite(coordinates).all(axis=1)])] = None
    result: Array = converted
    return result


def _said(chosen: Candidate) -> list[Message]:
    notes = [Message.of("intake.crs_used", candidate=chosen.message())]
    if chosen.swapped:
        notes.append(Message.of("intake.axes_swapped"))
    if not any(known in chosen.datum.lower() for known in _SAME_DATUM):
        notes.append(Message.of("intake.other_datum", datum=chosen.datum))
    return notes


def _ask(candidates: list[Candidate]) -> ChoiceNeeded:
    choices = [Choice(c.name, c.message()) for c in candidates]
    listed: list[object] = [choice.caption for choice in choices[:_MOST_LISTED]]
    return ChoiceNeeded("crs", choices, "intake.crs_ask", count=len(candidates), candidates=listed)


def _range(points: Array) -> dict[str, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    return {"x0": float(low[0]), "x1": float(high[0]), "y0": float(low[1]), "y1": float(high[1])}


def _sample(geometry: Array) -> Array:
    points = shapely.get_coordinates(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        raise PlannerError("intake.no_geometry")
    every = max(len(points) // _MOST_POINTS, 1)
    extremes = np.concatenate([points.argmin(axis=0), points.argmax(axis=0)])
    return np.concatenate([points[::every], points[extremes]])


def _by_numbers(points: Array, place: Place | None, stated: Any) -> Iterator[Candidate]:
    """CRSs that the ranges of the numbers suggest, likeliest first."""
    for easting, northing in ((points[:, 0], points[:, 1]), (points[:, 1], points[:, 0])):
        for code, reason in _codes(easting, northing, stated):
            found = _fit(_crs(code), points, place, reason)
            if found is not None:
                yield found


def _codes(easting: Array, northing: Array, stated: Any) -> Iterator[tuple[int, Message]]:
    west, east, south, north = easting.min(), easting.max(), northing.min(), northing.max()
    if _CHINA[0] <= west and east <= _CHINA[2] and _CHINA[1] <= south and north <= _CHINA[3]:
        labelled = stated is not None and not stated.is_geographic
        yield PLAN_EPSG, Message.of("intake.crs_labelled_metres" if labelled else "intake.crs_degrees")
        return
    if not (south >= 200_000 and north <= 8_000_000):
        return
    narrow, narrow_plain, wide = _family(stated)
    zone = int(np.median(easting) // 1e6)
    if 13 <= zone <= 45 and zone != 24 and zone * 1e6 < west and east < (zone + 1) * 1e6:
        contradicted = stated is not None and not stated.is_geographic
        reason = Message.of("intake.crs_prefix_contradicts" if contradicted else "intake.crs_prefix", zone=zone)
        yield (narrow + zone if zone >= 25 else wide + zone), reason
    if west > 0 and east < 1_000_000:
        meridian = _central_meridian(stated)
        if meridian is not None and meridian % 3 == 0 and 25 <= meridian / 3 <= 45:
            yield narrow_plain + int(meridian / 3), Message.of("intake.crs_no_prefix", zone=int(meridian / 3))
        for zone in range(25, 46):
            if meridian != 3 * zone:
                yield narrow_plain + zone, Message.of("intake.crs_metres", zone=zone)
    if west >= 7_700_000 and east <= 15_700_000:
        yield 3857, Message.of("intake.crs_mercator")


def _or_utm(chosen: Candidate, points: Array) -> list[Message]:
    """UTM has eastings like those without a zone, on 6° zones: where it would fit as well, that is said."""
    if chosen.geographic or points[:, 0].max() >= 1_000_000:
        return []
    longitude = (chosen.bounds[0] + chosen.bounds[2]) / 2
    zone = int((longitude + 180) // 6) + 1
    utm = _fit(_crs(32600 + zone), points[:, ::-1] if chosen.swapped else points, None, Message.of("intake.crs_asked"))
    if utm is None:
        return []
    *_, metres = pyproj.Geod(ellps="GRS80").inv(*chosen.bounds[:2], *utm.bounds[:2])
    return [Message.of("intake.crs_or_utm", name=utm.name, km=metres / 1000)] if metres < _NEAR_M else []


def _family(stated: Any) -> tuple[int, int, int]:
    """EPSG code − zone of the Gauss-Krueger systems on the stated datum: 3° with the zone in front, without, 6° with it."""
    datum = str(stated.datum.name).lower() if stated is not None and stated.datum else ""
    return next((codes for word, codes in _FAMILIES.items() if word in datum), _CGCS2000)


def _fit(crs: Any, points: Array, place: Place | None, reason: Message) -> Candidate | None:
    """The CRS with the order of axes that puts the points somewhere sensible; None where neither does."""
    landed = {swapped: _landing(crs, points[:, ::-1] if swapped else points) for swapped in (False, True)}
    in_china = [s for s in (False, True) if landed[s] is not None and _inside(landed[s], _CHINA)]
    possible = in_china or [s for s in (False,) if landed[s] is not None and crs.is_geographic]
    if not possible:
        return None
    swapped = possible[0]
    lonlat = landed[swapped]
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    distance = in_city = None
    if place is not None:
        middle = (low + high) / 2
        *_, metres = pyproj.Geod(ellps="GRS80").inv(*place.middle, float(middle[0]), float(middle[1]))
        distance, in_city = metres / 1000.0, _meets(bounds, place.bounds)
    epsg = crs.to_epsg()
    described = str(crs.srs), str(crs.name), str(crs.datum.name if crs.datum else "")
    return Candidate(*described, bool(crs.is_geographic), epsg, reason, swapped, bounds, distance, in_city)


def _landing(crs: Any, points: Array) -> Any:
    """Longitudes and latitudes of points, or None where they are no coordinates of that CRS."""
    if crs.is_geographic:
        return points if (np.abs(points) <= (180, 90)).all() else None
    false_easting = _parameter(crs, "False easting")
    if "mercator" in str(getattr(crs.coordinate_operation, "method_name", "")).lower() and false_easting is not None:
        transverse = "transverse" in crs.coordinate_operation.method_name.lower()
        if transverse and (np.abs(points[:, 0] - false_easting) > _WIDEST).any():
            return None
    lonlat = np.column_stack(_transformer(crs).transform(points[:, 0], points[:, 1]))
    return lonlat if np.isfinite(lonlat).all() else None


def _inside(lonlat: Array, box: tuple[float, float, float, float]) -> bool:
    return bool(((lonlat >= box[:2]) & (lonlat <= box[2:])).all())


def _meets(data: tuple[float, ...], city: tuple[float, ...]) -> bool:
    return (
        data[0] <= city[2] + _AROUND
        and data[2] >= city[0] - _AROUND
        and data[1] <= city[3] + _AROUND
        and data[3] >= city[1] - _AROUND
    )


def _crs(code: int) -> Any:
    try:
        return pyproj.CRS.from_epsg(code)
    except pyproj.exceptions.CRSError:
        raise PlannerError("intake.crs_no_such", code=code) from None


def _stated(epsg: int | None, wkt: str | None) -> Any:
    try:
        crs = pyproj.CRS.from_epsg(epsg) if epsg is not None else pyproj.CRS.from_wkt(wkt) if wkt else None
    except pyproj.exceptions.CRSError:
        return None
    return None if crs is None or not (crs.is_geographic or crs.is_projected) else crs


def _transformer(crs: Any) -> Any:
    return pyproj.Transformer.from_crs(crs, pyproj.CRS.from_epsg(PLAN_EPSG), always_xy=True)


def _central_meridian(crs: Any) -> float | None:
    return None if crs is None else _parameter(crs, "Longitude of natural origin")


def _parameter(crs: Any, name: str) -> float | None:
    operation = crs.coordinate_operation
    return next((float(p.value) for p in operation.params if p.name == name), None) if operation else None
