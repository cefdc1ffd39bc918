"""Settling which unit belongs where before zones are built, and writing it with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.commands.settle_zones import read_draft, settle_and_build, take_back
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import SCHEMA_VERSION
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.zone_draft import UnitState, ZoneDraft, is_rest_of_district
from restoration_planner.core.store.plan_file import create_plan, read_plan, update_rows

#: Seven towns side by side, a tenth of a degree each, and how a reader expects each to be found.
TOWNS = {
    "甲镇": "exact",
    "乙街道": "normalised",
    "丙镇": "own",
    "丁岭镇": "near",
    "戊乡": "rest",
    "己镇": "exact",
    "庚镇": "exact",
}


def tables() -> PlanTables:
    shapes = [shapely.MultiPolygon([shapely.box(124 + i / 10, 41, 124.1 + i / 10, 41.1)]) for i in range(len(TOWNS))]
    units = [{"code": n, "name": n, "level": "town", "county": "西区"} for n in TOWNS]
    units[2]["zone_code"] = "2"
    lists = [
        ("甲镇", "1", None),
        ("乙街道办事处", "1", None),
        ("丁岺镇", "2", None),  # a misprint that no file of variants knows
        ("己镇", "1", None),
        ("己镇", "2", None),
        ("庚镇", "2", "2-1"),
        ("西区城区", "1", "1-1"),
        ("远方镇", "2", None),
    ]
    rows = [
        Rows.from_records("plan", [{"schema_version": SCHEMA_VERSION, "name": "七镇规划", "total_area_km2": 650.0}]),
        Rows.from_records("admin_unit", units, shapes),
        Rows.from_records(
            "unit_membership",
            [{"unit_name": n, "county": "西区", "zone_code": z, "key_area_code": k} for n, z, k in lists],
        ),
        Rows.from_records("restoration_zone", [{"code": c, "name": f"{c}区", "stated_area_km2": 300.0} for c in "12"]),
        Rows.from_records("key_area", [{"code": f"{c}-1", "name": "重点", "zone_code": c} for c in "12"]),
    ]
    return PlanTables({r.table: r for r in rows})


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "seven.gpkg"
    create_plan(path, tables())
    return path


def states(draft: ZoneDraft) -> dict[str, UnitState]:
    return {unit.name: unit for unit in draft.units()}


def fid(draft: ZoneDraft, name: str) -> int:
    return states(draft)[name].fid


def test_every_unit_says_how_it_was_found() -> None:
    draft = ZoneDraft(tables())
    assert {name: unit.how for name, unit in states(draft).items()} == TOWNS
    assert states(draft)["乙街道"].listed == ("乙街道办事处",)
    assert states(draft)["丁岭镇"].listed == ("丁岺镇", "西区城区")
    assert states(draft)["己镇"].zone_options == ("1", "2")
    assert [unit.name for unit in draft.units() if unit.is_open] == ["丁岭镇", "戊乡", "己镇"]


def test_names_without_a_unit_come_with_those_they_may_mean() -> None:
    draft = ZoneDraft(tables())
    named = {n.name: n for n in draft.names()}
    assert {n: s.kind for n, s in named.items()} == {"丁岺镇": "near", "西区城区": "rest", "远方镇": "none"}
    assert named["丁岺镇"].candidates[0] == fid(draft, "丁岭镇")
    assert set(named["西区城区"].candidates) == {fid(draft, "丁岭镇"), fid(draft, "戊乡")}


@pytest.mark.parametrize(
    ("name", "county", "is_rest"),
    [
        ("平山区城区", "平山区", True),
        ("平山区城区", None, True),
        ("城区", "城区", False),
        ("平山区城区", "明山区", False),
    ],
)
def test_the_rest_of_a_district_is_known_by_its_name(name: str, county: str | None, is_rest: bool) -> None:
    assert is_rest_of_district(name, county) is is_rest


def test_a_choice_moves_areas_at_once_and_can_be_undone() -> None:
    draft = ZoneDraft(tables())
    one = next(a for a in draft.built().areas if a.code == "1")
    draft.assign([fid(draft, "戊乡")], "1", "1-1")
    now = {a.code: a for a in draft.built().areas}
    assert now["1"].measured_km2 == pytest.approx((one.measured_km2 or 0) * 3 / 2, rel=1e-9)
    assert now["1-1"].measured_km2 == pytest.approx((one.measured_km2 or 0) / 2, rel=1e-9)
    assert states(draft)["戊乡"].how == "chosen"
    draft.undo()
    assert states(draft)["戊乡"].how == "rest" and not draft.can_undo
    assert next(a for a in draft.built().areas if a.code == "1") == one


def test_what_is_settled_is_written_where_it_belongs_and_taken_back_whole(plan: Path) -> None:
    before = read_plan(plan)
    draft = read_draft(plan)
    draft.take_name_for(("丁岺镇", "西区"), [fid(draft, "丁岭镇")])
    draft.assign([fid(draft, "己镇")], "2")
    draft.take_name_for(("西区城区", "西区"), [fid(draft, "戊乡")])
    assert draft.count_open() == 1, "only 远方镇 has no unit"
    rest = next(n for n in draft.names() if n.kind == "rest")
    assert rest.likely == (fid(draft, "戊乡"),), "what another name means is no rest any more"
    done = settle_and_build(plan, draft)
    now = read_plan(plan)
    listed = now["unit_membership"]["unit_name"].tolist()
    assert "丁岭镇" in listed and "戊乡" in listed and "丁岺镇" not in listed
    assert now["admin_unit"]["zone_code"].tolist() == [None, None, "2", None, None, "2", None]
    zones = now["restoration_zone"]
    assert zones.geometry is not None
    assert shapely.area(zones.geometry).tolist() == pytest.approx([0.03, 0.04])
    take_back(done)
    again = read_plan(plan)
    for name in before.rows:
        assert before[name].records() == again[name].records(), name
        if before[name].geometry is not None:
            assert shapely.to_wkb(before[name].geometry).tolist() == shapely.to_wkb(again[name].geometry).tolist()


def test_the_rest_of_a_district_may_be_several_units(plan: Path) -> None:
    draft = read_draft(plan)
    rest = next(n for n in draft.names() if n.kind == "rest")
    draft.take_name_for((rest.name, rest.county), rest.candidates)
    settle_and_build(plan, draft)
    units = read_plan(plan)["admin_unit"]
    found = {n: (z, k) for n, z, k in zip(units["name"], units["zone_code"], units["key_area_code"])}
    assert found["丁岭镇"] == found["戊乡"] == ("1", "1-1")


def test_a_plan_that_has_changed_since_is_left_alone(plan: Path) -> None:
    draft = read_draft(plan)
    units = read_plan(plan)["admin_unit"]
    units.columns["zone_code"][0] = "2"
    update_rows(plan, {"admin_unit": units.take(np.array([0]))}, {"admin_unit": ["zone_code"]})
    with pytest.raises(PlannerError, match="seven"):
        settle_and_build(plan, draft)
    done = settle_and_build(plan, read_draft(plan))
    zones = read_plan(plan)["restoration_zone"]
    zones.columns["area_km2"][0] = 1.0
    update_rows(plan, {"restoration_zone": zones}, {"restoration_zone": ["area_km2"]})
    with pytest.raises(PlannerError, match="seven"):
        take_back(done)


def test_outlines_that_are_there_are_replaced_only_when_wanted(plan: Path) -> None:
    settle_and_build(plan, read_draft(plan))
    first = read_plan(plan)["restoration_zone"].geometry
    draft = read_draft(plan)
    draft.assign([fid(draft, "戊乡")], "1")
    settle_and_build(plan, draft)
    kept = read_plan(plan)
    assert first is not None and kept["restoration_zone"].geometry is not None
    assert shapely.equals(first, kept["restoration_zone"].geometry).all()
    assert kept["admin_unit"]["zone_code"].tolist()[4] == "1", "the choice is written all the same"
    settle_and_build(plan, read_draft(plan), replace_outlines=True)
    now = read_plan(plan)["restoration_zone"].geometry
    assert now is not None and shapely.area(now[0]) == pytest.approx(0.03)
