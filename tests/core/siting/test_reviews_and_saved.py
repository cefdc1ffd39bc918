"""A planner's review outlives every re-run; a run's findings can be read back from the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.saved import findings_as_rows, result_from_rows

LINE = {"code": "L", "name": "line"}


@pytest.fixture
def reviewed(check: Any, box: Any, site: Any) -> Any:
    """Checks a building site in a red line that had been reviewed; gives the finding and the result."""

    def run(*reviews: dict[str, Any], area_share: float | None = 1.0, **fields: Any) -> Any:
        lines = [{"geom": box(5, 5), **LINE}]
        kind = {"project_type": "mining", **fields}
        before = check([site(box(5, 5), **kind)], red_line=lines).findings[0].area_m2
        rows = [
            {"project_code": "A1", "rule": "red_line", "target_code": "L", "decision": "accepted", **r} for r in reviews
        ]
        for row in rows:
            row.setdefault("area_m2", None if area_share is None else before * area_share)
        result = check([site(box(5, 5), **kind)], red_line=lines, siting_review=rows)
        return result.findings[0], result

    return run


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_reviewed_finding_keeps_its_grade(reviewed: Any, decision: str) -> None:
    finding, result = reviewed({"decision": decision})
    assert (finding.grade, finding.reviewed) == ("violation", decision)
    assert result.projects[0].grade == "violation"
    assert result.open_violations == (0 if decision == "accepted" else 1)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (1.0, "accepted"),
        (2.0, "accepted"),
        (1 / 1.0099, "accepted"),
        (1 / 1.0101, "lapsed"),
        (0.5, "lapsed"),
        (None, "lapsed"),
    ],
)
def test_a_review_lapses_when_the_area_has_grown_by_more_than_one_per_cent(
    reviewed: Any, share: float | None, expected: str
) -> None:
    """The share is what the offending area was at the review, against what it is now."""
    finding, result = reviewed({}, area_share=share)
    assert finding.reviewed == expected
    assert result.open_violations == (0 if expected == "accepted" else 1)


def test_a_review_of_what_cannot_be_measured_holds(check: Any, site: Any) -> None:
    review = {
        "project_code": "A1",
        "rule": "missing_geometry",
        "target_code": None,
        "area_m2": None,
        "decision": "accepted",
    }
    assert check([site(None)], siting_review=[review]).findings[0].reviewed == "accepted"


@pytest.mark.parametrize(
    "other", [{"project_code": "A2"}, {"rule": "outside_zone"}, {"target_code": "M"}, {"decision": "maybe"}]
)
def test_a_review_is_for_one_project_rule_and_target(reviewed: Any, other: dict[str, Any]) -> None:
    assert reviewed(other)[0].reviewed is None


def test_the_latest_review_counts(reviewed: Any) -> None:
    older = {"decision": "accepted", "reviewed_at": "2026-03-01"}
    newer = {"decision": "rejected", "reviewed_at": "2026-04-01"}
    assert reviewed(newer, older)[0].reviewed == "rejected"
    assert reviewed({"decision": "accepted"}, {"decision": "rejected"})[0].reviewed == "rejected"


@pytest.fixture
def checked(plan: Any, rules: Any, box: Any, site: Any) -> Any:
    """A plan with every kind of finding, and its result."""
    bow_tie = shapely.from_wkt("POLYGON ((124.10 41.10, 124.12 41.12, 124.12 41.10, 124.10 41.12, 124.10 41.10))")
    projects = [
        site(box(1, 1), "passes"),
        site(None, "no site"),
        site(bow_tie, "invalid"),
        site(box(-1, 30, 4, 4), "outside", zone_codes="1,9"),
        site(box(5, 5, 2, 2), "quote\"'{}", project_type="mining"),
        site(box(6, 6, 2, 2), "overlaps", counties=None),
    ]
    review = {
        "project_code": "quote\"'{}",
        "rule": "red_line",
        "target_code": "L",
        "area_m2": 1e9,
        "decision": "accepted",
    }
    tables = plan(project=projects, red_line=[{"geom": box(5, 5), **LINE}], siting_review=[review])
    return tables, check_siting(tables, rules, plan="a.gpkg")


def test_saved_rows_have_the_schemas_columns(checked: Any) -> None:
    _, result = checked
    rows = findings_as_rows(result)
    assert tuple(rows.columns) == TABLES["siting_finding"].field_names
    assert len(rows) == len(result.findings) > 8
    assert set(rows["run_at"]) == {result.run_at}


def test_a_saved_run_is_read_back_as_it_was(checked: Any) -> None:
    tables, result = checked
    again = result_from_rows(PlanTables({**tables.rows, "siting_finding": findings_as_rows(result)}), "a.gpkg")
    assert again is not None
    assert again.projects == result.projects
    assert (again.run_at, again.plan, again.summary, again.open_violations) == (
        result.run_at,
        "a.gpkg",
        result.summary,
        result.open_violations,
    )


def test_reviews_made_after_the_run_are_seen(checked: Any) -> None:
    tables, result = checked
    later = Rows.from_records(
        "siting_review", [{"project_code": "no site", "rule": "missing_geometry", "decision": "accepted"}]
    )
    again = result_from_rows(
        PlanTables({**tables.rows, "siting_finding": findings_as_rows(result), "siting_review": later})
    )
    assert {(f.project_code, f.reviewed) for f in again.findings if f.reviewed} == {("no site", "accepted")}


def test_findings_of_projects_that_are_gone_are_left_out(checked: Any) -> None:
    tables, result = checked
    left = tables["project"].take(np.array([0, 1]))
    again = result_from_rows(PlanTables({**tables.rows, "project": left, "siting_finding": findings_as_rows(result)}))
    assert [(p.code, p.grade) for p in again.projects] == [("passes", "pass"), ("no site", "undetermined")]


def test_without_a_saved_run_there_is_no_result(checked: Any) -> None:
    assert result_from_rows(checked[0]) is None
