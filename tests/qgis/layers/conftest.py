"""A small plan: two zones side by side, a key area in the west, three projects."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from qgis.core import QgsProject, QgsVectorLayer

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language

WEST = "MULTIPOLYGON (((124 41, 124.5 41, 124.5 41.5, 124 41.5, 124 41)))"
EAST = "MULTIPOLYGON (((124.5 41, 125 41, 125 41.5, 124.5 41.5, 124.5 41)))"
KEY = "MULTIPOLYGON (((124.1 41.1, 124.3 41.1, 124.3 41.3, 124.1 41.3, 124.1 41.1)))"
SITE = "MULTIPOLYGON (((124.15 41.15, 124.25 41.15, 124.25 41.25, 124.15 41.25, 124.15 41.15)))"
RED = "MULTIPOLYGON (((124.2 41, 124.3 41, 124.3 41.5, 124.2 41.5, 124.2 41)))"


def rows(table: str, records: list[dict[str, object]], *wkt: str | None) -> Rows:
    return Rows.from_records(table, records, [None if w is None else shapely.from_wkt(w) for w in wkt] or None)


def small_plan(name: str = "示意市国土空间生态修复规划", zone_name: str = "西部修复区") -> PlanTables:
    """The tables of the small plan."""
    county = {"code": "210501", "level": "county", "name": "东县", "county": "东县"}
    projects = [
        {"code": "A1", "name": "矿山修复", "project_type": "mine", "zone_codes": '{"1"}', "programme_codes": '{"A"}',
         "counties": '{"东县"}', "listed_in_plan": True},
        {"code": "A2", "name": "河道治理", "project_type": "water", "zone_codes": '{"1","2"}', "key_area_codes": '{"K1"}'},
        {"code": "A3", "name": "待定"},
    ]  # fmt: skip
    finding = {"project_code": "A1", "rule": "red_line", "grade": "violation", "target_code": "R1", "area_m2": 5.0}
    return PlanTables(
        {
            "plan": rows("plan", [{"schema_version": 2, "name": name, "city": "示意市"}]),
            "restoration_zone": rows(
                "restoration_zone", [{"code": "1", "name": zone_name}, {"code": "2", "name": "东部修复区"}], WEST, EAST
            ),
            "key_area": rows("key_area", [{"code": "K1", "name": "水库周边", "zone_code": "1"}], KEY),
            "programme": rows("programme", [{"code": "A", "name": "流域治理工程"}]),
            "admin_unit": rows("admin_unit", [county], EAST),
            "project": rows("project", projects, SITE, EAST, None),
            "red_line": rows("red_line", [{"code": "R1", "name": "红线"}], RED),
            "siting_finding": rows("siting_finding", [finding], SITE),
            "indicator": rows("indicator", [{"code": "I1", "name": "修复面积", "binding": "binding"}]),
            "indicator_value": rows("indicator_value", [{"indicator_code": "I1", "year": 2025, "value": 3.5}]),
        }
    )  # fmt: skip


@pytest.fixture(autouse=True)
def clean_project():
    """An empty project and a Chinese interface before and after each test."""
    set_language("zh")
    QgsProject.instance().clear()
    yield QgsProject.instance()
    QgsProject.instance().clear()
    set_language(None)


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    """A plan file with the small plan."""
    path = tmp_path / "plan.gpkg"
    create_plan(path, small_plan())
    return path


def plain_layer(path: Path, table: str) -> QgsVectorLayer:
    """A layer as plain QGIS adds it from the file, called as its table."""
    layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    return layer
