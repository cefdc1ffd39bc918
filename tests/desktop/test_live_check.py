"""The real QGIS Desktop: a polygon drawn by mouse across a red line; the finding is there before it is finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.tests.small_plan import make_small_plan

DRAW = """
import json

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsEditFormConfig
from qgis.core import QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QEvent, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget

window, canvas, project = iface.mainWindow(), iface.mapCanvas(), QgsProject.instance()
wait_until(lambda: project.mapLayers(), what="the plan's layers")
pause(2)
from restoration_planner.plugin.projects.live_desk import LivePart
live = plugin.project_work().parts[LivePart]
layer = live.projects_layer()
form = layer.editFormConfig()
form.setSuppress(QgsEditFormConfig.FeatureFormSuppress.SuppressOn)
layer.setEditFormConfig(form)
plugin.toggle_dock(True)
dock = wait_until(lambda: window.findChild(QDockWidget, "RestorationPlannerFindingsDock"), what="the dock")
window.resizeDocks([dock], [300], Qt.Orientation.Vertical)
strip = dock.live_strip

def transform():
    return QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), project)

def pixel(lon, lat):
    place = transform().transform(QgsPointXY(lon, lat))
    return canvas.getCoordinateTransform().transform(place).toQPointF().toPoint()

def move(lon, lat):
    QApplication.sendEvent(canvas.viewport(), QMouseEvent(
        QEvent.Type.MouseMove, QPointF(pixel(lon, lat)), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier))
    pause(0.15)

def click(lon, lat, button=Qt.MouseButton.LeftButton):
    move(lon, lat)
    QTest.mouseClick(canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, pixel(lon, lat))
    pause(0.15)

def view():
    canvas.setExtent(transform().transformBoundingBox(QgsRectangle(124.0, 41.03, 124.1, 41.1)))
    canvas.refresh()
    pause(1.5)

def told():
    return [[f.rule, f.grade, f.target_code] for f in live.shown.findings] if live.shown is not None else None

verdict["canvas_crs"] = canvas.mapSettings().destinationCrs().authid()
view()
iface.setActiveLayer(layer)
verdict["on"] = live.action.isChecked()
layer.startEditing()
wait_until(lambda: live._warm is not None and live._warm.state == "ready", what="the live check")
iface.actionAddFeature().trigger()
pause(0.3)
click(124.02, 41.04)
click(124.045, 41.04)
verdict["two_corners"] = told()
move(124.045, 41.06)
verdict["three_corners"] = told()
click(124.045, 41.075)
move(124.02, 41.065)
wait_until(lambda: live.shown is not None, what="findings of the sketch")
verdict["while_drawing"] = told()
verdict["label"] = live._display.label.text() if live._display.label.isVisible() else ""
verdict["strip"] = strip.words() if strip.isVisible() else ""
shaded = {g: p.area() for g, p in live._display.shading.shaded().items()}
verdict["shaded"] = sorted(shaded)
screenshot("1-while-drawing")
click(124.02, 41.065)
count = layer.featureCount()
click(124.02, 41.065, Qt.MouseButton.RightButton)
wait_until(lambda: layer.featureCount() == count + 1, what="the new project")
wait_until(lambda: live.shown is not None and live.shown.result.fid < 0 and live.shown.result.fid > -1000, what="its findings")
verdict["finished"] = told()
screenshot("2-finished")
fid = live.shown.result.fid
layer.changeAttributeValue(fid, layer.fields().indexOf("project_type"), "mining")
layer.changeAttributeValue(fid, layer.fields().indexOf("zone_codes"), '{"1"}')
pause(0.4)
verdict["as_mining"] = told()
screenshot("3-a-type-given")

# What the full check says of the same layers, as it writes it
from restoration_planner.core.report.values import finding_values
seen = live.shown.findings  # saving the check's findings lets the live check begin anew
plugin.check_siting()
result = wait_until(lambda: dock.result(), what="the full check")
full = next(p for p in result.projects if p.fid == fid)
as_json = lambda findings: sorted(json.dumps({**finding_values(f), "wkt": None if f.geometry is None else f.geometry.wkt},
                                             ensure_ascii=False, sort_keys=True) for f in findings)
verdict["full"], verdict["live"] = as_json(full.findings), as_json(seen)

# A second part of the project that is selected
layer.selectByIds([fid])
iface.actionAddPart().trigger()
for place in ((124.07, 41.04), (124.08, 41.04), (124.08, 41.05)):
    click(*place)
wait_until(lambda: live.shown is not None and live.shown.result.area_m2 > full.area_m2 * 1.02, what="the part being drawn")
verdict["part_of"] = live.shown.result.fid == fid and ["red_line", "violation", "R1"] in told()
QTest.keyClick(canvas, Qt.Key.Key_Escape)
pause(0.3)

# A crossing outline, on a map in Web Mercator
canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
view()
iface.actionAddFeature().trigger()
for place in ((124.06, 41.045), (124.08, 41.056), (124.08, 41.045)):
    click(*place)
move(124.06, 41.056)
verdict["crossing"] = told()
verdict["crossing_label"] = live._display.label.text()
screenshot("4-crossing-in-web-mercator")
QTest.keyClick(canvas, Qt.Key.Key_Escape)
pause(0.3)
verdict["after_escape"] = told()

live.action.setChecked(False)
pause(0.2)
verdict["switched_off"] = [live._warm is None, strip.isVisible(), live._display is None]
# QGIS is left with the check at work and a project being edited
layer.rollBack()
live.action.setChecked(True)
layer.startEditing()
layer.selectByIds([1])
wait_until(lambda: live.shown is not None, what="the selected project")
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_polygon_across_a_red_line_is_told_while_it_is_drawn(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    verdict = run_in_desktop(DRAW, plan=plan, lang=lang).verdict
    assert verdict["on"] and verdict["canvas_crs"] != "EPSG:4490"
    assert verdict["two_corners"] is None
    assert ["red_line", "review", "R1"] in verdict["three_corners"]
    assert ["red_line", "review", "R1"] in verdict["while_drawing"]
    assert verdict["shaded"] == ["review"]
    for words in (verdict["label"], verdict["strip"]):
        assert "西岭" in words and ("生态保护红线" if lang == "zh" else "ed line") in words
        assert (" 公顷" in words) or (" ha" in words) or ("km²" in words)
    assert ["red_line", "review", "R1"] in verdict["finished"]
    assert ["red_line", "violation", "R1"] in verdict["as_mining"]
    assert verdict["live"] == verdict["full"]
    assert verdict["part_of"]
    assert [rule for rule, *_ in verdict["crossing"]] == ["invalid_geometry"]
    assert ("自相交" if lang == "zh" else "crosses itself") in verdict["crossing_label"]
    assert verdict["after_escape"] is None
    assert verdict["switched_off"] == [True, False, True]
