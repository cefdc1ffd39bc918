"""An action for one project: offered by the projects' layer of every open plan, and for no other layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis import gui
from qgis.core import QgsFeature, QgsProject, QgsVectorLayer
from qgis.gui import QgsActionMenu, QgsAttributeForm, QgsGui
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core import texts
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.edit_groups import EditGroups
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projects import work as room
from restoration_planner.plugin.projects.part import FeatureAction, ProjectPart
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.small_plan import make_small_plan


class Showing(ProjectPart):
    """A part that notes which project it was asked to show, and of which plan."""

    area = "projects"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.shown: list[tuple[str, Any]] = []
        self.add_feature_action("title", self._show)

    def _show(self, feature: QgsFeature) -> None:
        self.shown.append((self.plan().path.stem, feature["code"]))


@pytest.fixture
def part(qgis_new_project: None, qgis_iface: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Showing]:
    """The part with two plans open, the second one at work."""
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)
    monkeypatch.setitem(texts._area("projects"), "title_tip", {"en": "tip"})  # its words are borrowed
    monkeypatch.setattr(room, "PARTS", ())  # they have such actions of their own
    set_language("en")
    qgis_iface.mapCanvas().setRenderFlag(False)
    plans, groups = OpenPlans(QgsProject.instance()), EditGroups()
    for name in ("first", "second"):
        plans.open(make_small_plan(tmp_path / f"{name}.gpkg"), None)
    work = ProjectWork(qgis_iface, plans, groups)
    part = Showing(work)
    yield part
    part.close()
    work.close()
    groups.close()
    plans.close()
    QgsProject.instance().clear()
    qgis_iface.mapCanvas().setRenderFlag(True)
    set_language(None)


def actions_for(layer: QgsVectorLayer) -> list[FeatureAction]:
    return [a for a in QgsGui.mapLayerActionRegistry().mapLayerActions(layer) if isinstance(a, FeatureAction)]


def layer_of(part: Showing, plan: str, table: str = "project") -> QgsVectorLayer:
    plans = part.work.plans
    found = plans.find(next(Path(key) for key, _ in plans.names() if Path(key).stem == plan))
    assert found is not None
    return found.layer(table)


def test_it_is_offered_for_projects_alone(part: Showing) -> None:
    stranger = QgsVectorLayer("Point?field=code:string", "project", "memory")
    assert len(actions_for(layer_of(part, "first"))) == len(actions_for(layer_of(part, "second"))) == 1
    assert actions_for(layer_of(part, "second", "red_line")) == []
    assert actions_for(stranger) == []


def test_the_form_shows_it(part: Showing) -> None:
    layer = layer_of(part, "second")
    feature = next(layer.getFeatures("code = 'P2'"))
    form = QgsAttributeForm(layer, feature)
    menu = QgsActionMenu(layer, feature, "Feature", form)  # the form's toolbar is filled from it
    assert "Restoration Planner: projects" in [a.text() for a in menu.actions()]
    form.deleteLater()


def test_triggering_it_puts_the_projects_own_plan_to_work(part: Showing) -> None:
    layer = layer_of(part, "first")
    assert part.plan().path.stem == "second"
    feature = next(layer.getFeatures("code = 'P2'"))
    context = [gui.QgsMapLayerActionContext()] if hasattr(gui, "QgsMapLayerActionContext") else []
    actions_for(layer)[0].triggerForFeature(layer, feature, *context)  # as QGIS's own windows do
    QApplication.processEvents()
    assert part.shown == [("first", "P2")]


def test_it_goes_with_its_part(part: Showing) -> None:
    part.close()
    QApplication.processEvents()
    assert actions_for(layer_of(part, "second")) == []
