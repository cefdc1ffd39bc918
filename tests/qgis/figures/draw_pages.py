"""Draw the made-up city's ten figures as small pictures: ``python draw_pages.py FOLDER`` (its fonts: see `fonts`)."""

from __future__ import annotations

import gc
import sys
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
DOTS_AN_INCH = 50


def main(folder: str) -> None:
    """Write ``01.png`` to ``10.png``, and tell the typefaces that they were drawn with."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    _draw(Path(folder))
    gc.collect()  # nothing of QGIS may outlive it
    application.exitQgis()


def _draw(folder: Path) -> None:
    from made_up_city import make_city
    from qgis.core import QgsLayoutExporter, QgsProject

    from restoration_planner.core.texts import set_language
    from restoration_planner.figures.catalogue import load_catalogue
    from restoration_planner.figures.export import imprint_of
    from restoration_planner.figures.page.layouts import lay_out, typefaces
    from restoration_planner.figures.sources import FigureLayers
    from restoration_planner.layers.opening import open_plan
    from restoration_planner.layers.reading import read_open_plan

    set_language("zh")
    workshop = folder / "plan"
    workshop.mkdir(parents=True, exist_ok=True)
    plan, dem = make_city(workshop)
    project = QgsProject()
    opened = open_plan(plan, project)
    tables, layers = read_open_plan(opened), FigureLayers(opened, dem)
    imprint = imprint_of(tables, date(2026, 5, 1))
    for figure in load_catalogue(plan).figures:
        laid = lay_out(figure, layers, tables, imprint, "A3")
        picture = QgsLayoutExporter(laid.layout).renderPageToImage(0, dpi=DOTS_AN_INCH)
        assert sixteen_shades(picture).save(str(folder / f"{figure.number:02}.png"), "PNG", 0)  # 0: pressed hardest
    print(*(face.family for face in typefaces()), sep="\n")
    project.clear()


def sixteen_shades(picture: Any) -> Any:
    """Sixteen shades of each colour: a fraction of the bytes, and no less to see."""
    import numpy as np
    from qgis.PyQt.QtGui import QImage

    page = picture.convertToFormat(QImage.Format.Format_RGB888)
    held = page.constBits()
    held.setsize(page.sizeInBytes())
    shades = (np.frombuffer(held, np.uint8) // 17 * 17).astype(np.uint8).tobytes()
    return QImage(shades, page.width(), page.height(), page.bytesPerLine(), QImage.Format.Format_RGB888).copy()


if __name__ == "__main__":
    main(*sys.argv[1:])
