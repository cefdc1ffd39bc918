"""What the import dialog's tasks do, away from the main thread: read, propose, sketch, carry out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...core.errors import PlannerError
from ...core.intake.asking import Choice, ChoiceNeeded, Watch
from ...core.intake.gcj02 import geometries_from_gcj02
from ...core.intake.import_report import report_of
from ...core.intake.importing import Imported, carry_out
from ...core.intake.mapping import map_source, suggest_table
from ...core.intake.profiles import profiles_for
from ...core.intake.projection import place_of, to_plan_crs
from ...core.intake.proposal import GCJ02, Answers, Proposal, propose
from ...core.intake.reading import read_source
from ...core.plan.schema import CODE_LISTS, LINES, POLYGONS, TABLES, Table
from ...core.store.plan_file import read_plan
from ...core.texts import Message
from ...layers.catalogue import GROUPS
from ...ui.import_dialog.target_chooser import LEFT_OUT
from ...ui.import_dialog.values import Asked, Options, Outline, Ready, Refused, Sketch, sentence

if TYPE_CHECKING:
    from ...core.intake.profiles import Profile
    from ...core.intake.source import Source

#: Tables whose outlines the small map shows, and how it calls their kind.
_BACKGROUND = (("restoration_zone", "zone"), ("admin_unit", "unit"))
#: Tables that tell where the plan's city lies.
_PLACE = ("plan", "restoration_zone", "key_area", "admin_unit")
#: So many rows tell which of the plan's fields a source has.
_ROWS_TO_KNOW = 50
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
        profiles = profiles_for(plan)
        if table is None:
            table = suggest_table(source, profiles)
            if table is not None and table.name in LEFT_OUT:
                table = None
        if table is None:
            return Asked(options, "table", tables_for(source, profiles), source)
        stamp = _stamp(plan)
        answers = Answers(options.crs, options.asked, options.constants, options.names)
        proposal = propose(plan, table, source, answers, watch.part(0.4, 0.9))
        if not options.level_asked and _lack_any_level(proposal):
            return Asked(options, "level", _levels(), source, table.name, examples=_examples(proposal))
        watch.step(0.95, "intake.step_proposed")
        return Ready(options, proposal, report_of(proposal), sketch_of(proposal), options.table is None, stamp)
    except ChoiceNeeded as asked:
        likely = asked.choices[0].value if asked.option == "encoding" else None
        if asked.option == "crs" and _in_city(asked.choices[0], plan):
            likely = asked.choices[0].value
        return Asked(options, asked.option, asked.choices, source, table.name if table else None, likely)
    except PlannerError as error:
        if error.message.id == "intake.code_elsewhere" and source is not None and table is not None:
            return _ask_code(options, error.message, source, table, profiles_for(plan))
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


def tables_for(source: Source, profiles: Sequence[Profile]) -> list[Choice]:
    """The plan's tables that may hold a source, the likely ones first.

    Tables with the source's kind of geometry come before others, tables without geometry last; among
    them those with more of the source's fields, then in the order of the layer tree.
    """
    kinds: list[str | None] = []
    if source.geometry is not None:
        dimensions = shapely.get_dimensions(source.geometry)
        lines = source.geometry[dimensions == 1]
        if (dimensions == 2).any():
            kinds.append(POLYGONS)
        if len(lines):
            kinds.append(LINES)
        # Outlines may be drawn as closed lines
        if POLYGONS not in kinds and shapely.is_closed(shapely.get_parts(lines)).any():
            kinds.append(POLYGONS)
    kinds.append(None)
    names = [name for tables in GROUPS.values() for name in tables if name not in LEFT_OUT]
    first = _first_rows(source)
    known = {n: len(map_source(first, TABLES[n], profiles).used) for n in names if TABLES[n].geometry in kinds}
    fitting = sorted(known, key=lambda n: (kinds.index(TABLES[n].geometry), -known[n]))
    return [Choice(name, Message.of(f"schema.{name}")) for name in fitting]


def _first_rows(source: Source) -> Source:
    """Enough of a source to know its fields."""
    fields = {name: values[:_ROWS_TO_KNOW] for name, values in source.fields.items()}
    geometry = None if source.geometry is None else source.geometry[:_ROWS_TO_KNOW]
    return replace(source, fields=fields, geometry=geometry, ids=source.ids[:_ROWS_TO_KNOW])


def _lack_any_level(proposal: Proposal) -> bool:
    """Whether the source says no level of its units, nor has the plan one of any of them."""
    if "intake.no_level" not in {note.id for note in proposal.notes} or "level" in proposal.answers.asked:
        return False
    known = proposal.existing["level"][proposal.into[proposal.into >= 0]]
    return all(level is None for level in known.tolist())


def _levels() -> list[Choice]:
    codes = CODE_LISTS["unit_level"]
    captions = [Choice(code, Message.of(f"codes.unit_level.{code}")) for code in codes]
    return [*captions, Choice("", Message.of("import_dialog.level_later"))]


def _examples(proposal: Proposal) -> tuple[str, ...]:
    """What the first units are called."""
    names = proposal.columns["name"].tolist() if "name" in proposal.columns else []
    return tuple([str(name) for name in names if name is not None][:3]) or (proposal.source.layer,)


def _ask_code(
    options: Options, why: Message, source: Source, table: Table, profiles: Sequence[Profile]
) -> Asked | Refused:
    """The same codes at other places: are they those of the plan?"""
    mapped = map_source(_first_rows(source), table, profiles, options.asked, options.constants)
    field = next((used.source for used in mapped.used if used.target == "code"), None)
    if field is None:  # one value for all rows: there is nothing to choose
        return Refused(options, why, source, table.name)
    choices = [
        Choice("", Message.of("import_dialog.code_not_same")),
        Choice(field, Message.of("import_dialog.code_same", field=field)),
    ]
    return Asked(options, "code", choices, source, table.name, why=sentence(why))


def _in_city(choice: Choice, plan: Path) -> bool:
    """Whether a CRS that is offered puts the data where the plan's city lies; nothing is known of it without its place."""
    where = dict(choice.caption.params).get("where") if isinstance(choice.caption, Message) else None
    place = place_of(read_plan(plan, _PLACE))
    if not isinstance(where, Message) or place is None:
        return False
    bounds = dict(where.params)
    box = np.array([[bounds[side] for side in ("west", "south", "east", "north")]], dtype=float)
    return bool(place.meets(box)[0])


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file and of what stands beside it under the same name."""
    try:
        beside = [path] if path.is_dir() else sorted(path.parent.glob(f"{escape(path.stem)}.*"))
        states = [p.stat() for p in beside]
    except OSError:
        return (0, 0)
    return sum(s.st_size for s in states), max((s.st_mtime_ns for s in states), default=0)
