"""A project's history as it is read: one entry for each time it was saved, the newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..geometry.repair import repair
from ..plan.schema import TABLES
from ..store.blobs import header_kind, wkb_start
from ..store.geopackage import quoted, reading
from ..store.history_signing import HISTORY, has_history
from ..store.opening import Layout, layouts_of, refuse_what_is_no_database
from ..store.project_history import ADDED, CHANGED, DELETED, PROJECT, SITE, Record, records_in
from ..store.shapes import from_wkb
from .words import SAME_SITE_M2, Names, SiteChange, names_in, site_in_words, typed, value_in_words

#: QGIS saves values, sites and new rows one after the other: records of one person so close
#: together are one saving, unless a field comes twice.
_ONE_SAVING = timedelta(seconds=5)
#: So many sites are compared where a window tells of others' changes.
_LOOKED_AT = 30


@dataclass(frozen=True)
class Change:
    """What became of one field.

    Attributes
    ----------
    field
        The schema's field, or `SITE`.
    before, after
        Its values in words; of a site, `before` is empty and `after` says how it changed.
    old
        The value that was replaced, typed as the schema says; of a site the former shape, or None.
    site
        How a site changed, in numbers.
    """

    field: str
    before: str
    after: str
    old: Any
    record: int
    site: SiteChange | None = None


@dataclass(frozen=True)
class Save:
    """One saving of one project: when (UTC), by whom (None: not signed), ``added``, ``changed`` or ``deleted``."""

    fid: int
    code: str | None
    at: str
    who: str | None
    kind: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class GoneProject:
    """A project that was deleted: its last values, typed as the schema says, and its last site."""

    fid: int
    code: str | None
    name: str | None
    at: str
    who: str | None
    values: Mapping[str, Any]
    site: Any


def saves_of(path: str | PathLike[str], fid: int) -> list[Save]:
    """What happened to a project, the newest first; with it what happened under its code before it was brought back.

    Raises
    ------
    PlannerError
        If the plan cannot be read.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        layouts = layouts_of(plan, file)
        names = names_in(plan, layouts)
        found: list[Save] = []
        for life in _lives(plan, fid):
            found += _saves(records_in(plan, life), _present_site(plan, layouts[PROJECT], life), names)
    return found


def gone_projects(path: str | PathLike[str]) -> list[GoneProject]:
    """Projects that were deleted and for which none of their code has been added since, the last deleted first."""
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        layout = layouts_of(plan, file)[PROJECT]
        added = _latest_additions(plan, layout)
        deleted: dict[tuple[int, str], list[Record]] = {}
        for record in _deletions(plan):
            deleted.setdefault((record.fid, record.at), []).append(record)
    gone = [r for r in deleted.values() if added.get(r[0].code, 0) < r[0].id]
    return [_gone(records) for records in sorted(gone, key=lambda records: -records[0].id)]


def without_rewritings(path: str | PathLike[str], records: Sequence[Record]) -> list[Record]:
    """Records of real changes: older GDAL writes a site anew, in other bytes, with every change of a value.

    Of very many changed sites, which no one reads one by one, all are taken as changed.
    """
    sites = {record.fid for record in records if record.field == SITE and record.kind == CHANGED}
    if not sites or len(sites) > _LOOKED_AT:
        return list(records)
    real = {change.record for fid in sites for save in saves_of(path, fid) for change in save.changes}
    return [r for r in records if r.fid not in sites or r.kind != CHANGED or r.id in real]


def shape_of(blob: object) -> Any:
    """A stored geometry's shape; None where there is none, or none that can be read."""
    stored = blob.encode("utf-8", "surrogateescape") if isinstance(blob, str) else blob
    if not isinstance(stored, bytes) or header_kind(stored) != "plain":
        return None
    shapes, _, _ = from_wkb([stored[wkb_start(stored) :]])
    return shapes[0]


def site_change(before: Any, after: Any) -> SiteChange | None:
    """How a site changed between two shapes (degrees, EPSG:4490); None where it is the same ground.

    Areas on the ellipsoid; shapes that cross themselves are measured as `repair` mends them.
    """
    (old, new), _ = repair(np.array([before, after], dtype=object))
    areas = [None if shape is None else float(ellipsoidal_area(shape)) for shape in (old, new)]
    if old is None and new is None:
        return None
    if old is None or new is None:
        return SiteChange(areas[0], areas[1], areas[0] or areas[1] or 0.0)
    differs = float(ellipsoidal_area(shapely.symmetric_difference(old, new)))
    return SiteChange(areas[0], areas[1], differs) if differs >= SAME_SITE_M2 else None


def _saves(records: Sequence[Record], site_now: Any, names: Names) -> list[Save]:
    """Newest first: what came after a former site stands in the next record of it."""
    found: list[Save] = []
    later = site_now
    for group in reversed(_savings(records)):
        changes: list[Change] = []
        for record in reversed(group):
            change, later = _change(record, later, names)
            if change is not None:
                changes.insert(0, change)
        first = group[0]
        if changes or first.kind != CHANGED:
            shown = () if first.kind == DELETED else tuple(changes)
            found.append(Save(first.fid, group[-1].code, first.at, first.who, first.kind, shown))
    return found


def _change(record: Record, later: Any, names: Names) -> tuple[Change | None, Any]:
    """What a record says changed, if anything did, and the site before it."""
    if record.field == SITE:
        shape = shape_of(record.old)
        site = site_change(shape, later)
        words = "" if site is None else site_in_words(site)
        return None if site is None else Change(SITE, "", words, shape, record.id, site), shape
    if record.field not in TABLES[PROJECT].field_names:
        return None, later
    field = TABLES[PROJECT].field(record.field)
    old = typed(field, record.old)
    if record.kind == CHANGED and old == typed(field, record.new):
        return None, later
    before, after = value_in_words(field, record.old, names), value_in_words(field, record.new, names)
    return Change(field.name, before, after, old, record.id), later


def _savings(records: Iterable[Record]) -> list[list[Record]]:
    groups: list[list[Record]] = []
    for record in records:
        last = groups[-1][-1] if groups else None
        together = last and (last.kind, last.who) == (record.kind, record.who) and _is_close(last.at, record.at)
        if together and all(other.field != record.field for other in groups[-1]):
            groups[-1].append(record)
        else:
            groups.append([record])
    return groups


def _is_close(earlier: str, later: str) -> bool:
    try:
        first, then = (datetime.fromisoformat(at.replace("Z", "+00:00")) for at in (earlier, later))
        return abs(then - first) <= _ONE_SAVING
    except (ValueError, TypeError):  # written by others
        return earlier == later


def _lives(plan: sqlite3.Connection, fid: int) -> list[int]:
    """The project's key, and those under which it was deleted before, by its code."""
    lives = [fid]
    if not has_history(plan):
        return lives
    while True:
        born = plan.execute(
            f"SELECT id, project_code FROM {HISTORY} WHERE project_fid = ? AND kind = ? ORDER BY id LIMIT 1",  # noqa: S608
            (lives[-1], ADDED),
        ).fetchone()
        if born is None or born[1] is None:
            return lives
        before = plan.execute(
            f"SELECT project_fid FROM {HISTORY} WHERE kind = ? AND project_code = ? AND id < ? AND field IS NULL"  # noqa: S608
            " ORDER BY id DESC LIMIT 1",
            (DELETED, born[1], born[0]),
        ).fetchone()
        if before is None or before[0] in lives:
            return lives
        lives.append(before[0])


def _present_site(plan: sqlite3.Connection, layout: Layout, fid: int) -> Any:
    if layout.geometry is None:
        return None
    query = f"SELECT {quoted(layout.geometry)} FROM {quoted(layout.name)} WHERE {quoted(layout.key)} = ?"  # noqa: S608
    row = plan.execute(query, (fid,)).fetchone()
    return None if row is None else shape_of(row[0])


def _latest_additions(plan: sqlite3.Connection, layout: Layout) -> dict[str | None, int]:
    """Code → number of the record with which the latest project of that code was added that is still there."""
    if not has_history(plan):
        return {}
    rows = plan.execute(
        f"SELECT project_code, max(id) FROM {HISTORY} WHERE kind = ? AND project_code IS NOT NULL AND project_fid IN"  # noqa: S608
        f" (SELECT {quoted(layout.key)} FROM {quoted(layout.name)}) GROUP BY project_code",
        (ADDED,),
    )
    return dict(rows.fetchall())


def _deletions(plan: sqlite3.Connection) -> list[Record]:
    if not has_history(plan):
        return []
    keys = plan.execute(f"SELECT DISTINCT project_fid FROM {HISTORY} WHERE kind = ?", (DELETED,))  # noqa: S608
    return [r for (fid,) in keys.fetchall() for r in records_in(plan, fid) if r.kind == DELETED]


def _gone(records: Sequence[Record]) -> GoneProject:
    schema = TABLES[PROJECT]
    values: dict[str, Any] = {
        r.field: typed(schema.field(r.field), r.old) for r in records if r.field in schema.field_names and r.field
    }
    site = next((shape_of(r.old) for r in records if r.field == SITE), None)
    first = records[0]
    return GoneProject(first.fid, values.get("code"), values.get("name"), first.at, first.who, values, site)
