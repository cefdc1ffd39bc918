"""A GeoPackage's tables read through SQLite: many times faster than feature by feature, and without GDAL opening the file.

Inside QGIS a plan must be read so: GDAL would open and close the file, and QGIS's locks on it would go
(see `geopackage.first_bytes`).  What only GDAL understands (curves, broken geometries) it decodes blob by
blob there; outside QGIS these features are left to the adapter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from ..errors import Cancelled
from ..geometry.parallel import never
from ..plan.tables import Array
from . import vector
from .blobs import header_kinds, wkb_start
from .geopackage import quoted, reading
from .shapes import CURVE, UNREADABLE, from_wkb
from .vector import LayerData, LayerInfo, inside_qgis

_BATCH = 2000
_FIELD_TYPES = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "REAL"), "real"),
    "BOOLEAN": "boolean",
}
#: GeoPackage writes in capitals what others write as OGC's names.
_GEOMETRY_NAMES = {
    name.upper(): name
    for name in (
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
        "CircularString", "CompoundCurve", "CurvePolygon", "MultiCurve", "MultiSurface", "Curve", "Surface",
    )
} | {"GEOMETRY": "Unknown"}  # fmt: skip


def read_stored_layer(path: Path, layer: str, cancelled: Callable[[], bool] = never) -> LayerData | None:
    """A layer of a GeoPackage as `vector.read_layer` gives it; None where it has to be left to GDAL."""
    with reading(path) as connection:
        row = connection.execute("SELECT type FROM sqlite_master WHERE name = ?", (layer,)).fetchone()
        if row is None or row[0] != "table":
            return None
        described = connection.execute(f"PRAGMA table_info({quoted(layer)})").fetchall()
        key = next((name for _, name, declared, _, _, primary in described if primary == 1), None)
        registered = connection.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", (layer,)
        ).fetchone()
        geometry = registered[0] if registered else None
        columns = {name: declared for _, name, declared, *_ in described if name not in (key, geometry)}
        data, left = _read(connection, layer, key or "rowid", list(columns), geometry, cancelled)
    if left and data.geometry is not None:
        data.geometry[left], broken = vector.read_shapes(path, layer, data.fids[left].tolist(), cancelled)
        data.damage.update((left[row], why) for row, why in broken.items())
        _say_unreadable(data.geometry, left, data.damage)
    for name, declared in columns.items():
        if declared.upper().startswith("BOOL"):
            data.columns[name][:] = [bool(v) if isinstance(v, int) else v for v in data.columns[name]]
    return data


def list_stored_layers(path: Path) -> list[LayerInfo] | None:
    """The layers of a GeoPackage as `vector.list_layers` gives them; None where the file is none that lists its tables."""
    with reading(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= tables:
            return None
        contents = connection.execute(
            "SELECT c.table_name, c.data_type, g.column_name, g.geometry_type_name, g.z, s.organization,"
            " s.organization_coordsys_id, s.definition FROM gpkg_contents c"
            " LEFT JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name)"
            " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY c.rowid"
        ).fetchall()
        if any(kind not in ("features", "attributes", "aspatial") or name not in tables for name, kind, *_ in contents):
            return None
        found = []
        for name, _, column, kind, z, organization, code, definition in contents:
            described = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
            fields = {n: _field_type(t) for _, n, t, _, _, primary in described if not primary and n != column}
            epsg = code if str(organization).upper() == "EPSG" else None
            wkt = definition if definition and definition.lower() != "undefined" else None
            found.append(LayerInfo(name, _GEOMETRY_NAMES.get(kind, kind), epsg, fields, wkt, bool(z)))
    return found


def _field_type(declared: str) -> str:
    word = declared.upper().partition("(")[0].strip()
    return _FIELD_TYPES.get(word, "text" if word.startswith("TEXT") else "other")


def read_rows(
    connection: sqlite3.Connection,
    table: str,
    key: str,
    columns: Iterable[str],
    geometry: str | None,
    cancelled: Callable[[], bool] = never,
) -> LayerData | None:
    """Some columns of a table, in the order of its keys; None where only GDAL can read its geometries.

    Texts that are not UTF-8 come with surrogates for their bytes.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    data, left = _read(connection, table, key, columns, geometry, cancelled)
    return None if left else data


def _read(
    connection: sqlite3.Connection,
    table: str,
    key: str,
    columns: Iterable[str],
    geometry: str | None,
    cancelled: Callable[[], bool],
) -> tuple[LayerData, list[int]]:
    """Columns of a table, and the rows whose geometries only GDAL can read, which it cannot do here."""
    names = list(columns)
    wanted = ", ".join(map(quoted, [key, *names, *([geometry] if geometry else [])]))
    query = f"SELECT {wanted} FROM {quoted(table)} ORDER BY 1"  # noqa: S608
    try:
        rows = _fetched(connection, query, cancelled)
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        before, connection.text_factory = connection.text_factory, _text
        try:
            rows = _fetched(connection, query, cancelled)
        finally:
            connection.text_factory = before
    found = [list(column) for column in zip(*rows)] if rows else [[] for _ in range(len(names) + 1 + bool(geometry))]
    fids = np.array(found[0], np.int64)
    values = dict(zip(names, found[1:]))
    if geometry is None:
        return LayerData(fids, values, None), []
    shapes, damage, left = _shapes(found[-1])  # type: ignore[arg-type]
    return LayerData(fids, values, shapes, damage), left


def _fetched(connection: sqlite3.Connection, query: str, cancelled: Callable[[], bool]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    cursor = connection.execute(query)
    while batch := cursor.fetchmany(_BATCH):
        if cancelled():
            raise Cancelled
        rows += batch
    return rows


def _shapes(blobs: list[bytes | None]) -> tuple[Array, dict[int, str], list[int]]:
    """Geometries, row → what had to be put right, and the rows that are left to GDAL."""
    kinds = header_kinds(blobs)
    damage = {row: UNREADABLE if kind == "damaged" else CURVE for row, kind in enumerate(kinds) if kind in _ODD}
    plain = [blob[wkb_start(blob) :] if kind == "plain" and blob else None for blob, kind in zip(blobs, kinds)]
    shapes, broken, refused = from_wkb(plain)
    damage.update(broken)
    odd = [*refused, *(row for row, why in damage.items() if why == CURVE)]
    if odd and not inside_qgis():
        return shapes, damage, odd
    if odd:
        from .vector_osgeo import decode

        decode(shapes, {row: blob[wkb_start(blob) :] for row in odd if (blob := blobs[row]) is not None}, damage)
        _say_unreadable(shapes, odd, damage)
    return shapes, damage, []


def _say_unreadable(shapes: Array, rows: Iterable[int], damage: dict[int, str]) -> None:
    """Of these rows those that GDAL made nothing of."""
    damage.update((row, UNREADABLE) for row in rows if shapes[row] is None and damage.get(row) in (None, CURVE))


_ODD = ("curve", "damaged")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="surrogateescape")
