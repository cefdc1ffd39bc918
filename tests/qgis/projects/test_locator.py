"""Projects in the locator: what is found, where it leads, and that unsaved edits and towns count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from qgis.core import QgsFeature, QgsFeedback, QgsGeometry, QgsLocator, QgsLocatorContext, QgsLocatorResult, QgsProject
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.plugin.projects.locator import OPEN_FORM, PREFIX, ProjectFilter, ProjectLocator
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of, sentences, wait_until
from restoration_planner.tests.small_plan import small_tables, square


@pytest.fixture
def tables() -> PlanTables:
    """The small plan with two towns in the west (split at 124.05) and departments."""
    tables = dict(small_tables().rows)
    units = tables["admin_unit"]
    towns = [
        {"code": "w1", "name": "青山镇", "level": "town", "county": "西县"},
        {"code": "w2", "name": "白水乡", "level": "town", "county": "西县"},
    ]
    shapes = [square(124.00, 41.00, 124.05, 41.10), square(124.05, 41.00, 124.10, 41.10)]
    tables["admin_unit"] = Rows.from_records("admin_unit", [*units.records(), *towns], [*units.geometry, *shapes])
    rows = tables["project"]
    departments = [None, '{"自然资源局"}', None, '{"水务局"}', None, None]
    records = [{**r, "departments": d} for r, d in zip(rows.records(), departments)]
    tables["project"] = Rows.from_records("project", records, list(rows.geometry))  # type: ignore[arg-type]
    return PlanTables(tables)


@pytest.fixture
def part(open_work: Callable[..., ProjectWork], tables: PlanTables) -> ProjectLocator:
    found = open_work(ProjectLocator, tables=tables).parts[ProjectLocator]
    assert isinstance(found, ProjectLocator)
    return found


def search(part: ProjectLocator, words: str, prefix: bool = True) -> list[QgsLocatorResult]:
    """What a clone of the filter, prepared as QGIS does it, finds."""
    assert part.filter is not None
    clone = part.filter.clone()
    context = QgsLocatorContext()
    context.usingPrefix = prefix
    found: list[QgsLocatorResult] = []
    clone.resultFetched.connect(found.append)
    clone.prepare(words, context)
    clone.fetchResults(words, context, QgsFeedback())
    return found


def names(results: list[QgsLocatorResult]) -> list[str]:
    return [result.displayString.split()[0] for result in sorted(results, key=lambda r: -r.score)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("P3", ["P3"]),
        ("ｐ３", ["P3"]),
        ("整治", ["P3", "P5"]),
        ("水务", ["P4"]),
        ("青山", ["P2"]),
        ("白水", ["P1", "P2", "P3"]),
        ("白水 采石", ["P2"]),
        ("西县", ["P1", "P2", "P3"]),
        ("nothing like it", []),
    ],
)
def test_a_project_is_found_by_code_name_department_town_and_county(
    part: ProjectLocator, words: str, expected: list[str]
) -> None:
    assert sorted(names(search(part, words))) == expected


def test_a_code_that_is_meant_comes_before_what_only_contains_it(part: ProjectLocator) -> None:
    layer = part.projects_layer()
    assert layer is not None
    layer.startEditing()
    for code, name in (("P10", "别处"), ("X1", "P1的后续")):
        new = QgsFeature(layer.fields())
        new["code"], new["name"] = code, name
        layer.addFeature(new)
    assert names(search(part, "P1")) == ["P1", "P10", "X1"]
    layer.rollBack()
    assert names(search(part, "P1")) == ["P1"]


def test_unsaved_sites_change_the_towns_that_a_project_is_found_by(part: ProjectLocator) -> None:
    layer = part.projects_layer()
    assert layer is not None
    assert names(search(part, "青山")) == ["P2"]
    layer.startEditing()
    where = QgsGeometry.fromWkt("MultiPolygon(((124.01 41.01,124.02 41.01,124.02 41.02,124.01 41.01)))")
    layer.changeGeometry(feature_of(layer, "P4").id(), where)
    assert sorted(names(search(part, "青山"))) == ["P2", "P4"]
    units = part.plan().layer("admin_unit")
    units.startEditing()
    units.changeAttributeValue(feature_of(units, "w1").id(), units.fields().indexOf("name"), "绿山镇")
    assert names(search(part, "青山")) == [] and sorted(names(search(part, "绿山"))) == ["P2", "P4"]
    units.rollBack()


def test_without_the_prefix_a_single_letter_brings_nothing(part: ProjectLocator) -> None:
    assert len(search(part, "P", prefix=True)) == 6
    assert search(part, "P", prefix=False) == []
    assert names(search(part, "P5", prefix=False)) == ["P5"]


def test_choosing_a_project_selects_it_and_moves_the_map_to_it(
    part: ProjectLocator, canvas: Any, qgis_iface: Any
) -> None:
    qgis_iface.openFeatureForm.reset_mock()
    (result,) = search(part, "P5")
    part.filter.triggerResult(result)  # type: ignore[union-attr]
    layer = part.projects_layer()
    assert layer is not None
    site = feature_of(layer, "P5").geometry().boundingBox()
    assert [f["code"] for f in layer.selectedFeatures()] == ["P5"]
    assert canvas.extent().contains(site) and canvas.extent().width() < 5 * site.width()
    assert not qgis_iface.openFeatureForm.called
    assert qgis_iface.activeLayer() is layer


def test_its_action_opens_the_form_too(part: ProjectLocator, qgis_iface: Any) -> None:
    qgis_iface.openFeatureForm.reset_mock()
    (result,) = search(part, "P5")
    assert [action.text for action in result.actions] == ["Open form"]
    part.filter.triggerResultFromAction(result, OPEN_FORM)  # type: ignore[union-attr]
    assert qgis_iface.openFeatureForm.call_args[0][1]["code"] == "P5"


def test_an_unsited_project_says_so_and_opens_its_form(part: ProjectLocator, canvas: Any, qgis_iface: Any) -> None:
    qgis_iface.openFeatureForm.reset_mock()
    before = canvas.extent()
    (result,) = search(part, "P4")
    assert "unsited" in result.description
    part.filter.triggerResult(result)  # type: ignore[union-attr]
    assert qgis_iface.openFeatureForm.call_args[0][1]["code"] == "P4"
    assert canvas.extent() == before
    assert any("no site yet" in sentence for sentence in sentences(qgis_iface.messageBar()))


def test_a_project_deleted_since_the_search_and_a_plan_that_went_are_told(
    part: ProjectLocator, qgis_iface: Any
) -> None:
    (result,) = search(part, "P5")
    layer = part.projects_layer()
    assert layer is not None
    layer.startEditing()
    layer.deleteFeature(feature_of(layer, "P5").id())
    part.filter.triggerResult(result)  # type: ignore[union-attr]
    assert any("no longer in the plan" in sentence for sentence in sentences(qgis_iface.messageBar()))
    layer.rollBack()
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert search(part, "P5") == []
    part.filter.triggerResult(result)  # type: ignore[union-attr]
    assert any("not at work any more" in sentence for sentence in sentences(qgis_iface.messageBar()))


def test_qgis_s_own_locator_takes_the_filter_its_prefix_and_lets_it_go(part: ProjectLocator) -> None:
    locator = QgsLocator()
    spare = ProjectFilter(part._index, part.go_to)
    locator.registerFilter(spare)
    assert spare.activePrefix() == PREFIX
    found: list[str] = []
    locator.foundResult.connect(lambda result: found.append(result.displayString))
    for words in (f"{PREFIX} 整治", "河道整治", f"{PREFIX} P"):
        found.clear()
        locator.fetchResults(words, QgsLocatorContext())
        wait_until(lambda: not locator.isRunning())
        QApplication.processEvents()
        assert any("河道整治" in name for name in found), words
    locator.deregisterFilter(spare)
    locator.deleteLater()
    QApplication.processEvents()
    assert names(search(part, "P3")) == ["P3"], "the part's own filter is still there"
