"""Cities of several shapes: wide, tall, and in parts that lie apart, from the plans' own facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from qgis.core import QgsProject

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.layers.opening import OpenPlan, open_plan


@pytest.fixture(autouse=True)
def chinese_and_a_clean_project() -> Iterator[None]:
    """An empty project and a Chinese interface before and after each test."""
    set_language("zh")
    QgsProject.instance().clear()
    yield
    QgsProject.instance().clear()
    set_language(None)


def strips(template: str, west: float, south: float, width: float, height: float, gap: float = 0.0) -> PlanTables:
    """A template's plan whose zones are strips of a rectangle (degrees), along its longer side.

    Each zone has a key area in its middle where the plan has one, a county on each side, and a site for each project.
    """
    tables = plan_from_template(template)
    zones, areas, projects = tables["restoration_zone"], tables["key_area"], tables["project"]
    count = len(zones)
    tall = height > width
    step = (height if tall else width) / count
    boxes = [
        shapely.box(west, south + i * step, west + width, south + (i + 1) * step - gap)
        if tall
        else shapely.box(west + i * step, south, west + (i + 1) * step - gap, south + height)
        for i in range(count)
    ]
    by_code = dict(zip(zones["code"], boxes))
    keys = []
    for number, zone in enumerate(areas["zone_code"]):
        x0, y0, x1, y1 = by_code[zone].bounds
        at = 0.1 + 0.25 * (number % 3)
        keys.append(
            shapely.box(x0 + at * (x1 - x0), y0 + 0.3 * (y1 - y0), x0 + (at + 0.2) * (x1 - x0), y0 + 0.7 * (y1 - y0))
        )
    chance = np.random.default_rng(7)
    sites = []
    for _ in range(len(projects)):
        x0, y0, x1, y1 = boxes[int(chance.integers(count))].bounds
        x, y = x0 + (x1 - x0) * chance.uniform(0.1, 0.9), y0 + (y1 - y0) * chance.uniform(0.1, 0.9)
        sites.append(shapely.box(x, y, x + 0.01, y + 0.008))
    whole = shapely.union_all(boxes)
    x0, y0, x1, y1 = whole.bounds
    half = shapely.box(x0, y0, (x0 + x1) / 2, y1)
    counties = [shapely.intersection(whole, half), shapely.difference(whole, half)]
    units = Rows.from_records(
        "admin_unit",
        [{"code": str(i), "name": n, "level": "county", "county": n} for i, n in enumerate(("甲县", "乙县"))],
        [_many(c) for c in counties],
    )
    found = dict(tables.rows)
    found["restoration_zone"] = _with_shapes(zones, boxes)
    found["key_area"] = _with_shapes(areas, keys)
    found["project"] = _with_shapes(projects, sites)
    found["admin_unit"] = units
    return PlanTables(found)


def _many(shape: object) -> object:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])  # type: ignore[attr-defined]


def _with_shapes(rows: Rows, shapes: list[object]) -> Rows:
    return Rows.from_records(rows.table, rows.records(), [_many(s) for s in shapes])


CITIES = {
    "wide": ("benxi", 123.6, 40.8, 2.2, 0.8, 0.0),
    "tall": ("yangquan", 113.2, 37.5, 0.45, 1.4, 0.0),
    "parts": ("benxi", 123.9, 41.0, 1.2, 1.0, 0.08),
}


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest, tmp_path: Path) -> OpenPlan:
    """An open plan of each shape."""
    return opened(CITIES[request.param], tmp_path)


@pytest.fixture
def wide_city(tmp_path: Path) -> OpenPlan:
    """The plan of Benxi, on a wide rectangle."""
    return opened(CITIES["wide"], tmp_path)


def opened(how: tuple[str, float, float, float, float, float], folder: Path) -> OpenPlan:
    """Make a plan file and open it."""
    path = folder / "plan.gpkg"
    create_plan(path, strips(*how))
    return open_plan(path, QgsProject.instance())
