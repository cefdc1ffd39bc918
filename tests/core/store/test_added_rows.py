"""Rows that come behind others: what a user added to the table stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows


def review(project: str) -> Rows:
    return Rows.from_records("siting_review", [{"project_code": project, "rule": "red_line", "decision": "accepted"}])


def test_a_column_that_a_user_added_to_the_reviews_outlasts_the_next_review(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    create_plan(path, plan_from_template("benxi"))
    replace_rows(path, {}, added={"siting_review": review("A1")})
    with closing(sqlite3.connect(path)) as plan:
        plan.execute("ALTER TABLE siting_review ADD COLUMN meeting TEXT")
        plan.execute("UPDATE siting_review SET meeting = '2026-11-20 会议'")
        plan.commit()
    replace_rows(path, {"siting_finding": Rows.empty("siting_finding")}, added={"siting_review": review("A2")})
    assert read_plan(path)["siting_review"]["project_code"].tolist() == ["A1", "A2"]
    with closing(sqlite3.connect(path)) as plan:
        kept = plan.execute("SELECT project_code, meeting FROM siting_review ORDER BY project_code").fetchall()
    assert kept == [("A1", "2026-11-20 会议"), ("A2", None)]
