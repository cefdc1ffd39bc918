"""The check on open layers: unsaved edits, saving, reviews, export, and what cannot be done."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject, QgsSettings, QgsVectorLayer
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import QItemSelectionModel, QThreadPool

from restoration_planner.core.siting.findings import CheckResult
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.siting.desk import RULES_SETTING, SitingDesk
from restoration_planner.plugin.tasks import WorkTask
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
from restoration_planner.tests.small_plan import GRADES, SUMMARY
from restoration_planner.ui.findings_dock import FindingsDock
from restoration_planner.ui.review_dialog import Decision


def dock_of(desk: SitingDesk) -> FindingsDock:
    return desk.dock  # type: ignore[attr-defined,no-any-return]


def layer_of(plans: OpenPlans, table: str) -> Any:
    plan = plans.current()
    assert plan is not None
    return plan.layer(table)


def check(desk: SitingDesk) -> CheckResult:
    desk.run()
    wait_until(lambda: not desk.is_busy())
    result = dock_of(desk).result()
    assert result is not None
    return result


def grades(result: CheckResult) -> dict[str | None, str]:
    return {p.code: p.grade for p in result.projects}


def choose(desk: SitingDesk, code: str) -> None:
    dock = dock_of(desk)
    dock.filter_bar.chips.choose(frozenset(SUMMARY))
    row = next(
        r for r in range(dock.proxy.rowCount()) if dock.proxy.finding_row(dock.proxy.index(r, 0)).project.code == code
    )
    flags = QItemSelectionModel.SelectionFlag
    dock.table.selectionModel().select(dock.proxy.index(row, 0), flags.ClearAndSelect | flags.Rows)


def saved(plan_file: Path, table: str = "siting_finding") -> list[dict[str, Any]]:
    return read_plan(plan_file, [table])[table].records()


def move_out_of_the_plan(layer: Any, code: str) -> None:
    """Shift a project by 0.3 degrees east without saving."""
    feature = next(f for f in layer.getFeatures() if f["code"] == code)
    moved = QgsGeometry(feature.geometry())
    moved.translate(0.3, 0)
    assert layer.startEditing()
    assert layer.changeGeometry(feature.id(), moved)


def test_check_shows_every_grade_and_saves_the_findings(desk: SitingDesk, plan_file: Path, plans: OpenPlans) -> None:
    result = check(desk)
    assert grades(result) == GRADES
    assert result.summary == SUMMARY
    assert sorted(f["project_code"] for f in saved(plan_file)) == ["P2", "P3", "P4", "P5", "P6"]
    assert layer_of(plans, "siting_finding").featureCount() == 5, "the open layer shows what was saved"


def test_unsaved_edits_count_and_the_file_is_not_edited(desk: SitingDesk, plan_file: Path, plans: OpenPlans) -> None:
    projects = layer_of(plans, "project")
    move_out_of_the_plan(projects, "P1")
    assert grades(check(desk))["P1"] == "violation"
    assert projects.isModified(), "the edits stay what they are: unsaved"
    projects.rollBack()
    assert dock_of(desk).run_bar.notes_button.isVisible(), "taking the edits back makes the result out of date"
    assert grades(check(desk))["P1"] == "pass"


def test_an_edit_makes_the_result_stale_until_the_next_check(desk: SitingDesk, plans: OpenPlans) -> None:
    check(desk)
    bar = dock_of(desk).run_bar
    assert not bar.notes_button.isVisible()
    move_out_of_the_plan(layer_of(plans, "project"), "P1")
    assert bar.notes_button.isVisible()
    check(desk)
    assert not bar.notes_button.isVisible()
    layer_of(plans, "project").rollBack()


def test_a_finding_is_brought_into_view_outlined_and_let_go(desk: SitingDesk, qgis_iface: Any) -> None:
    check(desk)
    canvas = qgis_iface.mapCanvas()
    choose(desk, "P5")
    part = QgsGeometry()
    part.fromWkb(dock_of(desk).selected_rows()[0].finding.geometry.wkb)  # type: ignore[union-attr]
    outlined = desk._highlight.geometry()
    assert outlined is not None and outlined.equals(part)
    bands = [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand)]
    assert len([b for b in bands if b.size()]) >= 1
    dock_of(desk).close()
    assert desk._highlight.geometry() is None


def test_a_project_that_passed_is_shown_by_its_own_site(desk: SitingDesk) -> None:
    check(desk)
    choose(desk, "P1")
    shown = desk._highlight.geometry()
    assert shown is not None
    assert shown.boundingBox().toString(2) == "124.06,41.06 : 124.07,41.07"


def test_a_project_without_a_site_says_so_when_asked_to_zoom(desk: SitingDesk, qgis_iface: Any) -> None:
    check(desk)
    choose(desk, "P4")
    dock_of(desk).zoom_action.trigger()
    assert any("no geometry to show" in s for s in sentences(qgis_iface.messageBar()))


def test_double_click_opens_the_form_of_the_right_project(
    desk: SitingDesk, plans: OpenPlans, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(desk)
    opened = []

    def open_form(layer: QgsVectorLayer, feature: QgsFeature, *_: object) -> None:
        opened.append((layer.id(), feature["code"]))

    monkeypatch.setattr(qgis_iface, "openFeatureForm", open_form, raising=False)
    choose(desk, "P3")
    dock_of(desk).form_action.trigger()
    assert opened == [(layer_of(plans, "project").id(), "P3")]


def test_a_project_deleted_since_is_said_to_be_gone(desk: SitingDesk, plans: OpenPlans, qgis_iface: Any) -> None:
    check(desk)
    projects = layer_of(plans, "project")
    projects.startEditing()
    projects.deleteFeature(next(f.id() for f in projects.getFeatures() if f["code"] == "P4"))
    choose(desk, "P4")
    dock_of(desk).form_action.trigger()
    assert any("no longer in the layer" in s for s in sentences(qgis_iface.messageBar()))
    projects.rollBack()


def test_a_review_is_saved_with_its_finding_and_survives_the_next_check(desk: SitingDesk, plan_file: Path) -> None:
    check(desk)
    choose(desk, "P3")
    rows = dock_of(desk).selected_rows()
    desk._review(rows, Decision("accepted", "both sides belong to it", "文〔2026〕1号", "王工"))
    wait_until(lambda: not desk.is_busy())
    assert dock_of(desk).selected_rows()[0].reviewed == "accepted", "the row changes where it stands"
    (review,) = saved(plan_file, "siting_review")
    assert (review["project_code"], review["rule"], review["target_code"]) == ("P3", "outside_zone", "1")
    assert (review["decision"], review["reviewer"], review["document"]) == ("accepted", "王工", "文〔2026〕1号")
    assert review["area_m2"] == pytest.approx(rows[0].finding.area_m2)  # type: ignore[union-attr]
    assert [f["project_code"] for f in saved(plan_file) if f["reviewed"] == "accepted"] == ["P3"]
    again = check(desk)
    assert [f.project_code for f in again.findings if f.reviewed == "accepted"] == ["P3"]
    assert grades(again)["P3"] == "violation", "a review leaves the grade as it is"


def test_a_later_review_counts_and_the_earlier_one_stays_as_history(desk: SitingDesk, plan_file: Path) -> None:
    check(desk)
    choose(desk, "P3")
    for decision in ("accepted", "rejected"):
        desk._review(dock_of(desk).selected_rows(), Decision(decision, None, None, "王工"))
        wait_until(lambda: not desk.is_busy())
    assert [r["decision"] for r in saved(plan_file, "siting_review")] == ["accepted", "rejected"]
    assert dock_of(desk).selected_rows()[0].reviewed == "rejected"


def test_the_map_rests_while_the_plan_is_written_and_draws_again_afterwards(
    desk: SitingDesk, plan_file: Path, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # QGIS cannot read the file in that moment: a layer drawn then would come out empty
    from restoration_planner.core.commands import check as commands

    canvas, seen, write = qgis_iface.mapCanvas(), [], commands.save_findings
    monkeypatch.setattr(commands, "save_findings", lambda *a: (seen.append(canvas.isFrozen()), write(*a)))
    check(desk)
    assert seen == [True]
    assert not canvas.isFrozen()
    os.chmod(plan_file, 0o444)
    check(desk)
    assert seen == [True, True]
    assert not canvas.isFrozen(), "a writing that failed has ended too"


def test_the_map_draws_again_when_the_plugin_goes_while_a_plan_is_written(
    plans: OpenPlans, plan_file: Path, qgis_iface: Any
) -> None:
    plans.open(plan_file, qgis_iface.mapCanvas())
    dock = FindingsDock()
    desk = SitingDesk(qgis_iface, plans, dock)
    desk.run()
    wait_until(qgis_iface.mapCanvas().isFrozen)
    desk.close()
    dock.deleteLater()
    assert not qgis_iface.mapCanvas().isFrozen()
    assert len(read_plan(plan_file, ["siting_finding"])["siting_finding"]), "the writing was not broken off"


def test_results_come_back_with_the_plan(desk: SitingDesk, plans: OpenPlans, plan_file: Path, qgis_iface: Any) -> None:
    check(desk)
    QgsProject.instance().clear()
    wait_until(lambda: plans.current() is None)
    assert dock_of(desk).result() is None
    plans.open(plan_file, qgis_iface.mapCanvas())
    back = dock_of(desk).result()
    assert back is not None and grades(back) == GRADES


@pytest.mark.parametrize("format_name", ["json", "csv", "geojson", "html"])
def test_results_are_exported(desk: SitingDesk, tmp_path: Path, format_name: str) -> None:
    check(desk)
    target = tmp_path / f"out.{format_name}"
    desk.export(format_name, target)
    wait_until(lambda: not desk.is_busy())
    content = target.read_text(encoding="utf-8-sig")
    assert "西岭采石" in content
    if format_name == "json":
        assert json.loads(content)["summary"] == SUMMARY


def test_an_export_that_cannot_be_written_is_one_sentence(desk: SitingDesk, tmp_path: Path, qgis_iface: Any) -> None:
    check(desk)
    desk.export("csv", tmp_path / "no such folder" / "out.csv")
    wait_until(lambda: not desk.is_busy())
    said = sentences(qgis_iface.messageBar())
    assert any("no such folder" in s for s in said)
    assert not any("Traceback" in s for s in said)


def test_a_locked_plan_is_checked_but_not_saved_and_that_is_said(
    desk: SitingDesk, plan_file: Path, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restoration_planner.core.store.geopackage.BUSY_SECONDS", 0.2)
    other = sqlite3.connect(plan_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert grades(check(desk)) == GRADES
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert any("not saved in the plan" in s for s in sentences(qgis_iface.messageBar()))
    assert saved(plan_file) == []


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_read_only_plan_is_checked_but_not_saved(desk: SitingDesk, plan_file: Path, qgis_iface: Any) -> None:
    plan_file.chmod(0o444)
    try:
        assert grades(check(desk)) == GRADES
    finally:
        plan_file.chmod(0o644)
    said = sentences(qgis_iface.messageBar())
    assert any("not saved in the plan" in s for s in said) or len(saved(plan_file)) == 5, (
        "root may write what is read-only"
    )


def test_findings_being_edited_are_not_replaced_below_the_editor(
    desk: SitingDesk, plans: OpenPlans, plan_file: Path, qgis_iface: Any
) -> None:
    layer = layer_of(plans, "siting_finding")
    layer.startEditing()
    check(desk)
    assert any("being edited" in s for s in sentences(qgis_iface.messageBar()))
    assert saved(plan_file) == []
    layer.rollBack()


def test_without_a_plan_the_check_says_what_to_do(desk: SitingDesk, qgis_iface: Any) -> None:
    QgsProject.instance().clear()
    desk.run()
    assert any("Open a plan first" in s for s in sentences(qgis_iface.messageBar()))
    assert not desk.is_busy()


def test_a_bad_rules_file_is_named_with_its_line(desk: SitingDesk, tmp_path: Path, qgis_iface: Any) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nrules:\n  - id: a\n    relation: must_fly\n", encoding="utf-8")
    QgsSettings().setValue(RULES_SETTING, str(rules))
    desk.run()
    assert not desk.is_busy()
    assert any("rules.yaml, line" in s for s in sentences(qgis_iface.messageBar()))
    assert dock_of(desk).run_bar.run_button.isVisible()


def test_a_removed_project_layer_is_said(desk: SitingDesk, plans: OpenPlans, qgis_iface: Any) -> None:
    QgsProject.instance().removeMapLayer(layer_of(plans, "project").id())
    desk.run()
    assert not desk.is_busy()
    assert sentences(qgis_iface.messageBar())


def test_lines_without_a_part_can_be_selected_after_the_project_layer_was_removed(
    desk: SitingDesk, plans: OpenPlans, qgis_iface: Any
) -> None:
    check(desk)
    QgsProject.instance().removeMapLayer(layer_of(plans, "project").id())
    choose(desk, "P1")  # it passed, so its own site would be shown
    assert dock_of(desk).selected_rows()
    dock_of(desk).zoom_action.trigger()
    dock_of(desk).form_action.trigger()
    assert len(sentences(qgis_iface.messageBar())) >= 2, "neither place nor form can be shown, and that is said"


def test_unexpected_errors_reach_the_message_bar_with_details(
    desk: SitingDesk, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("restoration_planner.core.siting.check.check_siting", fail)
    desk.run()
    wait_until(lambda: not desk.is_busy())
    bar = qgis_iface.messageBar()
    assert any("something unexpected" in s for s in sentences(bar))
    assert not any("Traceback" in s or "a fault of ours" in s for s in sentences(bar))
    from qgis.PyQt.QtWidgets import QPushButton

    button = bar.findChild(QPushButton, "restoration_planner_details_button")
    assert button is not None
    shown: list[str] = []
    monkeypatch.setattr("restoration_planner.ui.messages.show_details", lambda _s, details, _p: shown.append(details))
    button.click()
    assert "a fault of ours" in shown[0]


def test_cancel_answers_within_a_second_and_keeps_the_earlier_results(
    desk: SitingDesk, plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = check(desk)
    saved_before = saved(plan_file)
    started: list[float] = []

    def slow(*_args: object, progress: Any, cancelled: Any, **_more: object) -> None:
        from restoration_planner.core.errors import Cancelled

        started.append(time.monotonic())
        while not cancelled():
            progress(0.5, "a long step")
            time.sleep(0.01)
        raise Cancelled

    monkeypatch.setattr("restoration_planner.core.siting.check.check_siting", slow)
    desk.run()
    wait_until(lambda: started and dock_of(desk).run_bar.progress.value() == 50)
    asked = time.monotonic()
    dock_of(desk).run_bar.cancel_button.click()
    wait_until(lambda: not desk.is_busy())
    assert time.monotonic() - asked < 1
    assert dock_of(desk).result() is before
    assert saved(plan_file) == saved_before
    assert dock_of(desk).run_bar.run_button.isVisible()


def test_no_layer_is_touched_away_from_the_main_thread(desk: SitingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way from Python into a layer, provider or project tells its thread while a check and a review run."""
    import threading

    from qgis.core import QgsVectorDataProvider

    elsewhere: list[str] = []
    main = threading.current_thread()

    def guard(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def guarded(self: Any, *args: Any, **more: Any) -> Any:
            if threading.current_thread() is not main:
                elsewhere.append(f"{owner.__name__}.{name}")
            return original(self, *args, **more)

        monkeypatch.setattr(owner, name, guarded)

    for name in ("getFeatures", "getFeature", "fields", "isEditable", "dataProvider", "featureCount", "source"):
        guard(QgsVectorLayer, name)
    for name in ("reloadData",):
        guard(QgsVectorDataProvider, name)
    for name in ("mapLayer", "mapLayers"):
        guard(QgsProject, name)
    check(desk)
    choose(desk, "P3")
    desk._review(dock_of(desk).selected_rows(), Decision("accepted", None, None, "王工"))
    wait_until(lambda: not desk.is_busy())
    assert elsewhere == []
    # The guard itself works: a read in another thread is noticed
    thread = threading.Thread(target=lambda: QgsProject.instance().mapLayers())
    thread.start()
    thread.join()
    assert elsewhere == ["QgsProject.mapLayers"]


def test_closing_while_a_check_runs_leaves_nothing(
    plans: OpenPlans, plan_file: Path, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bands() -> int:
        items = qgis_iface.mapCanvas().scene().items()
        return sum(isinstance(item, QgsRubberBand) and item.size() > 0 for item in items)

    before = bands()
    plans.open(plan_file, qgis_iface.mapCanvas())
    dock = FindingsDock()
    desk = SitingDesk(qgis_iface, plans, dock)
    stopped: list[bool] = []

    def slow(*_args: object, cancelled: Any, **_more: object) -> None:
        from restoration_planner.core.errors import Cancelled

        while not cancelled():
            time.sleep(0.01)
        stopped.append(True)
        raise Cancelled

    monkeypatch.setattr("restoration_planner.core.siting.check.check_siting", slow)
    desk.run()
    desk.close()
    assert not desk.is_busy()
    dock.deleteLater()
    assert bands() <= before


def test_a_task_cancelled_before_it_begins_is_not_waited_for(qgis_app: Any) -> None:
    """QGIS's own waiting hangs for ever in this case."""
    begun: list[bool] = []
    blockers = [WorkTask("before it", lambda _: time.sleep(0.5), cancellable=False) for _ in range(32)]
    for blocker in blockers[: QThreadPool.globalInstance().maxThreadCount()]:
        blocker.begin()
    task = WorkTask("waiting", lambda _: begun.append(True))
    task.begin()
    started = time.monotonic()
    task.abandon()
    assert time.monotonic() - started < 0.3
    wait_until(lambda: not QgsApplication.taskManager().countActiveTasks())
    assert begun == []


def test_a_task_that_qgis_lost_is_handed_over_again(qgis_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task manager drops a queued task now and then: the first one here never reaches a thread."""
    manager = QgsApplication.taskManager()
    handed: list[Any] = []

    class Forgetful:
        def addTask(self, task: Any) -> None:
            handed.append(task)
            if len(handed) > 1:
                manager.addTask(task)

    monkeypatch.setattr("restoration_planner.plugin.tasks.QgsApplication.taskManager", Forgetful)
    runs: list[int] = []
    told: list[Any] = []
    task = WorkTask("lost", lambda _: runs.append(1) or "value", cancellable=False)
    task.done.connect(told.append)
    task.stopped.connect(lambda: told.append("stopped"))
    task.begin()
    wait_until(lambda: told)
    assert (runs, told, len(handed)) == ([1], ["value"], 2)
