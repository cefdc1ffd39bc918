"""Which row of the plan each of a source's rows is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import shapely

from ..plan.names import APPLICABLE, TownNames
from ..plan.tables import Array, Rows
from ..texts import Message

#: Outlines that cover each other this far (intersection over union) are of one thing; half a town is not the town.
_SAME_THING = 0.8
#: Lines are compared by their surroundings of this width, degrees (some 10 m).
_LINE_WIDTH = 1e-4
#: Here a code is a class of many rows, and tells none from another.
_CODE_IS_A_CLASS = ("land_use", "ecosystem")


def match_by_code(
    columns: Mapping[str, Array], existing: Rows, count: int, notes: list[Message]
) -> tuple[Array, Array]:
    """For each of the source's rows the plan's row with its code or -1, and whether its outline has to tell instead.

    A code that stands more than once on either side tells nothing.
    """
    found = np.full(count, -1)
    if "code" not in columns or existing.table in _CODE_IS_A_CLASS:
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


def match_by_outline(
    found: Array, untold: Array, geometry: Array, columns: Mapping[str, Array], existing: Rows
) -> Array:
    """Rows that no code tells: the plan's row with the very same outline, else with the same name and nearly the same outline."""
    found = found.copy()
    shapes = existing.geometry
    if shapes is None or not len(existing):
        return found
    ours = np.flatnonzero(untold & ~shapely.is_missing(geometry))
    theirs = np.setdiff1d(np.flatnonzero(~shapely.is_missing(shapes)), found)
    _match_identical(found, ours, theirs, geometry, shapes)
    if "name" in columns:
        left = ours[found[ours] < 0]
        _match_alike(found, left, np.setdiff1d(theirs, found), geometry, shapes, columns["name"], existing)
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
    ours_keys, their_keys = _bounds_keys(geometry[ours]), _bounds_keys(shapes[theirs])
    shared = set(ours_keys) & set(their_keys)
    if not shared:
        return
    ours = ours[[key in shared for key in ours_keys]]
    theirs = theirs[[key in shared for key in their_keys]]
    places = dict(zip(_blobs(shapes[theirs])[::-1], theirs[::-1].tolist()))
    for row, blob in zip(ours.tolist(), _blobs(geometry[ours])):
        found[row] = places.pop(blob, -1)


def _match_alike(
    found: Array, ours: Array, theirs: Array, geometry: Array, shapes: Array, names: Array, existing: Rows
) -> None:
    if not len(ours) or not len(theirs):
        return
    row, position = shapely.STRtree(shapes[theirs]).query(geometry[ours], predicate="intersects")
    row, position = ours[row], theirs[position]
    same = _same_names(names[row], existing["name"][position], existing.table)
    row, position = row[same], position[same]
    alike = _likeness(geometry[row], shapes[position])
    taken = set(found.tolist())
    for best in np.argsort(-alike).tolist():
        free = found[row[best]] < 0 and int(position[best]) not in taken
        if alike[best] >= _SAME_THING and free:
            found[row[best]] = position[best]
            taken.add(int(position[best]))


def _same_names(ours: Array, theirs: Array, table: str) -> Array:
    """Whether names mean the same; towns' as the matcher of names has it."""
    alike = np.array([n is not None and n == k for n, k in zip(ours, theirs)], dtype=bool)
    if table == "admin_unit":
        for i in np.flatnonzero(~alike).tolist():
            if ours[i] and theirs[i]:
                alike[i] = TownNames([(theirs[i], None)]).match(ours[i]).kind in APPLICABLE
    return alike


def _likeness(one: Array, other: Array) -> Array:
    """How far outlines cover each other: intersection over union, of lines' surroundings for lines."""
    if len(one) and shapely.get_dimensions(one).max() < 2:
        one, other = shapely.buffer(one, _LINE_WIDTH), shapely.buffer(other, _LINE_WIDTH)
    shared = shapely.area(shapely.intersection(one, other))
    both = shapely.area(one) + shapely.area(other) - shared
    result: Array = shared / np.where(both > 0, both, 1.0)
    return result


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
