"""What the forms' panels show only with the plugin: papers and history, by functions that it brings to expressions."""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

import pytest
from qgis.core import QgsExpression, QgsFeature, QgsVectorLayer, QgsVectorLayerUtils

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.layers.forms.panels import HISTORY_FUNCTION, PAPERS_FUNCTION, panel_text
from restoration_planner.plugin.projects import form_functions

from ..layers.conftest import plain_layer, small_plan

PANELS = {"papers": PAPERS_FUNCTION, "history": HISTORY_FUNCTION}


@pytest.fixture(autouse=True)
def chinese(qgis_new_project):
    set_language("zh")
    form_functions.withdraw()
    yield
    form_functions.withdraw()
    set_language(None)


@pytest.fixture
def layer(tmp_path) -> QgsVectorLayer:
    create_plan(tmp_path / "p.gpkg", small_plan())
    return plain_layer(tmp_path / "p.gpkg", "project")


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, str, int]]:
    """Every panel's maker notes what it is asked, and gives a paragraph."""
    noted: list[tuple[str, str, int]] = []
    for name in ("papers_html", "history_html"):
        module = types.ModuleType(f"restoration_planner.ui.{name}")

        def maker(path: str, number: int, _name: str = name) -> str:
            noted.append((_name, path, number))
            return f"<p>{_name}</p>"

        setattr(module, name, maker)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return noted


def shown(layer: QgsVectorLayer, feature: QgsFeature, panel: str) -> Any:
    context = layer.createExpressionContext()
    context.setFeature(feature)
    expression = QgsExpression(panel_text(panel, "zh").partition("[%")[2].rpartition("%]")[0])
    value = expression.evaluate(context)
    assert not expression.hasParserError() and not expression.hasEvalError(), expression.evalErrorString()
    return value


@pytest.mark.parametrize("panel", PANELS)
def test_without_the_plugin_a_hint_says_who_shows_it(layer, panel):
    feature = next(layer.getFeatures())
    assert text(f"project_form.panel.{PANELS[panel]}_hint", "zh") in shown(layer, feature, panel)
    form_functions.register()
    form_functions.withdraw()
    assert text(f"project_form.panel.{PANELS[panel]}_hint", "zh") in shown(layer, feature, panel)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("subset", ["", "\"code\" <> 'A1'"])
def test_with_the_plugin_the_panel_is_asked_for_with_file_and_feature(layer, tmp_path, asked, panel, subset):
    form_functions.register()
    assert layer.setSubsetString(subset)
    feature = list(layer.getFeatures())[-1]
    assert shown(layer, feature, panel) == f"<p>{panel}_html</p>"
    assert asked == [(f"{panel}_html", str(tmp_path / "p.gpkg"), 3)]


def test_only_without_the_plugin_a_hint_says_how_lists_are_written(layer, asked):
    feature = next(layer.getFeatures())
    assert '{"1","4"}' in shown(layer, feature, "site")
    form_functions.register()
    assert '{"1","4"}' not in shown(layer, feature, "site")
    assert asked == []


@pytest.mark.parametrize("panel", PANELS)
def test_a_new_project_has_neither_before_it_is_saved(layer, asked, panel):
    form_functions.register()
    assert layer.startEditing()
    unsaved = text("project_form.panel.not_saved_yet", "zh")
    feature = QgsVectorLayerUtils.createFeature(layer)
    assert unsaved in shown(layer, feature, panel)
    assert layer.addFeature(feature)
    assert unsaved in shown(layer, next(f for f in layer.getFeatures() if f.id() < 0), panel)
    assert asked == []
    layer.rollBack()


def test_what_cannot_be_read_is_said_in_the_panel(layer, asked):
    form_functions.register()
    feature = next(layer.getFeatures())
    module = importlib.import_module("restoration_planner.ui.papers_html")

    def refuse(path: str, number: int) -> str:
        raise PlannerError("shell.open_first")

    module.papers_html = refuse
    assert str(PlannerError("shell.open_first")) in shown(layer, feature, "papers")

    def break_down(path: str, number: int) -> str:
        raise RuntimeError("<b>")

    module.papers_html = break_down
    assert text("project_form.panel.nothing_to_show", "zh") in shown(layer, feature, "papers")
