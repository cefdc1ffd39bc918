"""A write either finishes or leaves what was there: killed, out of disk, locked out, or stopped by an error."""

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

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store import geopackage, structure
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows

Sql = Callable[..., list[tuple]]
Other = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 and file size limits are POSIX")

#: Replaces a plan's findings, and kills itself when SQLite is about to run the n-th statement that starts so.
_WRITES_AND_DIES = """
import os, signal, sys
import shapely
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store import geopackage
from restoration_planner.core.store.plan_file import replace_rows
path, point, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
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
records = [{"project_code": f"N{i}", "advice": "x" * 500} for i in range(2000)]
new = Rows.from_records("siting_finding", records, [shapely.box(124, 41, 124.5, 41.5)] * 2000)
replace_rows(path, {"siting_finding": new, "programme": Rows.from_records("programme", [{"code": "new"}])})
"""

#: What GDAL, opening the file as a viewer would, finds in it.
_LOOKS = """
import sys, fiona, logging
with fiona.open(sys.argv[1], layer="siting_finding", encoding="utf-8") as layer:
    findings = [f["properties"]["project_code"] for f in layer]
with fiona.open(sys.argv[1], layer="programme", encoding="utf-8") as layer:
    programmes = [f["properties"]["code"] for f in layer]
print(len(findings), findings[0], programmes)
"""


@pytest.mark.parametrize(
    ("point", "count"),
    [
        ("PRAGMA journal_mode = WAL", 1),
        ("BEGIN IMMEDIATE", 1),
        ('DELETE FROM "siting_finding"', 1),
        ('INSERT INTO "siting_finding"', 1),
        ('INSERT INTO "siting_finding"', 1999),
        ("UPDATE gpkg_contents", 1),
        ('DELETE FROM "programme"', 1),
        ("COMMIT", 1),
    ],
)
def test_killed_before_the_end_leaves_what_was_there(
    plan: Path, sql: Sql, project_rows: Callable[[int], Rows], in_other_process: Other, point: str, count: int
) -> None:
    before = {"siting_finding": project_rows(300), "programme": Rows.from_records("programme", [{"code": "old"}])}
    replace_rows(plan, before)
    died = in_other_process(_WRITES_AND_DIES, plan, point, count)
    assert died.returncode == -signal.SIGKILL, died.stderr
    seen = in_other_process(_LOOKS, plan)
    assert seen.stdout.split("\n")[0] == "300 P0 ['old']", seen.stderr
    assert read_plan(plan)["siting_finding"]["project_code"].tolist() == [f"P{i}" for i in range(300)]
    assert sql("PRAGMA integrity_check") == [("ok",)]
    replace_rows(plan, {"programme": Rows.from_records("programme", [{"code": "next"}])})
    assert read_plan(plan)["programme"]["code"].tolist() == ["next"]


def test_killed_after_the_commit_has_written_everything(
    plan: Path, sql: Sql, project_rows: Callable[[int], Rows], in_other_process: Other
) -> None:
    replace_rows(plan, {"siting_finding": project_rows(300)})
    died = in_other_process(_WRITES_AND_DIES, plan, "PRAGMA journal_mode = DELETE", 1)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert in_other_process(_LOOKS, plan).stdout.split("\n")[0] == "2000 N0 ['new']"
    assert sql("PRAGMA integrity_check") == [("ok",)]


_CREATES_AND_DIES = """
import os, signal, sys
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store import plan_file, whole_file
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr({"styles": plan_file, "disk": whole_file, "place": whole_file}[sys.argv[2]],
        {"styles": "store_styles", "disk": "_to_disk", "place": "_take_place"}[sys.argv[2]], die)
plan_file.create_plan(sys.argv[1], plan_from_template("benxi"))
"""


@pytest.mark.parametrize("point", ["styles", "disk", "place"])
def test_a_new_plan_appears_whole_or_not_at_all(tmp_path: Path, in_other_process: Other, point: str) -> None:
    died = in_other_process(_CREATES_AND_DIES, tmp_path / "new.gpkg", point)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert not (tmp_path / "new.gpkg").exists()


def test_an_error_half_way_rolls_back_and_leaves_no_file(
    plan: Path, digest: Callable, project_rows: Callable[[int], Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = read_plan(plan)["project"]["code"].tolist()
    names = list(digest(plan.parent))
    monkeypatch.setattr(structure, "register_change", stop)
    with pytest.raises(KeyboardInterrupt):
        replace_rows(plan, {"siting_finding": project_rows(50), "project": Rows.empty("project")})
    found = read_plan(plan)
    assert found["project"]["code"].tolist() == before and not len(found["siting_finding"])
    assert list(digest(plan.parent)) == names


_WRITES_MUCH = """
import resource, sys
import shapely
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, replace_rows
what, path, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
records = [{"project_code": f"N{i}", "advice": "x" * 500} for i in range(20000)]
new = Rows.from_records("siting_finding", records, [shapely.box(124, 41, 124.5, 41.5)] * 20000)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    if what == "create":
        create_plan(path, PlanTables({"siting_finding": new}))
    else:
        replace_rows(path, {"siting_finding": new})
except PlannerError as error:
    print(error.message.id)
"""


def test_a_file_that_may_not_grow_is_left_as_it_was(
    plan: Path, sql: Sql, project_rows: Callable[[int], Rows], in_other_process: Other
) -> None:
    replace_rows(plan, {"siting_finding": project_rows(300)})
    done = in_other_process(_WRITES_MUCH, "replace", plan, plan.stat().st_size + 200_000)
    assert done.stdout.strip() in ("store.disk_full", "store.disk_full_or_broken"), done.stderr
    assert len(read_plan(plan)["siting_finding"]) == 300
    assert sql("PRAGMA integrity_check") == [("ok",)]


def test_a_new_plan_that_does_not_fit_leaves_nothing(tmp_path: Path, in_other_process: Other) -> None:
    done = in_other_process(_WRITES_MUCH, "create", tmp_path / "new.gpkg", 1_500_000)
    assert done.stdout.strip().startswith("store."), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_plan_as_it_was(plan: Path, tmp_path: Path, in_other_process: Other) -> None:
    can_mount = ["unshare", "-m", "sh", "-c", f"mount -t tmpfs -o size=2m tmpfs '{tmp_path}'"]
    try:
        if subprocess.run(can_mount, capture_output=True).returncode:
            pytest.skip("a small disk can be mounted here only by root")
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=2m tmpfs "$1" && cp "$2" "$1/p.gpkg"'
        ' && after=$3 && shift 3 && "$@" && ls "$(dirname "$5")" && cp "$5" "$after"'
    )
    prefix = ("unshare", "-m", "sh", "-c", script, "sh", str(disk), str(plan), str(tmp_path / "after.gpkg"))
    done = in_other_process(_WRITES_MUCH, "replace", disk / "p.gpkg", 0, prefix=prefix)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() in (["store.disk_full", "p.gpkg"], ["store.disk_full_or_broken", "p.gpkg"])
    after = read_plan(tmp_path / "after.gpkg")
    assert after["project"]["code"].tolist() == ["A1", "A2"] and not len(after["siting_finding"])


#: A small disk with the plan on it and so many bytes free; then a command there; then what is left, and whether the
#: plan is as it was.
_ON_A_SMALL_DISK = """
disk=$1 plan=$2 free=$3; shift 3
mount -t tmpfs -o size=3m tmpfs "$disk" && cp "$plan" "$disk/p.gpkg" && cd "$disk" || exit 9
head -c $(($(df -B1 --output=avail . | tail -1) - free)) /dev/zero > fill
"$@"
echo "code $?"
ls -A
cmp p.gpkg "$plan" && echo same
"""


@pytest.mark.parametrize("free", [0, 20_000, 60_000, 200_000])
@pytest.mark.parametrize("command", ["new", "replace"])
def test_a_command_on_a_nearly_full_disk_says_so_in_one_line_and_leaves_no_trace(
    plan: Path, tmp_path: Path, command: str, free: int
) -> None:
    unshare = ["unshare", "-m", "sh", "-c"]
    try:
        if subprocess.run([*unshare, f"mount -t tmpfs tmpfs '{tmp_path}'"], capture_output=True).returncode:
            pytest.skip("a small disk can be mounted here only by root")
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    disk = tmp_path / "disk"
    disk.mkdir()
    target = ["n.gpkg"] if command == "new" else ["p.gpkg", "--force"]
    words = [sys.executable, "-m", "restoration_planner", "new", *target, "--template", "benxi"]
    done = subprocess.run(
        [*unshare, _ON_A_SMALL_DISK, "sh", str(disk), str(plan), str(free), *words],
        capture_output=True,
        timeout=60,
        env={**os.environ, "RESTORATION_PLANNER_LANG": "en"},
    )
    assert done.stdout.decode().split("\n") == ["code 2", "fill", "p.gpkg", "same", ""], done
    said = done.stderr.decode("utf-8").splitlines()
    assert len(said) == 1 and f'"{target[0]}"' in said[0] and "disk" in said[0], said


def test_another_program_that_writes_is_named_as_the_reason(
    plan: Path, digest: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geopackage, "BUSY_SECONDS", 0.3)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()",
            str(plan),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None and holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == b"held"
        for attempt in (
            lambda: replace_rows(plan, {"programme": Rows.empty("programme")}),
            lambda: read_plan(plan),
            lambda: create_plan(plan, PlanTables({}), force=True),
        ):
            with pytest.raises(PlannerError) as stopped:
                attempt()
            assert stopped.value.message.id == "store.locked"
    finally:
        holder.stdin.close()
        holder.wait()
    assert len(read_plan(plan)["project"]) == 2


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_plan_that_another_program_has_open_can_be_written(plan: Path, sql: Sql, mode: str) -> None:
    sql(f"PRAGMA journal_mode = {mode}")
    with closing(sqlite3.connect(str(plan), isolation_level=None)) as viewer:
        assert viewer.execute("SELECT count(*) FROM project").fetchone() == (2,)
        replace_rows(plan, {"programme": Rows.from_records("programme", [{"code": "P"}])})
        assert viewer.execute("SELECT code FROM programme").fetchone() == ("P",)
        assert viewer.execute("PRAGMA journal_mode").fetchone() == (mode,)
    assert read_plan(plan)["programme"]["code"].tolist() == ["P"]


def test_a_reader_in_the_middle_of_a_long_read_keeps_its_view(plan: Path, sql: Sql) -> None:
    sql("PRAGMA journal_mode = WAL")
    with closing(sqlite3.connect(str(plan), isolation_level=None)) as viewer:
        viewer.execute("BEGIN")
        assert viewer.execute("SELECT count(*) FROM programme").fetchone() == (0,)
        replace_rows(plan, {"programme": Rows.from_records("programme", [{"code": "P"}])})
        assert viewer.execute("SELECT count(*) FROM programme").fetchone() == (0,)
        viewer.execute("COMMIT")
        assert viewer.execute("SELECT count(*) FROM programme").fetchone() == (1,)


def _mark_read_only(path: Path) -> None:
    path.chmod(path.stat().st_mode & ~0o222)


def test_a_read_only_file_or_folder_is_named_and_still_readable(plan: Path, digest: Callable) -> None:
    before = digest(plan.parent)
    for place, sentence in ((plan, "store.read_only"), (plan.parent, "store.read_only_folder")):
        mode = place.stat().st_mode
        _mark_read_only(place)
        try:
            with pytest.raises(PlannerError) as stopped:
                replace_rows(plan, {"programme": Rows.empty("programme")})
            assert stopped.value.message.id == sentence
            assert len(read_plan(plan)["project"]) == 2
        finally:
            place.chmod(mode)
    assert digest(plan.parent) == before


def test_a_new_plan_in_a_folder_that_is_not_there_or_not_writable(tmp_path: Path) -> None:
    with pytest.raises(PlannerError) as stopped:
        create_plan(tmp_path / "no" / "p.gpkg", PlanTables({}))
    assert stopped.value.message.id == "store.no_such_folder"
    closed = tmp_path / "closed"
    closed.mkdir()
    _mark_read_only(closed)
    with pytest.raises(PlannerError) as stopped:
        create_plan(closed / "p.gpkg", PlanTables({}))
    assert stopped.value.message.id == "store.no_permission"
    closed.chmod(0o755)
    assert list(closed.iterdir()) == []
