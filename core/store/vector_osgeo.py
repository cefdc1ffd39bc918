"""Vector files through GDAL's own ``osgeo`` (inside QGIS, or where fiona is missing)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from osgeo import gdal, ogr, osr

from ..errors import PlannerError
from ..plan.tables import Array
from .shapes import CURVE, UNREADABLE, as_multi, from_coordinates, from_wkb
from .trusted_formats import OFFLINE, drivers_of
from .vector import AS_BYTES, LayerData, LayerInfo, LayerToWrite, until_cancelled, write_error

_WRITES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "boolean": ogr.OFTInteger,
    "other": ogr.OFTString,
}
_GEOMETRY_TYPES = {
    None: ogr.wkbNone,
    "MultiPolygon": ogr.wkbMultiPolygon,
    "MultiLineString": ogr.wkbMultiLineString,
    "MultiPoint": ogr.wkbMultiPoint,
}


def list_layers(path: Path, encoding: str) -> list[LayerInfo]:
    """The layers of a file."""
    with _quiet(), _settings(OFFLINE):
        source = _open(path, encoding)
        return [_describe(source.GetLayer(i)) for i in range(source.GetLayerCount())]


def read_layer(
    path: Path,
    layer: str,
    wanted: set[str] | None,
    encoding: str,
    unchanging: bool,
    cancelled: Callable[[], bool],
) -> LayerData:
    """Read a layer; see `vector.read_layer`."""
    with _quiet(), _settings(OFFLINE):
        options = []
        if path.suffix.lower() == ".gpkg":
            options.append("LIST_ALL_TABLES=YES")  # also those that a program left out of the file's own list
            if unchanging:
                options.append("IMMUTABLE=YES")
        source = _open(path, encoding, options)
        found = source.GetLayerByName(layer)
        if found is None:
            raise PlannerError("store.unreadable_layer", path=path.name, layer=layer, reason=gdal.GetLastErrorMsg())
        return _read(found, found, wanted, cancelled)


def read_shapes(
    path: Path, layer: str, fids: Iterable[int], cancelled: Callable[[], bool]
) -> tuple[Array | None, dict[int, str]]:
    """Read single geometries; see `vector.read_shapes`."""
    with _quiet(), _settings(OFFLINE):
        source = _open(path, AS_BYTES)
        found = source.GetLayerByName(layer)
        if found is None:
            raise PlannerError("store.unreadable_layer", path=path.name, layer=layer, reason=gdal.GetLastErrorMsg())
        data = _read(found, (found.GetFeature(fid) for fid in fids), set(), cancelled)
        return data.geometry, data.damage


def raw_bytes(text: str) -> bytes:
    """See `vector.raw_bytes`; Python's bindings take what is no UTF-8 for surrogates."""
    return text.encode("utf-8", errors="surrogateescape")


def _read(layer: Any, features: Iterable[Any], wanted: set[str] | None, cancelled: Callable[[], bool]) -> LayerData:
    definition = layer.GetLayerDefn()
    getters: list[tuple[int, Callable[[Any, int], object], list[object]]] = []
    columns: dict[str, list[object]] = {}
    ignored = []
    for i in range(definition.GetFieldCount()):
        field = definition.GetFieldDefn(i)
        if wanted is None or field.GetName() in wanted:
            columns[field.GetName()] = []
            getters.append((i, _getter(field), columns[field.GetName()]))
        else:
            ignored.append(field.GetName())
    if ignored:
        layer.SetIgnoredFields(ignored)
    has_geometry = definition.GetGeomFieldCount() > 0
    fids: list[int] = []
    wkb: list[bytes | None] = []
    damage: dict[int, str] = {}
    # The odd ones out are kept as nested coordinates: shapely refuses their WKB.
    for feature in until_cancelled(features, cancelled):
        for i, get, column in getters:
            column.append(get(feature, i) if feature.IsFieldSetAndNotNull(i) else None)
        if has_geometry:
            geometry = feature.GetGeometryRef()
            if geometry is not None and geometry.HasCurveGeometry(True):
                geometry = geometry.GetLinearGeometry()
                damage[len(fids)] = CURVE
            wkb.append(None if geometry is None else bytes(geometry.ExportToWkb()))
        fids.append(feature.GetFID())
    if not has_geometry:
        return LayerData(np.array(fids, np.int64), columns, None)
    return LayerData(np.array(fids, np.int64), columns, _shapes(wkb, damage), damage)


def decode(shapes: Array, wkb: dict[int, bytes], damage: dict[int, str]) -> None:
    """Put into `shapes` what shapely refuses, and into `damage` what had to be put right (row → id of a text)."""
    with _quiet():
        linear: dict[int, Any] = {}
        for row, written in wkb.items():
            geometry = ogr.CreateGeometryFromWkb(written)
            curved = geometry is not None and geometry.HasCurveGeometry(True)
            linear[row] = geometry.GetLinearGeometry() if curved else geometry
        straight = [None if g is None else bytes(g.ExportToWkb()) for g in linear.values()]
        broken: dict[int, str] = {}
        rows = list(linear)
        shapes[rows] = _shapes(straight, broken)
        damage.update((rows[i], text_id) for i, text_id in broken.items())


def _shapes(wkb: list[bytes | None], damage: dict[int, str]) -> Array:
    """Geometries from WKB; what had to be put right is added to ``damage``."""
    shapes, broken, refused = from_wkb(wkb)
    damage.update(broken)
    if refused:
        nested = [_nested(ogr.CreateGeometryFromWkb(wkb[row])) for row in refused]
        mended, broken = from_coordinates([kind for kind, _ in nested], [coords for _, coords in nested])
        shapes[refused] = mended
        damage.update((refused[i], text_id) for i, text_id in broken.items())
        damage.update((row, UNREADABLE) for row in refused if shapes[row] is None and row not in damage)
    return shapes


def _getter(field: Any) -> Callable[[Any, int], object]:
    kind = field.GetType()
    if kind == ogr.OFTString:
        get: Callable[[Any, int], object] = ogr.Feature.GetFieldAsString
    elif kind == ogr.OFTReal:
        get = ogr.Feature.GetFieldAsDouble
    elif kind == ogr.OFTInteger and field.GetSubType() == ogr.OFSTBoolean:
        get = _as_boolean
    elif kind in (ogr.OFTInteger, ogr.OFTInteger64):
        get = ogr.Feature.GetFieldAsInteger64
    else:
        get = ogr.Feature.GetFieldAsString
    return get


def _as_boolean(feature: Any, index: int) -> bool:
    return bool(feature.GetFieldAsInteger(index))


def _nested(geometry: Any) -> tuple[str | None, Any]:
    """OGC type name and nested coordinates of an OGR geometry."""
    name = {"POLYGON": "Polygon", "LINESTRING": "LineString", "POINT": "Point"}
    kind = "" if geometry is None else geometry.GetGeometryName()
    if kind.startswith("MULTI") and kind[5:] in name:
        parts = [_nested(geometry.GetGeometryRef(i))[1] for i in range(geometry.GetGeometryCount())]
        return "Multi" + name[kind[5:]], parts
    if kind == "POLYGON":
        rings = [geometry.GetGeometryRef(i).GetPoints() or [] for i in range(geometry.GetGeometryCount())]
        return "Polygon", rings
    if kind in ("LINESTRING", "POINT"):
        points = geometry.GetPoints() or []
        return name[kind], points if kind == "LINESTRING" else (points or [()])[0]
    return None, None


def write_geopackage(path: Path, layers: Iterable[LayerToWrite]) -> None:
    """Write layers into a new GeoPackage; see `vector.write_geopackage`."""
    before = gdal.GetConfigOption("OGR_SQLITE_SYNCHRONOUS")
    with _quiet():
        gdal.SetConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF")
        try:
            target = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
            _must(target is not None, path)
            for layer in layers:
                _write_layer(target, layer, path)
            gdal.ErrorReset()
            del target
            _must(gdal.GetLastErrorType() < gdal.CE_Failure, path)
        finally:
            gdal.SetConfigOption("OGR_SQLITE_SYNCHRONOUS", before)


def _write_layer(target: Any, layer: LayerToWrite, path: Path) -> None:
    reference = None
    if layer.geometry_type is not None and layer.epsg:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(layer.epsg)
    kind = _GEOMETRY_TYPES[layer.geometry_type]
    options = ["FID=fid"] + (["GEOMETRY_NAME=geom", "SPATIAL_INDEX=YES"] if layer.geometry_type else [])
    created = target.CreateLayer(layer.name, reference, kind, options)
    _must(created is not None, path)
    for name, field_type in layer.fields.items():
        field = ogr.FieldDefn(name, _WRITES[field_type])
        if field_type == "boolean":
            field.SetSubType(ogr.OFSTBoolean)
        _must(created.CreateField(field) == 0, path)
    columns = [layer.columns.get(name) for name in layer.fields]
    shapes = None if layer.geometry is None else shapely.to_wkb(as_multi(layer.geometry), include_srid=False)
    created.StartTransaction()
    for row in range(layer.count):
        feature = ogr.Feature(created.GetLayerDefn())
        for i, column in enumerate(columns):
            value = None if column is None else column[row]
            if value is None:
                feature.SetFieldNull(i)
            else:
                feature.SetField(i, int(value) if isinstance(value, bool) else value)  # type: ignore[call-overload]
        if shapes is not None and shapes[row] is not None:
            feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(shapes[row]))
        _must(created.CreateFeature(feature) == 0, path)
    _must(created.CommitTransaction() == 0, path)


def _describe(layer: Any) -> LayerInfo:
    definition = layer.GetLayerDefn()
    fields = {}
    for i in range(definition.GetFieldCount()):
        field = definition.GetFieldDefn(i)
        kind = {ogr.OFTString: "text", ogr.OFTReal: "real", ogr.OFTInteger: "integer", ogr.OFTInteger64: "integer"}.get(
            field.GetType(), "other"
        )
        fields[field.GetName()] = "boolean" if field.GetSubType() == ogr.OFSTBoolean else kind
    geometry = None
    if definition.GetGeomFieldCount() and layer.GetGeomType() != ogr.wkbNone:
        written = ogr.GeometryTypeToName(ogr.GT_Flatten(layer.GetGeomType()))
        geometry = "Unknown" if written.startswith("Unknown") else written.title().replace(" ", "")
        geometry = geometry.replace("string", "String")
    reference = layer.GetSpatialRef()
    wkt = None if reference is None else reference.ExportToWkt() or None
    has_z = bool(ogr.GT_HasZ(layer.GetGeomType()))
    return LayerInfo(layer.GetName(), geometry, _epsg(reference), fields, wkt, has_z)


def _epsg(reference: Any) -> int | None:
    if reference is None or (reference.GetAuthorityName(None) or "").upper() != "EPSG":
        return None
    code = reference.GetAuthorityCode(None)
    return int(code) if code else None


def _open(path: Path, encoding: str, options: Iterable[str] = ()) -> Any:
    flags = gdal.OF_VECTOR | gdal.OF_READONLY
    # Always said: a shapefile's own note may lie, and QGIS sets SHAPE_ENCODING to nothing.
    told = "" if encoding == AS_BYTES else encoding
    extra = [*options, f"ENCODING={told}"] if path.suffix.lower() in (".shp", ".dbf") else list(options)
    source = gdal.OpenEx(str(path), flags, allowed_drivers=drivers_of(path), open_options=extra)
    if source is None:
        raise PlannerError("store.unreadable_layer", path=path.name, layer="", reason=gdal.GetLastErrorMsg())
    return source


def _must(succeeded: bool, path: Path) -> None:
    if not succeeded:
        raise write_error(path, gdal.GetLastErrorMsg())


@contextmanager
def _settings(settings: Mapping[str, str]) -> Iterator[None]:
    """GDAL's settings for a while; whatever else this program does with GDAL finds its own again."""
    read = getattr(gdal, "GetThreadLocalConfigOption", gdal.GetConfigOption)  # older bindings have no thread's own
    change = getattr(gdal, "SetThreadLocalConfigOption", gdal.SetConfigOption)
    before = {name: read(name) for name in settings}
    for name, value in settings.items():
        change(name, value)
    try:
        yield
    finally:
        for name, value_before in before.items():
            change(name, value_before)


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL's complaints become our sentences: no lines on the terminal, no exceptions half-way through a file.

    Other plugins may have switched GDAL's exceptions on; they find them so again.
    """
    raising = [module for module in (gdal, ogr, osr) if module.GetUseExceptions()]
    for module in (gdal, ogr, osr):
        module.DontUseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()
        for module in raising:
            module.UseExceptions()


def write_layer(
    path: Path,
    driver: str,
    layer: LayerToWrite,
    encoding: str,
    sizes: Mapping[str, tuple[int, int]],
    options: Mapping[str, str],
) -> None:
    """Write one layer into a file; see `vector.write_layer`."""
    # Where QGIS has opened a layer, SHAPE_ENCODING is set to nothing, and texts would not be converted.
    settings = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}
    if driver == "ESRI Shapefile":
        settings["SHAPE_ENCODING"] = encoding.upper()
    with _quiet(), _settings(settings):
        if path.exists():
            target = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE, allowed_drivers=[driver])
        else:
            target = ogr.GetDriverByName(driver).CreateDataSource(str(path))
        _must(target is not None, path)
        for position in reversed(range(target.GetLayerCount())):
            if target.GetLayer(position).GetName() == layer.name:
                _must(target.DeleteLayer(position) == 0, path)
        wanted = [f"{name}={value}" for name, value in options.items()]
        if driver == "ESRI Shapefile":
            wanted.append(f"ENCODING={encoding.upper()}")
        reference = None
        if layer.geometry_type is not None and layer.epsg:
            reference = osr.SpatialReference()
            reference.ImportFromEPSG(layer.epsg)
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        created = target.CreateLayer(layer.name, reference, _GEOMETRY_TYPES[layer.geometry_type], wanted)
        _must(created is not None, path)
        for name, kind in layer.fields.items():
            _must(created.CreateField(_field_of(name, kind, *sizes.get(name, (0, 0)))) == 0, path)
        _write_features(target, created, layer, path)
        gdal.ErrorReset()
        del created, target
        _must(gdal.GetLastErrorType() < gdal.CE_Failure, path)


def can_write(driver: str) -> bool:
    """Whether this GDAL writes a format."""
    found = gdal.GetDriverByName(driver)
    return found is not None and found.GetMetadataItem(gdal.DCAP_CREATE) == "YES"


def gdal_version() -> str:
    """GDAL's version."""
    return str(gdal.VersionInfo("RELEASE_NAME"))


def _field_of(name: str, kind: str, width: int, decimals: int) -> Any:
    field = ogr.FieldDefn(name, ogr.OFTInteger if kind == "integer" else _WRITES[kind])
    if kind == "boolean":
        field.SetSubType(ogr.OFSTBoolean)
    if width:
        field.SetWidth(width)
        field.SetPrecision(decimals)
    return field


def _write_features(target: Any, created: Any, layer: LayerToWrite, path: Path) -> None:
    columns = [layer.columns.get(name) for name in layer.fields]
    shapes = None if layer.geometry is None else shapely.to_wkb(as_multi(layer.geometry), include_srid=False)
    definition = created.GetLayerDefn()
    transaction = target.StartTransaction() == 0 if target.TestCapability(ogr.ODsCTransactions) else False
    for row in range(layer.count):
        feature = ogr.Feature(definition)
        for i, column in enumerate(columns):
            value = None if column is None else column[row]
            if value is None:
                feature.SetFieldNull(i)
            else:
                feature.SetField(i, int(value) if isinstance(value, bool) else value)  # type: ignore[call-overload]
        if shapes is not None and shapes[row] is not None:
            feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(shapes[row]))
        _must(created.CreateFeature(feature) == 0, path)
    if transaction:
        _must(target.CommitTransaction() == 0, path)
