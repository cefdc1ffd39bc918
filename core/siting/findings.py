"""What the siting check finds: plain values, before any text is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..texts import Message

#: Worst first; a project's grade is that of its worst finding.
GRADES = ("violation", "review", "undetermined", "permitted", "pass")


@dataclass(frozen=True)
class Finding:
    """One finding: a project, a rule and a target feature.

    Attributes
    ----------
    project
        Row position of the project in the project table that was checked.
    fid
        Feature id of that project.
    project_code
        Its code, or None.
    area_m2
        Ellipsoidal area of the offending part; None where there is nothing to measure.
    share_pct
        Its share of the project's area in per cent, or None.
    advice, basis
        Texts: what to do, and the legal basis.
    geometry
        The offending part (shapely MultiPolygon, EPSG:4490) or None.
    reviewed
        ``accepted``, ``rejected``, ``lapsed`` or None.
    """

    project: int
    fid: int
    project_code: str | None
    rule: str
    grade: str
    target_layer: str | None
    target_code: str | None
    target_name: str | None
    area_m2: float | None
    share_pct: float | None
    advice: str
    basis: str
    geometry: Any = None
    reviewed: str | None = None


@dataclass(frozen=True)
class ProjectResult:
    """One project with its grade and findings (empty for ``pass``)."""

    project: int
    fid: int
    code: str | None
    name: str | None
    grade: str
    area_m2: float | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one run.

    Attributes
    ----------
    projects
        Every project, in the order of the project table.
    dropped_slivers
        Number of pieces under the gate that were not reported.
    notes
        What has to be said once about the whole run: layers without data, repaired target geometry.
    run_at
        Local time of the run, ISO 8601 with offset.
    rules_file
        Path or name of the rules used.
    """

    projects: tuple[ProjectResult, ...]
    dropped_slivers: int
    notes: tuple[Message, ...] = ()
    run_at: str = ""
    rules_file: str = ""
    plan: str = ""
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """All findings, project by project."""
        return [f for p in self.projects for f in p.findings]

    @property
    def summary(self) -> dict[str, int]:
        """Number of projects by grade, worst grade first, zeros included."""
        counted = Counter(p.grade for p in self.projects)
        return {grade: counted[grade] for grade in GRADES}

    @property
    def open_violations(self) -> int:
        """Findings of grade ``violation`` that no review accepts."""
        return sum(f.grade == "violation" and f.reviewed != "accepted" for f in self.findings)


def worst(grades: list[str]) -> str:
    """The worst of some grades; ``pass`` where there is none."""
    return min(grades, key=GRADES.index) if grades else "pass"
