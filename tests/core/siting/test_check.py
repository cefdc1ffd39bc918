"""The contract's "Siting check", sentence by sentence, on boxes of a grid (see conftest)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import Cancelled
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting

BOW_TIE = "POLYGON ((124.10 41.10, 124.12 41.12, 124.12 41.10, 124.10 41.12, 124.10 41.10))"


def rules_of(result: Any, grade: str) -> list[str]:
    return [f.rule for f in result.findings if f.grade == grade]


def test_a_project_where_it_should_be_passes(check: Any, box: Any, site: Any) -> None:
    result = check([site(box(1, 1), key_area_codes='{"K"}')])
    assert result.findings == []
    assert [(p.code, p.grade) for p in result.projects] == [("A1", "pass")]
    assert result.projects[0].area_m2 == pytest.approx(float(ellipsoidal_area(box(1, 1))))


# --- geometry of the project


@pytest.mark.parametrize("wkt", [None, "POLYGON EMPTY", "MULTIPOLYGON EMPTY", "POLYGON ((1 1, 2 2, 3 3, 1 1))"])
def test_without_geometry_there_is_only_missing_geometry(check: Any, site: Any, brief: Any, wkt: str | None) -> None:
    shape = None if wkt is None else shapely.from_wkt(wkt)
    result = check([site(shape, zone_codes='{"9"}', counties=None, project_type="construction")])
    assert brief(result) == [("A1", "missing_geometry", "undetermined", None)]
    assert (result.findings[0].area_m2, result.findings[0].geometry, result.projects[0].area_m2) == (None, None, None)


def test_coordinates_that_are_no_numbers_are_missing_geometry_with_the_reason(
    plan: Any, rules: Any, site: Any, brief: Any
) -> None:
    tables = plan(project=[site(None)])
    stored = tables["project"]
    damaged = Rows("project", stored.fids, stored.columns, stored.geometry, {0: "geometry.not_finite"})
    result = check_siting(PlanTables({**tables.rows, "project": damaged}), rules)
    assert brief(result) == [("A1", "missing_geometry", "undetermined", None)]
    assert result.findings[0].advice.startswith("Geometry fault: ")


def test_a_mended_geometry_is_said_and_measured_as_mended(check: Any, box: Any, site: Any, only: Any) -> None:
    """Both halves of the bow-tie count."""
    shape = shapely.from_wkt(BOW_TIE)
    result = check([site(shape)], red_line=[{"geom": box(10, 10, 2, 2), "code": "L"}])
    assert rules_of(result, "review") == ["invalid_geometry"]
    assert "crosses itself" in only(result, "invalid_geometry").advice
    halves = shapely.make_valid(shape)
    assert only(result, "red_line").area_m2 == pytest.approx(float(ellipsoidal_area(halves)), rel=1e-12)
    assert result.projects[0].area_m2 == pytest.approx(float(ellipsoidal_area(halves)), rel=1e-12)


def test_what_the_reader_had_to_put_right_is_said(plan: Any, rules: Any, box: Any, site: Any, only: Any) -> None:
    tables = plan(project=[site(box(1, 1))])
    stored = tables["project"]
    closed = Rows("project", stored.fids, stored.columns, stored.geometry, {0: "geometry.unclosed"})
    result = check_siting(PlanTables({**tables.rows, "project": closed}), rules)
    assert only(result, "invalid_geometry").grade == "review"


def test_overlapping_parts_of_a_project_count_once(check: Any, box: Any, site: Any) -> None:
    twice = shapely.multipolygons([box(1, 1, 2, 2), box(1, 1, 2, 2)])
    assert check([site(twice)]).projects[0].area_m2 == pytest.approx(float(ellipsoidal_area(box(1, 1, 2, 2))))


def test_ten_thousand_parts_give_one_finding_a_target(check: Any, box: Any, site: Any, only: Any) -> None:
    parts = shapely.multipolygons([box(x / 4, y / 4, 0.1, 0.1) for x in range(100) for y in range(100)])
    result = check([site(parts)], red_line=[{"geom": box(0, 0, 50, 50), "code": "L"}])
    assert only(result, "red_line").share_pct == pytest.approx(100)
    assert result.dropped_slivers == 0


def test_a_project_over_the_whole_city(check: Any, box: Any, site: Any, brief: Any) -> None:
    line = [{"geom": box(10, 10), "code": "L"}]
    result = check([site(box(-10, -10, 120, 120))], red_line=line)
    assert [f[1:] for f in brief(result)] == [
        ("outside_plan", "violation", None),
        ("outside_zone", "violation", "1"),
        ("red_line", "permitted", "L"),
    ]
    assert result.findings[2].area_m2 == pytest.approx(float(ellipsoidal_area(box(10, 10))), rel=1e-12)


# --- zones and key areas


def test_outside_the_plan_and_its_zone(check: Any, box: Any, site: Any) -> None:
    """Half of the site lies west of everything."""
    result = check([site(box(-1, 5, 2, 1))])
    assert [(f.rule, f.grade, f.target_code, round(f.share_pct, 6)) for f in result.findings] == [
        ("outside_plan", "violation", None, 50),
        ("outside_zone", "violation", "1", 50),
    ]
    assert shapely.equals(result.findings[0].geometry, box(-1, 5))


def test_in_the_plan_but_in_another_zone(check: Any, box: Any, site: Any, only: Any) -> None:
    result = check([site(box(49, 5, 4, 1))])
    finding = only(result, "outside_zone")
    assert (finding.grade, finding.target_code, finding.target_name) == ("violation", "1", "West")
    assert finding.share_pct == pytest.approx(75)


def test_the_zones_named_are_one_target_sorted(check: Any, box: Any, site: Any, only: Any) -> None:
    zones = [{"geom": box(10 * c, 0, 10, 100), "code": str(c), "name": f"Z{c}"} for c in (1, 2, 3, 4)]
    result = check([site(box(15, 5, 30, 1), zone_codes='{"4","1"}')], restoration_zone=zones)
    finding = only(result, "outside_zone")
    assert (finding.target_code, round(finding.share_pct)) == ("1,4", 67)
    assert shapely.get_num_geometries(finding.geometry) == 1, "zones 2 and 3 lie side by side"


@pytest.mark.parametrize("written", ['{"2","1"}', "{1,2}", "1,2", ' { "1" , "2" } '])
def test_a_list_is_read_as_people_write_it(check: Any, box: Any, site: Any, written: str) -> None:
    assert check([site(box(49, 5, 2, 1), zone_codes=written)]).findings == []


def test_an_unknown_zone_is_said_and_the_known_ones_are_measured(check: Any, box: Any, site: Any, brief: Any) -> None:
    result = check([site(box(49, 5, 2, 1), zone_codes='{"9","1","8"}')])
    assert brief(result) == [
        ("A1", "outside_zone", "undetermined", "9"),
        ("A1", "outside_zone", "undetermined", "8"),
        ("A1", "outside_zone", "violation", "1"),
    ]


def test_a_zone_without_geometry_counts_as_unknown(check: Any, box: Any, site: Any, brief: Any) -> None:
    zones = [{"geom": box(0, 0, 50, 100), "code": "1"}, {"geom": None, "code": "2", "name": "not built"}]
    result = check([site(box(5, 5), zone_codes='{"1","2"}')], restoration_zone=zones)
    assert brief(result) == [("A1", "outside_zone", "undetermined", "2")]
    assert result.findings[0].target_name == "not built"


@pytest.mark.parametrize("nothing", [None, "{}", "", " "])
def test_a_project_that_names_no_zone_or_county_has_one_finding_of_each(
    check: Any, box: Any, site: Any, brief: Any, nothing: str | None
) -> None:
    """Wherever it lies, and not for key areas, which need not be named."""
    result = check([site(box(5, 5), zone_codes=nothing, counties=nothing, key_area_codes=nothing)])
    assert brief(result) == [
        ("A1", "outside_zone", "undetermined", None),
        ("A1", "county_mismatch", "undetermined", None),
    ]


def test_outside_its_key_areas_is_for_review(check: Any, box: Any, site: Any, brief: Any) -> None:
    sites = [
        site(box(9, 5, 2, 1), "in and out", key_area_codes='{"K"}'),
        site(box(30, 5), "unknown", key_area_codes="X"),
    ]
    assert brief(check(sites)) == [
        ("in and out", "outside_key_area", "review", "K"),
        ("unknown", "outside_key_area", "undetermined", "X"),
    ]


def test_gaps_between_zones_are_outside_the_plan(check: Any, box: Any, site: Any, only: Any) -> None:
    zones = [{"geom": box(0, 0, 10, 100), "code": "1"}, {"geom": box(11, 0, 10, 100), "code": "1"}]
    finding = only(check([site(box(9, 5, 3, 1))], restoration_zone=zones), "outside_plan")
    assert finding.share_pct == pytest.approx(100 / 3)


def test_zones_that_overlap_are_one_union(check: Any, box: Any, site: Any, only: Any) -> None:
    zones = [{"geom": box(0, 0, 10, 100), "code": "1"}, {"geom": box(5, 0, 10, 100), "code": "2"}]
    finding = only(check([site(box(6, 5, 10, 1))], restoration_zone=zones), "outside_plan")
    assert finding.share_pct == pytest.approx(10)


# --- layers


NEEDS = {
    "restoration_zone": ["outside_plan", "outside_zone"],
    "key_area": ["outside_key_area"],
    "red_line": ["red_line"],
    "nature_reserve": ["reserve_core", "reserve_general"],
    "basic_farmland": ["basic_farmland"],
    "urban_boundary": ["urban_boundary"],
    "admin_unit": ["county_mismatch"],
}


@pytest.mark.parametrize(
    "content", [[], [{"code": "1", "name": "row without geometry", "level": "county"}]], ids=["no row", "no geometry"]
)
@pytest.mark.parametrize(("layer", "rules_without"), NEEDS.items())
def test_a_layer_without_geometry_is_undetermined_not_pass(
    check: Any, box: Any, site: Any, layer: str, rules_without: list[str], content: list[dict[str, Any]]
) -> None:
    """One finding per project of the kinds concerned; the run says it once."""
    building = {"project_type": "construction", "key_area_codes": "K"}
    result = check(
        [site(box(1, 1), "A", **building), site(box(3, 3), "B", **building), site(box(5, 5), "C")], **{layer: content}
    )
    concerned = ["A", "B"] if layer in ("urban_boundary", "key_area") else ["A", "B", "C"]
    got = [(f.project_code, f.rule) for f in result.findings if f.grade == "undetermined"]
    assert got == [(code, rule) for code in concerned for rule in rules_without]
    assert len(result.notes) == 1
    assert all(f.advice == str(result.notes[0]) for f in result.findings)


def test_reserves_without_a_core_are_data_not_a_lack(check: Any, box: Any, site: Any) -> None:
    result = check([site(box(1, 1))], nature_reserve=[{"geom": box(0, 900), "code": "R", "control": "general"}])
    assert (result.findings, result.notes) == ([], ())


def test_faulty_control_lines_are_mended_and_said_once(check: Any, box: Any, site: Any, only: Any) -> None:
    result = check([site(box(10, 10, 2, 2))], red_line=[{"geom": shapely.from_wkt(BOW_TIE), "code": "L"}])
    assert only(result, "red_line").share_pct == pytest.approx(50, abs=0.1)
    assert [note.id for note in result.notes] == ["siting.target_repaired"]


def test_one_finding_for_each_target_feature(check: Any, box: Any, site: Any, brief: Any) -> None:
    """Targets that overlap each other are each told, and a project in two pieces of one target once."""
    lines = [
        {"geom": shapely.union_all([box(10, 10), box(12, 10)]), "code": "pieces"},
        {"geom": box(10, 10, 3, 1), "code": "all"},
        {"geom": box(13, 10), "code": "touches"},
    ]
    result = check([site(box(10, 10, 3, 1))], red_line=lines)
    assert [(f[3], round(x.share_pct)) for f, x in zip(brief(result), result.findings)] == [
        ("pieces", 67),
        ("all", 100),
    ]
    assert shapely.get_num_geometries(result.findings[0].geometry) == 2


# --- other projects


def test_an_overlap_of_projects_is_told_to_both_once(check: Any, box: Any, site: Any, brief: Any) -> None:
    result = check(
        [site(box(1, 1, 2, 2), "A"), site(box(2, 2, 2, 2), "B"), site(box(3, 1), "touches A"), site(box(9, 9), "C")]
    )
    assert brief(result) == [("A", "project_overlap", "review", "B"), ("B", "project_overlap", "review", "A")]
    first, second = result.findings
    assert first.area_m2 == second.area_m2 == pytest.approx(float(ellipsoidal_area(box(2, 2))))


def test_projects_of_one_code_are_still_two(check: Any, box: Any, site: Any, brief: Any) -> None:
    result = check([site(box(1, 1, 2, 2), "A"), site(box(2, 2, 2, 2), "A"), site(box(9, 9), None)])
    assert brief(result) == [("A", "project_overlap", "review", "A")] * 2
    assert [note.id for note in result.notes] == ["siting.code_missing", "siting.duplicate_codes"]


# --- counties


COUNTIES = [("210521", "本溪满族自治县", 0), ("210522", "桓仁满族自治县", 10)]


@pytest.fixture
def two_counties(box: Any) -> list[dict[str, Any]]:
    """本溪满族自治县 in columns 0–9, 桓仁满族自治县 in 10–19."""
    return [{"geom": box(x, 0, 10, 100), "code": c, "name": n, "level": "county"} for c, n, x in COUNTIES]


def test_a_county_entered_but_not_named(check: Any, box: Any, site: Any, only: Any, two_counties: Any) -> None:
    finding = only(check([site(box(9, 5, 4, 1))], admin_unit=two_counties), "county_mismatch")
    assert (finding.grade, finding.target_code, finding.target_name) == ("review", "210522", "桓仁满族自治县")
    assert finding.share_pct == pytest.approx(75)


def test_a_county_named_but_not_touched(check: Any, box: Any, site: Any, only: Any, two_counties: Any) -> None:
    sites = [site(box(5, 5), counties='{"本溪满族自治县","桓仁满族自治县"}')]
    finding = only(check(sites, admin_unit=two_counties), "county_mismatch")
    assert (finding.grade, finding.target_code, finding.area_m2, finding.geometry) == ("review", "210522", 0.0, None)


def test_a_county_that_does_not_exist_is_told_as_written(
    check: Any, box: Any, site: Any, only: Any, two_counties: Any
) -> None:
    sites = [site(box(5, 5), counties='{"本溪满族自治县","无名县"}')]
    finding = only(check(sites, admin_unit=two_counties), "county_mismatch")
    assert (finding.grade, finding.target_name, finding.geometry) == ("review", "无名县", None)


def test_short_names_of_counties_count(check: Any, box: Any, site: Any, two_counties: Any) -> None:
    assert check([site(box(9, 5, 2, 1), counties="本溪县,桓仁县")], admin_unit=two_counties).findings == []


def test_a_border_county_is_touched(check: Any, box: Any, site: Any, two_counties: Any) -> None:
    """It shares an edge with the county that it names beside its own."""
    sites = [site(box(9, 5), counties='{"本溪满族自治县","桓仁满族自治县"}')]
    assert check(sites, admin_unit=two_counties).findings == []


def test_without_county_rows_towns_tell_the_county(check: Any, box: Any, site: Any, brief: Any) -> None:
    towns = [
        {"geom": box(0, 0, 5, 100), "code": "T1", "name": "甲镇", "level": "town", "county": "本溪县"},
        {"geom": box(5, 0, 5, 100), "code": "T2", "name": "乙镇", "level": "part", "county": "本溪满族自治县"},
        {"geom": box(10, 0, 5, 100), "code": "T3", "name": "丙镇", "level": "town", "county": "桓仁县"},
    ]
    result = check([site(box(4, 5, 2, 1)), site(box(4, 9, 7, 1), "A2")], admin_unit=towns)
    assert brief(result) == [("A2", "county_mismatch", "review", "桓仁县")]


def test_a_plot_without_measurable_area_does_not_stop_the_check(check: Any, site: Any, two_counties: Any) -> None:
    """Valid, but of one bit's width: its area is nought, and no share can be told."""
    x = np.nextafter(124.05, 125)
    dot = shapely.Polygon([(124.05, 41.05), (x, 41.05), (124.05, np.nextafter(41.05, 42)), (124.05, 41.05)])
    result = check([site(dot, counties="本溪县,桓仁县")], admin_unit=two_counties)
    assert [(f.rule, f.share_pct) for f in result.findings] in ([("county_mismatch", None)], [("county_mismatch", 0.0)])


# --- slivers, texts, stopping


def test_slivers_are_not_reported_but_counted(check: Any, box: Any, site: Any) -> None:
    """The site reaches 1 cm over the zone's and plan's western border."""
    width = 0.01 / 840  # one cell is about 840 m wide
    result = check([site(box(-width, 5, 1, 1))])
    assert (result.findings, result.dropped_slivers) == ([], 2)


@pytest.mark.parametrize(
    "code", ['a"b', "a'b", "a,b", "{a}", "'; DROP TABLE project; --", "a\\b", "{detail}", "分区 1"]
)
def test_codes_of_any_characters(check: Any, box: Any, site: Any, brief: Any, code: str) -> None:
    """Written as QGIS writes them, they are the codes they are; as text in a sentence they do no harm."""
    from restoration_planner.core.plan.lists import write_list

    zones = [{"geom": box(0, 0, 50, 100), "code": code, "name": code}]
    inside = site(box(5, 5), code, zone_codes=write_list([code]))
    outside = site(box(60, 5), "B", zone_codes=write_list([code, f"no {code}"]))
    result = check(
        [inside, outside], restoration_zone=zones, red_line=[{"geom": box(5, 5), "code": code, "name": code}]
    )
    assert brief(result) == [
        (code, "red_line", "permitted", code),
        ("B", "outside_plan", "violation", None),
        ("B", "outside_zone", "undetermined", f"no {code}"),
        ("B", "outside_zone", "violation", code),
    ]
    assert f"no {code}" in result.findings[2].advice


def test_the_empty_plan_has_no_findings(bare_plan: Any, rules: Any) -> None:
    result = check_siting(bare_plan(), rules)
    assert (result.projects, result.notes, result.dropped_slivers) == ((), (), 0)


def test_cancelling_at_any_moment_publishes_nothing(plan: Any, rules: Any, box: Any, site: Any) -> None:
    tables = plan(
        project=[site(box(1, 1, 60, 2), "A"), site(box(2, 2, 60, 2), "B")], red_line=[{"geom": box(2, 2), "code": "L"}]
    )
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    check_siting(tables, rules, cancelled=count)
    for moment in range(asked):
        left = iter([False] * moment)
        with pytest.raises(Cancelled):
            check_siting(tables, rules, cancelled=lambda left=left: next(left, True))


def test_progress_rises_to_the_end(plan: Any, rules: Any, box: Any, site: Any) -> None:
    seen: list[tuple[float, str]] = []
    check_siting(
        plan(project=[site(box(1, 1))]), rules, progress=lambda share, message: seen.append((share, str(message)))
    )
    assert [s for s, _ in seen] == sorted(s for s, _ in seen)
    assert seen[-1][0] == 1.0
    assert all(message for _, message in seen)
