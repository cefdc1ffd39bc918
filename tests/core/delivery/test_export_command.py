"""``export`` on the command line: what it prints before and after, and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan


def run(folder: Path, *arguments: object, language: str = "en", **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "restoration_planner", *map(str, arguments)]
    environment = {**os.environ, "RESTORATION_PLANNER_LANG": language, **settings}
    return subprocess.run(command, capture_output=True, cwd=folder, env=environment, timeout=120, encoding="utf-8")


def test_losses_are_printed_before_and_the_result_after(plan: Path, tmp_path: Path) -> None:
    arguments = (
        "export",
        plan.name,
        "red_line",
        "r.shp",
        "--profile",
        "database",
        "--encoding",
        "GBK",
        "--crs",
        "zones",
    )
    done = run(tmp_path, *arguments)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    lines = done.stdout.splitlines()
    assert "STBHHX" in lines[0] and "GBK" in lines[0] and "EPSG:4529" in lines[0]
    before = next(i for i, line in enumerate(lines) if "The plan's codes" in line)
    after = next(i for i, line in enumerate(lines) if "Wrote r_41.shp" in line)
    assert before < after and "Read back" in lines[-1]
    again = run(tmp_path, *arguments, language="zh")
    assert again.returncode == 2 and len(again.stderr.splitlines()) == 1 and "r_41" in again.stderr
    assert again.stdout == ""  # nothing is promised that is then refused
    assert run(tmp_path, *arguments, "--force").returncode == 0
    by_caption = run(tmp_path, "export", plan.name, "生态保护红线", "c.gpkg", language="zh")
    assert by_caption.returncode == 0 and "完全一致" in by_caption.stdout
    with_losses = run(tmp_path, "export", plan.name, "项目", "c.shp", language="zh")
    assert with_losses.returncode == 0 and "完全一致" not in with_losses.stdout
    assert "除上面列出的" in with_losses.stdout.splitlines()[-1]


def test_what_goes_wrong_is_exit_2_and_one_line(plan: Path, tmp_path: Path) -> None:
    for arguments in (
        ("export", plan.name, "red_line"),
        ("export", plan.name, "red_line", "r.dwg"),
        ("export", "none.gpkg", "red_line", "r.shp"),
        ("export", plan.name, "red_line", "r.shp", "--crs", "4326"),
        ("export", plan.name, "red_line", "none/r.gpkg"),
    ):
        done = run(tmp_path, *arguments)
        assert done.returncode == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1, done.stderr
    assert not list(tmp_path.glob("r.*"))


def test_the_environments_encoding_of_shapefiles_changes_nothing(plan: Path, tmp_path: Path) -> None:
    """QGIS sets it to nothing, and some people to GBK."""
    for name, settings in (("a", {}), ("b", {"SHAPE_ENCODING": ""}), ("c", {"SHAPE_ENCODING": "GBK"})):
        done = run(tmp_path, "export", plan.name, "project", f"{name}.shp", "--encoding", "GBK", **settings)
        assert done.returncode == 0 and "everything is as it was meant" in done.stdout, (settings, done.stdout)
    written = {(tmp_path / f"{name}.dbf").read_bytes() for name in "abc"}
    assert len(written) == 1 and "葠窝".encode("gbk") in written.pop()


def test_outlines_of_many_parts_go_out_in_every_format(tmp_path: Path) -> None:
    """GDAL warns once a process of more than a hundred parts, which is no failure."""
    squares = [shapely.box(124 + i / 1000, 41, 124 + i / 1000 + 5e-4, 41.001) for i in range(300)]
    with_holes = shapely.box(124, 41.1, 125, 42).difference(
        shapely.union_all([shapely.box(124.1 + i / 1000, 41.2, 124.1 + i / 1000 + 5e-4, 41.201) for i in range(200)])
    )
    rows = Rows.from_records("red_line", [{"code": "a"}, {"code": "b"}], [shapely.MultiPolygon(squares), with_holes])
    create_plan(tmp_path / "many.gpkg", PlanTables({"red_line": rows}))
    for ending in ("shp", "gpkg", "gdb", "geojson"):
        done = run(tmp_path, "export", "many.gpkg", "red_line", f"m.{ending}")
        assert done.returncode == 0, done.stderr
        assert "is as it was meant" in done.stdout or (ending == "gdb" and "rounded" in done.stdout), done.stdout
