"""The menu that offers the projections that suit a plan's city; areas stay ellipsoidal in all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ..core.texts import text

if TYPE_CHECKING:
    from .open_plans import OpenPlans


class ProjectionMenu(QMenu):
    """Filled each time it is shown, for the plan at work.

    Parameters
    ----------
    plans
        Gives the open plans when they are needed, which is not before the menu is shown.
    """

    def __init__(self, plans: Callable[[], OpenPlans], parent: QWidget | None = None) -> None:
        super().__init__(text("shell.projection"), parent)
        self._plans = plans
        self.setObjectName("RestorationPlannerProjectionMenu")
        self.setToolTip(text("shell.projection_tip"))
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Offer the city's own meridian, the official zones it touches, and longitude and latitude."""
        self.clear()
        plan = self._plans().current()
        extent = None if plan is None else plan.extent(QgsCoordinateReferenceSystem("EPSG:4490"))
        if extent is None or extent.isEmpty():
            nothing = self.addAction(text("shell.projection_none" if plan is None else "shell.projection_no_extent"))
            nothing.setEnabled(False)
            return
        from ..layers.crs import crs_choices

        current = QgsProject.instance().crs()
        for choice in crs_choices(extent):
            action = self.addAction(choice.caption)
            action.setCheckable(True)
            action.setChecked(choice.crs == current)
            action.triggered.connect(partial(self._choose, choice.crs))

    def _choose(self, crs: QgsCoordinateReferenceSystem, *_: object) -> None:
        from ..layers.crs import measure_on_ellipsoid

        project = QgsProject.instance()
        project.setCrs(crs)
        measure_on_ellipsoid(project)
