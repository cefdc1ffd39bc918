"""A source's rows put together with the plan's: whose codes, texts and outlines stay, and each row's fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from ..plan.schema import Table
from ..plan.tables import Array, Rows, object_array
from ..texts import Message
from .damaged_text import is_damaged_copy
from .outlines import same_place
from .source import Source

#: What becomes of a source's row.
FATES = ("added", "updated", "unchanged", "dropped")


def of_kept(columns: Mapping[str, Array], keep: Array) -> dict[str, Array]:
    """Columns in which rows that are left out have no code."""
    codes = {name: np.where(keep, columns[name], None) for name in ("code",) if name in columns}
    return {**columns, **codes}


def with_the_plans_codes(
    columns: dict[str, Array], into: Array, foreign: Array, existing: Rows, notes: list[Message]
) -> dict[str, Array]:
    """Rows that were found by their outline under another code keep the plan's, as a delivery that comes back has others."""
    rows = np.flatnonzero(foreign & (into >= 0))
    kept = [row for row in rows.tolist() if existing["code"][into[row]] is not None]
    if not kept:
        return columns
    shown = [f"{columns['code'][row]} → {existing['code'][into[row]]}" for row in kept[:3]]
    notes.append(Message.of("intake.other_code", count=len(kept), codes=[*shown, *(["…"] if len(kept) > 3 else [])]))
    codes = columns["code"].copy()
    codes[kept] = None
    return {**columns, "code": codes}


def without_damaged_texts(
    table: Table, columns: dict[str, Array], into: Array, existing: Rows, source: Source, notes: list[Message]
) -> dict[str, Array]:
    """Texts that lost something on their way through a file do not take the place of the plan's whole ones."""
    rows = np.flatnonzero(into >= 0)
    cleaned, found = dict(columns), dict[int, str]()
    for name in (f.name for f in table.fields if f.type == "text" and f.name in columns):
        pairs = zip(rows.tolist(), columns[name][rows], existing[name][into[rows]])
        damaged = [row for row, new, old in pairs if new != old and is_damaged_copy(new, old)]
        if damaged:
            cleaned[name] = columns[name].copy()
            cleaned[name][damaged] = None
            found.update(dict.fromkeys(damaged, name))
    if found:
        shown = [*(str(source.ids[row]) for row in list(found)[:5]), *(["…"] if len(found) > 5 else [])]
        fields = [Message.of(f"schema.{table.name}.{name}") for name in dict.fromkeys(found.values())]
        notes.append(Message.of("intake.damaged_kept", count=len(found), rows=shown, fields=fields))
    return cleaned


def merge(
    table: Table, existing: Rows, columns: Mapping[str, Array], geometry: Array | None, into: Array, keep: Array
) -> tuple[Array, Rows, Rows, Array]:
    """Each row's fate, the rows to add, those of the plan's that really change, and which of these get another outline."""
    fates = np.full(len(keep), "dropped", dtype=object)
    fates[keep] = "unchanged"
    new = np.flatnonzero(keep & (into < 0))
    if table.geometry is None:
        there = set(zip(*(existing[n].tolist() for n in columns)))
        new = np.array([r for r in new if tuple(c[r] for c in columns.values()) not in there], dtype=np.int64)
    fates[new] = "added"
    shapes = None if geometry is None else geometry[new]
    added = Rows(table.name, np.arange(1, len(new) + 1), {n: column[new] for n, column in columns.items()}, shapes)
    old = np.flatnonzero(keep & (into >= 0))
    values, differs = {}, np.zeros(len(old), bool)
    for name, column in columns.items():
        before = existing[name][into[old]]
        values[name] = _where_given(column[old].tolist(), before.tolist())
        differs |= np.array([a != b for a, b in zip(values[name].tolist(), before.tolist())], dtype=bool)
    shapes, moves = None, np.zeros(len(old), bool)
    if geometry is not None and existing.geometry is not None:
        before = existing.geometry[into[old]]
        # What differs by a rounding stays as the plan has it: neighbours share its vertices
        stays = shapely.is_missing(geometry[old]) | same_place(geometry[old], before)
        shapes = np.where(stays, before, geometry[old])
        moves = ~stays
        differs |= moves
    fates[old[differs]] = "updated"
    changed = Rows(table.name, existing.fids[into[old]], values, shapes).take(differs)
    return fates, added, changed, moves[differs]


def _where_given(given: Sequence[object], before: Sequence[object]) -> Array:
    return object_array([b if g is None else g for g, b in zip(given, before)])
