"""What a plan's layers are in plain QGIS: only the file's own default styles, no plugin."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET

import pytest
from qgis.core import (
    NULL,
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsVectorLayer,
)
from qgis.gui import QgsAttributeForm, QgsGui
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QTableWidget, QTableWidgetItem, QTabWidget

from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.store.plan_file import create_plan, replace_rows
from restoration_planner.core.texts import text
from restoration_planner.layers.opening import open_plan

from .conftest import plain_layer, rows, small_plan


@pytest.fixture(scope="module", autouse=True)
def editor_widgets(qgis_app):
    QgsGui.editorWidgetRegistry().initEditors()


def feature_of(layer: QgsVectorLayer, code: str):
    return next(f for f in layer.getFeatures() if f["code"] == code)


def form_of(layer: QgsVectorLayer, code: str) -> QgsAttributeForm:
    assert layer.isEditable() or layer.startEditing()
    form = QgsAttributeForm(layer, feature_of(layer, code))
    form.show()
    return form


def list_with(form: QgsAttributeForm, entry: str) -> list[QTableWidgetItem]:
    """The entries of the list that offers an entry."""
    for table in form.findChildren(QTableWidget):
        items = [table.item(row, 0) for row in range(table.rowCount())]
        if any(item.text() == entry for item in items):
            return items
    raise AssertionError(f"no list offers {entry}")


def ticks(form: QgsAttributeForm, entry: str) -> dict[str, bool]:
    """Entry → whether it is ticked, in the list that offers an entry."""
    return {item.text(): item.checkState() == Qt.CheckState.Checked for item in list_with(form, entry)}


def tick(form: QgsAttributeForm, entry: str) -> None:
    item = next(item for item in list_with(form, entry) if item.text() == entry)
    item.setCheckState(Qt.CheckState.Checked)


def combo(form: QgsAttributeForm, caption: str) -> QComboBox:
    return next(c for c in form.findChildren(QComboBox, caption) if c.currentText() != "Please select")


def test_every_table_has_a_default_style_in_the_file(plan_path):
    with sqlite3.connect(plan_path) as plan:
        stored = dict(plan.execute('SELECT f_table_name, "useAsDefault" FROM layer_styles'))
    assert set(stored) == set(TABLES) and all(stored.values())


@pytest.mark.parametrize("table", TABLES)
def test_every_field_has_its_chinese_caption(plan_path, table):
    layer = plain_layer(plan_path, table)
    for field in TABLES[table].fields:
        index = layer.fields().indexOf(field.name)
        assert layer.attributeAlias(index) == text(f"schema.{table}.{field.name}", "zh")


@pytest.mark.parametrize("table", [t for t, table in TABLES.items() for f in table.fields if f.type == "boolean"])
def test_booleans_are_never_check_boxes(plan_path, table):
    layer = plain_layer(plan_path, table)
    for field in TABLES[table].fields:
        if field.type == "boolean":
            assert layer.editorWidgetSetup(layer.fields().indexOf(field.name)).type() == "ValueMap"


def test_zones_stand_in_the_legend_by_code_and_name_with_a_colour_each(plan_path):
    categories = plain_layer(plan_path, "restoration_zone").renderer().categories()
    assert [c.label() for c in categories[:2]] == ["1 西部修复区", "2 东部修复区"]
    assert categories[0].symbol().color() != categories[1].symbol().color()


def test_labels_are_chinese_with_a_white_halo_and_a_range_of_scales(plan_path):
    layer = plain_layer(plan_path, "restoration_zone")
    settings = layer.labeling().settings()
    text_format = settings.format()
    halo = text_format.buffer()
    assert halo.enabled() and halo.color().name() == "#ffffff"
    assert settings.scaleVisibility and settings.minimumScale > settings.maximumScale
    assert "Noto Sans CJK SC" in text_format.families()


def test_the_project_form_has_tabs(plan_path):
    form = form_of(plain_layer(plan_path, "project"), "A1")
    tabs = form.findChild(QTabWidget)
    assert [tabs.tabText(i) for i in range(tabs.count())] == [
        "基本信息",
        "选址用地",
        "建设内容",
        "时限责任",
        "审批备注",
        "核查复核",
        "资料照片",
        "修改记录",
    ]


def test_with_the_plugin_lists_show_names_and_write_text_keys(plan_path):
    layer = open_plan(plan_path).layer("project")
    form = form_of(layer, "A1")
    assert ticks(form, "西部修复区") == {"西部修复区": True, "东部修复区": False}
    assert ticks(form, "流域治理工程") == {"流域治理工程": True}
    assert ticks(form, "东县") == {"东县": True}
    tick(form, "东部修复区")
    assert form.save() and layer.commitChanges()
    assert feature_of(layer, "A1")["zone_codes"] == '{"1","2"}'


def test_with_the_plugin_a_list_reads_as_names_in_the_attribute_table(plan_path):
    layer = open_plan(plan_path).layer("project")
    index = layer.fields().indexOf("zone_codes")
    setup = layer.editorWidgetSetup(index)
    formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
    shown = formatter.representValue(layer, index, setup.config(), None, '{"1","2"}')
    assert "西部修复区" in shown and "东部修复区" in shown


@pytest.mark.parametrize("prefix", [None, "", "plan — "], ids=["alone", "with its tables", "with prefixed tables"])
def test_saving_a_form_changes_nothing_that_was_not_touched(plan_path, prefix):
    # As QGIS adds them: one layer alone, all by their tables' names, or all with the file's name before
    for table in ("restoration_zone", "key_area", "programme", "admin_unit") if prefix is not None else ():
        related = plain_layer(plan_path, table)
        related.setName(f"{prefix}{related.name()}")
    layer = plain_layer(plan_path, "project")
    for code in ("A1", "A3"):
        assert form_of(layer, code).save()
    assert layer.editBuffer().changedAttributeValues() == {}


def test_an_unknown_stays_unknown_and_a_no_is_stored_as_false(plan_path):
    layer = plain_layer(plan_path, "project")
    form = form_of(layer, "A2")
    unknown = combo(form, "temporary_land")
    assert [unknown.itemText(i) for i in range(unknown.count())] == ["是", "否", "未知"]
    assert unknown.currentText() == "未知"
    answered = combo(form, "new_construction_land")
    answered.setCurrentIndex(answered.findText("否"))
    assert form.save() and layer.commitChanges()
    saved = feature_of(layer, "A2")
    assert saved["new_construction_land"] is False
    assert saved["temporary_land"] == NULL


def test_relations_name_a_table_that_plain_qgis_can_find_in_the_same_file(plan_path):
    layer = plain_layer(plan_path, "key_area")
    config = layer.editorWidgetSetup(layer.fields().indexOf("zone_code")).config()
    assert config["LayerName"] == "restoration_zone" and config["LayerSource"].endswith("|layername=restoration_zone")
    assert not config["Layer"]  # no id of some other session


def outlines(layer: QgsVectorLayer) -> dict[str, list[str]]:
    """Project code → the grades whose outline it is drawn with."""
    found: dict[str, list[str]] = {}
    for feature in layer.getFeatures():
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        for rule in layer.renderer().rootRule().descendants():
            if rule.ruleKey().startswith("grade.") and QgsExpression(rule.filterExpression()).evaluate(context):
                found.setdefault(feature["code"], []).append(rule.ruleKey().partition(".")[2])
    return found


def test_the_grade_outline_follows_the_findings(plan_path):
    assert outlines(plain_layer(plan_path, "project")) == {"A1": ["violation"], "A2": ["pass"], "A3": ["pass"]}
    found = [{"project_code": "A3", "grade": "permitted"}, {"project_code": "A3", "grade": "undetermined"}]
    replace_rows(plan_path, {"siting_finding": rows("siting_finding", found, None, None)})
    assert outlines(plain_layer(plan_path, "project")) == {"A1": ["pass"], "A2": ["pass"], "A3": ["undetermined"]}


def test_before_the_first_check_no_project_has_a_grade(plan_path):
    replace_rows(plan_path, {"siting_finding": rows("siting_finding", [])})
    assert outlines(plain_layer(plan_path, "project")) == {}


def test_new_zones_leave_the_outlines_as_they_are(plan_path):
    zone = [{"code": "9", "name": "新区"}]
    replace_rows(plan_path, {"restoration_zone": rows("restoration_zone", zone, None)})
    assert outlines(plain_layer(plan_path, "project"))["A1"] == ["violation"]


@pytest.mark.parametrize("code", ["it's", 'a "b"', "<&>", "\\n\\", "{}%1,$&", "两\n行", "');--"])
def test_outlines_find_any_code(tmp_path, code):
    tables = dict(small_plan().rows)
    tables["project"] = rows("project", [{"code": code}, {"code": "other"}], None, None)
    tables["siting_finding"] = rows("siting_finding", [{"project_code": code, "grade": "review"}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    assert outlines(plain_layer(tmp_path / "p.gpkg", "project")) == {code: ["review"], "other": ["pass"]}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_drawing_asks_no_other_layer(plan_path, table):
    # While a project is being closed QGIS 3.30 and later would wait for ever for such a layer
    with sqlite3.connect(plan_path) as plan:
        (qml,) = plan.execute('SELECT "styleQML" FROM layer_styles WHERE f_table_name = ?', (table,)).fetchone()
    drawn = ET.fromstring(qml.partition("\n")[2])
    words = [v for part in ("renderer-v2", "labeling") for e in drawn.iterfind(f"{part}//") for v in e.attrib.values()]
    asking = ("aggregate(", "get_feature", "layer_property(", "relation_aggregate", "represent_value(", "overlay_")
    assert not [word for word in words if any(name in word for name in asking)]
