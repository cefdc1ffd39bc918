"""restoration:importlayer does what the command does: same rows, same sentences, progress, cancel."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
from pyproj import CRS
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.plugin.provider import RestorationProvider
from restoration_planner.tests.core.intake.conftest import shapefile  # noqa: F401  # a fixture
from restoration_planner.tests.qgis.plugin.test_algorithms import outputs, qgis_process
from restoration_planner.tests.small_plan import make_small_plan

Shapefile = Callable[..., Path]


@pytest.fixture
def provider(qgis_app: QgsApplication) -> Iterator[RestorationProvider]:
    provider = RestorationProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def mines(shapefile: Shapefile) -> Path:  # noqa: F811
    """Two mines in GBK, without a word on encoding and CRS."""
    shapes = [shapely.box(124.01, 41.01, 124.03, 41.03), shapely.box(124.05, 41.01, 124.07, 41.03)]
    names = [name.encode("gbk") for name in ("东沟矿", "西沟矿")]
    return shapefile("mines", shapes, [(b"ID", [b"1", b"2"]), (b"KSMC", names)])


def test_the_algorithm_imports_as_the_command_does(plan_file: Path, tmp_path: Path, mines: Path) -> None:
    other = make_small_plan(tmp_path / "other.gpkg")
    results = outputs(
        qgis_process(
            "restoration:importlayer",
            f"--PLAN={plan_file}",
            "--LAYER=legacy_mine",
            f"--SOURCE={mines}",
            "--ENCODING=GBK",
            "--CRS=4490",
            "--MAP=name=KSMC;code=ID",
            "--SET=treated=yes; kind=煤矿",
        )
    )
    assert [results[n] for n in ("ADDED", "UPDATED", "UNCHANGED", "DROPPED")] == [2, 0, 0, 0]
    assert results["PLAN"] == str(plan_file)
    command = ["import", str(other), "legacy_mine", str(mines), "--encoding", "GBK", "--crs", "4490"]
    command += ["--map", "name=KSMC", "code=ID", "--set", "treated=yes", "kind=煤矿"]
    subprocess.run([sys.executable, "-m", "restoration_planner", *command], check=True, capture_output=True)
    ours, theirs = (read_plan(plan)["legacy_mine"] for plan in (plan_file, other))
    assert {n: c.tolist() for n, c in ours.columns.items()} == {n: c.tolist() for n, c in theirs.columns.items()}
    assert ours["name"].tolist() == ["东沟矿", "西沟矿"] and ours["treated"].tolist() == [True, True]
    assert shapely.equals_exact(ours.geometry, theirs.geometry, 0.0).all()


def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    plan_file: Path, tmp_path: Path, provider: RestorationProvider
) -> None:
    before = plan_file.read_bytes()
    algorithm = provider.algorithm("importlayer").create()
    given = {"PLAN": str(plan_file), "LAYER": "red_line", "SOURCE": str(tmp_path / "missing.shp")}
    with pytest.raises(QgsProcessingException, match="missing.shp"):
        algorithm.processAlgorithm(given, QgsProcessingContext(), QgsProcessingFeedback())
    assert plan_file.read_bytes() == before


def test_the_report_progress_and_cancel_go_through_the_feedback(
    plan_file: Path, mines: Path, provider: RestorationProvider
) -> None:
    algorithm = provider.algorithm("importlayer").create()
    given = {"PLAN": str(plan_file), "LAYER": "legacy_mine", "SOURCE": str(mines)}
    before = plan_file.read_bytes()
    stopped = QgsProcessingFeedback()
    stopped.progressChanged.connect(lambda done: stopped.cancel() if done > 40 else None)
    with pytest.raises(QgsProcessingException, match="ancelled"):
        algorithm.processAlgorithm(given, QgsProcessingContext(), stopped)
    assert plan_file.read_bytes() == before
    feedback = QgsProcessingFeedback()
    seen: list[float] = []
    feedback.progressChanged.connect(seen.append)
    done = algorithm.processAlgorithm(given, QgsProcessingContext(), feedback)
    assert done["ADDED"] == 2
    assert seen == sorted(seen) and max(seen) > 80, "it only goes forward"
    assert "EPSG:4490" in feedback.textLog() and "gb18030" in feedback.textLog()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_name_parameters_and_not_the_command_lines_options(
    plan_file: Path,
    tmp_path: Path,
    shapefile: Shapefile,  # noqa: F811
    provider: RestorationProvider,
    lang: str,
) -> None:
    set_language(lang)
    algorithm = provider.algorithm("importlayer").create()

    def ran(**given: str) -> tuple[bool, str]:
        feedback = QgsProcessingFeedback()
        _, well = algorithm.run({"PLAN": str(plan_file), **given}, QgsProcessingContext(), feedback)
        return well, feedback.textLog()

    # Metres of zone 41 in a file that states zone 40: which?
    metres = [shapely.box(590_000, 4_542_000, 592_000, 4_544_000)]
    prj = CRS.from_epsg(4549).to_wkt("WKT1_ESRI")
    asked = shapefile("asked", metres, [(b"BSM", [b"1"])], prj=prj)
    well, log = ran(LAYER="red_line", SOURCE=str(asked))
    assert not well and "4549" in log and text("import_dialog.parameter", name="CRS").strip() in log
    assert "--" not in log
    assert sum("4549" in line for line in log.splitlines()) == 1, "said once"
    # A file with several layers: LAYER is the plan's here
    well, log = ran(LAYER="red_line", SOURCE=str(make_small_plan(tmp_path / "several.gpkg")))
    assert not well and "SOURCE_LAYER" in log and "--" not in log
    well, log = ran(LAYER="red_line", SOURCE=str(asked), CRS="4550", SET="nothing")
    assert not well and "SET" in log and "--" not in log
    # Units without a level come in, with a hint
    units = shapefile("units", [shapely.box(124.01, 41.01, 124.03, 41.03)], [(b"XZQMC", ["甲镇".encode("gbk")])])
    well, log = ran(LAYER="admin_unit", SOURCE=str(units), ENCODING="GBK")
    assert well and text("import_dialog.parameter_with", name="SET", value="level=town") in log and "--" not in log
