"""Towns go to another zone by click and by drag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMenu

from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import RIGHT, Bench, same_ground, squared_plan


def test_a_town_clicked_goes_to_the_zone_clicked_first(bench: Bench) -> None:
    bench.take("transfer")
    bench.click(3.5, 1.5)  # zone 2 receives
    bench.click(1.5, 0.5)  # t10 of zone 1
    zones = bench.geometry(ZONES)
    assert same_ground(zones["2"], bench.box(2, 0, 4, 2).union(bench.box(1, 0, 2, 1)))
    bench.assert_sound()
    measured = bench.values(ZONES, "area_km2")
    for code in ("1", "2"):
        assert measured[code] == pytest.approx(float(ellipsoidal_area(zones[code])) / 1e6, rel=1e-12)
    assert measured["3"] is None, "a zone that was not touched keeps what it had"
    assert bench.values(UNITS, "zone_code")["t10"] == "2", "building the zones again must agree"
    assert "zone 2" in bench.last() and "stated 350.00" in bench.last()


def test_a_drag_over_towns_is_one_undo_step(bench: Bench) -> None:
    before = bench.state()
    bench.take("transfer")
    bench.click(1.5, 3.5)
    bench.drag((2.5, 3.5), (2.5, 2.5), (3.5, 2.5))
    zones = bench.geometry(ZONES)
    assert same_ground(zones["3"], bench.box(3, 3, 4, 4))
    assert {t for t, z in bench.values(UNITS, "zone_code").items() if z == "1"} == {"t23", "t22", "t32"}
    assert bench.layer(ZONES).undoStack().count() == 1
    bench.layer(ZONES).undoStack().undo()
    assert bench.state() == before


def test_a_fast_drag_takes_the_towns_it_leaps_over(bench: Bench) -> None:
    bench.take("transfer")
    bench.click(0.5, 0.5)
    bench.drag((2.5, 3.5), (2.5, 0.5))
    assert {t for t, z in bench.values(UNITS, "zone_code").items() if z == "1"} == {"t20", "t21", "t22", "t23"}


def test_a_key_area_that_would_leave_its_zone_is_named_first(bench: Bench) -> None:
    before = bench.state()
    bench.take("transfer")
    bench.click(3.5, 0.5)
    bench.click(1.5, 1.5)
    assert "key 1" in bench.answer(False)
    assert bench.state() == before
    bench.click(1.5, 1.5)
    bench.answer(True)
    assert bench.geometry(AREAS)["K1"] is None
    bench.layer(AREAS).undoStack().undo()
    assert bench.state() == before


def test_escape_forgets_the_receiver_and_the_mouse_shows_what_is_meant(bench: Bench) -> None:
    tool = bench.take("transfer")
    bench.move(3.5, 1.5)
    assert tool.drawn("receiver") is not None
    bench.click(3.5, 1.5)
    bench.move(1.5, 0.5)
    assert same_ground_of(tool.drawn("hover"), bench.box(1, 0, 2, 1))
    bench.key(Qt.Key.Key_Escape)
    assert tool.receiver is None and tool.drawn("hover") is None
    bench.take("reshape")
    assert tool.drawn("receiver") is None


def same_ground_of(shown: QgsGeometry | None, wanted: object) -> bool:
    import shapely

    return shown is not None and same_ground(shapely.from_wkb(shown.asWkb().data()), wanted, 1e-9)


def test_refused_transfers_say_why_and_change_nothing(bench: Bench) -> None:
    before = bench.state()
    tool = bench.take("transfer")
    bench.click(4.3, 1.5)
    assert "no zone" in bench.last()
    bench.click(3.5, 1.5)
    bench.click(2.5, 0.5)
    assert "already" in bench.last()
    bench.click(4.3, 1.5)
    assert "nothing here" in bench.last()
    assert tool.receiver is not None
    assert bench.state() == before and not bench.layer(ZONES).isEditable()


def test_polygons_of_any_layer_and_projection_can_be_given(bench: Bench) -> None:
    drawn = QgsVectorLayer("Polygon?crs=EPSG:4326", "drawn", "memory")
    shape = QgsFeature()
    shape.setGeometry(QgsGeometry.fromWkt(bench.box(2, 2.5, 2.5, 3.5).wkt))
    drawn.dataProvider().addFeature(shape)
    QgsProject.instance().addMapLayer(drawn)
    bench.take("transfer")
    bench.click(0.5, 0.5, RIGHT)
    menu = bench.canvas.findChild(QMenu, "RestorationPlannerTransferMenu")
    entries = {a.text(): a for a in menu.actions()}
    entries["1 zone 1"].trigger()
    entries["drawn"].trigger()
    menu.close()
    bench.click(2.3, 3.0)
    assert same_ground(bench.geometry(ZONES)["1"], bench.box(0, 0, 2, 4).union(bench.box(2, 2.5, 2.5, 3.5)), 1e-9)
    bench.assert_sound()
    assert bench.values(UNITS, "zone_code")["t22"] is None, "a town cut by the border belongs to nobody wholly"
    assert "t22" in bench.last()


def test_the_map_may_be_in_another_projection(bench: Bench) -> None:
    bench.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4523"))
    from qgis.core import QgsCoordinateTransform, QgsRectangle

    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem("EPSG:4523"), QgsProject.instance()
    )
    bench.canvas.setExtent(there.transformBoundingBox(QgsRectangle(123.95, 40.95, 124.45, 41.45)))
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert same_ground(bench.geometry(ZONES)["2"], bench.box(2, 0, 4, 2).union(bench.box(1, 0, 2, 1)))
    bench.assert_sound()


def test_zones_that_overlap_from_the_start_are_not_touched(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(squared_plan(overlapping=True))
    before = bench.state()
    tool = bench.take("transfer")
    assert "overlap" in bench.last() and "zone 1" in bench.last() and "zone 2" in bench.last()
    assert bench.canvas.mapTool() is not tool
    bench.canvas.setMapTool(tool)  # as it is in hand where the layers were changed meanwhile
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert "overlap" in bench.last()
    assert bench.state() == before


@pytest.mark.parametrize("table", [ZONES, AREAS, UNITS])
def test_a_read_only_layer_stops_the_action_whole(bench: Bench, table: str) -> None:
    before = bench.state()
    bench.layer(table).setReadOnly(True)
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert "read-only" in bench.last() and bench.layer(table).name() in bench.last()
    assert bench.state() == before
    assert not any(bench.layer(t).isEditable() for t in (ZONES, AREAS, UNITS))
    assert bench.layer(ZONES).undoStack().count() == 0
