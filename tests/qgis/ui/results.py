"""Results of a check, written down by hand, for tests of what shows them."""

from __future__ import annotations

import shapely

from restoration_planner.core.siting.findings import CheckResult, Finding, ProjectResult, worst
from restoration_planner.core.texts import Message

PART = shapely.MultiPolygon([shapely.box(124.10, 41.04, 124.12, 41.05)])


def finding(project: int, code: str, rule: str, grade: str, area: float | None = None, **more: object) -> Finding:
    """A finding with what matters to a test, the rest filled in."""
    values: dict[str, object] = {
        "target_layer": "red_line",
        "target_code": "R1",
        "target_name": "西岭",
        "share_pct": None if area is None else area / 100,
        "advice": f"advice on {rule}",
        "basis": "a basis",
        "geometry": None if area is None else PART,
    }
    values.update(more)
    return Finding(
        project=project,
        fid=project + 1,
        project_code=code,
        rule=rule,
        grade=grade,
        area_m2=area,
        **values,  # type: ignore[arg-type]
    )


def project(position: int, code: str, name: str, *findings: Finding) -> ProjectResult:
    """A project with its findings."""
    grade = worst([f.grade for f in findings])
    return ProjectResult(position, position + 1, code, name, grade, 10_000.0, findings)


def small_result() -> CheckResult:
    """Four projects: A10 with two findings, A2 and B1 with one, C1 with none."""
    return CheckResult(
        projects=(
            project(
                0,
                "A10",
                "矿山",
                finding(0, "A10", "red_line", "violation", 500.0),
                finding(0, "A10", "project_overlap", "review", 20_000.0, target_code="A2", target_name="河道"),
            ),
            project(1, "A2", "河道", finding(1, "A2", "outside_zone", "violation", 9.0)),
            project(
                2,
                "B1",
                "湿地",
                finding(
                    2, "B1", "missing_geometry", "undetermined", target_layer=None, target_code=None, target_name=None
                ),
            ),
            project(3, "C1", "造林"),
        ),
        dropped_slivers=3,
        notes=(Message.of("siting.layer_empty", layer="R"),),
        run_at="2026-05-04T10:20:30+08:00",
        rules_file="default",
        plan="/plans/plan.gpkg",
    )


def large_result(projects: int) -> CheckResult:
    """Many projects with one finding each, in four grades."""
    grades = ("violation", "review", "undetermined", "permitted")
    return CheckResult(
        projects=tuple(
            project(
                i, f"P{i}", f"项目{i}", finding(i, f"P{i}", "red_line", grades[i % 4], float((i * 7919) % projects))
            )
            for i in range(projects)
        ),
        dropped_slivers=0,
    )
