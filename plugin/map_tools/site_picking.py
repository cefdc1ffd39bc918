"""Site tools that choose what is there already: towns, zones and key areas; rivers, whole or between two places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgisInterface, QgsMapMouseEvent
from qgis.PyQt.QtCore import Qt

from ...core.errors import PlannerError
from ...core.plan.tables import Array, object_array
from ...core.sites.along import nearest_on
from .ground import Polygons
from .plan_tool import CHOSEN, DRAWN, HOVERED, LINE, POINT, POLYGON
from .site_sketch import OutlineTool, PointsTool, SiteTool


class PickTool(SiteTool):
    """A click takes a polygon in, another one takes it out again."""

    hint_key = "site.pick_hint"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._polygons: Polygons | None = None
        self.chosen: list[int] = []
        self._under: int | None = None

    def offer(self, polygons: Polygons) -> None:
        """What can be picked from now on."""
        self._polygons = polygons
        self.start_again()

    def reset(self) -> None:
        super().reset()
        self.chosen, self._under = [], None

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        under = self._at(event.originalMapPoint())
        if under == self._under:
            return
        self._under = under
        shape = self._shape(under)
        self.draw("under", None if shape is None else self.on_canvas(shape), POLYGON, HOVERED, 40)
        if under is not None and self._polygons is not None:
            self.hint("site.pick_under_hint", name=self._polygons.names[under])

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
            return
        at = self._at(event.originalMapPoint()) if event.button() == Qt.MouseButton.LeftButton else None
        if at is None:
            return
        if at in self.chosen:
            self.chosen.remove(at)
        else:
            self.chosen.append(at)
        self._show_chosen()

    def step_back(self) -> None:
        if self.chosen:
            self.chosen.pop()
            self._show_chosen()

    def names(self) -> list[str]:
        """What is picked, in the order of the clicks."""
        return [] if self._polygons is None else [self._polygons.names[i] for i in self.chosen]

    def shapes(self) -> Array:
        """Its polygons, EPSG:4490."""
        return object_array([] if self._polygons is None else [self._polygons.geometry[i] for i in self.chosen])

    def _show_chosen(self) -> None:
        together = QgsGeometry.collectGeometry([self.on_canvas(s) for s in self.shapes()]) if self.chosen else None
        self.draw("chosen", together, POLYGON, CHOSEN, 70)
        self.changed.emit()

    def _shape(self, position: int | None) -> Any:
        return None if position is None or self._polygons is None else self._polygons.geometry[position]

    def _at(self, point: QgsPointXY) -> int | None:
        place = self.lon_lat(point)
        if place is None or self._polygons is None or not len(self._polygons.geometry):
            return None
        return self._polygons.at(*place)


@dataclass(frozen=True)
class Lines:
    """Rivers that can be pointed at: names, ``(n,)`` lines in EPSG:4490."""

    names: list[str]
    geometry: Array
    tree: shapely.STRtree

    @classmethod
    def of(cls, names: list[str], geometry: Array) -> Lines:
        """From arrays; nulls are left out."""
        there = np.flatnonzero(~shapely.is_missing(geometry) & ~shapely.is_empty(geometry))
        return cls([names[i] for i in there.tolist()], geometry[there], shapely.STRtree(geometry[there]))

    def near(self, x: float, y: float, reach: float) -> int | None:
        """Position of the line nearest to a place, None where none lies within reach (degrees)."""
        if not len(self.geometry):
            return None
        found = self.tree.query_nearest(shapely.points(x, y), max_distance=reach, all_matches=False)
        return int(found[0]) if len(found) else None

    def like(self, position: int) -> list[int]:
        """Positions of the lines of the same name: a river is often cut into pieces."""
        name = self.names[position]
        return [i for i, other in enumerate(self.names) if other == name] if name else [position]


class RiverTool(SiteTool):
    """Whole rivers by a click each, or the stretch between two clicks on them."""

    hint_key = "site.river_hint"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._lines: Lines | None = None
        self._between = False
        self.chosen: list[int] = []
        #: The river and the place on it (longitude, latitude) of each click of a stretch.
        self.ends: list[tuple[int, tuple[float, float]]] = []

    def offer(self, lines: Lines) -> None:
        """The rivers there are."""
        self._lines = lines

    def take(self, between: bool) -> None:
        """Whole rivers from now on, or stretches of them."""
        self._between = between
        self.hint_key = "site.stretch_hint" if between else "site.river_hint"
        self.start_again()

    def reset(self) -> None:
        super().reset()
        self.chosen, self.ends = [], []

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        found = self._under(event.originalMapPoint())
        shape = None if found is None or self._lines is None else self._lines.geometry[found[0]]
        self.draw("under", None if shape is None else self.on_canvas(shape), LINE, HOVERED)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.finish()
            return
        if event.button() != Qt.MouseButton.LeftButton or self._lines is None:
            return
        found = self._under(event.originalMapPoint())
        if found is None:
            self.hint("site.no_river_here")
            return
        position, place = found
        if self._between:
            self.ends = [*self.ends, found] if len(self.ends) < 2 else [found]
            self.hint("site.stretch_second_hint" if len(self.ends) == 1 else "site.river_end_hint")
        else:
            same = self._lines.like(position)
            if position in self.chosen:
                self.chosen = [i for i in self.chosen if i not in same]
            else:
                self.chosen += [i for i in same if i not in self.chosen]
            self.hint("site.river_end_hint" if self.chosen else "")
        self._show()

    def step_back(self) -> None:
        if self._between and self.ends:
            self.ends.pop()
        elif self.chosen and self._lines is not None:
            last = self._lines.like(self.chosen[-1])
            self.chosen = [i for i in self.chosen if i not in last]
        self._show()

    def lines(self) -> Array:
        """The rivers chosen, or those that a stretch may go along, EPSG:4490."""
        if self._lines is None:
            return object_array([])
        if not self._between:
            return self._lines.geometry[self.chosen]
        along = sorted({i for position, _ in self.ends for i in self._lines.like(position)})
        return self._lines.geometry[along]

    def all_lines(self) -> Array:
        """Every river there is: a stretch may lead over one of another name."""
        return object_array([]) if self._lines is None else self._lines.geometry

    def names(self) -> list[str]:
        """The rivers' names, each once."""
        used = self.chosen if not self._between else [position for position, _ in self.ends]
        return [] if self._lines is None else list(dict.fromkeys(self._lines.names[i] for i in used))

    def stretch(self) -> list[tuple[float, float]]:
        """Both ends of the stretch; fewer as long as they are not clicked."""
        return [place for _, place in self.ends]

    def _under(self, point: QgsPointXY) -> tuple[int, tuple[float, float]] | None:
        place = self.lon_lat(point)
        if place is None or self._lines is None:
            return None
        try:
            position = self._lines.near(*place, self.reach())
        except PlannerError:
            return None  # the middle of the map is off its projection
        return None if position is None else (position, nearest_on([self._lines.geometry[position]], place))

    def _show(self) -> None:
        whole = self._lines is not None and self.chosen and not self._between
        shown = [self.on_canvas(line) for line in self.lines()] if whole else []
        self.draw("chosen", QgsGeometry.collectGeometry(shown) if shown else None, LINE, CHOSEN)
        ends = [self.on_canvas(shapely.points(place)).asPoint() for place in self.stretch()]
        self.draw("ends", QgsGeometry.fromMultiPointXY(ends) if ends else None, POINT, DRAWN)
        self.changed.emit()


def site_tools(iface: QgisInterface) -> dict[str, SiteTool]:
    """Way of giving a site → its tool on the map; a part of a zone is drawn as any outline is."""
    outline = OutlineTool(iface)
    return {
        "draw": outline,
        "towns": PickTool(iface),
        "zone_part": outline,
        "river": RiverTool(iface),
        "points": PointsTool(iface),
    }
