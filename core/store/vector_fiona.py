"""Vector files through fiona (outside QGIS)."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely
from fiona._err import CPLE_BaseError

from ..errors import PlannerError
from ..plan.tables import Array
from .shapes import NOT_FINITE, UNREADABLE, as_multi, from_coordinates, to_coordinates
from .trusted_formats import OFFLINE, drivers_of
from .vector import AS_BYTES, LayerData, LayerInfo, LayerToWrite, until_cancelled, write_error

# fiona logs what GDAL complains about; a planner is told by a sentence instead.
logging.getLogger("fiona").addHandler(logging.NullHandler())

#: fiona 1.10 lets GDAL's own errors through, which are none of its own family.
_FAILURES = (fiona.errors.FionaError, CPLE_BaseError, RuntimeError, SystemError, ValueError)

#: What releases of fiona say about a layer's number that is too high.
_NO_SUCH_LAYER = ("Null layer", "NULL in 'OGR_L_GetName'")

_READS = {"str": "text", "float": "real", "bool": "boolean"}
_WRITES = {"text": "str", "integer": "int", "real": "float", "boolean": "bool", "other": "str"}


def list_layers(path: Path, encoding: str) -> list[LayerInfo]:
    """The layers of a file."""
    found: list[LayerInfo] = []
    with fiona.Env(**OFFLINE):
        try:
            # By number, not from `fiona.listlayers`: that tries every format of GDAL's.
            while (layer := _described(path, len(found), encoding)) is not None:
                found.append(layer)
        except _FAILURES as error:
            raise PlannerError("store.unreadable_layer", path=path.name, layer="", reason=error) from error
    return found


def _described(path: Path, number: int, encoding: str) -> LayerInfo | None:
    """The layer with that number (from 0); None where there is no such layer."""
    try:
        # Some releases take 0 for no name and look for a layer called as the file; without any they take the first.
        with fiona.open(str(path), layer=number or None, encoding=encoding, **_own_format(path)) as layer:
            fields = {f: _field_type(t) for f, t in layer.schema["properties"].items()}
            declared = str(layer.schema["geometry"])
            geometry = declared.replace("3D ", "")
            return LayerInfo(
                layer.name,
                None if geometry == "None" else geometry,
                _epsg(layer.crs),
                fields,
                str(layer.crs_wkt) or None,
                declared.startswith("3D "),
            )
    except _FAILURES as error:
        if any(said in str(error) for said in _NO_SUCH_LAYER):
            return None
        raise


def read_layer(
    path: Path,
    layer: str,
    wanted: set[str] | None,
    encoding: str,
    unchanging: bool,
    cancelled: Callable[[], bool],
) -> LayerData:
    """Read a layer; see `vector.read_layer`."""
    options: dict[str, Any] = _own_format(path)
    if path.suffix.lower() == ".gpkg":
        options["LIST_ALL_TABLES"] = "YES"  # also those that a program left out of the file's own list
        if unchanging:
            options["IMMUTABLE"] = "YES"
    with fiona.Env(**OFFLINE):
        try:
            with fiona.open(str(path), layer=layer, encoding=encoding, **options) as source:
                return _read(source, source, wanted, cancelled)
        except _FAILURES as error:
            raise PlannerError("store.unreadable_layer", path=path.name, layer=layer, reason=error) from error


def read_shapes(
    path: Path, layer: str, fids: Iterable[int], cancelled: Callable[[], bool]
) -> tuple[Array | None, dict[int, str]]:
    """Read single geometries; see `vector.read_shapes`."""
    with fiona.Env(**OFFLINE):
        try:
            with fiona.open(str(path), layer=layer, encoding=AS_BYTES, **_own_format(path)) as source:
                data = _read(source, (source[fid] for fid in fids), set(), cancelled)
        except _FAILURES as error:
            raise PlannerError("store.unreadable_layer", path=path.name, layer=layer, reason=error) from error
    return data.geometry, data.damage


def raw_bytes(text: str) -> bytes:
    """See `vector.raw_bytes`; fiona makes each byte a character."""
    return text.encode(AS_BYTES)


def _own_format(path: Path) -> dict[str, Any]:
    """Only what the file may be; fiona keeps formats such as KML behind a switch."""
    return {"enabled_drivers": drivers_of(path), "allow_unsupported_drivers": True}


def _read(source: Any, features: Iterable[Any], wanted: set[str] | None, cancelled: Callable[[], bool]) -> LayerData:
    names = list(source.schema["properties"])
    fids: list[int] = []
    values: list[list[object]] = []
    kinds: list[str | None] = []
    coordinates: list[Any] = []
    collections: dict[int, Any] = {}
    for feature in until_cancelled(features, cancelled):
        plain = _plain(feature)
        geometry = plain["geometry"]
        shape = {} if geometry is None else _plain(geometry)
        kinds.append(shape.get("type"))
        coordinates.append(shape.get("coordinates"))
        if shape.get("type") == "GeometryCollection":
            collections[len(fids)] = geometry
        fids.append(int(plain["id"]))
        values.append(list(_plain(plain["properties"]).values()))
    by_column = zip(*values) if values else iter([()] * len(names))
    columns = {n: list(column) for n, column in zip(names, by_column) if wanted is None or n in wanted}
    if source.schema["geometry"] == "None":
        return LayerData(np.array(fids, np.int64), columns, None)
    shapes, damage = from_coordinates(kinds, coordinates)
    for row, geometry in collections.items():
        shapes[row] = _collection(geometry)
        if shapes[row] is None:
            damage[row] = UNREADABLE
        elif not np.isfinite(shapely.get_coordinates(shapes[row])).all():
            shapes[row], damage[row] = None, NOT_FINITE
    return LayerData(np.array(fids, np.int64), columns, shapes, damage)


def _plain(found: Any) -> Any:
    """fiona's objects as plain mappings: since 1.9 every access to an item copies the whole object."""
    if isinstance(found, dict):
        return found
    if isinstance(found, fiona.Feature):
        return {"id": found.id, "geometry": found.geometry, "properties": found.properties}
    if isinstance(found, fiona.Geometry):
        return {"type": found.type, "coordinates": found.coordinates}
    return getattr(found, "_data", found)


def _collection(geometry: Any) -> Any:
    from shapely.geometry import shape

    try:
        return shapely.force_2d(shape(getattr(geometry, "__geo_interface__", geometry)))
    except (ValueError, TypeError, KeyError, shapely.errors.GEOSException):
        return None


def write_geopackage(path: Path, layers: Iterable[LayerToWrite]) -> None:
    """Write layers into a new GeoPackage; see `vector.write_geopackage`."""
    with fiona.Env(OGR_SQLITE_SYNCHRONOUS="OFF"):
        try:
            for layer in layers:
                schema = {
                    "geometry": layer.geometry_type or "None",
                    "properties": {name: _WRITES[kind] for name, kind in layer.fields.items()},
                }
                with (
                    _nothing_ignored(),
                    fiona.open(
                        str(path),
                        "w",
                        driver="GPKG",
                        layer=layer.name,
                        schema=schema,
                        crs=f"EPSG:{layer.epsg}" if layer.epsg and layer.geometry_type else None,
                        encoding="utf-8",
                        GEOMETRY_NAME="geom",
                        FID="fid",
                        SPATIAL_INDEX="YES",
                    ) as target,
                ):
                    target.writerecords(_features(layer))
        except _FAILURES as error:
            raise write_error(path, error) from error


@contextmanager
def _nothing_ignored() -> Iterator[None]:
    """What fails while fiona closes a file it only mentions on the terminal; here it counts."""
    failures: list[str] = []
    before = sys.unraisablehook, sys.excepthook
    sys.unraisablehook = lambda failure: failures.append(str(failure.exc_value))
    sys.excepthook = lambda kind, error, trace: None  # Cython prints there what it then calls unraisable
    try:
        yield
        if failures:
            raise RuntimeError(failures[0])
    finally:
        sys.unraisablehook, sys.excepthook = before


def _features(layer: LayerToWrite) -> Iterator[dict[str, Any]]:
    names = list(layer.fields)
    columns = [layer.columns.get(name, (None,) * layer.count) for name in names]
    shapes: Array = np.full(layer.count, None, object) if layer.geometry is None else as_multi(layer.geometry)
    rows = zip(*columns) if columns else iter([()] * layer.count)
    for shape, nested, row in zip(shapes, to_coordinates(shapes), rows):
        yield {
            "type": "Feature",
            "geometry": None if shape is None else {"type": shape.geom_type, "coordinates": nested},
            "properties": dict(zip(names, row)),
        }


def _field_type(written: str) -> str:
    name = written.split(":")[0]
    return "integer" if name.startswith("int") else _READS.get(name, "other")


def _epsg(crs: Any) -> int | None:
    try:
        code = crs.to_epsg() if hasattr(crs, "to_epsg") else str(crs.get("init", "")).partition(":")[2]
        return int(code) if code else None
    except (fiona.errors.CRSError, ValueError):
        return None


def write_layer(
    path: Path,
    driver: str,
    layer: LayerToWrite,
    encoding: str,
    sizes: Mapping[str, tuple[int, int]],
    options: Mapping[str, str],
) -> None:
    """Write one layer into a new file; see `vector.write_layer`."""
    schema = {
        "geometry": layer.geometry_type or "None",
        "properties": {name: _sized(kind, *sizes.get(name, (0, 0))) for name, kind in layer.fields.items()},
    }
    settings = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}
    if driver == "ESRI Shapefile":
        settings["SHAPE_ENCODING"] = encoding.upper()  # stronger than the environment's
    if driver == "OpenFileGDB":
        # GDAL looks at the shapes once more for their index, of which it needs only the extents, and warns of
        # those with many parts; fiona would take the warning for a failure.
        settings["OGR_ORGANIZE_POLYGONS"] = "SKIP"
    with fiona.Env(**settings):
        try:
            with (
                _nothing_ignored(),
                fiona.open(
                    str(path),
                    "w",
                    driver=driver,
                    layer=None if driver == "GeoJSON" else layer.name,  # a file of that format is one layer
                    schema=schema,
                    crs=f"EPSG:{layer.epsg}" if layer.epsg and layer.geometry_type else None,
                    encoding=encoding,
                    allow_unsupported_drivers=True,
                    **options,
                ) as target,
            ):
                target.writerecords(_features(layer))
        except _FAILURES as error:
            raise write_error(path, error) from error


def can_write(driver: str) -> bool:
    """Whether this GDAL writes a format; file geodatabases it writes from 3.6 on."""
    major, minor = (int(part) for part in gdal_version().split(".")[:2])
    return driver != "OpenFileGDB" or (major, minor) >= (3, 6)


def gdal_version() -> str:
    """GDAL's version."""
    return str(fiona.__gdal_version__)


def _sized(kind: str, width: int, decimals: int) -> str:
    if kind == "integer":
        return f"int:{width}" if width else "int32"
    if kind == "real":
        return f"float:{width}.{decimals}" if width else "float"
    return f"{_WRITES[kind]}:{width}" if width and kind == "text" else _WRITES[kind]
