"""Zones and key areas dissolved from units: small squares, random grids, and the real towns of Benxi."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.plan.zones import ZonesBuilt, build_zones

BENXI = Path(__file__).resolve().parents[4] / "shared" / "data" / "benxi.gpkg"


def square(column: int, row: int = 0) -> Any:
    """A square of 0.01° beside others of the same kind."""
    # each corner computed alike, so that neighbours share it to the last bit
    return shapely.box(124 + column / 100, 41 + row / 100, 124 + (column + 1) / 100, 41 + (row + 1) / 100)


def unit(name: str | None, county: str | None = "甲县", level: str = "town", **more: object) -> dict[str, object]:
    """A record of ``admin_unit``."""
    return {"name": name, "county": county, "level": level, **more}


def listed(name: str, zone: str | None, area: str | None = None, county: str | None = "甲县") -> dict[str, object]:
    """A record of ``unit_membership``."""
    return {"unit_name": name, "county": county, "zone_code": zone, "key_area_code": area}


def plan(
    units: Sequence[dict[str, object]], shapes: Sequence[Any], lists: Sequence[dict[str, object]] = ()
) -> PlanTables:
    """A plan with zones 1 and 2 and key areas 1-1 and 2-1."""
    zones = [{"code": c, "name": f"{c}区", "stated_area_km2": 1.0, "problem": "水土流失"} for c in ("1", "2")]
    areas = [{"code": f"{c}-1", "name": f"{c}重点", "zone_code": c} for c in ("1", "2")]
    return PlanTables(
        {
            "admin_unit": Rows.from_records("admin_unit", units, shapes),
            "unit_membership": Rows.from_records("unit_membership", lists),
            "restoration_zone": Rows.from_records("restoration_zone", zones),
            "key_area": Rows.from_records("key_area", areas),
        }
    )


def shape(rows: Rows, code: str) -> Any:
    """The geometry of the row with a code."""
    assert rows.geometry is not None
    return rows.geometry[list(rows["code"]).index(code)]


def said(built: ZonesBuilt) -> list[str]:
    """Ids of everything that was said."""
    return [m.id for m in built.messages()]


def test_units_are_joined_by_the_lists_and_shared_edges_vanish() -> None:
    tables = plan(
        [unit("东镇"), unit("西镇"), unit("南镇")],
        [square(0), square(1), square(2)],
        [listed("东镇", "1", "1-1"), listed("西镇", "1"), listed("南镇", "2")],
    )
    built = build_zones(tables)
    assert shape(built.zones, "1").equals(shapely.box(124, 41, 124.02, 41.01))
    assert shape(built.zones, "1").geom_type == "MultiPolygon"
    assert shape(built.key_areas, "1-1").equals(square(0))
    assert shape(built.key_areas, "2-1") is None
    assert list(built.zones["problem"]) == ["水土流失", "水土流失"]
    assert said(built) == []
    one = built.areas[0]
    assert one.measured_km2 == pytest.approx(float(ellipsoidal_area(shapely.box(124, 41, 124.02, 41.01))) / 1e6)
    assert built.zones["area_km2"][0] == one.measured_km2
    assert one.difference_km2 == pytest.approx(one.measured_km2 - 1.0)
    assert one.difference_pct == pytest.approx(100 * (one.measured_km2 - 1.0))
    assert [(a.table, a.code, a.units) for a in built.areas] == [
        ("restoration_zone", "1", 2),
        ("restoration_zone", "2", 1),
        ("key_area", "1-1", 1),
        ("key_area", "2-1", 0),
    ]
    assert built.areas[3].difference_pct is None


def test_what_a_unit_says_itself_counts_before_the_lists() -> None:
    tables = plan([unit("东镇", zone_code="2", key_area_code="2-1")], [square(0)], [listed("东镇", "1", "1-1")])
    built = build_zones(tables)
    assert shape(built.zones, "1") is None
    assert shape(built.zones, "2").equals(square(0))
    assert shape(built.key_areas, "2-1").equals(square(0))
    assert shape(built.key_areas, "1-1") is None


def test_a_unit_that_two_zones_claim_is_left_out_and_said() -> None:
    tables = plan(
        [unit("东镇"), unit("西镇")],
        [square(0), square(1)],
        [listed("东镇", "1", "1-1"), listed("东镇", "2"), listed("西镇", "1")],
    )
    built = build_zones(tables)
    assert shape(built.zones, "1").equals(square(1))
    assert shape(built.zones, "2") is None
    assert shape(built.key_areas, "1-1") is None
    assert [(u.table, u.unit.name, u.codes) for u in built.undecided] == [
        ("restoration_zone", "东镇", ("1", "2")),
        ("key_area", "东镇", ("1-1",)),
    ]


def test_the_parts_of_a_town_say_where_they_belong_and_keep_the_key_area_of_their_zone() -> None:
    tables = plan(
        [unit("东镇", level="part", zone_code="1"), unit("东镇", level="part", zone_code="2")],
        [square(0), square(1)],
        [listed("东镇", "1", "1-1"), listed("东镇", "2")],
    )
    built = build_zones(tables)
    assert shape(built.zones, "1").equals(square(0))
    assert shape(built.zones, "2").equals(square(1))
    assert shape(built.key_areas, "1-1").equals(square(0))
    assert said(built) == []


def test_a_units_own_key_area_tells_its_zone() -> None:
    tables = plan([unit("东镇", key_area_code="2-1")], [square(0)], [listed("东镇", "1"), listed("东镇", "2")])
    built = build_zones(tables)
    assert shape(built.zones, "2").equals(square(0))
    assert said(built) == []


def test_units_in_no_list_and_names_of_no_unit_are_both_said() -> None:
    tables = plan(
        [unit("东镇"), unit("张其寨街道"), unit(None)],
        [square(0), square(1), square(2)],
        [listed("东镇", "1"), listed("张家寨街道", "2"), listed("漠河", "2")],
    )
    built = build_zones(tables)
    assert [u.unit.name for u in built.unlisted] == ["张其寨街道", None]
    assert [(u.name, [c.name for c in u.candidates]) for u in built.unmatched] == [
        ("张家寨街道", ["张其寨街道"]),
        ("漠河", []),
    ]
    assert shape(built.zones, "2") is None
    assert [m.id for m in built.messages()][:2] == ["plan.unmatched_near", "plan.unmatched_none"]
    assert "张其寨街道" in built.messages()[0].in_language("zh")


def test_a_name_written_otherwise_is_applied_and_said() -> None:
    tables = plan(
        [unit("桥头街道"), unit("苌池镇", "盂县")],
        [square(0), square(1)],
        [listed("桥头街道办事处", "1"), listed("茺池镇", "2", county="孟县")],
    )
    built = build_zones(tables)
    assert shape(built.zones, "1").equals(square(0))
    assert shape(built.zones, "2").equals(square(1))
    assert [(a.name, a.kind, a.unit.name) for a in built.applied] == [
        ("桥头街道办事处", "normalised", "桥头街道"),
        ("茺池镇", "variant", "苌池镇"),
    ]


def test_a_name_that_two_counties_have_is_not_guessed() -> None:
    units, shapes = [unit("桥头街道", "甲县"), unit("桥头街道", "乙县")], [square(0), square(1)]
    built = build_zones(plan(units, shapes, [listed("桥头街道", "1", county=None)]))
    assert shape(built.zones, "1") is None
    assert [m.id for m in built.messages()] == ["plan.unmatched_ambiguous", "plan.unlisted", "plan.unlisted"]
    built = build_zones(plan(units, shapes, [listed("桥头街道", "1", county="乙县")]))
    assert shape(built.zones, "1").equals(square(1))


def test_a_county_listed_as_a_whole_takes_its_units_that_no_list_names() -> None:
    tables = plan(
        [unit("上站街道", "城区"), unit("下站街道", "城区"), unit("义井镇", "城区")],
        [square(0), square(1), square(2)],
        [listed("城区", "1", county="城区"), listed("义井镇", "2", county="城区")],
    )
    built = build_zones(tables)
    assert shape(built.zones, "1").equals(shapely.box(124, 41, 124.02, 41.01))
    assert shape(built.zones, "2").equals(square(2))
    assert [(a.kind, a.unit.name) for a in built.applied] == [("county", "上站街道"), ("county", "下站街道")]


def test_codes_that_do_not_exist_are_said() -> None:
    tables = plan([unit("东镇", zone_code="9"), unit("西镇")], [square(0), square(1)], [listed("西镇", "1", "8-8")])
    built = build_zones(tables)
    assert sorted((u.table, u.code) for u in built.unknown) == [("key_area", "8-8"), ("restoration_zone", "9")]
    assert shape(built.zones, "1").equals(square(1))


def test_zones_without_units_keep_what_they_had() -> None:
    tables = plan([unit("东镇")], [square(0)], [listed("东镇", "1")])
    zones = Rows.from_records(
        "restoration_zone",
        [{"code": "1"}, {"code": "2", "area_km2": 5.0}, {"code": None, "area_km2": 7.0}],
        [None, square(7), square(8)],
    )
    built = build_zones(PlanTables({**tables.rows, "restoration_zone": zones}))
    assert shape(built.zones, "2").equals(square(7))
    assert list(built.zones["area_km2"][1:]) == [5.0, 7.0]
    assert np.array_equal(built.zones.fids, zones.fids)
    assert zones.geometry is not None
    assert zones.geometry[0] is None


def test_counties_are_no_units_and_units_without_geometry_are_said() -> None:
    tables = plan(
        [unit("甲县", level="county"), unit("东镇"), unit("西镇")],
        [square(5), None, shapely.from_wkt("POLYGON EMPTY")],
        [listed("东镇", "1"), listed("西镇", "1")],
    )
    built = build_zones(tables)
    assert built.units == 2
    assert shape(built.zones, "1") is None
    assert said(built) == ["plan.unit_without_geometry"] * 2


def test_an_invalid_unit_is_repaired_for_the_zone_and_said() -> None:
    bow_tie = shapely.from_wkt("POLYGON ((124 41, 124.02 41.01, 124.02 41, 124 41.01, 124 41))")
    tables = plan([unit("东镇")], [bow_tie], [listed("东镇", "1")])
    built = build_zones(tables)
    assert shapely.is_valid(shape(built.zones, "1"))
    assert shape(built.zones, "1").area == pytest.approx(2 * 0.5 * 0.01 * 0.01)
    assert [r.unit.name for r in built.repaired] == ["东镇"]
    stored = tables["admin_unit"].geometry
    assert stored is not None
    assert stored[0] is bow_tie


def test_units_that_overlap_are_said_with_the_area_and_neighbours_are_not() -> None:
    west, east = shapely.box(124, 41, 124.011, 41.01), square(1)
    tables = plan([unit("西镇", zone_code="1"), unit("东镇", zone_code="2")], [west, east])
    built = build_zones(tables)
    assert [(o.first.name, o.second.name) for o in built.overlaps] == [("西镇", "东镇")]
    strip = float(ellipsoidal_area(shapely.box(124.01, 41, 124.011, 41.01)))
    assert built.overlaps[0].area_m2 == pytest.approx(strip, rel=1e-6)
    apart = plan([unit("西镇", zone_code="1"), unit("东镇", zone_code="2")], [square(0), square(1)])
    assert build_zones(apart).overlaps == []


@pytest.mark.parametrize("template", ["blank", "benxi"])
def test_a_plan_without_units_builds_nothing_and_breaks_nothing(template: str) -> None:
    built = build_zones(plan_from_template(template))
    assert built.units == 0
    assert all(a.units == 0 and a.measured_km2 is None for a in built.areas)
    assert len(built.unmatched) == len(plan_from_template(template)["unit_membership"])


@settings(max_examples=40, deadline=None)
@given(
    columns=st.integers(1, 6),
    rows=st.integers(1, 6),
    data=st.data(),
)
def test_zones_tile_whatever_the_units_tile(columns: int, rows: int, data: st.DataObject) -> None:
    cells = [(c, r) for r in range(rows) for c in range(columns)]
    corners = {
        (c, r): (124 + (c + data.draw(st.floats(-0.3, 0.3))) / 100, 41 + (r + data.draw(st.floats(-0.3, 0.3))) / 100)
        for r in range(rows + 1)
        for c in range(columns + 1)
    }
    shapes = [
        shapely.Polygon([corners[c, r], corners[c + 1, r], corners[c + 1, r + 1], corners[c, r + 1]]) for c, r in cells
    ]
    names = [f"{c}号{r}村镇" for c, r in cells]
    zone_of = [data.draw(st.sampled_from(["1", "2"])) for _ in cells]
    built = build_zones(plan([unit(n) for n in names], shapes, [listed(n, z) for n, z in zip(names, zone_of)]))
    assert said(built) == []
    found = [a.measured_km2 or 0.0 for a in built.areas[:2]]
    assert sum(found) == pytest.approx(float(ellipsoidal_area(np.array(shapes, dtype=object)).sum()) / 1e6, rel=1e-9)
    one, two = shape(built.zones, "1"), shape(built.zones, "2")
    whole = shapely.union_all(shapes)
    assert shapely.union_all([one, two]).symmetric_difference(whole).area < 1e-15
    if one is not None and two is not None:
        assert one.intersection(two).area < 1e-15


def benxi_towns() -> tuple[list[dict[str, Any]], list[Any]]:
    """The 44 towns of Benxi: real names and districts, inner borders drawn for testing."""
    if not BENXI.exists():
        pytest.skip(f"{BENXI.name} is not beside this checkout (shared/data)")
    fiona = pytest.importorskip("fiona", reason="reads the towns")
    with fiona.open(BENXI, layer="towns") as source:
        found = [(dict(f["properties"]), shapely.geometry.shape(f["geometry"])) for f in source]
    return [p for p, _ in found], [g for _, g in found]


def benxi_plan(own_zone: bool) -> PlanTables:
    """The Benxi template with the towns as its units."""
    towns, shapes = benxi_towns()
    records = [
        unit(t["name"], t["county"], zone_code=t["zone_no"] if own_zone else None, code=t["adcode"]) for t in towns
    ]
    rows = {**plan_from_template("benxi").rows, "admin_unit": Rows.from_records("admin_unit", records, shapes)}
    return PlanTables(rows)


def test_benxis_lists_find_all_their_42_units_and_leave_two_streets_over() -> None:
    built = build_zones(benxi_plan(own_zone=False))
    assert built.units == 44
    assert [u.unit.name for u in built.unlisted] == ["张其寨街道", "南芬街道"]
    assert (built.unmatched, built.undecided, built.unknown, built.overlaps) == ([], [], [], [])
    assert sum(a.units for a in built.areas if a.table == "restoration_zone") == 42
    assert {a.name for a in built.applied if a.kind == "variant"} == {"高台子镇"}
    towns, _ = benxi_towns()
    renamed = {t["plan_name"] for t in towns if t["plan_name"] and t["plan_name"] != t["name"]}
    assert {a.name for a in built.applied} == renamed


def test_benxis_zones_come_within_half_a_per_cent_of_the_plan_when_towns_say_their_zone() -> None:
    built = build_zones(benxi_plan(own_zone=True))
    for area in built.areas:
        assert area.difference_pct is not None
        if area.table == "restoration_zone":
            assert abs(area.difference_pct) < 0.5, area
    towns, _ = benxi_towns()
    for table, column in (("restoration_zone", "zone_no"), ("key_area", "key_area")):
        found = {a.code: a for a in built.areas if a.table == table}
        assert {c: a.units for c, a in found.items()} == {c: sum(t[column] == c for t in towns) for c in found}
        # the towns carry areas measured by other means
        stored = {c: sum(t["area_km2"] for t in towns if t[column] == c) for c in found}
        assert {c: a.measured_km2 for c, a in found.items()} == pytest.approx(stored, rel=5e-5)
