"""What the coverage guard finds and how it mends it, pictured on three zones, and on real towns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from restoration_planner.core.coverage.mosaic import Mosaic
from restoration_planner.core.coverage.problems import Guard, Problem, find_problems
from restoration_planner.tests.mosaics import after, three_zones, tiles

fiona = pytest.importorskip("fiona")

WEST, SOUTH_EAST, NORTH_EAST, KEY = 0, 1, 2, 0
SQUARE = shapely.box(0, 0, 4, 4)
wkt = shapely.from_wkt


def put(
    zones: dict[int, str] | None = None, areas: dict[int, str] | None = None, mosaic: Mosaic | None = None
) -> Mosaic:
    """`three_zones` (pictured there) with some features drawn otherwise."""
    mosaic = mosaic or three_zones()
    new = [wkt((zones or {})[k]) if k in (zones or {}) else g for k, g in enumerate(mosaic.zones.geometry)]
    kept = [wkt((areas or {})[k]) if k in (areas or {}) else g for k, g in enumerate(mosaic.areas.geometry)]
    return Mosaic(tiles("", new), tiles("K", kept), mosaic.zone_of_area)


def mended(mosaic: Mosaic, problem: Problem, way: int = 0) -> Mosaic:
    made = problem.mendings[way].outcome
    zones = [made.zones.get(k, g) for k, g in enumerate(mosaic.zones.geometry)]
    areas = [made.areas.get(k, g) for k, g in enumerate(mosaic.areas.geometry)]
    return Mosaic(tiles("", zones), tiles("K", areas), mosaic.zone_of_area)


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def covers(geometry: shapely.Geometry, expected: str) -> bool:
    return bool(shapely.equals(geometry, wkt(expected)))


@pytest.mark.parametrize("city", [SQUARE, None], ids=["city known", "city not known"])
def test_three_zones_that_tile_have_no_problem(city: shapely.Geometry | None) -> None:
    assert find_problems(three_zones(), city) == []


def test_no_features_have_no_problem() -> None:
    assert find_problems(Mosaic(tiles("", []), tiles("K", []), [])) == []


@pytest.mark.parametrize("city", [SQUARE, None], ids=["city known", "city not known"])
def test_a_hole_between_two_zones_is_a_gap_and_goes_to_the_longest_border(city: shapely.Geometry | None) -> None:
    mosaic = put({SOUTH_EAST: "POLYGON ((2 0, 4 0, 4 2, 2 2, 2.5 1, 2 0))"})
    gap = only(find_problems(mosaic, city))
    assert (gap.kind, gap.zones) == ("gap", (SOUTH_EAST, WEST))
    assert covers(gap.geometry, "POLYGON ((2 0, 2 2, 2.5 1, 2 0))")
    area, _ = Geod(ellps="GRS80").geometry_area_perimeter(shapely.segmentize(gap.geometry, 0.0005))
    assert gap.area_m2 == pytest.approx(abs(area), rel=2e-4)
    to_longest, to_west = gap.mendings
    assert "2" in to_longest.caption.in_language("en")
    assert shapely.equals(to_longest.outcome.zones[SOUTH_EAST], shapely.box(2, 0, 4, 2))
    assert covers(to_west.outcome.zones[WEST], "POLYGON ((0 0, 2 0, 2.5 1, 2 2, 2 4, 0 4, 0 0))")
    for way in (0, 1):
        assert find_problems(mended(mosaic, gap, way), city) == []


def test_a_city_without_zones_is_one_gap_and_a_zone_without_ground_is_no_obstacle() -> None:
    gap = only(find_problems(Mosaic(tiles("", [None, None]), tiles("K", [None]), [0]), SQUARE))
    assert gap.kind == "gap" and shapely.equals(gap.geometry, SQUARE) and gap.mendings == []
    assert "no zone" in gap.message().in_language("en")


def test_a_zone_that_crosses_itself_is_looked_at_as_its_two_halves() -> None:
    mosaic = put({NORTH_EAST: "POLYGON ((2 2, 4 2, 2 4, 4 4, 2 2))"})
    gaps = find_problems(mosaic, SQUARE)
    assert {p.kind for p in gaps} == {"gap"}
    assert shapely.area([p.geometry for p in gaps]).sum() == pytest.approx(2)


def test_a_bay_at_the_edge_is_a_gap_only_where_the_city_is_known() -> None:
    mosaic = put(
        {SOUTH_EAST: "POLYGON ((2 0, 3 0, 3 2, 2 2, 2 1, 2 0))", NORTH_EAST: "POLYGON ((2 2, 3 2, 4 2, 4 4, 2 4, 2 2))"}
    )
    assert find_problems(mosaic, None) == []
    gap = only(find_problems(mosaic, SQUARE))
    assert gap.kind == "gap" and shapely.equals(gap.geometry, shapely.box(3, 0, 4, 2))
    assert find_problems(mended(mosaic, gap), SQUARE) == []


def test_an_overlap_goes_to_the_older_or_to_the_other_and_names_the_key_area_that_loses() -> None:
    mosaic = put({SOUTH_EAST: "POLYGON ((1.5 0, 4 0, 4 2, 2 2, 1.5 2, 1.5 0))"})
    overlap = only(find_problems(mosaic, SQUARE))
    assert (overlap.kind, overlap.zones) == ("overlap", (WEST, SOUTH_EAST))
    assert shapely.equals(overlap.geometry, shapely.box(1.5, 0, 2, 2))
    to_older, to_other = overlap.mendings
    assert shapely.equals(to_older.outcome.zones[SOUTH_EAST], shapely.box(2, 0, 4, 2))
    assert to_older.outcome.questions == []
    assert covers(to_other.outcome.areas[KEY], "POLYGON ((1 1, 1.5 1, 1.5 2, 1 2, 1 1))")
    assert "K1" in to_other.outcome.questions[0].in_language("en")
    for way in (0, 1):
        assert find_problems(mended(mosaic, overlap, way), SQUARE) == []


def test_a_zone_drawn_twice_overlaps_wholly_and_is_not_mended_by_leaving_nothing() -> None:
    shapes = [*three_zones().zones.geometry, three_zones().zones.geometry[NORTH_EAST]]
    overlap = only(find_problems(Mosaic(tiles("", shapes), tiles("K", []), []), SQUARE))
    assert (overlap.kind, overlap.zones) == ("overlap", (NORTH_EAST, 3))
    assert shapely.equals(overlap.geometry, shapely.box(2, 2, 4, 4))
    assert overlap.mendings == []


def test_three_zones_over_each_other_are_told_apart_from_two() -> None:
    shapes = [shapely.box(0, 0, 3, 1), shapely.box(2, 0, 5, 1), shapely.box(1, 0, 4, 1)]
    problems = find_problems(Mosaic(tiles("", shapes), tiles("K", []), []), shapely.box(0, 0, 5, 1))
    found = {p.zones: p.geometry for p in problems}
    assert {p.kind for p in problems} == {"overlap"}
    assert shapely.equals(found[(0, 1, 2)], shapely.box(2, 0, 3, 1))
    assert shapely.equals(found[(0, 2)], shapely.box(1, 0, 2, 1))
    assert shapely.equals(found[(1, 2)], shapely.box(3, 0, 4, 1))


def test_what_lies_outside_the_city_is_cut_off() -> None:
    mosaic = put({SOUTH_EAST: "POLYGON ((2 0, 5 0, 5 1, 4 1, 4 2, 2 2, 2 1, 2 0))"})
    assert find_problems(mosaic, None) == []
    outside = only(find_problems(mosaic, SQUARE))
    assert (outside.kind, outside.zones) == ("outside_city", (SOUTH_EAST,))
    assert shapely.equals(outside.geometry, shapely.box(4, 0, 5, 1))
    assert shapely.equals(mended(mosaic, outside).zones.geometry[SOUTH_EAST], shapely.box(2, 0, 4, 2))
    assert find_problems(mended(mosaic, outside), SQUARE) == []


def test_a_key_area_is_cut_to_its_zone() -> None:
    mosaic = put({}, {KEY: "POLYGON ((1 1, 2.5 1, 2.5 2, 2 2, 1 2, 1 1))"})
    out = only(find_problems(mosaic, SQUARE))
    assert (out.kind, out.zones, out.areas) == ("area_outside_zone", (WEST,), (KEY,))
    assert shapely.equals(out.geometry, shapely.box(2, 1, 2.5, 2))
    assert shapely.equals(mended(mosaic, out).areas.geometry[KEY], shapely.box(1, 1, 2, 2))
    assert find_problems(mended(mosaic, out), SQUARE) == []


def test_a_key_area_wholly_in_another_zone_is_left_without_ground() -> None:
    mosaic = put({}, {KEY: "POLYGON ((2.5 0.5, 3 0.5, 3 1, 2.5 1, 2.5 0.5))"})
    out = only(find_problems(mosaic, SQUARE))
    assert out.mendings[0].outcome.areas == {KEY: None}


@pytest.mark.parametrize(
    ("zones", "areas", "place", "of_zones"),
    [
        ({SOUTH_EAST: "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 0))"}, {}, (2, 1), (WEST, SOUTH_EAST)),
        ({SOUTH_EAST: "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 1, 2 0.5, 2 0))"}, {}, (2, 0.5), (WEST, SOUTH_EAST)),
        ({}, {KEY: "POLYGON ((1 1, 2 1, 2 1.5, 2 2, 1 2, 1 1))"}, (2, 1.5), (WEST, SOUTH_EAST)),
    ],
    ids=["younger zone lacks it", "older zone lacks it", "only the key area has it"],
)
def test_a_vertex_that_a_neighbour_lacks_is_found_and_shared(
    zones: dict[int, str], areas: dict[int, str], place: tuple[float, float], of_zones: tuple[int, ...]
) -> None:
    mosaic = put(zones, areas)
    vertex = only(find_problems(mosaic))
    assert (vertex.kind, vertex.zones) == ("unshared_vertex", of_zones)
    assert shapely.get_coordinates(vertex.geometry).tolist() == [list(place)]
    assert vertex.area_m2 == 0
    assert find_problems(mended(mosaic, vertex)) == []


def test_a_vertex_beside_the_older_border_moves_onto_it() -> None:
    mosaic = put({SOUTH_EAST: "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 1, 2.000000005 0.5, 2 0))"})
    vertex = only(find_problems(mosaic))
    assert vertex.kind == "unshared_vertex"
    now = mended(mosaic, vertex)
    assert [2, 0.5] in shapely.get_coordinates(now.zones.geometry[SOUTH_EAST]).tolist()
    assert [2, 0.5] in shapely.get_coordinates(now.zones.geometry[WEST]).tolist()
    assert find_problems(now) == []


def test_slivers_are_parts_below_ten_square_metres_or_five_centimetres() -> None:
    narrow = "MULTIPOLYGON (((0 0, 2 0, 2 1, 2 2, 2 4, 0 4, 0 0)), ((4 2, 4 1, 3.9999997 1, 3.9999997 2, 4 2)))"
    south_east = "POLYGON ((2 0, 4 0, 4 1, 3.9999997 1, 3.9999997 2, 2 2, 2 1, 2 0))"
    north_east = "POLYGON ((2 2, 3.9999997 2, 4 2, 4 4, 2 4, 2 2))"
    mosaic = put({WEST: narrow, SOUTH_EAST: south_east, NORTH_EAST: north_east})
    sliver = only(find_problems(mosaic, SQUARE))
    assert (sliver.kind, sliver.zones) == ("sliver", (WEST,))
    assert sliver.area_m2 == pytest.approx(0.0333 * 110_600, rel=0.02), "3 cm by 110.6 km"
    assert "2" in sliver.mendings[0].caption.in_language("en")
    now = mended(mosaic, sliver)
    assert shapely.equals(now.zones.geometry[SOUTH_EAST], shapely.box(2, 0, 4, 2))
    assert find_problems(now, SQUARE) == []


def test_mending_an_overlap_leaves_no_sliver_behind() -> None:
    """Of the western zone a strip of 3 cm would be left beyond the overlap, and of the key area one within."""
    west = "POLYGON ((0 0, 2 0, 2 1, 2.5000003 1, 2.5000003 2, 2 2, 2 4, 0 4, 0 0))"
    south_east = "POLYGON ((2 0, 4 0, 4 2, 2.5000003 2, 2.5000003 1, 2.5 1, 2.5 2, 1.0000003 2, 1.0000003 1, 2 1, 2 0))"
    north_east = "POLYGON ((2 2, 2.5 2, 2.5000003 2, 4 2, 4 4, 2 4, 2 2))"
    mosaic = put({WEST: west, SOUTH_EAST: south_east, NORTH_EAST: north_east})
    overlap = next(p for p in find_problems(mosaic, SQUARE) if p.kind == "overlap")
    to_other = next(m for m in overlap.mendings if '"2"' in m.caption.in_language("en")).outcome
    assert to_other.areas == {KEY: None}, "all that is left of the key area is a strip of 3 cm"
    assert len(shapely.get_parts(to_other.zones[WEST])) == 1, "the strip beyond goes to the neighbour"
    assert shapely.covers(to_other.zones[SOUTH_EAST], shapely.box(2.5, 1, 2.5000003, 2))
    assert find_problems(put({}, {}, after(mosaic, to_other)), SQUARE) == []


def test_an_edit_that_closes_a_bay_makes_a_gap_of_all_of_it() -> None:
    """The mouth that is closed is small; the bay reaches far beyond it."""
    open_bay = "POLYGON ((0 0, 9 0, 9 4, 8 4, 8 1, 1 1, 1 4, 0 4, 0 0))"
    lid = "POLYGON ((0 4, 1 4, 7.9 4, 7.9 5, 0 5, 0 4))"
    mosaic = Mosaic(tiles("", [wkt(open_bay), wkt(lid)]), tiles("K", []), [])
    guard = Guard(mosaic)
    assert guard.problems() == []
    gap = only(guard.changed({1: wkt("POLYGON ((0 4, 1 4, 8 4, 8 5, 0 5, 0 4))")}, {}))
    assert gap.kind == "gap" and shapely.equals(gap.geometry, shapely.box(1, 1, 8, 4))
    assert guard.changed({1: wkt(lid)}, {}) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_problem_and_mending_says_what_it_is(language: str) -> None:
    mosaic = put({SOUTH_EAST: "POLYGON ((1.5 0, 5 0, 5 2, 3 2, 3 1.5, 2.9 1.5, 2.9 2, 1.5 2, 1.5 0))"})
    problems = find_problems(mosaic, SQUARE)
    assert {p.kind for p in problems} == {"overlap", "outside_city", "gap"}
    for problem in problems:
        sentence = problem.message().in_language(language)
        assert all(mosaic.zones.names[z] in sentence for z in problem.zones) and "km²" in sentence
        assert all(m.caption.in_language(language) for m in problem.mendings)


# --- real towns ---------------------------------------------------------------------------------------------------


def layer(file: Path, name: str) -> tuple[list[dict[str, Any]], np.ndarray]:
    with fiona.open(file, layer=name) as rows:
        found = [(dict(f["properties"]), f["geometry"] and shapely.geometry.shape(f["geometry"])) for f in rows]
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [shape and shapely.force_2d(shape) for _, shape in found]
    return [properties for properties, _ in found], shapes


def test_the_towns_and_zones_of_benxi_have_no_problem(shared: Path) -> None:
    file = shared / "data" / "benxi.gpkg"
    towns, zones = layer(file, "towns")[1], layer(file, "zones")[1]
    rows, areas = layer(file, "key_areas")
    city = shapely.union_all(towns)
    homes = [int(row["zone_no"]) - 1 for row in rows]
    for outline in (city, None):
        assert find_problems(Mosaic(tiles("", list(towns)), tiles("K", []), []), outline) == []
        assert find_problems(Mosaic(tiles("", list(zones)), tiles("K", list(areas)), homes), outline) == []


def yangquan(shared: Path) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Position of each fault, and the towns in metres (EPSG:4526) and in degrees."""
    rows, plane = layer(shared / "data" / "messy" / "yq_geometry_faults_zone38.gpkg", "yq_geometry_faults")
    to_degrees = Transformer.from_crs(4526, 4490, always_xy=True)
    turned = shapely.transform(plane, lambda xy: np.stack(to_degrees.transform(*xy.T), axis=1))
    return {row["fault"]: k for k, row in enumerate(rows) if row["fault"]}, plane, turned


def test_the_overlap_of_three_metres_is_found_with_its_area(shared: Path) -> None:
    fault, plane, towns = yangquan(shared)
    left_out = [fault["bowtie"], fault["null geometry"], fault["exact duplicate"], fault["gap sliver 3 m"]]
    kept = np.delete(np.arange(len(towns)), left_out)
    wide = fault["overlap sliver 3 m"]
    problems = find_problems(Mosaic(tiles("", list(towns[kept])), tiles("K", []), []))
    overlaps = [p for p in problems if p.kind == "overlap"]
    found: dict[int, float] = {}
    for p in overlaps:
        one, other = (int(kept[z]) for z in p.zones)
        assert wide in (one, other)
        neighbour = other if one == wide else one
        found[neighbour] = found.get(neighbour, 0.0) + p.area_m2
        if p.area_m2 > 1000:
            length = shapely.length(plane[wide]) * shapely.length(p.geometry) / shapely.length(towns[wide])
            assert 2 * p.area_m2 / length == pytest.approx(3, abs=0.2), "about three metres wide"
    planar = {k: float(shapely.area(shapely.intersection(plane[wide], plane[k]))) for k in kept.tolist() if k != wide}
    expected = {k: area for k, area in planar.items() if area > 1}
    assert len(expected) >= 2
    assert {k for k, area in found.items() if area > 1} == set(expected)
    for k, area in expected.items():
        assert found[k] == pytest.approx(area, rel=2e-3)


def test_the_gap_of_three_metres_is_found_with_its_area(shared: Path) -> None:
    fault, plane, towns = yangquan(shared)
    small = fault["gap sliver 3 m"]
    others = [k for k in range(len(towns)) if k != small and k not in (fault["bowtie"], fault["null geometry"])]
    near = shapely.area(shapely.intersection(shapely.buffer(plane[small], 10), plane[others]))
    neighbour = others[int(np.argmax(near))]
    pair = [small, neighbour]
    apart = shapely.union_all(plane[pair])
    closed = shapely.union(shapely.buffer(shapely.buffer(apart, 5, join_style="mitre"), -5, join_style="mitre"), apart)
    to_degrees = Transformer.from_crs(4526, 4490, always_xy=True)
    city = shapely.transform(closed, lambda xy: np.stack(to_degrees.transform(*xy.T), axis=1))
    gaps = [p for p in find_problems(Mosaic(tiles("", list(towns[pair])), tiles("K", []), []), city) if p.kind == "gap"]
    planar = float(shapely.area(shapely.difference(closed, apart)))
    assert planar > 1000
    assert sum(p.area_m2 for p in gaps) == pytest.approx(planar, rel=2e-3)
    between = max(gaps, key=lambda p: p.area_m2)
    assert set(between.zones) == {0, 1}
    length = shapely.length(plane[small]) * shapely.length(between.geometry) / shapely.length(towns[small])
    assert 2 * between.area_m2 / length == pytest.approx(3, abs=0.3), "about three metres wide"
