"""What was copied out of a sheet, a document or a web page, as a grid: HTML where it says which cells are merged, else text."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

from ..texts import text as words
from .grid import MOST_COLUMNS, MOST_ROWS, TableGrid, make_grid


def grid_of_pasted(text: str, html: str = "") -> TableGrid:
    """The grid of pasted text; of the largest table in its HTML where there is one.

    Raises
    ------
    PlannerError
        If there is nothing in it, or too much.
    """
    name = words("project_table.pasted")
    if "<table" in html.lower():
        reader = _Tables()
        reader.feed(html)
        reader.close()
        found = [table for table in reader.tables if table.rows and any(map(any, table.rows))]
        if found:
            table = max(found, key=lambda t: sum(bool(cell) for row in t.rows for cell in row))
            return make_grid("", table.rows, None, table.merged, shown_as=name)
    return make_grid("", _rows(text), shown_as=name)


def _rows(text: str) -> list[list[str]]:
    """Cells between tabs, as sheets copy them; between commas where every line has as many; else a line is a cell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()]
    commas = {line.count(",") for line in lines}
    if "\t" in text:
        # A quote within a cell comes doubled; an odd one would swallow the lines that follow
        if text.count('"') % 2:
            return [line.split("\t") for line in text.split("\n")]
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    if len(lines) > 1 and len(commas) == 1 and max(commas) >= 2:
        return list(csv.reader(io.StringIO(text, newline="")))
    return [[line] for line in text.split("\n")]


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merged: dict[tuple[int, int], tuple[int, int]] = {}
        self.taken: set[tuple[int, int]] = set()


class _Tables(HTMLParser):
    """The tables of an HTML text, its markup only read, never shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._place = (0, 0)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "head"):
            self._silent += 1
        elif tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].rows.append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in ("br", "p", "div", "li") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head"):
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            # Line breaks in the markup itself mean nothing
            self._cell.append(" ".join(data.replace("\r", "\n").split("\n")))

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        table = self._open[-1]
        if not table.rows:
            table.rows.append([])
        row, column = len(table.rows) - 1, 0
        while (row, column) in table.taken:
            column += 1
        high = _count(attributes.get("rowspan"), MOST_ROWS)
        wide = _count(attributes.get("colspan"), MOST_COLUMNS)
        table.taken |= {(row + r, column + c) for r in range(min(high, MOST_ROWS)) for c in range(wide)}
        if (high, wide) != (1, 1):
            table.merged[row, column] = (high, wide)
        self._place, self._cell = (row, column), []

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        (row, column), table = self._place, self._open[-1]
        cells = table.rows[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = "".join(self._cell).strip()
        self._cell = None


def _count(written: str | None, most: int) -> int:
    return min(most, max(1, int(written))) if written and written.strip().isdigit() else 1
