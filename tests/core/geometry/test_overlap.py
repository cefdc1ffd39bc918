"""Overlaps and remainders piece by piece, against plain shapely on whole geometries.

``SMALL`` is set low, so that even polygons of a few hundred vertices are met through neighbourhoods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.errors import Cancelled
from restoration_planner.core.geometry import overlap, parallel, polygon_index
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.geometry.overlap import Gate, Overlaps, Polygons, overlaps, remainders
from restoration_planner.core.geometry.parallel import in_batches
from restoration_planner.core.geometry.polygon_index import PolygonIndex

OPEN = Gate(min_area_m2=0, min_width_m=0)


@pytest.fixture(autouse=True)
def neighbourhoods_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make neighbourhoods of few vertices."""
    monkeypatch.setattr(polygon_index, "SMALL", 16)


def array(*shapes: Any) -> Any:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def found(query: Any, targets: Any, function: Callable[..., Overlaps] = overlaps, gate: Gate = OPEN) -> Overlaps:
    return function(Polygons.of(array(*query)), PolygonIndex(array(*targets)), gate)


def square_degrees(result: Overlaps, queries: int, targets: int) -> Any:
    """Area in square degrees of each pair, 0 where there is none."""
    table = np.zeros((queries, targets))
    table[result.query, result.target] = shapely.area(result.geometry)
    return table


def assert_as_plain_shapely(query: Any, targets: Any) -> None:
    """Overlaps with each target and what is outside their union are as whole geometries give them."""
    query, targets = array(*query), array(*targets)
    size = shapely.area(query)
    common, plain = found(query, targets), shapely.intersection(query[:, None], targets[None, :])
    assert square_degrees(common, len(query), len(targets)) == pytest.approx(
        shapely.area(plain), rel=1e-9, abs=1e-9 * size.min()
    )
    assert common.area_m2 == pytest.approx(ellipsoidal_area(plain[common.query, common.target]), rel=1e-9, abs=1e-6)
    union = shapely.union_all(targets)
    left, plain = found(query, [union], remainders), shapely.difference(query, union)
    assert square_degrees(left, len(query), 1)[:, 0] == pytest.approx(
        shapely.area(plain), rel=1e-9, abs=1e-9 * size.min()
    )
    assert left.area_m2 == pytest.approx(ellipsoidal_area(plain[left.query]), rel=1e-9, abs=1e-6)


def square(column: float, row: float, size: float = 1.0) -> Any:
    """A square of ``size`` cells of 0.01° whose lower left corner is cell (column, row)."""
    return shapely.transform(shapely.box(column, row, column + size, row + size), lambda c: c * 0.01 + (124, 41))


def comb(teeth: int) -> Any:
    """A bar along the bottom (row 0) with teeth of one cell, one cell apart, ten cells high."""
    top = [(2 * t + x, y) for t in range(teeth) for x, y in ((0, 1), (0, 10), (1, 10), (1, 1))]
    return shapely.transform(shapely.Polygon([(0, 0), *top, (2 * teeth - 1, 0)]), lambda c: c * 0.01 + (124, 41))


COMB = comb(30)
RING = shapely.difference(shapely.segmentize(square(0, 0, 20), 0.005), shapely.segmentize(square(5, 5, 10), 0.005))
ISLAND = shapely.segmentize(square(8, 8, 4), 0.005)

PICTURES = {
    "inside a tooth": (square(2.2, 4, 0.5), COMB),
    "between two teeth": (square(1.2, 4, 0.5), COMB),
    "across five teeth": (square(10, 3, 9), COMB),
    "shares a tooth's edge from outside": (square(1, 4), COMB),
    "shares a tooth's edge from inside": (square(2, 4, 0.5), COMB),
    "touches a tooth's corner": (square(1, 10), COMB),
    "is a tooth, vertex by vertex": (square(2, 9), COMB),
    "holds the whole target": (square(-5, -5, 100), COMB),
    "far away": (square(500, 500), COMB),
    "in the hole": (square(9, 9), RING),
    "over the hole's edge": (square(4, 9, 2), RING),
    "over the whole hole": (square(4, 4, 12), RING),
    "is the hole": (square(5, 5, 10), RING),
    "in the island in the hole": (square(9, 9), shapely.union(RING, ISLAND)),
    "over the island and no more": (square(7, 7, 6), shapely.union(RING, ISLAND)),
    "with a hole round the island": (shapely.difference(square(6, 6, 8), square(7, 7, 6)), shapely.union(RING, ISLAND)),
    "of parts in, out and across": (
        shapely.union_all([square(9, 9), square(6, 6), square(4, 9, 1.5), square(25, 0)]),
        RING,
    ),
    "on the line where neighbourhoods are cut": (square(9.5, -0.5), RING),
    "of a square metre": (square(1.99999, 5, 0.0001), COMB),
}


@pytest.mark.parametrize(("project", "target"), PICTURES.values(), ids=PICTURES.keys())
def test_a_project_that_lies(project: Any, target: Any) -> None:
    assert_as_plain_shapely([project], [target])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    cells=st.integers(3, 12),
    width=st.floats(0.05, 0.35),
    loops=st.integers(0, 12),
    size=st.floats(0.001, 3),
)
def test_projects_on_winding_targets(maze: Any, seed: int, cells: int, width: float, loops: int, size: float) -> None:
    """Arches, holes and islands all round: what a neighbourhood leaves out must change nothing."""
    target, other = maze(seed, cells, width, loops), maze(seed + 1, cells, 0.1)
    random = np.random.default_rng(seed)
    place = random.uniform(-0.5, cells, (40, 2))
    # some projects share vertices and edges with the target
    place[:10] = (
        shapely.get_coordinates(target)[random.integers(0, shapely.get_num_coordinates(target), 10)] - (124, 41)
    ) * 100
    projects = [square(x, y, size * s) for (x, y), s in zip(place, random.uniform(0.2, 1, 40))]
    wide = shapely.buffer(shapely.transform(shapely.Point(cells / 2, cells / 2), lambda c: c * 0.01 + (124, 41)), 0.02)
    assert_as_plain_shapely([*projects, wide, maze(seed + 2, 4, 0.2, 3)], [target, other])


def test_an_arch_whose_feet_alone_are_near() -> None:
    """Seen from a foot, the arch is out of sight, but not on which side of each edge it is filled.

    A pedestal with two legs and an arch over both, whose inner outline rises higher beside one leg
    than the outer one does beside either: drawn together, the two cross.
    """
    outer = [(-60, -60), (100, -60), (100, 0), (52, 0), (52, 10), (53, 90), (35, 90), (34, 10), (34, 0), (-60, 0)]
    inner = [(40, 0), (40, 80), (44, 85), (47, 85), (47, 20), (46, 0)]
    arch = shapely.transform(shapely.Polygon(outer, [inner]), lambda c: c * 0.01 + (124, 41))
    feet = [square(33, -1, 4), square(39, -1, 2), square(45, 1, 3), square(33, 1, 20), square(51, 2, 2)]
    assert_as_plain_shapely(feet, [arch, shapely.segmentize(arch, 0.02)])


def test_neighbourhoods_are_small_and_shared(maze: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small projects are cut with a few of the target's vertices, not with all of them."""
    monkeypatch.setattr(polygon_index, "SMALL", 64)
    target = shapely.segmentize(maze(7, 30, 0.3, 100), 0.0005)
    projects = [square(x, y, 0.2) for x in range(0, 30, 3) for y in range(0, 30, 3)]
    index, polygons = PolygonIndex(array(target)), Polygons.of(array(*projects))
    crossing, _ = index.relate(polygons.parts)
    local = index.neighbourhood(polygons.bounds[crossing.query], crossing.part)
    assert len(crossing) > 20
    assert np.median(shapely.get_num_coordinates(local)) < 0.02 * shapely.get_num_coordinates(target)
    again = index.neighbourhood(polygons.bounds[crossing.query], crossing.part)
    assert all(one is other for one, other in zip(local, again))


def test_one_long_edge_does_not_make_every_project_meet_the_whole_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ragged outline closed by a straight line of 100 km, as a plan's border may be; projects along that line."""
    monkeypatch.setattr(polygon_index, "SMALL", 64)
    along = np.linspace(0, 1, 5_000)
    ragged = np.c_[124 + along, 41.1 + along / 2 + 0.02 * np.random.default_rng(3).random(5_000)]
    target = shapely.Polygon([*ragged, (125, 41.5), (124, 41)])
    places = np.c_[124 + along[50::250], 41 + along[50::250] / 2]
    projects = [shapely.box(*(p - 0.001), *(p + 0.001)) for p in places]
    index, polygons = PolygonIndex(array(target)), Polygons.of(array(*projects))
    crossing, _ = index.relate(polygons.parts)
    local = index.neighbourhood(polygons.bounds[crossing.query], crossing.part)
    assert len(crossing) == len(projects)
    assert shapely.get_num_coordinates(local).max() < 500
    assert_as_plain_shapely(projects, [target])


def test_ten_thousand_parts_are_one_project() -> None:
    parts = shapely.multipolygons([square(2 * (i % 100), 2 * (i // 100)) for i in range(10_000)])
    result = found([parts], [square(0, 0, 99)])
    assert len(result) == 1
    assert result.area_m2[0] == pytest.approx(
        float(ellipsoidal_area(shapely.intersection(parts, square(0, 0, 99)))), rel=1e-12
    )


@pytest.mark.parametrize("function", [overlaps, remainders])
def test_nothing_meets_nothing(function: Callable[..., Overlaps]) -> None:
    assert len(function(Polygons.of(array()), PolygonIndex(array(COMB)), OPEN)) == 0
    assert len(function(Polygons.of(array(None)), PolygonIndex(array(COMB)), OPEN)) == 0


def test_without_targets_all_is_outside() -> None:
    left = found([square(0, 0), None], [], remainders)
    assert left.query.tolist() == [0]
    assert left.area_m2 == pytest.approx(ellipsoidal_area(array(square(0, 0))))
    assert len(found([square(0, 0)], [None])) == 0


METRE = 1 / 111_000  # degrees, about


def strip(width_m: float, height_m: float, east_m: float = 0) -> Any:
    """A strip whose lower left corner is ``east_m`` east of 124°E 41°N."""
    across = METRE / np.cos(np.radians(41))
    return shapely.box(124 + east_m * across, 41, 124 + (east_m + width_m) * across, 41 + height_m * METRE)


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        ([strip(0.9, 1)], 0),
        ([strip(1.1, 1)], 1),
        ([strip(0.04, 1000)], 0),
        ([strip(0.06, 1000)], 1),
        ([strip(0.9, 1), strip(0.9, 1, 5), strip(0.9, 1, 10)], 0),
        ([strip(0.9, 1), strip(2, 2, 5), strip(0.04, 1000, 10)], 1),
    ],
    ids=["too small", "large enough", "too thin", "wide enough", "each too small, not the sum", "one of three"],
)
def test_the_gate_is_for_each_connected_piece(pieces: list[Any], kept: int) -> None:
    """A project of strips in a large target; strips under 1 m² or 5 cm are counted, not reported."""
    target = shapely.box(123, 40, 125, 42)
    project = shapely.multipolygons(pieces)
    result = found([project], [target], gate=Gate())
    assert (sum(shapely.get_num_geometries(result.geometry)), result.dropped) == (kept, len(pieces) - kept)
    if kept:
        passing = [
            p
            for p in pieces
            if p.area > strip(1.05, 1).area and p.bounds[2] - p.bounds[0] > strip(0.05, 1).bounds[2] - 124
        ]
        assert result.area_m2[0] == pytest.approx(ellipsoidal_area(array(*passing)).sum(), rel=1e-9)


def test_cancelling_stops_between_batches() -> None:
    """After a cancel at most what has begun is finished."""
    done: list[int] = []

    def work(values: Any) -> Any:
        done.append(len(values))
        return values

    with pytest.raises(Cancelled):
        in_batches(work, np.arange(100 * parallel._BATCH), cancelled=lambda: len(done) >= 3)
    assert len(done) <= 3 + parallel._THREADS


@pytest.mark.parametrize("function", [overlaps, remainders])
def test_a_cancelled_overlap_raises(function: Callable[..., Overlaps]) -> None:
    with pytest.raises(Cancelled):
        function(Polygons.of(array(square(1, 1))), PolygonIndex(array(COMB)), OPEN, lambda: True)


def test_batches_keep_the_order_whatever_their_number() -> None:
    numbers = np.arange(5 * parallel._BATCH + 7)
    assert in_batches(np.negative, numbers, dtype=int).tolist() == (-numbers).tolist()
    assert overlap.in_batches is in_batches
