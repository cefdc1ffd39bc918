"""restoration:exportlayer: the same files through osgeo inside QGIS as through fiona outside it, and QGIS reads them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from restoration_planner.core.commands import export_layer, import_layer
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store import vector
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.plugin.algorithms.export_layer import ExportLayer

ROOT = Path(__file__).resolve().parents[3]
WEST = "POLYGON ((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.2, 124.1 41.1), (124.13 41.13, 124.13 41.17, 124.17 41.17, 124.13 41.13))"  # noqa: E501
EAST = "MULTIPOLYGON (((125.1 41.1, 125.2 41.1, 125.2 41.2, 125.1 41.1)), ((125.3 41.1, 125.4 41.1, 125.4 41.2, 125.3 41.1)))"


@pytest.fixture
def plan(tmp_path: Path, qgis_app: object) -> Path:
    """Two projects, west and east of 124.5°E, one with an unknown yes/no."""
    records: list[dict[str, object]] = [
        {
            "code": "A1",
            "name": "葠窝水库",
            "zone_codes": '{"1","4"}',
            "start_year": 2021,
            "area_ha": 0.1,
            "listed_in_plan": True,
        },
        {"code": "A2", "name": "桓仁", "listed_in_plan": False, "temporary_land": True},
    ]
    shapes = [shapely.from_wkt(WEST), shapely.from_wkt(EAST)]
    path = tmp_path / "plan.gpkg"
    own = Rows.from_records("plan", [{"schema_version": 2, "adcode": "210500"}])
    create_plan(path, PlanTables({"plan": own, "project": Rows.from_records("project", records, shapes)}))
    return path


def run(parameters: dict[str, object]) -> dict[str, object]:
    results, ok = ExportLayer().run(parameters, QgsProcessingContext(), QgsProcessingFeedback())
    assert ok
    return results


@pytest.mark.parametrize(
    ("ending", "encoding", "crs"),
    [
        ("shp", "GBK", "4490"),
        ("shp", "UTF-8", "zones"),
        ("gpkg", "UTF-8", "4490"),
        ("gdb", "UTF-8", "4490"),
        ("geojson", "UTF-8", "4490"),
    ],
)
def test_what_goes_out_through_osgeo_comes_back_unchanged(
    plan: Path, tmp_path: Path, ending: str, encoding: str, crs: str
) -> None:
    assert vector.inside_qgis()
    if ending == "gdb" and gdal.GetDriverByName("OpenFileGDB").GetMetadataItem("DCAP_CREATE") != "YES":
        pytest.skip("this GDAL does not write file geodatabases")
    results = run(
        {
            "PLAN": str(plan),
            "LAYER": "project",
            "ENCODING": encoding,
            "CRS": crs,
            "OUTPUT": str(tmp_path / f"o.{ending}"),
        }
    )
    files = str(results["FILES"]).split(";")
    assert len(files) == (2 if crs == "zones" else 1) and results["ROWS"] == 2
    back = tmp_path / "back.gpkg"
    create_plan(back, plan_from_template("blank"))
    for file in files:
        import_layer.run(back, "project", file)
    wanted, found = read_plan(plan)["project"], read_plan(back)["project"]
    for name in wanted.columns:
        assert found[name].tolist() == wanted[name].tolist(), name
    near = shapely.hausdorff_distance(found.geometry, wanted.geometry)
    assert (near < 1e-8).all() and (crs == "zones" or ending == "gdb" or (near == 0).all())


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_qgis_shows_the_texts_of_a_delivered_shapefile(plan: Path, tmp_path: Path, encoding: str) -> None:
    run({"PLAN": str(plan), "LAYER": "project", "ENCODING": encoding, "CRS": "4529", "OUTPUT": str(tmp_path / "s.shp")})
    layer = QgsVectorLayer(str(tmp_path / "s.shp"), "s", "ogr")
    assert layer.isValid() and layer.crs().authid() == "EPSG:4529"
    assert [f["name"] for f in layer.getFeatures()] == ["葠窝水库", "桓仁"]
    assert [f["listed"] for f in layer.getFeatures()] == ["是", "否"]


def test_osgeo_and_fiona_write_the_same_shapefile(plan: Path, tmp_path: Path) -> None:
    run(
        {
            "PLAN": str(plan),
            "LAYER": "project",
            "PROFILE": "database",
            "ENCODING": "GBK",
            "OUTPUT": str(tmp_path / "q.shp"),
        }
    )
    command = [str(ROOT / "dev"), "run", "python", "-m", "restoration_planner", "export", str(plan), "project"]
    command += [str(tmp_path / "f.shp"), "--profile", "database", "--encoding", "GBK"]
    subprocess.run(command, check=True, capture_output=True)
    for ending in (".shp", ".shx", ".prj", ".cpg"):
        assert (tmp_path / f"q{ending}").read_bytes() == (tmp_path / f"f{ending}").read_bytes(), ending
    ours, theirs = (np.frombuffer((tmp_path / f"{name}.dbf").read_bytes(), np.uint8) for name in "qf")
    assert (ours[4:] == theirs[4:]).all()  # but for the day


def test_what_cannot_be_done_is_one_sentence(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "o.shp"
    target.write_bytes(b"mine")
    algorithm = ExportLayer()
    algorithm.initAlgorithm()
    with pytest.raises(QgsProcessingException, match=r"o\.shp"):
        algorithm.processAlgorithm(
            {"PLAN": str(plan), "LAYER": "project", "OUTPUT": str(target)},
            QgsProcessingContext(),
            QgsProcessingFeedback(),
        )
    assert target.read_bytes() == b"mine"


def test_it_works_in_qgis_process_as_written(plan: Path, tmp_path: Path) -> None:
    command = [str(ROOT / "dev"), "run", "qgis_process", "--json", "run", "restoration:exportlayer"]
    command += [
        f"--PLAN={plan}",
        "--LAYER=project",
        "--PROFILE=database",
        "--CRS=zones",
        f"--OUTPUT={tmp_path / 'x.shp'}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["FILES"].endswith("x_41.shp;" + str(tmp_path / "x_42.shp")) and results["DIFFERENCES"] == 0
    delivery, _ = export_layer.run(plan, "project", tmp_path / "y.gpkg", "database")
    assert delivery.columns[0].values == ["210500200400000001", "210500200400000002"]


@pytest.mark.parametrize("ending", ["gpkg", "gdb"])
def test_layers_join_each_other_in_one_file_and_one_is_replaced_alone(plan: Path, tmp_path: Path, ending: str) -> None:
    if ending == "gdb" and gdal.GetDriverByName("OpenFileGDB").GetMetadataItem("DCAP_CREATE") != "YES":
        pytest.skip("this GDAL does not write file geodatabases")
    asked = {"PLAN": str(plan), "OUTPUT": str(tmp_path / f"all.{ending}"), "APPEND": True}
    for layer in ("project", "plan"):
        run({**asked, "LAYER": layer})
    run({**asked, "LAYER": "project", "FORCE": True})
    assert {info.name for info in vector.list_layers(tmp_path / f"all.{ending}")} == {"project", "plan"}
    assert len(vector.read_layer(tmp_path / f"all.{ending}", "project").fids) == 2
