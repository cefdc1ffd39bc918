"""A small plan open with the room of the projects, as the shell puts them together.

The plan is the one of `tests/small_plan.py` unless a test brings its own; the map is a real one that takes mouse and
key events but draws nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMessageBarItem
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QApplication, QWidget

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.edit_groups import EditGroups
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projects import work as room
from restoration_planner.plugin.projects.part import ProjectPart
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.small_plan import make_small_plan, small_tables


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Keep Qt going until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.005)


def sentences(bar: QWidget) -> list[str]:
    """What stands on a message bar."""
    shown = [w for w in bar.findChildren(QWidget) if w.metaObject().className() == "QgsMessageBarItem"]
    return [item.text() for item in shown if isinstance(item, QgsMessageBarItem)]


def feature_of(layer: QgsVectorLayer, code: str) -> QgsFeature:
    """The feature of a code, as it stands with unsaved edits."""
    return next(f for f in layer.getFeatures() if f["code"] == code)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """The plan on squared paper."""
    return make_small_plan(tmp_path / "plan.gpkg")


@pytest.fixture
def plan_tables() -> PlanTables:
    """The tables that `plan_file` holds."""
    return small_tables()


@pytest.fixture
def canvas(qgis_iface: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[QgsMapCanvas]:
    """A map of 800 × 800 pixels over the whole plan, in degrees; `iface` shows it."""
    # pytest-qgis shows every layer on a map of its own, ticked or not, and it draws where an earlier test let it
    others = qgis_iface.mapCanvas()
    drew = others.renderFlag()
    others.setRenderFlag(False)
    others.stopRendering()
    canvas = QgsMapCanvas()
    # Nobody looks, and its drawing threads would open the plan beside the test
    canvas.setRenderFlag(False)
    canvas.resize(QSize(800, 800))
    canvas.show()  # a map that was never shown has no size
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
    canvas.setExtent(QgsRectangle(124.0, 40.95, 124.2, 41.15))
    monkeypatch.setattr(qgis_iface, "mapCanvas", lambda: canvas, raising=False)
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [canvas], raising=False)
    monkeypatch.setattr(qgis_iface, "openFeatureForm", Mock(), raising=False)
    yield canvas
    canvas.close()
    canvas.deleteLater()
    QApplication.processEvents()
    others.setLayers([])
    others.setRenderFlag(drew)


@pytest.fixture
def groups() -> Iterator[EditGroups]:
    """The undo groups of the plan's layers."""
    groups = EditGroups()
    yield groups
    groups.close()


@pytest.fixture
def plans(qgis_new_project: None, canvas: QgsMapCanvas, groups: EditGroups) -> Iterator[OpenPlans]:
    """The open plans of an empty project; edits are given up and all is closed before the files go."""
    QgsSettings().remove("restoration_planner")
    plans = OpenPlans(QgsProject.instance())
    yield plans
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.isEditable():
            layer.rollBack()
    plans.close()
    # What stayed open would be drawn, again and again, from files that are gone with their test
    QgsProject.instance().clear()
    QApplication.processEvents()


@pytest.fixture
def open_work(
    plans: OpenPlans,
    canvas: QgsMapCanvas,
    groups: EditGroups,
    qgis_iface: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., ProjectWork]]:
    """Open a plan with the room of the projects: ``open_work(MyPart, …, tables=…, file=…)``.

    Without parts all parts are there, as in the plugin; `work.parts[MyPart]` is a part.
    """
    made: list[ProjectWork] = []
    bar = qgis_iface.messageBar()
    bar.clearWidgets()

    def open_it(*parts: type[ProjectPart], tables: PlanTables | None = None, file: Path | None = None) -> ProjectWork:
        if parts:
            monkeypatch.setattr(room, "PARTS", parts)
        if file is None:
            file = tmp_path / f"plan-{len(made)}.gpkg"
            create_plan(file, tables or small_tables())
        plans.open(file, canvas)
        project = QgsProject.instance()
        # what QGIS's own window does
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
        canvas.setLayers(project.layerTreeRoot().layerOrder())
        canvas.setExtent(QgsRectangle(124.0, 40.95, 124.2, 41.15))
        work = ProjectWork(qgis_iface, plans, groups)
        made.append(work)
        QApplication.processEvents()
        return work

    yield open_it
    for work in made:
        work.close()
        work.deleteLater()
    bar.clearWidgets()
    QApplication.processEvents()


@pytest.fixture
def work(open_work: Callable[..., ProjectWork]) -> ProjectWork:
    """The small plan, open, with all parts."""
    return open_work()


@pytest.fixture
def projects(work: ProjectWork) -> QgsVectorLayer:
    """The project layer of the plan that `work` has open."""
    plan = work.plans.current()
    assert plan is not None
    return plan.layer("project")
