"""Legend and companion table share the room beside a map: smaller, in columns, at last on pages of their own."""

from __future__ import annotations

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemPage,
    QgsLayoutSize,
    QgsPrintLayout,
)
from qgis.PyQt.QtCore import QRectF, Qt

from ...core.texts import Message
from ..cartography.labels import Lettering
from ..catalogue import Figure
from ..companion import CompanionTable
from .fitting import fit_in_box
from .grids import chunks, most_rows, place_tables, remove_tables
from .legend import SAFETY_MM, break_columns, groups_of, legend_size, style_legend, wrap_legend
from .lettering import print_font, set_label_font
from .pages import LEGEND_SIZES, TYPE_SIZES, Page

#: Sizes tried for legend and table, against their usual one, until both fit.
_SHRINK = (1.0, 0.93, 0.87, 0.8, 0.74, 0.68)
#: On a page of its own; the smallest only where nothing else is left.
_ALONE = (1.25, 1.1, *_SHRINK)
_GAP = 4.0


def fit_legend_and_table(
    layout: QgsPrintLayout,
    figure: Figure,
    table: CompanionTable | None,
    lettering: Lettering,
    page: Page,
    table_size: float,
) -> list[Message]:
    """Share the room of legend and table between them: smaller, in columns, at last on a second page."""
    legend = layout.itemById("legend")
    frame = layout.itemById("table")
    if not isinstance(legend, QgsLayoutItemLegend):
        legend = None
    if not isinstance(frame, QgsLayoutFrame):
        frame = None
    if legend is None and frame is None:
        return []
    # A template's legend box is the room for both; a table has no width of its own until it has contents
    x, y, width, height = page.boxes["table"]
    room = _box(legend) if legend is not None else QRectF(x, y, width, height)
    stacked = legend is None or frame is None or abs(_box(legend).x() - _box(frame).x()) < 1
    remove_tables(layout)
    if frame is None:
        table = None
    notes: list[Message] = []
    for trial in (table, None) if table is not None else (None,):
        for shrink in _SHRINK:
            if _try(layout, legend, trial, room, stacked, lettering, page, table_size, shrink):
                if trial is None and table is not None:
                    notes.append(_on_further_pages(layout, figure, table, lettering, page, table_size))
                return notes
    # Not even the legend alone: it has the second page to itself
    second = _further_page(layout, page, lettering.heiti)
    assert legend is not None
    for shrink in (*_SHRINK, 0.6, 0.5, 0.4, 0.3):
        if _try(layout, legend, None, second, True, lettering, page, table_size, shrink):
            break
    notes.append(Message.of("figures.legend_on_second_page", number=figure.number))
    if table is not None and not any(
        place_tables(layout, table, room, lettering, page, table_size * shrink) for shrink in _SHRINK
    ):
        notes.append(_on_further_pages(layout, figure, table, lettering, page, table_size))
    return notes


def _try(
    layout: QgsPrintLayout,
    legend: QgsLayoutItemLegend | None,
    table: CompanionTable | None,
    room: QRectF,
    stacked: bool,
    lettering: Lettering,
    page: Page,
    table_size: float,
    shrink: float,
) -> bool:
    """Lay legend and table out at a size; False, with nothing added, where they do not fit."""
    if legend is None:
        return table is None or place_tables(layout, table, room, lettering, page, table_size * shrink)
    style_legend(legend, lettering, LEGEND_SIZES, shrink)
    gap = _GAP * page.zoom
    # A low room that a legend has to itself: groups side by side
    ways = [(3, False)] if table is None and not stacked else []
    ways += [(1, False), (2, False), (2, True), (3, False), (3, True), (4, True), (5, True)]
    for columns, split in ways:
        widest = room.width() if stacked or table is None else room.width() * 0.6
        columns = columns if split else max(1, min(columns, len(groups_of(legend))))
        legend.setColumnCount(columns)
        legend.setSplitLayer(split)
        break_columns(legend, 1 if split else columns)
        font = print_font(lettering.songti, LEGEND_SIZES["class"] * lettering.zoom * shrink)
        if columns == 1 or not stacked:
            wrap_legend(legend, font, widest - 2 * SAFETY_MM, 10.5 * lettering.zoom * shrink)
        size = legend_size(legend)
        if size.width() > widest or size.height() > room.height():
            continue
        if table is not None:
            rest = (
                QRectF(room.x(), room.y() + size.height() + gap, room.width(), room.height() - size.height() - gap)
                if stacked
                else QRectF(room.x() + size.width() + gap, room.y(), room.width() - size.width() - gap, room.height())
            )
            if not place_tables(layout, table, rest, lettering, page, table_size * shrink):
                continue
        width = room.width() if stacked or table is None else size.width()
        legend.attemptSetSceneRect(QRectF(room.x(), room.y(), width, size.height()))
        return True
    return False


def _box(item: QgsLayoutItem) -> QRectF:
    return item.mapRectToScene(item.rect())


def _further_page(layout: QgsPrintLayout, page: Page, heiti: str) -> QRectF:
    """One more page like the first with the figure's title, and the room on it."""
    sheet = QgsLayoutItemPage(layout)
    sheet.setPageSize(QgsLayoutSize(page.width, page.height))
    layout.pageCollection().addPage(sheet)
    top = sheet.pos().y()
    edge = 15 * page.zoom
    label = QgsLayoutItemLabel(layout)
    label.setId(f"title_{layout.pageCollection().pageCount()}")
    label.setText("[% @figure_number %]　[% @figure_title_unbroken %]")
    label.setHAlign(Qt.AlignmentFlag.AlignHCenter)
    label.setVAlign(Qt.AlignmentFlag.AlignVCenter)
    layout.addLayoutItem(label)
    height = 12 * page.zoom
    label.attemptSetSceneRect(QRectF(edge, top + edge / 2, page.width - 2 * edge, height))
    font = print_font(heiti, TYPE_SIZES["title"] * 0.7 * page.type_zoom, True)
    _, font = fit_in_box(label.currentText(), font, label.rect().width(), height)
    set_label_font(label, font)
    edge_top = edge / 2 + height + 3 * page.zoom
    return QRectF(edge, top + edge_top, page.width - 2 * edge, page.height - edge_top - edge)


def _on_further_pages(
    layout: QgsPrintLayout, figure: Figure, table: CompanionTable, lettering: Lettering, page: Page, points: float
) -> Message:
    """The table on as many pages as it needs at a size that can be read; says on which."""
    room = _further_page(layout, page, lettering.heiti)
    first = layout.pageCollection().pageCount()
    fewest = len(table.rows) // most_rows(room, lettering, points * _ALONE[-1]) + 1
    for count in range(fewest, len(table.rows) + 1):
        parts = [CompanionTable(table.columns, rows) for rows in chunks(table.rows, count) if rows]
        for shrink in _ALONE if count == 1 else (1.0,):
            size = points * shrink
            if not place_tables(layout, parts[0], room, lettering, page, size):
                continue
            rooms = [_further_page(layout, page, lettering.heiti) for _ in parts[1:]]
            for part, there in zip(parts[1:], rooms):
                smaller = (1.0, *_SHRINK[1:], 0.5)  # its rows may have more lines than those of the first
                any(place_tables(layout, part, there, lettering, page, size * less) for less in smaller)
            last = layout.pageCollection().pageCount()
            pages = str(first) if first == last else f"{first}–{last}"
            return Message.of("figures.table_on_further_pages", number=figure.number, pages=pages)
    raise AssertionError("a table of one row fits a page")
