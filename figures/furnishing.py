"""What stands around the map: words, north arrow, scale bar, legend and companion table, made to fit."""

from __future__ import annotations

from math import ceil, inf
from pathlib import Path

import numpy as np
from qgis.core import (
    Qgis,
    QgsExpressionContextUtils,
    QgsLayerTree,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsLayerTreeModel,
    QgsLayoutExporter,
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemManualTable,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMultiFrame,
    QgsLayoutSize,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsRasterLayer,
    QgsRasterSymbolLegendNode,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, QSize, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem

from ..core.texts import Message, text
from ..layers.maps import ink
from .catalogue import Figure
from .companion import CompanionTable, share_columns
from .fitting import bar_length_km, fair_breaks, fit_in_box, wrapped
from .labels import Lettering
from .lettering import label_font, print_font, set_label_font, set_legend_font, text_format
from .pages import LEGEND_SIZES, TYPE_SIZES, Page
from .sources import FigureLayers
from .variants import legend_lines

#: Sizes tried for legend and table, against their usual one, until both fit.
_SHRINK = (1.0, 0.93, 0.87, 0.8, 0.74, 0.68)
_GAP = 4.0
#: Rounding of text sizes between what is measured and what is drawn.
_SAFETY_MM = 1.0
_WIDEST_TABLE = 150.0
#: Dots a millimetre at which a table is looked at.
_DOTS_MEASURED = 4
_MM_A_POINT = 25.4 / 72
_COLUMN_BREAK = "legend/column-break"
_BOLD_LABELS = ("title", "figure_number")


def dress_labels(layout: QgsPrintLayout, lettering: Lettering) -> None:
    """Give labels their typeface, and break or shrink their words so that they fit."""
    for item in layout.items():
        if not isinstance(item, QgsLayoutItemLabel):
            continue
        font = label_font(item)
        family = lettering.heiti if item.id() in _BOLD_LABELS else lettering.songti
        font = print_font(family, font.pointSizeF(), font.bold())
        variable = _variable_of(item)
        words = item.currentText()
        broken, font = fit_in_box(words, font, item.rect().width(), item.rect().height())
        set_label_font(item, font)
        if variable and broken != words:
            QgsExpressionContextUtils.setLayoutVariable(layout, variable, broken)
        item.refresh()


def _variable_of(label: QgsLayoutItemLabel) -> str:
    """The layout variable that a label shows and nothing else, or nothing."""
    written = label.text().strip()
    inside = written[2:-2].strip() if written.startswith("[%") and written.endswith("%]") else ""
    return inside[1:] if inside.startswith("@") else ""


def dress_arrow(layout: QgsPrintLayout, main: QgsLayoutItemMap, picture: Path) -> None:
    """The north arrow, turned to true north in the middle of the map."""
    arrow = layout.itemById("north_arrow")
    if isinstance(arrow, QgsLayoutItemPicture):
        arrow.setPicturePath(str(picture))
        arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
        arrow.setLinkedMap(main)
        arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
        arrow.refreshPicture()


def dress_scale_bar(layout: QgsPrintLayout, main: QgsLayoutItemMap, lettering: Lettering, page: Page) -> None:
    """A bar of two round lengths in kilometres."""
    bar = layout.itemById("scale_bar")
    if not isinstance(bar, QgsLayoutItemScaleBar):
        return
    room = page.boxes["scale_bar"][2]
    bar.setLinkedMap(main)
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    bar.setUnitLabel(text("figures.kilometres"))
    bar.setMapUnitsPerScaleBarUnit(1)
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    map_km = main.extent().width() / 1000
    bar.setUnitsPerSegment(bar_length_km(map_km, min(0.8 * room / main.rect().width(), 0.3)))
    bar.setHeight(1.6 * page.zoom)
    bar.setBoxContentSpace(0.5 * page.zoom)
    bar.setLabelBarSpace(1.2 * page.zoom)
    bar.setTextFormat(text_format(lettering.heiti, 8 * lettering.zoom))
    bar.setBackgroundEnabled(False)
    bar.attemptResize(QgsLayoutSize(room, page.boxes["scale_bar"][3]))  # a template's own type made it taller


# --- legend -------------------------------------------------------------------------------------


def fill_legend(
    legend: QgsLayoutItemLegend,
    main: QgsLayoutItemMap,
    figure: Figure,
    layers: FigureLayers,
    lettering: Lettering,
    sizes: dict[str, float],
    keep: bool,
) -> None:
    """Explain the figure's layers in groups, and of their classes those that are on the map.

    ``keep`` leaves title, fonts and groups as they are.
    """
    legend.setLinkedMap(main)
    model = legend.model()
    if not keep:
        legend.setAutoUpdateModel(False)
        legend.setTitle(text("figures.legend"))
        root = model.rootGroup()
        root.removeAllChildren()
        variant_of = dict(figure.layers)
        for group in figure.legend:
            shown = [name for name in group.layers if layers.is_drawn(name)]
            if not shown:
                continue
            node = root.addGroup(_title(group.title))
            QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Style.Subgroup)
            for name in dict.fromkeys(shown):
                layer = layers.layer(name, "tints" if name == "dem" else variant_of[name])
                child = node.addLayer(layer)
                if not _is_single(main, layer):
                    QgsLegendRenderer.setNodeLegendStyle(child, QgsLegendStyle.Style.Hidden)
                for index, line in enumerate(legend_lines(name, variant_of[name])):
                    QgsMapLayerLegendUtils.setLegendNodeCustomSymbol(child, index, line)
                if isinstance(layer, QgsRasterLayer):
                    _drop_band_name(child, model)
                model.refreshLayerLegend(child)
    model.setLayerStyleOverrides(main.layerStyleOverrides())
    legend.setLegendFilterByMapEnabled(True)
    legend.setResizeToContents(False)
    _filter_now(legend)


def _drop_band_name(node: QgsLayerTreeLayer, model: QgsLayerTreeModel) -> None:
    """A raster's legend begins with "Band 1 (Gray)", which tells a reader nothing."""
    entries = model.layerOriginalLegendNodes(node)
    steps = [i for i, entry in enumerate(entries) if isinstance(entry, QgsRasterSymbolLegendNode)]
    if steps:
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, steps)


def _filter_now(legend: QgsLayoutItemLegend) -> None:
    """Leave out what the map does not show.

    The item does so when it is painted for the first time, and then no more, so it is painted here, on a scrap.
    Filtering its model instead would look at every feature of the figure here, and again when it is written.
    """
    scrap = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(scrap)
    legend.paint(painter, QStyleOptionGraphicsItem(), None)
    painter.end()
    if Qgis.QGIS_VERSION_INT >= 33200:
        legend.model().waitForHitTestBlocking()


def _title(titles: object) -> str:
    from ..core.texts import language

    return str(titles[language()])  # type: ignore[index]


def _is_single(main: QgsLayoutItemMap, layer: object) -> bool:
    """Whether a layer has one symbol, whose caption is then the layer's own name."""
    if not isinstance(layer, QgsVectorLayer):
        return False
    style = main.layerStyleOverrides().get(layer.id(), "")
    return 'type="singleSymbol"' in style and 'type="categorizedSymbol"' not in style


def _style_legend(legend: QgsLayoutItemLegend, lettering: Lettering, sizes: dict[str, float], shrink: float) -> None:
    zoom = lettering.zoom * shrink
    for part, size, bold, above in (
        (QgsLegendStyle.Style.Title, sizes["title"], True, 0.0),
        (QgsLegendStyle.Style.Group, sizes["group"], True, 2.2),
        (QgsLegendStyle.Style.Subgroup, sizes["group"], True, 2.2),
        (QgsLegendStyle.Style.Symbol, sizes["class"], False, 1.3),
        (QgsLegendStyle.Style.SymbolLabel, sizes["class"], False, 2.0),
    ):
        style = legend.style(part)
        family = lettering.heiti if bold else lettering.songti
        set_legend_font(style, print_font(family, size * zoom, bold))
        if part != QgsLegendStyle.Style.SymbolLabel:
            style.setMargin(QgsLegendStyle.Side.Top, above * zoom)
        if part == QgsLegendStyle.Style.Subgroup:
            style.setMargin(QgsLegendStyle.Side.Bottom, 0.8 * zoom)
        legend.setStyle(part, style)
    legend.setSymbolWidth(7 * zoom)
    legend.setSymbolHeight(3.6 * zoom)
    legend.setBoxSpace(0)
    legend.setColumnSpace(4 * zoom)
    legend.setWrapString("\n")
    legend.setEqualColumnWidth(False)


def _wrap_legend(legend: QgsLayoutItemLegend, font: QFont, width: float, symbol_mm: float) -> None:
    """Break class names that are wider than a column."""
    model = legend.model()
    for node in model.rootGroup().findLayers():
        changed = False
        for index, entry in enumerate(model.layerOriginalLegendNodes(node)):
            words = str(entry.data(Qt.ItemDataRole.DisplayRole) or "").replace("\n", "")
            broken = wrapped(words, font, max(width - symbol_mm, 12)) if words else ""
            if "\n" in broken and broken != QgsMapLayerLegendUtils.legendNodeUserLabel(node, index):
                QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, index, broken)
                changed = True
        if changed:  # it reads the layer's style anew
            model.refreshLayerLegend(node)


def _groups(legend: QgsLayoutItemLegend) -> list[QgsLayerTreeGroup]:
    return [node for node in legend.model().rootGroup().children() if QgsLayerTree.isGroup(node)]


def _break_columns(legend: QgsLayoutItemLegend, columns: int) -> None:
    """Keep groups whole: columns about equally long, broken between groups.  One column: no breaks of ours."""
    model = legend.model()
    groups = _groups(legend)
    lines = [2 + sum(max(1, len(model.layerLegendNodes(child))) for child in g.findLayers()) for g in groups]
    breaks = set() if columns < 2 else fair_breaks(lines, columns)
    for position, group in enumerate(groups):
        if position in breaks:
            group.setCustomProperty(_COLUMN_BREAK, "1")
        else:
            group.removeCustomProperty(_COLUMN_BREAK)


def legend_size(legend: QgsLayoutItemLegend) -> QSizeF:
    """Width and height that a legend needs, in millimetres."""
    size = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()
    return QSizeF(size.width() + _SAFETY_MM, size.height() + _SAFETY_MM)


# --- legend and table together ------------------------------------------------------------------


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
    _remove_tables(layout)
    if frame is None:
        table = None
    notes: list[Message] = []
    for trial in (table, None) if table is not None else (None,):
        for shrink in _SHRINK:
            if _try(layout, legend, trial, room, stacked, lettering, page, table_size, shrink):
                if trial is None and table is not None:
                    _on_second_page(layout, table, lettering, page, table_size)
                    notes.append(Message.of("figures.table_on_second_page", number=figure.number))
                return notes
    # Not even the legend alone: it has the second page to itself
    second = _second_page(layout, page, lettering.heiti)
    assert legend is not None
    for shrink in _SHRINK:
        if _try(layout, legend, None, second, True, lettering, page, table_size, shrink):
            break
    notes.append(Message.of("figures.legend_on_second_page", number=figure.number))
    if table is not None:
        _place_tables(layout, table, room, lettering, page, table_size * _SHRINK[-1])
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
        return table is None or _place_tables(layout, table, room, lettering, page, table_size * shrink)
    _style_legend(legend, lettering, LEGEND_SIZES, shrink)
    gap = _GAP * page.zoom
    # A low room that a legend has to itself: groups side by side
    ways = [(3, False)] if table is None and not stacked else []
    ways += [(1, False), (2, False), (2, True), (3, False), (3, True), (4, True), (5, True)]
    for columns, split in ways:
        widest = room.width() if stacked or table is None else room.width() * 0.6
        columns = columns if split else max(1, min(columns, len(_groups(legend))))
        legend.setColumnCount(columns)
        legend.setSplitLayer(split)
        _break_columns(legend, 1 if split else columns)
        font = print_font(lettering.songti, LEGEND_SIZES["class"] * lettering.zoom * shrink)
        if columns == 1 or not stacked:
            _wrap_legend(legend, font, widest - 2 * _SAFETY_MM, 10.5 * lettering.zoom * shrink)
        size = legend_size(legend)
        if size.width() > widest or size.height() > room.height():
            continue
        if table is not None:
            rest = (
                QRectF(room.x(), room.y() + size.height() + gap, room.width(), room.height() - size.height() - gap)
                if stacked
                else QRectF(room.x() + size.width() + gap, room.y(), room.width() - size.width() - gap, room.height())
            )
            if not _place_tables(layout, table, rest, lettering, page, table_size * shrink):
                continue
        width = room.width() if stacked or table is None else size.width()
        legend.attemptSetSceneRect(QRectF(room.x(), room.y(), width, size.height()))
        return True
    return False


def _box(item: QgsLayoutItem) -> QRectF:
    return item.mapRectToScene(item.rect())


# --- tables -------------------------------------------------------------------------------------


def table_frames(layout: QgsPrintLayout) -> list[QgsLayoutFrame]:
    """The frames of the companion table, in reading order."""
    found = [i for i in layout.items() if isinstance(i, QgsLayoutFrame) and i.id().partition("_")[0] == "table"]
    return sorted(found, key=lambda f: (len(f.id()), f.id()))


def refill_tables(layout: QgsPrintLayout, table: CompanionTable | None) -> None:
    """New rows into tables that stand where a technician wants them."""
    frames = table_frames(layout)
    if table is None or not frames:
        return
    for frame, rows in zip(frames, _chunks(table.rows, len(frames))):
        grid = frame.multiFrame()
        widths = grid.columnWidths()
        font = QFont(grid.contentTextFormat().font())
        font.setPointSizeF(grid.contentTextFormat().size())
        _set_rows(grid, table, rows, widths, font)


def _remove_tables(layout: QgsPrintLayout) -> None:
    for multi in list(layout.multiFrames()):
        if isinstance(multi, QgsLayoutItemManualTable):
            for frame in multi.frames():
                layout.removeLayoutItem(frame)
            layout.removeMultiFrame(multi)


def _place_tables(
    layout: QgsPrintLayout, table: CompanionTable, room: QRectF, lettering: Lettering, page: Page, points: float
) -> bool:
    """The table in as few columns side by side as its height asks for; False where it does not fit."""
    if room.width() < 50 * page.zoom or room.height() < 12 * page.zoom:
        return False
    gap = 3 * page.zoom
    for count in range(1, 5):
        width = min((room.width() - gap * (count - 1)) / count, _WIDEST_TABLE * page.zoom)
        if width < 58 * page.zoom and count > 1:
            break
        for number, rows in enumerate(_chunks(table.rows, count)):
            grid = _add_table(layout, table, rows, width, lettering, points)
            frame = QgsLayoutFrame(layout, grid)
            frame.setId("table" if not number else f"table_{number + 1}")
            frame.attemptSetSceneRect(QRectF(0, 0, width, room.height()))
            grid.addFrame(frame)
            height = _drawn_height(layout, frame, grid) if _least_height(grid) <= room.height() else inf
            if height > room.height():
                _remove_tables(layout)
                break
            frame.attemptSetSceneRect(QRectF(room.x() + number * (width + gap), room.y(), width, height))
        else:
            return True
    return False


def _chunks(rows: tuple[tuple[str, ...], ...], count: int) -> list[tuple[tuple[str, ...], ...]]:
    size = ceil(len(rows) / count)
    return [rows[i * size : (i + 1) * size] for i in range(count)]


def _add_table(
    layout: QgsPrintLayout,
    table: CompanionTable,
    rows: tuple[tuple[str, ...], ...],
    width: float,
    lettering: Lettering,
    points: float,
) -> QgsLayoutItemManualTable:
    grid = QgsLayoutItemManualTable.create(layout)
    layout.addMultiFrame(grid)
    zoom = lettering.zoom
    grid.setContentTextFormat(text_format(lettering.songti, points * zoom))
    grid.setHeaderTextFormat(text_format(lettering.heiti, points * zoom, True))
    grid.setCellMargin(0.8 * zoom)
    grid.setGridStrokeWidth(0.12 * zoom)
    grid.setGridColor(QColor("#6a6a6a"))
    grid.setIncludeTableHeader(True)
    grid.setResizeMode(QgsLayoutMultiFrame.ResizeMode.UseExistingFrames)
    # A column's width is that of its words, margins and lines come on top
    around = 2 * 0.8 * zoom + 0.12 * zoom
    widths = [w - around for w in share_columns(table.columns, width - 0.12 * zoom)]
    _set_rows(grid, table, rows, widths, print_font(lettering.songti, points * zoom))
    return grid


def _least_height(grid: QgsLayoutItemManualTable) -> float:
    """What a table takes at the very least, in millimetres: a quick way to know that it cannot fit."""
    around = 2 * grid.cellMargin() + grid.gridStrokeWidth()
    return sum(lines * grid.contentTextFormat().size() * _MM_A_POINT + around for lines in _lines(grid))


def _lines(grid: QgsLayoutItemManualTable) -> list[int]:
    """Lines of text in the heading and in each row."""
    rows = [[c.heading() for c in grid.headers()], *([str(c.content()) for c in row] for row in grid.tableContents())]
    return [1 + max(words.count("\n") for words in row) for row in rows]


def _drawn_height(layout: QgsPrintLayout, frame: QgsLayoutFrame, grid: QgsLayoutItemManualTable) -> float:
    """What a table takes, in millimetres: drawn beside the page and looked at, for QGIS tells nobody before.

    The heights of rows have been reckoned in several ways from QGIS 3.22 on, all rounded to a screen's pixels.
    """
    width, tallest = frame.rect().width(), 2 * _least_height(grid) + 5
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
    return float(lines[-1] + 1) / _DOTS_MEASURED + _SAFETY_MM / 2 if len(lines) else tallest


def _set_rows(
    grid: QgsLayoutItemManualTable,
    table: CompanionTable,
    rows: tuple[tuple[str, ...], ...],
    widths: list[float],
    font: QFont,
) -> None:
    from qgis.core import QgsLayoutTableColumn, QgsTableCell

    sides = {
        "words": Qt.AlignmentFlag.AlignLeft,
        "code": Qt.AlignmentFlag.AlignHCenter,
        "number": Qt.AlignmentFlag.AlignRight,
    }
    headings = []
    bold = QFont(font)
    bold.setBold(True)
    for column, width in zip(table.columns, widths):
        heading = QgsLayoutTableColumn(wrapped(column.title, bold, width))
        heading.setHAlignment(Qt.AlignmentFlag.AlignHCenter)
        headings.append(heading)
    grid.setHeaders(headings)
    cells = []
    for row in rows:
        line = []
        for column, width, words in zip(table.columns, widths, row):
            cell = QgsTableCell(wrapped(words, font, width * 0.97))
            cell.setHorizontalAlignment(sides[column.kind])
            cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
            line.append(cell)
        cells.append(line)
    grid.setTableContents(cells)
    grid.setColumnWidths(widths)
    grid.refresh()


def _second_page(layout: QgsPrintLayout, page: Page, heiti: str) -> QRectF:
    """A second page like the first with the figure's title, and the room on it."""
    sheet = QgsLayoutItemPage(layout)
    sheet.setPageSize(QgsLayoutSize(page.width, page.height))
    layout.pageCollection().addPage(sheet)
    top = sheet.pos().y()
    edge = 15 * page.zoom
    label = QgsLayoutItemLabel(layout)
    label.setId("title_2")
    label.setText("[% @figure_number %]　[% replace(@figure_title, '\n', '') %]")
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


def _on_second_page(
    layout: QgsPrintLayout, table: CompanionTable, lettering: Lettering, page: Page, points: float
) -> None:
    room = _second_page(layout, page, lettering.heiti)
    for shrink in (1.25, 1.1, *_SHRINK, 0.5, 0.4, 0.3):
        if _place_tables(layout, table, room, lettering, page, points * shrink):
            return
