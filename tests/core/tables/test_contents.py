"""The three tables say what the published plans state, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.siting.saved import findings_as_rows
from restoration_planner.core.tables.contents import appendix_of
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.tables.conftest import appendix, column_named, sheet_named, spans, texts
from restoration_planner.tests.small_plan import GRADES, WEST, small_tables


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("city", ["benxi", "yangquan"])
def test_every_place_of_every_table_belongs_to_exactly_one_cell(city: str, language: str) -> None:
    set_language(language)
    for file in appendix(city).files:
        for sheet in file.sheets:
            for lines in (sheet.head, sheet.body):
                owned = []
                for row, line in enumerate(lines):
                    assert len(line) == len(sheet.columns)
                    for column, cell in enumerate(line):
                        if cell is not None:
                            places = [(row + r, column + c) for r in range(cell.rows) for c in range(cell.columns)]
                            owned += places
                assert sorted(owned) == [(r, c) for r in range(len(lines)) for c in range(len(sheet.columns))]


def test_table_1_of_benxi_is_the_plans_own(facts: dict[str, Any]) -> None:
    said = facts["benxi"]
    sheet = sheet_named("分区", appendix("benxi"))
    assert texts(column_named("生态修复分区", sheet)) == [zone["name"] for zone in said["zones"]]
    assert texts(column_named("分区面积（km²） 规划", sheet)) == [f"{zone['area_km2']:.2f}" for zone in said["zones"]]
    assert texts(column_named("占比（%）", sheet)) == [f"{zone['percent']:.2f}" for zone in said["zones"]]
    assert texts(column_named("重点区域 编号", sheet)) == [area["id"] for area in said["key_areas"]]
    assert texts(column_named("重点区域 名称", sheet)) == [area["name"] for area in said["key_areas"]]
    assert texts(column_named("重点区域面积（km²） 规划", sheet)) == [f"{a['area_km2']:.2f}" for a in said["key_areas"]]
    towns = [
        (county, {unit["name"] for unit in area["units"] if unit["county"] == county})
        for area in said["key_areas"]
        for county in area["counties"]
    ]
    counties, units = (texts(column_named(f"涉及区域 {name}", sheet)) for name in ("县（区）", "乡镇（街道）"))
    assert [(county, set(listed.split("、"))) for county, listed in zip(counties, units)] == towns


def test_table_1_of_benxi_merges_a_zone_over_its_key_areas_and_a_key_area_over_its_counties() -> None:
    sheet = sheet_named("分区", appendix("benxi"))
    assert spans(column_named("生态修复分区", sheet)) == [3, 2, 1, 1]
    assert spans(column_named("重点区域 名称", sheet)) == [3, 1, 1, 1, 1]
    total = [cell.shown for cell in sheet.body[-1] if cell is not None and cell.shown]
    assert total == ["合计", "8417.58", "100.00", "2977.31"]  # 1519.87 + 980.94 + 2363.44 + 3553.33, and so on


def test_table_1_of_yangquan_gives_computed_shares_that_add_up_and_the_towns_of_the_zones(
    facts: dict[str, Any],
) -> None:
    said = facts["yangquan"]
    sheet = sheet_named("分区", appendix("yangquan"))
    shares = [float(share) for share in texts(column_named("占比（%）", sheet))]
    assert round(sum(shares), 2) == 100
    for share, zone in zip(shares, said["zones"]):
        assert share == pytest.approx(zone["percent_computed"], abs=0.0101)
    assert texts(column_named("重点区域 名称", sheet)) == [area["name"] for area in said["key_areas"]]
    assert spans(column_named("生态修复分区", sheet)) == [2, 2, 1, 1, 3, 4]
    regions = texts(column_named("涉及区域", sheet))
    assert spans(column_named("涉及区域", sheet)) == [2, 2, 1, 1, 3, 4]
    for region, zone in zip(regions, said["zones"]):
        assert all(unit["name"] in region for unit in zone["units"])


def test_a_columns_parts_add_up_to_its_sum_where_plain_rounding_would_not() -> None:
    thirds = [shapely.box(124 + west / 100, 41, 124.01 + west / 100, 41.01) for west in range(3)]
    zones = [{"code": str(i), "name": f"{i}区", "stated_area_km2": 100 / 3} for i in range(3)]
    tables = PlanTables({"restoration_zone": Rows.from_records("restoration_zone", zones, thirds)})
    sheet = sheet_named("分区", appendix_of(tables))
    for caption, total in (("分区面积（km²） 规划", 100.0), ("占比（%）", 100.0)):
        parts = [float(part) for part in texts(column_named(caption, sheet))]
        assert sorted(parts) == [33.33, 33.33, 33.34] and round(sum(parts), 2) == total
    measured = [float(part) for part in texts(column_named("分区面积（km²） 量算", sheet))]
    printed = [cell.shown for cell in sheet.body[-1] if cell is not None and cell.is_number]
    assert printed == ["100.00", f"{sum(measured):.2f}", "100.00"]


def test_stated_and_measured_areas_differ_by_what_is_printed() -> None:
    zones = [{"code": "1", "name": "西区", "stated_area_km2": 90.0}]
    tables = PlanTables({"restoration_zone": Rows.from_records("restoration_zone", zones, [WEST])})
    sheet = sheet_named("规划与量算面积", appendix_of(tables))
    stated, measured, difference, percent = (
        cell.value for cell in sheet.body[0][3:7] if cell is not None and isinstance(cell.value, float)
    )
    # 0.1° of longitude at 41.05° N is 8.413 km, 0.1° of latitude 11.106 km
    assert measured == pytest.approx(8.413 * 11.106, rel=1e-3)
    assert difference == round(measured - stated, 2) and percent == pytest.approx(difference / 90 * 100)


def test_table_2_of_benxi_prints_every_value_as_the_plan_does(facts: dict[str, Any]) -> None:
    said = facts["benxi"]["indicators"]
    sheet = sheet_named("分年度", appendix("benxi"))
    assert texts(column_named("指标", sheet)) == [row["name"] for row in said["rows"]]
    assert texts(column_named("指标属性", sheet)) == [row["attribute"] for row in said["rows"]]
    for year in said["years"]:
        caption = f"{year}年（基期）" if year == 2020 else f"{year}年"
        assert texts(column_named(caption, sheet)) == [row["values_raw"][str(year)] for row in said["rows"]]
    assert spans(column_named("类型", sheet)) == [5, 2]
    assert len(sheet.notes) == 2


def test_cumulative_values_stay_numbers_under_their_brackets() -> None:
    cells = column_named("2030年", sheet_named("分年度", appendix("benxi")))
    cell = next(cell for cell in cells if cell is not None and cell.shown == "≥[330]")
    assert cell.value == 330.0


def test_table_2_of_benxi_breaks_the_mines_down_by_district(facts: dict[str, Any]) -> None:
    (said,) = facts["benxi"]["indicator_breakdown"]
    sheet = sheet_named("分行政区", appendix("benxi"))
    printed = [tuple(cell.shown for cell in line if cell is not None) for line in sheet.body]
    wanted = [(row["unit_name"], f"{row['value']:.2f}") for row in said["rows"]]
    assert printed == [*wanted, ("合计", f"{said['total']:.2f}")]
    assert not sheet.remarks


def test_a_breakdown_that_misses_its_target_is_said() -> None:
    tables = plan_from_template("benxi")
    shares = tables["indicator_share"]
    short = appendix_of(PlanTables({**tables.rows, "indicator_share": shares.take(list(range(1, len(shares))))}))  # type: ignore[arg-type]
    (remark,) = sheet_named("分行政区", short).remarks
    assert "3.79" in remark and "4.39" in remark


def test_table_2_of_yangquan_leaves_out_what_its_plan_does_not_give(facts: dict[str, Any]) -> None:
    (file,) = [file for file in appendix("yangquan").files if "表2" in file.stem]
    (sheet,) = file.sheets
    assert sheet.title.startswith("表2　")
    assert [cell.shown for cell in sheet.head[0] if cell is not None] == ["指标", "单位", "2025年", "2035年"]
    wanted = [row["values"]["2035"] for row in facts["yangquan"]["indicators"]["rows"]]
    found = [cell.value if cell is not None else None for cell in column_named("2035年", sheet)]
    assert found == wanted


def test_table_3_of_benxi_is_the_plans_own(facts: dict[str, Any]) -> None:
    programmes = facts["benxi"]["programmes"]
    projects = [project for programme in programmes for project in programme["projects"]]
    sheet = sheet_named("重点工程", appendix("benxi"))
    assert texts(column_named("重大工程", sheet)) == [f"{p['name']} {p['code']}" for p in programmes]
    assert spans(column_named("重大工程", sheet)) == [7, 8]
    assert texts(column_named("编号", sheet)) == [project["code"] for project in projects]
    assert texts(column_named("子工程部署", sheet)) == [project["name"] for project in projects]
    periods = [f"{p['start']}-{p['end']}年" if p["start"] else p["period_raw"] for p in projects]
    assert texts(column_named("实施期限", sheet)) == periods
    assert texts(column_named("实施区域", sheet)) == ["、".join(project["counties"]) for project in projects]
    for cell, project in zip(texts(column_named("责任部门", sheet)), projects):
        assert cell.replace("（牵头）", "").split("、") == project["departments"]


def test_table_3_of_yangquan_has_a_project_under_each_of_its_programmes(facts: dict[str, Any]) -> None:
    programmes = facts["yangquan"]["programmes"]
    sheet = sheet_named("重点工程", appendix("yangquan"))
    assert spans(column_named("重大工程", sheet)) == [programme["project_count"] for programme in programmes]
    assert len(sheet.body) == 111 and any("77" in note for note in sheet.notes)
    listed = texts(column_named("子工程部署", sheet))
    first = [project["name"] for project in programmes[0]["projects"]]
    assert sorted(listed[: len(first)]) == sorted(first)
    assert any("重点任务" in remark for remark in sheet.remarks)


def test_the_findings_stand_beside_table_3_with_every_project() -> None:
    tables = small_tables()
    result = check_siting(tables, load_rules())
    sheet = sheet_named(
        "选址核查结果", appendix_of(PlanTables({**tables.rows, "siting_finding": findings_as_rows(result)}))
    )
    captions = {"violation": "冲突", "review": "需复核", "undetermined": "无法判定", "pass": "通过"}
    grades = dict(zip(texts(column_named("编号", sheet)), texts(column_named("项目结论", sheet))))
    assert {code: captions[grade] for code, grade in GRADES.items() if grade in captions}.items() <= grades.items()
    assert set(grades) == set(GRADES)
    assert len(sheet.body) == sum(max(1, len(project.findings)) for project in result.projects)
    assert sheet.paper == "A3"


def test_a_plan_without_content_lacks_all_three_tables_and_says_so() -> None:
    empty = appendix("blank")
    assert not empty.files
    assert [message.id for message in empty.missing] == [f"tables.nothing_for_{number}" for number in (1, 2, 3)]


def test_odd_plans_are_printed_or_explained() -> None:
    tables = PlanTables(
        {
            "plan": Rows.from_records("plan", [{"city": 'A/B:"市"'}]),
            "restoration_zone": Rows.from_records("restoration_zone", [{"code": None, "name": None}, {"code": "1"}]),
            "key_area": Rows.from_records("key_area", [{"code": "9-1", "name": "无主", "zone_code": "9"}]),
            "project": Rows.from_records(
                "project",
                [
                    {"code": "P", "name": "<b>矿山</b>\x07&\n修复", "programme_codes": "X", "departments": "甲,乙"},
                    {"code": None, "name": None, "start_year": 2021, "lead_department": "甲"},
                ],
            ),
        }
    )
    found = appendix_of(tables)
    assert [file.stem for file in found.files] == ["表1_A_B__市_生态修复分区表", "表3_A_B__市_生态修复重点工程表"]
    assert any("9-1" in remark for remark in sheet_named("分区", found).remarks)
    sheet = sheet_named("重点工程", found)
    assert texts(column_named("子工程部署", sheet)) == ["<b>矿山</b>&\n修复", ""]
    assert texts(column_named("重大工程", sheet)) == ["X", "未归入重大工程"]
    assert texts(column_named("实施期限", sheet)) == ["", "2021年起"]


def test_a_zone_without_key_areas_shows_its_own_towns_and_a_lost_key_area_counts_in_no_sum() -> None:
    zones = [{"code": "1", "name": "有"}, {"code": "2", "name": "无"}]
    key_areas = [
        {"code": "1-1", "name": "甲", "zone_code": "1", "stated_area_km2": 5.0},
        {"code": "9-1", "name": "丢", "zone_code": "9", "stated_area_km2": 7.0},
    ]
    members = [
        {"unit_name": "东镇", "county": "东县", "zone_code": "1", "key_area_code": "1-1"},
        {"unit_name": "南镇", "county": None, "zone_code": "2"},
        {"unit_name": "西镇", "county": "西县", "zone_code": "2"},
    ]
    tables = {"restoration_zone": zones, "key_area": key_areas, "unit_membership": members}
    rows: dict[str, list[dict[str, object]]] = {name: list(records) for name, records in tables.items()}  # type: ignore[arg-type]
    sheet = sheet_named("分区", appendix_of(PlanTables({n: Rows.from_records(n, r) for n, r in rows.items()})))
    printed = [["^" if cell is None else cell.shown for cell in line] for line in sheet.body]
    assert printed == [
        ["1", "有", "1-1", "甲", "5.00", "东县", "东镇"],
        ["2", "无", "—", "—", "", "西县", "西镇"],
        ["^", "^", "^", "^", "^", "规划未载明", "南镇"],
        ["合计", "^", "", "", "5.00", "", ""],
    ]
