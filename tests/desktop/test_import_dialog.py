"""A messy file into a plan through the menu of the real QGIS Desktop, and out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fiona
import pytest
import shapely

from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan

IMPORT = """
from qgis.core import QgsProject
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QAction, QDialog, QMenu
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
menu = window.findChild(QMenu, "RestorationPlannerMenu")
action = next(a for a in menu.actions() if a.objectName() == "RestorationPlanner_import_layer")
verdict["undo_at_first"] = window.findChild(QAction, "RestorationPlanner_take_back").isEnabled()
action.trigger()
dialog = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerImportDialog"), what="the dialog")
desk = plugin.import_desk()
dialog.move(140, 40)
pause(0.5)
def shot(name):
    pause(0.6)
    screenshot(name)
shot("01-empty")
def open_file(path):
    dialog.choose_source(path)
    pause(0.5)
    wait_until(lambda: not desk.is_busy(), what="the work on " + path)
    wait_until(dialog.layers.is_filled)
def into(table):
    if dialog.form.target.shown_table() != table:
        dialog.form.answer("table", table)
        pause(0.5)
        wait_until(lambda: not desk.is_busy(), what="the work for " + table)
        wait_until(dialog.layers.is_filled)
def answer(value):
    dialog.question.choose(value)
    QTest.mouseClick(dialog.question.take_button, Qt.MouseButton.LeftButton)
    pause(0.5)
    wait_until(lambda: not desk.is_busy(), what="the work after " + value)
    wait_until(dialog.layers.is_filled)
verdict["size"] = [dialog.width(), dialog.height()]

open_file(CITY)
verdict["asked"] = dialog.question.values()
shot("02-which-layer")
verdict["not_yet"] = [dialog.question.chosen(), dialog.question.take_button.isEnabled()]
answer("towns")
shot("03-towns-of-city")

open_file(MESSY)
shot("03b-which-target")
into("admin_unit")
verdict["levels"] = dialog.question.values()
shot("03c-which-level")
answer("")
assert dialog.ready() is not None, dialog.notice.label.text()
for number, name in enumerate(("summary", "fields", "preview", "map", "repairs", "names"), 4):
    dialog.tabs.setCurrentIndex(number - 4)
    pause(0.5)
    shot(f"{number:02d}-{name}")
verdict["button"] = dialog.bar.import_button.text()
dialog.tabs.setCurrentIndex(0)
QTest.mouseClick(dialog.bar.import_button, Qt.MouseButton.LeftButton)
wait_until(lambda: not desk.is_busy(), what="the import")
shot("10-report")
dialog.hide()
pause(0.5)
shot("10b-on-the-map")
menu.popup(window.mapToGlobal(QPoint(640, 26)))
shot("10b-menu")
menu.hide()
dialog.show()
units = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=admin_unit"))
seen = iface.mapCanvas().mapSettings()
verdict["drawn"] = units in seen.layers() and seen.extent().contains(seen.layerExtentToOutputExtent(units, units.extent()))
verdict["projected"] = not seen.destinationCrs().isGeographic()
verdict["in_layer"] = units.featureCount()
shown = next(a for a in menu.actions() if a.objectName() == "RestorationPlanner_take_back")
verdict["undo_after"] = [shown.isEnabled(), shown.text()]

dialog.report.another_requested.emit()
open_file(MESSY)
into("admin_unit")
answer("")
verdict["again"] = dialog.summary.chips.counts()
shot("10c-nothing-changes")
chooser = dialog.fields.constant_chooser("level")
chooser.setCurrentIndex(chooser.findData("town"))
chooser.activated.emit(chooser.currentIndex())
pause(0.5)
wait_until(lambda: not desk.is_busy())
dialog.tabs.setCurrentIndex(1)
shot("10d-one-value-for-all")
dialog.tabs.setCurrentIndex(2)
shot("10e-changed-cells")
dialog.tabs.setCurrentIndex(5)
if dialog.names.written():
    name = dialog.names.written()[0]
    dialog.names.chooser(name).setCurrentIndex(1)
    pause(0.5)
    wait_until(lambda: not desk.is_busy())
    dialog.names.chooser(name).showPopup()
    shot("10f-name-chosen")
    dialog.names.chooser(name).hidePopup()
else:
    shot("10f-no-near-names")
verdict["with_level"] = dialog.summary.chips.counts()
open_file(FAULTY)
verdict["tab_of_another"] = dialog.tabs.currentIndex()
into("red_line")
shot("10g-large-repairs")
verdict["faulty"] = dialog.notice.label.text()
dialog.tabs.setCurrentIndex(4)
shot("11-repairs")
if dialog.repairs.model.rowCount():
    dialog.repairs.table.selectRow(0)
    shot("12-repair-on-map")
dialog.tabs.setCurrentIndex(3)
shot("13-map-of-faulty")

open_file(GCJ)
into("admin_unit")
answer("county")
shot("14-gcj02")
dialog.tabs.setCurrentIndex(0)
shot("15-gcj02-summary")
verdict["gcj02_offered"] = dialog.summary.gcj02.isVisible()
if dialog.summary.gcj02.isVisible():
    QTest.mouseClick(dialog.summary.gcj02.convert_button, Qt.MouseButton.LeftButton)
    pause(0.5)
    wait_until(lambda: not desk.is_busy())
    wait_until(dialog.layers.is_filled)
    shot("15b-gcj02-converted")
    verdict["gcj02_converted"] = dialog.ready().options.crs
dialog.tabs.setCurrentIndex(2)
shot("16-gcj02-preview")
open_file(STATED)
verdict["crs_asked"] = dialog.question.values()
shot("17-crs-asked")
answer("EPSG:4550")
dialog.tabs.setCurrentIndex(3)
shot("17b-crs-answered")
verdict["crs_answered"] = dialog.ready().proposal.crs.name
open_file(BROKEN)
shot("18-refused")
verdict["refused"] = dialog.notice.label.text()
open_file(MANY)
into("red_line")
dialog.tabs.setCurrentIndex(4)
shot("18b-many-repairs")
QTest.mouseClick(dialog.bar.import_button, Qt.MouseButton.LeftButton)
wait_until(lambda: not desk.is_busy(), what="the second import")
shot("18c-report-of-many")
QTest.mouseClick(dialog.report.take_back_button, Qt.MouseButton.LeftButton)
wait_until(lambda: not desk.is_busy(), what="the undo of the second")
pause(0.5)
dialog.close()
pause(0.3)
shown.trigger()
wait_until(lambda: not desk.is_busy(), what="the undo")
pause(0.5)
screenshot("19-taken-back")
verdict["in_layer_at_last"] = units.featureCount()
verdict["undo_at_last"] = shown.isEnabled()
"""


def write_stated_zone_40(path: Path) -> None:
    """Two squares in Benxi, in metres of zone 41, in a shapefile that states zone 40."""
    schema = {"geometry": "Polygon", "properties": {"编号": "str:10", "名称": "str:20"}}
    with fiona.open(path, "w", driver="ESRI Shapefile", crs="EPSG:4549", schema=schema, encoding="UTF-8") as file:
        for number in range(2):
            square = shapely.box(560_000 + 9_000 * number, 4_569_000, 565_000 + 9_000 * number, 4_574_000)
            values = {"编号": f"R{number}", "名称": f"红线{number}"}
            file.write({"geometry": shapely.geometry.mapping(square), "properties": values})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_messy_file_comes_in_through_the_menu_and_goes_out_again(
    run_in_desktop: Any, shared: Path, tmp_path: Path, lang: str
) -> None:
    data = shared / "data"
    messy = data / "messy"
    plan = tmp_path / "本溪 plan.gpkg"
    create_plan(plan, plan_from_template("benxi"))
    before = read_plan(plan)
    stated = tmp_path / "红线_stated_zone40.shp"
    write_stated_zone_40(stated)
    broken = tmp_path / "broken.shp"
    broken.write_bytes((messy / "bx_west_gk3_zone41.shp").read_bytes()[:5000])
    names = {
        "CITY": data / "benxi.gpkg",
        "MESSY": messy / "bx_gbk_nocpg_noprj_zone41.shp",
        "FAULTY": messy / "yq_geometry_faults_zone38.gpkg",
        "GCJ": messy / "bx_districts_gcj02_labelled_cgcs2000.shp",
        "STATED": stated,
        "BROKEN": broken,
        "MANY": data / "real_invalid_polygons.gpkg",
    }
    given = "".join(f"{name} = {str(path)!r}\n" for name, path in names.items())
    run = run_in_desktop(given + IMPORT, plan=plan, lang=lang, name="import_dialog", timeout=180)
    verdict = run.verdict
    assert verdict["size"][0] <= 1366 and verdict["size"][1] <= 768
    assert not verdict["undo_at_first"] and verdict["undo_after"][0] and "zone41" in verdict["undo_after"][1]
    assert "towns" in verdict["asked"] and verdict["not_yet"] == [None, False]
    assert verdict["levels"] == ["county", "town", "part", ""] and verdict["tab_of_another"] == 0
    assert verdict["gcj02_offered"] and verdict["gcj02_converted"] == "gcj02"
    assert "44" in verdict["button"]
    assert verdict["in_layer"] == 44 and verdict["drawn"] and verdict["projected"]
    assert verdict["again"]["unchanged"] == "44" and verdict["with_level"]["updated"] == "44"
    assert verdict["crs_asked"] == ["EPSG:4550", "EPSG:4549"] and verdict["crs_answered"] == "EPSG:4550"
    assert verdict["refused"]
    assert verdict["in_layer_at_last"] == 0 and not verdict["undo_at_last"]
    after = read_plan(plan)
    assert {t: len(after[t]) for t in TABLES} == {t: len(before[t]) for t in TABLES}
    assert not [m for m in run.messages if "Traceback" in m], run.messages
