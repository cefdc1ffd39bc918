"""The projections that the menu offers for the plan at work."""

from __future__ import annotations

from qgis.core import QgsProject

from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.projection_menu import ProjectionMenu
from restoration_planner.plugin.siting.desk import SitingDesk


def test_without_a_plan_it_says_what_to_do_first(plans: OpenPlans) -> None:
    menu = ProjectionMenu(lambda: plans)
    menu.fill()
    assert [(a.text(), a.isEnabled()) for a in menu.actions()] == [("Open a plan first", False)]


def test_the_citys_own_meridian_is_ticked_and_another_choice_takes_its_place(
    plans: OpenPlans, desk: SitingDesk
) -> None:
    menu = ProjectionMenu(lambda: plans)
    menu.fill()
    assert [a.isChecked() for a in menu.actions()].index(True) == 0
    official = next(a for a in menu.actions() if "EPSG:45" in a.text())
    ellipsoid = QgsProject.instance().ellipsoid()
    caption = official.text()
    official.trigger()
    assert QgsProject.instance().crs().authid() in caption
    assert QgsProject.instance().ellipsoid() == ellipsoid
    menu.fill()
    assert [a.text() for a in menu.actions() if a.isChecked()] == [caption]
