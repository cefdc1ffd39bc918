"""What sites are given from: zones, towns and rivers of the open plan, the selection of any layer; as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...core.errors import PlannerError
from ...core.intake.projection import Place, place_of
from ...core.plan.lists import read_list
from ...core.plan.schema import PLAN_EPSG
from ...core.plan.tables import Array, Rows, object_array
from ...core.plan.zones import UNIT_LEVELS
from ...core.sites.working import Given
from ...core.texts import text
from ...layers.opening import OpenPlan
from ...layers.reading import read_open_plan
from ..map_tools.ground import AREAS, UNITS, ZONES, Polygons
from ..map_tools.site_picking import Lines

RIVERS, PLAN, PROJECT = "river", "plan", "project"
COUNTY, TOWN = "county", "town"
#: Key of the limit that is the zones which the project names itself.
OWN_ZONES = "own"
_KINDS = {0: "points", 1: "line", 2: "outline"}


@dataclass(frozen=True)
class InHand:
    """The one selected project: its feature, its title, and its site as shapely has it (None without one)."""

    feature: QgsFeature
    title: str
    site: Any


def in_hand(layer: QgsVectorLayer) -> tuple[InHand | None, int]:
    """The project in hand, and how many are selected."""
    count = layer.selectedFeatureCount()
    if count != 1:
        return None, count
    feature = next(iter(layer.getSelectedFeatures()), None)
    if feature is None:
        return None, 0
    words = [str(feature[name]) for name in ("code", "name") if _there(feature, name)]
    title = " ".join(words) or _unnamed(feature.id(), "site.new_project")
    return InHand(feature, title, as_shape(feature.geometry())), 1


def as_shape(geometry: QgsGeometry) -> Any:
    """A geometry as shapely has it, curves as straight edges; None where there is none."""
    if geometry.isNull() or geometry.isEmpty():
        return None
    if QgsWkbTypes.isCurvedType(geometry.wkbType()):
        geometry = QgsGeometry(geometry.constGet().segmentize())
    return shapely.force_2d(shapely.from_wkb(geometry.asWkb().data()))


class PlanGround:
    """What a plan offers for sites, each read when it is first asked for."""

    def __init__(self, plan: OpenPlan) -> None:
        self._plan = plan
        self._rows: dict[str, Rows] = {}
        self._place: tuple[Place | None] | None = None

    def forget(self) -> None:
        """Layers were edited: what is asked for next is read anew."""
        self._rows.clear()
        self._place = None

    def place(self) -> Place | None:
        """Where the city lies."""
        if self._place is None:
            self._place = (place_of(read_open_plan(self._plan, (PLAN, UNITS, ZONES, AREAS))),)
        return self._place[0]

    def limits(self, project: InHand | None) -> list[tuple[str, str]]:
        """(key, caption) of what ground can be held within: nothing, the project's own zones, or a zone."""
        found = [("", text("site.limit_none"))]
        if project is not None and self._own(project):
            codes = [str(code) for code in self._own(project)]
            found.append((OWN_ZONES, text("site.limit_own", codes=codes)))
        zones = self._table(ZONES)
        return found + [(str(f), _caption(zones, i)) for i, f in enumerate(zones.fids.tolist())]

    def limit(self, key: str, project: InHand | None) -> Array | None:
        """The polygons of a limit; None for no limit.

        Raises
        ------
        PlannerError
            If what is named has no ground.
        """
        zones = self._table(ZONES)
        if not key or zones.geometry is None:
            return None
        if key == OWN_ZONES:
            own = set(self._own(project)) if project is not None else set()
            chosen = np.array([code in own for code in zones["code"]], dtype=bool)
        else:
            chosen = zones.fids == int(key)
        shapes: Array = zones.geometry[chosen]
        if not len(shapes) or bool(shapely.is_missing(shapes).all()):
            raise PlannerError("site.limit_without_ground")
        return shapes

    def zone_at(self, lon: float, lat: float) -> Array:
        """The zone that a place lies in.

        Raises
        ------
        PlannerError
            If it lies in none.
        """
        zones = self.polygons(ZONES)
        at = zones.at(lon, lat)
        if at is None:
            raise PlannerError("site.in_no_zone")
        return object_array([zones.geometry[at]])

    def polygons(self, picked: str) -> Polygons:
        """What can be picked: towns, counties, key areas or zones.

        Raises
        ------
        PlannerError
            If the plan has none with ground.
        """
        table = UNITS if picked in (TOWN, COUNTY) else picked
        rows = self._table(table)
        if table == UNITS:
            levels = UNIT_LEVELS if picked == TOWN else (COUNTY,)
            rows = rows.take(np.isin(rows["level"].astype(str), levels))
        shapes = rows.geometry if rows.geometry is not None else object_array([None] * len(rows))
        found = Polygons.of(rows.fids, [_caption(rows, i) for i in range(len(rows))], shapes)
        if not len(found.geometry):
            raise PlannerError("site.none_to_pick", what=text(f"site.picked_{picked}"))
        return found

    def rivers(self) -> Lines:
        """The plan's rivers.

        Raises
        ------
        PlannerError
            If there are none.
        """
        rows = self._table(RIVERS)
        found = Lines.of(
            [str(n or "") for n in rows["name"]], object_array([]) if rows.geometry is None else rows.geometry
        )
        if not len(found.geometry):
            raise PlannerError("site.no_rivers")
        return found

    def known_outlines(self) -> Array:
        """Outlines by which the offset of web maps is recognised."""
        found = [
            r.geometry for r in (self._table(UNITS), self._table(ZONES), self._table(AREAS)) if r.geometry is not None
        ]
        return np.concatenate(found) if found else object_array([])

    def _own(self, project: InHand) -> tuple[str, ...]:
        named = read_list(project.feature["zone_codes"]) if _there(project.feature, "zone_codes") else ()
        known = set(self._table(ZONES)["code"].tolist())
        return tuple(code for code in named if code in known)

    def _table(self, table: str) -> Rows:
        if table not in self._rows:
            self._rows[table] = read_open_plan(self._plan, (table,))[table]
        return self._rows[table]


def selection_of(layer: QgsVectorLayer | None, plan: OpenPlan) -> Given | None:
    """The selected features of a layer, each vertex carried to EPSG:4490; None where nothing is selected.

    Raises
    ------
    PlannerError
        If the layer's coordinates cannot be converted.
    """
    if layer is None or not layer.selectedFeatureCount():
        return None
    transform = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"), plan.project)
    shapes = []
    request = QgsFeatureRequest().setNoAttributes()
    for feature in layer.getSelectedFeatures(request):
        shape = QgsGeometry(feature.geometry())
        if shape.isNull() or shape.isEmpty():
            continue
        if QgsWkbTypes.isCurvedType(shape.wkbType()):
            shape = QgsGeometry(shape.constGet().segmentize())
        try:
            shape.transform(transform)
        except QgsCsException as error:
            raise PlannerError("site.not_transformed", layer=layer.name()) from error
        shapes.append(as_shape(shape))
    if not shapes:
        return None
    found = object_array(shapes)
    kind = _KINDS[int(shapely.get_dimensions(found).max())]
    return Given(kind, found)


def _caption(rows: Rows, position: int) -> str:
    words = [rows[name][position] for name in ("code", "name")]
    if rows.table == UNITS:
        words = words[1:] if words[1] else words
    return " ".join(str(w) for w in words if w is not None) or _unnamed(int(rows.fids[position]), "site.new_feature")


def _unnamed(fid: int, new: str) -> str:
    """What is called by its number; the number of what is not saved yet is QGIS's own, below 0, and tells nobody."""
    return text(new) if fid < 0 else text("site.unnamed", fid=fid)


def _there(feature: QgsFeature, name: str) -> bool:
    position = feature.fields().indexOf(name)
    value = feature.attribute(position) if position >= 0 else None
    return isinstance(value, str) and bool(value.strip())
