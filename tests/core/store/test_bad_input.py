"""Every fault of a file gives one clear sentence in both languages; damaged geometry is said, not fatal."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store import plan_file
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows
from restoration_planner.core.texts import LANGUAGES, text

Sql = Callable[..., list[tuple]]


def refusal(path: Path) -> str:
    """Id of the sentence with which a file is refused; it must be one line in both languages."""
    with pytest.raises(PlannerError) as refused:
        read_plan(path)
    for language in LANGUAGES:
        sentence = refused.value.message.in_language(language)
        assert sentence and "\n" not in sentence and "{" not in sentence
    return refused.value.message.id


def test_what_is_no_plan_is_refused_by_name(tmp_path: Path) -> None:
    empty, words, folder, database = (tmp_path / n for n in ("empty.gpkg", "words.gpkg", "folder.gpkg", "db.gpkg"))
    empty.touch()
    words.write_text("这不是数据库 " * 100, encoding="utf-8")
    folder.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert refusal(tmp_path / "missing.gpkg") == "store.no_such_file"
    assert refusal(empty) == "store.empty_file"
    assert refusal(words) == "store.not_a_geopackage"
    assert refusal(folder) == "store.is_a_folder"
    assert refusal(database) == "store.not_a_geopackage"


def test_a_file_cut_off_in_the_middle(plan: Path) -> None:
    content = plan.read_bytes()
    plan.write_bytes(content[: len(content) // 3])
    assert refusal(plan) in ("store.damaged", "store.disk_full_or_broken")


def test_a_geopackage_of_something_else(shared: Path) -> None:
    assert refusal(shared / "data" / "benxi.gpkg") == "store.not_a_plan"


@pytest.mark.parametrize("table", ["plan", "restoration_zone", "project"])
def test_a_plan_without_a_required_table(plan: Path, sql: Sql, table: str) -> None:
    sql(f"DROP TABLE {table}")
    assert refusal(plan) == "store.not_a_plan"


@pytest.mark.parametrize("table", ["project", "restoration_zone", "red_line"])
def test_a_table_without_its_code_column(plan: Path, sql: Sql, table: str) -> None:
    sql(f"ALTER TABLE {table} RENAME COLUMN code TO something")
    assert refusal(plan) == "store.no_code_column"


def test_a_missing_column_reads_as_null_and_a_missing_table_as_empty(plan: Path, sql: Sql) -> None:
    sql("ALTER TABLE project RENAME COLUMN start_year TO something")
    sql("DROP TABLE red_line")
    sql("ALTER TABLE project ADD COLUMN extra TEXT")
    sql("CREATE TABLE extra_table (x)")
    found = read_plan(plan)
    assert found["project"]["start_year"].tolist() == [None, None]
    assert len(found["red_line"]) == 0 and len(found["project"]) == 2


@pytest.mark.parametrize(
    ("value", "refused"), [(None, None), (1, None), (2, None), (3, "newer_version"), ("新", "text_for_number")]
)
def test_the_schema_version(plan: Path, sql: Sql, value: object, refused: str | None) -> None:
    sql("UPDATE plan SET schema_version = ?", (value,))
    if refused is None:
        assert len(read_plan(plan)["project"]) == 2
    else:
        assert refusal(plan) == f"store.{refused}"


def test_a_newer_plan_is_not_written_either(plan: Path, sql: Sql) -> None:
    sql("UPDATE plan SET schema_version = 99")
    for attempt in (
        lambda: replace_rows(plan, {"project": Rows.empty("project")}),
        lambda: create_plan(plan, PlanTables({}), force=True),
        lambda: plan_file.ensure_current(plan),
    ):
        with pytest.raises(PlannerError) as refused:
            attempt()
        assert refused.value.message.id == "store.newer_version"
    assert sql("SELECT count(*) FROM project") == [(2,)]


def test_a_layer_in_another_crs_is_named(plan: Path, sql: Sql) -> None:
    sql("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'red_line'")
    with pytest.raises(PlannerError) as refused:
        read_plan(plan)
    assert refused.value.message.id == "store.wrong_crs"
    assert "red_line" in str(refused.value) and "4326" in str(refused.value)


@pytest.mark.parametrize("x, y", [(548_625.0, 4_570_000.0), (41.3, 124.2), (41_548_625.0, 4_570_000.0)])
def test_coordinates_that_are_no_degrees_are_refused(tmp_path: Path, x: float, y: float) -> None:
    shape = shapely.box(x, y, x + 0.1, y + 0.1)
    create_plan(tmp_path / "p.gpkg", PlanTables({"project": Rows.from_records("project", [{"code": "P7"}], [shape])}))
    with pytest.raises(PlannerError) as refused:
        read_plan(tmp_path / "p.gpkg")
    assert refused.value.message.id == "store.not_degrees" and "P7" in str(refused.value)


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("project", "start_year", "二〇二一"),
        ("restoration_zone", "stated_area_km2", "12 km²"),
        ("project", "listed_in_plan", "?"),
    ],
)
def test_text_where_a_number_belongs_is_named_with_table_row_and_field(
    plan: Path, sql: Sql, table: str, field: str, value: str
) -> None:
    for (trigger,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)):
        sql(f'DROP TRIGGER "{trigger}"')
    sql(f"UPDATE {table} SET {field} = ? WHERE fid = 2", (value,))  # noqa: S608 - our own names
    with pytest.raises(PlannerError) as refused:
        read_plan(plan)
    code = {"project": "A2", "restoration_zone": "2"}[table]
    for language in LANGUAGES:
        sentence = refused.value.message.in_language(language)
        assert all(part in sentence for part in (table, code, field, value))


def test_a_table_that_a_program_left_out_of_the_files_own_list_is_read(plan: Path, sql: Sql) -> None:
    sql("DROP TABLE siting_review")
    sql("DELETE FROM gpkg_contents WHERE table_name = 'siting_review'")
    sql("CREATE TABLE siting_review (project_code TEXT, rule TEXT)")
    sql("INSERT INTO siting_review VALUES ('A1', 'red_line')")
    assert read_plan(plan)["siting_review"].records() == [{"project_code": "A1", "rule": "red_line"}]


def test_empty_text_counts_as_null_and_written_numbers_as_numbers(plan: Path, sql: Sql) -> None:
    for (trigger,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'project'"):
        sql(f'DROP TRIGGER "{trigger}"')
    sql("ALTER TABLE project DROP COLUMN area_ha")
    sql("ALTER TABLE project ADD COLUMN area_ha TEXT")
    sql("UPDATE project SET area_ha = '12.5', name = ' ', start_year = '' WHERE fid = 1")
    sql("UPDATE project SET area_ha = '' WHERE fid = 2")
    project = read_plan(plan)["project"]
    assert project["area_ha"].tolist() == [12.5, None]
    assert project["name"].tolist() == [None, None] and project["start_year"].tolist() == [None, None]


def test_codes_that_another_program_stored_as_numbers_read_as_text(plan: Path, sql: Sql) -> None:
    sql("ALTER TABLE programme DROP COLUMN code")
    sql("ALTER TABLE programme ADD COLUMN code INTEGER")
    sql("INSERT INTO programme (code) VALUES (7)")
    assert read_plan(plan)["programme"]["code"].tolist() == ["7"]


def test_text_that_another_program_stored_in_gbk_is_read(plan: Path, sql: Sql) -> None:
    for (trigger,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'project'"):
        sql(f'DROP TRIGGER "{trigger}"')
    sql("UPDATE project SET name = CAST(x'B1BECFAA' AS TEXT) WHERE fid = 1")
    assert read_plan(plan)["project"]["name"].tolist() == ["本溪", None]


@pytest.mark.parametrize("register", ["gpkg_geometry_columns", "gpkg_spatial_ref_sys"])
def test_a_file_without_a_register_of_every_geopackage(plan: Path, sql: Sql, register: str) -> None:
    for (view,) in sql("SELECT name FROM sqlite_master WHERE type = 'view'"):
        sql(f'DROP VIEW "{view}"')
    sql(f"DROP TABLE {register}")
    assert refusal(plan) == "store.not_a_geopackage"


def rings(*found: list[tuple[float, ...]], code: int = 3) -> bytes:
    """WKB of a polygon whose rings nobody has checked."""
    wkb = struct.pack("<BII", 1, code, len(found))
    for ring in found:
        wkb += struct.pack("<I", len(ring)) + b"".join(struct.pack(f"<{len(p)}d", *p) for p in ring)
    return wkb


def multi(*parts: bytes, code: int = 6) -> bytes:
    """WKB of a multi-polygon (or another collection) of those parts."""
    return struct.pack("<BII", 1, code, len(parts)) + b"".join(parts)


SQUARE = [(124.0, 41.0), (125.0, 41.0), (125.0, 42.0), (124.0, 42.0), (124.0, 41.0)]
ARC = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 124, 41, 124.5, 41.5, 125, 41)
CHORD = struct.pack("<BII", 1, 2, 2) + struct.pack("<4d", 125, 41, 124, 41)
HALF_DISC = struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 9, 2) + ARC + CHORD

STORED = {
    "plain": (multi(rings(SQUARE)), None, 1.0),
    "a single polygon": (rings(SQUARE), None, 1.0),
    "with Z": (multi(rings([(*p, 5.0) for p in SQUARE], code=1003), code=1006), None, 1.0),
    "with M": (multi(rings([(*p, 5.0) for p in SQUARE], code=2003), code=2006), None, 1.0),
    "with Z and M": (multi(rings([(*p, 5.0, 6.0) for p in SQUARE], code=3003), code=3006), None, 1.0),
    "unclosed": (multi(rings(SQUARE[:-1])), "geometry.unclosed", 1.0),
    "not a number": (multi(rings([*SQUARE[:2], (math.nan, 42.0), *SQUARE[3:]])), "geometry.not_finite", None),
    "infinite": (multi(rings([*SQUARE[:2], (125.0, math.inf), *SQUARE[3:]])), "geometry.not_finite", None),
    "a half disc": (multi(HALF_DISC, code=12), "geometry.curve", math.pi / 8),
    "cut off": (multi(rings(SQUARE))[:-9], "geometry.unreadable", None),
    "garbage": (b"\x07garbage of some length", "geometry.unreadable", None),
    "two points": (multi(rings(SQUARE[:2])), "geometry.unreadable", None),
    "empty": (multi(), None, 0.0),
    "self-crossing": (multi(rings([(124, 41), (125, 42), (125, 41), (124, 42), (124, 41)])), None, 0.0),
}


@pytest.mark.parametrize("case", STORED)
def test_a_stored_geometry_is_read_or_its_damage_is_said(
    plan: Path, store_geometry: Callable[..., None], case: str
) -> None:
    wkb, damage, area = STORED[case]
    store_geometry(wkb)
    project = read_plan(plan)["project"]
    assert project.geometry is not None and len(project) == 2
    assert project.damage.get(0) == damage
    if damage is not None:
        assert all(text(damage, language) for language in LANGUAGES)
    if area is None:
        assert project.geometry[0] is None
    else:
        assert project.geometry[0].geom_type == "MultiPolygon" and not project.geometry[0].has_z
        assert project.geometry[0].area == pytest.approx(area, rel=1e-3)
    assert project.geometry[1] is None and 1 not in project.damage


_READS_WITH_GDAL = """
import importlib.util, json, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "fiona" else found(name, *more)
from restoration_planner.core.store.plan_file import read_plan
project = read_plan(sys.argv[1])["project"]
assert "osgeo" in sys.modules and "fiona" not in sys.modules
print(json.dumps([[None if g is None else g.wkt for g in project.geometry], project.damage]))
"""


def test_gdal_reads_stored_geometry_as_fiona_does(
    plan: Path,
    store_geometry: Callable[..., None],
    in_other_process: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    pytest.importorskip("osgeo", reason="GDAL's Python bindings are not installed")
    for fid, (wkb, _, _) in enumerate(STORED.values(), 1):
        store_geometry(wkb, fid)
    done = in_other_process(_READS_WITH_GDAL, plan)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    shapes, damage = json.loads(done.stdout)
    ours = read_plan(plan)["project"]
    assert ours.geometry is not None and len(ours) == len(STORED)
    assert damage == {str(row): text_id for row, text_id in ours.damage.items()}
    assert shapes == [None if g is None else g.wkt for g in ours.geometry]


def test_ten_thousand_parts_and_duplicate_codes(tmp_path: Path) -> None:
    west, south = (side.ravel() / 100 for side in np.mgrid[12400:12500, 4100:4200])
    shape = shapely.multipolygons(shapely.box(west, south, west + 0.005, south + 0.005))
    rows = Rows.from_records("project", [{"code": "A"}, {"code": "A"}], [shape, shapely.box(-180, -90, 180, 90)])
    create_plan(tmp_path / "p.gpkg", PlanTables({"project": rows}))
    found = read_plan(tmp_path / "p.gpkg")["project"]
    assert found.geometry is not None and shapely.get_num_geometries(found.geometry[0]) == 10_000
    assert found["code"].tolist() == ["A", "A"] and not found.damage
