"""What becomes of a shape that is given as a site: put right, measured, joined with what was there, or refused."""

from __future__ import annotations

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.projection import Place
from restoration_planner.core.sites.chosen import united, within, without
from restoration_planner.core.sites.site import ADD, CUT, REPLACE, combine, settle

CITY = Place((124.0, 41.0, 125.0, 42.0))
SQUARE = shapely.from_wkt("POLYGON ((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.2, 124.1 41.1))")
BESIDE = shapely.from_wkt("POLYGON ((124.2 41.1, 124.3 41.1, 124.3 41.2, 124.2 41.2, 124.2 41.1))")
AWAY = shapely.from_wkt("POLYGON ((124.5 41.5, 124.6 41.5, 124.6 41.6, 124.5 41.6, 124.5 41.5))")
BOW_TIE = shapely.from_wkt("POLYGON ((124.1 41.1, 124.2 41.2, 124.2 41.1, 124.1 41.2, 124.1 41.1))")


def ids(site: object) -> list[str]:
    return [note.id for note in site.notes]  # type: ignore[attr-defined]


def test_a_plain_outline_is_its_own_site_with_the_area_that_geod_finds_along_parallels() -> None:
    site = settle(SQUARE, CITY)
    # Edges along parallels are straight in degrees: Geod's are geodesics, so it is given many short ones
    lon, lat = shapely.get_coordinates(shapely.segmentize(SQUARE, 0.001)).T
    area, _ = pyproj.Geod(ellps="GRS80").polygon_area_perimeter(lon, lat)
    assert site.area_m2 == pytest.approx(abs(area), rel=1e-6)
    assert (site.parts, site.notes) == (1, ())
    assert shapely.get_coordinates(site.geometry).tolist() == shapely.get_coordinates(SQUARE).tolist()


def test_both_sides_of_a_crossing_count_and_the_place_is_told() -> None:
    site = settle(BOW_TIE, CITY)
    assert ids(site) == ["site.crossed"]
    assert "124.15000°E, 41.15000°N" in site.notes[0].in_language("en")
    assert site.parts == 2
    assert site.area_m2 == pytest.approx(settle(SQUARE).area_m2 / 2, rel=2e-3)


@pytest.mark.parametrize(
    ("wkt", "sentence"),
    [
        (None, "no ground yet"),
        ("POLYGON EMPTY", "no ground yet"),
        ("POLYGON ((124.1 41.1, 124.2 41.2, 124.1 41.1, 124.1 41.1))", "encloses no ground"),
        ("POLYGON ((124.1 41.1, 124.100001 41.1, 124.100001 41.100001, 124.1 41.1))", "Zoom in"),
        ("POLYGON ((24.1 41.1, 24.2 41.1, 24.2 41.2, 24.1 41.1))", "zone number"),
    ],
)
def test_what_is_no_site_is_refused_with_what_to_do(wkt: str | None, sentence: str) -> None:
    with pytest.raises(PlannerError) as refused:
        settle(None if wkt is None else shapely.from_wkt(wkt), CITY)
    assert sentence in refused.value.message.in_language("en")
    assert refused.value.message.in_language("zh")


def test_a_site_that_leaves_the_city_a_little_is_taken_and_told() -> None:
    across = shapely.box(124.9, 41.5, 125.1, 41.6)
    assert ids(settle(across, CITY)) == ["site.leaves_city"]
    assert ids(settle(across, None)) == []


def test_a_further_part_stands_beside_the_first_with_its_vertices_untouched() -> None:
    site = combine(settle(SQUARE).geometry, settle(AWAY), ADD)
    assert site.parts == 2
    assert site.area_m2 == pytest.approx(settle(SQUARE).area_m2 + settle(AWAY).area_m2)
    given_vertices = {*map(tuple, shapely.get_coordinates(SQUARE)), *map(tuple, shapely.get_coordinates(AWAY))}
    assert set(map(tuple, shapely.get_coordinates(site.geometry))) == given_vertices


def test_a_part_that_overlaps_counts_once() -> None:
    site = combine(SQUARE, settle(shapely.box(124.15, 41.1, 124.25, 41.2)), ADD)
    assert ids(site) == ["site.overlapped"]
    assert site.geometry.equals(shapely.box(124.1, 41.1, 124.25, 41.2))
    assert combine(SQUARE, settle(BESIDE), ADD).parts == 1


def test_cutting_takes_away_and_refuses_what_would_change_nothing_or_leave_nothing() -> None:
    hole = shapely.box(124.14, 41.14, 124.16, 41.16)
    site = combine(SQUARE, settle(hole), CUT)
    assert site.geometry.equals(SQUARE.difference(hole))
    for present, new, message in [
        (SQUARE, AWAY, "site.cuts_nothing"),
        (SQUARE, shapely.box(124, 41, 125, 42), "site.nothing_left"),
        (None, SQUARE, "site.nothing_to_cut"),
    ]:
        with pytest.raises(PlannerError) as refused:
            combine(present, settle(new), CUT)
        assert refused.value.message.id == message


def test_replacing_forgets_what_was_there_and_adding_what_is_there_is_refused() -> None:
    assert combine(BOW_TIE, settle(AWAY), REPLACE).geometry.equals(AWAY)
    assert combine(None, settle(AWAY), ADD).geometry.equals(AWAY)
    with pytest.raises(PlannerError) as refused:
        combine(SQUARE, settle(shapely.box(124.12, 41.12, 124.13, 41.13)), ADD)
    assert refused.value.message.id == "site.inside_already"


def test_a_present_site_that_is_faulty_is_put_right_on_the_way() -> None:
    site = combine(BOW_TIE, settle(AWAY), ADD)
    assert "site.was_invalid" in ids(site)
    assert shapely.is_valid(site.geometry)


def test_towns_become_one_piece_without_the_hair_between_them() -> None:
    # The eastern town has a vertex more on the common border, a centimetre to the east
    east = shapely.from_wkt(
        "POLYGON ((124.2 41.1, 124.3 41.1, 124.3 41.2, 124.2 41.2, 124.2 41.18, 124.2000001 41.15, 124.2 41.12, 124.2 41.1))"
    )
    ground, notes = united([SQUARE, east, None])
    assert [n.id for n in notes] == ["site.gaps_closed"]
    assert settle(ground).parts == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(ground)).sum() == 0


def test_a_hole_that_is_meant_stays() -> None:
    ring = [
        shapely.box(0, 0, 3, 1), shapely.box(0, 2, 3, 3), shapely.box(0, 1, 1, 2), shapely.box(2, 1, 3, 2)
    ]  # fmt: skip
    placed = [shapely.transform(shape, lambda xy: xy / 100 + (124, 41)) for shape in ring]
    ground, notes = united(placed)
    assert notes == []
    assert shapely.get_num_interior_rings(shapely.get_parts(ground)).sum() == 1


def test_only_what_lies_within_a_zone_is_taken_or_only_what_lies_outside() -> None:
    zone = shapely.box(124.15, 41.0, 125.0, 42.0)
    assert within(SQUARE, zone).equals(shapely.box(124.15, 41.1, 124.2, 41.2))
    assert without(SQUARE, zone).equals(shapely.box(124.1, 41.1, 124.15, 41.2))
    assert within(BOW_TIE, zone).area == pytest.approx(0.5 * 0.05 * 0.1)
    with pytest.raises(PlannerError) as refused:
        within(shapely.box(124.01, 41.1, 124.1, 41.2), zone)
    assert refused.value.message.id == "site.not_within"
    with pytest.raises(PlannerError):
        without(AWAY, zone)


boxes = st.tuples(
    st.integers(0, 90), st.integers(0, 90), st.integers(1, 40), st.integers(1, 40)
).map(lambda t: shapely.box(124 + t[0] / 100, 41 + t[1] / 100, 124 + (t[0] + t[2]) / 100, 41 + (t[1] + t[3]) / 100))  # fmt: skip


@given(boxes, boxes)
def test_adding_and_then_cutting_the_same_leaves_the_rest_of_the_first(
    first: shapely.Polygon, second: shapely.Polygon
) -> None:
    try:
        both = combine(first, settle(second), ADD)
    except PlannerError as refused:
        assert refused.message.id == "site.inside_already"
        assert first.covers(second)
        return
    assert both.area_m2 <= settle(first).area_m2 + settle(second).area_m2 + 1
    if second.covers(first):
        return
    left = combine(both.geometry, settle(second), CUT)
    assert shapely.symmetric_difference(left.geometry, first.difference(second)).area < 1e-12
