"""The project's form with the plugin: the list of choices, and entries made tidy."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.core import NULL, Qgis, QgsApplication, QgsProject, QgsVectorLayer
from qgis.gui import QgsAttributeDialog, QgsAttributeForm, QgsGui, QgsMessageBarItem
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTabWidget, QWidget
from qgis.PyQt.QtXml import QDomDocument

from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.layers.forms.panels import LABEL_MARK
from restoration_planner.layers.style_making.make import style_as_qml
from restoration_planner.layers.value_maps import LIST_WIDGET
from restoration_planner.plugin.edit_groups import EditGroups
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projects.form_list import ChoiceList

from ..layers.conftest import plain_layer, small_plan
from ..layers.forms import close, feature_of, form_of, stored, write
from ..projects.conftest import wait_until

LISTS = ("programme_codes", "zone_codes", "key_area_codes", "counties", "departments")


@pytest.fixture(autouse=True)
def chinese(qgis_new_project):
    QgsGui.editorWidgetRegistry().initEditors()
    set_language("zh")
    yield
    set_language(None)


@pytest.fixture
def opened(plans: OpenPlans, tmp_path) -> Any:
    """The small plan, opened by the plugin."""
    create_plan(tmp_path / "p.gpkg", small_plan())
    return plans.open(tmp_path / "p.gpkg", None)


def choices(form: QgsAttributeForm, field: str) -> ChoiceList:
    return next(c for c in form.findChildren(ChoiceList) if c.objectName() == field)


def offered(form: QgsAttributeForm, field: str) -> dict[str, bool]:
    """Caption → ticked, of the entries that can be seen."""
    shown = choices(form, field).list
    items = [shown.item(row) for row in range(shown.count())]
    return {i.text(): i.checkState() == Qt.CheckState.Checked for i in items if not i.isHidden()}


def tick(form: QgsAttributeForm, field: str, entry: str, state: Any = Qt.CheckState.Checked) -> None:
    shown = choices(form, field).list
    items = [shown.item(row) for row in range(shown.count())]
    next(i for i in items if i.data(Qt.ItemDataRole.UserRole) == entry).setCheckState(state)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_every_project_goes_through_the_form_unchanged_but_for_what_was_edited(plans, tmp_path, template, language):
    if (template, language) == ("yangquan", "en"):
        pytest.skip("the longer template once is enough: languages differ in captions only")
    set_language(language)
    path = tmp_path / "plan.gpkg"
    create_plan(path, plan_from_template(template))
    before = stored(path)
    layer = plans.open(path, None).layer("project")
    for feature in layer.getFeatures():
        form = form_of(layer, feature)
        assert len(form.findChildren(ChoiceList)) == len(LISTS)
        write(form, "remark", "已核对")
        assert form.save()
        close(form)
    assert layer.commitChanges()
    after = stored(path)
    assert len(after) == len(before) > 10
    for fid, row in before.items():
        assert after[fid] == {**row, "remark": ("str", "已核对")}


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "{}",
        "{1,2}",
        "1,2",
        "1",
        '{"2","1"}',
        '{"1","9"}',
        '{"9"}',
        '{ "1" , "2" }',
        '{"1","1"}',
        '{"a,b","c\\"d"}',
    ],
)
def test_a_list_is_given_back_as_it_was_written(opened, written):
    layer = opened.layer("project")
    assert layer.startEditing()
    number = feature_of(layer, "A1").id()
    for field in LISTS:
        assert layer.changeAttributeValue(number, layer.fields().indexOf(field), written)
    held = layer.getFeature(number)
    form = form_of(layer, "A1")
    write(form, "remark", "x")
    assert form.save()
    after = layer.getFeature(number)
    for field in LISTS:
        assert after[field] == held[field], field
        assert set(choices(form, field).chosen()) == set(read_list(written))
    layer.rollBack()


def test_choices_are_names_and_are_written_as_codes(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A1")
    assert offered(form, "zone_codes") == {"1  西部修复区": True, "2  东部修复区": False}
    assert offered(form, "programme_codes") == {"A  流域治理工程": True}
    assert offered(form, "counties") == {"东县": True}
    tick(form, "zone_codes", "2")
    assert form.save() and layer.commitChanges()
    assert feature_of(layer, "A1")["zone_codes"] == '{"1","2"}'


def test_taking_the_last_choice_away_leaves_null(opened, tmp_path):
    layer = opened.layer("project")
    form = form_of(layer, "A1")
    tick(form, "zone_codes", "1", Qt.CheckState.Unchecked)
    assert form.save() and layer.commitChanges()
    assert stored(tmp_path / "p.gpkg")[1]["zone_codes"] == ("NoneType", None)


def test_key_areas_follow_the_zones_and_chosen_ones_stay(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A1")
    assert offered(form, "key_area_codes") == {"K1  水库周边": False}
    tick(form, "key_area_codes", "K1")
    tick(form, "zone_codes", "2")
    tick(form, "zone_codes", "1", Qt.CheckState.Unchecked)
    assert offered(form, "key_area_codes") == {"K1  水库周边": True}, "it is chosen, so it is not forgotten"
    tick(form, "key_area_codes", "K1", Qt.CheckState.Unchecked)
    tick(form, "zone_codes", "1")
    tick(form, "zone_codes", "1", Qt.CheckState.Unchecked)
    assert offered(form, "key_area_codes") == {}
    tick(form, "zone_codes", "1")
    assert offered(form, "key_area_codes") == {"K1  水库周边": False}


def test_key_areas_are_narrowed_in_the_dialog_that_qgis_makes(opened):
    layer = opened.layer("project")
    assert layer.startEditing()
    feature = feature_of(layer, "A2")  # names both zones and K1
    dialog = QgsAttributeDialog(layer, feature, False)
    dialog.show()
    form = dialog.attributeForm()
    assert offered(form, "key_area_codes") == {"K1  水库周边": True}
    tick(form, "key_area_codes", "K1", Qt.CheckState.Unchecked)
    tick(form, "zone_codes", "1", Qt.CheckState.Unchecked)
    assert offered(form, "key_area_codes") == {}
    layer.rollBack()


def test_a_department_that_is_new_is_typed_and_made_tidy(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A1")
    shown = choices(form, "departments")
    shown.entry.setText(" 水利　部门\n")
    shown.entry.returnPressed.emit()
    assert offered(form, "departments") == {"水利 部门": True}
    assert form.save() and layer.commitChanges()
    assert feature_of(layer, "A1")["departments"] == '{"水利 部门"}'


def test_the_attribute_table_reads_names(opened):
    layer = opened.layer("project")
    index = layer.fields().indexOf("zone_codes")
    setup = QgsGui.editorWidgetRegistry().findBest(layer, "zone_codes")
    assert setup.type() == LIST_WIDGET
    formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
    assert formatter.representValue(layer, index, setup.config(), None, '{"1","9"}') == "1 西部修复区；9"


def test_nothing_of_the_list_is_written_anywhere(opened, tmp_path):
    """A QGIS without the plugin would crash on it."""
    layer = opened.layer("project")
    form_of(layer, "A1")
    assert LIST_WIDGET not in style_as_qml(layer)
    document = QDomDocument()
    assert LIST_WIDGET not in document.toString()
    assert QgsProject.instance().write(str(tmp_path / "p.qgs"))
    assert LIST_WIDGET not in (tmp_path / "p.qgs").read_text(encoding="utf-8")


def test_only_plans_have_the_list_and_only_while_the_plugin_is_at_work(opened, plans, tmp_path):
    find_best = QgsGui.editorWidgetRegistry().findBest
    layer = opened.layer("project")
    stranger = QgsVectorLayer("NoGeometry?field=zone_codes:string", "project", "memory")
    assert find_best(stranger, "zone_codes").type() != LIST_WIDGET
    create_plan(tmp_path / "plain.gpkg", small_plan())
    assert find_best(plain_layer(tmp_path / "plain.gpkg", "project"), "zone_codes").type() == "TextEdit"
    plans._forms.close()
    assert find_best(layer, "zone_codes").type() == "TextEdit"
    form = form_of(layer, "A1")
    assert not form.findChildren(ChoiceList)
    write(form, "remark", "x")
    assert form.save()
    layer.rollBack()


def test_what_is_typed_takes_the_place_of_the_null_that_qgis_shows(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A3")
    tabs = form.findChild(QTabWidget)
    remark = form.findChild(QPlainTextEdit, "remark")
    tabs.setCurrentIndex(next(i for i in range(tabs.count()) if tabs.widget(i).isAncestorOf(remark)))
    assert remark.toPlainText() == QgsApplication.nullRepresentation()
    form.activateWindow()
    remark.setFocus()
    QApplication.instance().focusChanged.emit(None, remark)  # offscreen there is no window that could be entered
    QTest.keyClicks(remark, "x")
    assert remark.toPlainText() == "x"
    layer.rollBack()


def said_in(form: QgsAttributeForm) -> list[str]:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    items = [w for w in form.findChildren(QWidget) if w.metaObject().className() == "QgsMessageBarItem"]
    return [item.text() for item in items if isinstance(item, QgsMessageBarItem)]


def test_what_is_wrong_with_an_entry_is_said_in_the_form_until_it_is_right(opened, plans):
    layer = opened.layer("project")
    form = form_of(layer, "A3")
    code, name = form.findChild(QLineEdit, "code"), form.findChild(QLineEdit, "name")
    QApplication.instance().focusChanged.emit(None, code)  # offscreen there is no window that could be entered
    assert said_in(form) == []
    write(form, "code", "A1")
    assert said_in(form) == [text("project_form.constraint.project.code", "zh")], "another project has it"
    write(form, "name", "长" * 10_000)
    wait_until(lambda: said_in(form) == [text("project_form.constraint.project.name", "zh")])
    assert len(name.text()) == 10_000, "nothing is lost"
    write(form, "code", "A9")
    wait_until(lambda: said_in(form) == [])
    QApplication.instance().focusChanged.emit(name, code)
    assert said_in(form) == [text("project_form.constraint.project.name", "zh")], "left, and still wrong"
    plans._forms.close()
    wait_until(lambda: said_in(form) == [])
    layer.rollBack()


@pytest.mark.skipif(Qgis.QGIS_VERSION_INT < 33000, reason="panels are web pages there, which break their lines")
def test_panels_break_their_lines(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A1")
    QApplication.instance().focusChanged.emit(None, form.findChild(QLineEdit, "code"))
    panels = [label for label in form.findChildren(QLabel) if LABEL_MARK in label.text()]
    assert len(panels) == 5 and all(panel.wordWrap() for panel in panels)
    layer.rollBack()


# --- tidy entries ------------------------------------------------------------------------------


def test_full_width_and_pasted_breaks_are_made_tidy_said_and_taken_back_by_undo(opened, plans):
    layer = opened.layer("project")
    said: list[str] = []
    (tidying,) = plans._forms._followed.values()
    tidying.tidied.connect(said.append)
    form = form_of(layer, "A3")
    write(form, "code", "Ａ７")
    write(form, "opinion_ref", " 本政函 ")
    assert form.save()
    feature = next(f for f in layer.getFeatures() if f["name"] == "待定")
    assert (feature["code"], feature["opinion_ref"]) == ("A7", "本政函")
    (sentence,) = said
    assert "Ａ７" in sentence and "A7" in sentence and "可撤销" in sentence
    layer.undoStack().undo()
    assert layer.getFeature(feature.id())["code"] == "Ａ７"
    layer.undoStack().undo()
    assert layer.getFeature(feature.id())["code"] == "A3"
    layer.undoStack().redo()
    layer.undoStack().redo()
    assert layer.getFeature(feature.id())["code"] == "A7"
    layer.rollBack()
    assert feature_of(layer, "A3")["opinion_ref"] == NULL


def test_an_entry_that_is_tidy_is_left_alone(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A3")
    write(form, "name", "矿山修复（一期），绿化")
    assert form.save()
    assert layer.undoStack().count() == 1
    layer.rollBack()


def test_what_undo_brings_back_is_not_tidied_with_the_next_edit(opened):
    layer = opened.layer("project")
    form = form_of(layer, "A3")
    write(form, "code", "Ａ７")
    assert form.save()
    layer.undoStack().undo()
    other = feature_of(layer, "A1")
    layer.beginEditCommand("another")
    layer.changeAttributeValue(other.id(), layer.fields().indexOf("remark"), "x")
    layer.endEditCommand()
    assert "Ａ７" in [f["code"] for f in layer.getFeatures()]
    layer.rollBack()


def test_the_strange_code_of_a_zone_stays_as_the_zone_is_called(opened):
    zones, layer = opened.layer("restoration_zone"), opened.layer("project")
    zones.startEditing()
    zone = next(zones.getFeatures())
    zones.changeAttributeValue(zone.id(), zones.fields().indexOf("code"), "Ａ 区")
    layer.startEditing()
    row = feature_of(layer, "A3")
    layer.beginEditCommand("chosen from the list, and typed")
    layer.changeAttributeValue(row.id(), layer.fields().indexOf("zone_codes"), '{"Ａ 区"}')
    layer.changeAttributeValue(row.id(), layer.fields().indexOf("key_area_codes"), '{"Ｘ"}')
    layer.endEditCommand()
    now = layer.getFeature(row.id())
    assert (now["zone_codes"], now["key_area_codes"]) == ('{"Ａ 区"}', '{"X"}')
    for edited in (layer, zones):
        edited.rollBack()


def test_an_action_of_several_layers_is_one_step_though_an_entry_is_made_tidy(opened):
    zones, layer = opened.layer("restoration_zone"), opened.layer("project")
    zone, row = next(zones.getFeatures()), feature_of(layer, "A3")
    groups = EditGroups()
    try:
        with groups.action("both") as edit:
            edit.change_value(zones, zone.id(), "name", "新区")
            edit.change_value(layer, row.id(), "opinion_ref", "函Ａ")
        assert layer.getFeature(row.id())["opinion_ref"] == "函A"
        layer.undoStack().undo()
        assert layer.getFeature(row.id())["opinion_ref"] == "函Ａ"
        assert zones.getFeature(zone.id())["name"] == "新区"  # only what was made tidy is taken back
        layer.undoStack().undo()
        assert layer.getFeature(row.id())["opinion_ref"] == row["opinion_ref"]
        assert zones.getFeature(zone.id())["name"] == zone["name"]
    finally:
        groups.close()
        for edited in (layer, zones):
            edited.rollBack()
