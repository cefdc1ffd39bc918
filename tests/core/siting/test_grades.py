"""The grade table of the domain notes, case by case, in its order: the first matching case wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

OPINION = {"opinion_ref": "本政函〔2026〕1号"}
RESTORATION = ("mine", "forest_grass", "soil_water", "water", "farmland", "urban", "network")

#: Fields of a project → grade in a red line and in a reserve's general zone.
CONSERVATION = [
    ({"project_type": "construction", **OPINION}, "review"),
    ({"project_type": "mining", **OPINION, "new_construction_land": True}, "review"),
    ({"project_type": "construction"}, "violation"),
    ({"project_type": "mining", "listed_in_plan": None}, "violation"),
    ({"project_type": "mining", "opinion_ref": "  "}, "violation"),
    ({"project_type": None, **OPINION}, "review"),
    ({"project_type": "a kind nobody knows", **OPINION}, "review"),
    ({"listed_in_plan": False, **OPINION}, "review"),
    ({"listed_in_plan": None, **OPINION}, "review"),
    ({"new_construction_land": True}, "review"),
    ({"new_construction_land": None}, "review"),
    ({"temporary_land": True}, "review"),
    ({"temporary_land": None}, "permitted"),
    ({"new_construction_land": True, "temporary_land": True, **OPINION}, "permitted"),
    ({"new_construction_land": None, **OPINION}, "permitted"),
    ({}, "permitted"),
    *(({"project_type": kind}, "permitted") for kind in RESTORATION),
]
CORE = [
    ({"project_type": "construction", **OPINION}, "violation"),
    ({"project_type": "mining"}, "violation"),
    ({"new_construction_land": True, **OPINION}, "violation"),
    ({"new_construction_land": None}, "review"),
    ({"project_type": None}, "review"),
    ({}, "review"),
]
FARMLAND = [
    ({"project_type": "farmland", "new_construction_land": True}, "violation"),
    *(
        ({"project_type": k}, "violation")
        for k in ("forest_grass", "network", "urban", "water", "construction", "mining")
    ),
    ({"project_type": "water", "temporary_land": True}, "violation"),
    ({"project_type": "farmland", "temporary_land": True}, "review"),
    ({"project_type": "farmland"}, "permitted"),
    ({"project_type": "farmland", "new_construction_land": None}, "permitted"),
    ({"project_type": "mine"}, "review"),
    ({"project_type": "soil_water"}, "review"),
    ({"project_type": None}, "review"),
]
CASES = [
    *(("red_line", "red_line", {}, fields, grade) for fields, grade in CONSERVATION),
    *(("nature_reserve", "reserve_general", {"control": "general"}, fields, grade) for fields, grade in CONSERVATION),
    *(("nature_reserve", "reserve_core", {"control": "core"}, fields, grade) for fields, grade in CORE),
    *(("nature_reserve", "reserve_core", {"control": None}, fields, grade) for fields, grade in CORE[:2]),
    *(("basic_farmland", "basic_farmland", {}, fields, grade) for fields, grade in FARMLAND),
]


@pytest.mark.parametrize(("layer", "rule", "target", "fields", "grade"), CASES)
def test_a_project_on_a_control_line(
    check: Any,
    box: Any,
    site: Any,
    only: Any,
    layer: str,
    rule: str,
    target: dict[str, Any],
    fields: dict[str, Any],
    grade: str,
) -> None:
    lines = [{"geom": box(20, 20, 5, 5), "code": "L", "name": "line", **target}]
    result = check([site(box(24, 24, 2, 2), **fields)], **{layer: lines})
    finding = only(result, rule)
    assert (finding.grade, finding.target_layer, finding.target_code, finding.target_name) == (
        grade,
        layer,
        "L",
        "line",
    )
    assert finding.share_pct == pytest.approx(25, abs=0.01)
    assert finding.advice
    assert finding.basis


@pytest.mark.parametrize(
    ("fields", "fires"),
    [
        ({"project_type": "construction"}, True),
        ({"project_type": "construction", "new_construction_land": None}, True),
        ({"project_type": "mine", "new_construction_land": True}, True),
        ({"project_type": None, "new_construction_land": True}, True),
        ({"project_type": "mining"}, False),
        ({"project_type": "urban"}, False),
        ({"new_construction_land": None}, False),
    ],
)
def test_only_building_has_to_stay_in_the_urban_boundary(
    check: Any, box: Any, site: Any, fields: dict[str, Any], fires: bool
) -> None:
    town = [{"geom": box(20, 20, 5, 5), "code": "U1"}, {"geom": box(25, 20, 5, 5), "code": "U2", "kind": "elastic"}]
    result = check([site(box(24, 24, 4, 2), **fields)], urban_boundary=town)
    found = [(f.grade, f.target_code, round(f.share_pct)) for f in result.findings if f.rule == "urban_boundary"]
    assert found == ([("review", None, 50)] if fires else [])


@pytest.mark.parametrize(
    ("grades", "worst"),
    [
        ({"outside_plan", "red_line"}, "violation"),
        ({"invalid_geometry", "red_line"}, "review"),
        ({"no county", "red_line"}, "undetermined"),
        ({"no county", "invalid_geometry"}, "review"),
        ({"red_line"}, "permitted"),
        (set(), "pass"),
    ],
)
def test_a_project_has_its_worst_findings_grade(check: Any, box: Any, site: Any, grades: set[str], worst: str) -> None:
    """Violation, review, undetermined, permitted, pass."""
    import shapely

    place = box(0, 20, 2, 2)
    if "outside_plan" in grades:
        place = box(-1, 20, 3, 2)
    if "invalid_geometry" in grades:
        place = shapely.from_wkt("POLYGON ((124 41.2, 124.02 41.22, 124.02 41.2, 124 41.22, 124 41.2))")
    fields = {"counties": None} if "no county" in grades else {}
    lines = (
        [{"geom": box(0, 20, 2, 2), "code": "L"}] if "red_line" in grades else [{"geom": box(0, 900), "code": "far"}]
    )
    result = check([site(place, **fields)], red_line=lines)
    assert result.projects[0].grade == worst
    assert result.summary == {g: int(g == worst) for g in ("violation", "review", "undetermined", "permitted", "pass")}


def test_a_core_inside_a_red_line_yields_both(check: Callable[..., Any], box: Any, site: Any, brief: Any) -> None:
    result = check(
        [site(box(21, 21))],
        red_line=[{"geom": box(20, 20, 5, 5), "code": "L"}],
        nature_reserve=[{"geom": box(20, 20, 3, 3), "code": "R", "control": "core"}],
    )
    assert brief(result) == [("A1", "red_line", "permitted", "L"), ("A1", "reserve_core", "review", "R")]
    assert result.projects[0].grade == "review"
