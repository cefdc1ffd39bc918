"""Findings as plain values, and figures as a planner reads them: what all report formats share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..siting.findings import CheckResult, Finding, ProjectResult
from ..texts import has_text, language, text

SQUARE_METRES_PER_HECTARE = 10_000.0
SQUARE_METRES_PER_KM2 = 1_000_000.0


def finite(value: float | None) -> float | None:
    """A number that every reader understands: NaN and infinity become None."""
    return None if value is None or not math.isfinite(value) else float(value)


def finding_values(finding: Finding) -> dict[str, Any]:
    """One finding under the names of the contract, numbers not rounded, without geometry."""
    return {
        "rule": finding.rule,
        "grade": finding.grade,
        "target_layer": finding.target_layer,
        "target_code": finding.target_code,
        "target_name": finding.target_name,
        "area_m2": finite(finding.area_m2),
        "share_pct": finite(finding.share_pct),
        "advice": finding.advice,
        "basis": finding.basis,
        "reviewed": finding.reviewed,
    }


def pairs(result: CheckResult) -> Iterator[tuple[ProjectResult, Finding]]:
    """Every finding with its project, in the order of the run."""
    for project in result.projects:
        for finding in project.findings:
            yield project, finding


def rule_caption(rule: str) -> str:
    """What a rule is called; a rule of a user's own file shows its name as written."""
    return _caption(f"siting.rule_{rule}", rule, language())


def grade_caption(grade: str) -> str:
    """What a grade is called."""
    return _caption(f"codes.grade.{grade}", grade, language())


def layer_caption(layer: str | None) -> str:
    """What a table is called; nothing for None."""
    return "" if layer is None else _caption(f"schema.{layer}", layer, language())


def review_caption(reviewed: str | None) -> str:
    """What a review's state is called; nothing where there is none."""
    return "" if reviewed is None else _caption(f"report.reviewed.{reviewed}", reviewed, language())


def area_text(area_m2: float | None) -> str:
    """An area in the unit that suits it, two decimals as plans print them.

    >>> area_text(12_345_678.0)
    '12.35 km²'
    """
    area = finite(area_m2)
    if area is None:
        return ""
    if area >= SQUARE_METRES_PER_KM2:
        return f"{area / SQUARE_METRES_PER_KM2:,.2f} km²"
    if area >= SQUARE_METRES_PER_HECTARE:
        return f"{area / SQUARE_METRES_PER_HECTARE:,.2f} {text('report.unit.ha')}"
    return f"{area:,.2f} m²"


def share_text(share_pct: float | None) -> str:
    """A share in per cent with two decimals; one too small to print says so."""
    share = finite(share_pct)
    if share is None:
        return ""
    return "< 0.01 %" if 0 < share < 0.005 else f"{share:.2f} %"


@lru_cache(maxsize=512)
def _caption(key: str, otherwise: str, language_name: str) -> str:
    return text(key, language_name) if has_text(key) else otherwise
