"""The project's form in plain QGIS: stored in the file, without the plugin."""

from __future__ import annotations

import time

import pytest
from qgis.core import (
    NULL,
    QgsEditFormConfig,
    QgsExpression,
    QgsFeature,
    QgsFieldConstraints,
    QgsGeometry,
    QgsVectorLayerUtils,
)
from qgis.gui import QgsGui
from qgis.PyQt.QtWidgets import QDialogButtonBox

from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.project_entry import next_code
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.layers.forms.pages import PAGES
from restoration_planner.layers.forms.panels import panel_expression, panel_html, panel_names, panel_text
from restoration_planner.layers.forms.rules import CONSTRAINTS, DEFAULTS
from restoration_planner.layers.opening import open_plan
from restoration_planner.layers.style_making.make import blank_layer, style_as_qml

from .conftest import plain_layer, rows, small_plan
from .forms import BESIDE, close, editor, feature_of, form_of, stored, write

HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard
SOFT = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthSoft


@pytest.fixture(scope="module", autouse=True)
def editor_widgets(qgis_app):
    QgsGui.editorWidgetRegistry().initEditors()


@pytest.fixture(params=["benxi", "yangquan"])
def template_plan(request, tmp_path):
    path = tmp_path / f"{request.param}.gpkg"
    create_plan(path, plan_from_template(request.param))
    return path


def beside(path, prefix="plan — "):
    """The other tables of a plan, called as QGIS calls a file's layers."""
    for table in BESIDE:
        layer = plain_layer(path, table)
        layer.setName(f"{prefix}{table}")


def complaints(layer, feature, field: str, strength=None) -> list[str]:
    """What QGIS finds against a field's value; without a strength, whatever it is."""
    index = layer.fields().indexOf(field)
    strengths = [strength] if strength is not None else [HARD, SOFT]
    return [
        problem for s in strengths for problem in QgsVectorLayerUtils.validateAttribute(layer, feature, index, s)[1]
    ]


def new_project(layer, wkt: str | None = None, **values) -> QgsFeature:
    """A new project as QGIS makes it after drawing, defaults included."""
    geometry = QgsGeometry() if wkt is None else QgsGeometry.fromWkt(wkt)
    given = {layer.fields().indexOf(name): value for name, value in values.items()}
    return QgsVectorLayerUtils.createFeature(layer, geometry, given, layer.createExpressionContext())


# --- nothing is lost ---------------------------------------------------------------------------


def test_every_project_goes_through_the_form_unchanged_but_for_what_was_edited(template_plan):
    before = stored(template_plan)
    beside(template_plan)
    layer = plain_layer(template_plan, "project")
    for feature in layer.getFeatures():
        form = form_of(layer, feature)
        assert form.save()
        assert feature.id() not in layer.editBuffer().changedAttributeValues(), "nothing was edited"
        write(form, "remark", "已核对")
        assert form.save()
        close(form)
    assert layer.commitChanges()
    after = stored(template_plan)
    assert len(after) == len(before) > 10
    for fid, row in before.items():
        assert after[fid] == {**row, "remark": ("str", "已核对")}


# --- constraints -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "field"), [(t, f) for t, fields in CONSTRAINTS.items() for f in fields], ids=lambda v: str(v)
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_constraint_says_how_to_mend(table, field, language):
    sentence = text(f"project_form.constraint.{table}.{field}", language)
    assert sentence.endswith("。" if language == "zh" else ".")
    assert not QgsExpression(CONSTRAINTS[table][field].expression).hasParserError()


@pytest.mark.parametrize("table", DEFAULTS)
def test_every_default_can_be_reckoned_without_any_other_layer(table):
    layer = blank_layer(table)
    for field, default in DEFAULTS[table].items():
        expression = QgsExpression(default.expression)
        context = layer.createExpressionContext()
        feature = QgsFeature(layer.fields())
        feature.setValid(True)
        context.setFeature(feature)
        expression.evaluate(context)
        assert not expression.hasParserError() and not expression.hasEvalError(), (field, expression.evalErrorString())


@pytest.mark.parametrize(
    ("field", "value", "strength"),
    [
        ("code", None, HARD),
        ("code", "A2", HARD),
        ("code", "甲一", SOFT),
        ("code", "Ａ９", SOFT),
        ("code", "A\n9", SOFT),
        ("code", "B1", SOFT),
        ("name", "", HARD),
        ("name", "长" * 121, HARD),
        ("name", "矿山\n修复", None),
        ("zone_codes", None, SOFT),
        ("zone_codes", "1,2", SOFT),
        ("zone_codes", '{"1","9"}', SOFT),
        ("programme_codes", '{"Z"}', SOFT),
        ("start_year", 2040, HARD),
        ("end_year", 2050, SOFT),
        ("end_year", None, None),
        ("tasks", "长" * 4001, SOFT),
    ],
)
def test_what_does_not_fit_is_refused_or_warned_of(tmp_path, field, value, strength):
    path = fitting_plan(tmp_path)
    beside(path)
    layer = plain_layer(path, "project")
    feature = feature_of(layer, "A1")
    assert complaints(layer, feature, field) == []
    feature[field] = value
    assert bool(complaints(layer, feature, field, HARD)) == (strength == HARD)
    assert bool(complaints(layer, feature, field, SOFT)) == (strength == SOFT)


def fitting_plan(tmp_path):
    """The small plan with one project that fits in every way."""
    tables = dict(small_plan().rows)
    good = {
        "code": "A1", "name": "矿山修复", "zone_codes": '{"1"}', "programme_codes": '{"A"}', "counties": '{"东县"}',
        "start_year": 2021, "end_year": 2030, "departments": '{"水利部门"}',
    }  # fmt: skip
    tables["project"] = rows("project", [good, {"code": "A2", "name": "河道"}], None, None)
    tables["plan"] = rows("plan", [{"schema_version": 2, "name": "示意市", "start_year": 2021, "end_year": 2035}])
    create_plan(tmp_path / "fit.gpkg", PlanTables(tables))
    return tmp_path / "fit.gpkg"


def test_a_project_that_fits_has_no_complaint_and_years_may_be_a_note(tmp_path):
    path = fitting_plan(tmp_path)
    beside(path)
    layer = plain_layer(path, "project")
    feature = feature_of(layer, "A1")
    assert [f for f in CONSTRAINTS["project"] if complaints(layer, feature, f)] == []
    feature["start_year"] = feature["end_year"] = None
    assert [f for f in CONSTRAINTS["project"] if complaints(layer, feature, f)] == ["period_note"]
    feature["period_note"] = "按“二合一”报告确定"
    assert [f for f in CONSTRAINTS["project"] if complaints(layer, feature, f)] == []


def test_without_the_other_tables_nothing_is_refused_for_want_of_them(tmp_path):
    layer = plain_layer(fitting_plan(tmp_path), "project")
    feature = feature_of(layer, "A1")
    feature["zone_codes"] = '{"9"}'
    assert [f for f in CONSTRAINTS["project"] if complaints(layer, feature, f)] == []


@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_no_project_of_a_template_is_refused_or_has_a_strange_code(template, tmp_path):
    path = tmp_path / "p.gpkg"
    create_plan(path, plan_from_template(template))
    beside(path)
    layer = plain_layer(path, "project")
    for feature in layer.getFeatures():
        assert [f for f in CONSTRAINTS["project"] if complaints(layer, feature, f, HARD)] == [], feature["code"]
        assert not complaints(layer, feature, "code"), feature["code"]


def test_land_in_a_red_line_without_an_opinion_is_warned_of(plan_path):
    beside(plan_path)
    layer = plain_layer(plan_path, "project")
    feature = feature_of(layer, "A1")  # it crosses the red line
    assert not complaints(layer, feature, "opinion_ref")
    feature["new_construction_land"] = True
    assert complaints(layer, feature, "opinion_ref", SOFT)
    feature["opinion_ref"] = "本政函〔2025〕1号"
    assert not complaints(layer, feature, "opinion_ref")
    feature["opinion_ref"] = None
    feature.setGeometry(QgsGeometry.fromWkt("MultiPolygon (((124.4 41.1, 124.45 41.1, 124.45 41.2, 124.4 41.1)))"))
    assert not complaints(layer, feature, "opinion_ref"), "it no longer touches the red line"


def ok_button(form):
    return form.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)


def test_the_form_itself_refuses_a_code_twice_and_only_warns_of_a_strange_one(tmp_path):
    path = fitting_plan(tmp_path)
    beside(path)
    layer = plain_layer(path, "project")
    form = form_of(layer, "A1")
    assert ok_button(form).isEnabled()
    write(form, "code", "A2")
    assert not ok_button(form).isEnabled()
    write(form, "code", "X-7")
    assert ok_button(form).isEnabled()
    write(form, "name", "")
    assert not ok_button(form).isEnabled()
    write(form, "name", "新名")
    assert form.save() and layer.commitChanges()
    assert [f["name"] for f in layer.getFeatures() if f["code"] == "X-7"] == ["新名"]


# --- defaults ----------------------------------------------------------------------------------

#: Four fifths in the western zone, one fifth in the eastern; all of it east of the key area.
ACROSS = "MultiPolygon (((124.42 41.1, 124.52 41.1, 124.52 41.2, 124.42 41.2, 124.42 41.1)))"
#: Mostly inside the key area.
INSIDE = "MultiPolygon (((124.15 41.15, 124.32 41.15, 124.32 41.2, 124.15 41.2, 124.15 41.15)))"


@pytest.mark.parametrize("prefix", ["", "plan — "], ids=["by their tables' names", "with the file's name before"])
def test_a_drawn_site_says_where_it_is_largest_share_first(plan_path, prefix):
    beside(plan_path, prefix)
    layer = plain_layer(plan_path, "project")
    across = new_project(layer, ACROSS)
    assert across["zone_codes"] == '{"1","2"}'
    assert across["key_area_codes"] == NULL
    assert across["counties"] == '{"东县"}'
    east_first = "MultiPolygon (((124.48 41.1, 124.58 41.1, 124.58 41.2, 124.48 41.2, 124.48 41.1)))"
    assert new_project(layer, east_first)["zone_codes"] == '{"2","1"}'
    sliver = "MultiPolygon (((124.42 41.1, 124.5003 41.1, 124.5003 41.2, 124.42 41.2, 124.42 41.1)))"
    assert new_project(layer, sliver)["zone_codes"] == '{"1"}', "less than a hundredth lies in the east"
    assert new_project(layer, INSIDE)["key_area_codes"] == '{"K1"}'


def test_a_sketch_that_crosses_itself_lies_somewhere_but_is_not_measured(plan_path):
    beside(plan_path)
    layer = plain_layer(plan_path, "project")
    made = new_project(layer, "MultiPolygon (((124.2 41.1, 124.3 41.2, 124.3 41.1, 124.2 41.2, 124.2 41.1)))")
    assert (made["zone_codes"], made["area_ha"]) == ('{"1"}', NULL)
    assert text("project_form.panel.crossing", "zh") in told(layer, made, "measured")


def test_a_project_sited_later_starts_without_places(plan_path):
    beside(plan_path)
    project = new_project(plain_layer(plan_path, "project"))
    assert [project[f] for f in ("zone_codes", "key_area_codes", "counties", "area_ha")] == [NULL] * 4


def test_with_two_plans_open_each_answers_for_itself(plan_path, tmp_path):
    other = tmp_path / "other.gpkg"
    tables = dict(small_plan().rows)
    tables["restoration_zone"] = rows(
        "restoration_zone", [{"code": "E", "name": "别处"}],
        "MULTIPOLYGON (((124 41, 125 41, 125 41.5, 124 41.5, 124 41)))",
    )  # fmt: skip
    create_plan(other, PlanTables(tables))
    for path in (plan_path, other):
        beside(path, "")
    assert new_project(plain_layer(plan_path, "project"), INSIDE)["zone_codes"] == '{"1"}'
    assert new_project(plain_layer(other, "project"), INSIDE)["zone_codes"] == '{"E"}'


@pytest.mark.parametrize("wkt", [ACROSS, INSIDE])
def test_the_measured_area_is_the_official_one_whatever_the_project_measures_with(plan_path, wkt, clean_project):
    import shapely

    clean_project.setEllipsoid("NONE")
    layer = plain_layer(plan_path, "project")
    official = float(ellipsoidal_area([shapely.from_wkt(wkt)])[0]) / 1e4
    assert new_project(layer, wkt)["area_ha"] == round(official, 2)


def test_the_plans_years_are_offered(tmp_path):
    path = fitting_plan(tmp_path)
    beside(path)
    project = new_project(plain_layer(path, "project"))
    assert (project["start_year"], project["end_year"]) == (2021, 2035)


def test_the_next_code_comes_with_the_programme_and_stays(template_plan):
    beside(template_plan)
    layer = plain_layer(template_plan, "project")
    codes = [f["code"] for f in layer.getFeatures()]
    programmes = [f["code"] for f in plain_layer(template_plan, "programme").getFeatures()]
    for programme in programmes:
        made = new_project(layer, programme_codes=f'{{"{programme}"}}')
        index = layer.fields().indexOf("code")
        assert layer.defaultValue(index, made) == next_code(programme, codes)
        made["code"] = codes[0]
        assert layer.defaultValue(index, made) == codes[0]


def test_choosing_a_programme_in_the_form_fills_the_code_in(template_plan):
    beside(template_plan)
    layer = plain_layer(template_plan, "project")
    assert layer.startEditing()
    feature = new_project(layer)
    from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm

    form = QgsAttributeForm(layer, feature)
    form.setMode(QgsAttributeEditorContext.Mode.AddFeatureMode)
    form.show()
    programme = next(iter(plain_layer(template_plan, "programme").getFeatures()))["code"]
    write(form, "programme_codes", f'{{"{programme}"}}')
    codes = [f["code"] for f in layer.getFeatures()]
    assert editor(form, "code").text() == next_code(programme, codes)
    write(form, "name", "新项目")
    assert form.save() and layer.commitChanges()
    assert [f["name"] for f in layer.getFeatures() if f["code"] not in codes] == ["新项目"]


def test_what_is_typed_in_a_new_project_is_not_put_back_by_the_defaults(template_plan):
    from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm

    beside(template_plan)
    layer = plain_layer(template_plan, "project")
    assert layer.startEditing()
    form = QgsAttributeForm(layer, new_project(layer))
    form.setMode(QgsAttributeEditorContext.Mode.AddFeatureMode)
    form.show()
    assert editor(form, "start_year").text() == "2021"
    for field, words in (("start_year", "2026"), ("name", "新项目"), ("zone_codes", '{"1"}'), ("remark", "x")):
        write(form, field, words)
    write(form, "programme_codes", '{"A"}')
    assert (editor(form, "start_year").text(), editor(form, "zone_codes").text()) == ("2026", '{"1"}')
    write(form, "start_year", "")
    write(form, "remark", "y")
    assert editor(form, "start_year").text() in ("", "NULL"), "a named project's year may be taken out"
    layer.rollBack()


def test_a_single_programme_is_chosen_at_once(plan_path):
    beside(plan_path)
    made = new_project(plain_layer(plan_path, "project"))
    assert made["programme_codes"] == '{"A"}'


# --- panels ------------------------------------------------------------------------------------


def told(layer, feature, panel: str, language: str = "zh") -> str:
    """What a panel says of a feature."""
    context = layer.createExpressionContext()
    context.setFeature(feature)
    expression = QgsExpression(panel_text(panel, language).partition("[%")[2].rpartition("%]")[0])
    value = expression.evaluate(context)
    assert not expression.hasParserError() and not expression.hasEvalError(), expression.evalErrorString()
    return value


def test_the_findings_page_shows_this_projects_findings_and_reviews(plan_path):
    beside(plan_path)
    layer = plain_layer(plan_path, "project")
    of_a1 = told(layer, feature_of(layer, "A1"), "findings")
    assert "压占生态保护红线" in of_a1 and "冲突" in of_a1 and "R1" in of_a1
    of_a2 = told(layer, feature_of(layer, "A2"), "findings")
    assert "红线" not in of_a2 and text("project_form.panel.no_findings", "zh") in of_a2
    assert "In the ecological red line" in told(layer, feature_of(layer, "A1"), "findings", "en")


def test_a_page_whose_table_is_not_there_says_which_to_add(plan_path):
    layer = plain_layer(plan_path, "project")
    assert "选址核查结果" in told(layer, feature_of(layer, "A1"), "findings")


def test_what_comes_from_the_file_cannot_become_markup(tmp_path):
    tables = dict(small_plan().rows)
    finding = {
        "project_code": "A1",
        "grade": "<b>",
        "rule": "<i>",
        "target_name": "<script>x</script>",
        "advice": "a&b",
    }
    tables["siting_finding"] = rows("siting_finding", [finding], None)
    tables["restoration_zone"] = rows("restoration_zone", [{"code": "1", "name": "<u>西"}], None)
    create_plan(tmp_path / "p.gpkg", PlanTables(tables))
    beside(tmp_path / "p.gpkg")
    layer = plain_layer(tmp_path / "p.gpkg", "project")
    shown = told(layer, feature_of(layer, "A1"), "findings") + told(layer, feature_of(layer, "A1"), "site")
    assert not any(tag in shown for tag in ("<b>", "<i>", "<script>x", "<u>"))
    assert "&lt;script&gt;" in shown and "a&amp;b" in shown and "&lt;u&gt;西" in shown


def test_the_siting_page_names_what_is_chosen_and_where_the_site_is(plan_path):
    beside(plan_path)
    layer = plain_layer(plan_path, "project")
    shown = told(layer, feature_of(layer, "A1"), "site")
    assert "1 西部修复区 100.0%" in shown and "公顷" in shown
    assert text("project_form.panel.unsited", "zh") in told(layer, feature_of(layer, "A3"), "site")


@pytest.mark.parametrize("panel", panel_names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_panel_is_one_script_and_one_expression(panel, language):
    assert panel_html(panel, language).count("</script>") == 2, "one more for the page's width"
    assert panel_text(panel, language).count("%]") == 1


@pytest.mark.parametrize("panel", panel_names())
def test_a_panel_is_parsed_in_no_time(panel):
    """QGIS's parser takes twice as long for each function within a function; once that was half a second."""
    began = time.process_time()
    assert not QgsExpression(panel_expression(panel, "zh")).hasParserError()
    assert time.process_time() - began < 0.1


# --- the stored form and its languages ---------------------------------------------------------


@pytest.mark.parametrize("table", PAGES)
def test_every_field_of_a_form_stands_on_one_page(table):
    fields = [f for held in PAGES[table].values() for f in held if not f.startswith("@")]
    assert sorted(fields) == sorted(TABLES[table].field_names)
    assert {p[1:] for held in PAGES[table].values() for p in held if p.startswith("@")} <= set(panel_names())


@pytest.mark.parametrize("table", PAGES)
def test_forms_are_stored_with_their_pages_named(plan_path, table):
    form = plain_layer(plan_path, table).editFormConfig()
    assert form.layout() == QgsEditFormConfig.EditorLayout.TabLayout
    assert [t.name() for t in form.tabs()] == [text(f"project_form.page.{p}", "zh") for p in PAGES[table]]


def test_in_english_pages_constraints_and_panels_are_english(plan_path):
    set_language("en")
    layer = open_plan(plan_path).layer("project")
    tabs = layer.editFormConfig().tabs()
    assert [t.name() for t in tabs] == [text(f"project_form.page.{p}", "en") for p in PAGES["project"]]
    code = layer.fields().indexOf("code")
    assert layer.constraintDescription(code) == text("project_form.constraint.project.code", "en")
    assert layer.fieldConstraintsAndStrength(code)
    qml = style_as_qml(layer)
    panels = qml[qml.index("<attributeEditorForm") : qml.index("</attributeEditorForm")]
    assert text("project_form.panel.findings", "en") in panels
    in_html = panels.split("attributeEditorTextElement")[0::2]  # QGIS before 3.30 writes the texts in Chinese
    assert not any(text("project_form.panel.findings", "zh") in part for part in in_html)


def test_a_planners_own_constraint_keeps_its_sentence(plan_path):
    from restoration_planner.layers.captions import caption_layer

    layer = plain_layer(plan_path, "project")
    index = layer.fields().indexOf("remark")
    layer.setConstraintExpression(index, 'length("remark") > 3', "至少写四个字")
    caption_layer(layer, "project", "en")
    assert layer.constraintDescription(index) == "至少写四个字"


def test_findings_are_looked_at_and_not_written(plan_path):
    layer = plain_layer(plan_path, "siting_finding")
    form = layer.editFormConfig()
    assert all(form.readOnly(layer.fields().indexOf(name)) for name in TABLES["siting_finding"].field_names)


def test_a_status_of_somebodys_own_words_is_kept(tmp_path):
    tables = dict(small_plan().rows)
    tables["project"] = rows(
        "project", [{"code": "A1", "name": "甲", "status": "等资金", "project_type": "other"}], None
    )
    path = tmp_path / "p.gpkg"
    create_plan(path, PlanTables(tables))
    before = stored(path)
    layer = plain_layer(path, "project")
    form = form_of(layer, "A1")
    write(form, "remark", "x")
    assert form.save() and layer.commitChanges()
    (row,) = stored(path).values()
    assert row == {**next(iter(before.values())), "remark": ("str", "x")}


def test_a_layer_that_may_only_be_read_shows_its_form_and_takes_no_edits(tmp_path):
    path = tmp_path / "p.gpkg"
    create_plan(path, small_plan())
    layer = plain_layer(path, "project")
    layer.setReadOnly(True)
    assert not layer.startEditing()
    from qgis.gui import QgsAttributeForm

    form = QgsAttributeForm(layer, feature_of(layer, "A1"))
    form.show()
    assert editor(form, "code").text() == "A1"
    assert editor(form, "code").isReadOnly() or not editor(form, "code").isEnabled()


def test_rules_are_named_and_a_planners_own_rule_is_kept(tmp_path):
    tables = dict(small_plan().rows)
    reviews = [{"project_code": "A1", "rule": "red_line"}, {"project_code": "A1", "rule": "my_own_rule"}]
    tables["siting_review"] = rows("siting_review", reviews)
    path = tmp_path / "p.gpkg"
    create_plan(path, PlanTables(tables))
    before = stored(path, "siting_review")
    layer = plain_layer(path, "siting_review")
    for feature in layer.getFeatures():
        form = form_of(layer, feature)
        write(form, "reviewer", "张工")
        assert form.save()
    assert layer.commitChanges()
    after = stored(path, "siting_review")
    assert after == {fid: {**row, "reviewer": ("str", "张工")} for fid, row in before.items()}
    offered = layer.editorWidgetSetup(layer.fields().indexOf("rule")).config()["map"]
    assert {rule.id for rule in load_rules().rules} <= {code for entry in offered for code in entry.values()}
