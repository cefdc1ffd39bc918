"""Reading a plan's open layers, unsaved edits included, into the arrays that the engine works on.

Runs on the main thread; what it returns belongs to nobody and may go to a task.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ..core.errors import PlannerError
from ..core.plan.schema import PLAN_EPSG, REQUIRED_TABLES, TABLES
from ..core.plan.tables import Array, PlanTables, Rows
from ..core.store.shapes import CURVE, UNREADABLE, from_coordinates, from_wkb
from ..core.store.values import as_column, is_number
from ..core.texts import text
from .opening import OpenPlan

ATTEMPTS = 5
PAUSE_S = 0.1


def read_open_plan(open_plan: OpenPlan, tables: Iterable[str] | None = None) -> PlanTables:
    """The tables of an open plan as they stand on the screen.

    A layer with a filter is read whole.  A layer that was taken out of the project holds no edits,
    so its table is read from the file.

    Parameters
    ----------
    tables
        Only these tables; all that the plan has where None.

    Raises
    ------
    PlannerError
        If the plan has been closed, a layer it cannot do without is gone or unreadable, a layer is
        in another CRS, or a filter hides rows of a layer with unsaved edits.
    """
    if not open_plan.is_open:
        raise PlannerError("layers.plan_closed", plan=open_plan.name)
    wanted = [t for t in TABLES if (tables is None or t in set(tables)) and t in open_plan.layer_ids]
    return PlanTables({table: read_layer(_whole_layer(open_plan, table), table) for table in wanted})


def read_layer(layer: QgsVectorLayer, table: str) -> Rows:
    """The rows of one layer, unsaved edits included.

    Features that have not been saved yet have negative ids.  A null, in whichever way the Qt binding
    writes it, and empty text are None.  Curves become straight edges, as the damage notes say.
    """
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([layer.fields().indexOf(name) for name in _known_fields(layer, table)])
    if TABLES[table].geometry is None:
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    return rows_of_features(layer, table, _features(layer, request, table))


def rows_of_features(layer: QgsVectorLayer, table: str, features: Iterable[QgsFeature]) -> Rows:
    """Some features of a layer as rows; see `read_layer`."""
    has_geometry = TABLES[table].geometry is not None
    names = _known_fields(layer, table)
    positions = [layer.fields().indexOf(name) for name in names]
    fids: list[int] = []
    values: list[list[object]] = []
    shapes: list[QgsGeometry] = []
    for feature in features:
        fids.append(feature.id())
        values.append(feature.attributes())
        if has_geometry:
            shapes.append(feature.geometry())
    columns = {
        name: _column(table, name, [row[position] for row in values]) for name, position in zip(names, positions)
    }
    if not has_geometry:
        return Rows(table, np.array(fids, np.int64), columns)
    geometry, damage = _shapes(shapes)
    return Rows(table, np.array(fids, np.int64), columns, geometry, damage)


def layer_with_edits(open_plan: OpenPlan, table: str) -> QgsVectorLayer | None:
    """The table's layer where it holds unsaved edits, so that the file alone does not tell all.

    Raises
    ------
    PlannerError
        Where `read_open_plan` would refuse the layer.
    """
    if open_plan.project.mapLayer(open_plan.layer_ids.get(table, "")) is None and table not in REQUIRED_TABLES:
        return None
    layer = open_plan.layer(table)
    _refuse_other_crs(layer, table)
    if not layer.isModified():
        return None
    if layer.subsetString():
        raise PlannerError("layers.filtered_editing", table=text(f"schema.{table}"))
    return layer


def unsaved_ids(layer: QgsVectorLayer) -> tuple[list[int], list[int]]:
    """Ids of a layer's features that are new or otherwise than in the file, and of those that are to go."""
    buffer = layer.editBuffer()
    if buffer is None:
        return [], []
    changed = {*buffer.changedGeometries(), *buffer.changedAttributeValues(), *buffer.addedFeatures()}
    return sorted(changed), sorted(buffer.deletedFeatureIds())


def rows_of_ids(layer: QgsVectorLayer, table: str, fids: Iterable[int]) -> Rows:
    """Some features of a layer by their ids, unsaved edits included, those that are there."""
    wanted = list(fids)
    if not wanted:
        return Rows.empty(table)
    request = QgsFeatureRequest().setFilterFids(wanted)
    return rows_of_features(layer, table, sorted(layer.getFeatures(request), key=QgsFeature.id))


def _known_fields(layer: QgsVectorLayer, table: str) -> list[str]:
    return [f.name for f in TABLES[table].fields if layer.fields().indexOf(f.name) >= 0]


def _refuse_other_crs(layer: QgsVectorLayer, table: str) -> None:
    if layer.isSpatial() and layer.crs() != QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"):
        found = layer.crs().userFriendlyIdentifier()
        raise PlannerError("layers.wrong_crs", table=text(f"schema.{table}"), found=found)


def _features(layer: QgsVectorLayer, request: QgsFeatureRequest, table: str) -> list[QgsFeature]:
    """All features of a layer, as many as it says it has.

    A reader that finds the file locked for a moment breaks off and QGIS tells nobody; what was not
    read must not pass for what is not there.
    """
    for attempt in range(ATTEMPTS):
        features = list(layer.getFeatures(request))
        if layer.featureCount() < 0 or layer.featureCount() == len(features):
            return features
        time.sleep(PAUSE_S * attempt)
        layer.dataProvider().reloadData()  # its count may be an old one
    raise PlannerError("layers.broken_off", table=text(f"schema.{table}"))


def _whole_layer(open_plan: OpenPlan, table: str) -> QgsVectorLayer:
    """The table's layer if all its rows can be read through it, else the table itself."""
    if open_plan.project.mapLayer(open_plan.layer_ids[table]) is None and table not in REQUIRED_TABLES:
        return _table_itself(open_plan, table)
    layer = open_plan.layer(table)
    _refuse_other_crs(layer, table)
    if not layer.subsetString():
        return layer
    if layer.isModified():
        raise PlannerError("layers.filtered_editing", table=text(f"schema.{table}"))
    return _table_itself(open_plan, table)


def _table_itself(open_plan: OpenPlan, table: str) -> QgsVectorLayer:
    source = QgsProviderRegistry.instance().encodeUri("ogr", {"path": str(open_plan.path), "layerName": table})
    options = QgsVectorLayer.LayerOptions(loadDefaultStyle=False)
    layer = QgsVectorLayer(source, table, "ogr", options)
    if not layer.isValid():
        raise PlannerError("layers.layer_broken", table=text(f"schema.{table}"), plan=open_plan.name)
    return layer


def _column(table: str, name: str, values: list[object]) -> Array:
    plain = [None if value is None or isinstance(value, QVariant) else value for value in values]
    try:
        return as_column(TABLES[table].field(name), plain)
    except ValueError as error:
        wrong = next(v for v in plain if isinstance(v, str) and v.strip() and not is_number(v))
        raise PlannerError(
            "layers.text_for_number",
            table=text(f"schema.{table}"),
            field=text(f"schema.{table}.{name}"),
            value=wrong,
        ) from error


def _shapes(shapes: list[QgsGeometry]) -> tuple[Array, dict[int, str]]:
    wkb: list[bytes | None] = []
    damage: dict[int, str] = {}
    for row, shape in enumerate(shapes):
        if shape.isNull():
            wkb.append(None)
            continue
        if QgsWkbTypes.isCurvedType(shape.wkbType()):
            damage[row] = CURVE
            shape = QgsGeometry(shape.constGet().segmentize())
            shapes[row] = shape
        wkb.append(shape.asWkb().data())
    geometry, broken, refused = from_wkb(wkb)
    damage.update(broken)
    if refused:
        nested = [_nested(shapes[row]) for row in refused]
        mended, broken = from_coordinates([kind for kind, _ in nested], [coords for _, coords in nested])
        geometry[refused] = mended
        damage.update((refused[i], text_id) for i, text_id in broken.items())
        damage.update((row, UNREADABLE) for row in refused if geometry[row] is None and row not in damage)
    return geometry, damage


def _nested(shape: QgsGeometry) -> tuple[str | None, Any]:
    """OGC type name and nested coordinates of a geometry whose WKB shapely refuses."""
    kind = QgsWkbTypes.geometryType(shape.wkbType())
    copy = QgsGeometry(shape)
    if not copy.convertToMultiType():
        return None, None
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        polygons = copy.asMultiPolygon()
        return "MultiPolygon", [[[(p.x(), p.y()) for p in ring] for ring in polygon] for polygon in polygons]
    if kind == QgsWkbTypes.GeometryType.LineGeometry:
        return "MultiLineString", [[(p.x(), p.y()) for p in line] for line in copy.asMultiPolyline()]
    return None, None
