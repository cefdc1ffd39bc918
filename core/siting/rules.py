"""The rules file: what is checked, how it is graded, on what basis.

`load_rules` reads the YAML file and says by line and key what is wrong with a user's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..geometry.overlap import Gate
from ..plan.schema import CODE_LISTS, TABLES
from ..plan.tables import Rows
from .rules_file import Located, read_rules_file
from .rules_file import wrong as _wrong

Array = npt.NDArray[Any]

DEFAULT_RULES = Path(__file__).with_name("default_rules.yaml")

RELATIONS = (
    "must_have_geometry",
    "must_be_valid",
    "must_be_within",
    "must_not_overlap",
    "must_not_overlap_each_other",
    "must_lie_in_named",
)
WITHOUT_LAYER = ("must_have_geometry", "must_be_valid")
TARGETS = ("union", "named")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Text:
    """A sentence of a rules file in one or both languages."""

    zh: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """The sentence in a language, or what there is."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)


@dataclass(frozen=True)
class Condition:
    """One field's requirement.

    ``accepted`` holds codes, True, False and None (for ``unknown``); ``given`` is True or False where
    only the presence of a text counts.
    """

    field: str
    accepted: frozenset[object] = frozenset()
    given: bool | None = None

    def holds(self, rows: Rows) -> Array:
        """``(n,)`` boolean: which rows meet it."""
        column = rows[self.field]
        present = np.array([v is not None for v in column], dtype=bool)
        if self.given is not None:
            return present == self.given
        field = TABLES[rows.table].field(self.field)
        known = CODE_LISTS[field.codes] if field.codes else (True, False)
        values = [v if v in known else field.null_means for v in column]
        return np.array([v in self.accepted for v in values], dtype=bool)


@dataclass(frozen=True)
class Case:
    """A grade with its advice and basis, for projects that meet all conditions."""

    when: tuple[Condition, ...]
    grade: str
    advice: Text
    basis: Text

    def holds(self, rows: Rows) -> Array:
        """``(n,)`` boolean: which rows it covers."""
        return _all(self.when, rows)


@dataclass(frozen=True)
class Rule:
    """One rule; see docs/rules.md for the meaning of each key."""

    id: str
    relation: str
    cases: tuple[Case, ...]
    layer: str | None = None
    where: tuple[Condition, ...] = ()
    target: str = "union"
    named_by: str | None = None
    must_name: bool = False
    concerns: tuple[tuple[Condition, ...], ...] = ()
    gate: Gate = Gate()

    def concerned(self, projects: Rows) -> Array:
        """``(n,)`` boolean: the projects it concerns (all, unless ``concerns`` narrows it)."""
        if not self.concerns:
            return np.ones(len(projects), bool)
        return np.logical_or.reduce([_all(conditions, projects) for conditions in self.concerns])

    def case_of(self, projects: Rows) -> Array:
        """``(n,)`` position of the first case that covers each project; the last covers all."""
        chosen = np.full(len(projects), len(self.cases) - 1)
        for position, case in reversed(list(enumerate(self.cases))):
            chosen[case.holds(projects)] = position
        return chosen


@dataclass(frozen=True)
class RuleSet:
    """All rules of one file, in order."""

    rules: tuple[Rule, ...]
    source: str

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id."""
        return next(r for r in self.rules if r.id == rule_id)


def load_rules(path: str | Path | None = None) -> RuleSet:
    """Read and validate a rules file; without a path, the default rules.

    Raises
    ------
    PlannerError
        If the file cannot be read, is no YAML, or a key or value is wrong: with line and key.
    """
    file = Path(path) if path else DEFAULT_RULES
    top = read_rules_file(file).mapping(required=("version", "rules"), optional=("gate",))
    top["version"].one_of((1,))
    gate = _gate(top["gate"], Gate()) if "gate" in top else Gate()
    rules = tuple(_rule(item, gate) for item in top["rules"].sequence())
    seen: set[str] = set()
    for rule, item in zip(rules, top["rules"].sequence()):
        if rule.id in seen:
            raise _wrong(item, "twice", value=rule.id)
        seen.add(rule.id)
    return RuleSet(rules, str(file) if path else "default")


def _rule(item: Located, gate: Gate) -> Rule:
    optional = ("layer", "where", "target", "named_by", "must_name", "concerns", "gate")
    keys = item.mapping(required=("id", "relation", "cases"), optional=optional)
    relation = keys["relation"].one_of(RELATIONS)
    layer = keys["layer"].one_of(_polygon_tables()) if "layer" in keys else None
    if (layer is None) != (relation in WITHOUT_LAYER):
        raise _wrong(item, "layer_missing" if layer is None else "layer_unwanted", value=relation)
    if relation == "must_not_overlap_each_other" and layer != "project":
        raise _wrong(keys["layer"], "not_allowed", value=layer, allowed=["project"])
    if relation == "must_lie_in_named" and layer != "admin_unit":
        raise _wrong(keys["layer"], "not_allowed", value=layer, allowed=["admin_unit"])
    for key, relations in (
        ("target", ("must_be_within",)),
        ("must_name", ("must_be_within",)),
        ("named_by", ("must_be_within", "must_lie_in_named")),
    ):
        if key in keys and relation not in relations:
            raise _wrong(keys[key], "idle_key", value=key, relation=relation)
    if relation == "must_not_overlap" and layer == "project":
        raise _wrong(keys["relation"], "not_allowed", value=relation, allowed=["must_not_overlap_each_other"])
    cases = tuple(_case(c) for c in keys["cases"].sequence())
    if cases[-1].when:
        raise _wrong(keys["cases"].sequence()[-1], "no_last_case")
    target = keys["target"].one_of(TARGETS) if "target" in keys else "union"
    named_by = None
    if "named_by" in keys:
        lists = tuple(f.name for f in TABLES["project"].fields if f.is_list)
        named_by = keys["named_by"].one_of(lists)
    if named_by is None and (relation == "must_lie_in_named" or target == "named"):
        raise _wrong(item, "named_by_missing")
    return Rule(
        id=keys["id"].text(),
        relation=relation,
        layer=layer,
        where=_conditions(keys["where"], layer) if "where" in keys and layer else (),
        target=target,
        named_by=named_by,
        must_name=keys["must_name"].boolean() if "must_name" in keys else False,
        concerns=tuple(_conditions(c, "project") for c in keys["concerns"].sequence()) if "concerns" in keys else (),
        cases=cases,
        gate=_gate(keys["gate"], gate) if "gate" in keys else gate,
    )


def _case(item: Located) -> Case:
    keys = item.mapping(required=("grade",), optional=("when", "advice", "basis"))
    return Case(
        when=_conditions(keys["when"], "project") if "when" in keys else (),
        grade=keys["grade"].one_of(CODE_LISTS["grade"][:-1]),
        advice=_text(keys.get("advice")),
        basis=_text(keys.get("basis")),
    )


def _gate(item: Located, inherited: Gate) -> Gate:
    keys = item.mapping(optional=("min_area_m2", "min_width_m"))
    return Gate(
        keys["min_area_m2"].measure() if "min_area_m2" in keys else inherited.min_area_m2,
        keys["min_width_m"].measure() if "min_width_m" in keys else inherited.min_width_m,
    )


def _conditions(item: Located, table: str) -> tuple[Condition, ...]:
    found = item.mapping(optional=TABLES[table].field_names)
    return tuple(_condition(name, value, table) for name, value in found.items())


def _condition(name: str, item: Located, table: str) -> Condition:
    field = TABLES[table].field(name)
    if field.type == "boolean":
        allowed: tuple[object, ...] = (True, False, UNKNOWN)
    elif field.codes:
        allowed = (*CODE_LISTS[field.codes], UNKNOWN)
    else:
        return Condition(name, given=item.one_of(("given", "missing")) == "given")
    values = [v.one_of(allowed) for v in (item.sequence() if item.is_sequence else [item])]
    return Condition(name, accepted=frozenset(None if v == UNKNOWN else v for v in values))


def _text(item: Located | None) -> Text:
    if item is None:
        return Text()
    if not item.is_mapping:
        return Text(zh=item.text(), en="")
    keys = item.mapping(optional=("zh", "en"))
    return Text(*(keys[k].text() if k in keys else "" for k in ("zh", "en")))


def _polygon_tables() -> tuple[str, ...]:
    derived = ("siting_finding",)
    return tuple(t.name for t in TABLES.values() if t.geometry == "MultiPolygon" and t.name not in derived)


def _all(conditions: tuple[Condition, ...], rows: Rows) -> Array:
    holds = np.ones(len(rows), bool)
    for condition in conditions:
        holds &= condition.holds(rows)
    return holds
