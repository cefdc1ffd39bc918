"""The offending ground on the map: hatched in its grade's colour, the worst grade on top."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor

from ..core.palette import GRADE_COLOURS
from .highlight import PLAN_CRS

POLYGON = QgsWkbTypes.GeometryType.PolygonGeometry
#: The drawing tools' own lines stay readable through it.
HATCH_ALPHA = 200


class LiveShading:
    """What the live check shades on one map canvas."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._bands: dict[str, QgsRubberBand] = {}
        self._shapes: dict[str, bytes] = {}
        canvas.destinationCrsChanged.connect(self._redraw)

    def show(self, shapes: Mapping[str, bytes]) -> None:
        """Shade these shapes (grade → WKB in the plan's CRS, drawn in this order) and nothing else."""
        self._shapes = dict(shapes)
        for height, grade in enumerate(GRADE_COLOURS):
            place = self._on_canvas(self._shapes[grade]) if grade in self._shapes else None
            if place is not None:
                self._band(grade, height).setToGeometry(place, None)
            elif grade in self._bands:
                self._bands[grade].reset(POLYGON)

    def clear(self) -> None:
        """Shade nothing."""
        self.show({})

    def shaded(self) -> dict[str, QgsGeometry]:
        """What is shaded, by grade, in the map's CRS."""
        shown = {grade: band.asGeometry() for grade, band in self._bands.items()}
        return {grade: geometry for grade, geometry in shown.items() if not geometry.isEmpty()}

    def middle(self) -> QPoint | None:
        """Where in the canvas, in pixels, the middle of all that is shaded lies."""
        extent = QgsRectangle()
        for geometry in self.shaded().values():
            extent.combineExtentWith(geometry.boundingBox())
        if extent.isEmpty():
            return None
        return self._pixel(extent.center())

    def pixel_of(self, lon: float, lat: float) -> QPoint | None:
        """Where in the canvas, in pixels, a place of the plan lies."""
        try:
            return self._pixel(self._to_canvas().transform(lon, lat))
        except QgsCsException:
            return None

    def remove(self) -> None:
        """Leave the canvas as it was."""
        self._canvas.destinationCrsChanged.disconnect(self._redraw)
        for band in self._bands.values():
            self._canvas.scene().removeItem(band)
        self._bands, self._shapes = {}, {}

    def _band(self, grade: str, height: int) -> QgsRubberBand:
        band = self._bands.get(grade)
        if band is None:
            band = self._bands[grade] = QgsRubberBand(self._canvas, POLYGON)
            colour = QColor(GRADE_COLOURS[grade])
            band.setStrokeColor(colour)
            hatch = QColor(colour)
            hatch.setAlpha(HATCH_ALPHA)
            band.setFillColor(hatch)
            band.setBrushStyle(Qt.BrushStyle.BDiagPattern)
            band.setWidth(2)
            band.setZValue(band.zValue() - height * 0.01)
        return band

    def _on_canvas(self, wkb: bytes) -> QgsGeometry | None:
        place = QgsGeometry()
        place.fromWkb(wkb)
        try:
            place.transform(self._to_canvas())
        except QgsCsException:
            return None  # a place that the map's CRS cannot show; label and dock still tell of it
        return place

    def _to_canvas(self) -> QgsCoordinateTransform:
        crs = QgsCoordinateReferenceSystem(PLAN_CRS)
        return QgsCoordinateTransform(crs, self._canvas.mapSettings().destinationCrs(), QgsProject.instance())

    def _pixel(self, place: QgsPointXY) -> QPoint:
        at = self._canvas.getCoordinateTransform().transform(place)
        return QPoint(int(at.x()), int(at.y()))

    def _redraw(self) -> None:
        self.show(self._shapes)
