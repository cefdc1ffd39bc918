"""The map of a figure and its location map: layers with their styles, extent, scale, graticule."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsMapLayer,
    QgsPointXY,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ...core.plan.schema import PLAN_EPSG
from ...layers import roles
from ...layers.style_making.symbols import colour, line_layer, line_symbol
from ..catalogue import CITY_BORDER, LOCATION, Figure
from ..page.fitting import graticule_step
from ..page.lettering import text_format
from ..sources import ROLE_PROPERTY, FigureLayers
from .labels import Lettering
from .placing import Placing
from .variants import Drawing, inset_counties_style, inset_outlines_style, inset_style, style_of

_Grid = QgsLayoutItemMapGrid
#: The location map shows so many times the city's width and height.
_AROUND = 3.2
#: Outlines that reach farther are shown in part, or the city would be a dot.
_FAR_AROUND = 14


def show(item: QgsLayoutItemMap, crs: QgsCoordinateReferenceSystem, middle: QgsPointXY, scale: float) -> None:
    """Centre a map on a point at a scale, in a projection in metres; its frame stays as it is."""
    item.setCrs(crs)
    width, height = item.rect().width() * scale / 1000, item.rect().height() * scale / 1000
    # not zoomToExtent: it keeps the shape of an earlier extent, and a template has none
    item.setExtent(
        QgsRectangle(middle.x() - width / 2, middle.y() - height / 2, middle.x() + width / 2, middle.y() + height / 2)
    )


def show_layers(item: QgsLayoutItemMap, figure: Figure, layers: FigureLayers, lettering: Lettering) -> None:
    """Give a map its figure's layers, each in its variant; what is not drawn is left out."""
    own = layers_of_ones_own(item)
    shown = list(own)
    styles = {i: style for i, style in item.layerStyleOverrides().items() if i in {layer.id() for layer in own}}
    placed = Placing(item, layers, lettering).place(figure)
    for name, variant in figure.layers:
        if not layers.is_drawn(name):
            continue
        layer = layers.layer(name, variant)
        shown.append(layer)
        if isinstance(layer, QgsVectorLayer):
            styles[layer.id()] = style_of(name, variant, Drawing(layer, lettering, placed.get(name, ())))
    item.setFollowVisibilityPreset(False)
    item.setLayers(shown)
    item.setKeepLayerSet(True)
    item.setLayerStyleOverrides(styles)
    item.setKeepLayerStyles(True)


def layers_of_ones_own(item: QgsLayoutItemMap) -> list[QgsMapLayer]:
    """Layers that a technician added to a map, such as roads; they stay on top."""
    return [la for la in item.layers() if not la.customProperty(ROLE_PROPERTY) and roles.table_of(la) is None]


def furnish(item: QgsLayoutItemMap, degrees: QgsRectangle, lettering: Lettering, zoom: float) -> None:
    """Frame and graticule, with degrees written outside the frame."""
    item.setBackgroundColor(QColor("#ffffff"))
    item.setFrameEnabled(True)
    item.setMapFlags(item.mapFlags() & ~QgsLayoutItemMap.MapItemFlag.ShowPartialLabels)
    span = item.rect().width() / max(item.rect().height(), 1e-6)
    seen = max(degrees.width(), degrees.height() * min(span, 1.5))
    step = graticule_step(seen, 5)
    _graticule(item, step, lettering, 7.5, zoom, faint=False)


def show_location(
    item: QgsLayoutItemMap, main: QgsLayoutItemMap, layers: FigureLayers, lettering: Lettering, zoom: float
) -> None:
    """The city as one dark shape on the graticule, small; among the outlines of the planner's own file, if any."""
    city = layers.opened.extent(main.crs())
    seen = QgsRectangle(city)
    seen.scale(_AROUND)
    shown, styles = [], {}
    if layers.is_drawn("admin_unit"):
        counties = layers.opened.layer("admin_unit")
        shown.append(counties)
        styles[counties.id()] = inset_counties_style(counties)
    border = layers.layer(CITY_BORDER, "line") if layers.is_drawn(CITY_BORDER) else None
    if isinstance(border, QgsVectorLayer):
        shown.append(border)
        styles[border.id()] = inset_style(border)
    around = layers.layer(LOCATION, "line") if layers.is_drawn(LOCATION) else None
    if isinstance(around, QgsVectorLayer):
        shown.append(around)
        styles[around.id()] = inset_outlines_style(around, lettering)
        there = QgsCoordinateTransform(around.crs(), main.crs(), layers.opened.project)
        whole = there.transformBoundingBox(around.extent())
        if max(whole.width() / city.width(), whole.height() / city.height()) < _FAR_AROUND:
            whole.combineExtentWith(city)
            whole.scale(1.06)
            seen = whole
    scale = max(seen.width() / item.rect().width(), seen.height() / item.rect().height()) * 1000
    show(item, main.crs(), seen.center(), scale)
    item.setFollowVisibilityPreset(False)
    item.setLayers(shown)
    item.setKeepLayerSet(True)
    item.setLayerStyleOverrides(styles)
    item.setKeepLayerStyles(True)
    item.setBackgroundColor(QColor("#f6f4ee"))
    item.setFrameEnabled(True)
    degrees = layers.opened.extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    wide = degrees.width() * item.extent().width() / max(city.width(), 1)
    _graticule(item, graticule_step(wide, 3), lettering, 5.5, zoom, faint=True)


def _graticule(
    item: QgsLayoutItemMap, step: float, lettering: Lettering, points: float, zoom: float, faint: bool
) -> None:
    while item.grids().size():  # a template's own
        item.grids().removeGrid(item.grids().grid(0).id())
    grid = QgsLayoutItemMapGrid("graticule", item)
    grid.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    grid.setIntervalX(step)
    grid.setIntervalY(step)
    grid.setStyle(_Grid.GridStyle.Solid)
    grid.setLineSymbol(line_symbol(line_layer(colour("#5b7f95", 0.5 if faint else 0.45), 0.1 * zoom)))
    grid.setFrameStyle(_Grid.FrameStyle.ExteriorTicks)
    grid.setFrameWidth(0.8 * zoom)
    grid.setFramePenSize(0.15 * zoom)
    grid.setAnnotationEnabled(True)
    whole = abs(step - round(step)) < 1e-9
    grid.setAnnotationFormat(
        _Grid.AnnotationFormat.CustomFormat if whole else _Grid.AnnotationFormat.DegreeMinutePadded
    )
    if whole:
        grid.setAnnotationExpression("concat(round(abs(@grid_number)), '°', if(@grid_axis = 'x', 'E', 'N'))")
    grid.setAnnotationPrecision(0)
    grid.setAnnotationFrameDistance((0.8 if faint else 1.2) * zoom)
    grid.setAnnotationTextFormat(text_format(lettering.heiti, points * lettering.zoom, shade="#3a4a54"))
    for side in (_Grid.BorderSide.Left, _Grid.BorderSide.Right, _Grid.BorderSide.Top, _Grid.BorderSide.Bottom):
        grid.setAnnotationPosition(_Grid.AnnotationPosition.OutsideMapFrame, side)
        upright = side in (_Grid.BorderSide.Left, _Grid.BorderSide.Right)
        direction = _Grid.AnnotationDirection.Vertical if upright else _Grid.AnnotationDirection.Horizontal
        grid.setAnnotationDirection(direction, side)
        axis = _Grid.DisplayMode.LatitudeOnly if upright else _Grid.DisplayMode.LongitudeOnly
        hidden = faint and side in (_Grid.BorderSide.Right, _Grid.BorderSide.Top)
        grid.setAnnotationDisplay(_Grid.DisplayMode.HideAll if hidden else axis, side)
        grid.setFrameDivisions(_Grid.DisplayMode.HideAll if hidden else axis, side)
    item.grids().addGrid(grid)
    item.updateBoundingRect()
