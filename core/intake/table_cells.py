"""Tables of a text file or a spreadsheet as rows of cells, each with its number in the file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import PlannerError
from ..store import vector
from ..texts import Message
from .asking import Choice, ChoiceNeeded
from .text_files import read_text

DELIMITERS = ",\t;"
#: A spreadsheet that unpacks to more is no table of coordinates.
_MOST_BYTES = 1 << 30
_MOST_CELL = 1 << 26  # a polygon as WKT is one long cell


@dataclass(frozen=True)
class Cells:
    """Rows of cells (str, int, float, bool or None) as they stand, the head among them; ``numbers`` as in the file."""

    name: str
    rows: list[list[object]]
    numbers: list[int]
    encoding: str
    notes: list[Message]


def read_cells(path: Path, layer: str | None = None, encoding: str | None = None) -> Cells:
    """The rows of a CSV, TSV or other separated text file, or of one sheet of an XLSX file; empty rows left out.

    Parameters
    ----------
    layer
        The sheet, where a spreadsheet has several.
    encoding
        Encoding of a text file; weighed from its bytes where None.
    """
    if path.suffix.lower() in (".xls", ".et"):
        raise PlannerError("intake_tables.old_spreadsheet", path=path.name, ending=path.suffix.lower())
    cells = _spreadsheet(path, layer) if path.suffix.lower() == ".xlsx" else _separated(path, encoding)
    kept = [i for i, row in enumerate(cells.rows) if any(v is not None for v in row)]
    if not kept:
        raise PlannerError("intake_tables.empty", path=path.name)
    return Cells(
        cells.name, [cells.rows[i] for i in kept], [cells.numbers[i] for i in kept], cells.encoding, cells.notes
    )


def _separated(path: Path, encoding: str | None) -> Cells:
    content, used, notes = read_text(path, encoding)
    # Commas within quotes or within the brackets of a WKT separate nothing.
    start = re.sub(r'"[^"]*"?|\([^()]*\)', "", content[: 1 << 16])
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(DELIMITERS, key=start.count)
    csv.field_size_limit(_MOST_CELL)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    rows: list[list[object]] = []
    numbers: list[int] = []
    try:
        for row in reader:
            rows.append([value.strip() or None for value in row])
            numbers.append(reader.line_num)
    except csv.Error as error:
        raise PlannerError("intake_tables.bad_row", path=path.name, row=reader.line_num, reason=error) from error
    return Cells(path.stem, rows, numbers, used, notes)


def _spreadsheet(path: Path, layer: str | None) -> Cells:
    size = unpacked_size(path)
    if size > _MOST_BYTES:
        raise PlannerError("intake_tables.too_big", path=path.name, size=size / 1e6)
    sheets = [info.name for info in vector.list_layers(path)]
    if layer is None and len(sheets) != 1 or layer is not None and layer not in sheets:
        choices = [Choice(name, name) for name in sheets]
        raise ChoiceNeeded("layer", choices, "intake_tables.which_sheet", path=path.name, sheets=sheets)
    data = vector.read_layer(path, layer or sheets[0])
    numbers = [int(fid) for fid in data.fids]  # GDAL numbers features as the sheet's rows
    columns = list(data.columns)
    rows = [list(row) for row in zip(*(map(_plain, data.columns[c]) for c in columns))]
    if columns != [f"Field{i}" for i in range(1, len(columns) + 1)]:  # else GDAL found no head
        rows.insert(0, list(columns))
        numbers.insert(0, max(1, numbers[0] - 1) if numbers else 1)
    return Cells(layer or sheets[0], rows, numbers, "utf-8", [])


def unpacked_size(path: Path) -> int:
    """How many bytes an XLSX file unpacks to; PlannerError where it is none."""
    try:
        with zipfile.ZipFile(path) as parcel:
            return sum(entry.file_size for entry in parcel.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise PlannerError("intake_tables.no_spreadsheet", path=path.name) from error


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    return value if value is None or isinstance(value, (int, float, bool)) else str(value)
