"""The siting check in QGIS's window: its dock and the desk behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QAction

from ...ui.findings_dock import FindingsDock
from ..dock_place import DockPlace
from .desk import SitingDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..open_plans import OpenPlans


class SitingWork:
    """Made when the dock is first wanted; `write_sheets` is told the features whose siting sheets are asked for."""

    def __init__(
        self,
        iface: QgisInterface,
        plans: OpenPlans,
        show_action: QAction,
        write_sheets: Callable[[list[int]], None],
    ) -> None:
        self.dock = FindingsDock(iface.mainWindow())
        self.desk = SitingDesk(iface, plans, self.dock)
        self.place = DockPlace(iface, self.dock, show_action)
        self._write_sheets = write_sheets
        self.dock.sheets_requested.connect(write_sheets)

    def close(self) -> None:
        """Leave nothing behind."""
        self.dock.sheets_requested.disconnect(self._write_sheets)
        self.desk.close()
        self.place.close()
