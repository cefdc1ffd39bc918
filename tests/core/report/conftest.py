"""A small plan and the outcome of its check, made by hand so that every figure is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from shapely import from_wkt

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.findings import CheckResult, Finding, ProjectResult, worst
from restoration_planner.core.texts import Message, set_language

WEST_ZONE = "MULTIPOLYGON(((124 41, 124.5 41, 124.5 41.4, 124 41.4, 124 41)))"
EAST_ZONE = "MULTIPOLYGON(((124.5 41, 125 41, 125 41.4, 124.5 41.4, 124.5 41)))"
RED_LINE = (
    "MULTIPOLYGON(((124.1 41.1, 124.3 41.1, 124.3 41.3, 124.1 41.3, 124.1 41.1),"
    "(124.15 41.15, 124.15 41.2, 124.2 41.2, 124.2 41.15, 124.15 41.15)))"
)
SITE = "MULTIPOLYGON(((124.28 41.2, 124.32 41.2, 124.32 41.22, 124.28 41.22, 124.28 41.2)))"
#: Clockwise outside, as some programs write it, and with a hole.
PART = (
    "MULTIPOLYGON(((124.28 41.2, 124.28 41.22, 124.3 41.22, 124.3 41.2, 124.28 41.2),"
    "(124.285 41.205, 124.29 41.205, 124.29 41.21, 124.285 41.205)))"
)
BOW_TIE = "POLYGON((124.6 41.1, 124.7 41.2, 124.7 41.1, 124.6 41.2, 124.6 41.1))"


@dataclass(frozen=True)
class Checked:
    """What the reports are made from."""

    result: CheckResult
    tables: PlanTables


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Reports in Chinese, whatever the machine speaks; a test may switch."""
    set_language("zh")
    yield
    set_language(None)


def finding(project: int, code: str | None, rule: str, grade: str, **values: Any) -> Finding:
    """A finding with the values that matter to a test."""
    given: dict[str, Any] = {
        "target_layer": None,
        "target_code": None,
        "target_name": None,
        "area_m2": None,
        "share_pct": None,
        "advice": "调整范围",
        "basis": "",
        **values,
    }
    return Finding(project, project + 1, code, rule, grade, **given)


def project(position: int, code: str | None, name: str, area: float | None, *findings: Finding) -> ProjectResult:
    """A project with the grade that its findings give it."""
    return ProjectResult(position, position + 1, code, name, worst([f.grade for f in findings]), area, findings)


@pytest.fixture
def checked() -> Checked:
    """Four projects: in a red line, without a site, passing, and with a bow-tie."""
    in_red_line = finding(
        0,
        "A1",
        "red_line",
        "violation",
        target_layer="red_line",
        target_code="HX1",
        target_name="北山, “一”区",
        area_m2=3716543.2101234567,
        share_pct=49.98765432101234,
        basis="自然资发〔2022〕142号",
        geometry=from_wkt(PART),
        reviewed="accepted",
    )
    unnamed = finding(0, "A1", "outside_zone", "undetermined", target_layer="restoration_zone", share_pct=float("nan"))
    no_site = finding(1, "A2", "missing_geometry", "undetermined")
    bow_tie = finding(3, "B2", "invalid_geometry", "review", area_m2=float("nan"))
    result = CheckResult(
        projects=(
            project(0, "A1", "<script>alert(1)</script> & 'x' \"y\"", 7433086.4, in_red_line, unnamed),
            project(1, "A2", '=HYPERLINK("http://example.com")', None, no_site),
            project(2, "B1", "河道治理，甲、乙", 12345.678),
            project(3, "B2", "蝴蝶结", 5e7, bow_tie),
        ),
        dropped_slivers=2,
        notes=(Message.of("report.none_found"),),
        run_at="2026-03-15T09:30:00+08:00",
        rules_file="default",
        plan="/somewhere/plan.gpkg",
    )
    zones = [{"code": "1", "name": "西区"}, {"code": "2", "name": "东区 <b>"}]
    review = {
        "project_code": "A1",
        "rule": "red_line",
        "target_code": "HX1",
        "decision": "accepted",
        "note": "已取得意见",
        "document": "本自然资〔2026〕3号",
        "reviewer": "李某",
        "reviewed_at": "2026-03-01",
    }
    projects = [{"code": p.code, "name": p.name} for p in result.projects]
    sites = [from_wkt(SITE), None, from_wkt("MULTIPOLYGON(((124.7 41.3, 124.71 41.3, 124.71 41.31, 124.7 41.3)))")]
    tables = PlanTables(
        {
            "plan": Rows.from_records("plan", [{"name": "某市生态修复规划 <i>"}]),
            "restoration_zone": Rows.from_records(
                "restoration_zone", zones, [from_wkt(WEST_ZONE), from_wkt(EAST_ZONE)]
            ),
            "red_line": Rows.from_records("red_line", [{"code": "HX1"}], [from_wkt(RED_LINE)]),
            "project": Rows.from_records("project", projects, [*sites, from_wkt(BOW_TIE)]),
            "siting_review": Rows.from_records("siting_review", [review]),
        }
    )
    return Checked(result, tables)
