"""Zones merged, parts given, shared vertices moved, added and removed."""

from __future__ import annotations

import shapely
from qgis.PyQt.QtCore import Qt

from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench, on_earth, same_ground


def has_vertex(geometry: shapely.Geometry | None, x: float, y: float) -> bool:
    return bool((abs(shapely.get_coordinates(geometry) - (124 + x / 10, 41 + y / 10)) < 1e-12).all(axis=1).any())


def test_merging_asks_and_renames_what_named_the_zone(bench: Bench) -> None:
    before = bench.state()
    bench.take("merge")
    bench.click(3.5, 3.5)
    bench.click(3.5, 0.5)
    assert "zone 2" in bench.answer(False)
    assert bench.state() == before
    bench.click(3.5, 3.5)
    bench.click(3.5, 0.5)
    bench.answer(True)
    zones = bench.geometry(ZONES)
    assert set(zones) == {"1", "3"} and same_ground(zones["3"], bench.box(2, 0, 4, 4))
    assert set(bench.values("unit_membership", "zone_code", "unit_name").values()) == {"1", "3"}
    assert bench.values("project", "zone_codes")["P1"] == '{"3"}'
    bench.assert_sound()
    stacks = [bench.layer(t).undoStack() for t in (ZONES, "unit_membership", "project")]
    assert [s.count() for s in stacks] == [1, 1, 1]
    stacks[1].undo()
    assert bench.state() == before, "one undo, on any of the layers, takes all back"
    stacks[2].redo()
    assert set(bench.geometry(ZONES)) == {"1", "3"}


def test_a_merged_zones_key_areas_belong_to_the_other(bench: Bench) -> None:
    bench.take("merge")
    bench.click(3.5, 0.5)
    bench.click(0.5, 0.5)
    bench.answer(True)
    assert bench.values(AREAS, "zone_code") == {"K1": "2"}
    assert same_ground(bench.geometry(AREAS)["K1"], bench.box(1, 1, 2, 2)), "its ground stays"


def test_merging_a_zone_with_itself_is_refused(bench: Bench) -> None:
    bench.take("merge")
    bench.click(3.5, 0.5)
    bench.click(3.5, 0.5)
    assert "another zone" in bench.last() and bench.layer(ZONES).undoStack().count() == 0


def test_a_separate_piece_goes_to_the_neighbour(bench: Bench) -> None:
    # Zone 1 gets t33, which lies apart from it, and gives it on to zone 2
    bench.take("transfer")
    bench.click(0.5, 0.5)
    bench.click(3.5, 3.5)
    assert "in 2 pieces" in bench.answer(True)
    bench.take("give_part")
    bench.click(3.5, 3.5)
    bench.click(3.5, 0.5)
    bench.answer(True)
    assert same_ground(bench.geometry(ZONES)["1"], bench.box(0, 0, 2, 4))
    assert bench.values(UNITS, "zone_code")["t33"] == "2"
    bench.assert_sound()


def test_selected_features_are_given(bench: Bench) -> None:
    towns = bench.layer(UNITS)
    bench.iface.setActiveLayer(towns)
    towns.selectByExpression("\"code\" in ('t20', 't21')")
    bench.take("give_part")
    bench.click(2.5, 0.5)
    bench.click(0.5, 0.5)
    assert same_ground(bench.geometry(ZONES)["1"], bench.box(0, 0, 2, 4).union(bench.box(2, 0, 3, 2))), bench.said()


def test_a_whole_zone_is_not_given_away(bench: Bench) -> None:
    before = bench.state()
    bench.take("give_part")
    bench.click(3.5, 0.5)
    bench.click(0.5, 0.5)
    assert "merge" in bench.last()
    assert bench.state() == before


def test_a_shared_vertex_is_dragged_in_all_that_have_it(bench: Bench) -> None:
    before = bench.state()
    bench.take("vertex")
    bench.drag((2, 1), (2.2, 1.1), (2.4, 1.2))
    for shape in (bench.geometry(ZONES)["1"], bench.geometry(ZONES)["2"], bench.geometry(AREAS)["K1"]):
        assert not has_vertex(shape, 2, 1)
    bench.assert_sound()
    bench.layer(ZONES).undoStack().undo()
    assert bench.state() == before


def test_a_vertex_clicked_is_carried_to_the_next_click_which_snaps(bench: Bench) -> None:
    bench.take("vertex")
    bench.click(2, 1)
    bench.click(3.02, 0.98)
    assert has_vertex(bench.geometry(ZONES)["2"], 3, 1), "the corner of four towns"
    assert has_vertex(bench.geometry(AREAS)["K1"], 3, 1)


def test_a_vertex_is_added_by_double_click_and_removed_by_delete(bench: Bench) -> None:
    bench.take("vertex")
    corners = len(shapely.get_coordinates(bench.geometry(ZONES)["1"]))
    bench.double_click(2, 3.3)
    assert len(shapely.get_coordinates(bench.geometry(ZONES)["1"])) == corners + 1
    bench.assert_sound()
    bench.move(2, 3.3)
    bench.key(Qt.Key.Key_Delete)
    assert len(shapely.get_coordinates(bench.geometry(ZONES)["1"])) == corners
    bench.move(2, 2)
    bench.key(Qt.Key.Key_Delete)
    assert "Three borders" in bench.last()
    bench.assert_sound()


def test_a_vertex_on_the_edge_of_the_city_stays(bench: Bench) -> None:
    before = bench.state()
    bench.take("vertex")
    bench.drag((4, 4), (3.5, 3.5))
    assert "edge of the city" in bench.last()
    bench.click(4, 0)
    bench.key(Qt.Key.Key_Escape)
    bench.click(3.5, 0.5)
    assert bench.state() == before


def test_on_earth_is_a_tenth_of_a_degree_a_square() -> None:
    assert on_earth(shapely.box(0, 0, 1, 1)).bounds == (124.0, 41.0, 124.1, 41.1)
