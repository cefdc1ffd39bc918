"""Building zones: between the dialog, the background tasks, the plan file and its open layers, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QPushButton

from ...core.texts import text
from ...ui.messages import tell, warn
from ..engine_import import import_engine
from ..layer_refresh import show_written
from ..map_rest import MapRest
from ..open_plans import OpenPlans
from ..plan_at_work import bring_to_front, plan_at_work
from ..tasks import WorkTask

if TYPE_CHECKING:
    from ...core.commands.settle_zones import Settled
    from ...core.plan.tables import Rows
    from ...core.plan.zone_draft import ZoneDraft
    from ...layers.opening import OpenPlan
    from ...ui.build_zones_dialog import BuildZonesDialog

WRITTEN_TABLES = ("restoration_zone", "key_area", "admin_unit", "unit_membership")
#: Those that are stored with new colours
STYLED_TABLES = ("restoration_zone", "key_area")
#: Drawn above the units, where they are on the map anyway.
SURROUNDINGS = ("river", "water_body")
SECONDS = 20


class BuildZonesDesk(QObject):
    """Does what the dialog asks for; `built(plan, first)` after zones were written, `first` where none were drawn before."""

    built = pyqtSignal(object, bool)

    def __init__(self, iface: QgisInterface, plans: OpenPlans, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._plans = plans
        self._map = MapRest(iface)
        self._dialog: BuildZonesDialog | None = None
        self._plan: OpenPlan | None = None
        self._tasks: list[WorkTask] = []
        self._last: Settled | None = None

    def ask(self) -> BuildZonesDialog | None:
        """Open the dialog for the plan at work, or bring it to the front."""
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return None
        editing = _in_edit(plan)
        if editing:
            warn(self._iface.messageBar(), text("dock.table_in_edit", layer=editing))
            return None
        if self._dialog is not None and self._plan is not plan:
            self._dialog.close()
        if self._dialog is None:
            self._make_dialog(plan)
        dialog = self._dialog
        assert dialog is not None
        bring_to_front(dialog)
        return dialog

    def is_busy(self) -> bool:
        """Whether the plan is being read or written."""
        return bool(self._tasks)

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        if self._dialog is not None:
            self._dialog.close()
        for task in self._tasks:
            task.abandon()
        self._tasks = []
        self._map.release()

    # --- the dialog ----------------------------------------------------------------------------

    def _make_dialog(self, plan: OpenPlan) -> None:
        import_engine()
        from ...ui.build_zones_dialog import BuildZonesDialog

        dialog = BuildZonesDialog(plan.name, self._iface.mainWindow())
        found = (plan.project.mapLayer(plan.layer_ids.get(table, "")) for table in SURROUNDINGS)
        layers = [layer for layer in found if isinstance(layer, QgsVectorLayer) and layer.isValid()]
        dialog.set_surroundings(layers, self._iface.mapCanvas().mapSettings().destinationCrs())
        dialog.build_requested.connect(self._build)
        dialog.take_back_requested.connect(self._take_back_shown)
        dialog.closed.connect(self._closed)
        self._dialog, self._plan = dialog, plan
        self._read()

    def _closed(self) -> None:
        dialog, self._dialog, self._plan = self._dialog, None, None
        if dialog is not None:
            dialog.deleteLater()

    def _read(self) -> None:
        dialog, plan = self._dialog, self._plan
        if dialog is None or plan is None:
            return

        def work(_: WorkTask) -> ZoneDraft:
            from ...core.commands.settle_zones import read_draft

            return read_draft(plan.path)

        def read(draft: ZoneDraft) -> None:
            if self._dialog is dialog:
                dialog.show_draft(draft)
                dialog.set_working(False)

        dialog.set_working(True)
        self._start(WorkTask(text("build_zones.task_read"), work, False), read)

    # --- writing -------------------------------------------------------------------------------

    def _build(self, replace_outlines: bool) -> None:
        dialog, plan = self._dialog, self._plan
        draft = dialog.draft() if dialog is not None else None
        if dialog is None or plan is None or draft is None or self._tasks:
            return
        editing = _in_edit(plan)
        if editing:
            dialog.show_problem(text("dock.table_in_edit", layer=editing))
            return

        def work(_: WorkTask) -> Settled:
            from ...core.commands.settle_zones import settle_and_build

            return settle_and_build(plan.path, draft, replace_outlines)

        def written(settled: Settled) -> None:
            self._last = settled
            self._refresh(plan)
            if self._dialog is dialog:
                dialog.show_built(True)
                self._read()
            self._tell_built(plan, settled)
            self.built.emit(plan, not _has_outlines(settled.zones_before))

        dialog.set_working(True)
        self._write(WorkTask(text("build_zones.task_build"), work, False), written)

    def take_back(self, settled: Settled) -> None:
        """Put the plan back as it was before its zones were built."""
        if settled is not self._last or self._tasks:
            return
        bar = self._iface.messageBar()
        plan = self._plans.find(settled.path)
        editing = _in_edit(plan) if plan is not None else None
        if editing:
            warn(self._iface.messageBar(), text("dock.table_in_edit", layer=editing))
            return

        def work(_: WorkTask) -> None:
            from ...core.commands.settle_zones import take_back

            take_back(settled)

        def taken_back(_: Any) -> None:
            self._last = None
            if plan is not None:
                self._refresh(plan)
            if self._dialog is not None and self._plan is plan:
                self._dialog.show_built(False)
                self._read()
            tell(bar, text("build_zones.taken_back"), Qgis.MessageLevel.Success)

        if self._dialog is not None:
            self._dialog.set_working(True)
        self._write(WorkTask(text("build_zones.task_take_back"), work, False), taken_back)

    def _take_back_shown(self) -> None:
        if self._last is not None:
            self.take_back(self._last)

    def _tell_built(self, plan: OpenPlan, settled: Settled) -> None:
        """On the message bar too, with the way back: the dialog may be closed by now."""
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), text("shell.zones_built", plan=plan.name))
        button = QPushButton(text("build_zones.take_back"), item)
        button.setObjectName("restoration_planner_zones_back_button")
        button.clicked.connect(lambda *_: self.take_back(settled))
        item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Success, SECONDS)

    def _refresh(self, plan: OpenPlan) -> None:
        for table in WRITTEN_TABLES:
            layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
            if isinstance(layer, QgsVectorLayer) and table in STYLED_TABLES:
                show_written(self._iface, layer)
            elif isinstance(layer, QgsVectorLayer):
                layer.dataProvider().reloadData()
                layer.triggerRepaint()
        self._plans.edited.emit()

    def _write(self, task: WorkTask, done: Callable[[Any], None]) -> None:
        self._map.during(task)
        self._start(task, done)

    def _start(self, task: WorkTask, done: Callable[[Any], None]) -> None:
        dialog = self._dialog

        def succeeded(value: Any) -> None:
            self._tasks.remove(task)
            done(value)

        def failed(sentence: str, details: str) -> None:
            self._tasks.remove(task)
            if self._dialog is not None and self._dialog is dialog:
                dialog.set_working(False)
                dialog.show_problem(sentence, details)
            else:
                warn(self._iface.messageBar(), sentence, details)

        task.done.connect(succeeded)
        task.failed.connect(failed)
        self._tasks.append(task)
        task.begin()


def _has_outlines(zones: Rows) -> bool:
    return zones.geometry is not None and any(shape is not None for shape in zones.geometry)


def _in_edit(plan: OpenPlan) -> str | None:
    """The name of a layer among those that building writes which is being edited."""
    for table in WRITTEN_TABLES:
        layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
        if isinstance(layer, QgsVectorLayer) and layer.isEditable():
            return str(layer.name())
    return None
