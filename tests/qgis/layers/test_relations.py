"""What ties the layers of one plan together."""

from __future__ import annotations

import pytest
from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, replace_rows
from restoration_planner.layers.opening import adopt_plans, open_plan
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


@pytest.mark.parametrize("name", ["benxi", "yangquan"])
def test_a_fresh_plan_from_a_template_does_not_warn_about_itself(tmp_path, name):
    """Its counties are named by the units of its zones; their outlines come later."""
    create_plan(tmp_path / "p.gpkg", plan_from_template(name))
    opened = open_plan(tmp_path / "p.gpkg")
    assert [str(note) for note in opened.notes] == []
    assert widget(opened, "project", "counties") == "TextEdit", (
        "no county row could be chosen, and no value may be lost"
    )


def test_a_county_that_nothing_in_the_plan_names_is_still_told(tmp_path):
    tables = dict(small_plan().rows)
    del tables["admin_unit"]
    tables["unit_membership"] = rows("unit_membership", [{"unit_name": "东沟镇", "county": "东县", "zone_code": "1"}])
    tables["project"] = rows("project", [{"code": "A1", "counties": '{"东县","北县"}'}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    (note,) = open_plan(tmp_path / "p.gpkg").notes
    assert "北县" in str(note) and "东县" not in str(note)


def test_a_good_plan_opens_without_notes_and_with_lists(plan_path):
    opened = open_plan(plan_path)
    assert opened.notes == ()
    assert widget(opened, "project", "zone_codes") == "ValueRelation"
    assert widget(opened, "project", "counties") == "ValueRelation"
    assert widget(opened, "key_area", "zone_code") == "ValueRelation"


def outlines(opened) -> dict[str, list[str]]:
    """Project code → the grades whose outline it is drawn with."""
    layer = opened.layer("project")
    found: dict[str, list[str]] = {}
    for feature in layer.getFeatures():
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        for rule in layer.renderer().rootRule().descendants():
            grade = rule.ruleKey().partition("grade.")[2]
            if grade and QgsExpression(rule.filterExpression()).evaluate(context):
                found.setdefault(feature["code"], []).append(grade)
    return found


def test_grade_outlines_come_from_the_plans_own_findings_and_follow_a_new_check(plan_path, tmp_path):
    tables = dict(small_plan("乙市规划").rows)
    tables["siting_finding"] = rows("siting_finding", [{"project_code": "A2", "grade": "review"}], None)
    create_plan(tmp_path / "b.gpkg", PlanTables(tables))
    first, second = open_plan(plan_path), open_plan(tmp_path / "b.gpkg")
    assert outlines(first) == {"A1": ["violation"], "A2": ["pass"], "A3": ["pass"]}
    assert outlines(second) == {"A1": ["pass"], "A2": ["review"], "A3": ["pass"]}
    worse = [{"project_code": "A3", "grade": "permitted"}, {"project_code": "A3", "grade": "undetermined"}]
    replace_rows(plan_path, {"siting_finding": rows("siting_finding", worse, None, None)})
    first.layer("siting_finding").reload()
    first.note_grades()
    assert outlines(first) == {"A1": ["pass"], "A2": ["pass"], "A3": ["undetermined"]}


def test_grades_survive_saving_the_project(plan_path, clean_project, tmp_path):
    open_plan(plan_path)
    assert clean_project.write(str(tmp_path / "p.qgz"))
    clean_project.clear()
    assert clean_project.read(str(tmp_path / "p.qgz"))
    (adopted,) = adopt_plans(clean_project)
    assert outlines(adopted)["A1"] == ["violation"]
