"""Borders reshaped and followed, zones split: lines drawn with the mouse."""

from __future__ import annotations

import pytest
import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import Qt

from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench, on_earth, same_ground

NEAR = 2e-6  # degrees², what half a pixel on each side makes of a line here


def test_a_border_follows_the_line_in_zones_and_key_areas_in_one_step(bench: Bench) -> None:
    before = bench.state()
    bench.take("reshape")
    bench.line((1.8, 0.5), (2.5, 1.0), (2.5, 1.7), (1.8, 1.95))
    bench.assert_sound()
    zones, areas = bench.geometry(ZONES), bench.geometry(AREAS)
    gained = zones["1"].difference(bench.box(0, 0, 2, 4))
    assert gained.area > 0.3e-2
    assert areas["K1"].intersection(gained).area == pytest.approx(gained.area), (
        "the key area had that border as its own"
    )
    assert [bench.layer(t).undoStack().count() for t in (ZONES, AREAS)] == [1, 1]
    bench.layer(AREAS).undoStack().undo()
    assert bench.state() == before
    bench.layer(ZONES).undoStack().redo()
    assert bench.geometry(AREAS)["K1"].equals(areas["K1"])


def test_the_active_layer_says_whether_a_key_areas_own_border_is_meant(bench: Bench) -> None:
    zones = bench.geometry(ZONES)
    bench.iface.setActiveLayer(bench.layer(AREAS))
    bench.take("reshape")
    bench.line((1.3, 1.1), (1.3, 0.5), (1.7, 0.5), (1.7, 1.1))
    assert same_ground(bench.geometry(AREAS)["K1"], bench.box(1, 1, 2, 2).union(bench.box(1.3, 0.5, 1.7, 1)), NEAR * 10)
    assert bench.geometry(ZONES) == zones
    assert bench.iface.activeLayer() is bench.layer(AREAS)


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ([(1.8, 0.5), (2.5, 1.0)], "only once"),
        ([(1.5, 0.4), (3, 0.4), (3, 1.6), (2.5, 0.2), (1.5, 1.6)], "crosses itself"),
        ([(2, 0), (2, 1)], "follows the border"),
        ([(3.5, 1.5), (4.3, 1.2), (4.3, 0.8), (3.5, 0.5)], "leaves the city"),
        ([(0.4, 3.0), (0.8, 2.8)], "meets no border"),
        ([(0.5, 3.0)], "two different places"),
    ],
)
def test_a_line_that_cannot_be_a_border_is_refused_with_the_reason(
    bench: Bench, places: list[tuple[float, float]], reason: str
) -> None:
    before = bench.state()
    bench.take("reshape")
    bench.line(*places)
    assert reason in bench.last(), bench.last()
    assert bench.state() == before
    assert bench.layer(ZONES).undoStack().count() == 0 and not bench.layer(ZONES).isEditable()


def test_a_zone_that_would_be_in_pieces_is_asked_about(bench: Bench) -> None:
    before = bench.state()
    bench.take("reshape")
    # from the western zone through the south-eastern one to the edge of the city and back
    bench.line((1.9, 0.6), (4.0, 0.6), (4.0, 1.4), (1.9, 1.4))
    words = bench.answer(False)
    assert "in 2 pieces" in words
    assert bench.state() == before


def test_clicks_snap_to_vertices_and_keys_take_clicks_back(bench: Bench) -> None:
    tool = bench.take("reshape")
    bench.click(2.03, 2.02)
    place = tool.to_plan([tool.points[0]])[0]
    assert place == pytest.approx((124.2, 41.2), abs=1e-12), "the corner where three zones meet"
    bench.click(3, 1)
    assert len(tool.points) == 2 and tool.drawn("line") is not None
    bench.key(Qt.Key.Key_Backspace)
    assert len(tool.points) == 1
    bench.key(Qt.Key.Key_Escape)
    assert tool.points == [] and tool.drawn("line") is None


def test_enter_and_double_click_end_a_line(bench: Bench) -> None:
    tool = bench.take("reshape")
    for place in ((1.8, 0.3), (2.4, 0.5), (1.8, 0.7)):
        bench.click(*place)
    bench.key(Qt.Key.Key_Return)
    assert bench.layer(ZONES).undoStack().count() == 1
    for place in ((1.8, 3.3), (2.4, 3.5), (1.8, 3.7)):
        bench.click(*place)
    bench.double_click(1.8, 3.7)
    assert bench.layer(ZONES).undoStack().count() == 2, bench.said()
    assert tool.points == []
    bench.assert_sound()


def test_a_map_in_another_projection_takes_the_same_line(bench: Bench) -> None:
    from qgis.core import QgsCoordinateTransform, QgsRectangle

    crs = QgsCoordinateReferenceSystem("EPSG:4523")
    bench.canvas.setDestinationCrs(crs)
    there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, QgsProject.instance())
    bench.canvas.setExtent(there.transformBoundingBox(QgsRectangle(123.95, 40.95, 124.45, 41.45)))
    bench.take("reshape")
    bench.line((2, 0), (2.5, 0.5), (2.0, 1.0))
    bench.assert_sound()
    gained = on_earth(shapely.Polygon([(2, 0), (2.5, 0.5), (2, 1)]))
    assert same_ground(bench.geometry(ZONES)["1"], bench.box(0, 0, 2, 4).union(gained), NEAR * 10)


def test_a_zone_is_split_along_a_line(bench: Bench) -> None:
    before = bench.state()
    bench.take("split")
    bench.line((3, -0.2), (3, 2.2))
    zones = bench.geometry(ZONES)
    assert set(zones) == {"1", "2", "3", "4"}
    bench.assert_sound()
    assert shapely.area(zones["2"]) + shapely.area(zones["4"]) == pytest.approx(0.04)
    names, measured = bench.values(ZONES, "name"), bench.values(ZONES, "area_km2")
    assert names["4"] == "zone 2 (split off)" and measured["4"] > 0
    assert "code 4" in bench.last()
    bench.layer(ZONES).undoStack().undo()
    assert bench.state() == before


def test_towns_of_the_part_split_off_say_so(bench: Bench) -> None:
    bench.take("split")
    bench.line((3, -0.2), (3, 0), (3, 1), (3, 2), (3, 2.2))
    # the line snaps to the towns' corners, so t30 and t31, or t20 and t21, lie in the new zone wholly
    codes = bench.values(UNITS, "zone_code")
    assert {t for t, z in codes.items() if z == "4"} in ({"t30", "t31"}, {"t20", "t21"})


def test_a_key_area_in_the_part_split_off_goes_with_it(bench: Bench) -> None:
    before = bench.state()
    bench.take("split")
    bench.line((-0.3, 2.5), (2.3, 2.5))  # the key area lies in the southern part, the larger one
    assert bench.values(AREAS, "zone_code") == {"K1": "1"}
    bench.take("split")
    bench.line((0.8, -0.2), (0.8, 0.9), (0.8, 2.2), (2.3, 2.2))
    area = bench.geometry(AREAS)["K1"]
    assert area is not None and same_ground(area, bench.box(1, 1, 2, 2)), "nothing of it is lost, and nothing asked"
    home = bench.values(AREAS, "zone_code")["K1"]
    assert shapely.covers(shapely.buffer(bench.geometry(ZONES)[home], 1e-9), area)
    bench.assert_sound()
    for _ in range(2):
        bench.layer(ZONES).undoStack().undo()
    assert bench.state() == before


def test_a_line_that_does_not_go_through_splits_nothing(bench: Bench) -> None:
    before = bench.state()
    bench.take("split")
    bench.line((3, -0.2), (3, 1))
    assert "through" in bench.last()
    assert bench.state() == before


def test_the_border_follows_a_river_between_two_clicks(bench: Bench) -> None:
    bench.take("follow_line")
    bench.click(2.0, -0.15)
    bench.click(1.93, 2.07)
    bench.assert_sound()
    river = on_earth(shapely.Polygon([(2, 0), (2.5, 0.5), (2.5, 1.5), (2, 2)]))
    assert same_ground(bench.geometry(ZONES)["1"], bench.box(0, 0, 2, 4).union(river)), bench.said()
    assert bench.layer(ZONES).undoStack().count() == 1


def test_clicks_off_any_line_are_told(bench: Bench) -> None:
    bench.take("follow_line")
    bench.click(0.5, 3.45)
    assert "no line" in bench.last()
