"""The city cut into some twenty thousand small cells from which everything illustrative is built.

Cells are the Voronoi cells of a jittered grid, cut at the district outlines.  All lines are noded
once and polygonised together, so that neighbours share their vertices exactly: whatever is dissolved
from cells tiles without gap or overlap.  Nothing is left to chance: the jitter and the noise come
from fixed seeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from outlines import District

from restoration_planner.core.geometry.area import ellipsoidal_area

Array = npt.NDArray[Any]

CELL_KM = 0.6
SEED = 2035
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Mosaic:
    """The cells of a city.

    Attributes
    ----------
    cells
        ``(n,)`` polygons in EPSG:4490 that tile the city.
    district
        ``(n,)`` position of the district each cell lies in.
    km2
        ``(n,)`` ellipsoidal area.
    centre
        ``(n, 2)`` kilometres east and north of `origin`, a local plane good enough for shapes.
    neighbours
        ``(m, 2)`` pairs of cells that share an edge.
    origin
        Longitude and latitude of the local plane's zero.
    """

    cells: Array
    district: Array
    km2: Array
    centre: Array
    neighbours: Array
    origin: tuple[float, float]

    def plane(self, lon_lat: Any) -> Array:
        """Degrees as kilometres of the local plane."""
        return (np.atleast_2d(np.asarray(lon_lat, float)) - self.origin) * self._km_per_degree

    def degrees(self, plane: Array) -> Array:
        """Kilometres of the local plane as degrees."""
        return np.asarray(plane) / self._km_per_degree + self.origin

    def dissolve(self, chosen: Array) -> Any:
        """The chosen cells as one geometry, vertices unchanged."""
        return shapely.coverage_union_all(self.cells[chosen])

    def patches(self, chosen: Array, kind: Array | None = None) -> list[Array]:
        """Positions of the chosen cells, by connected patch (of one kind each), largest first."""
        group = np.where(chosen, 0 if kind is None else kind, -1)
        label = connected(group, self.neighbours)
        inside = np.flatnonzero(chosen)
        ordered = inside[np.argsort(label[inside], kind="stable")]
        starts = np.flatnonzero(np.diff(label[ordered])) + 1
        found = [p for p in np.split(ordered, starts) if len(p)]
        return sorted(found, key=lambda p: (-float(self.km2[p].sum()), int(p[0])))

    @property
    def _km_per_degree(self) -> Array:
        return np.array([_KM_PER_DEGREE * np.cos(np.radians(self.origin[1])), _KM_PER_DEGREE])


def cut_mosaic(districts: list[District], cell_km: float = CELL_KM) -> Mosaic:
    """Cut the districts into cells of about `cell_km` squared."""
    outlines = np.array([d.outline for d in districts], dtype=object)
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    origin = (round((west + east) / 2, 1), round((south + north) / 2, 1))
    height = cell_km / _KM_PER_DEGREE
    width = height / np.cos(np.radians(origin[1]))
    lon, lat = np.meshgrid(
        np.arange(west - width, east + width, width), np.arange(south - height, north + height, height)
    )
    jitter = np.random.default_rng(SEED).uniform(-0.42, 0.42, (2, lon.size))
    points = np.column_stack([lon.ravel() + jitter[0] * width, lat.ravel() + jitter[1] * height])
    near = shapely.buffer(shapely.union_all(outlines), 3 * width)
    shapely.prepare(near)
    points = points[shapely.contains_xy(near, points)]
    edges = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), only_edges=True))
    shapely.prepare(near)
    edges = edges[shapely.intersects(near, edges)]
    lines = shapely.union_all(np.concatenate([edges, shapely.boundary(outlines)]))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    face, district = shapely.STRtree(inside).query(outlines, predicate="contains")[::-1]
    order = np.argsort(face)
    cells, district = faces[face[order]], district[order]
    mosaic = Mosaic(cells, district, ellipsoidal_area(cells) / 1e6, np.empty((0, 2)), np.empty((0, 2), int), origin)
    centre = mosaic.plane(shapely.get_coordinates(shapely.centroid(cells)))
    return Mosaic(cells, district, mosaic.km2, centre, _neighbours(cells), origin)


def connected(group: Array, neighbours: Array) -> Array:
    """``(n,)`` a label a connected patch: cells of one group that reach one another over edges."""
    same = neighbours[group[neighbours[:, 0]] == group[neighbours[:, 1]]]
    label = np.arange(len(group))
    while True:
        lowest = label.copy()
        np.minimum.at(lowest, same[:, 0], label[same[:, 1]])
        np.minimum.at(lowest, same[:, 1], label[same[:, 0]])
        lowest = lowest[lowest]
        if (lowest == label).all():
            return label
        label = lowest


def noise(points_km: Array, seed: int, wavelengths_km: tuple[float, float], waves: int = 24) -> Array:
    """A smooth field over the plane, mean 0 and spread 1: a sum of plane waves from a fixed seed."""
    random = np.random.default_rng(seed)
    direction = random.uniform(0, 2 * np.pi, waves)
    shortest, longest = (float(np.log(length)) for length in wavelengths_km)
    length = np.exp(random.uniform(shortest, longest, waves))
    phase = random.uniform(0, 2 * np.pi, waves)
    towards = np.column_stack([np.cos(direction), np.sin(direction)]) * (2 * np.pi / length)[:, None]
    return np.sin(points_km @ towards.T + phase).sum(axis=1) / np.sqrt(waves / 2)


def _neighbours(cells: Array) -> Array:
    """Pairs of cells that share an edge, found by its two end points."""
    coordinates, owner = shapely.get_coordinates(cells, return_index=True)
    vertex = np.unique(coordinates, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    follows = owner[1:] == owner[:-1]
    ends = np.sort(np.column_stack([vertex[:-1], vertex[1:]])[follows], axis=1)
    key = ends[:, 0] * (vertex.max() + 1) + ends[:, 1]
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    of_edge = owner[:-1][follows][order]
    return np.column_stack([of_edge[twice], of_edge[twice + 1]])
