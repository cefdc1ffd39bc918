"""Export figures in a process of its own: ``python in_another_process.py PLAN FOLDER DEM FIGURES:FORMATS …``."""

from __future__ import annotations

import gc
import sys
from datetime import date
from pathlib import Path


def main(plan: str, folder: str, dem: str, *asked: str) -> int:
    """Open the plan and write figures of it on A4; no numbers: all that can be drawn; no raster: an empty word."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    code = _export(plan, folder, dem, asked)
    gc.collect()  # nothing of QGIS may outlive it
    application.exitQgis()
    return code


def _export(plan: str, folder: str, dem: str, asked: tuple[str, ...]) -> int:
    from restoration_planner.core.errors import PlannerError
    from restoration_planner.core.texts import set_language
    from restoration_planner.figures.export import Wanted, export_figures, project_for

    set_language("zh")
    opened, _ = project_for(plan, None)
    try:
        for one in asked:
            figures, _, formats = one.partition(":")
            wanted = Wanted(Path(folder), figures, formats, paper="A4", dem=dem or None, printed=date(2026, 5, 1))
            for message in export_figures(opened, wanted).messages():
                print(message)
    except PlannerError as error:
        print(error)
        return 2
    finally:
        opened.project.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
