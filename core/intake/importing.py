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
    beside
        Another table and its rows as they were added with them, if any.
    """

    path: Path
    table: str
    report: ImportReport
    left: Rows
    before: Rows
    added: list[int]
    fields: list[str]
    replaced: Mapping[int, bytes | None]
    beside: Rows | None = None


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
    to_write = ToWrite(
        proposal.path, proposal.existing, proposal.added, proposal.changed, list(proposal.columns), proposal.moved
    )
    return write_rows(to_write, report_of(proposal), watch)


@dataclass(frozen=True)
class ToWrite:
    """What an import writes into one table of a plan, and for which rows of it that was worked out.

    Attributes
    ----------
    existing
        The table's rows as they were when it was worked out.
    added, changed, fields, moved, beside
        As in `plan_file.add_and_update_rows`.
    """

    path: Path
    existing: Rows
    added: Rows
    changed: Rows
    fields: list[str]
    moved: Array
    beside: Rows | None = None


def write_rows(wanted: ToWrite, report: ImportReport, watch: Watch = UNWATCHED) -> Imported:
    """Write rows in one transaction, so that they can be taken back; raises as `carry_out`."""
    added, changed, fields, beside = wanted.added, wanted.changed, wanted.fields, wanted.beside
    before = wanted.existing.take(_positions(changed.fids, wanted.existing.fids))
    written = Written([], {})
    watch.step(0.0, "intake.step_write", count=len(added) + len(changed))
    if len(added) or len(changed):
        ensure_current(wanted.path)
        _refuse_outdated(wanted, before)
        zones = None
        if added.table == "restoration_zone":
            zones = _zones(_behind(_replaced(wanted.existing, changed), added, ["code", "name"]))
        written = add_and_update_rows(wanted.path, added, changed, fields, zones, watch.cancelled, wanted.moved, beside)
    left = _behind(Rows(added.table, np.array(written.added, np.int64), added.columns, added.geometry), changed, fields)
    others = None
    if beside is not None:
        others = Rows(beside.table, np.array(written.beside, np.int64), beside.columns, beside.geometry)
    return Imported(wanted.path, added.table, report, left, before, written.added, fields, written.replaced, others)


def _refuse_outdated(wanted: ToWrite, before: Rows) -> None:
    """Refuse what was worked out for a table that has changed since: it may write over an edit, or add a row twice."""
    there = read_plan(wanted.path, [before.table])[before.table]
    same_rows = np.array_equal(np.sort(there.fids), np.sort(wanted.existing.fids))
    if not same_rows or _differing(before, there, wanted.fields).any():
        raise PlannerError(
            "intake.plan_changed_since", plan=wanted.path.name, table=Message.of(f"schema.{before.table}")
        )


def take_back(imported: Imported, even_if_edited: bool = False) -> None:
    """Put a plan back as it was before an import: added rows go, changed ones are as they were.

    Raises
    ------
    PlannerError
        If rows were edited or removed since and `even_if_edited` is not given, or the plan cannot be written;
        nothing is then done.
    """
    others = imported.beside
    tables = read_plan(imported.path, [imported.table, *([others.table] if others is not None else [])])
    there = tables[imported.table]
    edited = _edited_since(imported, there)
    if others is not None:
        touched = _differing(others, tables[others.table], list(others.columns))
        edited += [others["code"][row] or others.fids[row] for row in np.flatnonzero(touched).tolist()]
    if edited and not even_if_edited:
        names = [str(name) for name in edited[:5]]
        raise PlannerError("intake.edited_since", count=len(edited), rows=names, plan=imported.path.name)
    present = set(there.fids.tolist())
    added = [key for key in imported.added if key in present]
    before = imported.before.take(np.isin(imported.before.fids, there.fids))
    stays = there.take(~np.isin(there.fids, added))
    zones = _zones(_replaced(stays, before)) if imported.table == "restoration_zone" else None
    beside = None
    if others is not None:
        still = set(tables[others.table].fids.tolist())
        beside = (others.table, [key for key in others.fids.tolist() if key in still])
    remove_and_update_rows(imported.path, added, before, imported.fields, zones, imported.replaced, beside)


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
