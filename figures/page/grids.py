"""The companion table of a figure, on its layout: as many columns side by side as its height asks for."""

from __future__ import annotations

from math import ceil

import numpy as np
from qgis.core import (
    QgsLayoutExporter,
    QgsLayoutFrame,
    QgsLayoutItemManualTable,
    QgsLayoutMultiFrame,
    QgsPrintLayout,
)
from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter

from ...layers.maps import ink
from ..cartography.labels import Lettering
from ..companion import CompanionTable, share_columns
from .fitting import wrapped
from .lettering import print_font, text_format
from .pages import Page

_SAFETY_MM = 0.5
_WIDEST_TABLE = 150.0
_MOST_COLUMNS = 4
#: Between words and lines of a cell, and the lines' width, on A3.
_MARGIN, _LINE = 0.8, 0.12
#: Dots a millimetre at which a table is looked at.
_DOTS_MEASURED = 4
_MM_A_POINT = 25.4 / 72

Row = tuple[str, ...]


def table_frames(layout: QgsPrintLayout) -> list[QgsLayoutFrame]:
    """The frames of the companion table, in reading order."""
    found = [i for i in layout.items() if isinstance(i, QgsLayoutFrame) and i.id().partition("_")[0] == "table"]
    return sorted(found, key=lambda f: (len(f.id()), f.id()))


def refill_tables(layout: QgsPrintLayout, table: CompanionTable | None) -> bool:
    """New rows into tables that stand where a technician wants them; False where these have no room for all."""
    frames = table_frames(layout)
    if not frames:
        return True
    if table is None:
        for frame in frames:
            frame.multiFrame().setTableContents([])
        return True
    room = True
    for frame, rows in zip(frames, chunks(table.rows, len(frames))):
        grid = frame.multiFrame()
        widths = grid.columnWidths()
        if len(widths) != len(table.columns):  # one has been filled since, or emptied
            widths = share_columns(table.columns, sum(widths))
        font = QFont(grid.contentTextFormat().font())
        font.setPointSizeF(grid.contentTextFormat().size())
        _set_rows(grid, table, _broken(table, rows, widths, font), widths)
        box = frame.mapRectToScene(frame.rect())
        room = room and _drawn_height(layout, frame, grid) <= box.height() + 2 * _SAFETY_MM
        frame.attemptSetSceneRect(box)
    return room


def remove_tables(layout: QgsPrintLayout) -> None:
    """Take every table off a layout."""
    _remove(layout, [m for m in layout.multiFrames() if isinstance(m, QgsLayoutItemManualTable)])


def _remove(layout: QgsPrintLayout, tables: list[QgsLayoutItemManualTable]) -> None:
    for multi in tables:
        for frame in multi.frames():
            layout.removeLayoutItem(frame)
        layout.removeMultiFrame(multi)


def place_tables(
    layout: QgsPrintLayout, table: CompanionTable, room: QRectF, lettering: Lettering, page: Page, points: float
) -> bool:
    """The table in as few columns side by side as its height asks for; False where it does not fit."""
    if room.width() < 50 * page.zoom or room.height() < 12 * page.zoom:
        return False
    if len(table.rows) > most_rows(room, lettering, points):
        return False
    gap = 3 * page.zoom
    taken = len(table_frames(layout))
    for count in range(1, _MOST_COLUMNS + 1):
        width = min((room.width() - gap * (count - 1)) / count, _WIDEST_TABLE * page.zoom)
        if width < 58 * page.zoom and count > 1:
            break
        widths, font = _text_widths(table, width, lettering), print_font(lettering.songti, points * lettering.zoom)
        columns = [_broken(table, rows, widths, font) for rows in chunks(table.rows, count)]
        around = (2 * _MARGIN + _LINE) * lettering.zoom
        if any(_least_height(words, font.pointSizeF(), around) > room.height() for words in columns):
            continue  # known before QGIS makes a table, which takes much longer
        made = []
        for number, words in enumerate(columns):
            grid = _add_table(layout, table, words, widths, lettering, points)
            made.append(grid)
            frame = QgsLayoutFrame(layout, grid)
            frame.setId(f"table_{taken + number + 1}" if taken + number else "table")
            frame.attemptSetSceneRect(QRectF(0, 0, width, room.height()))
            grid.addFrame(frame)
            height = _drawn_height(layout, frame, grid)
            if height > room.height():
                _remove(layout, made)
                break
            frame.attemptSetSceneRect(QRectF(room.x() + number * (width + gap), room.y(), width, height))
        else:
            return True
    return False


def most_rows(room: QRectF, lettering: Lettering, points: float) -> int:
    """More rows than this, of one line each, fit a room in no way."""
    return max(
        1, _MOST_COLUMNS * int(room.height() / (points * lettering.zoom * _MM_A_POINT + 2 * _MARGIN * lettering.zoom))
    )


def chunks(rows: tuple[Row, ...], count: int) -> list[tuple[Row, ...]]:
    size = ceil(len(rows) / count)
    return [rows[i * size : (i + 1) * size] for i in range(count)]


def _add_table(
    layout: QgsPrintLayout,
    table: CompanionTable,
    words: list[Row],
    widths: list[float],
    lettering: Lettering,
    points: float,
) -> QgsLayoutItemManualTable:
    grid = QgsLayoutItemManualTable.create(layout)
    layout.addMultiFrame(grid)
    zoom = lettering.zoom
    grid.setContentTextFormat(text_format(lettering.songti, points * zoom))
    grid.setHeaderTextFormat(text_format(lettering.heiti, points * zoom, True))
    grid.setCellMargin(_MARGIN * zoom)
    grid.setGridStrokeWidth(_LINE * zoom)
    grid.setGridColor(QColor("#6a6a6a"))
    grid.setIncludeTableHeader(True)
    grid.setResizeMode(QgsLayoutMultiFrame.ResizeMode.UseExistingFrames)
    _set_rows(grid, table, words, widths)
    return grid


def _text_widths(table: CompanionTable, width: float, lettering: Lettering) -> list[float]:
    """Of the columns in a width: that of a column is that of its words, margins and lines come on top."""
    around = (2 * _MARGIN + _LINE) * lettering.zoom
    return [w - around for w in share_columns(table.columns, width - _LINE * lettering.zoom)]


def _broken(table: CompanionTable, rows: tuple[Row, ...], widths: list[float], font: QFont) -> list[Row]:
    """The headings and the rows, each cell in as many lines as its column asks for."""
    bold = QFont(font)
    bold.setBold(True)
    headings = tuple(wrapped(column.title, bold, width) for column, width in zip(table.columns, widths))
    return [headings, *(tuple(wrapped(c, font, width * 0.97) for c, width in zip(row, widths)) for row in rows)]


def _least_height(words: list[Row], points: float, around: float) -> float:
    """What a table takes at the very least, in millimetres: a quick way to know that it cannot fit."""
    lines = (1 + max(cell.count("\n") for cell in row) for row in words)
    return sum(count * points * _MM_A_POINT + around for count in lines)


def _words_in(grid: QgsLayoutItemManualTable) -> list[Row]:
    """The heading and the rows of a table."""
    headings = tuple(column.heading() for column in grid.headers())
    return [headings, *(tuple(str(cell.content()) for cell in row) for row in grid.tableContents())]


def _drawn_height(layout: QgsPrintLayout, frame: QgsLayoutFrame, grid: QgsLayoutItemManualTable) -> float:
    """What a table takes, in millimetres: drawn beside the page and looked at, for QGIS tells nobody before.

    The heights of rows have been reckoned in several ways from QGIS 3.22 on, all rounded to a screen's pixels.
    """
    around = 2 * grid.cellMargin() + grid.gridStrokeWidth()
    least = _least_height(_words_in(grid), grid.contentTextFormat().size(), around)
    width, tallest = frame.rect().width(), 2 * least + 5
    aside = QRectF(-3 * width, 0, width, tallest)
    frame.attemptSetSceneRect(aside)
    size = QSize(ceil(width * _DOTS_MEASURED), ceil(tallest * _DOTS_MEASURED))
    picture = QgsLayoutExporter(layout).renderRegionToImage(aside, size, _DOTS_MEASURED * 25.4)
    paper = QImage(picture.size(), QImage.Format.Format_RGB32)  # beside the page there is none
    paper.fill(QColor("#ffffff"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, picture)
    painter.end()
    lines = np.flatnonzero(ink(paper).any(axis=1))
    return float(lines[-1] + 1) / _DOTS_MEASURED + _SAFETY_MM if len(lines) else tallest


def _set_rows(grid: QgsLayoutItemManualTable, table: CompanionTable, words: list[Row], widths: list[float]) -> None:
    from qgis.core import QgsLayoutTableColumn, QgsTableCell

    sides = {
        "words": Qt.AlignmentFlag.AlignLeft,
        "code": Qt.AlignmentFlag.AlignHCenter,
        "number": Qt.AlignmentFlag.AlignRight,
    }
    headings = []
    for title in words[0]:
        heading = QgsLayoutTableColumn(title)
        heading.setHAlignment(Qt.AlignmentFlag.AlignHCenter)
        headings.append(heading)
    grid.setHeaders(headings)
    cells = []
    for row in words[1:]:
        line = []
        for column, shown in zip(table.columns, row):
            cell = QgsTableCell(shown)
            cell.setHorizontalAlignment(sides[column.kind])
            cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
            line.append(cell)
        cells.append(line)
    grid.setTableContents(cells)
    grid.setColumnWidths(widths)
    grid.refresh()
