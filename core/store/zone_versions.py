"""Where a plan file keeps versions of its zones, and how rows get in and out again, within the caller's transaction.

Three tables of our own, which this module alone names.  They are in none of the GeoPackage's registers, so that GDAL
and plain QGIS do not list them, and readers of the plan leave them alone; they are made when the first version is
saved.  A shape is kept once, however many versions have it, byte for byte as its table stored it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import PlannerError
from ..plan.schema import TABLES, Field
from ..plan.tables import PlanTables, Rows
from .blobs import header_kinds, wkb_start
from .geopackage import quoted
from .opening import Layout
from .shapes import UNREADABLE, from_wkb
from .structure import complete, register_change
from .values import as_column, decoded, is_number

#: Tables whose rows a version holds and a restoration puts back as they were.
RESTORED_TABLES = ("restoration_zone", "key_area", "unit_membership")
#: Units are held too, to tell which town lay where, but only what they say about zones is put back.
UNIT_TABLE, UNIT_FIELDS = "admin_unit", ("zone_code", "key_area_code")
HELD_TABLES = (*RESTORED_TABLES, UNIT_TABLE)
#: Of projects, only which zones and key areas they name: merging zones renames them there too.
PROJECT_TABLE, PROJECT_FIELDS = "project", ("zone_codes", "key_area_codes")
#: What makes a row the same one although it was imported anew, under another key.
_WHO = {UNIT_TABLE: ("name", "county", "level"), PROJECT_TABLE: ("code", "name")}
_PUT_BACK = {UNIT_TABLE: UNIT_FIELDS, PROJECT_TABLE: PROJECT_FIELDS}
_LARGEST = 2**63 - 1

_TABLES = {
    "zone_version": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL, note TEXT, author TEXT,"
        " saved_at TEXT NOT NULL, kind TEXT NOT NULL, tables TEXT NOT NULL"
    ),
    "zone_version_row": (
        "version_id INTEGER NOT NULL, table_name TEXT NOT NULL, fid INTEGER NOT NULL, attributes TEXT NOT NULL,"
        " shape TEXT, PRIMARY KEY (version_id, table_name, fid)"
    ),
    "zone_version_shape": "digest TEXT PRIMARY KEY NOT NULL, blob BLOB NOT NULL",
}


@dataclass(frozen=True)
class Version:
    """A named state of the zones that a plan file holds.

    Attributes
    ----------
    id
        Its number in the file; a later version has a higher one.
    saved_at
        Time with time zone, ISO 8601.
    kind
        ``saved`` by a planner, or ``before_restore``: the state that a restoration replaced.
    """

    id: int
    name: str
    note: str | None
    author: str | None
    saved_at: str
    kind: str


@dataclass(frozen=True)
class _Held:
    """A row as a version holds it: the table's own column names, and the geometry's bytes."""

    fid: int
    values: dict[str, object]
    blob: bytes | None


def list_versions(plan: sqlite3.Connection) -> list[Version]:
    """The versions in a file, the latest first."""
    if not _has_versions(plan):
        return []
    with _texts_as(plan, lambda raw: raw.decode("utf-8", "replace")):
        rows = plan.execute("SELECT id, name, note, author, saved_at, kind FROM zone_version ORDER BY id DESC")
        return [Version(*row) for row in rows]


def hold(
    plan: sqlite3.Connection,
    layouts: dict[str, Layout],
    name: str,
    note: str | None,
    author: str | None,
    saved_at: str,
    kind: str,
) -> Version:
    """Save the zones as they are in the file as a version."""
    for table, columns in _TABLES.items():
        plan.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
    present = [table for table in (*HELD_TABLES, PROJECT_TABLE) if table in layouts]
    number = plan.execute(
        "INSERT INTO zone_version (name, note, author, saved_at, kind, tables) VALUES (?, ?, ?, ?, ?, ?)",
        (name, note, author, saved_at, kind, json.dumps(present)),
    ).lastrowid
    assert number is not None
    for table in present:
        _hold_table(plan, layouts[table], number)
    return Version(number, name, note, author, saved_at, kind)


def rows_of(plan: sqlite3.Connection, version: int) -> PlanTables:
    """The rows of a version, typed as the schema says."""
    held = _held(plan, version)
    return PlanTables({table: _as_rows(table, rows) for table, rows in held.items() if table in HELD_TABLES})


def put_back(plan: sqlite3.Connection, version: int, path: Path) -> dict[str, Layout]:
    """Make zones, key areas and memberships what they were in a version.

    Rows are found by their keys: those that are still there are changed, so that a user's own columns which the
    version does not know keep their values; those that came since go; those that went come back.
    """
    held = _held(plan, version)
    layouts = complete(plan, held, path)
    for table, rows in held.items():
        if table in _PUT_BACK:
            _put_back_places(plan, layouts[table], rows)
        else:
            _put_back_rows(plan, layouts[table], rows)
        register_change(plan, layouts[table])
    return layouts


def _has_versions(plan: sqlite3.Connection) -> bool:
    marks = ", ".join("?" * len(_TABLES))
    query = f"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ({marks})"  # noqa: S608
    found: int = plan.execute(query, tuple(_TABLES)).fetchone()[0]
    return found == len(_TABLES)


def _hold_table(plan: sqlite3.Connection, layout: Layout, number: int) -> None:
    names, geometry = _own_columns(plan, layout), layout.geometry
    if layout.name == PROJECT_TABLE:  # there may be thousands, of which the rest is no matter of zones
        kept = (*_WHO[PROJECT_TABLE], *PROJECT_FIELDS)
        names, geometry = [layout.columns[name] for name in kept if name in layout.columns], None
    wanted = [layout.key, *names, *([geometry] if geometry else [])]
    query = f"SELECT {', '.join(map(quoted, wanted))} FROM {quoted(layout.name)}"  # noqa: S608
    with _texts_as(plan, lambda raw: raw.decode("utf-8", "surrogateescape")):
        rows = plan.execute(query).fetchall()
    for fid, *values in rows:
        blob = values.pop() if geometry else None
        digest = None
        if blob is not None:
            stored = blob if isinstance(blob, bytes) else str(blob).encode("utf-8", "surrogateescape")
            digest = hashlib.sha256(stored).hexdigest()
            plan.execute("INSERT OR IGNORE INTO zone_version_shape VALUES (?, ?)", (digest, stored))
        told = {name: _to_json(value) for name, value in zip(names, values)}
        plan.execute(
            "INSERT INTO zone_version_row VALUES (?, ?, ?, ?, ?)", (number, layout.name, fid, json.dumps(told), digest)
        )


def _own_columns(plan: sqlite3.Connection, layout: Layout) -> list[str]:
    """All columns but key and geometry, a user's own ones included."""
    described = plan.execute(f"PRAGMA table_info({quoted(layout.name)})").fetchall()
    return [row[1] for row in described if row[1] not in (layout.key, layout.geometry)]


def _to_json(value: object) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _from_json(value: object) -> object:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if isinstance(value, list) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise ValueError("no value that a column can have")
    value = decoded(value)
    if isinstance(value, str):
        value.encode("utf-8")  # fails where it could not be stored
    return value


def _held(plan: sqlite3.Connection, version: int) -> dict[str, list[_Held]]:
    """Table → rows of a version; also tables that were there and empty."""
    if not _has_versions(plan):
        raise PlannerError("zone_versions.no_such_version")
    try:
        with _texts_as(plan, lambda raw: raw.decode("utf-8")):
            return _read_held(plan, version)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:  # what was written by others
        raise PlannerError("zone_versions.damaged") from error


def _read_held(plan: sqlite3.Connection, version: int) -> dict[str, list[_Held]]:
    row = plan.execute("SELECT tables FROM zone_version WHERE id = ?", (version,)).fetchone()
    if row is None:
        raise PlannerError("zone_versions.no_such_version")
    tables: dict[str, list[_Held]] = {
        table: [] for table in json.loads(row[0]) if table in (*HELD_TABLES, PROJECT_TABLE)
    }
    if "restoration_zone" not in tables:  # else a restoration would tell of success and do nothing
        raise PlannerError("zone_versions.damaged")
    rows = plan.execute(
        "SELECT r.table_name, r.fid, r.attributes, r.shape, s.blob FROM zone_version_row r"
        " LEFT JOIN zone_version_shape s ON s.digest = r.shape WHERE r.version_id = ? ORDER BY r.table_name, r.fid",
        (version,),
    )
    for table, fid, attributes, digest, blob in rows:
        if digest is not None and (blob is None or hashlib.sha256(blob).hexdigest() != digest):
            raise PlannerError("zone_versions.damaged")
        if table in tables:
            values = {name: _from_json(value) for name, value in json.loads(attributes).items()}
            tables[table].append(_Held(int(fid), values, blob))
    return tables


def _as_rows(table: str, held: list[_Held]) -> Rows:
    written = {name.lower(): name for row in held for name in row.values}
    columns = {
        field.name: as_column(field, [_of_type(field, row.values.get(written[field.name])) for row in held])
        for field in TABLES[table].fields
        if field.name in written
    }
    fids = np.array([row.fid for row in held], np.int64)
    if TABLES[table].geometry is None:
        return Rows(table, fids, columns)
    blobs = [row.blob for row in held]
    kinds = header_kinds(blobs)
    geometry, damage, refused = from_wkb(
        [b[wkb_start(b) :] if kind == "plain" and b else None for b, kind in zip(blobs, kinds)]
    )
    unread = [*refused, *(row for row, kind in enumerate(kinds) if kind not in (None, "plain"))]
    return Rows(table, fids, columns, geometry, {**damage, **dict.fromkeys(unread, UNREADABLE)})


def _of_type(field: Field, value: object) -> object:
    """Text where a number belongs reads as null here; putting back restores it as it was."""
    if field.type in ("integer", "real") and isinstance(value, (str, bytes)):
        return value if isinstance(value, str) and is_number(value) else None
    return value


def _put_back_rows(plan: sqlite3.Connection, layout: Layout, held: list[_Held]) -> None:
    table, key = quoted(layout.name), quoted(layout.key)
    there = {row[0] for row in plan.execute(f"SELECT {key} FROM {table}")}  # noqa: S608
    gone = there - {row.fid for row in held}
    plan.executemany(f"DELETE FROM {table} WHERE {key} = ?", ((fid,) for fid in sorted(gone)))  # noqa: S608
    by_lower = {name.lower(): name for name in _own_columns(plan, layout)}
    for row in held:
        values = {by_lower[n.lower()]: v for n, v in row.values.items() if n.lower() in by_lower}
        if layout.geometry:
            values[layout.geometry] = row.blob
        names = [quoted(name) for name in values]
        if row.fid in there and names:
            settings = ", ".join(f"{name} = ?" for name in names)
            plan.execute(f"UPDATE {table} SET {settings} WHERE {key} = ?", (*values.values(), row.fid))  # noqa: S608
        elif row.fid not in there:
            marks = ", ".join("?" * (len(names) + 1))
            statement = f"INSERT INTO {table} ({', '.join([key, *names])}) VALUES ({marks})"  # noqa: S608
            plan.execute(statement, (row.fid, *values.values()))


def _put_back_places(plan: sqlite3.Connection, layout: Layout, held: list[_Held]) -> None:
    """What units or projects say about zones and key areas; those that came since keep what they say."""
    known = [name for name in _WHO[layout.name] if name in layout.columns]
    fields = [name for name in _PUT_BACK[layout.name] if name in layout.columns]
    if not fields or "name" not in known:
        return
    wanted = ", ".join(quoted(c) for c in [layout.key, *(layout.columns[name] for name in known)])
    who = {fid: tuple(rest) for fid, *rest in plan.execute(f"SELECT {wanted} FROM {quoted(layout.name)}")}  # noqa: S608
    bearers: dict[tuple[object, ...], list[int]] = {}
    for fid, person in who.items():
        bearers.setdefault(person, []).append(fid)
    settings = ", ".join(f"{quoted(layout.columns[name])} = ?" for name in fields)
    statement = f"UPDATE {quoted(layout.name)} SET {settings} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    for row in held:
        values = {name.lower(): value for name, value in row.values.items()}
        person = tuple(values.get(name) for name in known)
        same = [row.fid] if who.get(row.fid) == person else bearers.get(person, [])
        if len(same) == 1:
            plan.execute(statement, (*(values.get(name) for name in fields), same[0]))


@contextmanager
def _texts_as(plan: sqlite3.Connection, read: Callable[[bytes], str]) -> Iterator[None]:
    before, plan.text_factory = plan.text_factory, read
    try:
        yield
    finally:
        plan.text_factory = before
