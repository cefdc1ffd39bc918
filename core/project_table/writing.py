"""A table of projects written into a plan in one transaction, by what writes imports too, and so taken back like them."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from ..intake.asking import UNWATCHED, Watch
from ..intake.import_report import ImportReport
from ..intake.importing import Imported, ToWrite, write_rows
from ..intake.mapping import Mapped
from ..plan.lists import write_list
from ..plan.schema import TABLES
from ..plan.tables import PlanTables, Rows, object_array
from ..texts import Message
from .known import Record
from .proposal import TableProposal

_FIELDS = TABLES["project"].fields


def write_table(
    path: str | PathLike[str], tables: PlanTables, proposal: TableProposal, source: str, watch: Watch = UNWATCHED
) -> Imported:
    """Write what a proposal says: new projects and programmes, and the changed fields of others.

    Parameters
    ----------
    tables
        The plan's tables for which the proposal was worked out.
    source
        What the table is called in the report.

    Returns
    -------
    Imported
        To be taken back by `importing.take_back`.

    Raises
    ------
    PlannerError
        If the plan cannot be written, or was changed since; it is then as before.
    """
    existing = tables["project"]
    records = [*proposal.added, *proposal.changed.values()]
    fields = [f.name for f in _FIELDS if any(f.name in record for record in records)]
    added = Rows.from_records("project", [_stored(record, fields) for record in proposal.added])
    if not len(added):
        added = Rows("project", added.fids, {n: object_array([]) for n in fields}, object_array([]))
    positions = np.array(sorted(proposal.changed), dtype=np.int64)
    there = existing.take(positions)
    columns = {name: there[name].copy() for name in fields}
    for row, position in enumerate(positions.tolist()):
        for name, value in _stored(proposal.changed[position], proposal.changed[position]).items():
            columns[name][row] = value
    changed = Rows("project", there.fids, columns, there.geometry)
    beside = None
    if proposal.programmes:
        beside = Rows.from_records("programme", [{"code": c, "name": n} for c, n in proposal.programmes])
    moved = np.zeros(len(changed), dtype=bool)
    wanted = ToWrite(Path(path), existing, added, changed, fields, moved, beside)
    return write_rows(wanted, _report(proposal, source), watch)


def _stored(record: Record, fields: Sequence[str] | Record) -> Record:
    """A record as the plan's columns hold it."""
    return {n: write_list(v) if isinstance(v := record.get(n), tuple) else v for n in fields}


def _report(proposal: TableProposal, source: str) -> ImportReport:
    asides = [f"{aside.number}: {aside.text[:30]}" for aside in proposal.asides if aside.kind in ("note", "sum")]
    notes = list(proposal.grid.notes)
    if asides:
        notes.append(Message.of("project_table.report_asides", count=len(asides), rows=asides[:5]))
    if proposal.programmes:
        names = [f"{code} {name}" for code, name in proposal.programmes]
        notes.append(Message.of("project_table.report_programmes", count=len(names), names=names))
    return ImportReport(
        table="project",
        layer=source,
        encoding="utf-8",
        read=len(proposal.rows),
        added=proposal.count("new"),
        updated=proposal.count("changed"),
        unchanged=proposal.count("same"),
        notes=notes,
        mapped=Mapped({}, [], [], []),
        changes=[],
        doubts=[],
        area_before=0.0,
        area_after=0.0,
    )
