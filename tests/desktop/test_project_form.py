"""The project's form in the real QGIS Desktop: drawn with QGIS's own tool, filled in by keys, looked for in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan

COUNTIES = ("平山区", "本溪满族自治县", "桓仁满族自治县")
START, END = 2021, 2035


def sited_benxi(path: Path) -> None:
    """Benxi's template with its zones as four squares in a row, three counties, a red line, and a site of the first project.

    41.5 +------+------+------+------+     zones 1 2 3 4 from west to east
         |      |      |      |      |     A1's site in zone 1, half of it in the red line
    40.9 +------+------+------+------+
        123.6  124.0  124.4  124.8  125.2
    """
    tables = dict(plan_from_template("benxi").rows)

    def drawn(table: str, shapes: list[Any], **changed: Any) -> None:
        records = [{k: v for k, v in r.items() if k not in ("fid", "geometry")} for r in tables[table].records()]
        records[0] |= changed
        tables[table] = Rows.from_records(table, records, shapes)

    def square(west: float, south: float, east: float, north: float) -> Any:
        return shapely.MultiPolygon([shapely.box(west, south, east, north)])

    drawn("restoration_zone", [square(123.6 + 0.4 * i, 40.9, 124.0 + 0.4 * i, 41.5) for i in range(4)])
    units = [{"code": str(i), "name": name, "level": "county", "county": name} for i, name in enumerate(COUNTIES)]
    tables["admin_unit"] = Rows.from_records(
        "admin_unit", units, [square(123.6 + 0.6 * i, 40.9, 124.2 + 0.6 * i, 41.5) for i in range(3)]
    )
    red_line = {"code": "R1", "name": "示例红线"}
    tables["red_line"] = Rows.from_records("red_line", [red_line], [square(123.7, 41.0, 123.81, 41.1)])
    finding = {
        "project_code": "A1", "rule": "red_line", "grade": "violation", "target_code": "R1", "target_name": "示例红线",
        "area_m2": 56234567.0, "share_pct": 53.2, "advice": "调整项目范围避让红线；确需占用的，按规定办理论证和审批。",
    }  # fmt: skip
    tables["siting_finding"] = Rows.from_records("siting_finding", [finding], [square(123.72, 41.02, 123.81, 41.1)])
    review = {"project_code": "A1", "rule": "red_line", "target_code": "R1", "decision": "accepted",
              "document": "本政函〔2025〕1号", "reviewer": "张工", "reviewed_at": "2026-01-05"}  # fmt: skip
    tables["siting_review"] = Rows.from_records("siting_review", [review], None)
    others = [None] * (len(tables["project"]) - 1)
    drawn(
        "project", [square(123.72, 41.02, 123.9, 41.12), *others],
        tasks="河道清淤疏浚，岸坡生态护砌。", stated_quantity="治理河道 12.5 km", new_construction_land=True,
    )  # fmt: skip
    create_plan(path, PlanTables(tables))


PREPARE = """
from qgis.core import QgsCoordinateTransform, QgsPointXY, QgsProject
from qgis.gui import QgsAttributeDialog, QgsAttributeForm
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (QApplication, QDialogButtonBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit,
                                 QPushButton, QTabWidget)
from restoration_planner.layers import roles

wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton

def layer_of(table):
    return next(la for la in QgsProject.instance().mapLayers().values() if roles.table_of(la) == table)

def field(dialog, kind, name):
    return next(w for w in dialog.findChildren(kind) if w.objectName() == name or w.parent().objectName() == name)

def page_of(dialog, widget):
    tabs = dialog.findChild(QTabWidget)
    for number in range(tabs.count()):
        if tabs.widget(number).isAncestorOf(widget):
            tabs.setCurrentIndex(number)
    pause(0.1)

def ticked(dialog, name):
    shown = field(dialog, QListWidget, name)
    items = [shown.item(i) for i in range(shown.count())]
    return [i.text() for i in items if i.checkState() == Qt.CheckState.Checked]

def offered(dialog, name):
    shown = field(dialog, QListWidget, name)
    return [shown.item(i).text() for i in range(shown.count()) if not shown.item(i).isHidden()]

def tick(dialog, name, beginning):
    shown = field(dialog, QListWidget, name)
    page_of(dialog, shown)
    item = next(shown.item(i) for i in range(shown.count()) if shown.item(i).text().startswith(beginning))
    shown.setCurrentItem(item)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Space)

def type_in(dialog, kind, name, words):
    widget = field(dialog, kind, name)
    page_of(dialog, widget)
    widget.setFocus()
    widget.selectAll()
    QApplication.clipboard().setText(words)
    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    pause(0.05)
    return widget
"""

LOOK = """
layer = layer_of(TABLE)
feature = next(f for f in layer.getFeatures() if CODE is None or f["code"] == CODE)
layer.startEditing()
dialog = QgsAttributeDialog(layer, feature, False, iface.mainWindow(), True)
dialog.show()
dialog.move(60, 20)
pause(0.6)
verdict["size"] = [dialog.width(), dialog.height()]
tabs = dialog.findChild(QTabWidget)
verdict["pages"] = [tabs.tabText(i) for i in range(tabs.count())] if tabs is not None else []
for number in range(max(1, len(verdict["pages"]))):
    if tabs is not None:
        tabs.setCurrentIndex(number)
    pause(0.3)
    screenshot(f"{number}")
dialog.reject()
layer.rollBack()
"""

DRAW = """
layer = layer_of("project")
iface.setActiveLayer(layer)
layer.startEditing()
canvas = iface.mapCanvas()
to_map = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
from qgis.core import QgsRectangle
canvas.setExtent(to_map.transformBoundingBox(QgsRectangle(124.4, 41.1, 124.75, 41.35)))
pause(1)
iface.actionAddFeature().trigger()
pause(0.3)

def at(x, y):
    return canvas.getCoordinateTransform().transform(to_map.transform(QgsPointXY(x, y))).toQPointF().toPoint()

def fill(dialog):
    try:
        verdict["kind"] = dialog.metaObject().className()
        pause(0.3)
        verdict["zones"], verdict["counties"] = ticked(dialog, "zone_codes"), ticked(dialog, "counties")
        verdict["years"] = [field(dialog, QLineEdit, n).text() for n in ("start_year", "end_year")]
        verdict["key_areas"] = offered(dialog, "key_area_codes")
        verdict["area"] = field(dialog, QLineEdit, "area_ha").text()
        ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        verdict["ok_at_first"] = ok.isEnabled()
        tick(dialog, "programme_codes", "A")
        pause(0.2)
        verdict["code_offered"] = field(dialog, QLineEdit, "code").text()
        name = type_in(dialog, QLineEdit, "name", "长" * 10000)
        verdict["ok_with_long_name"] = ok.isEnabled()
        verdict["long_name_kept"] = len(name.text())
        screenshot("draw-1-too-long")
        type_in(dialog, QLineEdit, "name", "湿地\\n恢复Ａ１２")
        verdict["ok_with_name"] = ok.isEnabled()
        type_in(dialog, QPlainTextEdit, "tasks", "恢复湿地" * 2500)
        verdict["ok_with_long_tasks"] = ok.isEnabled()
        screenshot("draw-2-long-tasks")
        type_in(dialog, QPlainTextEdit, "tasks", "恢复湿地１２公顷")
        type_in(dialog, QLineEdit, "start_year", "2036")
        pause(0.1)
        verdict["ok_with_years_swapped"] = ok.isEnabled()
        screenshot("draw-3-years")
        type_in(dialog, QLineEdit, "start_year", "2026")
        tick(dialog, "departments", "水利")
        code = type_in(dialog, QLineEdit, "code", "A1")
        pause(0.1)
        verdict["ok_with_code_twice"] = ok.isEnabled()
        screenshot("draw-4-code-twice")
        type_in(dialog, QLineEdit, "code", "Ａ９")
        pause(0.1)
        verdict["ok_at_last"] = ok.isEnabled()
        QTest.mouseClick(ok, LEFT)
    except BaseException as error:
        verdict["broke"] = repr(error)
        dialog.reject()
        raise

# a bow-tie: both halves in zone 3 and the second county
for x, y in ((124.5, 41.2), (124.6, 41.25), (124.6, 41.2), (124.5, 41.25)):
    QTest.mouseMove(canvas.viewport(), at(x, y))
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at(x, y))
    pause(0.1)
QTest.mouseClick(canvas.viewport(), RIGHT, Qt.KeyboardModifier.NoModifier, at(124.5, 41.25))
fill(wait_until(lambda: next((w for w in QApplication.topLevelWidgets() if w.isVisible()
                              and w.metaObject().className() == "QgsAttributeDialog"), None), what="the form"))
wait_until(lambda: layer.featureCount() == 16, what="the new project")
pause(0.5)
bar = iface.messageBar()
button = wait_until(lambda: next(iter(bar.findChildren(QPushButton, "restoration_planner_sketch_mend")), None), what="the button")
screenshot("draw-5-crossing")
feature = next(f for f in layer.getFeatures() if f["code"] == "A9")
verdict["valid_before"] = feature.geometry().isGeosValid()
QTest.mouseClick(button, LEFT)
pause(0.5)
verdict["valid_after"] = layer.getFeature(feature.id()).geometry().isGeosValid()
screenshot("draw-6-mended")
steps = []
stack = layer.undoStack()
while stack.canUndo():
    stack.undo()
    shown = next((f for f in layer.getFeatures() if f["name"] and "湿地" in f["name"] and f.id() < 0), None)
    steps.append(None if shown is None else [shown["code"], shown["name"], shown.geometry().isGeosValid()])
verdict["undone"] = steps
while stack.canRedo():
    stack.redo()
pause(0.3)
verdict["saved"] = layer.commitChanges()
pause(0.3)
"""


def test_a_project_is_drawn_and_entered_with_qgis_s_own_tools(run_in_desktop: Any, tmp_path: Path) -> None:
    plan = tmp_path / "本溪 plan.gpkg"
    sited_benxi(plan)
    before = read_plan(plan)["project"].records()
    run = run_in_desktop(PREPARE + DRAW, plan=plan, lang="zh", name="project_form_drawn", timeout=100)
    verdict = run.verdict
    assert "broke" not in verdict, verdict
    assert [z[0] for z in verdict["zones"]] == ["3"] and verdict["counties"] == ["本溪满族自治县"], "where it was drawn"
    assert verdict["key_areas"] and all(k.startswith("3-") for k in verdict["key_areas"]), "those of the zone"
    assert verdict["years"] == [str(START), str(END)]
    assert not verdict["ok_at_first"], "neither code nor name"
    assert verdict["code_offered"] == "A8"
    assert verdict["long_name_kept"] == 10000 and not verdict["ok_with_long_name"]
    assert verdict["ok_with_name"], "line breaks and full-width characters are made tidy afterwards"
    assert verdict["ok_with_long_tasks"], "too long a text is warned of"
    assert not verdict["ok_with_years_swapped"] and not verdict["ok_with_code_twice"] and verdict["ok_at_last"]
    assert (verdict["valid_before"], verdict["valid_after"]) == (False, True)
    # mended → tidied → as typed → not there
    assert verdict["undone"][0] == ["A9", "湿地 恢复A12", False]
    assert verdict["undone"][1][0] == "Ａ９" and "Ａ１２" in verdict["undone"][1][1]
    assert verdict["undone"][-1] is None and verdict["saved"]
    after = read_plan(plan)["project"].records()
    (made,) = after[len(before) :]
    assert after[: len(before)] == before
    assert (made["code"], made["name"], made["tasks"]) == ("A9", "湿地 恢复A12", "恢复湿地12公顷")
    assert (made["start_year"], made["end_year"]) == (2026, END)
    assert read_list(made["zone_codes"]) == ("3",) and read_list(made["counties"]) == ("本溪满族自治县",)
    assert read_list(made["programme_codes"]) == ("A",) and read_list(made["departments"]) == ("水利部门",)
    assert not [m for m in run.messages if "Traceback" in m], run.messages


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_fits_a_small_screen(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = tmp_path / "本溪 plan.gpkg"
    sited_benxi(plan)
    run = run_in_desktop(
        "TABLE, CODE = 'project', 'A1'\n" + PREPARE + LOOK, plan=plan, lang=lang, name="project_form", timeout=100
    )
    assert run.verdict["size"][0] <= 1366 and run.verdict["size"][1] <= 700
    assert len(run.verdict["pages"]) == 8
    assert not [m for m in run.messages if "Traceback" in m], run.messages
