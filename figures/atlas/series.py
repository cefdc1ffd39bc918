"""A figure county by county: an ordinary QGIS atlas made from the figure's own layout.

Each page shows one county at a round scale, what lies around it dimmed, its name in the title, and in the legend only
what the county has.  The companion table, which speaks of the whole city, stays with the figure.
"""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsExpressionContextUtils,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapOverview,
    QgsLayoutItemScaleBar,
    QgsLayoutObject,
    QgsPrintLayout,
    QgsProperty,
    QgsScaleBarSettings,
)
from qgis.PyQt.QtGui import QColor

from ...core.texts import Message, text
from ...layers.roles import plan_id
from ...layers.style_making.symbols import fill_layer, fill_symbol
from ..cartography.labels import Lettering
from ..cartography.map_frame import show
from ..catalogue import Figure
from ..page.fitting import fit_in_box, graticule_step, text_width_mm
from ..page.grids import table_frames
from ..page.layouts import FIGURE as FIGURE_OF_LAYOUT
from ..page.layouts import LEFT, PAGE, LaidOut, fingerprint, is_adjusted, is_of_plan, typefaces
from ..page.layouts import PLAN as PLAN_OF_LAYOUT
from ..page.lettering import print_font, set_label_font
from ..page.pages import TYPE_SIZES, Page
from ..page.pages import page as page_called
from ..press.writing import SERIES_SCALES
from ..sources import FigureLayers
from .counties import counties_layer
from .county_labels import label_pages
from .leafing import page_names, seek

#: Custom properties of a series: of which figure of which plan.
_SERIES, _PLAN = "restoration_planner/series", "restoration_planner/series_plan"
_METRES_A_DEGREE = 111_320
_LINES = 5
_LEAST_BAR, _WIDEST_BAR = 0.35, 0.75


@dataclass(frozen=True)
class Series:
    """A figure's atlas in the project, and the counties that are its pages, in order."""

    layout: QgsPrintLayout
    counties: tuple[str, ...]
    notes: tuple[Message, ...] = ()


def make_series(figure: Figure, laid: LaidOut, layers: FigureLayers, city: str) -> Series | Message:
    """The atlas of a figure that is laid out, or why there is none.

    One that a technician has adjusted since it was made is kept as it is; any other is made anew.
    """
    coverage = counties_layer(layers)
    if coverage is None:
        return Message.of("figures_export.no_counties", number=figure.number)
    manager = layers.opened.project.layoutManager()
    for layout in manager.printLayouts():
        if layout.customProperty(_SERIES) != figure.number or not is_of_plan(layout, _PLAN, layers.opened.path):
            continue
        counties = page_names(layout)
        if is_adjusted(layout) and counties:
            if layout.customProperty(PAGE) != laid.page:
                continue  # it was adjusted on other paper, and waits there
            kept = Message.of("figures_export.series_kept", number=figure.number, layout=layout.name())
            return Series(layout, counties, (kept,))
        manager.removeLayout(layout)
    layout = laid.layout.clone()
    for left in (FIGURE_OF_LAYOUT, PLAN_OF_LAYOUT, LEFT):
        layout.removeCustomProperty(left)
    layout.setName(_free_name(layers, laid.layout.name()))
    atlas = layout.atlas()
    atlas.setEnabled(True)
    atlas.setCoverageLayer(coverage)
    atlas.setPageNameExpression('"name"')
    atlas.setSortFeatures(True)
    atlas.setSortExpression('"code"')
    atlas.setFilenameExpression(
        "concat(@layout_name, '_', lpad(to_string(@atlas_featurenumber), 2, '0'), '_', @atlas_pagename)"
    )
    manager.addLayout(layout)
    page = page_called(laid.page)
    _dress(layout, coverage, layers, page)
    counties = page_names(layout)
    heiti, songti = typefaces()
    label_pages(layout, counties, figure, layers, Lettering(heiti.family, songti.family, page.type_zoom))
    _name_pages(layout, figure.title_for(city), counties, page)
    seek(layout, 0)
    layout.setCustomProperty(_SERIES, figure.number)
    layout.setCustomProperty(_PLAN, plan_id(layers.opened.path))
    layout.setCustomProperty(LEFT, fingerprint(layout))
    return Series(layout, counties)


def _free_name(layers: FigureLayers, figure_layout: str) -> str:
    name = text("figures_export.series_name", layout=figure_layout)
    taken = {layout.name() for layout in layers.opened.project.layoutManager().layouts()}
    return next(n for n in (name, *(f"{name} ({i})" for i in range(2, 1000))) if n not in taken)


def _dress(layout: QgsPrintLayout, coverage: object, layers: FigureLayers, page: Page) -> None:
    """Make a figure's layout follow the county that its atlas is at."""
    main = layout.itemById("map")
    assert isinstance(main, QgsLayoutItemMap)  # lay_out refuses one without
    main.setLayers([coverage, *main.layers()])
    main.setAtlasDriven(True)
    main.setAtlasScalingMode(QgsLayoutItemMap.AtlasScalingMode.Predefined)
    for grid in main.grids().asList():
        step = QgsProperty.fromExpression(_graticule_steps(main, layers))
        for axis in (
            QgsLayoutObject.DataDefinedProperty.MapGridIntervalX,
            QgsLayoutObject.DataDefinedProperty.MapGridIntervalY,
        ):
            grid.dataDefinedProperties().setProperty(axis, step)
    for frame in table_frames(layout):
        grid = frame.multiFrame()
        layout.removeLayoutItem(frame)
        layout.removeMultiFrame(grid)
    legend = layout.itemById("legend")
    if isinstance(legend, QgsLayoutItemLegend):
        legend.setLegendFilterOutAtlas(True)
    if layout.pageCollection().pageCount() > 1 and (legend is None or legend.page() == 0):
        second = layout.itemById("title_2")
        if second is not None:
            layout.removeLayoutItem(second)
        layout.pageCollection().deletePage(1)
    bar = layout.itemById("scale_bar")
    if isinstance(bar, QgsLayoutItemScaleBar):
        bar.setSegmentSizeMode(QgsScaleBarSettings.SegmentSizeMode.SegmentSizeFitWidth)
        room = page.boxes["scale_bar"][2]
        bar.setMinimumBarWidth(room * _LEAST_BAR)
        bar.setMaximumBarWidth(room * _WIDEST_BAR)
    scale = layout.itemById("scale_text")
    if isinstance(scale, QgsLayoutItemLabel) and "@figure_scale" in scale.text():
        number = "to_string(round(map_get(item_variables('map'), 'map_scale')))"
        shown = f"[% regexp_replace({number}, '(\\\\d)(?=(\\\\d{{3}})+$)', '\\\\1 ') %]"
        scale.setText(text("figures.scale_on_paper", scale=shown, paper=page.name.partition("-")[0]))
    _point_out(layout.itemById("inset"), main, layers, page)


def _graticule_steps(main: QgsLayoutItemMap, layers: FigureLayers) -> str:
    """An expression for the degrees between meridians, by the scale that a page has."""
    steps = []
    for scale in SERIES_SCALES:
        step = graticule_step(main.rect().width() * scale / 1000 / _METRES_A_DEGREE * 1.3, _LINES)
        steps.append(f"WHEN @map_scale <= {scale * 1.001:.0f} THEN {step!r}")
    return f"CASE {' '.join(steps)} ELSE 10 END"


def _point_out(inset: object, main: QgsLayoutItemMap, layers: FigureLayers, page: Page) -> None:
    """On the location map, the city larger, and a frame around what the page shows."""
    if not isinstance(inset, QgsLayoutItemMap):
        return
    city = layers.opened.extent(main.crs())
    scale = max(city.width() / inset.rect().width(), city.height() / inset.rect().height()) * 1000 * 1.3
    show(inset, main.crs(), city.center(), scale)
    overview = QgsLayoutItemMapOverview("page", inset)
    overview.setLinkedMap(main)
    overview.setFrameSymbol(fill_symbol(fill_layer(QColor(0, 0, 0, 0), QColor("#1a1a1a"), 0.4 * page.zoom)))
    inset.overviews().addOverview(overview)


def _name_pages(layout: QgsPrintLayout, title: str, counties: tuple[str, ...], page: Page) -> None:
    """The county in the title, in a size at which the longest name fits."""
    label = layout.itemById("title")
    if not isinstance(label, QgsLayoutItemLabel) or "@figure_title" not in label.text() or not counties:
        return
    QgsExpressionContextUtils.setLayoutVariable(layout, "figure_title", title)
    font = print_font(typefaces()[0].family, TYPE_SIZES["title"] * page.type_zoom, True)
    width, height = label.rect().width(), label.rect().height()
    longest = max(counties, key=lambda name: text_width_mm(name, font))
    broken, font = fit_in_box(text("figures_export.county_title", title=title, county=longest), font, width, height)
    written = text("figures_export.county_title", title="[% @figure_title %]", county="[% @atlas_pagename %]")
    if "\n" in broken:  # on two lines: the figure's title, and the county beneath
        QgsExpressionContextUtils.setLayoutVariable(layout, "figure_title", title)
        _, first = fit_in_box(title, font, width, height / 2)
        _, second = fit_in_box(longest, font, width, height / 2)
        font = min(first, second, key=lambda f: f.pointSizeF())
        written = "[% @figure_title %]\n[% @atlas_pagename %]"
    set_label_font(label, font)
    label.setText(written)
