"""What all map tools share: places from canvas to plan and back, snapping, drawings on the map, hints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsWkbTypes,
)
from qgis.gui import QgisInterface, QgsMapMouseEvent, QgsMapTool, QgsRubberBand, QgsSnapIndicator
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QKeyEvent
from qgis.PyQt.QtWidgets import QLabel

from ...core.errors import PlannerError
from ...core.plan.schema import PLAN_EPSG
from ...core.texts import text
from .ground import as_qgis
from .snapping import configured, nearest

POLYGON, LINE, POINT = (
    QgsWkbTypes.GeometryType.PolygonGeometry,
    QgsWkbTypes.GeometryType.LineGeometry,
    QgsWkbTypes.GeometryType.PointGeometry,
)
#: Free space around the hint on the map, in pixels.
STRIP_GAP = 8
CHOSEN, HOVERED, DRAWN = QColor("#2b9a5c"), QColor("#e08214"), QColor("#c2255c")


class PlanTool(QgsMapTool):
    """A map tool on a plan: Esc begins anew, Backspace takes the last click back, Enter ends.

    Its first hint is the text ``hint_key``.
    """

    hint_key = ""
    hint_name = "RestorationPlannerMapHint"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface.mapCanvas())
        self.iface = iface
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._bands: dict[str, QgsRubberBand] = {}
        self._indicator: QgsSnapIndicator | None = None
        self._strip: QLabel | None = None

    # --- coming and going ----------------------------------------------------------------------------

    def activate(self) -> None:
        super().activate()
        self._indicator = QgsSnapIndicator(self.canvas())
        self.canvas().destinationCrsChanged.connect(self.start_again)
        self.take_up()

    def deactivate(self) -> None:
        self.put_down()
        self.canvas().destinationCrsChanged.disconnect(self.start_again)
        self._indicator = None
        if self._strip is not None:
            self._strip.hide()
            self._strip.deleteLater()
            self._strip = None
        self.iface.mainWindow().statusBar().clearMessage()
        super().deactivate()

    def take_up(self) -> None:
        """It is the map's tool from now on."""
        self.start_again()

    def put_down(self) -> None:
        """Another tool is the map's from now on."""
        self.reset()

    def reset(self) -> None:
        """Forget what was begun and take all drawings off the map."""
        for band in self._bands.values():
            self.canvas().scene().removeItem(band)
        self._bands = {}

    def start_again(self) -> None:
        """Forget what was begun and say what to do first."""
        self.reset()
        self.hint()

    def hint(self, key: str = "", **values: object) -> None:
        """Say what to do next: in the status bar, and on the map where the bar leaves no room."""
        if not self.isActive():
            return
        sentence = text(key or self.hint_key, **values)
        self.iface.mainWindow().statusBar().showMessage(sentence)
        if self._strip is None:
            self._strip = QLabel(self.canvas().viewport())
            self._strip.setObjectName(self.hint_name)
            self._strip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._strip.setAutoFillBackground(True)
            self._strip.setMargin(4)
            self._strip.setWordWrap(True)
        strip, room = self._strip, self.canvas().viewport()
        strip.setText(sentence)
        strip.setMaximumWidth(max(room.width() - 2 * STRIP_GAP, 1))
        wanted = min(strip.fontMetrics().horizontalAdvance(sentence) + 12, strip.maximumWidth())
        strip.resize(wanted, strip.heightForWidth(wanted))
        strip.move(STRIP_GAP, room.height() - strip.height() - STRIP_GAP)
        strip.show()

    # --- keys and mouse ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.start_again()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.step_back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        else:
            event.ignore()
            return
        event.accept()

    def step_back(self) -> None:
        """Backspace: take the last click back."""

    def finish(self) -> None:
        """Enter: end what is being drawn."""

    def show_snapping(self, event: QgsMapMouseEvent) -> QgsPointXY:
        """The place of a mouse event, at what it snaps to; the snapping mark is shown there."""
        match = nearest(self.canvas(), configured(self.canvas()), event.originalMapPoint())
        if self._indicator is not None:
            self._indicator.setMatch(match)
        return QgsPointXY(match.point()) if match.isValid() else QgsPointXY(event.originalMapPoint())

    # --- places --------------------------------------------------------------------------------------

    def to_plan(self, points: Sequence[QgsPointXY]) -> np.ndarray:
        """``(n, 2)`` longitude and latitude of points on the map.

        Raises
        ------
        PlannerError
            If the map's projection has no such place on earth.
        """
        transform = self._transform(True)
        try:
            return np.array([[p.x(), p.y()] for p in map(transform.transform, points)])
        except QgsCsException as error:
            raise PlannerError("zone_editing.off_the_map") from error

    def line_in_plan(self, points: Sequence[QgsPointXY]) -> shapely.LineString:
        """A line drawn on the map, in the plan's CRS; places clicked twice count once."""
        xy = self.to_plan(points)
        apart = np.concatenate([[True], (np.diff(xy, axis=0) != 0).any(axis=1)])
        if apart.sum() < 2:
            raise PlannerError("zone_editing.line_too_short")
        return shapely.linestrings(xy[apart])

    def on_canvas(self, geometry: shapely.Geometry) -> QgsGeometry:
        """A geometry of the plan as the map shows it."""
        made = as_qgis(geometry)
        made.transform(self._transform(False))
        return made

    def reach(self) -> float:
        """How far from a border a click still means it: the snapping tolerance, in degrees."""
        canvas = self.canvas()
        here = canvas.getCoordinateTransform().toMapCoordinates(0, 0)
        there = canvas.getCoordinateTransform().toMapCoordinates(12, 0)
        centre = canvas.extent().center()
        xy = self.to_plan([centre, QgsPointXY(centre.x() + there.x() - here.x(), centre.y())])
        return float(np.hypot(*(xy[1] - xy[0])))

    def _transform(self, to_plan: bool) -> QgsCoordinateTransform:
        canvas, plan = self.canvas().mapSettings().destinationCrs(), QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
        return QgsCoordinateTransform(*((canvas, plan) if to_plan else (plan, canvas)), QgsProject.instance())

    # --- drawings ------------------------------------------------------------------------------------

    def draw(
        self, band: str, geometry: QgsGeometry | None, kind: object = POLYGON, colour: QColor = HOVERED, fill: int = 60
    ) -> None:
        """Show a geometry, given in the map's CRS, as one of the tool's drawings; None takes it away."""
        drawn = self._bands.get(band)
        if drawn is None:
            if geometry is None:
                return
            drawn = self._bands[band] = QgsRubberBand(self.canvas(), kind)
            drawn.setWidth(2)
            if kind == POINT:
                drawn.setIcon(QgsRubberBand.IconType.ICON_FULL_BOX)
                drawn.setIconSize(9)
        drawn.reset(kind)
        if geometry is None:
            return
        within = QColor(colour)
        within.setAlpha(fill)
        drawn.setStrokeColor(colour)
        drawn.setFillColor(within)
        drawn.setToGeometry(geometry, None)

    def drawn(self, band: str) -> QgsGeometry | None:
        """What one of the tool's drawings shows, in the map's CRS."""
        shown = self._bands.get(band)
        geometry = shown.asGeometry() if shown is not None else None
        return None if geometry is None or geometry.isEmpty() else geometry
