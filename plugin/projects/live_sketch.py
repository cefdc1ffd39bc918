"""Following what is being drawn with QGIS's own tools, move by move, without standing in their way.

QGIS tells nobody what a digitising tool has so far.  So mouse and keys are watched on their way to the map, and after
each of them, when the tool has had its turn, the outline clicked so far is asked for; the cursor, snapped as
the tool snaps, is its last corner.
"""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgisInterface, QgsAdvancedDigitizingDockWidget, QgsMapToolCapture
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent

_MOUSE = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonPress)
_OTHERS = (QEvent.Type.KeyRelease, QEvent.Type.KeyPress)
#: QGIS's tool that adds a part to the selected feature; Python knows it by its name only.
ADD_PART = "QgsMapToolAddPart"


class SketchFollower(QObject):
    """Watches a map canvas for polygons being drawn into one layer.

    Signals
    -------
    sketched(geometry, adds_part)
        The outline so far with the cursor as its last corner (QgsGeometry in the layer's CRS), or None when it was
        finished or given up; whether it becomes a part of the selected feature.
    """

    sketched = pyqtSignal(object, bool)

    def __init__(self, iface: QgisInterface, layer: QgsVectorLayer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._layer = layer
        self._drawing = False
        #: Where the mouse was last, in the canvas's pixels.
        self.cursor: QPoint | None = None
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.timeout.connect(self.look)
        for watched in (self._canvas, self._canvas.viewport()):
            watched.installEventFilter(self)
        self._canvas.mapToolSet.connect(self._tool_changed)

    def close(self) -> None:
        """Stop watching."""
        self._look.stop()
        self._look.timeout.disconnect(self.look)
        for watched in (self._canvas, self._canvas.viewport()):
            watched.removeEventFilter(self)
        self._canvas.mapToolSet.disconnect(self._tool_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _MOUSE and isinstance(event, QMouseEvent) and watched is self._canvas.viewport():
            self.cursor = event.pos()
            self._look.start(0)
        elif kind in _OTHERS:
            self._look.start(0)
        return False

    def look(self) -> None:
        """Ask the tool what it has, and tell."""
        tool = self._canvas.mapTool()
        geometry = self._sketch(tool)
        if geometry is not None:
            self._drawing = True
            self.sketched.emit(geometry, _is_add_part(tool))
        elif self._drawing:
            self._drawing = False
            self.sketched.emit(None, False)

    def _tool_changed(self, *_: object) -> None:
        self._look.start(0)

    def _sketch(self, tool: object) -> QgsGeometry | None:
        if not isinstance(tool, QgsMapToolCapture) or self._canvas.currentLayer() is not self._layer:
            return None
        if tool.mode() != QgsMapToolCapture.CaptureMode.CapturePolygon or self.cursor is None:
            return None
        curve = tool.captureCurve()
        if curve is None or curve.numPoints() < 2:
            return None
        # The tool keeps what was clicked in the layer's CRS
        corners = [QgsPointXY(p.x(), p.y()) for p in curve.curveToLine().points()]
        cursor = self._cursor_in_layer()
        if cursor is not None and cursor != corners[-1]:
            corners.append(cursor)
        return QgsGeometry.fromPolygonXY([[*corners, corners[0]]]) if len(corners) > 2 else None

    def _cursor_in_layer(self) -> QgsPointXY | None:
        settings = self._canvas.mapSettings()
        transform = QgsCoordinateTransform(settings.destinationCrs(), self._layer.crs(), QgsProject.instance())
        try:
            return transform.transform(self._cursor_on_map())
        except QgsCsException:
            return None  # off the earth, as outside the world map: the outline so far is what there is

    def _cursor_on_map(self) -> QgsPointXY:
        """Where the next corner would be: as constrained by the advanced digitising dock, snapped, or the mouse's place."""
        dock = self._iface.cadDockWidget()
        if isinstance(dock, QgsAdvancedDigitizingDockWidget) and dock.cadEnabled():
            point = dock.currentPointV2() if hasattr(dock, "currentPointV2") else dock.currentPoint()
            point = point[0] if isinstance(point, tuple) else point
            return QgsPointXY(point.x(), point.y())
        assert self.cursor is not None
        match = self._canvas.snappingUtils().snapToMap(self.cursor)
        if match.isValid():
            return QgsPointXY(match.point())
        return self._canvas.getCoordinateTransform().toMapCoordinates(self.cursor)


def _is_add_part(tool: object) -> bool:
    return isinstance(tool, QObject) and tool.metaObject().className() == ADD_PART
