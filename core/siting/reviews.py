"""Reviews: a planner's decision on a finding, kept through every re-run.

A finding keeps its grade and gets ``reviewed``: the decision, or ``lapsed`` when the offending area
has grown by more than 1 % since (contract, Siting check).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from ..plan.tables import Rows
from .findings import Finding

#: Growth of the offending area, as a share, beyond which a review no longer holds.
LAPSE_GROWTH = 0.01

Key = tuple[Any, Any, Any]
Reviews = dict[Key, dict[str, Any]]


def apply_reviews(findings: Iterable[Finding], reviews: Rows) -> list[Finding]:
    """The findings with their ``reviewed`` set from the review table, in the same order."""
    return reviewed(findings, latest_reviews(reviews))


def reviewed(findings: Iterable[Finding], latest: Reviews) -> list[Finding]:
    """The findings with their ``reviewed`` set from the newest reviews, in the same order."""
    return [_reviewed(f, latest.get(review_key(f)) if latest else None) for f in findings]


def latest_reviews(reviews: Rows) -> Reviews:
    """The newest review of each (project, rule, target); later rows win where times are equal."""
    newest: Reviews = {}
    for record in reviews.records():
        if record.get("decision") not in ("accepted", "rejected"):
            continue
        key = (record.get("project_code"), record.get("rule"), record.get("target_code"))
        before = newest.get(key)
        if before is None or (record.get("reviewed_at") or "") >= (before.get("reviewed_at") or ""):
            newest[key] = record
    return newest


def review_key(finding: Finding) -> Key:
    """What a review and its finding share."""
    return finding.project_code, finding.rule, finding.target_code


def _reviewed(finding: Finding, review: dict[str, Any] | None) -> Finding:
    if review is None:
        return finding if finding.reviewed is None else dataclasses.replace(finding, reviewed=None)
    grown = (finding.area_m2 or 0.0) > (review.get("area_m2") or 0.0) * (1 + LAPSE_GROWTH)
    return dataclasses.replace(finding, reviewed="lapsed" if grown else review["decision"])
