"""How a field's value is chosen in a form: value maps of code lists, value relations to other tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..core.plan.schema import CODE_LISTS, TABLES, Field
from ..core.texts import text

#: How QGIS writes null in a value map.
NULL_IN_VALUE_MAP = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"

#: Lists of names, which the schema gives no table to: county rows of the administrative units.
NAME_LISTS: dict[str, tuple[str, str, str]] = {"counties": ("admin_unit", "name", "\"level\" = 'county'")}

#: Fields that any text may stand in, for which a form offers words; they are kept in Chinese, as the plan is.
OFFERED_WORDS: dict[str, tuple[str, ...]] = {
    "status": tuple(
        f"project_form.status.{step}"
        for step in ("planned", "preparing", "approved", "running", "completed", "accepted", "stopped")
    )
}

#: Where else such names stand, long before their outlines are there: the units that make up the zones.
NAMES_STATED: dict[str, tuple[str, str]] = {"counties": ("unit_membership", "county")}


#: Our own list of choices, which the plugin brings.  It must never be written into a file: QGIS crashes on a form
#: whose widget it does not know.  So list fields are stored without a widget, and the plugin offers this one for them.
LIST_WIDGET = "RestorationPlannerList"


@cache
def rule_codes() -> tuple[str, ...]:
    """The siting check's own rules; those of a planner's rules file keep the names they have there."""
    from ..core.siting.rules import load_rules

    return tuple(rule.id for rule in load_rules().rules)


def value_map(field: Field, language: str) -> dict[str, Any] | None:
    """The value map of a code list, of offered words or of a nullable boolean; None for other fields.

    A check box would turn an unknown (null) into false on saving, so booleans have three values.
    """
    if field.codes:
        pairs = [(text(f"codes.{field.codes}.{code}", language), code) for code in CODE_LISTS[field.codes]]
    elif field.type == "boolean":
        pairs = [(text("layers.value.yes", language), "true"), (text("layers.value.no", language), "false")]
    elif field.name == "rule":
        pairs = [(text(f"siting.rule_{rule}", language), rule) for rule in rule_codes()]
    elif field.name in OFFERED_WORDS:
        pairs = [(text(key, language), text(key, "zh")) for key in OFFERED_WORDS[field.name]]
    else:
        return None
    pairs.append((text("layers.value.unknown", language), NULL_IN_VALUE_MAP))
    return {"map": [{caption: value} for caption, value in pairs]}


def related_table(field: Field) -> str | None:
    """The table that a field's value, or each entry of its list, names."""
    if field.refers_to:
        return field.refers_to.partition(".")[0]
    return NAME_LISTS[field.name][0] if field.is_list and field.name in NAME_LISTS else None


def value_relation(field: Field, layer_id: str, layer_name: str, source: str) -> dict[str, Any] | None:
    """The value relation of a field to a layer, or None where the field names no table.

    Text keys, several at once where the field is a list: QGIS then writes ``{"1","4"}``.
    """
    table = related_table(field)
    if table is None:
        return None
    key, filter_expression = field.refers_to.partition(".")[2] if field.refers_to else "", ""
    if not field.refers_to:
        _table, key, filter_expression = NAME_LISTS[field.name]
    return {
        "Layer": layer_id,
        "LayerName": layer_name,
        "LayerProviderName": "ogr",
        "LayerSource": source,
        "Key": key,
        "Value": "name",
        "AllowMulti": field.is_list,
        "AllowNull": True,
        "OrderByValue": False,
        "OrderByKey": True,
        "NofColumns": 1,
        "FilterExpression": filter_expression,
        "UseCompleter": False,
    }


def stored_relation(field: Field) -> dict[str, Any] | None:
    """The value relation as stored in a plan file, for plain QGIS.

    There the layer is called as its table; where it has not been added, QGIS looks up the
    ``layername`` in the file that the layer itself comes from, and adds it.
    """
    table = related_table(field)
    return None if table is None else value_relation(field, "", table, f"./plan.gpkg|layername={table}")


def fields_with_relations(table: str) -> list[Field]:
    """The fields of a table that choose from another table's rows."""
    return [f for f in TABLES[table].fields if related_table(f)]
