"""Projects as lines: grades, years, areas; what filters let through; sums by group; searching."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.projects.filtering import NONE, Wanted, choose, without_years
from restoration_planner.core.projects.lines import ProjectLines, project_lines, worst_grades, years_of
from restoration_planner.core.projects.search import entries, find, towns_of_sites
from restoration_planner.core.projects.totals import GROUPINGS, totals

#: A quarter, a whole and again a quarter of a square of 0.01°; the last is a bow-tie of two quarters.
SITES = [
    "MULTIPOLYGON(((124 41, 124.005 41, 124.005 41.005, 124 41.005, 124 41)))",
    "MULTIPOLYGON(((124.01 41, 124.02 41, 124.02 41.01, 124.01 41.01, 124.01 41)))",
    None,
    "MULTIPOLYGON EMPTY",
    "MULTIPOLYGON(((124.03 41, 124.04 41.01, 124.04 41, 124.03 41.01, 124.03 41)))",
]
RECORDS: list[dict[str, Any]] = [
    {
        "code": "A1",
        "name": "造林",
        "programme_codes": '{"A"}',
        "zone_codes": '{"1"}',
        "start_year": 2021,
        "end_year": 2025,
    },
    {
        "code": "A2",
        "name": "治河",
        "programme_codes": '{"A","B"}',
        "zone_codes": '{"1","2"}',
        "counties": '{"甲县","乙县"}',
        "project_type": "water",
        "start_year": 2026,
        "area_ha": 90.0,
    },
    {
        "code": "B1",
        "name": "湿地",
        "zone_codes": "{}",
        "period_note": "近期（2021—2025年）",
        "project_type": "unheard of",
    },
    {"code": "B2", "name": "种草", "zone_codes": '{"9"}', "period_note": "长期坚持"},
    {"code": None, "name": "巡护", "end_year": 2023, "start_year": 2024, "departments": '{"林草局"}'},
]


@pytest.fixture
def plan() -> ProjectLines:
    shapes = [shapely.from_wkt(s) if s else None for s in SITES]
    tables = PlanTables(
        {
            "project": Rows.from_records("project", RECORDS, shapes),
            "programme": Rows.from_records(
                "programme", [{"code": "A", "name": "甲工程"}, {"code": "B", "name": "乙工程"}]
            ),
            "restoration_zone": Rows.from_records(
                "restoration_zone", [{"code": "2", "name": "东"}, {"code": "1", "name": "西"}]
            ),
        }
    )
    return project_lines(tables, {"A1": "review", "B1": "undetermined"})


def names(lines: Any) -> list[str | None]:
    return [line.name for line in lines]


def test_the_worst_grade_counts_and_a_project_with_a_site_and_no_findings_passes(plan: ProjectLines) -> None:
    found = worst_grades(["A1", "A1", "B1", None, "A2"], ["permitted", "violation", "review", "violation", "odd"])
    assert found == {"A1": "violation", "B1": "review"}
    assert [line.grade for line in plan.lines] == ["review", "pass", "undetermined", None, None]
    assert project_lines(plan_from_template("benxi")).lines[0].grade is None, "never checked is not passed"


def test_areas_are_measured_and_a_bow_tie_counts_both_halves(plan: ProjectLines) -> None:
    areas = [line.area_m2 for line in plan.lines]
    assert areas[2] is None and areas[3] is None and not plan.lines[3].is_sited
    quarter, whole, bow_tie = areas[0], areas[1], areas[4]
    assert quarter is not None and whole is not None and bow_tie is not None
    # a hundredth of a degree at 41° is 1110 m by 842 m
    assert whole == pytest.approx(1110.5 * 842, rel=0.005) and quarter == pytest.approx(whole / 4, rel=1e-4)
    assert bow_tie == pytest.approx(whole / 2, rel=1e-3)


@pytest.mark.parametrize(
    ("start", "end", "note", "expected"),
    [
        (2021, 2025, "2030年前", (2021, 2025)),
        (2021, None, None, (2021, None)),
        (None, None, "2021-2030 年", (2021, 2030)),
        (None, None, "至2025年底", (None, 2025)),
        (None, None, "长期坚持", None),
        (None, None, "2021-2025年、2026-2030年两期", None),
        (None, None, None, None),
    ],
)
def test_years_are_those_entered_else_those_of_the_note(start: Any, end: Any, note: Any, expected: Any) -> None:
    assert years_of(start, end, note) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["造林", "治河", "湿地", "种草", "巡护"]),
        (Wanted(programme="A"), ["造林", "治河"]),
        (Wanted(programme="B"), ["治河"]),
        (Wanted(programme=NONE), ["湿地", "种草", "巡护"]),
        (Wanted(kind="water"), ["治河"]),
        (Wanted(kind=NONE), ["造林", "湿地", "种草", "巡护"]),
        (Wanted(zone=NONE), ["湿地", "巡护"]),
        (Wanted(grade="pass"), ["治河"]),
        (Wanted(unsited=True), ["湿地", "种草"]),
        (Wanted(year=2025), ["造林", "湿地"]),
        (Wanted(year=2040), ["治河"]),
        (Wanted(year=2023), ["造林", "湿地", "巡护"]),
        (Wanted(words="ａ２"), ["治河"]),
        (Wanted(words="甲县 治"), ["治河"]),
        (Wanted(words="甲工程", year=2021), ["造林"]),
        (Wanted(words="林草局"), ["巡护"]),
    ],
)
def test_filters_let_through_what_fits(plan: ProjectLines, wanted: Wanted, expected: list[str]) -> None:
    assert names(choose(plan.lines, wanted)) == expected


def test_what_a_year_leaves_out_for_want_of_years_is_told(plan: ProjectLines) -> None:
    assert names(without_years(plan.lines, Wanted(year=2025))) == ["种草"]
    assert names(without_years(plan.lines, Wanted(year=2025, programme="A"))) == []
    assert without_years(plan.lines, Wanted()) == []
    assert plan.years() == [2021, 2022, 2023, 2024, 2025, 2026]


def test_a_year_that_is_a_slip_of_the_pen_brings_no_million_years(plan: ProjectLines) -> None:
    slips = [replace(plan.lines[0], years=years) for years in ((20212025, None), (2, 2024))]
    assert replace(plan, lines=(*plan.lines, *slips)).years() == [2, *range(2021, 2027), 20212025]


def test_groups_come_in_the_plan_s_order_and_the_whole_counts_each_project_once(plan: ProjectLines) -> None:
    found = totals(plan, plan.lines, "zone")
    assert [(g.key, g.name, g.count) for g in found.groups] == [
        ("2", "东", 1),
        ("1", "西", 2),
        ("9", "", 1),
        (None, "", 2),
    ]
    assert found.whole.count == 5 and found.repeated == 1
    assert found.whole.sited == 3 and found.whole.entered_ha == 90.0
    assert sum(g.count for g in found.groups) == found.whole.count + found.repeated


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_every_project_of_a_plan_stands_in_some_group(template: str, by: str) -> None:
    plan = project_lines(plan_from_template(template))
    found = totals(plan, plan.lines, by)
    assert {fid for group in found.groups for fid in group.fids} == {line.fid for line in plan.lines}
    assert found.whole.count == len(plan.lines) and math.isfinite(found.whole.area_m2)


def test_periods_are_groups_by_their_years(plan: ProjectLines) -> None:
    found = totals(plan, plan.lines, "period")
    assert [(g.key, g.count) for g in found.groups] == [("2021–2025", 2), ("2024–2023", 1), ("2026–", 1), (None, 1)]


def test_a_town_is_one_that_shares_ground_not_one_that_only_touches() -> None:
    towns = Rows.from_records(
        "admin_unit",
        [
            {"name": n, "level": level}
            for n, level in (("西乡", "town"), ("东乡", "town"), ("全县", "county"), ("半镇", "part"))
        ],
        [shapely.box(*b) for b in ((0, 0, 1, 1), (1, 0, 2, 1), (0, 0, 2, 1), (0.5, 0, 0.6, 1))],
    )
    sites = [shapely.box(0.1, 0.1, 0.2, 0.2), shapely.box(0.9, 0, 1.1, 0.1), shapely.box(1, 0, 1.1, 1), None]
    assert towns_of_sites(sites, towns) == [("西乡",), ("西乡", "东乡"), ("东乡",), ()]


def test_a_search_puts_the_code_before_the_name_and_asks_for_every_word(plan: ProjectLines) -> None:
    known = entries(plan.lines, [("青山镇",), (), (), (), ("青山镇", "A1村")])
    assert [e.name for _, e in find(known, "A1")] == ["造林", "巡护"]
    assert [e.name for _, e in find(known, "青山 林草")] == ["巡护"]
    assert find(known, "   ") == [] and find(known, "青山 没有") == []
    assert find(known, "A", cancelled=lambda: True) == []
    assert all(0 < score <= 1 for score, _ in find(known, "A"))
