"""Versions of the zones: between the dock's tab, the plan file, and what changed shown on the map."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from qgis.core import Qgis, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox

from ...core.coverage.changes import TownMoved, ZoneChange, ZoneChanges, compare
from ...core.coverage.versions import Version, read_version, restore_version, save_version, versions
from ...core.errors import PlannerError
from ...core.plan.tables import PlanTables
from ...core.texts import text
from ...layers.reading import read_open_plan
from ...ui.highlight import Highlight
from ...ui.messages import tell, warn
from ...ui.zone_dock import ZoneDock
from ..layer_refresh import show_written
from ..map_rest import MapRest
from ..map_tools.ground import AREAS, UNITS, ZONES, as_qgis
from ..open_plans import OpenPlans
from ..tasks import WorkTask
from .saving import EDITED_TABLES, layers_of, writes_as_it_goes

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan

FOLDER_SETTING = "restoration_planner/export_folder"
COMPARED = (*EDITED_TABLES, "plan")
GAINED, LOST = "#1b8a4b", "#b3001b"


class ZoneVersionsDesk(QObject):
    """Saves, compares, reports and restores; `restored` after the plan's zones were put back."""

    restored = pyqtSignal()

    def __init__(self, iface: QgisInterface, plans: OpenPlans, dock: ZoneDock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._plans = plans
        self._dock = dock
        self._tab = dock.versions
        self._map = MapRest(iface)
        self._gained = Highlight(iface.mapCanvas())
        self._lost = Highlight(iface.mapCanvas())
        self._changes: ZoneChanges | None = None
        self._states: tuple[Version | None, Version | None] = (None, None)
        self._tasks: list[WorkTask] = []
        self.dialog: QMessageBox | Any = None
        self._links: list[tuple[Any, Callable[..., Any]]] = [
            (plans.changed, self.refresh),
            (dock.tabs.currentChanged, self._tab_changed),
            (dock.closed, self.clear_marks),
            (self._tab.save_requested, self.ask_save),
            (self._tab.compare_requested, self.compare),
            (self._tab.restore_requested, self.ask_restore),
            (self._tab.report_requested, self._ask_report),
            (self._tab.zone_chosen, self._show_zone),
            (self._tab.town_chosen, self._show_town),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.refresh()

    def close(self) -> None:
        """Let go of everything."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        for task in self._tasks:
            task.abandon()
        self._tasks = []
        self._map.release()
        if self.dialog is not None:
            self.dialog.close()
        self._gained.remove()
        self._lost.remove()

    def is_busy(self) -> bool:
        """Whether the plan is being read or written."""
        return bool(self._tasks)

    def refresh(self) -> None:
        """List the versions of the plan at work."""
        plan = self._plans.current()
        self._changes = None
        self._tab.show_changes(None, "")
        self.clear_marks()
        found: list[Version] = []
        if plan is not None:
            try:
                found = versions(plan.path)
            except PlannerError as error:
                warn(self._iface.messageBar(), str(error))
        self._tab.show_versions(found)
        self._tab.set_enabled(plan is not None)

    # --- saving --------------------------------------------------------------------------------

    def ask_save(self) -> None:
        """Ask for a name and note, and keep the zones in the plan file under it."""
        from ...ui.zone_dock.version_dialog import VersionDialog

        plan = self._plans.current()
        if plan is None or self._is_locked(plan):
            return
        proposed = text("zone_dock.version_default", date=datetime.date.today().isoformat())
        try:
            taken = {version.name for version in versions(plan.path)}
        except PlannerError as error:
            warn(self._iface.messageBar(), str(error))
            return
        name, number = proposed, 2
        while name in taken:
            name, number = f"{proposed} ({number})", number + 1
        dialog = VersionDialog(
            name, any(_is_modified(plan, table) for table in EDITED_TABLES), self._iface.mainWindow()
        )
        dialog.accepted.connect(lambda: self.save(dialog.name.text(), dialog.note.toPlainText(), dialog.author.text()))
        self._open(dialog)

    def save(self, name: str, note: str = "", author: str = "") -> None:
        """Keep the zones of the plan file under a name."""
        plan = self._plans.current()
        if plan is None or self._is_locked(plan):
            return

        def saved(version: Version) -> None:
            self.refresh()
            tell(
                self._iface.messageBar(), text("zone_dock.version_saved", name=version.name), Qgis.MessageLevel.Success
            )

        self._write(text("zone_dock.task_version"), lambda _: save_version(plan.path, name, note, author), saved)

    # --- comparing -----------------------------------------------------------------------------

    def compare(self, earlier: Version, later: Version | None) -> None:
        """Show what changed from a version to another one, or to the present state with its unsaved edits."""
        plan = self._plans.current()
        if plan is None:
            return
        now: PlanTables | None = None
        if later is None:
            try:
                now = read_open_plan(plan, COMPARED)
            except PlannerError as error:
                warn(self._iface.messageBar(), str(error))
                return

        def work(_: WorkTask) -> ZoneChanges:
            after = now if now is not None else read_version(plan.path, later.id)  # type: ignore[union-attr]
            return compare(read_version(plan.path, earlier.id), after)

        def compared(changes: ZoneChanges) -> None:
            self._changes, self._states = changes, (earlier, later)
            between = text(
                "zone_dock.between", before=earlier.name, after=later.name if later else text("zone_dock.present")
            )
            self._tab.show_changes(changes, between)
            self._show_moves(None)

        self._start(WorkTask(text("zone_dock.task_compare"), work, False), compared)

    def changes(self) -> ZoneChanges | None:
        """What is shown."""
        return self._changes

    def _show_zone(self, change: ZoneChange) -> None:
        self._show_moves(change.code)

    def _show_moves(self, code: str | None) -> None:
        """Ground that changed zone: all of it, or what one zone gained (green) and lost (red)."""
        self.clear_marks()
        if self._changes is None:
            return
        gained = [m.geometry for m in self._changes.moves if code is None or m.after == code]
        lost = [m.geometry for m in self._changes.moves if code is not None and m.before == code]
        together = [g for g in (*gained, *lost) if g is not None]
        if not together:
            return
        if lost:
            self._lost.show(as_qgis(shapely.union_all(lost)), LOST, zoom=not gained)
        if gained:
            self._gained.show(as_qgis(shapely.union_all(gained)), GAINED, move=not lost)

    def _show_town(self, town: TownMoved) -> None:
        self.clear_marks()
        if self._changes is None:
            return
        units = self._changes.after[UNITS]
        for name, county, shape in zip(
            units["name"], units["county"], () if units.geometry is None else units.geometry
        ):
            if (name, county) == (town.name, town.county) and shape is not None:
                self._gained.show(as_qgis(shape), GAINED)
                return

    def clear_marks(self) -> None:
        """Take the outlines off the map."""
        self._gained.clear()
        self._lost.clear()

    def marked(self) -> tuple[Any, Any]:
        """What is outlined as gained and as lost."""
        return self._gained.geometry(), self._lost.geometry()

    def _tab_changed(self, _index: int) -> None:
        if self._dock.tabs.currentWidget() is not self._tab:
            self.clear_marks()

    # --- the report ----------------------------------------------------------------------------

    def _ask_report(self) -> None:
        plan = self._plans.current()
        if plan is None or self._changes is None:
            return
        folder = QgsSettings().value(FOLDER_SETTING, str(plan.path.parent), type=str)
        proposed = str(Path(folder) / f"{plan.path.stem}_{text('zone_dock.report_suffix')}.html")
        path, _ = QFileDialog.getSaveFileName(
            self._iface.mainWindow(), text("zone_dock.report").replace("&", ""), proposed, text("zone_dock.report_kind")
        )
        if path:
            target = Path(path) if Path(path).suffix else Path(f"{path}.html")
            QgsSettings().setValue(FOLDER_SETTING, str(target.parent))
            self.report(target)

    def report(self, target: Path) -> None:
        """Write the changes that are shown as an HTML report."""
        changes, (before, after) = self._changes, self._states
        if changes is None:
            return

        def work(_: WorkTask) -> None:
            from ...core.report.zone_changes import render
            from ...core.store.whole_file import write_whole

            write_whole(target, render(changes, before, after))

        def written(_: object) -> None:
            link = f'<a href="{target.as_uri()}">{escape(target.name)}</a>'
            tell(self._iface.messageBar(), text("zone_dock.reported", file=link), Qgis.MessageLevel.Success)

        self._start(WorkTask(text("zone_dock.task_report"), work, False), written)

    # --- restoring -----------------------------------------------------------------------------

    def ask_restore(self, version: Version) -> None:
        """Ask, and put the zones back as they were in a version."""
        plan = self._plans.current()
        if plan is None:
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            text("shell.name"),
            text("zone_dock.restore_question", name=version.name),
            QMessageBox.StandardButton.Cancel,
            self._iface.mainWindow(),
        )
        box.setObjectName("RestorationPlannerRestoreQuestion")
        go_on = box.addButton(text("zone_dock.restore_do"), QMessageBox.ButtonRole.AcceptRole)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        go_on.clicked.connect(lambda *_: self.restore(plan, version))
        self._open(box)

    def restore(self, plan: OpenPlan, version: Version) -> None:
        """Put the zones back as they were in a version; refused while a layer has unsaved edits."""
        bar = self._iface.messageBar()
        editing = [layer for layer in layers_of(plan) if layer.isEditable()]
        for layer in editing:
            if layer.isModified():
                warn(bar, text("dock.table_in_edit", layer=layer.name()))
                return
        for layer in editing:
            layer.rollBack()  # nothing was changed in it: it only stood open

        def restored(kept: Version) -> None:
            edited = []
            for layer in layers_of(plan):
                if layer.isEditable() and layer.isModified():  # begun while the file was written; not ours to drop
                    edited.append(layer.name())
                else:
                    _show_again(self._iface, plan, layer)
            self.refresh()
            self._plans.edited.emit()
            self.restored.emit()
            said = text("zone_dock.restored", name=version.name, kept=kept.name)
            tell(bar, said, Qgis.MessageLevel.Success)
            if edited:
                warn(bar, text("zone_dock.edited_while_restored", layers=edited))

        self._write(text("zone_dock.task_restore"), lambda _: restore_version(plan.path, version.id), restored)

    def _is_locked(self, plan: OpenPlan) -> bool:
        """Whether QGIS itself locks the file, which is said at once, not after waiting for it."""
        if not writes_as_it_goes(plan):
            return False
        layer = next((layer for layer in layers_of(plan) if layer.isEditable() and layer.isModified()), None)
        if layer is not None:
            warn(self._iface.messageBar(), text("zone_dock.version_in_transaction", layer=layer.name()))
        return layer is not None

    # --- helpers -------------------------------------------------------------------------------

    def _open(self, dialog: Any) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self, _: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _write(self, caption: str, work: Callable[[WorkTask], Any], done: Callable[[Any], None]) -> None:
        task = WorkTask(caption, work, False)
        self._map.during(task)
        self._start(task, done)

    def _start(self, task: WorkTask, done: Callable[[Any], None]) -> None:
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


def _show_again(iface: QgisInterface, plan: OpenPlan, layer: QgsVectorLayer) -> None:
    if layer.id() in (plan.layer_ids.get(ZONES), plan.layer_ids.get(AREAS)):
        show_written(iface, layer)
    else:
        layer.dataProvider().reloadData()
        layer.triggerRepaint()


def _is_modified(plan: OpenPlan, table: str) -> bool:
    layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
    return isinstance(layer, QgsVectorLayer) and layer.isEditable() and layer.isModified()
