"""Pages of every paper for wide, tall and scattered cities: nothing overlaps, runs over or leaves the paper."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from qgis.core import (
    Qgis,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsPrintLayout,
    QgsProject,
)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFont

from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.catalogue import Figure, load_catalogue
from restoration_planner.figures.export import imprint_of
from restoration_planner.figures.page.fitting import line_height_mm
from restoration_planner.figures.page.grids import table_frames
from restoration_planner.figures.page.layouts import LaidOut, lay_out
from restoration_planner.figures.page.legend import legend_size
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.layers.reading import read_open_plan

#: They hold other items, or are paper.
CONTAINERS = ("neatline", "panel")
BREADTH = 0.05  # mm
#: A later QGIS answers for type of whole pixels, 5 % off either way; what it draws is as wide as was reckoned.
ROUNDED = 1.06 if Qgis.QGIS_VERSION_INT >= 33000 else 1.0


def laid_out(opened: OpenPlan, number: int, paper: str = "A3", figure: Figure | None = None) -> LaidOut:
    figure = figure or next(f for f in load_catalogue(opened.path).figures if f.number == number)
    tables = read_open_plan(opened)
    return lay_out(figure, FigureLayers(opened), tables, imprint_of(tables, date(2026, 5, 1)), paper)


def box_of(item: QgsLayoutItem) -> QRectF:
    return item.mapRectToScene(item.rect())


def with_degrees(item: QgsLayoutItem) -> QRectF:
    """What an item draws: a map also writes degrees around its frame (QGIS's own bounding box takes upright
    words for level ones, and is three times too wide)."""
    box = box_of(item)
    if not isinstance(item, QgsLayoutItemMap):
        return box
    grid = item.grids().grid(0)
    font = QFont(grid.annotationTextFormat().font())
    font.setPointSizeF(grid.annotationTextFormat().size())
    around = grid.frameWidth() + grid.annotationFrameDistance() + line_height_mm(font)
    hidden = grid.annotationDisplay(grid.BorderSide.Right) == grid.DisplayMode.HideAll
    return box.adjusted(-around, 0 if hidden else -around, 0 if hidden else around, around)


def items_of(layout: QgsPrintLayout) -> list[QgsLayoutItem]:
    return [i for i in layout.items() if isinstance(i, QgsLayoutItem) and not isinstance(i, QgsLayoutItemPage)]


def assert_page_is_sound(layout: QgsPrintLayout) -> None:
    sheets = [box_of(layout.pageCollection().page(i)) for i in range(layout.pageCollection().pageCount())]
    shown = items_of(layout)
    for item in shown:
        box = with_degrees(item)
        assert box.width() > 0 and box.height() > 0, item.id()
        assert any(sheet.contains(box) for sheet in sheets), (item.id(), box)
    for one, other in combinations([i for i in shown if i.id() not in CONTAINERS], 2):
        shared = with_degrees(one).intersected(with_degrees(other))
        assert min(shared.width(), shared.height()) <= BREADTH, (one.id(), other.id(), shared)
    for item in shown:
        if isinstance(item, QgsLayoutItemLabel):
            needed = item.sizeForText()
            assert needed.width() <= item.rect().width() * ROUNDED + BREADTH, (item.id(), item.currentText())
            assert needed.height() <= item.rect().height() + 1, (item.id(), item.currentText())
        if isinstance(item, QgsLayoutItemLegend):
            needed = legend_size(item)
            assert needed.width() <= item.rect().width() + 1.05
            assert needed.height() <= item.rect().height() + 1.05


@pytest.mark.parametrize(
    "paper", ["A4", "A3", "A1", "A3-landscape", "A3-wide", "A3-portrait", "A3-tall", "A4-portrait"]
)
def test_nothing_overlaps_or_is_cut_off(city: OpenPlan, paper: str) -> None:
    for number in (8, 9, 10):
        laid = laid_out(city, number, paper)
        assert laid.page.startswith(paper)
        assert_page_is_sound(laid.layout)


def test_the_whole_city_is_in_the_frame_at_a_round_scale(city: OpenPlan) -> None:
    main = laid_out(city, 8).layout.itemById("map")
    assert main.extent().contains(city.extent(main.crs()))
    digits = f"{round(main.scale()):d}".rstrip("0")
    assert len(digits) <= 2
    assert "Gauss-Kruger" in main.crs().description()


def test_the_page_follows_the_shape_of_the_city(city: OpenPlan) -> None:
    whole = city.extent()
    page = laid_out(city, 8).page
    if whole.height() > 2 * whole.width():
        assert page == "A3-tall"
    elif whole.width() > 2 * whole.height():
        assert page == "A3-wide"
    else:
        assert page == "A3-landscape"


@pytest.mark.parametrize("paper", ["A4", "A3", "A3-portrait"])
@pytest.mark.parametrize(
    "title", ["本溪市" + "国土空间生态修复分区" * 8, "Restoration zones of a city with a long name " * 2]
)
def test_a_title_of_80_characters_fits(wide_city: OpenPlan, paper: str, title: str) -> None:
    title = title[:80]
    known = load_catalogue().chosen("8")[0]
    figure = Figure(8, {"zh": title, "en": title}, known.needs, known.layers, known.legend, known.table)
    layout = laid_out(wide_city, 8, paper, figure).layout
    assert_page_is_sound(layout)
    assert layout.itemById("title").currentText().replace("\n", "").replace(" ", "") == title.replace(" ", "")


def test_a_legend_of_60_classes_fits(tmp_path: Path) -> None:
    import shapely

    from restoration_planner.core.plan.tables import PlanTables, Rows

    boxes = [shapely.box(124 + 0.02 * i, 41, 124.02 + 0.02 * i, 41.6) for i in range(60)]
    records = [{"code": str(i), "name": f"第{i}号生态修复与水土保持综合治理区"} for i in range(60)]
    plan = Rows.from_records("plan", [{"schema_version": 2, "name": "多区规划", "city": "多区市"}])
    zones = Rows.from_records("restoration_zone", records, [shapely.MultiPolygon([b]) for b in boxes])
    create_plan(tmp_path / "many.gpkg", PlanTables({"plan": plan, "restoration_zone": zones}))
    laid = laid_out(open_plan(tmp_path / "many.gpkg", QgsProject.instance()), 8)
    assert_page_is_sound(laid.layout)
    model = laid.layout.itemById("legend").model()
    classes = [n for layer in model.rootGroup().findLayers() for n in model.layerLegendNodes(layer)]
    assert len(classes) >= 60
    rows = sum(len(frame.multiFrame().tableContents()) for frame in table_frames(laid.layout))
    assert rows == 60 + 1  # and the total


def test_a_city_across_two_official_zones_has_a_projection_of_its_own(tmp_path: Path) -> None:
    """124.5° E is the edge between 3° zones 41 and 42; the map's meridian runs through the city instead."""
    from .conftest import opened

    plan = opened(("benxi", 123.6, 40.8, 2.2, 0.8, 0.0), tmp_path)
    main = laid_out(plan, 8).layout.itemById("map")
    assert main.extent().xMinimum() < 500_000 < main.extent().xMaximum()
    assert abs((main.extent().xMinimum() + main.extent().xMaximum()) / 2 - 500_000) < 10_000
