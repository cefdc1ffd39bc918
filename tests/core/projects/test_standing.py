"""A grade is said only of a project that the last saved check saw as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from restoration_planner.core.projects.standing import CHECKED, changed_since, standing
from restoration_planner.core.store.geopackage import writing
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.store.project_history import last_changes
from restoration_planner.tests.small_plan import small_tables

RUN = "2026-03-01T09:30:00+08:00"  # 01:30 in UTC
WORST = {"A": "violation"}


@pytest.mark.parametrize(
    ("code", "fid", "sited", "expected"),
    [
        ("A", 1, True, ("violation", False)),
        ("B", 2, True, ("pass", False)),
        ("B", 2, False, (None, False)),  # nothing was there to be checked
        ("B", 3, True, (None, True)),  # changed or new since
        ("B", -4, True, (None, True)),  # not even saved
        ("A", 3, True, ("violation", True)),  # what was found stays said, with a mark
        ("A", 1, False, ("violation", False)),
        (None, 2, True, (None, False)),
    ],
)
def test_a_project_passes_only_where_the_check_saw_it_as_it_is(
    code: str | None, fid: int, sited: bool, expected: tuple[str | None, bool]
) -> None:
    assert standing(code, fid, sited, WORST, {3}) == expected


def test_before_the_first_check_nothing_is_graded_and_nothing_outdated() -> None:
    assert standing("A", 3, True, {}, {3}) == (None, False)


@pytest.mark.parametrize(
    ("at", "later"),
    [("2026-03-01T01:29:59.900Z", False), ("2026-03-01T01:30:00.100Z", True), ("2026-03-01T09:00:00.000Z", True)],
)
def test_times_are_compared_across_time_zones(at: str, later: bool) -> None:
    assert changed_since([RUN], {7: at}) == ({7} if later else set())


def test_the_earliest_run_counts_and_without_a_readable_one_every_change() -> None:
    assert changed_since([RUN, "2026-04-01T00:00:00+00:00"], {7: "2026-03-02T00:00:00.000Z"}) == {7}
    for unknown in ([], ["lately"], [None]):
        assert changed_since(unknown, {7: "2020-01-01T00:00:00.000Z"}) == {7}
    assert changed_since([RUN], {}, {9}) == {9}


def test_the_history_tells_what_came_or_changed_in_what_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "plan.gpkg"
    create_plan(file, small_tables())
    assert last_changes(file, CHECKED) == {}
    with writing(file) as plan:
        plan.execute("UPDATE project SET name = 'another', remark = 'seen' WHERE fid = 1")
        plan.execute("UPDATE project SET zone_codes = '{\"2\"}' WHERE fid = 2")
        plan.execute("UPDATE project SET geom = NULL WHERE fid = 3")
        plan.execute("INSERT INTO project (code) VALUES ('P9')")
        (new,) = plan.execute("SELECT fid FROM project WHERE code = 'P9'").fetchone()
    changes = last_changes(file, CHECKED)
    assert set(changes) == {2, 3, new}
    assert changed_since([RUN], changes) == set(changes)
    assert changed_since(["2999-01-01T00:00:00+00:00"], changes) == set()
