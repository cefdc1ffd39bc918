"""The list of projects: filters, selection with the map, totals, look-alikes, and following unsaved edits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import text
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projects.list_desk import ProjectList
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of, sentences, wait_until
from restoration_planner.tests.small_plan import small_tables
from restoration_planner.ui.project_list_dock.projects_model import AREA, CODE, GRADE, NAME, PERIOD


def tables_with(findings: bool = True, **columns: list[Any]) -> PlanTables:
    """The small plan with further columns of its six projects, and findings of P2 and P6."""
    tables = dict(small_tables().rows)
    rows = tables["project"]
    records = [{**r, **{name: values[i] for name, values in columns.items()}} for i, r in enumerate(rows.records())]
    tables["project"] = Rows.from_records("project", records, list(rows.geometry))  # type: ignore[arg-type]
    if findings:
        found = [("P2", "review"), ("P2", "violation"), ("P6", "review")]
        records = [{"project_code": code, "grade": grade, "rule": "red_line"} for code, grade in found]
        tables["siting_finding"] = Rows.from_records("siting_finding", records, [None] * 3)
    return PlanTables(tables)


@pytest.fixture
def tables() -> PlanTables:
    return tables_with(
        start_year=[2021, 2021, 2026, None, None, None],
        end_year=[2025, 2030, 2030, None, 2025, None],
        period_note=[None, None, None, "近期（2021—2025年）", None, "长期坚持"],
        departments=['{"林草局"}', None, '{"水务局","农业局"}', None, None, None],
    )


@pytest.fixture
def part(open_work: Callable[..., ProjectWork], tables: PlanTables) -> ProjectList:
    """The list, shown."""
    found = open_work(ProjectList, tables=tables).parts[ProjectList]
    assert isinstance(found, ProjectList)
    found.dock.setParent(None)  # a window of its own: the main window of the tests is not shown
    found.action.setChecked(True)
    found.dock.resize(1200, 300)
    found.dock.show()
    return found


def layer_of(part: ProjectList) -> QgsVectorLayer:
    layer = part.projects_layer()
    assert layer is not None
    return layer


def codes(part: ProjectList) -> list[str]:
    model = part.dock.model
    return [model.index(row, CODE).data() for row in range(model.rowCount())]


def choose(part: ProjectList, name: str, value: object) -> None:
    box = part.dock.filters.boxes[name]
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i) == value))


def click(part: ProjectList, row: int, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    table = part.dock.table
    place = table.visualRect(part.dock.model.index(row, NAME)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def test_the_list_shows_every_project_with_its_worst_grade_period_and_area(part: ProjectList) -> None:
    assert codes(part) == ["P1", "P2", "P3", "P4", "P5", "P6"]
    cell = lambda row, column: part.dock.model.index(row, column).data()  # noqa: E731
    assert [cell(row, GRADE) for row in (0, 1, 5)] == [text(f"dock.grade.{g}") for g in ("pass", "violation", "review")]
    assert cell(0, PERIOD) == "2021–2025" and cell(3, PERIOD) == "2021–2025" and cell(5, PERIOD) == "长期坚持"
    assert cell(3, AREA) == "unsited"
    assert cell(0, AREA) == "93.34"
    assert part.dock.shown.text() == "6 of 6"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("zone", "1", ["P1", "P2", "P3"]),
        ("zone", "2", ["P4", "P5", "P6"]),
        ("kind", "water", ["P3", "P4"]),
        ("grade", "violation", ["P2"]),
        ("grade", "pass", ["P1", "P3", "P5"]),  # P4 has no site that could have been checked
        ("programme", "", ["P1", "P2", "P3", "P4", "P5", "P6"]),
        ("year", 2023, ["P1", "P2", "P4", "P5"]),
        ("year", 2028, ["P2", "P3"]),
    ],
)
def test_a_filter_leaves_what_fits(part: ProjectList, name: str, value: object, expected: list[str]) -> None:
    choose(part, name, value)
    assert codes(part) == expected
    part.dock.filters.reset.click()
    assert len(codes(part)) == 6


def test_what_came_or_changed_after_the_check_is_not_called_passed(part: ProjectList) -> None:
    def grades() -> dict[str, str]:
        wait_until(lambda: not part.is_busy())
        model = part.dock.model
        return {model.index(r, CODE).data(): model.index(r, GRADE).data() for r in range(model.rowCount())}

    before = {"P1": "Pass", "P2": "Violation", "P3": "Pass", "P4": "not checked yet", "P5": "Pass", "P6": "Review"}
    assert grades() == before
    layer = layer_of(part)
    layer.startEditing()
    new = QgsFeature(layer.fields())
    new["code"], new["name"] = "P7", "new"
    new.setGeometry(feature_of(layer, "P1").geometry())
    layer.addFeature(new)
    moved = feature_of(layer, "P3")
    shape = moved.geometry()
    shape.translate(0.001, 0)
    layer.changeGeometry(moved.id(), shape)
    zone, name = layer.fields().indexOf("zone_codes"), layer.fields().indexOf("name")
    layer.changeAttributeValue(feature_of(layer, "P2").id(), zone, '{"2"}')
    layer.changeAttributeValue(feature_of(layer, "P5").id(), name, "by another name")
    changed = {**before, "P2": "Violation *", "P3": "not checked yet", "P7": "not checked yet"}
    assert grades() == changed, "unsaved"
    assert layer.commitChanges()
    assert grades() == changed, "saved"
    row = codes(part).index("P2")
    index = part.dock.model.index(row, GRADE)
    assert "changed after" in index.data(Qt.ItemDataRole.ToolTipRole) and index.data(Qt.ItemDataRole.FontRole).italic()
    assert "Violation (changed since)" in part.dock.model.as_table([row])


def test_projects_whose_years_nobody_knows_are_counted_beside_a_chosen_year(part: ProjectList) -> None:
    choose(part, "year", 2023)
    assert "1 more without years" in part.dock.shown.text()
    assert "2023" in part.dock.shown.toolTip()


def test_typed_words_and_the_switch_for_unsited_projects_work_together(part: ProjectList) -> None:
    part.dock.filters.search.insert("整治")  # as an input method does; QTest types no Chinese
    wait_until(lambda: not part.dock.filters.is_waiting())
    assert codes(part) == ["P3", "P5"]
    part.dock.filters.search.clear()
    wait_until(lambda: not part.dock.filters.is_waiting())
    assert part.dock.filters.unsited.text() == "Unsited 1"
    part.dock.filters.unsited.click()
    assert codes(part) == ["P4"]
    QTest.keyClicks(part.dock.filters.search, "xyz")
    wait_until(lambda: not part.dock.filters.is_waiting())
    assert codes(part) == [] and not part.dock.body.is_full()
    assert "No project fits" in part.dock.body.label.text()


def test_words_are_found_in_departments_whatever_their_width(part: ProjectList) -> None:
    part.dock.filters.search.setText("林草局 Ｐ１")
    wait_until(lambda: not part.dock.filters.is_waiting())
    assert codes(part) == ["P1"]


def test_a_click_selects_on_the_map_and_the_map_selects_in_the_list(part: ProjectList) -> None:
    layer = layer_of(part)
    click(part, 1)
    assert [f["code"] for f in layer.selectedFeatures()] == ["P2"]
    click(part, 3, Qt.KeyboardModifier.ControlModifier)
    assert sorted(f["code"] for f in layer.selectedFeatures()) == ["P2", "P4"]
    layer.selectByIds([feature_of(layer, "P6").id(), feature_of(layer, "P5").id()])
    assert part.dock.selected_fids() == [feature_of(layer, c).id() for c in ("P5", "P6")]
    layer.removeSelection()
    assert part.dock.selected_fids() == []


def test_what_a_filter_hides_stays_selected_on_the_map_and_is_told(part: ProjectList) -> None:
    layer = layer_of(part)
    layer.selectByIds([feature_of(layer, c).id() for c in ("P1", "P5")])
    choose(part, "zone", "2")
    assert sorted(f["code"] for f in layer.selectedFeatures()) == ["P1", "P5"]
    assert part.dock.selection_says.text() == "1 selected  (1 more hidden by the filter)"
    part.dock.filters.clear()
    assert len(part.dock.selected_fids()) == 2


def test_sorting_by_a_column_keeps_the_selection_and_puts_numbers_in_their_order(part: ProjectList) -> None:
    layer = layer_of(part)
    click(part, 3)
    part.dock.table.sortByColumn(AREA, Qt.SortOrder.DescendingOrder)
    assert codes(part) == ["P2", "P3", "P5", "P1", "P6", "P4"]
    assert [f["code"] for f in layer.selectedFeatures()] == ["P4"]
    assert part.dock.selected_fids() == [feature_of(layer, "P4").id()]


def test_unsaved_edits_are_followed_and_a_rollback_too(part: ProjectList) -> None:
    layer = layer_of(part)
    layer.startEditing()
    new = QgsFeature(layer.fields())
    new["code"], new["name"] = "P7", "新项目"
    assert layer.addFeature(new)
    wait_until(lambda: "P7" in codes(part))
    assert part.dock.filters.unsited.text() == "Unsited 2"
    drawn = next(f for f in layer.getFeatures() if f["code"] == "P7")
    layer.changeGeometry(
        drawn.id(), QgsGeometry.fromWkt("MultiPolygon(((124.01 41,124.02 41,124.02 41.01,124.01 41)))")
    )
    wait_until(lambda: part.dock.filters.unsited.text() == "Unsited 1")
    layer.selectByIds([drawn.id()])
    assert part.dock.selected_fids() == [drawn.id()] and drawn.id() < 0
    layer.rollBack()
    wait_until(lambda: "P7" not in codes(part))


def test_a_saved_project_is_known_by_its_new_id(part: ProjectList) -> None:
    layer = layer_of(part)
    layer.startEditing()
    new = QgsFeature(layer.fields())
    new["code"], new["name"] = "P7", "新项目"
    layer.addFeature(new)
    assert layer.commitChanges()
    wait_until(lambda: not part.is_busy() and "P7" in codes(part))
    click(part, codes(part).index("P7"))
    assert [f["code"] for f in layer.selectedFeatures()] == ["P7"]


def test_nothing_is_read_while_the_dock_is_hidden_and_all_of_it_when_it_is_shown(part: ProjectList) -> None:
    layer = layer_of(part)
    part.dock.hide()
    layer.startEditing()
    layer.changeAttributeValue(feature_of(layer, "P1").id(), layer.fields().indexOf("code"), "P9")
    wait_until(lambda: not part.is_busy())
    assert "P9" not in codes(part)
    part.dock.show()
    QApplication.processEvents()
    assert "P9" in codes(part)


def test_selected_lines_are_copied_for_a_spreadsheet(part: ProjectList) -> None:
    click(part, 0)
    click(part, 3, Qt.KeyboardModifier.ShiftModifier)
    part.dock.table.setFocus()
    part.dock.copy_action.trigger()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines] == ["Code", "P1", "P2", "P3", "P4"]
    assert lines[3][1] == "河道整治" and lines[3][8] == "水务局, 农业局"
    assert lines[4][AREA] == ""


def test_totals_count_a_project_of_several_counties_in_each_and_once_in_the_whole(part: ProjectList) -> None:
    part.dock.tabs.setCurrentWidget(part.dock.totals)
    tab = part.dock.totals
    tab.by.setCurrentIndex(tab.by.findData("county"))
    lines = {line.split("\t")[0]: line.split("\t") for line in tab.as_table().split("\n")[1:]}
    assert lines["西县"][1] == "3" and lines["东县"][1] == "4" and lines["Whole"][1:4] == ["6", "5", "1"]
    # P1 (1 × 1), P2 (2 × 2), P3 (3 × 1), P5 (1 × 1) and P6 (0.5 × 0.5) squares of about 93 ha
    assert float(lines["Whole"][4]) == pytest.approx((1 + 4 + 3 + 1 + 0.25) * 93.35, rel=1e-3)
    assert "1 of them are in several groups" in tab.says.text()
    tab.tree.itemActivated.emit(tab.tree.topLevelItem(0), 0)
    assert sorted(f["code"] for f in layer_of(part).selectedFeatures()) == ["P1", "P2", "P3"]


def test_two_entries_of_one_project_are_found_shown_and_refused(part: ProjectList, canvas: Any) -> None:
    layer = layer_of(part)
    layer.startEditing()
    again = QgsFeature(layer.fields())
    again["code"], again["name"] = "P7", "西县西坡 造林项目"
    again.setGeometry(feature_of(layer, "P1").geometry())
    layer.addFeature(again)
    part.dock.tabs.setCurrentWidget(part.dock.alike)
    part.dock.alike.look_button.click()
    wait_until(lambda: not part.is_busy())
    tab = part.dock.alike
    assert tab.model.rowCount() == 1
    pair = tab.model.pair(0)
    assert {pair.first.code, pair.second.code} == {"P1", "P7"}
    assert pair.overlap == pytest.approx(1.0)
    tab.table.selectRow(0)
    tab.show_button.click()
    assert sorted(f["code"] for f in layer.selectedFeatures()) == ["P1", "P7"]
    assert canvas.extent().contains(feature_of(layer, "P1").geometry().boundingBox())
    assert canvas.extent().width() < 0.1
    tab.refuse_button.click()
    assert tab.model.rowCount() == 0
    tab.look_button.click()
    wait_until(lambda: not part.is_busy())
    assert tab.model.rowCount() == 0, "what was refused stays refused"


def test_zooming_to_a_project_without_a_site_says_so(part: ProjectList, qgis_iface: Any) -> None:
    click(part, 3)
    part.dock.zoom_action.trigger()
    assert any("no site yet" in s for s in sentences(qgis_iface.messageBar()))


def test_return_and_a_double_click_open_the_form(part: ProjectList, qgis_iface: Any) -> None:
    qgis_iface.openFeatureForm.reset_mock()
    click(part, 2)
    part.dock.form_action.trigger()
    assert qgis_iface.openFeatureForm.call_args[0][1]["code"] == "P3"
    index = part.dock.model.index(4, NAME)
    place = part.dock.table.visualRect(index).center()
    click(part, 4)
    QTest.mouseDClick(part.dock.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert qgis_iface.openFeatureForm.call_args[0][1]["code"] == "P5"


def test_a_plan_that_goes_leaves_clear_words_and_another_brings_its_own_projects(
    part: ProjectList, plans: OpenPlans, canvas: Any, tmp_path: Any
) -> None:
    choose(part, "zone", "1")
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert codes(part) == [] and "No plan is open" in part.dock.body.label.text()
    blank = tmp_path / "blank.gpkg"
    create_plan(blank, PlanTables({n: r for n, r in small_tables().rows.items() if n != "project"}))
    plans.open(blank, canvas)
    assert "no projects yet" in part.dock.body.label.text()
    assert part.dock.filters.wanted().is_any


def test_a_filter_of_the_layer_is_no_filter_of_the_list(part: ProjectList) -> None:
    layer = layer_of(part)
    assert layer.setSubsetString("code = 'P1'")
    part.refresh()
    assert len(codes(part)) == 6
