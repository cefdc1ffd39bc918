"""What ties the layers of one plan together."""

from __future__ import annotations

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.layers.opening import open_plan
from restoration_planner.layers.relations import relation_id

from .conftest import rows, small_plan


def children(project, opened, name: str, parent: str, code: str) -> list[str]:
    relation = project.relationManager().relation(relation_id(opened.path, name))
    assert relation.isValid()
    feature = next(f for f in opened.layer(parent).getFeatures() if f["code"] == code)
    return [f.id() for f in relation.getRelatedFeatures(feature)]


def test_zones_know_their_key_areas_and_projects_their_findings(plan_path, clean_project):
    opened = open_plan(plan_path)
    assert len(children(clean_project, opened, "zone_key_area", "restoration_zone", "1")) == 1
    assert len(children(clean_project, opened, "zone_key_area", "restoration_zone", "2")) == 0
    assert len(children(clean_project, opened, "project_findings", "project", "A1")) == 1
    assert len(children(clean_project, opened, "indicator_values", "indicator", "I1")) == 1
    assert len(children(clean_project, opened, "project_reviews", "project", "A1")) == 0
    assert len(children(clean_project, opened, "indicator_shares", "indicator", "I1")) == 0


def widget(opened, table: str, field: str) -> str:
    layer = opened.layer(table)
    return layer.editorWidgetSetup(layer.fields().indexOf(field)).type()


def test_a_field_with_a_code_that_does_not_exist_is_edited_as_text_so_that_it_is_not_lost(tmp_path):
    tables = dict(small_plan().rows)
    tables["project"] = rows("project", [{"code": "A1", "zone_codes": '{"1","9"}', "programme_codes": '{"A"}'}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    opened = open_plan(tmp_path / "p.gpkg")
    assert widget(opened, "project", "zone_codes") == "TextEdit"
    assert widget(opened, "project", "programme_codes") == "ValueRelation"
    (note,) = opened.notes
    assert "所在分区" in str(note) and "9" in str(note)


def test_a_plan_without_county_rows_lets_counties_be_typed(tmp_path):
    tables = dict(small_plan().rows)
    del tables["admin_unit"]
    tables["project"] = rows("project", [{"code": "A1"}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    assert widget(open_plan(tmp_path / "p.gpkg"), "project", "counties") == "TextEdit"


def test_a_county_by_its_short_name_is_edited_as_text(tmp_path):
    tables = dict(small_plan().rows)
    tables["project"] = rows("project", [{"code": "A1", "counties": '{"东"}'}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    assert widget(open_plan(tmp_path / "p.gpkg"), "project", "counties") == "TextEdit"


def test_a_good_plan_opens_without_notes_and_with_lists(plan_path):
    opened = open_plan(plan_path)
    assert opened.notes == ()
    assert widget(opened, "project", "zone_codes") == "ValueRelation"
    assert widget(opened, "project", "counties") == "ValueRelation"
    assert widget(opened, "key_area", "zone_code") == "ValueRelation"
