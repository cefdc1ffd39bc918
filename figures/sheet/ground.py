"""What a siting sheet's map shows: the site, its offending parts and corners, and the plan's lines around it.

The plan's layers are copied as far as the map reaches, so that the legend has what is on the map and nothing else,
and neither the project nor its layers are touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)

from ...core.errors import PlannerError
from ...core.palette import ADMIN_COLOURS
from ...core.plan.schema import PLAN_EPSG
from ...core.sheet.contents import SiteSheet
from ...core.texts import text
from ...layers.opening import OpenPlan
from ...layers.style_making.labels import wrapped
from ...layers.style_making.renderers import renderer_of
from ...layers.style_making.symbols import colour, fill_symbol, line_layer
from ..page.lettering import text_format
from .paper import Faces

#: Corner points are drawn, and numbered, up to so many on a map: more would hide the site.
MOST_CORNERS = 40
#: The plan's tables below the site, from the top of the map down, and the legend's group of each.
_LINES = ("red_line", "nature_reserve", "basic_farmland", "urban_boundary")
_BORDERS = ("restoration_zone", "admin_unit")
_WATER = ("river", "water_body")
#: Code and name, the name in lines of nine characters.
_ZONE_LABEL = "concat(\"code\", ' ', " + wrapped('"name"', 9) + ")"


@dataclass(frozen=True)
class Shown:
    """A layer of the map, and the heading that the legend has it under."""

    layer: QgsVectorLayer
    group: str


class Ground:
    """The layers of a sheet's map; they live as long as this does."""

    def __init__(
        self,
        sheet: SiteSheet,
        opened: OpenPlan,
        crs: QgsCoordinateReferenceSystem,
        extent: QgsRectangle,
        faces: Faces,
        parts_numbered: bool = False,
    ) -> None:
        self._opened, self._faces, self._extent = opened, faces, extent
        self._degrees = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
        self._seen = _outline(extent, crs, self._degrees)
        self.shown: list[Shown] = []
        self._add(self._corners(sheet, crs), "legend_site")
        self._add(self._site(sheet, parts_numbered), "legend_site")
        self._add(self._offending(sheet, parts_numbered), "legend_offending")
        for table in _LINES:
            self._add(self._of_plan(table, _own_style(opened, table)), "legend_lines")
        self._add(self._others(sheet), "legend_borders")
        for table in _BORDERS:
            self._add(self._of_plan(table, _BORDER_STYLES[table](), _keep(table)), "legend_borders")
        for table in _WATER:
            self._add(self._of_plan(table, _own_style(opened, table)), "legend_water")

    def _add(self, layer: QgsVectorLayer | None, group: str) -> None:
        if layer is not None and layer.featureCount():
            self.shown.append(Shown(layer, group))

    @property
    def layers(self) -> list[QgsVectorLayer]:
        """From the top of the map down."""
        return [shown.layer for shown in self.shown]

    def _site(self, sheet: SiteSheet, numbered: bool) -> QgsVectorLayer:
        layer = _memory("MultiPolygon", text("sheet.legend_site"), self._degrees, ("part",))
        _fill(layer, [(part, (str(n),)) for n, part in sheet.parts])
        symbol = fill_symbol(line_layer(colour("#ffffff", 0.9), 1.5), line_layer(colour("#111111"), 0.7))
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        if numbered:
            words = text("sheet.part_label")
            around = QgsPalLayerSettings.Placement.OutsidePolygons
            self._label(layer, f"concat('{words}', \"part\")", 7.5, "#111111", around, always=True)
        return layer

    def _corners(self, sheet: SiteSheet, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer | None:
        corners = sheet.corners
        if corners is None:
            return None
        layer = _memory("Point", text("sheet.legend_corner"), crs, ("name",))
        features = []
        for ring in corners.rings:
            for name, (north, east) in zip(ring.names, ring.points.tolist()):
                place = QgsPointXY(east, north)
                if not self._extent.contains(place):
                    continue
                feature = QgsFeature(layer.fields())
                feature.setGeometry(QgsGeometry.fromPointXY(place))
                feature.setAttribute("name", name)
                features.append(feature)
        if len(features) > MOST_CORNERS:
            return None
        layer.dataProvider().addFeatures(features)
        symbol = QgsMarkerSymbol.createSimple(
            {
                "name": "circle",
                "size": "1.3",
                "color": "255,255,255",
                "outline_color": "17,17,17",
                "outline_width": "0.3",
            }
        )
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        self._label(layer, '"name"', 6, "#111111", QgsPalLayerSettings.Placement.OrderedPositionsAroundPoint)
        return layer

    def _offending(self, sheet: SiteSheet, numbers_of_parts: bool) -> QgsVectorLayer:
        layer = _memory("MultiPolygon", text("sheet.legend_offending"), self._degrees, ("grade", "number"))
        _fill(layer, [(part.geometry, (part.grade, str(part.number))) for part in sheet.offending])
        layer.setRenderer(_only_used(_own_style(self._opened, "siting_finding"), layer))
        if not numbers_of_parts:
            self._label(layer, '"number"', 8, "#111111", QgsPalLayerSettings.Placement.Horizontal)
        return layer

    def _others(self, sheet: SiteSheet) -> QgsVectorLayer | None:
        symbol = fill_symbol(line_layer(colour("#5c5c5c"), 0.35, pattern="2;0.8"))

        def other(feature: QgsFeature) -> bool:
            code = feature.attribute("code")
            return str(code) != sheet.code if isinstance(code, str) and code else bool(sheet.code)

        layer = self._of_plan("project", QgsSingleSymbolRenderer(symbol), other, text("sheet.legend_others"))
        if layer is not None:
            self._label(layer, '"code"', 6.5, "#5c5c5c", QgsPalLayerSettings.Placement.Horizontal)
        return layer

    def _of_plan(
        self,
        table: str,
        renderer: QgsFeatureRenderer,
        wanted: Callable[[QgsFeature], bool] | None = None,
        name: str = "",
    ) -> QgsVectorLayer | None:
        """A copy of what the map shows of a table; None where the plan's layer is not there."""
        try:
            source = self._opened.layer(table)
        except PlannerError:  # its layer was taken out of the project: the map goes without it
            return None
        kind = QgsWkbTypes.displayString(source.wkbType())
        captions = {"restoration_zone": "legend_zone", "admin_unit": "legend_county"}
        caption = name or (text(f"sheet.{captions[table]}") if table in captions else text(f"schema.{table}"))
        layer = _memory(kind, caption, self._degrees)
        layer.dataProvider().addAttributes(source.fields().toList())
        layer.updateFields()
        features = []
        engine = QgsGeometry.createGeometryEngine(self._seen.constGet())
        engine.prepareGeometry()
        for feature in source.getFeatures(QgsFeatureRequest(self._seen.boundingBox())):
            if (wanted is None or wanted(feature)) and engine.intersects(feature.geometry().constGet()):
                features.append(feature)
        if not features:
            return None
        layer.dataProvider().addFeatures(features)
        layer.setRenderer(_only_used(renderer, layer))
        if table == "restoration_zone" and len(features) > 1:  # a single zone stands in the head
            self._label(layer, _ZONE_LABEL, 6.5, "#6a6a6a", QgsPalLayerSettings.Placement.Horizontal)
        elif table in ("river", "water_body"):
            self._label(layer, '"name"', 6.5, "#2a6f9e", QgsPalLayerSettings.Placement.Horizontal)
        return layer

    def _label(
        self,
        layer: QgsVectorLayer,
        expression: str,
        points: float,
        shade: str,
        placement: QgsPalLayerSettings.Placement,
        always: bool = False,
    ) -> None:
        settings = QgsPalLayerSettings()
        settings.fieldName = expression
        settings.isExpression = True
        if layer.geometryType() == QgsWkbTypes.GeometryType.LineGeometry:
            placement = QgsPalLayerSettings.Placement.Curved
        settings.placement = placement
        ours = layer.fields().indexOf("part") >= 0 or layer.fields().indexOf("number") >= 0
        settings.priority = 10 if ours else 2  # the site's own words go before those of the ground
        settings.obstacle = ours
        if always:
            _even_over_others(settings)
        if placement == QgsPalLayerSettings.Placement.OrderedPositionsAroundPoint:
            settings.dist, settings.distUnits = 0.7, QgsUnitTypes.RenderUnit.RenderMillimeters
        settings.centroidInside = True
        settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
        letters = text_format(self._faces.heiti, points, False, shade)
        halo = QgsTextBufferSettings()
        halo.setEnabled(True)
        halo.setSize(0.5)
        halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
        halo.setColor(colour("#ffffff", 0.85))
        letters.setBuffer(halo)
        settings.setFormat(letters)
        layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
        layer.setLabelsEnabled(True)


def _even_over_others(settings: QgsPalLayerSettings) -> None:
    """Have a label drawn where nothing is free, too."""
    if Qgis.QGIS_VERSION_INT < 32600:
        settings.displayAll = True
        return
    placing = settings.placementSettings()
    placing.setOverlapHandling(Qgis.LabelOverlapHandling.AllowOverlapIfRequired)
    settings.setPlacementSettings(placing)


def _zone_borders() -> QgsFeatureRenderer:
    symbol = fill_symbol(
        line_layer(colour("#6b4e9b", 0.35), 1.6), line_layer(colour("#6b4e9b"), 0.4, pattern="4;1;1;1")
    )
    return QgsSingleSymbolRenderer(symbol)


def _county_borders() -> QgsFeatureRenderer:
    return QgsSingleSymbolRenderer(fill_symbol(line_layer(colour(ADMIN_COLOURS["county"]), 0.35, pattern="5;1;1;1")))


_BORDER_STYLES: dict[str, Callable[[], QgsFeatureRenderer]] = {
    "restoration_zone": _zone_borders,
    "admin_unit": _county_borders,
}


def _keep(table: str) -> Callable[[QgsFeature], bool] | None:
    """Of the administrative units the counties; of other tables all rows."""
    return (lambda feature: feature.attribute("level") == "county") if table == "admin_unit" else None


def _own_style(opened: OpenPlan, table: str) -> QgsFeatureRenderer:
    """How the plan's own layer is drawn; as it is by default where that layer is gone."""
    try:
        return opened.layer(table).renderer().clone()
    except PlannerError:
        return renderer_of(table)


def _only_used(renderer: QgsFeatureRenderer, layer: QgsVectorLayer) -> QgsFeatureRenderer:
    """A renderer without the classes that no feature of a layer has."""
    if not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return renderer
    from qgis.core import QgsExpressionContext, QgsExpressionContextUtils, QgsRenderContext

    context = QgsRenderContext()
    scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    context.setExpressionContext(QgsExpressionContext(scopes))
    used: set[str] = set()
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        used |= set(renderer.legendKeysForFeature(feature, context))
    renderer.stopRender(context)
    kept = [item.ruleKey() for item in renderer.legendSymbolItems()]
    for index in reversed(range(len(renderer.categories()))):
        if index < len(kept) and kept[index] not in used:
            renderer.deleteCategory(index)
    return renderer


def _memory(kind: str, name: str, crs: QgsCoordinateReferenceSystem, fields: Iterable[str] = ()) -> QgsVectorLayer:
    columns = "".join(f"&field={field}:string" for field in fields)
    return QgsVectorLayer(f"{kind}?crs={crs.authid()}{columns}", name, "memory")


def _fill(layer: QgsVectorLayer, rows: Iterable[tuple[object, tuple[str, ...]]]) -> None:
    features = []
    for shape, values in rows:
        feature = QgsFeature(layer.fields())
        geometry = QgsGeometry()
        geometry.fromWkb(shape.wkb)  # type: ignore[attr-defined]
        geometry.convertToMultiType()
        feature.setGeometry(geometry)
        feature.setAttributes(list(values))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()


def _outline(
    extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, degrees: QgsCoordinateReferenceSystem
) -> QgsGeometry:
    """The frame's ground in longitude and latitude."""
    box = QgsGeometry.fromRect(extent).densifyByCount(20)
    box.transform(QgsCoordinateTransform(crs, degrees, QgsProject()))
    return box
