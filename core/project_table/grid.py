"""A table as rows of cells, each as it is shown, with the cells that are merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import PlannerError
from ..texts import Message

#: A table of projects is no database.
MOST_ROWS, MOST_COLUMNS = 20_000, 256


@dataclass(frozen=True)
class TableGrid:
    """Rows of cells of equal width.

    Attributes
    ----------
    name
        The sheet's name, or the file's without its ending; empty for what was pasted.
    rows
        Cells as they are shown; empty text where there is nothing.
    numbers
        The rows' numbers in the file, or of the lines pasted.
    merged
        ``(row, column)`` of a merged cell's first cell → how many rows and columns it takes.
    knows_merges
        Whether the source says which cells are merged; text does not.
    notes
        What had to be decided while reading.
    """

    name: str
    rows: list[list[str]]
    numbers: list[int]
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    knows_merges: bool = False
    notes: list[Message] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def covers(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Every cell below a merged one → the merged one's first cell."""
        return {
            (row + r, column + c): (row, column)
            for (row, column), (high, wide) in self.merged.items()
            for r in range(high)
            for c in range(wide)
            if r or c
        }


def make_grid(
    name: str,
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int] | None = None,
    merged: Mapping[tuple[int, int], tuple[int, int]] | None = None,
    notes: Sequence[Message] = (),
    shown_as: str = "",
) -> TableGrid:
    """A grid without empty rows at its end and empty columns at its right.

    Raises
    ------
    PlannerError
        If there is nothing in it, or more than a table of projects holds.
    """
    shown = name or shown_as
    high = max((i + 1 for i, row in enumerate(rows) if any(cell.strip() for cell in row)), default=0)
    wide = max((i + 1 for row in rows for i, cell in enumerate(row) if cell.strip()), default=0)
    if not high:
        raise PlannerError("project_table.nothing_in_it", name=shown)
    if high > MOST_ROWS or wide > MOST_COLUMNS:
        raise PlannerError("project_table.too_large", name=shown, rows=high, columns=wide, most=MOST_ROWS)
    kept = [[*row, *[""] * wide][:wide] for row in rows[:high]]
    spans = {
        (row, column): (min(rows_, high - row), min(columns, wide - column))
        for (row, column), (rows_, columns) in (merged or {}).items()
        if row < high and column < wide
    }
    return TableGrid(
        name,
        kept,
        list(numbers[:high]) if numbers is not None else list(range(1, high + 1)),
        {place: span for place, span in spans.items() if span != (1, 1)},
        merged is not None,
        list(notes),
    )
