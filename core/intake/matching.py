"""Which row of the plan each of a source's rows is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.names import APPLICABLE, TownNames
from ..plan.tables import Array, Rows
from ..texts import Message
from .outlines import SAME_PLACE, likeness, same_place

#: Outlines that cover each other this far (intersection over union) are of one thing; half a town is not the town.
_SAME_THING = 0.8
#: Here a code is a class of many rows, and tells none from another.
_CODE_IS_A_CLASS = ("land_use", "ecosystem")
#: Fields that tell a row of a table without codes.
_KEYS = {"indicator_value": ("indicator_code", "year"), "indicator_share": ("indicator_code", "unit_name")}
#: A thing of one code does not lie so far from itself (degrees; some 2 km), whatever was mended in its outline.
_ELSEWHERE = 0.02
_KM_PER_DEGREE = 111.32
#: Units that tile the city: where one lies below another of its kind, something is there twice.
_TILES = ("admin_unit", "restoration_zone", "key_area")
#: Ground that is covered by more than this share lies below.
_BELOW = 0.5
_MOST_NAMED = 5


@dataclass(frozen=True)
class ByCode:
    """What codes tell of a source's rows.

    Attributes
    ----------
    found
        ``(n,)`` position of the plan's row with the same code, or -1.
    untold
        ``(n,)`` whether the code tells nothing: there is none, or it stands more than once on either side.
    foreign
        ``(n,)`` whether the plan has no row of that code.
    """

    found: Array
    untold: Array
    foreign: Array


def match_by_code(columns: Mapping[str, Array], existing: Rows, count: int, notes: list[Message]) -> ByCode:
    """The plan's row with each row's code; what stands more than once goes to `notes`."""
    found = np.full(count, -1)
    if "code" not in columns or existing.table in _CODE_IS_A_CLASS:
        return ByCode(found, np.ones(count, bool), np.zeros(count, bool))
    codes, known = columns["code"].tolist(), existing["code"].tolist()
    often, often_known = Counter(codes), Counter(known)
    places = {code: position for position, code in enumerate(known)}
    untold = np.array([c is None or often[c] > 1 or often_known[c] > 1 for c in codes], dtype=bool)
    found[:] = [-1 if u else places.get(c, -1) for c, u in zip(codes, untold)]
    twice = [str(code) for code, n in often.items() if n > 1 and code is not None]
    if twice:
        shown = [*twice[:_MOST_NAMED], *(["…"] if len(twice) > _MOST_NAMED else [])]
        notes.append(Message.of("intake.code_twice", count=len(twice), codes=shown))
    return ByCode(found, untold, ~untold & (found < 0))


def match_by_outline(by_code: ByCode, geometry: Array, columns: Mapping[str, Array], existing: Rows) -> Array:
    """Rows that no code tells: the plan's row with the very same outline, else with the same name and nearly the same outline.

    A code that the plan does not have is taken for another name of the row with the very same outline, but for
    projects: two of them may share a site.
    """
    found = by_code.found.copy()
    shapes = existing.geometry
    if shapes is None or not len(existing):
        return found
    foreign = by_code.foreign & (existing.table != "project")
    present = ~shapely.is_missing(geometry)
    theirs = np.setdiff1d(np.flatnonzero(~shapely.is_missing(shapes)), found)
    _match_identical(found, np.flatnonzero((by_code.untold | foreign) & present), theirs, geometry, shapes)
    left = np.flatnonzero(by_code.untold & present & (found < 0))
    _match_alike(found, left, np.setdiff1d(theirs, found), geometry, shapes, columns, existing)
    return found


def match_by_key(found: Array, columns: Mapping[str, Array], existing: Rows) -> Array:
    """Rows of tables that are known by several fields together: an indicator's value by indicator and year."""
    key = _KEYS.get(existing.table, ())
    if not key or not set(key) <= set(columns):
        return found
    ours = list(zip(*(columns[name].tolist() for name in key)))
    theirs = list(zip(*(existing[name].tolist() for name in key)))
    often, often_known = Counter(ours), Counter(theirs)
    places = {value: position for position, value in enumerate(theirs)}
    told = [often[value] == 1 and often_known[value] == 1 and None not in value for value in ours]
    result: Array = np.array([places[v] if t and f < 0 else f for v, t, f in zip(ours, told, found.tolist())], np.int64)
    return result


def refuse_elsewhere(into: Array, geometry: Array, columns: Mapping[str, Array], existing: Rows) -> None:
    """Codes that another office numbers from 1 too must not overwrite the plan's rows of the same code.

    Raises
    ------
    PlannerError
        If rows have the code of a row that lies elsewhere; says how to tell which is meant.
    """
    if existing.geometry is None:
        return
    rows = np.flatnonzero((into >= 0) & ~shapely.is_missing(geometry))
    rows = rows[~shapely.is_missing(existing.geometry[into[rows]])]
    apart = shapely.distance(geometry[rows], existing.geometry[into[rows]])
    far = np.flatnonzero(apart > _ELSEWHERE)
    if len(far):
        codes = [str(columns["code"][row]) for row in rows[far].tolist()]
        shown = [*codes[:_MOST_NAMED], *(["…"] if len(codes) > _MOST_NAMED else [])]
        km = float(apart[far].max()) * _KM_PER_DEGREE
        raise PlannerError("intake.code_elsewhere", count=len(codes), codes=shown, km=km)


def match_by_values(found: Array, untold: Array, columns: Mapping[str, Array], existing: Rows) -> Array:
    """Rows that neither code nor outline can tell: the plan's row that says the same, else the only one of that name.

    Parameters
    ----------
    found
        ``(n,)`` what was found so far.
    untold
        ``(n,)`` whether a row has neither a telling code nor an outline.
    """
    found = found.copy()
    ours = np.flatnonzero(untold & (found < 0))
    theirs = np.setdiff1d(np.arange(len(existing)), found).tolist()
    if not len(ours) or not theirs or not columns:
        return found
    names = list(columns)
    there: dict[tuple[object, ...], list[int]] = {}
    for position in theirs:
        there.setdefault(tuple(existing[n][position] for n in names), []).append(position)
    for row in ours.tolist():
        same = there.get(tuple(columns[n][row] for n in names))
        if same:
            found[row] = same.pop(0)
    if "name" not in columns:
        return found
    codes = columns.get("code")
    named = [r for r in ours.tolist() if found[r] < 0 and columns["name"][r] and (codes is None or codes[r] is None)]
    often = Counter(columns["name"][named])
    free = [position for position in theirs if position not in set(found.tolist())]
    often_known, places = Counter(existing["name"][free]), {existing["name"][p]: p for p in free}
    for row in named:
        name = columns["name"][row]
        if often[name] == 1 and often_known[name] == 1:
            found[row] = places[name]
    return found


def same_outlines(geometry: Array) -> list[list[int]]:
    """Positions of geometries that are exactly the same (but for where rings begin), group by group."""
    present = np.flatnonzero(~shapely.is_missing(geometry))
    keys = _bounds_keys(geometry[present])
    often = Counter(keys)
    suspects = present[[often[key] > 1 for key in keys]]
    groups: dict[bytes, list[int]] = {}
    for position, blob in zip(suspects.tolist(), _blobs(geometry[suspects])):
        groups.setdefault(blob, []).append(position)
    return [group for group in groups.values() if len(group) > 1]


def _match_identical(found: Array, ours: Array, theirs: Array, geometry: Array, shapes: Array) -> None:
    """Pairs of outlines that are the same but for rounding, each once."""
    if not len(ours) or not len(theirs):
        return
    bounds, their_bounds = shapely.bounds(geometry[ours]), shapely.bounds(shapes[theirs])
    tree = shapely.STRtree(shapely.points(_middles(their_bounds)))
    row, position = tree.query(shapely.points(_middles(bounds)), predicate="dwithin", distance=2 * SAME_PLACE)
    near = (np.abs(bounds[row] - their_bounds[position]) <= SAME_PLACE).all(axis=1)
    row, position = ours[row[near]], theirs[position[near]]
    same = same_place(geometry[row], shapes[position])
    taken: set[int] = set()
    for mine, other in zip(row[same].tolist(), position[same].tolist()):
        if found[mine] < 0 and other not in taken:
            found[mine] = other
            taken.add(other)


def _middles(bounds: Array) -> Array:
    middles: Array = (bounds[:, :2] + bounds[:, 2:]) / 2
    return middles


def _match_alike(
    found: Array,
    ours: Array,
    theirs: Array,
    geometry: Array,
    shapes: Array,
    columns: Mapping[str, Array],
    existing: Rows,
) -> None:
    """Pairs of the same name (or class, or of neither) that cover nearly the same ground, the likest first."""
    if not len(ours) or not len(theirs):
        return
    row, position = shapely.STRtree(shapes[theirs]).query(geometry[ours], predicate="intersects")
    row, position = ours[row], theirs[position]
    same = np.ones(len(row), bool)
    called = ("code", "name") if existing.table in _CODE_IS_A_CLASS else ("name",)
    for field in called:
        if field in columns:
            same &= _same_names(columns[field][row], existing[field][position], existing.table)
    if existing.table == "project" and "name" not in columns:
        return  # two projects may share a site
    row, position = row[same], position[same]
    alike = likeness(geometry[row], shapes[position])
    taken = set(found.tolist())
    for best in np.argsort(-alike).tolist():
        free = found[row[best]] < 0 and int(position[best]) not in taken
        if alike[best] >= _SAME_THING and free:
            found[row[best]] = position[best]
            taken.add(int(position[best]))


def _same_names(ours: Array, theirs: Array, table: str) -> Array:
    """Whether names mean the same, or there are none; towns' as the matcher of names has it."""
    alike = np.array([n == k for n, k in zip(ours, theirs)], dtype=bool)
    if table == "admin_unit":
        for i in np.flatnonzero(~alike).tolist():
            if ours[i] and theirs[i]:
                alike[i] = TownNames([(theirs[i], None)]).match(ours[i]).kind in APPLICABLE
    return alike


def _bounds_keys(geometry: Array) -> list[bytes]:
    """Bounds and number of points: what differs in them is not the same, and they cost little."""
    keys = np.column_stack([shapely.bounds(geometry), shapely.get_num_coordinates(geometry)])
    raw, size = keys.tobytes(), 5 * 8
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def _blobs(geometry: Array) -> list[bytes]:
    return list(shapely.to_wkb(shapely.normalize(geometry)))


def note_namesakes(columns: Mapping[str, Array], existing: Rows, new: Array, notes: list[Message]) -> None:
    """Say which new rows bear a name that the plan already has."""
    if "name" in columns and existing.table not in _CODE_IS_A_CLASS:
        known = set(existing["name"].tolist()) - {None}
        names = [n for n in columns["name"][new].tolist() if n in known]
        if names:
            notes.append(Message.of("intake.namesakes", count=len(names), names=list(dict.fromkeys(names))[:5]))


def note_covered(
    geometry: Array, columns: Mapping[str, Array], into: Array, existing: Rows, notes: list[Message]
) -> None:
    """Say which of the plan's units, not in the source, lie below the source's: halves of a town before the whole of it."""
    if existing.table not in _TILES or existing.geometry is None:
        return
    rest = np.setdiff1d(np.flatnonzero(~shapely.is_missing(existing.geometry)), into)
    ours = np.flatnonzero(~shapely.is_missing(geometry))
    if not len(rest) or not len(ours):
        return
    under, row = shapely.STRtree(geometry[ours]).query(existing.geometry[rest], predicate="intersects")
    under, row = rest[under], ours[row]
    if existing.table == "admin_unit":
        given = columns.get("level", np.full(len(geometry), None, dtype=object))
        levels = [given[r] or (existing["level"][into[r]] if into[r] >= 0 else None) for r in row.tolist()]
        same = np.array([a == b for a, b in zip(levels, existing["level"][under])], dtype=bool)
        under, row = under[same], row[same]
    shared = shapely.area(shapely.intersection(geometry[row], existing.geometry[under]))
    covered = np.bincount(under, shared, len(existing)) > _BELOW * np.maximum(shapely.area(existing.geometry), 1e-18)
    names = [str(existing["name"][p] or existing["code"][p] or existing.fids[p]) for p in np.flatnonzero(covered)]
    if names:
        shown = [*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])]
        notes.append(Message.of("intake.covered", count=len(names), names=shown))
