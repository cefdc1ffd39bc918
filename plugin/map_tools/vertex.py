"""Shared vertices: moved, added, removed in every zone and key area that has them."""

from __future__ import annotations

import numpy as np
import shapely
from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QPoint, Qt

from ...core.coverage.vertices import Point, add_vertex, move_vertex, remove_vertex
from ...core.errors import PlannerError
from ...core.plan.tables import Array, object_array
from ...core.texts import text
from .base import CHOSEN, DRAWN, HOVERED, LINE, POINT, ZoneTool
from .zone_editing import ZoneEditing

#: A press and release nearer than this (pixels) is a click, not a drag.
STILL_PX = 4


class VertexTool(ZoneTool):
    """Drag a vertex to move it (or click it, then its new place); double-click a border to add one; Delete removes it."""

    name = "vertex"

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self._edges: Edges | None = None
        self._hovered: Point | None = None
        self._picked: Point | None = None
        self._pressed_at: QPoint | None = None
        self._carried = False

    def reset(self) -> None:
        super().reset()
        self._hovered = self._picked = self._pressed_at = None
        self._carried = False
        self._edges = None

    def layers_changed(self) -> None:
        self._edges = None

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._picked is None:
            self._hovered = self._vertex_at(event.originalMapPoint())
            self._mark(self._hovered)
            return
        point = self.show_snapping(event)
        lines = [QgsGeometry.fromPolylineXY([self._on_map(end), point]) for end in self._look().ends(self._picked)]
        self.draw("line", QgsGeometry.collectGeometry(lines) if lines else None, LINE, DRAWN)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._picked is not None:
            return
        self._picked = self._vertex_at(event.originalMapPoint())
        self._pressed_at = event.pos()
        self._carried = False
        self._mark(self._picked, CHOSEN)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.start_again()
            return
        if event.button() != Qt.MouseButton.LeftButton or self._picked is None:
            return
        still = self._pressed_at is not None and (event.pos() - self._pressed_at).manhattanLength() < STILL_PX
        if still and not self._carried:
            self._carried = True  # clicked, not dragged: the next click says where to
            self.hint("zone_editing.vertex_carried")
            return
        vertex, point = self._picked, self.show_snapping(event)
        self.start_again()
        try:
            to = tuple(self.to_plan([point])[0].tolist())
        except PlannerError as error:
            self.editing.warn(str(error))
            return
        self.editing.do(text("zone_editing.vertex_moved"), lambda mosaic: move_vertex(mosaic, vertex, to))

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        self.start_again()
        try:
            x, y = self.to_plan([event.originalMapPoint()])[0].tolist()
            found = self._look().nearest_edge(x, y, self.reach())
        except PlannerError as error:
            self.editing.warn(str(error))
            return
        if found is None:
            self.editing.warn(text("zone_editing.no_border_here"))
            return
        edge, place = found
        self.editing.do(text("zone_editing.vertex_added"), lambda mosaic: add_vertex(mosaic, edge, place))

    def step_back(self) -> None:
        """Backspace or Delete: the vertex under the mouse, or the one picked up, goes."""
        vertex = self._picked or self._hovered
        if vertex is None:
            self.editing.warn(text("coverage.no_such_vertex"))
            return
        self.start_again()
        self.editing.do(text("zone_editing.vertex_removed"), lambda mosaic: remove_vertex(mosaic, vertex))

    def _vertex_at(self, point: QgsPointXY) -> Point | None:
        try:
            x, y = self.to_plan([point])[0].tolist()
            return self._look().nearest_vertex(x, y, self.reach())
        except PlannerError as error:
            self.editing.warn(str(error))
            return None

    def _look(self) -> Edges:
        if self._edges is None:
            mosaic = self.editing.ground().mosaic
            self._edges = Edges([*mosaic.zones.geometry, *mosaic.areas.geometry])
        return self._edges

    def _mark(self, vertex: Point | None, colour: object = HOVERED) -> None:
        place = None if vertex is None else QgsGeometry.fromPointXY(self._on_map(vertex))
        self.draw("mark", place, POINT, colour)  # type: ignore[arg-type]

    def _on_map(self, vertex: Point) -> QgsPointXY:
        return self.on_canvas(shapely.points(vertex)).asPoint()


class Edges:
    """The edges of all borders, for finding what a click means."""

    def __init__(self, geometries: list[shapely.Geometry | None]) -> None:
        there = object_array([g for g in geometries if g is not None])
        rings = shapely.get_rings(shapely.get_parts(there))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        following = ring[:-1] == ring[1:]
        self._start, self._end = xy[:-1][following], xy[1:][following]

    def nearest_vertex(self, x: float, y: float, reach: float) -> Point | None:
        """The vertex nearest to a place, exactly as stored."""
        if not len(self._start):
            return None
        away = np.hypot(*(self._start - (x, y)).T)
        at = int(away.argmin())
        return _point(self._start[at]) if away[at] <= reach else None

    def nearest_edge(self, x: float, y: float, reach: float) -> tuple[tuple[Point, Point], Point] | None:
        """The edge nearest to a place, and the nearest place on it."""
        if not len(self._start):
            return None
        along = self._end - self._start
        length = np.maximum((along**2).sum(axis=1), 1e-300)
        share = np.clip((((x, y) - self._start) * along).sum(axis=1) / length, 0.0, 1.0)
        places = self._start + share[:, None] * along
        away = np.hypot(*(places - (x, y)).T)
        at = int(away.argmin())
        if away[at] > reach or not 0 < share[at] < 1:
            return None
        return (_point(self._start[at]), _point(self._end[at])), _point(places[at])

    def ends(self, vertex: Point) -> list[Point]:
        """The vertices next to one."""
        behind = self._end[(self._start == vertex).all(axis=1)]
        before = self._start[(self._end == vertex).all(axis=1)]
        return list(dict.fromkeys(_point(p) for p in np.concatenate([behind, before])))


def _point(xy: Array) -> Point:
    return float(xy[0]), float(xy[1])
