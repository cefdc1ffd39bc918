"""Ground given, zones split and merged, borders reshaped: pictured on three zones, and sound on any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.coverage.mosaic import Mosaic, Outcome
from restoration_planner.core.coverage.reshape import reshape_border
from restoration_planner.core.coverage.transfer import give_ground, merge_zones, split_zone
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.tests.mosaics import CITY, after, assert_sound, random_city, three_zones, tiles

A, B, C = 0, 1, 2
WHOLE = shapely.box(0, 0, 4, 4)


def same(geometry: shapely.Geometry | None, wkt: str) -> bool:
    """Whether two geometries cover the same ground."""
    return geometry is not None and bool(shapely.equals(geometry, shapely.from_wkt(wkt)))


def ids(made: Outcome) -> list[str]:
    return [question.id for question in made.questions]


def refusal(action: Callable[..., Outcome], *arguments: object) -> str:
    with pytest.raises(PlannerError) as refused:
        action(*arguments)
    assert str(refused.value)
    return refused.value.message.id


# --- ground given ---------------------------------------------------------------------------------


def test_a_town_goes_from_one_zone_to_the_other() -> None:
    mosaic = three_zones()
    made = give_ground(mosaic, [shapely.box(2, 0, 3, 1)], A)
    assert set(made.zones) == {A, B} and not made.areas and not made.questions
    assert same(made.zones[A], "POLYGON ((0 0, 3 0, 3 1, 2 1, 2 4, 0 4, 0 0))")
    assert same(made.zones[B], "POLYGON ((3 0, 4 0, 4 2, 2 2, 2 1, 3 1, 3 0))")
    assert_sound(after(mosaic, made), WHOLE)


def test_a_key_area_that_would_leave_its_zone_is_named_before() -> None:
    mosaic = three_zones()
    made = give_ground(mosaic, [shapely.box(1, 1, 2, 1.5)], B)
    assert ids(made) == ["coverage.area_leaves"] and "K1" in str(made.questions[0])
    assert same(made.areas[0], "POLYGON ((1 1.5, 2 1.5, 2 2, 1 2, 1 1.5))")
    whole = give_ground(mosaic, [shapely.box(1, 1, 2, 2)], B)
    assert ids(whole) == ["coverage.area_gone"] and whole.areas == {0: None}


def test_a_zone_that_would_be_in_pieces_is_asked_about() -> None:
    made = give_ground(three_zones(), [shapely.box(0, 2, 2, 3)], C)
    assert ids(made) == ["coverage.in_pieces"] and len(shapely.get_parts(made.zones[A])) == 2


def test_towns_inside_a_zone_and_several_at_once() -> None:
    mosaic = three_zones()
    made = give_ground(mosaic, [shapely.box(2.5, 0.5, 3, 1), shapely.box(3, 0.5, 3.5, 1), shapely.box(3, 2, 3.5, 3)], A)
    assert set(made.zones) == {A, B, C} and ids(made) == ["coverage.in_pieces"]
    assert_sound(after(mosaic, made), WHOLE)


def test_what_cannot_be_given_is_said() -> None:
    mosaic = three_zones()
    assert refusal(give_ground, mosaic, [shapely.box(0, 0, 1, 1)], A) == "coverage.has_it_already"
    assert refusal(give_ground, mosaic, [shapely.box(8, 8, 9, 9)], A) == "coverage.outside_zones"
    assert refusal(give_ground, mosaic, [shapely.box(2, 0, 4, 2)], A) == "coverage.swallows"


# --- borders reshaped -----------------------------------------------------------------------------


def test_a_border_follows_the_line_in_both_zones_and_in_the_key_area_that_has_it() -> None:
    mosaic = three_zones()
    line = shapely.from_wkt("LINESTRING (1.5 0.5, 2.5 0.5, 2.5 1.5, 1.5 1.5)")
    made = reshape_border(mosaic, line)
    assert same(made.zones[A], "POLYGON ((0 0, 2 0, 2 0.5, 2.5 0.5, 2.5 1.5, 2 1.5, 2 4, 0 4, 0 0))")
    assert same(made.zones[B], "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 1.5, 2.5 1.5, 2.5 0.5, 2 0.5, 2 0))")
    assert same(made.areas[0], "POLYGON ((1 1, 2 1, 2 0.5, 2.5 0.5, 2.5 1.5, 2 1.5, 2 2, 1 2, 1 1))")
    assert_sound(after(mosaic, made), WHOLE)


def test_a_border_where_three_zones_meet_changes_all_three() -> None:
    mosaic = three_zones()
    made = reshape_border(mosaic, shapely.from_wkt("LINESTRING (1.5 1.5, 2.5 1.5, 2.5 2.5, 1.5 2.5)"))
    assert set(made.zones) == {A, B, C}
    assert same(made.zones[C], "POLYGON ((2.5 2, 4 2, 4 4, 2 4, 2 2.5, 2.5 2.5, 2.5 2))")
    assert_sound(after(mosaic, made), WHOLE)


def test_the_line_may_be_drawn_from_either_side_and_in_either_direction() -> None:
    wkt = "LINESTRING (2.5 0.5, 1.5 0.5, 1.5 0.9, 2.5 0.9)"
    forth = reshape_border(three_zones(), shapely.from_wkt(wkt))
    back = reshape_border(three_zones(), shapely.reverse(shapely.from_wkt(wkt)))
    assert same(forth.zones[B], "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 0.9, 1.5 0.9, 1.5 0.5, 2 0.5, 2 0))")
    assert shapely.equals(back.zones[B], forth.zones[B])


def test_a_key_areas_own_border_moves_within_its_zone() -> None:
    mosaic = three_zones()
    line = shapely.from_wkt("LINESTRING (1.2 1.5, 0.5 1.5, 0.5 1.8, 1.2 1.8)")
    made = reshape_border(mosaic, line, True)
    assert same(made.areas[0], "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1.8, 0.5 1.8, 0.5 1.5, 1 1.5, 1 1))")
    assert not made.zones
    outside = shapely.from_wkt("LINESTRING (1.5 1.2, 3 1.2, 3 1.8, 1.5 1.8)")
    assert refusal(reshape_border, mosaic, outside, True) == "coverage.area_outside_zone"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("LINESTRING (1 1.5, 3 1.5)", "touches_once"),
        ("LINESTRING (0.2 0.2, 0.8 0.8)", "meets_nothing"),
        ("LINESTRING (1.5 0.5, 2.5 0.5, 2.5 0.7, 2.2 0.2, 1.5 0.9)", "crosses_itself"),
        ("LINESTRING (2 0.2, 2 1.8)", "follows_border"),
        ("LINESTRING (3.5 0.5, 5 0.5, 5 1.5, 3.5 1.5)", "leaves_city"),
        ("LINESTRING (4.5 0.5, 3.5 0.5, 3.5 1.5, 4.5 1.5)", "leaves_gap"),
        ("LINESTRING (3 1, 5 1, 5 3, 3 3)", "not_one_border"),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused_with_the_reason(line: str, reason: str) -> None:
    assert refusal(reshape_border, three_zones(), shapely.from_wkt(line)) == f"coverage.{reason}"


def test_a_line_that_would_swallow_a_zone_is_refused() -> None:
    """Around the whole of C: nothing would be left of it."""
    line = shapely.from_wkt("LINESTRING (1.9 4, 4 4, 4 2, 3.9 2)")
    assert refusal(reshape_border, three_zones(), line) in ("coverage.swallows", "coverage.follows_border")


# --- split and merge ------------------------------------------------------------------------------


def test_a_zone_is_split_and_the_larger_side_stays() -> None:
    mosaic = three_zones()
    made = split_zone(mosaic, A, shapely.from_wkt("LINESTRING (-1 1, 3 1)"))
    ((from_zone, new),) = made.new_zones
    assert from_zone == A and same(new, "POLYGON ((0 0, 2 0, 2 1, 0 1, 0 0))")
    assert same(made.zones[A], "POLYGON ((0 1, 2 1, 2 4, 0 4, 0 1))")
    assert_sound(after(mosaic, made), WHOLE)


def test_a_winding_split_makes_two_zones_and_not_many() -> None:
    """The line leaves the zone and comes back: what lies on its left is one new zone."""
    mosaic = three_zones()
    line = shapely.from_wkt("LINESTRING (-1 3, 1 3, 2.5 2.5, 2.5 1.5, 1 1, -1 1)")
    made = split_zone(mosaic, A, line)
    assert len(made.new_zones) == 1
    assert_sound(after(mosaic, made), WHOLE)


def test_a_line_that_ends_inside_splits_nothing() -> None:
    line = shapely.from_wkt("LINESTRING (-1 1, 1 1)")
    assert refusal(split_zone, three_zones(), A, line) == "coverage.not_cut_through"


def test_neighbours_are_merged_and_strangers_are_not() -> None:
    mosaic = three_zones()
    made = merge_zones(mosaic, B, C)
    assert made.removed_zones == [C] and same(made.zones[B], "POLYGON ((2 0, 4 0, 4 4, 2 4, 2 0))")
    assert_sound(after(mosaic, made), WHOLE)
    four = Mosaic(tiles("", [*mosaic.zones.geometry, shapely.box(8, 0, 9, 1)]), mosaic.areas, [0])
    assert refusal(merge_zones, four, A, 3) == "coverage.not_neighbours"
    assert refusal(merge_zones, mosaic, A, A) == "coverage.not_neighbours"


# --- any actions, one after the other -------------------------------------------------------------


def _line_near(random: np.random.Generator, geometry: shapely.Geometry) -> shapely.LineString:
    """A line that leaves a feature's border, runs beside it, and comes back over it."""
    ring = shapely.get_exterior_ring(shapely.get_parts(geometry)[0])
    border = shapely.linestrings(shapely.get_coordinates(ring))
    start = random.uniform(0, 0.9) * shapely.length(border)
    ends = shapely.line_interpolate_point(border, [start, start + random.uniform(0.005, 0.05)])
    first, last = shapely.get_coordinates(ends)
    aside = random.normal(0, 0.01, 2)
    middle = (first + last) / 2 + aside * random.uniform(0.8, 1.4)
    return shapely.linestrings(
        [
            first - aside * random.uniform(0, 0.7),
            first + aside,
            middle,
            last + aside,
            last - aside * random.uniform(0, 0.7),
        ]
    )


def _any_action(random: np.random.Generator, mosaic: Mosaic, towns: list[shapely.Geometry]) -> Outcome:
    kind = random.choice(["give", "reshape", "reshape", "area", "split", "merge"])
    if kind == "give":
        chosen = random.choice(len(towns), random.integers(1, 4), replace=False)
        return give_ground(mosaic, [towns[i] for i in chosen], int(random.integers(len(mosaic.zones))))
    if kind == "split":
        zone = int(random.integers(len(mosaic.zones)))
        west, south, east, north = shapely.bounds(mosaic.zones.geometry[zone])
        heights = random.uniform(south, north, 3)
        line = np.column_stack([[west - 0.1, (west + east) / 2, east + 0.1], heights])
        return split_zone(mosaic, zone, shapely.linestrings(line))
    if kind == "merge":
        into, other = random.choice(len(mosaic.zones), 2, replace=False)
        return merge_zones(mosaic, int(into), int(other))
    present = [g for g in (mosaic.areas if kind == "area" else mosaic.zones).geometry if g is not None]
    if not present:
        raise PlannerError("coverage.meets_nothing")
    return reshape_border(mosaic, _line_near(random, present[random.integers(len(present))]), kind == "area")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_done_the_zones_tile_the_city(seed: int) -> None:
    """Twenty-five actions in a row: no gap, no overlap, every vertex shared, every geometry valid, the same ground."""
    mosaic, towns = random_city(seed)
    assert_sound(mosaic, CITY)
    total = float(ellipsoidal_area(mosaic.zones.geometry).sum())
    random = np.random.default_rng(seed)
    for _ in range(25):
        if len(mosaic.zones) < 2:
            break
        try:
            mosaic = after(mosaic, _any_action(random, mosaic, towns))
        except PlannerError as refused:
            assert refused.message.id.startswith("coverage.")
            continue
        assert_sound(mosaic, CITY)
    assert float(ellipsoidal_area(mosaic.zones.geometry).sum()) == pytest.approx(total, abs=1.0)


# --- zones inside zones, and ground that is not edge-matched ---------------------------------------


@pytest.mark.parametrize("older_around", [True, False])
def test_an_enclaves_border_moves_whichever_zone_is_older(older_around: bool) -> None:
    around = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    enclave = shapely.box(1, 1, 2, 2)
    shapes = [around, enclave] if older_around else [enclave, around]
    mosaic = Mosaic(tiles("Z", shapes), tiles("K", []), [])
    inner = shapes.index(enclave)
    bulge = reshape_border(mosaic, shapely.from_wkt("LINESTRING (1.5 1.2, 2.5 1.5, 1.5 1.8)"))
    assert shapely.area(bulge.zones[inner]) > 1
    assert_sound(after(mosaic, bulge), WHOLE)
    dent = reshape_border(mosaic, shapely.from_wkt("LINESTRING (2.5 1.2, 1.5 1.5, 2.5 1.8)"))
    assert shapely.area(dent.zones[inner]) < 1
    assert_sound(after(mosaic, dent), WHOLE)


def test_ground_that_holds_a_zone_wholly_would_swallow_it() -> None:
    assert refusal(give_ground, three_zones(), [shapely.box(-1, -1, 9, 9)], A) == "coverage.swallows"


def test_ground_that_is_not_edge_matched_is_given_all_the_same() -> None:
    mosaic = three_zones()
    squares = [
        shapely.box(0, 0, 1, 1),
        shapely.box(1, 0, 2, 0.5),
        shapely.box(1, 0.5, 2, 1),
        shapely.box(0.2, 0.2, 0.8, 0.8),
    ]
    made = give_ground(mosaic, squares, B)
    assert same(made.zones[B], "POLYGON ((0 0, 4 0, 4 2, 2 2, 2 1, 0 1, 0 0))")
    assert_sound(after(mosaic, made), WHOLE)


def test_a_split_that_crosses_itself_is_refused() -> None:
    line = shapely.from_wkt("LINESTRING (-1 2, 1.5 2.5, 1.5 3, 1 1.5, 3 3)")
    assert refusal(split_zone, three_zones(), A, line) == "coverage.crosses_itself"


def test_five_hundred_edits_leave_the_city_as_it_was() -> None:
    """Five hundred that are done, not merely tried: the same ground to a square metre, and a sound mosaic all along."""
    mosaic, towns = random_city(20351231, zones=6, towns=44)
    total = float(ellipsoidal_area(mosaic.zones.geometry).sum())
    random, done = np.random.default_rng(5), 0
    for _ in range(4000):
        if done == 500:
            break
        try:
            after_it = after(mosaic, _any_action(random, mosaic, towns))
        except PlannerError:
            continue
        if not 3 <= len(after_it.zones) <= 12:  # neither one zone of everything nor a patchwork
            continue
        mosaic, done = after_it, done + 1
        if done % 10 == 0:
            assert_sound(mosaic, CITY)
    assert done == 500
    assert_sound(mosaic, CITY)
    assert float(ellipsoidal_area(mosaic.zones.geometry).sum()) == pytest.approx(total, abs=1.0)
