"""The dock with its three tabs; it knows no layer, no file and no task."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, pyqtSignal
from qgis.PyQt.QtWidgets import QDockWidget, QTabWidget, QVBoxLayout, QWidget

from ...core.texts import text
from ..areas_table import AreasTable
from .problems_tab import ProblemsTab
from .versions_tab import VersionsTab

LINES_ASKED_FOR = 15


class _Content(QWidget):
    """Asks for room for all zones of a usual city."""

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), LINES_ASKED_FOR * self.fontMetrics().height())


class ZoneDock(QDockWidget):
    """Areas, problems, versions."""

    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("zone_dock.title"), parent)
        self.setObjectName("RestorationPlannerZoneDock")
        self.areas = AreasTable(self)
        self.areas.layout().setContentsMargins(6, 6, 6, 6)
        self.problems = ProblemsTab(self)
        self.versions = VersionsTab(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        for name, tab in (("areas", self.areas), ("problems", self.problems), ("versions", self.versions)):
            self.tabs.addTab(tab, text(f"zone_dock.tab_{name}"))
        content = _Content(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.setWidget(content)

    def show_counts(self, outside: int, problems: int) -> None:
        """How many areas are out of tolerance and how many problems there are, on the tabs."""
        self.tabs.setTabText(0, _counted("areas", outside))
        self.tabs.setTabText(1, _counted("problems", problems))

    def closeEvent(self, event: object) -> None:
        """Tell that the dock was closed, so that highlights go with it."""
        super().closeEvent(event)
        self.closed.emit()


def _counted(name: str, count: int) -> str:
    return text(f"zone_dock.tab_{name}_count", count=count) if count else text(f"zone_dock.tab_{name}")
