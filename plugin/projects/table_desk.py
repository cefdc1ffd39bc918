"""Projects from a table: between the dialog, the background tasks and the plan; taken back as imports are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qgis.core import QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject

from ...core.texts import text
from ...ui.messages import warn
from ..engine_import import import_engine
from ..importing.desk import ImportDesk
from ..map_rest import MapRest
from ..open_plans import OpenPlans
from ..plan_at_work import bring_to_front, plan_at_work
from ..tasks import WorkTask
from ..unsaved_edits import make_way, unsaved_in

if TYPE_CHECKING:
    from ...core.intake.importing import Imported
    from ...core.project_table.working import TableShelf, Wanted, Worked
    from ...layers.opening import OpenPlan
    from ...ui.project_table_dialog import ProjectTableDialog

#: The tables that are written; neither may hold unsaved edits.
_WRITTEN = ("project", "programme")


class ProjectTableDesk(QObject):
    """Does what the dialog asks for; what is written is kept by the import desk, to be taken back."""

    def __init__(
        self, iface: QgisInterface, plans: OpenPlans, imports: ImportDesk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._iface, self._plans, self._imports = iface, plans, imports
        self._map = MapRest(iface)
        self._dialog: ProjectTableDialog | None = None
        self._plan: OpenPlan | None = None
        self._shelf: TableShelf | None = None
        self._reading: WorkTask | None = None
        self._writing: WorkTask | None = None
        self._tasks: list[WorkTask] = []
        self._shown: Imported | None = None
        self._watched: list[QgsVectorLayer] = []
        imports.changed.connect(self._imports_changed)

    def ask(self) -> ProjectTableDialog | None:
        """Open the dialog for the plan at work, or bring it to the front."""
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return None
        if self._dialog is not None and self._plan is not plan:
            self._dialog.close()
        if self._dialog is None:
            self._make_dialog(plan)
        dialog = self._dialog
        assert dialog is not None
        bring_to_front(dialog)
        return dialog

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self._imports.changed.disconnect(self._imports_changed)
        if self._dialog is not None:
            self._dialog.close()
        for task in self._tasks:
            task.abandon()
        self._tasks, self._reading, self._writing = [], None, None
        self._map.release()

    def is_busy(self) -> bool:
        """Whether something is being read or written."""
        return self._reading is not None or self._writing is not None

    def _make_dialog(self, plan: OpenPlan) -> None:
        import_engine()
        from ...core.project_table.working import TableShelf
        from ...ui.project_table_dialog import ProjectTableDialog

        dialog = ProjectTableDialog(plan.name, self._iface.mainWindow())
        dialog.wanted_changed.connect(self._work_out)
        dialog.write_requested.connect(self._write)
        dialog.take_back_requested.connect(self._take_back)
        dialog.closed.connect(self._closed)
        self._dialog, self._plan, self._shelf, self._shown = dialog, plan, TableShelf(), None
        self._watched = self._written_layers(plan)
        for layer in self._watched:
            layer.afterCommitChanges.connect(self._edits_ended)
            layer.afterRollBack.connect(self._edits_ended)
        self._tell_unsaved()

    @staticmethod
    def _written_layers(plan: OpenPlan) -> list[QgsVectorLayer]:
        layers = [plan.project.mapLayer(plan.layer_ids.get(table, "")) for table in _WRITTEN]
        return [layer for layer in layers if isinstance(layer, QgsVectorLayer)]

    def _tell_unsaved(self) -> None:
        """Say at once what would be in the way of writing, not only when everything is answered."""
        unsaved = unsaved_in(self._plan, _WRITTEN) if self._plan is not None else None
        if self._dialog is not None and unsaved:
            self._dialog.show_problem(text("dock.table_unsaved", layer=unsaved))

    def _edits_ended(self) -> None:
        """Edits were saved or discarded: the notice of them goes, and the table is held against the plan anew."""
        if self._dialog is not None:
            self._dialog.notice.hide()
            self._dialog.refresh()
            self._tell_unsaved()

    def _closed(self) -> None:
        """The dialog goes; what is being written goes on, and its end is told on the message bar."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        dialog, self._dialog = self._dialog, None
        for layer in self._watched:
            if not sip.isdeleted(layer):
                layer.afterCommitChanges.disconnect(self._edits_ended)
                layer.afterRollBack.disconnect(self._edits_ended)
        self._watched = []
        self._plan = self._shelf = self._shown = None
        if dialog is not None:
            dialog.deleteLater()

    # --- working out ---------------------------------------------------------------------------

    def _work_out(self, wanted: Wanted) -> None:
        dialog, plan, shelf = self._dialog, self._plan, self._shelf
        if dialog is None or plan is None or shelf is None or self._writing is not None:
            return
        if self._reading is not None:
            self._reading.cancel()

        def work(task: WorkTask) -> Worked:
            from ...core.intake.asking import Watch
            from ...core.project_table.working import work_out

            return work_out(plan.path, wanted, shelf, Watch(task.tell, task.stop_wanted.is_set))

        task = WorkTask(text("project_table.ui.task_read"), work)
        self._reading = task

        def ended(show: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                if self._reading is task:  # else something else was chosen meanwhile
                    self._reading = None
                    if self._dialog is dialog:
                        show(*outcome)

            return end

        def show_worked(worked: Worked) -> None:
            dialog.show_worked(worked)
            if worked.problem is None:
                self._tell_unsaved()

        self._start(task, ended(show_worked), ended(dialog.show_problem), ended(lambda: None))

    # --- writing -------------------------------------------------------------------------------

    def _write(self) -> None:
        dialog, plan = self._dialog, self._plan
        worked = dialog.worked() if dialog is not None else None
        if dialog is None or plan is None or worked is None or self.is_busy():
            return
        unsaved = make_way(plan, _WRITTEN)
        if unsaved:
            dialog.show_problem(text("dock.table_unsaved", layer=unsaved))
            return
        done: list[Imported] = []

        def work(task: WorkTask) -> None:
            from ...core.intake.asking import Watch
            from ...core.project_table.writing import write_table

            watch = Watch(task.tell, task.stop_wanted.is_set)
            name = worked.name or text("project_table.pasted")
            done.append(write_table(plan.path, worked.tables, worked.proposal, name, watch))

        def written(_: object = None) -> None:
            self._writing = None
            self._shown = done[0]
            self._imports.keep(done[0])
            if self._dialog is dialog:
                dialog.set_working(False)
                report = done[0].report
                dialog.show_written(text("project_table.ui.written", new=report.added, changed=report.updated))

        def failed(sentence: str, details: str) -> None:
            self._writing = None
            if self._dialog is dialog:
                dialog.set_working(False)
                dialog.show_problem(sentence, details)
            else:
                warn(self._iface.messageBar(), sentence, details)

        task = WorkTask(text("project_table.ui.task_write"), work, cancellable=False)
        self._writing = task
        dialog.set_working(True)
        self._map.during(task)
        self._start(task, written, failed, lambda: None)

    def _take_back(self) -> None:
        if self._shown is not None:
            self._imports.take_back(self._shown)

    def _imports_changed(self) -> None:
        """Something was written or taken back: what the dialog shows may no longer hold."""
        dialog = self._dialog
        if dialog is None:
            return
        if self._shown is not None and not self._imports.can_take_back(self._shown):
            self._shown = None
            dialog.show_taken_back()
        dialog.refresh()

    def _start(
        self, task: WorkTask, done: Callable[..., None], failed: Callable[..., None], stopped: Callable[..., None]
    ) -> None:
        """Run a task; it is kept until it has told its outcome, or Python would take it away from under QGIS."""

        def ended(tell_it: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                self._tasks.remove(task)
                tell_it(*outcome)

            return end

        task.done.connect(ended(done))
        task.failed.connect(ended(failed))
        task.stopped.connect(ended(stopped))
        self._tasks.append(task)
        task.begin()
