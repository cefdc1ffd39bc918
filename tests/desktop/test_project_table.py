"""The plan's table of projects through the menu of the real QGIS Desktop: seen, answered, written, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.tests.core.project_table.printed import HEAD, workbook

BRING_IN = """
from qgis.core import QgsProject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QDialog, QPushButton

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
window.findChild(QAction, "RestorationPlanner_table_projects").trigger()
dialog = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerProjectTableDialog"), what="the dialog")
desk, imports = plugin.project_table_desk(), plugin.import_desk()
dialog.move(100, 40)
def rest():
    pause(0.3)
    wait_until(lambda: not desk.is_busy() and not imports.is_busy(), what="the work")
    pause(0.3)
screenshot("01-empty")
dialog.choose_file(TABLE)
rest()
verdict["size"] = [dialog.width(), dialog.height()]
verdict["fates"] = [dialog.model.row(i).fate for i in range(dialog.model.rowCount())]
screenshot("02-read")
QTest.mouseClick(dialog.details.findChild(QPushButton, "take_names"), Qt.MouseButton.LeftButton)
rest()
verdict["answered"] = [dialog.model.row(i).fate for i in range(dialog.model.rowCount())]
screenshot("03-answered")
layer = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
verdict["before"] = layer.featureCount()
QTest.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
rest()
verdict["written"] = layer.featureCount()
undo = window.findChild(QAction, "RestorationPlanner_take_back")
verdict["undo"] = [undo.isEnabled(), undo.text()]
screenshot("04-written")
dialog.close()
pause(0.3)
undo.trigger()
rest()
verdict["taken_back"] = layer.featureCount()
verdict["undo_at_last"] = undo.isEnabled()
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_comes_in_through_the_menu_and_is_taken_back(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = tmp_path / "本溪 plan.gpkg"
    create_plan(plan, plan_from_template("benxi"))
    before = read_plan(plan)
    rows = [
        ["表3 本溪市国土空间生态修复重点工程", *[""] * 6],
        list(HEAD),
        [
            "太子河流域（本溪段）综合治理与生态修复工程 A",
            "A1",
            "本溪县小流域\n综合治理工程",
            "本溪县",
            "",
            "2021-2028年",
            "水利部门",
        ],
        ["", "", "太子河上游湿地保护工程", "本溪县、桓仁县", "湿地恢复", "近期", "发展改革、林业局"],
        ["合计", *[""] * 6],
    ]
    table = workbook(tmp_path / "附表3.xlsx", rows, [(0, 0, 0, 6), (2, 0, 3, 0)])
    run = run_in_desktop(
        f"TABLE = {str(table)!r}\n" + BRING_IN, plan=plan, lang=lang, name="project_table", timeout=120
    )
    verdict = run.verdict
    assert verdict["size"][0] <= 1366 and verdict["size"][1] <= 768
    assert verdict["fates"] == ["changed", "doubt"] and verdict["answered"] == ["changed", "new"]
    assert (verdict["before"], verdict["written"], verdict["taken_back"]) == (15, 16, 15)
    assert verdict["undo"][0] and "附表3.xlsx" in verdict["undo"][1] and not verdict["undo_at_last"]
    after = read_plan(plan)
    for name in ("project", "programme"):
        assert after[name].records() == before[name].records()
    assert not [m for m in run.messages if "Traceback" in m], run.messages
