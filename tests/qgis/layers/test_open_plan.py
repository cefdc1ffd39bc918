"""Opening a plan in a project."""

from __future__ import annotations

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import DRAWING_ORDER, TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import add_and_update_rows, create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.layers import roles
from restoration_planner.layers.catalogue import GROUPS
from restoration_planner.layers.crs import central_meridian, city_crs, crs_choices
from restoration_planner.layers.opening import adopt_plans, open_plan

from .conftest import small_plan


def tree(project: QgsProject) -> dict[str, dict[str, list[str]]]:
    """Plan group → group → layer names."""
    return {
        plan.name(): {group.name(): [n.name() for n in group.findLayers()] for group in plan.findGroups()}
        for plan in project.layerTreeRoot().findGroups()
    }


def test_every_table_becomes_a_layer_in_its_group(plan_path, clean_project):
    open_plan(plan_path)
    groups = tree(clean_project)["示意市国土空间生态修复规划"]
    assert list(groups) == ["规划", "控制线", "基础数据", "表"]
    assert groups["规划"] == ["选址核查结果", "工程项目", "重点区域", "生态修复分区"]
    assert groups["控制线"] == ["生态保护红线", "自然保护地", "永久基本农田", "城镇开发边界"]
    assert sum(map(len, groups.values())) == len(TABLES) == len(clean_project.mapLayers())


def test_the_catalogue_places_every_table_once_and_draws_every_one_with_geometry():
    placed = [t for tables in GROUPS.values() for t in tables]
    assert sorted(placed) == sorted(TABLES)
    assert sorted(DRAWING_ORDER) == sorted(t for t, table in TABLES.items() if table.geometry)


def test_zones_are_drawn_below_control_lines_and_land_use_below_zones(plan_path, clean_project):
    open_plan(plan_path)
    drawn = [roles.table_of(la) for la in clean_project.layerTreeRoot().layerOrder() if la.isSpatial()]
    assert drawn == list(DRAWING_ORDER)
    assert drawn.index("red_line") < drawn.index("restoration_zone") < drawn.index("land_use")


def test_layers_know_their_role_whatever_they_are_called(plan_path, clean_project):
    opened = open_plan(plan_path)
    opened.layer("project").setName("anything")
    assert roles.layer(clean_project, plan_path, "project") is opened.layer("project")
    assert roles.layer(clean_project, plan_path.parent / ".." / plan_path.parent.name / plan_path.name, "project")
    assert roles.layer(clean_project, plan_path.with_name("other.gpkg"), "project") is None


def test_opening_twice_doubles_nothing(plan_path, clean_project):
    first = open_plan(plan_path)
    before, relations = tree(clean_project), set(clean_project.relationManager().relations())
    second = open_plan(plan_path)
    assert second.layer_ids == first.layer_ids
    assert len(clean_project.mapLayers()) == len(TABLES)
    assert tree(clean_project) == before
    assert set(clean_project.relationManager().relations()) == relations


def test_a_layer_that_was_removed_comes_back_in_its_place(plan_path, clean_project):
    opened = open_plan(plan_path)
    clean_project.removeMapLayer(opened.layer("key_area").id())
    again = open_plan(plan_path)
    assert tree(clean_project)["示意市国土空间生态修复规划"]["规划"][2] == "重点区域"
    drawn = [roles.table_of(la) for la in clean_project.layerTreeRoot().layerOrder() if la.isSpatial()]
    assert drawn == list(DRAWING_ORDER)
    assert again.layer("key_area").isValid()


def test_a_removed_layer_is_named_in_a_sentence(plan_path, clean_project):
    opened = open_plan(plan_path)
    clean_project.removeMapLayer(opened.layer("project").id())
    with pytest.raises(PlannerError, match="工程项目.*移除"):
        opened.layer("project")
    clean_project.clear()
    with pytest.raises(PlannerError, match="已关闭"):
        opened.layer("project")


def test_empty_base_layers_are_switched_off_and_others_shown(plan_path, clean_project):
    opened = open_plan(plan_path)
    shown = {
        t: clean_project.layerTreeRoot().findLayer(opened.layer(t).id()).itemVisibilityChecked() for t in DRAWING_ORDER
    }
    assert shown["red_line"] and shown["restoration_zone"] and shown["project"] and shown["admin_unit"]
    assert not shown["land_use"] and not shown["river"] and not shown["nature_reserve"]


def test_the_projection_stands_on_the_citys_own_meridian(plan_path, clean_project):
    open_plan(plan_path)
    crs = clean_project.crs()
    assert crs.isValid() and not crs.isGeographic()
    assert "Gauss-Kruger" in crs.description()
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, clean_project)
    middle = to_map.transform(124.5, 41.25)
    assert middle.x() == pytest.approx(500_000, abs=0.01)
    official = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem("EPSG:4549"), clean_project
    )
    on_its_meridian = official.transform(120.0, 41.25)  # EPSG:4549 is the official projection on 120°E
    assert middle.y() == pytest.approx(on_its_meridian.y(), abs=0.001)


def test_a_plan_that_was_opened_empty_gets_its_projection_with_its_first_outlines(tmp_path, clean_project):
    path = tmp_path / "empty.gpkg"
    create_plan(path, PlanTables({"plan": small_plan()["plan"]}))
    plan = open_plan(path)
    assert clean_project.crs().authid() == "EPSG:4490"
    plan.settle_projection()
    assert clean_project.crs().authid() == "EPSG:4490"  # nothing is drawn yet
    add_and_update_rows(path, small_plan()["restoration_zone"], Rows.empty("restoration_zone"), [])
    zones = clean_project.mapLayer(plan.layer_ids["restoration_zone"])
    zones.dataProvider().reloadData()
    zones.updateExtents()
    plan.settle_projection()
    assert clean_project.crs().description() == city_crs(zones.extent()).description()
    chosen = QgsCoordinateReferenceSystem("EPSG:4490")
    clean_project.setCrs(chosen)
    plan.settle_projection()
    assert clean_project.crs() == chosen  # what somebody chose later stays


def test_areas_are_measured_on_the_ellipsoid(plan_path, clean_project):
    open_plan(plan_path)
    from qgis.core import QgsEllipsoidUtils

    parameters = QgsEllipsoidUtils.ellipsoidParameters(clean_project.ellipsoid())
    assert parameters.valid
    assert parameters.semiMajor == 6378137
    assert parameters.inverseFlattening == pytest.approx(298.257222101, abs=1e-9)


def test_the_citys_projection_survives_saving_and_reopening_the_project(plan_path, clean_project, tmp_path):
    open_plan(plan_path)
    before = clean_project.crs()
    assert clean_project.write(str(tmp_path / "p.qgz"))
    clean_project.clear()
    assert clean_project.read(str(tmp_path / "p.qgz"))
    assert clean_project.crs() == before
    assert clean_project.crs().description() == before.description()


def test_benxi_is_offered_its_own_meridian_and_both_official_zones():
    benxi = QgsRectangle(123.5767, 40.8137, 125.7856, 41.5664)
    assert central_meridian(benxi) == pytest.approx(124 + 40 / 60)
    choices = [c.crs.authid() for c in crs_choices(benxi)]
    assert choices[1:] == ["EPSG:4550", "EPSG:4529", "EPSG:4551", "EPSG:4530", "EPSG:4490"]
    assert crs_choices(benxi)[0].crs == city_crs(benxi)
    assert all(c.crs.isValid() for c in crs_choices(benxi))


def test_yangquan_lies_in_one_zone():
    yangquan = QgsRectangle(112.9, 37.6, 114.1, 38.5)
    assert [c.crs.authid() for c in crs_choices(yangquan)][1:3] == ["EPSG:4547", "EPSG:4526"]


def test_a_users_own_projection_is_left_alone(plan_path, clean_project):
    own = QgsVectorLayer("Polygon?crs=EPSG:3857", "own", "memory")
    clean_project.addMapLayer(own)
    clean_project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    open_plan(plan_path)
    assert clean_project.crs().authid() == "EPSG:3857"


def test_the_users_layer_stays_above_or_below_the_plan(plan_path, clean_project):
    own = QgsVectorLayer("Point?crs=EPSG:4490", "own", "memory")
    clean_project.addMapLayer(own)
    open_plan(plan_path)
    assert clean_project.layerTreeRoot().layerOrder()[-1] is own  # the plan was put on top of it


def test_the_project_is_titled_after_the_plan(plan_path, clean_project):
    open_plan(plan_path)
    assert clean_project.title() == "示意市国土空间生态修复规划"


def test_two_plans_are_kept_apart(plan_path, clean_project):
    other = plan_path.with_name("other.gpkg")
    create_plan(other, small_plan("乙市规划", zone_name="乙市西区"))
    first, second = open_plan(plan_path), open_plan(other)
    assert len(clean_project.mapLayers()) == 2 * len(TABLES)
    assert {first.layer("project").id(), first.layer("restoration_zone").id()}.isdisjoint(second.layer_ids.values())
    for opened in (first, second):
        layer = opened.layer("project")
        setup = layer.editorWidgetSetup(layer.fields().indexOf("zone_codes"))
        assert setup.config()["Layer"] == opened.layer("restoration_zone").id()
    assert roles.open_plans(clean_project) == [roles.plan_id(other), roles.plan_id(plan_path)]
    drawn = [roles.table_of(la) for la in clean_project.layerTreeRoot().layerOrder() if la.isSpatial()]
    assert drawn == [t for t in DRAWING_ORDER for _ in range(2)]


def test_plans_of_a_reopened_project_are_found_again(plan_path, clean_project, tmp_path):
    ids = open_plan(plan_path).layer_ids
    assert clean_project.write(str(tmp_path / "p.qgz"))
    clean_project.clear()
    assert clean_project.read(str(tmp_path / "p.qgz"))
    (adopted,) = adopt_plans(clean_project)
    assert adopted.layer_ids == ids
    assert adopted.name == "示意市国土空间生态修复规划"
    assert len(clean_project.relationManager().relations()) == 5


def test_a_project_saved_into_the_plan_file_brings_order_and_groups_back(plan_path, clean_project):
    open_plan(plan_path)
    before = tree(clean_project)
    target = f"geopackage:{plan_path}?projectName=plan"
    assert clean_project.write(target)
    clean_project.clear()
    assert clean_project.read(target)
    assert tree(clean_project) == before
    drawn = [roles.table_of(la) for la in clean_project.layerTreeRoot().layerOrder() if la.isSpatial()]
    assert drawn == list(DRAWING_ORDER)


def test_what_is_no_plan_is_refused_and_the_project_left_alone(tmp_path, clean_project):
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"no geopackage")
    with pytest.raises(PlannerError):
        open_plan(broken)
    assert not clean_project.mapLayers() and not clean_project.layerTreeRoot().children()


def test_the_canvas_shows_the_plan(plan_path, clean_project, qgis_app):
    canvas = QgsMapCanvas()  # of its own: the session's would go on drawing the layers of later tests
    canvas.resize(600, 400)
    opened = open_plan(plan_path, canvas=canvas)
    assert canvas.extent().contains(opened.extent())
    assert canvas.mapSettings().destinationCrs() == clean_project.crs()


def test_an_english_interface_gets_english_captions_that_are_not_stored(plan_path, clean_project):
    set_language("en")
    opened = open_plan(plan_path)
    project = opened.layer("project")
    assert project.name() == "Projects"
    assert project.attributeAlias(project.fields().indexOf("zone_codes")) == "Zones"
    assert [t.name() for t in project.editFormConfig().tabs()][0] == "Identity"
    labels = {r.ruleKey(): r.label() for r in project.renderer().rootRule().descendants()}
    assert labels["project_type.mine"] == "Mine restoration" and labels["grade.violation"] == "Violation"
    zones = opened.layer("restoration_zone").renderer().categories()
    assert [c.label() for c in zones] == ["1 西部修复区", "2 东部修复区", "Other zones"]  # the plan's own names stay
    clean_project.clear()
    stored = QgsVectorLayer(f"{plan_path}|layername=project", "project", "ogr")
    assert stored.attributeAlias(stored.fields().indexOf("zone_codes")) == "所在分区"
