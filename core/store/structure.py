"""Making a table of an existing GeoPackage what the schema says, and writing rows into it, within the caller's transaction."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import numpy as np
import shapely

from ..errors import Cancelled, PlannerError
from ..geometry.parallel import never
from ..plan.schema import TABLES
from ..plan.tables import Array, Rows
from . import vector
from .blobs import to_blobs
from .geopackage import quoted, told_as_sentences
from .opening import Layout, layouts_of
from .project_history import PROJECT, keep_history, recorded_as_differences
from .shapes import as_multi
from .spatial_index import fill_index
from .values import as_layer

#: Registers of a GeoPackage that have a row for each table.
_REGISTERS = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents")
#: Rows written between two looks at whether the user has cancelled.
_BATCH = 1000
#: So many rows are worth an index that is filled at the end.
_MANY = 1000


def complete(plan: sqlite3.Connection, names: Iterable[str], path: Path) -> dict[str, Layout]:
    """Add to a plan those of the named tables and columns that it lacks, made as GDAL makes them.

    Where projects are among them, their changes are recorded from here on.
    """
    wanted = set(names)
    layouts = _complete(plan, wanted, path)
    if PROJECT in wanted:
        keep_history(plan, layouts[PROJECT])
    return layouts


def _complete(plan: sqlite3.Connection, names: Iterable[str], path: Path) -> dict[str, Layout]:
    present = layouts_of(plan, path)
    lacking = [
        name for name in names if name not in present or set(TABLES[name].field_names) - set(present[name].columns)
    ]
    if not lacking:
        return present
    with _empty_tables(lacking) as model:
        for name in lacking:
            if name not in present:
                _create_table(plan, model, name)
                continue
            declared = {row[1]: row[2] for row in model.execute(f"PRAGMA table_info({quoted(name)})")}
            for field in TABLES[name].field_names:
                if field not in present[name].columns:
                    plan.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(field)} {declared[field]}")
    return layouts_of(plan, path)


def replace_all(plan: sqlite3.Connection, layout: Layout, rows: Rows) -> None:
    """Put rows in the place of all rows of a table, under their own keys."""
    with recorded_as_differences(plan, layout) if layout.name == PROJECT else nullcontext():
        plan.execute(f"DELETE FROM {quoted(layout.name)}")  # noqa: S608 - names come from the schema, quoted
        _insert(plan, layout, rows, rows.fids.tolist())
    register_change(plan, layout)


def add_some(plan: sqlite3.Connection, layout: Layout, rows: Rows, cancelled: Callable[[], bool] = never) -> list[int]:
    """Put rows behind those of a table; their keys, which no row had before."""
    first = _last_key(plan, layout) + 1
    keys = list(range(first, first + len(rows)))
    _insert(plan, layout, rows, keys, cancelled)
    register_change(plan, layout, rows.geometry)
    return keys


def _insert(
    plan: sqlite3.Connection, layout: Layout, rows: Rows, keys: list[int], cancelled: Callable[[], bool] = never
) -> None:
    fields = list(layout.columns)
    names = [layout.key, *(layout.columns[f] for f in fields), *([layout.geometry] if layout.geometry else [])]
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {quoted(layout.name)} ({', '.join(map(quoted, names))}) VALUES ({marks})"  # noqa: S608
    values = ((key, *row) for key, row in zip(keys, _stored_rows(layout, fields, rows, cancelled)))
    if len(rows) < _MANY or layout.geometry is None:
        plan.executemany(statement, values)
        return
    with _index_at_the_end(plan, layout, rows, keys):
        plan.executemany(statement, values)


@contextmanager
def _index_at_the_end(plan: sqlite3.Connection, layout: Layout, rows: Rows, keys: list[int]) -> Iterator[None]:
    """Leave the spatial index alone while many rows are inserted, then fill it at once: a third of the time.

    Its insert trigger, and the one that counts rows, are put back as they were; `register_change` counts.
    """
    index = f"rtree_{layout.name}_{layout.geometry}"
    pattern = (f"{index}_insert", f"trigger_insert_feature_count_{layout.name}")
    triggers = plan.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(name) IN (lower(?), lower(?))", pattern
    ).fetchall()
    for name, _ in triggers:
        plan.execute(f"DROP TRIGGER {quoted(name)}")
    yield
    if any(name.lower() == pattern[0].lower() for name, _ in triggers):
        assert rows.geometry is not None
        fill_index(plan, index, keys, shapely.bounds(rows.geometry))
    for _, sql in triggers:
        plan.execute(sql)


def update_some(
    plan: sqlite3.Connection,
    layout: Layout,
    rows: Rows,
    fields: list[str],
    path: Path,
    cancelled: Callable[[], bool] = never,
    moved: Array | None = None,
) -> None:
    """Change geometry and some fields of the rows that have `rows`'s keys; the rest of each row stays.

    Rows without an array of geometries keep the geometry that is stored; so do those that are not `moved`.
    """
    if moved is not None and rows.geometry is not None and not moved.all():
        still = rows.take(~moved)
        update_some(plan, layout, rows.take(moved), fields, path, cancelled)
        update_some(plan, layout, Rows(still.table, still.fids, still.columns), fields, path, cancelled)
        return
    geometry = layout.geometry if rows.geometry is not None else None
    written = [layout.columns[f] for f in fields] + ([geometry] if geometry else [])
    if not written:
        return
    settings = ", ".join(f"{quoted(name)} = ?" for name in written)
    statement = f"UPDATE {quoted(layout.name)} SET {settings} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    for fid, values in zip(rows.fids.tolist(), _stored_rows(layout, fields, rows, cancelled)):
        if plan.execute(statement, (*values[: len(written)], fid)).rowcount != 1:
            raise PlannerError("store.changed_meanwhile", path=path.name, table=layout.name)
    register_change(plan, layout)


def stored_geometry(plan: sqlite3.Connection, layout: Layout, fids: Iterable[int]) -> dict[int, bytes | None]:
    """Geometries as they are stored, byte for byte, by the keys of their rows."""
    if layout.geometry is None:
        return {}
    query = f"SELECT {quoted(layout.geometry)} FROM {quoted(layout.name)} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    found = ((fid, plan.execute(query, (fid,)).fetchone()) for fid in fids)
    return {fid: row[0] for fid, row in found if row is not None}


def put_geometry_back(plan: sqlite3.Connection, layout: Layout, stored: Mapping[int, bytes | None]) -> None:
    """Put geometries back byte for byte."""
    if layout.geometry is None or not stored:
        return
    statement = f"UPDATE {quoted(layout.name)} SET {quoted(layout.geometry)} = ? WHERE {quoted(layout.key)} = ?"  # noqa: S608
    plan.executemany(statement, ((blob, fid) for fid, blob in stored.items()))
    register_change(plan, layout)


def remove_some(plan: sqlite3.Connection, layout: Layout, fids: Iterable[int], path: Path) -> None:
    """Take the rows with these keys out of a table."""
    statement = f"DELETE FROM {quoted(layout.name)} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    for fid in fids:
        if plan.execute(statement, (fid,)).rowcount != 1:
            raise PlannerError("store.changed_meanwhile", path=path.name, table=layout.name)
    register_change(plan, layout)


def register_change(plan: sqlite3.Connection, layout: Layout, added: Array | None = None) -> None:
    """Keep the GeoPackage's registers right: time of the last change, extent, and GDAL's number of rows.

    Parameters
    ----------
    added
        Geometries that came to those that were there, where nothing else was changed.
    """
    extent: tuple[float | None, ...] = (None, None, None, None)
    if layout.geometry and added is not None:
        known = plan.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE lower(table_name) = ?", (layout.name,)
        ).fetchone()
        extent = _extent_of([known] if known and None not in known else [], added)
    elif layout.geometry:
        g = quoted(layout.geometry)
        extent = plan.execute(
            f"SELECT min(ST_MinX({g})), min(ST_MinY({g})), max(ST_MaxX({g})), max(ST_MaxY({g}))"  # noqa: S608
            f" FROM {quoted(layout.name)}"
        ).fetchone()
    plan.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),"
        " min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE lower(table_name) = ?",
        (*extent, layout.name),
    )
    if plan.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_ogr_contents'").fetchone():
        plan.execute(
            f"UPDATE gpkg_ogr_contents SET feature_count = (SELECT count(*) FROM {quoted(layout.name)})"  # noqa: S608
            " WHERE lower(table_name) = ?",
            (layout.name,),
        )


def _last_key(plan: sqlite3.Connection, layout: Layout) -> int:
    """The key behind which a table's new rows come."""
    (last,) = plan.execute(f"SELECT max({quoted(layout.key)}) FROM {quoted(layout.name)}").fetchone()  # noqa: S608
    if plan.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        row = plan.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (layout.name,)).fetchone()
        last = max(last or 0, row[0] if row else 0)
    return last or 0


def _extent_of(known: list[tuple[float, float, float, float]], geometry: Array) -> tuple[float | None, ...]:
    """West, south, east, north of boxes and geometries together; None where there is nothing."""
    bounds = np.concatenate([np.array(known, float).reshape(-1, 4), shapely.bounds(geometry)])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return (None, None, None, None)
    return (*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist())


def _stored_rows(
    layout: Layout, fields: list[str], rows: Rows, cancelled: Callable[[], bool] = never
) -> Iterator[tuple[object, ...]]:
    """The rows as SQLite takes them: the fields' values in order, then the geometry where the table has one."""
    layer = as_layer(rows, TABLES[layout.name])
    columns = [layer.columns.get(name, (None,) * layer.count) for name in fields]
    if layout.geometry:
        geometry = layer.geometry
        columns.append((None,) * layer.count if geometry is None else to_blobs(as_multi(geometry), layout.srs_id))
    for row, values in enumerate(zip(*columns)):
        if row % _BATCH == 0 and cancelled():
            raise Cancelled
        yield values


@contextmanager
def _empty_tables(names: Iterable[str]) -> Iterator[sqlite3.Connection]:
    """A small GeoPackage with these tables as GDAL makes them, empty, open for reading."""
    with tempfile.TemporaryDirectory(prefix="restoration-planner-") as folder:
        path = Path(folder) / "tables.gpkg"
        try:
            vector.write_geopackage(path, (as_layer(Rows.empty(name), TABLES[name]) for name in names))
        except PlannerError as error:
            raise PlannerError("store.staging_failed", folder=Path(folder).parent, reason=error) from error
        with told_as_sentences(path), closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
            yield connection


def _create_table(plan: sqlite3.Connection, model: sqlite3.Connection, name: str) -> None:
    """A table with its spatial index, triggers and entries in the registers, as GDAL made them."""
    existing = {row[0] for row in plan.execute("SELECT name FROM sqlite_master")}
    plan.execute(_sql_of(model, name))
    _copy_rows(plan, model, "gpkg_spatial_ref_sys", "srs_id > 0 AND srs_id NOT IN (4326)", ())
    for register in _REGISTERS:
        if register not in existing:
            plan.execute(_sql_of(model, register))
        _copy_rows(plan, model, register, "table_name = ?", (name,))
    index = f"rtree_{name}_geom"
    if model.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (index,)).fetchone():
        if index in existing:  # left over from a table that somebody removed
            plan.execute(f"DROP TABLE {quoted(index)}")
        plan.execute(_sql_of(model, index))
    for (trigger,) in model.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (name,)):
        plan.execute(trigger)


def _sql_of(connection: sqlite3.Connection, name: str) -> str:
    sql: str = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
    ).fetchone()[0]
    return sql


def _copy_rows(
    plan: sqlite3.Connection, model: sqlite3.Connection, table: str, where: str, parameters: tuple[object, ...]
) -> None:
    known = {row[1] for row in plan.execute(f"PRAGMA table_info({quoted(table)})")}
    columns = [row[1] for row in model.execute(f"PRAGMA table_info({quoted(table)})") if row[1] in known]
    names = ", ".join(map(quoted, columns))
    how = "INSERT OR IGNORE" if table == "gpkg_spatial_ref_sys" else "INSERT OR REPLACE"
    plan.executemany(
        f"{how} INTO {quoted(table)} ({names}) VALUES ({', '.join('?' * len(columns))})",
        model.execute(f"SELECT {names} FROM {quoted(table)} WHERE {where}", parameters),  # noqa: S608
    )
