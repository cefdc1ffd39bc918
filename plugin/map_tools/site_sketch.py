"""Site tools that take places anywhere on the map: an outline drawn, points set."""

from __future__ import annotations

import math
from typing import Any

import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from qgis.gui import QgisInterface, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text
from .plan_tool import DRAWN, LINE, POINT, POLYGON, PlanTool


class SiteTool(PlanTool):
    """A tool by which a site is given; it collects and draws, and leaves to others what becomes of it.

    What was begun stays while another tool pans or zooms the map; whoever took the tool up resets it otherwise.

    Signals
    -------
    changed()
        Something else is given now.
    finished()
        Right click or Enter: what is given is to be used.
    refused(sentence)
        Why a click meant nothing.
    """

    hint_name = "RestorationPlannerSiteHint"
    changed = pyqtSignal()
    finished = pyqtSignal()
    refused = pyqtSignal(str)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._put_down_on: QgsCoordinateReferenceSystem | None = None

    def take_up(self) -> None:
        # Places are kept as the map had them: on a map of another projection they would lie elsewhere
        if self._put_down_on == self.canvas().mapSettings().destinationCrs():
            self.hint("site.go_on_hint")
        else:
            self.start_again()
        self._put_down_on = None

    def put_down(self) -> None:
        self._put_down_on = self.canvas().mapSettings().destinationCrs() if self._bands else None

    def reset(self) -> None:
        super().reset()
        self._put_down_on = None

    def start_again(self) -> None:
        super().start_again()
        self.changed.emit()

    def finish(self) -> None:
        self.finished.emit()

    def lon_lat(self, point: QgsPointXY) -> tuple[float, float] | None:
        """A place on the map in the plan's CRS; None off the map's projection."""
        try:
            x, y = self.to_plan([point])[0].tolist()
        except PlannerError:
            return None
        return (x, y) if math.isfinite(x) and math.isfinite(y) else None


class PlacesTool(SiteTool):
    """Click after click one place more; Backspace takes the last one back."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self.points: list[QgsPointXY] = []
        self._pressed = False

    def reset(self) -> None:
        super().reset()
        self.points = []

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        self._pressed = True

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if not self._pressed:
            return  # of the double click that ended what was before
        self._pressed = False
        point = self.show_snapping(event)
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
        elif event.button() == Qt.MouseButton.LeftButton and (not self.points or point != self.points[-1]):
            if self.lon_lat(point) is None:
                self.refused.emit(text("zone_editing.off_the_map"))
                return
            self.points.append(point)
            self.place_added(point)
            self.changed.emit()

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        self._pressed = False
        self.finish()

    def step_back(self) -> None:
        if self.points:
            last = self.points.pop()
            self.place_added(self.points[-1] if self.points else last)
            self.changed.emit()

    def place_added(self, cursor: QgsPointXY) -> None:
        """Draw what is given so far."""
        raise NotImplementedError


class OutlineTool(PlacesTool):
    """A polygon, corner after corner; each is carried to the plan's CRS on its own, whatever the map's is."""

    hint_key = "site.draw_hint"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._cursor: QgsPointXY | None = None

    def reset(self) -> None:
        super().reset()
        self._cursor = None

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        self._cursor = self.show_snapping(event)
        if self.points:
            self.place_added(self._cursor)
            self.changed.emit()

    def place_added(self, cursor: QgsPointXY) -> None:
        corners = [*self.points, cursor] if self.points else []
        self.draw("outline", QgsGeometry.fromPolygonXY([corners]) if len(corners) > 2 else None, POLYGON, DRAWN, 30)
        self.draw("line", QgsGeometry.fromPolylineXY(corners) if len(corners) == 2 else None, LINE, DRAWN)
        if len(self.points) in (1, 2, 3):
            self.hint("site.draw_more_hint" if len(self.points) < 3 else "site.draw_end_hint")

    def outline(self, with_cursor: bool = False) -> Any:
        """The polygon drawn, in the plan's CRS, crossing itself or not; None below three corners."""
        corners = list(self.points)
        if with_cursor and self._cursor is not None and corners and corners[-1] != self._cursor:
            corners.append(self._cursor)
        if len({(p.x(), p.y()) for p in corners}) < 3:
            return None
        return shapely.Polygon(self.to_plan(corners))

    def finish(self) -> None:
        """End the outline; a click too few keeps what is there."""
        if not self.points:
            return
        if self.outline() is None:
            self.hint("site.draw_more_hint")
            return
        super().finish()


class PointsTool(PlacesTool):
    """Points, each to be given a circle."""

    hint_key = "site.points_hint"

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        self.show_snapping(event)

    def place_added(self, cursor: QgsPointXY) -> None:
        shown = QgsGeometry.fromMultiPointXY(self.points) if self.points else None
        self.draw("points", shown, POINT, DRAWN)
        if self.points:
            self.hint("site.points_end_hint", count=len(self.points))

    def places(self) -> Any:
        """``(n, 2)`` longitudes and latitudes of the points."""
        return self.to_plan(self.points)
