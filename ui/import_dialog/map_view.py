"""A small map of an import: the plan's outlines, and over them the source's features coloured by their fate.

It draws copies in memory, never the plan file: that may be written while the map is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLineSymbol,
    QgsProject,
    QgsRectangle,
    QgsRendererCategory,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapToolPan
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QColor, QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ...layers.crs import city_crs
from ..highlight import PLAN_CRS, Highlight
from .values import FATE_COLOURS, Outline, Sketch

#: Features made at once, so that many of them do not hold the window up.
AT_ONCE = 1500
MARGIN = 1.1
_KIND = "kind"


class SketchLayers:
    """The layers that the dialog's maps share; filled step by step."""

    def __init__(self) -> None:
        self.plan = _layer("MultiPolygon")
        self.areas = _layer("MultiPolygon")
        self.lines = _layer("MultiLineString")
        self.plan.setRenderer(_plan_renderer())
        self.areas.setRenderer(_fate_renderer(lines=False))
        self.lines.setRenderer(_fate_renderer(lines=True))
        self.features: dict[str, Outline] = {}
        self._waiting: Iterator[tuple[QgsVectorLayer, list[QgsFeature]]] | None = None
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._add_some)

    def from_top(self) -> list[QgsVectorLayer]:
        """The layers, topmost first."""
        return [self.lines, self.areas, self.plan]

    def show(self, sketch: Sketch | None) -> None:
        """Replace what the layers hold."""
        for layer in self.from_top():
            layer.dataProvider().truncate()
        self.features = {outline.id: outline for outline in (sketch.features if sketch else ())}
        self._waiting = self._batches(sketch) if sketch else None
        self._add_some()
        self._timer.start()

    def close(self) -> None:
        """Stop filling."""
        self._timer.stop()
        self._timer.timeout.disconnect(self._add_some)

    def extent_of_features(self) -> QgsRectangle:
        """What the source's features cover."""
        extent = QgsRectangle(self.areas.dataProvider().extent()) if self.areas.featureCount() else QgsRectangle()
        if self.lines.featureCount():
            extent.combineExtentWith(self.lines.dataProvider().extent())
        return extent

    def extent_of_plan(self) -> QgsRectangle:
        """What the plan's outlines cover."""
        return QgsRectangle(self.plan.dataProvider().extent()) if self.plan.featureCount() else QgsRectangle()

    def is_filled(self) -> bool:
        """Whether everything is there."""
        return self._waiting is None

    def _batches(self, sketch: Sketch) -> Iterator[tuple[QgsVectorLayer, list[QgsFeature]]]:
        for outlines, own in ((sketch.plan, self.plan), (sketch.features, None)):
            for start in range(0, len(outlines), AT_ONCE):
                made: dict[str, list[QgsFeature]] = {}
                for outline in outlines[start : start + AT_ONCE]:
                    feature = _feature(outline)
                    layer = own or (self.areas if feature.geometry().type() == _polygon_type() else self.lines)
                    made.setdefault(layer.id(), []).append(feature)
                for layer in self.from_top():
                    if layer.id() in made:
                        yield layer, made[layer.id()]

    def _add_some(self) -> None:
        batch = next(self._waiting, None) if self._waiting is not None else None
        if batch is None:
            self._waiting = None
            self._timer.stop()
            for layer in self.from_top():
                layer.updateExtents()
                layer.triggerRepaint()
            return
        layer, features = batch
        layer.dataProvider().addFeatures(features)


class MapView(QWidget):
    """A canvas over shared layers that can be panned and zoomed, and shows one feature on demand."""

    def __init__(self, layers: SketchLayers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self.canvas = QgsMapCanvas(self)
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(PLAN_CRS))
        self.canvas.setCanvasColor(QColor("#ffffff"))
        self.canvas.enableAntiAliasing(True)
        self.canvas.setLayers(layers.from_top())
        self._pan = QgsMapToolPan(self.canvas)
        self.canvas.setMapTool(self._pan)
        self._highlight = Highlight(self.canvas)
        #: What to show once the map stands on the screen: before, it has no size of its own
        self._awaiting: QgsRectangle | None = None
        self.canvas.setRenderFlag(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)

    def set_crs(self, crs: QgsCoordinateReferenceSystem) -> None:
        """Draw in the projection of QGIS's own map, so that shapes look as they do there."""
        if crs.isValid():
            self.canvas.setDestinationCrs(crs)

    def _suit_projection(self) -> None:
        """In a map of degrees shapes are squeezed: draw what there is in the projection that suits it."""
        extent = self._layers.extent_of_plan()
        extent.combineExtentWith(self._layers.extent_of_features())
        if self.canvas.mapSettings().destinationCrs().isGeographic() and not extent.isEmpty():
            self.canvas.setDestinationCrs(city_crs(extent))

    def show_all(self) -> None:
        """Show plan and features."""
        extent = self._layers.extent_of_plan()
        extent.combineExtentWith(self._layers.extent_of_features())
        self.show_extent(extent)

    def show_plan(self) -> None:
        """Show the plan's outlines."""
        self.show_extent(self._layers.extent_of_plan())

    def show_features(self) -> None:
        """Show the source's features."""
        self.show_extent(self._layers.extent_of_features())

    def show_extent(self, extent: QgsRectangle) -> None:
        """Show an extent given in the plan's CRS."""
        self._suit_projection()
        self._highlight.clear()
        if not self.isVisible():
            self._awaiting = QgsRectangle(extent)
            return
        there = self._on_canvas(extent)
        if there is not None:
            there.scale(MARGIN)
            self.canvas.setExtent(there)
        self.canvas.refresh()

    def show_feature(self, name: str) -> bool:
        """Zoom to a feature and outline it; False where it has no geometry to show."""
        outline = self._layers.features.get(name)
        if outline is None:
            self._highlight.clear()
            return False
        geometry = QgsGeometry()
        geometry.fromWkb(outline.wkb)
        self._highlight.show(geometry, FATE_COLOURS[outline.kind], zoom=True)
        return True

    def outlined(self) -> QgsGeometry | None:
        """What is outlined."""
        return self._highlight.geometry()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to draw, at the size that the map has got."""
        super().showEvent(event)
        self.canvas.setRenderFlag(True)
        if self._awaiting is not None:
            awaiting, self._awaiting = self._awaiting, None
            QTimer.singleShot(0, lambda: self.show_extent(awaiting))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it: rest."""
        super().hideEvent(event)
        self.canvas.setRenderFlag(False)

    def close_map(self) -> None:
        """Stop drawing and let go."""
        self.canvas.stopRendering()
        self.canvas.freeze(True)
        self._highlight.remove()
        self.canvas.setLayers([])

    def _on_canvas(self, extent: QgsRectangle) -> QgsRectangle | None:
        if extent.isNull() or extent.isEmpty():
            return None
        to_canvas = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem(PLAN_CRS), self.canvas.mapSettings().destinationCrs(), QgsProject.instance()
        )
        try:
            return QgsRectangle(to_canvas.transformBoundingBox(extent))
        except QgsCsException:  # far off what the map's projection can show
            self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(PLAN_CRS))
            return QgsRectangle(extent)


def _layer(kind: str) -> QgsVectorLayer:
    return QgsVectorLayer(f"{kind}?crs={PLAN_CRS}&field={_KIND}:string(20)&index=yes", kind, "memory")


def _polygon_type() -> object:
    from qgis.core import QgsWkbTypes

    return QgsWkbTypes.GeometryType.PolygonGeometry


def _feature(outline: Outline) -> QgsFeature:
    geometry = QgsGeometry()
    geometry.fromWkb(outline.wkb)
    geometry.convertToMultiType()
    feature = QgsFeature()
    feature.setGeometry(geometry)
    feature.setAttributes([outline.kind])
    return feature


def _plan_renderer() -> QgsCategorizedSymbolRenderer:
    zone = QgsFillSymbol.createSimple({"color": "244,245,242", "outline_color": "#6b7378", "outline_width": "0.5"})
    unit = QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": "#b4babd", "outline_width": "0.2", "outline_style": "dash"}
    )
    return QgsCategorizedSymbolRenderer(
        _KIND, [QgsRendererCategory("zone", zone, ""), QgsRendererCategory("unit", unit, "")]
    )


def _fate_renderer(lines: bool) -> QgsCategorizedSymbolRenderer:
    made = []
    for fate, colour in FATE_COLOURS.items():
        symbol: QgsSymbol
        if lines:
            symbol = QgsLineSymbol.createSimple({"color": colour, "width": "0.6"})
        else:
            symbol = QgsFillSymbol.createSimple({"color": colour, "outline_color": colour, "outline_width": "0.3"})
            inside = QColor(colour)
            inside.setAlpha(90)
            symbol.symbolLayer(0).setFillColor(inside)
        made.append(QgsRendererCategory(fate, symbol, ""))
    return QgsCategorizedSymbolRenderer(_KIND, made)
