"""Work on projects: their menu and toolbar, there while a plan is open, and the parts that fill them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsSettings
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QMenu, QToolBar

from ...core.texts import text
from ..basemap.desk import BasemapPart
from ..edit_groups import EditGroups
from .history_desk import HistoryDesk
from .list_desk import ProjectList
from .live_desk import LivePart
from .locator import ProjectLocator
from .papers_desk import PapersDesk
from .part import ProjectPart
from .site_desk import SiteDesk
from .sketch_guard import SketchGuard

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan
    from ..open_plans import OpenPlans

#: In the order of menu and toolbar.
PARTS: tuple[type[ProjectPart], ...] = (
    SiteDesk,
    HistoryDesk,
    LivePart,
    PapersDesk,
    BasemapPart,
    ProjectList,
    ProjectLocator,
    SketchGuard,
)
#: Whether the user wants to see the toolbar.
SHOWN_SETTING = "restoration_planner/project_toolbar"


class ProjectWork(QObject):
    """The room of the projects in QGIS's window; made when the first plan is opened.

    Parameters
    ----------
    groups
        The undo groups of the plan's layers: one user action is one undo step.
    menu
        The plugin's menu, which gets a submenu.
    """

    def __init__(self, iface: QgisInterface, plans: OpenPlans, groups: EditGroups, menu: QMenu | None = None) -> None:
        super().__init__()
        self.iface = iface
        self.plans = plans
        self.groups = groups
        self.menu = QMenu(text("projects.menu"), menu)
        self.menu.setObjectName("RestorationPlannerProjectMenu")
        self.toolbar: QToolBar = iface.addToolBar(text("projects.title"))
        self.toolbar.setObjectName("RestorationPlannerProjectToolBar")
        if menu is not None:
            menu.insertMenu(next((a for a in menu.actions() if a.menu()), None), self.menu)
        self.parts = {part: part(self) for part in PARTS}
        self.toolbar.toggleViewAction().triggered.connect(self._wanted)
        self._plan: OpenPlan | None = None
        plans.changed.connect(self._plans_changed)
        self._plans_changed(first=True)

    def close(self) -> None:
        """Take parts, toolbar and menu away."""
        self.plans.changed.disconnect(self._plans_changed)
        self.toolbar.toggleViewAction().triggered.disconnect(self._wanted)
        for part in reversed(list(self.parts.values())):
            part.close()
        self.parts = {}
        self.iface.mainWindow().removeToolBar(self.toolbar)
        for left in (self.toolbar, self.menu):
            left.setParent(None)  # type: ignore[call-overload]
            left.deleteLater()

    def _plans_changed(self, first: bool = False) -> None:
        plan, before = self.plans.current(), self._plan
        self._plan = plan
        if plan is not before or first:
            for part in self.parts.values():
                part.plan_changed()
        self.menu.menuAction().setEnabled(plan is not None)
        for part in self.parts.values():
            for action in part.actions:
                action.setEnabled(plan is not None)
        self.toolbar.setVisible(plan is not None and bool(QgsSettings().value(SHOWN_SETTING, True, type=bool)))

    def _wanted(self, shown: bool) -> None:
        QgsSettings().setValue(SHOWN_SETTING, shown)
