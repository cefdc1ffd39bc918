"""Export figures in a process of its own: ``python in_another_process.py PLAN FOLDER DEM FIGURES:FORMATS …``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path


def main(plan: str, folder: str, dem: str, *asked: str) -> None:
    """Open the plan and write figures of it on A4; no numbers: all that can be drawn; no raster: an empty word."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    from restoration_planner.core.errors import PlannerError
    from restoration_planner.core.texts import set_language
    from restoration_planner.figures.export import Wanted, export_figures, project_for

    set_language("zh")
    opened, _ = project_for(plan, None)
    for one in asked:
        figures, _, formats = one.partition(":")
        wanted = Wanted(Path(folder), figures, formats, paper="A4", dem=dem or None, printed=date(2026, 5, 1))
        try:
            done = export_figures(opened, wanted)
        except PlannerError as error:
            print(error)
            sys.exit(2)
        for message in done.messages():
            print(message)
    opened.project.clear()
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
