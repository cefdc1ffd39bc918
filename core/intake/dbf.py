"""The table of a shapefile (.dbf) as columns: texts as the bytes they are, everything else as values.

Field types and nulls follow GDAL, which all other formats are read with; a number or date that is none is
null here, where GDAL takes what it begins with, or 0.
Format: dBase III+ (ESRI Shapefile Technical Description, July 1998, p. 25).
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from ..plan.tables import Array

_DELETED = ord("*")
_END_OF_FIELDS = 0x0D
#: Numbers without decimals that are wider are real: they would not fit into 64 bits.
_WIDEST_INTEGER = 18
_LOOKED_AT = 1 << 22

_PLAIN_INTEGER, _PLAIN_REAL = (
    np.isin(np.arange(256), list(allowed)) for allowed in (b" +-0123456789", b" +-.eE0123456789")
)
_INTEGER = re.compile(rb"\s*([+-]?\d+)\s*")
_REAL = re.compile(rb"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")
_NO_NUMBER = re.compile(rb"\s*([+-]?)(?:(1\.#qnan|1\.#snan|1\.#ind|nan)|(1\.#inf|inf))\d*\s*", re.IGNORECASE)
#: What a number or date may hold that is meant to be null: nothing but blanks, or in a date zeros.
_BLANK, _NO_DATE = re.compile(rb"\s*"), re.compile(rb"[\s0/-]*")


@dataclass(frozen=True)
class DbfField:
    """A field: its name as bytes, dBase's letter for its type, and where in a record it stands."""

    name: bytes
    type: str
    start: int
    width: int
    decimals: int

    @property
    def is_text(self) -> bool:
        """Whether its values are given as bytes."""
        return self.type not in "NFD"


@dataclass(frozen=True)
class Dbf:
    """A table in memory.

    Attributes
    ----------
    language_byte
        What the header says about the encoding.
    records
        ``(n, width)`` uint8, deleted rows included.
    """

    language_byte: int
    fields: tuple[DbfField, ...]
    records: Array

    def rows(self) -> Array:
        """``(k,)`` numbers (from 0) of the records that are not deleted."""
        return np.flatnonzero(self.records[:, 0] != _DELETED)

    def column(self, field: DbfField, rows: Array) -> list[object]:
        """A field's values in these records: bytes, int, float, date as ``YYYY-MM-DD``, or None."""
        cells = _cells(self.records, field) if len(rows) == len(self.records) else _cells(self.records[rows], field)
        if not cells.shape[1]:
            return [None] * len(rows)
        if field.is_text:
            return _each_distinct(cells, lambda text: text or None)
        if field.type == "D":
            return _each_distinct(cells, _date)
        return _numbers(cells, field.decimals == 0 and field.width <= _WIDEST_INTEGER)

    def misfits(self, field: DbfField, rows: Array, values: Sequence[object]) -> dict[str, int]:
        """What stands in these records where a number or date should, but is none → how often.

        Parameters
        ----------
        values
            What `column` made of them: null.  Cells full of asterisks are numbers too wide for their field.
        """
        null = [row for row, value in zip(rows.tolist(), values) if value is None]
        if field.is_text or not null or not field.width:
            return {}
        meant = _NO_DATE if field.type == "D" else _BLANK
        counts = Counter(_texts(_cells(self.records[null], field)))
        return {
            _stripped(cell).decode("ascii", errors="backslashreplace"): count
            for cell, count in counts.items()
            if not meant.fullmatch(cell)
        }

    def distinct_texts(self) -> list[bytes]:
        """The distinct texts of the first 4 MB that are not ASCII."""
        first = self.records[: _LOOKED_AT // max(self.records.shape[1], 1) + 1]
        found: dict[bytes, None] = {}
        for field in self.fields:
            if field.type == "C":
                cells = _cells(first, field)
                if cells.shape[1]:
                    found.update(dict.fromkeys(_texts(cells[(cells > 0x7F).any(axis=1)])))
        return list(dict.fromkeys(text for text in map(_stripped, found) if not text.isascii()))


def read_dbf(path: Path) -> Dbf:
    """Read a .dbf that `shapefile_parts.refuse_broken` found to be as long as it claims."""
    content = path.read_bytes()
    count, size, width = struct.unpack("<IHH", content[4:12])
    fields, start = [], 1
    for at in range(32, size - 31, 32):
        described = content[at : at + 32]
        if described[0] == _END_OF_FIELDS:
            break
        name, kind = described[:11].rstrip(b" ").split(b"\0")[0], chr(described[11])
        fields.append(DbfField(name, kind, start, described[16], described[17] if kind in "NF" else 0))
        start += described[16]
    records = np.frombuffer(content, np.uint8, count * width, size).reshape(count, width)
    return Dbf(content[29], tuple(fields), records)


def _cells(records: Array, field: DbfField) -> Array:
    """``(n, width)`` bytes of a field; a NUL ends a value."""
    cells = np.ascontiguousarray(records[:, field.start : field.start + field.width])
    return cells if cells.all() else np.where(np.logical_and.accumulate(cells != 0, axis=1), cells, 0).astype(np.uint8)


def _texts(cells: Array) -> list[bytes]:
    found: list[bytes] = np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel().tolist()
    return found


def _stripped(text: bytes) -> bytes:
    return text.strip(b" ")


def _each_distinct(cells: Array, read: Callable[[bytes], object]) -> list[object]:
    texts = _texts(cells)
    known = {text: read(_stripped(text)) for text in set(texts)}
    return [known[text] for text in texts]


def _numbers(cells: Array, whole: bool) -> list[object]:
    """Numbers; blank ones and those that begin with an asterisk are null."""
    blank = (cells == ord(" ")) | (cells == 0)
    first = np.argmin(blank, axis=1)
    null = blank.all(axis=1) | (cells[np.arange(len(cells)), first] == ord("*"))
    there = cells[~null]
    spaced = np.where(there == 0, np.uint8(ord(" ")), there)
    found: list[object] | None = None
    if (_PLAIN_INTEGER if whole else _PLAIN_REAL)[spaced].all():
        try:
            found = spaced.view(f"S{spaced.shape[1]}").ravel().astype(np.int64 if whole else np.float64).tolist()
        except ValueError:  # “-”, “1 2” and the like
            found = None
    if found is None:
        found = _each_distinct(there, _whole_number if whole else _real_number)
    if not null.any():
        return found
    values: list[object] = [None] * len(cells)
    for row, value in zip(np.flatnonzero(~null).tolist(), found):
        values[row] = value
    return values


def _whole_number(text: bytes) -> int | float | None:
    """A number, whole if it is written so; None where a text is none."""
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _REAL.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def _real_number(text: bytes) -> float | None:
    """A number, or None; the names that programs write for what is no number are understood."""
    odd = _NO_NUMBER.fullmatch(text)
    if odd:
        return math.nan if odd[2] else -math.inf if odd[1] == b"-" else math.inf
    return float(text) if _REAL.fullmatch(text) else None


def _leading_integer(text: bytes) -> int:
    """The whole number that a text begins with, or 0."""
    match = _INTEGER.match(text)
    return int(match[1]) if match else 0


def _date(text: bytes) -> str | None:
    """``YYYYMMDD`` or ``MM/DD/YYYY`` as ``YYYY-MM-DD``; None for what is no date."""
    if len(text) >= 10 and text[2:3] == text[5:6] == b"/":
        month, day, year = (_leading_integer(part) for part in (text[:2], text[3:5], text[6:]))
    else:
        number = _leading_integer(text)
        year, month, day = number // 10000, number // 100 % 100, number % 100
    try:
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return None
