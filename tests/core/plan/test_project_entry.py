"""What a planner enters for a project: codes, tidy texts, and what does not fit."""

from __future__ import annotations

import pytest

from restoration_planner.core.plan.project_entry import (
    Surroundings,
    fits_pattern,
    misfits,
    next_code,
    tidy_code,
    tidy_row,
    tidy_text,
)
from restoration_planner.core.plan.templates import plan_from_template

GOOD = {
    "code": "A3",
    "name": "矿山修复",
    "programme_codes": '{"A"}',
    "zone_codes": '{"1"}',
    "start_year": 2021,
    "end_year": 2030,
    "departments": '{"水利部门"}',
}
AROUND = Surroundings(codes=["A1", "A2", "B1"], zones=["1", "2"], start_year=2021, end_year=2035)


@pytest.mark.parametrize(
    ("programme", "codes", "expected"),
    [
        ("A", ["A1", "A2", "B7"], "A3"),
        ("A", ["A1", "A9"], "A10"),
        ("A", ["A1", "A12"], "A13"),
        ("C", ["A1", "B2"], "C1"),
        ("2", ["1.01", "2.09"], "2.10"),
        ("7", ["1.01", "2.09"], "7.01"),
        ("1", ["1.01", "12.05"], "1.02"),
        ("A", ["A-01", "A-03"], "A-04"),
        ("A", [], "A1"),
        ("A", [None, "", "其他"], "A1"),
        ("A", ["A3", "A1"], "A4"),
    ],
)
def test_the_next_code_follows_the_programmes_own_pattern(programme, codes, expected):
    assert next_code(programme, codes) == expected


@pytest.mark.parametrize(("template", "programme", "expected"), [("benxi", "A", "A8"), ("benxi", "B", "B9")])
def test_the_next_code_of_benxi(template, programme, expected):
    codes = list(plan_from_template(template)["project"]["code"])
    assert next_code(programme, codes) == expected


@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_every_next_code_fits_its_own_plan_and_is_free(template):
    plan = plan_from_template(template)
    codes = list(plan["project"]["code"])
    for programme in plan["programme"]["code"]:
        code = next_code(programme, codes)
        assert code not in codes
        assert fits_pattern(code, [programme], codes)


@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_no_project_of_a_template_has_a_hard_misfit(template):
    plan = plan_from_template(template)
    projects, zones = plan["project"], list(plan["restoration_zone"]["code"])
    for at in range(len(projects)):
        row = {name: column[at] for name, column in projects.columns.items()}
        others = [c for i, c in enumerate(projects["code"]) if i != at]
        found = misfits(row, Surroundings(others, zones, 2021, 2035))
        assert [m.message for m in found if m.hard or m.field == "code"] == []


def test_a_good_row_has_no_misfit():
    assert misfits(GOOD, AROUND) == []


@pytest.mark.parametrize(
    ("change", "field", "hard", "said"),
    [
        ({"code": None}, "code", True, "A3"),
        ({"code": "A2"}, "code", True, "A3"),
        ({"code": "甲-1"}, "code", False, "A3"),
        ({"code": "B9"}, "code", False, "A3"),
        ({"name": "  "}, "name", True, "名称"),
        ({"name": "长" * 121}, "name", True, "121"),
        ({"tasks": "长" * 4001}, "tasks", False, "4001"),
        ({"start_year": 2031}, "start_year", True, "2031"),
        ({"start_year": 2020}, "start_year", False, "2021—2035"),
        ({"end_year": 2036}, "end_year", False, "2036"),
        ({"end_year": None}, "period_note", False, "期限"),
        ({"departments": None}, "departments", False, "部门"),
        ({"zone_codes": "{}"}, "zone_codes", False, "分区"),
        ({"zone_codes": '{"1","9"}'}, "zone_codes", False, "9"),
    ],
)
def test_a_misfit_is_said_with_how_to_mend_it(change, field, hard, said):
    (found,) = misfits({**GOOD, **change}, AROUND)
    assert (found.field, found.hard) == (field, hard)
    assert said in found.message.in_language("zh")
    assert found.message.in_language("en").endswith(".")


def test_a_note_stands_for_years():
    row = {**GOOD, "start_year": None, "end_year": None, "period_note": "按“二合一”报告确定"}
    assert misfits(row, AROUND) == []
    assert misfits({**GOOD, "end_year": 2040, "period_note": "跨期实施"}, AROUND) == []


def test_land_in_a_red_line_needs_the_opinion():
    around = Surroundings(AROUND.codes, AROUND.zones, land_in_red_line=True)
    takes_land = {**GOOD, "new_construction_land": True}
    assert [m.field for m in misfits(takes_land, around)] == ["opinion_ref"]
    assert misfits({**takes_land, "opinion_ref": "本政函〔2025〕1号"}, around) == []
    assert misfits({**GOOD, "new_construction_land": None}, around) == []


@pytest.mark.parametrize(
    ("entered", "tidy"),
    [("Ａ１２", "A12"), (" 矿山\r\n修复 ", "矿山 修复"), ("治理\u3000工程", "治理 工程"), ("a\u200bb", "ab")],
)
def test_texts_are_made_tidy(entered, tidy):
    assert tidy_text(entered) == tidy


def test_tidying_leaves_chinese_punctuation_and_paragraphs():
    assert tidy_text("治理（一期），绿化。") == "治理（一期），绿化。"
    assert tidy_text("一、治理 \r\n二、绿化\n", one_line=False) == "一、治理\n二、绿化"


def test_a_code_is_half_width_throughout():
    assert tidy_code("１．０１") == "1.01"
    assert tidy_code("Ａ－１ ") == "A-1"
    assert tidy_code("Ⅱ－１（①）") == "Ⅱ-1(①)"  # zones and measures are called so


@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_what_the_templates_say_is_tidy_already(template):
    projects = plan_from_template(template)["project"]
    for at in range(len(projects)):
        assert tidy_row({name: column[at] for name, column in projects.columns.items()}) == []


def test_numbers_and_unknowns_are_no_texts():
    assert tidy_row({"code": None, "start_year": 2021, "listed_in_plan": True, "area_ha": 1.5}) == []


def test_lists_are_tidied_entry_by_entry_and_otherwise_left_as_written():
    row = {
        "zone_codes": '{ "1" , "2" }',
        "counties": '{"本溪 县"}',
        "key_area_codes": '{"１－１"}',
        "departments": '{"水利\n部门"}',
    }
    assert [(t.field, t.new) for t in tidy_row(row)] == [
        ("key_area_codes", '{"1-1"}'),
        ("departments", '{"水利 部门"}'),
    ]
