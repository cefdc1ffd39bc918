"""``import`` on the command line: what it prints, how it asks, and that nothing changes when it stops."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyproj
import pytest
import shapely

from restoration_planner.core.store.plan_file import read_plan

Run = Callable[..., subprocess.CompletedProcess[bytes]]
SITE = shapely.box(124.1, 41.1, 124.2, 41.2)


def outlines(path: Path, epsg: int, stated: int | None, **properties: object) -> Path:
    """The site as GeoJSON in a CRS, which the file states or not."""
    transform = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    shape = shapely.transform(SITE, transform.transform, interleaved=False)
    feature = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
    layer: dict[str, object] = {"type": "FeatureCollection", "features": [feature]}
    if stated is not None:
        layer["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{stated}"}}
    path.write_text(json.dumps(layer), encoding="utf-8")
    return path


def test_import_reports_what_was_found_done_and_left_out(run: Run, inside: Path, tmp_path: Path) -> None:
    source = outlines(tmp_path / "红线.geojson", 4529, 4529, BSM="X1", LHLX="水源涵养", 备注="新增")
    for language, done_line in (("en", "1 added, 0 updated"), ("zh", "新增 0 行，更新 0 行，未变 1 行")):
        done = run("import", inside.name, "red_line", source.name, language=language)
        printed = done.stdout.decode("utf-8")
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        assert "EPSG:4529" in printed and "LHLX" in printed and "备注" in printed and done_line in printed
    rows = read_plan(inside)["red_line"]
    assert rows["code"].tolist() == ["X1"] and rows["kind"].tolist() == ["水源涵养"]
    assert shapely.hausdorff_distance(rows.geometry[0], SITE) < 1e-8


def test_several_candidates_stop_with_exit_2_and_are_listed_for_crs(run: Run, inside: Path, tmp_path: Path) -> None:
    source = outlines(tmp_path / "metres.geojson", 4550, 4551)
    before = hashlib.sha256(inside.read_bytes()).hexdigest()
    stopped = run("import", inside.name, "red_line", source.name)
    lines = stopped.stderr.decode("utf-8").splitlines()
    assert stopped.returncode == 2 and stopped.stdout == b"" and len(lines) == 1
    assert "EPSG:4550" in lines[0] and "EPSG:4551" in lines[0] and "--crs" in lines[0]
    assert hashlib.sha256(inside.read_bytes()).hexdigest() == before
    for asked in ("4550", "EPSG:4550"):
        done = run("import", inside.name, "red_line", source.name, "--crs", asked, "--set", "kind=水源涵养", "code=Z9")
        assert done.returncode == 0, done.stderr
    rows = read_plan(inside)["red_line"]
    assert rows["code"].tolist() == ["Z9"] and shapely.hausdorff_distance(rows.geometry[0], SITE) < 1e-8


@pytest.mark.parametrize("name", ["bx_gbk_nocpg_noprj_zone41", "bx_utf8_fieldname_cut"])
def test_the_messy_town_files_come_in_through_fiona(run: Run, tmp_path: Path, shared: Path, name: str) -> None:
    source = shared / "data" / "messy" / f"{name}.shp"
    if not source.exists():
        pytest.skip("the messy samples are not here")
    run("new", "plan.gpkg", "--template", "benxi")
    done = run("import", "plan.gpkg", "admin_unit", source, "--set", "level=town", SHAPE_ENCODING="")
    assert done.returncode == 0, done.stderr
    assert "44 added" in done.stdout.decode("utf-8") and "8427.10" in done.stdout.decode("utf-8")
    assert "桓仁镇" in read_plan(tmp_path / "plan.gpkg")["admin_unit"]["name"].tolist()


@pytest.mark.parametrize(
    ("format_name", "file"), [("KML", "k.kml"), ("DXF", "d.dxf"), ("GPKG", "g.gpkg"), ("GML", "m.gml")]
)
def test_what_gdal_writes_comes_in(run: Run, inside: Path, tmp_path: Path, format_name: str, file: str) -> None:
    if shutil.which("ogr2ogr") is None:
        pytest.skip("ogr2ogr, which makes the files, is not here")
    source = outlines(tmp_path / "site.geojson", 4490, 4490)
    subprocess.run(["ogr2ogr", "-f", format_name, str(tmp_path / file), str(source)], check=True, capture_output=True)
    done = run("import", inside.name, "basic_farmland", file)
    assert done.returncode == 0, done.stderr
    assert shapely.hausdorff_distance(read_plan(inside)["basic_farmland"].geometry[0], SITE) < 1e-8


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("place", "changed"), [("Imported", True), ("ensure_current", False)])
def test_a_wish_to_stop_is_told_the_truth(number: int, place: str, changed: bool, inside: Path, tmp_path: Path) -> None:
    source = outlines(tmp_path / "a.geojson", 4490, 4490, BSM="X1")
    code = (
        "import sys, time; from restoration_planner.core.intake import importing\n"
        "from restoration_planner.core.commands.main import main\n"
        f"real = importing.{place}\n"
        "def slow(*a): print('busy', flush=True); time.sleep(3); return real(*a)\n"
        f"importing.{place} = slow; sys.exit(main(['import', sys.argv[1], 'red_line', sys.argv[2]]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(inside), str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline().strip() == b"busy"
        time.sleep(0.1)
        process.send_signal(number)
        _, complaints = process.communicate(timeout=30)
    assert read_plan(inside)["red_line"]["code"].tolist() == (["X1"] if changed else [])
    assert process.returncode == (0 if changed else 2)
    assert len(complaints.splitlines()) == (0 if changed else 1)
