"""What happened to a plan's projects, kept in the plan file by the file itself: field, old, new, when and by whom.

Three triggers on the table of projects write into a table of our own, so that whoever saves (QGIS, with the plugin or
without, an import, another program) leaves a trace in the same transaction: there is no change without its record and
no record without its change.  They call no function but SQLite's own.  The table is in none of the GeoPackage's
registers, as those of the zones' versions.

A record holds what was there before and what came after.  Of a site only the former shape is kept: what came after it
stands in the next record of that site, or on the map.  An addition needs no values for the same reason; a deletion has
all of them, so that the project can come back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from ..plan.schema import GEOMETRY_COLUMN, TABLES
from .geopackage import quoted, reading, writing
from .history_signing import HISTORY, author, has_history, last_record, note_written_here
from .opening import Layout, layouts_of, refuse_what_is_no_database
from .values import decoded

PROJECT = "project"
#: The name under which a site's changes are recorded, however the file calls its column.
SITE = GEOMETRY_COLUMN
ADDED, CHANGED, DELETED = "added", "changed", "deleted"

_COLUMNS = (
    "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, project_fid INTEGER NOT NULL, project_code TEXT,"
    " at TEXT NOT NULL, who TEXT, kind TEXT NOT NULL, field TEXT, old, new"
)
_INDEX = f"{HISTORY}_of_project"
#: Projects as they were while all are being replaced.
_BEFORE = "projects_before"
_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"


@dataclass(frozen=True)
class Record:
    """One record of the history.

    Attributes
    ----------
    id
        Its number in the file; a later record has a higher one.
    fid, code
        The project's key, and its code after the change.
    at
        Time in UTC, ISO 8601.
    who
        Who saved it; None where nobody signed, as in a QGIS without the plugin.
    kind
        ``added``, ``changed`` or ``deleted``.
    field
        The schema's field, `SITE`, or None: the addition or deletion itself.
    old, new
        The values as the file held them; of a site the former shape as bytes, and nothing new.
    """

    id: int
    fid: int
    code: str | None
    at: str
    who: str | None
    kind: str
    field: str | None
    old: object
    new: object


def keep_history(plan: sqlite3.Connection, layout: Layout) -> None:
    """See to it that changes of the projects are recorded, within the caller's transaction; done already, nothing is."""
    plan.execute(f"CREATE TABLE IF NOT EXISTS {HISTORY} ({_COLUMNS})")
    plan.execute(f"CREATE INDEX IF NOT EXISTS {_INDEX} ON {HISTORY} (project_fid, id)")
    there = _triggers_of(plan)
    for name, sql in _triggers(layout).items():
        if there.get(name) != sql:  # new, or made when the table had other columns
            plan.execute(f"DROP TRIGGER IF EXISTS {name}")
            plan.execute(sql)


def keeps_history(path: str | PathLike[str]) -> bool:
    """Whether a plan file records the changes of its projects; one without projects has nothing to record."""
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        layouts = layouts_of(plan, file)
        return _triggers_of(plan) == _triggers(layouts[PROJECT]) and has_history(plan)


def begin_history(path: str | PathLike[str]) -> None:
    """Have a plan file record the changes of its projects from now on.

    Raises
    ------
    PlannerError
        If the plan is read-only, locked by another program, or no plan; it is then as before.
    """
    if keeps_history(path):
        return
    file = Path(path)
    with writing(file) as plan:
        keep_history(plan, layouts_of(plan, file)[PROJECT])


@contextmanager
def recorded_as_differences(plan: sqlite3.Connection, layout: Layout) -> Iterator[None]:
    """Where all projects are replaced at once, record what is another than before: not that all went and came."""
    triggers = _triggers(layout)
    for name in triggers:
        plan.execute(f"DROP TRIGGER IF EXISTS {name}")
    table, key = quoted(layout.name), quoted(layout.key)
    plan.execute(f"CREATE TEMP TABLE {_BEFORE} AS SELECT * FROM {table}")  # noqa: S608
    yield
    left = f"FROM {_BEFORE} AS OLD LEFT JOIN {table} AS NEW ON NEW.{key} = OLD.{key}"
    both = f"FROM {_BEFORE} AS OLD JOIN {table} AS NEW ON NEW.{key} = OLD.{key}"
    new = f"FROM {table} AS NEW LEFT JOIN {_BEFORE} AS OLD ON OLD.{key} = NEW.{key}"
    plan.execute(_deletion(layout, left, f"NEW.{key} IS NULL"))
    plan.execute(_change(layout, both))
    plan.execute(_addition(layout, new, f"OLD.{key} IS NULL"))
    plan.execute(f"DROP TABLE {_BEFORE}")
    for sql in triggers.values():
        plan.execute(sql)


def read_history(path: str | PathLike[str], fid: int | None = None, since: int = 0) -> list[Record]:
    """The records of a plan file, or of one project, in the order in which things happened.

    Parameters
    ----------
    since
        Only records with a higher number.

    Raises
    ------
    PlannerError
        If the file cannot be read.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        return records_in(plan, fid, since)


def records_in(plan: sqlite3.Connection, fid: int | None = None, since: int = 0) -> list[Record]:
    """As `read_history`, of an open file."""
    if not has_history(plan):
        return []
    columns = "id, project_fid, project_code, at, who, kind, field, old, new"
    where, values = ("project_fid = ? AND id > ?", (fid, since)) if fid is not None else ("id > ?", (since,))
    before, plan.text_factory = plan.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        rows = plan.execute(f"SELECT {columns} FROM {HISTORY} WHERE {where} ORDER BY id", values)  # noqa: S608
        return [_record(row) for row in rows]
    finally:
        plan.text_factory = before


def _record(row: Sequence[Any]) -> Record:
    values: list[Any] = [value if isinstance(value, bytes) else decoded(value) for value in row]
    return Record(*values)


def last_changes(path: str | PathLike[str], fields: Collection[str]) -> dict[int, str]:
    """When projects were added or last changed in one of some fields: key → time in UTC; the others are left out.

    Raises
    ------
    PlannerError
        If the file cannot be read.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        return last_changes_in(plan, fields)


def last_changes_in(plan: sqlite3.Connection, fields: Collection[str]) -> dict[int, str]:
    """As `last_changes`, of an open file."""
    if not has_history(plan):
        return {}
    names = sorted(fields)
    marks = ", ".join("?" * len(names))
    found = plan.execute(
        f"SELECT project_fid, max(at) FROM {HISTORY}"  # noqa: S608
        f" WHERE kind = ? OR (kind = ? AND field IN ({marks})) GROUP BY project_fid",
        (ADDED, CHANGED, *names),
    )
    return dict(found.fetchall())


def newest_record(path: str | PathLike[str]) -> int:
    """The number of the newest record of a plan file; 0 where there is none."""
    with reading(Path(path)) as plan:
        return last_record(plan)


def sign_records(path: str | PathLike[str], since: int, mine: Mapping[int, Collection[str] | None]) -> list[int]:
    """Put our name under records that another program's saving left unsigned, as QGIS's own.

    Parameters
    ----------
    since
        Only records with a higher number.
    mine
        Key of each project that we changed → the fields, or None for all of it.

    Returns
    -------
    list of int
        The numbers of the records that are ours.
    """
    file = Path(path)
    with reading(file) as plan:
        unsigned = [r for r in records_in(plan, None, since) if r.who is None and r.fid in mine]
    ours = [r.id for r in unsigned if _is_among(r, mine[r.fid])]
    note_written_here(file, ((number, number) for number in ours))
    name = author()
    if not ours or name is None:
        return ours
    with writing(file) as plan:
        plan.executemany(
            f"UPDATE {HISTORY} SET who = ? WHERE id = ? AND who IS NULL",  # noqa: S608
            ((name, number) for number in ours),
        )
    return ours


def _is_among(record: Record, fields: Collection[str] | None) -> bool:
    return fields is None or record.field is None or record.field in fields


def _triggers_of(plan: sqlite3.Connection) -> dict[str, str]:
    names = tuple(f"{HISTORY}_{kind}" for kind in (ADDED, CHANGED, DELETED))
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (?, ?, ?)"
    return dict(plan.execute(query, names).fetchall())


def _triggers(layout: Layout) -> dict[str, str]:
    """Name → SQL of what records changes of a table with these columns."""
    table = quoted(layout.name)
    made = {
        ADDED: f"INSERT ON {table} BEGIN {_addition(layout)}; END",
        CHANGED: f"UPDATE ON {table} BEGIN {_change(layout)}; END",
        DELETED: f"DELETE ON {table} BEGIN {_deletion(layout)}; END",
    }
    return {f"{HISTORY}_{kind}": f"CREATE TRIGGER {HISTORY}_{kind} AFTER {sql}" for kind, sql in made.items()}


def _addition(layout: Layout, source: str = "", where: str = "1") -> str:
    return _insert(_row(layout, "NEW", ADDED, None, "NULL", "NULL", source, where))


def _change(layout: Layout, source: str = "") -> str:
    """Every field that has another value; empty text is no value, and the same shape is no other site."""
    rows = []
    for field, column in _recorded(layout).items():
        old, new = f"OLD.{quoted(column)}", f"NEW.{quoted(column)}"
        differs = f"coalesce({old}, '') IS NOT coalesce({new}, '')"
        rows.append(_row(layout, "NEW", CHANGED, field, old, "NULL" if field == SITE else new, source, differs))
    return _insert(" UNION ALL ".join(rows))


def _deletion(layout: Layout, source: str = "", where: str = "1") -> str:
    rows = [_row(layout, "OLD", DELETED, None, "NULL", "NULL", source, where)]
    for field, column in _recorded(layout).items():
        old = f"OLD.{quoted(column)}"
        rows.append(
            _row(layout, "OLD", DELETED, field, old, "NULL", source, f"{where} AND coalesce({old}, '') IS NOT ''")
        )
    return _insert(" UNION ALL ".join(rows))


def _recorded(layout: Layout) -> dict[str, str]:
    """Field → column of what is recorded: the schema's fields that the file has.  A user's own columns are his alone:
    a trigger that named them would keep him from dropping them."""
    fields = {name: layout.columns[name] for name in TABLES[PROJECT].field_names if name in layout.columns}
    return {**fields, **({SITE: layout.geometry} if layout.geometry else {})}


def _insert(rows: str) -> str:
    return f"INSERT INTO {HISTORY} (project_fid, project_code, at, kind, field, old, new) {rows}"  # noqa: S608


def _row(layout: Layout, side: str, kind: str, field: str | None, old: str, new: str, source: str, where: str) -> str:
    name = "NULL" if field is None else f"'{field}'"
    who = f"{side}.{quoted(layout.key)}, {side}.{quoted(layout.columns['code'])}"
    return f"SELECT {who}, {_NOW}, '{kind}', {name}, {old}, {new} {source} WHERE {where}"  # noqa: S608
