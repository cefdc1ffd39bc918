"""Whether the parts of a shapefile are all there and hold what their headers claim."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import PlannerError

_CODE = 9994
#: A shape of type, bounds and no parts; a null shape is shorter still.
_EMPTY_SHAPE_WORDS = 22


def part_of(shp: Path, ending: str) -> Path | None:
    """The file beside a .shp with another ending, however it is capitalised; None where there is none."""
    stem = shp.stem.casefold()
    return next(
        (p for p in shp.parent.iterdir() if p.suffix.lower() == ending and p.stem.casefold() == stem and p.is_file()),
        None,
    )


def refuse_broken(shp: Path) -> None:
    """Say in one sentence what is wrong with a shapefile before any library tries to make sense of it.

    Raises
    ------
    PlannerError
        If .shx or .dbf is missing, a file is shorter than its header claims, the parts contradict each other, or
        several rows have the same shape.
    """
    shx, dbf = part_of(shp, ".shx"), part_of(shp, ".dbf")
    missing = [ending for ending, part in ((".shx", shx), (".dbf", dbf)) if part is None]
    if shx is None or dbf is None:
        raise PlannerError("intake.part_missing", path=shp.name, parts=missing)
    for part in (shp, shx):
        _refuse_short(part)
    shapes = _refuse_wild_index(shp, shx)
    with dbf.open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise PlannerError("intake.part_short", path=dbf.name, size=len(header), claimed=32)
    rows, size, width = struct.unpack("<IHH", header[4:12])
    if size < 33 or width < 1 or dbf.stat().st_size < size + rows * width:
        raise PlannerError("intake.part_short", path=dbf.name, size=dbf.stat().st_size, claimed=size + rows * width)
    if rows != shapes:
        raise PlannerError("intake.parts_differ", path=shp.name, shapes=shapes, rows=rows)


def refuse_damaged_shapes(shp: Path, unread: Sequence[int]) -> None:
    """Of the shapes (0 … n-1) that a library read as nothing, those that say they are something are damaged.

    Raises
    ------
    PlannerError
        If there is any; names the first ones.
    """
    shx = part_of(shp, ".shx")
    if shx is None or not len(unread):
        return
    entries = np.frombuffer(shx.read_bytes()[100:], dtype=">u4")
    damaged = []
    with shp.open("rb") as file:
        for row in unread:
            offset, words = int(entries[2 * row]), int(entries[2 * row + 1])
            file.seek(2 * offset + 8)
            if words > _EMPTY_SHAPE_WORDS and file.read(4) != bytes(4):
                damaged.append(row)
    if damaged:
        raise PlannerError("intake.shapes_damaged", path=shp.name, count=len(damaged), rows=damaged[:5])


def has_heights(shp: Path) -> bool:
    """Whether the shapes carry Z or M values."""
    with shp.open("rb") as file:
        return int(struct.unpack("<i", file.read(36)[32:36])[0]) > 10


def _refuse_short(part: Path) -> None:
    size = part.stat().st_size
    with part.open("rb") as file:
        header = file.read(100)
    if len(header) < 100:
        raise PlannerError("intake.part_short", path=part.name, size=size, claimed=100)
    if struct.unpack(">i", header[:4])[0] != _CODE:
        raise PlannerError("intake.no_shapefile", path=part.name)
    claimed = 2 * struct.unpack(">I", header[24:28])[0]
    if size < claimed:
        raise PlannerError("intake.part_short", path=part.name, size=size, claimed=claimed)


def _refuse_wild_index(shp: Path, shx: Path) -> int:
    """Number of shapes; each must lie within the .shp."""
    with shx.open("rb") as file:
        entries = np.frombuffer(file.read()[100:][: (shx.stat().st_size - 100) // 8 * 8], dtype=">u4").reshape(-1, 2)
    offsets, counts = np.unique(entries[entries[:, 1] > 0, 0], return_counts=True)
    if (counts > 1).any():
        repeated = np.flatnonzero(np.isin(entries[:, 0], offsets[counts > 1]) & (entries[:, 1] > 0))
        raise PlannerError("intake.index_repeats", path=shx.name, rows=repeated[:5].tolist(), shapes=len(entries))
    ends = entries.astype(np.int64).sum(axis=1) * 2 + 8
    if len(ends) and int(ends.max()) > shp.stat().st_size:
        raise PlannerError("intake.part_short", path=shp.name, size=shp.stat().st_size, claimed=int(ends.max()))
    return len(entries)
