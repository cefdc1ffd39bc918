"""A border laid onto a line that is there already, a river or a town's border, between two clicks."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsTracer, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ...core.coverage.drawn import settled
from ...core.coverage.reshape import reshape_border
from ...core.errors import PlannerError
from ...core.texts import text
from .base import DRAWN, HOVERED, LINE, POINT, POLYGON, ZoneTool
from .ground import AREAS, ZONES
from .snapping import Target, nearest
from .zone_editing import ZoneEditing

#: Reach of a click around a line, in pixels.
REACH_PX = 12
#: More features in view than this take too long to be made a network.
MOST_FEATURES = 20000


class FollowTool(ZoneTool):
    """Two clicks on lines of other layers; the border takes the shortest way along them."""

    name = "follow_line"

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self._first: QgsPointXY | None = None
        self._path: list[QgsPointXY] = []
        self._tracers: dict[tuple[str, ...], QgsTracer] = {}

    def reset(self) -> None:
        super().reset()
        self._first, self._path = None, []
        self._tracers = {}

    def activate(self) -> None:
        super().activate()
        self.canvas().extentsChanged.connect(self._view_changed)
        self.canvas().layersChanged.connect(self.start_again)

    def deactivate(self) -> None:
        self.canvas().extentsChanged.disconnect(self._view_changed)
        self.canvas().layersChanged.disconnect(self.start_again)
        super().deactivate()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        point = self._on_line(event.originalMapPoint())
        self.draw("mark", QgsGeometry.fromPointXY(point) if point is not None else None, POINT, HOVERED)
        path = self._way(self._first, point) if self._first is not None and point is not None else []
        self.draw("line", QgsGeometry.fromPolylineXY([*self._path, *path]) if len(path) > 1 else None, LINE, DRAWN)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = self._on_line(event.originalMapPoint())
        if point is None:
            self.editing.warn(text("zone_editing.no_line_here"))
            return
        if self._first is None:
            self._first = point
            self.hint("zone_editing.follow_line_second")
            return
        path = self._way(self._first, point)
        if len(path) < 2:
            self.editing.warn(text("zone_editing.no_way"))
            return
        self._path += path if not self._path else path[1:]
        self._first = point
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.finish()

    def step_back(self) -> None:
        self.start_again()

    def finish(self) -> None:
        path = self._path
        if len(path) >= 2:
            try:
                line = self.line_in_plan(path)
            except PlannerError as error:
                self.editing.warn(str(error))
            else:
                of_areas = self.editing.works_on_areas()
                self.editing.do(
                    text("zone_editing.follow_line"),
                    lambda mosaic: reshape_border(mosaic, settled(mosaic, line), of_areas),
                )
        self.start_again()

    def lines(self) -> list[QgsVectorLayer]:
        """The layers on the map whose lines can be followed, lines first: all but the zones and key areas themselves."""
        plan = self.editing.plan()
        own = {plan.layer_ids.get(ZONES), plan.layer_ids.get(AREAS)}
        found = [
            layer
            for layer in self.canvas().layers()
            if isinstance(layer, QgsVectorLayer) and layer.id() not in own and _kind(layer) in (LINE, POLYGON)
        ]
        return sorted(found, key=lambda layer: _kind(layer) != LINE)

    def _on_line(self, point: QgsPointXY) -> QgsPointXY | None:
        """The nearest vertex, else the nearest place on an edge, of the lines within reach."""
        return self._match(self._layers(), point, REACH_PX * self.canvas().mapUnitsPerPixel())

    def _match(self, layers: list[QgsVectorLayer], point: QgsPointXY, reach: float) -> QgsPointXY | None:
        match = nearest(self.canvas(), [Target(layer, reach) for layer in layers], point)
        return QgsPointXY(match.point()) if match.isValid() else None

    def _way(self, start: QgsPointXY | None, end: QgsPointXY) -> list[QgsPointXY]:
        """The shortest way along lines; along those of one layer where both places are on it."""
        if start is None or start == end:
            return []
        touch = 1e-3 * REACH_PX * self.canvas().mapUnitsPerPixel()
        layers = self._layers()
        one_layer = [[la] for la in layers if all(self._match([la], place, touch) for place in (start, end))]
        for chosen in (*one_layer, layers):
            path, error = self._tracer_of(chosen).findShortestPath(start, end)
            if error == QgsTracer.PathError.ErrNone and len(path) > 1:
                return list(path)
        return []

    def _layers(self) -> list[QgsVectorLayer]:
        try:
            return self.lines()
        except PlannerError:
            return []  # no plan is open any more

    def _tracer_of(self, layers: list[QgsVectorLayer]) -> QgsTracer:
        key = tuple(la.id() for la in layers)
        if key not in self._tracers:
            tracer = self._tracers[key] = QgsTracer()
            tracer.setDestinationCrs(
                self.canvas().mapSettings().destinationCrs(), QgsProject.instance().transformContext()
            )
            tracer.setExtent(self.canvas().extent())
            tracer.setMaxFeatureCount(MOST_FEATURES)
            tracer.setLayers(layers)
        return self._tracers[key]

    def _view_changed(self) -> None:
        """A moved map keeps the clicks; only what is in view is looked at anew."""
        self._tracers = {}


def _kind(layer: QgsVectorLayer) -> object:
    return QgsWkbTypes.geometryType(layer.wkbType())
