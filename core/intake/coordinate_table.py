"""Tables with coordinates: a row a boundary point, grouped into polygons, or a row a feature with its WKT.

What a column holds is told by its name; which of x and y is north is told by the values, because x is east in
GIS and north in Chinese surveying.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
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

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")

#: Role → names of its columns, the surest first; compared without case, spaces and units in brackets.
_NAMES = {
    "wkt": ("wkt", "geometry", "geom", "几何"),
    "lon": ("经度", "东经", "longitude", "lon", "lng", "long"),
    "lat": ("纬度", "北纬", "latitude", "lat"),
    "east": ("东坐标", "横坐标", "easting", "east", "东"),
    "north": ("北坐标", "纵坐标", "northing", "north", "北"),
    "x": ("x坐标", "坐标x", "x"),
    "y": ("y坐标", "坐标y", "y"),
    "ring": ("圈号", "地块圈号", "环号", "ring"),
    "point": ("点号", "界址点号", "界址点", "拐点号", "拐点编号", "拐点", "point"),
    "group": (
        *("地块编号", "地块号", "图斑编号", "图斑号", "项目编号", "工程编号", "编号", "编码", "代码", "标识码"),
        *("code", "bsm", "id", "plot", "地块名称", "项目名称", "地块", "项目", "图斑", "名称", "name"),
    ),
}
_PAIRS = (("lon", "lat"), ("east", "north"), ("x", "y"))
#: A head stands within the first rows; above it there may be titles.
_HEAD_WITHIN = 20

#: Where China lies, to tell the axes apart: degrees, and metres of a Gauss-Krueger projection.
_LON, _LAT, _NORTH = (73.0, 136.0), (3.0, 54.0), (1.9e6, 6.1e6)
_EAST_WITH_ZONE = (1.3e7, 4.6e7)

_DMS = re.compile(
    r"(?:东经|北纬|[EN])?\s*(\d{1,3})\s*[°º度:\-\s]\s*(\d{1,2})\s*(?:[′'’分:\-\s]\s*(?:(\d{1,2}(?:\.\d*)?)\s*(?:[″\"”秒]|''|′′)?)?)?\s*[EN]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Table:
    file: str
    head: list[str]
    rows: list[list[object]]
    numbers: list[int]
    roles: dict[str, int]

    def column(self, role: str) -> list[object]:
        return [row[self.roles[role]] for row in self.rows]


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
        as in the file.  Without any column of coordinates it is a plain table, ``geometry`` None.  No table states its CRS.

    Raises
    ------
    PlannerError
        With row and column, where a cell is no coordinate or a group makes no polygon.
    """
    cells = read_cells(path, layer, encoding)
    table = _with_head(path.name, cells)
    notes = list(cells.notes)
    if "wkt" in table.roles:
        return _from_wkt(table, cells, notes)
    pair = next((p for p in _PAIRS if p[0] in table.roles and p[1] in table.roles), None)
    if pair is None:
        half = next((table.head[table.roles[r]] for p in _PAIRS for r in p if r in table.roles), None)
        if half is not None:
            raise PlannerError("intake_tables.half_a_pair", path=path.name, column=half)
        notes.append(Message.of("intake_tables.no_coordinates", columns=table.head))
        fields = {name: [row[i] for row in table.rows] for i, name in enumerate(table.head)}
        return Source(cells.name, fields, None, None, None, cells.encoding, notes, list(table.numbers))
    return _from_points(table, cells, _eastings_first(table, pair, notes), notes)


def parse_angle(text: str) -> float | None:
    """Degrees of a decimal number or of degrees, minutes and seconds; None where it is neither.

    Examples
    --------
    >>> parse_angle("124°30′15.5″") == 124 + 30 / 60 + 15.5 / 3600
    True
    >>> parse_angle("124-30-15.5") == parse_angle("东经124度30分15.5秒")
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
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None


def _with_head(file: str, cells: Cells) -> _Table:
    """The table below its head: the first row that names coordinates, else simply the first."""
    candidates = [_roles(row) for row in cells.rows[:_HEAD_WITHIN]]
    complete = [i for i, r in enumerate(candidates) if "wkt" in r or any(a in r and b in r for a, b in _PAIRS)]
    at = complete[0] if complete else 0
    head = _distinct(cells.rows[at])
    rows, numbers = [], cells.numbers[at + 1 :]
    for row, number in zip(cells.rows[at + 1 :], numbers):
        if any(v is not None for v in row[len(head) :]):
            raise PlannerError("intake_tables.too_many_cells", path=file, row=number, found=len(row), wanted=len(head))
        rows.append((row + [None] * len(head))[: len(head)])
    if not rows:
        raise PlannerError("intake_tables.empty", path=file)
    return _Table(file, head, rows, numbers, candidates[at])


def _roles(row: list[object]) -> dict[str, int]:
    names = [re.sub(r"[\s_]|[(（\[].*?[)）\]]", "", str(v)).casefold() if isinstance(v, str) else "" for v in row]
    roles: dict[str, int] = {}
    for role, known in _NAMES.items():
        at = next((names.index(n) for n in known if n in names), None)
        if at is not None:
            roles[role] = at
    return roles


def _distinct(row: list[object]) -> list[str]:
    """Column names, each once; a column without a name is called by its number."""
    names: list[str] = []
    for i, value in enumerate(row, start=1):
        name = str(value) if value is not None else f"#{i}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _from_wkt(table: _Table, cells: Cells, notes: list[Message]) -> Source:
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


def _eastings_first(table: _Table, pair: tuple[str, str], notes: list[Message]) -> Array:
    """``(n, 2)`` coordinates, x first; which column that is, the values say and the names must not contradict."""
    first, second = (_numbers(table, role) for role in pair)
    straight, swapped = _in_china(first, second), _in_china(second, first)
    names = [table.head[table.roles[role]] for role in pair]
    if not straight.all() and not swapped.all():
        # Which reading fits most rows tells which rows are wrong.
        wrong = int(np.flatnonzero(~(straight if straight.sum() >= swapped.sum() else swapped))[0])
        raise PlannerError(
            "intake_tables.outside",
            path=table.file,
            row=table.numbers[wrong],
            columns=names,
            x=first[wrong],
            y=second[wrong],
        )
    if swapped.all() and pair != ("x", "y"):
        raise PlannerError("intake_tables.swapped", path=table.file, row=table.numbers[0], columns=names)
    if pair == ("x", "y"):
        notes.append(
            Message.of("intake_tables.axes", east=names[int(swapped.all())], north=names[int(not swapped.all())])
        )
    return np.column_stack([second, first] if swapped.all() else [first, second])


def _in_china(east: Array, north: Array) -> Array:
    def within(values: Array, bounds: tuple[float, float]) -> Array:
        inside: Array = (values >= bounds[0]) & (values <= bounds[1])
        return inside

    degrees = within(east, _LON) & within(north, _LAT)
    metres = within(north, _NORTH) & (within(east, (1e5, 9e5)) | within(east, _EAST_WITH_ZONE))
    both: Array = degrees | metres
    return both


def _numbers(table: _Table, role: str) -> Array:
    values = table.column(role)
    found = np.full(len(values), math.nan)
    for i, value in enumerate(values):
        number = parse_angle(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            column, shown = table.head[table.roles[role]], "" if value is None else str(value)
            raise PlannerError(
                "intake_tables.no_coordinate", path=table.file, row=table.numbers[i], column=column, value=shown
            )
        found[i] = number
    return found


def _from_points(table: _Table, cells: Cells, points: Array, notes: list[Message]) -> Source:
    groups = _groups(table, points, notes)
    if all(len(rows) == 1 for rows in groups):
        shapes: list[Any] = list(shapely.points(points[[rows[0] for rows in groups]]))
    else:
        shapes = [_polygon(table, points, rows) for rows in groups]
    fields = _fields(table, groups, notes)
    keys = [table.rows[rows[0]][table.roles["group"]] if "group" in table.roles else None for rows in groups]
    ids = _ids(keys, [table.numbers[rows[0]] for rows in groups])
    return Source(cells.name, fields, object_array(shapes), None, None, cells.encoding, notes, ids)


def _groups(table: _Table, points: Array, notes: list[Message]) -> list[list[int]]:
    """Positions of the rows of each feature, in the file's order."""
    if "group" in table.roles:
        at, found, filled = table.roles["group"], dict[object, list[int]](), 0
        for i, row in enumerate(table.rows):
            if row[at] is None and i:  # cells merged downwards hold their value in the first row only
                row[at], filled = table.rows[i - 1][at], filled + 1
            found.setdefault(row[at], []).append(i)
        if filled:
            notes.append(Message.of("intake_tables.filled_down", column=table.head[at], count=filled))
        return list(found.values())
    if "point" not in table.roles:
        notes.append(Message.of("intake_tables.one_polygon"))
        return [list(range(len(table.rows)))]
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


def _polygon(table: _Table, points: Array, rows: list[int]) -> Any:
    rings = []
    for positions in _rings(table, points, rows):
        ring = points[positions]
        if len(np.unique(ring, axis=0)) < 3:
            number, key = table.numbers[positions[0]], table.rows[rows[0]][table.roles.get("group", 0)]
            raise PlannerError("intake_tables.short_ring", path=table.file, row=number, group=key, found=len(positions))
        rings.append(ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]))
    shells, holes_of = nest_rings(rings)
    parts = [shapely.Polygon(rings[s], [rings[h] for h in holes_of[s]]) for s in shells]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rings(table: _Table, points: Array, rows: list[int]) -> list[list[int]]:
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


def _fields(table: _Table, groups: list[list[int]], notes: list[Message]) -> dict[str, list[object]]:
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
