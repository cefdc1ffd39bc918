"""The benchmark's own data: a made-up city of any size.

One block is 190 × 90 km with 20 000 projects of 48 vertices, 4 zones, red lines of 350 000 vertices
(one polygon of 110 000 over a fifth of it, 24 of 10 000) over about 40 % of it, and the other layers
in proportion: a city's red lines are a few large, winding polygons.  A scale above 1
lays as many blocks side by side; below 1 it thins one block out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from restoration_planner.core.plan.lists import write_list
from restoration_planner.core.plan.tables import PlanTables, Rows

Array = npt.NDArray[Any]

WIDTH, HEIGHT = 2.27, 0.81
CORNER = (123.5, 40.8)
PROJECTS, VERTICES = 20_000, 48
BIG_POLYGON, SMALL_VERTICES = 110_000, 10_000
FARM_PATCHES = 20_000
TYPES = ("mine", "forest_grass", "soil_water", "water", "farmland", "urban", "network", "construction", "mining", None)


def make_plan(scale: float, seed: int = 20351231) -> PlanTables:
    """A plan of the given scale; the same scale gives the same plan."""
    random = np.random.default_rng(seed)
    blocks, share = (max(1, round(scale)), 1.0) if scale >= 1 else (1, scale)
    columns = max(1, round(math.sqrt(blocks * HEIGHT / WIDTH)))
    corners = [(CORNER[0] + b % columns * WIDTH, CORNER[1] + b // columns * HEIGHT) for b in range(blocks)]
    width, height = columns * WIDTH, math.ceil(blocks / columns) * HEIGHT
    red, farms, reserves, towns = [], [], [], []
    for corner in corners:
        red += _red_lines(corner, share, random)
        farms.append(_patches(corner, int(FARM_PATCHES * share), random))
        reserves += _blobs(corner, 6, 3, 1_500, 0.25, random)
        towns += _blobs(corner, 5, 2, 500, 0.3, random)
    sites = np.concatenate([_sites(corner, int(PROJECTS * share), random) for corner in corners])
    zones = _strips(width, height, 4, 3_000 * blocks, random)
    counties = _strips(width, height, 6, 500 * blocks, random)
    return PlanTables(
        {
            "plan": Rows.from_records("plan", [{"schema_version": 2, "name": "bench"}]),
            "restoration_zone": _coded("restoration_zone", zones),
            "key_area": _coded("key_area", _blobs(CORNER, 3, 1, 2_000, 0.4, random)),
            "admin_unit": _coded("admin_unit", counties, level=["county"] * len(counties)),
            "red_line": _coded("red_line", red),
            "nature_reserve": _coded("nature_reserve", reserves, control=["core", "general"] * (len(reserves) // 2)),
            "basic_farmland": _coded("basic_farmland", list(np.concatenate(farms))),
            "urban_boundary": _coded("urban_boundary", towns),
            "project": _projects(sites, zones, counties, random),
        }
    )


def _projects(sites: Array, zones: list[Any], counties: list[Any], random: np.random.Generator) -> Rows:
    middle = shapely.centroid(sites)
    home, county = (_home(group, middle) for group in (zones, counties))
    kinds = random.integers(0, len(TYPES), len(sites))
    flags = random.integers(0, 3, (len(sites), 3))
    area = random.random(len(sites)) < 0.05
    records = []
    for i, (h, c, kind) in enumerate(zip(home.tolist(), county.tolist(), kinds.tolist())):
        building, temporary, listed = ((True, False, None)[f] for f in flags[i])
        records.append(
            {
                "code": f"P{i + 1}",
                "name": f"Project {i + 1}",
                "zone_codes": write_list([str(h + 1)]),
                "key_area_codes": write_list(["1"]) if area[i] else None,
                "counties": write_list([f"admin_unit {c + 1}"]),
                "project_type": TYPES[kind],
                "new_construction_land": building,
                "temporary_land": temporary,
                "listed_in_plan": listed,
            }
        )
    return Rows.from_records("project", records, list(sites))


def _home(targets: list[Any], points: Array) -> Array:
    home = np.zeros(len(points), dtype=np.intp)
    for position, target in enumerate(targets):
        shapely.prepare(target)
        home[shapely.intersects(target, points)] = position
    return home


def _coded(table: str, geometry: list[Any], **columns: list[Any]) -> Rows:
    records = [
        {"code": str(i + 1), "name": f"{table} {i + 1}", **{k: v[i] for k, v in columns.items()}}
        for i in range(len(geometry))
    ]
    return Rows.from_records(table, records, geometry)


def _red_lines(corner: tuple[float, float], share: float, random: np.random.Generator) -> list[Any]:
    """One large polygon in the western half, 24 smaller ones in a 6 × 4 grid in the eastern."""
    half = (WIDTH / 2, HEIGHT)
    made = [_blob(corner, half, int(BIG_POLYGON * share), 0.36, random)]
    cell = (half[0] / 6, half[1] / 4)
    places = [(corner[0] + half[0] + i * cell[0], corner[1] + j * cell[1]) for j in range(4) for i in range(6)]
    return made + [_blob(place, cell, int(SMALL_VERTICES * share), 0.36, random) for place in places]


def _blobs(
    corner: tuple[float, float], columns: int, rows: int, vertices: int, radius: float, random: np.random.Generator
) -> list[Any]:
    cell = (WIDTH / columns, HEIGHT / rows)
    places = [(corner[0] + i * cell[0], corner[1] + j * cell[1]) for j in range(rows) for i in range(columns)]
    return [_blob(place, cell, vertices, radius, random) for place in places]


def _blob(
    corner: tuple[float, float], cell: tuple[float, float], vertices: int, radius: float, random: np.random.Generator
) -> Any:
    """A polygon with a coast-like outline: waves of all lengths round a centre, so it cannot cross itself."""
    vertices = max(vertices, 16)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    waves = np.arange(2, max(3, vertices // 4))
    spectrum = np.zeros(vertices // 2 + 1, complex)
    spectrum[waves] = random.normal(size=len(waves)) * np.exp(2j * np.pi * random.random(len(waves))) / waves**1.2
    ripple = np.fft.irfft(spectrum, vertices)
    distance = np.clip(1 + 0.14 * ripple / ripple.std(), 0.55, 1.35) * radius
    return shapely.Polygon(
        np.c_[
            corner[0] + cell[0] * (0.5 + distance * np.cos(angle)),
            corner[1] + cell[1] * (0.5 + distance * np.sin(angle)),
        ]
    )


def _sites(corner: tuple[float, float], count: int, random: np.random.Generator) -> Array:
    """Projects of 48 vertices and 5 to 200 ha."""
    centre = random.uniform((corner[0], corner[1]), (corner[0] + WIDTH, corner[1] + HEIGHT), (count, 2))
    size = np.exp(random.uniform(np.log(0.0011), np.log(0.0072), (count, 1)))
    return _rings(centre, size * random.uniform(0.6, 1.0, (count, VERTICES)))


def _patches(corner: tuple[float, float], count: int, random: np.random.Generator) -> Array:
    centre = random.uniform((corner[0], corner[1]), (corner[0] + WIDTH, corner[1] + HEIGHT), (count, 2))
    return _rings(centre, 0.001 * random.uniform(0.4, 1.0, (count, 14)))


def _rings(centre: Array, distance: Array) -> Array:
    angle = np.linspace(0, 2 * np.pi, distance.shape[1], endpoint=False)
    x = centre[:, :1] + distance * np.cos(angle)
    y = centre[:, 1:] + 0.75 * distance * np.sin(angle)
    polygons: Array = shapely.polygons(np.stack([x, y], axis=-1))
    return polygons


def _strips(width: float, height: float, count: int, vertices: int, random: np.random.Generator) -> list[Any]:
    """Strips from west to east whose winding borders are shared vertex by vertex."""
    top = np.linspace(0, height, vertices)
    borders = []
    for n in range(count + 1):
        bend = np.zeros(vertices) if n in (0, count) else 0.12 * width / count * np.sin(top / height * (9 + n) + n)
        rough = 0 if n in (0, count) else random.normal(0, 1e-4, vertices)
        borders.append(np.c_[CORNER[0] + width * n / count + bend + rough, CORNER[1] + top])
    return [shapely.Polygon(np.r_[left, right[::-1]]) for left, right in zip(borders, borders[1:])]
