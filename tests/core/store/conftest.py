"""Plan files to read and to break."""

from __future__ import annotations

import hashlib
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan

SQUARES = ("POLYGON ((124 41, 125 41, 125 42, 124 42, 124 41))", "POLYGON ((125 41, 126 41, 126 42, 125 42, 125 41))")


def small_plan() -> PlanTables:
    """Two zones side by side, two projects of which the second has no site."""
    zones = [{"code": "1", "name": "西区", "stated_area_km2": 9289.4}, {"code": "2", "name": "东区", "problem": "矿山"}]
    projects = [
        {
            "code": "A1",
            "name": "治理",
            "zone_codes": '{"1"}',
            "start_year": 2021,
            "listed_in_plan": True,
            "area_ha": 1.5,
        },
        {"code": "A2", "name": None, "temporary_land": False},
    ]
    return PlanTables(
        {
            "plan": Rows.from_records("plan", [{"schema_version": 2, "name": "试验规划"}]),
            "restoration_zone": Rows.from_records("restoration_zone", zones, [shapely.from_wkt(w) for w in SQUARES]),
            "project": Rows.from_records(
                "project",
                projects,
                [shapely.from_wkt("POLYGON ((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.1))"), None],
            ),
        }
    )


@pytest.fixture
def tables() -> PlanTables:
    """The contents of the small plan."""
    return small_plan()


@pytest.fixture
def plan(tmp_path: Path, tables: PlanTables) -> Path:
    """A small plan in a file; its name is one that URIs and SQL stumble over."""
    path = tmp_path / "规划 #1 100%?'x.gpkg"
    create_plan(path, tables)
    return path


@pytest.fixture
def sql(plan: Path) -> Callable[..., list[tuple]]:
    """Run SQL on the plan as another program would."""

    def run(statement: str, parameters: tuple = ()) -> list[tuple]:
        with closing(sqlite3.connect(str(plan), isolation_level=None)) as connection:
            return connection.execute(statement, parameters).fetchall()

    return run


@pytest.fixture
def digest() -> Callable[[Path], dict[str, str]]:
    """What a folder holds: name of every file and hash of its bytes."""

    def of(folder: Path) -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}

    return of


@pytest.fixture
def store_geometry(sql: Callable[..., list[tuple]]) -> Callable[..., None]:
    """Put raw WKB into a project, past every library that would refuse it."""

    def store(wkb: bytes, fid: int = 1) -> None:
        # The spatial index is not what is tried here, and its triggers need functions that only GDAL has.
        for (trigger,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree_project%'"):
            sql(f'DROP TRIGGER "{trigger}"')
        sql("INSERT OR IGNORE INTO project (fid) VALUES (?)", (fid,))
        sql("UPDATE project SET geom = ? WHERE fid = ?", (b"GP\x00\x01" + struct.pack("<i", 4490) + wkb, fid))

    return store


@pytest.fixture
def project_rows() -> Callable[[int], Rows]:
    """Many findings, to have something to write."""

    def make(count: int) -> Rows:
        records: list[Mapping[str, object]] = [
            {"project_code": f"P{i}", "rule": "red_line", "grade": "review", "area_m2": float(i), "advice": "意" * 200}
            for i in range(count)
        ]
        return Rows.from_records("siting_finding", records, [shapely.box(124, 41, 124.5, 41.5)] * count)

    return make


@pytest.fixture
def in_other_process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python code in a process of its own, with the project importable."""

    def run(code: str, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


@pytest.fixture
def schema_tables() -> list[str]:
    """Names of all tables of a plan."""
    return list(TABLES)
