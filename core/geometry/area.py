"""Ellipsoidal area (椭球面积) by the official formula, vectorised.

Edges are straight in longitude/latitude; the figure is taken on the vertices as they stand, because
that is the one offices compare.  Source: 国土调查办发〔2008〕32号, ellipsoidal area of any region as
the sum of trapezoids between each edge and a reference meridian; ellipsoid CGCS2000.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257222101
SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)

#: A, −B, C, −D, E of the official formula, for the odd multiples 1, 3, 5, 7, 9 of ½ΔB and Bm.
_SERIES = (
    1 + 3 / 6 * E2 + 30 / 80 * E2**2 + 35 / 112 * E2**3 + 630 / 2304 * E2**4,
    -(1 / 6 * E2 + 15 / 80 * E2**2 + 21 / 112 * E2**3 + 420 / 2304 * E2**4),
    3 / 80 * E2**2 + 7 / 112 * E2**3 + 180 / 2304 * E2**4,
    -(1 / 112 * E2**3 + 45 / 2304 * E2**4),
    5 / 2304 * E2**4,
)

#: Vertices worked on at once: the intermediate arrays then stay in the processor's cache.
_BLOCK = 1 << 15


def ellipsoidal_area(geometries: Any) -> Array:
    """Area on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geometries
        A shapely geometry or an array of them, in degrees (longitude, latitude), EPSG:4490.
        Rings count whatever their direction; what is not polygonal counts 0.

    Returns
    -------
    ndarray of float64
        Square metres, of the same shape; ``nan`` for None.

    Examples
    --------
    >>> round(float(ellipsoidal_area(shapely.box(124, 41, 125, 42))) / 1e6, 3)
    9273.264
    """
    return measure(geometries)[0]


def measure(geometries: Any) -> tuple[Array, Array]:
    """Area in m² and perimeter in m (all rings) on the CGCS2000 ellipsoid; see `ellipsoidal_area`.

    The perimeter takes each edge as short: length from the radii of curvature at its middle.  It
    serves the gate's mean width, not as a published figure.
    """
    shapes = np.asarray(geometries, dtype=object)
    flat = shapes.ravel()
    parts, part_owner = shapely.get_parts(flat, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():  # collections within collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        part_owner = part_owner[inner]
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, part_owner = parts[polygonal], part_owner[polygonal]
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    is_shell = np.ones(len(rings), bool)
    is_shell[1:] = ring_part[1:] != ring_part[:-1]
    ring_area, ring_length = _measure_rings(rings)
    owner = part_owner[ring_part]
    area = np.bincount(owner, np.where(is_shell, ring_area, -ring_area), len(flat)).astype(float)
    perimeter = np.bincount(owner, ring_length, len(flat)).astype(float)
    missing = shapely.is_missing(flat)
    area[missing] = perimeter[missing] = np.nan
    return area.reshape(shapes.shape), perimeter.reshape(shapes.shape)


def _measure_rings(rings: Array) -> tuple[Array, Array]:
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    area, length = np.zeros(len(rings)), np.zeros(len(rings))
    if not len(coords):
        return area, length
    first = np.flatnonzero(np.r_[True, ring_of[1:] != ring_of[:-1]])
    lon, lat = np.radians(coords[:, 0]), np.radians(coords[:, 1])
    # Each ring's first meridian is its reference: small differences, no cancellation.
    lon -= np.repeat(lon[first], np.diff(np.r_[first, len(coords)]))
    for start in range(0, len(coords) - 1, _BLOCK):
        stop = min(start + _BLOCK, len(coords) - 1)
        edges = slice(start, stop)
        following = slice(start + 1, stop + 1)
        same_ring = ring_of[edges] == ring_of[following]
        owner = ring_of[edges]
        strip, metres = _edges(lon[edges], lat[edges], lon[following], lat[following])
        offset = owner[0]
        bins = owner - offset
        added = np.bincount(bins, strip * same_ring)
        area[offset : offset + len(added)] += added
        length[offset : offset + len(added)] += np.bincount(bins, metres * same_ring)
    return np.abs(area), length


def _edges(lon1: Array, lat1: Array, lon2: Array, lat2: Array) -> tuple[Array, Array]:
    """Signed trapezoid of each edge against the reference meridian (m²) and its length (m)."""
    half = 0.5 * (lat2 - lat1)
    sine = np.sin(half)
    middle = 0.5 * (lat1 + lat2)
    cosine = np.cos(middle)
    cos2 = cosine * cosine
    # sin(nx) and cos(nx) for odd n by the Chebyshev recurrence: two calls instead of ten.
    step_sin, step_cos = 2 - 4 * sine * sine, 4 * cos2 - 2
    sin_before, sin_now, cos_before, cos_now = -sine, sine, cosine, cosine
    series = _SERIES[0] * sine * cosine
    for coefficient in _SERIES[1:]:
        sin_before, sin_now = sin_now, step_sin * sin_now - sin_before
        cos_before, cos_now = cos_now, step_cos * cos_now - cos_before
        series += coefficient * sin_now * cos_now
    strip = SEMI_MINOR_M**2 * (lon1 + lon2) * series
    w2 = 1 - E2 * (1 - cos2)
    north = (1 - E2) / w2 * 2 * half
    east = (lon2 - lon1) * cosine
    metres = SEMI_MAJOR_M / np.sqrt(w2) * np.hypot(north, east)
    return strip, metres
