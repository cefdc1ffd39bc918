"""Plans of a few boxes on a grid whose cells measure 0.01°, to be checked in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shapely

from restoration_planner.core import texts
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.findings import CheckResult, Finding
from restoration_planner.core.siting.rules import RuleSet, load_rules

Feature = dict[str, Any]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Advice in English, whatever the system's language."""
    chosen = texts._chosen
    texts.set_language("en")
    yield
    texts._chosen = chosen


def make_box(column: float, row: float, width: float = 1, height: float = 1) -> Any:
    """A box of whole or part cells whose lower left corner is (column, row)."""
    return shapely.box(124 + column / 100, 41 + row / 100, 124 + (column + width) / 100, 41 + (row + height) / 100)


def make_plan(**layers: list[Feature]) -> PlanTables:
    """A plan of some layers; ``geom`` of a feature is its geometry, the other entries are its fields."""
    rows = {}
    for table, features in layers.items():
        records = [{k: v for k, v in f.items() if k != "geom"} for f in features]
        rows[table] = Rows.from_records(table, records, [f.get("geom") for f in features])
    return PlanTables(rows)


def complete(**layers: list[Feature]) -> PlanTables:
    """A plan whose every layer has data: zone 1 in columns 0–49, zone 2 in 50–99, all else far off in row 900."""
    far = {"geom": make_box(0, 900), "code": "far", "name": "far"}
    given: dict[str, list[Feature]] = {
        "restoration_zone": [
            {"geom": make_box(0, 0, 50, 100), "code": "1", "name": "West"},
            {"geom": make_box(50, 0, 50, 100), "code": "2", "name": "East"},
        ],
        "key_area": [{"geom": make_box(0, 0, 10, 10), "code": "K", "name": "Key"}],
        "admin_unit": [
            {"geom": make_box(0, 0, 100, 100), "code": "210521", "name": "本溪满族自治县", "level": "county"}
        ],
        "red_line": [far],
        "nature_reserve": [{**far, "control": "core"}, {**far, "code": "far2", "control": "general"}],
        "basic_farmland": [far],
        "urban_boundary": [{"geom": make_box(0, 0, 100, 100), "code": "U"}],
    }
    return make_plan(**{**given, **layers})


def project(geom: Any, code: str = "A1", **fields: Any) -> Feature:
    """A project in zone 1 and the county that needs nothing; fields change that."""
    quiet = {
        "zone_codes": '{"1"}',
        "counties": '{"本溪满族自治县"}',
        "project_type": "mine",
        "listed_in_plan": True,
        "new_construction_land": False,
        "temporary_land": False,
    }
    return {"geom": geom, "code": code, "name": f"Project {code}", **quiet, **fields}


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """The default rules."""
    return load_rules()


@pytest.fixture(scope="session")
def check(rules: RuleSet) -> Callable[..., CheckResult]:
    """Checks a complete plan with some layers replaced."""

    def run(projects: list[Feature], **layers: list[Feature]) -> CheckResult:
        return check_siting(complete(project=projects, **layers), rules)

    return run


@pytest.fixture(scope="session")
def box() -> Callable[..., Any]:
    """See `make_box`."""
    return make_box


@pytest.fixture(scope="session")
def site() -> Callable[..., Feature]:
    """See `project`."""
    return project


@pytest.fixture(scope="session")
def plan() -> Callable[..., PlanTables]:
    """See `complete`."""
    return complete


@pytest.fixture(scope="session")
def bare_plan() -> Callable[..., PlanTables]:
    """See `make_plan`."""
    return make_plan


@pytest.fixture(scope="session")
def brief() -> Callable[[CheckResult], list[tuple[Any, ...]]]:
    """Findings as (project, rule, grade, target code)."""

    def told(result: CheckResult) -> list[tuple[Any, ...]]:
        return [(f.project_code, f.rule, f.grade, f.target_code) for f in result.findings]

    return told


def finding_of(result: CheckResult, rule: str) -> Finding:
    """The one finding of a rule."""
    (only,) = (f for f in result.findings if f.rule == rule)
    return only


@pytest.fixture(scope="session")
def only() -> Callable[[CheckResult, str], Finding]:
    """See `finding_of`."""
    return finding_of
