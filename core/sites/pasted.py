"""Coordinates out of pasted text, however they are written: 国土TXT, a table with its head, WKT, or just numbers.

Nothing is converted here: places are read as they stand, and `located` finds out which coordinate system they are in.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..intake.coordinate_table import parse_angle, understand_coordinates
from ..intake.guotu_txt import HEADER, PLOTS, nest_rings, understand_guotu_txt
from ..intake.source import Source
from ..intake.table_cells import Cells
from ..intake.table_head import PAIRS, below_its_head
from ..plan.tables import Array, object_array
from ..texts import Message, text
from .pasted_lines import with_angles_joined, without_closing_lines

#: What pasted places can mean.
OUTLINE, LINE, POINTS = "outline", "line", "points"

#: More text than this is no paste but a file for the import.
MOST_CHARACTERS = 5_000_000
_EXAMPLES = 3
_SHOWN = 30

_ROUND = str.maketrans(
    {"º": "°", "˚": "°", "〇": "0", "—": "-", "–": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"'}
)
_DMS = re.compile(
    r"(?<![\d.])(\d{1,3})\s*[°度]\s*(\d{1,2}(?:\.\d+)?)(?![\d.]|\s*[°度])\s*(?:[′'分]\s*(?:(\d{1,2}(?:\.\d+)?)(?![\d.]|\s*[°度])\s*(?:″|′′|''|\"|秒)?)?)?"
    r"|(?<![\d.\-])(\d{2,3})-(\d{1,2})-(\d{1,2}(?:\.\d+)?)(?![\d.\-])"
    r"|(?<![\d.:])(\d{2,3}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)(?![\d.:])"
)
_NUMBER = re.compile(r"(?<![A-Za-z_\d.])[-+]?\d+(?:\.\d*)?(?!(?!m\b)[A-Za-z_\d.])")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])")
#: Half of a place, broken off.
_ONLY_NUMBER = re.compile(r"\s*[-+]?\d+\.\d+\s*[°,;]?\s*")
#: Words before a number that only say which it is.
_AXIS = re.compile(
    r"(?:东经|北纬|经度|纬度|横坐标|纵坐标|[东北]坐标|lon(?:gitude)?|lat(?:itude)?|lng|[XYENBL])\s*[:=]?\s*(?=[-+]?\d)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(?<=[\d°′'\"″秒分度])\s*[EN](?![A-Za-z])", re.IGNORECASE)
#: What a point is called: J1, 界址点3, 点号 4, P-5, 1), (2), 3、, 4：
_LABEL = re.compile(
    r"\s*(?:[A-Za-z_#№\u4e00-\u9fff]+\s*[-_]?\s*\d+(?![\d.])|[(\[]?\d{1,4}[)\]、:](?!\d{1,2}[:\-])|\d{1,4}\.\s)"
)
_WKT = re.compile(
    r"(?:SRID=(\d+);)?\s*((?:MULTI)?(?:POLYGON|POINT|LINESTRING)|GEOMETRYCOLLECTION)\s*Z?M?\s*\(", re.IGNORECASE
)

#: Where China lies, in degrees and in metres of a Gauss-Krueger projection without and with the zone in front.
_LON, _LAT, _NORTH = (73.0, 136.0), (3.0, 54.0), (3e5, 6.1e6)
_EASTINGS = ((1e5, 9e5), (1.3e7, 4.6e7))
_DEGREES = 360.0
_MERCATOR = ((8e6, 1.52e7), (3e5, 7.2e6))


def read_pasted(pasted: str) -> Source:
    """Places and outlines in a pasted text, in its own coordinates.

    Parameters
    ----------
    pasted
        国土TXT; a table whose head names its columns; WKT; or lines of numbers: decimal degrees, degrees, minutes and
        seconds, metres, with or without point numbers, whatever stands between them, full-width digits too.

    Returns
    -------
    Source
        Outlines (three places and more), or points; first = what stands first.

    Raises
    ------
    PlannerError
        If there are no coordinates in it, naming the lines that are none.
    """
    if len(pasted) > MOST_CHARACTERS:
        raise PlannerError("site.pasted_too_long", most=MOST_CHARACTERS // 1_000_000)
    content, notes = _plain(pasted)
    if not content.strip():
        raise PlannerError("site.pasted_nothing")
    name = text("site.pasted_text")
    if PLOTS in content or HEADER in content:
        return understand_guotu_txt(name, content, notes=notes)
    lines = [line for line in content.splitlines() if line.strip()]
    if re.fullmatch(r"[^@]*,@", lines[0].strip()):  # the plots of a 国土TXT without what stands above them
        return understand_guotu_txt(name, f"{PLOTS}\n{content}", notes=notes)
    if _WKT.search(content):
        return _from_wkt(content, notes)
    for mend in (without_closing_lines, with_angles_joined):
        content, said = mend(content)
        notes += said
    table = _with_head(name, content, notes)
    if table is not None:
        return table
    return _from_numbers(content, notes)


def as_meant(geometry: Any, kind: str | None) -> tuple[Array, str]:
    """Geometries as outlines, as one line or as points, whichever the planner means.

    Parameters
    ----------
    geometry
        ``(n,)`` geometries or None.
    kind
        `OUTLINE`, `LINE`, `POINTS`; None takes them for what they are.

    Raises
    ------
    PlannerError
        If there are too few places for it.
    """
    shapes = np.asarray(geometry, dtype=object).ravel()
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if not len(shapes):
        raise PlannerError("site.pasted_nothing")
    dimension = int(shapely.get_dimensions(shapes).max())
    found = (POINTS, LINE, OUTLINE)[dimension]
    if kind is None or kind == found:
        return shapes[shapely.get_dimensions(shapes) == dimension], found
    runs = [_open(shapely.get_coordinates(run)) for run in _runs(shapes)]
    places = np.concatenate(runs)
    if kind == POINTS:
        return np.asarray(shapely.points(places)), kind
    if found == POINTS:
        runs = [places]
    least = 2 if kind == LINE else 3
    if min(len(np.unique(run, axis=0)) for run in runs) < least:
        raise PlannerError("site.pasted_too_few", least=least)
    if kind == LINE:
        return object_array([shapely.linestrings(run) for run in runs]), kind
    return object_array(_outlines(runs)), kind


@dataclass
class _Block:
    """Places that belong to one outline, with the number of the ring where the text tells."""

    places: list[tuple[float, float]]
    rings: list[int]


def _plain(pasted: str) -> tuple[str, list[Message]]:
    """The text in one width of digits and letters, and a word on that where it changed something."""
    marked = pasted.replace("\ufeff", "").translate(_ROUND)
    wide = sum(unicodedata.east_asian_width(c) == "F" and unicodedata.normalize("NFKC", c).isalnum() for c in marked)
    # NFKC would make two strokes out of ″, which mean the same
    content = unicodedata.normalize("NFKC", marked)
    notes = [Message.of("site.full_width", count=wide)] if wide else []
    return content, notes


def _from_wkt(content: str, notes: list[Message]) -> Source:
    starts = [found.start() for found in _WKT.finditer(content) if _depth(content[: found.start()]) == 0]
    shapes, epsg = [], None
    for start, end in zip(starts, [*starts[1:], len(content)]):
        found = _WKT.match(content, start)
        assert found is not None
        epsg = int(found[1]) if found[1] else epsg
        written = content[found.start(2) : end]
        shape = shapely.from_wkt(written[: written.rfind(")") + 1], on_invalid="ignore")
        if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
            raise PlannerError("site.pasted_wkt", value=written[:_SHOWN])
        shapes.append(shapely.force_2d(shape))
    return _source(shapes, notes, epsg)


def _depth(before: str) -> int:
    return before.count("(") - before.count(")")


def _with_head(name: str, content: str, notes: list[Message]) -> Source | None:
    """The text as a table, where a head names columns of coordinates; None where none does."""
    for rows, numbers in _cut_into_cells(content):
        cells = Cells(text("site.pasted_text"), rows, numbers, "utf-8", list(notes))
        try:
            headed = below_its_head(name, cells)
        except PlannerError:
            continue
        if any(one in headed.roles and other in headed.roles for one, other in PAIRS):
            return understand_coordinates(name, cells)
    return None


def _cut_into_cells(content: str) -> Iterator[tuple[list[list[object]], list[int]]]:
    """The text as rows of cells, by each of the separators that its lines have in common."""
    lines = content.splitlines()
    for separator in ("\t", "[,，]", ";", r"\|", r"\s{2,}", r"\s+", r"[、/]", r"[\s,;、|]+"):
        if not re.search(separator, content):
            continue
        rows: list[list[object]] = []
        numbers = []
        for number, line in enumerate(lines, start=1):
            quoted = separator == "[,，]" and '"' in line
            split = next(csv.reader(io.StringIO(line))) if quoted else re.split(separator, line.strip(" |"))
            cells = [_without_thousands(cell.strip()) or None for cell in split]
            if any(cells):
                rows.append(list(cells))
                numbers.append(number)
        if rows and max(map(len, rows)) > 1:
            yield rows, numbers


def _without_thousands(written: str) -> str:
    """Numbers of six digits and more without commas between their thousands."""

    def joined(found: re.Match[str]) -> str:
        plain = found[0].replace(",", "")
        return plain if float(plain) >= 1e5 else found[0]

    return _THOUSANDS.sub(joined, written)


def _from_numbers(content: str, notes: list[Message]) -> Source:
    blocks, headings, ignored = [_Block([], [])], 0, 0
    wrong: list[tuple[int, str]] = []
    halves: list[tuple[int, str]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            blocks.append(_Block([], []))
            continue
        ring, places, left_over = _places_in(line)
        if places:
            blocks[-1].places += places
            blocks[-1].rings += [ring] * len(places)
            ignored += left_over
        elif _is_meant_as_place(line):
            wrong.append((number, line.strip()[:_SHOWN]))
        elif _ONLY_NUMBER.fullmatch(line):
            halves.append((number, line.strip()[:_SHOWN]))
        else:
            headings += 1
            blocks.append(_Block([], []))
    filled = [b for b in blocks if b.places]
    if filled:
        wrong = sorted([*wrong, *halves])
    if wrong:
        shown = [Message.of("site.pasted_line", line=n, value=value) for n, value in wrong[:_EXAMPLES]]
        more = ["…"] if len(wrong) > _EXAMPLES else []
        raise PlannerError("site.pasted_wrong", count=len(wrong), lines=[*shown, *more])
    if not filled:
        raise PlannerError("site.pasted_nothing")
    if headings:
        notes.append(Message.of("site.pasted_headings", count=headings))
    if ignored:
        notes.append(Message.of("site.pasted_left_over", count=ignored))
    if any(len(b.places) < 3 for b in filled):  # an empty line after every line separates nothing
        filled = [_Block(sum((b.places for b in filled), []), sum((b.rings for b in filled), []))]
    rings = [np.array(ring) for block in filled for ring in _rings_of(block)]
    if len(rings) == 1 and len(np.unique(rings[0], axis=0)) < 3:
        return _source(list(shapely.points(rings[0])), notes)
    short = next((ring for ring in rings if len(np.unique(ring, axis=0)) < 3), None)
    if short is not None:
        raise PlannerError("site.pasted_short_ring", x=short[0, 0], y=short[0, 1])
    return _source(_outlines(rings), notes)


def _places_in(line: str) -> tuple[int, list[tuple[float, float]], int]:
    """Number of the ring (0 where none is told), the places in a line, and how many numbers behind them mean nothing here."""
    for written in (line, _LABEL.sub(" ", line, count=1)):
        values = _values(written)
        for start in range(len(values) - 1):
            if not _in_china(values[start], values[start + 1]) or _is_counter(values[start:]):
                continue
            places: list[tuple[float, float]] = []
            while start + 2 * len(places) + 1 < len(values):
                pair = values[start + 2 * len(places)], values[start + 2 * len(places) + 1]
                if not _in_china(*pair):
                    break
                places.append(pair)
            rest = values[start + 2 * len(places) :]
            if any(map(math.isnan, values)) or _goes_on(places[0], rest):
                return 0, [], 0  # a corner in the middle cannot be read: without it, it would be another outline
            before = values[:start]
            told = before[-1] if before and (len(before) > 1 or written is not line) else 0.0
            ring = int(told) if told == int(told) and 0 < told < 1000 else 0
            return ring, places, len(values) - start - 2 * len(places)
    return 0, [], 0


def _is_meant_as_place(line: str) -> bool:
    """Whether a line in which no place is found would have told one: a heading has neither two numbers nor an angle."""
    values = _values(line)
    impossible = any(map(math.isnan, values)) and re.search("[°度]", line) is not None
    return len(values) >= 2 or impossible


def _goes_on(first: tuple[float, float], rest: list[float]) -> bool:
    """Whether there are places among numbers that were left over, in degrees or metres as the first one."""
    in_metres = max(first) > _DEGREES
    return any(_in_china(*pair) and (max(pair) > _DEGREES) == in_metres for pair in zip(rest, rest[1:]))


def _is_counter(values: list[float]) -> bool:
    """Whether a number only counts: as a latitude it would fit with what follows, but that makes a pair of its own."""
    if len(values) < 3 or values[0] != int(values[0]) or not _in_china(values[1], values[2]):
        return False
    return len(values) % 2 == 1 or (len(values) == 4 and not _in_china(values[2], values[3]))


def _values(line: str) -> list[float]:
    """The numbers and angles in a line, in its order; not a number for an angle with 75 minutes."""
    written = _BEHIND.sub(" ", _AXIS.sub(" ", _without_thousands(line)))
    found = []
    at = 0
    while at < len(written):
        angle = _DMS.search(written, at)
        number = _NUMBER.search(written, at)
        if angle is not None and (number is None or angle.start() <= number.start()):
            value = _degrees(angle)
            found.append(math.nan if value is None else value)
            at = angle.end()
        elif number is not None:
            found.append(float(number[0]))
            # The degree sign of decimal degrees
            at = number.end()
        else:
            break
    return found


def _degrees(found: re.Match[str]) -> float | None:
    degrees, minutes, seconds = next(found.groups()[i : i + 3] for i in (0, 3, 6) if found.groups()[i] is not None)
    if "." in minutes:  # degrees and decimal minutes
        whole, share = minutes.split(".")
        minutes, seconds = whole, str(round(float(f"0.{share}") * 60, 9))
    return parse_angle(f"{degrees}°{minutes}′{seconds or 0}″")


def _in_china(one: float, other: float) -> bool:
    def within(value: float, bounds: tuple[float, float]) -> bool:
        return bounds[0] <= value <= bounds[1]

    def east_north(x: float, y: float) -> bool:
        return (
            (within(x, _LON) and within(y, _LAT))
            or (within(y, _NORTH) and any(within(x, bounds) for bounds in _EASTINGS) and y > 2 * 10**5)
            or (within(x, _MERCATOR[0]) and within(y, _MERCATOR[1]))
        )

    return east_north(one, other) or east_north(other, one)


def _rings_of(block: _Block) -> list[list[tuple[float, float]]]:
    """Places by the number of their ring; where none is told, a ring ends where its first place returns."""
    if len(set(block.rings)) > 1:
        numbered: dict[int, list[tuple[float, float]]] = {}
        for place, ring in zip(block.places, block.rings):
            numbered.setdefault(ring, []).append(place)
        if all(len(set(ring)) >= 3 for ring in numbered.values()):
            return list(numbered.values())
    rings: list[list[tuple[float, float]]] = [[]]
    for place in block.places:
        if len(rings[-1]) > 3 and rings[-1][-1] == rings[-1][0]:
            rings.append([])
        rings[-1].append(place)
    return rings


def _outlines(rings: list[Array]) -> list[Any]:
    """Polygons of rings, open or closed; what lies within another is its hole."""
    closed = [ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]) for ring in rings]
    shells, holes_of = nest_rings(closed)
    return [shapely.Polygon(closed[s], [closed[h] for h in holes_of[s]]) for s in shells]


def _open(ring: Array) -> Array:
    return ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring


def _runs(shapes: Array) -> Array:
    parts = shapely.get_parts(shapely.get_parts(shapes))
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.concatenate([np.asarray(parts[~polygons]), np.asarray(shapely.get_rings(parts[polygons]))])


def _source(shapes: list[Any], notes: list[Message], epsg: int | None = None) -> Source:
    ids: list[object] = list(range(1, len(shapes) + 1))
    return Source(text("site.pasted_text"), {}, object_array(shapes), epsg, None, "utf-8", notes, ids)
