"""Tools that point at whole polygons: towns to another zone, zones merged, a part given to a neighbour."""

from __future__ import annotations

import numpy as np
import shapely
from qgis.core import QgsPointXY, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QActionGroup, QMenu

from ...core.coverage.transfer import give_ground, merge_zones
from ...core.errors import PlannerError
from ...core.plan.tables import object_array
from ...core.texts import text
from .base import CHOSEN, DRAWN, HOVERED, ZoneTool
from .ground import AREAS, UNITS, ZONES, Ground, Polygons, read_polygons
from .zone_editing import ZoneEditing


class PointingTool(ZoneTool):
    """Knows what zone lies under the mouse; a plan that cannot be read is said once, when the tool is taken up."""

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self._ground: Ground | None = None
        self._zones: Polygons | None = None

    def reset(self) -> None:
        super().reset()
        self._forget()

    def layers_changed(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._ground = self._zones = None

    def ground(self) -> Ground:
        """The plan's zones and key areas."""
        if self._ground is None:
            self._ground = self.editing.ground()
        return self._ground

    def zone_at(self, point: QgsPointXY) -> int | None:
        """Position of the zone at a place on the map."""
        if self._zones is None:
            tiles = self.ground().mosaic.zones
            self._zones = Polygons.of(np.arange(len(tiles)), list(tiles.names), tiles.geometry)
        x, y = self.to_plan([point])[0]
        found = self._zones.at(x, y)
        return None if found is None else int(self._zones.fids[found])

    def zone_name(self, zone: int) -> str:
        """What a zone is called."""
        return self.ground().label(zone)

    def draw_zone(self, band: str, zone: int | None, colour: object, fill: int = 40) -> None:
        """Show a zone as one of the tool's drawings."""
        shape = None if zone is None else self.on_canvas(self.ground().mosaic.zones.geometry[zone])
        self.draw(band, shape, colour=colour, fill=fill)  # type: ignore[arg-type]


class TransferTool(PointingTool):
    """Click the zone that receives, then click or drag over what it gets; the right button opens a menu of zones and layers."""

    name = "transfer"

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self.receiver: int | None = None  # the zone's feature, which stays while positions change
        self.source_id: str | None = None
        self._source: Polygons | None = None
        self._dragged: list[int] | None = None
        self._last: QgsPointXY | None = None
        self._hovered: int | None = None
        self._menu: QMenu | None = None

    def deactivate(self) -> None:
        self._close_menu()
        super().deactivate()

    def _close_menu(self) -> None:
        if self._menu is not None:
            self._menu.close()
            self._menu.setParent(None)
            self._menu.deleteLater()
            self._menu = None

    def plan_changed(self) -> None:
        self.source_id = None
        super().plan_changed()

    def start_again(self) -> None:
        self.receiver = None
        super().start_again()

    def reset(self) -> None:
        super().reset()
        self._source, self._dragged, self._last, self._hovered = None, None, None, None

    def layers_changed(self) -> None:
        super().layers_changed()
        self._source = None
        self._show_receiver()

    def choose_receiver(self, fid: int) -> None:
        """Take the zone of a feature id as the one that receives."""
        self.receiver = fid
        self._show_receiver()

    def choose_source(self, layer_id: str) -> None:
        """Take the polygons of a layer as what is given."""
        self.source_id = layer_id
        self._source = None

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        try:
            self._moved(event.originalMapPoint())
        except PlannerError as error:
            self.editing.warn(str(error))

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.receiver is not None:
            self._dragged, self._last = [], None
            self.canvasMoveEvent(event)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._dragged = None
            self.menu().popup(self.canvas().mapToGlobal(event.pos()))
        elif event.button() == Qt.MouseButton.LeftButton:
            try:
                if self.receiver is None:
                    self._choose_at(event.originalMapPoint())
                elif self._dragged is not None:
                    self._give()
            except PlannerError as error:
                self.editing.warn(str(error))

    def step_back(self) -> None:
        """Backspace: another zone is to receive."""
        self.start_again()

    def finish(self) -> None:
        """Enter: done with this zone; another is to receive."""
        self.start_again()

    def menu(self) -> QMenu:
        """Which zone receives, and from which layer the polygons are."""
        self._close_menu()
        menu = self._menu = QMenu(self.canvas())
        menu.setObjectName("RestorationPlannerTransferMenu")
        try:
            ground = self.ground()
        except PlannerError as error:
            self.editing.warn(str(error))
            return menu
        menu.addSection(text("zone_editing.receives"))
        zones = QActionGroup(menu)
        for zone, fid in enumerate(ground.zones.fids.tolist()):
            code, name = ground.zones["code"][zone], ground.mosaic.zones.names[zone]
            action = zones.addAction(menu.addAction((name if code is None else f"{code} {name}").replace("&", "&&")))
            action.setCheckable(True)
            action.setChecked(fid == self.receiver)
            action.triggered.connect(lambda *_, fid=fid: self.choose_receiver(fid))
        menu.addSection(text("zone_editing.gives"))
        sources = QActionGroup(menu)
        for layer_id, name in [(layer.id(), layer.name()) for layer in self.sources()]:
            action = sources.addAction(menu.addAction(name.replace("&", "&&")))
            action.setCheckable(True)
            action.setChecked(layer_id == self._source_layer().id())
            action.triggered.connect(lambda *_, chosen=layer_id: self.choose_source(chosen))
        return menu

    def sources(self) -> list[QgsVectorLayer]:
        """Polygon layers whose features can be given: the plan's towns first, never the zones themselves."""
        plan = self.editing.plan()
        own = {plan.layer_ids.get(table) for table in (ZONES, AREAS, "siting_finding")}
        layers = [
            layer
            for layer in plan.project.mapLayers().values()
            if isinstance(layer, QgsVectorLayer)
            and layer.isValid()
            and layer.featureCount() != 0
            and layer.id() not in own
            and QgsWkbTypes.geometryType(layer.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry
        ]
        return sorted(layers, key=lambda la: (la.id() != plan.layer_ids.get(UNITS), la.name()))

    def _source_layer(self) -> QgsVectorLayer:
        layers = self.sources()
        chosen = next((la for la in layers if la.id() == self.source_id), None)
        if chosen is None and not layers:
            raise PlannerError("zone_editing.no_polygons")
        return chosen or layers[0]

    def _polygons(self) -> Polygons:
        if self._source is None:
            layer = self._source_layer()
            self._source = read_polygons(self.editing.plan(), layer)
            if not len(self._source.names):
                raise PlannerError("zone_editing.layer_empty", layer=layer.name())
        return self._source

    def _moved(self, point: QgsPointXY) -> None:
        if self.receiver is None:
            self.draw_zone("receiver", self.zone_at(point), HOVERED)
            return
        polygons = self._polygons()
        x, y = self.to_plan([point])[0]
        self._hovered = polygons.at(x, y)
        if self._dragged is not None:
            # a fast mouse leaps over polygons: all on its way are meant
            over = [self._hovered] if self._hovered is not None else []
            if self._last is not None and self._last != point:
                over = polygons.along(self.line_in_plan([self._last, point]))
            self._dragged += [p for p in over if p not in self._dragged]
            self._last = point
            self._show("dragged", self._dragged, DRAWN)
        self._show("hover", [] if self._hovered is None else [self._hovered], HOVERED)
        if self._hovered is not None:
            self.hint("zone_editing.transfer_over", town=polygons.names[self._hovered], zone=self._receiver_name())

    def _choose_at(self, point: QgsPointXY) -> None:
        zone = self.zone_at(point)
        if zone is None:
            raise PlannerError("zone_editing.no_zone_here")
        self.choose_receiver(int(self.ground().zones.fids[zone]))

    def _give(self) -> None:
        chosen, self._dragged, self._last = self._dragged or [], None, None
        self._show("dragged", [], DRAWN)
        if not chosen:
            raise PlannerError("zone_editing.nothing_here", layer=self._source_layer().name())
        polygons = self._polygons()
        zone = self._receiver_position()
        ground = [polygons.geometry[p] for p in chosen]
        named = polygons.names[chosen[0]] if len(chosen) == 1 else text("zone_editing.polygons", count=len(chosen))
        caption = text("zone_editing.transferred", what=named, zone=self.zone_name(zone))
        self.editing.do(caption, lambda mosaic: give_ground(mosaic, ground, zone))

    def _receiver_position(self) -> int:
        found = np.flatnonzero(self.ground().zones.fids == self.receiver)
        if not len(found):
            self.start_again()
            raise PlannerError("zone_editing.receiver_gone")
        return int(found[0])

    def _receiver_name(self) -> str:
        return self.zone_name(self._receiver_position())

    def _show_receiver(self) -> None:
        if self.receiver is None:
            return
        try:
            position = self._receiver_position()
            self.draw_zone("receiver", position, CHOSEN, 25)
            self.hint("zone_editing.transfer_to", zone=self.zone_name(position))
        except PlannerError as error:
            self.editing.warn(str(error))

    def _show(self, band: str, chosen: list[int], colour: object) -> None:
        shape = shapely.geometrycollections(self._polygons().geometry[chosen]) if chosen else None
        merged = None if shape is None else shapely.multipolygons(_polygons_of(shape))
        self.draw(band, None if merged is None else self.on_canvas(merged), colour=colour)  # type: ignore[arg-type]


class TwoClicksTool(PointingTool):
    """One click says what, the next one to which zone."""

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self._chosen: int | None = None

    def reset(self) -> None:
        super().reset()
        self._chosen = None

    def layers_changed(self) -> None:
        self.start_again()

    def step_back(self) -> None:
        self.start_again()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        try:
            self.hover(event.originalMapPoint())
        except PlannerError as error:
            self.editing.warn(str(error))

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            self.start_again()
            return
        try:
            zone = self.zone_at(event.originalMapPoint())
            if zone is None:
                raise PlannerError("zone_editing.no_zone_here")
            self.clicked(zone, event.originalMapPoint(), event.pos())
        except PlannerError as error:
            self.editing.warn(str(error))

    def hover(self, point: QgsPointXY) -> None:
        """Show what a click here would mean."""
        zone = self.zone_at(point)
        self.draw_zone("hover", None if zone == self._chosen else zone, HOVERED)

    def clicked(self, zone: int, point: QgsPointXY, pixel: QPoint) -> None:
        """Do what a click on a zone means."""
        raise NotImplementedError


class MergeTool(TwoClicksTool):
    """Click the zone that stays, then the one that becomes part of it."""

    name = "merge"

    def clicked(self, zone: int, point: QgsPointXY, pixel: QPoint) -> None:
        if self._chosen is None:
            self._chosen = zone
            self.draw_zone("chosen", zone, CHOSEN)
            self.hint("zone_editing.merge_second", zone=self.zone_name(zone))
            return
        if zone == self._chosen:
            raise PlannerError("zone_editing.same_zone")
        into, other = self._chosen, zone
        names = self.zone_name(into), self.zone_name(other)
        self.start_again()
        caption = text("zone_editing.merged", zone=names[0], other=names[1])
        said = text("zone_editing.merge_asks", zone=names[0], other=names[1])
        self.editing.do(caption, lambda mosaic: merge_zones(mosaic, into, other), said)


class GivePartTool(TwoClicksTool):
    """Click a piece of a zone, or features selected in the active layer; then the zone that gets it."""

    name = "give_part"

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing)
        self._part: list[shapely.Geometry] = []

    def reset(self) -> None:
        super().reset()
        self._part = []

    def hover(self, point: QgsPointXY) -> None:
        if self._chosen is not None:
            super().hover(point)
            return
        part = self._part_at(point, self.zone_at(point))
        self._show_part("hover", part, HOVERED)

    def clicked(self, zone: int, point: QgsPointXY, pixel: QPoint) -> None:
        if not self._part:
            self._part = self._part_at(point, zone)
            self._chosen = zone
            self._show_part("chosen", self._part, DRAWN)
            self.draw("hover", None)
            self.hint("zone_editing.give_part_second")
            return
        part, name = self._part, self.zone_name(zone)
        self.start_again()
        self.editing.do(text("zone_editing.part_given", zone=name), lambda mosaic: give_ground(mosaic, part, zone))

    def _part_at(self, point: QgsPointXY, zone: int | None) -> list[shapely.Geometry]:
        """The selected features of the active layer if the place is on one of them, else the piece of the zone there."""
        x, y = self.to_plan([point])[0]
        layer = self.editing.iface.activeLayer()
        if isinstance(layer, QgsVectorLayer) and layer.isSpatial() and layer.selectedFeatureCount():
            selected = read_polygons(self.editing.plan(), layer, set(layer.selectedFeatureIds()))
            plan = self.editing.plan()
            if len(selected.names) and layer.id() != plan.layer_ids.get(ZONES) and selected.at(x, y) is not None:
                return list(selected.geometry)
        if zone is None:
            return []
        pieces = shapely.get_parts(self.ground().mosaic.zones.geometry[zone])
        here = pieces[shapely.intersects_xy(pieces, x, y)]
        return here[:1].tolist()

    def _show_part(self, band: str, part: list[shapely.Geometry], colour: object) -> None:
        shape = shapely.multipolygons(_polygons_of(shapely.geometrycollections(part))) if part else None
        self.draw(band, None if shape is None else self.on_canvas(shape), colour=colour)  # type: ignore[arg-type]


def _polygons_of(geometry: shapely.Geometry) -> np.ndarray:
    """All polygons in a collection."""
    parts = shapely.get_parts(shapely.get_parts(object_array([geometry])))
    found: np.ndarray = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return found
