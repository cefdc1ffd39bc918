"""Rows of a plan's tables as plain arrays: what passes between files, QGIS and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .schema import TABLES

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """The rows of one table.

    Attributes
    ----------
    table
        Name of the table.
    fids
        ``(n,)`` int64 feature ids as in the file or layer.
    columns
        Field name → ``(n,)`` object array of str, int, float, bool or None.  Empty text is None.
    geometry
        ``(n,)`` object array of shapely geometries in EPSG:4490 (longitude, latitude; 2D) or None
        for null; the array itself is None for a table without geometry.
    damage
        Row index → id of a text (``geometry.…``) that says what was wrong with a geometry as stored
        and had to be put right while reading (unclosed ring, non-finite coordinate, curve …).
    """

    table: str
    fids: Array
    columns: Mapping[str, Array]
    geometry: Array | None = None
    damage: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.fids)

    def __getitem__(self, name: str) -> Array:
        """A column; a missing nullable column reads as null."""
        column = self.columns.get(name)
        return np.full(len(self), None, dtype=object) if column is None else column

    @classmethod
    def empty(cls, table: str) -> Rows:
        """No rows of a table."""
        has_geometry = table in TABLES and TABLES[table].geometry is not None
        return cls(table, np.empty(0, np.int64), {}, np.empty(0, object) if has_geometry else None)

    @classmethod
    def from_records(
        cls, table: str, records: Sequence[Mapping[str, object]], geometry: Sequence[object] | None = None
    ) -> Rows:
        """Rows from dictionaries and, for a table with geometry, as many geometries (or None)."""
        count = len(records)
        names = list(dict.fromkeys(name for r in records for name in r))
        columns = {name: object_array([clean(r.get(name)) for r in records]) for name in names}
        shapes = None
        if table not in TABLES or TABLES[table].geometry is not None:
            shapes = object_array(list(geometry) if geometry is not None else [None] * count)
        return cls(table, np.arange(1, count + 1, dtype=np.int64), columns, shapes)

    def take(self, indexes: Array) -> Rows:
        """The rows at some positions (or of a boolean mask)."""
        positions = np.flatnonzero(indexes) if np.asarray(indexes).dtype == bool else np.asarray(indexes)
        return Rows(
            self.table,
            self.fids[positions],
            {k: v[positions] for k, v in self.columns.items()},
            None if self.geometry is None else self.geometry[positions],
            {i: self.damage[p] for i, p in enumerate(positions.tolist()) if p in self.damage},
        )

    def records(self) -> list[dict[str, Any]]:
        """One dictionary a row, without geometry."""
        names = list(self.columns)
        return [dict(zip(names, values)) for values in zip(*(self.columns[n] for n in names))] if names else []


@dataclass(frozen=True)
class PlanTables:
    """Some or all tables of one plan; a table that is not there reads as empty."""

    rows: Mapping[str, Rows]

    def __getitem__(self, table: str) -> Rows:
        found = self.rows.get(table)
        return Rows.empty(table) if found is None else found


def object_array(values: Sequence[object]) -> Array:
    """A one-dimensional object array, also of sequences and geometries."""
    array = np.empty(len(values), dtype=object)
    if len(values):
        array[:] = values
    return array


def clean(value: object) -> object:
    """A value as the engine wants it: empty text is null."""
    return None if isinstance(value, str) and not value.strip() else value
