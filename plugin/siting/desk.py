"""The siting check on open layers: between the dock, the layers, the background tasks and the plan file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog

from ...core.errors import PlannerError
from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from ...ui.finding_details import summary_words
from ...ui.findings_dock import FindingsDock
from ...ui.findings_model import FindingRow, project_title
from ...ui.highlight import Highlight
from ...ui.messages import tell, warn
from ...ui.review_dialog import Decision, ReviewDialog
from ..engine_import import import_engine, missing_modules
from ..map_rest import MapRest
from ..open_plans import OpenPlans
from ..plan_at_work import plan_at_work
from ..requirements import how_to_get
from ..tasks import CheckTask, WorkTask

if TYPE_CHECKING:
    from ...core.plan.tables import PlanTables
    from ...core.siting.findings import CheckResult
    from ...core.siting.rules import RuleSet
    from ...layers.opening import OpenPlan

RULES_SETTING = "restoration_planner/rules_file"
FOLDER_SETTING = "restoration_planner/export_folder"
#: Beside the layers that the rules name: projects, where they belong, reviews, and what a report's map shows.
ALWAYS_READ = ("plan", "project", "restoration_zone", "key_area", "admin_unit", "siting_review")


class SitingDesk(QObject):
    """Does what the dock asks for; everything here runs in the main thread but for the tasks' own work."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, dock: FindingsDock) -> None:
        super().__init__(dock)
        self._iface = iface
        self._plans = plans
        self._dock = dock
        self._highlight = Highlight(iface.mapCanvas())
        self._map = MapRest(iface)
        self._check: CheckTask | None = None
        self._writing: list[WorkTask] = []
        self._edits = 0
        self._shown_plan: str | None = None
        self._links: list[tuple[Any, Callable[..., Any]]] = [
            (plans.changed, self._plans_changed),
            (plans.edited, self._layers_edited),
            (dock.run_requested, self.run),
            (dock.cancel_requested, self.cancel),
            (dock.plan_chosen, plans.choose),
            (dock.row_chosen, self._row_chosen),
            (dock.selection_cleared, self._highlight.clear),
            (dock.zoom_requested, self._zoom),
            (dock.form_requested, self._open_form),
            (dock.review_requested, self._ask_review),
            (dock.export_requested, self._ask_export),
            (dock.closed, self._highlight.clear),
            (dock.run_bar.rules_requested, self._choose_rules),
            (dock.run_bar.rules_default_requested, self._use_default_rules),
            (dock.run_bar.rules_copy_requested, self._copy_default_rules),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        dock.run_bar.show_rules(self._rules())
        self._plans_changed()

    # --- the check -----------------------------------------------------------------------------

    def run(self) -> None:
        """Read the open layers as they are, unsaved edits included, and check them in the background."""
        if self._check is not None:
            return
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return
        self._edits = 0
        self._dock.run_bar.set_running(True)
        self._dock.run_bar.show_progress(0.0, text("dock.reading_layers"))
        try:
            rules, tables = self._read(plan)
        except PlannerError as error:
            self._dock.run_bar.set_running(False)
            self._warn(error)
            return
        task = CheckTask(tables, rules, str(plan.path))
        key = self._plans.current_key()
        task.done.connect(lambda result: self._check_done(key, plan, result))
        task.failed.connect(self._check_failed)
        task.stopped.connect(self._check_stopped)
        task.stepped.connect(self._dock.run_bar.show_progress)
        self._check = task
        task.begin()

    def cancel(self) -> None:
        """Stop the running check; what was there before stays."""
        if self._check is not None:
            self._check.cancel()

    def is_busy(self) -> bool:
        """Whether a check or a writing is under way."""
        return self._check is not None or bool(self._writing)

    def close(self) -> None:
        """Stop, and leave nothing on the map or connected."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        for task in (self._check, *self._writing):
            if task is not None:
                task.abandon()
        self._check, self._writing = None, []
        self._map.release()
        self._highlight.remove()

    def _read(self, plan: OpenPlan) -> tuple[RuleSet, PlanTables]:
        """The chosen rules, and what they and a report need of the open layers, unsaved edits included."""
        import_engine()
        from ...core.siting.rules import load_rules
        from ...layers.reading import read_open_plan

        file = self._rules()
        rules = load_rules(None if file is None else Path(file))
        needed = {*ALWAYS_READ, *(rule.layer for rule in rules.rules if rule.layer is not None)}
        return rules, read_open_plan(plan, needed)

    def _warn(self, error: PlannerError) -> None:
        missing = missing_modules()
        warn(self._iface.messageBar(), str(error), how_to_get(missing) if missing else "")

    def _check_done(self, key: str | None, plan: OpenPlan, result: CheckResult) -> None:
        self._end_check()
        if key == self._plans.current_key():  # else another plan was opened meanwhile, and is shown
            self._highlight.clear()
            self._dock.show_result(result)
            self._dock.set_stale(self._edits > 0)
        if plan.is_open:
            self._save(plan, result)

    def _check_failed(self, sentence: str, details: str) -> None:
        self._end_check()
        warn(self._iface.messageBar(), sentence, details)

    def _check_stopped(self) -> None:
        self._end_check()
        tell(self._iface.messageBar(), text("dock.cancelled"))

    def _end_check(self) -> None:
        self._check = None
        self._dock.run_bar.set_running(False)

    def _save(self, plan: OpenPlan, result: CheckResult) -> None:
        bar = self._iface.messageBar()

        def saved(_: object) -> None:
            _reload(plan)
            tell(bar, text("dock.finished", summary=summary_words(result)), Qgis.MessageLevel.Success)

        def not_saved(sentence: str, details: str) -> None:
            warn(bar, text("dock.not_saved", reason=sentence), details)

        editing = _table_in_edit(plan, "siting_finding")
        if editing:
            not_saved(text("dock.table_in_edit", layer=editing), "")
            return

        def work(_: WorkTask) -> None:
            from ...core.commands.check import save_findings

            save_findings(plan.path, result)

        self._write(WorkTask(text("dock.task"), work, cancellable=False), saved, not_saved)

    # --- what is shown -------------------------------------------------------------------------

    def _plans_changed(self) -> None:
        key = self._plans.current_key()
        self._dock.run_bar.set_plans(self._plans.names(), key)
        if key != self._shown_plan:
            self._shown_plan = key
            plan = self._plans.current()
            self._highlight.clear()
            self._dock.show_result(self._saved_result(plan) if plan else None)

    def _saved_result(self, plan: OpenPlan) -> CheckResult | None:
        """The last run's result as the plan file holds it."""
        try:
            import_engine()
            from ...core.siting.saved import result_from_rows
            from ...core.store.plan_file import read_plan

            tables = read_plan(plan.path, ["project", "siting_finding", "siting_review"])
            return result_from_rows(tables, str(plan.path))
        except PlannerError as error:
            self._warn(error)
            return None

    def _layers_edited(self) -> None:
        self._edits += 1
        self._dock.set_stale(True)

    def _row_chosen(self, row: FindingRow) -> None:
        self._show(row, move=self._dock.run_bar.follow_button.isChecked())

    def _zoom(self, row: FindingRow) -> None:
        if not self._show(row, zoom=True):
            tell(self._iface.messageBar(), text("dock.nothing_on_map", project=project_title(row.project)))

    def _show(self, row: FindingRow, move: bool = True, zoom: bool = False) -> bool:
        geometry = self._geometry_of(row)
        if geometry is None or geometry.isEmpty():
            self._highlight.clear()
            return False
        self._highlight.show(geometry, GRADE_COLOURS[row.grade], move, zoom)
        return True

    def _geometry_of(self, row: FindingRow) -> QgsGeometry | None:
        """The offending part; where there is none, the project's own site."""
        if row.finding is not None and row.finding.geometry is not None:
            geometry = QgsGeometry()
            geometry.fromWkb(row.finding.geometry.wkb)
            return geometry
        plan = self._plans.current()
        try:
            feature = self._project_feature(plan.layer("project"), row) if plan else None
        except PlannerError:  # its layer was taken out or cannot be read; the table still tells of it
            return None
        return QgsGeometry(feature.geometry()) if feature is not None and feature.hasGeometry() else None

    def _open_form(self, row: FindingRow) -> None:
        plan = self._plans.current()
        if plan is None:
            return
        try:
            layer = plan.layer("project")
        except PlannerError as error:
            warn(self._iface.messageBar(), str(error))
            return
        feature = self._project_feature(layer, row)
        if feature is None:
            warn(self._iface.messageBar(), text("dock.project_gone", project=project_title(row.project)))
            return
        self._iface.openFeatureForm(layer, feature, False, False)

    @staticmethod
    def _project_feature(layer: QgsVectorLayer, row: FindingRow) -> QgsFeature | None:
        """The project of a line: by its id, or by its code where ids have changed since."""
        feature = layer.getFeature(row.project.fid)
        code = row.project.code
        if feature.isValid() and (code is None or feature.attribute("code") == code):
            return feature
        if code is None:
            return None
        from qgis.core import QgsExpression, QgsFeatureRequest

        wanted = QgsFeatureRequest().setFilterExpression(QgsExpression.createFieldEqualityExpression("code", code))
        return next(layer.getFeatures(wanted), None)

    # --- reviews -------------------------------------------------------------------------------

    def _ask_review(self, rows: list[FindingRow]) -> None:
        if any(row.project.code is None for row in rows):
            warn(self._iface.messageBar(), text("dock.review_needs_code"))
            return
        dialog = ReviewDialog(rows, self._iface.mainWindow())
        dialog.accepted.connect(lambda: self._review(rows, dialog.decided()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _review(self, rows: list[FindingRow], decision: Decision) -> None:
        """Write the reviews and the findings' new state into the plan, both or neither, then show them."""
        plan, result = self._plans.current(), self._dock.result()
        if plan is None or result is None:
            return
        bar = self._iface.messageBar()

        def written(updated: CheckResult) -> None:
            _reload(plan)
            if self._dock.result() is result:
                self._dock.update_reviews(updated)
            tell(bar, text("dock.review_saved", count=len(rows)), Qgis.MessageLevel.Success)

        def not_written(sentence: str, details: str) -> None:
            warn(bar, text("dock.review_not_saved", reason=sentence), details)

        for table in ("siting_review", "siting_finding"):
            editing = _table_in_edit(plan, table)
            if editing:
                not_written(text("dock.table_in_edit", layer=editing), "")
                return
        findings = [row.finding for row in rows if row.finding is not None]

        def work(_: WorkTask) -> CheckResult:
            from .review_writing import write_reviews

            return write_reviews(plan.path, result, findings, decision)

        self._write(WorkTask(text("dock.review_title"), work, cancellable=False), written, not_written)

    # --- export and rules ----------------------------------------------------------------------

    def _ask_export(self, name: str) -> None:
        result = self._dock.result()
        if result is None:
            return
        folder = QgsSettings().value(FOLDER_SETTING, str(Path(result.plan).parent), type=str)
        proposed = str(Path(folder) / f"{Path(result.plan).stem}_{text('dock.export_suffix')}.{name}")
        kinds = f"{text(f'dock.format.{name}').rstrip('…')} (*.{name})"
        path, _ = QFileDialog.getSaveFileName(self._iface.mainWindow(), text("dock.export_title"), proposed, kinds)
        if path:
            target = Path(path) if Path(path).suffix else Path(f"{path}.{name}")
            QgsSettings().setValue(FOLDER_SETTING, str(target.parent))
            self.export(name, target)

    def export(self, name: str, target: Path) -> None:
        """Write the shown results in a format, in the background."""
        plan, result = self._plans.current(), self._dock.result()
        if plan is None or result is None:
            return
        bar = self._iface.messageBar()
        try:
            _, tables = self._read(plan)
        except PlannerError as error:
            self._warn(error)
            return

        def work(_: WorkTask) -> None:
            from ...core.report.write import render
            from ...core.store.whole_file import write_whole

            write_whole(target, render(result, tables, name))

        def written(_: object) -> None:
            link = f'<a href="{target.as_uri()}">{escape(target.name)}</a>'
            tell(bar, text("dock.exported", file=link), Qgis.MessageLevel.Success)

        self._start(WorkTask(text("dock.exporting"), work, cancellable=False), written, lambda *why: warn(bar, *why))

    def _rules(self) -> str | None:
        return QgsSettings().value(RULES_SETTING, "", type=str) or None

    def _choose_rules(self) -> None:
        before = self._rules() or str(Path.home())
        path, _ = QFileDialog.getOpenFileName(
            self._iface.mainWindow(), text("dock.rules_choose"), before, text("dock.rules_files")
        )
        if path:
            QgsSettings().setValue(RULES_SETTING, path)
            self._dock.run_bar.show_rules(path)

    def _use_default_rules(self) -> None:
        QgsSettings().remove(RULES_SETTING)
        self._dock.run_bar.show_rules(None)

    def _copy_default_rules(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self._iface.mainWindow(), text("dock.rules_copy"), "siting_rules.yaml", text("dock.rules_files")
        )
        if not path:
            return
        try:
            import_engine()
            from ...core.siting.rules import DEFAULT_RULES
            from ...core.store.whole_file import write_whole

            write_whole(Path(path), DEFAULT_RULES.read_bytes())
        except PlannerError as error:
            self._warn(error)

    # --- helpers -------------------------------------------------------------------------------

    def _write(self, task: WorkTask, done: Callable[[Any], None], failed: Callable[[str, str], None]) -> None:
        """Run a task that writes into the plan file, the maps at rest until it has ended."""
        self._map.during(task)
        self._start(task, done, failed)

    def _start(self, task: WorkTask, done: Callable[[Any], None], failed: Callable[[str, str], None]) -> None:
        """Run a task; it is kept until it has told its outcome, or Python would take it away from under QGIS."""

        def ended(tell_it: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                self._writing.remove(task)
                tell_it(*outcome)

            return end

        task.done.connect(ended(done))
        task.failed.connect(ended(failed))
        task.stopped.connect(ended(lambda: None))
        self._writing.append(task)
        task.begin()


def _table_in_edit(plan: OpenPlan, table: str) -> str | None:
    """The name of a table's layer where it is being edited: its buffer would not fit what is written below it."""
    layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
    return layer.name() if isinstance(layer, QgsVectorLayer) and layer.isEditable() else None


def _reload(plan: OpenPlan) -> None:
    """Let the layers show what was written into the file below them."""
    for table in ("siting_finding", "siting_review"):
        layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
        if isinstance(layer, QgsVectorLayer):
            layer.dataProvider().reloadData()
            layer.updateExtents()
            layer.triggerRepaint()
    with suppress(PlannerError):  # without one of the two layers there are no outlines to bring up to date
        plan.note_grades()
