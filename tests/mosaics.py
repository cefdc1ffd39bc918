"""Mosaics to try actions on, and what must hold of every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import shapely

from restoration_planner.core.coverage.mosaic import Mosaic, Outcome, Tiles

#: A city of half a degree.
CITY = shapely.box(124.0, 41.0, 124.5, 41.4)


def tiles(prefix: str, shapes: Sequence[shapely.Geometry | None]) -> Tiles:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = list(shapes)
    return Tiles([f"{prefix}{i + 1}" for i in range(len(shapes))], geometry)


def three_zones() -> Mosaic:
    """West beside south-east and north-east; one key area in the west, against its eastern border.

    ::

        +-----+-----+
        |     |  C  |
        |  +--+-----+      K is in A, from (1, 1) to (2, 2)
        |  |K |  B  |
        |A +--|     |
        +-----+-----+
    """
    west = shapely.Polygon([(0, 0), (2, 0), (2, 1), (2, 2), (2, 4), (0, 4)])
    south_east = shapely.Polygon([(2, 0), (4, 0), (4, 2), (2, 2), (2, 1)])
    north_east = shapely.Polygon([(2, 2), (4, 2), (4, 4), (2, 4)])
    key = shapely.Polygon([(1, 1), (2, 1), (2, 2), (1, 2)])
    return Mosaic(tiles("", [west, south_east, north_east]), tiles("K", [key]), [0])


def random_city(seed: int, zones: int = 5, towns: int = 40) -> tuple[Mosaic, list[shapely.Geometry]]:
    """Zones put together from towns with winding borders, a key area in each of the first ones, and the towns."""
    random = np.random.default_rng(seed)
    west, south, east, north = CITY.bounds
    seeds = random.uniform((west, south), (east, north), (towns, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=CITY))
    edges = shapely.intersection(shapely.boundary(cells), CITY)
    noded = shapely.union_all([*edges, shapely.boundary(CITY)])
    faces = shapely.get_parts(shapely.polygonize([shapely.segmentize(noded, 0.004)]))
    centres = shapely.get_coordinates(shapely.centroid(faces))
    middles = random.uniform((west, south), (east, north), (zones, 2))
    zone_of = np.linalg.norm(centres[:, None] - middles[None], axis=2).argmin(axis=1)
    used = np.unique(zone_of)
    shapes = [shapely.coverage_union_all(faces[zone_of == z]) for z in used]
    areas, homes = [], []
    for home, z in enumerate(used[:3].tolist()):
        members = np.flatnonzero(zone_of == z)
        areas.append(shapely.coverage_union_all(faces[members[: max(1, len(members) // 3)]]))
        homes.append(home)
    return Mosaic(tiles("Z", shapes), tiles("K", areas), homes), list(faces)


def after(mosaic: Mosaic, made: Outcome) -> Mosaic:
    """The mosaic with an outcome applied, features renumbered as a layer would keep them."""
    zones = list(mosaic.zones.geometry)
    areas = list(mosaic.areas.geometry)
    homes = list(mosaic.zone_of_area)
    for position, geometry in made.zones.items():
        zones[position] = geometry
    for position, geometry in made.areas.items():
        areas[position] = geometry
    for _, geometry in made.new_zones:
        zones.append(geometry)
    # As the caller does it: key areas of a zone that is split or merged go to the zone that has their ground
    for position, home in enumerate(homes):
        unsettled = home in made.removed_zones or home in [split for split, _ in made.new_zones]
        if unsettled and areas[position] is not None:
            there = [i for i in range(len(zones)) if i not in made.removed_zones]
            shared = shapely.area(shapely.intersection(np.array(zones, dtype=object)[there], areas[position]))
            homes[position] = there[int(shared.argmax())]
    kept = [i for i in range(len(zones)) if i not in made.removed_zones]
    renumbered = {old: new for new, old in enumerate(kept)}
    return Mosaic(tiles("Z", [zones[i] for i in kept]), tiles("K", areas), [renumbered.get(home, -1) for home in homes])


def assert_sound(mosaic: Mosaic, outline: shapely.Geometry) -> None:
    """Every geometry valid; zones tile the outline, each inner edge in exactly two zones; key areas inside their zones."""
    zones = mosaic.zones.geometry
    areas = mosaic.areas.geometry[~shapely.is_missing(mosaic.areas.geometry)]
    assert shapely.is_valid(zones).all() and shapely.is_valid(areas).all()
    edges = Counter(edge for zone in zones for edge in directed_edges(zone))
    assert max(edges.values()) == 1, "two zones lie on the same side of an edge: they overlap"
    border = [edge for edge in edges if (edge[1], edge[0]) not in edges]
    edge_of_city = shapely.boundary(outline)
    off = shapely.distance(shapely.linestrings(border), edge_of_city)
    assert off.max() < 1e-12, "an edge inside the city has a zone on one side only: a gap, or vertices not shared"
    for area, home in zip(mosaic.areas.geometry, mosaic.zone_of_area):
        if area is not None and home >= 0:
            assert shapely.area(shapely.difference(area, zones[home])) < 1e-14, "a key area reaches out of its zone"


def directed_edges(geometry: shapely.Geometry) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Edges with the ground on their left."""
    found = []
    for part in shapely.get_parts(geometry):
        for position, ring in enumerate(shapely.get_rings(part)):
            xy = [tuple(point) for point in shapely.get_coordinates(ring).tolist()]
            if shapely.is_ccw(ring) != (position == 0):
                xy.reverse()
            found += list(zip(xy, xy[1:]))
    return found
