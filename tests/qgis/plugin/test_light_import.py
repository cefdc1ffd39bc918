"""What QGIS imports at its start to have the plugin: Qt, QGIS and texts, nothing that computes."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
import qgis.core, qgis.gui, qgis.PyQt.QtWidgets
before = set(sys.modules)
import restoration_planner.plugin.shell
import restoration_planner.plugin.provider
import restoration_planner.plugin.algorithms.create_plan
import restoration_planner.plugin.algorithms.build_zones
import restoration_planner.plugin.algorithms.siting_check
print(json.dumps(sorted(set(sys.modules) - before)))
"""
HEAVY = {"numpy", "shapely", "pyproj", "yaml", "fiona", "osgeo", "sqlite3"}


def test_shell_provider_and_algorithms_bring_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    imported = json.loads(done.stdout.splitlines()[-1])
    assert "restoration_planner.plugin.shell" in imported
    assert HEAVY.isdisjoint(name.split(".")[0] for name in imported)
