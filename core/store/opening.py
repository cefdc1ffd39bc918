"""What a file must be to count as a plan, and what each of its tables looks like in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import PlannerError
from ..plan.schema import PLAN_EPSG, REQUIRED_TABLES, SCHEMA_VERSION, TABLES, Table
from .geopackage import first_bytes, quoted, told_as_sentences
from .values import is_number

_SQLITE_MAGIC = b"SQLite format 3\x00"
#: Names under which programs write CGCS2000 without its EPSG code.
_CGCS2000_NAMES = ("china geodetic coordinate system 2000", "gcs_china_geodetic_coordinate_system_2000", "cgcs2000")


@dataclass(frozen=True)
class Layout:
    """One table as it is in a file.

    Attributes
    ----------
    name
        Its name there.
    key
        Name of its integer key.
    columns
        Schema's field name → name in the file, of the fields that are there.
    declared
        Schema's field name → declared SQL type.
    geometry
        Name of its geometry column, or None.
    srs_id
        The number of its CRS in the file's own register; 0 for a table without geometry.
    """

    name: str
    key: str
    columns: Mapping[str, str]
    declared: Mapping[str, str]
    geometry: str | None
    srs_id: int = 0


def refuse_what_is_no_database(path: Path) -> None:
    """Say in one sentence what is wrong with a path before anything opens it."""
    if not path.exists():
        raise PlannerError("store.no_such_file", path=path)
    if path.is_dir():
        raise PlannerError("store.is_a_folder", path=path)
    with told_as_sentences(path):
        start = first_bytes(path, 16)
    if not start:
        raise PlannerError("store.empty_file", path=path.name)
    if start != _SQLITE_MAGIC:
        raise PlannerError("store.not_a_geopackage", path=path.name)


def is_plan(connection: sqlite3.Connection) -> bool:
    """Whether a database has the tables without which there is no plan."""
    return set(REQUIRED_TABLES) <= _tables(connection)


def layouts_of(connection: sqlite3.Connection, path: Path) -> dict[str, Layout]:
    """The plan's tables that are in the file.

    Raises
    ------
    PlannerError
        If the file is no GeoPackage, lacks a required table or a code column, or is in another CRS.
    """
    tables = _tables(connection)
    if "gpkg_contents" not in tables:
        raise PlannerError("store.not_a_geopackage", path=path.name)
    missing = [t for t in REQUIRED_TABLES if t not in tables]
    if missing:
        raise PlannerError("store.not_a_plan", path=path.name, tables=missing)
    found = {name: _layout(connection, table) for name, table in TABLES.items() if name in tables}
    for name, layout in found.items():
        if "code" in TABLES[name].field_names and "code" not in layout.columns:
            raise PlannerError("store.no_code_column", path=path.name, table=name)
        if layout.geometry is not None:
            _refuse_wrong_crs(connection, path, name)
    return found


def version_of(connection: sqlite3.Connection, layouts: Mapping[str, Layout], path: Path) -> int:
    """The plan's schema version (null, or no row, is 1); a newer one than ours is refused."""
    layout = layouts["plan"]
    if "schema_version" not in layout.columns:
        return 1
    column = quoted(layout.columns["schema_version"])
    row = connection.execute(f"SELECT {column} FROM plan ORDER BY {quoted(layout.key)} LIMIT 1").fetchone()  # noqa: S608
    if row is None or row[0] is None or row[0] == "":
        return 1
    try:
        version = int(row[0])
    except (ValueError, OverflowError):
        raise PlannerError(
            "store.text_for_number", path=path.name, table="plan", row=1, field="schema_version", value=row[0]
        ) from None
    if version > SCHEMA_VERSION:
        raise PlannerError("store.newer_version", path=path.name, version=version, known=SCHEMA_VERSION)
    return version


def text_for_numbers(
    connection: sqlite3.Connection, layout: Layout, table: Table, path: Path
) -> dict[str, dict[int, str]]:
    """Text in numbers' columns: SQLite stores any, and GDAL reads it as 0.

    Returns
    -------
    dict
        Field → key of the row → the text, where it is empty or a number all the same.

    Raises
    ------
    PlannerError
        If it is anything else; says table, row, field and value.
    """
    found: dict[str, dict[int, str]] = {}
    numbers = [f.name for f in table.fields if f.type != "text" and f.name in layout.columns]
    if not numbers:
        return found
    columns = [quoted(layout.columns[name]) for name in numbers]
    label = quoted(layout.columns["code"]) if "code" in layout.columns else "NULL"
    suspicious = " OR ".join(f"typeof({c}) IN ('text', 'blob')" for c in columns)
    query = f"SELECT {quoted(layout.key)}, {label}, {', '.join(columns)} FROM {quoted(layout.name)} WHERE {suspicious}"  # noqa: S608
    for fid, code, *values in connection.execute(query):
        for name, value in zip(numbers, values):
            if isinstance(value, str) and (not value.strip() or is_number(value)):
                found.setdefault(name, {})[fid] = value
            elif isinstance(value, (str, bytes)):
                raise PlannerError(
                    "store.text_for_number",
                    path=path.name,
                    table=table.name,
                    row=code if code else fid,
                    field=name,
                    value=value if isinstance(value, str) else "BLOB",
                )
    return found


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}


def _layout(connection: sqlite3.Connection, table: Table) -> Layout:
    described = connection.execute(f"PRAGMA table_info({quoted(table.name)})").fetchall()
    by_lower = {name.lower(): (name, declared) for _, name, declared, *_ in described}
    key = next((name for _, name, _, _, _, primary in described if primary), "rowid")
    row = None
    if table.geometry is not None:
        row = connection.execute(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = ?", (table.name,)
        ).fetchone()
    present = {f.name: by_lower[f.name] for f in table.fields if f.name in by_lower}
    return Layout(
        table.name,
        key,
        {name: written for name, (written, _) in present.items()},
        {name: declared for name, (_, declared) in present.items()},
        row[0] if row else None,
        row[1] if row else 0,
    )


def _refuse_wrong_crs(connection: sqlite3.Connection, path: Path, table: str) -> None:
    row = connection.execute(
        "SELECT s.organization, s.organization_coordsys_id, s.srs_name, s.definition, g.srs_id"
        " FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE lower(g.table_name) = ?",
        (table,),
    ).fetchone()
    organization, code, name, definition, srs_id = row
    if (organization or "").upper() == "EPSG":
        if code == PLAN_EPSG:
            return
        found = f"EPSG:{code} {name}"
    else:
        top = (definition or "").split('"')[1].lower() if '"' in (definition or "") else ""
        if (definition or "").upper().startswith("GEOG") and top in _CGCS2000_NAMES:
            return
        found = name or f"srs_id {srs_id}"
    raise PlannerError("store.wrong_crs", path=path.name, table=table, crs=found)
