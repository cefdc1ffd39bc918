"""The benchmark's city: the demo's plan of Benxi with data for all ten figures of the appendix.

Outlines are the real districts' (`outlines` of the demo), everything else is made up.  Land use is a million
vertices in some twenty thousand parcels whose neighbours share every vertex of their borders.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from restoration_planner.core.commands import build_zones
from restoration_planner.core.palette import LAND_USE_COLOURS
from restoration_planner.core.plan.lists import write_list
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan

sys.path.append(str(Path(__file__).parents[1] / "demo"))

from city_plan import labelled_plan, with_layers
from control_lines import draw_control_lines
from mosaic import Mosaic, cut_mosaic, noise
from outlines import benxi_districts
from towns import assign_towns

Array = npt.NDArray[Any]

LAND_USE_VERTICES = 1_000_000
PROJECTS = 60
ECOSYSTEMS = {"1": "森林", "2": "灌丛", "3": "草地", "4": "湿地", "5": "农田", "6": "城镇"}
KINDS = ("mine", "forest_grass", "soil_water", "water", "farmland", "urban")


def make_city(plan: Path) -> int:
    """Write the plan file, and answer how many vertices its land use has."""
    template = plan_from_template("benxi")
    districts = benxi_districts()
    mosaic = cut_mosaic(districts)
    town = assign_towns(mosaic, districts, template)
    lines = draw_control_lines(mosaic, districts, town)
    tables = with_layers(labelled_plan(template), mosaic, districts, town, lines)
    land_use = _land_use(mosaic)
    rows = {
        **tables.rows,
        "land_use": land_use,
        "ecosystem": _ecosystem(mosaic),
        "river": _rivers(mosaic),
        "water_body": _water(mosaic),
        "project": _projects(tables["project"], mosaic),
    }
    create_plan(plan, PlanTables(rows))
    build_zones.run(plan, force=True)
    return int(shapely.get_num_coordinates(land_use.geometry).sum())


def write_dem(file: Path, bounds: tuple[float, float, float, float]) -> None:
    """Hills of one arc-second as a GeoTIFF, west, south, east, north in degrees: what is published of most cities."""
    from osgeo import gdal, osr

    west, south, east, north = bounds
    coarse = 8 / 3600
    lon, lat = np.arange(west, east, coarse), np.arange(north, south, -coarse)
    place = np.stack(np.meshgrid(lon * 83, lat * 111), axis=-1).reshape(-1, 2)
    height = 620 + 260 * noise(place, 21, (8.0, 60.0)) + 60 * noise(place, 22, (1.0, 5.0))
    grid = np.clip(height, 90, 1360).reshape(len(lat), len(lon)).astype(np.int16)
    rough = gdal.GetDriverByName("MEM").Create("", len(lon), len(lat), 1, gdal.GDT_Int16)
    rough.SetGeoTransform((west, coarse, 0, north, 0, -coarse))
    system = osr.SpatialReference()
    system.ImportFromEPSG(4490)
    rough.SetProjection(system.ExportToWkt())
    rough.GetRasterBand(1).WriteArray(grid)
    gdal.Warp(
        str(file), rough, xRes=1 / 3600, yRes=1 / 3600, resampleAlg="cubic", creationOptions=["TILED=YES"]
    ).FlushCache()


def _land_use(mosaic: Mosaic) -> Rows:
    """Parcels with winding borders: cells whose edges are cut up and every point moved by the same smooth field."""
    cells = mosaic.cells
    corners = shapely.get_num_coordinates(cells).sum()
    spacing = float(shapely.length(cells).sum()) / (LAND_USE_VERTICES - corners)
    # An edge gets a whole number of pieces, so a little shorter until there are enough
    while shapely.get_num_coordinates(shapely.segmentize(cells, spacing)).sum() < LAND_USE_VERTICES:
        spacing *= 0.98
    parcels = shapely.transform(shapely.segmentize(cells, spacing), lambda xy: _moved(mosaic, np.round(xy, 9)))
    system = "planning2023"
    codes = [code for code in LAND_USE_COLOURS[system] if len(code) == 2]
    field = noise(mosaic.centre, 31, (2.0, 20.0)) + 0.8 * np.random.default_rng(5).normal(size=len(cells))
    order = np.argsort(np.argsort(field)) * len(codes) // len(cells)
    records = [{"code": codes[k], "name": codes[k], "system": system} for k in order.tolist()]
    return Rows.from_records("land_use", records, [_multi(p) for p in parcels])


def _moved(mosaic: Mosaic, xy: Array) -> Array:
    plane = mosaic.plane(xy)
    aside = np.column_stack([noise(plane, seed, (0.12, 0.5), waves=8) for seed in (32, 33)])
    return np.round(mosaic.degrees(plane + 0.018 * aside), 8)


def _ecosystem(mosaic: Mosaic) -> Rows:
    field = noise(mosaic.centre, 41, (3.0, 25.0)) + 0.5 * noise(mosaic.centre, 42, (0.8, 3.0))
    kind = np.argsort(np.argsort(field)) * len(ECOSYSTEMS) // len(field)
    records, shapes = [], []
    for patch in mosaic.patches(np.ones(len(kind), bool), kind):
        code = list(ECOSYSTEMS)[int(kind[patch[0]])]
        records.append({"code": code, "name": ECOSYSTEMS[code]})
        shapes.append(_multi(mosaic.dissolve(patch)))
    return Rows.from_records("ecosystem", records, shapes)


def _rivers(mosaic: Mosaic) -> Rows:
    """Ten rivers through the city, and thirty brooks; what runs out of it is cut off."""
    city = mosaic.dissolve(np.ones(len(mosaic.cells), bool))
    random = np.random.default_rng(6)
    low, high = mosaic.centre.min(axis=0), mosaic.centre.max(axis=0)
    records, shapes = [], []
    for number in range(40):
        major = number < 10
        steps = 1500 if major else 300
        turn = np.cumsum(random.normal(0, 0.12, steps)) * 0.35 + random.uniform(0, 2 * np.pi)
        start = random.uniform(low + 0.25 * (high - low), low + 0.75 * (high - low))
        path = start + np.cumsum(0.06 * np.column_stack([np.cos(turn), np.sin(turn)]), axis=0)
        inside = shapely.get_parts(shapely.intersection(shapely.LineString(mosaic.degrees(path)), city))
        parts = [part for part in inside if part.geom_type == "LineString" and not part.is_empty]
        if parts:
            records.append({"code": f"H{number}", "name": f"示意河{number + 1}", "grade": "1" if major else "3"})
            shapes.append(shapely.MultiLineString(parts))
    return Rows.from_records("river", records, shapes)


def _water(mosaic: Mosaic) -> Rows:
    chosen = noise(mosaic.centre, 51, (4.0, 20.0)) > 2.2
    patches = mosaic.patches(chosen)[:12]
    records = [{"code": f"W{k}", "name": f"示意水库{k + 1}", "kind": "水库"} for k in range(len(patches))]
    return Rows.from_records("water_body", records, [_multi(mosaic.dissolve(p)) for p in patches])


def _projects(sited: Rows, mosaic: Mosaic) -> Rows:
    """The demo's projects and more of them, on single cells, until there are `PROJECTS`."""
    cells = np.random.default_rng(8).choice(len(mosaic.cells), PROJECTS - len(sited), replace=False)
    records, shapes = sited.records(), list(sited.geometry)
    for number, cell in enumerate(cells.tolist(), 1):
        more = {"code": f"C{number}", "name": f"示意工程{number}", "project_type": KINDS[number % len(KINDS)]}
        records.append({**more, "zone_codes": write_list(["1"])})
        shapes.append(_multi(mosaic.cells[cell]))
    return Rows.from_records("project", records, shapes)


def _multi(geometry: Any) -> Any:
    return geometry if geometry is None or geometry.geom_type == "MultiPolygon" else shapely.MultiPolygon([geometry])
