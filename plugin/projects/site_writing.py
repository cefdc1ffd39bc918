"""Sites written into the plan's layer, each as one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsGeometry, QgsVectorLayer, QgsVectorLayerUtils

from ...core.errors import PlannerError
from ...core.texts import text
from ..edit_groups import EditGroups

if TYPE_CHECKING:
    from ...core.sites.site import Site
    from .site_sources import InHand


def give_site(groups: EditGroups, layer: QgsVectorLayer, project: InHand, site: Site) -> None:
    """Give a project its site.

    Raises
    ------
    PlannerError
        If the layer cannot be edited, or the project was deleted or given another site since it was looked at, as it
        may be while a large site is worked out; nothing is changed then.
    """
    from ..map_tools.ground import as_qgis

    _refuse_changed(layer, project)
    with groups.action(text("site.undo", project=project.title)) as action:
        action.change_geometry(layer, project.feature.id(), as_qgis(site.geometry))


def add_project(groups: EditGroups, layer: QgsVectorLayer, site: Site) -> int:
    """Make a project with a site and what the form fills in by itself; its feature id.

    Raises
    ------
    PlannerError
        As `give_site`.
    """
    from ..map_tools.ground import as_qgis

    context = layer.createExpressionContext()
    feature = QgsVectorLayerUtils.createFeature(layer, as_qgis(site.geometry), {}, context)
    with groups.action(text("site.undo_new")) as action:
        action.add(layer, feature)
    return int(feature.id())


def take_site_away(groups: EditGroups, layer: QgsVectorLayer, project: InHand) -> None:
    """Leave a project without a site.

    Raises
    ------
    PlannerError
        If it has none, or as `give_site`.
    """
    if project.site is None:
        raise PlannerError("site.none_already", project=project.title)
    with groups.action(text("site.undo_none", project=project.title)) as action:
        action.change_geometry(layer, project.feature.id(), QgsGeometry())


def _refuse_changed(layer: QgsVectorLayer, project: InHand) -> None:
    now, then = layer.getFeature(project.feature.id()), project.feature
    if not now.isValid():
        raise PlannerError("site.project_gone", project=project.title)
    if now.geometry().asWkb() != then.geometry().asWkb():
        raise PlannerError("site.changed_meanwhile", project=project.title)
