"""The dock: summary, filters, details, keyboard, accessible names, and what it asks for."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.PyQt.QtCore import QItemSelection, QItemSelectionModel, Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QProgressBar, QTableView, QWidget

from restoration_planner.core.report.write import FORMATS
from restoration_planner.core.texts import set_language
from restoration_planner.tests.qgis.ui.results import small_result
from restoration_planner.ui.findings_dock import FindingsDock
from restoration_planner.ui.findings_model import AREA, project_title
from restoration_planner.ui.run_bar import EXPORT_FORMATS


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> Any:
    set_language(request.param)
    yield request.param
    set_language(None)


@pytest.fixture
def dock(qgis_app: Any, lang: str) -> Any:
    dock = FindingsDock()
    dock.resize(1100, 320)
    dock.show()
    yield dock
    dock.close()
    dock.deleteLater()


@pytest.fixture
def asked(dock: FindingsDock) -> dict[str, list[Any]]:
    """What the dock asked for, by signal."""
    heard: dict[str, list[Any]] = {}
    for name in ("row_chosen", "form_requested", "zoom_requested", "review_requested", "export_requested"):
        getattr(dock, name).connect(lambda value, name=name: heard.setdefault(name, []).append(value))
    for name in ("run_requested", "cancel_requested", "selection_cleared", "closed"):
        getattr(dock, name).connect(lambda name=name: heard.setdefault(name, []).append(None))
    return heard


def select(dock: FindingsDock, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    wanted = QItemSelection()
    for row in rows:
        wanted.select(dock.proxy.index(row, 0), dock.proxy.index(row, 0))
    dock.table.selectionModel().select(wanted, flags.ClearAndSelect | flags.Rows)


def test_before_the_first_check_it_says_so_and_offers_nothing_to_export(dock: FindingsDock, lang: str) -> None:
    assert ("尚未打开规划" if lang == "zh" else "No plan is open") in dock.run_bar.summary.text()
    dock.run_bar.set_plans([("/plans/plan.gpkg", "Plan")], "/plans/plan.gpkg")
    dock.show_result(None)
    assert ("尚未核查" if lang == "zh" else "Not checked yet") in dock.run_bar.summary.text()
    assert not dock.run_bar.export_button.isEnabled()
    assert dock.run_bar.run_button.isVisible()


def test_summary_counts_projects_and_chips_count_findings(dock: FindingsDock, lang: str) -> None:
    dock.show_result(small_result())
    expected = {
        "en": "4 projects, Violation 2, Undetermined 1, Pass 1",
        "zh": "项目 4 个, 冲突 2, 无法判定 1, 通过 1",
    }
    assert dock.run_bar.summary.accessibleName() == expected[lang]
    chips = {b.objectName(): b.text() for b in dock.filter_bar.chips.findChildren(QAbstractButton)}
    assert [words.split()[-1] for words in chips.values()] == ["2", "1", "1", "0", "1"]


def test_projects_that_passed_are_shown_when_asked_for(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    assert dock.proxy.rowCount() == 4
    chip = dock.filter_bar.chips.findChild(QAbstractButton, "chip_pass")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert dock.proxy.rowCount() == 5


def test_selecting_one_row_shows_it_in_full_and_asks_to_see_it(dock: FindingsDock, asked: dict[str, list[Any]]) -> None:
    dock.show_result(small_result())
    select(dock, 0)
    assert asked["row_chosen"][-1].project.code == "A10"
    shown = dock.details.toPlainText()
    assert "advice on red_line" in shown and "a basis" in shown and "500.00 m²" in shown
    select(dock, 0, 1)
    assert len(asked["row_chosen"]) == 1, "several rows have no one place"


def test_notes_of_the_run_are_said_once_where_nothing_is_selected(dock: FindingsDock) -> None:
    result = small_result()
    dock.show_result(result)
    assert dock.details.toPlainText().count(str(result.notes[0])) == 1
    assert dock.run_bar.notes_button.isVisible()
    select(dock, 0)
    QTest.mouseClick(dock.run_bar.notes_button, Qt.MouseButton.LeftButton)
    assert str(result.notes[0]) in dock.details.toPlainText()


def test_double_click_and_return_ask_for_the_form(dock: FindingsDock, asked: dict[str, list[Any]]) -> None:
    dock.show_result(small_result())
    place = dock.table.visualRect(dock.proxy.index(1, 0)).center()
    QTest.mouseClick(dock.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(dock.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [row.project.code for row in asked["form_requested"]] == ["A2"]
    dock.form_action.trigger()
    assert [row.project.code for row in asked["form_requested"]] == ["A2", "A2"]
    assert dock.form_action.shortcut().toString() == "Return"


def test_review_is_asked_for_all_selected_findings(dock: FindingsDock, asked: dict[str, list[Any]]) -> None:
    dock.show_result(small_result())
    select(dock, 0, 2)
    dock.review_action.trigger()
    assert [row.rule for row in asked["review_requested"][0]] == ["red_line", "project_overlap"]


def test_sheets_are_asked_for_each_project_once(dock: FindingsDock) -> None:
    asked: list[list[int]] = []
    dock.sheets_requested.connect(asked.append)
    dock.show_result(small_result())
    dock.table.selectAll()
    dock.siting_sheet_action.trigger()
    shown = [row.project.fid for row in dock.selected_rows()]
    assert len(asked) == 1 and len(asked[0]) == len(set(shown)) and set(asked[0]) == set(shown)


def test_context_menu_offers_zoom_form_review_sheet_copy(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    select(dock, 0)
    menu = dock.context_menu()
    offered = [action for action in menu.actions() if not action.isSeparator()]
    assert offered == [
        dock.zoom_action,
        dock.form_action,
        dock.review_action,
        dock.siting_sheet_action,
        dock.copy_action,
    ]
    assert all(action.isEnabled() for action in offered)
    menu.close()
    dock.filter_bar.chips.choose(frozenset({"pass"}))
    select(dock, 0)
    dock.context_menu().close()
    assert not dock.review_action.isEnabled(), "a project that passed has nothing to review"


def test_selected_rows_are_copied_as_shown(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    select(dock, 1, 0)
    dock.copy_action.trigger()
    copied = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in copied[1:]] == ["A10 矿山", "A2 河道"]


def test_while_running_progress_and_cancel_stand_in_for_summary_and_run(
    dock: FindingsDock, asked: dict[str, list[Any]]
) -> None:
    dock.run_bar.set_running(True)
    dock.run_bar.show_progress(0.4, "step")
    assert dock.run_bar.progress.isVisible() and dock.run_bar.progress.value() == 40
    assert not dock.run_bar.run_button.isVisible()
    QTest.mouseClick(dock.run_bar.cancel_button, Qt.MouseButton.LeftButton)
    assert len(asked["cancel_requested"]) == 1
    assert not dock.run_bar.cancel_button.isEnabled(), "once is enough"
    dock.run_bar.set_running(False)
    assert dock.run_bar.run_button.isVisible() and not dock.run_bar.progress.isVisible()


def test_edits_after_the_check_are_said(dock: FindingsDock, lang: str) -> None:
    dock.show_result(small_result())
    dock.set_stale(True)
    assert dock.run_bar.notes_button.text() == ("图层已改，结果可能过时" if lang == "zh" else "Layers changed since")
    dock.show_result(small_result())
    assert dock.run_bar.notes_button.text() == ("说明 1" if lang == "zh" else "Notes 1")


def test_every_report_format_can_be_exported(dock: FindingsDock, asked: dict[str, list[Any]]) -> None:
    assert sorted(EXPORT_FORMATS) == sorted(FORMATS)
    dock.show_result(small_result())
    for action in dock.run_bar.export_button.menu().actions():
        action.trigger()
    assert asked["export_requested"] == list(EXPORT_FORMATS)


def test_every_control_has_a_name_for_a_screen_reader(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    kinds = (QAbstractButton, QComboBox, QLineEdit, QProgressBar, QTableView)
    controls = [w for kind in kinds for w in dock.widget().findChildren(kind)]
    own = [
        w
        for w in controls
        if not w.objectName().startswith("qt_") and not isinstance(w.parent(), (QLineEdit, QTableView))
    ]
    assert len(own) >= 14
    assert [w for w in own if not w.accessibleName()] == []


def test_the_tab_key_reaches_everything(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    dock.activateWindow()
    dock.run_bar.run_button.setFocus()
    reached: set[QWidget] = set()
    for _ in range(40):
        widget = dock.focusWidget()
        reached.add(widget)
        dock.focusNextPrevChild(True)
    wanted = {dock.run_bar.run_button, dock.run_bar.export_button, dock.filter_bar.search, dock.table, dock.details}
    assert wanted <= reached


@pytest.mark.parametrize("digits", [150, 190])
def test_nothing_is_cut_off_on_a_small_screen(dock: FindingsDock, digits: int) -> None:
    """On a screen of 1366 the dock is some 150 digits wide beside QGIS's panels, 190 without them."""
    width = digits * dock.fontMetrics().horizontalAdvance("0")
    dock.show_result(small_result())
    dock.set_stale(True)
    dock.resize(width, 300)
    QTest.qWait(50)
    for widget in dock.widget().findChildren(QAbstractButton):
        if (
            widget.isVisible()
            and isinstance(widget.parent(), QWidget)
            and not isinstance(widget.parent(), (QLineEdit, QTableView))
        ):
            assert widget.width() >= widget.minimumSizeHint().width(), widget.text()
    label = dock.run_bar.summary
    assert isinstance(label, QLabel) and label.width() >= label.sizeHint().width()
    assert dock.minimumSizeHint().width() <= width


def test_a_selected_line_that_a_filter_hides_is_let_go(dock: FindingsDock) -> None:
    dock.show_result(small_result())
    cleared: list[bool] = []
    dock.selection_cleared.connect(lambda: cleared.append(True))
    dock.table.selectRow(0)
    chosen = dock.selected_rows()[0]
    dock.table.sortByColumn(AREA, Qt.SortOrder.DescendingOrder)
    assert dock.selected_rows() == [chosen] and not cleared, "another order keeps it"
    dock.filter_bar.search.setText("no such words")
    assert dock.selected_rows() == []
    assert cleared == [True]
    assert project_title(chosen.project) not in dock.details.toPlainText()
    dock.filter_bar.search.clear()
    assert dock.selected_rows() == []
