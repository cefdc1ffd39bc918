"""Tools that draw a line: a shared border reshaped, a zone split."""

from __future__ import annotations

import numpy as np
import shapely
from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ...core.coverage.drawn import settled
from ...core.coverage.mosaic import Mosaic, Outcome
from ...core.coverage.reshape import reshape_border
from ...core.coverage.transfer import split_zone
from ...core.errors import PlannerError
from ...core.texts import text
from .base import DRAWN, LINE, ZoneTool
from .zone_editing import ZoneEditing


class LineTool(ZoneTool):
    """Click after click a line; a click with the right button or Enter ends it, Backspace takes the last click back."""

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self.points: list[QgsPointXY] = []
        self._pressed = False

    def reset(self) -> None:
        super().reset()
        self.points = []

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        point = self.show_snapping(event)
        self._draw(point)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        self._pressed = True

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if not self._pressed:
            return  # of the double click that ended the line before
        self._pressed = False
        point = self.show_snapping(event)
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
        elif event.button() == Qt.MouseButton.LeftButton and (not self.points or point != self.points[-1]):
            self.points.append(point)
            self._draw(point)
            self.hint("zone_editing.line_hint" if len(self.points) > 1 else "")

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        self._pressed = False
        self.finish()

    def step_back(self) -> None:
        if self.points:
            self.points.pop()
            self._draw(self.points[-1] if self.points else None)

    def finish(self) -> None:
        points, self.points = self.points, []
        if not points:
            return
        try:
            line = self.line_in_plan(points)
        except PlannerError as error:
            self.editing.warn(str(error))
        else:
            self.line_drawn(line)
        self.start_again()

    def line_drawn(self, line: shapely.LineString) -> None:
        """Do what the tool is for."""
        raise NotImplementedError

    def _draw(self, point: QgsPointXY | None) -> None:
        line = [*self.points, point] if self.points and point is not None else []
        self.draw("line", QgsGeometry.fromPolylineXY(line) if line else None, LINE, DRAWN)


class ReshapeTool(LineTool):
    """The border between two crossings follows the line drawn, in every zone and key area that shares it."""

    name = "reshape"

    def line_drawn(self, line: shapely.LineString) -> None:
        of_areas = self.editing.works_on_areas()
        self.editing.do(
            text("zone_editing.reshape"), lambda mosaic: reshape_border(mosaic, settled(mosaic, line), of_areas)
        )


class SplitTool(LineTool):
    """The zone that a line goes through is cut in two along it."""

    name = "split"

    def line_drawn(self, line: shapely.LineString) -> None:
        def split(mosaic: Mosaic) -> Outcome:
            cut = settled(mosaic, line)
            with np.errstate(invalid="ignore"):  # GEOS raises the flag on null zones, and answers right
                inside = shapely.length(shapely.intersection(mosaic.zones.geometry, cut))
            inside[~(inside > 0)] = 0.0
            if not inside.any():
                raise PlannerError("coverage.meets_nothing")
            return split_zone(mosaic, int(inside.argmax()), cut)

        self.editing.do(text("zone_editing.split"), split)
