"""The ground that would be used, on the map, until it is used or given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from ...core.plan.schema import PLAN_EPSG
from ..map_tools.ground import as_qgis
from ..map_tools.plan_tool import CHOSEN

_FILL = QColor(CHOSEN.red(), CHOSEN.green(), CHOSEN.blue(), 70)
#: Free space around what is brought into view.
_MARGIN = 1.8


class SitePreview:
    """One piece of ground on one map, whatever its projection is or becomes."""

    def __init__(self, canvas: QgsMapCanvas, cleared: Callable[[], None] = lambda: None) -> None:
        self._canvas = canvas
        self._cleared = cleared
        self._band: QgsRubberBand | None = None
        self._shape: Any = None
        canvas.destinationCrsChanged.connect(self._redraw)

    def show(self, shape: Any, move: bool = False) -> None:
        """Show ground given in EPSG:4490; `move` brings it into view where it is not."""
        self._shape = shape
        place = self._on_canvas(shape)
        if place is None:
            self._take_away()
            return
        if self._band is None:
            self._band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            self._band.setStrokeColor(CHOSEN)
            self._band.setFillColor(_FILL)
            self._band.setWidth(2)
        self._band.setToGeometry(place, None)
        extent = place.boundingBox()
        if move and not self._canvas.extent().contains(extent):
            extent.scale(_MARGIN)
            self._canvas.setExtent(extent)
            self._canvas.refresh()

    def shown(self) -> Any:
        """What is shown, in EPSG:4490; None for nothing."""
        return self._shape

    def clear(self) -> None:
        """Take it away, and tell that."""
        self._shape = None
        self._take_away()
        self._cleared()

    def remove(self) -> None:
        """Leave the map as it was."""
        self.clear()
        self._canvas.destinationCrsChanged.disconnect(self._redraw)

    def _take_away(self) -> None:
        if self._band is not None:
            self._canvas.scene().removeItem(self._band)
            self._band = None

    def _redraw(self) -> None:
        if self._shape is not None:
            self.show(self._shape)

    def _on_canvas(self, shape: Any) -> QgsGeometry | None:
        place = as_qgis(shape)
        crs = self._canvas.mapSettings().destinationCrs()
        plan = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
        try:
            place.transform(QgsCoordinateTransform(plan, crs, QgsProject.instance()))
        except QgsCsException:
            return None  # a place that the map's projection cannot show
        return place
