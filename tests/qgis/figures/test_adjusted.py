"""A technician's hand: an adjusted layout is kept, an item taken out stays out, templates of one's own are used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsLayoutPoint, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QRectF

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.export import imprint_of
from restoration_planner.figures.page.grids import table_frames
from restoration_planner.figures.page.layouts import OWN_FOLDER, lay_out, template_file
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.layers.reading import read_open_plan

from .test_pages import box_of, laid_out


def layouts() -> list[str]:
    return [layout.name() for layout in QgsProject.instance().layoutManager().printLayouts()]


def test_a_layout_is_an_ordinary_one_of_the_project(wide_city: OpenPlan) -> None:
    laid_out(wide_city, 8)
    laid_out(wide_city, 9)
    laid_out(wide_city, 8)
    assert sorted(layouts()) == ["图8 本溪市生态修复分区图", "图9 本溪市生态修复重点区域分布图"]


def test_what_was_moved_stays_where_it_was_put(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    scale = layout.itemById("map").scale()
    layout.itemById("map").setScale(scale * 1.25)
    again = laid_out(wide_city, 8)
    assert len(layouts()) == 1
    assert any("沿用" in str(note) for note in again.notes)
    assert box_of(again.layout.itemById("title")).x() == pytest.approx(60)
    assert again.layout.itemById("map").scale() == pytest.approx(scale * 1.25)
    assert "1:750 000" in again.layout.itemById("scale_text").currentText()


def test_a_kept_layout_has_new_contents(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    layout.itemById("north_arrow").attemptMove(QgsLayoutPoint(380, 216))
    zones = wide_city.layer("restoration_zone")
    zones.startEditing()
    feature = next(zones.getFeatures("\"code\" = '1'"))
    zones.changeAttributeValue(feature.id(), zones.fields().indexOf("name"), "新名区")
    kept = laid_out(wide_city, 8).layout
    words = [str(cell.content()) for f in table_frames(kept) for row in f.multiFrame().tableContents() for cell in row]
    assert "新名区" in words
    zones.rollBack()


def test_an_adjusted_layout_survives_saving_and_opening_the_project(wide_city: OpenPlan, tmp_path: Path) -> None:
    layout = laid_out(wide_city, 8).layout
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "work.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "work.qgz"))
    again = laid_out(open_plan(wide_city.path, project), 8)
    assert len(layouts()) == 1
    assert box_of(again.layout.itemById("title")).x() == pytest.approx(60)
    assert len(again.layout.itemById("map").layers()) == 3


def test_an_item_taken_out_stays_out_and_is_said(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    for gone in ("north_arrow", "legend", "table"):
        layout.removeLayoutItem(layout.itemById(gone))
    again = laid_out(wide_city, 8)
    assert again.layout.itemById("legend") is None
    assert any("legend" in str(note) and "north_arrow" in str(note) for note in again.notes)


@pytest.mark.parametrize("gone", ["title", "legend", "table", "inset", "scale_bar", "north_arrow", "footer_left"])
def test_a_template_of_ones_own_may_lack_an_item(wide_city: OpenPlan, gone: str) -> None:
    own_template(wide_city, f'id="{gone}"', 'id="something_else"')
    laid = laid_out(wide_city, 9)
    assert laid.layout.itemById(gone) is None
    assert gone == "table" or any(gone in str(note) for note in laid.notes)


def test_a_template_without_a_map_is_refused_in_a_sentence(wide_city: OpenPlan) -> None:
    own_template(wide_city, 'id="map"', 'id="no_map"')
    with pytest.raises(PlannerError, match=r"A3-wide\.qpt"):
        laid_out(wide_city, 8)


def test_a_template_that_is_none_is_refused_in_a_sentence(wide_city: OpenPlan) -> None:
    own_template(wide_city, "<Layout", "<<Layout")
    with pytest.raises(PlannerError, match=r"A3-wide\.qpt"):
        laid_out(wide_city, 8)


def test_an_own_template_is_found_in_small_letters_too(wide_city: OpenPlan) -> None:
    own_template(wide_city, "<Layout", "<<Layout", "a3-wide.qpt")
    with pytest.raises(PlannerError, match=r"a3-wide\.qpt"):
        laid_out(wide_city, 8)


def own_template(plan: OpenPlan, old: str, new: str, name: str = "A3-wide.qpt") -> None:
    folder = plan.path.parent / OWN_FOLDER
    folder.mkdir()
    file = folder / name
    shutil.copy(template_file("A3-wide"), file)
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")


def test_a_layout_adjusted_on_one_paper_outlives_an_export_on_another(wide_city: OpenPlan) -> None:
    laid_out(wide_city, 8).layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    assert laid_out(wide_city, 8, "A4").page.startswith("A4")
    again = laid_out(wide_city, 8)
    assert again.page.startswith("A3")
    assert box_of(again.layout.itemById("title")).x() == pytest.approx(60)
    laid_out(wide_city, 8, "A4")
    assert len(layouts()) == 2


def test_a_layer_that_a_technician_adds_to_the_map_stays_on_it(wide_city: OpenPlan) -> None:
    roads = QgsVectorLayer("LineString?crs=EPSG:4490", "公路", "memory")
    QgsProject.instance().addMapLayer(roads)
    main = laid_out(wide_city, 8).layout.itemById("map")
    main.setLayers([roads, *main.layers()])
    again = laid_out(wide_city, 8)
    assert any("沿用" in str(note) for note in again.notes)
    assert [la.name() for la in again.layout.itemById("map").layers()][0] == "公路"
    assert len(again.layout.itemById("map").layers()) == 4


def test_words_changed_in_the_legend_stay(wide_city: OpenPlan) -> None:
    legend = laid_out(wide_city, 8).layout.itemById("legend")
    legend.model().rootGroup().findGroups()[0].setName("分区")
    again = laid_out(wide_city, 8).layout.itemById("legend")
    assert again.model().rootGroup().findGroups()[0].name() == "分区"


def test_a_long_title_is_still_broken_on_an_adjusted_layout(wide_city: OpenPlan) -> None:
    figure = next(f for f in load_catalogue(wide_city.path).figures if f.number == 8)
    figure = replace(figure, title=dict.fromkeys(("zh", "en"), "本溪市" + "国土空间生态修复分区与重点" * 6))
    title = laid_out(wide_city, 8, figure=figure).layout.itemById("title")
    before = title.currentText()
    assert "\n" in before
    title.attemptMove(QgsLayoutPoint(45, 9))
    assert laid_out(wide_city, 8, figure=figure).layout.itemById("title").currentText() == before


def test_a_table_that_has_outgrown_its_frame_is_told(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    frame = table_frames(layout)[0]
    kept = box_of(frame)
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    assert not any("附表" in str(note) for note in laid_out(wide_city, 8).notes)
    assert box_of(frame) == kept
    frame.attemptSetSceneRect(QRectF(kept.x(), kept.y(), kept.width(), kept.height() / 2))
    assert any("附表" in str(note) for note in laid_out(wide_city, 8).notes)


def test_a_column_filled_since_has_room_in_a_kept_table(wide_city: OpenPlan) -> None:
    figure = next(f for f in load_catalogue(wide_city.path).figures if f.number == 8)
    tables = read_open_plan(wide_city)
    zones = tables["restoration_zone"]
    missing = dict.fromkeys(("area_km2", "stated_area_km2", "stated_share_pct"))
    bare = [{**row, **missing} for row in zones.records()]
    undrawn = np.full(len(bare), None, dtype=object)
    unmeasured = PlanTables({**tables.rows, "restoration_zone": Rows.from_records(zones.table, bare, undrawn)})
    imprint = imprint_of(tables)
    layout = lay_out(figure, FigureLayers(wide_city), unmeasured, imprint, "A3").layout
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    grid = table_frames(layout)[0].multiFrame()
    width = sum(grid.columnWidths())
    assert len(grid.columnWidths()) == 2
    lay_out(figure, FigureLayers(wide_city), tables, imprint, "A3")
    assert len(grid.headers()) == len(grid.columnWidths()) == 4
    assert sum(grid.columnWidths()) <= width


def test_an_adjusted_layout_is_found_again_where_project_and_plan_were_moved(
    wide_city: OpenPlan, tmp_path: Path
) -> None:
    project = QgsProject.instance()
    laid_out(wide_city, 8).layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    assert project.write(str(tmp_path / "work.qgz"))
    project.clear()
    there = tmp_path / "there"
    there.mkdir()
    for file in ("plan.gpkg", "work.qgz"):
        (tmp_path / file).rename(there / file)
    assert project.read(str(there / "work.qgz"))
    again = laid_out(open_plan(there / "plan.gpkg", project), 8)
    assert len(layouts()) == 1
    assert box_of(again.layout.itemById("title")).x() == pytest.approx(60)
