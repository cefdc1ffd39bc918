"""Finding one's way in the real QGIS Desktop: the locator bar, the list of projects, a bulk edit and its undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import text

#: What the plugin calls itself on the message bar.
OURS = ("Restoration Planner", "生态修复规划")

SCRIPT = """
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QLineEdit
from restoration_planner.plugin.projects.list_desk import ProjectList

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
wait_until(lambda: plugin._project_work is not None, what="the room of projects")
pause(1.5)
plan = plugin.open_plans().current()
layer = plan.layer("project")
canvas = iface.mapCanvas()

def of_class(name):
    return [w for w in QApplication.allWidgets() if w.metaObject().className() == name]

def forms():
    return [w.window() for w in of_class("QgsAttributeForm") if w.isVisible()]

def search(words, found):
    # types into the locator bar, as one does after Ctrl+K; the line in which `found` stands
    (bar,) = of_class("QgsLocatorWidget")
    line = bar.findChild(QLineEdit)
    line.clear()
    line.setFocus()
    QTest.keyClicks(line, "xmu ")
    line.insert(words)  # as an input method does; QTest types no Chinese
    def look():
        for view in of_class("QgsLocatorResultsView"):
            model = view.model()
            for row in range(model.rowCount()):
                if found in str(model.index(row, 0).data()):
                    return view, model.index(row, 0)
        return None
    view, index = wait_until(look, what=f"{found} among the locator's results")
    return bar, line, view, index

bar, line, view, index = search("观音阁", "观音阁")
pause(0.6)
screenshot("01-locator")
verdict["found"] = str(index.data())
view.setCurrentIndex(index)
QTest.keyClick(line, Qt.Key.Key_Return)
wait_until(lambda: layer.selectedFeatureCount() == 1, what="the project selected")
pause(0.8)
chosen = next(iter(layer.selectedFeatures()))
verdict["chosen"] = chosen["name"]
from qgis.core import QgsCoordinateTransform
transform = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
site = transform.transformBoundingBox(chosen.geometry().boundingBox())
verdict["in_view"] = canvas.extent().contains(site)
verdict["fills"] = site.width() / canvas.extent().width()
screenshot("02-zoomed")

# by town: the squares' towns
bar, line, view, index = search("东乡 林草", "工程")
pause(0.5)
screenshot("03-by-town-and-department")
line.clear()

# one without a site opens its form
bar, line, view, index = search("生产及在建", "生产及在建")
view.setCurrentIndex(index)
QTest.keyClick(line, Qt.Key.Key_Return)
form = wait_until(lambda: forms() and forms()[0], what="the form of the unsited project")
pause(0.8)
names = [w.text() for w in form.findChildren(QLineEdit)]
verdict["form"] = any("生产及在建" in name for name in names)
verdict["said"] = iface.messageBar().currentItem().text()
screenshot("04-form-of-the-unsited")
form.close()
pause(0.3)
iface.messageBar().clearWidgets()

window.findChild(QAction, "RestorationPlanner_show_projects").trigger()
part = plugin.project_work().parts[ProjectList]
dock = part.dock
wait_until(lambda: dock.isVisible() and dock.model.rowCount(), what="the list")
pause(0.8)
verdict["dock"] = [dock.width(), dock.height(), window.width(), window.height()]
verdict["rows"] = dock.model.rowCount()
screenshot("05-list")
box = dock.filters.boxes["zone"]
box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i) == "1"))
box = dock.filters.boxes["year"]
box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i) == 2023))
verdict["filtered"] = dock.model.rowCount()
dock.table.selectAll()
pause(0.6)
verdict["selected"] = layer.selectedFeatureCount()
screenshot("06-filtered-and-selected")
dock.zoom_action.trigger()
pause(0.8)
screenshot("07-zoomed-to-selection")
dock.tabs.setCurrentIndex(1)
pause(0.5)
screenshot("08-totals")
dock.tabs.setCurrentIndex(2)
dock.alike.look_button.click()
wait_until(lambda: not part.is_busy(), what="the look-alikes")
pause(0.4)
verdict["pairs"] = dock.alike.model.rowCount()
screenshot("09-look-alikes")
dock.alike.table.selectRow(0)
dock.alike.show_button.click()
pause(0.8)
screenshot("10-both")
dock.tabs.setCurrentIndex(0)
dock.filters.reset.click()
dock.filters.unsited.click()
pause(0.5)
screenshot("11-unsited")
dock.filters.reset.click()
dock.filters.search.setText("nothing at all")
pause(0.6)
screenshot("12-nothing-fits")
dock.filters.reset.click()

before = {f["code"]: [f["measure"], f["departments"], f["end_year"]] for f in layer.getFeatures()}
dock.table.selectAll()
dock.edit_action.trigger()
dialog = wait_until(lambda: part.bulk.dialog, what="the bulk edit")
dialog.move(120, 60)
pause(0.3)
screenshot("13-bulk-edit")
def take(field, way="set"):
    row = dialog.rows[field]
    row.box.click()
    row.way.setCurrentIndex(row.way.findData(way))
    return row.editor
take("measure").setCurrentIndex(2)
editor = take("departments", "add")
editor.typed.setText("生态环境局")
take("end_year").setValue(2024)
wait_until(lambda: not dialog.is_waiting())
pause(0.5)
verdict["stopped"] = not dialog.write_button.isEnabled()
screenshot("14-bulk-edit-hard")
dialog.rows["end_year"].editor.setValue(2035)
wait_until(lambda: not dialog.is_waiting())
pause(0.4)
screenshot("15-bulk-edit-ready")
verdict["dialog"] = [dialog.width(), dialog.height()]
QTest.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
wait_until(lambda: part.bulk.dialog is None)
pause(0.8)
screenshot("16-written")
verdict["measures"] = sorted({str(f["measure"]) for f in layer.getFeatures()})
verdict["steps"] = layer.undoStack().count()
iface.setActiveLayer(layer)
window.findChild(QAction, "mActionUndo").trigger() if window.findChild(QAction, "mActionUndo") else layer.undoStack().undo()
pause(0.5)
after = {f["code"]: [f["measure"], f["departments"], f["end_year"]] for f in layer.getFeatures()}
verdict["undone"] = repr(after) == repr(before)
layer.rollBack()
pause(0.5)
screenshot("17-undone")
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_project_is_found_listed_and_changed_with_others(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    tables = dict(plan_from_template("benxi").rows)
    projects = tables["project"]
    names = list(projects["name"])
    # a grid of sites over two made-up towns; one project of the plan is not sited, one is entered twice
    sites: list[object] = [
        shapely.MultiPolygon([shapely.box(x, y, x + 0.03, y + 0.02)])
        for i in range(len(projects))
        for x, y in [(123.6 + 0.1 * (i % 6), 41.0 + 0.1 * (i // 6))]
    ]
    sites[names.index("生产及在建矿山生态修复工程")] = None
    records = [
        {**r, "departments": '{"林草部门"}' if i % 3 == 0 else '{"水利部门","自然资源部门"}'}
        for i, r in enumerate(projects.records())
    ]
    twice = {**records[0], "code": "A9", "name": "小流域综合治理项目（本溪县）"}
    tables["project"] = Rows.from_records("project", [*records, twice], [*sites, sites[0]])
    towns = [("西乡", 123.5, 123.85), ("东乡", 123.85, 124.3)]
    tables["admin_unit"] = Rows.from_records(
        "admin_unit",
        [{"code": name, "name": name, "level": "town", "county": "明山区"} for name, _, _ in towns],
        [shapely.MultiPolygon([shapely.box(west, 40.9, east, 41.5)]) for _, west, east in towns],
    )
    found = [("A1", "violation"), ("A2", "review"), ("B1", "undetermined")]
    tables["siting_finding"] = Rows.from_records(
        "siting_finding", [{"project_code": c, "grade": g, "rule": "red_line"} for c, g in found], [None] * 3
    )
    plan = tmp_path / "本溪.gpkg"
    create_plan(plan, PlanTables(tables))
    run = run_in_desktop(SCRIPT, plan=plan, lang=lang, timeout=180)
    verdict = run.verdict
    assert "观音阁" in verdict["found"] and "观音阁" in verdict["chosen"]
    assert verdict["in_view"] and verdict["fills"] > 0.05
    assert verdict["form"] and verdict["said"] == text("project_list.unsited_opened", lang)
    assert verdict["rows"] == len(records) + 1
    assert 0 < verdict["filtered"] == verdict["selected"] < verdict["rows"]
    assert verdict["pairs"] >= 1
    width, height, window_width, window_height = verdict["dock"]
    assert window_width <= 1366 and window_height <= 768 and width <= 1366 and height < 420
    assert verdict["stopped"] and verdict["dialog"][0] <= 1366 and verdict["dialog"][1] <= 700
    assert verdict["measures"] == ["assisted"]
    assert verdict["steps"] == 1 and verdict["undone"]
    assert not [message for message in run.messages if message.split(" : ")[0].split(": ")[-1] not in OURS]
