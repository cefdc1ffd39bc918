"""Tables as offices keep them: whatever a row says it keeps, and what nobody can know is asked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.doubts import NEW, SKIP
from restoration_planner.core.project_table.files import read_table_file
from restoration_planner.core.project_table.pasted import grid_of_pasted
from restoration_planner.core.project_table.periods import read_period
from restoration_planner.core.project_table.xlsx import sheet_names
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.project_table.printed import fates, from_file, workbook, worked_out

BENXI = plan_from_template("benxi")


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


def pasted(*lines: str, answers: dict[str, str] | None = None, plan: str = "benxi", **more: object):  # type: ignore[no-untyped-def]
    return worked_out(plan_from_template(plan), grid_of_pasted("\n".join(lines)), answers, **more)


@pytest.mark.parametrize(
    ("written", "start", "end", "note"),
    [
        ("2021-2030 年", 2021, 2030, None),
        ("2021—2025年", 2021, 2025, None),
        ("２０２１～２０３５年", 2021, 2035, None),
        ("2021年至2030年", 2021, 2030, None),
        ("2025", 2025, 2025, None),
        ("至2030年", None, 2030, None),
        ("2021年起", 2021, None, None),
        ("近期", None, None, "近期"),
        ("近期（2021-2025年）", 2021, 2025, "近期"),
        ("按“二合一”报告确定", None, None, "按“二合一”报告确定"),
        # which stage is the project's, and a month, cannot be kept in two years: the words stay
        ("近期2021-2025年，远期2026-2035年", None, None, "近期2021-2025年，远期2026-2035年"),
        ("2021年3月—2025年12月", 2021, 2025, "2021年3月—2025年12月"),
    ],
)
def test_periods_are_read_as_they_are_printed(
    written: str, start: int | None, end: int | None, note: str | None
) -> None:
    period = read_period(written)
    assert (period.start, period.end, period.note) == (start, end, note)


def test_a_head_of_two_rows_with_merged_cells_and_units_in_captions(tmp_path: Path) -> None:
    rows = [
        ["附表", "", "", "", "", "", ""],
        ["序号", "项目名称", "工程量", "", "责任部门", "", "实施期限"],
        ["", "", "面积", "单位", "牵头", "配合", ""],
        [1, "本溪县小流域综合治理工程", 12.5, "公顷", "水利部门", "林草局", "2021-2030年"],
        [2, "新的湿地工程", "5", "处", "市林草局", "市水务局\n市财政局", "远期"],
        ["合计", "", 17.5, "", "", "", ""],
    ]
    merges = [(0, 0, 0, 6), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)]
    proposal = from_file(BENXI, workbook(tmp_path / "双层表头.xlsx", rows, merges))
    assert proposal.layout.head == (1, 2)
    wanted = ("", "name", "stated_quantity", "unit", "lead_department", "departments", "period")
    assert proposal.layout.roles == wanted
    known, new = proposal.rows
    assert {c.field: c.after for c in known.changes} == {
        "stated_quantity": "12.5公顷",
        "lead_department": "水利部门",
        "departments": ("水利部门", "林草局"),
    }
    (record,) = proposal.added
    assert record["stated_quantity"] == "5处" and record["lead_department"] == "市林草局"
    assert record["departments"] == ("市林草局", "市水务局", "市财政局")
    assert record["period_note"] == "远期" and "start_year" not in record
    assert [a.kind for a in proposal.asides] == ["title", "head", "head", "sum"]


def test_codes_that_excel_shows_as_1_10_are_not_1_1(tmp_path: Path) -> None:
    rows = [
        ["编号", "项目名称"],
        [(1.1, "0.00"), "建设生物阻隔系统工程"],
        [(1.01, "0.00"), "盂县水源涵养区矿山生态修复工程"],
    ]
    proposal = from_file(plan_from_template("yangquan"), workbook(tmp_path / "编号.xlsx", rows))
    assert [(r.code, r.fate) for r in proposal.rows] == [("1.10", "same"), ("1.01", "same")]


def test_departments_are_split_only_where_names_are_sure() -> None:
    head = "项目名称\t责任部门"
    sure = pasted(
        head, "甲整治工程\t住建部门、水利部门", "乙整治工程\t市发展改革委；市财政局", "丙整治工程\t1.林业局 2.水利局"
    )
    assert [r["departments"] for r in sure.added] == [
        ("住建部门", "水利部门"),
        ("市发展改革委", "市财政局"),
        ("林业局", "水利局"),
    ]
    asked = pasted(head, "甲整治工程\t发展改革、林业局")
    assert fates(asked) == ["doubt"] and not asked.added
    # a line of its own gives a whole name, which is then known in the column's other cells
    settled = pasted(head, "甲整治工程\t规划和自然资源、林业局、水务局", '乙整治工程\t"规划和自然资源、林业局\n水务局"')
    assert [r["departments"] for r in settled.added] == [("规划和自然资源、林业局", "水务局")] * 2
    answer = {asked.rows[0].doubts[0].id: "发展改革局\n林业局"}
    assert pasted(head, "甲整治工程\t发展改革、林业局", answers=answer).added[0]["departments"] == (
        "发展改革局",
        "林业局",
    )


@pytest.mark.parametrize(
    "written", ["住建部门（牵头）、水利部门", "住建部门牵头，水利部门参与", "牵头单位：住建部门；配合单位：水利部门"]
)
def test_who_leads_is_read_from_the_cell(written: str) -> None:
    proposal = pasted("项目名称\t责任部门", f"甲整治工程\t{written}")
    (record,) = proposal.added
    assert record["lead_department"] == "住建部门"
    assert record["departments"] == ("住建部门", "水利部门")


def test_regions_become_counties_zones_and_key_areas_and_the_rest_is_kept() -> None:
    areas = BENXI["key_area"].records()
    proposal = pasted(
        "项目名称\t实施区域",
        "甲整治工程\t平山区、溪湖区和本溪县等",
        f"乙整治工程\t{areas[0]['name']}",
        "丙整治工程\t南芬区、张其寨办事处",
    )
    first, second, third = proposal.added
    assert first["counties"] == ("平山区", "溪湖区", "本溪满族自治县")
    assert first["remark"] == "区域写作“……等”"
    assert second["key_area_codes"] == (areas[0]["code"],)
    assert third["counties"] == ("南芬区",) and third["remark"] == "实施区域：南芬区、张其寨办事处"


def test_a_town_says_its_county_and_stays_in_the_remark() -> None:
    town = next(u for u in BENXI["unit_membership"].records() if u["county"] and u["unit_name"].endswith("镇"))
    cases = {"溪湖区某某街道": "溪湖区", "本溪县某某村": "本溪满族自治县", town["unit_name"]: town["county"]}
    for written, county in cases.items():
        (record,) = pasted("项目名称\t实施区域", f"甲整治工程\t{written}").added
        assert record["counties"] == (county,)
        assert record["remark"] == f"实施区域：{written}"


def test_several_columns_of_quantities_stand_in_one_with_their_units() -> None:
    (record,) = pasted("项目名称\t面积（亩）\t长度（km）\t数量", "甲整治工程\t100\t2.5\t—").added
    assert record["stated_quantity"] == "面积100亩；长度2.5km" and "area_ha" not in record


def test_columns_that_the_plan_has_no_field_for_go_into_the_remark() -> None:
    proposal = pasted(
        "序号\t项目名称\t投资（万元）\t项目类型", "1\t甲整治工程\t1200\t矿山生态修复", "2\t乙整治工程\t\t不详的类型"
    )
    first, second = proposal.added
    assert first["remark"] == "投资（万元）：1200" and first["project_type"] == "mine"
    assert "project_type" not in second and second["remark"] == "项目类型：不详的类型"


def test_full_width_writing_is_made_half_width_and_said() -> None:
    proposal = pasted("编号\t项目名称\t实施期限", "Ａ１\t本溪县小流域综合治理工程\t２０２１-２０２８年")
    (row,) = proposal.rows
    assert row.code == "A1" and {c.field: c.after for c in row.changes} == {"end_year": 2028}
    assert "全角" in str(row.said[0])


def test_missing_codes_get_the_next_free_one_of_their_programme_in_the_plans_pattern() -> None:
    new = pasted("重大工程\t子工程\t", "太子河流域（本溪段）综合治理与生态修复工程 A\t甲整治工程\t", "\t乙整治工程\t")
    assert [r["code"] for r in new.added] == ["A8", "A9"]
    yangquan = pasted("七、生态网络构建与生物多样性保护重点工程", "丙整治工程", plan="yangquan")
    assert [(r["code"], r["programme_codes"]) for r in yangquan.added] == [("7.07", ("7",))]
    another = pasted("重大工程\t子工程", "太阳山湿地保护工程\t甲整治工程")
    assert another.programmes == [("C", "太阳山湿地保护工程")] and another.added[0]["code"] == "C1"


def test_headings_that_are_no_programmes_are_zones_or_types_or_asked() -> None:
    zone = BENXI["restoration_zone"].records()[1]
    told = pasted(f"一、{zone['name']}", "甲湿地工程", "二、矿山生态修复", "乙整治工程", "三、其他", "丙造林工程")
    first, second, third = told.rows
    assert {c.field: c.after for c in first.changes}["zone_codes"] == (zone["code"],)
    assert {c.field: c.after for c in second.changes}["project_type"] == "mine"
    assert third.fate == "doubt" and not told.programmes
    (doubt,) = third.doubts
    settled = pasted("三、其他", "丙造林工程", answers={doubt.id: SKIP})
    assert settled.rows[0].fate == "new" and not settled.programmes
    assert pasted("三、其他", "丙造林工程", answers={doubt.id: NEW}).programmes == [("C", "其他")]


def test_headings_below_a_programme_leave_it_as_it_is() -> None:
    programme = "太子河流域（本溪段）综合治理与生态修复工程"
    told = pasted(f"一、{programme}", "（一）矿山生态修复", "甲整治工程", "（二）示范类", "乙湿地工程")
    assert [r["programme_codes"] for r in told.added] == [("A",), ("A",)]
    assert [r.get("project_type") for r in told.added] == ["mine", None]
    assert [a.text for a in told.asides][1:] == ["（一）矿山生态修复", "（二）示范类"]


def test_a_code_that_is_another_project_is_asked() -> None:
    lines = ("编号\t项目名称", "A1\t观音阁水库周边历史遗留矿山生态修复工程")
    (row,) = pasted(*lines).rows
    assert row.fate == "doubt"
    (doubt,) = row.doubts
    assert [str(o.caption).split(" ")[0] for o in doubt.options[:2]] == ["A1", "B4"]
    chosen = pasted(*lines, answers={doubt.id: doubt.options[1].value})
    assert (chosen.rows[0].fate, chosen.rows[0].position) == ("same", 10)
    assert pasted(*lines, answers={doubt.id: NEW}).added[0]["name"] == "观音阁水库周边历史遗留矿山生态修复工程"


def test_rows_of_one_project_that_contradict_each_other_are_asked() -> None:
    lines = ("项目名称\t实施期限\t实施区域", "甲整治工程\t2021-2025年\t平山区", "甲整治工程\t2021-2030年\t溪湖区")
    proposal = pasted(*lines)
    assert fates(proposal) == ["doubt", "doubt"]
    (doubt,) = proposal.doubts()
    settled = pasted(*lines, answers={doubt.id: "3"})
    (record,) = settled.added
    assert record["end_year"] == 2030 and record["counties"] == ("平山区", "溪湖区")


@pytest.mark.parametrize(
    ("written", "fate"),
    [
        ("细河上游矿山生态修复工程", "doubt"),  # words less
        ("细河上游历史遗留矿山生态修复项目", "doubt"),
        ("细合上游历史遗留矿山生态修复工程", "doubt"),  # a misprint
        ("牛心台周边历史遗留矿山生态修复工程", "new"),  # another place, of the same kind
        ("细河上游历史遗留矿山生态修复工程（二期）", "new"),
    ],
)
def test_a_name_that_may_be_a_projects_is_asked_and_one_of_another_place_is_not(written: str, fate: str) -> None:
    assert fates(pasted("项目名称", written)) == [fate]


def test_one_code_for_two_new_projects_is_asked_and_the_other_gets_a_free_one() -> None:
    programme = "太子河流域（本溪段）综合治理与生态修复工程"
    lines = ("重大工程\t编号\t项目名称", f"{programme}\tA8\t甲湿地工程", f"{programme}\tA8\t乙造林项目")
    proposal = pasted(*lines)
    assert fates(proposal) == ["doubt", "doubt"] and not proposal.added
    (doubt,) = proposal.doubts()
    settled = pasted(*lines, answers={doubt.id: doubt.options[1].value})
    assert {r["name"]: r["code"] for r in settled.added} == {"乙造林项目": "A8", "甲湿地工程": "A9"}


def test_what_the_form_would_not_take_is_said() -> None:
    (row,) = pasted("编号\t项目名称\t实施期限", "A1\t本溪县小流域综合治理工程\t2021-2040年").rows
    assert row.fate == "changed" and any("2040" in str(said) for said in row.said)


def test_a_project_under_another_programme_is_asked_whether_it_moved() -> None:
    lines = ("重大工程\t编号\t项目名称", "辽东山地水源涵养区历史遗留矿山生态修复工程\tA1\t本溪县小流域综合治理工程")
    (doubt,) = pasted(*lines).doubts()
    for answer, codes in (("both", ("A", "B")), ("moved", ("B",))):
        (row,) = pasted(*lines, answers={doubt.id: answer}).rows
        assert [(c.field, c.after) for c in row.changes] == [("programme_codes", codes)]
    assert fates(pasted(*lines, answers={doubt.id: "stays"})) == ["same"]


def test_rows_left_out_are_not_written() -> None:
    lines = ("项目名称\t实施期限", "甲整治工程\t2025年", "乙整治工程\t2025年")
    proposal = pasted(*lines)
    left = pasted(*lines, answers={proposal.rows[0].id: SKIP})
    assert fates(left) == ["left_out", "new"] and [r["name"] for r in left.added] == ["乙整治工程"]


def test_a_numbered_list_in_one_cell_gives_whole_names() -> None:
    proposal = pasted("项目名称", "1.马家河、小南沟综合治理工程；2.城区神峪河、义井河河道治理\n")
    assert [r["name"] for r in proposal.added] == ["马家河、小南沟综合治理工程", "城区神峪河、义井河河道治理"]


def test_the_sheet_with_the_table_is_named_among_others_and_hidden_ones_are_not_offered(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "多表.xlsx"))
    for name in ("封面", "表3", "草稿"):
        book.add_worksheet(name).write(0, 0, "项目名称")
    book.get_worksheet_by_name("草稿").hide()
    book.close()
    assert sheet_names(tmp_path / "多表.xlsx") == ["封面", "表3"]


def parcel(path: Path, sheet: str, **more: str) -> Path:
    """An XLSX file written part by part."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="x"/></sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="p"><Relationship Id="x" Type="t/worksheet" Target="worksheets/s.xml"/></Relationships>',
        )
        file.writestr("xl/worksheets/s.xml", sheet)
    return path


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><c t="str"><v>&b;</v></c></worksheet>'
    with pytest.raises(PlannerError) as error:
        read_table_file(parcel(tmp_path / "实体.xlsx", bomb))
    assert error.value.message.id == "project_table.unsafe"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = parcel(tmp_path / "炸弹.xlsx", "<worksheet>" + " " * (201 << 20) + "</worksheet>")
    assert path.stat().st_size < 1 << 20
    with pytest.raises(PlannerError) as error:
        read_table_file(path)
    assert error.value.message.id == "project_table.too_big"


def test_a_merged_cell_over_a_million_rows_takes_no_more_than_the_table(tmp_path: Path) -> None:
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>项目名称</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>甲整治工程</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells></worksheet>'
    )
    grid = read_table_file(parcel(tmp_path / "合并.xlsx", sheet))
    assert [row[0] for row in grid.rows] == ["项目名称", "甲整治工程"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old or locked"])
def test_what_is_no_workbook_is_said(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    with pytest.raises(PlannerError) as error:
        read_table_file(path)
    assert "坏.xlsx" in str(error.value)


def test_a_csv_in_gbk_with_blank_cells_below_a_programme(tmp_path: Path) -> None:
    path = tmp_path / "项目表.csv"
    lines = [
        "重大工程,编号,子工程部署,责任部门",
        "辽东山地水源涵养区历史遗留矿山生态修复工程 B,B4,观音阁水库周边历史遗留矿山生态修复工程,自然资源部门",
    ]
    lines += [",B5,细河上游历史遗留矿山生态修复工程,自然资源部门", "注：B5 为新增。,,,"]
    path.write_bytes("\n".join(lines).encode("gbk"))
    proposal = from_file(BENXI, path)
    assert fates(proposal) == ["same", "same"] and [a.kind for a in proposal.asides] == ["head", "note"]


def test_nothing_of_a_table_is_lost(tmp_path: Path) -> None:
    """Every filled cell is in a row's values, in the list of other rows, or in a column that is left out by its caption."""
    rows = [
        ["表3", "", "", ""],
        ["序号", "项目名称", "实施期限", "绩效目标"],
        [1, "甲整治工程", "分三期", "达标率90%"],
        ["", "", "（续）说明文字", ""],
        ["小计", "", "", "1项"],
        ["资料来源：各县区", "", "", ""],
    ]
    proposal = from_file(BENXI, workbook(tmp_path / "全.xlsx", rows))
    kept = " ".join(str(c.after) for row in proposal.rows for c in row.changes)
    kept += " ".join(a.text for a in proposal.asides)
    for cell in (c for row in rows for c in row if isinstance(c, str) and c and c != "序号"):
        assert cell in kept
