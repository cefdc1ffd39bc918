"""The room of the projects: there with a plan, gone with the plugin, asleep without a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.plugin.projects.part import ProjectPart
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of


class Listening(ProjectPart):
    """A part that notes which plan it is told of."""

    area = "projects"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.heard: list[str | None] = []
        self.closed = False

    def plan_changed(self) -> None:
        plan = self.work.plans.current()
        self.heard.append(plan.name if plan is not None else None)

    def close(self) -> None:
        self.closed = True
        super().close()


def test_a_part_is_told_of_the_plan_at_work_and_that_it_goes(open_work: Callable[..., ProjectWork]) -> None:
    work = open_work(Listening)
    part = work.parts[Listening]
    assert part.heard == ["方格市规划"]
    assert work.menu.menuAction().isEnabled()
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert part.heard == ["方格市规划", None]
    assert not work.menu.menuAction().isEnabled()


def test_a_room_that_closes_closes_its_parts(open_work: Callable[..., ProjectWork]) -> None:
    first = open_work(Listening)
    second = ProjectWork(first.iface, first.plans, first.groups)
    part = second.parts[Listening]
    second.close()
    assert part.closed and not second.parts
    assert not first.parts[Listening].closed


def test_a_group_changes_the_layer_as_one_step(projects: QgsVectorLayer, groups: Any, plan_tables: PlanTables) -> None:
    assert projects.featureCount() == len(plan_tables["project"])
    with groups.action("rename") as edit:
        for code in ("P1", "P2"):
            edit.change_value(projects, feature_of(projects, code).id(), "name", "new")
    assert {feature_of(projects, code)["name"] for code in ("P1", "P2")} == {"new"}
    projects.undoStack().undo()
    assert feature_of(projects, "P1")["name"] == "西坡造林"
    assert feature_of(projects, "P2")["name"] == "西岭采石"
