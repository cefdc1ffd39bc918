"""Two states of the zones compared: ground gained and lost, where it came from, towns that changed zone."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from restoration_planner.core.coverage.changes import compare
from restoration_planner.core.coverage.transfer import give_ground
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.tests.mosaics import after as applied
from restoration_planner.tests.mosaics import random_city

Shape = shapely.Geometry


def state(
    zones: dict[str, Shape | None],
    towns: dict[str, Shape | None] | None = None,
    key_areas: dict[str, Shape | None] | None = None,
    lists: dict[str, str] | None = None,
) -> PlanTables:
    """A plan's tables with these zones, towns and key areas."""
    named = [{"code": code, "name": f"{code}区"} for code in zones]
    units = [{"code": n, "name": n, "county": "甲县", "level": "town"} for n in towns or {}]
    areas = [{"code": code, "name": code} for code in key_areas or {}]
    members = [{"unit_name": unit, "county": "甲县", "zone_code": zone} for unit, zone in (lists or {}).items()]
    rows = [
        Rows.from_records("restoration_zone", named, list(zones.values())),
        Rows.from_records("admin_unit", units, list((towns or {}).values())),
        Rows.from_records("key_area", areas, list((key_areas or {}).values())),
        Rows.from_records("unit_membership", members),
    ]
    return PlanTables({r.table: r for r in rows})


def strip(west: float, east: float) -> Shape:
    return shapely.box(124 + west, 41, 124 + east, 42)


def geodesic_km2(shape: Shape) -> float:
    return abs(Geod(a=6378137.0, rf=298.257222101).geometry_area_perimeter(shapely.normalize(shape))[0]) / 1e6


#: A strip of a tenth of a degree, from the official figure of the one-degree cell (9273.264 km²).
TENTH_KM2 = 927.3264


def test_a_border_moved_east_by_a_tenth_of_a_degree() -> None:
    """A loses nothing and gains a strip; B the other way round; C is as it was."""
    before = state({"A": strip(0, 0.5), "B": strip(0.5, 1), "C": strip(1, 1.5)})
    after = state({"A": strip(0, 0.6), "B": strip(0.6, 1), "C": strip(1, 1.5)})
    found = compare(before, after)
    told = {z.code: (z.gained_km2, z.lost_km2, z.net_km2, z.changed) for z in found.zones}
    strip_km2 = pytest.approx(TENTH_KM2, abs=1e-4)
    assert told["A"] == (strip_km2, 0.0, strip_km2, True)
    assert told["B"] == (0.0, strip_km2, pytest.approx(-TENTH_KM2, abs=1e-4), True)
    assert told["C"] == (0.0, 0.0, 0.0, False)
    (move,) = found.moves
    assert move.geometry.geom_type == "MultiPolygon"
    assert (move.before, move.after) == ("B", "A") and move.geometry.equals(strip(0.5, 0.6))
    assert found.moved_km2 == strip_km2


def test_towns_that_changed_zone_and_towns_of_which_a_part_did() -> None:
    towns = {"甲": strip(0.3, 0.5), "乙": strip(0.5, 0.62), "丙": strip(0.62, 1), "丁": strip(1, 1.5)}
    before = state({"A": strip(0, 0.5), "B": strip(0.5, 1.5)}, towns)
    after = state({"A": strip(0, 0.7), "B": strip(0.7, 1.5)}, towns)
    first, second = compare(before, after).towns
    assert (first.name, first.before, first.after, first.changed_zone) == ("乙", "B", "A", True)
    assert first.moved_pct == pytest.approx(100) and first.moved_km2 == pytest.approx(1.2 * TENTH_KM2, abs=1e-3)
    assert (second.name, second.before, second.after, second.changed_zone) == ("丙", "B", "B", False)
    assert second.moved_pct == pytest.approx(100 * 0.08 / 0.38)
    assert [(b, a, pytest.approx(0.8 * TENTH_KM2, abs=1e-3)) for b, a in [("B", "A")]] == list(second.parts)


def test_zones_split_merged_new_and_gone() -> None:
    before = state({"A": strip(0, 1), "B": strip(1, 1.2), "C": strip(1.2, 1.5)})
    after = state({"A": strip(0, 0.4), "D": strip(0.4, 1), "B": strip(1, 1.5)})
    found = compare(before, after)
    assert [(m.before, m.after) for m in found.moves] == [("A", "D"), ("C", "B")]
    zones = {z.code: z for z in found.zones}
    assert list(zones) == ["A", "D", "B", "C"]
    assert zones["D"].before_km2 is None and zones["D"].before_name is None and zones["D"].net_km2 > 0
    assert zones["C"].after_km2 is None and zones["C"].after_name is None and zones["C"].name == "C区"


def test_ground_that_left_or_entered_the_zones() -> None:
    """A gap opens in the middle, and the city grows in the east."""
    before = state({"A": strip(0, 0.5), "B": strip(0.5, 1)})
    after = state({"A": strip(0, 0.4), "B": strip(0.5, 1.2)})
    told = {(m.before, m.after): m.geometry for m in compare(before, after).moves}
    assert told[None, "B"].equals(strip(1, 1.2)) and told["A", None].equals(strip(0.4, 0.5)) and len(told) == 2


def test_key_areas_have_their_own_changes() -> None:
    zones = {"A": strip(0, 1)}
    before = state(zones, key_areas={"A-1": strip(0, 0.2), "A-2": strip(0.5, 0.6)})
    after = state(zones, key_areas={"A-1": strip(0, 0.3), "A-2": None})
    found = compare(before, after)
    assert not found.moves and not found.nothing_changed
    one, two = found.key_areas
    assert (one.gained_km2, one.lost_km2) == (pytest.approx(TENTH_KM2, abs=1e-4), 0.0)
    assert two.lost_km2 == pytest.approx(TENTH_KM2, abs=1e-4) and two.after_km2 is None and two.after_name == "A-2"


def test_rounding_is_no_change_and_a_square_metre_is() -> None:
    """The border shifted by a hair (a tenth of a millimetre), then by enough for two square metres."""
    before = state({"A": strip(0, 0.5), "B": strip(0.5, 1)})
    hair = state({"A": strip(0, 0.5 + 1e-9), "B": strip(0.5 + 1e-9, 1)})
    assert compare(before, hair).nothing_changed  # 9 m² in all, but nowhere ground that somebody moved
    assert compare(before, hair).zones[0].gained_km2 == pytest.approx(9.3e-6, rel=0.01)
    assert compare(before, before).nothing_changed
    corner = shapely.box(124.5, 41, 124.50002, 41.00002)  # 1.7 m by 2.2 m
    after = state({"A": shapely.union(strip(0, 0.5), corner), "B": shapely.difference(strip(0.5, 1), corner)})
    (move,) = compare(before, after).moves
    assert move.area_km2 == pytest.approx(geodesic_km2(corner), rel=1e-6)


def test_without_shapes_the_lists_tell_which_town_changed_zone() -> None:
    towns = {"甲": None, "乙": None}
    before = state({"A": None, "B": None}, towns, lists={"甲": "A", "乙": "B"})
    after = state({"A": None, "B": None}, towns, lists={"甲": "A", "乙": "A"})
    (town,) = compare(before, after).towns
    assert (town.name, town.before, town.after, town.moved_km2) == ("乙", "B", "A", None)


def test_empty_states_and_zones_without_codes() -> None:
    assert compare(PlanTables({}), PlanTables({})).nothing_changed
    nameless = Rows.from_records("restoration_zone", [{"code": None, "name": "无号区"}], [strip(0, 1)])
    found = compare(PlanTables({"restoration_zone": nameless}), PlanTables({"restoration_zone": nameless}))
    assert found.nothing_changed and found.zones[0].code == "无号区"
    gone = compare(PlanTables({"restoration_zone": nameless}), PlanTables({}))
    assert [(m.before, m.after) for m in gone.moves] == [("无号区", None)]


def test_a_zone_that_is_not_valid_is_compared_all_the_same() -> None:
    bow_tie = shapely.Polygon([(124, 41), (125, 42), (125, 41), (124, 42)])
    found = compare(state({"A": bow_tie}), state({"A": strip(0, 1)}))
    assert found.zones[0].gained_km2 == pytest.approx(9273.264 / 2, rel=1e-2)


def test_towns_that_touch_the_border_only_did_not_move() -> None:
    towns = {"甲": strip(0, 0.5), "乙": strip(0.5, 0.6), "丙": strip(0.6, 1)}
    before = state({"A": strip(0, 0.5), "B": strip(0.5, 1)}, towns)
    after = state({"A": strip(0, 0.6), "B": strip(0.6, 1)}, towns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [t.name for t in compare(before, after).towns] == ["乙"]


def moved_by_points(shapes: Sequence[Shape], others: Sequence[Shape], points: Sequence[Shape]) -> np.ndarray:
    """For each point the zone of the one state and of the other, -1 for none."""
    found = np.full((2, len(points)), -1)
    for row, zones in enumerate((shapes, others)):
        for number, zone in enumerate(zones):
            found[row, shapely.covers(zone, points)] = number
    return found


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # GEOS raises the flag, and answers right
@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_moves_agree_with_an_overlay_and_with_points_thrown_at_random(seed: int, actions: int) -> None:
    """Ground given to and fro in a random city; shapely's plain overlay and random points are the oracles."""
    random = np.random.default_rng(seed)
    start, towns = random_city(seed % 50)
    mosaic = start
    for _ in range(actions):
        town, to = towns[random.integers(len(towns))], int(random.integers(len(mosaic.zones)))
        try:
            mosaic = applied(mosaic, give_ground(mosaic, [town], to))
        except PlannerError:
            continue  # what cannot be given stays where it is
    codes = [f"Z{i + 1}" for i in range(len(start.zones))]
    early, late = list(start.zones.geometry), list(mosaic.zones.geometry)
    units = {f"T{i}": town for i, town in enumerate(towns)}
    found = compare(state(dict(zip(codes, early)), units), state(dict(zip(codes, late)), units))

    overlay = {
        (codes[a], codes[b]): geodesic_km2_of(shapely.intersection(early[a], late[b]))
        for a in range(len(codes))
        for b in range(len(codes))
        if a != b
    }
    told = {(m.before, m.after): m.area_km2 for m in found.moves}
    assert not {pair for pair in told if None in pair}
    for pair, km2 in overlay.items():
        assert told.get(pair, 0.0) == pytest.approx(km2, rel=1e-4, abs=1e-5)
    for zone in found.zones:
        assert zone.gained_km2 == pytest.approx(sum(v for p, v in told.items() if p[1] == zone.code), abs=1e-5)
        assert zone.lost_km2 == pytest.approx(sum(v for p, v in told.items() if p[0] == zone.code), abs=1e-5)
        assert zone.net_km2 == pytest.approx((zone.after_km2 or 0) - (zone.before_km2 or 0), abs=1e-6)

    points = shapely.points(random.uniform((124, 41), (124.5, 41.4), (300, 2)))
    was, now = moved_by_points(early, late, points)
    for point, one, other in zip(points, was.tolist(), now.tolist()):
        over = [(m.before, m.after) for m in found.moves if shapely.distance(m.geometry, point) == 0]
        assert over == ([(codes[one], codes[other])] if one != other else [])

    inside = shapely.point_on_surface(towns)
    was, now = moved_by_points(early, late, inside)
    changed = {t.name: (t.before, t.after) for t in found.towns if t.changed_zone}
    whole = {f"T{i}": (codes[a], codes[b]) for i, (a, b) in enumerate(zip(was, now)) if a != b}
    assert changed == whole


def geodesic_km2_of(shape: Shape) -> float:
    polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return sum(geodesic_km2(p) for p in polygons)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_borders_that_all_but_coincide_are_compared_too(seed: int) -> None:
    """Discs given to and fro over one another leave hairs beside the old borders; every figure still fits the others."""
    random = np.random.default_rng(seed)
    start, towns = random_city(seed % 40, zones=9, towns=80)
    mosaic = start
    for _ in range(12):
        disc = shapely.buffer(shapely.Point(*random.uniform((124, 41), (124.5, 41.4))), random.uniform(0.002, 0.03))
        try:
            mosaic = applied(mosaic, give_ground(mosaic, [disc], int(random.integers(len(mosaic.zones)))))
        except PlannerError:
            continue
        if len(mosaic.zones) != len(start.zones):
            return  # a zone was swallowed: positions no longer tell who is who
    codes = [f"Z{i + 1}" for i in range(len(start.zones))]
    units = {f"T{i}": town for i, town in enumerate(towns)}
    early, late = (dict(zip(codes, m.zones.geometry)) for m in (start, mosaic))
    found = compare(state(early, units), state(late, units))
    moved = found.moved_km2
    assert sum(z.gained_km2 for z in found.zones) == pytest.approx(moved, abs=1e-4)
    assert sum(z.lost_km2 for z in found.zones) == pytest.approx(moved, abs=1e-4)
    assert sum(t.moved_km2 or 0 for t in found.towns) == pytest.approx(moved, abs=1e-3)
    assert shapely.is_valid([m.geometry for m in found.moves]).all()
    assert found.moves == [] or shapely.area(shapely.union_all([m.geometry for m in found.moves])) == pytest.approx(
        sum(m.geometry.area for m in found.moves), rel=1e-6
    )
