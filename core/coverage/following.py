"""What else in a plan follows when zones change: the zone that units name, codes, and lists of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from ..plan.lists import read_list, write_list
from ..plan.tables import Array
from .mosaic import Mosaic, Outcome

#: A unit lies in a zone where all but this share of it does (rounding along the border).
_ROUNDING = 1e-6


def zones_after(mosaic: Mosaic, outcome: Outcome) -> list[shapely.Geometry | None]:
    """Geometry of each zone after an outcome: those there were, then the new ones; None for those removed."""
    zones = list(mosaic.zones.geometry)
    for position, geometry in outcome.zones.items():
        zones[position] = geometry
    for position in outcome.removed_zones:
        zones[position] = None
    return [*zones, *(geometry for _, geometry in outcome.new_zones)]


def units_that_moved(units: Array, mosaic: Mosaic, outcome: Outcome) -> tuple[dict[int, int], list[int]]:
    """Units that lie in another zone after an outcome.

    Parameters
    ----------
    units
        ``(n,)`` polygons of towns, EPSG:4490; null ones are None.

    Returns
    -------
    whole, cut
        Unit → zone (position in `zones_after`) of those that lie in it wholly now and did not lie in it before; and
        units that lay in one zone wholly before and no longer do.
    """
    before, after = list(mosaic.zones.geometry), zones_after(mosaic, outcome)
    changed = [
        z for z, geometry in enumerate(after) if geometry is not None and (z >= len(before) or z in outcome.zones)
    ]
    present = np.flatnonzero(~shapely.is_missing(units) & ~shapely.is_empty(units))
    if not len(present) or not changed:
        return {}, []
    tree = shapely.STRtree(units[present])
    whole: dict[int, int] = {}
    cut: set[int] = set()
    for zone in changed:
        old = before[zone] if zone < len(before) else None
        gained = after[zone] if old is None else shapely.difference(after[zone], old)
        lost = shapely.difference(old, after[zone]) if old is not None else None
        for unit in present[tree.query(gained, predicate="intersects")].tolist():
            if _share(units[unit], gained) > _ROUNDING and _share(units[unit], after[zone]) >= 1 - _ROUNDING:
                whole[unit] = zone
        if lost is None or shapely.is_empty(lost):
            continue
        for unit in present[tree.query(lost, predicate="intersects")].tolist():
            share = _share(units[unit], lost)
            if _ROUNDING < share < 1 - _ROUNDING and _share(units[unit], old) >= 1 - _ROUNDING:
                cut.add(unit)
    return whole, sorted(cut - set(whole))


def next_code(codes: Iterable[str | None]) -> str:
    """A code that no zone has yet, formed as the others are.

    >>> next_code(["1", "2", "4"])
    '5'
    >>> next_code(["Z-08", "Z-09"])
    'Z-10'
    """
    taken = {c for c in codes if c}
    best: tuple[int, str, int] | None = None
    for code in taken:
        found = re.fullmatch(r"(.*?)(\d+)", code)
        if found:
            number = int(found[2])
            if best is None or number > best[0]:
                best = (number, found[1], len(found[2]))
    number, prefix, width = best if best is not None else (0, "", 1)
    while f"{prefix}{number + 1:0{width}d}" in taken:
        number += 1
    return f"{prefix}{number + 1:0{width}d}"


def renamed_in_list(written: object, old: str, new: str) -> str | None:
    """A list of codes with one replaced by another, each once; None where the list does not hold it.

    >>> renamed_in_list('{"1","2"}', "2", "1")
    '{"1"}'
    """
    entries: Sequence[str] = read_list(written)
    if old not in entries:
        return None
    return write_list(dict.fromkeys(new if entry == old else entry for entry in entries))


def _share(unit: shapely.Geometry, ground: shapely.Geometry) -> float:
    """How much of a unit lies in some ground."""
    return float(shapely.area(shapely.intersection(unit, ground)) / shapely.area(unit))
