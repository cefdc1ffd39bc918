"""The tables of projects as the two published plans print them come in whole, and say what the templates say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.columns import LEFT_OUT
from restoration_planner.core.project_table.pasted import grid_of_pasted
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.project_table.printed import (
    HEAD,
    facts,
    fates,
    from_file,
    without_projects,
    workbook,
    worked_out,
)


@pytest.fixture(autouse=True)
def in_chinese() -> Any:
    set_language("zh")
    yield
    set_language(None)


def benxi_workbook(path: Path, told: Any) -> Path:
    """表3 of Benxi: programmes merged over their projects, a title, line breaks within names, a sum of remarks below."""
    rows: list[list[object]] = [["表3　本溪市国土空间生态修复重点工程", *[""] * 6], list(HEAD)]
    merges = [(0, 0, 0, 6)]
    for programme in told["programmes"]:
        first = len(rows)
        for project in programme["projects"]:
            start, end = project["start"], project["end"]
            name = project["name"]
            rows.append(
                [
                    f"{programme['name']}\n{programme['code']}" if len(rows) == first else "",
                    project["code"],
                    f"{name[:6]}\n{name[6:]}",
                    project["region_raw"],
                    "、".join(project["keywords"]),
                    f"{start}-{end} 年" if start else project["period_raw"],
                    "、".join(project["departments"]),
                ]
            )
        merges.append((first, 0, len(rows) - 1, 0))
    rows.append(["注：本表依据规划文本整理。", *[""] * 6])
    merges.append((len(rows) - 1, 0, len(rows) - 1, 6))
    return workbook(path, rows, merges)


def test_every_row_of_benxis_table_is_the_templates_project(shared: Path, tmp_path: Path) -> None:
    told = facts(shared, "benxi")
    proposal = from_file(plan_from_template("benxi"), benxi_workbook(tmp_path / "表3.xlsx", told))
    # 谷防(谷坊) is what the document prints, and the template says what is meant
    assert {c.field for row in proposal.rows for c in row.changes} <= {"tasks"}
    assert [row.code for row in proposal.rows if row.fate != "same"] in ([], ["A4"])
    assert [row.code for row in proposal.rows] == [p["code"] for g in told["programmes"] for p in g["projects"]]
    assert [aside.kind for aside in proposal.asides] == ["title", "head", "note"]


def test_a_plan_without_projects_gets_benxis_as_the_document_states_them(shared: Path, tmp_path: Path) -> None:
    told = facts(shared, "benxi")
    proposal = from_file(without_projects("benxi"), benxi_workbook(tmp_path / "表3.xlsx", told), listed=True)
    assert fates(proposal) == ["new"] * 15
    template = {p["code"]: p for p in plan_from_template("benxi")["project"].records()}
    stated = {p["code"]: (p, g["code"]) for g in told["programmes"] for p in g["projects"]}
    for record in proposal.added:
        fact, programme = stated[record["code"]]
        assert record["name"] == fact["name"]
        assert record["programme_codes"] == (programme,)
        assert (record.get("start_year"), record.get("end_year")) == (fact["start"], fact["end"])
        assert record.get("period_note") == fact.get("period_raw")
        assert list(record["departments"]) == fact["departments"]
        assert list(record["counties"]) == fact["counties"]
        same = template[record["code"]]
        for name in ("name", "start_year", "end_year", "period_note", "listed_in_plan"):
            assert record.get(name) == same[name]
        for name in ("programme_codes", "counties", "departments"):
            assert record[name] == read_list(same[name])
    assert not proposal.programmes


def test_benxis_printed_table_pasted_from_the_document(shared: Path) -> None:
    """Names that the page broke, a head on every page, rows and a programme that go on behind it."""
    path = shared / "seeds" / "000_75dae772892d6fa8.txt"
    if not path.exists():
        pytest.skip("the text of the plan is not here")
    printed = path.read_text(encoding="utf-8")
    grid = grid_of_pasted(printed[printed.rindex("表3 本溪市") :])
    told = facts(shared, "benxi")
    proposal = worked_out(plan_from_template("benxi"), grid)
    assert [r.code for r in proposal.rows] == [p["code"] for g in told["programmes"] for p in g["projects"]]
    # the template keeps keywords, the document prints sentences
    assert {c.field for row in proposal.rows for c in row.changes} == {"tasks"}
    assert not proposal.doubts()
    tasks = proposal.layout.columns("tasks")[0]
    without_tasks = worked_out(plan_from_template("benxi"), grid, roles={tasks: LEFT_OUT})
    assert fates(without_tasks) == ["same"] * 15


def yangquan_workbook(path: Path, told: Any, head: bool = True) -> Path:
    """Yangquan's lists as rows: the programme a heading across, the projects numbered anew below it, names as misprinted."""
    rows: list[list[object]] = [["序号", "项目名称", "备注"]] if head else []
    merges = []
    for number, programme in zip("一二三四五六七", told["programmes"]):
        merges.append((len(rows), 0, len(rows), 2))
        rows.append([f"{number}、{programme['name']}", "", ""])
        rows += [[i, project["name_raw"], ""] for i, project in enumerate(programme["projects"], 1)]
    return workbook(path, rows, merges)


def test_every_row_of_yangquans_lists_is_the_templates_project(shared: Path, tmp_path: Path) -> None:
    told = facts(shared, "yangquan")
    path = yangquan_workbook(tmp_path / "重点工程.xlsx", told)
    proposal = from_file(plan_from_template("yangquan"), path)
    assert len(proposal.rows) == told["counts_verified"]["project_entries"]
    # the three names that the document writes in two ways are asked, the right one first; all others are known
    aliases = told["normalisation"]["aliases"]
    asked = {row.name: row.doubts[0].options[0] for row in proposal.rows if row.fate == "doubt"}
    assert {n.replace("孟县", "盂县"): str(o.caption).split(" ", 1)[1] for n, o in asked.items()} == aliases
    answers = {row.doubts[0].id: row.doubts[0].options[0].value for row in proposal.rows if row.doubts}
    settled = from_file(plan_from_template("yangquan"), path, answers)
    assert fates(settled) == ["same"] * 111
    assert len({row.position for row in settled.rows}) == told["counts_verified"]["unique_projects"]


def test_names_with_a_comma_inside_stay_whole_in_a_row(shared: Path, tmp_path: Path) -> None:
    told = facts(shared, "yangquan")
    proposal = from_file(without_projects("yangquan"), yangquan_workbook(tmp_path / "重点工程.xlsx", told))
    assert set(fates(proposal)) == {"new"}
    wanted = {p["name_raw"] for g in told["programmes"] for p in g["projects"]}
    assert {row.name for row in proposal.rows} == wanted
    assert "平定县阳胜河、城南河、嘉河、锁簧河、南川河上游、桃河、温河综合治理工程" in wanted
    several = next(r for r in proposal.added if r["name"] == "森林保护与修复工程")
    assert several["programme_codes"] == ("1", "2", "3", "4")
    assert several["code"].startswith("1.")


def test_yangquans_sentences_come_in_by_known_names_and_ask_for_the_rest(shared: Path) -> None:
    path = shared / "seeds" / "003_044fae8ef9e74bf1.txt"
    if not path.exists():
        pytest.skip("the text of the plan is not here")
    printed = path.read_text(encoding="utf-8")
    start = printed.index("● 一、诸龙山水源涵养与水土保持生态修复重点工程")
    grid = grid_of_pasted(printed[start : printed.index("第五章", start)])
    proposal = worked_out(plan_from_template("yangquan"), grid)
    told = facts(shared, "yangquan")
    counts = told["counts_verified"]["projects_per_programme"]
    known = [sum(r.programme == g["name"] and r.fate == "same" for r in proposal.rows) for g in told["programmes"]]
    assert known == [0, 0, *counts[2:]]
    doubts = proposal.doubts()
    assert len(doubts) == 2 and all(doubt.is_list for doubt in doubts)
    answers = {doubt.id: doubt.options[0].value for doubt in doubts}
    while doubts:  # what is only alike is asked next
        proposal = worked_out(plan_from_template("yangquan"), grid, answers)
        doubts = proposal.doubts()
        answers.update({doubt.id: doubt.options[0].value for doubt in doubts})
    assert fates(proposal) == ["same"] * 111


def test_the_same_lists_in_a_plan_that_knows_no_project_are_asked_whole(shared: Path) -> None:
    told = facts(shared, "yangquan")
    names = [p["name"] for p in told["programmes"][3]["projects"]]
    grid = grid_of_pasted(f"四、{told['programmes'][3]['name']}\n本重点工程涉及郊区，包括{'、'.join(names)}。")
    proposal = worked_out(without_projects("yangquan"), grid)
    (row,) = proposal.rows
    assert row.fate == "doubt" and not proposal.added
    (doubt,) = row.doubts
    answered = worked_out(without_projects("yangquan"), grid, {doubt.id: "\n".join(names)})
    assert [r.name for r in answered.rows] == names
    assert {tuple(r["programme_codes"]) for r in answered.added} == {("4",)}
