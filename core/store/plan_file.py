"""Reading and writing a plan: one GeoPackage is one plan."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..geometry.parallel import never
from ..plan.schema import DRAWING_ORDER, TABLES
from ..plan.tables import Array, PlanTables, Rows
from . import migration, vector
from .geopackage import quoted, reading, told_as_sentences, writing
from .grade_outlines import note_grades
from .opening import is_plan, layouts_of, refuse_what_is_no_database, version_of
from .plan_reading import read_plan
from .project_history import keep_history
from .structure import (
    add_some,
    complete,
    put_geometry_back,
    remove_some,
    replace_all,
    stored_geometry,
    update_some,
)
from .styles import store_styles
from .values import as_layer
from .whole_file import written_whole

__all__ = [
    "Written",
    "add_and_update_rows",
    "create_plan",
    "ensure_current",
    "read_plan",
    "remove_and_update_rows",
    "replace_rows",
    "update_rows",
]


@dataclass(frozen=True)
class Written:
    """Keys of the rows that were added, key → geometry as it was stored of those that got another one, and keys of the
    rows added to another table beside."""

    added: list[int]
    replaced: Mapping[int, bytes | None]
    beside: list[int] = field(default_factory=list)


def create_plan(path: str | PathLike[str], tables: PlanTables, force: bool = False) -> None:
    """Make a plan file with every table of the schema and the default styles.

    A new file appears whole or not at all.  With `force`, an existing plan gets the new contents in
    one transaction (it may be open in QGIS); any other file is replaced.

    Raises
    ------
    PlannerError
        If the file exists and `force` is not given, or it cannot be written.
    """
    file = Path(path)
    if file.is_dir():
        raise PlannerError("store.is_a_folder", path=file)
    if file.exists():
        if not force:
            raise PlannerError("store.exists", path=file.name)
        if _holds_plan(file):
            migration.ensure_current(file)
            _replace_contents(file, {name: tables[name] for name in TABLES})
            return
    with written_whole(file, replace=force) as beside:
        vector.write_geopackage(beside, (as_layer(tables[name], TABLES[name]) for name in _order()), file)
        with told_as_sentences(file), closing(sqlite3.connect(str(beside), isolation_level=None)) as plan:
            _verify(plan, tables, file)
            plan.execute("BEGIN")
            layouts = layouts_of(plan, file)
            store_styles(plan, layouts, tables["restoration_zone"])
            keep_history(plan, layouts["project"])  # what stands in a new plan is no history
            plan.execute("COMMIT")


def replace_rows(
    path: str | PathLike[str], tables: Mapping[str, Rows], added: Mapping[str, Rows] | None = None
) -> None:
    """Put new rows in the place of all rows of the named tables, in one transaction.

    New zones get their colours in the stored style, and new findings their projects' outlines.

    Parameters
    ----------
    added
        Other tables → rows that come behind those that are there, which stay as they are.

    Raises
    ------
    PlannerError
        If the plan is read-only, locked by another program, or the disk is full; it is then as before.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    behind = added or {}
    with writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, [*tables, *behind], file)
        for name, rows in tables.items():
            replace_all(plan, layouts[name], rows)
        for name, rows in behind.items():
            add_some(plan, layouts[name], rows)
        if "restoration_zone" in tables:
            store_styles(plan, layouts_of(plan, file), tables["restoration_zone"])
        elif "siting_finding" in tables:
            note_grades(plan)


def update_rows(
    path: str | PathLike[str],
    tables: Mapping[str, Rows],
    fields: Mapping[str, list[str]],
    zones: Rows | None = None,
) -> None:
    """Change geometry and the named fields of existing rows, found by their keys, in one transaction.

    Parameters
    ----------
    tables, fields
        Table → rows, and table → names of the fields that change.
    zones
        All restoration zones as they will be: their colours in the stored style are renewed with them.

    Raises
    ------
    PlannerError
        As `replace_rows`; also if another program has removed one of the rows meanwhile.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, tables, file)
        for name, rows in tables.items():
            update_some(plan, layouts[name], rows, fields[name], file)
        if zones is not None:
            store_styles(plan, layouts_of(plan, file), zones)


def add_and_update_rows(
    path: str | PathLike[str],
    added: Rows,
    changed: Rows,
    fields: list[str],
    zones: Rows | None = None,
    cancelled: Callable[[], bool] = never,
    moved: Array | None = None,
    beside: Rows | None = None,
) -> Written:
    """Add rows to a table and change geometry and the named fields of others, in one transaction.

    Parameters
    ----------
    added, changed
        Rows of one table; those to change are found by their keys, those to add get new ones.
    fields
        Names of the fields that change.
    zones
        As in `update_rows`.
    moved
        ``(m,)`` whether each row of `changed` gets another geometry; all where None.
    beside
        Rows of another table that are added with them: what the rows refer to.

    Returns
    -------
    Written
        The keys of the added rows, and the geometries that were replaced.

    Raises
    ------
    PlannerError
        As `update_rows`.
    Cancelled
        If ``cancelled()`` became true; the plan is then as before.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, [added.table, *([beside.table] if beside is not None else [])], file)
        layout = layouts[added.table]
        moving = [] if changed.geometry is None else changed.fids[slice(None) if moved is None else moved].tolist()
        replaced = stored_geometry(plan, layout, moving)
        update_some(plan, layout, changed, fields, file, cancelled, moved)
        keys = add_some(plan, layout, added, cancelled)
        others = add_some(plan, layouts[beside.table], beside, cancelled) if beside is not None else []
        if zones is not None:
            store_styles(plan, layouts_of(plan, file), zones)
    return Written(keys, replaced, others)


def remove_and_update_rows(
    path: str | PathLike[str],
    removed: list[int],
    changed: Rows,
    fields: list[str],
    zones: Rows | None = None,
    replaced: Mapping[int, bytes | None] | None = None,
    beside: tuple[str, list[int]] | None = None,
) -> None:
    """Take rows out of a table and put the named fields of others, and geometries, back as they were, in one transaction.

    Parameters
    ----------
    removed
        Keys of the rows of `changed`'s table that go.
    changed, fields, zones
        As in `add_and_update_rows`; the geometry of `changed` is not written.
    replaced
        Key → geometry as it was stored, of the rows whose geometry goes back.
    beside
        Another table, and the keys of its rows that go too.

    Raises
    ------
    PlannerError
        As `update_rows`.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, [changed.table, *([beside[0]] if beside is not None else [])], file)
        layout = layouts[changed.table]
        if beside is not None:
            remove_some(plan, layouts[beside[0]], beside[1], file)
        remove_some(plan, layout, removed, file)
        update_some(plan, layout, Rows(changed.table, changed.fids, changed.columns), fields, file)
        put_geometry_back(plan, layout, replaced or {})
        if zones is not None:
            store_styles(plan, layouts_of(plan, file), zones)


def ensure_current(path: str | PathLike[str]) -> Path | None:
    """Migrate an older plan after a backup beside it; the backup's path, or None where nothing had to be done."""
    return migration.ensure_current(Path(path))


def _order() -> list[str]:
    return [*DRAWING_ORDER, *(name for name in TABLES if name not in DRAWING_ORDER)]


def _verify(plan: sqlite3.Connection, tables: PlanTables, path: Path) -> None:
    """A full disk may stay unsaid until here: every row must be there before the file counts as made."""
    written = layouts_of(plan, path)
    for name in TABLES:
        count = plan.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0] if name in written else -1  # noqa: S608
        if count != len(tables[name]):
            raise PlannerError("store.disk_full_or_broken", path=path.name)


def _replace_contents(path: Path, tables: Mapping[str, Rows]) -> None:
    with writing(path) as plan:
        layouts = complete(plan, tables, path)
        for name, rows in tables.items():
            replace_all(plan, layouts[name], rows)
        store_styles(plan, layouts, tables["restoration_zone"])


def _refuse_newer(plan: sqlite3.Connection, path: Path) -> None:
    version_of(plan, layouts_of(plan, path), path)


def _holds_plan(path: Path) -> bool:
    try:
        refuse_what_is_no_database(path)
    except PlannerError:
        return False
    with reading(path) as connection:
        return is_plan(connection)
