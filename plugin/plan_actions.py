"""New plan, open plan, build zones: what the menu's plan actions do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsRectangle, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QFileDialog

from ..core.errors import PlannerError
from ..core.texts import text
from ..ui.messages import tell, warn
from .engine_import import missing_modules
from .open_plans import OpenPlans
from .plan_at_work import engine_is_there, plan_at_work
from .requirements import how_to_get
from .tasks import WorkTask

if TYPE_CHECKING:
    from ..layers.opening import OpenPlan
    from .figures.desk import FiguresDesk
    from .figures.sheet_desk import SheetDesk
    from .zones.build_desk import BuildZonesDesk

PLANS_FOLDER = "restoration_planner/plans_folder"
#: Free space around a plan on the map
MARGIN = 1.08


class PlanActions:
    """Asks the planner, does the work, and says how it went."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, opened: Callable[[], None]) -> None:
        self._iface = iface
        self._plans = plans
        self._opened = opened
        self._tasks: list[WorkTask] = []
        self._zones_desk: BuildZonesDesk | None = None
        self._figures_desk: FiguresDesk | None = None
        self._sheet_desk: SheetDesk | None = None
        self._zoom_to: OpenPlan | None = None
        self._zoom_timer = QTimer()
        self._zoom_timer.setSingleShot(True)
        self._zoom_timer.timeout.connect(self._zoom)

    def ask_open(self) -> None:
        """Ask for a plan file and open it."""
        path, _ = QFileDialog.getOpenFileName(
            self._iface.mainWindow(), text("shell.open_title"), self._folder(), text("shell.plan_files")
        )
        if path:
            self.open(path)

    def open(self, path: str | Path) -> None:
        """Open a plan file; say so where it cannot be opened."""
        bar = self._iface.messageBar()
        try:
            with self._own_crs():
                plan = self._plans.open(path, self._iface.mapCanvas())
        except PlannerError as error:
            missing = missing_modules()
            warn(bar, str(error), how_to_get(missing) if missing else "")
            return
        QgsSettings().setValue(PLANS_FOLDER, str(plan.path.parent))
        if plan.backup is not None:
            tell(bar, text("shell.migrated", plan=plan.name, backup=plan.backup.name))
        for note in plan.notes:
            warn(bar, str(note))
        self._opened()
        # Once more when the dock stands where it belongs, for it takes a part of the map
        self._zoom_to = plan
        self._zoom_timer.start(50)

    @contextmanager
    def _own_crs(self) -> Iterator[None]:
        """Keep QGIS from giving the project the first layer's CRS: a plan brings one that suits its city."""
        bridge = self._iface.layerTreeCanvasBridge()
        automatic = bridge.autoSetupOnFirstLayer()
        bridge.setAutoSetupOnFirstLayer(False)
        try:
            yield
            bridge.setCanvasLayers()  # what QGIS does when it next has time; then no layer is the first one
        finally:
            bridge.setAutoSetupOnFirstLayer(automatic)

    def ask_new(self) -> None:
        """Ask for template and file, make the plan in the background and open it."""
        if not engine_is_there(self._iface.messageBar()):
            return
        from ..ui.new_plan_dialog import NewPlanDialog

        dialog = NewPlanDialog(self._folder(), self._iface.mainWindow())
        dialog.accepted.connect(lambda: self._create(dialog.path(), dialog.template()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_export(self) -> None:
        """Let Processing's own dialog ask what of the open plan goes out, and how."""
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return
        import processing

        given = {"PLAN": str(plan.path)}
        active = self._iface.activeLayer()
        table = next((t for t, i in plan.layer_ids.items() if active is not None and i == active.id()), None)
        if table is not None:
            given["LAYER"] = table
        dialog = processing.createAlgorithmDialog("restoration:exportlayer", given)
        dialog.setObjectName("RestorationPlannerExportDialog")
        dialog.show()

    def ask_export_tables(self) -> None:
        """Let Processing's own dialog ask where the open plan's tables go, and in which formats."""
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return
        edited = [layer.name() for layer in _layers_of(plan) if layer.isModified()]
        if edited:
            warn(self._iface.messageBar(), text("shell.tables_without_edits", layers=edited))
        import processing

        given = {"PLAN": str(plan.path), "FOLDER": str(plan.path.parent / text("shell.tables_folder"))}
        dialog = processing.createAlgorithmDialog("restoration:exporttables", given)
        dialog.setObjectName("RestorationPlannerTablesDialog")
        dialog.show()

    def ask_figures(self) -> None:
        """Open the dialog that exports the open plan's figures."""
        self.figures_desk().ask()

    def figures_desk(self) -> FiguresDesk:
        """The desk behind that dialog, made when it is first needed."""
        if self._figures_desk is None:
            from .figures.desk import FiguresDesk

            self._figures_desk = FiguresDesk(self._iface, self._plans)
        return self._figures_desk

    def ask_sheets(self) -> None:
        """Ask for a folder and write the siting sheets of the selected projects; of all with findings where none is."""
        self.sheet_desk().ask()

    def sheet_desk(self) -> SheetDesk:
        """The desk that writes siting sheets, made when it is first needed."""
        if self._sheet_desk is None:
            from .figures.sheet_desk import SheetDesk

            self._sheet_desk = SheetDesk(self._iface, self._plans)
        return self._sheet_desk

    def ask_build_zones(self) -> None:
        """Open the dialog that builds the open plan's zones."""
        self.build_zones_desk().ask()

    def build_zones_desk(self) -> BuildZonesDesk:
        """The desk behind that dialog, made when it is first needed."""
        if self._zones_desk is None:
            from .zones.build_desk import BuildZonesDesk

            self._zones_desk = BuildZonesDesk(self._iface, self._plans)
            self._zones_desk.built.connect(self._zones_built)
        return self._zones_desk

    def _zones_built(self, plan: OpenPlan, first: bool) -> None:
        if first:
            self._zoom_to = plan
            self._zoom()

    def close(self) -> None:
        """Let running work end, and tell nobody."""
        self._zoom_timer.stop()
        self._zoom_timer.timeout.disconnect(self._zoom)
        for task in self._tasks:
            task.abandon()
        self._tasks = []
        if self._zones_desk is not None:
            self._zones_desk.built.disconnect(self._zones_built)
            self._zones_desk.close()
            self._zones_desk.deleteLater()
            self._zones_desk = None
        if self._figures_desk is not None:
            self._figures_desk.close()
            self._figures_desk.deleteLater()
            self._figures_desk = None
        if self._sheet_desk is not None:
            self._sheet_desk.close()
            self._sheet_desk.deleteLater()
            self._sheet_desk = None

    def _create(self, path: Path, template: str) -> None:
        def work(_: WorkTask) -> None:
            from ..core.commands.new import create

            # The file dialog has asked already whether an existing file may be replaced
            create(path, template, force=True)

        self._start(WorkTask(text("shell.new_plan_task"), work, False), lambda _: self.open(path))

    def _zoom(self) -> None:
        plan, self._zoom_to = self._zoom_to, None
        extent = plan.extent() if plan is not None and plan.is_open else QgsRectangle()
        if not extent.isEmpty():
            extent.scale(MARGIN)
            canvas = self._iface.mapCanvas()
            canvas.setExtent(extent)
            canvas.refresh()

    def _start(self, task: WorkTask, done: Callable[[Any], None]) -> None:
        """Run a task, kept here until it has told its outcome."""

        def succeeded(value: Any) -> None:
            self._tasks.remove(task)
            done(value)

        def failed(sentence: str, details: str) -> None:
            self._tasks.remove(task)
            warn(self._iface.messageBar(), sentence, details)

        task.done.connect(succeeded)
        task.failed.connect(failed)
        self._tasks.append(task)
        task.begin()

    @staticmethod
    def _folder() -> str:
        return str(QgsSettings().value(PLANS_FOLDER, str(Path.home()), type=str))


def _layers_of(plan: OpenPlan) -> list[QgsVectorLayer]:
    found = [plan.project.mapLayer(layer) for layer in plan.layer_ids.values()]
    return [layer for layer in found if isinstance(layer, QgsVectorLayer)]
