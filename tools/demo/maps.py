"""The demo's maps, drawn by QGIS in a process of its own: ``python tools/demo/maps.py PLAN FOLDER``.

Prints the names of the files it wrote, one a line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Map → the tables that it shows.
MAPS = {
    "zones": {"restoration_zone", "admin_unit"},
    "key_areas": {"key_area", "restoration_zone", "admin_unit"},
    "projects": {"siting_finding", "project", "nature_reserve", "red_line", "restoration_zone", "admin_unit"},
}
SIZE_PX = (2000, 1200)


def main(plan: Path, folder: Path) -> int:
    """Draw all maps of a plan into a folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication, QgsProject

    application = QgsApplication([], True)
    application.initQgis()
    try:
        for name in draw_maps(plan, folder):
            print(name)
    finally:
        QgsProject.instance().clear()
        application.exitQgis()
    return 0


def draw_maps(plan: Path, folder: Path) -> list[str]:
    """Open the plan as a user would, and write one picture a map."""
    from qgis.core import QgsProject

    from restoration_planner.core.plan.schema import DRAWING_ORDER
    from restoration_planner.core.texts import text
    from restoration_planner.layers.maps import render_map
    from restoration_planner.layers.opening import open_plan

    opened = open_plan(plan, QgsProject.instance())
    extent = opened.extent()
    extent.scale(1.04)
    written = []
    for name, tables in MAPS.items():
        layers = [opened.layer(table) for table in DRAWING_ORDER if table in tables]
        file = folder / f"map_{name}.png"
        render_map(layers, extent, SIZE_PX, file, text(f"demo.map.{name}"), illustrative=True)
        written.append(file.name)
    return written


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
