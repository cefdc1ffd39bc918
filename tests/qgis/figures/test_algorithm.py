"""restoration:exportfigures, from Processing and from `qgis_process`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

from restoration_planner.layers.opening import OpenPlan
from restoration_planner.plugin.algorithms.export_figures import ExportFigures


class Told(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: list[str] = []

    def pushInfo(self, info: str) -> None:
        self.said.append(info)

    def pushWarning(self, warning: str) -> None:
        self.said.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.said.append(error)


def run(plan: Path, folder: Path, **more: object) -> tuple[dict[str, object], bool, Told]:
    algorithm, told = ExportFigures(), Told()
    algorithm.initAlgorithm()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results, ok = algorithm.run({"PLAN": str(plan), "FOLDER": str(folder), **more}, context, told)
    return results, ok, told


def test_layouts_of_an_open_plan_stay_in_its_project(wide_city: OpenPlan, tmp_path: Path) -> None:
    results, ok, told = run(wide_city.path, tmp_path / "out", FIGURES="8，9", FORMATS="pdf,svg")
    assert ok and results["WRITTEN"] == 4 and results["SKIPPED"] == 0
    assert len(QgsProject.instance().layoutManager().printLayouts()) == 2
    assert any("审图号" in line for line in told.said)


def test_what_cannot_be_is_one_sentence(wide_city: OpenPlan, tmp_path: Path) -> None:
    _, ok, told = run(wide_city.path, tmp_path / "out", FIGURES="31")
    assert not ok
    assert any("没有编号为 31 的图件" in line for line in told.said)
    assert not any("Traceback" in line for line in told.said)


def test_qgis_process_writes_them_without_a_window(wide_city: OpenPlan, repository: Path, tmp_path: Path) -> None:
    plan, out = wide_city.path, tmp_path / "out"
    QgsProject.instance().clear()
    command = [repository / "dev", "run", "qgis_process", "run", "--json", "restoration:exportfigures", "--"]
    given = [f"PLAN={plan}", "FIGURES=1,8", "FORMATS=pdf", f"FOLDER={out}", "PAGE=A4"]
    done = subprocess.run([*map(str, command), *given], capture_output=True, check=True)
    results = json.loads(done.stdout)["results"]
    assert (results["WRITTEN"], results["SKIPPED"]) == (1, 1)
    assert len(list(out.glob("*.pdf"))) == 1


def test_all_formats_the_bound_document_and_pages_by_county(
    wide_city: OpenPlan, repository: Path, tmp_path: Path
) -> None:
    plan, out = wide_city.path, tmp_path / "out"
    QgsProject.instance().clear()
    command = [repository / "dev", "run", "qgis_process", "run", "--json", "restoration:exportfigures", "--"]
    given = [f"PLAN={plan}", "FIGURES=8", "FORMATS=pdf,png,svg,geopdf,geotiff", f"FOLDER={out}", "PAGE=A4"]
    done = subprocess.run([*map(str, command), *given, "BOUND=true", "SERIES=true"], capture_output=True, check=True)
    results = json.loads(done.stdout)["results"]
    pages = [f"图8_本溪市生态修复分区图{page}" for page in ("", "_01_甲县", "_02_乙县")]
    expected = [f"{p}{e}" for p in pages for e in (".pdf", ".png", ".svg", "_地理.pdf", ".tif")]
    bound = "图集_本溪市国土空间生态修复规划.pdf"
    assert sorted(f.name for f in out.iterdir()) == sorted([*expected, bound])
    assert (results["WRITTEN"], results["SKIPPED"]) == (16, 0)
    assert [Path(f).name for f in str(results["FILES"]).split(";")] == [*expected, bound]


def test_the_bound_document_alone(wide_city: OpenPlan, tmp_path: Path) -> None:
    results, ok, _ = run(wide_city.path, tmp_path / "out", FIGURES="8", FORMATS="", BOUND=True, PAGE="A4")
    assert ok and results["WRITTEN"] == 1
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["图集_本溪市国土空间生态修复规划.pdf"]
