"""A source brought into a table of a plan: understood, mended, matched with what is there, written at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import Table
from ..plan.tables import Array, PlanTables, Rows, object_array
from ..store.plan_file import add_and_update_rows, ensure_current, read_plan
from ..store.values import as_column
from ..texts import Message
from .gcj02 import explains_offset, geometries_from_gcj02
from .mapping import Mapped, map_source
from .mending import Change, closed_lines_as_polygons, kinds_of, mend
from .profiles import profiles_for
from .projection import choose_crs, place_of, to_plan_crs
from .source import Source

#: What a user names instead of an EPSG code for coordinates taken from a web map.
GCJ02 = "gcj02"
#: A drawing's one layer (DXF) holds texts and lines beside the outlines.
_DRAWING = "entities"
#: Outlines that cover each other this far (intersection over union) are of one thing; half a town is not the town.
_SAME_THING = 0.8
#: Lines are compared by their surroundings of this width, degrees (some 10 m).
_LINE_WIDTH = 1e-4
_PLAN_TABLES = ("plan", "admin_unit", "restoration_zone", "key_area")


@dataclass(frozen=True)
class ImportReport:
    """What was found, what was done, and what was left out.

    Attributes
    ----------
    added, updated, unchanged
        Numbers of the plan's rows.
    changes
        Features mended or left out.
    area_before, area_after
        m² of all polygons as they came, and as they are in the plan (without what was left out).
    """

    table: str
    layer: str
    encoding: str
    read: int
    added: int
    updated: int
    unchanged: int
    notes: list[Message]
    mapped: Mapped
    changes: list[Change]
    area_before: float
    area_after: float
    examples: Mapping[str, str] = field(default_factory=dict)

    def messages(self) -> list[Message]:
        """The report, line by line."""
        lines = [Message.of("intake.found", layer=self.layer, count=self.read, encoding=self.encoding), *self.notes]
        for used in self.mapped.used:
            caption = Message.of(f"schema.{self.table}.{used.target}")
            lines.append(
                Message.of(
                    "intake.used", target=used.target, caption=caption, source=used.source, how=Message.of(used.how)
                )
            )
        for name in self.mapped.left_out:
            lines.append(Message.of("intake.left_out", field=name, example=self.examples.get(name, "")))
        lines += [*self.mapped.misfits, *(change.message() for change in self.changes)]
        if self.changes:
            mended = [c for c in self.changes if not c.dropped]
            change = sum(c.area_after - c.area_before for c in mended)
            dropped = len(self.changes) - len(mended)
            percent = 100 * change / self.area_before if self.area_before else 0.0
            lines.append(
                Message.of("intake.mended_total", mended=len(mended), dropped=dropped, change=change, percent=percent)
            )
        if self.area_after:
            lines.append(Message.of("intake.area", area=self.area_after / 1e6))
        counts = {"added": self.added, "updated": self.updated, "unchanged": self.unchanged}
        lines.append(Message.of("intake.done", table=Message.of(f"schema.{self.table}"), **counts))
        return lines


def import_source(
    plan: str | PathLike[str],
    table: Table,
    source: Source,
    *,
    crs: int | str | None = None,
    asked: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> ImportReport:
    """Bring a source into a table of a plan, in one transaction.

    A row of the plan is updated instead of added again where the source's row has the same code; where
    there is none, or it stands more than once, the very same outline, or the same name and an outline
    that covers nearly the same ground.  What is null in the source leaves the plan's value
    as it is; rows that the source does not have stay.

    Parameters
    ----------
    crs
        EPSG code to use, or `GCJ02` for coordinates of a web map (they are converted).
    asked, constants
        As in `mapping.map_source`.

    Raises
    ------
    PlannerError
        If anything is undecided, does not fit, or cannot be written; the plan is then as before.
    """
    path = Path(plan)
    tables = read_plan(path, [*_PLAN_TABLES, table.name])
    existing = tables[table.name]
    if table.name == "plan":
        raise PlannerError("intake.not_into_plan")
    mapped = map_source(source, table, profiles_for(path), asked, constants)
    if not mapped.columns and (table.geometry is None or source.geometry is None):
        raise PlannerError("intake.nothing_fits", layer=source.layer, fields=list(source.fields), table=table.name)
    notes = list(source.notes)
    columns = {n: as_column(table.field(n), values) for n, values in mapped.columns.items()}
    count = len(source)
    changes: list[Change] = []
    keep = np.ones(count, bool)
    geometry: Array | None = None
    before = 0.0
    by_key, untold = _by_key(columns, existing, count, notes)
    if table.geometry is not None:
        converted = _converted(source, table, tables, crs, notes)
        null_stays = (by_key >= 0) | (table.name == "project")
        values = [tuple(column[row] for column in columns.values()) for row in range(count)]
        before = _total_area(converted)
        mended = mend(converted, source.ids, table.geometry, _hashable(values), null_stays)
        geometry, keep, changes = mended.geometry, mended.keep, mended.changes
        if source.geometry is None:
            changes = [c for c in changes if c.dropped]
        by_key = _by_outline(by_key, untold, geometry, columns, existing)
    elif source.geometry is not None:
        notes.append(Message.of("intake.geometry_unused", table=table.name))
    if table.name == "admin_unit" and "level" not in columns:
        notes.append(Message.of("intake.no_level"))
    if not keep.any():
        raise PlannerError("intake.nothing_left", layer=source.layer, count=count, reason=changes[0].reason)
    _note_namesakes(columns, existing, keep & (by_key < 0), notes)
    merged = _merge(table, existing, columns, geometry, by_key, keep)
    _write(path, table, tables, merged, list(columns))
    after = 0.0 if geometry is None else _total_area(geometry[keep])
    left_out = {n: next((str(v)[:30] for v in source.fields[n] if v not in (None, "")), "") for n in mapped.left_out}
    kept = int(keep.sum())
    added, updated = len(merged.added), len(merged.changed)
    return ImportReport(
        table.name, source.layer, source.encoding, count, added, updated, kept - added - updated, notes, mapped, changes,
        before, after, left_out,
    )  # fmt: skip


@dataclass(frozen=True)
class _Merged:
    added: Rows
    changed: Rows


def _converted(source: Source, table: Table, tables: PlanTables, crs: int | str | None, notes: list[Message]) -> Array:
    """The source's outlines in EPSG:4490; what was decided goes to `notes`."""
    if source.geometry is None:
        return np.full(len(source), None, dtype=object)
    geometry = source.geometry
    if table.geometry == "MultiPolygon":
        geometry, closed = closed_lines_as_polygons(geometry)
        if closed:
            notes.append(Message.of("intake.closed_lines", count=closed))
    _refuse_mixed(geometry, source, table)
    if shapely.is_missing(geometry).all() or not len(shapely.get_coordinates(geometry)):
        raise PlannerError("intake.no_geometry")
    from_web_map = crs == GCJ02
    epsg = 4490 if from_web_map else crs if isinstance(crs, int) else None
    chosen, said = choose_crs(geometry, source.epsg, source.crs_wkt, place_of(tables), epsg)
    converted = to_plan_crs(geometry, chosen)
    notes += said
    if from_web_map:
        notes.append(Message.of("intake.gcj02_converted"))
        return geometries_from_gcj02(converted)
    for name in _PLAN_TABLES[1:]:
        known = tables[name].geometry
        if known is not None and not shapely.is_missing(known).all():
            offset = explains_offset(converted, known)
            if offset is not None and offset.is_gcj02:
                notes.append(
                    Message.of("intake.gcj02_seen", metres=offset.offset_m, table=Message.of(f"schema.{name}"))
                )
                break
    return converted


def _refuse_mixed(geometry: Array, source: Source, table: Table) -> None:
    wanted = 2 if table.geometry == "MultiPolygon" else 1
    found = Counter(k for k in kinds_of(geometry).tolist() if k in (0, 1, 2))
    names = [
        Message.of("intake.kind_count", kind=Message.of(f"intake.kind_{('point', 'line', 'polygon')[k]}"), count=n)
        for k, n in sorted(found.items())
    ]
    if len(found) > 1 and source.layer != _DRAWING:
        raise PlannerError("intake.mixed", layer=source.layer, kinds=names)
    if found and wanted not in found:
        raise PlannerError(
            "intake.wrong_kind", layer=source.layer, kinds=names, table=table.name, wanted=table.geometry
        )


def _by_key(columns: Mapping[str, Array], existing: Rows, count: int, notes: list[Message]) -> tuple[Array, Array]:
    """For each of the source's rows the plan's row with its code or -1, and whether its outline has to tell instead.

    A code that stands more than once on either side tells nothing.
    """
    found = np.full(count, -1)
    if "code" not in columns:
        return found, np.ones(count, bool)
    codes, known = columns["code"].tolist(), existing["code"].tolist()
    often, often_known = Counter(codes), Counter(known)
    places = {code: position for position, code in enumerate(known)}
    untold = np.array([c is None or often[c] > 1 or often_known[c] > 1 for c in codes], dtype=bool)
    found[:] = [-1 if u else places.get(c, -1) for c, u in zip(codes, untold)]
    twice = [str(code) for code, n in often.items() if n > 1 and code is not None]
    if twice:
        notes.append(Message.of("intake.code_twice", count=len(twice), codes=twice[:5]))
    return found, untold


def _by_outline(found: Array, untold: Array, geometry: Array, columns: Mapping[str, Array], existing: Rows) -> Array:
    """Rows that no code tells: the plan's row with the very same outline, else with the same name and nearly the same outline."""
    found = found.copy()
    shapes = existing.geometry
    if shapes is None or not len(existing):
        return found
    ours = np.flatnonzero(untold & ~shapely.is_missing(geometry))
    theirs = np.setdiff1d(np.flatnonzero(~shapely.is_missing(shapes)), found)
    blobs = dict(zip(_blobs(shapes[theirs])[::-1], theirs[::-1].tolist()))
    for row, blob in zip(ours.tolist(), _blobs(geometry[ours])):
        found[row] = blobs.pop(blob, -1)
    names, known = columns.get("name"), existing["name"]
    if names is None:
        return found
    ours, theirs = ours[found[ours] < 0], np.setdiff1d(theirs, found)
    if not len(ours) or not len(theirs):
        return found
    row, position = shapely.STRtree(shapes[theirs]).query(geometry[ours], predicate="intersects")
    row, position = ours[row], theirs[position]
    same = np.array([n is not None and n == k for n, k in zip(names[row], known[position])], dtype=bool)
    row, position = row[same], position[same]
    alike = _likeness(geometry[row], shapes[position])
    for best in np.argsort(-alike).tolist():
        free = found[row[best]] < 0 and position[best] not in found
        if alike[best] >= _SAME_THING and free:
            found[row[best]] = position[best]
    return found


def _likeness(one: Array, other: Array) -> Array:
    """How far outlines cover each other: intersection over union, of lines' surroundings for lines."""
    if len(one) and shapely.get_dimensions(one).max() < 2:
        one, other = shapely.buffer(one, _LINE_WIDTH), shapely.buffer(other, _LINE_WIDTH)
    shared = shapely.area(shapely.intersection(one, other))
    both = shapely.area(one) + shapely.area(other) - shared
    result: Array = shared / np.where(both > 0, both, 1.0)
    return result


def _blobs(geometry: Array) -> list[bytes]:
    return list(shapely.to_wkb(shapely.normalize(geometry)))


def _note_namesakes(columns: Mapping[str, Array], existing: Rows, new: Array, notes: list[Message]) -> None:
    """Say which new rows bear a name that the plan already has."""
    if "name" in columns:
        known = set(existing["name"].tolist()) - {None}
        names = [n for n in columns["name"][new].tolist() if n in known]
        if names:
            notes.append(Message.of("intake.namesakes", count=len(names), names=list(dict.fromkeys(names))[:5]))


def _merge(
    table: Table, existing: Rows, columns: Mapping[str, Array], geometry: Array | None, found: Array, keep: Array
) -> _Merged:
    """Rows to add, and those of the plan's that really change."""
    new = np.flatnonzero(keep & (found < 0))
    if table.geometry is None:
        there = set(zip(*(existing[n].tolist() for n in columns)))
        new = np.array([r for r in new if tuple(c[r] for c in columns.values()) not in there], dtype=np.int64)
    added = Rows(
        table.name,
        np.arange(1, len(new) + 1, dtype=np.int64),
        {n: column[new] for n, column in columns.items()},
        None if geometry is None else geometry[new],
    )
    old = np.flatnonzero(keep & (found >= 0))
    into = found[old]
    values = {}
    differs = np.zeros(len(old), bool)
    for name, column in columns.items():
        given, before = column[old], existing[name][into]
        merged = object_array([b if g is None else g for g, b in zip(given.tolist(), before.tolist())])
        differs |= np.array([a != b for a, b in zip(merged.tolist(), before.tolist())], dtype=bool)
        values[name] = merged
    shapes = None
    if geometry is not None and existing.geometry is not None:
        before = existing.geometry[into]
        shapes = np.where(shapely.is_missing(geometry[old]), before, geometry[old])
        differs |= ~(
            shapely.equals_exact(shapes, before, 0.0) | (shapely.is_missing(shapes) & shapely.is_missing(before))
        )
    rows = Rows(table.name, existing.fids[into], values, shapes)
    return _Merged(added, rows.take(differs))


def _write(path: Path, table: Table, tables: PlanTables, merged: _Merged, fields: list[str]) -> None:
    if not len(merged.added) and not len(merged.changed):
        return
    ensure_current(path)
    zones = None
    if table.name == "restoration_zone":
        stored = tables[table.name]
        codes = np.concatenate([stored["code"], merged.added["code"]])
        names = np.concatenate([stored["name"], merged.added["name"]])
        zones = Rows(
            table.name, np.arange(1, len(codes) + 1), {"code": codes, "name": names}, object_array([None] * len(codes))
        )
    add_and_update_rows(path, merged.added, merged.changed, fields, zones)


def _hashable(values: list[tuple[object, ...]]) -> list[Hashable]:
    return list(values)


def _total_area(geometry: Array) -> float:
    from ..geometry.area import ellipsoidal_area

    return float(np.nansum(ellipsoidal_area(geometry)))
