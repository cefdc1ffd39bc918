"""Importing: between the dialog, the background tasks, the plan file and its open layers, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsRectangle, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox, QPushButton

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.messages import tell, warn
from ..engine_import import import_engine
from ..layer_refresh import show_written
from ..map_rest import MapRest
from ..open_plans import OpenPlans
from ..plan_at_work import bring_to_front, plan_at_work
from ..tasks import WorkTask
from ..unsaved_edits import make_way, unsaved_in

if TYPE_CHECKING:
    from ...core.intake.importing import Imported
    from ...layers.opening import OpenPlan
    from ...ui.import_dialog import ImportDialog
    from ...ui.import_dialog.values import Asked, Options, Ready, Refused
    from .work import SourceShelf

RECENT_SETTING = "restoration_planner/recent_imports"
REPORT_FOLDER = "restoration_planner/report_folder"
MOST_RECENT = 10
#: Free space around a plan on the map.
MARGIN = 1.08
SECONDS = 20


class ImportDesk(QObject):
    """Does what the import dialog asks for, and keeps what was imported in this session, to be taken back."""

    changed = pyqtSignal()

    def __init__(self, iface: QgisInterface, plans: OpenPlans, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._plans = plans
        self._map = MapRest(iface)
        self._dialog: ImportDialog | None = None
        self._plan: OpenPlan | None = None
        self._shelf: SourceShelf | None = None
        self._proposing: WorkTask | None = None
        self._writing: WorkTask | None = None
        self._tasks: list[WorkTask] = []
        self._done: list[Imported] = []
        self._shown: Imported | None = None

    # --- the dialog ----------------------------------------------------------------------------

    def ask(self) -> ImportDialog | None:
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

    def _make_dialog(self, plan: OpenPlan) -> None:
        import_engine()
        from ...ui.import_dialog import ImportDialog
        from .work import SourceShelf

        dialog = ImportDialog(plan.name, self._iface.mainWindow())
        dialog.set_recent(self._recent())
        dialog.set_map_crs(self._iface.mapCanvas().mapSettings().destinationCrs())
        dialog.options_changed.connect(self._propose)
        dialog.import_requested.connect(self._import)
        dialog.cancel_requested.connect(self._cancel)
        dialog.take_back_requested.connect(self._take_back_shown)
        dialog.save_requested.connect(self._ask_save)
        dialog.closed.connect(self._closed)
        self._dialog, self._plan, self._shelf, self._shown = dialog, plan, SourceShelf(), None

    def _closed(self) -> None:
        """The dialog goes; what is being written goes on, and its end is told on the message bar."""
        if self._proposing is not None:
            self._proposing.cancel()
            self._proposing = None
        dialog, self._dialog = self._dialog, None
        self._plan = self._shelf = self._shown = None
        if dialog is not None:
            dialog.deleteLater()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        if self._dialog is not None:
            self._dialog.close()
        for task in self._tasks:
            task.abandon()
        self._tasks, self._writing = [], None
        self._map.release()

    def is_busy(self) -> bool:
        """Whether something is being worked out or written."""
        return self._proposing is not None or self._writing is not None

    # --- working out ---------------------------------------------------------------------------

    def _propose(self, options: Options) -> None:
        dialog, plan, shelf = self._dialog, self._plan, self._shelf
        if dialog is None or plan is None or shelf is None or self._writing is not None:
            return
        if self._proposing is not None:
            self._proposing.cancel()

        def work(task: WorkTask) -> Ready | Asked | Refused:
            from ...core.intake.asking import Watch
            from .work import work_out

            return work_out(plan.path, options, shelf, Watch(task.tell, task.stop_wanted.is_set))

        task = WorkTask(text("import_dialog.task_propose"), work)
        self._proposing = task
        dialog.set_working(True)

        def ended(show: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                if self._proposing is task:  # else other options were chosen meanwhile
                    self._proposing = None
                    if self._dialog is dialog:
                        dialog.set_working(False)
                        show(*outcome)

            return end

        def step(fraction: float, words: str) -> None:
            if self._proposing is task and self._dialog is dialog:
                dialog.show_progress(fraction, words)

        task.stepped.connect(step)
        self._start(task, ended(self._show), ended(dialog.show_problem), ended(self._cancelled))

    def _show(self, outcome: Ready | Asked | Refused) -> None:
        from ...ui.import_dialog.values import Asked, Ready

        assert self._dialog is not None
        if isinstance(outcome, Ready):
            self._dialog.show_ready(outcome)
            unsaved = unsaved_in(self._plan, (outcome.proposal.table.name,)) if self._plan is not None else None
            if unsaved:  # said at once, not only when everything is answered
                self._dialog.show_problem(text("dock.table_unsaved", layer=unsaved))
            self._remember(outcome.options.path)
        elif isinstance(outcome, Asked):
            self._dialog.show_asked(outcome)
        else:
            self._dialog.show_refused(outcome)

    def _cancelled(self) -> None:
        if self._dialog is not None:
            self._dialog.show_problem(text("import_dialog.cancelled"))

    def _cancel(self) -> None:
        for task in (self._proposing, self._writing):
            if task is not None:
                task.cancel()

    # --- importing -----------------------------------------------------------------------------

    def _import(self) -> None:
        dialog, plan, shelf = self._dialog, self._plan, self._shelf
        ready = dialog.ready() if dialog is not None else None
        if dialog is None or plan is None or shelf is None or ready is None or self._writing is not None:
            return
        proposal = ready.proposal
        written: list[Imported | Ready | Asked | Refused] = []
        first = plan.extent().isEmpty()
        unsaved = make_way(plan, (proposal.table.name,))
        if unsaved:
            dialog.show_problem(text("dock.table_unsaved", layer=unsaved))
            dialog.set_working(False)
            return

        def work(task: WorkTask) -> None:
            from ...core.intake.asking import Watch
            from .work import import_now

            written.append(import_now(plan.path, ready, shelf, Watch(task.tell, task.stop_wanted.is_set)))

        def imported(_: object = None) -> None:
            from ...core.intake.importing import Imported

            self._writing = None
            (value,) = written
            if not isinstance(value, Imported):
                if self._dialog is dialog:
                    dialog.set_working(False)
                    self._show(value)
                    dialog.warn_of_change()
                return
            if value.report.added or value.report.updated:
                self._done.append(value)
            self._refresh(value)
            if first:
                self._zoom_to(plan)
            if self._dialog is dialog:
                self._shown = value
                dialog.set_working(False)
                dialog.show_imported(value.report)
            self._tell_imported(value)
            self.changed.emit()

        def failed(sentence: str, details: str) -> None:
            self._writing = None
            if self._dialog is dialog:
                dialog.set_working(False)
                dialog.show_problem(sentence, details)
            else:
                warn(self._iface.messageBar(), sentence, details)

        def stopped() -> None:
            if written:  # it was done before it could be stopped
                imported()
                return
            self._writing = None
            if self._dialog is dialog:
                dialog.set_working(False)
                dialog.show_problem(text("import_dialog.cancelled"))

        task = WorkTask(text("import_dialog.task_import"), work)
        task.stepped.connect(lambda *step: dialog.show_progress(*step) if self._dialog is dialog else None)
        self._writing = task
        dialog.set_working(True, importing=True)
        self._map.during(task)
        self._start(task, imported, failed, stopped)

    def _tell_imported(self, imported: Imported) -> None:
        """On the message bar too, with the way back: the dialog may be closed by now."""
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), str(imported.report.outcome()))
        if self.can_take_back(imported):
            button = QPushButton(text("import_dialog.take_back"), item)
            button.setObjectName("restoration_planner_take_back_button")
            button.clicked.connect(lambda *_: self.take_back(imported))
            item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Success, SECONDS)

    # --- the way back --------------------------------------------------------------------------

    def last(self) -> Imported | None:
        """The last import of this session that was not taken back."""
        return self._done[-1] if self._done else None

    def keep(self, imported: Imported) -> None:
        """Show what was written by others than the import dialog, and keep it to be taken back."""
        if imported.report.added or imported.report.updated:
            self._done.append(imported)
        self._refresh(imported)
        self._tell_imported(imported)
        self.changed.emit()

    def can_take_back(self, imported: Imported) -> bool:
        """Whether an import of this session was not taken back yet."""
        return any(other is imported for other in self._done)

    def ask_take_back(self) -> None:
        """Take the last import back."""
        last = self.last()
        if last is not None:
            self.take_back(last)

    def take_back(self, imported: Imported, even_if_edited: bool = False) -> None:
        """Take an import back whole; where its rows were edited since, ask first."""
        bar = self._iface.messageBar()
        if not self.can_take_back(imported) or self._writing is not None:
            return
        plan = self._plans.find(imported.path)
        tables = [imported.table, *([imported.beside.table] if imported.beside is not None else [])]
        unsaved = make_way(plan, tables) if plan is not None else None
        if unsaved:
            warn(bar, text("dock.table_unsaved", layer=unsaved))
            return

        def work(_: WorkTask) -> PlannerError | None:
            from ...core.intake.importing import take_back

            try:
                take_back(imported, even_if_edited)
            except PlannerError as error:
                if error.message.id != "intake.edited_since":
                    raise
                return error
            return None

        def taken_back(edited: PlannerError | None) -> None:
            self._writing = None
            if edited is not None:
                self._ask_even_if_edited(imported, edited)
                return
            self._done = [other for other in self._done if other is not imported]
            self._refresh(imported)
            tell(
                bar,
                text("import_dialog.taken_back_from", layer=escape(imported.report.layer)),
                Qgis.MessageLevel.Success,
            )
            if self._dialog is not None and self._shown is imported:
                self._dialog.show_taken_back()
            self.changed.emit()

        def failed(sentence: str, details: str) -> None:
            self._writing = None
            warn(bar, sentence, details)

        task = WorkTask(text("import_dialog.task_take_back"), work, cancellable=False)
        self._writing = task
        self._map.during(task)
        self._start(task, taken_back, failed, lambda: None)

    def _take_back_shown(self) -> None:
        if self._shown is not None:
            self.take_back(self._shown)

    def _ask_even_if_edited(self, imported: Imported, error: PlannerError) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question,
            text("import_dialog.task_take_back"),
            str(error),
            QMessageBox.StandardButton.Cancel,
            self._dialog or self._iface.mainWindow(),
        )
        box.setObjectName("RestorationPlannerTakeBackQuestion")
        anyway = box.addButton(text("import_dialog.take_back_anyway"), QMessageBox.ButtonRole.AcceptRole)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        anyway.clicked.connect(lambda *_: self.take_back(imported, even_if_edited=True))
        box.finished.connect(box.deleteLater)
        box.open()

    # --- the report ----------------------------------------------------------------------------

    def _ask_save(self, name: str) -> None:
        dialog, imported = self._dialog, self._shown
        if dialog is None or imported is None:
            return
        folder = QgsSettings().value(REPORT_FOLDER, str(imported.path.parent), type=str)
        proposed = Path(folder) / f"{imported.report.layer}_{text('import_dialog.report_suffix')}.{name}"
        kinds = f"{text(f'import_dialog.save_as.{name}').replace('&', '').rstrip('…')} (*.{name})"
        path, _ = QFileDialog.getSaveFileName(dialog, text("import_dialog.save_report"), str(proposed), kinds)
        if path:
            target = Path(path) if Path(path).suffix else Path(f"{path}.{name}")
            QgsSettings().setValue(REPORT_FOLDER, str(target.parent))
            self.save_report(imported, name, target)

    def save_report(self, imported: Imported, name: str, target: Path) -> None:
        """Write an import's report in a format, in the background."""
        bar = self._iface.messageBar()

        def work(_: WorkTask) -> None:
            from ...core.report.import_files import render_import
            from ...core.store.whole_file import write_whole
            from ...ui.import_dialog.values import sentence

            write_whole(
                target, render_import(imported.report, imported.report.layer, imported.path.name, name, sentence)
            )

        def written(_: object) -> None:
            link = f'<a href="{target.as_uri()}">{escape(target.name)}</a>'
            tell(bar, text("import_dialog.report_saved", file=link), Qgis.MessageLevel.Success)

        task = WorkTask(text("import_dialog.report"), work, cancellable=False)
        self._start(task, written, lambda *why: warn(bar, *why), lambda: None)

    # --- helpers -------------------------------------------------------------------------------

    def _refresh(self, imported: Imported) -> None:
        """Let the open layers show what was written into the file below them."""
        plan, table = self._plans.find(imported.path), imported.table
        if plan is not None and imported.beside is not None:
            beside = plan.project.mapLayer(plan.layer_ids.get(imported.beside.table, ""))
            if isinstance(beside, QgsVectorLayer):
                show_written(self._iface, beside)
        layer = plan.project.mapLayer(plan.layer_ids.get(table, "")) if plan is not None else None
        if isinstance(layer, QgsVectorLayer):
            show_written(self._iface, layer)
            node = plan.project.layerTreeRoot().findLayer(layer.id()) if plan is not None else None
            if node is not None and imported.added and layer.featureCount() == len(imported.added):
                # Without a row it was switched off when the plan was opened
                node.setItemVisibilityCheckedParentRecursive(True)
            self._plans.edited.emit()

    def _zoom_to(self, plan: OpenPlan) -> None:
        """Show the first outlines that a plan has got."""
        if plan.is_open:
            plan.settle_projection()
        extent = plan.extent() if plan.is_open else QgsRectangle()
        if not extent.isEmpty():
            extent.scale(MARGIN)
            self._iface.mapCanvas().setExtent(extent)
            self._iface.mapCanvas().refresh()

    def _recent(self) -> list[str]:
        kept = QgsSettings().value(RECENT_SETTING, [], type=list) or []
        return [str(path) for path in kept if Path(str(path)).exists()][:MOST_RECENT]

    def _remember(self, path: Path) -> None:
        recent = [str(path), *(p for p in self._recent() if p != str(path))][:MOST_RECENT]
        QgsSettings().setValue(RECENT_SETTING, recent)
        if self._dialog is not None:
            self._dialog.set_recent(recent)

    def _start(
        self,
        task: WorkTask,
        done: Callable[[Any], None],
        failed: Callable[[str, str], None],
        stopped: Callable[[], None],
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
