"""Bulk edit: fields of many projects changed through real widgets, shown before, taken back by one undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from qgis.core import QgsVectorLayer
from qgis.PyQt.QtWidgets import QComboBox

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.plugin.projects.list_desk import ProjectList
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of, sentences, wait_until
from restoration_planner.tests.small_plan import small_tables
from restoration_planner.ui.bulk_edit_dialog import BulkEditDialog


@pytest.fixture
def tables() -> PlanTables:
    """The small plan with programmes, a horizon of 2021 to 2035, years and departments."""
    tables = dict(small_tables().rows)
    plan = {**tables["plan"].records()[0], "start_year": 2021, "end_year": 2035}
    tables["plan"] = Rows.from_records("plan", [plan])
    tables["programme"] = Rows.from_records(
        "programme", [{"code": "P", "name": "甲工程"}, {"code": "Q", "name": "乙工程"}]
    )
    rows = tables["project"]
    records = [
        {
            **r,
            "programme_codes": '{"P"}',
            "start_year": 2021,
            "end_year": 2030 + i,
            "departments": '{"水务局"}' if i % 2 else '{"林草局","水务局"}',
        }
        for i, r in enumerate(rows.records())
    ]
    tables["project"] = Rows.from_records("project", records, list(rows.geometry))  # type: ignore[arg-type]
    return PlanTables(tables)


@pytest.fixture
def part(open_work: Callable[..., ProjectWork], tables: PlanTables) -> ProjectList:
    found = open_work(ProjectList, tables=tables).parts[ProjectList]
    assert isinstance(found, ProjectList)
    return found


def layer_of(part: ProjectList) -> QgsVectorLayer:
    layer = part.projects_layer()
    assert layer is not None
    return layer


def ask(part: ProjectList, *codes: str) -> BulkEditDialog:
    layer = layer_of(part)
    layer.selectByIds([feature_of(layer, code).id() for code in codes])
    part.edit_action.trigger()
    dialog = part.bulk.dialog
    assert dialog is not None
    return dialog


def take(dialog: BulkEditDialog, field: str, way: str = "set") -> Any:
    """Tick a field and choose what is done; its editor."""
    row = dialog.rows[field]
    row.box.setChecked(True)
    row.way.setCurrentIndex(row.way.findData(way))
    return row.editor


def preview(dialog: BulkEditDialog) -> list[tuple[str, ...]]:
    wait_until(lambda: not dialog.is_waiting())
    items = [dialog.preview.topLevelItem(i) for i in range(dialog.preview.topLevelItemCount())]
    return [tuple(item.text(c) for c in range(4)) for item in items]


def told(dialog: BulkEditDialog) -> list[str]:
    """What would not fit, in the preview's own lines."""
    return [row[0] for row in preview(dialog) if not row[1]]


def values(part: ProjectList, field: str) -> dict[str, Any]:
    found = {f["code"]: f[field] for f in layer_of(part).getFeatures()}
    return {code: None if str(value) == "NULL" else value for code, value in found.items()}


def test_an_entry_is_added_to_lists_and_lists_that_have_it_stay_as_they_are(part: ProjectList) -> None:
    before = values(part, "departments")
    dialog = ask(part, "P1", "P2")
    take(dialog, "departments", "add").tick("林草局")
    shown = preview(dialog)
    assert shown[0][2:] == ("林草局; 水务局", "(same)")
    assert shown[1][2:] == ("水务局", "水务局; 林草局")
    assert "1 of 2 projects would change" in dialog.says.text()
    dialog.write_button.click()
    after = values(part, "departments")
    assert after["P1"] == before["P1"] and after["P2"] == '{"水务局","林草局"}'
    assert {c: v for c, v in after.items() if c > "P2"} == {c: v for c, v in before.items() if c > "P2"}


def test_several_fields_of_all_projects_come_back_by_one_undo(part: ProjectList) -> None:
    layer = layer_of(part)
    fields = ("measure", "zone_codes", "listed_in_plan", "remark", "end_year", "departments")
    before = {field: values(part, field) for field in fields}
    dialog = ask(part, "P1", "P2", "P3", "P4", "P5", "P6")
    take(dialog, "measure").setCurrentIndex(1)
    take(dialog, "zone_codes").tick("1", "2")
    take(dialog, "departments", "remove").tick("水务局")
    take(dialog, "remark").setPlainText("两行\n备注")
    take(dialog, "end_year").setValue(2035)
    take(dialog, "listed_in_plan").setCurrentIndex(2)
    preview(dialog)
    assert dialog.write_button.isEnabled()
    dialog.write_button.click()
    assert set(values(part, "measure").values()) == {"natural"}
    assert set(values(part, "zone_codes").values()) == {'{"1","2"}'}
    assert set(values(part, "remark").values()) == {"两行\n备注"}
    assert set(values(part, "end_year").values()) == {2035}
    assert set(values(part, "listed_in_plan").values()) == {None}
    assert values(part, "departments")["P1"] == '{"林草局"}' and values(part, "departments")["P2"] is None
    assert layer.undoStack().count() == 1
    layer.undoStack().undo()
    assert {field: values(part, field) for field in fields} == before
    layer.undoStack().redo()
    assert set(values(part, "measure").values()) == {"natural"}


def test_the_undo_that_is_promised_is_that_of_qgis_s_own_button(part: ProjectList) -> None:
    plan = part.plan()
    part.iface.setActiveLayer(plan.layer("restoration_zone"))
    dialog = ask(part, "P1")
    take(dialog, "remark").setPlainText("备注")
    preview(dialog)
    dialog.write_button.click()
    assert part.iface.activeLayer() is layer_of(part)


def test_projects_deleted_meanwhile_are_told_and_no_change_is_claimed(part: ProjectList, qgis_iface: Any) -> None:
    layer = layer_of(part)
    dialog = ask(part, "P1")
    take(dialog, "remark").setPlainText("备注")
    preview(dialog)
    layer.startEditing()
    layer.deleteFeature(feature_of(layer, "P1").id())
    dialog.write_button.click()
    assert "Nothing was written" in sentences(qgis_iface.messageBar())[-1]
    assert layer.undoStack().count() == 1, "the deleting"


def test_only_what_was_shown_is_written_and_who_has_no_code_gets_one(part: ProjectList) -> None:
    layer = layer_of(part)
    code = layer.fields().indexOf("code")
    nameless, other = feature_of(layer, "P2").id(), feature_of(layer, "P1").id()
    layer.startEditing()
    layer.changeAttributeValue(nameless, code, None, None, True)
    part.bulk.ask([other, nameless])
    dialog = part.bulk.dialog
    assert dialog is not None
    take(dialog, "remark").setPlainText("备注")
    take(dialog, "end_year").setValue(2034)
    preview(dialog)
    dialog.write_button.click()
    edits = layer.editBuffer().changedAttributeValues()
    names = layer.fields().names()
    assert {names[at]: value for at, value in edits[other].items()} == {"remark": "备注", "end_year": 2034}
    assert layer.getFeature(nameless)["code"] == "P7", "as the form gives the next code of the programme"
    assert layer.getFeature(nameless)["end_year"] == 2034
    layer.undoStack().undo()
    assert layer.editBuffer().changedAttributeValues().get(other, {}) == {}


def test_years_in_the_wrong_order_cannot_be_written_and_a_late_year_is_only_told(part: ProjectList) -> None:
    dialog = ask(part, "P1", "P6")
    take(dialog, "start_year").setValue(2033)
    said = told(dialog)
    assert not dialog.write_button.isEnabled()
    assert "cannot be saved" in dialog.says.text()
    assert [row[:2] for row in said if "2033" in row] == ["P1"], "P6 ends in 2035"
    dialog.rows["start_year"].editor.setValue(2020)
    said = told(dialog)
    assert dialog.write_button.isEnabled()
    assert len([row for row in said if "2020" in row]) == 2, "before the plan's horizon: told for both"


def test_what_does_not_fit_already_is_not_told_again(part: ProjectList) -> None:
    layer = layer_of(part)
    layer.startEditing()
    layer.changeAttributeValue(feature_of(layer, "P1").id(), layer.fields().indexOf("departments"), None)
    dialog = ask(part, "P1", "P2")
    take(dialog, "measure").setCurrentIndex(0)
    assert len(preview(dialog)) == 2
    take(dialog, "departments", "clear")
    assert [row[:2] for row in told(dialog)] == ["P2"]


def test_another_programme_warns_where_the_code_does_not_begin_with_it(part: ProjectList) -> None:
    dialog = ask(part, "P1")
    take(dialog, "programme_codes").tick("Q")
    (said,) = told(dialog)
    assert said.count("P1") == 2, "the project, and its code in the sentence"
    assert dialog.write_button.isEnabled()


def test_land_taken_in_a_red_line_asks_for_its_opinion(part: ProjectList) -> None:
    dialog = ask(part, "P1", "P2")  # P2 reaches into the red line, P1 lies beside it
    take(dialog, "new_construction_land").setCurrentIndex(0)
    assert [row[:2] for row in told(dialog)] == ["P2"]


def test_the_values_that_all_share_are_there_to_begin_from(part: ProjectList) -> None:
    dialog = ask(part, "P1", "P2")
    assert dialog.rows["start_year"].editor.value() == 2021
    assert dialog.rows["end_year"].editor.value() == 2021, "they end in different years: the plan's first is offered"
    box = dialog.rows["new_construction_land"].editor
    assert isinstance(box, QComboBox) and box.currentData() is False
    assert dialog.edits() == [] and not dialog.write_button.isEnabled()


def test_full_width_codes_and_broken_lines_are_made_tidy(part: ProjectList) -> None:
    dialog = ask(part, "P1")
    take(dialog, "opinion_ref").setText("辽自然资〔２０２４〕１号　")
    take(dialog, "lead_department").setEditText("自然资源局")
    dialog.rows["counties"].editor.typed.setText("北县；东县")
    take(dialog, "counties", "add")
    preview(dialog)
    dialog.write_button.click()
    assert values(part, "opinion_ref")["P1"] == "辽自然资〔2024〕1号"
    assert values(part, "lead_department")["P1"] == "自然资源局"
    assert values(part, "counties")["P1"] == '{"西县","北县","东县"}'


def test_an_empty_editor_and_an_unticked_field_change_nothing(part: ProjectList) -> None:
    dialog = ask(part, "P1")
    take(dialog, "status")
    take(dialog, "zone_codes", "add")
    assert preview(dialog) == [] and not dialog.write_button.isEnabled()
    dialog.reject()
    assert part.bulk.dialog is None
    assert not layer_of(part).isEditable()


def test_without_a_selection_or_on_a_read_only_layer_it_says_why_not(part: ProjectList, qgis_iface: Any) -> None:
    layer = layer_of(part)
    layer.removeSelection()
    part.edit_action.trigger()
    assert part.bulk.dialog is None
    assert any("First select the projects" in s for s in sentences(qgis_iface.messageBar()))
    layer.setReadOnly(True)
    layer.selectAll()
    part.edit_action.trigger()
    assert part.bulk.dialog is None
    assert any(layer.name() in s for s in sentences(qgis_iface.messageBar()))
    layer.setReadOnly(False)


def test_what_was_changed_meanwhile_is_taken_as_it_is_now(part: ProjectList) -> None:
    layer = layer_of(part)
    dialog = ask(part, "P1", "P2", "P3")
    take(dialog, "departments", "add").tick("林草局")
    preview(dialog)
    layer.startEditing()
    layer.changeAttributeValue(feature_of(layer, "P2").id(), layer.fields().indexOf("departments"), '{"农业局"}')
    layer.deleteFeature(feature_of(layer, "P3").id())
    dialog.write_button.click()
    assert values(part, "departments")["P2"] == '{"农业局","林草局"}'
    assert "P3" not in values(part, "departments")
    layer.undoStack().undo()
    assert values(part, "departments")["P2"] == '{"农业局"}', "the edit made by hand stays"


def test_the_dialog_fits_a_small_screen(part: ProjectList) -> None:
    dialog = ask(part, "P1", "P2")
    for row in dialog.rows.values():
        row.box.setChecked(True)
    assert dialog.width() <= 1366 and dialog.minimumSizeHint().width() <= 1100
    assert dialog.height() <= 700 and dialog.minimumSizeHint().height() <= 600
