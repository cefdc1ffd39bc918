"""Tables of a siting sheet: ordinary layout tables whose rows' heights are set, so that it is known where they end.

A table that does not fit a page goes on on the next under its repeated head; a row higher than what a page
holds is cut between two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItemManualTable,
    QgsLayoutMultiFrame,
    QgsTableCell,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

from ...core.palette import GRADE_COLOURS
from ...core.sheet.grids import SheetColumn, SheetTable
from ..page.fitting import line_height_mm
from ..page.lettering import print_font, text_format
from .paper import BODY, LEFT, TEXT_SIZE, Paper, broken_to

_MARGIN, _LINE = 0.7, 0.12
#: QGIS leaves the last row away where its frame is only as high as its rows.
_SLACK = 0.1
HEAD_FILL, _TOTAL_FILL = QColor("#eef1f3"), QColor("#f7f8f8")
_INK = "#1a1a1a"
_SIDES = {
    "words": Qt.AlignmentFlag.AlignLeft,
    "code": Qt.AlignmentFlag.AlignHCenter,
    "number": Qt.AlignmentFlag.AlignRight,
}
#: Lines that stay together where a row has to be cut.
_LEAST_LINES = 4


@dataclass(frozen=True)
class Cell:
    """Words as they are printed, broken into lines."""

    words: str
    kind: str = "words"
    bold: bool = False
    fill: QColor | None = None
    shade: str = _INK

    @property
    def lines(self) -> int:
        """How many lines they take."""
        return self.words.count("\n") + 1


@dataclass
class Line:
    """A row of cells; `least` is a height that it has even when it is empty."""

    cells: list[Cell]
    least: float = 0.0
    id: str = field(default="")

    @property
    def lines(self) -> int:
        """Lines of text in its highest cell."""
        return max(cell.lines for cell in self.cells)


class Setting:
    """How wide the columns of a table are and how large its type is."""

    def __init__(self, paper: Paper, shares: Sequence[float], points: float) -> None:
        self.paper, self.points = paper, points
        whole = sum(shares)
        self.widths = [(BODY - _LINE) * share / whole - 2 * _MARGIN - _LINE for share in shares]
        self.font = print_font(paper.faces.songti, points)
        self.bold = print_font(paper.faces.heiti, points, True)

    def font_of(self, bold: bool) -> QFont:
        """Of running text, or of captions."""
        return self.bold if bold else self.font

    def broken(self, column: int, words: str, bold: bool = False) -> str:
        """Words in lines that fit a column."""
        return broken_to(words, self.font_of(bold), self.widths[column] * 0.97)

    def height_of(self, line: Line) -> float:
        """Of a row with its margins and one rule."""
        return max(line.lines * line_height_mm(self.font), line.least) + 2 * _MARGIN + _LINE

    def lines_in(self, height: float) -> int:
        """How many lines of text a row of a height holds."""
        return int((height - 2 * _MARGIN - _LINE) / line_height_mm(self.font))


def draw(setting: Setting, lines: Sequence[Line], item_id: str) -> None:
    """Rows as one table where the page is filled to; they must fit."""
    paper = setting.paper
    grid = QgsLayoutItemManualTable.create(paper.layout)
    paper.layout.addMultiFrame(grid)
    formats = {
        (bold, shade): text_format(font.family(), setting.points, bold, shade)
        for bold, font in ((False, setting.font), (True, setting.bold))
        for shade in {cell.shade for line in lines for cell in line.cells}
    }
    grid.setContentTextFormat(text_format(setting.font.family(), setting.points))
    grid.setCellMargin(_MARGIN)
    grid.setGridStrokeWidth(_LINE)
    grid.setGridColor(QColor("#6a6a6a"))
    grid.setIncludeTableHeader(False)
    grid.setResizeMode(QgsLayoutMultiFrame.ResizeMode.UseExistingFrames)
    contents = []
    for line in lines:
        row = []
        for cell in line.cells:
            made = QgsTableCell(cell.words)
            made.setHorizontalAlignment(_SIDES[cell.kind])
            made.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
            if cell.bold or cell.shade != _INK:
                made.setTextFormat(formats[cell.bold, cell.shade])
            if cell.fill is not None:
                made.setBackgroundColor(cell.fill)
            row.append(made)
        contents.append(row)
    grid.setTableContents(contents)
    grid.setColumnWidths(setting.widths)
    grid.setRowHeights([setting.height_of(line) - 2 * _MARGIN - _LINE for line in lines])
    height = sum(setting.height_of(line) for line in lines) + _LINE
    frame = QgsLayoutFrame(paper.layout, grid)
    frame.setId(item_id)
    frame.attemptSetSceneRect(paper.box(LEFT, BODY, height + _SLACK))
    grid.addFrame(frame)
    grid.refresh()
    paper.y += height


def flow(setting: Setting, head: Line | None, lines: Sequence[Line], item_id: str) -> None:
    """Rows from where the page is filled to, over as many pages as they need, the head above them on each."""
    paper = setting.paper
    above = setting.height_of(head) + _LINE if head is not None else _LINE
    waiting = list(lines)
    part = 0
    while waiting:
        room = paper.room - above
        taken: list[Line] = []
        while waiting and setting.height_of(waiting[0]) <= room:
            room -= setting.height_of(waiting[0])
            taken.append(waiting.pop(0))
        if waiting and not taken:
            highest = paper.page_room - above
            fits = setting.lines_in(room)
            if setting.height_of(waiting[0]) > highest and fits >= _LEAST_LINES:
                first, rest = _cut(waiting[0], fits)
                taken, waiting[0] = [first], rest
            else:
                paper.new_page()
                continue
        part += 1
        draw(setting, [*([head] if head is not None else []), *taken], item_id if part == 1 else f"{item_id}_{part}")
        if waiting:
            paper.new_page()


def _cut(line: Line, count: int) -> tuple[Line, Line]:
    """A row's first lines, and the rest of them."""

    def parts(first: bool) -> list[Cell]:
        cells = []
        for cell in line.cells:
            words = cell.words.split("\n")
            kept = words[:count] if first else words[count:]
            cells.append(Cell("\n".join(kept), cell.kind, cell.bold, cell.fill, cell.shade))
        return cells

    return Line(parts(True), id=line.id), Line(parts(False), id=line.id)


def set_table(paper: Paper, table: SheetTable, item_id: str, points: float = TEXT_SIZE - 0.5) -> None:
    """A table of the sheet with its title above and its notes below."""
    setting = Setting(paper, [column.share for column in table.columns], points)
    head = head_line(setting, table.columns)
    lines = []
    for row in table.rows:
        total = row.kind == "total"
        cells = []
        for number, (column, words) in enumerate(zip(table.columns, row.cells)):
            shown = setting.broken(number, words, total)
            graded = row.grade is not None and words and column.caption == table.grade_caption
            shade = GRADE_COLOURS.get(str(row.grade), _INK) if graded else _INK
            cells.append(Cell(shown, column.kind, total or bool(graded), _TOTAL_FILL if total else None, shade))
        lines.append(Line(cells))
    heading(paper, table.title, f"{item_id}_title", with_next=setting.height_of(head) + setting.height_of(lines[0]))
    flow(setting, head, lines, item_id)
    paper.y += 1.2
    for number, note in enumerate(table.notes, 1):
        paper.paragraph(note, f"{item_id}_note_{number}", paper.faces.body(TEXT_SIZE - 0.5), 0.8)
    paper.y += 2.0


def head_line(setting: Setting, columns: Sequence[SheetColumn]) -> Line:
    """The captions of a table's columns."""
    return Line(
        [
            Cell(setting.broken(number, column.caption, True), "code", True, HEAD_FILL)
            for number, column in enumerate(columns)
        ]
    )


def heading(paper: Paper, words: str, item_id: str, with_next: float = 12.0) -> None:
    """A heading that is not left alone at the foot of a page."""
    font = paper.faces.heading()
    height = (broken_to(words, font, BODY).count("\n") + 1) * line_height_mm(font) + 1
    paper.need(height + min(with_next, paper.page_room - height) + 1)
    paper.paragraph(words, item_id, font, 0.8)
