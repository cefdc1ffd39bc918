"""What the figures dialog shows of an open plan: figures and what they lack, counties, rasters, edits not saved yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProviderRegistry, QgsRasterLayer, QgsVectorLayer

from ...core.texts import Message, text

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan
    from ...ui.figures_dialog.values import Choices, Survey


def survey_of(plan: OpenPlan, dem: str) -> tuple[Survey, str]:
    """What can be exported, and the raster that the list of figures names, or empty."""
    from ...figures.catalogue import load_catalogue
    from ...figures.export import imprint_of
    from ...figures.press.naming import bound_name, file_stem
    from ...figures.sources import FigureLayers
    from ...layers.reading import read_open_plan
    from ...ui.figures_dialog.values import FigureEntry, Survey

    catalogue = load_catalogue(plan.path)
    city = imprint_of(read_open_plan(plan, ["plan"])).city
    listed = catalogue.dem if catalogue.dem is not None and catalogue.dem.is_file() else None
    layers = FigureLayers(plan, dem or listed)
    adjusted = _adjusted(plan)
    entries = []
    for figure in catalogue.figures:
        missing = layers.what_is_missing(figure, city)
        entries.append(
            FigureEntry(
                figure.number,
                figure.title_for(city),
                file_stem(figure, city),
                _briefly(missing) if missing is not None else "",
                str(missing) if missing is not None else "",
                figure.number in adjusted,
            )
        )
    return Survey(tuple(entries), bound_name(city), _count_counties(plan)), str(listed or "")


def _briefly(missing: Message) -> str:
    """What a figure lacks, in the words of a narrow column."""
    lacking = dict(missing.params)["lacking"]
    assert isinstance(lacking, (list, tuple))
    names = [dict(one.params).get("table", text("figures_dialog.dem_raster")) for one in lacking]
    return text("figures_dialog.lacks", what=names)


def _adjusted(plan: OpenPlan) -> set[int]:
    """Numbers of the figures whose layouts in the project were adjusted by hand."""
    from ...figures.page.layouts import FIGURE, PLAN, is_adjusted, is_of_plan

    mine = [la for la in plan.project.layoutManager().printLayouts() if is_of_plan(la, PLAN, plan.path)]
    return {int(la.customProperty(FIGURE)) for la in mine if la.customProperty(FIGURE) and is_adjusted(la)}


def _count_counties(plan: OpenPlan) -> int:
    """How many pages a series has: the units of that level, else the counties that the towns name."""
    from ...layers.reading import read_open_plan

    units = read_open_plan(plan, ["admin_unit"])["admin_unit"]
    if units.geometry is None:
        return 0
    drawn = [shape is not None and not shape.is_empty for shape in units.geometry]
    counties = {name for name, level, there in zip(units["name"], units["level"], drawn) if there and level == "county"}
    towns = {name for name, level, there in zip(units["county"], units["level"], drawn) if there and level != "part"}
    return len((counties or towns) - {None, ""})


def laid_out(plan: OpenPlan, number: int, choices: Choices) -> object:
    from ...figures.catalogue import load_catalogue
    from ...figures.companion import TABLES_READ
    from ...figures.export import imprint_of
    from ...figures.page.layouts import lay_out
    from ...figures.sources import FigureLayers
    from ...layers.reading import read_open_plan

    catalogue = load_catalogue(plan.path)
    (figure,) = catalogue.chosen(str(number))
    tables = read_open_plan(plan, TABLES_READ)
    layers = FigureLayers(plan, choices.dem or catalogue.dem)
    return lay_out(figure, layers, tables, imprint_of(tables), choices.page).layout


def rasters_of(plan: OpenPlan) -> list[tuple[str, str]]:
    """Name and file of the project's raster layers that lie in files."""
    from ...figures.sources import ROLE_PROPERTY

    found = []
    for layer in plan.project.mapLayers().values():
        if isinstance(layer, QgsRasterLayer) and layer.isValid() and not layer.customProperty(ROLE_PROPERTY):
            path = QgsProviderRegistry.instance().decodeUri("gdal", layer.source()).get("path", "")
            if path and Path(path).is_file():
                found.append((layer.name(), str(path)))
    return found


def layers_with_edits(plan: OpenPlan) -> list[QgsVectorLayer]:
    """The plan's layers that hold edits which are not in the file yet."""
    found = (plan.project.mapLayer(layer) for layer in plan.layer_ids.values())
    return [layer for layer in found if isinstance(layer, QgsVectorLayer) and layer.isModified()]
