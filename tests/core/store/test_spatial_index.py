"""Many rows at once: the spatial index that is packed finds what SQLite's own would find, and goes on working."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.plan_file import add_and_update_rows, create_plan, read_plan

INDEX = "rtree_land_use_geom"
ENTRIES = "SELECT count(*) FROM rtree_land_use_geom"


def parcels(count: int, seed: int = 7) -> Rows:
    """Small squares scattered over half a degree around Benxi."""
    places = np.random.default_rng(seed).uniform((123.5, 41.0), (124.0, 41.5), (count, 2))
    west, south = places.T
    records = [{"code": "0301", "name": f"{i}"} for i in range(count)]
    return Rows.from_records("land_use", records, list(shapely.box(west, south, west + 0.001, south + 0.001)))


def add(plan: Path, rows: Rows) -> list[int]:
    return add_and_update_rows(plan, rows, Rows.empty("land_use"), []).added


def found_in(connection: sqlite3.Connection, box: tuple[float, float, float, float]) -> list[int]:
    west, south, east, north = box
    query = "SELECT id FROM rtree_land_use_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ? ORDER BY id"
    return [key for (key,) in connection.execute(query, (west, east, south, north))]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.gpkg"
    create_plan(path, PlanTables({}))
    return path


@pytest.mark.parametrize("count", [1000, 1500, 5000])
def test_the_index_is_sound_and_finds_exactly_what_lies_in_a_box(plan: Path, count: int) -> None:
    rows = parcels(count)
    keys = add(plan, rows)
    assert keys == list(range(1, count + 1))
    with closing(sqlite3.connect(plan)) as connection:
        assert connection.execute("SELECT rtreecheck(?)", (INDEX,)).fetchone() == ("ok",)
        assert rows.geometry is not None
        for box in ((123.6, 41.1, 123.65, 41.2), (123.5, 41.0, 124.1, 41.6), (125.0, 41.0, 126.0, 42.0)):
            truth = np.flatnonzero(shapely.intersects(rows.geometry, shapely.box(*box))) + 1
            assert found_in(connection, box) == truth.tolist()


def test_rows_come_go_and_move_afterwards_as_in_any_index(plan: Path) -> None:
    add(plan, parcels(3000))
    with closing(sqlite3.connect(plan)) as connection:
        connection.execute("PRAGMA trusted_schema = ON")
        add_geometry_functions(connection)
        connection.execute("DELETE FROM land_use WHERE fid % 3 = 0")
        connection.execute("UPDATE land_use SET geom = (SELECT geom FROM land_use WHERE fid = 1) WHERE fid % 3 = 1")
        connection.commit()
        assert connection.execute("SELECT rtreecheck(?)", (INDEX,)).fetchone() == ("ok",)
        assert connection.execute(ENTRIES).fetchone() == (2000,)
    more = add(plan, parcels(2000, seed=8))  # behind rows that are there, the index grows row by row
    assert more[0] == 3001 and len(read_plan(plan)["land_use"]) == 4000
    with closing(sqlite3.connect(plan)) as connection:
        assert connection.execute("SELECT rtreecheck(?)", (INDEX,)).fetchone() == ("ok",)
        assert connection.execute(ENTRIES).fetchone() == (4000,)


def test_rows_without_geometry_are_in_the_table_and_not_in_the_index(plan: Path) -> None:
    rows = parcels(1200)
    assert rows.geometry is not None
    rows.geometry[::2] = None
    add(plan, rows)
    with closing(sqlite3.connect(plan)) as connection:
        assert connection.execute(ENTRIES).fetchone() == (600,)
        assert connection.execute("SELECT count(*) FROM land_use").fetchone() == (1200,)
        assert connection.execute("SELECT rtreecheck(?)", (INDEX,)).fetchone() == ("ok",)


def test_the_triggers_and_registers_are_as_they_were(plan: Path) -> None:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    with closing(sqlite3.connect(plan)) as connection:
        before = connection.execute(query).fetchall()
    add(plan, parcels(1000))
    with closing(sqlite3.connect(plan)) as connection:
        assert connection.execute(query).fetchall() == before
        count = "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'land_use'"
        assert connection.execute(count).fetchone() == (1000,)
        extent = connection.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'land_use'"
        ).fetchone()
    geometry = read_plan(plan)["land_use"].geometry
    assert geometry is not None and extent == pytest.approx(shapely.total_bounds(geometry), abs=0)
