"""Bulk edit: between the dialog and the project layer; what it writes is one undo step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QApplication

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.messages import tell
from ..edit_groups import refuse_uneditable
from ..plan_at_work import bring_to_front
from .part import PROJECT

if TYPE_CHECKING:
    from ...core.plan.tables import PlanTables
    from ...core.projects.bulk import RowPlan
    from ...ui.bulk_edit_dialog import BulkEditDialog
    from .part import ProjectPart

READ = (PROJECT, "plan", "restoration_zone")
RED_LINE = "red_line"
#: Whether these fit depends on where a site lies.
_ASK_RED_LINE = ("new_construction_land", "temporary_land", "opinion_ref")
_CHOSEN_FROM = ("programme_codes", "zone_codes", "key_area_codes", "counties", "departments")


@contextmanager
def _busy() -> Iterator[None]:
    """Thousands of projects take a moment."""
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QApplication.restoreOverrideCursor()


class BulkDesk(QObject):
    """Opens the dialog for some projects, works its preview out, and writes."""

    def __init__(self, part: ProjectPart) -> None:
        super().__init__(part)
        self._part = part
        self._fids: list[int] = []
        self._tables: PlanTables | None = None
        self._red_line = False
        self.dialog: BulkEditDialog | None = None

    def plan_changed(self) -> None:
        """A dialog of another plan goes."""
        if self.dialog is not None:
            self.dialog.reject()

    def close(self) -> None:
        """Leave nothing behind."""
        self.plan_changed()

    def ask(self, fids: Sequence[int]) -> BulkEditDialog | None:
        """Open the dialog for some projects; without any, or where they cannot be edited, say so."""
        self.plan_changed()
        part = self._part
        try:
            layer = part.plan().layer(PROJECT)
            if not fids:
                raise PlannerError("project_list.select_first")
            refuse_uneditable(layer)
            self._tables = self._read(False)
        except PlannerError as error:
            part.warn(str(error))
            return None
        self._fids, self._red_line = list(fids), False
        self.dialog = self._make_dialog(self._tables)
        bring_to_front(self.dialog)
        return self.dialog

    def plans(self, tables: PlanTables | None = None) -> list[RowPlan]:
        """What would become of the projects by what the dialog wants now."""
        from ...core.projects.bulk import plan_edits

        dialog = self.dialog
        if dialog is None or self._tables is None:
            return []
        return plan_edits(tables or self._tables, self._fids, dialog.edits())

    def _read(self, red_line: bool) -> PlanTables:
        from ...layers.reading import read_open_plan

        return read_open_plan(self._part.plan(), (*READ, *((RED_LINE,) if red_line else ())))

    def _make_dialog(self, tables: PlanTables) -> BulkEditDialog:
        from ...core.projects.bulk import FIELDS, common_value
        from ...ui.bulk_edit_dialog import BulkEditDialog

        records = [r for fid, r in zip(tables[PROJECT].fids.tolist(), tables[PROJECT].records()) if fid in self._fids]
        common = {name: value for name in FIELDS for same, value in [common_value(records, name)] if same}
        plan = next(iter(tables["plan"].records()), {})
        year = plan.get("start_year") or plan.get("base_year") or 2021
        parent = self._part.iface.mainWindow()
        dialog = BulkEditDialog(len(records), self._offers(tables), common, int(year), parent)
        dialog.edits_changed.connect(self._preview)
        dialog.accepted.connect(self._write)
        dialog.finished.connect(self._finished)
        return dialog

    def _offers(self, tables: PlanTables) -> dict[str, dict[str, str]]:
        """What can be chosen: as in the form, and what the projects have already."""
        from ...core.plan.schema import TABLES
        from ...layers.relations import offered_entries
        from ...layers.roles import layers

        plan = self._part.plan()
        there = layers(plan.project, plan.path)
        offers = {name: offered_entries(TABLES[PROJECT].field(name), there) for name in _CHOSEN_FROM}
        projects = tables[PROJECT]
        for name, like in (("lead_department", "departments"), ("status", "")):
            known = dict.fromkeys(value for value in projects[name] if value)
            known.update(dict.fromkeys(offers.get(like, {})))
            offers[name] = {entry: entry for entry in known}
        return offers

    def _preview(self) -> None:
        if self.dialog is None:
            return
        try:
            if not self._red_line and any(edit.field in _ASK_RED_LINE for edit in self.dialog.edits()):
                self._tables, self._red_line = self._read(True), True
            self.dialog.show_plans(self.plans())
        except PlannerError as error:
            self.dialog.says.setText(str(error))

    def _write(self) -> None:
        """Write what was shown, reckoned once more on the projects as they are now."""
        part = self._part
        try:
            layer = part.plan().layer(PROJECT)
            plans = [plan for plan in self.plans(self._read(self._red_line)) if not plan.is_same]
            if not plans or any(misfit.hard for plan in plans for misfit in plan.misfits):
                raise PlannerError("project_list.bulk_changed_meanwhile")
            caption = text("project_list.bulk_done_caption", count=len(plans))
            only_code = _follow_edits(layer) <= {"code"}
            with _busy(), part.work.groups.action(caption) as edit:
                for plan in plans:
                    new = {change.field: change.new for change in plan.changes if not change.is_same}
                    edit.change_values(layer, plan.fid, new, not (only_code and (plan.code or "").strip()))
        except PlannerError as error:
            part.warn(str(error))
            return
        layer.triggerRepaint()
        part.iface.setActiveLayer(layer)  # so that QGIS's own Undo is that of the projects
        tell(part.iface.messageBar(), text("project_list.bulk_done", count=len(plans)))

    def _finished(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        self._tables = None
        if dialog is not None:
            dialog.deleteLater()


def _follow_edits(layer: QgsVectorLayer) -> set[str]:
    """Fields whose defaults QGIS reckons anew at every edit: a millisecond each time.

    That of the code only fills in what is empty, so it can be left out where there is one.
    """
    fields = layer.fields()
    return {field.name() for i, field in enumerate(fields) if layer.defaultValueDefinition(i).applyOnUpdate()}
