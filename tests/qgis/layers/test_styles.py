"""The committed styles are what the script makes, and hold nothing of anybody's machine."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from qgis.core import QgsVectorLayer

from restoration_planner.core.plan.schema import CODE_LISTS, TABLES
from restoration_planner.layers.captions import caption_layer
from restoration_planner.layers.catalogue import style_file
from restoration_planner.layers.style_making.make import blank_layer, dress, style_as_qml
from restoration_planner.layers.value_maps import NULL_IN_VALUE_MAP


class Meaning:
    """Reads styles as far as the committed file of a table states them.

    A newer QGIS writes properties that the oldest one, which the files are made with, does not know;
    they have their defaults and mean nothing here.  Ids are given anew each time.
    """

    def __init__(self, table: str) -> None:
        committed = _parsed(style_file(table).read_text(encoding="utf-8"))
        self._attributes = {(e.tag, a) for e in committed.iter() for a in e.attrib if a not in ("id", "version")}
        self._options = {e.get("name") for e in committed.iter("Option")}

    def of(self, layer: QgsVectorLayer) -> list[str]:
        return [self._told(element) for element in _parsed(style_as_qml(layer))]

    def _told(self, element: ET.Element) -> str:
        if element.tag == "Option":
            if element.get("name") not in self._options:
                return ""
            if not element.get("value") and len(element) == 0:
                return ""  # no value, an empty one and an invalid one mean the same
        attributes = " ".join(f'{k}="{v}"' for k, v in sorted(element.items()) if (element.tag, k) in self._attributes)
        inside = "".join(map(self._told, element))
        return f"<{element.tag} {attributes}>{(element.text or '').strip()}{inside}</{element.tag}>"


def _parsed(qml: str) -> ET.Element:
    without_ids = re.sub(r" id=&quot;{[0-9a-f-]+}&quot;", "", qml)  # in symbols that are kept as text
    return ET.fromstring(re.sub(r"^<!DOCTYPE[^>]*>", "", without_ids))


def from_file(table: str) -> QgsVectorLayer:
    layer = blank_layer(table)
    message, loaded = layer.loadNamedStyle(str(style_file(table)))
    assert loaded, message
    return layer


@pytest.mark.parametrize("table", TABLES)
def test_the_committed_style_is_what_the_script_makes(table):
    made = blank_layer(table)
    dress(made, table)
    again = blank_layer(table)  # through QML once, as the committed one, so that only meaning counts
    from qgis.PyQt.QtXml import QDomDocument

    document = QDomDocument()
    document.setContent(style_as_qml(made))
    assert again.importNamedStyle(document)[0]
    meaning = Meaning(table)
    assert meaning.of(from_file(table)) == meaning.of(again), "run: ./dev run python tools/make_styles.py"


def test_a_changed_style_is_noticed():
    layer, meaning = from_file("red_line"), Meaning("red_line")
    before = meaning.of(layer)
    symbol = layer.renderer().symbol().clone()
    symbol.symbolLayer(1).setWidth(0.9)
    layer.renderer().setSymbol(symbol)
    assert meaning.of(layer) != before


@pytest.mark.parametrize("table", TABLES)
def test_a_style_names_no_folder_and_no_layer_of_a_session(table):
    qml = style_file(table).read_text(encoding="utf-8")
    assert not re.search(r"(?i)(/home/|/tmp/|/root|/work/|[a-z]:\\|file://)", qml)
    assert not re.search(r"_[0-9a-f]{8}_[0-9a-f]{4}_[0-9a-f]{4}_", qml)  # what QGIS makes layer ids of


@pytest.mark.parametrize("table", TABLES)
def test_every_field_but_lists_has_a_widget_and_none_that_only_the_plugin_knows(table):
    """A list without one is edited as text; QGIS crashes on a widget that it does not know."""
    layer = from_file(table)
    lists = {f.name for f in TABLES[table].fields if f.is_list}
    types = {layer.fields().at(i).name(): layer.editorWidgetSetup(i).type() for i in layer.attributeList()}
    assert {name for name, kind in types.items() if not kind} == lists
    assert set(types.values()) <= {"", "Hidden", "TextEdit", "ValueMap", "ValueRelation"}


@pytest.mark.parametrize("table", TABLES)
def test_captions_in_another_language_change_no_widget(table):
    layer = from_file(table)
    before = [layer.editorWidgetSetup(i).type() for i in layer.attributeList()]
    caption_layer(layer, table, "en")
    assert [layer.editorWidgetSetup(i).type() for i in layer.attributeList()] == before


@pytest.mark.parametrize(
    ("table", "field"), [(t, f.name) for t, table in TABLES.items() for f in table.fields if f.codes]
)
def test_a_value_map_offers_every_code_and_null(table, field):
    layer = from_file(table)
    setup = layer.editorWidgetSetup(layer.fields().indexOf(field))
    assert setup.type() == "ValueMap"
    values = [value for pair in setup.config()["map"] for value in pair.values()]
    assert values == [*CODE_LISTS[TABLES[table].field(field).codes], NULL_IN_VALUE_MAP]


@pytest.mark.parametrize(
    ("system", "code", "label"),
    [
        ("planning2023", "0101", "01 耕地"),
        ("planning2023", "1401", "1401 公园绿地"),
        ("planning2023", "1404", "14 绿地与开敞空间用地"),
        ("planning2023", "05", "05 湿地"),
        ("survey3", "0501", "05 商业服务业用地（三调）"),
        (None, "05", "分类体系未注明或地类未知"),
        ("survey3", "99", "分类体系未注明或地类未知"),
    ],
)
def test_one_number_means_another_class_in_each_land_use_system(system, code, label):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsFeature

    layer = from_file("land_use")
    feature = QgsFeature(layer.fields())
    feature["system"], feature["code"] = system, code
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    renderer = layer.renderer()
    value = QgsExpression(renderer.classAttribute()).evaluate(context)
    index = renderer.categoryIndexForValue(value)
    assert renderer.categories()[index if index >= 0 else -1].label() == label
