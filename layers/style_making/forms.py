"""Forms: a widget for every field, pages or groups, constraints, defaults, panels of what the plan says."""

from __future__ import annotations

from qgis import core
from qgis.core import (
    Qgis,
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorHtmlElement,
    QgsDefaultValue,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsExpression,
    QgsFieldConstraints,
    QgsOptionalExpression,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

from ...core.plan.schema import TABLES
from ...core.texts import text
from ..forms.pages import LONG_TEXTS, PAGED, PAGES, READ_ONLY
from ..forms.panels import panel_html, panel_text
from ..forms.rules import CONSTRAINTS, DEFAULTS
from ..value_maps import related_table, stored_relation, value_map

#: What the feature is called in lists and form titles.
DISPLAY = {
    "unit_membership": '"unit_name"',
    "indicator_value": 'concat("indicator_code", \' \', "year")',
    "indicator_share": 'concat("indicator_code", \' \', "unit_name")',
    "siting_finding": 'concat("project_code", \' \', "rule")',
    "siting_review": 'concat("project_code", \' \', "rule")',
    "plan": '"name"',
}
#: Where a panel is shown as HTML with a script, and where as a text with expressions.
SCRIPTED, WRITTEN = "@qgis_version_no < 33000", "@qgis_version_no >= 33000"
TEXT_TAG = "attributeEditorTextElement"
_HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard
_SOFT = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthSoft
_NOT_NULL = QgsFieldConstraints.Constraint.ConstraintNotNull
_UNIQUE = QgsFieldConstraints.Constraint.ConstraintUnique
_EXPRESSION = QgsFieldConstraints.Constraint.ConstraintExpression


def form_layer(layer: QgsVectorLayer, table: str) -> None:
    """Give a table's layer its widgets and its form.

    A stored form shows lists as text, with the names beside them.  QGIS's own list of choices is not safe: it
    turns an empty list into ``{}``, writes the entries in its own order, and drops those that it does not find,
    which in plain QGIS are all of them unless the related layer has exactly the right name.  The plugin brings
    a list that keeps what it was given.
    """
    fid = layer.fields().indexOf("fid")
    if fid >= 0:
        layer.setEditorWidgetSetup(fid, QgsEditorWidgetSetup("Hidden", {}))
    for field in TABLES[table].fields:
        index = layer.fields().indexOf(field.name)
        if field.is_list:
            setup = QgsEditorWidgetSetup()  # QGIS's own choice, a text; the plugin's list where it is at work
        elif related_table(field) is not None:
            setup = QgsEditorWidgetSetup("ValueRelation", stored_relation(field))
        elif value_map(field, "zh") is not None:
            setup = QgsEditorWidgetSetup("ValueMap", value_map(field, "zh"))
        else:
            setup = QgsEditorWidgetSetup("TextEdit", {"IsMultiline": field.name in LONG_TEXTS, "UseHtml": False})
        layer.setEditorWidgetSetup(index, setup)
    layer.setDisplayExpression(DISPLAY.get(table, 'concat("code", \' \', "name")'))
    _constrain(layer, table)
    form = layer.editFormConfig()
    if table in PAGES:
        _pages(form, layer, table)
    else:
        form.setLayout(QgsEditFormConfig.EditorLayout.GeneratedLayout)
    if table in READ_ONLY:
        for field in TABLES[table].fields:
            form.setReadOnly(layer.fields().indexOf(field.name), True)
    layer.setEditFormConfig(form)


def _constrain(layer: QgsVectorLayer, table: str) -> None:
    for name, constraint in CONSTRAINTS.get(table, {}).items():
        index = layer.fields().indexOf(name)
        sentence = text(f"project_form.constraint.{table}.{name}", "zh")
        layer.setConstraintExpression(index, constraint.expression, sentence)
        layer.setFieldConstraint(index, _EXPRESSION, _HARD if constraint.hard else _SOFT)
        if constraint.not_null:
            layer.setFieldConstraint(index, _NOT_NULL, _HARD)
        if constraint.unique:
            layer.setFieldConstraint(index, _UNIQUE, _HARD)
    for name, default in DEFAULTS.get(table, {}).items():
        value = QgsDefaultValue(default.expression, default.kept_up)
        layer.setDefaultValueDefinition(layer.fields().indexOf(name), value)


def _pages(form: QgsEditFormConfig, layer: QgsVectorLayer, table: str) -> None:
    form.setLayout(QgsEditFormConfig.EditorLayout.TabLayout)
    form.clearTabs()
    root = form.invisibleRootContainer()
    for page, entries in PAGES[table].items():
        container = QgsAttributeEditorContainer(text(f"project_form.page.{page}", "zh"), root)
        if Qgis.QGIS_VERSION_INT >= 33200:
            kinds = Qgis.AttributeEditorContainerType
            container.setType(kinds.Tab if table in PAGED else kinds.GroupBox)
        else:
            container.setIsGroupBox(table not in PAGED)
        for entry in entries:
            if entry.startswith("@"):
                _add_panel(container, entry[1:])
            else:
                index = layer.fields().indexOf(entry)
                container.addChildElement(QgsAttributeEditorField(entry, index, container))
        form.addTab(container)


def _add_panel(page: QgsAttributeEditorContainer, name: str) -> None:
    scripted = _panel_group(page, name, SCRIPTED)
    html = QgsAttributeEditorHtmlElement(name, scripted)
    html.setHtmlCode(panel_html(name, "zh"))
    html.setShowLabel(False)
    scripted.addChildElement(html)
    written = _panel_group(page, name, WRITTEN)
    if hasattr(core, "QgsAttributeEditorTextElement"):
        words = core.QgsAttributeEditorTextElement(name, written)
        words.setText(panel_text(name, "zh"))
        words.setShowLabel(False)
        written.addChildElement(words)


def _panel_group(page: QgsAttributeEditorContainer, name: str, shown_where: str) -> QgsAttributeEditorContainer:
    group = QgsAttributeEditorContainer(name, page)
    if Qgis.QGIS_VERSION_INT >= 33200:
        kinds = Qgis.AttributeEditorContainerType
        group.setType(kinds.Row if shown_where == WRITTEN else kinds.GroupBox)
    else:
        group.setIsGroupBox(True)
    group.setShowLabel(False)
    group.setBackgroundColor(QColor("white"))  # as the page in it; its frame is then one with it
    group.setVisibilityExpression(QgsOptionalExpression(QgsExpression(shown_where)))
    page.addChildElement(group)
    return group


def add_written_panels(document: QDomDocument) -> None:
    """Put the text widgets of later versions into a style that was made with a QGIS which does not have them yet."""
    groups = document.elementsByTagName("attributeEditorContainer")
    for group in [groups.at(i).toElement() for i in range(groups.count())]:
        if group.attribute("visibilityExpression") == WRITTEN and group.firstChildElement(TEXT_TAG).isNull():
            group.setAttribute("type", "Row")  # without a frame
            words = document.createElement(TEXT_TAG)
            words.setAttribute("name", group.attribute("name"))
            words.setAttribute("showLabel", "0")
            words.appendChild(document.createTextNode(panel_text(group.attribute("name"), "zh")))
            group.appendChild(words)
