"""A file with a table of projects as a grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..errors import PlannerError
from ..intake.asking import Choice, ChoiceNeeded
from ..intake.table_cells import read_cells
from ..intake.text_files import read_text
from .grid import TableGrid, make_grid
from .pasted import grid_of_pasted
from .xlsx import read_sheet, sheet_names

ENDINGS = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
_EXCEL = (".xlsx", ".xlsm")


def sheets_of(path: Path) -> list[str]:
    """Names of a workbook's sheets; none for a text file."""
    return sheet_names(path) if path.suffix.lower() in _EXCEL else []


def read_table_file(path: Path, sheet: str | None = None, encoding: str | None = None) -> TableGrid:
    """The table of an XLSX, CSV or TSV file.

    Raises
    ------
    ChoiceNeeded
        If the workbook has several sheets and none is named.
    PlannerError
        If the file cannot be read, or is of another kind.
    """
    ending = path.suffix.lower()
    if ending in _EXCEL:
        sheets = sheet_names(path)
        if sheet is None and len(sheets) > 1:
            choices = [Choice(name, name) for name in sheets]
            raise ChoiceNeeded("layer", choices, "intake_tables.which_sheet", path=path.name, sheets=sheets)
        return read_sheet(path, sheet)
    if ending not in ENDINGS and ending not in (".xls", ".et"):
        raise PlannerError("project_table.other_kind", path=path.name, endings=list(ENDINGS))
    if ending == ".txt":
        content, _, notes = read_text(path, encoding)
        pasted = grid_of_pasted(content)
        return replace(pasted, name=path.stem, notes=[*notes, *pasted.notes])
    cells = read_cells(path, encoding=encoding)  # says of .xls and .et what to do
    rows = [["" if value is None else str(value) for value in row] for row in cells.rows]
    return make_grid(path.stem, rows, cells.numbers, None, cells.notes)
