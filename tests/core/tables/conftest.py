"""The appendix of the published plans, and what their documents state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.tables.contents import Appendix, appendix_of
from restoration_planner.core.tables.grid import Cell, Sheet
from restoration_planner.core.texts import set_language


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Tables in Chinese, whatever the machine speaks; a test may switch."""
    set_language("zh")
    yield
    set_language(None)


@pytest.fixture
def facts(shared: Path) -> dict[str, Any]:
    """City → what its plan states, transcribed from the document."""
    return {
        city: json.loads((shared / "facts" / f"{city}.json").read_text(encoding="utf-8"))
        for city in ("benxi", "yangquan")
    }


def appendix(city: str) -> Appendix:
    """The appendix of a published plan, as its template makes it: nothing drawn yet."""
    return appendix_of(plan_from_template(city))


def sheet_named(name: str, of: Appendix) -> Sheet:
    """The sheet with a tab's name."""
    return next(sheet for file in of.files for sheet in file.sheets if sheet.name == name)


def column_named(caption: str, sheet: Sheet) -> list[Cell | None]:
    """The cells of a column, found by what its head says from top to bottom, without the sums."""
    for column in range(len(sheet.columns)):
        if caption == caption_of(column, sheet):
            return [line[column] for row, line in enumerate(sheet.body) if row not in sheet.sums]
    raise KeyError(caption)


def caption_of(column: int, sheet: Sheet) -> str:
    """What the head says over a column."""
    said = []
    for row in range(len(sheet.head)):
        place = column
        while place > 0 and sheet.head[row][place] is None and sheet.head[row][place - 1] is not None:
            place -= 1
        cell = sheet.head[row][place]
        if cell is not None and cell.shown and place + cell.columns > column:
            said.append(cell.shown)
    return " ".join(dict.fromkeys(said))


def texts(cells: list[Cell | None]) -> list[str]:
    """What is printed in them; merged places are left out."""
    return [cell.shown for cell in cells if cell is not None]


def spans(cells: list[Cell | None]) -> list[int]:
    """How many rows each of them covers."""
    return [cell.rows for cell in cells if cell is not None]
