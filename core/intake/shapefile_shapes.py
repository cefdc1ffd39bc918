"""The shapes of a shapefile (.shp, .shx) read as arrays: no Python object for a vertex, a part or a record.

What the format leaves open (a hole outside every shell, rings that all turn the same way, multipatches,
records that contradict themselves) is left to GDAL, feature by feature, as all other formats are.
Format: ESRI Shapefile Technical Description, July 1998.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import Cancelled
from ..geometry.parallel import never
from ..plan.tables import Array
from ..store import vector
from ..store.shapes import from_lines
from .ring_nesting import nest_rings, runs
from .shapefile_parts import part_of

#: Kind of shape, which stands in the last digit of its number; the first is 1 for Z and 2 for M.
_NULL, _POINT, _LINE, _POLYGON, _POINTS = 0, 1, 3, 5, 8
_KINDS = [z_or_m + kind for z_or_m in (0, 10, 20) for kind in (_POINT, _LINE, _POLYGON, _POINTS)]
_FAMILIES = {_POINT: "Point", _POINTS: "Point", _LINE: "LineString", _POLYGON: "Polygon"}
_VERTEX = 16


@dataclass(frozen=True)
class _Lines:
    """Lines, rings or bundles of points of records: where each starts in the file, its vertices, and its record (ascending)."""

    at: Array
    count: Array
    owner: Array


def read_shapefile_shapes(
    shp: Path, fids: Array, cancelled: Callable[[], bool] = never
) -> tuple[Array, dict[int, str]]:
    """The shapes of these records (0 …), of a shapefile that `shapefile_parts.refuse_broken` lets pass.

    Returns
    -------
    geometry, damage
        ``(n,)`` multi-part 2D shapely geometries or None, and row → id of the text that says what was put
        right, as `vector.read_layer` gives them.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    shx = part_of(shp, ".shx")
    assert shx is not None
    content, index = shp.read_bytes(), shx.read_bytes()
    entries = np.frombuffer(index, ">u4", (len(index) - 100) // 8 * 2, 100).reshape(-1, 2)
    starts, sizes = 2 * entries[fids].astype(np.int64).T + [[8], [0]]
    there = sizes >= 4
    kinds = np.full(len(fids), -1)
    kinds[there] = _numbers(content, starts[there])
    geometry = np.full(len(fids), None, dtype=object)
    damage: dict[int, str] = {}
    left = ~np.isin(kinds, [_NULL, *_KINDS])
    for kind, family in _FAMILIES.items():
        if cancelled():
            raise Cancelled
        rows = np.flatnonzero(np.isin(kinds, (kind, kind + 10, kind + 20)))
        if not len(rows):
            continue
        lines, bad = _lines(content, starts[rows], sizes[rows], kind, kinds[rows] == kind + 10)
        built, broken, unclear = _built(content, family, lines, bad, cancelled)
        geometry[rows] = built
        damage.update((int(rows[row]), why) for row, why in broken.items())
        left[rows[unclear]] = True
    if left.any():
        rows = np.flatnonzero(left)
        geometry[rows], broken = vector.read_shapes(shp, shp.stem, fids[rows].tolist(), cancelled)
        damage.update((int(rows[row]), why) for row, why in broken.items())
    return geometry, dict(sorted(damage.items()))


def _built(
    content: bytes, family: str, lines: _Lines, bad: Array, cancelled: Callable[[], bool]
) -> tuple[Array, dict[int, str], Array]:
    """Geometries of one family, what had to be put right, and the rows (mask) that cannot be made out."""
    xy = _vertices(content, lines)
    part, unclear = np.arange(len(lines.at)), bad.copy()
    if family == "Polygon":
        part, of_doubt = nest_rings(xy, lines.count, lines.owner, len(bad), cancelled)
        unclear |= of_doubt
        order = np.argsort(2 * part + (part != np.arange(len(part))), kind="stable")
        if unclear.any() or (order[1:] < order[:-1]).any():
            order = order[~unclear[lines.owner[order]]]
            lines, part = _Lines(lines.at[order], lines.count[order], lines.owner[order]), part[order]
            xy = _vertices(content, lines)
    if cancelled():
        raise Cancelled
    geometry, damage = from_lines(family, xy, lines.count, lines.owner, part, len(bad))
    geometry[unclear] = None
    return geometry, damage, unclear


def _lines(content: bytes, starts: Array, sizes: Array, kind: int, has_z: Array) -> tuple[_Lines, Array]:
    """The lines of records of one kind, and which records (mask) say what cannot be; of those there are none."""
    records = np.arange(len(starts))
    if kind == _POINT:
        bad = sizes < np.where(has_z, 28, 20)
        records = records[~bad]
        return _Lines(starts[records] + 4, np.ones(len(records), np.int64), records), bad
    bad = sizes < (40 if kind == _POINTS else 44)
    counts, parts = np.zeros_like(sizes), np.zeros_like(sizes)
    if kind == _POINTS:
        counts[~bad] = _numbers(content, starts[~bad] + 36)
    else:
        parts[~bad], counts[~bad] = _numbers(content, starts[~bad] + 36), _numbers(content, starts[~bad] + 40)
        bad |= parts < 1
    heads = (40 if kind == _POINTS else 44) + 4 * parts
    bad |= (counts < 1) | (sizes < heads + _VERTEX * counts + np.where(has_z, 16 + 8 * counts, 0))
    records = records[~bad]
    first = starts[records] + heads[records]
    if kind == _POINTS:
        return _Lines(first, counts[records], records), bad
    owner = np.repeat(records, parts[records])
    begins = _numbers(content, runs(starts[records] + 44, parts[records], 4)).astype(np.int64)
    is_first = np.r_[True, owner[1:] != owner[:-1]][: len(owner)]
    ends = np.where(np.r_[is_first[1:], True][: len(owner)], counts[owner], np.r_[begins[1:], 0][: len(owner)])
    wrong = (ends <= begins) | (begins < 0) | (is_first & (begins != 0))
    bad[owner[wrong]] = True
    fine = ~bad[owner]
    at = np.repeat(first, parts[records]) + _VERTEX * begins
    return _Lines(at[fine], (ends - begins)[fine], owner[fine]), bad


def _vertices(content: bytes, lines: _Lines) -> Array:
    """``(v, 2)`` coordinates of lines, one after the other."""
    at = runs(lines.at, lines.count, _VERTEX)
    pairs: Array = np.ndarray((len(content) - _VERTEX + 1,), "<c16", content, strides=(1,))[at]  # a pair of doubles
    return pairs.view("<f8").reshape(-1, 2)


def _numbers(content: bytes, at: Array) -> Array:
    """The whole numbers of four bytes that start at these bytes."""
    found: Array = np.ndarray((len(content) - 3,), "<i4", content, strides=(1,))[at]
    return found
