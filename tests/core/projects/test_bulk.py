"""Fields of many projects changed together: new values, and what does not fit any more."""

from __future__ import annotations

import time
from typing import Any

import pytest

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.projects.bulk import FIELDS, Edit, common_value, new_value, plan_edits


@pytest.mark.parametrize(
    ("old", "edit", "expected"),
    [
        ('{"1"}', Edit("zone_codes", "add", ("2",)), '{"1","2"}'),
        ("1,2", Edit("zone_codes", "add", ("2",)), "1,2"),
        (None, Edit("zone_codes", "add", ("2", "2")), '{"2"}'),
        ('{"1","2"}', Edit("zone_codes", "remove", ("1",)), '{"2"}'),
        ('{"1"}', Edit("zone_codes", "remove", ("1",)), None),
        ("{}", Edit("zone_codes", "remove", ("1",)), "{}"),
        ('{"1"}', Edit("zone_codes", "set", ("２", "3")), '{"2","3"}'),
        ('{"1"}', Edit("zone_codes", "clear"), None),
        ('{"甲, 乙局"}', Edit("departments", "add", ('丙"局',)), '{"甲, 乙局","丙\\"局"}'),
        ("旧", Edit("status", "set", " 已　完工\n"), "已 完工"),
        ("旧", Edit("remark", "set", "第一行 \n第二行\n"), "第一行\n第二行"),
        (True, Edit("listed_in_plan", "set", False), False),
        (True, Edit("listed_in_plan", "clear"), None),
        (2021, Edit("start_year", "set", 2022), 2022),
    ],
)
def test_a_field_s_new_value(old: Any, edit: Edit, expected: Any) -> None:
    assert new_value(old, edit) == expected


def test_what_a_project_has_alone_cannot_be_given_to_many() -> None:
    assert not {"code", "name", "stated_quantity", "area_ha"} & set(FIELDS)


def test_an_edit_that_says_nothing_changes_nothing() -> None:
    tables = plan_from_template("benxi")
    (row,) = plan_edits(tables, [1], [Edit("zone_codes", "add", ()), Edit("status", "set", None)])
    assert row.changes == () and row.is_same
    assert [p.fid for p in plan_edits(tables, [3, 99, 1], [])] == [3, 1], "what is not there is left out"


def test_only_what_did_fit_before_is_told() -> None:
    tables = plan_from_template("benxi")
    fids = [int(f) for f in tables["project"].fids]
    plans = plan_edits(tables, fids, [Edit("zone_codes", "set", ("7",))])
    assert all({m.field for m in p.misfits} == {"zone_codes"} and not p.misfits[0].hard for p in plans)
    plans = plan_edits(tables, fids, [Edit("end_year", "set", 2019)])
    hard = [p for p in plans if any(m.hard for m in p.misfits)]
    started = [r for r in tables["project"].records() if r["start_year"] is not None]
    assert len(hard) == len(started) > 10


def test_a_programme_that_a_code_does_not_begin_with_is_told_with_the_next_free_code() -> None:
    tables = plan_from_template("benxi")
    first = tables["project"].records()[0]
    assert first["code"] == "A1"
    (row,) = plan_edits(tables, [1], [Edit("programme_codes", "set", ("B",))])
    (misfit,) = row.misfits
    assert not misfit.hard and "B9" in str(misfit.message), "the plan goes up to B8"


def test_the_value_that_all_share() -> None:
    records = [{"start_year": 2021, "end_year": 2025}, {"start_year": 2021, "end_year": 2030}]
    assert common_value(records, "start_year") == (True, 2021)
    assert common_value(records, "end_year") == (False, None)
    assert common_value(records, "status") == (True, None)
    assert common_value([], "status") == (False, None)


def test_two_thousand_projects_are_planned_in_seconds() -> None:
    records = [
        {"code": f"{'ABCDEFG'[i % 7]}{i // 7 + 1}", "name": f"项目{i}", "programme_codes": f'{{"{"ABCDEFG"[i % 7]}"}}'}
        for i in range(2000)
    ]
    tables = PlanTables({"project": Rows.from_records("project", records, [None] * 2000)})
    fids = list(range(1, 2001))
    start = time.perf_counter()
    plans = plan_edits(tables, fids, [Edit("programme_codes", "set", ("A",)), Edit("remark", "set", "x")])
    assert time.perf_counter() - start < 2.0
    assert sum(len(p.changes) for p in plans) == 4000
    told = [p for p in plans if p.misfits]
    assert len(told) == sum(not r["code"].startswith("A") for r in records)
    assert "A287" in str(told[0].misfits[0].message), "286 codes of A there are"
