"""The Processing provider: the plan's commands as algorithms for qgis_process, models and batches."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..core.texts import text
from ..ui.icons import icon


class RestorationProvider(QgsProcessingProvider):
    """Provider ``restoration``."""

    def id(self) -> str:
        """Fixed by the contract."""
        return "restoration"

    def name(self) -> str:
        """What the toolbox shows."""
        return text("shell.name")

    def icon(self) -> QIcon:
        """The plugin's own."""
        return icon("plugin")

    def loadAlgorithms(self) -> None:
        """Add the algorithms; none imports the engine before it runs."""
        from .algorithms.build_zones import BuildZones
        from .algorithms.create_plan import CreatePlan
        from .algorithms.export_figures import ExportFigures
        from .algorithms.export_layer import ExportLayer
        from .algorithms.export_tables import ExportTables
        from .algorithms.import_layer import ImportLayer
        from .algorithms.siting_check import SitingCheck
        from .algorithms.siting_sheet import SitingSheet

        on_plans = (CreatePlan, ImportLayer, BuildZones, SitingCheck, SitingSheet)
        for algorithm in (*on_plans, ExportLayer, ExportFigures, ExportTables):
            self.addAlgorithm(algorithm())
