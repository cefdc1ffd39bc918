"""What QGIS's own saving of zones with open problems leaves to go back to, and what versions do while QGIS edits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import shapely
from qgis.core import Qgis, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.coverage.versions import read_version, save_version, versions
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.plugin.map_tools.ground import UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import on_earth, open_bench  # noqa: F401  a fixture
from restoration_planner.tests.qgis.ui.test_zone_dock import TOWN, Docked, docked  # noqa: F401  a fixture


def rename_zone(docked: Docked, name: str) -> QgsVectorLayer:  # noqa: F811
    layer = docked.bench.layer(ZONES)
    layer.isEditable() or layer.startEditing()
    feature = next(f for f in layer.getFeatures() if f["code"] == "1")
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf("name"), name)
    return layer


@pytest.mark.parametrize("first", [ZONES, UNITS])
def test_the_state_before_is_kept_whichever_layer_is_saved_first(docked: Docked, first: str) -> None:  # noqa: F811
    path: Path = docked.bench.plans.current().path  # type: ignore[union-attr]
    before = read_plan(path)
    docked.open_gap()
    docked.give(TOWN, 2)
    assert docked.bench.layer(first).commitChanges()
    QApplication.processEvents()
    (kept,) = versions(path)
    held = read_version(path, kept.id)
    for table in (ZONES, "key_area", UNITS, "unit_membership"):
        for name in before[table].columns:
            assert held[table][name].tolist() == before[table][name].tolist(), (table, name)
    assert shapely.equals(held[ZONES].geometry, before[ZONES].geometry).all()


def test_other_words_about_towns_are_saved_without_a_version(docked: Docked) -> None:  # noqa: F811
    docked.open_gap()
    towns = docked.bench.layer(UNITS)
    towns.isEditable() or towns.startEditing()
    towns.changeAttributeValue(next(towns.getFeatures()).id(), towns.fields().indexOf("name"), "renamed")
    assert towns.commitChanges()
    QApplication.processEvents()
    assert versions(docked.bench.plans.current().path) == []  # type: ignore[union-attr]


@pytest.fixture
def transactions() -> None:
    project = QgsProject.instance()
    if hasattr(project, "setTransactionMode"):
        project.setTransactionMode(Qgis.TransactionMode.AutomaticGroups)
    else:
        project.setAutoTransaction(True)


def test_in_automatic_transactions_nobody_waits_for_the_lock_and_it_is_said(
    docked: Docked,  # noqa: F811
    transactions: None,
) -> None:
    zone = docked.bench.geometry(ZONES)["3"]
    assert zone is not None
    gap = shapely.difference(zone, on_earth(shapely.box(2.9, 2.9, 3.1, 3.1)))
    docked.set_geometry(ZONES, "3", shapely.multipolygons([gap]))
    start = time.perf_counter()
    docked.desk.versions.save("while editing")
    assert "automatic transaction group" in docked.sentence()
    docked.bench.iface.messageBar().clearWidgets()
    assert docked.bench.layer(ZONES).commitChanges()
    QApplication.processEvents()
    assert time.perf_counter() - start < 3, "the lock is waited for 5 s"
    assert "open problems" in docked.sentence() and "automatic transaction groups" in docked.sentence()
    assert versions(docked.bench.plans.current().path) == []  # type: ignore[union-attr]


def test_edits_begun_while_a_version_is_restored_are_kept_and_told(docked: Docked) -> None:  # noqa: F811
    plan = docked.bench.plans.current()
    version = save_version(plan.path, "start")  # type: ignore[union-attr]
    docked.desk.versions.restore(plan, version)  # type: ignore[arg-type]
    layer = rename_zone(docked, "mine")  # before the task tells that it is done
    docked.settle()
    assert layer.isModified() and docked.bench.values(ZONES, "name")["1"] == "mine"
    assert "kept" in docked.sentence() and layer.name() in docked.sentence()
    layer.rollBack()


def test_no_name_is_asked_for_where_the_versions_cannot_be_read(docked: Docked) -> None:  # noqa: F811
    path: Path = docked.bench.plans.current().path  # type: ignore[union-attr]
    elsewhere = path.rename(path.with_name("moved.gpkg"))
    docked.desk.versions.ask_save()
    elsewhere.rename(path)
    assert docked.desk.versions.dialog is None
    assert path.name in docked.sentence()
