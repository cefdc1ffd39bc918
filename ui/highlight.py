"""Showing one place on the map: move there, flash it, keep it outlined until something else is shown."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

PLAN_CRS = "EPSG:4490"
HALO = QColor(255, 255, 255, 200)
#: A part narrower than this share of the map's width cannot be seen, so the map moves closer.
SMALLEST_SHARE = 0.08
#: Free space around a part, and the closest scale: a sliver alone on the screen says nothing of where it is.
MARGIN = 1.8
CLOSEST_SCALE = 1500.0


class Highlight:
    """The outlined place on one map canvas."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._bands: list[QgsRubberBand] = []
        self._geometry: QgsGeometry | None = None
        canvas.destinationCrsChanged.connect(self._redraw)
        self._colour = QColor()

    def show(self, geometry: QgsGeometry, colour: str, move: bool = True, zoom: bool = False) -> None:
        """Outline a geometry given in the plan's CRS and flash it.

        `move` brings it into view where it is not (or is too small to be seen); `zoom` always fits the map to it.
        """
        self.clear()
        self._geometry, self._colour = QgsGeometry(geometry), QColor(colour)
        place = self._on_canvas(geometry)
        if place is None:
            return
        extent = place.boundingBox()
        if zoom or (move and not self._is_seen(extent)):
            self._fit(extent)
        self._draw(place)
        self._canvas.flashGeometries([place], self._canvas.mapSettings().destinationCrs())

    def geometry(self) -> QgsGeometry | None:
        """What is outlined, in the plan's CRS."""
        return self._geometry

    def clear(self) -> None:
        """Take the outline away."""
        for band in self._bands:
            band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
            self._canvas.scene().removeItem(band)
        self._bands = []
        self._geometry = None

    def remove(self) -> None:
        """Leave the canvas as it was."""
        self.clear()
        self._canvas.destinationCrsChanged.disconnect(self._redraw)

    def _on_canvas(self, geometry: QgsGeometry) -> QgsGeometry | None:
        place = QgsGeometry(geometry)
        transform = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem(PLAN_CRS), self._canvas.mapSettings().destinationCrs(), QgsProject.instance()
        )
        try:
            place.transform(transform)
        except QgsCsException:
            # A place that the map's CRS cannot show; the table still tells of it
            return None
        return None if place.isEmpty() else place

    def _is_seen(self, extent: QgsRectangle) -> bool:
        view = self._canvas.extent()
        size = max(extent.width() / view.width(), extent.height() / view.height())
        return bool(view.contains(extent)) and size >= SMALLEST_SHARE

    def _fit(self, extent: QgsRectangle) -> None:
        wanted = QgsRectangle(extent)
        wanted.scale(MARGIN)
        self._canvas.setExtent(wanted)
        if self._canvas.scale() < CLOSEST_SCALE:
            self._canvas.zoomScale(CLOSEST_SCALE)
        self._canvas.refresh()

    def _draw(self, place: QgsGeometry) -> None:
        fill = QColor(self._colour)
        fill.setAlpha(70)
        for colour, width, inside in ((HALO, 6, QColor(0, 0, 0, 0)), (self._colour, 3, fill)):
            band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            band.setStrokeColor(colour)
            band.setFillColor(inside)
            band.setWidth(width)
            band.setLineStyle(Qt.PenStyle.SolidLine)
            band.setToGeometry(place, None)
            self._bands.append(band)

    def _redraw(self) -> None:
        geometry, colour = self._geometry, self._colour
        if geometry is not None:
            self.clear()
            self._geometry = geometry
            place = self._on_canvas(geometry)
            if place is not None:
                self._colour = colour
                self._draw(place)
