"""Forms: a widget for every field, tabs for the project, long texts in several lines."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsVectorLayer,
)

from ...core.plan.schema import TABLES
from ..captions import FORM_TABS
from ..value_maps import related_table, stored_relation, value_map

LONG_TEXTS = {
    "problem",
    "direction",
    "pattern",
    "tasks",
    "remark",
    "stated_quantity",
    "advice",
    "basis",
    "note",
    "text",
}

#: What the feature is called in lists and form titles.
DISPLAY = {
    "unit_membership": '"unit_name"',
    "indicator_value": 'concat("indicator_code", \' \', "year")',
    "indicator_share": 'concat("indicator_code", \' \', "unit_name")',
    "siting_finding": 'concat("project_code", \' \', "rule")',
    "siting_review": 'concat("project_code", \' \', "rule")',
    "plan": '"name"',
}


def form_layer(layer: QgsVectorLayer, table: str) -> None:
    """Give a table's layer its widgets and its form.

    A stored form shows lists as text.  Plain QGIS finds the list of choices only by the related layer's
    exact name, which it seldom has ("benxi — restoration_zone"); its widget would then show nothing,
    and empty the field when the form is saved.  Opening a plan with the plugin puts the lists in.
    """
    fid = layer.fields().indexOf("fid")
    if fid >= 0:
        layer.setEditorWidgetSetup(fid, QgsEditorWidgetSetup("Hidden", {}))
    for field in TABLES[table].fields:
        index = layer.fields().indexOf(field.name)
        if related_table(field) is not None and not field.is_list:
            setup = QgsEditorWidgetSetup("ValueRelation", stored_relation(field))
        elif value_map(field, "zh") is not None:
            setup = QgsEditorWidgetSetup("ValueMap", value_map(field, "zh"))
        else:
            setup = QgsEditorWidgetSetup("TextEdit", {"IsMultiline": field.name in LONG_TEXTS, "UseHtml": False})
        layer.setEditorWidgetSetup(index, setup)
    layer.setDisplayExpression(DISPLAY.get(table, 'concat("code", \' \', "name")'))
    form = layer.editFormConfig()
    if table in FORM_TABS:
        _tabs(form, layer, table)
    else:
        form.setLayout(QgsEditFormConfig.EditorLayout.GeneratedLayout)
    layer.setEditFormConfig(form)


def _tabs(form: QgsEditFormConfig, layer: QgsVectorLayer, table: str) -> None:
    form.setLayout(QgsEditFormConfig.EditorLayout.TabLayout)
    form.clearTabs()
    root = form.invisibleRootContainer()
    for tab, fields in FORM_TABS[table].items():
        container = QgsAttributeEditorContainer(tab, root)
        if Qgis.QGIS_VERSION_INT >= 33200:
            container.setType(Qgis.AttributeEditorContainerType.Tab)
        else:
            container.setIsGroupBox(False)
        for name in fields:
            index = layer.fields().indexOf(name)
            container.addChildElement(QgsAttributeEditorField(name, index, container))
        form.addTab(container)
