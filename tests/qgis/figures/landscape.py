"""A city as plans have them, made up: mountains, rivers, land use, units, zones of every size, sites.

Nothing of it is true, all of it is plausible, and it is the same each time.  Everything is built from the cells
of one jittered grid, so that neighbours share their vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from osgeo import gdal, osr

from restoration_planner.core.plan.schema import PLAN_EPSG
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template

#: Where a city lies and how far it reaches: longitude, latitude, half width and half height in degrees.
PLACES = {"benxi": (124.55, 41.1, 0.95, 0.42), "yangquan": (113.5, 38.0, 0.42, 0.36)}
RIVERS = {
    "benxi": ("太子河", "细河", "草河", "浑江", "富尔江", "雅河"),
    "yangquan": ("桃河", "温河", "滹沱河", "松溪河", "南川河", "龙华河"),
}
#: How land is used from the valley floor to the summits: share of the heights below, class of both systems.
_USES = ((0.05, "11", "17"), (0.30, "01", "01"), (0.37, "02", "02"), (0.45, "04", "04"), (1.01, "03", "03"))
_RARE = (("07", "0703"), ("07", "0701"), ("06", "1002"), ("10", "1202"), ("05", "09"), ("08", "0804"), ("12", "23"))
_ECOSYSTEM = {"11": "4", "01": "5", "02": "2", "04": "3", "03": "1", "00": "4"}
_ECOSYSTEM_NAMES = {
    "1": "森林生态系统", "2": "灌丛生态系统", "3": "草地生态系统", "4": "湿地生态系统",
    "5": "农田生态系统", "6": "城镇生态系统", "7": "荒漠生态系统",
}  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """A city cut into small cells: polygons, their middles (degrees) and the height of each (0 … 1)."""

    shapes: Any
    middles: Any
    heights: Any

    def dissolved(self, chosen: Any) -> Any:
        """Some cells as one multipolygon."""
        whole = shapely.coverage_union_all(self.shapes[chosen])
        return many(whole)


def many(shape: Any) -> Any:
    """A polygon as a multipolygon."""
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def ridged(x: Any, y: Any, seed: int) -> Any:
    """Heights of 0 … 1 with ridges and valleys, for places in units of some ten kilometres."""
    chance = np.random.default_rng(seed)
    total = np.zeros(np.shape(x))
    for octave in range(6):
        turn = chance.uniform(0, 2 * np.pi)
        u = (x * np.cos(turn) - y * np.sin(turn)) * 2**octave + chance.uniform(0, 9)
        v = (x * np.sin(turn) + y * np.cos(turn)) * 2**octave + chance.uniform(0, 9)
        wave = np.sin(u + 0.8 * np.sin(0.7 * v)) * np.cos(v + 0.9 * np.sin(0.6 * u))
        total += (1 - np.abs(wave)) * 0.55**octave
    low, high = total.min(), total.max()
    return (total - low) / (high - low)


def outline(template: str, seed: int = 3) -> Any:
    """A city's border: an ellipse with bays and noses."""
    lon, lat, wide, high = PLACES[template]
    around = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    chance = np.random.default_rng(seed)
    reach = np.ones(len(around))
    for k in range(2, 26):
        reach += chance.normal(0, 0.28 / k) * np.cos(k * around + chance.uniform(0, 2 * np.pi))
    edge = np.column_stack([lon + wide * reach * np.cos(around), lat + high * reach * np.sin(around)])
    return shapely.make_valid(shapely.Polygon(edge), method="structure")


def cut(city: Any, step: float, seed: int = 5) -> Cells:
    """Cells of about ``step`` degrees that tile a city."""
    west, south, east, north = city.bounds
    lons, lats = np.meshgrid(np.arange(west, east, step * 1.3), np.arange(south, north, step))
    chance = np.random.default_rng(seed)
    points = np.column_stack([lons.ravel(), lats.ravel()]) + chance.uniform(-0.4, 0.4, (lons.size, 2)) * step
    diagram = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=city.buffer(0.1)))
    noded = shapely.union_all([*shapely.boundary(diagram), city.boundary], grid_size=1e-9)
    cells = shapely.get_parts(shapely.polygonize([noded]))
    inner = shapely.point_on_surface(cells)
    cells = cells[shapely.contains(city, inner)]
    middles = shapely.get_coordinates(shapely.point_on_surface(cells))
    return Cells(cells, middles, ridged(*_tens_of_km(middles), seed))


def _tens_of_km(degrees: Any) -> tuple[Any, Any]:
    return (degrees[:, 0] - 113) * 8.4, (degrees[:, 1] - 37) * 11.1


def regions(cells: Cells, count: int, seed: int, uneven: float = 0.0) -> Any:
    """The cells shared out among so many regions; ``uneven`` makes some of them small."""
    chance = np.random.default_rng(seed)
    seeds = cells.middles[chance.choice(len(cells.middles), count, replace=False)]
    for _ in range(8):
        owner = _nearest(cells.middles, seeds, np.zeros(count))
        seeds = np.array([cells.middles[owner == k].mean(axis=0) for k in range(count)])
    gains = np.linspace(uneven, 0, count)
    return _nearest(cells.middles + 0.02 * np.sin(cells.middles[:, ::-1] * 40), seeds, gains)


def _nearest(points: Any, seeds: Any, handicap: Any) -> Any:
    apart = np.hypot((points[:, None, 0] - seeds[None, :, 0]) * 0.78, points[:, None, 1] - seeds[None, :, 1])
    return (apart + handicap).argmin(axis=1)


def blob(lon: float, lat: float, km: float, seed: int) -> Any:
    """A small irregular patch about so many kilometres wide."""
    chance = np.random.default_rng(seed)
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = 1 + 0.2 * np.cos(2 * around + chance.uniform(0, 6)) + 0.12 * np.cos(5 * around + chance.uniform(0, 6))
    edge = np.column_stack([lon + km / 2 / 85 * reach * np.cos(around), lat + km / 2 / 111 * reach * np.sin(around)])
    return many(shapely.Polygon(edge))


def city_plan(template: str, land_use: str = "survey3", step: float = 0.02) -> PlanTables:
    """A whole plan: every drawn table has something in it.

    Parameters
    ----------
    land_use
        ``survey3``, ``planning2023``, or ``both`` (the western half in one, the eastern in the other).
    step
        Size of cells in degrees.
    """
    plan = plan_from_template(template)
    city = outline(template)
    cells = cut(city, step)
    found = dict(plan.rows)
    zones, areas, projects = plan["restoration_zone"], plan["key_area"], plan["project"]
    zone_of = regions(cells, len(zones), 11, uneven=0.12)
    shapes = [cells.dissolved(zone_of == k) for k in range(len(zones))]
    found["restoration_zone"] = Rows.from_records("restoration_zone", zones.records(), shapes)
    found["key_area"] = Rows.from_records("key_area", areas.records(), _patches(cells, zone_of, zones, areas))
    found["project"] = Rows.from_records("project", projects.records(), _sites(cells, len(projects)))
    found["admin_unit"] = _units(plan, cells)
    found["land_use"], found["ecosystem"] = _cover(cells, land_use)
    found["river"], found["water_body"] = _waters(template, cells)
    found.update(_control(cells))
    return PlanTables(found)


def _patches(cells: Cells, zone_of: Any, zones: Rows, areas: Rows) -> list[Any]:
    chance = np.random.default_rng(23)
    position = {code: k for k, code in enumerate(zones["code"])}
    patches = []
    for code in areas["zone_code"]:
        inside = np.flatnonzero(zone_of == position.get(code, 0))
        seed = cells.middles[chance.choice(inside)]
        near = inside[np.argsort(np.hypot(*(cells.middles[inside] - seed).T))[: max(4, len(inside) // 9)]]
        chosen = np.zeros(len(zone_of), bool)
        chosen[near] = True
        patches.append(cells.dissolved(chosen))
    return patches


def _sites(cells: Cells, count: int) -> list[Any]:
    chance = np.random.default_rng(29)
    places = cells.middles[chance.choice(len(cells.middles), count, replace=False)]
    return [blob(lon, lat, chance.uniform(0.8, 4), k) for k, (lon, lat) in enumerate(places)]


def _units(plan: PlanTables, cells: Cells) -> Rows:
    counties = list(dict.fromkeys(c for c in plan["unit_membership"]["county"] if c)) or ["甲县", "乙县", "丙区"]
    county_of = regions(cells, len(counties), 13, uneven=0.08)
    records = [{"code": str(k), "name": n, "level": "county", "county": n} for k, n in enumerate(counties)]
    shapes = [cells.dissolved(county_of == k) for k in range(len(counties))]
    for k, county in enumerate(counties):
        names = [
            n for n, c in zip(plan["unit_membership"]["unit_name"], plan["unit_membership"]["county"]) if c == county
        ]
        inside = np.flatnonzero(county_of == k)
        part = Cells(cells.shapes[inside], cells.middles[inside], cells.heights[inside])
        names = list(dict.fromkeys(names))[: max(1, len(inside) // 6)]
        town_of = regions(part, len(names), 17)
        for t, name in enumerate(names):
            if (town_of == t).any():
                records.append({"code": f"{k}{t:02}", "name": name, "level": "town", "county": county})
                shapes.append(part.dissolved(town_of == t))
    return Rows.from_records("admin_unit", records, shapes)


def _cover(cells: Cells, system: str) -> tuple[Rows, Rows]:
    ranks = cells.heights.argsort().argsort() / len(cells.heights)
    chance = np.random.default_rng(31)
    kinds = np.searchsorted([share for share, *_ in _USES], ranks, side="right")
    rare = np.where((ranks < 0.35) & (ranks > 0.05), chance.integers(0, 40, len(ranks)), 99)
    west = cells.middles[:, 0] < np.median(cells.middles[:, 0])
    survey = west if system == "both" else np.full(len(west), system == "survey3")
    classes: dict[tuple[str, str], list[int]] = {}
    natural: dict[str, list[int]] = {}
    for i, kind in enumerate(kinds):
        pair = _RARE[rare[i]] if rare[i] < len(_RARE) else _USES[kind][1:]
        key = ("survey3", pair[0]) if survey[i] else ("planning2023", pair[1])
        classes.setdefault(key, []).append(i)
        natural.setdefault("6" if rare[i] < 6 else _ECOSYSTEM.get(_USES[kind][1], "6"), []).append(i)
    used, used_shapes = _pieces(cells, classes)
    alive, alive_shapes = _pieces(cells, natural)
    return (
        Rows.from_records("land_use", [{"code": c, "system": s} for s, c in used], used_shapes),
        Rows.from_records("ecosystem", [{"code": c, "name": _ECOSYSTEM_NAMES[c]} for c in alive], alive_shapes),
    )


def _pieces(cells: Cells, classes: dict[Any, list[int]]) -> tuple[list[Any], list[Any]]:
    keys, shapes = [], []
    for key, members in classes.items():
        for part in shapely.get_parts(cells.dissolved(np.array(members))):
            keys.append(key)
            shapes.append(many(part))
    return keys, shapes


def _waters(template: str, cells: Cells) -> tuple[Rows, Rows]:
    """Rivers in several stretches of one name, as surveys have them, and lakes."""
    chance = np.random.default_rng(37)
    lon, lat, wide, high = PLACES[template]
    records, lines = [], []
    city = shapely.coverage_union_all(cells.shapes)
    for k, name in enumerate(RIVERS[template]):
        turn = chance.uniform(0, np.pi)
        along = np.linspace(-1, 1, 300)
        across = 0.12 * np.sin(5 * along + k) + 0.05 * np.sin(17 * along + 2 * k) + 0.015 * np.sin(61 * along)
        shift = 0.5 * np.sin(2.4 * k)
        x = lon + wide * (along * np.cos(turn) - (across + shift) * np.sin(turn))
        y = lat + high * (along * np.sin(turn) + (across + shift) * np.cos(turn))
        whole = shapely.LineString(np.column_stack([x, y]))
        for stretch in range(5 if k < 2 else 2):
            count = 5 if k < 2 else 2
            part = shapely.intersection(_stretch(whole, stretch / count, (stretch + 1) / count), city)
            if part.length > 0.01:
                lines.append(part if part.geom_type == "MultiLineString" else shapely.MultiLineString([part]))
                records.append({"code": f"{k}-{stretch}", "name": name, "grade": "1" if k < 2 else "2"})
    inside = cells.middles[cells.heights < 0.2]
    lakes = [blob(*inside[i], km, i) for i, km in ((3, 5.0), (len(inside) // 2, 2.5))]
    names = [{"code": "a", "name": "观音阁水库", "kind": "水库"}, {"code": "b", "name": "小湖", "kind": "湖泊"}]
    return Rows.from_records("river", records, lines), Rows.from_records("water_body", names, lakes)


def _stretch(line: Any, start: float, end: float) -> Any:
    at = np.linspace(start, end, 80)
    return shapely.LineString(shapely.get_coordinates(shapely.line_interpolate_point(line, at, normalized=True)))


def _control(cells: Cells) -> dict[str, Rows]:
    high = cells.heights > 0.8
    reds = shapely.get_parts(cells.dissolved(high))
    reds = reds[np.argsort(-shapely.area(reds))[:40]]
    chance = np.random.default_rng(41)
    mines = cells.middles[chance.choice(len(cells.middles), 45, replace=False)]
    at = cells.middles[np.argmax(cells.heights)]
    near = np.hypot(*(cells.middles - at).T)
    reserves = [
        ("示意山自然保护区", "core", near < 0.06),
        ("示意山自然保护区", "general", (near >= 0.06) & (near < 0.13)),
    ]
    return {
        "red_line": Rows.from_records(
            "red_line", [{"code": f"R{k:03}", "name": "水源涵养"} for k in range(len(reds))], [many(r) for r in reds]
        ),
        "nature_reserve": Rows.from_records(
            "nature_reserve",
            [{"code": str(k), "name": n, "kind": "自然保护区", "control": c} for k, (n, c, _) in enumerate(reserves)],
            [cells.dissolved(m) for *_, m in reserves],
        ),
        "legacy_mine": Rows.from_records(
            "legacy_mine",
            [
                {"code": f"M{k:03}", "name": f"{k}号矿", "treated": (True, False, None)[k % 3]}
                for k in range(len(mines))
            ],
            [blob(*m, chance.uniform(0.3, 1.2), k) for k, m in enumerate(mines)],
        ),
    }


def write_dem(file: Path, template: str, epsg: int = PLAN_EPSG, step: float = 0.004, hole: bool = True) -> Path:
    """An elevation raster over a city (metres, valleys at 130, summits near 1 330), nodata -9999 in its north-east."""
    west, south, east, north = outline(template).bounds
    lons, lats = np.arange(west - 0.05, east + 0.05, step), np.arange(north + 0.05, south - 0.05, -step)
    grid_x, grid_y = np.meshgrid(lons, lats)
    heights = ridged(*_tens_of_km(np.column_stack([grid_x.ravel(), grid_y.ravel()])), 5).reshape(grid_x.shape)
    metres = (130 + 1200 * heights**1.3).astype("float32")
    if hole:
        metres[: len(lats) // 12, -len(lons) // 12 :] = -9999
    memory = gdal.GetDriverByName("MEM").Create("", len(lons), len(lats), 1, gdal.GDT_Float32)
    memory.SetGeoTransform([lons[0], step, 0, lats[0], 0, -step])
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(PLAN_EPSG)
    memory.SetProjection(degrees.ExportToWkt())
    band = memory.GetRasterBand(1)
    band.SetNoDataValue(-9999)
    band.WriteArray(metres)
    if epsg == PLAN_EPSG:
        gdal.GetDriverByName("GTiff").CreateCopy(str(file), memory)
    else:
        gdal.Warp(str(file), memory, dstSRS=f"EPSG:{epsg}", resampleAlg="bilinear")
    return file
