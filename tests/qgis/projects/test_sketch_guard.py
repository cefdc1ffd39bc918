"""Sketches that cannot be right: told in the message bar, mended by a button, taken back by one Undo."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsVectorLayer, QgsVectorLayerUtils
from qgis.PyQt.QtCore import QEvent
from qgis.PyQt.QtWidgets import QApplication, QPushButton

from restoration_planner.core.texts import text
from restoration_planner.plugin.projects.sketch_guard import SketchGuard

from .conftest import feature_of, sentences, wait_until

#: A bow-tie in the western zone, crossing at 124.05, 41.05: two triangles.
BOW_TIE = "MultiPolygon (((124.04 41.04, 124.06 41.06, 124.06 41.04, 124.04 41.06, 124.04 41.04)))"
SQUARE = "MultiPolygon (((124.04 41.04, 124.06 41.04, 124.06 41.06, 124.04 41.06, 124.04 41.04)))"
SWAPPED = "MultiPolygon (((41.04 124.04, 41.04 124.06, 41.06 124.06, 41.06 124.04, 41.04 124.04)))"
#: One degree of latitude north of the city's edge at 41.10.
FAR = "MultiPolygon (((124.05 42.1, 124.06 42.1, 124.06 42.11, 124.05 42.11, 124.05 42.1)))"
METRES = "MultiPolygon (((503000 4545000, 504000 4545000, 504000 4546000, 503000 4546000, 503000 4545000)))"
LINE = "MultiPolygon (((124.04 41.04, 124.05 41.05, 124.06 41.06, 124.04 41.04)))"


@pytest.fixture
def layer(open_work) -> QgsVectorLayer:
    open_work(SketchGuard)
    layer = next(la for la in QgsProject.instance().mapLayers().values() if la.source().endswith("=project"))
    assert layer.startEditing()
    return layer


@pytest.fixture
def bar(qgis_iface) -> Any:
    return qgis_iface.messageBar()


def draw(layer: QgsVectorLayer, wkt: str, code: str = "P9") -> int:
    """Add a project as QGIS's own tool does."""
    feature = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromWkt(wkt))
    feature["code"], feature["name"] = code, "新画"
    layer.beginEditCommand("Add feature")
    assert layer.addFeature(feature)
    layer.endEditCommand()
    rest()
    return feature_of(layer, code).id()


def rest() -> None:
    for _ in range(3):
        QApplication.processEvents()


def button(bar: Any, name: str) -> QPushButton:
    found = bar.findChildren(QPushButton, f"restoration_planner_sketch_{name}")
    return found[-1]


def test_a_crossing_sketch_is_told_and_mended_by_one_step(layer, bar):
    number = draw(layer, BOW_TIE)
    (said,) = sentences(bar)
    assert "P9 新画" in said and "124.0500° E, 41.0500° N" in said
    steps = layer.undoStack().count()
    button(bar, "mend").click()
    rest()
    mended = layer.getFeature(number).geometry()
    assert mended.isGeosValid() and mended.isMultipart()
    triangles = QgsGeometry.fromWkt("MultiPolygon (((124.05 41.05, 124.06 41.04, 124.06 41.06, 124.05 41.05)),"
                                    "((124.05 41.05, 124.04 41.06, 124.04 41.04, 124.05 41.05)))")  # fmt: skip
    assert mended.symDifference(triangles).area() < 1e-15
    wait_until(lambda: not sentences(bar))
    assert layer.undoStack().count() == steps + 1
    layer.undoStack().undo()
    rest()
    assert layer.getFeature(number).geometry().asWkt(2) == QgsGeometry.fromWkt(BOW_TIE).asWkt(2)
    assert len(sentences(bar)) == 1, "it crosses again"


def test_a_corner_that_is_dragged_over_an_edge_is_told_and_moving_it_back_is_enough(layer, bar):
    number = draw(layer, SQUARE)
    assert sentences(bar) == []
    layer.beginEditCommand("Moved vertex")
    layer.changeGeometry(number, QgsGeometry.fromWkt(BOW_TIE))
    layer.endEditCommand()
    rest()
    assert len(sentences(bar)) == 1
    layer.beginEditCommand("Moved vertex")
    layer.changeGeometry(number, QgsGeometry.fromWkt(SQUARE))
    layer.endEditCommand()
    wait_until(lambda: not sentences(bar))


def test_several_crossing_sketches_are_one_sentence_and_one_step(layer, bar):
    first, second = draw(layer, BOW_TIE, "P8"), draw(layer, BOW_TIE, "P9")
    (said,) = sentences(bar)
    assert "2 projects" in said
    steps = layer.undoStack().count()
    button(bar, "mend").click()
    rest()
    assert all(layer.getFeature(n).geometry().isGeosValid() for n in (first, second))
    assert layer.undoStack().count() == steps + 1


def test_after_saving_the_button_still_finds_the_sketch(layer, bar):
    draw(layer, BOW_TIE)
    assert layer.commitChanges(False)
    rest()
    assert feature_of(layer, "P9").id() > 0
    button(bar, "mend").click()
    rest()
    assert feature_of(layer, "P9").geometry().isGeosValid()


def test_what_is_given_up_is_not_told_any_longer(layer, bar):
    draw(layer, BOW_TIE)
    layer.rollBack()
    wait_until(lambda: not sentences(bar))


def test_deleting_the_sketch_takes_the_sentence_away(layer, bar):
    number = draw(layer, BOW_TIE)
    layer.deleteFeature(number)
    wait_until(lambda: not sentences(bar))


def test_a_sketch_outside_the_city_is_told_with_how_far(layer, bar):
    draw(layer, FAR)
    (said,) = sentences(bar)
    assert "P9 新画" in said and "about 111 km" in said


def test_exchanged_coordinates_are_known_and_put_right(layer, bar):
    number = draw(layer, SWAPPED)
    (said,) = sentences(bar)
    assert said == text("sketch.swapped", "en", project="P9 新画")
    button(bar, "swap").click()
    wait_until(lambda: not sentences(bar))
    assert layer.getFeature(number).geometry().symDifference(QgsGeometry.fromWkt(SQUARE)).area() < 1e-15


def test_a_place_that_the_map_cannot_show_is_said(layer, bar, canvas):
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4549"))
    draw(layer, SWAPPED)
    button(bar, "show").click()
    assert any("The map's CRS cannot show this place" in said for said in sentences(bar))


def test_metres_are_known(layer, bar):
    draw(layer, METRES)
    (said,) = sentences(bar)
    assert "metres" in said and "503500.0, 4545500.0" in said


def test_a_line_is_no_site(layer, bar):
    draw(layer, LINE)
    (said,) = sentences(bar)
    assert said == text("sketch.no_area", "en", project="P9 新画")


def test_a_good_sketch_and_a_project_sited_later_are_not_spoken_of(layer, bar):
    draw(layer, SQUARE, "P8")
    feature = QgsVectorLayerUtils.createFeature(layer)
    feature["code"] = "P9"
    assert layer.addFeature(feature)
    rest()
    assert sentences(bar) == []


def test_closing_leaves_nothing_behind(layer, bar, open_work):
    draw(layer, BOW_TIE)
    assert sentences(bar)
    layer.rollBack()
    QgsProject.instance().removeMapLayer(layer.id())
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    wait_until(lambda: not sentences(bar))
