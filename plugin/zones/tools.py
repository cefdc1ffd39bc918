"""The map tools' toolbar and menu: there while a plan is open, gone with the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsSettings
from qgis.gui import QgisInterface, QgsMapTool
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolBar

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.icons import icon
from ..map_tools.base import ZoneTool
from ..map_tools.follow import FollowTool
from ..map_tools.lines import ReshapeTool, SplitTool
from ..map_tools.vertex import VertexTool
from ..map_tools.whole_polygons import GivePartTool, MergeTool, TransferTool
from ..map_tools.zone_editing import ZoneEditing

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan
    from ..open_plans import OpenPlans

TOOLS: tuple[type[ZoneTool], ...] = (
    TransferTool,
    ReshapeTool,
    FollowTool,
    VertexTool,
    SplitTool,
    MergeTool,
    GivePartTool,
)
#: Whether the user wants to see the toolbar.
SHOWN_SETTING = "restoration_planner/zone_toolbar"


class ZoneTools(QObject):
    """One action a tool, in a toolbar of their own and in a submenu of the plugin's menu."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, menu: QMenu | None = None) -> None:
        super().__init__()
        self._iface = iface
        self._plans = plans
        self.editing = ZoneEditing(iface, plans, self)
        self.tools: dict[str, ZoneTool] = {tool.name: tool(self.editing) for tool in TOOLS}
        self.toolbar: QToolBar = iface.addToolBar(text("zone_editing.title"))
        self.toolbar.setObjectName("RestorationPlannerZoneToolBar")
        self.menu = QMenu(text("zone_editing.menu"), menu)
        self.menu.setObjectName("RestorationPlannerZoneMenu")
        self.actions = {tool.name: self._make_action(tool) for tool in self.tools.values()}
        if menu is not None:
            menu.insertMenu(next((a for a in menu.actions() if a.menu()), None), self.menu)
        self.toolbar.toggleViewAction().triggered.connect(self._wanted)
        self._plan: OpenPlan | None = None
        plans.changed.connect(self._plans_changed)
        self._plans_changed()

    def close(self) -> None:
        """Take toolbar, menu and tools away."""
        canvas = self._iface.mapCanvas()
        self._plans.changed.disconnect(self._plans_changed)
        self.toolbar.toggleViewAction().triggered.disconnect(self._wanted)
        for tool in self.tools.values():
            canvas.unsetMapTool(tool)
        self.editing.close()
        for action in self.actions.values():
            self._iface.unregisterMainWindowAction(action)
        self._iface.mainWindow().removeToolBar(self.toolbar)
        for left in (self.toolbar, self.menu, *self.actions.values(), *self.tools.values()):
            if not isinstance(left, QgsMapTool):
                left.setParent(None)
            left.deleteLater()
        self.tools, self.actions = {}, {}

    def _make_action(self, tool: ZoneTool) -> QAction:
        action = QAction(icon(f"zone_{tool.name}"), text(f"zone_editing.{tool.name}"), self._iface.mainWindow())
        action.setObjectName(f"RestorationPlanner_zone_{tool.name}")
        action.setToolTip(f"{text(f'zone_editing.{tool.name}')}\n{text(f'zone_editing.{tool.name}_hint')}")
        action.setCheckable(True)
        action.triggered.connect(lambda *_: self.take_up(tool.name))
        self._iface.registerMainWindowAction(action, "")
        self.toolbar.addAction(action)
        self.menu.addAction(action)
        tool.setAction(action)
        return action

    def take_up(self, name: str) -> None:
        """Make a tool the map's, or say why it cannot be used now."""
        try:
            plan = self.editing.plan()
            self.editing.sound_ground()
        except PlannerError as error:
            self.editing.warn(str(error))
            self.actions[name].setChecked(self._iface.mapCanvas().mapTool() is self.tools[name])
            return
        active = self._iface.activeLayer()
        if active is None or active.id() not in plan.layer_ids.values():
            # so that QGIS's own Undo is the plan's
            self._iface.setActiveLayer(plan.layer("restoration_zone"))
        self._iface.mapCanvas().setMapTool(self.tools[name])

    def _plans_changed(self) -> None:
        plan, before = self._plans.current(), self._plan
        there, self._plan = plan is not None, plan
        for name, action in self.actions.items():
            action.setEnabled(there)
            if not there:
                self._iface.mapCanvas().unsetMapTool(self.tools[name])
            if plan is not before:
                self.tools[name].plan_changed()
        self.menu.menuAction().setEnabled(there)
        self.toolbar.setVisible(there and bool(QgsSettings().value(SHOWN_SETTING, True, type=bool)))

    def _wanted(self, shown: bool) -> None:
        QgsSettings().setValue(SHOWN_SETTING, shown)
