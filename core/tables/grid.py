"""A table as it is printed: cells in rows and columns, some of them merged.  All writers and tests share it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional, Union

Value = Union[str, float, None]

#: What XML, and so neither a workbook nor a text document, can hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Cell:
    """One cell, perhaps over several rows and columns.

    Attributes
    ----------
    value
        Text, or a number that spreadsheets can go on reckoning with.
    rows, columns
        How many it covers; what it covers besides its own place is None in the grid.
    decimals
        Digits after the point of a number; None = as many as it needs, four at most.
    before, after
        Printed around a number: ``≥[`` and ``]``.
    """

    value: Value = None
    rows: int = 1
    columns: int = 1
    decimals: int | None = None
    before: str = ""
    after: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is right-aligned and may be added up."""
        return isinstance(self.value, (int, float))

    @property
    def shown(self) -> str:
        """What is printed."""
        if self.value is None or isinstance(self.value, str):
            return self.value or ""
        return f"{self.before}{number_text(self.value, self.decimals)}{self.after}"


#: One row of the grid; None where a merged cell from above or from the left lies.
Line = tuple[Optional[Cell], ...]


@dataclass(frozen=True)
class Column:
    """How a column is set: its width in Chinese characters, and how its texts are aligned."""

    width: float
    align: str = "left"


@dataclass(frozen=True)
class Sheet:
    """One table, printable.

    Attributes
    ----------
    name
        Short: the sheet's tab, and the end of a CSV file's name; unique in its file.
    title
        Printed above it.
    columns
        As many as every line has cells.
    head, body
        The lines; those of the head are repeated on every page.
    notes
        Printed below it.
    sums
        Which lines of the body are sums.
    paper
        ``A4`` or ``A3``; always landscape.
    remarks
        What the planner should know about it; not printed.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    head: tuple[Line, ...]
    body: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    sums: tuple[int, ...] = ()
    paper: str = "A4"
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFile:
    """What goes into one file: a numbered table and the sheets that belong to it."""

    stem: str
    sheets: tuple[Sheet, ...]


@dataclass
class Grid:
    """Cells put where they belong; what stays free becomes empty cells."""

    width: int
    _cells: dict[tuple[int, int], Cell | None] = field(default_factory=dict)

    def put(self, row: int, column: int, cell: Cell | Value) -> None:
        """Put a cell; ValueError where another one lies or where it would leave the table."""
        placed = cell if isinstance(cell, Cell) else Cell(cell)
        if isinstance(placed.value, str):
            placed = Cell(clean_text(placed.value), placed.rows, placed.columns)
        places = [(row + r, column + c) for r in range(placed.rows) for c in range(placed.columns)]
        if column + placed.columns > self.width or any(place in self._cells for place in places):
            raise ValueError(f"no place for {placed} at {row}, {column}")
        self._cells.update(dict.fromkeys(places))
        self._cells[row, column] = placed

    def lines(self) -> tuple[Line, ...]:
        """The rows put so far."""
        height = 1 + max((row for row, _ in self._cells), default=-1)
        return tuple(
            tuple(self._cells.get((row, column), Cell()) for column in range(self.width)) for row in range(height)
        )


def two_line_head(captions: Sequence[tuple[str, Sequence[str]]]) -> tuple[Line, ...]:
    """A head of captions, some with captions below them; one line where none has.

    Parameters
    ----------
    captions
        Caption and the captions below it, none for a column of its own.
    """
    grid = Grid(sum(len(below) or 1 for _, below in captions))
    deep = 2 if any(below for _, below in captions) else 1
    column = 0
    for caption, below in captions:
        grid.put(0, column, Cell(caption, 1 if below else deep, len(below) or 1))
        for offset, lower in enumerate(below):
            grid.put(1, column + offset, lower)
        column += len(below) or 1
    return grid.lines()


def number_text(value: float, decimals: int | None = None) -> str:
    """A number as plans print it: no thousands separators, no exponent.

    >>> number_text(3407.9), number_text(1222.6, 2)
    ('3407.9', '1222.60')
    """
    if not math.isfinite(value):
        return ""
    return f"{value:.{needed_decimals([value]) if decimals is None else decimals}f}"


def needed_decimals(values: Sequence[float | None], most: int = 4) -> int:
    """The digits after the point that print all the values in full, `most` at most.

    >>> needed_decimals([0.6, 0.29, 2.0])
    2
    """
    known = [v for v in values if v is not None and math.isfinite(v)]
    return next((d for d in range(most) if all(abs(round(v, d) - v) < 1e-9 * max(1, abs(v)) for v in known)), most)


def clean_text(text: str) -> str:
    """Text that XML can hold, without the spaces around it."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text_width(text: str) -> float:
    """About how wide a line of text is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)
