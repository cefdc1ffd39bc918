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
    # A project a line: readable in an editor, and the fast encoder (which cannot indent) does the work.
    projects = ",\n".join(
        _dump(
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
        )
        for project in result.projects
    )
    before = {"plan": result.plan, "run_at": result.run_at, "rules_file": result.rules_file}
    after = {
        "summary": result.summary,
        "dropped_slivers": result.dropped_slivers,
        "notes": [str(note) for note in result.notes],
    }
    document = f'{_dump(before)[:-1]}, "projects": [\n{projects}\n], {_dump(after)[1:]}\n'
    return document.encode("utf-8")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
