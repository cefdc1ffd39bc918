"""The appendix's tables of the open plan, through the menu and Processing's own dialog."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.commands.new import create

EXPORT = """
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QAction, QApplication
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
projects = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=project"))
projects.startEditing()
projects.changeAttributeValue(1, projects.fields().indexOf("name"), "尚未保存")
window.findChild(QAction, "RestorationPlanner_export_tables").trigger()
verdict["told"] = [item.text() for item in iface.messageBar().items()]
verdict["layer"] = projects.name()
projects.rollBack()
def shown():
    named = [w for w in QApplication.topLevelWidgets() if w.objectName() == "RestorationPlannerTablesDialog"]
    return next((w for w in named if w.isVisible()), None)
dialog = wait_until(shown, what="the dialog")
pause(0.5)
given = dialog.getParameterValues() if hasattr(dialog, "getParameterValues") else dialog.createProcessingParameters()
verdict["given"] = {key: given.get(key) for key in ("PLAN", "FOLDER")}
screenshot("dialog")
dialog.runAlgorithm()
wait_until(lambda: len(list(Path(given["FOLDER"]).glob("*.odt"))) == 3, what="the last file")
pause(1)
screenshot("done")
dialog.close()
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_go_out_through_processings_dialog(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = tmp_path / "plan.gpkg"
    create(plan, "benxi", False)
    run = run_in_desktop(EXPORT, plan=plan, lang=lang, name="export_tables", timeout=120)
    assert any(run.verdict["layer"] in sentence for sentence in run.verdict["told"])
    folder = tmp_path / ("附表" if lang == "zh" else "tables")
    assert run.verdict["given"] == {"PLAN": str(plan), "FOLDER": str(folder)}
    assert len(list(folder.glob("*.xlsx"))) == 3 and list(folder.glob("*.csv"))
    assert all(zipfile.is_zipfile(file) for file in folder.glob("*.xlsx"))
