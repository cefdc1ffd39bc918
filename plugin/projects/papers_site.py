"""Where photos were taken becomes a project's site."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import PlannerError
from ...core.papers.sites import site_about
from ...core.sites.site import Site
from ...core.store.project_papers import Paper
from ...core.texts import text
from ...layers.opening import OpenPlan
from ..edit_groups import EditGroups
from ..map_tools.ground import as_qgis
from .site_sources import PROJECT, PlanGround, as_shape


def give_site_about(
    groups: EditGroups, plan: OpenPlan, fid: int, papers: Sequence[Paper], radius_m: float, how: str
) -> Site:
    """Give a project the ground about photos; one undo step, saved with the layer's other edits.

    Parameters
    ----------
    radius_m, how
        As `core.papers.sites.site_about`.

    Raises
    ------
    PlannerError
        If the project is gone, its layer cannot be edited, or as `site_about`; nothing is changed then.
    """
    layer = plan.layer(PROJECT)
    feature = layer.getFeature(fid)
    if not feature.isValid():
        raise PlannerError("papers.no_project")
    site = site_about(papers, radius_m, as_shape(feature.geometry()), how, PlanGround(plan).place())
    with groups.action(text("papers.ui.undo_site")) as action:
        action.change_geometry(layer, fid, as_qgis(site.geometry))
    return site
