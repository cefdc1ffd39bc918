"""The faces into which borders and a drawn line cut the ground: every action on a mosaic is a new owner for some of them.

All borders of the features that a line touches are noded with it once, and every feature is put together from
the same faces again: neighbours share each vertex exactly, and nothing can gap or overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from ..plan.tables import Array
from .mosaic import Mosaic, Outcome, Tiles

#: Faces narrower than this (2·area/perimeter, degrees; 1 mm) come from borders that nearly coincide: they stay with their owner.
_NARROW = 1e-8
#: A vertex nearer to a border than this (degrees; 0.1 mm, the data's own tolerance) is on it.
SNAP = 1e-9


@dataclass(frozen=True)
class Faces:
    """Faces and their owners.

    Attributes
    ----------
    polygons
        ``(n,)`` polygons that share their vertices exactly.
    zone, area
        ``(n,)`` positions of the zone and key area that each belongs to, -1 for none.
    of_zones, of_areas
        Positions of the features that are made of these faces, wholly.
    """

    polygons: Array
    zone: Array
    area: Array
    of_zones: Array
    of_areas: Array

    @property
    def narrow(self) -> Array:
        """``(n,)`` whether a face is only a seam between borders that nearly coincide."""
        result: Array = 2 * shapely.area(self.polygons) < _NARROW * shapely.length(self.polygons)
        return result

    def owned(self, zone: Array, area: Array) -> Faces:
        """The same faces with other owners."""
        return replace(self, zone=zone, area=area)

    def neighbours(self) -> tuple[Array, Array, Array]:
        """Pairs of faces that share a border (each pair once), and its length in degrees."""
        start, end, face = _edges(self.polygons)
        key = _undirected(start, end)
        order = np.argsort(key, kind="stable")
        same = key[order][1:] == key[order][:-1]
        one, other = face[order][:-1][same], face[order][1:][same]
        length = np.hypot(*(end - start)[order][:-1][same].T)
        low, high = np.minimum(one, other), np.maximum(one, other)
        pairs, inverse = np.unique(low * len(self.polygons) + high, return_inverse=True)
        return pairs // len(self.polygons), pairs % len(self.polygons), np.bincount(inverse, length, len(pairs))

    def components(self, chosen: Array) -> Array:
        """``(n,)`` number of the connected piece of chosen faces that each belongs to; -1 for the others."""
        label = np.where(chosen, np.arange(len(self.polygons)), -1)
        one, other, _ = self.neighbours()
        inside = chosen[one] & chosen[other]
        one, other = one[inside], other[inside]
        while True:
            low = np.minimum(label[one], label[other])
            before = label.copy()
            np.minimum.at(label, one, low)
            np.minimum.at(label, other, low)
            if (label == before).all():
                return label

    def united(self, chosen: Array) -> shapely.Geometry | None:
        """The chosen faces as one geometry with the same vertices; None where there are none."""
        if not chosen.any():
            return None
        made = shapely.coverage_union_all(self.polygons[chosen])
        return shapely.multipolygons([made]) if made.geom_type == "Polygon" else made


def faces_of(mosaic: Mosaic, line: shapely.Geometry, also_zones: Sequence[int] = ()) -> Faces:
    """The faces that the borders of all features which a line touches make with it.

    Parameters
    ----------
    line
        Lines to cut with, EPSG:4490.
    also_zones
        Positions of zones that take part even if the line does not touch them.
    """
    of_zones = np.union1d(_touched(mosaic.zones, line), np.asarray(also_zones, np.int64)).astype(np.int64)
    of_areas = np.union1d(_touched(mosaic.areas, line), _within(mosaic, of_zones)).astype(np.int64)
    outlines = np.array([*mosaic.zones.geometry[of_zones], *mosaic.areas.geometry[of_areas]], dtype=object)
    polygons = shapely.get_parts(shapely.polygonize([_noded(shapely.boundary(outlines), line)]))
    inside = shapely.point_on_surface(polygons)
    zone = _owner(inside, mosaic.zones, of_zones)
    area = _owner(inside, mosaic.areas, of_areas)
    return Faces(polygons, zone, area, of_zones, of_areas)


def outcome_of(mosaic: Mosaic, before: Faces, after: Faces) -> Outcome:
    """The features that differ after some faces changed their owners.

    Features whose ground stays the same but got a vertex where the line ends are among them.
    """
    zones = _changed(mosaic.zones, after, after.zone, before.of_zones)
    areas = _changed(mosaic.areas, after, after.area, before.of_areas)
    return Outcome({k: g for k, g in zones.items() if g is not None}, areas)


def pieces(geometry: shapely.Geometry | None) -> int:
    """Number of separate pieces: parts that touch along a border count as one."""
    return 0 if geometry is None else len(shapely.get_parts(geometry))


def _changed(tiles: Tiles, faces: Faces, owner: Array, positions: Array) -> dict[int, shapely.Geometry | None]:
    changed: dict[int, shapely.Geometry | None] = {}
    for position in positions.tolist():
        made = faces.united(owner == position)
        old = tiles.geometry[position]
        if made is None or old is None or not shapely.equals_exact(shapely.normalize(made), _plain(old), 0.0):
            changed[position] = made
    return changed


def _plain(geometry: shapely.Geometry) -> shapely.Geometry:
    multi = shapely.multipolygons([geometry]) if geometry.geom_type == "Polygon" else geometry
    return shapely.normalize(multi)


def _touched(tiles: Tiles, line: shapely.Geometry) -> Array:
    """Features that the line goes through, or so near to that they get a vertex of it."""
    present = ~shapely.is_missing(tiles.geometry)
    return np.flatnonzero(present & shapely.dwithin(tiles.geometry, line, 2 * SNAP))


def _noded(borders: Array, line: shapely.Geometry) -> shapely.Geometry:
    """Borders and a line cut at each other, without two vertices nearer to each other than `SNAP`.

    The line takes the borders' vertices where it passes them, then they take its own: an edge and a vertex a
    rounding error beside it would else make slivers.
    """
    near = [b for b in borders if shapely.dwithin(b, line, 2 * SNAP)]
    if near:
        line = shapely.snap(line, shapely.multipoints(shapely.get_coordinates(near)), SNAP)
    reach = shapely.multipoints(shapely.get_coordinates(line))
    snapped = [shapely.snap(b, reach, SNAP) if shapely.dwithin(b, line, 2 * SNAP) else b for b in borders]
    return shapely.union_all([*snapped, line])


def _within(mosaic: Mosaic, zones: Array) -> Array:
    """Key areas that the zones hold or overlap: they share their ground."""
    present = np.flatnonzero(~shapely.is_missing(mosaic.areas.geometry))
    if not len(present) or not len(zones):
        return np.empty(0, np.int64)
    tree = shapely.STRtree(mosaic.areas.geometry[present])
    _, found = tree.query(mosaic.zones.geometry[zones], predicate="intersects")
    return np.unique(present[found])


def _owner(points: Array, tiles: Tiles, positions: Array) -> Array:
    owner = np.full(len(points), -1)
    tree = shapely.STRtree(points)
    for position in positions.tolist()[::-1]:
        geometry = tiles.geometry[position]
        shapely.prepare(geometry)
        owner[tree.query(geometry, predicate="contains")] = position
    return owner


def _edges(polygons: Array) -> tuple[Array, Array, Array]:
    """Start, end and polygon of each edge of all rings."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    following = ring[:-1] == ring[1:]
    return xy[:-1][following], xy[1:][following], polygon[ring[:-1][following]]


def _undirected(start: Array, end: Array) -> Array:
    """``(n,)`` the same number for an edge and its reverse."""
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    both = np.ascontiguousarray(np.column_stack([low, high]))
    _, key = np.unique(both.view([("", both.dtype)] * 4).ravel(), return_inverse=True)
    result: Array = key.ravel()
    return result
