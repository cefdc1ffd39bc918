"""Findings as rows of the plan's ``siting_finding`` table, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..geometry.area import ellipsoidal_area
from ..geometry.repair import repair
from ..plan.schema import TABLES
from ..plan.tables import PlanTables, Rows, object_array
from .findings import CheckResult, Finding, ProjectResult, worst
from .reviews import apply_reviews

_SAVED = ("rule", "grade", "target_layer", "target_code", "target_name", "area_m2", "share_pct", "advice", "basis")


def findings_as_rows(result: CheckResult) -> Rows:
    """The rows that a run leaves in the plan; projects that pass leave none."""
    findings = result.findings
    columns = {name: object_array([getattr(f, name) for f in findings]) for name in _SAVED}
    columns["project_code"] = object_array([f.project_code for f in findings])
    columns["reviewed"] = object_array([f.reviewed for f in findings])
    columns["run_at"] = object_array([result.run_at] * len(findings))
    ordered = {name: columns[name] for name in TABLES["siting_finding"].field_names}
    fids = np.arange(1, len(findings) + 1, dtype=np.int64)
    return Rows("siting_finding", fids, ordered, object_array([f.geometry for f in findings]))


def result_from_rows(tables: PlanTables, plan: str = "") -> CheckResult | None:
    """The last run's result as the plan holds it, with reviews as they stand now.

    None where no run was ever saved.  A project that has no finding counts as ``pass``; findings of
    projects that are gone are left out.
    """
    saved = tables["siting_finding"]
    if not len(saved):
        return None
    projects = tables["project"]
    first_of: dict[Any, int] = {}
    for position, code in enumerate(projects["code"]):
        first_of.setdefault(code, position)
    own: dict[int, list[Finding]] = {}
    for record, geometry in zip(saved.records(), saved.geometry if saved.geometry is not None else []):
        project = first_of.get(record.get("project_code"))
        if project is None:
            continue
        values: dict[str, Any] = {name: record.get(name) for name in _SAVED}
        values.update(advice=record.get("advice") or "", basis=record.get("basis") or "")
        fid = int(projects.fids[project])
        finding = Finding(
            project=project, fid=fid, project_code=record.get("project_code"), geometry=geometry, **values
        )
        own.setdefault(project, []).append(finding)
    reviewed = {p: tuple(apply_reviews(found, tables["siting_review"])) for p, found in own.items()}
    results = []
    geometry = projects.geometry if projects.geometry is not None else np.full(len(projects), None, object)
    areas = ellipsoidal_area(repair(geometry)[0])
    for p, (code, name, area) in enumerate(zip(projects["code"], projects["name"], areas.tolist())):
        found = reviewed.get(p, ())
        results.append(
            ProjectResult(
                p,
                int(projects.fids[p]),
                code,
                name,
                worst([f.grade for f in found]),
                area if area == area else None,
                found,
            )
        )
    run_at = next((str(v) for v in saved["run_at"] if v is not None), "")
    return CheckResult(tuple(results), 0, run_at=run_at, plan=plan)
