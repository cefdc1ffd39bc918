"""Projects that may be entered twice: names alike, the same code, the same ground.

Names are compared without what is only a way of writing (width, punctuation, 的, 项目 or 工程 at the end, city and
county in front).  Names that say different places, numbers or stages (一期, 二期) are different projects however alike
they look.  Likeness is the share of letters in common runs (Ratcliff/Obershelp); only pairs with enough pairs of
neighbouring letters in common (Dice) are looked at so closely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
import shapely

from ..errors import Cancelled
from ..geometry.area import ellipsoidal_area
from ..geometry.parallel import never
from ..plan.names import county_key, town_key
from ..plan.tables import Array
from ..texts import Message
from .lines import ProjectLine, ProjectLines

#: Names this alike are shown; with shared ground less is enough.
ALIKE, ALIKE_ON_SHARED_GROUND = 0.78, 0.55
#: Share of the smaller site that both sites cover: evidence; and share of the larger one where names do not matter.
SHARED, SAME_GROUND = 0.3, 0.8
_DICE, _BUCKETS, _BLOCK, _LOOKED_AT = 0.5, 512, 256, 4000
_MOST_SHOWN = 500

_PUNCTUATION = re.compile(r"[\W_]+")
_ENDS = re.compile(r"(?:子?项目|工程|建设|实施|任务)+$")
_STAGE = re.compile(r"第?[0-9一二三四五六七八九十]+[期批]")
_NUMERAL = re.compile(
    r"[0-9]+(?:[.][0-9]+)?|[一二三四五六七八九十]+(?=[期号批段区标])|(?<=[期号批段第])[一二三四五六七八九十]+"
)


@dataclass(frozen=True)
class Pair:
    """Two projects that may be one.

    Attributes
    ----------
    first, second
        The projects, in the order of the table.
    likeness
        Of their names, 0 … 1.
    overlap
        Share of the smaller site that lies in the other, 0 … 1; None where one has no site.
    reasons
        What speaks for it.
    """

    first: ProjectLine
    second: ProjectLine
    likeness: float
    overlap: float | None
    reasons: tuple[Message, ...]

    @property
    def key(self) -> tuple[int, int]:
        """What tells the pair from others: its feature ids."""
        return self.first.fid, self.second.fid


@dataclass(frozen=True)
class _Name:
    """A name made ready: what is compared, and what must not differ."""

    plain: str
    key: str
    places: frozenset[str] = field(default_factory=frozenset)
    numbers: tuple[str, ...] = ()


def alike_projects(
    projects: ProjectLines, cancelled: Callable[[], bool] = never, towns: Iterable[str] = ()
) -> list[Pair]:
    """Pairs of projects that may be one, the likeliest first (500 at most).

    Parameters
    ----------
    towns
        Names of the plan's towns: names that say different ones are different projects.

    Raises
    ------
    Cancelled
        If `cancelled` says so.
    """
    lines = projects.lines
    names = _names_of(lines, projects.counties(), towns)
    ground = _shared_ground(projects.geometry, cancelled)
    likeness = _alike_names(names, cancelled)
    for pair in ground:
        if pair not in likeness:
            likeness[pair] = _likeness(names[pair[0]], names[pair[1]])
    by_code: dict[str, list[int]] = {}
    for position, line in enumerate(lines):
        if line.code:
            by_code.setdefault(line.code.casefold(), []).append(position)
    same_code = {pair for positions in by_code.values() for pair in zip(positions, positions[1:])}
    for pair in same_code:
        likeness.setdefault(pair, _likeness(names[pair[0]], names[pair[1]]))
    found = []
    for (i, j), alike in likeness.items():
        both, larger = ground.get((i, j), (0.0, 0.0))
        reasons = _reasons(names[i], names[j], alike, both, larger, (i, j) in same_code)
        if reasons:
            sited = lines[i].is_sited and lines[j].is_sited
            found.append(Pair(lines[i], lines[j], alike, both if sited else None, reasons))
    found.sort(key=lambda p: (-max(p.likeness, p.overlap or 0.0), -p.likeness, p.first.position, p.second.position))
    return found[:_MOST_SHOWN]


def _reasons(
    one: _Name, other: _Name, alike: float, both: float, larger: float, same_code: bool
) -> tuple[Message, ...]:
    """What speaks for two projects being one; nothing where it is not enough."""
    said = []
    if same_code:
        said.append(Message.of("project_list.alike_code"))
    if one.plain and one.plain == other.plain:
        said.append(Message.of("project_list.alike_same_name"))
    elif one.key and one.key == other.key and alike == 1.0:
        said.append(Message.of("project_list.alike_written_otherwise"))
    elif alike >= (ALIKE_ON_SHARED_GROUND if both >= SHARED else ALIKE):
        said.append(Message.of("project_list.alike_name", share=f"{alike:.0%}"))
    if larger >= SAME_GROUND or (said and both >= SHARED):
        said.append(Message.of("project_list.alike_ground", share=f"{both:.0%}"))
    return tuple(said)


# --- names ------------------------------------------------------------------------------------------


def _names_of(lines: Sequence[ProjectLine], counties: Sequence[str], towns: Iterable[str]) -> list[_Name]:
    known = {county_key(c): county_key(c) for c in counties} | {_plain(c): county_key(c) for c in counties}
    known |= {_plain(t): town_key(t) for t in towns if t and len(t) > 1}
    words = sorted((w for w in known if len(w) > 1), key=len, reverse=True)
    places = re.compile("|".join(map(re.escape, words))) if words else None
    return [_name(line.name or "", known, places) for line in lines]


def _name(written: str, known: dict[str, str], places: re.Pattern[str] | None) -> _Name:
    plain = _plain(written)
    found = set(places.findall(plain)) if places is not None else set()
    key = _without_places(plain, places)
    # a city in front (阳泉市…) that no list names
    city = re.match(r"^[\u4e00-\u9fff]{2,3}市(?=.{4})", key)
    if city:
        key = _without_places(key[city.end() :], places)
    key = _ENDS.sub("", _STAGE.sub("", key.replace("的", ""))) or plain  # stages are compared by their numbers
    return _Name(plain, key, frozenset(known[p] for p in found), tuple(_NUMERAL.findall(plain)))


def _without_places(key: str, places: re.Pattern[str] | None) -> str:
    """A name without the known places that it begins with, and without one at its end (in brackets, as printed)."""
    if places is None:
        return key
    while (match := places.match(key)) is not None and len(match[0]) < len(key):
        key = key[match.end() :]
    last = next((m for m in reversed(list(places.finditer(key))) if m.end() == len(key)), None)
    return key[: last.start()] if last is not None and last.start() > 0 else key


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _differ(one: _Name, other: _Name) -> bool:
    """Whether two names say different places or numbers; one that says none may be the other's."""
    if one.numbers != other.numbers:
        return True
    return bool(one.places and other.places and not (one.places <= other.places or other.places <= one.places))


def _likeness(one: _Name, other: _Name) -> float:
    if not one.key or not other.key or _differ(one, other):
        return 0.0
    return 1.0 if one.key == other.key else SequenceMatcher(None, one.key, other.key, autojunk=False).ratio()


def _alike_names(names: Sequence[_Name], cancelled: Callable[[], bool]) -> dict[tuple[int, int], float]:
    """Likeness of the pairs of names that are worth a look."""
    found: dict[tuple[int, int], float] = {}
    marks, sizes = _marks(names)
    rows, columns, dices = [], [], []
    for start in range(0, len(names), _BLOCK):
        _stop_if(cancelled)
        common = marks[start : start + _BLOCK] @ marks[start:].T  # every pair once: those before are looked at already
        dice = 2 * common / np.maximum(sizes[start : start + _BLOCK, None] + sizes[None, start:], 1)
        row, column = np.nonzero(dice >= _DICE)
        later = column > row
        rows.append(row[later] + start)
        columns.append(column[later] + start)
        dices.append(dice[row[later], column[later]])
    if not rows:
        return found
    first, second, dice = np.concatenate(rows), np.concatenate(columns), np.concatenate(dices)
    order = np.argsort(-dice, kind="stable")
    looked_at = 0
    for count, place in enumerate(order.tolist()):
        if count % 512 == 0:
            _stop_if(cancelled)
        i, j = int(first[place]), int(second[place])
        if _differ(names[i], names[j]):
            continue
        found[i, j] = _likeness(names[i], names[j])
        looked_at += 1
        if looked_at >= _LOOKED_AT:
            break
    return found


def _marks(names: Sequence[_Name]) -> tuple[Array, Array]:
    """Which pairs of neighbouring letters stand in each name, ``(n, buckets)``, and how many, ``(n,)``."""
    bucket_of: dict[str, int] = {}
    marks = np.zeros((len(names), _BUCKETS), np.float32)
    for row, name in enumerate(names):
        for pair in {name.key[i : i + 2] for i in range(max(1, len(name.key) - 1))} - {""}:
            marks[row, bucket_of.setdefault(pair, len(bucket_of)) % _BUCKETS] = 1
    return marks, marks.sum(axis=1)


# --- ground -----------------------------------------------------------------------------------------


def _shared_ground(sites: Array, cancelled: Callable[[], bool]) -> dict[tuple[int, int], tuple[float, float]]:
    """Pairs of sites that share ground: its share of the smaller and of the larger site."""
    there = np.flatnonzero(~shapely.is_missing(sites))
    if len(there) < 2:
        return {}
    shapes = sites[there]
    _stop_if(cancelled)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    later = other > one
    one, other = one[later], other[later]
    areas = ellipsoidal_area(shapes)
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for start in range(0, len(one), _BLOCK):
        _stop_if(cancelled)
        i, j = one[start : start + _BLOCK], other[start : start + _BLOCK]
        common = ellipsoidal_area(shapely.intersection(shapes[i], shapes[j]))
        small = common / np.maximum(np.minimum(areas[i], areas[j]), 1e-9)
        large = common / np.maximum(np.maximum(areas[i], areas[j]), 1e-9)
        for a, b, s, g in zip(there[i].tolist(), there[j].tolist(), small.tolist(), large.tolist()):
            if s >= SHARED:
                found[a, b] = min(s, 1.0), min(g, 1.0)
    return found


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled
