"""A shared vertex moved, added, taken away: in every feature that has it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from restoration_planner.core.coverage.mosaic import Outcome
from restoration_planner.core.coverage.vertices import add_vertex, move_vertex, remove_vertex
from restoration_planner.core.errors import PlannerError
from restoration_planner.tests.mosaics import after, assert_sound, three_zones

A, B, C = 0, 1, 2
WHOLE = shapely.box(0, 0, 4, 4)


def refusal(action: Callable[..., Outcome], *arguments: object) -> str:
    with pytest.raises(PlannerError) as refused:
        action(*arguments)
    assert str(refused.value)
    return refused.value.message.id


def test_a_vertex_moves_in_both_zones_and_in_the_key_area() -> None:
    mosaic = three_zones()
    made = move_vertex(mosaic, (2.0, 1.0), (2.3, 0.9))
    assert set(made.zones) == {A, B} and set(made.areas) == {0}
    assert shapely.equals(made.areas[0], shapely.from_wkt("POLYGON ((1 1, 2.3 0.9, 2 2, 1 2, 1 1))"))
    assert_sound(after(mosaic, made), WHOLE)


def test_a_junction_of_three_zones_moves_in_all_of_them() -> None:
    mosaic = three_zones()
    made = move_vertex(mosaic, (2.0, 2.0), (2.2, 2.2))
    assert set(made.zones) == {A, B, C}
    assert_sound(after(mosaic, made), WHOLE)


def test_a_vertex_is_added_to_an_edge_that_two_zones_share_and_taken_away_again() -> None:
    mosaic = three_zones()
    made = add_vertex(mosaic, ((2.0, 0.0), (2.0, 1.0)), (2.0, 0.5))
    assert set(made.zones) == {A, B} and shapely.get_num_coordinates(made.zones[B]) == 7
    more = after(mosaic, made)
    assert_sound(more, WHOLE)
    back = after(more, remove_vertex(more, (2.0, 0.5)))
    assert_sound(back, WHOLE)
    assert shapely.equals(back.zones.geometry, mosaic.zones.geometry).all()
    assert (
        shapely.get_num_coordinates(back.zones.geometry) == shapely.get_num_coordinates(mosaic.zones.geometry)
    ).all()


@pytest.mark.parametrize(
    ("action", "arguments", "reason"),
    [
        (move_vertex, ((9.0, 9.0), (8.0, 8.0)), "no_such_vertex"),
        (move_vertex, ((0.0, 0.0), (0.5, 0.5)), "edge_of_city"),
        (move_vertex, ((2.0, 1.0), (5.0, 1.0)), "border_crosses"),
        (move_vertex, ((1.0, 1.0), (-0.5, 1.0)), "area_outside_zone"),
        (remove_vertex, ((2.0, 2.0),), "borders_meet"),
        (remove_vertex, ((4.0, 0.0),), "edge_of_city"),
    ],
)
def test_what_would_break_the_tiling_is_refused(
    action: Callable[..., Outcome], arguments: tuple[object, ...], reason: str
) -> None:
    assert refusal(action, three_zones(), *arguments) == f"coverage.{reason}"


def test_a_vertex_moved_onto_its_neighbour_leaves_no_edge_without_length() -> None:
    mosaic = three_zones()
    made = move_vertex(mosaic, (2.0, 1.0), (2.0, 2.0))
    for geometry in made.zones.values():
        xy = shapely.get_coordinates(geometry)
        assert (np.abs(np.diff(xy, axis=0)).sum(axis=1) > 0).all()
    assert_sound(after(mosaic, made), WHOLE)
