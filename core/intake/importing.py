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
from ..plan.tables import Array, Rows
from ..store.plan_file import Written, add_and_update_rows, ensure_current, read_plan, remove_and_update_rows
from ..texts import Message
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
    replaced
        Key → geometry as it was stored, byte for byte, of the rows that got another outline.
    """

    path: Path
    table: str
    report: ImportReport
    left: Rows
    before: Rows
    added: list[int]
    fields: list[str]
    replaced: Mapping[int, bytes | None]


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
    before = proposal.existing.take(_positions(changed.fids, proposal.existing.fids))
    written = Written([], {})
    watch.step(0.0, "intake.step_write", count=len(added) + len(changed))
    if len(added) or len(changed):
        ensure_current(proposal.path)
        _refuse_outdated(proposal, before, fields)
        zones = None
        if proposal.table.name == "restoration_zone":
            zones = _zones(_behind(_replaced(proposal.existing, changed), added, ["code", "name"]))
        written = add_and_update_rows(proposal.path, added, changed, fields, zones, watch.cancelled, proposal.moved)
    left = _behind(Rows(added.table, np.array(written.added, np.int64), added.columns, added.geometry), changed, fields)
    return Imported(
        proposal.path, added.table, report_of(proposal), left, before, written.added, fields, written.replaced
    )


def _refuse_outdated(proposal: Proposal, before: Rows, fields: Sequence[str]) -> None:
    """Refuse what was worked out for a table that has changed since: it may write over an edit, or add a row twice."""
    there = read_plan(proposal.path, [before.table])[before.table]
    same_rows = np.array_equal(np.sort(there.fids), np.sort(proposal.existing.fids))
    if not same_rows or _differing(before, there, fields).any():
        raise PlannerError(
            "intake.plan_changed_since", plan=proposal.path.name, table=Message.of(f"schema.{before.table}")
        )


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
    zones = _zones(_replaced(stays, before)) if imported.table == "restoration_zone" else None
    remove_and_update_rows(imported.path, added, before, imported.fields, zones, imported.replaced)


def _edited_since(imported: Imported, there: Rows) -> list[object]:
    """Codes (or keys) of the import's rows that are no longer as it left them."""
    edited = _differing(imported.left, there, imported.fields)
    # Of an added row the other fields were empty; of a changed one they are not touched when it is taken back.
    rows = np.flatnonzero(np.isin(there.fids, imported.added))
    others = [name for name in there.columns if name not in imported.fields]
    filled = {int(there.fids[row]) for row in rows.tolist() if any(there[name][row] is not None for name in others)}
    edited |= np.array([fid in filled for fid in imported.left.fids.tolist()], dtype=bool)
    codes = imported.left["code"] if "code" in imported.fields else imported.left.fids
    return [codes[row] or imported.left.fids[row] for row in np.flatnonzero(edited).tolist()]


def _differing(known: Rows, there: Rows, fields: Sequence[str]) -> Array:
    """``(n,)`` whether known rows are gone from a table, or have other geometry or values of some fields."""
    position = _positions(known.fids, there.fids)
    differs: Array = position < 0
    rows, at = np.flatnonzero(~differs), position[~differs]
    for name in fields:
        now, then = there[name][at].tolist(), known[name][rows].tolist()
        differs[rows] |= np.array([a != b for a, b in zip(now, then)], dtype=bool)
    if known.geometry is not None and there.geometry is not None:
        shapes, were = there.geometry[at], known.geometry[rows]
        null = shapely.is_missing(shapes) & shapely.is_missing(were)
        differs[rows] |= ~(shapely.equals_exact(shapes, were, 0.0) | null)
    return differs


def _positions(wanted: Array, fids: Array) -> Array:
    """Position of each wanted key, or -1."""
    places = {fid: position for position, fid in enumerate(fids.tolist())}
    return np.array([places.get(fid, -1) for fid in wanted.tolist()], dtype=np.int64)


def _zones(rows: Rows) -> Rows:
    """Zones as they will be, for the colours of their stored style."""
    fids = np.arange(1, len(rows) + 1)
    return Rows("restoration_zone", fids, {"code": rows["code"], "name": rows["name"]}, rows.geometry)


def _replaced(rows: Rows, changed: Rows) -> Rows:
    """Rows with the codes, names and outlines of those that change."""
    at = _positions(changed.fids, rows.fids)
    columns = {name: rows[name].copy() for name in ("code", "name")}
    for name in set(columns) & set(changed.columns):
        columns[name][at] = changed[name]
    geometry = None if rows.geometry is None else rows.geometry.copy()
    if geometry is not None and changed.geometry is not None:
        geometry[at] = changed.geometry
    return Rows(rows.table, rows.fids, columns, geometry)


def _behind(first: Rows, second: Rows, fields: Sequence[str]) -> Rows:
    """Rows of one table behind others."""
    geometry: Array | None = None
    if first.geometry is not None:
        other = np.full(len(second), None, dtype=object) if second.geometry is None else second.geometry
        geometry = np.concatenate([first.geometry, other])
    columns = {name: np.concatenate([first[name], second[name]]) for name in fields}
    return Rows(first.table, np.concatenate([first.fids, second.fids]), columns, geometry)
