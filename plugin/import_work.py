"""What the import dialog's tasks do, away from the main thread: read, propose, sketch, carry out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..core.errors import PlannerError
from ..core.intake.asking import Choice, ChoiceNeeded, Watch
from ..core.intake.gcj02 import geometries_from_gcj02
from ..core.intake.import_report import report_of
from ..core.intake.importing import Imported, carry_out
from ..core.intake.mapping import suggest_table
from ..core.intake.profiles import profiles_for
from ..core.intake.projection import to_plan_crs
from ..core.intake.proposal import GCJ02, Answers, Proposal, propose
from ..core.intake.reading import read_source
from ..core.plan.schema import LINES, POLYGONS, TABLES
from ..core.store.plan_file import read_plan
from ..core.texts import Message
from ..layers.catalogue import GROUPS
from ..ui.import_dialog.target_chooser import LEFT_OUT
from ..ui.import_dialog.values import Asked, Options, Outline, Ready, Refused, Sketch

if TYPE_CHECKING:
    from ..core.intake.source import Source

#: Tables whose outlines the small map shows, and how it calls their kind.
_BACKGROUND = (("restoration_zone", "zone"), ("admin_unit", "unit"))
#: Vertices nearer than this share of the shown width cannot be told apart on the small map.
_FINENESS = 1 / 3000
#: So many of the features that were mended are drawn exactly: the map goes close to them.
_MOST_EXACT = 2000


@dataclass(frozen=True)
class SourceKey:
    """By what a source that was read is known again: another version of the file is another source."""

    path: Path
    layer: str | None
    encoding: str | None
    stamp: tuple[int, int]


class SourceShelf:
    """The last source that was read, kept so that another option does not read it again."""

    def __init__(self) -> None:
        # One value, for tasks that end and begin at once may both be here
        self._kept: tuple[SourceKey, Source] | None = None

    def read(self, options: Options, watch: Watch) -> Source:
        """The source of these options, from the shelf where it lies there."""
        key = SourceKey(options.path, options.layer, options.encoding, _stamp(options.path))
        kept = self._kept
        if kept is not None and kept[0] == key:
            return kept[1]
        source = read_source(options.path, options.layer, options.encoding, watch)
        self._kept = key, source
        return source


def work_out(plan: Path, options: Options, shelf: SourceShelf, watch: Watch) -> Ready | Asked | Refused:
    """What importing with these options would do, what has to be decided first, or why it cannot be done.

    Raises
    ------
    Cancelled
        If the watch stops the work.
    """
    source: Source | None = None
    table = TABLES[options.table] if options.table is not None else None
    try:
        source = shelf.read(options, watch.part(0.0, 0.4))
        if table is None:
            table = suggest_table(source, profiles_for(plan))
            if table is not None and table.name in LEFT_OUT:
                table = None
        if table is None:
            return Asked(options, "table", _tables_for(source), source)
        stamp = _stamp(plan)
        answers = Answers(options.crs, options.asked, options.constants, options.names)
        proposal = propose(plan, table, source, answers, watch.part(0.4, 0.9))
        watch.step(0.95, "intake.step_proposed")
        return Ready(options, proposal, report_of(proposal), sketch_of(proposal), options.table is None, stamp)
    except ChoiceNeeded as asked:
        return Asked(options, asked.option, asked.choices, source, table.name if table else None)
    except PlannerError as error:
        return Refused(options, error.message, source, table.name if table else None)


def import_now(plan: Path, ready: Ready, shelf: SourceShelf, watch: Watch) -> Imported | Ready | Asked | Refused:
    """Carry out what the planner has looked at; where the plan has changed since and it would now do otherwise, that.

    Raises
    ------
    PlannerError
        If the plan cannot be written; it is then as before.
    Cancelled
        If the watch stops the work; likewise.
    """
    proposal = ready.proposal
    if _stamp(plan) != ready.stamp:
        fresh = work_out(plan, ready.options, shelf, watch.part(0.0, 0.7))
        if not isinstance(fresh, Ready) or not _do_the_same(fresh.proposal, proposal):
            return fresh
        proposal = fresh.proposal
    return carry_out(proposal, watch.part(0.7, 1.0))


def _do_the_same(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals add and change the same rows in the same way."""
    return (
        one.table is other.table
        and np.array_equal(one.fates, other.fates)
        and np.array_equal(one.changed.fids, other.changed.fids)
        and all(np.array_equal(one.changed[name], other.changed[name]) for name in one.columns)
    )


def sketch_of(proposal: Proposal) -> Sketch:
    """What the small map shows of a proposal: the plan's outlines, and every feature where it would come to lie."""
    geometry = _geometry(proposal)
    if geometry is None:
        return Sketch()
    tables = read_plan(proposal.path, [name for name, _ in _BACKGROUND])
    plan = []
    for name, kind in _BACKGROUND:
        outlines = tables[name].geometry
        if outlines is not None:
            plan += [Outline(w, kind) for w in _drawn(outlines) if w is not None]
    touched = {str(change.id) for change in proposal.changes[:_MOST_EXACT]}
    drawn = _drawn(geometry, np.array([str(name) in touched for name in proposal.source.ids], dtype=bool))
    rows = zip(drawn, proposal.fates.tolist(), proposal.source.ids)
    return Sketch(plan, [Outline(w, str(fate), str(name)) for w, fate, name in rows if w is not None])


def _geometry(proposal: Proposal) -> np.ndarray | None:
    """Each row's geometry as it would be; of those left out, as they came."""
    if proposal.geometry is None or proposal.source.geometry is None or proposal.crs is None:
        return None
    geometry = np.array(proposal.geometry, dtype=object)
    lost = np.flatnonzero(shapely.is_missing(geometry) & ~shapely.is_missing(proposal.source.geometry))
    if len(lost):
        came = to_plan_crs(shapely.force_2d(proposal.source.geometry[lost]), proposal.crs)
        if proposal.answers.crs == GCJ02:
            came = geometries_from_gcj02(came)
        geometry[lost] = came
    return geometry


def _drawn(geometry: np.ndarray, exact: np.ndarray | None = None) -> Sequence[bytes | None]:
    """WKB of geometries that a small map can draw, as fine as it can show, or exact; None for what it cannot."""
    there = ~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)
    there &= np.isin(shapely.get_dimensions(geometry), (1, 2))
    drawn = np.full(len(geometry), None, dtype=object)
    if there.any():
        west, south, east, north = shapely.total_bounds(geometry[there])
        fine = shapely.simplify(geometry[there], max(east - west, north - south) * _FINENESS, preserve_topology=False)
        gone = shapely.is_empty(fine) | shapely.is_missing(fine)
        if exact is not None:
            gone |= exact[there]
        fine[gone] = geometry[there][gone]
        mixed = shapely.get_type_id(fine) == 7
        fine[mixed] = shapely.convex_hull(fine[mixed])
        drawn[there] = shapely.to_wkb(fine)
    wkbs: list[bytes | None] = drawn.tolist()
    return wkbs


def _tables_for(source: Source) -> list[Choice]:
    """The plan's tables that may hold a source, in the order of the layer tree; those without geometry last."""
    kinds: set[str | None] = {None}
    if source.geometry is not None:
        dimensions = shapely.get_dimensions(source.geometry)
        lines = source.geometry[dimensions == 1]
        # Outlines may be drawn as closed lines
        if (dimensions == 2).any() or shapely.is_closed(shapely.get_parts(lines)).any():
            kinds.add(POLYGONS)
        if len(lines):
            kinds.add(LINES)
    names = [name for tables in GROUPS.values() for name in tables if name not in LEFT_OUT]
    fitting = sorted((n for n in names if TABLES[n].geometry in kinds), key=lambda n: TABLES[n].geometry is None)
    return [Choice(name, Message.of(f"schema.{name}")) for name in fitting]


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file and of what stands beside it under the same name."""
    try:
        beside = [path] if path.is_dir() else sorted(path.parent.glob(f"{escape(path.stem)}.*"))
        states = [p.stat() for p in beside]
    except OSError:
        return (0, 0)
    return sum(s.st_size for s in states), max((s.st_mtime_ns for s in states), default=0)
