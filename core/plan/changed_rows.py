"""Rows of a table with some of them changed, added and taken away."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .tables import Rows


def with_changes(rows: Rows, changed: Rows, removed: Collection[int] = (), added_first: bool = False) -> Rows:
    """A table after edits.

    Parameters
    ----------
    rows
        The table before.
    changed
        Rows as they are now, by feature id: in place of those of the same id, and the others beside.
    removed
        Feature ids of rows that are no more.
    added_first
        Whether new rows stand before all others, as in QGIS's layers, rather than behind.

    Returns
    -------
    Rows
        The same object where nothing was changed.
    """
    if not len(changed) and not len(removed):
        return rows
    together = _stacked(rows, changed)
    latest = {fid: at for at, fid in enumerate(together.fids.tolist())}
    before = rows.fids.tolist()
    known = set(before)
    added = [fid for fid in changed.fids.tolist() if fid not in known]
    order = [*added, *before] if added_first else [*before, *added]
    gone = set(removed)
    return together.take(np.array([latest[fid] for fid in order if fid not in gone], dtype=np.intp))


def _stacked(rows: Rows, more: Rows) -> Rows:
    geometry = None
    if rows.geometry is not None and more.geometry is not None:
        geometry = np.concatenate([rows.geometry, more.geometry])
    names = dict.fromkeys([*rows.columns, *more.columns])
    return Rows(
        rows.table,
        np.concatenate([rows.fids, more.fids]),
        {name: np.concatenate([rows[name], more[name]]) for name in names},
        geometry,
        {**rows.damage, **{at + len(rows): text_id for at, text_id in more.damage.items()}},
    )
