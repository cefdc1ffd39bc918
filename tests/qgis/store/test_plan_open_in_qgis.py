"""A plan that QGIS has open: it can be checked and written by our commands, and nobody loses anything."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from qgis.core import QgsVectorLayer, edit

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store import geopackage
from restoration_planner.core.store.plan_file import create_plan, ensure_current, read_plan, replace_rows

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The Benxi plan in a file."""
    path = tmp_path / "本溪 规划.gpkg"
    create_plan(path, plan_from_template("benxi"))
    return path


def layer_of(plan: Path, table: str) -> QgsVectorLayer:
    """A table as plain QGIS opens it."""
    layer = QgsVectorLayer(f"{plan}|layername={table}", table, "ogr")
    assert layer.isValid()
    return layer


def findings(*codes: str) -> Rows:
    """A finding for each project code."""
    records = [{"project_code": code, "rule": "red_line"} for code in codes]
    return Rows.from_records("siting_finding", records, [shapely.box(124, 41, 125, 42)] * len(codes))


def test_findings_are_saved_while_qgis_edits_the_projects_and_its_edits_follow(plan: Path) -> None:
    projects, saved = layer_of(plan, "project"), layer_of(plan, "siting_finding")
    assert projects.featureCount() == 15 and saved.featureCount() == 0
    assert projects.startEditing()
    first = next(projects.getFeatures())
    assert projects.changeAttributeValue(first.id(), projects.fields().indexOf("remark"), "改")
    replace_rows(plan, {"siting_finding": findings("A1", "A2")})
    saved.reload()
    assert [f["project_code"] for f in saved.getFeatures()] == ["A1", "A2"]
    assert projects.commitChanges()
    found = read_plan(plan)
    assert found["project"]["remark"][0] == "改" and len(found["siting_finding"]) == 2


def test_a_new_plan_forced_over_an_open_one_shows_in_its_layers(plan: Path) -> None:
    zones = layer_of(plan, "restoration_zone")
    assert zones.featureCount() == 4
    create_plan(plan, plan_from_template("yangquan"), force=True)
    zones.reload()
    assert sorted(f["code"] for f in zones.getFeatures()) == ["1", "2", "3", "4", "5", "6"]


def test_an_open_older_plan_is_migrated_under_qgis(plan: Path) -> None:
    layer = layer_of(plan, "plan")
    with edit(layer):
        layer.changeAttributeValue(1, layer.fields().indexOf("schema_version"), 1)
    backup = ensure_current(plan)
    assert backup is not None and len(read_plan(backup)["project"]) == 15
    layer.reload()
    assert [f["schema_version"] for f in layer.getFeatures()] == [2]


def test_a_writer_in_the_middle_of_its_transaction_is_waited_for_and_then_named(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    layer = layer_of(plan, "project")
    assert layer.startEditing()
    monkeypatch.setattr(geopackage, "BUSY_SECONDS", 0.3)
    other = sqlite3.connect(str(plan), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(PlannerError) as stopped:
        replace_rows(plan, {"siting_finding": findings("A1")})
    assert stopped.value.message.id == "store.locked"
    other.execute("ROLLBACK")
    other.close()
    replace_rows(plan, {"siting_finding": findings("A1")})
    assert len(read_plan(plan, ["siting_finding"])["siting_finding"]) == 1


def test_qgis_leaves_no_file_beside_the_plan_after_our_write(plan: Path) -> None:
    layer = layer_of(plan, "project")
    replace_rows(plan, {"siting_finding": findings("A1")})
    assert layer.featureCount() == 15
    del layer
    assert [p.name for p in plan.parent.iterdir()] == [plan.name]


def test_inside_qgis_gdals_own_bindings_are_used(plan: Path) -> None:
    import sys

    before = "fiona" in sys.modules
    create_plan(plan.with_name("second.gpkg"), PlanTables({"project": Rows.from_records("project", [{"code": "x"}])}))
    assert read_plan(plan.with_name("second.gpkg"))["project"]["code"].tolist() == ["x"]
    assert "restoration_planner.core.store.vector_osgeo" in sys.modules
    assert ("fiona" in sys.modules) == before
