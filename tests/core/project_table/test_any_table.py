"""Whatever cells hold, a table is read without a fault, and every cell is a row's, or stays listed."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.grid import make_grid
from restoration_planner.core.project_table.known import PlanKnown
from restoration_planner.core.project_table.pasted import grid_of_pasted
from restoration_planner.core.project_table.tidy import flowing, in_one_line, tidy
from restoration_planner.tests.core.project_table.printed import worked_out

BENXI = plan_from_template("benxi")
KNOWN = PlanKnown(BENXI)
CELLS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                "A1",
                "B3",
                "本溪县小流域综合治理工程",
                "平山区、溪湖区等",
                "2021-2030年",
                "2035-2021年",
                "近期",
                "合计",
                "1.甲；2.乙",
            ),
            *(
                "注：说明",
                "一、某某重点工程",
                "发展改革、林业局",
                "住建部门（牵头）、水利部门",
                "太子河流域（本溪段）综合治理与生态修复工程 A",
            ),
            *(
                "重大工程",
                "编号",
                "子工程部署",
                "实施区域",
                "重点任务",
                "实施期限",
                "责任部门",
                "备注",
                "序号",
                "项目名称",
            ),
        ]
    ),
    st.text(max_size=12),
)


@given(
    st.integers(1, 7).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=9)
    )
)
def test_a_table_of_anything_is_worked_out(rows: list[list[str]]) -> None:
    try:
        grid = make_grid("表", rows)
    except PlannerError:
        assert not any(cell.strip() for row in rows for cell in row)
        return
    proposal = worked_out(BENXI, grid)
    numbers = {row.number for row in proposal.rows} | {aside.number for aside in proposal.asides}
    filled = {n for n, row in zip(grid.numbers, grid.rows) if any(in_one_line(cell) for cell in row)}
    followed = len(filled - numbers)
    # a row may go on with the one above a break; none is lost otherwise
    assert (
        followed == 0
        or any(aside.kind == "head" for aside in proposal.asides)
        or proposal.layout.columns("name") == [0]
    )
    assert len(proposal.added) == len({id(record) for record in proposal.added})


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_pasted(text: str, html: str) -> None:
    try:
        grid = grid_of_pasted(text, f"<table><tr><td rowspan=3>{html}<td>{text}</table>")
    except PlannerError:
        return
    assert all(len(row) == grid.width for row in grid.rows) and len(grid.numbers) == len(grid.rows)


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    for function in (tidy, flowing, in_one_line):
        once = function(text)
        assert function(once) == once


def test_reading_is_quick() -> None:
    """A province's list of two thousand projects takes seconds, not minutes."""
    import time

    out = io.StringIO()
    out.write("编号\t项目名称\t责任部门\t实施期限\n")
    for number in range(2000):
        out.write(f"X{number}\t第{number}号矿山生态修复治理工程\t自然资源部门、水利部门\t2021-2030年\n")
    start = time.monotonic()
    proposal = worked_out(BENXI, grid_of_pasted(out.getvalue()))
    assert proposal.count("new") == 2000
    assert time.monotonic() - start < 20
