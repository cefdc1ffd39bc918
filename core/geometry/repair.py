"""Invalid polygons made valid for measuring, never in the data.

The result is that of ``make_valid(method="structure")``: both halves of a bow-tie count, and parts
that overlap count once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from .parallel import in_batches, never

Array = npt.NDArray[Any]

#: The structure method came with shapely 2.1; 2.0 gets the same from its rings (see `_by_structure`).
HAS_STRUCTURE_METHOD = tuple(int(n) for n in shapely.__version__.split(".")[:2] if n.isdigit()) >= (2, 1)


def repair(geometries: Array, cancelled: Callable[[], bool] = never) -> tuple[Array, dict[int, str]]:
    """Polygons that can be measured, and what had been wrong with them.

    Parameters
    ----------
    geometries
        ``(n,)`` array of shapely geometries or None.

    Returns
    -------
    repaired : ndarray
        Valid polygons or multipolygons; None where there is nothing polygonal left.
    reasons : dict
        Position → reason as GEOS words it, e.g. ``"Self-intersection[124.1 41.2]"``, for every
        geometry that was not valid.
    """
    repaired = np.array(geometries, dtype=object)
    present = ~(shapely.is_missing(repaired) | shapely.is_empty(repaired))
    wrong = np.flatnonzero(present)[~in_batches(shapely.is_valid, repaired[present], cancelled=cancelled, dtype=bool)]
    reasons = dict(zip(wrong.tolist(), shapely.is_valid_reason(repaired[wrong]).tolist()))
    if len(wrong):
        repaired[wrong] = make_valid(repaired[wrong])
    types = shapely.get_type_id(repaired)
    for position in np.flatnonzero((types != 3) & (types != 6) & present):
        repaired[position] = _polygonal(repaired[position])
    repaired[shapely.is_empty(repaired)] = None
    return repaired, reasons


def make_valid(geometries: Array) -> Array:
    """Valid geometries by the structure method, with any shapely ≥ 2.0."""
    made: Array
    if HAS_STRUCTURE_METHOD:
        made = shapely.make_valid(geometries, method="structure", keep_collapsed=False)
    else:
        made = np.array([_without_failing(g) for g in geometries], dtype=object)
    # On some knots GEOS's own result may need mending once more.
    again = ~shapely.is_valid(made) & ~shapely.is_missing(made)
    made[again] = shapely.make_valid(made[again])
    return made


def _without_failing(geometry: Any) -> Any:
    """By structure; for the rare knot on which GEOS's own set operations fail, by lines, which never does."""
    try:
        return _by_structure(geometry)
    except shapely.errors.GEOSException:
        return shapely.make_valid(geometry)


def _by_structure(geometry: Any) -> Any:
    """Each ring filled wherever it winds at all; shells joined, holes taken away, or added where they lie outside."""
    filled: list[Any] = []
    for polygon in shapely.get_parts(geometry):
        if shapely.get_type_id(polygon) != 3 or shapely.is_empty(polygon):
            continue
        rings = shapely.get_rings(polygon)
        shell, holes = _filled(rings[0]), np.array([_filled(r) for r in rings[1:]], dtype=object)
        within = shapely.intersects(shell, holes)
        filled += [shapely.difference(shell, shapely.union_all(holes[within])), *holes[~within]]
    return shapely.union_all(filled)


def _filled(ring: Any) -> Any:
    """The area that a ring winds round, in either direction, self-crossings or not."""
    noded = shapely.union_all([ring])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = [f for f in faces if _winding(shapely.get_coordinates(ring), shapely.point_on_surface(f))]
    return shapely.union_all(inside)


def _winding(ring: Array, point: Any) -> int:
    """Winding number of a closed ring ``(n, 2)`` about a point."""
    x, y = ring[:, 0] - point.x, ring[:, 1] - point.y
    up = (y[:-1] <= 0) & (y[1:] > 0)
    down = (y[:-1] > 0) & (y[1:] <= 0)
    left = x[:-1] * y[1:] - x[1:] * y[:-1]
    return int(np.count_nonzero(up & (left > 0)) - np.count_nonzero(down & (left < 0)))


def _polygonal(geometry: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    polygons = parts[shapely.get_type_id(parts) == 3]
    return shapely.union_all(polygons) if len(polygons) else None
