"""Geometry put right for a plan, feature by feature, and the list of what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..geometry.parallel import never
from ..geometry.repair import repair
from ..plan.schema import POLYGONS
from ..plan.tables import Array
from ..siting.projects import told
from ..texts import Message
from .matching import same_outlines

_KIND = np.array([0, 1, 1, 2, 0, 1, 2, 3])  # GEOS type id → point, line, polygon, collection


@dataclass(frozen=True)
class Change:
    """What was done to one feature.

    Attributes
    ----------
    id
        What the planner knows it by.
    reason
        What was wrong.
    dropped
        Whether it was left out.
    area_before, area_after
        m² as it came and as it is now (0 for lines, and for what was left out).
    """

    id: object
    reason: Message
    dropped: bool
    area_before: float = 0.0
    area_after: float = 0.0

    def message(self) -> Message:
        """One line of the report."""
        if self.dropped and not self.area_before:
            return Message.of("intake.dropped_without_area", id=self.id, reason=self.reason)
        if self.dropped:
            return Message.of("intake.dropped", id=self.id, reason=self.reason, area=self.area_before)
        change = round(self.area_after - self.area_before, 2) + 0.0  # never "-0.00"
        return Message.of("intake.mended", id=self.id, reason=self.reason, area=self.area_after, change=change)


@dataclass(frozen=True)
class Mended:
    """Geometries for the plan, which rows are kept, what was done, and m² of all polygons as they came and of the kept ones."""

    geometry: Array
    keep: Array
    changes: list[Change]
    before: float
    after: float


def kinds_of(geometry: Array) -> Array:
    """``(n,)`` 0 point, 1 line, 2 polygon, 3 collection, -1 null or empty."""
    types = shapely.get_type_id(geometry)
    kinds = np.where(types < 0, -1, _KIND[np.maximum(types, 0)])
    kinds[shapely.is_empty(geometry)] = -1
    result: Array = kinds
    return result


def closed_lines_as_polygons(geometry: Array) -> tuple[Array, int]:
    """Outlines drawn as closed lines (as in drawings) as polygons, and how many there were."""
    made = np.array(geometry, dtype=object)
    count = 0
    for row in np.flatnonzero(kinds_of(geometry) == 1).tolist():
        lines = shapely.get_parts(geometry[row])
        if (shapely.is_closed(lines) & (shapely.get_num_points(lines) >= 4)).all():
            made[row] = shapely.multipolygons([shapely.Polygon(line.coords) for line in lines])
            count += 1
    return made, count


def mend(
    geometry: Array,
    ids: Sequence[object],
    target: str,
    columns: Mapping[str, Array],
    null_stays: Array,
    cancelled: Callable[[], bool] = never,
    unread: Mapping[int, Message] = MappingProxyType({}),
) -> Mended:
    """Make geometries fit a table: valid, of its kind, without exact repeats.

    Parameters
    ----------
    geometry
        ``(n,)`` geometries or None, EPSG:4490.
    ids
        What the planner knows each feature by.
    target
        ``MultiPolygon`` or ``MultiLineString``.
    columns
        What the rows say beside their geometry: only rows that agree in all of it are repeats.
    null_stays
        ``(n,)`` whether a row is kept without geometry (it may get one later, or has one in the plan).
    unread
        As in `Source`: why rows have none.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    wanted = 2 if target == POLYGONS else 1
    mended = np.array(shapely.force_2d(geometry), dtype=object)
    keep = np.ones(len(mended), bool)
    changes: list[Change] = []
    kinds = kinds_of(mended)
    for row in np.flatnonzero(kinds == -1).tolist():
        keep[row], mended[row] = null_stays[row], None
        if not null_stays[row]:
            changes.append(Change(ids[row], unread.get(row, Message.of("intake.no_shape")), True))
    for row in np.flatnonzero((kinds != wanted) & (kinds != 3) & (kinds != -1)).tolist():
        keep[row], mended[row] = False, None
        changes.append(Change(ids[row], Message.of("intake.other_kind", kind=_named(int(kinds[row]))), True))
    areas = np.zeros(len(mended))
    if target == POLYGONS:
        areas = np.nan_to_num(ellipsoidal_area(mended))
        before = float(areas.sum())
        changes += _repair_polygons(mended, keep, ids, areas, cancelled)
    else:
        before = 0.0
        changes += _clean_lines(mended, keep, ids)
    changes += _drop_repeats(mended, keep, ids, columns, areas)
    present = ~shapely.is_missing(mended)
    mended[present] = _as_multi(mended[present], target)
    return Mended(mended, keep, changes, before, float(areas[keep].sum()))


def _named(kind: int) -> Message:
    return Message.of(f"intake.kind_{('point', 'line', 'polygon', 'mixed')[kind]}")


def _repair_polygons(
    mended: Array, keep: Array, ids: Sequence[object], areas: Array, cancelled: Callable[[], bool]
) -> list[Change]:
    """Repair in place; `keep` loses what has no area left, and `areas` follows."""
    repaired, reasons = repair(mended, cancelled)
    collections = np.flatnonzero(shapely.get_type_id(mended) == 7).tolist()
    touched = sorted({*reasons, *collections})
    before = areas[touched].tolist()
    areas[touched] = np.nan_to_num(ellipsoidal_area(repaired[touched]))
    changes = []
    for row, old, new in zip(touched, before, areas[touched].tolist()):
        reason = Message.of("intake.collection") if row not in reasons else told(reasons[row])
        gone = repaired[row] is None
        keep[row] &= not gone
        changes.append(Change(ids[row], reason, gone, old, new))
    mended[:] = repaired
    return changes


def _clean_lines(mended: Array, keep: Array, ids: Sequence[object]) -> list[Change]:
    """Lines of collections, without those that have no length."""
    changes = []
    for row in np.flatnonzero(~shapely.is_missing(mended)).tolist():
        parts = shapely.get_parts(mended[row])
        lines = parts[(kinds_of(parts) == 1) & (shapely.length(parts) > 0)]
        if len(lines) == len(parts):
            continue
        mended[row] = shapely.multilinestrings(shapely.get_parts(lines)) if len(lines) else None
        keep[row] &= len(lines) > 0
        changes.append(Change(ids[row], Message.of("intake.no_length"), not len(lines)))
    return changes


def _drop_repeats(
    mended: Array, keep: Array, ids: Sequence[object], columns: Mapping[str, Array], areas: Array
) -> list[Change]:
    """Leave out rows whose outline and values stood in a row before."""
    repeats: dict[int, int] = {}
    for group in same_outlines(np.where(keep, mended, None)):
        seen: dict[tuple[object, ...], int] = {}
        for row in group:
            first = seen.setdefault(tuple(column[row] for column in columns.values()), row)
            if first != row:
                repeats[row] = first
    keep[list(repeats)] = False
    mended[list(repeats)] = None
    return [
        Change(ids[row], Message.of("intake.repeat", first=ids[first]), True, float(areas[row]))
        for row, first in sorted(repeats.items())
    ]


def drop_repeated_rows(keep: Array, ids: Sequence[object], columns: Mapping[str, Array]) -> list[Change]:
    """Leave out rows of a table without geometry that say what a row before says; `keep` loses them."""
    seen: dict[tuple[object, ...], int] = {}
    changes = []
    for row, values in enumerate(zip(*(column.tolist() for column in columns.values()))):
        first = seen.setdefault(values, row)
        if first != row:
            keep[row] = False
            changes.append(Change(ids[row], Message.of("intake.repeat", first=ids[first]), True))
    return changes


def _as_multi(geometry: Array, target: str) -> Array:
    made = np.array(geometry, dtype=object)
    single = shapely.get_type_id(made) == (3 if target == POLYGONS else 1)
    make = shapely.multipolygons if target == POLYGONS else shapely.multilinestrings
    if single.any():
        made[single] = make(made[single], indices=np.arange(int(single.sum())))
    return made
