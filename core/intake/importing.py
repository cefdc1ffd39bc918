"""A proposed import carried out in one transaction, and taken back whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import Table
from ..plan.tables import Array, Rows, object_array
from ..store.plan_file import add_and_update_rows, ensure_current, read_plan, remove_and_update_rows
from .asking import UNWATCHED, Watch
from .import_report import ImportReport, report_of
from .proposal import Answers, Proposal, propose
from .source import Source


@dataclass(frozen=True)
class Imported:
    """What an import did to a plan: enough to take it back.

    Attributes
    ----------
    left
        The rows as the import left them, added ones first.
    before
        The changed ones as they were.
    added
        Keys of the added ones.
    fields
        Names of the fields that the import filled.
    """

    path: Path
    table: str
    report: ImportReport
    left: Rows
    before: Rows
    added: list[int]
    fields: list[str]


def import_source(
    plan: str | PathLike[str],
    table: Table,
    source: Source,
    *,
    crs: int | str | None = None,
    asked: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    watch: Watch = UNWATCHED,
) -> ImportReport:
    """Bring a source into a table of a plan, in one transaction: see `proposal.propose`, whose proposal is carried out."""
    answers = Answers(crs, asked or {}, constants or {})
    return carry_out(propose(plan, table, source, answers, watch), watch).report


def carry_out(proposal: Proposal, watch: Watch = UNWATCHED) -> Imported:
    """Write what was proposed.

    Raises
    ------
    PlannerError
        If the plan cannot be written, or has lost rows since; it is then as before.
    Cancelled
        If the watch stops the work; the plan is then as before.
    """
    added, changed, fields = proposal.added, proposal.changed, list(proposal.columns)
    keys: list[int] = []
    watch.step(0.0, "intake.step_write", count=len(added) + len(changed))
    if len(added) or len(changed):
        ensure_current(proposal.path)
        zones = _zones(proposal.existing, added) if proposal.table.name == "restoration_zone" else None
        keys = add_and_update_rows(proposal.path, added, changed, fields, zones, watch.cancelled)
    left = _behind(Rows(added.table, np.array(keys, np.int64), added.columns, added.geometry), changed, fields)
    places = {fid: position for position, fid in enumerate(proposal.existing.fids.tolist())}
    before = proposal.existing.take(np.array([places[fid] for fid in changed.fids.tolist()], dtype=np.int64))
    return Imported(proposal.path, added.table, report_of(proposal), left, before, keys, fields)


def take_back(imported: Imported, even_if_edited: bool = False) -> None:
    """Put a plan back as it was before an import: added rows go, changed ones are as they were.

    Raises
    ------
    PlannerError
        If rows were edited or removed since and `even_if_edited` is not given, or the plan cannot be written;
        nothing is then done.
    """
    there = read_plan(imported.path, [imported.table])[imported.table]
    edited = _edited_since(imported, there)
    if edited and not even_if_edited:
        names = [str(name) for name in edited[:5]]
        raise PlannerError("intake.edited_since", count=len(edited), rows=names, plan=imported.path.name)
    present = set(there.fids.tolist())
    added = [key for key in imported.added if key in present]
    before = imported.before.take(np.isin(imported.before.fids, there.fids))
    stays = there.take(~np.isin(there.fids, added))
    zones = _zones(stays, Rows.empty(imported.table)) if imported.table == "restoration_zone" else None
    remove_and_update_rows(imported.path, added, before, imported.fields, zones)


def _edited_since(imported: Imported, there: Rows) -> list[object]:
    """Codes (or keys) of the import's rows that are no longer as it left them."""
    places = {fid: position for position, fid in enumerate(there.fids.tolist())}
    found = [places.get(fid, -1) for fid in imported.left.fids.tolist()]
    position = np.array(found, dtype=np.int64)
    gone = position < 0
    edited = gone.copy()
    rows, at = np.flatnonzero(~gone), position[~gone]
    for name in imported.fields:
        now, left = there[name][at].tolist(), imported.left[name][rows].tolist()
        edited[rows] |= np.array([a != b for a, b in zip(now, left)], dtype=bool)
    if imported.left.geometry is not None and there.geometry is not None:
        now, left = there.geometry[at], imported.left.geometry[rows]
        null = shapely.is_missing(now) & shapely.is_missing(left)
        edited[rows] |= ~(shapely.equals_exact(now, left, 0.0) | null)
    codes = imported.left["code"] if "code" in imported.fields else imported.left.fids
    return [codes[row] or imported.left.fids[row] for row in np.flatnonzero(edited).tolist()]


def _zones(existing: Rows, added: Rows) -> Rows:
    """All zones as they will be, for the colours of their stored style."""
    codes, names = (np.concatenate([existing[f], added[f]]) for f in ("code", "name"))
    columns = {"code": codes, "name": names}
    return Rows("restoration_zone", np.arange(1, len(codes) + 1), columns, object_array([None] * len(codes)))


def _behind(first: Rows, second: Rows, fields: Sequence[str]) -> Rows:
    """Rows of one table behind others."""
    geometry: Array | None = None
    if first.geometry is not None:
        other = np.full(len(second), None, dtype=object) if second.geometry is None else second.geometry
        geometry = np.concatenate([first.geometry, other])
    columns = {name: np.concatenate([first[name], second[name]]) for name in fields}
    return Rows(first.table, np.concatenate([first.fids, second.fids]), columns, geometry)
