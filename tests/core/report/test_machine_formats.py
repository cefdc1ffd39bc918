"""JSON, CSV and GeoJSON: what other programs get."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import from_wkt
from shapely.geometry import shape

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.report.write import FORMATS, render
from restoration_planner.core.siting.findings import GRADES, CheckResult
from restoration_planner.core.texts import set_language

from .conftest import PART, Checked, project

FINDING_KEYS = [
    "rule",
    "grade",
    "target_layer",
    "target_code",
    "target_name",
    "area_m2",
    "share_pct",
    "advice",
    "basis",
    "reviewed",
]


def strict(written: bytes) -> Any:
    """JSON as the standard has it: NaN and Infinity are errors."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(written.decode("utf-8"), parse_constant=refuse)


def csv_rows(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def test_json_has_the_members_of_the_contract(checked: Checked) -> None:
    document = strict(render(checked.result, checked.tables, "json"))
    assert list(document) == ["plan", "run_at", "rules_file", "projects", "summary", "dropped_slivers", "notes"]
    first = document["projects"][0]
    assert list(first) == ["code", "name", "grade", "area_m2", "findings"]
    assert list(first["findings"][0]) == [*FINDING_KEYS, "wkt"]
    assert list(first["findings"][1]) == FINDING_KEYS


def test_json_lists_projects_that_pass_and_counts_projects_by_grade(checked: Checked) -> None:
    document = strict(render(checked.result, checked.tables, "json"))
    assert [(p["code"], p["grade"]) for p in document["projects"]] == [
        ("A1", "violation"),
        ("A2", "undetermined"),
        ("B1", "pass"),
        ("B2", "review"),
    ]
    assert document["projects"][2]["findings"] == []
    assert document["summary"] == {"violation": 1, "review": 1, "undetermined": 1, "permitted": 0, "pass": 1}
    assert list(document["summary"]) == list(GRADES)
    assert document["dropped_slivers"] == 2


def test_json_does_not_round_and_writes_null_for_what_is_no_number(checked: Checked) -> None:
    found = strict(render(checked.result, checked.tables, "json"))["projects"][0]["findings"]
    assert found[0]["area_m2"] == 3716543.2101234567
    assert found[0]["share_pct"] == 49.98765432101234
    assert found[1]["share_pct"] is None


def test_json_holds_the_offending_part_to_the_last_digit(checked: Checked) -> None:
    exact = from_wkt("MULTIPOLYGON(((124.123456789012345 41, 124.2 41, 124.2 41.1, 124.123456789012345 41)))")
    first = checked.result.projects[0]
    moved = replace(first, findings=(replace(first.findings[0], geometry=exact),))
    document = strict(render(replace(checked.result, projects=(moved,)), checked.tables, "json"))
    assert from_wkt(document["projects"][0]["findings"][0]["wkt"]).equals_exact(exact, 0)


def test_csv_is_what_excel_opens_with_a_double_click(checked: Checked) -> None:
    written = render(checked.result, checked.tables, "csv")
    assert written.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in written
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert written.decode("utf-8-sig").splitlines()[0].startswith("项目编号,项目名称,项目结论")
    set_language("en")
    assert render(checked.result, checked.tables, "csv").decode("utf-8-sig").startswith("Project code,Project name")


def test_csv_has_a_row_a_finding_and_one_for_a_project_that_passes(checked: Checked) -> None:
    rows = csv_rows(render(checked.result, checked.tables, "csv"))
    assert [(r["项目编号"], r["rule"], r["grade"]) for r in rows] == [
        ("A1", "red_line", "violation"),
        ("A1", "outside_zone", "undetermined"),
        ("A2", "missing_geometry", "undetermined"),
        ("B1", "", "pass"),
        ("B2", "invalid_geometry", "review"),
    ]
    assert rows[0]["面积（平方米）"] == "3716543.21"
    assert rows[0]["对象名称"] == "北山, “一”区"
    assert rows[0]["核查内容"] == "压占生态保护红线"
    assert rows[3]["项目面积（平方米）"] == "12345.68"
    assert rows[3]["结论"] == "通过"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_never_start_a_formula(checked: Checked, start: str) -> None:
    result = replace(checked.result, projects=(project(0, start + "1+1", start + "cmd|' /C calc'!A0", None),))
    row = csv_rows(render(result, checked.tables, "csv"))[0]
    assert row["项目编号"].startswith("'")
    assert row["项目名称"].startswith("'")


@given(name=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_name_survives_json_and_csv(name: str) -> None:
    result = CheckResult(projects=(project(0, "1", name, 1.0),), dropped_slivers=0)
    assert strict(render(result, PlanTables({}), "json"))["projects"][0]["name"] == name
    read = csv_rows(render(result, PlanTables({}), "csv"))[0]["项目名称"]
    assert read in (name, "'" + name)


def test_geojson_has_a_feature_a_finding_with_all_properties(checked: Checked) -> None:
    collection = strict(render(checked.result, checked.tables, "geojson"))
    assert collection["type"] == "FeatureCollection"
    assert [f["properties"]["rule"] for f in collection["features"]] == [
        "red_line",
        "outside_zone",
        "missing_geometry",
        "invalid_geometry",
    ]
    first, second = collection["features"][:2]
    assert set(FINDING_KEYS) < set(first["properties"])
    assert first["properties"]["project_name"] == checked.result.projects[0].name
    assert shape(first["geometry"]).equals(from_wkt(PART))
    assert second["geometry"] is None


def test_geojson_outer_rings_run_counter_clockwise_and_holes_clockwise(checked: Checked) -> None:
    rings = strict(render(checked.result, checked.tables, "geojson"))["features"][0]["geometry"]["coordinates"][0]

    def signed_area(ring: list[list[float]]) -> float:
        return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:])) / 2

    assert [signed_area(ring) > 0 for ring in rings] == [True, False]


def test_geojson_says_that_it_is_not_wgs84_and_opens_as_cgcs2000(checked: Checked, tmp_path: Path) -> None:
    fiona = pytest.importorskip("fiona")
    written = render(checked.result, checked.tables, "geojson")
    assert "CGCS2000" in strict(written)["coordinates_note"]
    file = tmp_path / "findings.geojson"
    file.write_bytes(written)
    with fiona.open(file) as layer:
        assert layer.crs.to_epsg() == 4490
        assert len(layer) == 4
        assert next(iter(layer))["geometry"]["coordinates"][0][0][0][0] == pytest.approx(124.28, abs=0.03)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_plan_without_projects_still_gives_a_whole_report(kind: str) -> None:
    written = render(CheckResult(projects=(), dropped_slivers=0), PlanTables({}), kind)
    assert written.decode("utf-8-sig").strip()
    if kind in ("json", "geojson"):
        assert strict(written)["summary"]["violation"] == 0


def test_an_unknown_format_is_refused_in_a_sentence(checked: Checked) -> None:
    with pytest.raises(PlannerError, match="docx"):
        render(checked.result, checked.tables, "docx")
