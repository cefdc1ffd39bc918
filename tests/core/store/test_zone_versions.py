"""Versions of the zones in a plan file: what is saved comes back byte for byte, and nothing is ever lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.coverage.versions import compare, read_version, restore_version, save_version, versions
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows, update_rows
from restoration_planner.core.store.zone_versions import HELD_TABLES

Sql = Callable[..., list[tuple]]
Other = Callable[..., subprocess.CompletedProcess[str]]

WEST, EAST = shapely.box(124, 41, 125, 42), shapely.box(125, 41, 126, 42)
#: The same ground, the border a tenth of a degree further east.
WIDER_WEST, NARROWER_EAST = shapely.box(124, 41, 125.1, 42), shapely.box(125.1, 41, 126, 42)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Two zones side by side, a key area in the first, and four towns, of which one says itself where it belongs."""
    path = tmp_path / "规划 #1 100%?'x.gpkg"
    towns = [shapely.box(x, 41, x + 0.5, 42) for x in (124, 124.5, 125, 125.5)]
    records = [{"code": f"t{i}", "name": f"镇{i}", "level": "town", "county": "甲县"} for i in range(4)]
    records[2]["zone_code"] = "2"
    zones = [{"code": "1", "name": "西区", "problem": "矿山"}, {"code": "2", "name": "东区"}]
    lists = [{"unit_name": f"镇{i}", "county": "甲县", "zone_code": "1" if i < 2 else "2"} for i in range(4)]
    tables = [
        Rows.from_records("plan", [{"schema_version": 2, "name": "试验规划"}]),
        Rows.from_records("restoration_zone", zones, [WEST, EAST]),
        Rows.from_records("key_area", [{"code": "1-1", "name": "库区", "zone_code": "1"}], [towns[1]]),
        Rows.from_records("admin_unit", records, towns),
        Rows.from_records("unit_membership", lists),
        Rows.from_records("project", [{"code": "A1", "name": "治理"}], [towns[0]]),
    ]
    create_plan(path, PlanTables({rows.table: rows for rows in tables}))
    return path


def move_the_border(path: Path) -> None:
    """What editing does: other shapes, a renamed zone, a third zone, no key area, a town that says another zone."""
    zones = [{"code": "1", "name": "西部区"}, {"code": "2", "name": "东区"}, {"code": "3", "name": "新区"}]
    now = read_plan(path)
    units = now["admin_unit"]
    units["zone_code"][2] = "3"
    replace_rows(
        path,
        {
            "restoration_zone": Rows.from_records("restoration_zone", zones, [WIDER_WEST, NARROWER_EAST, None]),
            "key_area": Rows.empty("key_area"),
            "unit_membership": Rows.from_records("unit_membership", [{"unit_name": "镇0", "zone_code": "2"}]),
            "admin_unit": units,
        },
    )


def content(path: Path, tables: tuple[str, ...] = HELD_TABLES) -> dict[str, list[tuple]]:
    """Every stored value of some tables, geometries as their bytes."""
    with closing(sqlite3.connect(str(path))) as connection:
        return {t: connection.execute(f'SELECT * FROM "{t}" ORDER BY 1').fetchall() for t in tables}  # noqa: S608


def test_a_version_reads_as_the_plan_was(city: Path) -> None:
    before = read_plan(city)
    saved = save_version(city, " 送审稿 ", "第一次送审", "王工")
    move_the_border(city)
    assert versions(city) == [saved]
    assert (saved.name, saved.note, saved.author, saved.kind) == ("送审稿", "第一次送审", "王工", "saved")
    held = read_version(city, saved.id)
    for table in HELD_TABLES:
        assert held[table].records() == before[table].records()
        shapes = before[table].geometry
        assert (held[table].geometry is None) == (shapes is None)
        if shapes is not None:
            assert [g.wkb for g in held[table].geometry] == [g.wkb for g in shapes]
    assert held["plan"]["name"].tolist() == ["试验规划"]


def test_restoring_brings_back_every_byte_and_keeps_the_present_as_a_version(city: Path, sql_on: Sql) -> None:
    before = content(city)
    first = save_version(city, "初稿")
    move_the_border(city)
    changed = content(city)
    kept = restore_version(city, first.id, author="李工")
    assert content(city) == before
    assert (kept.kind, kept.author) == ("before_restore", "李工") and "初稿" in kept.name
    assert [v.id for v in versions(city)] == [kept.id, first.id]
    restore_version(city, kept.id)
    assert content(city) == changed
    assert len(versions(city)) == 3 and len({v.name for v in versions(city)}) == 3
    assert read_plan(city)["project"]["name"].tolist() == ["治理"]
    assert sql_on(city, "PRAGMA integrity_check") == [("ok",)]
    counts = dict(sql_on(city, "SELECT table_name, feature_count FROM gpkg_ogr_contents"))
    assert (counts["restoration_zone"], counts["key_area"]) == (3, 0)
    (box,) = sql_on(city, "SELECT min_x, max_x FROM gpkg_contents WHERE table_name = 'restoration_zone'")
    assert box == (124, 126)


@pytest.fixture
def sql_on() -> Sql:
    """Run SQL on a file as another program would."""

    def run(path: Path, statement: str) -> list[tuple]:
        with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
            add_geometry_functions(connection)
            return connection.execute(statement).fetchall()

    return run


def test_the_same_version_can_be_restored_again_and_again(city: Path) -> None:
    first = save_version(city, "初稿")
    for _ in range(3):
        move_the_border(city)
        restore_version(city, first.id)
    names = [v.name for v in versions(city)]
    assert len(names) == len(set(names)) == 4
    assert compare(read_version(city, first.id), read_plan(city)).nothing_changed


def test_a_column_that_a_user_added_comes_back_and_a_later_one_stays(city: Path, sql_on: Sql) -> None:
    sql_on(city, "ALTER TABLE restoration_zone ADD COLUMN 备注 TEXT")
    sql_on(city, "UPDATE restoration_zone SET 备注 = '原注' || code")
    first = save_version(city, "初稿")
    sql_on(city, "UPDATE restoration_zone SET 备注 = '改'")
    sql_on(city, "ALTER TABLE restoration_zone ADD COLUMN later INTEGER DEFAULT 7")
    restore_version(city, first.id)
    assert sql_on(city, "SELECT 备注, later FROM restoration_zone ORDER BY fid") == [("原注1", 7), ("原注2", 7)]


def test_of_the_units_only_what_they_say_about_zones_is_put_back(city: Path) -> None:
    first = save_version(city, "初稿")
    units = read_plan(city)["admin_unit"]
    units["zone_code"][:] = ["2", None, None, None]
    units["code"][0] = "new code"
    moved = Rows("admin_unit", units.fids + 10, dict(units.columns), units.geometry)  # imported anew: other keys
    moved.geometry[3] = shapely.box(125.5, 41, 126.2, 42)
    replace_rows(city, {"admin_unit": moved})
    restore_version(city, first.id)
    now = read_plan(city)["admin_unit"]
    assert now["zone_code"].tolist() == [None, None, "2", None]
    assert now["code"][0] == "new code" and now.geometry[3].bounds[2] == 126.2
    assert now.fids.tolist() == [11, 12, 13, 14]


def test_a_shape_is_kept_once_however_many_versions_have_it(city: Path, sql_on: Sql) -> None:
    for number in range(5):
        save_version(city, f"第{number}稿")
    assert sql_on(city, "SELECT count(*) FROM zone_version_shape") == [
        (6,)
    ]  # 2 zones and 4 towns, of which one is the key area
    zones = read_plan(city)["restoration_zone"]
    zones.geometry[:] = [WIDER_WEST, NARROWER_EAST]
    update_rows(city, {"restoration_zone": zones}, {"restoration_zone": []})
    save_version(city, "改界")
    assert sql_on(city, "SELECT count(*) FROM zone_version_shape") == [(8,)]


def test_other_programs_do_not_list_the_versions_and_readers_leave_them_alone(city: Path) -> None:
    fiona = pytest.importorskip("fiona")
    before = fiona.listlayers(city)
    first = save_version(city, "初稿")
    assert fiona.listlayers(city) == before
    create_plan(city, read_plan(city), force=True)
    assert versions(city) == [first]


HOSTILE = ["'; DROP TABLE project; --", '<script>alert("x")</script>', "名\n称", "{name} %s \\", "🏞" * 300]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_kept_as_written(city: Path, name: str) -> None:
    saved = save_version(city, name, note=name, author=name)
    move_the_border(city)
    kept = restore_version(city, saved.id)
    found = versions(city)
    assert [(v.name, v.note, v.author) for v in found if v.id == saved.id] == [(name, name, name)]
    assert name in kept.name
    assert len(read_plan(city)["project"]) == 1


@pytest.mark.parametrize(("name", "sentence"), [("", "no_name"), (" \n", "no_name"), ("初稿", "name_taken")])
def test_a_version_needs_a_name_of_its_own(city: Path, name: str, sentence: str) -> None:
    save_version(city, "初稿")
    with pytest.raises(PlannerError) as stopped:
        save_version(city, name)
    assert stopped.value.message.id == f"zone_versions.{sentence}"
    assert [v.name for v in versions(city)] == ["初稿"]


def test_a_version_that_is_not_there(city: Path) -> None:
    for number in (1, 99):
        for ask in (read_version, restore_version):
            with pytest.raises(PlannerError) as stopped:
                ask(city, number)
            assert stopped.value.message.id == "zone_versions.no_such_version"
        save_version(city, f"第{number}稿") if number == 1 else None
    assert len(versions(city)) == 1


def test_an_older_plan_without_these_tables_has_no_versions_and_can_get_them(city: Path, sql_on: Sql) -> None:
    assert versions(city) == []
    for table in ("unit_membership", "siting_review"):
        sql_on(city, f'DROP TABLE "{table}"')
        sql_on(city, f"DELETE FROM gpkg_contents WHERE table_name = '{table}'")  # noqa: S608
        sql_on(city, f"DELETE FROM gpkg_ogr_contents WHERE table_name = '{table}'")  # noqa: S608
    sql_on(city, "UPDATE plan SET schema_version = NULL")
    first = save_version(city, "旧版")
    zones = read_plan(city)["restoration_zone"]
    update_rows(
        city,
        {"restoration_zone": Rows(zones.table, zones.fids, zones.columns, zones.geometry[::-1])},
        {zones.table: []},
    )
    restore_version(city, first.id)
    assert [g.wkb for g in read_plan(city)["restoration_zone"].geometry] == [g.wkb for g in zones.geometry]


def test_a_damaged_shape_is_never_put_into_the_plan(city: Path, sql_on: Sql) -> None:
    first = save_version(city, "初稿")
    move_the_border(city)
    before = content(city)
    sql_on(city, "UPDATE zone_version_shape SET blob = zeroblob(20)")
    for ask in (read_version, restore_version):
        with pytest.raises(PlannerError) as stopped:
            ask(city, first.id)
        assert stopped.value.message.id == "zone_versions.damaged"
    assert content(city) == before and len(versions(city)) == 1


DAMAGES = {
    "tables no JSON": "UPDATE zone_version SET tables = '{oops'",
    "tables a number": "UPDATE zone_version SET tables = '7'",
    "no zones in it": "UPDATE zone_version SET tables = '[]'",
    "attributes no JSON": "UPDATE zone_version_row SET attributes = 'oops'",
    "attributes a list": "UPDATE zone_version_row SET attributes = '[1]'",
    "not UTF-8": "UPDATE zone_version_row SET attributes = CAST(x'7b22ff223a317d' AS TEXT)",
    "bad hex": """UPDATE zone_version_row SET attributes = '{"name": {"hex": "zz"}}'""",
    "no hex": """UPDATE zone_version_row SET attributes = '{"name": {}}'""",
    "half a character": """UPDATE zone_version_row SET attributes = '{"name": "\\ud800"}'""",
    "a list for a value": """UPDATE zone_version_row SET attributes = '{"name": [1]}'""",
    "a huge number": """UPDATE zone_version_row SET attributes = '{"name": 99999999999999999999}'""",
    "shapes gone": "DELETE FROM zone_version_shape",
    "shape a text": "UPDATE zone_version_shape SET blob = 'text'",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_version_is_told_in_a_sentence_and_changes_nothing(city: Path, sql_on: Sql, damage: str) -> None:
    first = save_version(city, "初稿")
    move_the_border(city)
    before = content(city)
    sql_on(city, damage)
    for ask in (read_version, restore_version):
        with pytest.raises(PlannerError) as stopped:
            ask(city, first.id)
        assert stopped.value.message.id == "zone_versions.damaged"
    assert content(city) == before and len(versions(city)) == 1


def test_a_list_that_cannot_be_read_is_not_said_to_be_unwritten(city: Path, sql_on: Sql) -> None:
    save_version(city, "初稿")
    sql_on(city, "UPDATE zone_version SET name = CAST(x'ff41' AS TEXT)")
    assert [v.name for v in versions(city)] == ["\ufffdA"]
    sql_on(city, "ALTER TABLE zone_version RENAME COLUMN note TO nota")
    with pytest.raises(PlannerError) as stopped:
        versions(city)
    assert stopped.value.message.id == "store.read_failed"


def test_halves_of_characters_are_replaced(city: Path) -> None:
    saved = save_version(city, "第\ud800一稿 \ud83c\udfde", "\udfde", "王\ud800")
    assert (saved.name, saved.note, saved.author) == ("第\ufffd一稿 🏞", "\ufffd", "王\ufffd")
    assert versions(city) == [saved]


def test_zones_that_projects_name_are_put_back_and_nothing_else_of_projects(city: Path) -> None:
    records = [
        {"code": "A1", "name": "治理", "zone_codes": '{"1","2"}', "key_area_codes": '{"1-1"}', "remark": "原"},
        {"code": "A2", "name": "造林", "zone_codes": '{"2"}'},
    ]
    replace_rows(city, {"project": Rows.from_records("project", records, [WEST, None])})
    first = save_version(city, "合并前")
    merged = [
        {"code": "A0", "name": "后来的", "zone_codes": '{"1"}'},
        {"code": "A1", "name": "治理", "zone_codes": '{"1"}', "remark": "新"},
        {"code": "A2", "name": "造林", "zone_codes": '{"1"}'},
    ]
    replace_rows(city, {"project": Rows.from_records("project", merged, [None, EAST, None])})
    kept = restore_version(city, first.id)
    now = read_plan(city)["project"]
    assert now["zone_codes"].tolist() == ['{"1"}', '{"1","2"}', '{"2"}']
    assert now["key_area_codes"].tolist() == [None, '{"1-1"}', None]
    assert now["remark"].tolist() == [None, "新", None] and now.geometry[1].bounds == EAST.bounds
    restore_version(city, kept.id)
    assert read_plan(city)["project"]["zone_codes"].tolist() == ['{"1"}'] * 3


def test_odd_values_come_back_as_they_were(city: Path, sql_on: Sql) -> None:
    """Text in a number's column, bytes, NaN's stand-in null, a shape that no library reads: a version judges nothing."""
    sql_on(city, "UPDATE restoration_zone SET stated_area_km2 = '约100', problem = x'00ff' WHERE fid = 1")
    sql_on(city, "UPDATE key_area SET geom = x'47500001' ")
    before = content(city)
    first = save_version(city, "初稿")
    held = read_version(city, first.id)
    assert held["restoration_zone"]["stated_area_km2"].tolist() == [None, None]
    assert held["key_area"].geometry.tolist() == [None] and held["key_area"].damage
    sql_on(city, "UPDATE restoration_zone SET name = 'x', stated_area_km2 = 1")
    restore_version(city, first.id)
    assert content(city) == before


# --- interrupted writes --------------------------------------------------------------------------------------------

_DIES = """
import os, signal, sys
from restoration_planner.core.coverage.versions import restore_version, save_version
from restoration_planner.core.store import geopackage
path, what, point, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
connect, seen = geopackage._connect, 0
def watched(path, mode):
    connection = connect(path, mode)
    def look(statement):
        global seen
        if mode == "rw" and statement.startswith(point):
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(look)
    return connection
geopackage._connect = watched
save_version(path, "第二稿") if what == "save" else restore_version(path, 1)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize(
    ("what", "point", "count"),
    [
        ("save", "INSERT INTO zone_version ", 1),
        ("save", "INSERT INTO zone_version_row", 3),
        ("save", "COMMIT", 1),
        ("restore", "INSERT INTO zone_version ", 1),
        ("restore", 'DELETE FROM "restoration_zone"', 1),
        ("restore", 'UPDATE "restoration_zone"', 2),
        ("restore", 'INSERT INTO "key_area"', 1),
        ("restore", 'UPDATE "admin_unit"', 1),
        ("restore", "UPDATE layer_styles", 1),
        ("restore", "COMMIT", 1),
    ],
)
def test_killed_before_the_end_leaves_plan_and_versions_as_they_were(
    city: Path, sql_on: Sql, in_other_process: Other, what: str, point: str, count: int
) -> None:
    first = save_version(city, "初稿")
    move_the_border(city)
    before = content(city)
    died = in_other_process(_DIES, city, what, point, count)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert content(city) == before and versions(city) == [first]
    assert sql_on(city, "PRAGMA integrity_check") == [("ok",)]
    restore_version(city, first.id)
    assert read_plan(city)["restoration_zone"].geometry[0].equals(WEST)


_FILLS = """
import resource, sys
from restoration_planner.core.coverage.versions import restore_version, save_version
from restoration_planner.core.errors import PlannerError
path, what, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    save_version(path, "第二稿") if what == "save" else restore_version(path, 1)
except PlannerError as error:
    print(error.message.id)
"""


def detailed(path: Path) -> None:
    """Zones whose shapes fill some hundred kilobytes."""
    zones = read_plan(path)["restoration_zone"]
    zones.geometry[:] = shapely.segmentize(zones.geometry, 0.0002)
    update_rows(path, {"restoration_zone": zones}, {"restoration_zone": []})


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
@pytest.mark.parametrize("what", ["save", "restore"])
def test_no_file_may_grow_and_the_plan_is_left_as_it_was(
    city: Path, sql_on: Sql, in_other_process: Other, what: str
) -> None:
    first = save_version(city, "初稿")
    detailed(city)
    before = content(city)
    done = in_other_process(_FILLS, city, what, 300_000)
    assert done.stdout.strip() in ("store.disk_full", "store.disk_full_or_broken"), done.stderr
    assert content(city) == before and versions(city) == [first]
    assert sql_on(city, "PRAGMA integrity_check") == [("ok",)]


_ON_A_SMALL_DISK = """
disk=$1 plan=$2 after=$3; shift 3
mount -t tmpfs -o size=4m tmpfs "$disk" && cp "$plan" "$disk/p.gpkg" && cd "$disk" || exit 9
head -c $(($(df -B1 --output=avail . | tail -1) - 100000)) /dev/zero > fill
"$@"
ls -A
cp p.gpkg "$after"
"""


@pytest.mark.parametrize("what", ["save", "restore"])
def test_a_full_disk_leaves_the_plan_as_it_was(city: Path, tmp_path: Path, what: str) -> None:
    try:
        if subprocess.run(
            ["unshare", "-m", "sh", "-c", f"mount -t tmpfs tmpfs '{tmp_path}'"], capture_output=True
        ).returncode:
            pytest.skip("a small disk can be mounted here only by root")
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    first = save_version(city, "初稿")
    detailed(city)
    before = content(city)
    disk = tmp_path / "disk"
    disk.mkdir()
    after = tmp_path / "after.gpkg"
    words = [sys.executable, "-c", _FILLS, "p.gpkg", what, "0"]
    command = ["unshare", "-m", "sh", "-c", _ON_A_SMALL_DISK, "sh", str(disk), str(city), str(after), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split()[0] in ("store.disk_full", "store.disk_full_or_broken"), done
    assert done.stdout.split()[1:] == ["fill", "p.gpkg"]
    assert content(after) == before and versions(after) == [first]


def test_a_read_only_plan_says_so_and_its_versions_can_be_read(city: Path) -> None:
    first = save_version(city, "初稿")
    mode = city.stat().st_mode
    city.chmod(mode & ~0o222)
    try:
        for attempt in (lambda: save_version(city, "第二稿"), lambda: restore_version(city, first.id)):
            with pytest.raises(PlannerError) as stopped:
                attempt()
            assert stopped.value.message.id == "store.read_only"
        assert versions(city) == [first]
        assert len(read_version(city, first.id)["restoration_zone"]) == 2
    finally:
        city.chmod(mode)
    assert [p.name for p in city.parent.iterdir()] == [city.name]


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.gpkg").write_bytes(b"no database")
    for ask in (
        lambda p: save_version(p, "x"),
        versions,
        lambda p: read_version(p, 1),
        lambda p: restore_version(p, 1),
    ):
        with pytest.raises(PlannerError) as stopped:
            ask(tmp_path / "x.gpkg")
        assert stopped.value.message.id == "store.not_a_geopackage"
