"""Illustrative control lines and mines, grown from the mosaic's cells: nothing here is real.

A smooth field stands for nature: high in the hills away from the towns, low in the valleys.  Red
lines take the cells where it is highest until their total is the plan's 3 407.9 km²; farmland takes
low cells, urban boundaries the surroundings of the urban units; reserves lie inside the red lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from mosaic import Mosaic, noise
from outlines import District
from towns import TOWNS

from restoration_planner.core.plan.tables import Rows

Array = npt.NDArray[Any]

RED_LINE_KM2 = 3407.9
FARMLAND_KM2 = 560.0
SMALLEST_PATCH_KM2 = {"red_line": 4.0, "farmland": 0.5}

_RED_LINE_KINDS = ("水源涵养", "生物多样性维护", "水土保持")
_RESERVES = (
    # name, kind, longitude, latitude, radius of the reserve and of its core in km
    ("示意自然保护区甲", "自然保护区", 124.93, 41.33, 9.0, 4.5),
    ("示意自然保护区乙", "自然保护区", 124.20, 41.12, 7.0, 3.2),
    ("示意森林公园", "森林公园", 125.22, 41.02, 5.5, 0.0),
)
_URBAN = {  # radius of the urban area around a unit's centre, in km
    "平山区城区": 2.6,
    "明山区城区": 2.4,
    "溪湖区城区": 3.0,
    "小市镇": 2.4,
    "桓仁镇": 2.6,
}
_MINES = {
    "溪湖区城区": 5,
    "火连寨街道办事处": 5,
    "牛心台街道": 4,
    "思山岭街道办事处": 5,
    "南甸子镇": 6,
    "田师傅镇": 6,
    "连山关镇": 5,
}


@dataclass(frozen=True)
class ControlLines:
    """What is where, cell by cell, and as rows of the plan's tables."""

    red_line: Array
    core: Array
    general: Array
    farmland: Array
    urban: Array
    rows: dict[str, Rows]


def draw_control_lines(mosaic: Mosaic, districts: list[District], town: Array) -> ControlLines:
    """Red lines, reserves, farmland, urban boundary and mines of the mosaic's city."""
    seats = mosaic.plane([(t.lon, t.lat) for t in TOWNS])
    to_seat = np.sqrt(((mosaic.centre[:, None, :] - seats[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    nature = noise(mosaic.centre, 7, (6.0, 32.0)) + 0.35 * noise(mosaic.centre, 8, (2.0, 5.0))
    nature += 1.1 * (1 - np.exp(-to_seat / 4.0)) - 0.9 * np.isin(mosaic.district, (0, 1, 2))
    urban = _urban_cells(mosaic, seats)
    red_line = _red_line_cells(mosaic, np.where(urban, -np.inf, nature))
    farmland = _farmland_cells(mosaic, nature + 0.8 * noise(mosaic.centre, 9, (1.5, 4.0)), red_line | urban)
    core, general, reserves = _reserves(mosaic, red_line)
    rows = {
        "red_line": _red_line_rows(mosaic, districts, red_line),
        "nature_reserve": reserves,
        "basic_farmland": _farmland_rows(mosaic, farmland),
        "urban_boundary": _urban_rows(mosaic, urban),
        "legacy_mine": _mine_rows(mosaic, town, red_line | farmland),
    }
    return ControlLines(red_line, core, general, farmland, urban, rows)


def _urban_cells(mosaic: Mosaic, seats: Array) -> Array:
    ragged = 0.5 * noise(mosaic.centre, 10, (2.0, 6.0))
    urban = np.zeros(len(mosaic.cells), bool)
    for town, seat in zip(TOWNS, seats):
        if town.name in _URBAN:
            distance = np.sqrt(((mosaic.centre - seat) ** 2).sum(axis=1))
            urban |= distance + ragged < _URBAN[town.name]
    return urban


def _red_line_cells(mosaic: Mosaic, score: Array) -> Array:
    """The cells of highest score in patches of some size, and then cell by cell to the exact total."""
    order = np.argsort(-score, kind="stable")
    chosen = np.zeros(len(order), bool)
    chosen[order[np.cumsum(mosaic.km2[order]) <= RED_LINE_KM2]] = True
    chosen = _without_small(mosaic, chosen, SMALLEST_PATCH_KM2["red_line"])
    while True:
        missing = RED_LINE_KM2 - float(mosaic.km2[chosen].sum())
        pairs = np.concatenate([mosaic.neighbours, mosaic.neighbours[:, ::-1]])
        rim = np.unique(pairs[chosen[pairs[:, 0]] & ~chosen[pairs[:, 1]], 1])
        rim = rim[np.isfinite(score[rim])]
        too_big = mosaic.km2[rim] > missing
        if too_big.any() and missing < 2 * float(mosaic.km2[rim].max()):
            # The last cell: the one whose size comes nearest to what is missing.
            chosen[rim[np.argmin(np.abs(mosaic.km2[rim] - missing))]] = True
            return chosen
        best = rim[np.argsort(-score[rim], kind="stable")]
        fitting = best[np.cumsum(mosaic.km2[best]) < missing - float(mosaic.km2.max())]
        chosen[fitting if len(fitting) else best[:1]] = True


def _farmland_cells(mosaic: Mosaic, score: Array, taken: Array) -> Array:
    order = np.argsort(np.where(taken, np.inf, score), kind="stable")
    chosen = np.zeros(len(order), bool)
    chosen[order[np.cumsum(mosaic.km2[order]) <= FARMLAND_KM2]] = True
    return _without_small(mosaic, chosen & ~taken, SMALLEST_PATCH_KM2["farmland"])


def _without_small(mosaic: Mosaic, chosen: Array, least_km2: float) -> Array:
    kept = chosen.copy()
    for patch in mosaic.patches(chosen):
        if mosaic.km2[patch].sum() < least_km2:
            kept[patch] = False
    return kept


def _red_line_rows(mosaic: Mosaic, districts: list[District], red_line: Array) -> Rows:
    """One row a patch and district, as such layers come."""
    records, shapes = [], []
    for number, patch in enumerate(mosaic.patches(red_line, mosaic.district), 1):
        name = districts[int(mosaic.district[patch[0]])].name
        records.append(
            {
                "code": f"HX{number:03d}",
                "name": f"示意生态保护红线 {name} {number:03d}",
                "kind": _RED_LINE_KINDS[number % 3],
            }
        )
        shapes.append(_multi(mosaic.dissolve(patch)))
    return Rows.from_records("red_line", records, shapes)


def _reserves(mosaic: Mosaic, red_line: Array) -> tuple[Array, Array, Rows]:
    ragged = 0.8 * noise(mosaic.centre, 11, (3.0, 9.0))
    core = np.zeros(len(mosaic.cells), bool)
    general = np.zeros(len(mosaic.cells), bool)
    records: list[dict[str, object]] = []
    shapes = []
    for number, (name, kind, lon, lat, radius, core_radius) in enumerate(_RESERVES, 1):
        distance = np.sqrt(((mosaic.centre - mosaic.plane((lon, lat))) ** 2).sum(axis=1)) + ragged
        inside = red_line & (distance < radius)
        if not inside.any():
            continue
        inside_core = inside & (distance < core_radius)
        for control, cells in (("core", inside_core), ("general", inside & ~inside_core)):
            if cells.any():
                records.append({"code": f"BHD{number}", "name": name, "kind": kind, "control": control})
                shapes.append(_multi(mosaic.dissolve(cells)))
        core |= inside_core
        general |= inside & ~inside_core
    return core, general, Rows.from_records("nature_reserve", records, shapes)


def _farmland_rows(mosaic: Mosaic, farmland: Array) -> Rows:
    patches = mosaic.patches(farmland)
    records = [{"code": f"NT{n:04d}", "name": f"示意永久基本农田 {n:04d}"} for n in range(1, len(patches) + 1)]
    return Rows.from_records("basic_farmland", records, [_multi(mosaic.dissolve(p)) for p in patches])


def _urban_rows(mosaic: Mosaic, urban: Array) -> Rows:
    patches = mosaic.patches(urban)
    records = [
        {"code": f"CZ{n}", "name": f"示意城镇开发边界 {n}", "kind": "concentrated"} for n in range(1, len(patches) + 1)
    ]
    return Rows.from_records("urban_boundary", records, [_multi(mosaic.dissolve(p)) for p in patches])


def _mine_rows(mosaic: Mosaic, town: Array, taken: Array) -> Rows:
    """Small pits of a few hectares, spread over the units that have mines."""
    records: list[dict[str, object]] = []
    shapes = []
    for name, count in _MINES.items():
        position = next(i for i, t in enumerate(TOWNS) if t.name == name)
        free = np.flatnonzero((town == position) & ~taken)
        for turn, cell in enumerate(free[np.linspace(0, len(free) - 1, count + 2).astype(int)[1:-1]].tolist()):
            number = len(records) + 1
            records.append(
                {
                    "code": f"LK{number:03d}",
                    "name": f"示意历史遗留矿山 {number:03d}",
                    "kind": ("采坑", "废石堆", "排土场")[turn % 3],
                    "county": TOWNS[position].district,
                    "treated": (True, False, None)[turn % 3],
                }
            )
            shapes.append(_multi(ragged_site(mosaic, mosaic.centre[cell], 0.12 + 0.05 * (turn % 4), number)))
    return Rows.from_records("legacy_mine", records, shapes)


def ragged_site(mosaic: Mosaic, centre_km: Array, radius_km: float, seed: int, stretch: float = 1.0) -> Any:
    """A closed outline of 36 points around a place, with bays; `stretch` draws it out west to east."""
    angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    random = np.random.default_rng(seed)
    phase, size = random.uniform(0, 2 * np.pi, 4), random.uniform(0.04, 0.13, 4)
    radius = radius_km * (1 + (size[:, None] * np.sin(np.arange(2, 6)[:, None] * angle + phase[:, None])).sum(axis=0))
    outline = np.asarray(centre_km) + np.column_stack([radius * stretch * np.cos(angle), radius * np.sin(angle)])
    return shapely.Polygon(np.round(mosaic.degrees(outline), 7))


def _multi(geometry: Any) -> Any:
    return geometry if geometry.geom_type == "MultiPolygon" else shapely.MultiPolygon([geometry])
