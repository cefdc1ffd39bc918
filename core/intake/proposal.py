"""What an import would do to a plan, worked out without touching it: found, mended, matched, and each row's fate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import PLAN_EPSG, Table
from ..plan.tables import Array, PlanTables, Rows
from ..store.plan_file import read_plan
from ..store.values import as_column
from ..texts import Message
from .asking import UNWATCHED, Watch
from .gcj02 import explains_offset, geometries_from_gcj02
from .mapping import Mapped, map_source
from .matching import (
    match_by_code,
    match_by_key,
    match_by_outline,
    match_by_values,
    note_covered,
    note_namesakes,
    refuse_elsewhere,
)
from .mending import Change, closed_lines_as_polygons, drop_repeated_rows, kinds_of, mend
from .merging import merge, of_kept, with_the_plans_codes, without_damaged_texts
from .outlines import moved_m, same_place
from .place_names import NameDoubt, settle_names
from .profiles import profiles_for
from .projection import Candidate, choose_crs, place_of, to_plan_crs
from .source import Source

#: What a user names instead of an EPSG code for coordinates taken from a web map.
GCJ02 = "gcj02"
#: A drawing's one layer (DXF) holds texts and lines beside the outlines.
_DRAWING = "entities"
#: Tables that tell where the city lies, which outlines are known, and what its places are called.
_CONTEXT = ("plan", "admin_unit", "restoration_zone", "key_area", "unit_membership")
_OUTLINES = ("admin_unit", "restoration_zone", "key_area")


@dataclass(frozen=True)
class Answers:
    """What the planner has decided; what is left out is found out.

    Attributes
    ----------
    crs
        EPSG code, or `GCJ02` for coordinates of a web map (they are converted).
    asked, constants
        As in `mapping.map_source`.
    names
        Name of a place as the source writes it → as the plan writes it, for names that are only near.
    """

    crs: int | str | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """An import worked out; nothing is written yet.

    Attributes
    ----------
    crs
        The CRS chosen, or None for a table without coordinates.
    notes
        What was decided, line by line.
    doubts
        Names of places that are only near to known ones: they stay as they are until the planner answers.
    columns
        Field of the plan → ``(n,)`` values, one for each of the source's rows.
    geometry
        ``(n,)`` geometries as they would be in the plan (EPSG:4490), None where there is none; None for a table without.
    fates
        ``(n,)`` one of `FATES` for each of the source's rows.
    into
        ``(n,)`` position in `existing` of the row that is updated (or is the same), else -1.
    existing
        The plan's rows of the table.
    added, changed
        The rows to be written; `changed` has the keys of the plan's rows.
    moved
        ``(m,)`` whether each row of `changed` gets another outline; the others' stay as they are stored.
    area_before, area_after
        m² of all polygons as they came, and as they would be in the plan.
    """

    path: Path
    table: Table
    source: Source
    answers: Answers
    crs: Candidate | None
    notes: list[Message]
    mapped: Mapped
    changes: list[Change]
    doubts: list[NameDoubt]
    columns: Mapping[str, Array]
    geometry: Array | None
    fates: Array
    into: Array
    existing: Rows
    added: Rows
    changed: Rows
    moved: Array
    area_before: float
    area_after: float

    def count(self, fate: str) -> int:
        """Number of the source's rows with that fate."""
        return int((self.fates == fate).sum())

    def previews(self, count: int = 50) -> list[Preview]:
        """The first rows as they would be in the plan."""
        rows = []
        for row in range(min(count, len(self.source))):
            position = int(self.into[row])
            given = {name: column[row] for name, column in self.columns.items()}
            before = {name: self.existing[name][position] for name in self.columns} if position >= 0 else {}
            values = {name: before.get(name) if value is None else value for name, value in given.items()}
            moved = None
            if position >= 0 and self.geometry is not None and self.existing.geometry is not None:
                here, there = self.geometry[[row]], self.existing.geometry[[position]]
                far = moved_m(here, there)[0]
                moved = None if np.isnan(far) or same_place(here, there)[0] else float(far)
            rows.append(Preview(self.source.ids[row], str(self.fates[row]), values, before, moved))
        return rows


@dataclass(frozen=True)
class Preview:
    """One of the source's rows: its id, its fate, its values, and what the plan has now (empty for a new row).

    `moved_m` is how far its outline would move, metres; None where it stays or is not known.
    """

    id: object
    fate: str
    values: Mapping[str, object]
    before: Mapping[str, object]
    moved_m: float | None = None


def propose(
    plan: str | PathLike[str], table: Table, source: Source, answers: Answers | None = None, watch: Watch = UNWATCHED
) -> Proposal:
    """Work out what bringing a source into a table of a plan would do.

    A row of the plan is updated instead of added again where the source's row has the same code; where
    there is none, or it stands more than once, the very same outline, or the same name and an outline
    that covers nearly the same ground.  What is null in the source leaves the plan's value
    as it is; rows that the source does not have stay.

    Raises
    ------
    ChoiceNeeded
        If the CRS has to be chosen.
    PlannerError
        If something does not fit.
    Cancelled
        If the watch stops the work.
    """
    path, answers = Path(plan), answers or Answers()
    if table.name == "plan":
        raise PlannerError("intake.not_into_plan")
    watch.step(0.0, "intake.step_plan")
    tables = read_plan(path, [*_CONTEXT, table.name])
    existing = tables[table.name]
    watch.step(0.1, "intake.step_fields")
    profiles = profiles_for(path)
    mapped = map_source(source, table, profiles, answers.asked, answers.constants)
    if not mapped.columns and (table.geometry is None or source.geometry is None):
        raise PlannerError("intake.nothing_fits", layer=source.layer, fields=list(source.fields), table=_caption(table))
    notes = [*source.notes, *mapped.notes]
    columns = {n: as_column(table.field(n), values) for n, values in mapped.columns.items()}
    known_names = {written: meant for profile in reversed(profiles) for written, meant in profile.names.items()}
    columns, said, doubts = settle_names(table, columns, tables, {**known_names, **answers.names})
    notes += said
    count = len(source)
    changes: list[Change] = []
    keep = np.ones(count, bool)
    geometry: Array | None = None
    crs: Candidate | None = None
    before = after = 0.0
    into = match_by_code(columns, existing, count, []).found
    if table.geometry is not None:
        watch.step(0.2, "intake.step_crs")
        converted, crs = _converted(source, table, tables, answers.crs, notes, watch)
        watch.step(0.4, "intake.step_mend")
        null_stays = (into >= 0) | (table.name == "project")
        mended = mend(converted, source.ids, table.geometry, columns, null_stays, watch.cancelled, source.unread)
        geometry, keep, changes, before, after = (
            mended.geometry,
            mended.keep,
            mended.changes,
            mended.before,
            mended.after,
        )
        nothing = source.geometry is not None and not shapely.get_num_coordinates(source.geometry).any()
        if nothing and not keep.any() and not source.unread:
            raise PlannerError("intake.no_geometry")
        bare = int((keep & shapely.is_missing(geometry)).sum())
        if bare and source.geometry is not None:
            notes.append(Message.of("intake.rows_without_shape", count=bare))
        watch.step(0.7, "intake.step_match")
        # What was left out as a repeat does not make its code stand twice
        by_code = match_by_code(of_kept(columns, keep), existing, count, notes)
        if "code" not in answers.asked:  # whoever names the field says that it is the code
            refuse_elsewhere(by_code.found, np.where(keep, geometry, None), columns, existing)
        into = match_by_outline(by_code, geometry, columns, existing)
        into = match_by_values(into, by_code.untold & keep & shapely.is_missing(geometry), columns, existing)
        columns = with_the_plans_codes(columns, into, by_code.foreign, existing, notes)
        note_covered(np.where(keep, geometry, None), columns, into, existing, notes)
    else:
        changes = drop_repeated_rows(keep, source.ids, columns)
        by_code = match_by_code(of_kept(columns, keep), existing, count, notes)
        into = match_by_key(by_code.found, columns, existing)
        into = match_by_values(into, by_code.untold & keep, columns, existing)
    if table.geometry is None and source.geometry is not None:
        notes.append(Message.of("intake.geometry_unused", table=_caption(table)))
    if table.name == "admin_unit" and "level" not in columns and _lack_level(existing, into[keep]):
        notes.append(Message.of("intake.no_level"))
    if not keep.any():
        raise PlannerError("intake.nothing_left", layer=source.layer, count=count, reason=changes[0].reason)
    note_namesakes(columns, existing, keep & (into < 0), notes)
    watch.step(0.85, "intake.step_merge")
    if geometry is not None and "intake.gcj02_seen" in {note.id for note in notes} and answers.crs is None:
        # Outlines that are doubted do not take the place of known ones
        doubted = int((keep & (into >= 0)).sum())
        geometry = np.where(into >= 0, None, geometry)
        if doubted:
            notes.append(Message.of("intake.gcj02_kept", count=doubted))
    columns = without_damaged_texts(table, columns, into, existing, source, notes)
    fates, added, changed, moved = merge(table, existing, columns, geometry, into, keep)
    watch.step(1.0, "intake.step_proposed")
    return Proposal(
        path, table, source, answers, crs, notes, mapped, changes, doubts, columns, geometry, fates,
        np.where(keep, into, -1), existing, added, changed, moved, before, after,
    )  # fmt: skip


def _lack_level(existing: Rows, into: Array) -> bool:
    """Whether units would stand in the plan without a level: new ones, or those that have none there."""
    levels = existing["level"]
    return any(at < 0 or levels[at] is None for at in into.tolist())


def _converted(
    source: Source, table: Table, tables: PlanTables, crs: int | str | None, notes: list[Message], watch: Watch
) -> tuple[Array, Candidate | None]:
    """The source's outlines in EPSG:4490, and from which CRS; what was decided goes to `notes`."""
    if source.geometry is None:
        return np.full(len(source), None, dtype=object), None
    geometry = source.geometry
    if table.geometry == "MultiPolygon":
        geometry, closed = closed_lines_as_polygons(geometry)
        if closed:
            notes.append(Message.of("intake.closed_lines", count=closed))
    _refuse_mixed(geometry, source, table)
    if not shapely.get_num_coordinates(geometry).any():
        return np.full(len(source), None, dtype=object), None  # rows may get their outlines later
    from_web_map = crs == GCJ02
    epsg = PLAN_EPSG if from_web_map else crs if isinstance(crs, int) else None
    place = place_of(tables)
    chosen, said = choose_crs(geometry, source.epsg, source.crs_wkt, place, epsg)
    converted = to_plan_crs(geometry, chosen, watch.cancelled)
    if from_web_map:
        converted = geometries_from_gcj02(converted)
        west, south, east, north = shapely.total_bounds(converted).tolist()
        notes.append(Message.of("intake.gcj02_converted", west=west, south=south, east=east, north=north))
    else:
        notes += said
        _note_gcj02(converted, tables, notes)
    if place is not None and "intake.crs_far" not in {note.id for note in said}:
        outside = int((~place.meets(shapely.bounds(converted)) & ~shapely.is_missing(converted)).sum())
        if outside:
            notes.append(Message.of("intake.outside_city", count=outside, total=len(converted)))
    return converted, chosen


def _note_gcj02(converted: Array, tables: PlanTables, notes: list[Message]) -> None:
    for name in _OUTLINES:
        known = tables[name].geometry
        if known is not None and not shapely.is_missing(known).all():
            offset = explains_offset(converted, known)
            if offset is not None and offset.is_gcj02:
                caption = Message.of(f"schema.{name}")
                notes.append(Message.of("intake.gcj02_seen", metres=offset.offset_m, table=caption))
                return


def _refuse_mixed(geometry: Array, source: Source, table: Table) -> None:
    wanted = 2 if table.geometry == "MultiPolygon" else 1
    found = Counter(k for k in kinds_of(geometry).tolist() if k in (0, 1, 2))
    names = [Message.of("intake.kind_count", kind=_kind(k), count=n) for k, n in sorted(found.items())]
    if len(found) > 1 and source.layer != _DRAWING:
        raise PlannerError("intake.mixed", layer=source.layer, kinds=names)
    if found and wanted not in found:
        raise PlannerError(
            "intake.wrong_kind", layer=source.layer, kinds=names, table=_caption(table), wanted=_kind(wanted)
        )


def _caption(table: Table) -> Message:
    return Message.of(f"schema.{table.name}")


def _kind(number: int) -> Message:
    return Message.of(f"intake.kind_{('point', 'line', 'polygon')[number]}")
