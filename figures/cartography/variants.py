"""How a figure draws a layer, where that differs from the layer's own style on the screen.

A variant is a renderer and labels for one table.  They are put on an empty layer of the same fields, whose style is
then locked into the layout's map: the layer in the project is not touched, and neither is its file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

from qgis.core import (
    QgsAbstractVectorLayerLabeling,
    QgsCategorizedSymbolRenderer,
    QgsCentroidFillSymbolLayer,
    QgsExpression,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsInvertedPolygonRenderer,
    QgsMapLayerStyle,
    QgsMarkerSymbol,
    QgsMergedFeatureRenderer,
    QgsRendererCategory,
    QgsSimpleFillSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ...core import palette
from ...core.plan.schema import CODE_LISTS, PLAN_EPSG
from ...core.texts import text
from ...layers.style_making.symbols import colour, fill_layer, fill_symbol, hatch_layer, line_layer
from ..catalogue import CITY_BORDER, CITY_GROUND, LOCATION, SURROUNDINGS
from .borders import border, borders
from .labels import Lettering, PlacedLabel, labelling, names_around, placed_labelling

Labels = Optional[QgsAbstractVectorLayerLabeling]
Style = tuple[QgsFeatureRenderer, Labels]


@dataclass(frozen=True)
class Drawing:
    """What a variant is made with.

    Attributes
    ----------
    layer
        The layer of the project that it is for.
    lettering
        Typefaces, sizes and language.
    placed
        The layer's labels where the figure has placed them itself.
    """

    layer: QgsVectorLayer
    lettering: Lettering
    placed: Sequence[PlacedLabel] = ()

    def labels(self, kind: str, besides: str | None = None) -> Labels:
        """Its labels of a kind, where the figure has placed them, else wherever QGIS finds room."""
        if self.placed:
            return placed_labelling(kind, self.placed, self.lettering, besides)
        return labelling(besides or kind, self.lettering)


def style_of(table: str, variant: str, drawing: Drawing) -> str:
    """The style of a variant as XML, to be locked into a map."""
    if variant == "plain":
        renderer, labels = drawing.layer.renderer().clone(), None
        if drawing.layer.labelsEnabled() and table != "red_line":
            labels = labelling(table, drawing.lettering)
    else:
        renderer, labels = _VARIANTS[table, variant](drawing)
    return _as_xml(drawing.layer, renderer, labels)


def _as_xml(layer: QgsVectorLayer, renderer: QgsFeatureRenderer, labels: Labels) -> str:
    # An empty layer in memory: a clone would open the plan file once more
    blank = QgsVectorLayer(f"{QgsWkbTypes.displayString(layer.wkbType())}?crs=EPSG:{PLAN_EPSG}", layer.name(), "memory")
    blank.dataProvider().addAttributes(layer.fields().toList())
    blank.updateFields()
    blank.setRenderer(renderer)
    if labels is not None:
        blank.setLabeling(labels)
    blank.setLabelsEnabled(labels is not None)
    style = QgsMapLayerStyle()
    style.readFromLayer(blank)
    return str(style.xmlData())


def _own_colours(drawing: Drawing, change: Callable[[QgsSymbol], QgsSymbol]) -> QgsFeatureRenderer:
    """The layer's own classes, each with its symbol changed."""
    renderer = drawing.layer.renderer().clone()
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return renderer
    for index, category in enumerate(renderer.categories()):
        renderer.updateCategorySymbol(index, change(category.symbol()))
    return renderer


def _zones(fill_share: float, line: str, width: float) -> Callable[[QgsSymbol], QgsSymbol]:
    def change(symbol: QgsSymbol) -> QgsSymbol:
        fill = symbol.symbolLayer(0).fillColor()
        mixed = QColor(*(round(255 - (255 - c) * fill_share) for c in (fill.red(), fill.green(), fill.blue())))
        return fill_symbol(fill_layer(mixed, colour(line), width))

    return change


def _zones_named(drawing: Drawing) -> Style:
    return _own_colours(drawing, _zones(1, "#5a5a5a", 1.0)), drawing.labels("restoration_zone")


def _zones_fill(drawing: Drawing) -> Style:
    return _own_colours(drawing, _zones(0.8, "#6a6a6a", 0.9)), None


def _zones_pale(drawing: Drawing) -> Style:
    return _own_colours(drawing, _zones(0.5, "#8a8a8a", 0.8)), drawing.labels("zone_code")


def _zones_clear(drawing: Drawing) -> Style:
    """See-through, so that a hillshade below shows."""

    def change(symbol: QgsSymbol) -> QgsSymbol:
        fill = QColor(symbol.symbolLayer(0).fillColor())
        fill.setAlphaF(0.6)
        return fill_symbol(fill_layer(fill, colour("#7a7a7a"), 0.8))

    return _own_colours(drawing, change), drawing.labels("zone_code")


def _key_areas_hatched(drawing: Drawing) -> Style:
    green = palette.KEY_AREA_COLOUR
    symbol = fill_symbol(
        hatch_layer(colour(green, 0.75), 135, 2.4, 0.18),
        line_layer(colour("#ffffff", 0.8), 1.2),
        line_layer(colour(green), 0.6),
    )
    return _single(symbol, "key_area"), drawing.labels("key_area")


def _key_areas_outlined(drawing: Drawing) -> Style:
    symbol = fill_symbol(
        line_layer(colour("#ffffff", 0.8), 1.3), line_layer(colour(palette.KEY_AREA_COLOUR), 0.7, pattern="4;1.2")
    )
    return _single(symbol, "key_area"), drawing.labels("key_area")


def _single(symbol: QgsSymbol, table: str) -> QgsFeatureRenderer:
    return QgsSingleSymbolRenderer(symbol)


def _projects_numbered(drawing: Drawing) -> Style:
    """Sites by kind, each with its code in a small plate and a line to it where they stand apart."""
    shades = {**palette.PROJECT_TYPE_COLOURS, "": palette.UNKNOWN_TYPE_COLOUR}
    categories = []
    for kind, shade in shades.items():
        symbol = fill_symbol(fill_layer(colour(shade), colour("#1a1a1a"), 0.3))
        caption = text(f"codes.project_type.{kind}") if kind else text("layers.legend.unknown_type")
        categories.append(QgsRendererCategory(kind, symbol, caption))
    known = ",".join(f"'{kind}'" for kind in CODE_LISTS["project_type"])
    expression = f'if("project_type" IN ({known}), "project_type", \'\')'
    return QgsCategorizedSymbolRenderer(expression, categories), drawing.labels("project")


def _red_line_tinted(drawing: Drawing) -> Style:
    """As in the check, on a light tint, so that what is in and what is out is seen at once."""
    red = palette.RED_LINE_COLOUR
    symbol = fill_symbol(
        fill_layer(colour("#fbe3dd"), None), hatch_layer(colour(red, 0.55), 45, 3.0, 0.16), line_layer(colour(red), 0.5)
    )
    return _single(symbol, "red_line"), None


def _red_line_thin(drawing: Drawing) -> Style:
    """As in the check, but lighter: on a map of something else."""
    red = palette.RED_LINE_COLOUR
    symbol = fill_symbol(hatch_layer(colour(red, 0.4), 45, 4.0, 0.12), line_layer(colour(red), 0.3))
    return _single(symbol, "red_line"), None


def _reserves_tinted(drawing: Drawing) -> Style:
    core, general = palette.RESERVE_COLOURS["core"], palette.RESERVE_COLOURS["general"]
    symbols = {
        "core": fill_symbol(
            fill_layer(colour("#8fbfa3"), None),
            hatch_layer(colour(core, 0.7), 0, 2.4, 0.18),
            hatch_layer(colour(core, 0.7), 90, 2.4, 0.18),
            line_layer(colour(core), 0.7),
        ),
        "general": fill_symbol(
            fill_layer(colour("#d9eed6"), None),
            hatch_layer(colour(general, 0.7), 90, 3.0, 0.16),
            line_layer(colour(general), 0.5, pattern="3;1"),
        ),
    }
    categories = [QgsRendererCategory(c, s, text(f"codes.reserve_control.{c}")) for c, s in symbols.items()]
    return (
        QgsCategorizedSymbolRenderer("coalesce(\"control\", 'core')", categories),
        labelling("nature_reserve", drawing.lettering),
    )


#: Marks differ in shape as well as in colour.
_MINE_MARKS = {"untreated": "triangle", "treated": "circle", "unknown": "square"}


def _mines_marked(drawing: Drawing) -> Style:
    """A mark in each site, which most are too small to be seen without."""
    renderer = drawing.layer.renderer().clone()
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        for index, category in enumerate(renderer.categories()):
            shade = palette.MINE_COLOURS.get(str(category.value()), palette.MINE_COLOURS["unknown"])
            mark = QgsMarkerSymbol.createSimple(
                {
                    "name": _MINE_MARKS.get(str(category.value()), "square"),
                    "color": shade,
                    "outline_color": "#2b1409",
                    "outline_width": "0.2",
                    "size": "2.6",
                }
            )
            centre = QgsCentroidFillSymbolLayer()
            centre.setSubSymbol(mark)
            centre.setPointOnSurface(True)
            symbol = fill_symbol(fill_layer(colour(shade, 0.6), colour(shade), 0.2))
            symbol.appendSymbolLayer(centre)
            renderer.updateCategorySymbol(index, symbol)
    return renderer, None


def _admin_counties(drawing: Drawing) -> Style:
    return borders("county"), drawing.labels("admin_unit")


def _admin_towns(drawing: Drawing) -> Style:
    return borders("county", "town", "part"), drawing.labels("admin_unit")


def _admin_named(drawing: Drawing) -> Style:
    return borders("county", "town", "part"), drawing.labels("admin_unit", "admin_unit_towns")


def _around(drawing: Drawing) -> Style:
    """What lies around the city, from the planner's own file: borders of the highest rank."""
    return QgsSingleSymbolRenderer(fill_symbol(*border("province"))), None


def _plain_with_names(table: str) -> Callable[[Drawing], Style]:
    return lambda drawing: (drawing.layer.renderer().clone(), labelling(table, drawing.lettering))


def _parcels(drawing: Drawing) -> Style:
    """As on the screen, with lines mixed beforehand: a PDF turns see-through lines into outlines of their own."""

    def change(symbol: QgsSymbol) -> QgsSymbol:
        for layer in symbol.symbolLayers():
            if isinstance(layer, QgsSimpleFillSymbolLayer) and layer.fillColor().alpha() == 255:
                layer.setStrokeColor(_mixed(layer.strokeColor(), layer.fillColor()))
        return symbol.clone()

    return _own_colours(drawing, change), None


def _land_use(drawing: Drawing) -> Style:
    """The classes that there are, by code; the system is named where two are mixed, unknown codes as such."""
    renderer, labels = _parcels(drawing)
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return renderer, labels
    present = _land_use_pairs(drawing.layer)
    mixed = len({system for system, _ in present if system in palette.LAND_USE_COLOURS}) > 1
    known = {str(c.value()) for c in renderer.categories() if c.value()}
    strange = sorted({code or "—" for system, code in present if not _classes_of(system, code) & known})
    for index, category in enumerate(renderer.categories()):
        if category.value():
            caption = text(f"layers.land_use.{category.value()}")
            renderer.updateCategoryLabel(
                index, caption if mixed else caption.replace(text("figures.survey_suffix"), "")
            )
        else:
            more = text("figures.more_codes") if len(strange) > _CODES_NAMED else ""
            codes = text("figures.list_mark").join(strange[:_CODES_NAMED]) + more
            renderer.updateCategoryLabel(index, text("figures.unknown_land_use", codes=codes))
    return (_rest_by_value(renderer) if strange else renderer), labels


def _ecosystem(drawing: Drawing) -> Style:
    renderer, labels = _parcels(drawing)
    return (_rest_by_value(renderer) if isinstance(renderer, QgsCategorizedSymbolRenderer) else renderer), labels


def _rest_by_value(renderer: QgsCategorizedSymbolRenderer) -> QgsCategorizedSymbolRenderer:
    """The same, with the class of the rest asked for by its value: otherwise QGIS draws it, but its legend, when it
    is to have only what is on the map, knows nothing of it."""
    known = ",".join(QgsExpression.quotedString(str(c.value())) for c in renderer.categories() if c.value())
    changed = renderer.clone()
    changed.setClassAttribute(
        f"with_variable('class', {renderer.classAttribute()}, if(@class IN ({known}), @class, ''))"
    )
    return changed


#: So many unknown codes are written into the legend.
_CODES_NAMED = 6


def _classes_of(system: str, code: str) -> set[str]:
    """The classes that a code may be drawn as: of four digits, and of two."""
    return {f"{system}.{code[:4]}", f"{system}.{code[:2]}"}


def _land_use_pairs(layer: QgsVectorLayer) -> set[tuple[str, str]]:
    """System and code of what is there, without geometry."""
    fields = [layer.fields().indexOf(name) for name in ("system", "code")]
    if min(fields) < 0:
        return set()
    seen = [{_plain_text(value) for value in layer.uniqueValues(field)} for field in fields]
    if len(seen[0]) == 1:
        return {(system, code) for system in seen[0] for code in seen[1]}
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes(fields)
    return {(_plain_text(f["system"]), _plain_text(f["code"])) for f in layer.getFeatures(request)}


def _plain_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mixed(over: QColor, under: QColor) -> QColor:
    """What a see-through colour looks like on another."""
    share = over.alphaF()
    pairs = zip((over.red(), over.green(), over.blue()), (under.red(), under.green(), under.blue()))
    return QColor(*(round(share * o + (1 - share) * u) for o, u in pairs))


def _city_border(drawing: Drawing) -> Style:
    return QgsMergedFeatureRenderer(QgsSingleSymbolRenderer(fill_symbol(*border("city")))), None


def _surroundings(drawing: Drawing) -> Style:
    """Blank paper all around the city: an elevation raster knows no borders."""
    outside = QgsInvertedPolygonRenderer(QgsSingleSymbolRenderer(fill_symbol(fill_layer(colour("#ffffff"), None))))
    outside.setPreprocessingEnabled(True)
    return outside, None


def _city_ground(drawing: Drawing) -> Style:
    """A tint of paper, so that the city stands out from what lies around it."""
    return QgsMergedFeatureRenderer(QgsSingleSymbolRenderer(fill_symbol(fill_layer(colour("#f8f4e6"), None)))), None


def inset_style(layer: QgsVectorLayer) -> str:
    """The city as one dark shape, for the location map."""
    symbol = fill_symbol(fill_layer(colour("#c8553d"), colour("#7c2f1f"), 0.25))
    return _as_xml(layer, QgsMergedFeatureRenderer(QgsSingleSymbolRenderer(symbol)), None)


def inset_counties_style(layer: QgsVectorLayer) -> str:
    """The counties within the city, for the location map."""
    county = fill_symbol(line_layer(colour("#ffffff"), 0.2))
    return _as_xml(layer, QgsCategorizedSymbolRenderer("level", [QgsRendererCategory("county", county, "")]), None)


def inset_outlines_style(layer: QgsVectorLayer, lettering: Lettering) -> str:
    """What lies around the city, with names where the file has any, for the location map."""
    symbol = fill_symbol(fill_layer(colour("#fbfaf6"), colour("#8a7f92"), 0.25))
    return _as_xml(layer, QgsSingleSymbolRenderer(symbol), names_around(layer.fields().names(), lettering))


_VARIANTS: dict[tuple[str, str], Callable[[Drawing], Style]] = {
    (CITY_BORDER, "line"): _city_border,
    (CITY_GROUND, "fill"): _city_ground,
    (SURROUNDINGS, "blank"): _surroundings,
    (LOCATION, "line"): _around,
    ("restoration_zone", "named"): _zones_named,
    ("restoration_zone", "fill"): _zones_fill,
    ("restoration_zone", "pale"): _zones_pale,
    ("restoration_zone", "clear"): _zones_clear,
    ("key_area", "hatched"): _key_areas_hatched,
    ("key_area", "outlined"): _key_areas_outlined,
    ("project", "numbered"): _projects_numbered,
    ("red_line", "tinted"): _red_line_tinted,
    ("red_line", "thin"): _red_line_thin,
    ("nature_reserve", "tinted"): _reserves_tinted,
    ("legacy_mine", "marked"): _mines_marked,
    ("admin_unit", "counties"): _admin_counties,
    ("admin_unit", "towns"): _admin_towns,
    ("admin_unit", "named"): _admin_named,
    ("river", "named"): _plain_with_names("river"),
    ("water_body", "named"): _plain_with_names("water_body"),
    ("land_use", "fill"): _land_use,
    ("ecosystem", "fill"): _ecosystem,
}
