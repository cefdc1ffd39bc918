"""How the tables are set, in workbooks and text documents alike: typefaces, paper, heights of rows."""

from __future__ import annotations

import math

from .grid import Sheet, text_width

#: Typefaces of official documents: 黑体 for titles and heads, 宋体 for texts.  A system without them shows its own.
HEAD_FACE = "黑体"
TEXT_FACE = "宋体"
#: Latin letters and figures in text documents, where a typeface for them can be named beside the Chinese one.
LATIN_HEAD_FACE = "Arial"
LATIN_TEXT_FACE = "Times New Roman"
INK = "#000000"
HEAD_FILL = "#F2F2F2"
RULE = "#595959"

#: Width and height of the paper in landscape, and the margin, in centimetres.
PAPER = {"A4": (29.7, 21.0), "A3": (42.0, 29.7)}
MARGIN = 1.5
#: A cell over more rows than these may be cut by the end of a page: its text stands at the top, where it is seen.
LONG_SPAN = 12
#: Lost of a column's width to the margins in its cells, in Chinese characters.
_PADDING = 0.7


def line_count(text: str, width: float) -> int:
    """How many lines a text takes in a column of a width in Chinese characters."""
    room = max(1.0, width - _PADDING)
    return sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n"))


def row_lines(sheet: Sheet) -> list[float]:
    """The lines of text that every row of head and body must have room for.

    Rows under a merged cell share what it needs more than they have.
    """
    lines = [*sheet.head, *sheet.body]
    needed = [1.0] * len(lines)
    merged: list[tuple[int, int, int]] = []
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if cell is None:
                continue
            width = sum(c.width for c in sheet.columns[column : column + cell.columns])
            count = line_count(cell.shown, width)
            if cell.rows == 1:
                needed[row] = max(needed[row], count)
            else:
                merged.append((row, cell.rows, count))
    for row, rows, count in sorted(merged, key=lambda m: m[1]):
        lacking = count - sum(needed[row : row + rows])
        if lacking > 0:
            for covered in range(row, row + rows):
                needed[covered] += lacking / rows
    return needed
