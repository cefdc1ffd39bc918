"""Zones, key areas and towns of an open plan as the map tools see them: arrays with the features they stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsGeometry,
    QgsVectorLayer,
)

from ...core.coverage.mosaic import Mosaic, Tiles
from ...core.errors import PlannerError
from ...core.plan.schema import PLAN_EPSG
from ...core.plan.tables import Array, Rows, object_array
from ...core.plan.zones import UNIT_LEVELS
from ...core.texts import text
from ...layers.opening import OpenPlan
from ...layers.reading import read_open_plan
from ...layers.roles import table_of

ZONES, AREAS, UNITS = "restoration_zone", "key_area", "admin_unit"
LABEL_LENGTH = 9


@dataclass(frozen=True)
class Ground:
    """Zones and key areas as they stand on the screen, unsaved edits included."""

    plan: OpenPlan
    zones: Rows
    areas: Rows
    mosaic: Mosaic

    def label(self, zone: int) -> str:
        """A zone's code and the beginning of its name: whole names are too long for hints."""
        code, name = self.zones["code"][zone], self.mosaic.zones.names[zone]
        short = name if len(name) <= LABEL_LENGTH else f"{name[: LABEL_LENGTH - 1]}…"
        return short if code is None or code == name else f"{code} {short}"

    def number(self, zone: int) -> str:
        """A zone by its code, where there is one: for sentences that name several."""
        code = self.zones["code"][zone]
        return self.label(zone) if code is None else text("zone_editing.number", code=code)

    def state(self) -> int:
        """A number that differs where any geometry differs."""
        return hash((_wkb(self.mosaic.zones.geometry), _wkb(self.mosaic.areas.geometry)))

    def is_as(self, other: Ground) -> bool:
        """Whether these are the same features with the same geometries, in the same zones."""
        return (
            self.state() == other.state()
            and np.array_equal(self.zones.fids, other.zones.fids)
            and np.array_equal(self.areas.fids, other.areas.fids)
            and np.array_equal(self.mosaic.zone_of_area, other.mosaic.zone_of_area)
        )


def read_ground(plan: OpenPlan) -> Ground:
    """Zones and key areas of an open plan.

    Raises
    ------
    PlannerError
        If the plan is closed, a layer is gone or filtered, or no zone has a geometry.
    """
    for table in (ZONES, AREAS):
        layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
        if isinstance(layer, QgsVectorLayer) and layer.subsetString():
            raise PlannerError("zone_editing.filtered", layer=layer.name())
    tables = read_open_plan(plan, (ZONES, AREAS))
    zones, areas = tables[ZONES], tables[AREAS]
    home = {code: position for position, code in reversed(list(enumerate(zones["code"]))) if code is not None}
    mosaic = Mosaic(_tiles(zones), _tiles(areas), [home.get(code, -1) for code in areas["zone_code"]])
    if not (~shapely.is_missing(mosaic.zones.geometry)).any():
        raise PlannerError("zone_editing.no_zones", plan=plan.name)
    return Ground(plan, zones, areas, mosaic)


@dataclass(frozen=True)
class Polygons:
    """Polygons that can be pointed at: towns, parts of zones, features of any layer.

    Attributes
    ----------
    geometry
        ``(n,)`` valid polygons, EPSG:4490.
    """

    fids: Array
    names: list[str]
    geometry: Array
    tree: shapely.STRtree

    @classmethod
    def of(cls, fids: Array, names: list[str], geometry: Array) -> Polygons:
        """From arrays; what has no ground is left out, what is not valid is put right for pointing at it."""
        there = np.flatnonzero(~shapely.is_missing(geometry) & ~shapely.is_empty(geometry))
        shapes = geometry[there]
        broken = ~shapely.is_valid(shapes)
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
        return cls(fids[there], [names[i] for i in there.tolist()], shapes, shapely.STRtree(shapes))

    def at(self, x: float, y: float) -> int | None:
        """Position of the polygon at a place, the smallest where several lie there."""
        found = self.tree.query(shapely.points(x, y), predicate="intersects")
        if not len(found):
            return None
        return int(found[np.argmin(shapely.area(self.geometry[found]))])

    def along(self, line: shapely.LineString) -> list[int]:
        """Positions of the polygons that a line goes over, in the order it meets them."""
        found = self.tree.query(line, predicate="intersects").tolist()
        return sorted(found, key=lambda i: shapely.line_locate_point(line, _first(line, self.geometry[i])))


def read_units(plan: OpenPlan) -> Polygons:
    """The towns and parts of towns of an open plan."""
    rows = read_open_plan(plan, (UNITS,))[UNITS]
    rows = rows.take(np.isin(rows["level"].astype(str), UNIT_LEVELS))
    shapes = rows.geometry if rows.geometry is not None else object_array([None] * len(rows))
    return Polygons.of(rows.fids, [str(n or c or f) for n, c, f in zip(rows["name"], rows["code"], rows.fids)], shapes)


def read_polygons(plan: OpenPlan, layer: QgsVectorLayer, only: set[int] | None = None) -> Polygons:
    """The polygons of any layer, in the plan's CRS; `only` some features."""
    if table_of(layer) == UNITS and layer.id() == plan.layer_ids.get(UNITS) and only is None:
        return read_units(plan)
    transform = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"), plan.project)
    request = QgsFeatureRequest()
    if only is not None:
        request.setFilterFids(list(only))
    fids, names, shapes = [], [], []
    for feature in layer.getFeatures(request):
        shape = QgsGeometry(feature.geometry())
        if shape.isNull():
            continue
        shape.transform(transform)
        fids.append(feature.id())
        names.append(str(feature.id()))
        shapes.append(shapely.force_2d(shapely.from_wkb(shape.asWkb().data())))
    return Polygons.of(np.array(fids, np.int64), names, object_array(shapes))


def as_qgis(geometry: shapely.Geometry | None) -> QgsGeometry:
    """A geometry as QGIS has it; a null one for None."""
    made = QgsGeometry()
    if geometry is not None:
        made.fromWkb(shapely.to_wkb(geometry))
    return made


def _tiles(rows: Rows) -> Tiles:
    names = [
        str(n or c or text("zone_editing.unnamed", fid=f)) for n, c, f in zip(rows["name"], rows["code"], rows.fids)
    ]
    shapes = rows.geometry if rows.geometry is not None else object_array([None] * len(rows))
    shapes = shapes.copy()
    shapes[shapely.is_empty(shapes)] = None
    return Tiles(names, shapes)


def _wkb(geometry: Array) -> bytes:
    return b"".join(w or b"-" for w in shapely.to_wkb(geometry).tolist())


def _first(line: shapely.LineString, polygon: shapely.Geometry) -> shapely.Geometry:
    return shapely.points(shapely.get_coordinates(shapely.intersection(line, polygon))[0])
