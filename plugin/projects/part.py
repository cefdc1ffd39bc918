"""What each thing that can be done with projects is to the window: actions, plans that come and go, and a clean end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QAction

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.icons import icon
from ...ui.messages import warn

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan
    from .work import ProjectWork

PROJECT = "project"


class ProjectPart(QObject):
    """One thing that can be done with projects; it is there while the plugin is, and asleep without a plan.

    Parameters
    ----------
    work
        The room that it stands in: QGIS's window, the open plans, undo groups, menu and toolbar.
    """

    #: The catalogue of its words: i18n/<area>.json.
    area: ClassVar[str]

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.work = work
        self.iface = work.iface
        self.actions: list[QAction] = []

    def add_action(
        self, name: str, slot: Callable[..., None], checkable: bool = False, in_toolbar: bool = True
    ) -> QAction:
        """An action in the menu of projects, and in their toolbar; its words are ``<area>.<name>`` and ``…_tip``.

        A checkable one calls `slot` with its state, any other without arguments.
        """
        action = QAction(icon(name), text(f"{self.area}.{name}"), self.iface.mainWindow())
        action.setObjectName(f"RestorationPlanner_{name}")
        action.setToolTip(text(f"{self.area}.{name}_tip"))
        if checkable:
            action.setCheckable(True)
            action.toggled.connect(slot)
        else:
            action.triggered.connect(lambda *_: slot())
        self.iface.registerMainWindowAction(action, "")
        self.work.menu.addAction(action)
        if in_toolbar:
            self.work.toolbar.addAction(action)
        self.actions.append(action)
        return action

    def plan(self) -> OpenPlan:
        """The plan at work.

        Raises
        ------
        PlannerError
            If none is open.
        """
        plan = self.work.plans.current()
        if plan is None:
            raise PlannerError("shell.open_first")
        return plan

    def projects_layer(self) -> QgsVectorLayer | None:
        """The layer of the projects of the plan at work, None where there is none."""
        plan = self.work.plans.current()
        layer = plan.project.mapLayer(plan.layer_ids.get(PROJECT, "")) if plan is not None else None
        return layer if isinstance(layer, QgsVectorLayer) else None

    def warn(self, sentence: str, details: str = "") -> None:
        """Say what could not be done."""
        warn(self.iface.messageBar(), sentence, details)

    def plan_changed(self) -> None:
        """Another plan is at work, or none: called at the start too."""

    def close(self) -> None:
        """Leave nothing behind: `super().close()` takes the actions away."""
        for action in self.actions:
            self.iface.unregisterMainWindowAction(action)
            action.setParent(None)
            action.deleteLater()
        self.actions = []
