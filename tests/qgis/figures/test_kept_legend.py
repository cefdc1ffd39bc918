"""The legend of an adjusted layout, and what figures leave in a project when their plan is closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsLayoutPoint, QgsPrintLayout, QgsProject

from restoration_planner.figures.export import Wanted, prepare_export
from restoration_planner.figures.sources import remove_layers_for_figures
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.plugin.open_plans import OpenPlans

from .test_pages import box_of, laid_out


def legend_tables(plan: OpenPlan, layout: QgsPrintLayout) -> list[str]:
    tables = {layer_id: table for table, layer_id in plan.layer_ids.items()}
    nodes = layout.itemById("legend").model().rootGroup().findLayers()
    return [tables.get(node.layerId(), node.layer().name()) for node in nodes]


def test_what_has_been_drawn_since_comes_into_a_kept_legend(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    assert legend_tables(wide_city, layout) == ["restoration_zone", "市界", "admin_unit"]
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    legend = layout.itemById("legend")
    taken_out = next(n for n in legend.model().rootGroup().findLayers() if n.layer().name() == "市界")
    taken_out.parent().removeChildNode(taken_out)
    rivers = wide_city.layer("river")
    rivers.startEditing()
    river = QgsFeature(rivers.fields())
    river.setAttribute("name", "太子河")
    river.setGeometry(QgsGeometry.fromWkt("MultiLineString((123.7 41, 125.7 41.4))"))
    assert rivers.addFeature(river)
    try:
        kept = laid_out(wide_city, 8).layout
        assert legend_tables(wide_city, kept) == ["restoration_zone", "admin_unit", "river"]
        assert [g.name() for g in kept.itemById("legend").model().rootGroup().findGroups()][-1] == "水系"
    finally:
        rivers.rollBack()


def test_a_kept_legend_is_whole_again_after_its_plan_was_closed(wide_city: OpenPlan) -> None:
    project = QgsProject.instance()
    layout = laid_out(wide_city, 8).layout
    layout.itemById("title").attemptMove(QgsLayoutPoint(60, 9))
    before = legend_tables(wide_city, layout)
    project.removeMapLayers(list(wide_city.layer_ids.values()))
    remove_layers_for_figures(project, wide_city.path)
    assert not project.mapLayers()
    plan = open_plan(wide_city.path, project)
    again = laid_out(plan, 8).layout
    assert box_of(again.itemById("title")).x() == pytest.approx(60)
    assert legend_tables(plan, again) == before


def test_a_plan_that_was_closed_after_a_series_can_be_opened_again(wide_city: OpenPlan, tmp_path: Path) -> None:
    project = QgsProject.instance()
    plans = OpenPlans(project)
    try:
        plans.adopt()
        list(prepare_export(wide_city, Wanted(tmp_path, "8", series=True)))
        project.removeMapLayers(list(wide_city.layer_ids.values()))
        assert not project.mapLayers()
        plan = open_plan(wide_city.path, project)
        for table in plan.layer_ids:
            layer = plan.layer(table)
            assert layer.featureCount() == sum(1 for _ in layer.getFeatures())
        assert plan.layer("restoration_zone").crs().authid() == "EPSG:4490"
    finally:
        plans.close()
