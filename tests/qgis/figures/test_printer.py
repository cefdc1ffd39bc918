"""Printing as a process of its own: events, stopping at any moment, what cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from qgis.core import QgsLayoutItemPage

from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.figures.export import Wanted, order_of, prepare_export
from restoration_planner.figures.press.jobs import DONE, FAILED, SKIPPED, STEP, WRITTEN, Event, PrintOrder
from restoration_planner.figures.press.printer import print_jobs
from restoration_planner.figures.press.workshop import sweep
from restoration_planner.layers.fonts import typeface
from restoration_planner.layers.opening import OpenPlan

DAY = date(2026, 5, 1)
EIGHT = "图8_本溪市生态修复分区图"
PROGRAM = [sys.executable, "-m", "restoration_planner.figures.press.printer"]


def order(plan: OpenPlan, folder: Path, **more: object) -> PrintOrder:
    """An order with a snapshot of the plan's project."""
    wanted = Wanted(folder / "out", printed=DAY, **more)  # type: ignore[arg-type]
    prepared = list(prepare_export(plan, wanted))
    snapshot = folder / "snapshot.qgz"
    assert plan.project.write(str(snapshot))
    return order_of(prepared, wanted, str(snapshot))


def start(wanted: PrintOrder, folder: Path) -> subprocess.Popen[bytes]:
    file = folder / "order.json"
    file.write_text(wanted.as_json(), encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [*PROGRAM, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
    )


def events_of(printer: subprocess.Popen[bytes]) -> list[Event]:
    """Everything that a printer says, once it has ended."""
    assert printer.stdout is not None and printer.stdin is not None
    lines = printer.stdout.read().decode("utf-8").splitlines()
    printer.wait(timeout=10)
    printer.stdin.close()  # not earlier: it would stop
    printer.stdout.close()
    events = [Event.from_line(line) for line in lines]
    assert None not in events, lines
    return [event for event in events if event is not None]


def first(printer: subprocess.Popen[bytes], kind: str) -> Event:
    """Wait for an event of a kind."""
    assert printer.stdout is not None
    for line in printer.stdout:
        event = Event.from_line(line.decode("utf-8"))
        if event is not None and event.event == kind:
            return event
    raise AssertionError(f"no {kind}")


def test_an_order_survives_being_written_down(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8,9", formats="pdf,png", bound=True, series=True)
    assert len(given.jobs) == 2 * 2 * 3
    assert PrintOrder.from_json(given.as_json()) == given


def test_a_process_of_its_own_prints_and_says_so(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="pdf,svg,geotiff", bound=True)
    printer = start(given, tmp_path)
    events = events_of(printer)
    assert printer.returncode == 0
    written = [e.file for e in events if e.event == WRITTEN]
    assert written == [f"{EIGHT}.pdf", f"{EIGHT}.svg", f"{EIGHT}.tif", "图集_本溪市国土空间生态修复规划.pdf"]
    assert sorted(written) == sorted(f.name for f in (tmp_path / "out").iterdir())
    assert (events[-1].event, events[-1].written, events[-1].skipped) == (DONE, 4, 0)
    shares = [e.share for e in events if e.event == STEP]
    assert shares == sorted(shares) and len(shares) == 4 and shares[0] == 0
    assert len(pypdf.PdfReader(tmp_path / "out" / f"{EIGHT}.pdf").pages) == 1


def test_what_it_prints_is_what_this_process_prints(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="png", paper="A4")
    assert events_of(start(given, tmp_path))[-1].event == DONE
    here = replace(given, folder=str(tmp_path / "here"))
    print_jobs(wide_city.project, here, lambda event: None)
    (one,), (two,) = ((tmp_path / name).iterdir() for name in ("out", "here"))
    from osgeo import gdal

    ours, theirs = (gdal.Open(str(file)).ReadAsArray().astype(int) for file in (one, two))
    apart = abs(ours - theirs).max(axis=0) > 40  # a project that was read anew rounds places of letters otherwise
    assert ours.shape == theirs.shape and apart.mean() < 0.003


def test_what_it_writes_can_be_searched_digits_and_all(wide_city: OpenPlan, tmp_path: Path) -> None:
    """Fonts lose what they were told when a project is written down."""
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    given = order(wide_city, tmp_path, figures="10", formats="pdf")
    assert events_of(start(given, tmp_path))[-1].event == DONE
    (file,) = (tmp_path / "out").iterdir()
    words = "".join(pypdf.PdfReader(file).pages[0].extract_text().split())
    codes = {str(f["code"]) for f in wide_city.layer("project").getFeatures()}
    assert {"A1", "B1"} <= codes
    for expected in (*codes, "CGCS2000", "124°40′E", "41°00′N", "A3"):
        assert expected in words, expected


@pytest.mark.parametrize("how", ["killed", "input closed"])
def test_it_stops_within_a_second_and_leaves_whole_files_only(wide_city: OpenPlan, tmp_path: Path, how: str) -> None:
    given = order(wide_city, tmp_path, figures="8,9,10", formats="png,geotiff,pdf", paper="A1", bound=True)
    printer = start(given, tmp_path)
    first(printer, WRITTEN)
    first(printer, STEP)
    time.sleep(0.3)  # in the midst of drawing
    begun = time.monotonic()
    if how == "killed":
        printer.kill()
    else:
        assert printer.stdin is not None
        printer.stdin.close()
    printer.wait(timeout=10)
    assert time.monotonic() - begun < 1
    assert printer.returncode != 0
    out = tmp_path / "out"
    sweep(out, printer.pid)
    left = sorted(f.name for f in out.iterdir())
    assert left and left[0].startswith("图8") and len(left) < 9
    assert all(name.endswith((".png", ".tif", ".pdf")) for name in left)
    from osgeo import gdal

    for name in left:
        if not name.endswith(".pdf"):
            dataset = gdal.Open(str(out / name))
            assert all(band is not None for band in dataset.ReadAsArray()), name
    printer.stdout.close()  # type: ignore[union-attr]


def test_sweeping_leaves_what_another_process_is_at(tmp_path: Path) -> None:
    mine, other = tmp_path / ".figures-4711-abc", tmp_path / ".figures-47-abc"
    for folder in (mine, other):
        folder.mkdir()
        (folder / "page.pdf").write_bytes(b"%PDF")
    sweep(tmp_path, 4711)
    assert not mine.exists() and other.exists()


def test_stopping_between_two_jobs(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8,9", formats="svg")
    said: list[Event] = []
    with pytest.raises(Cancelled):
        print_jobs(wide_city.project, given, said.append, lambda: len(said) >= 2)
    assert [f.name for f in (tmp_path / "out").iterdir()] == [f"{EIGHT}.svg"]


def test_what_has_appeared_meanwhile_is_left_alone(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="svg")
    mine = tmp_path / "out" / f"{EIGHT}.svg"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    events = events_of(start(given, tmp_path))
    assert [e.event for e in events] == [STEP, SKIPPED, DONE]
    assert mine.read_bytes() == b"mine" and "已存在" in events[1].text


def test_a_second_page_that_is_there_already_is_left_alone(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="png")
    (job,) = given.jobs
    layout = wide_city.project.layoutManager().layoutByName(job.layout)
    sheet = QgsLayoutItemPage(layout)
    sheet.setPageSize("A6")
    layout.pageCollection().addPage(sheet)
    mine = tmp_path / "out" / f"{EIGHT}_2.png"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    room = print_jobs(wide_city.project, given, lambda event: None)
    assert [f.name for f in room.written] == [f"{EIGHT}.png"]
    assert mine.read_bytes() == b"mine" and f"{EIGHT}_2.png" in str(room.skipped[0])


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk with little room on it."""
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True
    ).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("format_name", ["pdf", "png", "svg", "geopdf", "geotiff"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(wide_city: OpenPlan, tmp_path: Path, format_name: str) -> None:
    given = order(wide_city, tmp_path, figures="8", formats=format_name)
    with small_disk(tmp_path / "disk", "24k") as disk:
        printer = start(replace(given, folder=str(disk)), tmp_path)
        events = events_of(printer)
        assert list(disk.iterdir()) == []
    assert printer.returncode == 1
    assert [e.event for e in events] == [STEP, FAILED]
    assert "未能写出" in events[-1].text and "Traceback" not in events[-1].text


def test_a_disk_that_fills_while_binding_keeps_the_single_files(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="pdf", bound=True)
    print_jobs(wide_city.project, given, lambda event: None)
    size = (tmp_path / "out" / f"{EIGHT}.pdf").stat().st_size
    with small_disk(tmp_path / "disk", str(size * 2 + 40_000)) as disk:  # the file, its copy, and no third
        events = events_of(start(replace(given, folder=str(disk)), tmp_path))
        assert [f.name for f in disk.iterdir()] == [f"{EIGHT}.pdf"]
    assert events[-1].event == FAILED and "图集" in events[-1].text


def test_a_folder_that_cannot_be_written_to(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = replace(order(wide_city, tmp_path, figures="8", formats="svg"), folder="/proc/figures")
    events = events_of(start(given, tmp_path))
    assert [e.event for e in events] == [FAILED]
    assert "无法" in events[0].text and "/proc/figures" in events[0].text


@pytest.mark.parametrize(
    ("written", "told"), [("{", "打印任务"), (json.dumps({"folder": "x", "jobs": [], "project": "no.qgz"}), "no.qgz")]
)
def test_an_order_that_makes_no_sense(tmp_path: Path, written: str, told: str) -> None:
    file = tmp_path / "order.json"
    file.write_text(written, encoding="utf-8")
    environment = {**os.environ, "RESTORATION_PLANNER_LANG": "zh"}
    done = subprocess.run([*PROGRAM, str(file)], capture_output=True, env=environment, cwd=tmp_path)
    event = Event.from_line(done.stdout.decode("utf-8").strip())
    assert done.returncode == 1 and event is not None and event.event == FAILED and told in event.text


def test_a_layout_that_is_gone_is_said(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = order(wide_city, tmp_path, figures="8", formats="svg")
    jobs = tuple(replace(job, layout="gone") for job in given.jobs)
    room = print_jobs(wide_city.project, replace(given, jobs=jobs), lambda event: None)
    (why,) = room.skipped
    assert room.written == [] and str(why) == f"工程中没有布局“gone”，{EIGHT}.svg 未写出。请重新导出。"


def test_lines_that_are_no_events_are_not_taken_for_any() -> None:
    for line in ("", "ERROR 1: something", "[1, 2]", '{"event": "song"}', '{"event": "done", "more": 1}'):
        assert Event.from_line(line) is None
    event = Event(SKIPPED, text="图8……")
    assert Event.from_line(event.as_line()) == event


def test_a_message_of_a_refusal_is_a_planner_error(wide_city: OpenPlan, tmp_path: Path) -> None:
    given = replace(order(wide_city, tmp_path, figures="8", formats="svg"), folder="/proc/figures")
    with pytest.raises(PlannerError, match="/proc/figures"):
        print_jobs(wide_city.project, given, lambda event: None)
