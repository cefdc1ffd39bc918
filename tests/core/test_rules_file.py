"""The rules file: the default one is complete, and a mistake in a user's own is named by line and key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration_planner.core import texts
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.overlap import Gate
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.rules import DEFAULT_RULES, RuleSet, load_rules

CONTRACT_RULES = [
    "missing_geometry",
    "invalid_geometry",
    "outside_plan",
    "outside_zone",
    "outside_key_area",
    "red_line",
    "reserve_core",
    "reserve_general",
    "basic_farmland",
    "urban_boundary",
    "project_overlap",
    "county_mismatch",
]

GOOD = """version: 1
gate: {min_area_m2: 10}
rules:
  - id: red
    layer: red_line
    relation: must_not_overlap
    where: {kind: given}
    concerns:
      - {project_type: [mine, unknown]}
    gate: {min_width_m: 2}
    cases:
      - when: {listed_in_plan: true}
        grade: permitted
      - grade: violation
        advice: 须避让
        basis: {zh: 依据, en: Basis}
"""


@pytest.fixture
def rules_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a rules file."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "我的规则.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def test_the_default_rules_are_those_of_the_contract() -> None:
    rules = load_rules()
    assert [r.id for r in rules.rules] == CONTRACT_RULES
    assert {r.gate for r in rules.rules} == {Gate(min_area_m2=1, min_width_m=0.05)}
    assert rules.source == "default"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_default_case_says_what_to_do_in_both_languages(language: str) -> None:
    for rule in load_rules().rules:
        for case in rule.cases:
            assert case.advice.in_language(language)
            assert texts.has_text(f"siting.rule_{rule.id}")
    assert all(
        c.basis.zh and c.basis.en for r in load_rules().rules for c in r.cases if r.layer not in (None, "project")
    )


def test_a_copy_of_the_default_rules_is_the_same(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(DEFAULT_RULES.read_bytes())
    assert load_rules(copy) == RuleSet(load_rules().rules, str(copy))


def test_a_users_own_file(rules_file: Any) -> None:
    """Its gate holds for all rules; a rule may change one measure of it.  One sentence serves both languages."""
    (rule,) = load_rules(rules_file(GOOD)).rules
    assert rule.gate == Gate(min_area_m2=10, min_width_m=2)
    last = rule.cases[-1]
    assert [last.advice.in_language(x) for x in ("zh", "en")] == ["须避让", "须避让"]
    assert [last.basis.in_language(x) for x in ("zh", "en")] == ["依据", "Basis"]


def test_concerns_where_and_gate_do_what_they_say(rules_file: Any) -> None:
    def box(x: float, width: float) -> Any:
        return shapely.box(124 + x, 41, 124 + x + width, 41.01)

    lines = [{"code": "L1", "kind": "water"}, {"code": "no kind"}]
    projects = [{"code": "mine", "project_type": "mine"}, {"code": "?"}, {"code": "water", "project_type": "water"}]
    tables = PlanTables(
        {
            "red_line": Rows.from_records("red_line", lines, [box(0, 0.01), box(0, 0.01)]),
            "project": Rows.from_records("project", projects, [box(0.005, 1), box(0.009995, 1), box(0, 1)]),
        }
    )
    result = check_siting(tables, load_rules(rules_file(GOOD)))
    assert [(f.project_code, f.target_code, f.grade) for f in result.findings] == [("mine", "L1", "violation")]
    assert result.dropped_slivers == 1, "the second overlaps by 0.4 m, under this rule's 2 m"


def test_a_rule_that_concerns_one_of_two_overlapping_projects_tells_that_one(rules_file: Any) -> None:
    """Whichever of the two stands first in the table."""
    only_mines = """
version: 1
rules:
  - id: overlap
    layer: project
    relation: must_not_overlap_each_other
    concerns: [{project_type: mine}]
    cases: [{grade: review}]
"""
    square = shapely.box(124, 41, 124.01, 41.01)
    for kinds in (("mine", "water"), ("water", "mine")):
        projects = [{"code": kind, "project_type": kind} for kind in kinds]
        tables = PlanTables({"project": Rows.from_records("project", projects, [square, square])})
        found = check_siting(tables, load_rules(rules_file(only_mines))).findings
        assert [(f.project_code, f.target_code) for f in found] == [("mine", "water")]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


MISTAKES = {
    "misspelt key": (changed("layer: red", "layr: red"), 5, "layr", "layer"),
    "unknown key": (changed("    where:", "    colour: red\n    where:"), 7, "rules[1].colour", "colour"),
    "key twice": (changed("    where:", "    id: again\n    where:"), 7, "rules[1].id", "id"),
    "missing key": (changed("        grade: permitted\n", ""), 12, "rules[1].cases[1]", "grade"),
    "unknown layer": (changed("layer: red_line", "layer: redline"), 5, "rules[1].layer", "redline"),
    "layer of lines": (changed("layer: red_line", "layer: river"), 5, "rules[1].layer", "river"),
    "no layer": (
        changed("    layer: red_line\n", "").replace("    where: {kind: given}\n", ""),
        4,
        "rules[1]",
        "must_not_overlap",
    ),
    "unknown relation": (changed("must_not_overlap", "must_avoid"), 6, "rules[1].relation", "must_avoid"),
    "unknown field in where": (changed("{kind: given}", "{sort: given}"), 7, "rules[1].where.sort", "sort"),
    "value for a text": (changed("{kind: given}", "{kind: water}"), 7, "rules[1].where.kind", "water"),
    "unknown kind": (changed("[mine, unknown]", "[mine, minig]"), 9, "rules[1].concerns[1].project_type", "minig"),
    "concerns is no list": (changed("      - {project_type", "        {project_type"), 9, "rules[1].concerns", "list"),
    "text for a measure": (changed("min_width_m: 2", "min_width_m: wide"), 10, "rules[1].gate.min_width_m", "wide"),
    "measure below nought": (changed("min_width_m: 2", "min_width_m: -2"), 10, "rules[1].gate.min_width_m", "-2"),
    "measure without end": (changed("min_area_m2: 10", "min_area_m2: .inf"), 2, "gate.min_area_m2", "inf"),
    "text for a yes or no": (changed("listed_in_plan: true", "listed_in_plan: maybe"), 12, "listed_in_plan", "maybe"),
    "number for a yes or no": (changed("listed_in_plan: true", "listed_in_plan: 1"), 12, "listed_in_plan", "1"),
    "unknown grade": (changed("grade: permitted", "grade: forbidden"), 13, "rules[1].cases[1].grade", "forbidden"),
    "pass is no grade of a finding": (
        changed("grade: permitted", "grade: pass"),
        13,
        "rules[1].cases[1].grade",
        "pass",
    ),
    "number for a text": (changed("advice: 须避让", "advice: 12"), 15, "rules[1].cases[2].advice", "text"),
    "unknown language": (changed("en: Basis", "de: Basis"), 16, "rules[1].cases[2].basis.de", "de"),
    "last case with when": (
        changed("      - grade: violation", "      - when: {listed_in_plan: false}\n        grade: violation"),
        14,
        "rules[1].cases[2]",
        "when",
    ),
    "no cases": (GOOD[: GOOD.index("    cases:")] + "    cases: []\n", 11, "rules[1].cases", "list"),
    "no rules": ("version: 1\nrules:\n", 2, "rules", "list"),
    "another version": (changed("version: 1", "version: 2"), 1, "version", "2"),
    "same id twice": (GOOD + GOOD[GOOD.index("  - id") :], 17, "rules[2]", "red"),
    "no mapping at all": ("- a\n- b\n", 1, "", "keys"),
    "named targets of what": (
        changed("must_not_overlap", "must_be_within\n    target: named"),
        4,
        "rules[1]",
        "named_by",
    ),
    "a layer for what looks at the project alone": (
        changed("must_not_overlap", "must_be_valid"),
        4,
        "rules[1]",
        "layer",
    ),
    "projects against themselves": (
        changed("layer: red_line", "layer: project").replace("kind: given", "name: given"),
        6,
        "rules[1].relation",
        "must_not_overlap_each_other",
    ),
    "other layers against themselves": (
        changed("must_not_overlap", "must_not_overlap_each_other"),
        5,
        "rules[1].layer",
        "project",
    ),
    "a key that the relation does not use": (
        changed("    relation: must_not_overlap", "    named_by: zone_codes\n    relation: must_not_overlap"),
        6,
        "rules[1].named_by",
        "must_not_overlap",
    ),
    "counties in another layer": (
        changed("must_not_overlap", "must_lie_in_named\n    named_by: counties"),
        5,
        "rules[1].layer",
        "admin_unit",
    ),
    "not YAML": (changed("cases:", "cases: ]"), 11, "", "YAML"),
    "tab": (changed("    layer:", "\tlayer:"), 5, "", "YAML"),
    "two documents": (GOOD + "---\n" + GOOD, 17, "", "YAML"),
    "a Python object": (
        changed("grade: permitted", "grade: !!python/object/apply:os.getcwd []"),
        13,
        "rules[1].cases[1].grade",
        "allowed",
    ),
}


@pytest.mark.parametrize(("content", "line", "key", "word"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_by_file_line_and_key(rules_file: Any, content: str, line: int, key: str, word: str) -> None:
    path = rules_file(content)
    with pytest.raises(PlannerError) as caught:
        load_rules(path)
    message = caught.value.message.in_language("en")
    assert f"{path}, line {line}" in message
    assert key in message
    assert word in message
    assert f"{path} 第 {line} 行" in caught.value.message.in_language("zh")


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", "version: 1\nrules: 规则".encode("gbk"), b"\x00\x01"])
def test_what_is_no_text_or_empty_is_one_clear_sentence(rules_file: Any, content: bytes) -> None:
    path = rules_file(content)
    with pytest.raises(PlannerError) as caught:
        load_rules(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("path", ["nowhere.yaml", "."])
def test_a_file_that_is_not_there(tmp_path: Path, path: str) -> None:
    with pytest.raises(PlannerError):
        load_rules(tmp_path / path)
