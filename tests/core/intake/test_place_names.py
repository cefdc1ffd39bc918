"""Names of counties and towns in a source: what is applied, what is only asked, and that import and build-zones agree."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import fiona
import numpy as np
import pytest
import shapely

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.intake.importing import carry_out
from restoration_planner.core.intake.place_names import NameDoubt
from restoration_planner.core.intake.proposal import Answers, Proposal, propose
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.belonging import decide_belonging
from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.plan.zones import build_zones
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows

NO_SHAPE = Mapping[str, Sequence[object]]


def box(place: int) -> shapely.Polygon:
    return shapely.box(124 + place / 100, 41, 124.01 + place / 100, 41.01)


def source(fields: NO_SHAPE, outlines: bool = True) -> Source:
    """Rows side by side, in degrees."""
    count = len(next(iter(fields.values())))
    shapes = np.array([*(box(i) for i in range(count)), None], dtype=object)[:-1] if outlines else None
    return Source("来料", fields, shapes, 4490 if outlines else None, None, "utf-8", [], list(range(1, count + 1)))


def projects(*counties: str | None) -> Source:
    return source({"项目名称": [f"项目{i}" for i in range(len(counties))], "所在县区": counties})


def said(proposal: Proposal, message_id: str) -> list[dict[str, object]]:
    return [dict(m.params) for m in proposal.notes if m.id == f"intake.{message_id}"]


def counts(proposal: Proposal) -> dict[str, int]:
    """How many names were understood in which way; none is left out."""
    (towns,) = said(proposal, "towns")
    total = towns.pop("count")
    for kind in ("county", "several", "asked"):
        towns[kind] = next((entry["count"] for entry in said(proposal, f"towns_{kind}")), 0)
    assert sum(towns.values()) == total  # type: ignore[arg-type]
    return {kind: number for kind, number in towns.items() if number}  # type: ignore[misc]


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Path]:
    """A plan whose lists name these units: (name, county)."""

    def make(*units: tuple[str, str | None], zones: Sequence[str] = ("1",)) -> Path:
        path = tmp_path / "listed.gpkg"
        create_plan(path, plan_from_template("blank"))
        rows = [{"unit_name": n, "county": c, "zone_code": z} for n, c in units for z in zones]
        replace_rows(path, {"unit_membership": Rows.from_records("unit_membership", rows)})
        return path

    return make


@pytest.mark.parametrize(
    ("county", "written", "meant", "how"),
    [
        ("本溪满族自治县", "本溪满族自治县", "本溪满族自治县", None),
        ("本溪满族自治县", "本溪县", "本溪满族自治县", "county_normalised"),
        ("本溪满族自治县", "辽宁省本溪市本溪县", "本溪满族自治县", "county_normalised"),
        ("盂县", "孟县", "盂县", "county_variant"),
    ],
)
@pytest.mark.parametrize("known_as", ["unit", "list"])
def test_a_county_in_another_form_or_a_known_variant_is_written_as_the_plan_writes_it(
    county: str, written: str, meant: str, how: str | None, known_as: str, listed: Callable[..., Path]
) -> None:
    plan = listed(("小市镇", county))
    if known_as == "unit":
        plan_units = Rows.from_records("admin_unit", [{"name": county, "level": "county"}], [None])
        empty = Rows.empty("unit_membership")
        replace_rows(plan, {"admin_unit": plan_units, "unit_membership": empty})
    proposal = propose(plan, TABLES["project"], projects(written, None))
    assert [read_list(v) for v in proposal.columns["counties"]] == [(meant,), ()]
    assert proposal.doubts == [] and [p["meant"] for p in said(proposal, how or "county_normalised")] == (
        [meant] if how else []
    )


def test_a_county_that_is_only_near_stays_as_it_is_and_is_asked(listed: Callable[..., Path]) -> None:
    plan = listed(("小市镇", "本溪满族自治县"), ("桓仁镇", "桓仁满族自治县"))
    proposal = propose(plan, TABLES["project"], projects("桓人县", "某某区"))
    assert [read_list(v) for v in proposal.columns["counties"]] == [("桓人县",), ("某某区",)]
    near, none = proposal.doubts
    assert (near.field, near.written, near.candidates[0]) == ("counties", "桓人县", "桓仁满族自治县")
    assert near.message().id == "intake.name_near" and "桓仁满族自治县" in str(near.message())
    assert none == NameDoubt("counties", "某某区", ()) and none.message().id == "intake.name_none"
    report = carry_out(proposal).report
    assert {"intake.name_near", "intake.names_none"} <= {m.id for m in report.messages()}
    assert [read_list(v) for v in read_plan(plan)["project"]["counties"]] == [("桓人县",), ("某某区",)]


def test_the_planners_answer_settles_a_near_county_and_is_said(listed: Callable[..., Path]) -> None:
    plan = listed(("桓仁镇", "桓仁满族自治县"))
    answers = Answers(names={"桓人县": "桓仁满族自治县"})
    proposal = propose(plan, TABLES["project"], projects("桓人县", "桓人县"), answers)
    assert {read_list(v) for v in proposal.columns["counties"]} == {("桓仁满族自治县",)} and not proposal.doubts
    assert said(proposal, "county_asked") == [{"name": "桓人县", "meant": "桓仁满族自治县", "count": 2}]


def test_each_county_of_a_list_is_settled_and_stands_there_once(listed: Callable[..., Path]) -> None:
    plan = listed(("小市镇", "本溪满族自治县"), ("桥头街道", "平山区"))
    proposal = propose(plan, TABLES["project"], projects("本溪县、平山区", "本溪县、本溪满族自治县"))
    assert [read_list(v) for v in proposal.columns["counties"]] == [("本溪满族自治县", "平山区"), ("本溪满族自治县",)]


def test_without_any_known_place_nothing_is_compared_and_nothing_asked(blank: Path) -> None:
    proposal = propose(blank, TABLES["admin_unit"], source({"乡镇名称": ["甲镇"], "县区": ["乙县"]}))
    assert proposal.doubts == [] and not said(proposal, "towns")


LISTED = [
    ("牛心台街道", "明山区"),
    ("东风街道办事处", "溪湖区"),
    ("高台子镇", "明山区"),
    ("平山区城区", "平山区"),
    ("苌池镇", "盂县"),
    ("雅河朝鲜族乡", "桓仁满族自治县"),
    ("桥头街道", "平山区"),
    ("桥头街道", "城区"),
]


@pytest.mark.parametrize(
    ("name", "county", "kind"),
    [
        ("牛心台街道", "明山区", "exact"),
        ("平山区城区", "平山区", "exact"),
        ("桥头街道", "平山区", "exact"),
        ("东风街道", "溪湖区", "normalised"),
        ("牛心台街道办事处", "明山区", "normalised"),
        ("桥头街道办事处", "城区", "normalised"),
        ("雅河乡", "桓仁县", "normalised"),
        ("高台子街道", "明山区", "variant"),
        ("茺池镇", "孟县", "variant"),
        ("桥头街道", None, "several"),
        ("牛心台镇", "明山区", "near"),
        ("天外天镇", "明山区", "none"),
        ("上站街道", "城区", "none"),
    ],
)
def test_a_town_is_understood_in_one_way_and_keeps_its_name(
    name: str, county: str | None, kind: str, listed: Callable[..., Path]
) -> None:
    plan = listed(*LISTED)
    proposal = propose(plan, TABLES["admin_unit"], source({"乡镇名称": [name], "县区": [county]}))
    assert counts(proposal) == {kind: 1}
    assert proposal.columns["name"].tolist() == [name]
    asked = kind in ("several", "near", "none")
    assert [d.written for d in proposal.doubts] == ([name] if asked else [])
    differs = kind in ("normalised", "variant")
    assert len(said(proposal, "towns_otherwise")) == differs
    # what build-zones does with the very name
    unit = Rows.from_records(
        "admin_unit",
        [{"name": proposal.columns["name"][0], "county": proposal.columns["county"][0], "level": "town"}],
        [box(0)],
    )
    tables = read_plan(plan)
    zones = Rows.from_records("restoration_zone", [{"code": "1"}], [None])
    belonging = decide_belonging(unit, tables["unit_membership"], zones, tables["key_area"])
    # of the two 桥头街道 both claim a unit that names no county: one zone, so no harm, and yet not certain which
    assert (belonging.zone[0] == "1") == (kind in ("exact", "normalised", "variant", "several"))
    assert {a.kind for a in belonging.applied} <= {kind, "normalised"}


def test_of_namesakes_both_are_shown_with_their_county(listed: Callable[..., Path]) -> None:
    proposal = propose(listed(*LISTED), TABLES["admin_unit"], source({"乡镇名称": ["桥头街道"]}))
    (doubt,) = proposal.doubts
    assert doubt.candidates == ("桥头街道",) and set(doubt.shown) == {"桥头街道（平山区）", "桥头街道（城区）"}
    assert doubt.message().id == "intake.name_several" and "城区" in str(doubt.message())


def test_a_near_town_of_another_county_is_shown_with_that_county_but_answered_by_its_name(
    listed: Callable[..., Path],
) -> None:
    plan = listed(("牛心台街道", "明山区"))
    fields = {"乡镇名称": ["牛心台镇"], "县区": ["溪湖区"]}
    (doubt,) = (d for d in propose(plan, TABLES["admin_unit"], source(fields)).doubts if d.field == "name")
    assert doubt.candidates == ("牛心台街道",) and doubt.shown == ("牛心台街道（明山区）",)
    settled = propose(plan, TABLES["admin_unit"], source(fields), Answers(names={"牛心台镇": doubt.candidates[0]}))
    assert settled.columns["name"].tolist() == ["牛心台街道"] and counts(settled) == {"asked": 1}
    assert said(settled, "town_asked") == [{"name": "牛心台镇", "meant": "牛心台街道", "count": 1}]


def test_a_town_that_the_plan_lists_in_three_zones_is_one_town(listed: Callable[..., Path]) -> None:
    plan = listed(("张庄镇", "平定县"), zones=("3", "4", "6"))
    proposal = propose(plan, TABLES["admin_unit"], source({"乡镇名称": ["张庄镇"], "县区": ["平定县"]}))
    assert counts(proposal) == {"exact": 1} and proposal.doubts == []


def test_a_district_that_the_plan_lists_as_a_whole_stands_for_its_towns(listed: Callable[..., Path]) -> None:
    plan = listed(("城区", "城区"), ("苌池镇", "盂县"))
    fields = {"乡镇名称": ["上站街道", "下站街道"], "县区": ["城区", "城区"], "级别": ["乡镇", "乡镇"]}
    proposal = propose(plan, TABLES["admin_unit"], source(fields))
    assert counts(proposal) == {"county": 2} and proposal.doubts == []
    carry_out(proposal)
    tables = read_plan(plan)
    built = build_zones(PlanTables({**tables.rows, "restoration_zone": _zone("1")}))
    assert {(a.kind, a.unit.name) for a in built.applied} == {("county", "上站街道"), ("county", "下站街道")}
    # and the other way round: the list against the units
    lists = source({"乡镇名称": ["城区"], "县区": ["城区"], "分区编号": ["1"]}, outlines=False)
    assert counts(propose(plan, TABLES["unit_membership"], lists)) == {"county": 1}


def test_counties_among_the_units_are_known_by_the_lists_counties(listed: Callable[..., Path]) -> None:
    plan = listed(("小市镇", "本溪满族自治县"), ("平山区城区", "平山区"))
    fields = {"行政区名称": ["本溪县", "平山区"], "级别": ["县", "县"]}
    proposal = propose(plan, TABLES["admin_unit"], source(fields))
    assert counts(proposal) == {"normalised": 1, "exact": 1} and proposal.doubts == []


def test_a_town_is_not_offered_a_county_of_like_name(listed: Callable[..., Path]) -> None:
    plan = listed(("思山岭街道", "南芬区"), ("小市镇", "本溪满族自治县"))
    fields = {"乡镇名称": ["南芬街道", "南汾区"], "县区": ["南芬区", None]}
    proposal = propose(plan, TABLES["admin_unit"], source(fields))
    assert {d.written: d.candidates for d in proposal.doubts} == {"南芬街道": (), "南汾区": ("南芬区",)}
    assert counts(proposal) == {"none": 1, "near": 1}


def test_a_list_is_not_taken_for_known_because_a_county_bears_the_name(listed: Callable[..., Path]) -> None:
    plan = listed()
    units = [{"name": "平山区", "level": "county"}, {"name": "桥头街道", "county": "平山区", "level": "town"}]
    replace_rows(plan, {"admin_unit": Rows.from_records("admin_unit", units, [None, box(0)])})
    lists = source({"乡镇名称": ["桥头街道", "平山镇"], "县区": ["平山区", "平山区"]}, outlines=False)
    proposal = propose(plan, TABLES["unit_membership"], lists)
    assert counts(proposal)["exact"] == 1 and [d.written for d in proposal.doubts] == ["平山镇"]


def _zone(code: str) -> Rows:
    return Rows.from_records("restoration_zone", [{"code": code}], [None])


def test_benxis_real_towns_are_understood_as_build_zones_understands_them(benxi: Path, shared: Path) -> None:
    with fiona.open(shared / "data" / "benxi.gpkg", layer="towns") as layer:
        towns = [dict(f["properties"]) for f in layer]
    fields = {"乡镇名称": [t["name"] for t in towns], "县区": [t["county"] for t in towns], "JB": ["乡镇"] * len(towns)}
    proposal = propose(benxi, TABLES["admin_unit"], source(fields))
    # the towns' file says itself what the plan calls each
    renamed = {t["name"] for t in towns if t["plan_name"] and t["plan_name"] != t["name"]}
    unlisted = {t["name"] for t in towns if not t["plan_name"]}
    found = counts(proposal)
    assert found["variant"] == 1 and found["normalised"] + found["variant"] == len(renamed)
    assert found["exact"] == 44 - len(renamed) - len(unlisted)
    assert {d.written for d in proposal.doubts} == unlisted
    carry_out(proposal)
    built = build_zones(read_plan(benxi))
    assert {u.unit.name for u in built.unlisted} == unlisted
    names = {a.name for a in built.applied}
    assert names == {t["plan_name"] for t in towns if t["name"] in renamed}


@pytest.mark.parametrize(("city", "template"), [("本溪市", "benxi"), ("阳泉市", "yangquan")])
def test_the_official_names_of_both_cities_towns_are_found_in_the_plans_lists(
    city: str, template: str, tmp_path: Path, shared: Path
) -> None:
    plan = tmp_path / "plan.gpkg"
    create_plan(plan, plan_from_template(template))
    with (shared / "data" / "plan_town_match.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["city"] == city and r["code"]]
    official = list(dict.fromkeys(r["official_2023"] for r in rows))
    proposal = propose(plan, TABLES["admin_unit"], source({"乡镇名称": official}))
    found = counts(proposal)
    assert set(found) <= {"exact", "normalised", "variant"} and proposal.doubts == []
    assert found.get("variant", 0) == {"benxi": 1, "yangquan": 0}[template]


def test_the_command_says_how_names_were_understood(tmp_path: Path, listed: Callable[..., Path]) -> None:
    table = tmp_path / "units.csv"
    wkt = [f'"{outline.wkt}"' for outline in (box(0), box(1))]
    table.write_text(f"乡镇名称,县区,WKT\n东风街道,溪湖区,{wkt[0]}\n牛心台镇,明山区,{wkt[1]}\n", encoding="utf-8")
    report = run(listed(*LISTED), "admin_unit", table, crs="4490")
    ids = [m.id for m in report.messages()]
    assert {"intake.towns", "intake.towns_otherwise", "intake.name_near"} <= set(ids)
