"""The findings as a table: what it shows, how it sorts and filters, and that many rows stay quick."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from qgis.PyQt.QtCore import QAbstractItemModel, QModelIndex, Qt

from restoration_planner.core.siting.findings import GRADES
from restoration_planner.core.texts import set_language
from restoration_planner.tests.qgis.ui.results import large_result, small_result
from restoration_planner.ui.findings_model import (
    ADVICE,
    AREA,
    COLUMNS,
    GRADE,
    NOT_REVIEWED,
    PROJECT,
    REVIEW,
    RULE,
    FindingsFilter,
    FindingsModel,
    as_table,
    rows_of,
)

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture(autouse=True)
def english() -> Any:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def proxy(qgis_app: Any) -> FindingsFilter:
    model = FindingsModel()
    model.show(small_result())
    proxy = FindingsFilter(model)
    proxy.kept = model  # type: ignore[attr-defined]  # as long as the proxy
    return proxy


def column(model: QAbstractItemModel, number: int, role: Any = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    return [model.data(model.index(row, number), role) for row in range(model.rowCount())]


def test_every_finding_and_every_passing_project_is_a_row_worst_first(proxy: FindingsFilter) -> None:
    assert column(proxy, PROJECT) == ["A10  矿山", "A2  河道", "A10  矿山", "B1  湿地", "C1  造林"]
    assert column(proxy, GRADE) == ["Violation", "Violation", "Review", "Undetermined", "Pass"]
    assert column(proxy, RULE)[0] == "In the ecological red line"
    assert column(proxy, ADVICE)[-1] == ""


def test_area_is_in_hectares_to_the_square_metre_and_tells_all_on_hovering(proxy: FindingsFilter) -> None:
    assert column(proxy, AREA) == ["0.0500", "0.0009", "2.0000", "", ""]
    assert column(proxy, AREA, Qt.ItemDataRole.ToolTipRole)[1] == "9.00 m²"


def test_numbers_sort_as_numbers_and_codes_as_people_count(proxy: FindingsFilter) -> None:
    proxy.sort(AREA, DESCENDING)
    assert column(proxy, AREA) == ["2.0000", "0.0500", "0.0009", "", ""]
    proxy.sort(PROJECT, ASCENDING)
    assert column(proxy, PROJECT) == ["A2  河道", "A10  矿山", "A10  矿山", "B1  湿地", "C1  造林"]
    proxy.sort(GRADE, DESCENDING)
    assert column(proxy, GRADE)[0] == "Pass"


def test_selection_follows_its_row_through_sorting(proxy: FindingsFilter) -> None:
    from qgis.PyQt.QtCore import QPersistentModelIndex

    kept = QPersistentModelIndex(proxy.index(2, AREA))
    proxy.sort(AREA, DESCENDING)
    assert kept.row() == 0
    assert proxy.data(QModelIndex(kept)) == "2.0000"


def test_filters_combine(proxy: FindingsFilter) -> None:
    proxy.set_grades(frozenset(GRADES) - {"pass"})
    assert proxy.rowCount() == 4
    proxy.set_words("矿山")
    assert proxy.rowCount() == 2
    proxy.set_words("矿山 OVERLAPS")
    assert column(proxy, RULE) == ["Overlaps a project"]
    proxy.set_words("")
    proxy.set_rule("outside_zone")
    assert column(proxy, PROJECT) == ["A2  河道"]
    proxy.set_rule(None)
    proxy.set_grades(frozenset())
    assert proxy.rowCount() == 0


def test_a_review_shows_at_once_without_moving_rows(proxy: FindingsFilter) -> None:
    result = small_result()
    proxy.sort(AREA, DESCENDING)
    before = column(proxy, PROJECT)
    first = result.projects[0]
    reviewed = dataclasses.replace(first.findings[1], reviewed="accepted")
    projects = (dataclasses.replace(first, findings=(first.findings[0], reviewed)), *result.projects[1:])
    model = proxy.sourceModel()
    assert isinstance(model, FindingsModel)
    model.update_reviews(dataclasses.replace(result, projects=projects))
    assert column(proxy, PROJECT) == before
    assert column(proxy, REVIEW) == ["accepted", "", "", "", ""]
    proxy.set_review("accepted")
    assert proxy.rowCount() == 1
    proxy.set_review(NOT_REVIEWED)
    assert proxy.rowCount() == 3, "a project that passed has nothing to review"


def test_findings_without_codes_of_their_own_are_kept_apart(qgis_app: Any) -> None:
    """Two red lines without a code give two findings that differ in nothing but their place."""
    result = small_result()
    first = result.projects[0]
    twins = tuple(dataclasses.replace(first.findings[0], target_code=None, area_m2=area) for area in (1e4, 2e4))
    result = dataclasses.replace(result, projects=(dataclasses.replace(first, findings=twins),))
    model = FindingsModel()
    model.show(result)
    model.sort(AREA, DESCENDING)
    model.update_reviews(result)
    assert column(model, AREA) == ["2.0000", "1.0000"]


def test_a_screen_reader_hears_the_column_with_the_value(proxy: FindingsFilter) -> None:
    assert column(proxy, GRADE, Qt.ItemDataRole.AccessibleTextRole)[0] == "Grade: Violation"
    assert column(proxy, AREA, Qt.ItemDataRole.AccessibleTextRole)[-1] == "Area (ha): empty"


def test_rows_are_copied_as_a_table_for_a_spreadsheet() -> None:
    lines = as_table(rows_of(small_result())[:1]).split("\n")
    assert len(lines) == 2
    assert len(lines[0].split("\t")) == len(lines[1].split("\t")) == len(COLUMNS)
    assert lines[1].startswith("A10 矿山\tIn the ecological red line\tViolation\tR1 西岭\t0.0500\t5.00 %")


def test_a_cell_cannot_break_the_copied_table() -> None:
    result = small_result()
    first = result.projects[0]
    broken = dataclasses.replace(first.findings[0], advice="two\tcells\nand lines")
    rows = rows_of(dataclasses.replace(result, projects=(dataclasses.replace(first, findings=(broken,)),)))
    assert "two cells and lines" in as_table(rows)
    assert as_table(rows).count("\n") == 1


def test_chinese_captions(proxy: FindingsFilter) -> None:
    set_language("zh")
    heads = [proxy.headerData(i, Qt.Orientation.Horizontal) for i in range(len(COLUMNS))]
    assert heads == ["项目", "规则", "等级", "涉及对象", "面积（公顷）", "占比", "处理建议", "复核"]
    assert column(proxy, GRADE)[0] == "冲突"


def test_twenty_thousand_rows_sort_and_filter_without_being_felt(qgis_app: Any) -> None:
    model = FindingsModel()
    proxy = FindingsFilter(model)
    result = large_result(20_000)
    started = time.perf_counter()
    model.show(result)
    shown = time.perf_counter()
    proxy.sort(AREA, DESCENDING)
    ordered = time.perf_counter()
    proxy.set_words("项目1999")
    filtered = time.perf_counter()
    assert proxy.rowCount() == 11
    assert shown - started < 1.5
    assert ordered - shown < 0.5
    assert filtered - ordered < 0.5
    proxy.set_words("")
    switched = time.perf_counter()
    proxy.set_grades(frozenset({"violation"}))  # in the order of areas every fourth line
    assert proxy.rowCount() == 5_000
    assert time.perf_counter() - switched < 0.5
