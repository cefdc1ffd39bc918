"""What the project in hand is called while its site is given."""

from __future__ import annotations

from qgis.core import QgsFeature, QgsVectorLayer

from restoration_planner.plugin.projects.site_sources import in_hand
from restoration_planner.plugin.projects.site_told import target_of
from restoration_planner.plugin.projects.work import ProjectWork


def title(layer: QgsVectorLayer) -> str:
    project, _ = in_hand(layer)
    target = target_of(project)
    assert target is not None
    return target.title


def test_a_project_not_saved_yet_is_new_and_not_a_number(work: ProjectWork) -> None:
    plan = work.plans.current()
    assert plan is not None
    layer = plan.layer("project")
    assert layer.startEditing()
    feature = QgsFeature(layer.fields())
    assert layer.addFeature(feature)
    new = next(f.id() for f in layer.getFeatures() if f.id() < 0)
    layer.selectByIds([new])
    assert title(layer) == "new project"
    assert layer.changeAttributeValue(new, layer.fields().indexOf("name"), "北沟整治")
    assert title(layer) == "北沟整治"
    assert layer.changeAttributeValue(new, layer.fields().indexOf("code"), "P9")
    assert title(layer) == "P9 北沟整治"
    layer.rollBack()
