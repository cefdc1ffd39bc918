"""Sheets of an XLSX file with their merged cells, each cell as Excel shows it.

GDAL reads values alone; here it matters which cells are merged, and that 1.10 is shown for the number 1.1.
Read in a stream by expat; what declares a document type (entities) is refused, and what unpacks to too much.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from ..errors import PlannerError
from ..intake.table_cells import unpacked_size
from ..texts import Message
from .grid import MOST_COLUMNS, MOST_ROWS, TableGrid, make_grid

_MOST_BYTES = 200 << 20
_CHUNK = 1 << 16
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_FIXED = re.compile(r"0(?:\.(0+))?(?:_.|\s)*(%?)(?:;.*)?")
#: Number formats that Excel knows by number alone: fixed ones, and those of dates
_BUILT_IN = {1: "0", 2: "0.00", 9: "0%", 10: "0.00%"}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}

Attributes = dict[str, str]


def sheet_names(path: Path) -> list[str]:
    """Names of a file's sheets that are not hidden."""
    return [name for name, _ in _sheets(_opened(path))]


def read_sheet(path: Path, name: str | None = None) -> TableGrid:
    """One sheet, the first where none is named.

    Raises
    ------
    PlannerError
        If the file is no XLSX, is damaged or unsafe, has no such sheet, or nothing in it.
    """
    parcel = _opened(path)
    with parcel:
        sheets = _sheets(parcel)
        target = dict(sheets).get(name) if name is not None else sheets[0][1] if sheets else None
        if target is None:
            raise PlannerError("project_table.no_such_sheet", path=path.name, sheet=name, sheets=[n for n, _ in sheets])
        sheet = _Sheet(_shared_texts(parcel), _number_formats(parcel))
        _parse(parcel, target, sheet.start, sheet.end, sheet.text)
    return sheet.grid(name or sheets[0][0])


def _opened(path: Path) -> zipfile.ZipFile:
    size = unpacked_size(path)
    if size > _MOST_BYTES:
        raise PlannerError("project_table.too_big", path=path.name, size=size / 1e6)
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise PlannerError("intake_tables.no_spreadsheet", path=path.name) from error


def _parse(
    parcel: zipfile.ZipFile,
    member: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """One part of the file through handlers; names of elements come without their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise PlannerError("project_table.unsafe", path=Path(str(parcel.filename)).name)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, found: start(_own(tag), {_own(k): v for k, v in found.items()})
    if end is not None:
        parser.EndElementHandler = lambda tag: end(_own(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        with parcel.open(member) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (
        KeyError,
        expat.ExpatError,
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ) as error:
        # RuntimeError: a part behind a password; NotImplementedError: a way of packing that Python has not
        raise PlannerError("intake_tables.no_spreadsheet", path=Path(str(parcel.filename)).name) from error


def _own(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _sheets(parcel: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and part of every sheet that is not hidden."""
    named: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, found: Attributes) -> None:
        if tag == "sheet" and found.get("state") not in ("hidden", "veryHidden"):
            named.append((found.get("name", ""), found.get("id", "")))

    def relation(tag: str, found: Attributes) -> None:
        if tag == "Relationship" and found.get("Type", "").endswith("/worksheet"):
            target = found.get("Target", "")
            targets[found.get("Id", "")] = target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))

    _parse(parcel, "xl/workbook.xml", sheet)
    _parse(parcel, "xl/_rels/workbook.xml.rels", relation)
    return [(name, targets[key]) for name, key in named if key in targets]


def _shared_texts(parcel: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in parcel.namelist():
        return []
    texts: list[str] = []
    reading = _Reading()

    def start(tag: str, _: Attributes) -> None:
        if tag == "si":
            texts.append("")
        reading.start(tag)

    def text(data: str) -> None:
        if reading.of_text and texts:
            texts[-1] += data

    _parse(parcel, "xl/sharedStrings.xml", start, reading.end, text)
    return texts


class _Reading:
    """Whether a text's characters are being read, and not those of its pronunciation."""

    def __init__(self) -> None:
        self.of_text = False
        self._aside = 0

    def start(self, tag: str) -> None:
        self._aside += tag == "rPh"
        self.of_text = tag == "t" and not self._aside

    def end(self, tag: str) -> None:
        self._aside -= tag == "rPh"
        self.of_text = False


def _number_formats(parcel: zipfile.ZipFile) -> list[str]:
    """The number format of every cell style: ``date``, a fixed format, or empty."""
    if "xl/styles.xml" not in parcel.namelist():
        return []
    own: dict[int, str] = {}
    styles: list[int] = []
    within = [False]

    def start(tag: str, found: Attributes) -> None:
        if tag == "numFmt" and found.get("numFmtId", "").isdigit():
            own[int(found["numFmtId"])] = found.get("formatCode", "")
        elif tag == "cellXfs":
            within[0] = True
        elif tag == "xf" and within[0]:
            number = found.get("numFmtId", "0")
            styles.append(int(number) if number.isdigit() else 0)

    def end(tag: str) -> None:
        if tag == "cellXfs":
            within[0] = False

    _parse(parcel, "xl/styles.xml", start, end)
    return ["date" if n in _DATES or _is_date(own.get(n, "")) else own.get(n, _BUILT_IN.get(n, "")) for n in styles]


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.split(";")[0]).lower()
    return bool(re.search(r"[yd]", bare)) and "general" not in bare


class _Sheet:
    """Cells and merged cells of one sheet, as they come out of its part."""

    def __init__(self, shared: list[str], formats: list[str]) -> None:
        self._shared, self._formats = shared, formats
        self._cells: dict[tuple[int, int], str] = {}
        self._merged: dict[tuple[int, int], tuple[int, int]] = {}
        self._row, self._column = -1, -1
        self._kind, self._style, self._value = "n", 0, ""
        self._reading = _Reading()
        self._of_value = False
        self._dates = self._errors = 0

    def start(self, tag: str, found: Attributes) -> None:
        if tag == "row":
            number = found.get("r", "")
            self._row, self._column = (int(number) - 1 if number.isdigit() else self._row + 1), -1
        elif tag == "c":
            place = _place(found.get("r", ""))
            self._row, self._column = place if place is not None else (self._row, self._column + 1)
            style = found.get("s", "0")
            self._kind, self._style, self._value = found.get("t", "n"), int(style) if style.isdigit() else 0, ""
        elif tag == "mergeCell":
            first, _, last = found.get("ref", "").partition(":")
            one, other = _place(first), _place(last or first)
            if one is not None and other is not None and one[0] < MOST_ROWS and one[1] < MOST_COLUMNS:
                self._merged[one] = (
                    min(other[0] - one[0] + 1, MOST_ROWS),
                    min(other[1] - one[1] + 1, MOST_COLUMNS),
                )
        self._of_value = tag == "v"
        self._reading.start(tag)

    def text(self, data: str) -> None:
        if self._of_value or (self._kind == "inlineStr" and self._reading.of_text):
            self._value += data

    def end(self, tag: str) -> None:
        self._of_value = False
        self._reading.end(tag)
        if tag == "c" and self._value:
            if self._row < MOST_ROWS + 1 and self._column < MOST_COLUMNS + 1:
                self._cells[self._row, self._column] = self._shown()
            self._value = ""

    def _shown(self) -> str:
        value, kind = self._value, self._kind
        if kind == "s":
            return self._shared[int(value)] if value.isdigit() and int(value) < len(self._shared) else ""
        if kind in ("str", "inlineStr"):
            return value
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind == "e":
            self._errors += 1
            return ""
        shown, is_date = _number(value, self._formats[self._style] if self._style < len(self._formats) else "")
        self._dates += is_date
        return shown

    def grid(self, name: str) -> TableGrid:
        """What was read, row by row as the sheet numbers them."""
        high = 1 + max((row for row, _ in self._cells), default=-1)
        wide = 1 + max((column for _, column in self._cells), default=-1)
        rows = [[self._cells.get((row, column), "") for column in range(wide)] for row in range(high)]
        notes = []
        if self._dates:
            notes.append(Message.of("project_table.date_cells", count=self._dates))
        if self._errors:
            notes.append(Message.of("project_table.error_cells", count=self._errors))
        return make_grid(name, rows, None, self._merged, notes)


def _place(written: str) -> tuple[int, int] | None:
    found = _PLACE.fullmatch(written)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _number(value: str, code: str) -> tuple[str, bool]:
    """A number as its format shows it, and whether it is a date."""
    try:
        number = float(value)
    except ValueError:
        return value, False
    if code == "date" and 1 <= number < 2_958_466:
        return (datetime(1899, 12, 30) + timedelta(days=number)).strftime("%Y-%m-%d"), True
    fixed = _FIXED.fullmatch(code)
    if fixed:
        return f"{100 * number if fixed[2] else number:.{len(fixed[1] or '')}f}{fixed[2]}", False
    return (str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.12g}"), False
