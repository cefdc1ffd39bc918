"""An older plan is brought up to date after a backup beside it, and is readable without that."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import SCHEMA_VERSION, TABLES
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store import migration
from restoration_planner.core.store.plan_file import ensure_current, read_plan, replace_rows

Sql = Callable[..., list[tuple]]


@pytest.fixture
def old_plan(plan: Path, sql: Sql) -> Path:
    """The small plan as version 1 had it: no reviews, no findings' review, no control lines."""
    for table in ("siting_review", "urban_boundary"):
        sql(f"DROP TABLE {table}")
        for register in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents"):
            sql(f"DELETE FROM {register} WHERE table_name = ?", (table,))  # noqa: S608 - our own names
    sql("DROP TABLE rtree_urban_boundary_geom")
    sql("ALTER TABLE siting_finding DROP COLUMN reviewed")
    sql("UPDATE plan SET schema_version = NULL")
    return plan


def test_a_current_plan_is_left_alone(plan: Path, digest: Callable) -> None:
    before = digest(plan.parent)
    assert ensure_current(plan) is None
    assert digest(plan.parent) == before


def test_an_older_plan_is_read_without_being_changed(old_plan: Path, digest: Callable) -> None:
    before = digest(old_plan.parent)
    found = read_plan(old_plan)
    assert len(found["project"]) == 2 and len(found["siting_review"]) == 0
    assert digest(old_plan.parent) == before


def test_migrating_adds_what_is_missing_and_keeps_the_rest(old_plan: Path, sql: Sql) -> None:
    sql("CREATE TABLE users_own (x)")
    backup = ensure_current(old_plan)
    assert backup is not None and backup.parent == old_plan.parent
    assert re.fullmatch(re.escape(old_plan.stem) + r"\.v1-\d{8}-\d{6}\.gpkg", backup.name)
    assert sql("SELECT schema_version, name FROM plan") == [(SCHEMA_VERSION, "试验规划")]
    for name, table in TABLES.items():
        columns = {row[1] for row in sql(f"PRAGMA table_info({name})")}
        assert set(table.field_names) <= columns
    assert sql("SELECT count(*) FROM users_own") == [(0,)]
    assert sql("SELECT table_name FROM gpkg_contents WHERE table_name = 'siting_review'") == [("siting_review",)]
    rows = Rows.from_records("urban_boundary", [{"code": "u"}], [shapely.box(124, 41, 125, 42)])
    replace_rows(old_plan, {"urban_boundary": rows})
    found = read_plan(old_plan)
    assert found["urban_boundary"]["code"].tolist() == ["u"] and len(found["project"]) == 2
    assert sql("SELECT count(*) FROM rtree_urban_boundary_geom") == [(1,)]
    assert ensure_current(old_plan) is None


def test_a_migrated_plan_has_styles_for_its_new_tables(old_plan: Path, sql: Sql) -> None:
    sql("DROP TABLE layer_styles")
    assert ensure_current(old_plan) is not None
    styled = {name for (name,) in sql('SELECT f_table_name FROM layer_styles WHERE "useAsDefault"')}
    assert {"project", "urban_boundary", "siting_review"} <= styled


def test_the_backup_holds_the_plan_as_it_was(old_plan: Path, sql: Sql) -> None:
    backup = ensure_current(old_plan)
    assert backup is not None
    found = read_plan(backup)
    assert found["plan"]["schema_version"].tolist() == [None]
    assert found["project"]["code"].tolist() == ["A1", "A2"]
    assert found["project"].geometry is not None and found["project"].geometry[0] is not None


def test_a_migration_that_fails_leaves_plan_and_folder_as_they_were(
    old_plan: Path, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PlannerError("store.disk_full", path="x")

    monkeypatch.setattr(migration, "register_change", fail)
    with pytest.raises(PlannerError):
        ensure_current(old_plan)
    assert [p.name for p in old_plan.parent.iterdir()] == [old_plan.name]
    assert sql("SELECT schema_version FROM plan") == [(None,)]
    assert sql("SELECT count(*) FROM sqlite_master WHERE name = 'siting_review'") == [(0,)]


def test_a_plan_without_a_row_for_itself_gets_one(old_plan: Path, sql: Sql) -> None:
    sql("DELETE FROM plan")
    assert ensure_current(old_plan) is not None
    assert sql("SELECT schema_version FROM plan") == [(SCHEMA_VERSION,)]


def test_a_read_only_older_plan_is_not_backed_up(old_plan: Path, digest: Callable) -> None:
    old_plan.chmod(0o444)
    before = digest(old_plan.parent)
    with pytest.raises(PlannerError) as refused:
        ensure_current(old_plan)
    assert refused.value.message.id == "store.read_only"
    assert digest(old_plan.parent) == before
