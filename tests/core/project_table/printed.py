"""Workbooks that look like the tables which the two plans print, and how the tests read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.columns import find_layout
from restoration_planner.core.project_table.files import read_table_file
from restoration_planner.core.project_table.grid import TableGrid
from restoration_planner.core.project_table.known import PlanKnown
from restoration_planner.core.project_table.proposal import TableProposal, propose_table

HEAD = ("重大工程", "编号", "子工程部署", "实施区域", "重点任务", "实施期限", "责任部门")


def facts(shared: Path, plan: str) -> Any:
    """What a plan's document states."""
    path = shared / "facts" / f"{plan}.json"
    if not path.exists():
        pytest.skip("the facts of the published plans are not here")
    return json.loads(path.read_text(encoding="utf-8"))


def worked_out(
    tables: PlanTables, grid: TableGrid, answers: Mapping[str, str] | None = None, **more: Any
) -> TableProposal:
    """What a grid would do to a plan."""
    known = PlanKnown(tables)
    layout = find_layout(grid, known.for_layout(), roles=more.pop("roles", None), head=more.pop("head", None))
    return propose_table(tables, grid, layout, answers, known=known, **more)


def from_file(tables: PlanTables, path: Path, answers: Mapping[str, str] | None = None, **more: Any) -> TableProposal:
    """What a file's table would do to a plan."""
    return worked_out(tables, read_table_file(path, more.pop("sheet", None)), answers, **more)


def fates(proposal: TableProposal) -> list[str]:
    return [row.fate for row in proposal.rows]


def without_projects(name: str) -> PlanTables:
    """A template's plan before any project was entered."""
    return PlanTables({**plan_from_template(name).rows, "project": Rows.empty("project")})


def workbook(
    path: Path, rows: Sequence[Sequence[object]], merges: Sequence[tuple[int, int, int, int]] = (), **more: Any
) -> Path:
    """An XLSX file of cells; merges as first row, first column, last row, last column."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(more.get("sheet", "表3"))
    formats = {code: book.add_format({"num_format": code}) for code in ("0.00", "yyyy-mm-dd")}
    within = {(r, c) for a, b, y, x in merges for r in range(a, y + 1) for c in range(b, x + 1)}
    for a, b, y, x in merges:
        page.merge_range(a, b, y, x, rows[a][b])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value not in (None, "") and (r, c) not in within:
                if isinstance(value, tuple):
                    page.write(r, c, value[0], formats[value[1]])
                else:
                    page.write(r, c, value)
    book.close()
    return path
