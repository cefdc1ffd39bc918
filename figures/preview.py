"""A small picture of one figure, made by a process of its own from the plan file: nobody's project is touched.

    python -m restoration_planner.figures.preview REQUEST.json

reads a `PreviewRequest` and writes the picture that it names; where there is none, the last line on its standard output
says why.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ..core.errors import PlannerError
from ..core.texts import set_language

#: Dots per inch on A3; other papers so that their pictures are of the same size.
DPI_ON_A3 = 50.0


@dataclass(frozen=True)
class PreviewRequest:
    """What is to be drawn.

    Attributes
    ----------
    plan, figure, page, dem, language
        As for an export; `dem` is empty where none is chosen.
    picture
        The PNG file to be made.
    """

    plan: str
    figure: int
    page: str
    dem: str
    language: str
    picture: str

    def as_json(self) -> str:
        """The request as text."""
        return json.dumps(asdict(self), ensure_ascii=False)


def draw_preview(request: PreviewRequest) -> None:
    """Lay the figure out in a project of its own and draw its first page.

    Raises
    ------
    PlannerError
        If the figure cannot be drawn.
    """
    from qgis.core import QgsLayoutExporter, QgsProject

    from ..layers.opening import open_plan
    from ..layers.reading import read_open_plan
    from .catalogue import load_catalogue
    from .companion import TABLES_READ
    from .export import imprint_of
    from .page.layouts import lay_out
    from .page.pages import PAPERS
    from .sources import FigureLayers

    opened = open_plan(request.plan, QgsProject.instance())
    catalogue = load_catalogue(opened.path)
    (figure,) = catalogue.chosen(str(request.figure))
    tables = read_open_plan(opened, TABLES_READ)
    imprint = imprint_of(tables)
    layers = FigureLayers(opened, request.dem or catalogue.dem)
    lacking = layers.what_is_missing(figure, imprint.city)
    if lacking is not None:
        raise PlannerError(lacking.id, **dict(lacking.params))
    laid = lay_out(figure, layers, tables, imprint, request.page)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI_ON_A3 / PAPERS[laid.page.partition("-")[0]][2]
    settings.pages = [0]
    settings.generateWorldFile = False
    beside = Path(request.picture).with_suffix(".part.png")
    done = QgsLayoutExporter(laid.layout).exportToImage(str(beside), settings)
    if done != QgsLayoutExporter.ExportResult.Success:
        raise PlannerError("figures.not_written", file=beside.name)
    os.replace(beside, request.picture)


def main(arguments: list[str]) -> int:
    """Draw the preview that a file asks for; 0 where it stands."""
    request = PreviewRequest(**json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    set_language(request.language)
    from qgis.core import QgsApplication, QgsProject

    from .press.printer import stop_with_the_parent

    stop_with_the_parent()
    application = QgsApplication([], False)
    application.initQgis()
    try:
        draw_preview(request)
        return 0
    except PlannerError as error:
        print(error, flush=True)
        return 1
    finally:
        QgsProject.instance().clear()
        application.exitQgis()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
