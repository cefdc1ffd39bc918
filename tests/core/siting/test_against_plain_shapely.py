"""The whole check against a slow, plain one: whole geometries, one pair after another, its own area formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.geometry import polygon_index
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.live import LiveCheck

KINDS = ("mine", "forest_grass", "soil_water", "water", "farmland", "urban", "network", "construction", "mining", None)
Found = dict[tuple[str, str, str | None], tuple[str, float | None]]


def area(shape: Any) -> float:
    """The official formula as it is printed, edge by edge with the reference meridian at 124°E, summed exactly."""
    f = 1 / 298.257222101
    e2, b = f * (2 - f), 6378137.0 * (1 - f)
    A = 1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4
    B = 1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4
    C = 3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4
    D = 1 / 112 * e2**3 + 45 / 2304 * e2**4
    E = 5 / 2304 * e2**4
    total = 0.0
    for polygon in shapely.get_parts(shape):
        for number, ring in enumerate(shapely.get_rings(polygon)):
            strips = []
            points = [(math.radians(x - 124), math.radians(y)) for x, y in shapely.get_coordinates(ring)]
            for (l1, b1), (l2, b2) in zip(points, points[1:]):
                half, m = (b2 - b1) / 2, (b1 + b2) / 2
                series = A * math.sin(half) * math.cos(m) - B * math.sin(3 * half) * math.cos(3 * m)
                series += C * math.sin(5 * half) * math.cos(5 * m) - D * math.sin(7 * half) * math.cos(7 * m)
                series += E * math.sin(9 * half) * math.cos(9 * m)
                strips.append(2 * b * b * (l1 + l2) / 2 * series)
            total += abs(math.fsum(strips)) * (1 if number == 0 else -1)
    return total


def perimeter(shape: Any) -> float:
    """Metres, on the ellipsoid's tangent plane at each edge: good enough for the gate of pieces that are not close to it."""
    metres = 0.0
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        for (x1, y1), (x2, y2) in zip(*(lambda c: (c, c[1:]))(shapely.get_coordinates(ring).tolist())):
            metres += math.hypot((x2 - x1) * 111_320 * math.cos(math.radians(y1)), (y2 - y1) * 111_050)
    return metres


def kept(shape: Any) -> float | None:
    """The area of the pieces that pass the gate, or None where none does."""
    areas = [(area(p), perimeter(p)) for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    passing = [a for a, length in areas if a >= 1 and 2 * a / length >= 0.05]
    return sum(passing) if passing else None


def plainly(layers: dict[str, list[dict[str, Any]]]) -> Found:
    """Project code, rule and target → grade and area; written from the contract and the domain notes alone."""
    found: Found = {}
    zones, keys = layers["restoration_zone"], layers["key_area"]
    for p in layers["project"]:
        shape, code = p["geom"], p["code"]
        if shape is None or shape.is_empty:
            found[code, "missing_geometry", None] = "undetermined", None
            continue
        if not shape.is_valid:
            found[code, "invalid_geometry", None] = "review", None
            shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        building = p["project_type"] in ("construction", "mining")

        def note(rule: str, target: str | None, grade: str, part: Any, code: str = code) -> None:
            if (size := kept(part)) is not None:
                found[code, rule, target] = grade, size

        note("outside_plan", None, "violation", shape.difference(shapely.union_all([z["geom"] for z in zones])))
        for rule, layer, named, grade in (
            ("outside_zone", zones, p["zones"], "violation"),
            ("outside_key_area", keys, p["keys"], "review"),
        ):
            known = sorted({t["code"] for t in layer} & set(named))
            for missing in set(named) - set(known):
                found[code, rule, missing] = "undetermined", None
            if known:
                union = shapely.union_all([t["geom"] for t in layer if t["code"] in known])
                note(rule, ",".join(known), grade, shape.difference(union))
            if not named and rule == "outside_zone":
                found[code, rule, None] = "undetermined", None
        lands = p["new_construction_land"] is not False or p["temporary_land"]
        if building:
            line = "review" if p["opinion_ref"] else "violation"
        elif p["project_type"] and p["listed_in_plan"] and (p["opinion_ref"] or not lands):
            line = "permitted"
        else:
            line = "review"
        core = "violation" if building or p["new_construction_land"] else "review"
        if p["new_construction_land"] or p["project_type"] in (
            "forest_grass",
            "network",
            "urban",
            "water",
            "construction",
            "mining",
        ):
            farm = "violation"
        elif p["temporary_land"] or p["project_type"] != "farmland":
            farm = "review"
        else:
            farm = "permitted"
        for t in layers["red_line"]:
            note("red_line", t["code"], line, shape.intersection(t["geom"]))
        for t in layers["nature_reserve"]:
            general = t["control"] == "general"
            rule = "reserve_general" if general else "reserve_core"
            note(rule, t["code"], line if general else core, shape.intersection(t["geom"]))
        for t in layers["basic_farmland"]:
            note("basic_farmland", t["code"], farm, shape.intersection(t["geom"]))
        if p["project_type"] == "construction" or p["new_construction_land"]:
            towns = shapely.union_all([t["geom"] for t in layers["urban_boundary"]])
            note("urban_boundary", None, "review", shape.difference(towns))
        for q in layers["project"]:
            other = q["geom"]
            if q is not p and other is not None:
                note("project_overlap", q["code"], "review", shape.intersection(shapely.make_valid(other)))
        for county in layers["admin_unit"]:
            if county["name"] in p["named_counties"]:
                if not shape.intersects(county["geom"]):
                    found[code, "county_mismatch", county["code"]] = "review", 0.0
            elif p["named_counties"]:
                note("county_mismatch", county["code"], "review", shape.intersection(county["geom"]))
        if not p["named_counties"]:
            found[code, "county_mismatch", None] = "undetermined", None
    return found


def outline(random: np.random.Generator, x: float, y: float, size: float, corners: int, roughness: float = 0.4) -> Any:
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    distance = size * (1 - roughness * random.random(corners))
    return shapely.Polygon(np.c_[x + distance * np.cos(angle), y + distance * np.sin(angle)])


def random_plan(seed: int, projects: int) -> dict[str, list[dict[str, Any]]]:
    """Half a degree square: four zones, three counties, large ragged control lines, projects of all sizes."""
    random = np.random.default_rng(seed)
    cut = random.uniform(0.2, 0.3)
    edges = [(124, 41, 124 + cut, 41 + cut), (124 + cut, 41, 124.5, 41 + cut)]
    edges += [(124, 41 + cut, 124 + cut, 41.5), (124 + cut, 41 + cut, 124.5, 41.5)]

    def anywhere(size: float, corners: int) -> Any:
        return outline(random, *(np.array([124.0, 41.0]) + random.uniform(0, 0.5, 2)), size, corners)

    def some(*values: Any) -> Any:
        return values[random.integers(len(values))]

    made = []
    for i in range(projects):
        shape = anywhere(float(np.exp(random.uniform(np.log(0.0005), np.log(0.05)))), int(random.integers(4, 40)))
        if i % 7 == 1:
            shape = shapely.union_all([shape, anywhere(0.01, 8)])
        if i % 11 == 2:  # a bow-tie
            x, y = shapely.get_coordinates(shape)[0]
            shape = shapely.Polygon([(x, y), (x + 0.02, y + 0.02), (x + 0.02, y), (x, y + 0.02)])
        if i % 23 == 3:
            shape = some(None, shapely.Polygon())
        zones = [z for z in ("1", "2", "3", "4", "9") if random.random() < 0.4]
        counties = [c for c in ("甲县", "乙区", "丙县") if random.random() < 0.5]
        keys = ["K1"] if random.random() < 0.3 else []
        made.append(
            {
                "geom": shape,
                "code": f"P{i}",
                "zones": zones,
                "zone_codes": ",".join(zones),
                "keys": keys,
                "key_area_codes": ",".join(keys),
                "named_counties": counties,
                "counties": ",".join(counties),
                "project_type": some(*KINDS),
                "opinion_ref": some(None, "意见1号"),
                "listed_in_plan": some(True, True, False, None),
                "new_construction_land": some(True, False, False, None),
                "temporary_land": some(True, False, None),
            }
        )
    return {
        "project": made,
        "restoration_zone": [{"geom": shapely.box(*e), "code": str(i + 1)} for i, e in enumerate(edges)],
        "key_area": [{"geom": anywhere(0.2, 300), "code": "K1"}],
        "admin_unit": [
            {"geom": shapely.box(124 + x, 41, 124.2 + x, 41.5), "name": name, "code": f"c{i}", "level": "county"}
            for i, (x, name) in enumerate(((0, "甲县"), (0.2, "乙区"), (0.4, "丙县")))
        ],
        "red_line": [{"geom": anywhere(0.2, 900), "code": f"L{i}"} for i in range(4)],
        "nature_reserve": [
            {"geom": anywhere(0.1, 100), "code": f"R{i}", "control": (None, "core", "general")[i % 3]} for i in range(6)
        ],
        "basic_farmland": [{"geom": anywhere(0.02, 20), "code": f"F{i}"} for i in range(30)],
        "urban_boundary": [{"geom": anywhere(0.1, 60), "code": f"U{i}"} for i in range(3)],
    }


@pytest.mark.parametrize("seed", range(6))
def test_every_rule_finds_what_plain_shapely_finds(
    bare_plan: Any, rules: Any, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(polygon_index, "SMALL", 32)
    layers = random_plan(seed, 60)
    result = check_siting(bare_plan(**layers), rules)
    found = {(f.project_code, f.rule, f.target_code): (f.grade, f.area_m2) for f in result.findings}
    assert len(found) == len(result.findings), "one finding per project, rule and target"
    plain = plainly(layers)
    assert {k: grade for k, (grade, _) in found.items()} == {k: grade for k, (grade, _) in plain.items()}
    assert len({rule for _, rule, _ in plain}) >= 10, "hardly a rule is left untried"
    for key, (_, expected) in plain.items():
        assert found[key][1] == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-6)), key


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000))
def test_a_project_checked_again_has_the_full_checks_findings(bare_plan: Any, rules: Any, seed: int) -> None:
    """The same to the last digit, overlaps with other projects included: a live figure must not flicker."""
    tables = bare_plan(**random_plan(seed, 25))
    full, live = check_siting(tables, rules), LiveCheck(tables, rules)
    for position, expected in enumerate(full.projects):
        (again,) = live.recheck(tables["project"].take(np.array([position])))
        assert (again.fid, again.code, again.grade, again.area_m2) == (
            expected.fid,
            expected.code,
            expected.grade,
            expected.area_m2,
        )
        assert sorted(map(told, again.findings), key=repr) == sorted(map(told, expected.findings), key=repr)


def told(finding: Any) -> tuple[Any, ...]:
    shape = finding.geometry
    picture = None if shape is None else shapely.normalize(shape).wkb
    return finding.rule, finding.target_code, finding.grade, finding.area_m2, finding.share_pct, finding.advice, picture


def test_several_edited_projects_are_checked_against_each_others_old_place(
    plan: Any, rules: Any, box: Any, site: Any
) -> None:
    """What `recheck` promises: others are measured as they were when the plan was read."""
    from restoration_planner.core.plan.tables import Rows

    tables = plan(project=[site(box(1, 1), "A"), site(box(5, 5), "B")])
    live = LiveCheck(tables, rules)
    stored = tables["project"]
    moved = Rows(
        "project", stored.fids[:1], {k: v[:1] for k, v in stored.columns.items()}, np.array([box(5, 5, 0.5, 0.5)])
    )
    (result,) = live.recheck(moved)
    assert [(f.rule, f.target_code, round(f.share_pct)) for f in result.findings] == [("project_overlap", "B", 100)]
    assert live.recheck(stored.take(np.array([0])))[0].grade == "pass"


def test_a_new_project_is_checked_against_all(plan: Any, rules: Any, box: Any, site: Any, bare_plan: Any) -> None:
    """A project just drawn has a feature id of its own, below nought in QGIS."""
    from restoration_planner.core.plan.tables import Rows

    tables = plan(project=[site(box(1, 1), "A")])
    drawn = bare_plan(project=[site(box(1, 1, 2, 1), "new")])["project"]
    (result,) = LiveCheck(tables, rules).recheck(Rows("project", np.array([-2]), drawn.columns, drawn.geometry))
    assert [(f.rule, f.target_code, round(f.share_pct)) for f in result.findings] == [("project_overlap", "A", 50)]
