"""Which run of the siting check a sheet tells of: the one saved in the plan, or a fresh one where that no longer fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..plan.tables import PlanTables
from ..siting.check import check_siting
from ..siting.findings import CheckResult, ProjectResult
from ..siting.rules import RuleSet
from ..siting.saved import result_from_rows
from ..texts import Message

#: Areas that differ by less than both are the same.
_SAME_M2, _SAME_SHARE = 0.01, 1e-9

Progress = Callable[[float, Message], None]


@dataclass(frozen=True)
class ProjectRun:
    """A project as a run of the check found it.

    Attributes
    ----------
    result
        Grade and findings.
    run_at
        When that run was, ISO 8601.
    kind
        ``saved``: the plan's saved run, which a fresh one confirms; ``reworded``: the same, but advice or basis
        are no longer what the rules say (or were saved in the other language), and are told as they say now;
        ``first``: a fresh run, as none was saved; ``renewed``: a fresh run, because the saved one no longer fits the
        plan or the rules.
    saved_at
        When the run saved in the plan was; empty where there is none.
    """

    result: ProjectResult
    run_at: str
    kind: str
    saved_at: str = ""


def project_runs(
    tables: PlanTables,
    rules: RuleSet,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[ProjectRun]:
    """Every project of a plan with the findings that hold, in the order of the project table.

    The check is always run: nothing in a plan says whether a site or a control line was changed after the last run.
    Where it finds what is saved, the saved run is told of; advice and basis are always those of the rules given, so
    that no repealed provision is cited.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    fresh = check_siting(tables, rules, progress=progress, cancelled=cancelled)
    saved = result_from_rows(tables)
    return [_chosen(project, fresh, saved) for project in fresh.projects]


def _chosen(project: ProjectResult, fresh: CheckResult, saved: CheckResult | None) -> ProjectRun:
    if saved is None:
        return ProjectRun(project, fresh.run_at, "first")
    before = saved.projects[project.project]
    if _same_findings(before, project):
        kind = "saved" if _words(before) == _words(project) else "reworded"
        return ProjectRun(project, saved.run_at, kind, saved.run_at)
    return ProjectRun(project, fresh.run_at, "renewed", saved.run_at)


def _same_findings(one: ProjectResult, other: ProjectResult) -> bool:
    """Whether two runs found the same: rules, grades, objects, and areas but for rounding."""
    left, right = _in_order(one), _in_order(other)
    if [key for key, _ in left] != [key for key, _ in right]:
        return False
    return all(
        (a is None) == (b is None)
        and abs((a or 0.0) - (b or 0.0)) <= max(_SAME_M2, _SAME_SHARE * max(abs(a or 0.0), abs(b or 0.0)))
        for (_, a), (_, b) in zip(left, right)
    )


def _words(project: ProjectResult) -> list[tuple[str, ...]]:
    """What is said of the findings."""
    return sorted((f.rule, f.target_code or "", f.target_name or "", f.advice, f.basis) for f in project.findings)


def _in_order(project: ProjectResult) -> list[tuple[tuple[str, ...], float | None]]:
    found = [
        ((f.rule, f.grade, f.target_layer or "", f.target_code or "", f.target_name or ""), f.area_m2)
        for f in project.findings
    ]
    return sorted(found, key=lambda entry: (entry[0], entry[1] or 0.0))
