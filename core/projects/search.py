"""Projects found by a few letters: code, name, department, town or county."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..geometry.parallel import never
from ..geometry.repair import repair
from ..plan.project_entry import tidy_text
from ..plan.tables import Rows
from .lines import ProjectLine

#: Levels of ``admin_unit`` that are towns.
_TOWNS = ("town", "part")
#: How much a match counts by where it is found.
_WHOLE_CODE, _CODE, _NAME_BEGINS, _NAME, _TOWN, _COUNTY, _DEPARTMENT = 1.0, 0.9, 0.8, 0.7, 0.5, 0.45, 0.4


@dataclass(frozen=True)
class Entry:
    """One project as it is looked for: plain texts, so that any thread may look.

    Attributes
    ----------
    keys
        Score and text, in small letters and one width, of everything that can be matched.
    """

    fid: int
    code: str | None
    name: str | None
    towns: tuple[str, ...]
    counties: tuple[str, ...]
    departments: tuple[str, ...]
    is_sited: bool
    keys: tuple[tuple[float, str], ...]


def entries(lines: Sequence[ProjectLine], towns: Sequence[tuple[str, ...]]) -> tuple[Entry, ...]:
    """What can be found; `towns` gives each line the names of the towns that its site lies in."""
    return tuple(_entry(line, own) for line, own in zip(lines, towns))


def find(
    known: Iterable[Entry], sought: str, most: int = 50, cancelled: Callable[[], bool] = never
) -> list[tuple[float, Entry]]:
    """The projects in which every word of a search stands somewhere, best first, with a score of 0 … 1.

    A word in the code counts more than one in the name, and that more than town, county and department.
    """
    words = tidy_text(sought).casefold().split()
    if not words:
        return []
    found: list[tuple[float, Entry]] = []
    for count, entry in enumerate(known):
        if count % 256 == 0 and cancelled():
            return []
        scores = [_score(entry, word) for word in words]
        if all(scores):
            found.append((sum(scores) / len(scores), entry))
    found.sort(key=lambda pair: -pair[0])
    return found[:most]


def towns_of_sites(sites: Sequence[object], units: Rows) -> list[tuple[str, ...]]:
    """The names of the towns that each site shares ground with, in the order of the units.

    Parameters
    ----------
    sites
        ``(n,)`` valid geometries in EPSG:4490, or None.
    units
        Rows of ``admin_unit``; only towns and parts of towns count.
    """
    own: list[dict[str, None]] = [{} for _ in sites]
    chosen = [i for i, level in enumerate(units["level"]) if level in _TOWNS]
    if not chosen or units.geometry is None:
        return [() for _ in sites]
    shapes, _ = repair(units.geometry[chosen])
    shapely.prepare(shapes)
    ground = np.array(list(sites), dtype=object)
    which, town = shapely.STRtree(shapes).query(ground, predicate="intersects")
    inside = ~shapely.touches(shapes[town], ground[which])
    names = units["name"][chosen]
    for site, unit in sorted(zip(which[inside].tolist(), town[inside].tolist())):
        if names[unit]:
            own[site][names[unit]] = None
    return [tuple(found) for found in own]


def _entry(line: ProjectLine, towns: tuple[str, ...]) -> Entry:
    said = [(_CODE, line.code), (_NAME, line.name)]
    said += [(_TOWN, town) for town in towns] + [(_COUNTY, county) for county in line.counties]
    said += [(_DEPARTMENT, department) for department in line.departments]
    keys = tuple((score, tidy_text(value).casefold()) for score, value in said if value)
    return Entry(line.fid, line.code, line.name, towns, line.counties, line.departments, line.is_sited, keys)


def _score(entry: Entry, word: str) -> float:
    best = 0.0
    for score, key in entry.keys:
        if score > best and word in key:
            if score == _CODE:
                # within a code only its beginning counts fully: 1 is not what is meant by A11
                score = _WHOLE_CODE if key == word else _CODE if key.startswith(word) else _NAME
            elif score == _NAME and key.startswith(word):
                score = _NAME_BEGINS
            best = max(best, score)
    return best
