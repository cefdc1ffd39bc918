"""Tables with coordinates: a row a boundary point, grouped into polygons, or a row a feature with its WKT.

What a column holds is told by its name; which of x and y is north is told by the values, because x is east in
GIS and north in Chinese surveying.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.tables import Array, object_array
from ..texts import Message
from .guotu_txt import nest_rings
from .source import Source
from .table_cells import Cells, read_cells
from .table_head import PAIRS, Headed, below_its_head

#: Old spreadsheets (.xls) and those of WPS (.et) cannot be read, but it is said how they can.
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".et")

#: Where China lies, to tell the axes apart: degrees, and metres of a Gauss-Krueger projection.
_LON, _LAT, _NORTH = (73.0, 136.0), (3.0, 54.0), (1.9e6, 6.1e6)
_EAST_WITH_ZONE = (1.3e7, 4.6e7)

_EXAMPLES = 5
_SHOWN = 30
#: Row → id and values of the sentence that says what is wrong with it.
_Wrong = dict[int, tuple[str, dict[str, object]]]

_DMS = re.compile(
    r"(?:东经|北纬|[EN])?\s*(\d{1,3})\s*[°º度:\-\s]\s*(\d{1,2})\s*(?:[′'’分:\-\s]\s*(?:(\d{1,2}(?:\.\d*)?)\s*(?:[″\"”秒]|''|′′)?)?)?\s*[EN]?",
    re.IGNORECASE,
)


def read_coordinate_table(path: Path, layer: str | None = None, encoding: str | None = None) -> Source:
    """Read a CSV, TSV or XLSX table.

    Parameters
    ----------
    layer
        The sheet, where a spreadsheet has several.
    encoding
        Encoding of a text file; weighed from its bytes where None.

    Returns
    -------
    Source
        One feature a WKT, or one polygon a group of points (a point, where every group has but one); x = longitude or easting
        as in the file.  Rows without coordinates are features without geometry.  Without any coordinates it is a plain
        table, ``geometry`` None.  No table states its CRS.

    Raises
    ------
    PlannerError
        With row and column, where cells are no coordinates or a group makes no polygon.
    """
    return understand_coordinates(path.name, read_cells(path, layer, encoding))


def understand_coordinates(name: str, cells: Cells) -> Source:
    """What the cells of a table say (see `read_coordinate_table`), wherever they came from; errors call it by `name`."""
    table = below_its_head(name, cells)
    notes = [*cells.notes, *table.notes]
    if "wkt" in table.roles:
        return _from_wkt(table, cells, notes)
    pair = next((p for p in PAIRS if p[0] in table.roles and p[1] in table.roles), None)
    if pair is None:
        half = next((table.head[table.roles[r]] for p in PAIRS for r in p if r in table.roles), None)
        if half is not None:
            raise PlannerError("intake_tables.half_a_pair", path=name, column=half)
        notes.append(Message.of("intake_tables.no_coordinates", columns=table.head))
        fields = {column: [row[i] for row in table.rows] for i, column in enumerate(table.head)}
        return Source(cells.name, fields, None, None, None, cells.encoding, notes, list(table.numbers))
    points = _eastings_first(table, pair, notes)
    if np.isnan(points).all():
        notes.append(Message.of("intake_tables.no_place_yet", count=len(table.rows)))
        used = {table.roles[role] for role in pair}
        fields = {column: [row[i] for row in table.rows] for i, column in enumerate(table.head) if i not in used}
        return Source(cells.name, fields, None, None, None, cells.encoding, notes, list(table.numbers))
    return _from_points(table, cells, points, notes)


def parse_angle(text: str) -> float | None:
    """Degrees of a decimal number or of degrees, minutes and seconds; None where it is neither.

    Examples
    --------
    >>> parse_angle("124°30′15.5″") == 124 + 30 / 60 + 15.5 / 3600
    True
    >>> parse_angle("124-30-15.5") == parse_angle("东经124度30分15.5秒")
    True
    >>> parse_angle("124度5分60.0秒") == 124.1  # Excel rounds 59.96 so
    True
    """
    try:
        return float(text)
    except ValueError:
        pass
    found = _DMS.fullmatch(text.strip())
    if found is None:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in found.groups())
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds <= 60 else None


def _from_wkt(table: Headed, cells: Cells, notes: list[Message]) -> Source:
    at = table.roles["wkt"]
    written = [None if v is None else str(v) for v in table.column("wkt")]
    with np.errstate(over="ignore", invalid="ignore"):  # numbers beyond all measure are refused below
        geometry = shapely.from_wkt(object_array(written), on_invalid="ignore")
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    endless = set(owner[~np.isfinite(coordinates).all(axis=1)].tolist())
    for i, text in enumerate(written):
        if text is not None and (geometry[i] is None or i in endless):
            column = table.head[at]
            raise PlannerError(
                "intake_tables.no_wkt", path=table.file, row=table.numbers[i], column=column, value=text[:60]
            )
    fields = {n: [row[i] for row in table.rows] for i, n in enumerate(table.head) if i != at}
    flat = shapely.force_2d(geometry)
    ids = _ids([row[table.roles["group"]] if "group" in table.roles else None for row in table.rows], table.numbers)
    return Source(cells.name, fields, flat, None, None, cells.encoding, notes, ids)


def _eastings_first(table: Headed, pair: tuple[str, str], notes: list[Message]) -> Array:
    """``(n, 2)`` coordinates, x first, nan where a row has none; which column is x the values say, and the names must agree."""
    wrong: _Wrong = {}
    first, second = (_numbers(table, role, wrong) for role in pair)
    nowhere = np.isnan(first) & np.isnan(second)
    names = [table.head[table.roles[role]] for role in pair]
    for row in np.flatnonzero(np.isnan(first) != np.isnan(second)).tolist():
        column = names[0] if np.isnan(first[row]) else names[1]
        wrong.setdefault(row, _no_coordinate(table, row, column, None))
    straight, swapped = _in_china(first, second), _in_china(second, first)
    placed = ~nowhere
    placed[list(wrong)] = False
    turned = bool(placed.any() and swapped[placed].all() and not straight[placed].all())
    if not turned:
        # Which reading fits most rows tells which rows are wrong.
        fits = straight if straight[placed].sum() >= swapped[placed].sum() else swapped
        for row in np.flatnonzero(placed & ~fits).tolist():
            turned_row = bool((swapped if fits is straight else straight)[row]) and pair != ("x", "y")
            place = {"row": table.numbers[row], "columns": "/".join(names), "x": first[row], "y": second[row]}
            wrong[row] = ("intake_tables.swapped_row" if turned_row else "intake_tables.outside", place)
    _refuse_wrong(table, wrong)
    if turned and pair != ("x", "y"):
        row = int(np.flatnonzero(placed)[0])
        raise PlannerError("intake_tables.swapped", path=table.file, row=table.numbers[row], columns=names)
    if pair == ("x", "y") and placed.any():
        notes.append(Message.of("intake_tables.axes", east=names[int(turned)], north=names[int(not turned)]))
    return np.column_stack([second, first] if turned else [first, second])


def _refuse_wrong(table: Headed, wrong: _Wrong) -> None:
    """All rows that are wrong at once, so that they are put right at once."""
    if len(wrong) == 1:
        ((message_id, place),) = wrong.values()
        raise PlannerError(message_id, path=table.file, **place)
    if wrong:
        some = [wrong[row] for row in sorted(wrong)[:_EXAMPLES]]
        shown = [Message.of(f"{message_id}_short", **place) for message_id, place in some]
        more = ["…"] if len(wrong) > _EXAMPLES else []
        raise PlannerError("intake_tables.bad_rows", path=table.file, count=len(wrong), rows=[*shown, *more])


def _in_china(east: Array, north: Array) -> Array:
    def within(values: Array, bounds: tuple[float, float]) -> Array:
        inside: Array = (values >= bounds[0]) & (values <= bounds[1])
        return inside

    degrees = within(east, _LON) & within(north, _LAT)
    metres = within(north, _NORTH) & (within(east, (1e5, 9e5)) | within(east, _EAST_WITH_ZONE))
    both: Array = degrees | metres
    return both


def _numbers(table: Headed, role: str, wrong: _Wrong) -> Array:
    """``(n,)`` numbers of a column, nan where a cell is empty; cells that are no coordinates go to `wrong`."""
    values = table.column(role)
    found = np.full(len(values), math.nan)
    for i, value in enumerate(values):
        if value is None:
            continue
        number = parse_angle(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            wrong.setdefault(i, _no_coordinate(table, i, table.head[table.roles[role]], value))
        else:
            found[i] = number
    return found


def _no_coordinate(table: Headed, row: int, column: str, value: object) -> tuple[str, dict[str, object]]:
    shown = Message.of("intake_tables.empty_cell") if value is None else str(value)[:_SHOWN]
    return "intake_tables.no_coordinate", {"row": table.numbers[row], "column": column, "value": shown}


def _from_points(table: Headed, cells: Cells, points: Array, notes: list[Message]) -> Source:
    placed = ~np.isnan(points[:, 0])
    groups = _groups(table, points, placed, notes)
    _refuse_missing_corners(table, groups, placed)
    without = [rows for rows in groups if not placed[rows[0]]]
    if without:
        some = [table.numbers[rows[0]] for rows in without[:_EXAMPLES]]
        more = ["…"] if len(without) > _EXAMPLES else []
        notes.append(Message.of("intake_tables.rows_without_place", count=len(without), rows=[*some, *more]))
    if all(len(rows) == 1 for rows in groups):
        shapes: list[Any] = [shapely.Point(points[rows[0]]) if placed[rows[0]] else None for rows in groups]
        notes.append(Message.of("intake_tables.a_point_a_row"))
    else:
        shapes = [_polygon(table, points, rows) if placed[rows[0]] else None for rows in groups]
    fields = _fields(table, groups, notes)
    keys = [table.rows[rows[0]][table.roles["group"]] if "group" in table.roles else None for rows in groups]
    ids = _ids(keys, [table.numbers[rows[0]] for rows in groups])
    return Source(cells.name, fields, object_array(shapes), None, None, cells.encoding, notes, ids)


def _groups(table: Headed, points: Array, placed: Array, notes: list[Message]) -> list[list[int]]:
    """Positions of the rows of each feature, in the file's order."""
    everything = list(range(len(table.rows)))
    if "group" in table.roles:
        return _by_code(table, placed, notes)
    if "point" not in table.roles:
        if "ring" not in table.roles and _rows_differ(table):
            return [[i] for i in everything]
        notes.append(Message.of("intake_tables.one_polygon"))
        return [everything]
    names = table.column("point")
    groups: list[list[int]] = []
    for i, name in enumerate(names):
        start = groups[-1][0] if groups else i
        again = bool(groups) and name is not None and name == names[start] and (points[i] != points[start]).any()
        if not groups or again:  # the numbering begins anew elsewhere: another polygon
            groups.append([])
        groups[-1].append(i)
    notes.append(Message.of("intake_tables.by_point_numbers", count=len(groups)))
    return groups


def _by_code(table: Headed, placed: Array, notes: list[Message]) -> list[list[int]]:
    at, filled = table.roles["group"], 0
    others = [i for i in table.telling() if i != at]
    found: dict[object, list[int]] = {}
    for i, row in enumerate(table.rows):
        key = row[at]
        if key is None and i and placed[i]:
            above = table.rows[i - 1]
            # Cells merged downwards hold their value in the first row only; what says something else is another thing.
            if all(row[o] is None or above[o] is None or row[o] == above[o] for o in others):
                key = row[at] = above[at]
                filled += key is not None
        found.setdefault(("row", i) if key is None and (others or not placed[i]) else key, []).append(i)
    if filled:
        notes.append(Message.of("intake_tables.filled_down", column=table.head[at], count=filled))
    return list(found.values())


def _rows_differ(table: Headed) -> bool:
    """Whether some column has another value in each of several rows: then rows are things, not corners of one."""
    for at in table.telling():
        values = {row[at] for row in table.rows} - {None}
        if len(values) > 1:
            return True
    return False


def _refuse_missing_corners(table: Headed, groups: list[list[int]], placed: Array) -> None:
    """An outline that would lack a corner is worse than none."""
    missing = [i for rows in groups if len(rows) > 1 for i in rows if not placed[i]]
    pair = next(p for p in PAIRS if p[0] in table.roles and p[1] in table.roles)
    _refuse_wrong(table, {i: _no_coordinate(table, i, table.head[table.roles[pair[0]]], None) for i in missing})


def _polygon(table: Headed, points: Array, rows: list[int]) -> Any:
    rings = []
    for positions in _rings(table, points, rows):
        ring = points[positions]
        corners = len(np.unique(ring, axis=0))
        if corners < 3:
            number = table.numbers[positions[0]]
            key = table.rows[rows[0]][table.roles["group"]] if "group" in table.roles else None
            whose = Message.of("intake_tables.of_group", group=key) if key is not None else ""
            raise PlannerError("intake_tables.short_ring", path=table.file, row=number, whose=whose, found=corners)
        rings.append(ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]))
    shells, holes_of = nest_rings(rings)
    parts = [shapely.Polygon(rings[s], [rings[h] for h in holes_of[s]]) for s in shells]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rings(table: Headed, points: Array, rows: list[int]) -> list[list[int]]:
    """Rings by their number; without one, a ring ends where its first point returns."""
    if "ring" in table.roles:
        by_number: dict[object, list[int]] = {}
        for i in rows:
            by_number.setdefault(table.rows[i][table.roles["ring"]], []).append(i)
        return list(by_number.values())
    rings: list[list[int]] = [[]]
    closed = False
    for i in rows:
        if closed:
            rings.append([])
        rings[-1].append(i)
        closed = len(rings[-1]) > 3 and bool((points[i] == points[rings[-1][0]]).all())
    return rings


def _fields(table: Headed, groups: list[list[int]], notes: list[Message]) -> dict[str, list[object]]:
    """What is the same for all points of a feature; columns that change from point to point are named and left out."""
    used = {table.roles[r] for r in ("lon", "lat", "east", "north", "x", "y", "point", "ring") if r in table.roles}
    fields: dict[str, list[object]] = {}
    left_out = []
    for i, name in enumerate(table.head):
        if i in used:
            continue
        values = [
            list(dict.fromkeys(table.rows[r][i] for r in rows if table.rows[r][i] is not None)) for rows in groups
        ]
        if any(len(v) > 1 for v in values):
            left_out.append(name)
        else:
            fields[name] = [v[0] if v else None for v in values]
    if left_out:
        notes.append(Message.of("intake_tables.left_out", columns=left_out))
    return fields


def _ids(keys: list[object], numbers: list[int]) -> list[object]:
    """Values of the grouping column where they tell the features apart, else the numbers of their first rows."""
    if keys and None not in keys and max(Counter(keys).values()) == 1:
        return keys
    return list(numbers)
