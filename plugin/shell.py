"""The plugin as QGIS loads it: actions, menu, toolbar, Processing provider, and leaving without a trace.

Nothing heavy is imported here: what an action needs is imported when it is first used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolBar

from ..core.texts import text
from ..ui.icons import icon
from .language import follow_qgis_language
from .projection_menu import ProjectionMenu

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .importing.desk import ImportDesk
    from .open_plans import OpenPlans
    from .plan_actions import PlanActions
    from .projects.table_desk import ProjectTableDesk
    from .projects.work import ProjectWork
    from .provider import RestorationProvider
    from .siting.desk import SitingDesk
    from .siting.work import SitingWork
    from .zones.desk import ZoneDesk
    from .zones.work import ZoneWork

#: A plan to open once QGIS has started.
OPEN_VARIABLE = "RESTORATION_PLANNER_OPEN"
#: Rarely wanted: no place in the toolbar.
_ONLY_IN_MENU = ("table_projects", "take_back", "export_layer", "export_tables", "export_figures", "siting_sheet")


class RestorationPlannerPlugin:
    """The shell around everything; `iface` is None where QGIS has no window (qgis_process)."""

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._provider: RestorationProvider | None = None
        self._actions: dict[str, QAction] = {}
        self._menu: QMenu | None = None
        self._toolbar: QToolBar | None = None
        self._plans: OpenPlans | None = None
        self._plan_actions: PlanActions | None = None
        self._siting: SitingWork | None = None
        self._import_desk: ImportDesk | None = None
        self._table_desk: ProjectTableDesk | None = None
        self._zones: ZoneWork | None = None
        self._project_work: ProjectWork | None = None
        self._timer: QTimer | None = None

    def initProcessing(self) -> None:
        """Register the Processing provider (all that qgis_process asks for)."""
        from .provider import RestorationProvider

        follow_qgis_language()
        self._provider = RestorationProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Add menu, toolbar and provider to QGIS's window."""
        self.initProcessing()
        self._make_actions()
        self._make_menu()
        self._make_toolbar()
        assert self._iface is not None
        self._iface.projectRead.connect(self._project_read)
        self._iface.initializationCompleted.connect(self._started)
        # A plugin that is switched on later finds QGIS started already, and perhaps a plan in its project
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_up_open_plans)
        self._timer.start(0)

    def unload(self) -> None:
        """Leave nothing behind."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.timeout.disconnect(self._take_up_open_plans)
            self._timer = None
        if self._menu is not None:
            assert self._iface is not None
            self._iface.projectRead.disconnect(self._project_read)
            self._iface.initializationCompleted.disconnect(self._started)
        self._close_work()
        from .basemap.keeper import let_go

        let_go()
        if self._iface is not None:
            window = self._iface.mainWindow()
            if self._toolbar is not None:
                window.removeToolBar(self._toolbar)
            if self._menu is not None:
                window.menuBar().removeAction(self._menu.menuAction())
            for action in self._actions.values():
                self._iface.unregisterMainWindowAction(action)
            for left in (self._toolbar, self._menu, *self._actions.values()):
                _discard(left)
        self._toolbar, self._menu, self._actions = None, None, {}
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None

    # --- what the actions do -------------------------------------------------------------------

    def new_plan(self) -> None:
        """Ask for template and file, make the plan and open it."""
        self._plan_work().ask_new()

    def open_plan(self) -> None:
        """Ask for a plan file and open it."""
        self._plan_work().ask_open()

    def open_plan_file(self, path: str) -> None:
        """Open a plan file."""
        self._plan_work().open(path)

    def build_zones(self) -> None:
        """Dissolve the open plan's units into zones and key areas."""
        self._plan_work().ask_build_zones()

    def import_layer(self) -> None:
        """Open the dialog that brings a file into the open plan."""
        self.import_desk().ask()

    def table_projects(self) -> None:
        """Open the dialog that brings a table of projects into the open plan."""
        self.project_table_desk().ask()

    def take_back(self) -> None:
        """Take the last import of this session back."""
        self.import_desk().ask_take_back()

    def export_layer(self) -> None:
        """Open the Processing dialog that sends a layer of the open plan out."""
        self._plan_work().ask_export()

    def export_tables(self) -> None:
        """Open the Processing dialog that writes the open plan's appendix tables."""
        self._plan_work().ask_export_tables()

    def export_figures(self) -> None:
        """Open the dialog that exports the open plan's figures."""
        self._plan_work().ask_figures()

    def siting_sheet(self) -> None:
        """Write the siting sheets of the projects that are selected."""
        self._plan_work().ask_sheets()

    def _sheets_of(self, features: list[int]) -> None:
        """Write those of the projects chosen in the dock."""
        self._plan_work().sheet_desk().ask(features)

    def import_desk(self) -> ImportDesk:
        """The desk behind the import dialog, made when it is first needed."""
        if self._import_desk is None:
            from .importing.desk import ImportDesk

            assert self._iface is not None
            self._import_desk = ImportDesk(self._iface, self.open_plans())
            self._import_desk.changed.connect(self._show_last_import)
        return self._import_desk

    def project_table_desk(self) -> ProjectTableDesk:
        """The desk behind the dialog for tables of projects, made when it is first needed."""
        if self._table_desk is None:
            from .projects.table_desk import ProjectTableDesk

            assert self._iface is not None
            self._table_desk = ProjectTableDesk(self._iface, self.open_plans(), self.import_desk())
        return self._table_desk

    def check_siting(self) -> None:
        """Check the open plan and show what is found."""
        siting = self.siting_work()
        siting.place.show()
        siting.desk.run()

    def toggle_dock(self, shown: bool) -> None:
        """Show or hide the dock."""
        if shown:
            self.siting_work().place.show()
        elif self._siting is not None:
            self._siting.place.hide()

    def siting_work(self) -> SitingWork:
        """The check's dock and desk, made when they are first needed."""
        if self._siting is None:
            from .siting.work import SitingWork

            assert self._iface is not None
            self._siting = SitingWork(self._iface, self.open_plans(), self._actions["show_dock"], self._sheets_of)
        return self._siting

    def siting_desk(self) -> SitingDesk:
        """The desk behind the check's dock."""
        return self.siting_work().desk

    def open_plans(self) -> OpenPlans:
        """The plans that stand open in the project."""
        if self._plans is None:
            from .open_plans import OpenPlans

            self._plans = OpenPlans(QgsProject.instance())
            self._plans.adopt_quietly()
            self._plans.changed.connect(self._plans_changed)
            self._plans_changed()
        return self._plans

    def zone_work(self) -> ZoneWork:
        """The zones' tools, dock and desk, made when the first plan is opened."""
        if self._zones is None:
            from .zones.work import ZoneWork

            assert self._iface is not None
            self._zones = ZoneWork(self._iface, self.open_plans(), self._menu, self._actions["show_zones"])
        return self._zones

    def zone_desk(self) -> ZoneDesk:
        """The desk behind the zones' dock."""
        return self.zone_work().desk

    def project_work(self) -> ProjectWork:
        """The room of the projects, made when the first plan is opened."""
        if self._project_work is None:
            from .projects.work import ProjectWork

            assert self._iface is not None
            self._project_work = ProjectWork(
                self._iface, self.open_plans(), self.zone_work().tools.editing.groups, self._menu
            )
        return self._project_work

    def toggle_zone_dock(self, shown: bool) -> None:
        """Show or hide the dock of the zones."""
        if shown:
            self.zone_work().place.show()
        elif self._zones is not None:
            self._zones.place.hide()

    # --- start and end -------------------------------------------------------------------------

    def _make_actions(self) -> None:
        assert self._iface is not None
        window = self._iface.mainWindow()
        for name, slot in (
            ("new_plan", self.new_plan),
            ("open_plan", self.open_plan),
            ("import_layer", self.import_layer),
            ("table_projects", self.table_projects),
            ("take_back", self.take_back),
            ("export_layer", self.export_layer),
            ("export_figures", self.export_figures),
            ("export_tables", self.export_tables),
            ("build_zones", self.build_zones),
            ("check", self.check_siting),
            ("siting_sheet", self.siting_sheet),
            ("show_dock", self.toggle_dock),
            ("show_zones", self.toggle_zone_dock),
        ):
            self._actions[name] = self._make_action(name, slot, window)
        self._actions["show_dock"].setCheckable(True)
        self._actions["show_zones"].setCheckable(True)
        self._show_last_import()

    def _make_action(self, name: str, slot: Callable[..., None], parent: QObject) -> QAction:
        action = QAction(icon(name), text(f"shell.{name}"), parent)
        action.setObjectName(f"RestorationPlanner_{name}")
        action.setToolTip(text(f"shell.{name}_tip"))
        if name in ("show_dock", "show_zones"):
            action.toggled.connect(slot)
        else:
            action.triggered.connect(lambda *_: slot())
        self._iface.registerMainWindowAction(action, "")  # type: ignore[union-attr]
        return action

    def _make_menu(self) -> None:
        assert self._iface is not None
        bar = self._iface.mainWindow().menuBar()
        self._menu = QMenu(text("shell.menu"), bar)
        self._menu.setObjectName("RestorationPlannerMenu")
        self._menu.menuAction().setObjectName("RestorationPlanner_menu")
        self._fill(self._menu)
        self._menu.addSeparator()
        self._menu.addMenu(ProjectionMenu(self.open_plans, self._menu))
        bar.insertMenu(self._iface.firstRightStandardMenu().menuAction(), self._menu)

    def _make_toolbar(self) -> None:
        assert self._iface is not None
        self._toolbar = self._iface.addToolBar(text("shell.name"))
        self._toolbar.setObjectName("RestorationPlannerToolBar")
        self._fill(self._toolbar)

    def _fill(self, place: QMenu | QToolBar) -> None:
        for name, action in self._actions.items():
            if name in ("import_layer", "build_zones"):
                place.addSeparator()
            if name not in _ONLY_IN_MENU or isinstance(place, QMenu):
                place.addAction(action)

    def _started(self) -> None:
        path = os.environ.get(OPEN_VARIABLE)
        if path:
            self.open_plan_file(path)

    def _project_read(self) -> None:
        """A project was opened: take up the plans that it holds (OpenPlans does so itself once it is there)."""
        if self._plans is None:
            self._take_up_open_plans()
        else:
            self._keep_basemaps_quiet()

    def _keep_basemaps_quiet(self) -> None:
        """A project's basemaps ask nothing of the network until the user says so, with or without a plan."""
        if QgsProject.instance().mapLayers():
            from .basemap.keeper import has_basemaps, take_up

            if has_basemaps(QgsProject.instance()):
                assert self._iface is not None
                take_up(self._iface)

    def _take_up_open_plans(self) -> None:
        from ..layers import roles

        self._keep_basemaps_quiet()
        if roles.open_plans(QgsProject.instance()):
            self.open_plans()

    def _plans_changed(self) -> None:
        if self.open_plans().current() is not None:
            self.zone_work()
            self.project_work()

    def _plan_work(self) -> PlanActions:
        if self._plan_actions is None:
            from .plan_actions import PlanActions

            assert self._iface is not None
            self._plan_actions = PlanActions(self._iface, self.open_plans(), self.show_results_of_opened)
        return self._plan_actions

    def show_results_of_opened(self) -> None:
        """After a plan was opened: where it holds findings of an earlier run, show them."""
        plan = self.open_plans().current()
        findings = plan.project.mapLayer(plan.layer_ids.get("siting_finding", "")) if plan else None
        if findings is not None and findings.featureCount() > 0:
            self.siting_work().place.show()

    def _show_last_import(self) -> None:
        """Say in the menu which import can be taken back."""
        last = self._import_desk.last() if self._import_desk is not None else None
        action = self._actions["take_back"]
        action.setEnabled(last is not None)
        layer = last.report.layer.replace("&", "&&") if last is not None else ""
        action.setText(text("shell.take_back_of", layer=layer) if last is not None else text("shell.take_back"))

    def _close_work(self) -> None:
        if self._project_work is not None:
            self._project_work.close()
            self._project_work.deleteLater()
            self._project_work = None
        if self._table_desk is not None:
            self._table_desk.close()
            self._table_desk.deleteLater()
            self._table_desk = None
        if self._import_desk is not None:
            self._import_desk.changed.disconnect(self._show_last_import)
            self._import_desk.close()
            self._import_desk.deleteLater()
            self._import_desk = None
        if self._plan_actions is not None:
            self._plan_actions.close()
            self._plan_actions = None
        if self._siting is not None:
            self._siting.close()
            self._siting = None
        if self._zones is not None:
            self._zones.close()
            self._zones = None
        if self._plans is not None:
            self._plans.changed.disconnect(self._plans_changed)
            self._plans.close()
            self._plans.deleteLater()
            self._plans = None


def _discard(left: QObject | None) -> None:
    """Out of the window at once; away when Qt next has time."""
    if left is not None:
        left.setParent(None)  # type: ignore[call-overload]
        left.deleteLater()
