"""A table as CSV that Excel opens with a double click: UTF-8 with a byte order mark, one line of head.

A merged text is repeated in every row that it covers, so that rows can be sorted and filtered; a merged number stands
only in the first, so that a column can be added up.  Title and notes are left out.
"""

from __future__ import annotations

import csv
import io

from ..report.as_csv import safe_cell
from .grid import Cell, Line, Sheet


def to_csv(sheet: Sheet) -> bytes:
    """The table as bytes, ready to be written to a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    head = _spread(sheet.head)
    writer.writerow(
        [
            safe_cell(" ".join(dict.fromkeys(c.shown for c in captions if c is not None and c.shown)))
            for captions in zip(*head)
        ]
    )
    for row, line in enumerate(_spread(sheet.body)):
        writer.writerow([_written(cell, sheet.body[row][column]) for column, cell in enumerate(line)])
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell | None, own: Cell | None) -> str:
    if cell is None or (cell.is_number and own is None):
        return ""
    # a number is no formula, also with a minus before it
    return cell.shown if cell.is_number and not cell.before else safe_cell(cell.shown)


def _spread(lines: tuple[Line, ...]) -> list[list[Cell | None]]:
    """The lines with every merged cell in all its places."""
    spread: list[list[Cell | None]] = [list(line) for line in lines]
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if cell is not None:
                for r in range(row, row + cell.rows):
                    for c in range(column, column + cell.columns):
                        spread[r][c] = cell
    return spread
