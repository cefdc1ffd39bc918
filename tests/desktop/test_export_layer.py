"""A layer out of the open plan, through the menu and Processing's own dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fiona
import pytest

from restoration_planner.tests.small_plan import make_small_plan

EXPORT = """
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QAction, QApplication
from pathlib import Path

window = iface.mainWindow()
wait_until(lambda: QgsProject.instance().mapLayers(), what="the plan's layers")
pause(1)

red = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("layername=red_line"))
iface.setActiveLayer(red)
window.findChild(QAction, "RestorationPlanner_export_layer").trigger()
def shown():
    named = [w for w in QApplication.topLevelWidgets() if w.objectName() == "RestorationPlannerExportDialog"]
    return next((w for w in named if w.isVisible()), None)
dialog = wait_until(shown, what="the dialog")
pause(0.5)
given = dialog.getParameterValues() if hasattr(dialog, "getParameterValues") else dialog.createProcessingParameters()
verdict["plan"], verdict["layer"] = given["PLAN"], given["LAYER"]
screenshot("dialog")
dialog.setParameters({"PLAN": PLAN, "LAYER": given["LAYER"], "PROFILE": "database", "CRS": "4490", "ENCODING": "GBK",
                      "FORCE": False, "OUTPUT": TARGET})
dialog.runAlgorithm()
wait_until(lambda: Path(TARGET).exists(), what="the file")
pause(1)
screenshot("done")
dialog.close()
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_layer_goes_out_through_processings_dialog(run_in_desktop: Any, tmp_path: Path, lang: str) -> None:
    plan = tmp_path / "plan.gpkg"
    make_small_plan(plan)
    target = tmp_path / "STBHHX.shp"
    given = f"PLAN = {str(plan)!r}\nTARGET = {str(target)!r}\n"
    run = run_in_desktop(given + EXPORT, plan=plan, lang=lang, name="export_layer", timeout=120)
    assert run.verdict["plan"] == str(plan) and run.verdict["layer"] == "red_line"
    with fiona.open(target) as layer:
        assert "BSM" in layer.schema["properties"] and len(layer) >= 1
    assert target.with_suffix(".cpg").read_text().strip() == "936"
