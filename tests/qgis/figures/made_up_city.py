"""临川市, a city that does not exist: every table drawn, so that all ten figures can be, from sines and nothing else.

Its outline lies across 124.5° E, the edge of two official zones.  Four by three towns on a bent grid make two
counties and four zones; what is in them is placed by arithmetic, so that every system draws the same city.
"""

from __future__ import annotations

from math import cos, pi, sin
from pathlib import Path

import numpy as np
import shapely

from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.schema import SCHEMA_VERSION
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan

CITY, ISSUER = "临川市", "临川市自然资源局"
WEST, SOUTH, WIDTH, HEIGHT = 123.95, 41.0, 1.1, 0.72
_SIDE_POINTS = 18
_ZONES = ("东部水源涵养区", "中部水土保持区", "西部农田整治区", "南部矿山修复区")
#: Town column, row → zone
_ZONE_OF = {(0, 0): 4, (1, 0): 4, (2, 0): 2, (3, 0): 1, (0, 1): 3, (1, 1): 2, (2, 1): 2, (3, 1): 1, (0, 2): 3}
_KINDS = ("mine", "forest_grass", "soil_water", "water", "farmland", "urban", "network", None)
_LAND_USE = (("01", "耕地"), ("03", "林地"), ("04", "草地"), ("07", "住宅用地"), ("11", "水域及水利设施用地"))
_ECOSYSTEMS = (("1", "森林生态系统"), ("3", "草地生态系统"), ("5", "农田生态系统"), ("6", "城镇生态系统"))


def bent(u: float, v: float) -> tuple[float, float]:
    """Longitude and latitude of a place in the city's own square, 0 to 1 from west to east and south to north."""
    x = u + 0.05 * sin(2 * pi * v) + 0.03 * sin(5 * pi * v + 1)
    y = v + 0.06 * sin(2 * pi * u + 0.5) + 0.02 * cos(7 * pi * u)
    return WEST + WIDTH * x, SOUTH + HEIGHT * y


def cell(column: int, row: int, columns: int, rows: int) -> shapely.Polygon:
    """A cell of a grid over the city; neighbours share their vertices."""
    n = _SIDE_POINTS * 12
    fine_u, fine_v = n // columns, n // rows
    west, east, south, north = column * fine_u, (column + 1) * fine_u, row * fine_v, (row + 1) * fine_v
    step_u, step_v = max(1, fine_u // _SIDE_POINTS), max(1, fine_v // _SIDE_POINTS)
    around = [
        *((i, south) for i in range(west, east, step_u)),
        *((east, j) for j in range(south, north, step_v)),
        *((i, north) for i in range(east, west, -step_u)),
        *((west, j) for j in range(north, south, -step_v)),
    ]
    return shapely.Polygon([bent(i / n, j / n) for i, j in around])


def blob(u: float, v: float, size: float, lobes: int = 3) -> shapely.Polygon:
    """A rounded patch around a place."""
    turns = [2 * pi * k / 60 for k in range(60)]
    return shapely.Polygon(
        [
            bent(u + size * (1 + 0.25 * sin(lobes * t)) * cos(t), v + 1.4 * size * (1 + 0.25 * sin(lobes * t)) * sin(t))
            for t in turns
        ]
    )


def line(places: list[tuple[float, float]]) -> shapely.MultiLineString:
    """A river through some places of the square, bent between them."""
    points = []
    for (u0, v0), (u1, v1) in zip(places, places[1:]):
        for k in range(20):
            t = k / 20
            points.append(bent(u0 + (u1 - u0) * t + 0.01 * sin(9 * t * pi), v0 + (v1 - v0) * t))
    return shapely.MultiLineString([[*points, bent(*places[-1])]])


def city_tables() -> PlanTables:
    """Every table of the city."""
    towns = {(i, j): cell(i, j, 4, 3) for i in range(4) for j in range(3)}
    zone_of = {place: _ZONE_OF.get(place, 1 if place[0] > 1 else 2) for place in towns}
    zones = [shapely.union_all([s for p, s in towns.items() if zone_of[p] == z]) for z in (1, 2, 3, 4)]
    counties = [shapely.union_all([s for p, s in towns.items() if (p[0] > 1) == east]) for east in (False, True)]
    names = ("清河县", "明山区")
    units: list[tuple[dict[str, object], object]] = [
        ({"code": f"c{i}", "name": n, "level": "county", "county": n}, s)
        for i, (n, s) in enumerate(zip(names, counties))
    ]
    units += [
        (
            {"code": f"t{i}{j}", "name": f"{'甲乙丙丁'[i]}{'山河湾'[j]}镇", "level": "town", "county": names[i > 1]},
            shape,
        )
        for (i, j), shape in towns.items()
    ]
    keys = [(1, 0.85, 0.5), (1, 0.8, 0.85), (2, 0.45, 0.45), (2, 0.4, 0.8), (3, 0.12, 0.6), (4, 0.2, 0.15)]
    key_names = ("河源森林", "北山湿地", "中丘坡地", "北坡林草", "西川农田", "南岭矿区")
    projects = [
        (
            {
                "code": f"{'AB'[n % 2]}{n // 2 + 1}",
                "name": f"{key_names[n % 6]}{'保护与恢复' if n % 3 else '综合整治'}工程",
                "project_type": _KINDS[n % len(_KINDS)],
                "zone_codes": f'{{"{keys[n % 6][0]}"}}',
                "listed_in_plan": True,
            },
            blob(0.08 + 0.86 * ((n * 5) % 13) / 13, 0.1 + 0.8 * ((n * 7) % 11) / 11, 0.012 + 0.002 * (n % 3)),
        )
        for n in range(14)
    ]
    mines = [
        (
            {"code": f"M{n}", "name": f"{n}号采坑", "treated": (False, True, None)[n % 3]},
            blob(0.07 + 0.075 * n, 0.15 + 0.25 * (n % 3), 0.006),
        )
        for n in range(12)
    ]
    red_lines = [(0.85, 0.7, 0.07), (0.7, 0.2, 0.06), (0.35, 0.75, 0.05), (0.15, 0.3, 0.04)]
    found = [
        Rows.from_records(
            "plan",
            [{"schema_version": SCHEMA_VERSION, "name": "临川市国土空间生态修复规划", "city": CITY, "issuer": ISSUER}],
        ),
        _layer("admin_unit", units),
        _layer(
            "restoration_zone",
            [
                ({"code": str(z), "name": n, "area_km2": float(ellipsoidal_area(s)) / 1e6}, s)
                for z, n, s in zip(range(1, 5), _ZONES, zones)
            ],
        ),
        _layer(
            "key_area",
            [
                ({"code": f"{z}-{i}", "name": f"{n}重点区", "zone_code": str(z)}, blob(u, v, 0.05, 4))
                for i, ((z, u, v), n) in enumerate(zip(keys, key_names), 1)
            ],
        ),
        _layer("project", projects),
        _layer("red_line", [({"code": f"R{i}", "name": "生态保护红线"}, blob(*b, 5)) for i, b in enumerate(red_lines)]),
        _layer(
            "nature_reserve",
            [
                ({"code": "N1", "name": "河源自然保护区", "control": "core"}, blob(0.85, 0.7, 0.03)),
                ({"code": "N1", "name": "河源自然保护区", "control": "general"}, _ring(0.85, 0.7)),
                ({"code": "N2", "name": "西岭地质公园", "control": "general"}, blob(0.2, 0.35, 0.04)),
            ],
        ),
        _layer("legacy_mine", mines),
        _layer(
            "river",
            [
                # short enough to be named once: QGIS draws a river's names in no certain order
                ({"code": "W1", "name": "清河"}, line([(0.95, 0.75), (0.7, 0.5)])),
                ({"code": "W2", "name": "明水"}, line([(0.6, 0.97), (0.62, 0.75), (0.7, 0.5)])),
                ({"code": "W3", "name": "临川"}, line([(0.7, 0.5), (0.4, 0.55)])),
                ({"code": "W4", "name": "沙河"}, line([(0.4, 0.55), (0.05, 0.35)])),
            ],
        ),
        _layer("water_body", [({"code": "L1", "name": "明山水库"}, blob(0.68, 0.52, 0.03))]),
        _mosaic("land_use", _LAND_USE, 3, {"system": "survey3"}),
        _mosaic("ecosystem", _ECOSYSTEMS, 5, {}),
    ]
    return PlanTables({rows.table: rows for rows in found})


def _ring(u: float, v: float) -> shapely.Polygon:
    return shapely.Polygon(blob(u, v, 0.06).exterior, [blob(u, v, 0.03).exterior])


def _mosaic(table: str, classes: tuple[tuple[str, str], ...], stride: int, more: dict[str, object]) -> Rows:
    return _layer(
        table,
        [
            (
                {"code": classes[(i * stride + j * j) % len(classes)][0], **more}
                | {"name": classes[(i * stride + j * j) % len(classes)][1]},
                cell(i, j, 12, 9),
            )
            for i in range(12)
            for j in range(9)
        ],
    )


def _layer(table: str, rows: list[tuple[dict[str, object], object]]) -> Rows:
    shapes = [s if s.geom_type.startswith("Multi") else shapely.MultiPolygon([s]) for _, s in rows]  # type: ignore[attr-defined]
    return Rows.from_records(table, [record for record, _ in rows], shapes)


def make_city(folder: Path) -> tuple[Path, Path]:
    """Write the plan and its elevation raster into a folder."""
    plan = folder / "city.gpkg"
    create_plan(plan, city_tables())
    return plan, make_relief(folder / "dem.tif")


def make_relief(file: Path) -> Path:
    """Rounded hills, higher to the east, in metres."""
    from osgeo import gdal, osr

    columns, rows, step = 300, 220, 0.005
    u, v = np.meshgrid(np.arange(columns) / columns, np.arange(rows) / rows)
    heights = 350 + 400 * u + 180 * np.sin(9 * u + 2 * v) * np.cos(7 * v) + 60 * np.sin(31 * u) * np.sin(27 * v)
    raster = gdal.GetDriverByName("GTiff").Create(str(file), columns, rows, 1, gdal.GDT_Int16)
    raster.SetGeoTransform((WEST - 0.2, step, 0, SOUTH + HEIGHT + 0.2, 0, -step))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4490)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(heights.round().astype("int16"))
    return file
