"""Figures of the open plan through the menu of the real QGIS Desktop, which stays usable while they are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.tests.small_plan import make_small_plan

EXPORT = """
from qgis.core import QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QTimer, Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog, QProgressBar, QPushButton
from pathlib import Path
import time

window = iface.mainWindow()
project = QgsProject.instance()
wait_until(lambda: project.mapLayers(), what="the plan's layers")
pause(1)
folder = Path(TARGET)

def shot(name):
    pause(0.25)
    screenshot(name)

def names():
    return sorted(f.name for f in folder.iterdir()) if folder.is_dir() else []

window.findChild(QAction, "RestorationPlanner_export_figures").trigger()
dialog = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerFiguresDialog"), what="the dialog")
desk = plugin._plan_work().figures_desk()
verdict["size"] = [dialog.frameGeometry().width(), dialog.frameGeometry().height()]
wait_until(dialog.figures.preview.has_picture, 60, what="the preview")
verdict["previewed"] = dialog.figures.preview.number()
shot("1-opened")
dialog.figures.look_at(1)
shot("2-what-is-lacking")

QTest.mouseClick(dialog.figures.none_button, Qt.MouseButton.LeftButton)
shot("3-nothing-chosen")
for number in (8, 10):
    dialog.figures.check(number, True)
dialog.form.folder.setFilePath(TARGET)
dialog.form.formats["pdf"].setChecked(True)
dialog.form.formats["png"].setChecked(True)
dialog.form.bound.setChecked(True)
dialog.form.paper.setCurrentIndex(dialog.form.paper.findData("A3"))
pause(0.5)
dirty, name, title = project.isDirty(), project.fileName(), window.windowTitle()
ticks = []
heartbeat = QTimer()
heartbeat.setInterval(5)
heartbeat.timeout.connect(lambda: ticks.append(time.perf_counter()))
heartbeat.start()
begun = time.perf_counter()
QTest.mouseClick(dialog.bar.export_button, Qt.MouseButton.LeftButton)
run = desk.run()
shares, printing = [], []
run.progressed.connect(lambda share, told: shares.append((share, told)))
wait_until(lambda: run.process_id() or not desk.is_busy(), 60, what="the process")
printing.append(time.perf_counter())
shot("4-printing")
canvas = iface.mapCanvas()
canvas.zoomByFactor(0.5)
pause(0.5)
canvas.setCenter(QgsPointXY(canvas.extent().xMinimum(), canvas.extent().center().y()))
pause(0.5)
verdict["still_printing_when_the_map_was_moved"] = desk.is_busy()
dialog.close()
shot("5-in-the-background")
verdict["on_the_bar"] = iface.messageBar().findChild(QProgressBar) is not None
show = iface.messageBar().findChild(QPushButton, "restoration_planner_figures_show_button")
if show is not None:
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
wait_until(lambda: not desk.is_busy(), 150, what="the figures")
heartbeat.stop()
verdict["seconds"] = round(time.perf_counter() - begun, 1)
gaps = lambda times: max((b - a for a, b in zip(times, times[1:])), default=0)
verdict["gap_laying_out_ms"] = round(1000 * gaps([t for t in ticks if t <= printing[0] + 0.01]))
verdict["gap_printing_ms"] = round(1000 * gaps([t for t in ticks if t >= printing[0]]))
outcome = dialog.outcome.outcome()
verdict["failed"] = [outcome.failed, outcome.details]
verdict["files"] = names()
verdict["project"] = [project.fileName() == name]
dialog.show()
shot("6-written")
verdict["layouts"] = [layout.name() for layout in project.layoutManager().printLayouts()]

QTest.mouseClick(dialog.outcome.again_button, Qt.MouseButton.LeftButton)
shot("7-files-are-there")
verdict["existing"] = dialog.existing_files()
dialog.form.force.setChecked(True)
for number in (4, 5):
    dialog.figures.check(number, True)
QTest.mouseClick(dialog.bar.export_button, Qt.MouseButton.LeftButton)
run = desk.run()
wait_until(lambda: run.outcome.files or not desk.is_busy(), 100, what="a first file of the second export")
assert not run.outcome.failed, run.outcome.details
before = time.perf_counter()
QTest.mouseClick(dialog.bar.stop_button, Qt.MouseButton.LeftButton)
wait_until(lambda: not desk.is_busy(), 10, what="the end of what was stopped")
verdict["stopped_after_s"] = round(time.perf_counter() - before, 2)
verdict["files_after_stop"] = names()
shot("8-stopped")
verdict["outcome_stopped"] = dialog.outcome.outcome().cancelled

QTest.mouseClick(dialog.outcome.again_button, Qt.MouseButton.LeftButton)
dialog.figures.look_at(8)
dialog.form.force.setChecked(True)
QTest.mouseClick(dialog.bar.layout_button, Qt.MouseButton.LeftButton)
designer = wait_until(lambda: iface.openLayoutDesigners(), what="the layout window")[0]
pause(1)
layout = designer.layout()
label = layout.itemById("title")
label.attemptMove(label.positionWithUnits().__class__(30, 9))
QGuiApplication.primaryScreen().grabWindow(0).save(str(Path(PICTURES) / "9-layout.png"))
designer.close()
pause(0.5)
dialog.activateWindow()
dialog.came_back.emit()
shot("10-adjusted")
verdict["adjusted"] = [f.number for f in dialog._survey.figures if f.adjusted]

layer = plugin.open_plans().current().layer("restoration_zone")
layer.startEditing()
feature = next(layer.getFeatures())
layer.changeAttributeValue(feature.id(), layer.fields().indexOf("name"), "X")
QTest.mouseClick(dialog.bar.export_button, Qt.MouseButton.LeftButton)
wait_until(desk.question, what="the question")
shot("11-unsaved")
desk.question().reject()
layer.rollBack()
dialog.close()
pause(0.2)
verdict["gone"] = desk.dialog() is None
# left running when QGIS closes
desk.ask()
again = desk.dialog()
again.form.force.setChecked(True)
pause(0.3)
QTest.mouseClick(again.bar.export_button, Qt.MouseButton.LeftButton)
run = desk.run()
wait_until(lambda: run.process_id() and list(folder.glob(".figures-*")), 60, what="the third export")
verdict["process"] = run.process_id()
"""


SHEET = """
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint
from qgis.PyQt.QtWidgets import QAction, QFileDialog, QMenu
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
plan = plugin.open_plans().current()
layer = plan.layer("project")
layer.selectByExpression("code = 'P2'")
menu = window.findChild(QMenu, "RestorationPlannerMenu")
menu.popup(window.mapToGlobal(QPoint(640, 26)))
pause(0.3)
screenshot("1-menu")
menu.hide()
Path(TARGET).mkdir()
QFileDialog.getExistingDirectory = staticmethod(lambda *_: TARGET)  # the system's own dialog cannot be played
window.findChild(QAction, "RestorationPlanner_siting_sheet").trigger()
desk = plugin._plan_work().sheet_desk()
wait_until(lambda: not desk.is_busy(), 60, what="the sheet")
pause(0.3)
screenshot("2-written")
verdict["files"] = sorted(f.name for f in Path(TARGET).rglob("*") if f.is_file())
"""


def test_siting_sheets_of_the_selected_projects_are_written_from_the_menu(run_in_desktop: Any, tmp_path: Path) -> None:
    plan, target = tmp_path / "plan.gpkg", tmp_path / "sheets"
    make_small_plan(plan)
    run = run_in_desktop(f"TARGET = {str(target)!r}\n" + SHEET, plan=plan, lang="zh", name="sheet_menu", timeout=120)
    assert [Path(f).suffix for f in run.verdict["files"]] == [".pdf", ".txt"]
    assert all("P2" in f for f in run.verdict["files"])
    assert not [m for m in run.messages if "Traceback" in m], run.messages


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_go_out_through_the_dialog_while_the_map_is_moved(
    run_in_desktop: Any, tmp_path: Path, lang: str, repository: Path
) -> None:
    plan, target = tmp_path / "plan.gpkg", tmp_path / "figures"
    make_small_plan(plan)
    pictures = repository / "build" / "screenshots" / f"figures_dialog-{lang}"
    given = f"TARGET = {str(target)!r}\nPICTURES = {str(pictures)!r}\n"
    run = run_in_desktop(given + EXPORT, plan=plan, lang=lang, name="figures_dialog", timeout=240)
    verdict = run.verdict
    print({k: v for k, v in verdict.items() if k.endswith(("_ms", "_s", "seconds", "size"))})
    assert verdict["size"][0] <= 1366 and verdict["size"][1] <= 768
    assert verdict["previewed"] == 4
    assert verdict["failed"] == ["", ""]
    first = verdict["files"]
    assert [f[:3] for f in first] == ["图10", "图10", "图8_", "图8_", "图集_"]
    assert verdict["still_printing_when_the_map_was_moved"] and verdict["on_the_bar"]
    assert verdict["gap_printing_ms"] < 1500 and verdict["project"] == [True]
    assert sorted(verdict["existing"]) == first
    assert verdict["stopped_after_s"] < 1 and verdict["outcome_stopped"]
    assert not [f for f in verdict["files_after_stop"] if f.startswith(".")]
    assert verdict["adjusted"] == [8] and verdict["gone"]
    assert not Path(f"/proc/{verdict['process']}").exists()
    assert not list(target.glob(".*"))
    assert not [m for m in run.messages if "Traceback" in m], run.messages
