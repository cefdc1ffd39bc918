"""A table of projects is written in one transaction, with the programmes it brings, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.importing import take_back
from restoration_planner.core.project_table.pasted import grid_of_pasted
from restoration_planner.core.project_table.proposal import TableProposal
from restoration_planner.core.project_table.working import TableShelf, Wanted, work_out
from restoration_planner.core.project_table.writing import write_table
from restoration_planner.core.store.plan_file import read_plan, update_rows
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.project_table.printed import workbook, worked_out
from restoration_planner.tests.small_plan import make_small_plan

TABLE = "\n".join(
    (
        "重大工程\t编号\t项目名称\t实施期限\t责任部门",
        "西岭工程\tP1\t西坡造林\t2021-2025年\t林业局",
        "西岭工程\t\t西岭湿地恢复工程\t近期\t林业局、水利局",
        "\tP5\t农田整治\t\t",
    )
)


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return make_small_plan(tmp_path / "plan.gpkg")


def everything(plan: Path) -> Any:
    tables = read_plan(plan)
    return {
        name: (
            rows.fids.tolist(),
            rows.records(),
            [] if rows.geometry is None else shapely.to_wkb(rows.geometry).tolist(),
        )
        for name, rows in tables.rows.items()
    }


def proposed(plan: Path) -> tuple[Any, TableProposal]:
    tables = read_plan(plan)
    return tables, worked_out(tables, grid_of_pasted(TABLE))


def test_what_was_proposed_is_written_and_taken_back_to_the_last_byte_of_geometry(plan: Path) -> None:
    before = everything(plan)
    written = write_table(plan, *proposed(plan), "粘贴的表格")
    after = {p["code"]: p for p in read_plan(plan)["project"].records()}
    assert (after["P1"]["start_year"], after["P1"]["departments"], after["P1"]["programme_codes"]) == (
        2021,
        '{"林业局"}',
        '{"A"}',
    )
    assert after["A1"]["name"] == "西岭湿地恢复工程" and after["A1"]["departments"] == '{"林业局","水利局"}'
    assert after["P5"] == before["project"][1][4]
    assert [(p["code"], p["name"]) for p in read_plan(plan)["programme"].records()] == [("A", "西岭工程")]
    assert (written.report.added, written.report.updated, written.report.unchanged) == (1, 1, 1)
    geometry = everything(plan)["project"][2]
    assert geometry[:6] == before["project"][2]
    take_back(written)
    assert everything(plan) == before


def test_written_again_the_same_table_changes_nothing(plan: Path) -> None:
    write_table(plan, *proposed(plan), "表")
    after = everything(plan)
    tables, proposal = proposed(plan)
    assert {row.fate for row in proposal.rows} == {"same"} and not proposal.programmes
    write_table(plan, tables, proposal, "表")
    assert everything(plan) == after


def test_a_plan_that_was_changed_meanwhile_is_not_written_over(plan: Path) -> None:
    tables, proposal = proposed(plan)
    rows = tables["project"].take(tables["project"].fids == 1)
    rows.columns["departments"][0] = '{"另一个局"}'
    update_rows(plan, {"project": rows}, {"project": ["departments"]})
    edited = everything(plan)
    with pytest.raises(PlannerError) as error:
        write_table(plan, tables, proposal, "表")
    assert error.value.message.id == "intake.plan_changed_since"
    assert everything(plan) == edited


def test_what_was_edited_since_is_taken_back_only_when_asked_twice(plan: Path) -> None:
    before = everything(plan)
    written = write_table(plan, *proposed(plan), "表")
    rows = read_plan(plan)["programme"]
    rows.columns["name"][0] = "改过的名称"
    update_rows(plan, {"programme": rows}, {"programme": ["name"]})
    with pytest.raises(PlannerError) as error:
        take_back(written)
    assert error.value.message.id == "intake.edited_since"
    take_back(written, even_if_edited=True)
    assert everything(plan) == before


def test_a_read_only_plan_is_left_as_it_is(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables, proposal = proposed(plan)
    plan.chmod(0o444)
    before = plan.read_bytes()
    monkeypatch.setattr(
        "restoration_planner.core.store.geopackage.is_read_only", lambda _: True
    )  # root may write anything
    with pytest.raises(PlannerError):
        write_table(plan, tables, proposal, "表")
    assert plan.read_bytes() == before


def test_the_sheet_that_holds_the_table_is_found(plan: Path, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "多表.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").write(0, 0, "方格市规划附表")
    book.add_worksheet("空")
    page = book.add_worksheet("附表3")
    for r, line in enumerate(TABLE.split("\n")):
        for c, cell in enumerate(line.split("\t")):
            page.write(r, c, cell)
    book.close()
    shelf = TableShelf()
    worked = work_out(plan, Wanted(path=path), shelf)
    assert (worked.sheet, worked.sheets) == ("附表3", ("封面", "空", "附表3"))
    assert [row.fate for row in worked.proposal.rows] == ["changed", "new", "same"]
    assert worked.name == "多表.xlsx / 附表3" and worked.problem is None
    cover = work_out(plan, Wanted(path=path, sheet="封面"), shelf)
    assert [row.fate for row in cover.proposal.rows] == ["new"]  # a list of one line; the planner sees and leaves it


def test_a_table_without_names_says_what_to_do(plan: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "无.xlsx", [["甲", "乙"], ["1", "2"], ["3", "4"]])
    worked = work_out(plan, Wanted(path=path), TableShelf())
    assert worked.problem is not None and worked.problem.message.id == "project_table.no_name_column"
    told = work_out(plan, Wanted(path=path, head=0, roles={0: "name"}), TableShelf())
    assert told.problem is None and [row.name for row in told.proposal.rows] == ["1", "3"]
