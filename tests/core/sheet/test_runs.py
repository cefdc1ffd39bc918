"""Which run of the check a sheet tells of."""

from __future__ import annotations

import shapely

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.sheet.runs import ProjectRun, project_runs
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.tests.core.sheet.conftest import checked, with_site
from restoration_planner.tests.small_plan import GRADES, square


def runs_of(tables: PlanTables) -> dict[str, ProjectRun]:
    return {str(run.result.code): run for run in project_runs(tables, load_rules(None))}


def test_without_a_saved_check_a_first_one_is_made(tables: PlanTables) -> None:
    runs = runs_of(tables)
    assert {run.kind for run in runs.values()} == {"first"}
    assert {code: run.result.grade for code, run in runs.items()} == GRADES


def test_a_saved_check_that_still_holds_is_told_of(tables: PlanTables) -> None:
    runs = runs_of(checked(tables))
    assert {(run.kind, run.run_at[:16]) for run in runs.values()} == {("saved", "2026-03-01T09:30")}
    assert {code: run.result.grade for code, run in runs.items()} == GRADES


def test_a_site_moved_since_is_checked_anew_and_no_other(tables: PlanTables) -> None:
    moved = with_site(checked(tables), "P2", square(124.04, 41.06, 124.06, 41.09))
    runs = runs_of(moved)
    assert {code: run.kind for code, run in runs.items() if run.kind != "saved"} == {"P2": "renewed"}
    assert runs["P2"].saved_at[:16] == "2026-03-01T09:30" < runs["P2"].run_at


def test_a_line_moved_since_is_noticed_too(tables: PlanTables) -> None:
    plan = checked(tables)
    line = plan["red_line"]
    line.geometry[0] = shapely.MultiPolygon([shapely.box(124.01, 41.05, 124.045, 41.09)])
    assert [code for code, run in runs_of(plan).items() if run.kind == "renewed"] == ["P2"]


def test_a_finding_that_is_gone_makes_the_saved_run_outdated(tables: PlanTables) -> None:
    runs = runs_of(with_site(checked(tables), "P2", square(124.06, 41.075, 124.07, 41.085)))
    assert runs["P2"].kind == "renewed" and "red_line" not in {f.rule for f in runs["P2"].result.findings}


def test_a_speck_of_difference_is_none(tables: PlanTables) -> None:
    nudged = with_site(checked(tables), "P2", square(124.04, 41.06, 124.06 + 1e-13, 41.08))
    assert runs_of(nudged)["P2"].kind == "saved"


def test_basis_and_advice_are_those_of_the_rules_given_not_of_an_older_run(tables: PlanTables) -> None:
    plan = checked(tables)
    plan["siting_finding"]["basis"][:] = "已废止的文件"
    runs = runs_of(plan)
    assert {run.kind for run in runs.values() if run.result.findings} == {"reworded"}
    assert {run.run_at[:16] for run in runs.values()} == {"2026-03-01T09:30"}
    said = [f.basis for run in runs.values() for f in run.result.findings]
    assert said and "已废止的文件" not in said and any("142号" in basis for basis in said)
