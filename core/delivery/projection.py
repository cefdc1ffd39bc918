"""The CRSs that deliveries are made in: EPSG:4490, and 3° Gauss-Krüger zones with the zone in the easting.

Zone n has its central meridian at 3n° and, with its number in front of the easting, EPSG 4488 + n
(25 → 4513 … 45 → 4533).
"""

from __future__ import annotations

import re

import numpy as np
import pyproj
import shapely

from ..errors import PlannerError
from ..geometry.proj_thread import in_proj_thread
from ..plan.schema import PLAN_EPSG
from ..plan.tables import Array

#: What a user names instead of an EPSG code for one file for each zone.
ZONES = "zones"
FIRST_ZONE, LAST_ZONE = 25, 45
_OFFSET = 4488
_HALF_ZONE = 1.5
#: Farther from its meridian (degrees) than China is wide, a zone's coordinates mean nothing.
_FARTHEST = 65.0


def crs_asked(written: str | int | None) -> int | str:
    """An EPSG code, or `ZONES`.

    Raises
    ------
    PlannerError
        If it is no CRS that deliveries are made in.
    """
    if written is None or not str(written).strip():
        return PLAN_EPSG
    plain = str(written).strip().upper()
    if plain == ZONES.upper():
        return ZONES
    match = re.fullmatch(r"(?:EPSG:)?([0-9]{4,6})", plain)
    code = int(match.group(1)) if match else 0
    if code == PLAN_EPSG or FIRST_ZONE <= code - _OFFSET <= LAST_ZONE:
        return code
    raise PlannerError(
        "delivery.no_such_crs", crs=written, first=_OFFSET + FIRST_ZONE, last=_OFFSET + LAST_ZONE, zones=ZONES
    )


def zone_of(epsg: int) -> int | None:
    """The number of a zone's EPSG code; None for EPSG:4490."""
    return None if epsg == PLAN_EPSG else epsg - _OFFSET


def epsg_of(zone: int) -> int:
    """The EPSG code of a zone, with its number in the easting."""
    return _OFFSET + zone


def zones_of(geometry: Array) -> Array:
    """``(n,)`` zone in which each geometry's centroid lies; 0 where there is none."""
    centre = shapely.centroid(geometry)
    longitude = shapely.get_x(centre)
    known = np.isfinite(longitude)
    zones = np.zeros(len(geometry), np.int64)
    zones[known] = np.clip(np.floor(longitude[known] / 3 + 0.5), FIRST_ZONE, LAST_ZONE)
    return zones


def reach(geometry: Array, zone: int) -> tuple[float, int]:
    """How far (degrees) geometries reach from a zone's central meridian, and how many reach beyond the zone."""
    west, _, east, _ = shapely.bounds(geometry).T
    farthest = np.fmax(np.abs(west - 3 * zone), np.abs(east - 3 * zone))
    farthest = farthest[np.isfinite(farthest)]
    if not len(farthest):
        return 0.0, 0
    return float(farthest.max()), int((farthest > _HALF_ZONE).sum())


@in_proj_thread
def to_crs(geometry: Array, epsg: int) -> Array:
    """Geometries of a plan in a delivery's CRS, easting (longitude) first.

    Raises
    ------
    PlannerError
        If some lie so far from the zone that its coordinates mean nothing there.
    """
    if epsg == PLAN_EPSG:
        return geometry
    west, _, east, _ = shapely.bounds(geometry).T
    far = np.fmax(np.abs(west - 3 * (epsg - _OFFSET)), np.abs(east - 3 * (epsg - _OFFSET))) > _FARTHEST
    if far.any():
        raise PlannerError("delivery.outside_crs", crs=epsg, count=int(far.sum()))
    transformer = pyproj.Transformer.from_crs(PLAN_EPSG, epsg, always_xy=True)
    result: Array = shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    return result
