"""Exit codes, streams and sentences of the command line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.plan_file import read_plan, replace_rows

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def digest(folder: Path) -> dict[str, str]:
    """Name and hash of every file of a folder."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a command that could not be done."""
    lines = done.stderr.decode("utf-8").splitlines()
    assert done.returncode == 2 and done.stdout == b"" and len(lines) == 1, done.stderr
    assert "Traceback" not in lines[0]
    return lines[0]


def test_check_prints_json_saves_the_findings_and_returns_1_for_a_violation(run: Run, outside: Path) -> None:
    done = run("check", outside.name)
    assert done.returncode == 1 and done.stderr == b""
    report = json.loads(done.stdout.decode("utf-8"))
    assert report["summary"]["violation"] == 1
    saved = read_plan(outside)["siting_finding"]
    assert len(saved) == sum(len(p["findings"]) for p in report["projects"])
    assert {"outside_zone", "outside_plan"} <= set(saved["rule"])


def test_check_returns_0_where_nothing_is_wrong(run: Run, inside: Path) -> None:
    done = run("check", inside.name)
    assert done.returncode == 0, done.stderr


def test_a_violation_that_a_review_accepts_returns_0(run: Run, outside: Path) -> None:
    run("check", outside.name)
    saved = read_plan(outside)["siting_finding"].records()
    reviews = [
        {**{k: f[k] for k in ("project_code", "rule", "target_code", "area_m2")}, "decision": "accepted"}
        for f in saved
        if f["grade"] == "violation"
    ]
    replace_rows(outside, {"siting_review": Rows.from_records("siting_review", reviews)})
    assert run("check", outside.name).returncode == 0


def test_no_save_changes_no_byte_and_works_on_a_read_only_plan(run: Run, outside: Path, tmp_path: Path) -> None:
    outside.chmod(0o444)
    before = digest(tmp_path)
    assert run("check", outside.name, "--no-save").returncode == 1
    assert digest(tmp_path) == before
    assert "--no-save" in refused(run("check", outside.name))
    assert digest(tmp_path) == before


@pytest.mark.parametrize("form", ["json", "csv", "geojson", "html"])
def test_a_report_file_holds_what_would_be_printed(run: Run, outside: Path, tmp_path: Path, form: str) -> None:
    done = run("check", outside.name, "--format", form, "--output", "报告.out", "--no-save")
    assert (done.returncode, done.stdout) == (1, b""), done.stderr
    content = (tmp_path / "报告.out").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (form == "csv")
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) > 1
    elif form != "html":
        assert json.loads(content)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([outside.name, "报告.out"])


def test_an_output_that_cannot_be_written_leaves_the_plan_unchanged(run: Run, outside: Path, tmp_path: Path) -> None:
    before = digest(tmp_path)
    for output in ("no/such/folder.json", ".", outside.name):
        refused(run("check", outside.name, "--output", output))
        assert digest(tmp_path) == before


def test_bad_rules_leave_the_plan_unchanged(run: Run, outside: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("rules: [", encoding="utf-8")
    before = digest(tmp_path)
    refused(run("check", outside.name, "--rules", "rules.yaml"))
    refused(run("check", outside.name, "--rules", "missing.yaml"))
    assert digest(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [(), ("chek",), ("check",), ("check", "missing.gpkg"), ("check", "p.gpkg", "--format", "xml"), ("new", "p.gpkg")],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_words_give_one_line_in_either_language(
    run: Run, tmp_path: Path, words: tuple[str, ...], language: str
) -> None:
    line = refused(run(*words, language=language))
    assert any("\u4e00" <= c <= "\u9fff" for c in line) == (language == "zh")
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_expected_is_one_line_and_details_are_there_on_request(
    run: Run, outside: Path, tmp_path: Path
) -> None:
    # a shapely that cannot be imported stands for anything that goes wrong deep inside
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import sqlite3\ndef connect(*a, **k): raise ZeroDivisionError('deep inside')\nsqlite3.connect = connect\n",
        encoding="utf-8",
    )
    import os

    path = os.pathsep.join([str(tmp_path / "broken"), os.environ.get("PYTHONPATH", "")])
    line = refused(run("check", outside.name, PYTHONPATH=path))
    assert "deep inside" in line and "RESTORATION_PLANNER_DEBUG" in line
    details = run("check", outside.name, PYTHONPATH=path, RESTORATION_PLANNER_DEBUG="1")
    assert details.returncode == 2 and b"Traceback" in details.stderr


def test_new_makes_a_plan_once_and_again_only_with_force(run: Run, tmp_path: Path) -> None:
    assert run("new", "p.gpkg", "--template", "benxi").returncode == 0
    assert len(read_plan(tmp_path / "p.gpkg")["project"]) == 15
    before = digest(tmp_path)
    assert "--force" in refused(run("new", "p.gpkg", "--template", "yangquan"))
    assert digest(tmp_path) == before
    assert run("new", "p.gpkg", "--template", "yangquan", "--force").returncode == 0
    assert len(read_plan(tmp_path / "p.gpkg")["restoration_zone"]) == 6


def test_new_refuses_an_unknown_template_and_another_ending(run: Run, tmp_path: Path) -> None:
    assert "benxi" in refused(run("new", "p.gpkg", "--template", "no_such"))
    assert ".gpkg" in refused(run("new", "p.shp", "--template", "blank"))
    assert list(tmp_path.iterdir()) == []


def test_a_request_to_end_is_answered_with_one_line_and_no_change(outside: Path, tmp_path: Path) -> None:
    before = digest(tmp_path)
    code = (
        "import sys, time; from restoration_planner.core.siting import check\n"
        "from restoration_planner.core.commands import check as command, main\n"
        "def slow(*a, **k): print('busy', flush=True); time.sleep(60)\n"
        "command.check_siting = slow; sys.exit(main.main(['check', sys.argv[1]]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(outside)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline().strip() == b"busy"
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=30)
    assert process.returncode == 2 and len(complaints.splitlines()) == 1
    assert digest(tmp_path) == before


def test_no_command_imports_qgis_or_qt(inside: Path) -> None:
    code = (
        "import sys; from restoration_planner.core.commands.main import main; main(['check', sys.argv[1]]);"
        "sys.exit(any(m.split('.')[0] in ('qgis', 'PyQt5', 'PyQt6') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(inside)], capture_output=True).returncode == 0


def test_a_reader_that_stops_reading_gets_no_traceback(outside: Path) -> None:
    words = f"'{sys.executable}' -m restoration_planner check '{outside}' --no-save | true"
    done = subprocess.run(["sh", "-c", words], capture_output=True, timeout=60)
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_takes_nothing_is_said_in_one_line(outside: Path) -> None:
    for words in ("> /dev/full", "--output /dev/full"):
        command = f"'{sys.executable}' -m restoration_planner check '{outside}' --no-save {words}"
        done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60)
        lines = done.stderr.decode("utf-8").splitlines()
        assert done.returncode == 2 and len(lines) == 1 and "RESTORATION_PLANNER_DEBUG" not in lines[0], lines


def test_a_report_goes_into_a_pipe_that_has_a_name(run: Run, outside: Path) -> None:
    if not Path("/dev/stdout").exists():
        pytest.skip("this system has no /dev/stdout")
    done = run("check", outside.name, "--no-save", "--output", "/dev/stdout")
    assert done.returncode == 1 and json.loads(done.stdout.decode("utf-8"))["summary"]["violation"] == 1


def test_an_older_plan_is_backed_up_before_findings_are_saved(run: Run, outside: Path, tmp_path: Path) -> None:
    plan = read_plan(outside)["plan"]
    plan.columns["schema_version"][0] = 1  # type: ignore[index]
    replace_rows(outside, {"plan": plan})
    assert run("check", outside.name, "--no-save").returncode == 1
    assert [p.name for p in tmp_path.iterdir()] == [outside.name]
    assert run("check", outside.name).returncode == 1
    assert len(list(tmp_path.glob("outside.v1-*.gpkg"))) == 1
    assert read_plan(outside)["plan"]["schema_version"].tolist() == [2]


def test_errors_are_sentences_in_the_language_of_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "空.gpkg").touch()
    assert "空文件" in refused(run("check", "空.gpkg", language="zh"))
    assert "empty" in refused(run("check", "空.gpkg", language="en"))
    with pytest.raises(PlannerError):
        read_plan(tmp_path / "空.gpkg")
