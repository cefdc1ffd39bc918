"""Siting sheets from the menu and from the findings dock, in the real window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.intake.guotu_txt import read_guotu_txt
from restoration_planner.tests.small_plan import make_small_plan

SHEETS = """
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QFileDialog
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
QFileDialog.getExistingDirectory = staticmethod(lambda *_: TARGET)  # the system's own dialog cannot be played
projects = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
projects.selectByExpression("code = 'P3'")
window.findChild(QAction, "RestorationPlanner_siting_sheet").trigger()
wait_until(lambda: list(Path(TARGET).glob("*P3*.txt")), what="the sheet of the selected project")
pause(1)
screenshot("menu")
verdict["after_menu"] = sorted(p.name for p in Path(TARGET).iterdir())

window.findChild(QAction, "RestorationPlanner_check").trigger()
dock = wait_until(lambda: next((d for d in window.findChildren(QDockWidget) if hasattr(d, "sheets_requested")), None),
                  what="the dock")
wait_until(lambda: dock.result() is not None, what="the findings")
row = next(r for r in range(dock.proxy.rowCount())
           if dock.proxy.finding_row(dock.proxy.index(r, 0)).project.code == "P2")
dock.table.selectRow(row)
dock.siting_sheet_action.trigger()
wait_until(lambda: list(Path(TARGET).glob("*P2*.txt")), what="the sheet of the project in the dock")
pause(1)
screenshot("dock")
verdict["after_dock"] = sorted(p.name for p in Path(TARGET).iterdir())
verdict["layouts"] = len(QgsProject.instance().layoutManager().layouts())
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_of_what_is_selected(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    target = tmp_path / "sheets"
    target.mkdir()
    given = f"TARGET = {str(target)!r}\n"
    run = run_in_desktop(given + SHEETS, plan=plan, lang=lang, name="siting_sheets", timeout=120)
    third = ["选址核查表_P3_河道整治.pdf", "选址核查表_P3_河道整治.txt"]
    assert run.verdict["after_menu"] == third
    assert run.verdict["after_dock"] == ["选址核查表_P2_西岭采石.pdf", "选址核查表_P2_西岭采石.txt", *third]
    assert run.verdict["layouts"] == 0
    assert read_guotu_txt(target / third[1]).fields["地块编号"] == ["P3"]
