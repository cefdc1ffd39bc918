"""The map beside the units: each in its zone's colour, open ones hatched, under the plan's own rivers and lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import shapely
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsGeometry,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.gui import QgsMapCanvas, QgsMapToolEmitPoint
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QApplication, QVBoxLayout, QWidget

from ...core.palette import KEY_AREA_COLOUR
from ...core.texts import text
from ..highlight import PLAN_CRS, Highlight
from .units_model import OPEN_MARK

if TYPE_CHECKING:
    from ...core.plan.zone_draft import ZoneDraft

MARGIN = 1.14
SELECTED = "#c2185b"
OPEN = "?"
LABELS_UP_TO = 150


class DraftMap(QWidget):
    """A click on a unit says `clicked(fid, add)`; `add` where Ctrl was held."""

    clicked = pyqtSignal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = QgsVectorLayer(
            f"MultiPolygon?crs={PLAN_CRS}&field=unit:int8&field=zone:string(40)&field=name:string(80)&index=yes",
            text("build_zones.units_name"),
            "memory",
        )
        self._key_areas = QgsVectorLayer(f"MultiPolygon?crs={PLAN_CRS}", text("schema.key_area"), "memory")
        self._key_areas.setRenderer(QgsSingleSymbolRenderer(_outline(KEY_AREA_COLOUR)))
        self._fids: dict[int, int] = {}
        self._outlines: dict[int, QgsGeometry] = {}
        self.canvas = QgsMapCanvas(self)
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(PLAN_CRS))
        self.canvas.setCanvasColor(QColor("#ffffff"))
        self.canvas.enableAntiAliasing(True)
        self.canvas.setAccessibleName(text("build_zones.map_name"))
        self._click = QgsMapToolEmitPoint(self.canvas)
        self._click.setCursor(Qt.CursorShape.ArrowCursor)
        self._click.canvasClicked.connect(self._clicked)
        self.canvas.setMapTool(self._click)
        self._highlight = Highlight(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)

    def set_surroundings(self, layers: Iterable[QgsVectorLayer], crs: QgsCoordinateReferenceSystem) -> None:
        """The plan's own layers to be drawn above the units, and the map's projection."""
        if crs.isValid():
            self.canvas.setDestinationCrs(crs)
        self.canvas.setLayers([*layers, self._key_areas, self._units])

    def show_draft(self, draft: ZoneDraft, colours: dict[str, str]) -> None:
        """Show a draft's units where they belong; the first time all of them are brought into view."""
        provider = self._units.dataProvider()
        states = draft.units()
        if set(self._fids) != {unit.fid for unit in states}:
            self._fill(draft)
        zone = self._units.fields().indexOf("zone")
        provider.changeAttributeValues(
            {self._fids[u.fid]: {zone: OPEN if u.zone is None else u.zone} for u in states if u.fid in self._fids}
        )
        self._units.setRenderer(_zone_renderer(colours))
        keys = self._key_areas.dataProvider()
        keys.truncate()
        drawn = draft.built().key_areas.geometry
        keys.addFeatures([_feature(g) for g in (() if drawn is None else drawn) if g is not None])
        for layer in (self._units, self._key_areas):
            layer.triggerRepaint()

    def select(self, fids: Iterable[int]) -> None:
        """Outline units; where one is not in view, all of the plan is shown again."""
        shapes = [self._outlines[fid] for fid in fids if fid in self._outlines]
        if not shapes:
            self._highlight.clear()
            return
        together = QgsGeometry.collectGeometry(shapes)
        there = self._on_canvas(together.boundingBox())
        if there is not None and not self.canvas.extent().contains(there):
            self.show_all()
        self._highlight.show(together, SELECTED, move=False)

    def outlined(self) -> QgsGeometry | None:
        """What is outlined."""
        return self._highlight.geometry()

    def show_all(self) -> None:
        """Bring the whole plan into view."""
        extent = self._on_canvas(self._units.dataProvider().extent())
        if extent is not None:
            extent.scale(MARGIN)
            self.canvas.setExtent(extent)
            self.canvas.refresh()

    def unit_at(self, point: QgsPointXY) -> int | None:
        """The key of the unit at a point of the map."""
        to_plan = QgsCoordinateTransform(
            self.canvas.mapSettings().destinationCrs(), self._units.crs(), QgsProject.instance()
        )
        try:
            there = QgsGeometry.fromPointXY(to_plan.transform(point))
        except QgsCsException:
            return None
        request = QgsFeatureRequest().setFilterRect(there.boundingBox())
        return next((f["unit"] for f in self._units.getFeatures(request) if f.geometry().contains(there)), None)

    def zone_shown(self, fid: int) -> str:
        """The zone in whose colour a unit is drawn, or ``?``."""
        return str(self._units.getFeature(self._fids[fid])["zone"])

    def rest(self, resting: bool) -> None:
        """Draw nothing while the plan is written."""
        self.canvas.freeze(resting)
        if resting:
            self.canvas.stopRendering()
        else:
            self.canvas.refresh()

    def close_map(self) -> None:
        """Stop drawing and let go."""
        self.canvas.stopRendering()
        self.canvas.freeze(True)
        self._click.canvasClicked.disconnect(self._clicked)
        self._highlight.remove()
        self.canvas.setLayers([])

    def _fill(self, draft: ZoneDraft) -> None:
        provider = self._units.dataProvider()
        provider.truncate()
        self._outlines = {}
        features = []
        for unit in draft.units():
            geometry = draft.geometry_of(unit.fid)
            if geometry is None:
                continue
            feature = _feature(geometry)
            feature.setAttributes([unit.fid, OPEN, unit.name])
            features.append(feature)
            self._outlines[unit.fid] = feature.geometry()
        _, added = provider.addFeatures(features)
        self._fids = {feature.attributes()[0]: feature.id() for feature in added}
        self._units.updateExtents()
        self._units.setLabeling(QgsVectorLayerSimpleLabeling(_labels(self.font().family())))
        self._units.setLabelsEnabled(len(features) <= LABELS_UP_TO)
        self.show_all()

    def _clicked(self, point: QgsPointXY, _button: object) -> None:
        fid = self.unit_at(point)
        if fid is not None:
            held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
            self.clicked.emit(fid, bool(held))

    def _on_canvas(self, extent: QgsRectangle) -> QgsRectangle | None:
        if extent.isNull() or extent.isEmpty():
            return None
        crs = self.canvas.mapSettings().destinationCrs()
        to_canvas = QgsCoordinateTransform(self._units.crs(), crs, QgsProject.instance())
        try:
            return QgsRectangle(to_canvas.transformBoundingBox(extent))
        except QgsCsException:  # far off what the map's projection can show
            self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(PLAN_CRS))
            return QgsRectangle(extent)


def _feature(shape: object) -> QgsFeature:
    geometry = QgsGeometry()
    geometry.fromWkb(shapely.to_wkb(shape))
    geometry.convertToMultiType()
    feature = QgsFeature()
    feature.setGeometry(geometry)
    return feature


def _zone_renderer(colours: dict[str, str]) -> QgsCategorizedSymbolRenderer:
    made = []
    for code, colour in colours.items():
        symbol = QgsFillSymbol.createSimple({"color": colour, "outline_color": "#7b858b", "outline_width": "0.2"})
        made.append(QgsRendererCategory(code, symbol, code))
    hatch = {"color": OPEN_MARK, "style": "b_diagonal", "outline_color": OPEN_MARK, "outline_width": "0.4"}
    made.append(QgsRendererCategory(OPEN, QgsFillSymbol.createSimple(hatch), ""))
    return QgsCategorizedSymbolRenderer("zone", made)


def _outline(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"style": "no", "outline_color": colour, "outline_width": "0.7"})


def _labels(family: str) -> QgsPalLayerSettings:
    words = QgsTextFormat()
    font = words.font()
    font.setFamily(family)
    words.setFont(font)
    words.setSize(7.5)
    words.setColor(QColor("#2f3a40"))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.6)
    words.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName = "name"
    settings.setFormat(words)
    return settings
