"""Work on zones: their tools, and the dock with what is wrong with them, their areas and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QAction, QMenu

from ...ui.zone_dock import ZoneDock
from ..dock_place import DockPlace
from ..engine_import import import_engine

if TYPE_CHECKING:
    from ..open_plans import OpenPlans

#: The zones' dock shares the place of the findings'.
_BESIDE = "RestorationPlannerFindingsDock"


class ZoneWork:
    """Made when the first plan is opened.

    Raises
    ------
    PlannerError
        If the engine's libraries are missing.
    """

    def __init__(self, iface: QgisInterface, plans: OpenPlans, menu: QMenu | None, show_action: QAction) -> None:
        import_engine()
        from .desk import ZoneDesk
        from .tools import ZoneTools

        self.tools = ZoneTools(iface, plans, menu)
        self.dock = ZoneDock(iface.mainWindow())
        self.place = DockPlace(iface, self.dock, show_action, _BESIDE)
        self.desk = ZoneDesk(iface, plans, self.tools.editing, self.dock)
        for where in (self.tools.toolbar, self.tools.menu):
            where.addSeparator()
            where.addAction(self.desk.saving.action)

    def close(self) -> None:
        """Leave nothing behind."""
        self.desk.close()
        self.place.close()
        self.tools.close()
        self.tools.deleteLater()
