"""Making a table of an existing GeoPackage what the schema says, and moving rows into it.

The vector adapter writes the rows into a small staging GeoPackage; from there they go by plain SQL
into the plan, within the caller's transaction.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import PlannerError
from ..plan.schema import TABLES
from ..plan.tables import Rows
from . import vector
from .geopackage import quoted, told_as_sentences
from .opening import Layout, layouts_of
from .values import as_layer

#: Registers of a GeoPackage that have a row for each table.
_REGISTERS = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents")


@contextmanager
def staging(tables: Mapping[str, Rows]) -> Iterator[sqlite3.Connection]:
    """A small GeoPackage with these rows, keyed 1 … n in their order, open for reading."""
    with tempfile.TemporaryDirectory(prefix="restoration-planner-") as folder:
        path = Path(folder) / "staging.gpkg"
        try:
            vector.write_geopackage(path, (as_layer(rows, TABLES[name]) for name, rows in tables.items()))
        except PlannerError as error:
            raise PlannerError("store.staging_failed", folder=Path(folder).parent, reason=error) from error
        with told_as_sentences(path), closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
            yield connection


def complete(
    plan: sqlite3.Connection, staged: sqlite3.Connection, names: Iterable[str], path: Path
) -> dict[str, Layout]:
    """Add to a plan those of the named tables and columns that it lacks, as they are in the staging file."""
    present = layouts_of(plan, path)
    for name in names:
        if name not in present:
            _create_table(plan, staged, name)
            continue
        declared = {row[1]: row[2] for row in staged.execute(f"PRAGMA table_info({quoted(name)})")}
        for field in TABLES[name].field_names:
            if field not in present[name].columns:
                plan.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(field)} {declared[field]}")
    return layouts_of(plan, path)


def replace_all(plan: sqlite3.Connection, staged: sqlite3.Connection, layout: Layout, rows: Rows) -> None:
    """Put the staged rows in the place of all rows of a table, under the keys that `rows` gives them."""
    fields = list(layout.columns)
    written = [layout.key, *(layout.columns[f] for f in fields)]
    plan.execute(f"DELETE FROM {quoted(layout.name)}")  # noqa: S608 - names come from the schema, quoted
    names = ", ".join(map(quoted, written + ([layout.geometry] if layout.geometry else [])))
    marks = ", ".join("?" * (len(written) + bool(layout.geometry)))
    plan.executemany(
        f"INSERT INTO {quoted(layout.name)} ({names}) VALUES ({marks})",  # noqa: S608
        _staged_rows(staged, layout, fields, rows),
    )
    register_change(plan, layout)


def add_some(plan: sqlite3.Connection, staged: sqlite3.Connection, layout: Layout, rows: Rows) -> None:
    """Put the staged rows behind those of a table; the file gives them their keys."""
    fields = list(layout.columns)
    names = [quoted(layout.columns[f]) for f in fields] + ([quoted(layout.geometry)] if layout.geometry else [])
    statement = f"INSERT INTO {quoted(layout.name)} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    plan.executemany(statement, (values for _, *values in _staged_rows(staged, layout, fields, rows)))
    register_change(plan, layout)


def update_some(
    plan: sqlite3.Connection, staged: sqlite3.Connection, layout: Layout, rows: Rows, fields: list[str], path: Path
) -> None:
    """Change geometry and some fields of the rows that have `rows`'s keys; the rest of each row stays."""
    written = [layout.columns[f] for f in fields] + ([layout.geometry] if layout.geometry else [])
    settings = ", ".join(f"{quoted(name)} = ?" for name in written)
    statement = f"UPDATE {quoted(layout.name)} SET {settings} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    for fid, *values in _staged_rows(staged, layout, fields, rows):
        if plan.execute(statement, (*values, fid)).rowcount != 1:
            raise PlannerError("store.changed_meanwhile", path=path.name, table=layout.name)
    register_change(plan, layout)


def register_change(plan: sqlite3.Connection, layout: Layout) -> None:
    """Keep the GeoPackage's registers right: time of the last change, extent, and GDAL's number of rows."""
    extent: tuple[float | None, ...] = (None, None, None, None)
    if layout.geometry:
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


def _staged_rows(
    staged: sqlite3.Connection, layout: Layout, fields: list[str], rows: Rows
) -> Iterator[tuple[object, ...]]:
    names = ", ".join(["fid", *map(quoted, fields), *(["geom"] if layout.geometry else [])])
    fids = rows.fids.tolist()
    query = f"SELECT {names} FROM {quoted(layout.name)} ORDER BY fid"  # noqa: S608
    for position, *values in staged.execute(query):
        yield (fids[position - 1], *values)


def _create_table(plan: sqlite3.Connection, staged: sqlite3.Connection, name: str) -> None:
    """A table with its spatial index, triggers and entries in the registers, as in the staging file."""
    existing = {row[0] for row in plan.execute("SELECT name FROM sqlite_master")}
    plan.execute(_sql_of(staged, name))
    _copy_rows(plan, staged, "gpkg_spatial_ref_sys", "srs_id > 0 AND srs_id NOT IN (4326)", ())
    for register in _REGISTERS:
        if register not in existing:
            plan.execute(_sql_of(staged, register))
        _copy_rows(plan, staged, register, "table_name = ?", (name,))
    index = f"rtree_{name}_geom"
    if staged.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (index,)).fetchone():
        if index in existing:  # left over from a table that somebody removed
            plan.execute(f"DROP TABLE {quoted(index)}")
        plan.execute(_sql_of(staged, index))
    for (trigger,) in staged.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (name,)):
        plan.execute(trigger)


def _sql_of(connection: sqlite3.Connection, name: str) -> str:
    sql: str = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
    ).fetchone()[0]
    return sql


def _copy_rows(
    plan: sqlite3.Connection, staged: sqlite3.Connection, table: str, where: str, parameters: tuple[object, ...]
) -> None:
    known = {row[1] for row in plan.execute(f"PRAGMA table_info({quoted(table)})")}
    columns = [row[1] for row in staged.execute(f"PRAGMA table_info({quoted(table)})") if row[1] in known]
    names = ", ".join(map(quoted, columns))
    how = "INSERT OR IGNORE" if table == "gpkg_spatial_ref_sys" else "INSERT OR REPLACE"
    plan.executemany(
        f"{how} INTO {quoted(table)} ({names}) VALUES ({', '.join('?' * len(columns))})",
        staged.execute(f"SELECT {names} FROM {quoted(table)} WHERE {where}", parameters),  # noqa: S608
    )
