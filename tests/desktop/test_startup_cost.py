"""Starting QGIS with the plugin enabled costs little, by QGIS's own start-up profiler, and imports nothing heavy."""

from __future__ import annotations

from typing import Any

#: Milliseconds for import and initGui together; the least of a few starts, for a busy machine only ever adds.
LIMIT_MS = 60
STARTS = 5

PROFILE = """
import sys
from qgis.core import QgsApplication
# Only our own modules: QGIS and its plugins bring numpy, yaml and, from 3.40 on, shapely themselves
verdict["heavy"] = [
    name for name in sys.modules
    if name.startswith(("restoration_planner.core.siting.check", "restoration_planner.core.store",
                        "restoration_planner.core.plan.tables", "restoration_planner.layers.opening",
                        "restoration_planner.ui.findings", "restoration_planner.plugin.siting.desk"))
]
profiler = QgsApplication.profiler()
found = {}
def walk(parent, path):
    for row in range(profiler.rowCount(parent)):
        index = profiler.index(row, 0, parent)
        name = index.data()
        seconds = profiler.index(row, 1, parent).data()
        if "restoration_planner" in str(name):
            found["/".join([*path, str(name)])] = seconds
        walk(index, [*path, str(name)])
from qgis.PyQt.QtCore import QModelIndex
walk(QModelIndex(), [])
verdict["found"] = found
"""


def test_import_and_initgui_cost_at_most_sixty_milliseconds(run_in_desktop: Any) -> None:
    milliseconds = []
    for _ in range(STARTS):
        verdict = run_in_desktop(PROFILE, lang="en", name="startup_cost").verdict
        (seconds,) = (s for name, s in verdict["found"].items() if name.count("restoration_planner") == 1)
        milliseconds.append(1000 * seconds)
        if min(milliseconds) <= LIMIT_MS:
            break
    assert min(milliseconds) <= LIMIT_MS, milliseconds
    assert verdict["heavy"] == [], "imported at the start"
