"""Faults put into any city are found, an edit's answers are those of a full look, and mending leaves none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration_planner.core.coverage.edges import GEOS_KNOWS_COVERAGES
from restoration_planner.core.coverage.mosaic import Mosaic
from restoration_planner.core.coverage.problems import Guard, Problem, find_problems
from restoration_planner.tests.mosaics import CITY, random_city, tiles

METRE = 1 / 111_000
Fault = Callable[[Mosaic, np.random.Generator], Mosaic]


def put(
    mosaic: Mosaic, zones: dict[int, shapely.Geometry], areas: dict[int, shapely.Geometry | None] | None = None
) -> Mosaic:
    new = [zones.get(k, g) for k, g in enumerate(mosaic.zones.geometry)]
    kept = [(areas or {}).get(k, g) for k, g in enumerate(mosaic.areas.geometry)]
    return Mosaic(tiles("Z", new), tiles("K", kept), mosaic.zone_of_area)


def shell(geometry: shapely.Geometry) -> np.ndarray:
    part = max(shapely.get_parts(geometry), key=shapely.area)
    return shapely.get_coordinates(shapely.get_exterior_ring(part))


def with_shell(geometry: shapely.Geometry, xy: np.ndarray) -> shapely.Geometry:
    parts = list(shapely.get_parts(geometry))
    at = int(np.argmax(shapely.area(parts)))
    holes = [shapely.get_coordinates(r) for r in shapely.get_rings(parts[at])[1:]]
    parts[at] = shapely.polygons(xy, [shapely.linearrings(h) for h in holes] or None)
    return shapely.multipolygons(parts)


def shifted_vertex(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    xy = shell(mosaic.zones.geometry[zone])
    at = int(random.integers(1, len(xy) - 1))
    xy[at] += random.uniform(-200, 200, 2) * METRE
    return put(mosaic, {zone: with_shell(mosaic.zones.geometry[zone], xy)})


def removed_vertex(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    xy = shell(mosaic.zones.geometry[zone])
    xy = np.delete(xy, int(random.integers(1, len(xy) - 1)), axis=0)
    return put(mosaic, {zone: with_shell(mosaic.zones.geometry[zone], xy)})


def deleted_face(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    shape = mosaic.zones.geometry[zone]
    hole = shapely.buffer(shapely.point_on_surface(shape), 300 * METRE, quad_segs=2)
    return put(mosaic, {zone: shapely.difference(shape, hole)})


def grown_polygon(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    grown = shapely.buffer(mosaic.zones.geometry[zone], 5 * METRE, join_style="mitre")
    return put(mosaic, {zone: grown})


def moved_feature(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    angle = random.uniform(0, 2 * np.pi)
    step = 3 * METRE * np.array([np.cos(angle), np.sin(angle)])
    return put(mosaic, {zone: shapely.transform(mosaic.zones.geometry[zone], lambda xy: xy + step)})


def moved_area(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    moved = shapely.transform(mosaic.areas.geometry[0], lambda xy: xy + random.uniform(-30, 30, 2) * METRE)
    return put(mosaic, {}, {0: moved})


def vertex_off_by_half_a_millimetre(mosaic: Mosaic, random: np.random.Generator) -> Mosaic:
    zone = int(random.integers(len(mosaic.zones)))
    xy = shell(mosaic.zones.geometry[zone])
    xy[int(random.integers(1, len(xy) - 1))] += 4e-9
    return put(mosaic, {zone: with_shell(mosaic.zones.geometry[zone], xy)})


FAULTS = [
    shifted_vertex,
    removed_vertex,
    deleted_face,
    grown_polygon,
    moved_feature,
    moved_area,
    vertex_off_by_half_a_millimetre,
]


def in_short(problems: list[Problem]) -> list[tuple[object, ...]]:
    """What must be equal of two answers: everything but the last digits of coordinates."""
    short = []
    for p in problems:
        at = np.round(shapely.get_coordinates(shapely.centroid(p.geometry))[0], 7)
        short.append((p.kind, tuple(sorted(p.zones)), p.areas, *(at + 0.0).tolist(), round(p.area_m2, 2)))
    return sorted(short)


def faulty(seed: int, fault: Fault) -> tuple[Mosaic, Mosaic]:
    sound, _ = random_city(seed)
    broken = fault(sound, np.random.default_rng(seed))
    valid = shapely.is_valid(broken.zones.geometry).all()
    return sound, broken if valid else sound


@pytest.mark.parametrize("city", [CITY, None], ids=["city known", "city not known"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_sound_city_has_no_problem(city: shapely.Geometry | None, seed: int) -> None:
    assert find_problems(random_city(seed)[0], city) == []


@pytest.mark.parametrize("fault", FAULTS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=12, deadline=None)
def test_gaps_overlaps_and_ground_outside_are_those_of_an_overlay(fault: Fault, seed: int) -> None:
    """shapely's overlay of whole polygons is the other source."""
    _, broken = faulty(seed, fault)
    zones = broken.zones.geometry
    expected = {
        "gap": shapely.difference(CITY, shapely.union_all(zones)),
        "outside_city": shapely.difference(shapely.union_all(zones), CITY),
        "overlap": shapely.intersection(
            shapely.union_all([shapely.intersection(a, b) for k, a in enumerate(zones) for b in zones[k + 1 :]]),
            CITY,
        ),
    }
    problems = find_problems(broken, CITY)
    for kind, ground in expected.items():
        found = shapely.union_all([p.geometry for p in problems if p.kind == kind])
        missed = shapely.area(shapely.symmetric_difference(found, ground))
        assert missed < 1e-8 * max(1e-4, shapely.length(ground)), kind


@pytest.mark.parametrize("city", [CITY, None], ids=["city known", "city not known"])
@pytest.mark.parametrize("fault", FAULTS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_after_edits_the_guard_knows_what_a_full_look_finds(
    fault: Fault, city: shapely.Geometry | None, seed: int
) -> None:
    now, broken = faulty(seed, fault)
    guard = Guard(now, city)
    for target in (broken, faulty(seed, shifted_vertex)[1], now):
        zones = {k: g for k, g in enumerate(target.zones.geometry) if g is not guard.mosaic.zones.geometry[k]}
        areas = {k: g for k, g in enumerate(target.areas.geometry) if g is not guard.mosaic.areas.geometry[k]}
        assert in_short(guard.changed(zones, areas)) == in_short(find_problems(target, city, ask_geos=False))
    assert guard.problems() == []


@pytest.mark.skipif(not GEOS_KNOWS_COVERAGES, reason="GEOS before 3.12 has no coverage functions")
@pytest.mark.parametrize("fault", FAULTS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_geos_and_own_matching_give_the_same_answers(fault: Fault, seed: int) -> None:
    for mosaic in faulty(seed, fault):
        assert in_short(find_problems(mosaic, None, ask_geos=True)) == in_short(
            find_problems(mosaic, None, ask_geos=False)
        )


@pytest.mark.parametrize("city", [CITY, None], ids=["city known", "city not known"])
@pytest.mark.parametrize("fault", FAULTS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_each_mending_takes_its_problem_away_and_makes_no_other(
    fault: Fault, city: shapely.Geometry | None, seed: int
) -> None:
    _, broken = faulty(seed, fault)
    problems = find_problems(broken, city)
    for problem in problems[:4]:
        for mending in problem.mendings:
            mended = put(broken, dict(mending.outcome.zones), dict(mending.outcome.areas))
            assert shapely.is_valid(mended.zones.geometry).all()
            left = _counted(find_problems(mended, city), problem)
            before = _counted(problems, problem)
            assert len(left) < len(before), f"{mending.caption}: {in_short(left)} of {in_short(before)}"


def _counted(found: list[Problem], mended: Problem) -> list[Problem]:
    """Vertices that touch a wider fault belong to it and are listed, and mended, apart once it is gone."""
    return [p for p in found if mended.kind == "unshared_vertex" or p.kind != "unshared_vertex"]


@pytest.mark.parametrize("fault", FAULTS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_the_first_mending_of_each_problem_in_turn_makes_the_city_sound(fault: Fault, seed: int) -> None:
    _, broken = faulty(seed, fault)
    guard = Guard(broken, CITY)
    problems = guard.problems()
    for _ in range(2 * len(problems) + 1):
        way = next((way for problem in problems for way in problem.mendings[:1]), None)
        if way is None:
            break
        problems = guard.changed(way.outcome.zones, way.outcome.areas)
    assert problems == []
