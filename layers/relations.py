"""What ties a plan's layers together: relations, and the lists that forms choose from.

Stored forms name the related layer by its table's name.  With several plans open that name is
ambiguous, so on opening each value relation is pointed at the layer of the same plan.

Programmes and projects are tied by a list field (`programme_codes`), which a QgsRelation cannot
follow; the form's value relation shows them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsEditorWidgetSetup,
    QgsFeatureRequest,
    QgsProject,
    QgsRelation,
    QgsVectorLayer,
)

from ..core.plan.lists import read_list
from ..core.plan.schema import TABLES, Field
from ..core.texts import Message, text
from .grades import note_grades
from .roles import plan_id
from .value_maps import LIST_WIDGET, NAME_LISTS, NAMES_STATED, fields_with_relations, related_table, value_relation

#: Name of the relation → (parent table, its field, child table, its field).
RELATIONS: dict[str, tuple[str, str, str, str]] = {
    "zone_key_area": ("restoration_zone", "code", "key_area", "zone_code"),
    "project_findings": ("project", "code", "siting_finding", "project_code"),
    "project_reviews": ("project", "code", "siting_review", "project_code"),
    "indicator_values": ("indicator", "code", "indicator_value", "indicator_code"),
    "indicator_shares": ("indicator", "code", "indicator_share", "indicator_code"),
}

#: How many rows' lists are compared with what can be chosen; a plan has far fewer projects.
_ROWS_COMPARED = 50_000


def relation_id(plan_path: str | Path, name: str) -> str:
    """The id of a plan's relation: the same every time the plan is opened, another for every plan."""
    return f"restoration_planner_{hashlib.sha1(plan_id(plan_path).encode()).hexdigest()[:10]}_{name}"


def add_relations(
    project: QgsProject, plan_path: str | Path, layers: Mapping[str, QgsVectorLayer], language: str
) -> list[str]:
    """Add the relations between a plan's layers; returns their ids."""
    manager = project.relationManager()
    added = []
    for name, (parent, parent_field, child, child_field) in RELATIONS.items():
        if parent not in layers or child not in layers:
            continue
        relation = QgsRelation()
        relation.setId(relation_id(plan_path, name))
        relation.setName(text(f"layers.relation.{name}", language))
        relation.setReferencedLayer(layers[parent].id())
        relation.setReferencingLayer(layers[child].id())
        relation.addFieldPair(child_field, parent_field)
        if relation.isValid():
            manager.addRelation(relation)  # replaces one of the same id
            added.append(relation.id())
    return added


def rewire(layers: Mapping[str, QgsVectorLayer], language: str) -> list[Message]:
    """Point value relations of a plan's layers at layers of the same plan, and note its grades.

    List fields are left to the plugin's own list where it is at work.  Elsewhere a field that already holds
    a value which its list does not offer is edited as text: QGIS would otherwise drop that value when the
    form is saved.  Those fields are named in the messages returned, unless the plan's own documents name
    what its list lacks: a plan from a template knows its counties from the units of its zones long before
    their outlines are there.
    """
    notes: list[Message] = []
    for table, layer in layers.items():
        for field in fields_with_relations(table):
            index = layer.fields().indexOf(field.name)
            if index < 0:
                continue
            related = layers.get(str(related_table(field)))
            offered = set() if related is None else _offered(field, related)
            unknown = [] if related is None else _unknown_entries(layer, field, offered)
            if field.is_list and list_widget_is_there():
                layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup())
            elif related is None or unknown or (not field.refers_to and not offered):
                # Names without a list (a plan without county rows) are typed; codes keep their empty list
                layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("TextEdit", {"IsMultiline": False}))
            else:
                setup = value_relation(field, related.id(), related.name(), related.publicSource())
                layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("ValueRelation", setup))
            stated = _stated_elsewhere(field, layers) if unknown else set()
            strange = next((entry for entry in unknown if entry not in stated), None)
            if strange is not None and not (field.is_list and list_widget_is_there()):
                notes.append(
                    Message.of(
                        "layers.entries_unknown",
                        table=text(f"schema.{table}", language),
                        field=text(f"schema.{table}.{field.name}", language),
                        example=strange,
                    )
                )
    if "project" in layers and "siting_finding" in layers:
        note_grades(layers["project"], layers["siting_finding"])
    return notes


def list_widget_is_there() -> bool:
    """Whether the plugin has brought its list of choices, which loses nothing that it is given."""
    return bool(QgsApplication.fieldFormatterRegistry().fieldFormatter(LIST_WIDGET).id() == LIST_WIDGET)


def offered_entries(field: Field, layers: Mapping[str, QgsVectorLayer]) -> dict[str, str]:
    """What a list field may name: entry → what it is called, in the order of the related table.

    Names (counties, departments) come from all that the plan says: its units, the units of its zones, its projects.
    """
    related = layers.get(str(related_table(field)))
    found: dict[str, str] = {}
    if related is not None:
        key, only = (field.refers_to.partition(".")[2], None) if field.refers_to else NAME_LISTS[field.name][1:]
        names = _values(related, "name", only, gaps=True)
        for entry, name in zip(_values(related, key, only, gaps=True), names):
            if entry:
                found.setdefault(entry, f"{entry}  {name}" if field.refers_to and name else entry)
    for entry in sorted(_stated_elsewhere(field, layers)):
        found.setdefault(entry, entry)
    if not field.refers_to and "project" in layers:
        for value in _values(layers["project"], field.name, None):
            for entry in read_list(value):
                found.setdefault(entry, entry)
    return found


def _offered(field: Field, related: QgsVectorLayer) -> set[str]:
    if field.refers_to:
        key, only = field.refers_to.partition(".")[2], None
    else:
        _table, key, only = NAME_LISTS[field.name]
    return {value for value in _values(related, key, only) if value}


def _stated_elsewhere(field: Field, layers: Mapping[str, QgsVectorLayer]) -> set[str]:
    """Names that a table without outlines states, for fields that list such names."""
    if field.refers_to or field.name not in NAMES_STATED:
        return set()
    table, key = NAMES_STATED[field.name]
    return {value for value in _values(layers[table], key, None) if value} if table in layers else set()


def _unknown_entries(layer: QgsVectorLayer, field: Field, offered: set[str]) -> list[str]:
    """Each entry once, in the order of the rows, that is not among those offered."""
    unknown: dict[str, None] = {}
    for value in _values(layer, field.name, None):
        entries = read_list(value) if field.is_list else (value,)
        unknown.update((entry, None) for entry in entries if entry and entry not in offered)
    return list(unknown)


def _values(layer: QgsVectorLayer, field: str, only: str | None, gaps: bool = False) -> list[str]:
    """A field's texts row by row; with `gaps` what is no text stands as an empty one."""
    index = layer.fields().indexOf(field)
    if index < 0:
        return []
    request = QgsFeatureRequest()
    if only:
        request.setFilterExpression(only)
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    names = [field] if only is None else [f.name() for f in layer.fields()]
    request.setSubsetOfAttributes(names, layer.fields())
    request.setLimit(_ROWS_COMPARED)
    values = (feature.attribute(index) for feature in layer.getFeatures(request))
    if gaps:
        return [value if isinstance(value, str) else "" for value in values]
    return [value for value in values if isinstance(value, str)]


def table_caption(table: str, language: str) -> str:
    """What a table's layer is called."""
    assert table in TABLES
    return text(f"schema.{table}", language)
