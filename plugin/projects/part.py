"""What each thing that can be done with projects is to the window: actions, plans that come and go, and a clean end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from qgis.core import Qgis, QgsFeature, QgsMapLayer, QgsVectorLayer
from qgis.gui import QgsGui, QgsMapLayerAction
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QAction

from ...core.errors import PlannerError
from ...core.texts import text
from ...layers import roles
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
        self.feature_actions: list[FeatureAction] = []

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

    def add_feature_action(self, name: str, slot: Callable[[QgsFeature], None]) -> FeatureAction:
        """An action for one project, in the toolbar of its form, the attribute table and the identify results.

        Its words are those of `add_action`.  `slot` is called with the feature as QGIS shows it (its id is negative
        where it is not saved yet); the plan that it belongs to is at work then.
        """
        action = FeatureAction(self, name, slot)
        QgsGui.mapLayerActionRegistry().addMapLayerAction(action)
        self.feature_actions.append(action)
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
        for feature_action in self.feature_actions:
            QgsGui.mapLayerActionRegistry().removeMapLayerAction(feature_action)
            feature_action.deleteLater()
        self.feature_actions = []
        for action in self.actions:
            self.iface.unregisterMainWindowAction(action)
            action.setParent(None)
            action.deleteLater()
        self.actions = []


class FeatureAction(QgsMapLayerAction):
    """What can be done with one project, wherever QGIS shows it: for the projects' layer of any plan that is open."""

    def __init__(self, part: ProjectPart, name: str, slot: Callable[[QgsFeature], None]) -> None:
        targets = getattr(Qgis, "MapLayerActionTarget", None) or QgsMapLayerAction.Target  # the former from 3.30 on
        super().__init__(text(f"{part.area}.{name}"), part, targets.SingleFeature, icon(name))
        self.setObjectName(f"RestorationPlanner_{name}")
        self.setToolTip(text(f"{part.area}.{name}_tip"))
        self._plans = part.work.plans
        self._slot = slot
        signal: Any = getattr(self, "triggeredForFeatureV2", self.triggeredForFeature)
        signal.connect(self._triggered)

    def canRunUsingLayer(self, layer: QgsMapLayer | None, *_context: object) -> bool:  # noqa: N802 - Qt's name
        """Whether a layer is that of the projects of an open plan; QGIS asks whenever it shows actions."""
        return self._plan_of(layer) is not None

    def _plan_of(self, layer: QgsMapLayer | None) -> OpenPlan | None:
        path = roles.plan_of(layer)
        plan = self._plans.find(Path(path)) if path is not None else None
        return plan if plan is not None and layer.id() == plan.layer_ids.get(PROJECT) else None  # type: ignore[union-attr]

    def _triggered(self, layer: QgsMapLayer, feature: QgsFeature, *_context: object) -> None:
        plan = self._plan_of(layer)
        if plan is None:  # a form that outlived its plan
            return
        if plan is not self._plans.current():
            self._plans.choose(roles.plan_id(plan.path))
        self._slot(QgsFeature(feature))
