"""Reading a plan: tolerant of what is missing, clear about what cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import TABLES
from ..plan.tables import Array, PlanTables, Rows
from ..texts import Message
from . import vector
from .blobs import HEADER_BYTES, header_kind
from .geopackage import needs_no_lock, quoted, reading
from .opening import Layout, layouts_of, refuse_what_is_no_database, text_for_numbers, version_of
from .shapes import CURVE, UNREADABLE
from .stored_layers import read_rows
from .values import as_column


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


def _read_table(plan: sqlite3.Connection, layout: Layout, path: Path, unchanging: bool) -> Rows:
    written_as_text = text_for_numbers(plan, layout, TABLES[layout.name], path)
    data = read_rows(plan, layout.name, layout.key, layout.columns.values(), layout.geometry)
    if data is None:
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
