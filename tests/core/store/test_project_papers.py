"""Papers of projects in a plan file: whole or not at all, byte for byte, and always with their own project."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.papers.attached import (
    INSIDE,
    LINKED,
    Facts,
    Wanted,
    all_papers,
    attach,
    content,
    give_to,
    papers_of,
    remove,
    rename,
    save_as,
)
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.plan_file import read_plan, replace_rows, update_rows

Sql = Callable[..., list[tuple]]
Other = Callable[..., subprocess.CompletedProcess[str]]

#: Bytes of every value, also those that text handling would spoil.
BYTES = bytes(range(256)) * 40 + b"\r\n\x00\x1a"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "照片 1.jpg"
    path.write_bytes(BYTES)
    return path


def titles(plan: Path, fid: int | None) -> list[str]:
    return [paper.title for paper in all_papers(plan).get(fid, [])]


def test_a_plan_without_papers_has_no_table_of_them_and_reads_as_none(plan: Path, sql: Sql) -> None:
    assert all_papers(plan) == {} and papers_of(plan, 1) == []
    assert sql("SELECT name FROM sqlite_master WHERE name LIKE 'project_paper%'") == []
    with pytest.raises(PlannerError) as refused:
        content(plan, 1)
    assert refused.value.message.id == "papers.gone"


def test_what_is_kept_inside_comes_back_byte_for_byte(plan: Path, file: Path, tmp_path: Path) -> None:
    (added,) = attach(plan, 1, [Wanted(file, INSIDE, Facts("2024-05-03T10:20:30+08:00", 124.1, 41.1))], " 王工 ")
    file.unlink()
    assert papers_of(plan, 1) == [added]
    assert (added.title, added.name, added.kind, added.path) == ("照片 1", "照片 1.jpg", "photo", None)
    assert (added.project_code, added.project_name, added.added_by) == ("A1", "治理", "王工")
    assert (added.size, added.sha256) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())
    assert (added.taken_at, added.longitude, added.latitude) == ("2024-05-03T10:20:30+08:00", 124.1, 41.1)
    assert content(plan, added.id) == BYTES
    save_as(plan, added.id, tmp_path / "out.jpg")
    assert (tmp_path / "out.jpg").read_bytes() == BYTES


def test_other_programs_see_a_plan_as_before(plan: Path, file: Path, sql: Sql) -> None:
    before = sql("SELECT * FROM gpkg_contents")
    tables = read_plan(plan)
    attach(plan, 1, [Wanted(file, INSIDE)])
    assert sql("SELECT * FROM gpkg_contents") == before
    assert sql("SELECT count(*) FROM gpkg_extensions WHERE table_name LIKE 'project_paper%'") == [(0,)]
    after = read_plan(plan)
    assert {name: rows.records() for name, rows in after.rows.items()} == {
        name: rows.records() for name, rows in tables.rows.items()
    }
    assert sql("PRAGMA integrity_check") == [("ok",)]


def test_one_content_is_kept_once_and_goes_with_its_last_paper(plan: Path, file: Path, sql: Sql) -> None:
    (first,) = attach(plan, 1, [Wanted(file, INSIDE)])
    (second,) = attach(plan, 2, [Wanted(file, INSIDE)])
    assert sql("SELECT count(*) FROM project_paper_content") == [(1,)]
    remove(plan, [first.id])
    assert content(plan, second.id) == BYTES and papers_of(plan, 1) == []
    remove(plan, [second.id])
    assert sql("SELECT count(*) FROM project_paper_content") == [(0,)]
    with pytest.raises(PlannerError) as refused:
        remove(plan, [second.id])
    assert refused.value.message.id == "papers.gone"


def test_a_number_is_never_dealt_twice(plan: Path, file: Path) -> None:
    (first,) = attach(plan, 1, [Wanted(file)])
    remove(plan, [first.id])
    (second,) = attach(plan, 1, [Wanted(file)])
    assert second.id > first.id


def test_titles_are_one_line_and_never_empty(plan: Path, file: Path) -> None:
    (paper,) = attach(plan, 1, [Wanted(file)])
    assert rename(plan, paper.id, " 批复\n（第2次）\t\ud800 ", "paper").title == "批复 （第2次）"
    assert papers_of(plan, 1)[0].kind == "paper"
    assert len(rename(plan, paper.id, "长" * 5000).title) == 200
    with pytest.raises(PlannerError) as refused:
        rename(plan, paper.id, " \n")
    assert refused.value.message.id == "papers.no_title"
    assert rename(plan, paper.id, "'); DROP TABLE project_paper; --").title == "'); DROP TABLE project_paper; --"
    assert titles(plan, 1) == ["'); DROP TABLE project_paper; --"]


# --- whose a paper is ------------------------------------------------------------------------------------------------


def renumber(plan: Path, *rows: tuple[int, str | None, str | None]) -> None:
    """Make the projects these: key, code, name."""
    with closing(sqlite3.connect(str(plan), isolation_level=None)) as connection:
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'project'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')  # they need functions that only GDAL has
        connection.execute("DELETE FROM project")
        connection.executemany("INSERT INTO project (fid, code, name) VALUES (?, ?, ?)", rows)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([(1, "A1", "治理"), (2, "A2", "造林")], 1, id="nothing happened"),
        pytest.param([(1, "B7", "治理"), (2, "A2", "造林")], 1, id="another code"),
        pytest.param([(1, "A1", "综合治理"), (2, "A2", "造林")], 1, id="another name"),
        pytest.param([(1, "A2", "治理"), (2, "A1", "造林")], 1, id="codes swapped"),
        pytest.param([(1, "X", "新名"), (2, "A2", "造林")], 1, id="code and name"),
        pytest.param([(7, "A1", "治理"), (8, "A2", "造林")], 7, id="keys dealt anew"),
        pytest.param([(1, "A2", "造林"), (2, "A1", "治理")], 2, id="keys swapped"),
        pytest.param([(7, "B1", "治理"), (8, "A2", "造林")], 7, id="keys and code"),
        pytest.param([(1, None, None), (2, "A2", "造林")], 1, id="emptied"),
        pytest.param([(1, "A1", "治理"), (9, "A1", "治理")], 1, id="copied with its code"),
        pytest.param([(8, "A1", "甲"), (9, "A1", "乙")], None, id="two have its code"),
        pytest.param([(2, "A2", "造林")], None, id="gone"),
    ],
)
def test_a_paper_stays_with_its_project(
    plan: Path, file: Path, rows: list[tuple[int, str, str]], expected: int | None
) -> None:
    attach(plan, 1, [Wanted(file, title="批复")])
    renumber(plan, *rows)
    assert {fid: [p.title for p in papers] for fid, papers in all_papers(plan).items()} == {expected: ["批复"]}


def test_a_project_whose_code_changed_and_whose_key_changed_later_keeps_its_papers(plan: Path, file: Path) -> None:
    """The link is renewed whenever something is attached."""
    attach(plan, 1, [Wanted(file, title="一")])
    renumber(plan, (1, "B7", "治理"))
    attach(plan, 1, [Wanted(file, title="二")])
    renumber(plan, (5, "B7", "改了名"), (6, "A1", "别的"))
    assert titles(plan, 5) == ["一", "二"] and titles(plan, 6) == []


def test_papers_of_a_project_that_is_gone_can_be_given_to_another(plan: Path, file: Path) -> None:
    (paper,) = attach(plan, 1, [Wanted(file, INSIDE)])
    renumber(plan, (2, "A2", "造林"))
    give_to(plan, [paper.id], 2)
    assert [p.id for p in papers_of(plan, 2)] == [paper.id] and content(plan, paper.id) == BYTES


def test_writing_the_plan_anew_keeps_papers(plan: Path, file: Path) -> None:
    (paper,) = attach(plan, 1, [Wanted(file, INSIDE)])
    projects = read_plan(plan)["project"]
    projects["name"][0] = "改名"
    update_rows(plan, {"project": projects}, {"project": ["name"]})
    replace_rows(plan, {"siting_finding": Rows.empty("siting_finding")})
    assert titles(plan, 1) == ["照片 1"] and content(plan, paper.id) == BYTES


# --- bad input -------------------------------------------------------------------------------------------------------


def test_nothing_is_attached_to_a_project_that_the_file_does_not_hold(plan: Path, file: Path, sql: Sql) -> None:
    for fid in (99, -3):
        with pytest.raises(PlannerError) as refused:
            attach(plan, fid, [Wanted(file, INSIDE)])
        assert refused.value.message.id == "papers.no_project"
    assert sql("SELECT name FROM sqlite_master WHERE name LIKE 'project_paper%'") == []


def test_one_bad_file_keeps_all_out(plan: Path, file: Path, tmp_path: Path) -> None:
    for bad, sentence in (
        (tmp_path / "nowhere.pdf", "not_there"),
        (tmp_path, "is_a_folder"),
        (plan, "plan_itself"),
        (Path(f"{plan.parent}/./{plan.name}"), "plan_itself"),
    ):
        with pytest.raises(PlannerError) as refused:
            attach(plan, 1, [Wanted(file, INSIDE), Wanted(bad, LINKED)])
        assert refused.value.message.id == f"papers.{sentence}"
    assert papers_of(plan, 1) == []


def test_a_read_only_plan_says_so(plan: Path, file: Path, digest: Callable[[Path], dict[str, str]]) -> None:
    plan.chmod(0o444)
    before = digest(plan.parent)
    with pytest.raises(PlannerError) as refused:
        attach(plan, 1, [Wanted(file)])
    assert refused.value.message.id == "store.read_only" and digest(plan.parent) == before


def test_what_others_wrote_into_the_table_is_read_all_the_same(plan: Path, file: Path, sql: Sql) -> None:
    (paper,) = attach(plan, 1, [Wanted(file, INSIDE)])
    sql("UPDATE project_paper SET title = CAST(x'ff41' AS TEXT), size = 'viel', longitude = 'x', latitude = 1e9")
    (read,) = papers_of(plan, 1)
    assert (read.title, read.size, read.longitude, read.latitude) == ("\ufffdA", 0, None, None)
    sql("UPDATE project_paper_content SET content = x'00'")
    with pytest.raises(PlannerError) as refused:
        content(plan, paper.id)
    assert refused.value.message.id == "papers.damaged"


# --- interrupted writes ----------------------------------------------------------------------------------------------

_DIES = """
import os, signal, sys
from pathlib import Path
from restoration_planner.core.papers.attached import COPIED, INSIDE, Wanted, attach, remove
from restoration_planner.core.store import geopackage
path, file, what, point = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
connect = geopackage._connect
def watched(path, mode):
    connection = connect(path, mode)
    def look(statement):
        if mode == "rw" and statement.startswith(point):
            os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(look)
    return connection
geopackage._connect = watched
attach(path, 2, [Wanted(file, INSIDE)]) if what == "attach" else remove(path, [1])
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize(
    ("what", "point"),
    [
        ("attach", "INSERT OR IGNORE INTO project_paper_content"),
        ("attach", "INSERT INTO project_paper "),
        ("attach", "UPDATE project_paper"),
        ("attach", "COMMIT"),
        ("remove", "DELETE FROM project_paper WHERE"),
        ("remove", "DELETE FROM project_paper_content"),
        ("remove", "COMMIT"),
    ],
)
def test_killed_before_the_end_leaves_all_papers_as_they_were(
    plan: Path, file: Path, tmp_path: Path, sql: Sql, in_other_process: Other, what: str, point: str
) -> None:
    (first,) = attach(plan, 1, [Wanted(file, INSIDE)])
    other = tmp_path / "other.pdf"
    other.write_bytes(BYTES * 30)
    died = in_other_process(_DIES, plan, other, what, point)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert all_papers(plan) == {1: [first]} and content(plan, first.id) == BYTES
    assert sql("SELECT count(*) FROM project_paper_content") == [(1,)]
    assert sql("PRAGMA integrity_check") == [("ok",)]
    (second,) = attach(plan, 2, [Wanted(other, INSIDE)])
    assert content(plan, second.id) == BYTES * 30


_FILLS = """
import resource, sys
from pathlib import Path
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.papers.attached import COPIED, INSIDE, Wanted, attach
path, file, keep, limit = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    attach(path, 1, [Wanted(file, keep)])
except PlannerError as error:
    print(error.message.id)
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
@pytest.mark.parametrize("keep", ["inside", "copied"])
def test_a_full_disk_leaves_plan_and_folder_as_they_were(
    plan: Path, file: Path, tmp_path: Path, in_other_process: Other, keep: str
) -> None:
    (first,) = attach(plan, 1, [Wanted(file, INSIDE)])
    other = tmp_path / "large.pdf"
    other.write_bytes(os.urandom(3 << 20))
    there = sorted(p.name for p in tmp_path.rglob("*"))
    done = in_other_process(_FILLS, plan, other, keep, plan.stat().st_size + (1 << 20))
    assert done.stdout.strip() in ("store.disk_full", "store.disk_full_or_broken"), done.stderr
    assert all_papers(plan) == {1: [first]} and content(plan, first.id) == BYTES
    assert sorted(p.name for p in tmp_path.rglob("*")) == there
