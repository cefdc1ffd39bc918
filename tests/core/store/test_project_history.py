"""The history of the projects: whatever is saved leaves its record, nothing else does, and it leads back to any earlier state."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.history.returning import put_deleted_back
from restoration_planner.core.history.saves import gone_projects, saves_of
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.history_signing import is_written_here, note_written_here, set_author
from restoration_planner.core.store.plan_file import (
    add_and_update_rows,
    create_plan,
    ensure_current,
    read_plan,
    remove_and_update_rows,
    replace_rows,
    update_rows,
)
from restoration_planner.core.store.project_history import (
    SITE,
    Record,
    begin_history,
    keeps_history,
    newest_record,
    read_history,
    sign_records,
)
from restoration_planner.core.texts import set_language

SQUARE = "MULTIPOLYGON (((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.2, 124.1 41.1)))"
HALF = "MULTIPOLYGON (((124.1 41.1, 124.15 41.1, 124.15 41.2, 124.1 41.2, 124.1 41.1)))"


@pytest.fixture(autouse=True)
def _signed() -> Any:
    set_author("李工")
    set_language("en")
    yield
    set_author(None)
    set_language(None)


@pytest.fixture
def other(plan: Path) -> Callable[..., None]:
    """Another program without the plugin, which knows the functions of the GeoPackage's triggers as GDAL does."""

    def run(statement: str, parameters: tuple = ()) -> None:
        with closing(sqlite3.connect(str(plan), isolation_level=None)) as connection:
            add_geometry_functions(connection)
            connection.execute(statement, parameters)

    return run


def told(records: list[Record]) -> list[tuple[object, ...]]:
    return [(r.fid, r.kind, r.field, r.old, r.new, r.who) for r in records]


def changed(plan: Path, **values: object) -> None:
    rows = read_plan(plan, ["project"])["project"].take(np.array([True, False]))
    for name, value in values.items():
        rows.columns[name] = np.array([value], dtype=object)
    update_rows(plan, {"project": Rows("project", rows.fids, rows.columns)}, {"project": list(values)})


def test_a_new_plan_keeps_history_and_begins_without_any(plan: Path, tmp_path: Path) -> None:
    assert keeps_history(plan) and read_history(plan) == []
    create_plan(tmp_path / "benxi.gpkg", plan_from_template("benxi"))
    assert keeps_history(tmp_path / "benxi.gpkg") and read_history(tmp_path / "benxi.gpkg") == []


def test_a_changed_field_is_recorded_with_old_new_and_who(plan: Path) -> None:
    changed(plan, name="矿山治理", start_year=2022)
    assert told(read_history(plan)) == [
        (1, "changed", "name", "治理", "矿山治理", "李工"),
        (1, "changed", "start_year", 2021, 2022, "李工"),
    ]
    assert read_history(plan)[0].code == "A1"


def test_what_another_program_saves_is_recorded_unsigned(plan: Path, other: Callable[..., None]) -> None:
    other("UPDATE project SET remark = '经核' WHERE code = 'A2'")
    assert told(read_history(plan)) == [(2, "changed", "remark", None, "经核", None)]
    changed(plan, name="其他")  # signing ours leaves theirs unsigned
    assert [r.who for r in read_history(plan)] == [None, "李工"]


def test_writing_the_same_again_and_empty_text_for_nothing_is_no_change(plan: Path, other: Callable[..., None]) -> None:
    other("UPDATE project SET name = name, geom = geom, area_ha = area_ha")
    other("UPDATE project SET remark = ''")
    other("UPDATE project SET remark = NULL")
    assert read_history(plan) == []


def test_unknown_is_another_answer_than_no(plan: Path, other: Callable[..., None]) -> None:
    other("UPDATE project SET temporary_land = NULL WHERE fid = 2")
    assert told(read_history(plan)) == [(2, "changed", "temporary_land", 0, None, None)]
    assert [(c.before, c.after) for c in saves_of(plan, 2)[0].changes] == [("no", "")]


def test_a_site_is_recorded_by_its_former_shape_and_measured_when_read(plan: Path) -> None:
    rows = read_plan(plan, ["project"])["project"].take(np.array([True, False]))
    for shape in (SQUARE, HALF, None):
        rows.geometry[0] = None if shape is None else shapely.from_wkt(shape)
        update_rows(plan, {"project": rows}, {"project": []})
    assert [(r.field, r.new) for r in read_history(plan)] == [(SITE, None)] * 3
    saves = saves_of(plan, 1)
    sites = [change.site for save in saves for change in save.changes]
    assert len(sites) == 3 and sites[0].after is None
    # A square of 0.1° at 41.15° is 8.386 km × 11.106 km, as cos φ and the meridian say to a thousandth; half goes
    assert sites[1].before == pytest.approx(8.398e3 * 11.106e3, rel=2e-3)
    assert sites[1].after == pytest.approx(sites[1].before / 2, rel=1e-6)
    assert sites[1].differs == pytest.approx(sites[1].before - sites[1].after, rel=1e-9)
    assert "−4,66" in saves[1].changes[0].after and "ha" in saves[1].changes[0].after
    assert shapely.equals_exact(saves[1].changes[0].old, shapely.from_wkt(SQUARE), 0)


def test_the_same_ground_in_other_bytes_is_shown_as_no_change(plan: Path, other: Callable[..., None]) -> None:
    (blob,) = closing_fetch(plan, "SELECT geom FROM project WHERE fid = 1")
    wkb = shapely.from_wkb(blob[40:])
    turned = shapely.MultiPolygon([shapely.Polygon(wkb.geoms[0].exterior.coords[::-1])])
    other("UPDATE project SET geom = ? WHERE fid = 1", (b"GP\x00\x01" + blob[4:8] + turned.wkb,))
    assert [r.field for r in read_history(plan)] == [SITE]
    assert saves_of(plan, 1) == []


def closing_fetch(plan: Path, query: str) -> tuple:
    with closing(sqlite3.connect(str(plan))) as connection:
        return connection.execute(query).fetchone()


def test_an_import_and_its_taking_back_are_both_told(plan: Path) -> None:
    new = Rows.from_records("project", [{"code": "A3", "name": "造林"}], [shapely.from_wkt(SQUARE)])
    written = add_and_update_rows(plan, new, Rows.empty("project"), [])
    remove_and_update_rows(plan, written.added, Rows.empty("project"), [])
    kinds = [(r.kind, r.field) for r in read_history(plan)]
    assert kinds == [("added", None), ("deleted", None), ("deleted", "code"), ("deleted", "name"), ("deleted", SITE)]
    assert [save.kind for save in saves_of(plan, written.added[0])] == ["deleted", "added"]
    (gone,) = gone_projects(plan)
    assert (gone.code, gone.name, gone.who) == ("A3", "造林", "李工")
    assert shapely.equals(gone.site, shapely.from_wkt(SQUARE))


def test_a_project_that_came_back_brings_its_earlier_history(plan: Path, other: Callable[..., None]) -> None:
    changed(plan, status="在建")
    other("DELETE FROM project WHERE fid = 1")
    assert [g.values["status"] for g in gone_projects(plan)] == ["在建"]
    other("INSERT INTO project (code, name, status) VALUES ('A1', '治理', '在建')")
    assert gone_projects(plan) == []
    (fid,) = closing_fetch(plan, "SELECT fid FROM project WHERE code = 'A1'")
    assert [save.kind for save in saves_of(plan, fid)] == ["added", "deleted", "changed"]


def test_a_deleted_project_goes_back_under_its_own_key(plan: Path, other: Callable[..., None]) -> None:
    before = closing_fetch(plan, "SELECT * FROM project WHERE fid = 1")
    other("DELETE FROM project WHERE fid = 1")
    put_deleted_back(plan, 1)
    assert closing_fetch(plan, "SELECT * FROM project WHERE fid = 1") == before
    with pytest.raises(PlannerError):
        put_deleted_back(plan, 1)
    assert [(s.kind, s.who) for s in saves_of(plan, 1)] == [("added", "李工"), ("deleted", None)]
    assert gone_projects(plan) == []


def test_replacing_all_projects_records_only_what_differs(plan: Path, tables: PlanTables) -> None:
    tables["project"].columns["name"][1] = "新名"
    create_plan(plan, tables, force=True)
    assert told(read_history(plan)) == [(2, "changed", "name", None, "新名", "李工")]
    replace_rows(plan, {"project": tables["project"].take(np.array([False, True]))})
    assert {(r.fid, r.kind) for r in read_history(plan, since=1)} == {(1, "deleted")}
    changed_after = read_plan(plan, ["project"])["project"]
    changed_after.columns["name"][0] = "再改"
    update_rows(plan, {"project": changed_after}, {"project": ["name"]})
    assert read_history(plan)[-1].new == "再改"  # the triggers are there again


def test_a_failed_write_leaves_no_record(plan: Path) -> None:
    rows = Rows.from_records("project", [{"code": "A1", "name": "x"}, {"code": "?", "name": "y"}])
    rows = Rows("project", np.array([1, 99]), rows.columns)
    with pytest.raises(PlannerError):
        update_rows(plan, {"project": rows}, {"project": ["name"]})
    assert read_history(plan) == []


_DIES = """
import os, signal, sys
from pathlib import Path
from restoration_planner.core.store import geopackage
with geopackage.writing(Path(sys.argv[1])) as plan:
    plan.execute("UPDATE project SET name = 'half' WHERE fid = 1")
    assert plan.execute("SELECT count(*) FROM project_history").fetchone() == (1,)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_in_the_middle_neither_change_nor_record_is_there(plan: Path) -> None:
    died = subprocess.run([sys.executable, "-c", _DIES, str(plan)], capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert read_history(plan) == [] and read_plan(plan)["project"]["name"][0] == "治理"
    changed(plan, name="又改")
    assert [r.new for r in read_history(plan)] == ["又改"]


_WRITES_ON = """
import sqlite3, sys
from restoration_planner.core.store.geopackage import add_geometry_functions
plan = sqlite3.connect(sys.argv[1], isolation_level=None)
add_geometry_functions(plan)
number = 0
while True:
    number += 1
    plan.execute("UPDATE project SET tasks = ? WHERE fid = 1", (str(number),))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="killed by a signal")
def test_killed_at_any_moment_values_and_records_agree(plan: Path) -> None:
    for pause in (0.0, 0.01, 0.03):
        with subprocess.Popen([sys.executable, "-c", _WRITES_ON, str(plan)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.kill()
        chain = [r for r in read_history(plan) if r.field == "tasks"]
        assert chain[-1].new == read_plan(plan)["project"]["tasks"][0]
        assert all(later.old == earlier.new for earlier, later in zip(chain, chain[1:]))


def test_an_older_plan_is_only_written_to_when_it_is_worked_on(
    plan: Path, sql: Callable[..., list[tuple]], digest: Callable
) -> None:
    for kind in ("added", "changed", "deleted"):
        sql(f"DROP TRIGGER project_history_{kind}")
    sql("DROP TABLE project_history")
    before = digest(plan.parent)
    assert not keeps_history(plan) and read_history(plan) == [] and saves_of(plan, 1) == [] and newest_record(plan) == 0
    assert digest(plan.parent) == before
    begin_history(plan)
    assert keeps_history(plan)
    changed(plan, name="记下")
    assert len(read_history(plan)) == 1


def test_the_first_write_of_ours_to_an_older_plan_is_recorded(plan: Path, sql: Callable[..., list[tuple]]) -> None:
    for kind in ("added", "changed", "deleted"):
        sql(f"DROP TRIGGER project_history_{kind}")
    sql("DROP TABLE project_history")
    changed(plan, name="记下")
    assert told(read_history(plan)) == [(1, "changed", "name", "治理", "记下", "李工")]


def test_a_table_with_fewer_fields_records_those_that_it_has(
    plan: Path, sql: Callable[..., list[tuple]], other: Callable[..., None]
) -> None:
    for kind in ("added", "changed", "deleted"):
        sql(f"DROP TRIGGER project_history_{kind}")
    sql("ALTER TABLE project DROP COLUMN remark")
    begin_history(plan)
    other("UPDATE project SET tasks = 't' WHERE fid = 1")
    assert [r.field for r in read_history(plan)] == ["tasks"]
    changed(plan, remark="nun da")  # our writing adds the column, and records it from then on
    assert [r.field for r in read_history(plan)] == ["tasks", "remark"]


def test_a_users_own_columns_come_change_and_go(
    plan: Path, sql: Callable[..., list[tuple]], other: Callable[..., None]
) -> None:
    sql("ALTER TABLE project ADD COLUMN 自用 TEXT")
    other("UPDATE project SET 自用 = 'x'")
    sql("ALTER TABLE project RENAME COLUMN 自用 TO own")
    sql("ALTER TABLE project DROP COLUMN own")
    assert read_history(plan) == [] and keeps_history(plan)


def test_signing_takes_our_own_records_and_no_others(plan: Path, other: Callable[..., None]) -> None:
    other("UPDATE project SET name = 'a' WHERE fid = 1")
    since = newest_record(plan)
    other("UPDATE project SET name = 'b', tasks = 't' WHERE fid = 1")
    other("UPDATE project SET name = 'c' WHERE fid = 2")
    ours = sign_records(plan, since, {1: {"name"}})
    assert [(r.fid, r.field, r.who) for r in read_history(plan)] == [
        (1, "name", None),
        (1, "name", "李工"),
        (1, "tasks", None),
        (2, "name", None),
    ]
    assert ours == [since + 1] and sign_records(plan, since, {1: {"name"}}) == []


def test_thousands_of_records_of_ours_are_known_in_no_time(plan: Path) -> None:
    note_written_here(plan, ((number, number) for number in range(1, 50_001)))
    started = time.perf_counter()
    assert all(is_written_here(plan, number) for number in range(1, 50_001))
    assert not is_written_here(plan, 50_001)
    assert time.perf_counter() - started < 5  # seconds for each thousand, once


def test_a_read_only_plan_says_so_and_its_history_is_read(plan: Path) -> None:
    changed(plan, name="新")
    mode = plan.stat().st_mode
    plan.chmod(mode & ~0o222)
    try:
        assert [s.changes[0].after for s in saves_of(plan, 1)] == ["新"]
        with pytest.raises(PlannerError) as refused:
            changed(plan, name="再")
        assert refused.value.message.id == "store.read_only"
    finally:
        plan.chmod(mode)
    assert len(read_history(plan)) == 1


def test_text_in_another_encoding_is_read(plan: Path, other: Callable[..., None]) -> None:
    other("UPDATE project SET remark = CAST(? AS TEXT) WHERE fid = 1", ("备注".encode("gb18030"),))
    other("UPDATE project SET remark = NULL WHERE fid = 1")
    assert [(s.changes[0].before, s.changes[0].after) for s in saves_of(plan, 1)] == [("备注", ""), ("", "备注")]


def test_a_plan_of_version_1_keeps_history_once_it_is_brought_up_to_date(
    plan: Path, sql: Callable[..., list[tuple]]
) -> None:
    for kind in ("added", "changed", "deleted"):
        sql(f"DROP TRIGGER project_history_{kind}")
    sql("UPDATE plan SET schema_version = 1")
    ensure_current(plan)
    assert keeps_history(plan) and read_history(plan) == []


def test_two_thousand_projects_are_recorded_in_little_time(plan: Path) -> None:
    rows = Rows.from_records("project", [{"code": f"N{i}", "name": f"项目{i}", "tasks": "t"} for i in range(2000)])
    begun = time.perf_counter()
    written = add_and_update_rows(plan, rows, Rows.empty("project"), [])
    keys = np.array(written.added)
    names = np.array([f"新{i}" for i in range(2000)], dtype=object)
    update_rows(plan, {"project": Rows("project", keys, {"name": names})}, {"project": ["name"]})
    seconds = time.perf_counter() - begun
    assert len(read_history(plan)) == 4000
    assert seconds < 5


# --- the history leads back to every earlier state -------------------------------------------------------

_SHAPES = (None, SQUARE, HALF, "MULTIPOLYGON (((124.3 41, 124.4 41, 124.4 41.1, 124.3 41)))")
_VALUES = st.one_of(
    st.none(), st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=4)
)
_EDIT = st.one_of(
    st.tuples(st.just("set"), st.integers(1, 6), st.sampled_from(["name", "tasks", "status", "counties"]), _VALUES),
    st.tuples(st.just("year"), st.integers(1, 6), st.just("start_year"), st.one_of(st.none(), st.integers(0, 2100))),
    st.tuples(st.just("site"), st.integers(1, 6), st.none(), st.sampled_from(_SHAPES)),
    st.tuples(st.just("add"), st.none(), st.none(), st.sampled_from(_SHAPES)),
    st.tuples(st.just("delete"), st.integers(1, 6), st.none(), st.none()),
)


def _state(plan: sqlite3.Connection) -> dict[int, dict[str, object]]:
    names = [*TABLES["project"].field_names, SITE]
    rows = plan.execute(f"SELECT fid, {', '.join(names)} FROM project").fetchall()  # noqa: S608
    return {fid: {n: (None if v == "" else v) for n, v in zip(names, values)} for fid, *values in rows}


def _blob(shape: str | None) -> bytes | None:
    return None if shape is None else b"GP\x00\x01" + (4490).to_bytes(4, "little") + shapely.from_wkt(shape).wkb


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(_EDIT, max_size=12))
def test_undoing_the_records_leads_back_through_every_state(plan: Path, edits: list[tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(str(plan), isolation_level=None)) as file:
        add_geometry_functions(file)
        since = file.execute("SELECT coalesce(max(id), 0) FROM project_history").fetchone()[0]
        states = [(since, _state(file))]
        for what, fid, field, value in edits:
            if what in ("set", "year"):
                file.execute(f"UPDATE project SET {field} = ? WHERE fid = ?", (value, fid))  # noqa: S608
            elif what == "site":
                file.execute("UPDATE project SET geom = ? WHERE fid = ?", (_blob(value), fid))
            elif what == "add":
                file.execute("INSERT INTO project (code, geom) VALUES ('N', ?)", (_blob(value),))
            else:
                file.execute("DELETE FROM project WHERE fid = ?", (fid,))
            states.append(
                (file.execute("SELECT coalesce(max(id), 0) FROM project_history").fetchone()[0], _state(file))
            )
        now = _state(file)
    records = read_history(plan, since=since)
    for number, state in reversed(states):
        while records and records[-1].id > number:
            _undo(now, records.pop())
        assert now == state


def _undo(state: dict[int, dict[str, object]], record: Record) -> None:
    if record.kind == "added":
        del state[record.fid]
    elif record.kind == "deleted":
        row = state.setdefault(record.fid, dict.fromkeys([*TABLES["project"].field_names, SITE]))
        if record.field is not None:
            row[record.field] = record.old
    else:
        state[record.fid][record.field or ""] = None if record.old == "" else record.old
