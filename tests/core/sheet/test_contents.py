"""What a sheet says: head, findings, areas that add up, reviews, corner points."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyproj
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.sheet.choosing import chosen_projects, codes_of, with_findings
from restoration_planner.core.sheet.contents import SiteSheet, sheets_of
from restoration_planner.core.sheet.grids import SheetTable
from restoration_planner.core.sheet.runs import project_runs
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.sheet.conftest import checked, with_rows, with_site
from restoration_planner.tests.small_plan import square

DAY = date(2026, 5, 1)


def sheet_of(tables: PlanTables, code: str) -> SiteSheet:
    positions = chosen_projects(tables["project"], code)
    assert positions is not None
    return sheets_of(tables, project_runs(tables, load_rules(None)), positions, DAY)[0]


def column(table: SheetTable, caption: str) -> list[str]:
    """A column's cells, whatever way its caption is broken into lines."""
    captions = [c.caption.replace("\n", "") for c in table.columns]
    return [row.cells[captions.index(caption)] for row in table.rows]


def number(written: str) -> float:
    return float(written.replace(",", ""))


def test_the_head_names_the_project(tables: PlanTables) -> None:
    head = {entry.caption: entry.value for entry in sheet_of(tables, "P2").head}
    assert head["规划名称"] == "方格市规划" and head["城市"] == "方格市"
    assert (head["项目编号"], head["项目名称"]) == ("P2", "西岭采石") and "矿" in head["项目类型"]
    assert head["所在分区"] == "1 西区" and head["涉及县（区）"] == "西县" and head["核查结论"] == "冲突"
    assert "列入规划：是" in head["规划与用地"] and head["认定意见文号"] == "无"


def test_a_finding_is_told_with_area_in_both_units_share_basis_and_advice(tables: PlanTables) -> None:
    sheet = sheet_of(tables, "P2")
    assert sheet.findings is not None
    row = column(sheet.findings, "核查规则").index("压占生态保护红线")
    # the western half of the site lies in the red line
    truth = float(ellipsoidal_area(shapely.box(124.04, 41.06, 124.05, 41.08)))
    assert number(column(sheet.findings, "面积（平方米）")[row]) == pytest.approx(truth, abs=0.005)
    assert number(column(sheet.findings, "面积（公顷）")[row]) == pytest.approx(truth / 1e4, abs=0.00005)
    assert column(sheet.findings, "占选址（%）")[row] == "50.00"
    assert column(sheet.findings, "涉及对象")[row] == "生态保护红线 R1 西岭"
    assert "142号" in column(sheet.findings, "法规依据")[row] and column(sheet.findings, "处理建议")[row]
    assert [(part.number, part.grade) for part in sheet.offending] == [(row + 1, "violation")]


def test_printed_areas_add_up_to_their_total(tables: PlanTables) -> None:
    # three strips of one line, each a third of the site: thirds never round to their sum
    strips = [square(124.04 + i * 0.02 / 3, 41.06, 124.04 + (i + 1) * 0.02 / 3, 41.08) for i in range(3)]
    lines = Rows.from_records("red_line", [{"code": f"R{i}", "name": "岭"} for i in range(3)], strips)
    sheet = sheet_of(with_rows(tables, lines), "P2")
    assert sheet.findings is not None
    rows = [r for r in sheet.findings.rows if r.cells[1] == "压占生态保护红线" or r.kind == "total"]
    assert [r.kind for r in rows] == ["plain"] * 3 + ["total"]
    for place in (4, 5, 6):
        *parts, total = [number(r.cells[place]) for r in rows]
        assert round(sum(parts), 4) == total
    assert rows[-1].cells[6] == "100.00"
    assert number(rows[-1].cells[5]) == pytest.approx(float(ellipsoidal_area(sheet.site)), abs=0.01)


def test_objects_that_overlap_are_not_added_up(tables: PlanTables) -> None:
    twice = [square(124.04, 41.06, 124.05, 41.08), square(124.045, 41.06, 124.055, 41.08)]
    lines = Rows.from_records("red_line", [{"code": "R1", "name": "甲"}, {"code": "R2", "name": "乙"}], twice)
    findings = sheet_of(with_rows(tables, lines), "P2").findings
    assert findings is not None and all(row.kind == "plain" for row in findings.rows)
    assert "压占生态保护红线" in findings.notes[0]


def test_the_parts_of_a_site_add_up_to_it(tables: PlanTables) -> None:
    thirds = shapely.MultiPolygon([shapely.box(124.06 + i * 0.01, 41.05, 124.063 + i * 0.01, 41.051) for i in range(3)])
    lake = thirds.difference(shapely.box(124.061, 41.0503, 124.062, 41.0507))
    sheet = sheet_of(with_site(tables, "P1", lake), "P1")
    assert sheet.rings is not None
    assert column(sheet.rings, "类别") == ["外圈", "内圈", "外圈", "外圈", ""]
    areas = [number(a) for a in column(sheet.rings, "面积（平方米）") if a]
    assert round(sum(areas[:-1]), 2) == areas[-1] == pytest.approx(float(ellipsoidal_area(lake)), abs=0.005)
    stated = next(entry.value for entry in sheet.head if entry.caption == "选址面积")
    assert f"{areas[-1]:,.2f} 平方米" in stated


def test_reviews_are_told_with_who_when_and_by_which_document(tables: PlanTables) -> None:
    area = float(ellipsoidal_area(shapely.box(124.04, 41.06, 124.05, 41.08)))
    said = {
        "project_code": "P2",
        "rule": "red_line",
        "target_code": "R1",
        "area_m2": area,
        "decision": "accepted",
        "document": "本自然资函〔2026〕8号",
        "reviewer": "王工",
        "reviewed_at": "2026-03-05T10:00:00+08:00",
        "note": "已调整",
    }
    gone = {**said, "rule": "basic_farmland", "target_code": "F9", "decision": "rejected"}
    others = {**said, "project_code": "P3"}
    reviews = Rows.from_records("siting_review", [said, gone, others])
    sheet = sheet_of(with_rows(tables, reviews), "P2")
    assert sheet.reviews is not None and sheet.findings is not None
    assert column(sheet.reviews, "复核结论") == ["认可", "不认可"]
    assert column(sheet.reviews, "依据文件")[0] == "本自然资函〔2026〕8号"
    assert column(sheet.reviews, "复核人")[0] == "王工" and column(sheet.reviews, "复核日期")[0] == "2026-03-05"
    assert column(sheet.reviews, "效力") == ["有效", "问题已不存在"]
    assert "（已认可）" in "".join(column(sheet.findings, "判定等级"))
    shrunk = Rows.from_records("siting_review", [{**said, "area_m2": area / 2}])
    lapsed = sheet_of(with_rows(tables, shrunk), "P2")
    assert lapsed.reviews is not None and column(lapsed.reviews, "效力") == ["已失效"]


def test_corner_points_agree_with_proj(tables: PlanTables) -> None:
    sheet = sheet_of(tables, "P1")
    transformer = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4529", always_xy=True)
    east, north = transformer.transform([124.06, 124.07, 124.07, 124.06], [41.07, 41.07, 41.06, 41.06])
    truth = [(f"{y:.3f}", f"{x:.3f}") for x, y in zip(east, north)]
    assert [(row[2], row[3]) for row in sheet.coordinates] == [*truth, truth[0]]
    assert [row[0] for row in sheet.coordinates] == ["J1", "J2", "J3", "J4", "J1"]
    assert "第41带" in sheet.corner_title and "123°E" in sheet.corner_title


def test_a_site_across_two_zones_says_which_one_is_used(tables: PlanTables) -> None:
    sheet = sheet_of(with_site(tables, "P1", square(124.45, 41.0, 124.53, 41.01)), "P1")
    assert sheet.corners is not None and sheet.corners.zone == 41
    assert sheet.corner_notes[0].startswith("注：选址跨越第41带") and "注：注" not in sheet.corner_notes[0]


def test_a_project_without_a_site_says_so(tables: PlanTables) -> None:
    sheet = sheet_of(tables, "P4")
    assert sheet.site is None and sheet.plot is None and sheet.corners is None and sheet.rings is None
    assert "尚未落图" in sheet.no_site and sheet.grade == "undetermined"


def test_a_bow_tie_is_told_and_both_halves_count(tables: PlanTables) -> None:
    bow = shapely.MultiPolygon([shapely.Polygon([(124.06, 41.06), (124.07, 41.07), (124.07, 41.06), (124.06, 41.07)])])
    sheet = sheet_of(with_site(tables, "P1", bow), "P1")
    assert sheet.corners is not None and sheet.corners.parts == 2
    assert any("图形有误" in note for note in sheet.corner_notes)


def test_a_project_that_passes_has_a_sheet_that_says_so(tables: PlanTables) -> None:
    sheet = sheet_of(checked(tables), "P1")
    assert sheet.findings is None and "未发现问题" in sheet.no_findings and "2026-03-01 09:30" in sheet.about_run


def test_which_run_is_told_of_stands_on_the_sheet(tables: PlanTables) -> None:
    assert "没有已保存" in sheet_of(tables, "P2").about_run
    moved = with_site(checked(tables), "P2", square(124.03, 41.06, 124.06, 41.08))
    about = sheet_of(moved, "P2").about_run
    assert "2026-03-01 09:30" in about and "不一致" in about


def test_codes_choose_projects_in_their_order(tables: PlanTables) -> None:
    assert chosen_projects(tables["project"], "P3，P1;P3") == [2, 0]
    assert chosen_projects(tables["project"], " ") is None and codes_of("A1、A2\nA3") == ["A1", "A2", "A3"]
    runs = project_runs(tables, load_rules(None))
    assert with_findings(runs) == [1, 2, 3, 4, 5]


def test_an_unknown_code_is_named_with_the_nearest(tables: PlanTables) -> None:
    with pytest.raises(PlannerError) as told:
        chosen_projects(tables["project"], "P1,P9")
    assert "P9" in str(told.value) and "P6" in str(told.value)


def test_one_code_for_two_projects_makes_two_sheets_under_two_names(tables: PlanTables) -> None:
    projects = tables["project"]
    projects.columns["code"][:2] = "X"
    projects.columns["name"][:2] = "同名"
    runs = project_runs(tables, load_rules(None))
    found = sheets_of(tables, runs, chosen_projects(projects, "X") or [], DAY)
    assert [s.stem for s in found] == ["选址核查表_X_同名", "选址核查表_X_同名_2"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a/b:c*?", "选址核查表_P1_abc"),
        ("两 行\n名称", "选址核查表_P1_两_行_名称"),
        ("长" * 80, "选址核查表_P1_" + "长" * 53),
        (None, "选址核查表_P1"),
    ],
)
def test_names_that_no_file_system_takes(tables: PlanTables, name: str | None, stem: str) -> None:
    tables["project"].columns["name"][0] = name
    sheet = sheet_of(tables, "P1")
    assert sheet.stem == stem and len(sheet.stem.encode()) <= 180


def test_in_english_no_chinese_of_ours_is_left(tables: PlanTables) -> None:
    set_language("en")
    sheet = sheet_of(tables, "P2")
    ours = [sheet.title, sheet.about_run, sheet.corner_title, *(entry.caption for entry in sheet.head)]
    assert sheet.findings is not None
    ours += [c.caption for c in sheet.findings.columns]
    assert all(all(ord(c) < 0x2E80 for c in words) for words in ours), ours


def test_many_corners_are_numbered_through(tables: PlanTables) -> None:
    angles = 2 * np.pi * np.arange(5000) / 5000
    ring = np.column_stack([124.05 + 0.02 * np.cos(angles), 41.05 + 0.02 * np.sin(angles)])
    sheet = sheet_of(with_site(tables, "P1", shapely.MultiPolygon([shapely.Polygon(ring)])), "P1")
    assert sheet.corners is not None and sheet.corners.count == 5000
    assert sheet.coordinates[-2][0] == "J5000" and sheet.coordinates[-1] == (
        "J1",
        *sheet.coordinates[0][1:],
    )


def test_a_part_too_small_for_corner_points_moves_no_area_to_another_part(tables: PlanTables) -> None:
    # the largest first, then a speck of a hundredth of a millimetre, then the smallest
    large, speck, small = (
        shapely.box(124.06, 41.05, 124.064, 41.051),
        shapely.box(124.066, 41.05, 124.066 + 1e-10, 41.05 + 1e-10),
        shapely.box(124.068, 41.05, 124.069, 41.051),
    )
    sheet = sheet_of(with_site(tables, "P1", shapely.MultiPolygon([large, speck, small])), "P1")
    assert sheet.rings is not None
    stated = [number(a) for a in column(sheet.rings, "面积（平方米）")]
    truth = [float(ellipsoidal_area(part)) for part in (large, small)]
    assert stated == pytest.approx([*truth, sum(truth)], abs=0.02) and truth[0] > 3 * truth[1]
    assert [(n, part.equals(shape)) for (n, part), shape in zip(sheet.parts, (large, small))] == [(1, True), (2, True)]
    assert any("1 圈过小" in note for note in sheet.corner_notes)
