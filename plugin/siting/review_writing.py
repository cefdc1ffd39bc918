"""A planner's decision into the plan: the review, and the state of the findings it concerns, at once."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...core.plan.tables import Rows
from ...core.siting.findings import CheckResult, Finding
from ...core.siting.reviews import apply_reviews
from ...core.siting.saved import findings_as_rows
from ...core.store.plan_file import read_plan, replace_rows
from ...ui.review_dialog import Decision


def write_reviews(plan: Path, result: CheckResult, findings: Sequence[Finding], decision: Decision) -> CheckResult:
    """Add a review of each finding to a plan file, in one transaction with the findings' new state.

    Earlier reviews stay as history; the latest counts.

    Returns
    -------
    CheckResult
        The result with its reviews brought up to date.

    Raises
    ------
    PlannerError
        If the plan cannot be read or written; it is then as before.
    """
    before = read_plan(plan, ["siting_review"])["siting_review"]
    reviews = with_reviews(before, findings, decision)
    updated = reviewed_result(result, reviews)
    new = reviews.take(np.arange(len(before), len(reviews)))
    replace_rows(plan, {"siting_finding": findings_as_rows(updated)}, added={"siting_review": new})
    return updated


def with_reviews(before: Rows, findings: Sequence[Finding], decision: Decision) -> Rows:
    """The review table with one more row a finding, the area as it is now."""
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    records = [
        {
            "project_code": finding.project_code,
            "rule": finding.rule,
            "target_code": finding.target_code,
            "area_m2": finding.area_m2,
            "decision": decision.decision,
            "note": decision.note,
            "document": decision.document,
            "reviewer": decision.reviewer,
            "reviewed_at": now,
        }
        for finding in findings
    ]
    added = Rows.from_records("siting_review", records)
    if not len(before):
        return added
    names = {**before.columns, **added.columns}
    columns = {name: np.concatenate([before[name], added[name]]) for name in names}
    fids = np.concatenate([before.fids, added.fids + before.fids.max()])
    return Rows("siting_review", fids, columns)


def reviewed_result(result: CheckResult, reviews: Rows) -> CheckResult:
    """A result with every finding's state of review taken from the review table."""
    states = iter(apply_reviews(result.findings, reviews))
    projects = tuple(
        dataclasses.replace(project, findings=tuple(next(states) for _ in project.findings))
        for project in result.projects
    )
    return dataclasses.replace(result, projects=projects)
