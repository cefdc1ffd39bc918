"""What is written into a plan file is what is read from it, by us and by others."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import fiona
import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows, update_rows

Sql = Callable[..., list[tuple]]


def same_rows(found: Rows, expected: Rows) -> None:
    """Every field as expected, null where nothing was given."""
    assert len(found) == len(expected)
    for field in TABLES[expected.table].fields:
        assert found[field.name].tolist() == expected[field.name].tolist(), field.name
    if expected.geometry is not None:
        assert found.geometry is not None
        for one, other in zip(found.geometry, expected.geometry):
            assert (one is None) == (other is None)
            assert one is None or (one.geom_type == "MultiPolygon" and shapely.equals(one, other))


def test_everything_comes_back_as_it_was_given(plan: Path, tables: PlanTables) -> None:
    found = read_plan(plan)
    for name in TABLES:
        same_rows(found[name], tables[name])


def test_types_come_back_as_the_schema_says(plan: Path) -> None:
    project = read_plan(plan)["project"]
    assert [type(project[n][0]) for n in ("code", "start_year", "area_ha", "listed_in_plan")] == [str, int, float, bool]
    assert project["temporary_land"].tolist() == [None, False]


def test_every_table_of_the_schema_is_in_a_new_plan_with_its_types(plan: Path, sql: Sql) -> None:
    sql_types = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "boolean": "BOOLEAN"}
    for name, table in TABLES.items():
        columns = {row[1]: (row[2], row[3]) for row in sql(f"PRAGMA table_info({name})")}
        assert [columns.pop("fid")[0], columns.pop("geom", (None, 0))[0]] == [
            "INTEGER",
            table.geometry.upper() if table.geometry else None,
        ]
        assert columns == {f.name: (sql_types[f.type], 0) for f in table.fields}


def test_layers_are_in_epsg_4490_with_a_spatial_index(plan: Path, sql: Sql) -> None:
    spatial = {name for name, table in TABLES.items() if table.geometry}
    assert dict(sql("SELECT table_name, srs_id FROM gpkg_geometry_columns")) == dict.fromkeys(spatial, 4490)
    indexed = {
        row[0] for row in sql("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")
    }
    assert indexed == spatial
    (definition,) = sql("SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = 4490")[0]
    assert "298.257222101" in definition and "4490" in definition
    with fiona.open(plan, layer="project") as layer:
        assert layer.crs.to_epsg() == 4490


def test_reading_leaves_every_byte_and_makes_no_file(plan: Path, digest: Callable) -> None:
    before = digest(plan.parent)
    read_plan(plan)
    assert digest(plan.parent) == before


def test_a_plan_marked_for_a_write_ahead_log_is_read_in_a_folder_that_cannot_be_written(
    plan: Path, sql: Sql, digest: Callable
) -> None:
    sql("PRAGMA journal_mode = WAL")
    before = digest(plan.parent)
    plan.chmod(0o444)
    plan.parent.chmod(0o555)
    try:
        assert read_plan(plan)["project"]["code"].tolist() == ["A1", "A2"]
        assert digest(plan.parent) == before
    finally:
        plan.parent.chmod(0o755)


def test_codes_may_hold_whatever_text_can_hold(tmp_path: Path) -> None:
    codes = ["it's", 'say "x"', "a,b", "{}", "'); DROP TABLE project; --", "%s ?", "𠮷", "\\"]
    rows = Rows.from_records("project", [{"code": c, "name": c} for c in codes])
    create_plan(tmp_path / "p.gpkg", PlanTables({"project": rows}))
    replace_rows(tmp_path / "p.gpkg", {"programme": Rows.from_records("programme", [{"code": c} for c in codes])})
    found = read_plan(tmp_path / "p.gpkg")
    assert found["project"]["code"].tolist() == found["programme"]["code"].tolist() == codes


def test_replaced_rows_stand_in_the_plan_with_index_extent_and_counts_right(plan: Path, sql: Sql) -> None:
    shapes = [shapely.box(124, 41, 124.5, 41.25), None, shapely.box(125, 41.5, 125.5, 42), shapely.Polygon()]
    rows = Rows.from_records("siting_finding", [{"project_code": c, "area_m2": 1.5} for c in "abcd"], shapes)
    replace_rows(plan, {"siting_finding": Rows.from_records("siting_finding", [{"rule": "old"}], [shapes[0]])})
    replace_rows(plan, {"siting_finding": rows})
    same_rows(read_plan(plan)["siting_finding"], rows)
    assert sql("SELECT id FROM rtree_siting_finding_geom ORDER BY id") == [(1,), (3,)]
    assert sql("SELECT minx, maxx, miny, maxy FROM rtree_siting_finding_geom WHERE id = 3") == [(125, 125.5, 41.5, 42)]
    assert sql("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'siting_finding'") == [
        (124, 41, 125.5, 42)
    ]
    assert sql("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'siting_finding'") == [(4,)]
    with fiona.open(plan, layer="siting_finding") as layer:
        assert [f["properties"]["project_code"] for f in layer.filter(bbox=(125.1, 41.6, 125.2, 41.7))] == ["c"]


def test_a_write_leaves_the_journal_mode_and_the_folder_as_they_were(plan: Path, sql: Sql) -> None:
    replace_rows(plan, {"programme": Rows.from_records("programme", [{"code": "P"}])})
    assert [p.name for p in plan.parent.iterdir()] == [plan.name]
    assert sql("PRAGMA journal_mode") == [("delete",)]
    assert sql("PRAGMA integrity_check") == [("ok",)]


def test_updating_rows_keeps_what_was_not_named_and_columns_of_the_users(plan: Path, sql: Sql) -> None:
    sql("ALTER TABLE restoration_zone ADD COLUMN mine TEXT DEFAULT 'kept'")
    zones = read_plan(plan)["restoration_zone"]
    changed = zones.take(np.array([1]))
    changed.columns["area_km2"][0] = 7.5  # type: ignore[index]
    changed.columns["problem"][0] = "not to be written"  # type: ignore[index]
    assert changed.geometry is not None
    changed.geometry[0] = shapely.box(0, 0, 1, 1)
    update_rows(plan, {"restoration_zone": changed}, {"restoration_zone": ["area_km2"]})
    after = read_plan(plan)["restoration_zone"]
    assert after["area_km2"].tolist() == [None, 7.5]
    assert after["problem"].tolist() == [None, "矿山"]
    assert after.geometry is not None and shapely.equals(after.geometry[1], shapely.box(0, 0, 1, 1))
    assert sql("SELECT mine FROM restoration_zone") == [("kept",), ("kept",)]


def test_a_row_that_vanished_meanwhile_stops_the_update(plan: Path, sql: Sql) -> None:
    zones = read_plan(plan)["restoration_zone"]
    sql("DELETE FROM restoration_zone WHERE fid = 2")
    with pytest.raises(PlannerError) as stopped:
        update_rows(plan, {"restoration_zone": zones}, {"restoration_zone": ["area_km2"]})
    assert stopped.value.message.id == "store.changed_meanwhile"


def test_force_gives_an_existing_plan_new_contents_within_the_same_file(plan: Path, sql: Sql) -> None:
    sql("CREATE TABLE users_own (x)")
    inode = plan.stat().st_ino
    zones = Rows.from_records("restoration_zone", [{"code": "9"}])
    create_plan(plan, PlanTables({"restoration_zone": zones}), force=True)
    found = read_plan(plan)
    assert found["restoration_zone"]["code"].tolist() == ["9"] and not len(found["project"])
    assert plan.stat().st_ino == inode and sql("SELECT count(*) FROM users_own") == [(0,)]


def test_without_force_an_existing_file_stays(tmp_path: Path, tables: PlanTables) -> None:
    path = tmp_path / "note.gpkg"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(PlannerError) as stopped:
        create_plan(path, tables)
    assert stopped.value.message.id == "store.exists" and path.read_text(encoding="utf-8") == "mine"
    create_plan(path, tables, force=True)
    assert len(read_plan(path)["project"]) == 2


def test_fiona_and_gdal_read_and_write_the_same(
    plan: Path, tmp_path: Path, tables: PlanTables, in_other_process: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    pytest.importorskip("osgeo", reason="GDAL's Python bindings are not installed")
    # Two copies of GDAL's bindings in one process can crash it: the other adapter works in a process of its own.
    done = in_other_process(_WITH_GDAL, plan, tmp_path / "gdal.gpkg")
    assert done.returncode == 0, done.stderr
    found = read_plan(tmp_path / "gdal.gpkg")
    for name in TABLES:
        same_rows(found[name], tables[name])
    with closing(sqlite3.connect(plan)) as ours, closing(sqlite3.connect(tmp_path / "gdal.gpkg")) as theirs:
        for table in TABLES:
            query = "SELECT name, type FROM pragma_table_info(?)"
            assert ours.execute(query, (table,)).fetchall() == theirs.execute(query, (table,)).fetchall()


_WITH_GDAL = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "fiona" else found(name, *more)
from restoration_planner.core.store.plan_file import create_plan, read_plan
create_plan(sys.argv[2], read_plan(sys.argv[1]))
assert "osgeo" in sys.modules and "fiona" not in sys.modules
"""
