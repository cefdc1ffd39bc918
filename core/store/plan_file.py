"""Reading and writing a plan: one GeoPackage is one plan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import TABLES
from ..plan.tables import Array, PlanTables, Rows
from ..texts import Message
from . import migration, vector
from .geopackage import (
    HEADER_BYTES,
    header_kind,
    needs_no_lock,
    quoted,
    reading,
    told_as_sentences,
    writing,
)
from .opening import (
    Layout,
    is_plan,
    layouts_of,
    refuse_what_is_no_database,
    text_for_numbers,
    version_of,
)
from .shapes import CURVE, UNREADABLE
from .structure import complete, replace_all, staging, update_some
from .styles import store_styles
from .values import as_column, as_layer
from .whole_file import written_whole


def read_plan(path: str | PathLike[str], tables: Iterable[str] | None = None) -> PlanTables:
    """Read a plan's tables; the file is not changed, and nothing is written beside it.

    Parameters
    ----------
    tables
        Only these tables; all where None.

    Returns
    -------
    PlanTables
        A table that is missing in the file reads as empty, a missing column as null.

    Raises
    ------
    PlannerError
        If the file is no plan, is newer than this software, is in another CRS, holds text where a
        number belongs, or is locked or damaged.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    unchanging = needs_no_lock(file)
    wanted = set(TABLES if tables is None else tables)
    with reading(file) as plan:
        layouts = layouts_of(plan, file)
        version_of(plan, layouts, file)
        rows = {}
        for name in TABLES:
            if name in wanted and name in layouts:
                rows[name] = _read_table(plan, layouts[name], file, unchanging)
    return PlanTables(rows)


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
        vector.write_geopackage(beside, (as_layer(tables[name], table) for name, table in TABLES.items()))
        with told_as_sentences(file), closing(sqlite3.connect(str(beside), isolation_level=None)) as plan:
            _verify(plan, tables, file)
            plan.execute("BEGIN")
            store_styles(plan, layouts_of(plan, file), tables["restoration_zone"])
            plan.execute("COMMIT")


def replace_rows(path: str | PathLike[str], tables: Mapping[str, Rows]) -> None:
    """Put new rows in the place of all rows of the named tables, in one transaction.

    Raises
    ------
    PlannerError
        If the plan is read-only, locked by another program, or the disk is full; it is then as before.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with staging(tables) as staged, writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, staged, tables, file)
        for name, rows in tables.items():
            replace_all(plan, staged, layouts[name], rows)


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
    with staging(tables) as staged, writing(file) as plan:
        _refuse_newer(plan, file)
        layouts = complete(plan, staged, tables, file)
        for name, rows in tables.items():
            update_some(plan, staged, layouts[name], rows, fields[name], file)
        if zones is not None:
            store_styles(plan, layouts_of(plan, file), zones)


def ensure_current(path: str | PathLike[str]) -> Path | None:
    """Migrate an older plan after a backup beside it; the backup's path, or None where nothing had to be done."""
    return migration.ensure_current(Path(path))


def _verify(plan: sqlite3.Connection, tables: PlanTables, path: Path) -> None:
    """A full disk may stay unsaid until here: every row must be there before the file counts as made."""
    written = layouts_of(plan, path)
    for name in TABLES:
        count = plan.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0] if name in written else -1  # noqa: S608
        if count != len(tables[name]):
            raise PlannerError("store.disk_full_or_broken", path=path.name)


def _replace_contents(path: Path, tables: Mapping[str, Rows]) -> None:
    with staging(tables) as staged, writing(path) as plan:
        layouts = complete(plan, staged, tables, path)
        for name, rows in tables.items():
            replace_all(plan, staged, layouts[name], rows)
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


def _read_table(plan: sqlite3.Connection, layout: Layout, path: Path, unchanging: bool) -> Rows:
    written_as_text = text_for_numbers(plan, layout, TABLES[layout.name], path)
    data = vector.read_layer(path, layout.name, layout.columns.values(), unchanging=unchanging)
    for name, values in written_as_text.items():
        for row in np.flatnonzero(np.isin(data.fids, list(values))).tolist():
            data.columns[layout.columns[name]][row] = values[int(data.fids[row])]
    fields = {f.name: f for f in TABLES[layout.name].fields}
    columns = {
        name: as_column(fields[name], data.columns[written])
        for name, written in layout.columns.items()
        if written in data.columns
    }
    if TABLES[layout.name].geometry is None:
        return Rows(layout.name, data.fids, columns)
    geometry = np.full(len(data.fids), None, dtype=object) if data.geometry is None else data.geometry
    damage = dict(data.damage)
    if layout.geometry is not None:
        _note_what_the_library_hides(plan, layout, data.fids, geometry, damage)
    rows = Rows(layout.name, data.fids, columns, geometry, damage)
    _refuse_what_is_not_degrees(rows, path)
    return rows


def _note_what_the_library_hides(
    plan: sqlite3.Connection, layout: Layout, fids: Array, geometry: Array, damage: dict[int, str]
) -> None:
    """GDAL gives null for a geometry that it cannot read, and fiona straightens curves in silence."""
    column = quoted(layout.geometry or "")
    query = f"SELECT {quoted(layout.key)}, substr({column}, 1, {HEADER_BYTES}) FROM {quoted(layout.name)}"  # noqa: S608
    kinds = {fid: header_kind(start) for fid, start in plan.execute(f"{query} WHERE {column} IS NOT NULL")}
    for row in np.flatnonzero(shapely.is_missing(geometry)).tolist():
        if row not in damage and kinds.get(int(fids[row])) is not None:
            damage[row] = UNREADABLE
    curved = [fid for fid, kind in kinds.items() if kind == "curve"]
    for row in np.flatnonzero(np.isin(fids, curved)).tolist():
        damage.setdefault(row, CURVE)


def _refuse_what_is_not_degrees(rows: Rows, path: Path) -> None:
    if rows.geometry is None or not len(rows):
        return
    bounds = shapely.bounds(rows.geometry)
    with np.errstate(invalid="ignore"):
        outside = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        code = rows["code"][row] if "code" in rows.columns else None
        raise PlannerError(
            "store.not_degrees",
            path=path.name,
            table=rows.table,
            row=code or Message.of("store.row_number", fid=int(rows.fids[row])),
            x=float(bounds[row, 0]),
            y=float(bounds[row, 1]),
        )
