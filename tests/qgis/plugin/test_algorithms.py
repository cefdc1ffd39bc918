"""The Processing algorithms, as qgis_process runs them, against the command line's own answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from restoration_planner.core.commands import check as check_command
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.plugin.provider import RestorationProvider
from restoration_planner.tests.small_plan import SUMMARY

ROOT = Path(__file__).resolve().parents[3]
IMPORT_OPTIONS = ["SOURCE_LAYER", "ENCODING", "CRS", "MAP", "SET"]


def qgis_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Through ./dev, which undoes the profile that pytest-qgis has set for this process."""
    command = [str(ROOT / "dev"), "run", "qgis_process", "--json", "run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def outputs(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr
    results: dict[str, object] = json.loads(done.stdout)["results"]
    return results


@pytest.fixture
def provider(qgis_app: QgsApplication) -> RestorationProvider:
    provider = RestorationProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def test_the_provider_offers_the_contracts_algorithms_and_parameters(provider: RestorationProvider) -> None:
    offered = {a.id(): [p.name() for p in a.parameterDefinitions()] for a in provider.algorithms()}
    assert offered == {
        "restoration:createplan": ["PLAN", "TEMPLATE", "FORCE"],
        "restoration:importlayer": ["PLAN", "LAYER", "SOURCE", *IMPORT_OPTIONS],
        "restoration:buildzones": ["PLAN", "FORCE"],
        "restoration:sitingcheck": ["PLAN", "RULES", "SAVE", "FORMAT", "OUTPUT"],
        "restoration:sitingsheet": ["PLAN", "PROJECTS", "RULES", "ENCODING", "BOUND", "FORCE", "FOLDER"],
        "restoration:exportlayer": ["PLAN", "LAYER", "PROFILE", "CRS", "ENCODING", "FORCE", "APPEND", "OUTPUT"],
        "restoration:exportfigures": [
            "PLAN",
            "FIGURES",
            "FORMATS",
            "BOUND",
            "SERIES",
            "PAGE",
            "DEM",
            "FORCE",
            "FOLDER",
        ],
        "restoration:exporttables": ["PLAN", "FORMATS", "FOLDER", "FORCE"],
    }
    assert all(a.displayName() and a.shortHelpString() for a in provider.algorithms())
    assert not provider.icon().isNull()


def test_siting_check_gives_the_report_of_the_command_line_and_its_counts(plan_file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = qgis_process("restoration:sitingcheck", f"--PLAN={plan_file}", "--FORMAT=json", f"--OUTPUT={report}")
    results = outputs(done)
    command = subprocess.run(
        [sys.executable, "-m", "restoration_planner", "check", str(plan_file), "--no-save"],
        capture_output=True,
        check=False,
    )
    ours, theirs = (json.loads(content) for content in (report.read_bytes(), command.stdout))
    assert ours.pop("run_at") and theirs.pop("run_at")
    assert [p["code"] for p in ours["projects"]] == [p["code"] for p in theirs["projects"]]
    assert ours["summary"] == theirs["summary"] == SUMMARY
    assert [[f["rule"] for f in p["findings"]] for p in ours["projects"]] == [
        [f["rule"] for f in p["findings"]] for p in theirs["projects"]
    ]
    counts = {name: results[name] for name in ("VIOLATIONS", "REVIEWS", "UNDETERMINED", "PERMITTED", "PASSED")}
    assert list(counts.values()) == [SUMMARY[g] for g in ("violation", "review", "undetermined", "permitted", "pass")]
    assert (results["PROJECTS"], results["OPEN_VIOLATIONS"]) == (6, 2)
    assert len(read_plan(plan_file, ["siting_finding"])["siting_finding"]) == 5, "SAVE is on unless switched off"


def test_siting_check_leaves_the_plan_alone_where_asked_to(plan_file: Path) -> None:
    before = plan_file.read_bytes()
    outputs(qgis_process("restoration:sitingcheck", f"--PLAN={plan_file}", "--SAVE=false"))
    assert plan_file.read_bytes() == before


def test_create_plan_then_build_zones_says_in_one_sentence_what_is_missing(tmp_path: Path) -> None:
    plan = tmp_path / "新规划.gpkg"
    results = outputs(qgis_process("restoration:createplan", f"--PLAN={plan}", "--TEMPLATE=benxi"))
    assert (results["ZONES"], results["KEY_AREAS"], results["PROJECTS"], results["INDICATORS"]) == (4, 5, 15, 7)
    again = qgis_process("restoration:createplan", f"--PLAN={plan}", "--TEMPLATE=blank")
    assert again.returncode != 0
    assert "Traceback" not in again.stderr + again.stdout
    assert len(read_plan(plan, ["project"])["project"]) == 15, "nothing was replaced without FORCE"
    replaced = qgis_process("restoration:createplan", f"--PLAN={plan}", "--TEMPLATE=blank", "--FORCE=true")
    assert outputs(replaced)["PROJECTS"] == 0
    no_units = qgis_process("restoration:buildzones", f"--PLAN={plan}")
    assert no_units.returncode != 0
    assert "admin_unit" in no_units.stderr + no_units.stdout
    assert "Traceback" not in no_units.stderr + no_units.stdout


def test_what_is_no_plan_fails_with_the_sentence_of_the_command_line(
    tmp_path: Path, provider: RestorationProvider
) -> None:
    no_plan = tmp_path / "plan.gpkg"
    no_plan.write_text("hello", encoding="utf-8")
    command = subprocess.run(
        [sys.executable, "-m", "restoration_planner", "check", str(no_plan)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RESTORATION_PLANNER_LANG": "en"},
    )
    algorithm = provider.algorithm("sitingcheck").create()
    with pytest.raises(QgsProcessingException) as raised:
        algorithm.processAlgorithm({"PLAN": str(no_plan)}, QgsProcessingContext(), QgsProcessingFeedback())
    assert str(raised.value) == command.stderr.strip()


def test_progress_and_cancel_go_through_the_feedback(
    plan_file: Path, provider: RestorationProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = QgsProcessingFeedback()
    seen: list[float] = []
    feedback.progressChanged.connect(seen.append)
    original = check_command.check_siting

    def cancelled_half_way(*args: object, progress: object, **more: object) -> object:
        def tell(fraction: float, message: object) -> None:
            progress(fraction, message)  # type: ignore[operator]
            if fraction > 0.4:
                feedback.cancel()

        return original(*args, progress=tell, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(check_command, "check_siting", cancelled_half_way)
    algorithm = provider.algorithm("sitingcheck").create()
    with pytest.raises(QgsProcessingException, match="ancelled"):
        algorithm.processAlgorithm({"PLAN": str(plan_file)}, QgsProcessingContext(), feedback)
    assert seen and 40 < max(seen) < 100
    assert len(read_plan(plan_file, ["siting_finding"])["siting_finding"]) == 0
