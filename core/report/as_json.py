"""The outcome of a check as JSON, as the contract writes it: for scripts and other programs."""

from __future__ import annotations

import json

import shapely

from ..plan.tables import PlanTables, object_array
from ..siting.findings import CheckResult
from .values import finding_values, finite


def to_json(result: CheckResult, tables: PlanTables) -> bytes:
    """UTF-8 JSON; numbers are not rounded, what is not a number is null, ``wkt`` only where there is a part."""
    written = iter(
        shapely.to_wkt(
            object_array([f.geometry for f in result.findings if f.geometry is not None]), rounding_precision=-1
        ).tolist()
    )
    projects = [
        {
            "code": project.code,
            "name": project.name,
            "grade": project.grade,
            "area_m2": finite(project.area_m2),
            "findings": [
                {**finding_values(f), **({} if f.geometry is None else {"wkt": next(written)})}
                for f in project.findings
            ],
        }
        for project in result.projects
    ]
    document = {
        "plan": result.plan,
        "run_at": result.run_at,
        "rules_file": result.rules_file,
        "projects": projects,
        "summary": result.summary,
        "dropped_slivers": result.dropped_slivers,
        "notes": [str(note) for note in result.notes],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
