"""Open layers as arrays, unsaved edits included."""

from __future__ import annotations

import pytest
import shapely
from qgis.core import NULL, QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.layers.opening import open_plan
from restoration_planner.layers.reading import read_layer, read_open_plan
from restoration_planner.layers.style_making.make import blank_layer

from .conftest import EAST, SITE


def project_row(tables, code: str) -> dict:
    rows = tables["project"]
    (position,) = [i for i, c in enumerate(rows["code"]) if c == code]
    return {
        **{name: rows[name][position] for name in TABLES["project"].field_names},
        "geometry": rows.geometry[position],
    }


def test_open_layers_read_the_same_as_the_file(plan_path):
    opened, stored = read_open_plan(open_plan(plan_path)), read_plan(plan_path)
    for table in TABLES:
        assert opened[table].fids.tolist() == stored[table].fids.tolist()
        for field in TABLES[table].field_names:
            assert opened[table][field].tolist() == stored[table][field].tolist(), (table, field)
        if TABLES[table].geometry:
            assert [g and g.wkt for g in opened[table].geometry] == [g and g.wkt for g in stored[table].geometry]


def test_nulls_and_empty_texts_are_none_and_booleans_booleans(plan_path):
    layer = open_plan(plan_path).layer("project")
    layer.startEditing()
    layer.changeAttributeValue(2, layer.fields().indexOf("remark"), "  ")
    layer.changeAttributeValue(2, layer.fields().indexOf("opinion_ref"), NULL)
    layer.changeAttributeValue(2, layer.fields().indexOf("temporary_land"), False)
    rows = read_layer(layer, "project")
    assert rows["remark"][1] is None and rows["opinion_ref"][1] is None and rows["measure"][1] is None
    assert rows["temporary_land"].tolist() == [None, False, None]
    assert rows["listed_in_plan"].tolist() == [True, None, None]
    assert rows.geometry[2] is None
    layer.rollBack()


def test_unsaved_edits_are_read(plan_path):
    opened = open_plan(plan_path)
    layer = opened.layer("project")
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexOf("name"), "改名")
    layer.changeGeometry(1, QgsGeometry.fromWkt(EAST))
    layer.deleteFeature(2)
    new = QgsFeature(layer.fields())
    new["code"] = "NEW"
    new.setGeometry(QgsGeometry.fromWkt(SITE))
    layer.addFeature(new)
    tables = read_open_plan(opened)
    assert sorted(tables["project"]["code"]) == ["A1", "A3", "NEW"]
    assert project_row(tables, "A1")["name"] == "改名"
    assert project_row(tables, "A1")["geometry"].equals(shapely.from_wkt(EAST))
    assert project_row(tables, "NEW")["geometry"].equals(shapely.from_wkt(SITE))
    assert (tables["project"].fids < 0).sum() == 1
    assert sorted(read_plan(plan_path)["project"]["code"]) == ["A1", "A2", "A3"]  # the file is as before
    layer.rollBack()


def test_a_filtered_layer_is_read_whole(plan_path):
    opened = open_plan(plan_path)
    assert opened.layer("project").setSubsetString("\"code\" = 'A1'")
    assert len(read_open_plan(opened)["project"]) == 3


def test_a_filter_that_hides_rows_of_an_edited_layer_is_said(plan_path):
    opened = open_plan(plan_path)
    layer = opened.layer("project")
    layer.setSubsetString("\"code\" = 'A1'")
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexOf("name"), "改名")
    with pytest.raises(PlannerError, match="过滤条件"):
        read_open_plan(opened)
    layer.rollBack()


def test_curves_are_straightened_and_said():
    layer = blank_layer("project")
    layer.startEditing()
    for wkt in ("CurvePolygon (CircularString (124 41, 124.1 41.1, 124.2 41, 124.1 40.9, 124 41))", SITE):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.editBuffer().addFeature(feature)
    rows = read_layer(layer, "project")
    curved = next(i for i, g in enumerate(rows.geometry) if not g.equals(shapely.from_wkt(SITE)))
    assert rows.damage == {curved: "geometry.curve"}
    assert rows.geometry[curved].area == pytest.approx(3.14159265 * 0.1**2, rel=1e-4)
    layer.rollBack()


@pytest.mark.parametrize(
    ("wkt", "damage"),
    [
        ("Polygon ((124 41, 124.1 41, 124.1 41.1, 124 41.1))", "geometry.unclosed"),
        ("MultiPolygon (((124 41, 124.1 41, nan 41.1, 124 41)))", "geometry.not_finite"),
    ],
)
def test_damaged_shapes_are_put_right_or_left_out_and_said(wkt, damage):
    layer = blank_layer("project")
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    geometry = QgsGeometry.fromWkt(wkt.replace("nan", "124.1"))
    if "nan" in wkt:
        geometry.moveVertex(float("nan"), 41.1, 2)
    feature.setGeometry(geometry)
    layer.editBuffer().addFeature(feature)
    rows = read_layer(layer, "project")
    assert rows.damage == {0: damage}
    layer.rollBack()


def test_z_values_are_dropped():
    layer = blank_layer("project")
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("PolygonZ ((124 41 5, 124.1 41 5, 124.1 41.1 5, 124 41 5))"))
    layer.editBuffer().addFeature(feature)
    (shape,) = read_layer(layer, "project").geometry
    assert shape.wkt == "MULTIPOLYGON (((124 41, 124.1 41, 124.1 41.1, 124 41)))"
    layer.rollBack()


def test_a_plan_that_was_closed_is_said(plan_path):
    opened = open_plan(plan_path)
    QgsProject.instance().clear()
    with pytest.raises(PlannerError, match="已关闭"):
        read_open_plan(opened)


def test_a_project_layer_that_was_removed_is_said_but_red_lines_come_from_the_file(plan_path):
    opened = open_plan(plan_path)
    QgsProject.instance().removeMapLayer(opened.layer("red_line").id())
    assert read_open_plan(opened)["red_line"]["code"].tolist() == ["R1"]
    QgsProject.instance().removeMapLayer(opened.layer("project").id())
    with pytest.raises(PlannerError, match="移除"):
        read_open_plan(opened)


def test_a_layer_whose_crs_was_changed_is_refused(plan_path):
    opened = open_plan(plan_path)
    opened.layer("project").setCrs(QgsCoordinateReferenceSystem("EPSG:4529"))
    with pytest.raises(PlannerError, match="4490"):
        read_open_plan(opened)


def test_only_the_tables_asked_for_are_read(plan_path):
    assert set(read_open_plan(open_plan(plan_path), ["project", "red_line"]).rows) == {"project", "red_line"}


def test_a_reader_that_breaks_off_is_tried_again_and_then_said(plan_path, monkeypatch):
    layer = open_plan(plan_path).layer("project")
    reads = []
    whole = QgsVectorLayer.getFeatures

    def broken_off(failures):
        def get_features(self, *args):
            reads.append(1)
            return iter([]) if len(reads) <= failures else whole(self, *args)

        return get_features

    monkeypatch.setattr("restoration_planner.layers.reading.PAUSE_S", 0.0)
    monkeypatch.setattr(QgsVectorLayer, "getFeatures", broken_off(failures=2))
    assert len(read_layer(layer, "project")) == layer.featureCount() > 0
    monkeypatch.setattr(QgsVectorLayer, "getFeatures", broken_off(failures=99))
    with pytest.raises(PlannerError) as raised:
        read_layer(layer, "project")
    assert raised.value.message.id == "layers.broken_off"
