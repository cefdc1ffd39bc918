"""The sheet's pages: nothing overlaps, leaves the paper or is cut off; what is written can be searched and is right."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFont

from restoration_planner.core.palette import GRADE_COLOURS
from restoration_planner.core.texts import text
from restoration_planner.figures.page.fitting import line_height_mm, text_width_mm
from restoration_planner.figures.page.legend import legend_size
from restoration_planner.layers.fonts import typeface
from restoration_planner.tests.qgis.figures.reading_back import Word, fonts_of, plain, sizes_of, text_of, words_of

from .conftest import Drawn

BREADTH = 0.25  # mm: neighbouring tables share a rule, and their frames are a little higher than their rows


@lru_cache(maxsize=4)
def words_in(file: Path) -> list[Word]:
    return words_of(file)


@lru_cache(maxsize=4)
def text_in(file: Path) -> str:
    return text_of(file)


def box_of(item: QgsLayoutItem) -> QRectF:
    return item.mapRectToScene(item.rect())


def with_degrees(item: QgsLayoutItem) -> QRectF:
    box = box_of(item)
    if not isinstance(item, QgsLayoutItemMap):
        return box
    grid = item.grids().grid(0)
    font = QFont(grid.annotationTextFormat().font())
    font.setPointSizeF(grid.annotationTextFormat().size())
    around = grid.frameWidth() + grid.annotationFrameDistance() + line_height_mm(font) * 0.8
    return box.adjusted(-around, -around, around, around)


def items_of(drawn: Drawn) -> list[QgsLayoutItem]:
    return [
        i for i in drawn.laid.layout.items() if isinstance(i, QgsLayoutItem) and not isinstance(i, QgsLayoutItemPage)
    ]


def page_tops(drawn: Drawn) -> list[float]:
    pages = drawn.laid.layout.pageCollection()
    return [pages.page(i).pos().y() for i in range(pages.pageCount())]


def test_items_stay_apart_and_on_the_paper(drawn: Drawn) -> None:
    sheets = [QRectF(0, top, 210, 297).adjusted(5, 5, -5, -5) for top in page_tops(drawn)]
    shown = items_of(drawn)
    for item in shown:
        assert any(sheet.contains(with_degrees(item)) for sheet in sheets), (item.id(), box_of(item))
    for one, other in combinations(shown, 2):
        shared = with_degrees(one).intersected(with_degrees(other))
        assert min(shared.width(), shared.height()) <= BREADTH, (one.id(), other.id(), shared)


def test_no_word_is_cut_off(drawn: Drawn) -> None:
    for item in items_of(drawn):
        if isinstance(item, QgsLayoutItemLabel):
            needed = item.sizeForText()
            assert needed.width() <= item.rect().width() + 0.5, (item.id(), item.currentText())
            assert needed.height() <= item.rect().height() + 1, (item.id(), item.currentText())
        if isinstance(item, QgsLayoutItemLegend):
            needed = legend_size(item)
            assert needed.width() <= item.rect().width() + 1.05 and needed.height() <= item.rect().height() + 1.05
        if isinstance(item, QgsLayoutFrame):
            grid = item.multiFrame()
            font = QFont(grid.contentTextFormat().font())
            font.setPointSizeF(grid.contentTextFormat().size())
            for row, height in zip(grid.tableContents(), grid.rowHeights()):
                for cell, width in zip(row, grid.columnWidths()):
                    words = str(cell.content())
                    assert text_width_mm(words, font) <= width + 0.8, (item.id(), words)
                    assert (words.count("\n") + 1) * line_height_mm(font) <= height + 0.01, (item.id(), words)


def test_every_row_of_every_table_is_drawn(drawn: Drawn) -> None:
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    words = text_in(drawn.file)
    for table in (drawn.sheet.findings, drawn.sheet.reviews, drawn.sheet.rings):
        for row in table.rows if table is not None else ():
            for cell, column in zip(row.cells, table.columns if table is not None else ()):
                if column.kind == "number" and cell:
                    assert plain(cell) in words, cell
    for entry in drawn.sheet.head:
        # a long value is broken into lines, which are drawn apart
        assert plain(entry.value)[:8] in words and plain(entry.caption)[:8] in words, entry
    for caption in ("sheet.sign_compiled", "sheet.sign_checked", "sheet.sign_unit", "sheet.sign_date"):
        assert plain(text(caption)) in words


def test_the_page_is_a4_and_every_font_is_in_the_file(drawn: Drawn) -> None:
    sizes = sizes_of(drawn.file)
    assert len(sizes) == drawn.laid.layout.pageCollection().pageCount()
    for size in sizes:
        assert size == pytest.approx((210, 297), abs=0.36)
    fonts = fonts_of(drawn.file)
    assert fonts and all(fonts.values())
    words = text_in(drawn.file)
    for page in range(1, len(sizes) + 1):
        assert plain(text("sheet.page", page=page, pages=len(sizes))) in words


def test_corner_points_on_paper_are_projs(drawn: Drawn) -> None:
    """Every point of the site, by pyproj alone, is in the PDF beside its name."""
    if drawn.sheet.corners is None:
        assert "J1" not in text_in(drawn.file)
        return
    zone = drawn.sheet.corners.zone
    transformer = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{4488 + zone}", always_xy=True)
    points = np.unique(shapely.get_coordinates(drawn.sheet.site), axis=0)
    east, north = transformer.transform(points[:, 0], points[:, 1])
    truth = {(f"{y:.3f}", f"{x:.3f}") for x, y in zip(east, north)}
    rows = rows_of(drawn)
    assert {row[2:] for row in rows} == truth
    assert [row[0] for row in rows] == [row[0] for row in drawn.sheet.coordinates]


def rows_of(drawn: Drawn) -> list[tuple[str, str, str, str]]:
    """The list of corner points as the PDF has it, read by place: down a column of the list, then the next."""
    boxes = sorted(
        (i for i in items_of(drawn) if i.id().startswith("corners_") and isinstance(i, QgsLayoutFrame)),
        key=lambda i: int(i.id().rpartition("_")[2]),
    )
    words, tops = words_in(drawn.file), page_tops(drawn)
    found = []
    for item in boxes:
        box = box_of(item)
        inside = [w for w in words if box.contains(w.x, w.y + tops[w.page])]
        for third in range(3):
            left = box.x() + third * box.width() / 3
            column = [w for w in inside if left <= w.x < left + box.width() / 3]
            lines: dict[int, list[Word]] = {}
            for word in column:
                near = next((y for y in lines if abs(y - 10 * word.y) < 10), None)
                lines.setdefault(round(10 * word.y) if near is None else near, []).append(word)
            for y in sorted(lines):
                cells = [w.text for w in sorted(lines[y], key=lambda w: w.x)]
                if cells and cells[0].startswith("J") and len(cells) == 4:
                    found.append((cells[0], cells[1], cells[2], cells[3]))
    return found


def test_the_map_shows_the_site_at_a_round_scale(drawn: Drawn) -> None:
    main = drawn.laid.layout.itemById("map")
    if drawn.sheet.site is None:
        assert main is None
        return
    assert drawn.sheet.corners is not None
    assert main.crs().authid() == f"EPSG:{4488 + drawn.sheet.corners.zone}"  # as the corner points: zone in front
    transformer = pyproj.Transformer.from_crs("EPSG:4490", main.crs().authid(), always_xy=True)
    seen = main.extent()
    points = shapely.get_coordinates(drawn.sheet.site)
    east, north = transformer.transform(points[:, 0], points[:, 1])
    assert seen.xMinimum() < min(east) and max(east) < seen.xMaximum()
    assert seen.yMinimum() < min(north) and max(north) < seen.yMaximum()
    scale = seen.width() / main.rect().width() * 1000
    assert len(f"{round(scale)}".rstrip("0")) <= 2 and scale == pytest.approx(round(scale), rel=1e-6)
    shown = f"1:{round(scale):,}".replace(",", " ")
    assert plain(shown) in text_in(drawn.file)


def test_the_scale_bar_is_true_to_half_a_percent(drawn: Drawn) -> None:
    """From the first number's middle to the last's, in the PDF, against the geodesic across the map's middle."""
    main, bar = drawn.laid.layout.itemById("map"), drawn.laid.layout.itemById("scale_bar")
    if main is None:
        return
    font = QFont(bar.textFormat().font())
    font.setPointSizeF(bar.textFormat().size())
    unit = next(u for u in (text("sheet.kilometres"), text("sheet.metres")) if bar.unitLabel() == u)
    box = box_of(bar)
    numbers = {
        float(w.text.replace(plain(unit), "").replace(",", "")): w
        for w in words_in(drawn.file)
        if w.page == 0 and box.contains(w.x, w.y)
    }
    assert len(numbers) == 3
    longest = max(numbers)
    middle = {n: w.x + text_width_mm(f"{n:,g}", font) / 2 for n, w in numbers.items()}
    seen = main.extent()
    back = pyproj.Transformer.from_crs(main.crs().authid(), "EPSG:4490", always_xy=True)
    along = (middle[longest] - middle[0]) / main.rect().width() * seen.width()
    west, east = (back.transform(seen.center().x() + side * along / 2, seen.center().y()) for side in (-1, 1))
    _, _, metres = pyproj.Geod(a=6378137, rf=298.257222101).inv(*west, *east)
    assert metres == pytest.approx(longest * (1000 if unit == text("sheet.kilometres") else 1), rel=0.005)


def test_offending_parts_have_the_colours_of_their_grades(drawn: Drawn) -> None:
    grades = {part.grade for part in drawn.sheet.offending}
    layers = [s.layer for g in drawn.laid.grounds for s in g.shown if s.group == "legend_offending"]
    assert bool(layers) == bool(grades)
    for layer in layers:
        symbols = {c.value(): c.symbol().clone() for c in layer.renderer().categories()}
        assert set(symbols) == grades
        for grade, symbol in symbols.items():
            outline = symbol.symbolLayer(symbol.symbolLayerCount() - 1).color().name()
            assert outline == GRADE_COLOURS[grade]


def test_the_legend_has_what_is_on_the_map(drawn: Drawn) -> None:
    main, legend = drawn.laid.layout.itemById("map"), drawn.laid.layout.itemById("legend")
    if main is None:
        return
    words, box = words_in(drawn.file), box_of(legend)
    said = "".join(w.text for w in words if w.page == 0 and box.contains(w.x, w.y))
    seen = main.extent()
    back = pyproj.Transformer.from_crs(main.crs().authid(), "EPSG:4490", always_xy=True)
    frame = shapely.segmentize(shapely.box(seen.xMinimum(), seen.yMinimum(), seen.xMaximum(), seen.yMaximum()), 500)
    frame = shapely.transform(frame, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
    for table in ("red_line", "basic_farmland"):
        rows = drawn.tables[table]
        there = bool(shapely.intersects(frame, rows.geometry).any())
        assert (plain(text(f"schema.{table}")) in said) == there, (table, said)
    reserves = drawn.tables["nature_reserve"]
    for control, shape in zip(reserves["control"], reserves.geometry):
        caption = plain(text(f"codes.reserve_control.{control}"))
        assert (caption in said) == bool(shapely.intersects(frame, shape)), (control, said)


def test_scattered_parts_are_drawn_in_detail(drawn: Drawn) -> None:
    details = [i for i in items_of(drawn) if i.id().startswith("detail_") and isinstance(i, QgsLayoutItemMap)]
    assert len(details) == (12 if drawn.kind == "scattered" else 0)


def test_the_plan_and_its_project_stay_as_they_are(drawn: Drawn) -> None:
    assert drawn.laid.project.mapLayers() == {}
    assert drawn.laid.layout not in drawn.laid.project.layoutManager().layouts()
