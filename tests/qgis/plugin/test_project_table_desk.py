"""Projects from a table in QGIS: looked at, asked, written, shown by the open layers, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import QMimeData, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QRadioButton

from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.plugin.importing.desk import ImportDesk
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projects.table_desk import ProjectTableDesk
from restoration_planner.tests.core.project_table.printed import workbook
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
from restoration_planner.ui.project_table_dialog import ProjectTableDialog
from restoration_planner.ui.project_table_dialog.rows_model import NUMBER

HEAD = ["重大工程", "编号", "子工程部署", "实施区域", "重点任务", "实施期限", "责任部门"]
ROWS = [
    ["表3 方格市国土空间生态修复重点工程", *[""] * 6],
    HEAD,
    ["西岭工程 A", "P1", "西坡造林", "西县", "造林、抚育", "2021-2025年", "林业局、水利局"],
    ["", "", "西岭湿地恢复工程", "西县、东县", "湿地", "近期", "发展改革、林业局"],
    ["", "P5", "农田整治", "东县", "", "", ""],
]


@pytest.fixture
def desk(import_desk: ImportDesk, plans: OpenPlans, qgis_iface: Any) -> Iterator[ProjectTableDesk]:
    """The desk with the plan on squared paper open."""
    desk = ProjectTableDesk(qgis_iface, plans, import_desk)
    yield desk
    desk.close()
    desk.deleteLater()
    QApplication.processEvents()


def settle(desk: ProjectTableDesk, dialog: ProjectTableDialog) -> None:
    wait_until(lambda: not dialog._timer.isActive() and not desk.is_busy())


def opened(desk: ProjectTableDesk, path: Path) -> ProjectTableDialog:
    dialog = desk.ask()
    assert dialog is not None
    dialog.choose_file(str(path))
    settle(desk, dialog)
    return dialog


def fates(dialog: ProjectTableDialog) -> list[str]:
    return [dialog.model.row(i).fate for i in range(dialog.model.rowCount())]


def table(tmp_path: Path) -> Path:
    return workbook(tmp_path / "项目表.xlsx", ROWS, [(0, 0, 0, 6), (2, 0, 3, 0)])


def projects(plan: Path) -> list[dict[str, Any]]:
    return read_plan(plan, ["project"])["project"].records()


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_table_is_looked_at_answered_written_and_taken_back(
    desk: ProjectTableDesk, import_desk: ImportDesk, plans: OpenPlans, plan_file: Path, tmp_path: Path, qgis_iface: Any
) -> None:
    before, programmes = projects(plan_file), read_plan(plan_file, ["programme"])["programme"].records()
    dialog = opened(desk, table(tmp_path))
    assert fates(dialog) == ["changed", "doubt", "same"]
    assert projects(plan_file) == before
    # the row in doubt is selected; its departments are written as the planner knows them
    editor = dialog.details.findChild(QPlainTextEdit, "names_editor")
    assert editor.toPlainText().split("\n") == ["发展改革、林业局"]
    editor.setPlainText("发展改革局\n林业局")
    click(dialog.details.findChild(QPushButton, "take_names"))
    settle(desk, dialog)
    assert fates(dialog) == ["changed", "new", "same"]
    click(dialog.write_button)
    settle(desk, dialog)
    now = {p["name"]: p for p in projects(plan_file)}
    new = now["西岭湿地恢复工程"]
    assert (new["code"], new["programme_codes"], new["period_note"]) == ("A1", '{"A"}', "近期")
    assert read_list(new["departments"]) == ("发展改革局", "林业局")
    assert read_list(new["counties"]) == ("西县", "东县")
    assert (now["西坡造林"]["start_year"], now["西坡造林"]["end_year"]) == (2021, 2025)
    assert [p["name"] for p in read_plan(plan_file, ["programme"])["programme"].records()] == ["西岭工程"]
    plan = plans.current()
    assert plan is not None
    assert plan.layer("project").featureCount() == len(before) + 1
    assert plan.layer("programme").featureCount() == 1
    # looked at anew, the table and the plan say the same
    assert fates(dialog) == ["same"] * 3 and not dialog.write_button.isEnabled()
    assert dialog.done_frame.isVisible() and sentences(qgis_iface.messageBar())
    click(dialog.take_back_button)
    wait_until(lambda: not import_desk.is_busy())
    settle(desk, dialog)
    assert projects(plan_file) == before
    assert read_plan(plan_file, ["programme"])["programme"].records() == programmes
    assert plan.layer("project").featureCount() == len(before)
    assert fates(dialog) == ["changed", "new", "same"] and not dialog.done_frame.isVisible()


def test_a_copied_range_comes_from_the_clipboard_with_its_merged_cells(desk: ProjectTableDesk, plan_file: Path) -> None:
    data = QMimeData()
    data.setText("ignored where there is a table")
    data.setHtml(
        "<table><tr><td>项目名称</td><td>责任部门</td></tr>"
        "<tr><td>西坡造林</td><td rowspan=2>林业局</td></tr><tr><td>新的<br>整治工程</td></tr></table>"
    )
    QApplication.clipboard().setMimeData(data)
    dialog = desk.ask()
    assert dialog is not None
    click(dialog.source.paste_button)
    settle(desk, dialog)
    assert fates(dialog) == ["changed", "new"]
    assert [dialog.model.row(i).name for i in range(2)] == ["西坡造林", "新的整治工程"]
    worked = dialog.worked()
    assert worked is not None and worked.proposal.added[0]["departments"] == ("林业局",)


def test_rows_left_out_and_columns_meant_otherwise_are_worked_out_anew(desk: ProjectTableDesk, tmp_path: Path) -> None:
    dialog = opened(desk, table(tmp_path))
    box = dialog.model.index(0, NUMBER)
    assert dialog.model.setData(box, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    settle(desk, dialog)
    assert fates(dialog) == ["left_out", "doubt", "same"]
    departments = dialog.columns.chooser(6)
    departments.setCurrentIndex(departments.findData("to_remark"))
    departments.activated.emit(departments.currentIndex())
    settle(desk, dialog)
    assert fates(dialog) == ["left_out", "new", "same"]
    worked = dialog.worked()
    assert worked is not None
    assert "发展改革、林业局" in worked.proposal.added[0]["remark"]
    head = dialog.source.head
    assert head.currentData() == 1  # found below the title
    head.setCurrentIndex(head.findData(0))
    head.activated.emit(head.currentIndex())
    settle(desk, dialog)
    assert dialog.model.row(0).name == "子工程部署"


def rename_first(layer: Any, name: str) -> None:
    assert layer.isEditable() or layer.startEditing()
    assert layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().indexOf("name"), name)


def test_a_layer_with_unsaved_edits_is_not_written_below(
    desk: ProjectTableDesk, plans: OpenPlans, plan_file: Path, tmp_path: Path
) -> None:
    before = projects(plan_file)
    dialog = opened(desk, table(tmp_path))
    plan = plans.current()
    assert plan is not None
    layer, other = plan.layer("project"), plan.layer("programme")
    assert other.startEditing()
    rename_first(layer, "改过")
    click(dialog.write_button)
    assert dialog.notice.isVisible() and layer.name() in dialog.notice.label.text()
    assert not desk.is_busy()
    assert layer.isModified() and other.isEditable(), "nothing is ended while something is in the way"
    layer.rollBack()
    other.rollBack()
    assert projects(plan_file) == before


def test_layers_left_in_edit_mode_without_edits_are_written_below(
    desk: ProjectTableDesk, plans: OpenPlans, plan_file: Path, tmp_path: Path
) -> None:
    plan = plans.current()
    assert plan is not None
    layer, other = plan.layer("project"), plan.layer("programme")
    rename_first(layer, layer.getFeature(next(layer.getFeatures()).id())["name"] + "一")
    assert layer.commitChanges(False) and layer.isEditable()  # saved, and still in edit mode
    assert other.startEditing()
    before = len(projects(plan_file))
    path = workbook(tmp_path / "新.xlsx", [["项目名称", "编号"], ["全新整治项目", "Z9"]])
    dialog = opened(desk, path)
    assert not dialog.notice.isVisible()
    click(dialog.write_button)
    assert not layer.isEditable() and not other.isEditable()
    settle(desk, dialog)
    assert len(projects(plan_file)) == before + 1 == layer.featureCount()
    assert not dialog.notice.isVisible()


def test_unsaved_edits_are_told_when_the_dialog_opens_until_they_are_saved(
    desk: ProjectTableDesk, plans: OpenPlans, tmp_path: Path
) -> None:
    plan = plans.current()
    assert plan is not None
    layer = plan.layer("project")
    rename_first(layer, "改过")
    dialog = desk.ask()
    assert dialog is not None
    assert dialog.notice.isVisible() and layer.name() in dialog.notice.label.text()
    dialog.choose_file(str(table(tmp_path)))
    settle(desk, dialog)
    assert fates(dialog) and dialog.notice.isVisible(), "what was read does not hide it"
    assert layer.commitChanges(False)
    assert not dialog.notice.isVisible()
    settle(desk, dialog)
    assert not dialog.notice.isVisible()


def test_a_name_that_is_only_alike_is_chosen_with_a_button(desk: ProjectTableDesk, tmp_path: Path) -> None:
    path = workbook(tmp_path / "相近.xlsx", [["项目名称", "实施期限"], ["西坡造林工程", "2025年"]])
    dialog = opened(desk, path)
    assert fates(dialog) == ["doubt"]
    first = dialog.details.findChild(QRadioButton, "answer_0")
    assert "P1" in first.text()
    first.click()
    settle(desk, dialog)
    assert fates(dialog) == ["changed"]
    click(dialog.details.findChild(QPushButton, "ask_again"))
    settle(desk, dialog)
    assert fates(dialog) == ["doubt"]


def test_what_is_no_table_is_said_in_a_sentence(desk: ProjectTableDesk, tmp_path: Path) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    dialog = opened(desk, broken)
    assert dialog.notice.isVisible() and "坏.xlsx" in dialog.notice.label.text()
    assert not dialog.write_button.isEnabled()
