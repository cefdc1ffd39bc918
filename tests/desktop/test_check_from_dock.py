"""The main job in the real QGIS Desktop: open a plan, check it from the toolbar, go to what was found, review it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.tests.small_plan import GRADES, make_small_plan

CHECK = """
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QTableView, QToolButton, QToolBar

window, canvas = iface.mainWindow(), iface.mapCanvas()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
verdict["layers"] = len(QgsProject.instance().mapLayers())
pause(1.5)
verdict["crs"] = QgsProject.instance().crs().toProj()
screenshot("1-plan-open")

# Move a site without saving: the check must see it
projects = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
feature = next(f for f in projects.getFeatures() if f["code"] == "P1")
projects.startEditing()
moved = QgsGeometry(feature.geometry())
moved.translate(0.3, 0)
if MOVE_P1:
    projects.changeGeometry(feature.id(), moved)

bar = window.findChild(QToolBar, "RestorationPlannerToolBar")
action = window.findChild(QAction, "RestorationPlanner_check")
QTest.mouseClick(bar.widgetForAction(action), Qt.MouseButton.LeftButton)
dock = wait_until(lambda: window.findChild(QDockWidget, "RestorationPlannerFindingsDock"), what="the dock")
wait_until(lambda: dock.result() is not None and not plugin.siting_desk().is_busy(), what="the check")
pause(1)
verdict["summary"] = dict(dock.result().summary)
verdict["grades"] = {p.code: p.grade for p in dock.result().projects}
verdict["said"] = dock.run_bar.summary.accessibleName()
verdict["least_width"] = dock.minimumSizeHint().width()
verdict["lines_seen"] = dock.table.viewport().height() // dock.table.rowHeight(0)
verdict["panels"] = iface.mapCanvas().mapToGlobal(iface.mapCanvas().rect().topLeft()).x()
screenshot("2-checked")

table = dock.table
def cells(row):
    return [table.model().index(row, column).data() for column in range(table.model().columnCount())]
verdict["rows"] = [cells(row) for row in range(table.model().rowCount())]
verdict["heads"] = [
    table.model().headerData(column, Qt.Orientation.Horizontal) for column in range(table.model().columnCount())
]
row = next(r for r in range(table.model().rowCount()) if cells(r)[0].startswith("P3"))
QTest.mouseClick(
    table.viewport(), Qt.MouseButton.LeftButton,
    pos=table.visualRect(table.model().index(row, 0)).center(),
)
pause(1)
part = QgsGeometry()
part.fromWkb(dock.selected_rows()[0].finding.geometry.wkb)
part.transform(QgsCoordinateTransform(
    QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), QgsProject.instance()))
verdict["seen"] = canvas.extent().contains(part.boundingBox())
verdict["share_of_view"] = max(
    part.boundingBox().width() / canvas.extent().width(), part.boundingBox().height() / canvas.extent().height())
def bands():
    return [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand) and item.asGeometry().area() > 0]
verdict["outlined"] = [abs(b.asGeometry().area() - part.area()) / part.area() for b in bands()]
screenshot("3-finding")

# The form of its project opens on a double click
QTest.mouseDClick(
    table.viewport(), Qt.MouseButton.LeftButton,
    pos=table.visualRect(table.model().index(row, 0)).center(),
)
from qgis.gui import QgsAttributeForm
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QApplication
def shown_form():
    for widget in QApplication.allWidgets():
        if widget.metaObject().className() == "QgsAttributeForm" and widget.isVisible():
            return sip.cast(widget, QgsAttributeForm)
form = wait_until(shown_form, what="the form")
pause(1)
verdict["form_of"] = form.feature()["code"]
form.window().close()

# Review it
def fill(dialog):
    screenshot("4-review")
    dialog.decision.setCurrentIndex(dialog.decision.findData("accepted"))
    dialog.note.setPlainText("东区也在项目范围内")
    dialog.reviewer.setText("王工")
    QTest.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
projects.rollBack()
answer_next_dialog(fill)
dock.review_action.trigger()
wait_until(lambda: dock.selected_rows()[0].reviewed == "accepted", what="the review")
wait_until(lambda: not plugin.siting_desk().is_busy())
pause(0.5)
verdict["stale_after_rollback"] = dock.run_bar.notes_button.isVisible()
verdict["reviews"] = [
    [f["project_code"], f["rule"], f["decision"], f["reviewer"]]
    for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=siting_review")
    for f in la.getFeatures()]
verdict["reviewed_in_layer"] = [
    f["project_code"]
    for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=siting_finding")
    for f in la.getFeatures() if f["reviewed"] == "accepted"]
screenshot("5-reviewed")
dock.close()
pause(0.2)
verdict["bands_after_closing"] = len(bands())
"""


def command_line(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "restoration_planner", *arguments], capture_output=True, check=False, timeout=60
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_from_the_toolbar_agrees_with_the_command_line(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = make_small_plan(tmp_path / "方格 plan.gpkg")
    told = json.loads(command_line("check", str(plan), "--no-save").stdout)
    run = run_in_desktop("MOVE_P1 = False\n" + CHECK, plan=plan, lang=lang, name="check_from_dock")
    verdict = run.verdict
    assert verdict["layers"] == 21
    assert "+proj=tmerc" in verdict["crs"], "the map is not in the city's own projection"
    assert verdict["summary"] == told["summary"]
    assert verdict["grades"] == {p["code"]: p["grade"] for p in told["projects"]} == GRADES
    # Lines: one a finding; the project that passed is not shown until asked for
    assert len(verdict["rows"]) == sum(len(p["findings"]) for p in told["projects"])
    assert verdict["seen"]
    assert verdict["share_of_view"] > 0.05, "the map is too far away to see the part"
    assert verdict["outlined"] and max(verdict["outlined"]) < 1e-9
    assert verdict["form_of"] == "P3"
    assert not verdict["stale_after_rollback"], "nothing had been edited"
    assert verdict["reviews"] == [["P3", "outside_zone", "accepted", "王工"]]
    assert verdict["reviewed_in_layer"] == ["P3"]
    assert verdict["bands_after_closing"] == 0
    assert verdict["least_width"] <= 1100, "the dock leaves QGIS's side panels no room on a screen of 1366"
    assert verdict["panels"] > 150, "the side panels were squeezed"
    assert verdict["lines_seen"] >= 5
    assert not run.messages, run.messages


def test_check_sees_unsaved_edits_and_the_file_keeps_them_apart(run_in_desktop: Any, tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    run = run_in_desktop("MOVE_P1 = True\n" + CHECK, plan=plan, lang="en", name="check_unsaved")
    assert run.verdict["grades"] == {**GRADES, "P1": "violation"}, "P1 was moved out of the plan, unsaved"
    told = json.loads(command_line("check", str(plan), "--no-save").stdout)
    assert {p["code"]: p["grade"] for p in told["projects"]} == GRADES, "the file still holds P1 where it was"


REOPEN = """
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QDockWidget
import os
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
dock = wait_until(lambda: iface.mainWindow().findChild(QDockWidget, "RestorationPlannerFindingsDock"), what="the dock")
wait_until(lambda: dock.isVisible(), what="the dock to show itself")
pause(0.5)
def state():
    return [dict(dock.result().summary), sorted([f.project_code, f.rule, f.reviewed] for f in dock.result().findings)]
verdict["opened"] = state()
saved = PROJECT
assert QgsProject.instance().write(saved)
iface.newProject()
pause(0.3)
verdict["empty"] = dock.result() is None
assert iface.addProject(saved)
wait_until(lambda: dock.result() is not None, what="the results of the reopened project")
verdict["reopened"] = state()
screenshot("reopened")
"""


def test_results_are_there_after_reopening_plan_and_project(run_in_desktop: Any, tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    command_line("check", str(plan))
    told = json.loads(command_line("check", str(plan), "--no-save").stdout)
    project = str(tmp_path / "project.qgz")
    run = run_in_desktop(f"PROJECT = {project!r}\n" + REOPEN, plan=plan, lang="zh", name="reopened")
    expected = [
        told["summary"],
        sorted([p["code"], f["rule"], f["reviewed"]] for p in told["projects"] for f in p["findings"]),
    ]
    assert run.verdict["opened"] == expected
    assert run.verdict["empty"]
    assert run.verdict["reopened"] == expected


UNLOAD = """
import gc
import qgis.utils
from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QAction, QDialog, QDockWidget, QMenu, QToolBar

window, canvas = iface.mainWindow(), iface.mapCanvas()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)

def widgets():
    kinds = (QAction, QDialog, QDockWidget, QMenu, QTimer, QToolBar)
    return {kind.__name__: len(window.findChildren(kind)) for kind in kinds}

def receivers(layer):
    return [layer.receivers(signal) for signal in (layer.layerModified, layer.beforeRollBack)]

projects = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
def bands():
    return sum(isinstance(item, QgsRubberBand) and item.asGeometry().area() > 0 for item in canvas.scene().items())

rounds = []
for _ in range(2):
    plugin = qgis.utils.plugins["restoration_planner"]
    plugin.check_siting()
    dock = window.findChild(QDockWidget, "RestorationPlannerFindingsDock")
    wait_until(lambda: not plugin.siting_desk().is_busy(), what="the check")
    dock.table.selectRow(0)
    pause(1)
    verdict["bands_shown"] = bands()
    plugin.check_siting()
    assert qgis.utils.unloadPlugin("restoration_planner"), "unload while a check runs"
    del plugin, dock
    # QGIS's own flash of the part ends a second and a half after it began
    wait_until(lambda: bands() == 0, seconds=5, what="the highlight to go")
    pause(0.5)
    gc.collect()
    rounds.append([widgets(), receivers(projects), bands(), QgsApplication.taskManager().countActiveTasks()])
    assert qgis.utils.loadPlugin("restoration_planner") and qgis.utils.startPlugin("restoration_planner")
    pause(0.5)
verdict["rounds"] = rounds
assert qgis.utils.unloadPlugin("restoration_planner")  # started again it has docks, for the plan is still open
pause(0.5)
verdict["ours"] = [
    w.objectName() for w in window.findChildren(QDockWidget) if "RestorationPlanner" in w.objectName()]
"""


def test_unloading_in_the_middle_of_a_check_leaves_nothing(run_in_desktop: Any, tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    verdict = run_in_desktop(UNLOAD, plan=plan, name="unloaded").verdict
    first, second = verdict["rounds"]
    assert first == second, "each round leaves something more"
    assert verdict["bands_shown"] > 0
    assert second[2:] == [0, 0], "highlights and tasks are gone"
    assert verdict["ours"] == []
