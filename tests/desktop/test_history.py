"""The history in the real QGIS Desktop: a name changed and a site moved, another window in between, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.history.saves import saves_of
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.core.store.project_history import read_history
from restoration_planner.tests.small_plan import make_small_plan

#: Another QGIS, without the plugin, saves while this one edits.
_OTHER = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(os.environ["PLAN"] + "|layername=project", "p", "ogr")
assert layer.startEditing()
at = layer.fields().indexOf
layer.changeAttributeValue(2, at("name"), "西岭采石（暂停）")
layer.changeAttributeValue(2, at("status"), "暂缓")
layer.deleteFeature(6)
assert layer.commitChanges(), layer.commitErrors()
del layer
os._exit(0)
"""

_HISTORY = """
import os
import subprocess
from qgis.core import QgsGeometry, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDialog, QPushButton, QTextEdit

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
layer = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
iface.setActiveLayer(layer)
at = layer.fields().indexOf

def said():
    return " | ".join(i.toPlainText() for i in iface.messageBar().findChildren(QTextEdit))
def save():
    iface.actionSaveActiveLayerEdits().trigger()
    pause(0.5)
def button(name):
    return next(b for b in iface.messageBar().findChildren(QPushButton) if b.objectName() == name)

iface.actionToggleEditing().trigger()
wait_until(layer.isEditable, what="editing")
layer.changeGeometry(2, QgsGeometry.fromWkt(
    "MULTIPOLYGON (((124.045 41.06, 124.06 41.06, 124.06 41.085, 124.045 41.085, 124.045 41.06)))"))
layer.changeAttributeValue(2, at("counties"), '{"西县","东县"}')
save()
layer.changeAttributeValue(2, at("name"), "西岭采石场整治")
done = subprocess.run(["/usr/bin/python3", "-c", OTHER], env={**os.environ, "PLAN": PLAN, "DISPLAY": ""},
                      capture_output=True, text=True, timeout=60)
assert done.returncode == 0, done.stderr
wait_until(lambda: "P2" in said(), 20, "word of the other window")
verdict["while editing"] = said()
screenshot("01-other-window")
iface.messageBar().clearWidgets()
save()
wait_until(lambda: "P2" in said(), 20, "word of the clash")
verdict["saved"] = said()
screenshot("02-saved")
QTest.mouseClick(button("restoration_planner_see_both_button"), Qt.MouseButton.LeftButton)
dialog = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerHistoryDialog"), what="the history")
dialog.field.setCurrentIndex(0)
dialog.move(200, 120)
pause(0.5)
verdict["rows"] = [[dialog.table.item(r, c).text() for c in range(5)] for r in range(dialog.table.rowCount())]
site = next(r for r in range(dialog.table.rowCount()) if "ha" in dialog.table.item(r, 4).text()
            or "公顷" in dialog.table.item(r, 4).text())
dialog.table.selectRow(site)
QTest.mouseClick(dialog.show_site, Qt.MouseButton.LeftButton)
pause(1)
screenshot("03-history")
QTest.mouseClick(dialog.put_back, Qt.MouseButton.LeftButton)
verdict["put back"] = layer.isModified()
layer.undoStack().undo()
dialog.reject()
window.findChild(QAction, "RestorationPlanner_history_gone").trigger()
gone = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerGoneDialog"), what="the deleted projects")
gone.table.selectRow(0)
gone.move(200, 160)
pause(0.5)
screenshot("04-gone")
QTest.mouseClick(gone.bring_back, Qt.MouseButton.LeftButton)
pause(0.2)
gone.reject()
save()
verdict["codes"] = sorted(f["code"] for f in layer.getFeatures())
iface.actionToggleEditing().trigger()
pause(0.3)
iface.messageBar().clearWidgets()
os.chmod(PLAN, 0o444)
iface.actionToggleEditing().trigger()
pause(0.5)
verdict["read-only"] = [layer.isEditable(), said()]
screenshot("05-read-only")
os.chmod(PLAN, 0o644)
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_two_windows_save_is_told_and_can_be_put_back(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = make_small_plan(tmp_path / "方格 plan.gpkg")
    script = f"PLAN = {str(plan)!r}\nOTHER = {_OTHER!r}\n" + _HISTORY
    run = run_in_desktop(script, plan=plan, lang=lang, name="history", timeout=120)
    seen = run.verdict
    assert "P2" in seen["while editing"] and "P2" in seen["saved"]
    caption = {"zh": "项目名称", "en": "Name"}[lang]
    names = [row[3:] for row in seen["rows"] if row[2] == caption]
    assert names == [["西岭采石（暂停）", "西岭采石场整治"], ["西岭采石", "西岭采石（暂停）"]]
    assert seen["put back"] and seen["codes"] == ["P1", "P2", "P3", "P4", "P5", "P6"]
    editable, said = seen["read-only"]
    assert not editable and {"zh": "只读", "en": "read-only"}[lang] in said
    assert read_plan(plan, ["project"])["project"]["status"].tolist()[1] == "暂缓"  # the other's stands beside ours
    assert {r.who is None for r in read_history(plan, 2)} == {True, False}
    assert saves_of(plan, 2)[0].changes[0].after == "西岭采石场整治"
