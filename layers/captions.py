"""Captions of a layer in a language: aliases, value maps, legend, form.

Stored styles speak Chinese.  When the interface is English, open layers get English captions, which
are not stored.  Everything is found by field, code or rule key, never by a caption of the other
language; a plan's own names (zones) are left as they are.
"""

from __future__ import annotations

from qgis import core
from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorElement,
    QgsAttributeEditorHtmlElement,
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)
from qgis.PyQt import sip

from ..core.plan.schema import TABLES
from ..core.texts import has_text, text
from .forms.pages import PAGES
from .forms.panels import panel_html, panel_names, panel_text
from .forms.rules import CONSTRAINTS
from .value_maps import value_map

#: Table → value of a category → key of its caption.  Categories of a code list are not named here.
_CATEGORY_KEYS: dict[str, dict[str, str]] = {
    "restoration_zone": {"": "layers.legend.other_zone"},
    "admin_unit": {"": "layers.legend.other_level"},
    "urban_boundary": {"": "layers.legend.boundary_kind_unknown"},
    "legacy_mine": {
        "untreated": "layers.legend.untreated",
        "treated": "layers.legend.treated",
        "unknown": "layers.legend.treatment_unknown",
    },
    "land_use": {"": "layers.legend.land_use_unknown"},
    "ecosystem": {"": "layers.legend.other"},
}
_CATEGORY_PREFIXES = {
    "admin_unit": "codes.unit_level.",
    "nature_reserve": "codes.reserve_control.",
    "urban_boundary": "codes.urban_boundary_kind.",
    "siting_finding": "codes.grade.",
    "land_use": "layers.land_use.",
    "ecosystem": "layers.ecosystem.",
}


def caption_layer(layer: QgsVectorLayer, table: str, language: str) -> None:
    """Write aliases, value maps, legend, constraints and form of a table's layer in a language."""
    widgets = {index: layer.editorWidgetSetup(index) for index in layer.attributeList()}
    for field in TABLES[table].fields:
        index = layer.fields().indexOf(field.name)
        if index < 0:
            continue
        layer.setFieldAlias(index, text(f"schema.{table}.{field.name}", language))
        mapped = value_map(field, language)
        if mapped is not None:
            widgets[index] = QgsEditorWidgetSetup("ValueMap", mapped)
    for index, widget in widgets.items():  # all of them: QGIS 3.22 forgets a field's widget when its alias is set
        layer.setEditorWidgetSetup(index, widget)
    _caption_legend(layer, table, language)
    _caption_constraints(layer, table, language)
    _caption_form(layer, table, language)


def legend_key(table: str, key: str) -> str | None:
    """The catalogue's key for a category's value or a rule's key; None where the plan names it itself."""
    found = _CATEGORY_KEYS.get(table, {}).get(key)
    if found is None and table == "project":
        found = f"layers.{key}" if key.startswith("legend.") else f"codes.{key}"
    if found is None and table in _CATEGORY_PREFIXES:
        found = _CATEGORY_PREFIXES[table] + key
    return found if found is not None and has_text(found) else None


def _caption_legend(layer: QgsVectorLayer, table: str, language: str) -> None:
    # In place: a clone given to the layer would leave a wrapper in Python after QGIS has deleted it.
    renderer = layer.renderer()
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        values = [category.value() for category in renderer.categories()]
        for index, value in enumerate(values):
            key = legend_key(table, value if isinstance(value, str) else "")
            if key is not None:
                renderer.updateCategoryLabel(index, text(key, language))
    elif isinstance(renderer, QgsRuleBasedRenderer):
        for rule in renderer.rootRule().descendants():
            key = legend_key(table, rule.ruleKey())
            if key is not None:
                rule.setLabel(text(key, language))


def _caption_constraints(layer: QgsVectorLayer, table: str, language: str) -> None:
    """The sentences of our own constraints; one that a planner has changed keeps its own."""
    for name, constraint in CONSTRAINTS.get(table, {}).items():
        index = layer.fields().indexOf(name)
        if index >= 0 and layer.constraintExpression(index) == constraint.expression:
            sentence = text(f"project_form.constraint.{table}.{name}", language)
            layer.setConstraintExpression(index, constraint.expression, sentence)


def _caption_form(layer: QgsVectorLayer, table: str, language: str) -> None:
    if table not in PAGES:
        return
    form = layer.editFormConfig()
    for container in form.tabs():
        if not isinstance(container, QgsAttributeEditorContainer):
            continue
        names = {child.name() for child in container.children()}
        page = next((p for p, held in PAGES[table].items() if names & {h.lstrip("@") for h in held}), None)
        if page is not None:
            container.setName(text(f"project_form.page.{page}", language))
        for group in container.children():
            if isinstance(group, QgsAttributeEditorContainer) and group.name() in panel_names():
                _caption_panel(group, language)
    layer.setEditFormConfig(form)


def _caption_panel(group: QgsAttributeEditorContainer, language: str) -> None:
    # Python is not told of which kind these elements are (QGIS 3.22), so it is said by a cast
    kinds = QgsAttributeEditorElement.AttributeEditorType
    for panel in group.children():
        if panel.type() == kinds.AeTypeHtmlElement:
            sip.cast(panel, QgsAttributeEditorHtmlElement).setHtmlCode(panel_html(group.name(), language))
        elif hasattr(core, "QgsAttributeEditorTextElement") and panel.type() == kinds.AeTypeTextElement:
            sip.cast(panel, core.QgsAttributeEditorTextElement).setText(panel_text(group.name(), language))
