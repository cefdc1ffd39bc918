"""A snapshot of the project for another process: the project itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsVectorLayer

from restoration_planner.core.errors import PlannerError
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.plugin.figures.project_snapshot import take_snapshot
from restoration_planner.tests.small_plan import make_small_plan


@pytest.fixture
def plan(qgis_new_project: None, tmp_path: Path) -> Iterator[OpenPlan]:
    yield open_plan(make_small_plan(tmp_path / "plan.gpkg"), QgsProject.instance())
    QgsProject.instance().clear()


def edit_a_zone(plan: OpenPlan) -> QgsVectorLayer:
    layer = plan.layer("restoration_zone")
    layer.startEditing()
    layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().indexOf("name"), "改了名的区")
    return layer


@pytest.mark.parametrize("dirty", [False, True])
def test_a_snapshot_leaves_the_project_as_it_was(plan: OpenPlan, tmp_path: Path, dirty: bool) -> None:
    project = QgsProject.instance()
    own = tmp_path / "own" / "mine.qgz"
    own.parent.mkdir()
    assert project.write(str(own))
    stored, layer = own.read_bytes(), edit_a_zone(plan)
    project.setDirty(dirty)
    told: list[str] = []
    slots = {
        project.projectSaved: lambda *_: told.append("saved"),
        project.fileNameChanged: lambda *_: told.append("name"),
        project.isDirtyChanged: lambda *_: told.append("dirty"),
        project.homePathChanged: lambda *_: told.append("home"),
    }
    for signal, slot in slots.items():
        signal.connect(slot)

    def state() -> tuple[object, ...]:
        plain = project.fileName(), project.isDirty(), project.title(), project.homePath()
        return (*plain, layer.source(), layer.isEditable(), layer.isModified(), project.signalsBlocked())

    before = state()
    file = take_snapshot(project, tmp_path)
    for signal, slot in slots.items():
        signal.disconnect(slot)
    assert state() == before and told == [] and own.read_bytes() == stored
    copy = QgsProject()
    assert copy.read(str(file))
    assert {la.id() for la in copy.mapLayers().values() if la.isValid()} == set(project.mapLayers())
    copy.clear()
    layer.rollBack()


def test_a_snapshot_that_cannot_be_written_is_said_and_changes_nothing(plan: OpenPlan, tmp_path: Path) -> None:
    project = QgsProject.instance()
    before = project.fileName(), project.isDirty()
    with pytest.raises(PlannerError):
        take_snapshot(project, tmp_path / "not there")
    assert (project.fileName(), project.isDirty()) == before and not project.signalsBlocked()
