"""The dialog for tables of projects: what it shows of a table, and what the planner's hands make of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QMimeData, QPoint, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QRadioButton

from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.columns import LEFT_OUT, ROLES, find_layout
from restoration_planner.core.project_table.known import PlanKnown
from restoration_planner.core.project_table.pasted import grid_of_pasted
from restoration_planner.core.project_table.proposal import FATES, propose_table
from restoration_planner.core.project_table.working import Wanted, Worked
from restoration_planner.core.texts import set_language, text
from restoration_planner.ui.project_table_dialog import ProjectTableDialog
from restoration_planner.ui.project_table_dialog.rows_model import FATE, NAME, NUMBER, WHAT
from restoration_planner.ui.project_table_dialog.values import FATE_COLOURS, role_caption

TABLE = (
    "表3 重点工程\t\t\t\t\n"
    "编号\t子工程部署\t实施期限\t责任部门\t投资\n"
    "A1\t本溪县小流域综合治理工程\t2021-2028年\t水利部门\t100\n"
    "A2\t本溪县生态清洁小流域工程\t2025-2035年\t水利部门\t\n"
    "\t<b>湿地</b>工程\t近期\t发展改革、林业局\t\n"
    "\t生产及在建矿山生态修复\t\t\t\n"
    "合计\t\t\t\t100\n"
)


@pytest.fixture(params=["zh", "en"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language(None)


def work(wanted: Wanted) -> Worked:
    tables = plan_from_template("benxi")
    known = PlanKnown(tables)
    grid = grid_of_pasted(*(wanted.pasted or ("", "")))
    layout = find_layout(grid, known.for_layout(), known.profiles, wanted.head, wanted.roles)
    proposal = propose_table(tables, grid, layout, wanted.answers, known=known, listed=wanted.listed)
    return Worked(wanted, tables, proposal, (), None)


@pytest.fixture
def dialog(qgis_app: object) -> Iterator[ProjectTableDialog]:
    dialog = ProjectTableDialog("本溪")
    dialog.wanted_changed.connect(lambda wanted: dialog.show_worked(work(wanted)))
    dialog.show()
    dialog.source.pasted.emit(TABLE, "")
    QTest.qWait(150)
    yield dialog
    dialog.close()
    dialog.deleteLater()


def fates(dialog: ProjectTableDialog) -> list[str]:
    return [dialog.model.row(i).fate for i in range(dialog.model.rowCount())]


def select(dialog: ProjectTableDialog, row: int) -> None:
    dialog.rows.setCurrentIndex(dialog.filter.mapFromSource(dialog.model.index(row, NAME)))


def words(dialog: ProjectTableDialog) -> str:
    return " ".join(label.text() for label in dialog.details.widget().findChildren(QLabel))


def test_every_row_shows_its_fate_and_the_first_question_is_open(dialog: ProjectTableDialog) -> None:
    assert fates(dialog) == ["changed", "same", "doubt", "doubt"]
    shown = [dialog.model.index(row, FATE).data() for row in range(4)]
    assert shown == [text(f"project_table.fate.{fate}") for fate in fates(dialog)]
    assert "2030 → 2028" in dialog.model.index(0, WHAT).data()
    assert dialog.details.findChild(QPlainTextEdit, "names_editor") is not None
    assert text("project_table.ui.doubts_stay", count=2) in dialog.status.text()
    assert dialog.write_button.isEnabled()
    assert text("project_table.ui.write_does", new=0, changed=1) == dialog.write_button.text()


def test_a_number_filters_the_rows_to_its_own(dialog: ProjectTableDialog) -> None:
    QTest.mouseClick(dialog.fates.buttons["doubt"], Qt.MouseButton.LeftButton)
    assert dialog.filter.rowCount() == 2
    QTest.mouseClick(dialog.fates.buttons["same"], Qt.MouseButton.LeftButton)
    assert dialog.filter.rowCount() == 1 and not dialog.fates.buttons["doubt"].isChecked()
    QTest.mouseClick(dialog.fates.buttons["same"], Qt.MouseButton.LeftButton)
    assert dialog.filter.rowCount() == 4


def test_old_and_new_stand_side_by_side_and_names_are_no_markup(dialog: ProjectTableDialog) -> None:
    select(dialog, 0)
    assert "<s>2030</s>" in words(dialog) and "2028" in words(dialog)
    select(dialog, 2)
    assert "&lt;b&gt;湿地&lt;/b&gt;" in words(dialog)


def test_names_are_written_as_the_planner_knows_them_and_can_be_asked_again(dialog: ProjectTableDialog) -> None:
    editor = dialog.details.findChild(QPlainTextEdit, "names_editor")
    dialog.details.findChild(QRadioButton, "answer_1").click()
    assert editor.toPlainText() == "发展改革\n林业局"
    editor.setPlainText("  发展改革局\n\n林业局 ")
    assert not any(button.isChecked() for button in dialog.details.findChildren(QRadioButton))
    QTest.mouseClick(dialog.details.findChild(QPushButton, "take_names"), Qt.MouseButton.LeftButton)
    QTest.qWait(150)
    assert fates(dialog)[2] == "new"
    worked = dialog.worked()
    assert worked is not None and worked.proposal.added[0]["departments"] == ("发展改革局", "林业局")
    select(dialog, 2)
    QTest.mouseClick(dialog.details.findChild(QPushButton, "ask_again"), Qt.MouseButton.LeftButton)
    QTest.qWait(150)
    assert fates(dialog)[2] == "doubt"


def test_a_row_is_left_out_by_its_box_with_the_mouse(dialog: ProjectTableDialog) -> None:
    box = dialog.rows.visualRect(dialog.filter.index(0, NUMBER))
    QTest.mouseClick(
        dialog.rows.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(box.left() + 10, box.center().y()),
    )
    QTest.qWait(150)
    assert fates(dialog)[0] == "left_out" and not dialog.write_button.isEnabled()


def test_every_meaning_has_its_caption_and_can_be_chosen(dialog: ProjectTableDialog) -> None:
    captions = [role_caption(role) for role in ROLES]
    assert len(set(captions)) == len(captions)
    assert [dialog.columns.chooser(c).currentData() for c in range(5)] == [
        "code",
        "name",
        "period",
        "departments",
        "to_remark",
    ]
    box = dialog.columns.chooser(2)
    box.setCurrentIndex(box.findData(LEFT_OUT))
    box.activated.emit(box.currentIndex())
    QTest.qWait(150)
    select(dialog, 0)
    assert "2028" not in words(dialog)


def test_sums_and_titles_stay_listed(dialog: ProjectTableDialog) -> None:
    kinds = [dialog.asides.table.item(row, 1).text() for row in range(dialog.asides.table.rowCount())]
    assert kinds == [text(f"project_table.kind.{kind}") for kind in ("title", "head", "sum")]
    assert text("project_table.ui.tab_asides_count", number=3) == dialog.tabs.tabText(2)


def test_all_fates_have_words_and_colours() -> None:
    assert set(FATE_COLOURS) == set(FATES)
    for fate in FATES:
        assert text(f"project_table.fate.{fate}") and text(f"project_table.fate_tip.{fate}")


def test_a_dropped_file_is_taken(dialog: ProjectTableDialog, tmp_path: Path) -> None:
    asked: list[Wanted] = []
    dialog.wanted_changed.disconnect()
    dialog.wanted_changed.connect(asked.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "表.xlsx"))])
    dialog.dropEvent(
        QDropEvent(
            QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    QTest.qWait(150)
    assert asked[-1].path == tmp_path / "表.xlsx" and not dialog.write_button.isEnabled()
