"""The command line as a user runs it, and a plan that has something to find."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``python -m restoration_planner`` in the test's folder; bytes in, bytes out."""

    def command(*arguments: object, language: str = "en", **settings: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "RESTORATION_PLANNER_LANG": language, **settings}
        words = [sys.executable, "-m", "restoration_planner", *map(str, arguments)]
        return subprocess.run(words, capture_output=True, cwd=tmp_path, env=environment, timeout=120)

    return command


def checked_tables(site: str) -> PlanTables:
    """One zone, one county, two towns and one project of zone 1 on a given site."""
    zone = shapely.box(124, 41, 125, 42)
    towns = [shapely.box(124, 41, 124.5, 42), shapely.box(124.5, 41, 125, 42), zone]
    units = [
        {"code": "t1", "name": "甲镇", "level": "town", "county": "本县"},
        {"code": "t2", "name": "乙镇", "level": "town", "county": "本县"},
        {"code": "c1", "name": "本县", "level": "county"},
    ]
    members = [{"unit_name": "甲镇", "county": "本县", "zone_code": "1"}, {"unit_name": "丙镇", "zone_code": "1"}]
    project = {"code": "P1", "name": "项目", "zone_codes": '{"1"}', "counties": '{"本县"}', "project_type": "water"}
    return PlanTables(
        {
            "plan": Rows.from_records("plan", [{"schema_version": 2}]),
            "admin_unit": Rows.from_records("admin_unit", units, towns),
            "unit_membership": Rows.from_records("unit_membership", members),
            "restoration_zone": Rows.from_records(
                "restoration_zone", [{"code": "1", "name": "西区", "problem": "矿", "stated_area_km2": 4600.0}], [zone]
            ),
            "project": Rows.from_records("project", [project], [shapely.from_wkt(site)]),
        }
    )


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A plan whose project reaches outside its zone."""
    path = tmp_path / "outside.gpkg"
    create_plan(path, checked_tables("POLYGON ((124.9 41.1, 125.1 41.1, 125.1 41.2, 124.9 41.2, 124.9 41.1))"))
    return path


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """A plan whose project lies within its zone."""
    path = tmp_path / "inside.gpkg"
    create_plan(path, checked_tables("POLYGON ((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.2, 124.1 41.1))"))
    return path
