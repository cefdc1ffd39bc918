"""Corridors and circles: widths in metres as the geodesic on the ellipsoid finds them, not as this package does."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.sites.along import nearest_on, part_between
from restoration_planner.core.sites.around import corridor, discs

GEOD = pyproj.Geod(ellps="GRS80")
#: From west to east along a parallel, 84 km; left is north
EAST = shapely.from_wkt("LINESTRING (124.0 41.0, 124.4 41.0, 125.0 41.0)")
#: Up and then sharply back down: the bend is sharper than the width
HAIRPIN = shapely.from_wkt("LINESTRING (124.0 41.0, 124.01 41.05, 124.012 41.0)")


def beside(place: tuple[float, float], azimuth: float, metres: float) -> shapely.Point:
    lon, lat, _ = GEOD.fwd(*place, azimuth, metres)
    return shapely.Point(lon, lat)


@pytest.mark.parametrize("lon", [124.05, 124.2, 124.4, 124.77, 124.95])
@pytest.mark.parametrize(("left", "right"), [(100, 100), (30, 250), (0, 80), (80, 0)])
def test_a_corridor_is_as_wide_on_each_side_as_asked_within_five_centimetres(
    lon: float, left: float, right: float
) -> None:
    ground = corridor(EAST, left, right)
    for azimuth, width in ((0, left), (180, right)):
        if width:
            assert ground.covers(beside((lon, 41.0), azimuth, width - 0.05))
        assert not ground.covers(beside((lon, 41.0), azimuth, width + 0.05))


def test_a_corridors_area_is_length_by_width() -> None:
    length = float(np.sum(GEOD.line_lengths(*shapely.get_coordinates(shapely.segmentize(EAST, 0.001)).T)))
    assert float(ellipsoidal_area(corridor(EAST, 50, 50))) == pytest.approx(100 * length, rel=2e-4)
    assert float(ellipsoidal_area(corridor(EAST, 20, 60))) == pytest.approx(80 * length, rel=2e-4)


@pytest.mark.parametrize(("left", "right"), [(200, 199.9), (200, 1), (1, 200)])
def test_no_ground_is_lost_in_a_bend_sharper_than_the_width(left: float, right: float) -> None:
    ground = corridor(HAIRPIN, left, right)
    assert shapely.is_valid(ground)
    assert ground.covers(shapely.LineString(shapely.get_coordinates(HAIRPIN)[:2]).interpolate(0.5, normalized=True))
    # Beyond the tip lies the left side's sector: the line turns right there
    assert ground.covers(beside((124.01, 41.05), 5, left - 0.2))
    assert not ground.covers(beside((124.01, 41.05), 5, left + 1))


def test_two_sides_of_one_width_are_the_plain_corridor() -> None:
    plain = corridor(HAIRPIN, 60, 60)
    sides = corridor(HAIRPIN, 60, 60.0001)
    assert shapely.symmetric_difference(plain, sides).area < 1e-3 * plain.area


def test_lines_that_meet_leave_no_notch_and_keep_their_direction() -> None:
    up, right = (
        shapely.from_wkt("LINESTRING (124 41, 124 41.01)"),
        shapely.from_wkt("LINESTRING (124 41.01, 124.01 41.01)"),
    )
    ground = corridor([up, right], 50, 50)
    assert ground.geom_type == "Polygon"
    assert ground.covers(beside((124.0, 41.01), 315, 49)), "the corner that two flat ends would leave open"
    left_only = corridor([up, right], 40, 0)
    assert left_only.covers(beside((124.0, 41.005), 270, 39))
    assert left_only.covers(beside((124.0, 41.01), 315, 39))
    assert not left_only.covers(beside((124.0, 41.005), 90, 1))


@pytest.mark.parametrize("widths", [(0, 0), (-1, 5), (5, 1e6)])
def test_a_width_that_is_none_is_refused(widths: tuple[float, float]) -> None:
    with pytest.raises(PlannerError, match="one side at least|至少一侧"):
        corridor(EAST, *widths)


def test_no_line_is_refused() -> None:
    with pytest.raises(PlannerError):
        corridor([None, shapely.from_wkt("LINESTRING EMPTY")], 5, 5)


def test_a_circles_edge_is_the_radius_away_everywhere() -> None:
    ground = discs([(124.3, 41.2)], 500)
    lon, lat = shapely.get_coordinates(ground).T
    _, _, metres = GEOD.inv(np.full(len(lon), 124.3), np.full(len(lat), 41.2), lon, lat)
    assert metres == pytest.approx(500, abs=1e-6)
    assert float(ellipsoidal_area(ground)) == pytest.approx(np.pi * 500**2, rel=3e-4)


def test_circles_that_overlap_are_one_piece() -> None:
    assert discs([(124.3, 41.2), (124.305, 41.2)], 500).geom_type == "Polygon"
    assert discs([(124.3, 41.2), (124.5, 41.2)], 500).geom_type == "MultiPolygon"
    for places, radius in (([], 500), ([(124.3, 41.2)], 0), ([(124.3, 41.2)], 1e7)):
        with pytest.raises(PlannerError):
            discs(places, radius)


# A main river from west to east in two pieces, and a tributary from the north between them
UPPER = shapely.from_wkt("LINESTRING (124.0 41.0, 124.1 41.0, 124.2 41.0)")
LOWER = shapely.from_wkt("LINESTRING (124.2 41.0, 124.4 41.0)")
TRIBUTARY = shapely.from_wkt("MULTILINESTRING ((124.2 41.2, 124.2 41.1), (124.2 41.1, 124.2 41.0))")


def test_the_part_of_a_river_between_two_places_goes_over_its_pieces() -> None:
    way = part_between([UPPER, LOWER], (124.05, 41.001), (124.3, 40.999))
    assert shapely.hausdorff_distance(way, shapely.from_wkt("LINESTRING (124.05 41, 124.3 41)")) < 1e-9
    assert way.coords[0] == pytest.approx((124.05, 41.0))
    back = part_between([UPPER, LOWER], (124.3, 41), (124.05, 41))
    assert back.coords[0] == pytest.approx((124.3, 41.0)), "it begins where the planner began"


def test_the_way_goes_from_a_tributary_into_the_river() -> None:
    way = part_between([UPPER, LOWER, TRIBUTARY], (124.2, 41.15), (124.1, 41.0))
    assert shapely.get_coordinates(way).round(9).tolist() == [
        [124.2, 41.15],
        [124.2, 41.1],
        [124.2, 41.0],
        [124.1, 41.0],
    ]


def test_the_shorter_way_round_an_island_is_taken() -> None:
    north = shapely.from_wkt("LINESTRING (124.1 41, 124.15 41.1, 124.2 41)")
    south = shapely.from_wkt("LINESTRING (124.1 41, 124.15 40.99, 124.2 41)")
    ends = [shapely.from_wkt("LINESTRING (124 41, 124.1 41)"), shapely.from_wkt("LINESTRING (124.2 41, 124.3 41)")]
    way = part_between([north, south, *ends], (124.05, 41), (124.25, 41))
    assert [124.15, 40.99] in shapely.get_coordinates(way).round(9).tolist()


def test_rivers_that_do_not_meet_lead_nowhere() -> None:
    with pytest.raises(PlannerError) as refused:
        part_between([UPPER, shapely.from_wkt("LINESTRING (124 42, 125 42)")], (124.05, 41), (124.5, 42))
    assert refused.value.message.id == "site.not_connected"
    with pytest.raises(PlannerError):
        part_between([UPPER], (124.05, 41), (124.05, 41))
    with pytest.raises(PlannerError):
        part_between([], (124.05, 41), (124.1, 41))


def test_the_nearest_place_on_a_river() -> None:
    assert nearest_on([UPPER, TRIBUTARY], (124.05, 41.02)) == pytest.approx((124.05, 41.0))
    assert nearest_on([UPPER, TRIBUTARY], (124.21, 41.15)) == pytest.approx((124.2, 41.15))


@pytest.mark.parametrize("widths", [(300, 900), (900, 300), (300, 300), (0, 700)])
def test_a_corridor_about_a_bend_is_sound_without_repair(widths: tuple[float, float]) -> None:
    bend = shapely.from_wkt("LINESTRING (124.1 41.3, 124.2 41.33, 124.3 41.3)")
    ground = corridor(bend, *widths)
    assert shapely.is_valid(ground)
    assert ground.geom_type == "Polygon"
    assert shapely.get_num_interior_rings(ground) == 0
    assert shapely.get_num_coordinates(ground) < 120, "no more corners than the edge needs"
