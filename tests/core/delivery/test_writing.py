"""A delivery is written whole or not at all, and replaces nothing unasked."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.commands import export_layer
from restoration_planner.core.delivery import placing
from restoration_planner.core.delivery.formats import GEOPACKAGE, SHAPEFILE
from restoration_planner.core.delivery.profiles import profiles_for
from restoration_planner.core.delivery.proposal import propose_delivery
from restoration_planner.core.delivery.writing import deliver
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows, object_array
from restoration_planner.core.store import vector

Digest = Callable[[Path], dict[str, str]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def refused(plan: Path, target: Path, sentence: str, **asked: object) -> str:
    with pytest.raises(PlannerError) as stopped:
        export_layer.run(plan, "red_line", target, **asked)
    assert stopped.value.message.id == sentence, stopped.value
    return str(stopped.value)


@pytest.mark.parametrize("ending", ["shp", "gpkg", "gdb", "geojson"])
def test_what_exists_is_replaced_only_with_force(plan: Path, out: Path, digest: Digest, ending: str) -> None:
    target = out / f"r.{ending}"
    export_layer.run(plan, "red_line", target)
    before = digest(out)
    refused(plan, target, "delivery.exists_append" if ending in ("gpkg", "gdb") else "store.exists")
    assert digest(out) == before
    export_layer.run(plan, "basic_farmland", target, force=True)
    (info,) = vector.list_layers(target)
    assert "kind" not in info.fields and "name" in info.fields
    assert set(digest(out)) == set(before) or ending == "gdb"


def test_one_part_of_a_shapefile_is_enough_to_be_in_the_way_and_old_indexes_go(
    plan: Path, out: Path, digest: Digest
) -> None:
    for left_over in ("r.dbf", "r.sbn", "r.qix", "R.SHP.XML", "r.txt"):
        (out / left_over).write_bytes(b"old")
    refused(plan, out / "r.shp", "store.exists")
    export_layer.run(plan, "red_line", out / "r.shp", force=True)
    assert set(digest(out)) == {"r.shp", "r.shx", "r.dbf", "r.prj", "r.cpg", "r.txt"}


def test_with_zones_one_file_in_the_way_stops_them_all(plan: Path, out: Path, digest: Digest) -> None:
    (out / "r_42.gpkg").write_bytes(b"mine")
    refused(plan, out / "r.gpkg", "delivery.exists_append", crs="zones")
    assert set(digest(out)) == {"r_42.gpkg"}


def test_neither_the_plan_nor_another_plan_nor_a_plain_folder_is_ever_replaced(
    plan: Path, blank: Path, out: Path, digest: Digest
) -> None:
    before = digest(plan.parent)
    refused(plan, plan, "commands.output_is_input", force=True)
    refused(plan, blank, "delivery.target_is_plan", force=True)
    (out / "photos.gdb").mkdir()
    (out / "photos.gdb" / "dear.jpg").write_bytes(b"x")
    refused(plan, out / "photos.gdb", "delivery.other_folder", force=True)
    (out / "photos.gdb" / "dear.jpg").unlink()
    assert digest(plan.parent) == before


def test_a_folder_that_is_missing_or_closed_is_named(plan: Path, out: Path) -> None:
    refused(plan, out / "no" / "r.shp", "store.no_such_folder")
    out.chmod(0o555)
    try:
        refused(plan, out / "r.shp", "store.no_permission")
    finally:
        out.chmod(0o755)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("target", "asked", "sentence"),
    [
        ("r.xyz", {}, "delivery.unknown_format"),
        ("r.shp", {"crs": "3857"}, "delivery.no_such_crs"),
        ("r.shp", {"crs": "4547"}, "delivery.no_such_crs"),
        ("r.shp", {"encoding": "Big5"}, "delivery.no_such_encoding"),
        ("r.shp", {"profile": "nation"}, "delivery.no_such_profile"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_writes_nothing(
    plan: Path, out: Path, target: str, asked: dict[str, object], sentence: str
) -> None:
    refused(plan, out / target, sentence, **asked)
    assert list(out.iterdir()) == []


def test_an_empty_table_and_a_table_that_is_none_are_named(blank: Path, out: Path) -> None:
    refused(blank, out / "r.shp", "delivery.empty")
    with pytest.raises(PlannerError) as stopped:
        export_layer.run(blank, "no_such", out / "r.shp")
    assert stopped.value.message.id == "intake.no_such_table"


def test_an_older_gdal_that_writes_no_file_geodatabase_says_so(
    plan: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = vector._adapter()
    monkeypatch.setattr(adapter, "gdal_version", lambda: "3.5.2")
    if vector.inside_qgis():  # osgeo asks the driver itself
        monkeypatch.setattr(adapter, "can_write", lambda driver: driver != "OpenFileGDB")
    assert "3.5.2" in refused(plan, out / "r.gdb", "delivery.format_not_written")
    assert list(out.iterdir()) == []


def test_when_the_new_files_cannot_take_their_places_the_old_ones_are_back(
    plan: Path, out: Path, digest: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_layer.run(plan, "red_line", out / "r.shp")
    before = digest(out)
    rename, calls = os.rename, []

    def breaks(source: object, target: object) -> None:
        calls.append(source)
        if len(calls) == 8:  # five old parts are out of the way, two new ones are in
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(placing.os, "rename", breaks)
    with pytest.raises(PlannerError):
        export_layer.run(plan, "basic_farmland", out / "r.shp", force=True)
    assert len(calls) > 8 and digest(out) == before


_WITH_LITTLE_ROOM = """
import resource, signal, sys
from restoration_planner.core.commands import export_layer
from restoration_planner.core.errors import PlannerError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    export_layer.run(sys.argv[1], "project", sys.argv[2])
except PlannerError as error:
    print(error.message.id)
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
@pytest.mark.parametrize(
    ("ending", "room"), [("shp", 100), ("shp", 600), ("gpkg", 40_000), ("gdb", 600), ("geojson", 500)]
)
def test_a_disk_that_runs_full_leaves_nothing_behind(plan: Path, out: Path, ending: str, room: int) -> None:
    command = [sys.executable, "-c", _WITH_LITTLE_ROOM, str(plan), str(out / f"r.{ending}"), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("store."), (done.stdout, done.stderr)
    assert list(out.iterdir()) == []


def test_fifty_thousand_polygons_go_out_in_seconds(out: Path) -> None:
    west, south = np.meshgrid(124 + np.arange(250) / 250, 41 + np.arange(200) / 200)
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 0.0015
    centres = np.stack([west.ravel(), south.ravel()], axis=1)
    shapes = shapely.polygons(centres[:, None, :] + ring[None])
    columns = {"code": object_array([f"F{i}" for i in range(50_000)]), "name": object_array(["永久基本农田"] * 50_000)}
    rows = Rows("basic_farmland", np.arange(1, 50_001), columns, shapes)
    tables = PlanTables({"basic_farmland": rows})
    profile = profiles_for(out)["database"]
    for kind in (SHAPEFILE, GEOPACKAGE):
        start = time.perf_counter()
        delivery = propose_delivery(tables, TABLES["basic_farmland"], profile, kind, "4529", None)
        assert deliver(delivery, out / f"f{kind.ending}").count == 50_000
        assert time.perf_counter() - start < 40  # some 6 s on a quiet machine; the bound is for a busy one


@pytest.mark.parametrize("ending", ["gpkg", "gdb"])
def test_a_layer_joins_the_others_of_a_file_and_they_stay_as_they_are(plan: Path, out: Path, ending: str) -> None:
    target = out / f"all.{ending}"
    export_layer.run(plan, "red_line", target, append=True)
    export_layer.run(plan, "project", target, append=True)
    before = vector.read_layer(target, "red_line")
    export_layer.run(plan, "river", target, append=True)
    assert {info.name for info in vector.list_layers(target)} == {"red_line", "project", "river"}
    after = vector.read_layer(target, "red_line")
    assert after.columns == before.columns and shapely.equals_exact(after.geometry, before.geometry).all()
    assert len(vector.read_layer(target, "river").fids) == 3
    assert {path.name for path in out.iterdir()} == {target.name}


@pytest.mark.parametrize("ending", ["gpkg", "gdb"])
def test_a_layer_of_the_same_name_is_replaced_only_with_force_and_alone(
    plan: Path, out: Path, digest: Digest, ending: str
) -> None:
    target = out / f"all.{ending}"
    export_layer.run(plan, "red_line", target)
    export_layer.run(plan, "project", target, append=True)
    before = digest(out)
    assert "project" in refused(plan, target, "delivery.layer_exists", append=True)
    assert "--append" in refused(plan, target, "delivery.exists_append")
    assert digest(out) == before
    export_layer.run(plan, "red_line", target, append=True, force=True)
    assert {info.name for info in vector.list_layers(target)} == {"red_line", "project"}
    assert len(vector.read_layer(target, "red_line").fids) == 3


def test_nothing_joins_a_plan_a_file_of_one_layer_or_a_file_that_is_open(
    plan: Path, blank: Path, out: Path, digest: Digest
) -> None:
    before = digest(plan.parent)
    refused(plan, blank, "delivery.target_is_plan", append=True)
    refused(plan, blank, "delivery.target_is_plan", append=True, force=True)
    refused(plan, out / "r.shp", "delivery.one_layer_only", append=True)
    assert digest(plan.parent) == before
    export_layer.run(plan, "red_line", out / "all.gpkg")
    with closing(sqlite3.connect(out / "all.gpkg")) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE mine (id INTEGER)")
        with pytest.raises(PlannerError) as stopped:
            export_layer.run(plan, "project", out / "all.gpkg", append=True)
        assert stopped.value.message.id == "delivery.in_use"
    export_layer.run(plan, "project", out / "all.gpkg", append=True)
    with closing(sqlite3.connect(out / "all.gpkg")) as other:
        assert other.execute("SELECT count(*) FROM mine").fetchone() == (0,)
