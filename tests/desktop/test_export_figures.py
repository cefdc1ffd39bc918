"""Figures of the open plan, through the menu and Processing's own dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.tests.small_plan import make_small_plan

EXPORT = """
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QAction, QApplication
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)
window.findChild(QAction, "RestorationPlanner_export_figures").trigger()
def shown():
    named = [w for w in QApplication.topLevelWidgets() if w.objectName() == "RestorationPlannerFiguresDialog"]
    return next((w for w in named if w.isVisible()), None)
dialog = wait_until(shown, what="the dialog")
pause(0.5)
given = dialog.getParameterValues() if hasattr(dialog, "getParameterValues") else dialog.createProcessingParameters()
verdict["plan"] = given["PLAN"]
screenshot("dialog")
dialog.setParameters({"PLAN": PLAN, "FIGURES": "8", "FORMATS": "pdf", "PAGE": "A4", "FORCE": False, "FOLDER": TARGET})
dialog.runAlgorithm()
wait_until(lambda: list(Path(TARGET).glob("*.pdf")), what="the figure")
pause(1)
screenshot("done")
verdict["layouts"] = [layout.name() for layout in QgsProject.instance().layoutManager().printLayouts()]
dialog.close()
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_go_out_through_processings_dialog(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan, target = tmp_path / "plan.gpkg", tmp_path / "figures"
    make_small_plan(plan)
    given = f"PLAN = {str(plan)!r}\nTARGET = {str(target)!r}\n"
    run = run_in_desktop(given + EXPORT, plan=plan, lang=lang, name="export_figures", timeout=120)
    assert run.verdict["plan"] == str(plan)
    prefix = {"zh": ("图8_", "图8 "), "en": ("图8_", "Figure 8 ")}[lang]
    assert [f.name.startswith(prefix[0]) for f in target.iterdir()] == [True]
    assert [name.startswith(prefix[1]) for name in run.verdict["layouts"]] == [True]
