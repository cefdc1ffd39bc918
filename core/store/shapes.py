"""Geometries on their way in and out: nested coordinates and WKB to shapely arrays, and back.

What an honest reader has to put right is put right here and said: a ring that is not closed is
closed, a geometry with a coordinate that is no number is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import shapely

from ..plan.tables import Array
from .blobs import surface_as_polygons

UNCLOSED = "geometry.unclosed"
NOT_FINITE = "geometry.not_finite"
CURVE = "geometry.curve"
UNREADABLE = "geometry.unreadable"

_SINGLE_TO_MULTI = {
    shapely.GeometryType.POINT: (shapely.multipoints, "MULTIPOINT EMPTY"),
    shapely.GeometryType.LINESTRING: (shapely.multilinestrings, "MULTILINESTRING EMPTY"),
    shapely.GeometryType.POLYGON: (shapely.multipolygons, "MULTIPOLYGON EMPTY"),
}


def from_coordinates(kinds: Sequence[str | None], coordinates: Sequence[Any]) -> tuple[Array, dict[int, str]]:
    """Geometries from nested coordinates as GeoJSON has them.

    Parameters
    ----------
    kinds
        OGC type names (``Polygon``, ``MultiPolygon``, ``LineString`` …), or None for null.
    coordinates
        For each its coordinates; more than two dimensions are cut to two.

    Returns
    -------
    geometries, damage
        Multi-part 2D geometries (an unknown type is None) and row → text id of what was put right.
    """
    geometry = np.full(len(kinds), None, dtype=object)
    damage: dict[int, str] = {}
    for family, depth in (("Polygon", 3), ("LineString", 2), ("Point", 1)):
        rows = [i for i, kind in enumerate(kinds) if kind in (family, "Multi" + family)]
        if rows:
            nested = [coordinates[i] if kinds[i] == "Multi" + family else [coordinates[i]] for i in rows]
            built, broken = _build(family, nested, depth)
            geometry[rows] = built
            damage.update((rows[i], text_id) for i, text_id in broken.items())
    return geometry, damage


def from_wkb(wkb: Sequence[bytes | None]) -> tuple[Array, dict[int, str], list[int]]:
    """Geometries from WKB, multi-part and 2D, surfaces as their faces; also the rows that shapely refuses.

    It refuses unclosed rings, and worse.
    """
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are dealt with below
        geometry = shapely.from_wkb(np.array([*wkb, None], dtype=object)[:-1], on_invalid="ignore")
        for row in np.flatnonzero(shapely.is_missing(geometry)).tolist():
            written = wkb[row]
            faces = None if written is None else surface_as_polygons(written)
            geometry[row] = None if faces is None else shapely.from_wkb(faces, on_invalid="ignore")
    geometry[_rows_with_short_rings(geometry)] = None
    refused = [i for i in np.flatnonzero(shapely.is_missing(geometry)).tolist() if wkb[i] is not None]
    geometry = as_multi(shapely.force_2d(geometry))
    damage = {}
    coords, owner = shapely.get_coordinates(geometry, return_index=True)
    for row in np.unique(owner[~np.isfinite(coords).all(axis=1)]).tolist():
        geometry[row] = None
        damage[row] = NOT_FINITE
    return geometry, damage, refused


def _rows_with_short_rings(geometry: Array) -> Array:
    """Geometries with rings of one to three vertices: GEOS builds them, and then fails where it looks at them."""
    parts, row = shapely.get_parts(geometry, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    count = shapely.get_num_points(rings)
    return np.unique(row[part[(count > 0) & (count < 4)]])


def as_multi(geometry: Array) -> Array:
    """Single-part geometries as multi-part ones; everything else as it is."""
    result = np.array(geometry, dtype=object)
    kinds = shapely.get_type_id(result)
    for kind, (make, nothing) in _SINGLE_TO_MULTI.items():
        of_kind = kinds == kind
        empty = of_kind & shapely.is_empty(result)
        result[empty] = shapely.from_wkt(nothing)
        filled = np.flatnonzero(of_kind & ~empty)
        if len(filled):
            result[filled] = make(result[filled], indices=np.arange(len(filled)))
    return result


def to_coordinates(geometry: Array) -> Iterator[Any]:
    """Nested coordinates of multi-part geometries, one geometry after the other; None for null.

    What is neither points, lines nor polygons gives None too.
    """
    parts, geometry_of = shapely.get_parts(geometry, return_index=True)
    lines, part_of = parts, np.arange(len(parts))
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    if polygonal.all():
        lines, part_of = shapely.get_rings(parts, return_index=True)
    coords, line_of = shapely.get_coordinates(lines, return_index=True)
    points = list(zip(coords[:, 0].tolist(), coords[:, 1].tolist()))
    ends = np.cumsum(np.bincount(line_of, minlength=len(lines))).tolist()
    by_line = [points[start:end] for start, end in zip([0, *ends], ends)]
    if polygonal.all():
        ends = np.cumsum(np.bincount(part_of, minlength=len(parts))).tolist()
        by_part: list[Any] = [by_line[start:end] for start, end in zip([0, *ends], ends)]
    else:
        by_part = by_line
    ends = np.cumsum(np.bincount(geometry_of, minlength=len(geometry))).tolist()
    for shape, start, end in zip(geometry, [0, *ends], ends):
        if shape is None:
            yield None
        elif shape.geom_type == "MultiPoint":
            yield [point for part in by_part[start:end] for point in part]
        else:
            yield by_part[start:end]


def _build(family: str, nested: Sequence[Any], depth: int) -> tuple[Array, dict[int, str]]:
    """Multi-part geometries of one family; `nested` is geometry → part → (ring →) point."""
    if family == "Point":
        lines: list[Any] = [[p for p in points if p] for points in nested]
        line_owner = list(range(len(nested)))
        part_of_line: list[int] = []
    else:
        lines, line_owner, part_of_line = _flatten(nested, depth)
    count = np.fromiter(map(len, lines), np.int64, len(lines))
    total = int(count.sum())
    vertices = list(chain.from_iterable(lines))
    xy = np.empty((total, 2))
    xy[:, 0] = np.fromiter(map(itemgetter(0), vertices), np.float64, total)
    xy[:, 1] = np.fromiter(map(itemgetter(1), vertices), np.float64, total)
    owner, part = np.asarray(line_owner, np.int64), np.asarray(part_of_line, np.int64)
    return from_lines(family, xy, count, owner, part, len(nested))


def from_lines(
    family: str, xy: Array, count: Array, owner: Array, part: Array, rows: int
) -> tuple[Array, dict[int, str]]:
    """Multi-part geometries of one family from the vertices of their lines.

    Parameters
    ----------
    family
        ``Polygon`` (lines are rings, each shell followed by its holes), ``LineString``, or ``Point``
        (a line is then the points of one geometry).
    xy
        ``(v, 2)``, one line after the other.
    count
        ``(m,)`` number of vertices of each line.
    owner
        ``(m,)`` geometry (0 … rows-1) that each line belongs to.
    part
        ``(m,)`` polygon that each ring belongs to, a number used nowhere else; not looked at for other families.
    rows
        Number of geometries; those without lines are empty.

    Returns
    -------
    geometries, damage
        As `from_coordinates` gives them.
    """
    line_of = np.repeat(np.arange(len(count)), count)
    damage: dict[int, str] = {}

    bad = np.zeros(rows, bool)
    bad[owner[line_of[~np.isfinite(xy).all(axis=1)]]] = True
    if family == "Polygon":
        last = np.cumsum(count) - 1
        some = count > 0
        closed = np.ones(len(count), bool)
        closed[some] = (xy[(last - count + 1)[some]] == xy[last[some]]).all(axis=1)
        for row in np.unique(owner[~closed]).tolist():
            damage[row] = UNCLOSED
        short = count + ~closed < 4
    else:
        short = count < 2 if family == "LineString" else np.zeros(len(count), bool)
    for row in np.unique(owner[short & (count > 0)]).tolist():
        damage[row] = UNREADABLE
    for row in np.flatnonzero(bad).tolist():
        damage[row] = NOT_FINITE

    keep = ~(short | bad[owner]) if len(count) else np.zeros(0, bool)
    keep_points = keep[line_of]
    renumber = np.cumsum(keep) - 1
    indices = renumber[line_of[keep_points]]
    coords = xy[keep_points]
    result = np.full(rows, None, dtype=object)
    if family == "Polygon":
        _fill_polygons(result, coords, indices, part[keep], owner[keep])
    elif family == "LineString" and len(coords):
        _gather(result, shapely.multilinestrings, shapely.linestrings(coords, indices=indices), owner[keep])
    elif family == "Point" and len(coords):
        _gather(result, shapely.multipoints, shapely.points(coords), owner[line_of[keep_points]])
    empty = shapely.from_wkt(f"MULTI{family.upper()} EMPTY")
    for row in np.flatnonzero(shapely.is_missing(result)).tolist():
        if damage.get(row) not in (NOT_FINITE, UNREADABLE):
            result[row] = empty
    return result, damage


def _fill_polygons(result: Array, coords: Array, indices: Array, part: Array, owner: Array) -> None:
    """Rings → polygons → multi-polygons; `linearrings` closes what is open."""
    if not len(coords):
        return
    rings = shapely.linearrings(coords, indices=indices)
    first = np.flatnonzero(np.r_[True, part[1:] != part[:-1]])
    polygon_of = np.cumsum(np.r_[True, part[1:] != part[:-1]]) - 1
    polygons = shapely.polygons(rings, indices=polygon_of)
    _gather(result, shapely.multipolygons, polygons, owner[first])


def _gather(result: Array, make: Any, parts: Array, owner: Array) -> None:
    rows, index = np.unique(owner, return_inverse=True)
    result[rows] = make(parts, indices=index)


def _flatten(nested: Sequence[Any], depth: int) -> tuple[list[Any], list[int], list[int]]:
    """Lines (rings), the geometry each belongs to, and the part each belongs to."""
    lines: list[Any] = []
    owner: list[int] = []
    part_of: list[int] = []
    part = 0
    for row, parts in enumerate(nested):
        for piece in parts:
            for line in piece if depth == 3 else (piece,):
                lines.append(line)
                owner.append(row)
                part_of.append(part)
            part += 1
    return lines, owner, part_of
