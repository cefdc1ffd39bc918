"""Vertices put into borders that pass them, so that neighbours share each exactly."""

from __future__ import annotations

import numpy as np
import shapely

from ..plan.tables import Array
from .edges import SAME_PLACE


def one_per_place(xy: Array) -> Array:
    """Places, each once: of those nearer than `SAME_PLACE` to each other the first stays."""
    _, first = np.unique(xy, axis=0, return_index=True)
    xy = xy[np.sort(first)]
    points = shapely.points(xy)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_PLACE)
    stays = np.ones(len(xy), bool)
    close = one < other
    order = np.lexsort((other[close], one[close]))
    for early, late in zip(one[close][order].tolist(), other[close][order].tolist()):
        if stays[early]:
            stays[late] = False
    kept: Array = xy[stays]
    return kept


def weld(geometry: shapely.Geometry, places: Array) -> shapely.Geometry:
    """A polygon whose vertices near the places are moved to them, and whose edges that pass them have them as vertices.

    Parameters
    ----------
    geometry
        Polygon or multipolygon.
    places
        ``(n, 2)`` places, none nearer than `SAME_PLACE` to another.

    Returns
    -------
    The geometry itself where it does not change, else a multipolygon.
    """
    changed, parts = False, []
    for part in shapely.get_parts(geometry):
        rings = []
        for ring in shapely.get_rings(part):
            before = shapely.get_coordinates(ring)
            xy = _welded_ring(before, places)
            changed |= xy is not before
            rings.append(xy)
        holes = [r for r in rings[1:] if len(r) > 3]
        if len(rings[0]) > 3:
            parts.append(shapely.polygons(rings[0], [shapely.linearrings(h) for h in holes] or None))
    if not changed:
        return geometry
    return polygonal(shapely.multipolygons(parts))


def polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    """What is polygonal of a geometry, valid, as a multipolygon."""
    if not shapely.is_valid(geometry):
        geometry = shapely.make_valid(geometry)
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _welded_ring(ring: Array, places: Array) -> Array:
    low, high = ring.min(axis=0) - SAME_PLACE, ring.max(axis=0) + SAME_PLACE
    places = places[((places >= low) & (places <= high)).all(axis=1)]
    if not len(places):
        return ring
    points = shapely.points(places)
    tree = shapely.STRtree(points)
    low, high = places.min(axis=0) - SAME_PLACE, places.max(axis=0) + SAME_PLACE
    xy = ring.copy()
    near = np.flatnonzero(((ring >= low) & (ring <= high)).all(axis=1))
    vertex, place = tree.query(shapely.points(ring[near]), predicate="dwithin", distance=SAME_PLACE)
    far = np.hypot(*(ring[near[vertex]] - places[place]).T)
    order = np.argsort(-far, kind="stable")  # the nearest place is written last
    xy[near[vertex[order]]] = places[place[order]]
    start, end = xy[:-1], xy[1:]
    passing = np.flatnonzero(
        ((np.maximum(start, end) >= low) & (np.minimum(start, end) <= high)).all(axis=1) & (start != end).any(axis=1)
    )
    lines = shapely.linestrings(np.stack([start[passing], end[passing]], axis=1))
    edge, place = tree.query(lines, predicate="dwithin", distance=SAME_PLACE)
    edge = passing[edge]
    new = (start[edge] != places[place]).any(axis=1) & (end[edge] != places[place]).any(axis=1)
    edge, place = edge[new], place[new]
    if not len(edge) and (xy == ring).all():
        return ring
    direction = end[edge] - start[edge]
    along = ((places[place] - start[edge]) * direction).sum(axis=1) / (direction**2).sum(axis=1)
    order = np.lexsort((along, edge))
    return _without_spikes(np.insert(xy, edge[order] + 1, places[place[order]], axis=0))


def _without_spikes(ring: Array) -> Array:
    """A ring without edges that go to a vertex and straight back, and without repeated vertices."""
    xy = ring[:-1]
    while len(xy):
        repeated = (xy == np.roll(xy, -1, axis=0)).all(axis=1)
        if repeated.any():
            xy = xy[~repeated]
            continue
        spike = (np.roll(xy, 1, axis=0) == np.roll(xy, -1, axis=0)).all(axis=1)
        if not spike.any():
            break
        xy = np.delete(xy, np.flatnonzero(spike)[0], axis=0)
    return np.concatenate([xy, xy[:1]])
