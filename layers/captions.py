"""Captions of a layer in a language: aliases, value maps, legend, form.

Stored styles speak Chinese.  When the interface is English, open layers get English captions, which
are not stored.  Everything is found by field, code or rule key, never by a caption of the other
language; a plan's own names (zones) are left as they are.
"""

from __future__ import annotations

from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)

from ..core.plan.schema import TABLES
from ..core.texts import has_text, text
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

#: Tabs of the project's form and what stands on them; captions are ``layers.form.<tab>``.
FORM_TABS: dict[str, dict[str, tuple[str, ...]]] = {
    "project": {
        "identity": ("code", "name", "project_type", "measure", "programme_codes", "listed_in_plan"),
        "siting": (
            "zone_codes",
            "key_area_codes",
            "counties",
            "area_ha",
            "new_construction_land",
            "temporary_land",
        ),
        "works": ("tasks", "stated_quantity"),
        "time": ("start_year", "end_year", "period_note", "lead_department", "departments"),
        "approvals": ("status", "opinion_ref", "remark"),
    }
}


def caption_layer(layer: QgsVectorLayer, table: str, language: str) -> None:
    """Write aliases, value maps, legend and form tabs of a table's layer in a language."""
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
    _caption_tabs(layer, table, language)


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


def _caption_tabs(layer: QgsVectorLayer, table: str, language: str) -> None:
    if table not in FORM_TABS:
        return
    tab_of = {field: tab for tab, fields in FORM_TABS[table].items() for field in fields}
    form = layer.editFormConfig()
    for container in form.tabs():
        if not isinstance(container, QgsAttributeEditorContainer):
            continue
        fields = [c.name() for c in container.children() if isinstance(c, QgsAttributeEditorField)]
        tab = next((tab_of[f] for f in fields if f in tab_of), None)
        if tab is not None:
            container.setName(text(f"layers.form.{tab}", language))
    layer.setEditFormConfig(form)
