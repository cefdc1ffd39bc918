"""Tables as an Excel workbook, ready to be printed (XlsxWriter)."""

from __future__ import annotations

import io
from typing import Any

from ..libraries import library
from ..texts import text
from .grid import Cell, Sheet, TableFile, needed_decimals
from .setting import HEAD_FACE, HEAD_FILL, INK, LONG_SPAN, MARGIN, RULE, TEXT_FACE, row_lines

#: Excel's numbers for paper sizes
_PAPER = {"A4": 9, "A3": 8}
#: Width of a Chinese character in Excel's unit, the width of a figure, at the size of the texts
_UNITS_PER_CHARACTER = 2.1
_POINTS_PER_LINE = 14.5
_POINTS_AROUND = 7
_MOST_POINTS = 400
_SIZE = 10.5
_TITLE_SIZE = 16
_CENTIMETRES_PER_INCH = 2.54


def to_xlsx(file: TableFile) -> bytes:
    """The workbook as bytes; one worksheet a table.

    Raises
    ------
    PlannerError
        If XlsxWriter is missing.
    """
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        # widths of columns are counted in figures of this font
        "default_format_properties": {"font_name": TEXT_FACE, "font_size": _SIZE},
    }
    workbook = library("xlsxwriter").Workbook(content, options)
    workbook.set_properties({"title": file.sheets[0].title})
    formats = _Formats(workbook)
    for sheet in file.sheets:
        _write(workbook.add_worksheet(sheet.name), sheet, formats)
    workbook.close()
    return content.getvalue()


def _write(page: Any, sheet: Sheet, formats: _Formats) -> None:
    last = len(sheet.columns) - 1
    for column, setting in enumerate(sheet.columns):
        page.set_column(column, column, setting.width * _UNITS_PER_CHARACTER)
    _merged(page, 0, 0, 1, last + 1, formats.of(look="title", align="center"), sheet.title)
    page.set_row(0, 34)
    for row, (line, lines) in enumerate(zip((*sheet.head, *sheet.body), row_lines(sheet)), 1):
        page.set_row(row, min(_MOST_POINTS, lines * _POINTS_PER_LINE + _POINTS_AROUND))
        in_head = row <= len(sheet.head)
        is_sum = row - 1 - len(sheet.head) in sheet.sums
        look = "head" if in_head else "total" if is_sum else "body"
        for column, cell in enumerate(line):
            if cell is not None:
                align = "centre" if in_head or cell.columns > 1 else sheet.columns[column].align
                at_top = cell.rows > LONG_SPAN
                style = formats.of(look, align.replace("centre", "center"), _number_format(cell), at_top)
                _merged(page, row, column, cell.rows, cell.columns, style, cell.value)
    first_note = 1 + len(sheet.head) + len(sheet.body)
    width = sum(column.width for column in sheet.columns)
    for row, note in enumerate(sheet.notes, first_note):
        _merged(page, row, 0, 1, last + 1, formats.of(look="note", align="left"), note)
        page.set_row(row, _POINTS_PER_LINE * max(1, -(-len(note) // max(1, int(width) - 1))) + 3)
    _set_up_printing(page, sheet, last)


def _set_up_printing(page: Any, sheet: Sheet, last_column: int) -> None:
    page.set_paper(_PAPER[sheet.paper])
    page.set_landscape()
    margin = MARGIN / _CENTIMETRES_PER_INCH
    page.set_margins(margin, margin, margin, margin + 0.2)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, len(sheet.head))
    page.print_area(0, 0, len(sheet.head) + len(sheet.body) + len(sheet.notes), last_column)
    page.set_footer("&C" + f'&"{TEXT_FACE}"&9' + text("tables.page", page="&P ", pages="&N "))
    page.freeze_panes(1 + len(sheet.head), 0)
    page.hide_gridlines(2)


def _merged(page: Any, row: int, column: int, rows: int, columns: int, style: Any, value: object) -> None:
    if rows > 1 or columns > 1:
        page.merge_range(row, column, row + rows - 1, column + columns - 1, "", style)
    # never interpreted: a text that begins with = stays text
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, str):
        page.write_string(row, column, value[:32767], style)
    else:
        page.write_number(row, column, value, style)


def _number_format(cell: Cell) -> str | None:
    if not isinstance(cell.value, (int, float)):
        return None
    decimals = needed_decimals([cell.value]) if cell.decimals is None else cell.decimals
    digits = "0." + "0" * decimals if decimals else "0"
    before, after = (f'"{part}"' if part else "" for part in (cell.before, cell.after))
    return f"{before}{digits}{after}"


class _Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str, str | None, bool], Any] = {}

    def of(self, look: str, align: str, number: str | None = None, at_top: bool = False) -> Any:
        """A format for ``title``, ``head``, ``body``, ``total`` or ``note``."""
        key = (look, align, number, at_top)
        if key not in self._made:
            properties: dict[str, object] = {
                "font_name": HEAD_FACE if look in ("title", "head", "total") else TEXT_FACE,
                "font_size": {"title": _TITLE_SIZE, "note": 9}.get(look, _SIZE),
                "font_color": INK,
                "align": align,
                "valign": "top" if at_top else "vcenter",
                "text_wrap": True,
            }
            if look in ("head", "body", "total"):
                properties.update(border=1, border_color=RULE)
            if look == "head":
                properties["bg_color"] = HEAD_FILL
            if number is not None:
                properties["num_format"] = number
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]
