"""The live check against the full one: random edits, told one after the other, and never another digit."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.errors import Cancelled
from restoration_planner.core.plan.changed_rows import with_changes
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.findings import CheckResult, Finding
from restoration_planner.core.siting.live import SKETCH_FID, LiveCheck
from restoration_planner.core.siting.rules import RuleSet

from .test_against_plain_shapely import KINDS, random_plan

BOW_TIE = "POLYGON ((124.10 41.10, 124.12 41.12, 124.12 41.10, 124.10 41.12, 124.10 41.10))"


def told(finding: Finding) -> tuple[Any, ...]:
    """Everything that a finding says; its geometry vertex by vertex, in their order."""
    shape = None if finding.geometry is None else finding.geometry.wkb
    return (
        *(finding.rule, finding.grade, finding.target_layer, finding.target_code, finding.target_name),
        *(finding.area_m2, finding.share_pct, finding.advice, finding.basis, finding.reviewed, shape),
    )


def assert_same(tables: PlanTables, live: LiveCheck, rules: RuleSet) -> CheckResult:
    """Every project checked again alone has what the full check finds for it."""
    full = check_siting(tables, rules)
    for position, expected in enumerate(full.projects):
        (again,) = live.recheck(tables["project"].take(np.array([position])))
        assert (again.fid, again.code, again.name, again.grade) == (
            *(expected.fid, expected.code, expected.name),
            expected.grade,
        )
        assert again.area_m2 == expected.area_m2
        assert [told(f) for f in again.findings] == [told(f) for f in expected.findings]
    return full


def random_edit(random: np.random.Generator, rows: Rows, next_fid: int) -> tuple[Rows, list[int]]:
    """One user action: a site moved, taken away, made a bow-tie, in two parts; values changed; a project new or gone."""
    what = random.integers(7)
    position = int(random.integers(len(rows)))
    row = rows.take(np.array([position]))
    columns, geometry, fids = {k: v.copy() for k, v in row.columns.items()}, row.geometry.copy(), row.fids.copy()
    x, y = 124 + random.uniform(0, 0.5), 41 + random.uniform(0, 0.5)
    if what == 0:
        return row.take(np.empty(0, np.intp)), [int(rows.fids[position])]
    if what == 1:
        columns["project_type"][0] = KINDS[random.integers(len(KINDS))]
        columns["zone_codes"][0] = ("1", "1,2", "9", None)[random.integers(4)]
        columns["counties"][0] = ("甲县", "乙区,丙县", "丁县", None)[random.integers(4)]
        columns["code"][0] = f"Q{random.integers(100)}"
    elif what == 2:
        geometry[0] = None
    elif what == 3:
        geometry[0] = shapely.Polygon([(x, y), (x + 0.03, y + 0.03), (x + 0.03, y), (x, y + 0.03)])
    elif what == 4:
        geometry[0] = shapely.multipolygons(
            [shapely.box(x, y, x + 0.02, y + 0.03), shapely.box(x + 0.03, y, x + 0.04, y + 0.1)]
        )
    elif what == 5:
        fids[0] = next_fid
        geometry[0] = shapely.box(x, y, x + random.uniform(0, 0.1), y + 0.02)
    elif geometry[0] is not None:
        geometry[0] = shapely.transform(geometry[0], lambda c: c + random.normal(0, 0.004, 2))
    return Rows("project", fids, columns, geometry), []


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10_000))
def test_after_any_edits_each_project_has_what_the_full_check_finds(bare_plan: Any, rules: Any, seed: int) -> None:
    random = np.random.default_rng(seed)
    tables = bare_plan(**random_plan(seed, 25))
    rows = tables["project"]
    live = LiveCheck(tables, rules)
    for step in range(12):
        changed, removed = random_edit(random, rows, -2 - step)
        live.tell(changed, removed)
        rows = with_changes(rows, changed, removed)
    assert_same(PlanTables({**tables.rows, "project": rows}), live, rules)


def test_the_random_edits_leave_no_rule_untried(bare_plan: Any, rules: Any) -> None:
    """Or the test above would prove little."""
    found = {f.rule for seed in range(4) for f in check_siting(bare_plan(**random_plan(seed, 40)), rules).findings}
    assert found == {rule.id for rule in rules.rules}


def test_pieces_too_small_to_be_meant_are_counted_as_in_the_full_check(bare_plan: Any, rules: Any) -> None:
    """A pair of projects counts once in the full check, and for either of them here."""
    tables = bare_plan(**random_plan(3, 60))
    sliver = shapely.box(124.2, 41.2, 124.2 + 1e-7, 41.4)
    touching = [shapely.box(124.1, 41.2, 124.2 + 1e-7, 41.4), shapely.box(124.2, 41.2, 124.3, 41.4), sliver]
    rows = tables["project"]
    geometry = rows.geometry.copy()
    geometry[:3] = touching
    tables = PlanTables({**tables.rows, "project": Rows("project", rows.fids, rows.columns, geometry)})
    one_each, pairs = (
        RuleSet(tuple(r for r in rules.rules if (r.relation == "must_not_overlap_each_other") == mutual), "test")
        for mutual in (False, True)
    )
    for chosen, counted in ((one_each, 1), (pairs, 2)):
        live = LiveCheck(tables, chosen)
        each = [live.check(tables["project"].take(np.array([p]))).dropped_slivers for p in range(len(rows))]
        full = check_siting(tables, chosen).dropped_slivers
        assert full > 0
        assert sum(each) == counted * full


def test_another_project_is_met_where_it_is_now(plan: Any, rules: Any, box: Any, site: Any) -> None:
    tables = plan(project=[site(box(1, 1), "A"), site(box(5, 5), "B"), site(box(1.5, 1), "C")])
    rows = tables["project"]
    live = LiveCheck(tables, rules)

    def overlapped() -> list[str | None]:
        (result,) = live.recheck(rows.take(np.array([0])))
        return [f.target_code for f in result.findings if f.rule == "project_overlap"]

    assert overlapped() == ["C"]
    moved = Rows("project", rows.fids[1:2], {k: v[1:2] for k, v in rows.columns.items()}, np.array([box(1, 1)]))
    live.tell(moved)
    assert overlapped() == ["B", "C"]
    live.tell(rows.take(np.empty(0, np.intp)), [int(rows.fids[2]), 4711])
    assert overlapped() == ["B"]
    live.tell(rows.take(np.array([1, 2])))
    assert overlapped() == ["C"]


def test_a_review_of_a_finding_is_joined_to_it(plan: Any, rules: Any, box: Any, site: Any) -> None:
    red = {"geom": box(1, 1, 2, 2), "code": "L", "name": "Line"}
    review = {"project_code": "A", "rule": "red_line", "target_code": "L", "area_m2": 1e9, "decision": "accepted"}
    tables = plan(project=[site(box(1, 1), "A")], red_line=[red], siting_review=[review])
    (result,) = LiveCheck(tables, rules).recheck(tables["project"])
    assert [(f.rule, f.reviewed) for f in result.findings if f.rule == "red_line"] == [("red_line", "accepted")]


def test_a_changed_layer_is_indexed_anew_and_the_others_are_kept(plan: Any, rules: Any, box: Any, site: Any) -> None:
    tables = plan(project=[site(box(1, 1), "A")])
    first = LiveCheck(tables, rules)
    farm, zone = first._targets.index("basic_farmland"), first._targets.union_index("restoration_zone")
    red = plan(red_line=[{"geom": box(1, 1, 0.5, 1), "code": "N", "name": "New"}])["red_line"]
    changed = PlanTables({**tables.rows, "red_line": red})
    second = LiveCheck(changed, rules, before=first)
    assert second._targets.index("basic_farmland") is farm
    assert second._targets.union_index("restoration_zone") is zone
    full = assert_same(changed, second, rules)
    assert [(f.rule, f.target_code) for f in full.findings] == [("red_line", "N")]


def test_a_changed_county_is_seen(plan: Any, rules: Any, box: Any, site: Any) -> None:
    tables = plan(project=[site(box(1, 1), "A")])
    first = LiveCheck(tables, rules)
    assert first.recheck(tables["project"])[0].grade == "pass"
    other = plan(admin_unit=[{"geom": box(0, 0, 100, 100), "code": "2", "name": "别县", "level": "county"}])[
        "admin_unit"
    ]
    changed = PlanTables({**tables.rows, "admin_unit": other})
    full = assert_same(changed, LiveCheck(changed, rules, before=first), rules)
    assert {f.rule for f in full.findings} == {"county_mismatch"}


def test_a_sketch_names_nothing_yet_and_is_not_blamed_for_it(
    bare_plan: Any, plan: Any, rules: Any, box: Any, site: Any
) -> None:
    tables = plan(project=[site(box(1, 1), "A")], red_line=[{"geom": box(2.5, 1, 1, 1), "code": "L", "name": "Line"}])
    drawn = bare_plan(project=[{"geom": box(1.5, 1, 1.5, 1)}])["project"]
    sketch = Rows("project", np.array([SKETCH_FID]), drawn.columns, drawn.geometry)
    live = LiveCheck(tables, rules)
    (with_names,) = live.recheck(sketch)
    (without,) = live.check(sketch, by_names=False).projects
    assert [(f.rule, f.target_code, round(f.share_pct or 0)) for f in without.findings] == [
        ("red_line", "L", 33),
        ("project_overlap", "A", 33),
    ]
    assert {f.rule for f in with_names.findings} - {f.rule for f in without.findings} == {
        "outside_zone",
        "county_mismatch",
    }


def test_a_sketch_has_the_digits_that_it_will_have_as_a_new_feature(plan: Any, rules: Any, box: Any, site: Any) -> None:
    """QGIS gives new features ids below nought, each lower than the last; the digits of an overlap depend on their order."""
    tables = plan(project=[site(shapely.buffer(box(k, k, 1.3, 1.7), 0.001), f"A{k}") for k in range(3)])
    shape = shapely.multipolygons(
        [shapely.buffer(box(0.3, 0.4, 1, 1), 0.002), shapely.buffer(box(2.1, 2, 3, 1), 0.003)]
    )
    live = LiveCheck(tables, rules)

    def as_feature(fid: int) -> list[tuple[Any, ...]]:
        one = tables["project"].take(np.array([0]))
        (result,) = live.recheck(Rows("project", np.array([fid]), one.columns, np.array([shape])))
        return [told(f) for f in result.findings]

    assert as_feature(SKETCH_FID) == as_feature(-7)
    assert len(as_feature(-7)) >= 3


def test_a_crossing_sketch_counts_with_both_halves_and_is_said(bare_plan: Any, plan: Any, rules: Any) -> None:
    tables = plan()
    drawn = bare_plan(project=[{"geom": shapely.from_wkt(BOW_TIE)}])["project"]
    (result,) = LiveCheck(tables, rules).check(drawn, by_names=False).projects
    (finding,) = result.findings
    assert finding.rule == "invalid_geometry"
    assert "crosses itself at 124.110000, 41.110000" in finding.advice
    halves = shapely.make_valid(shapely.from_wkt(BOW_TIE))
    assert result.area_m2 == pytest.approx(
        sum(
            p.area_m2
            for p in check_siting(bare_plan(project=[{"geom": half} for half in halves.geoms]), rules).projects
        ),
        rel=1e-12,
    )


def test_getting_ready_can_be_cancelled(plan: Any, rules: Any, box: Any, site: Any) -> None:
    with pytest.raises(Cancelled):
        LiveCheck(plan(project=[site(box(1, 1))]), rules, cancelled=lambda: True)


def test_thousands_of_projects_can_be_told_at_once(plan: Any, rules: Any, box: Any, site: Any) -> None:
    """As after an import: in processor time, so that a busy machine does not fail it."""
    many = plan(project=[site(box(i % 90, i // 90, 0.5, 0.5), f"N{i}") for i in range(8000)])["project"]
    live = LiveCheck(plan(project=[]), rules)
    started = time.process_time()
    live.tell(many)
    live.tell(many.take(np.empty(0, np.intp)), many.fids[:4000].tolist())
    assert time.process_time() - started < 2
    (result,) = live.recheck(many.take(np.array([10])))
    assert result.grade == "pass"


@pytest.mark.parametrize("added_first", [False, True])
def test_rows_with_changes_keep_their_places(bare_plan: Any, added_first: bool) -> None:
    rows = bare_plan(project=[{"code": c, "geom": None} for c in "ABC"])["project"]
    changed = Rows(
        "project", np.array([2, 9]), {"code": np.array(["b", "new"], object)}, np.array([None, None]), {1: "x"}
    )
    after = with_changes(rows, changed, [3, 77], added_first)
    expected = ["new", "A", "b"] if added_first else ["A", "b", "new"]
    assert after["code"].tolist() == expected
    assert after.damage == {expected.index("new"): "x"}
    assert with_changes(rows, Rows.empty("project")) is rows
