"""The history of the projects: who is signed, what is shown of it, and the way back from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from qgis.core import NULL, Qgis, QgsApplication, QgsFeature, QgsGeometry, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtWidgets import QInputDialog

from ...core.errors import PlannerError
from ...core.store.history_signing import set_author
from ...core.store.project_history import SITE
from ...core.texts import text
from ...layers.roles import plan_id
from ...ui.highlight import Highlight
from ...ui.messages import tell
from ...ui.review_dialog import REVIEWER_SETTING
from ..map_rest import MapRest
from ..plan_at_work import bring_to_front
from .history_watch import HistoryWatch
from .part import ProjectPart
from .read_only_guard import ReadOnlyGuard

if TYPE_CHECKING:
    from ...core.history.saves import Change, GoneProject
    from ...ui.history_dialog import GoneDialog, HistoryDialog
    from .work import ProjectWork

AUTHOR_SETTING = "restoration_planner/history_author"
FORMER = "#8a5a00"


class HistoryDesk(ProjectPart):
    """Signs what is saved, shows what happened to a project, and puts values, sites and projects back."""

    area: ClassVar[str] = "history"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.add_action("project_history", self.ask)
        self.add_action("history_gone", self.ask_gone, in_toolbar=False)
        self.add_action("history_reload", self._reload, in_toolbar=False)
        self.add_action("history_author", self.ask_author, in_toolbar=False)
        self.add_feature_action("project_history", lambda feature: self.show_history(feature.id()))
        #: One for each open plan: whichever is edited is signed, and told of other windows.
        self._watches: dict[str, HistoryWatch] = {}
        self._guards: dict[str, ReadOnlyGuard] = {}
        self.dialog: HistoryDialog | None = None
        self.gone_dialog: GoneDialog | None = None
        self._fid = 0
        self._outline = Highlight(self.iface.mapCanvas())
        set_author(author_here())

    def plan_changed(self) -> None:
        """Watch the projects of the open plans."""
        self._close_dialogs()
        plans = {key: self.work.plans.find(Path(key)) for key, _ in self.work.plans.names()}
        for key in [key for key in self._watches if key not in plans]:
            self._let_go(self._watches.pop(key), self._guards.pop(key))
        for key, plan in plans.items():
            if plan is not None and key not in self._watches:
                self._watches[key], self._guards[key] = self._new_watch(), ReadOnlyGuard(self.iface, self)
            if plan is not None and self._watches[key].plan() is not plan:
                self._watches[key].follow(plan)
                self._guards[key].follow(plan)

    @property
    def watch(self) -> HistoryWatch:
        """That of the plan at work."""
        return self._watches[self.work.plans.current_key() or ""]

    def close(self) -> None:
        """Let go of everything."""
        self._close_dialogs()
        for key, watch in self._watches.items():
            self._let_go(watch, self._guards[key])
        self._watches, self._guards = {}, {}
        self._outline.remove()
        set_author(None)
        super().close()

    def _new_watch(self) -> HistoryWatch:
        watch = HistoryWatch(self.iface, self)
        for signal, slot in self._slots(watch):
            signal.connect(slot)
        return watch

    def _let_go(self, watch: HistoryWatch, guard: ReadOnlyGuard) -> None:
        watch.release()
        guard.release()
        for signal, slot in self._slots(watch):
            signal.disconnect(slot)
        watch.deleteLater()
        guard.deleteLater()

    def _slots(self, watch: HistoryWatch) -> tuple[tuple[Any, Any], ...]:
        return (
            (watch.see_wanted, self._see),
            (watch.return_wanted, self._return),
            (watch.rescue_wanted, self._rescue),
            (watch.recorded, self._refresh),
        )

    def _put_to_work(self, path: Path) -> None:
        """What is asked for on the message bar is about one plan, whichever is at work."""
        plan = self.work.plans.current()
        if plan is None or plan.path != path:
            self.work.plans.choose(plan_id(path))

    # --- the name ------------------------------------------------------------------------------

    def ask_author(self) -> None:
        """Ask under which name changes are recorded."""
        dialog = QInputDialog(self.iface.mainWindow())
        dialog.setObjectName("RestorationPlannerAuthorDialog")
        dialog.setWindowTitle(text("history.author_title"))
        dialog.setLabelText(text("history.author_label"))
        dialog.setTextValue(author_here())
        dialog.textValueSelected.connect(self.sign_as)
        dialog.finished.connect(lambda *_: dialog.deleteLater())
        dialog.open()

    def sign_as(self, name: str) -> None:
        """Record changes under this name from now on."""
        QgsSettings().setValue(AUTHOR_SETTING, " ".join(name.split()))
        set_author(author_here())

    # --- the history of a project --------------------------------------------------------------

    def ask(self) -> None:
        """Show the history of the one project that is selected."""
        layer = self.projects_layer()
        chosen = layer.selectedFeatureIds() if layer is not None else []
        if len(chosen) != 1:
            self.warn(text("history.choose_one"))
            return
        self.show_history(chosen[0])

    def show_history(self, fid: int, field: str | None = None) -> None:
        """Open the window with a project's history."""
        from ...ui.history_dialog import HistoryDialog

        layer = self.projects_layer()
        if layer is None or fid < 0:
            tell(self.iface.messageBar(), text("history.not_saved_yet"))
            return
        if self.dialog is not None:
            self._dialog_closed()
        feature = layer.getFeature(fid)
        dialog = HistoryDialog(_word(feature, "code") or str(fid), _word(feature, "name"), self.iface.mainWindow())
        dialog.site_wanted.connect(self._show_site)
        dialog.put_back_wanted.connect(self._put_back)
        dialog.closed.connect(self._dialog_closed)
        self.dialog, self._fid = dialog, fid
        if self._fill(field):
            bring_to_front(dialog)
        else:
            self._dialog_closed()

    def _see(self, path: Path, fid: int, fields: tuple[str, ...]) -> None:
        self._put_to_work(path)
        self.show_history(fid, fields[0] if len(fields) == 1 else None)

    def _fill(self, field: str | None = None) -> bool:
        from ...core.history.saves import saves_of

        assert self.dialog is not None
        try:
            self.dialog.show_saves(saves_of(self.plan().path, self._fid), field)
        except PlannerError as error:
            self.warn(str(error))
            return False
        return True

    def _put_back(self, change: Change | None) -> None:
        layer = self.projects_layer()
        if change is None or layer is None:
            return
        try:
            feature = layer.getFeature(self._fid)
            if not feature.isValid():
                raise PlannerError("history.project_gone")
            self._put_change_back(layer, feature, change)
        except PlannerError as error:
            self.warn(str(error))

    def _put_change_back(self, layer: QgsVectorLayer, feature: QgsFeature, change: Change) -> None:
        from ...core.history.words import field_caption

        code = _word(feature, "code") or str(feature.id())
        words = {"code": code, "field": field_caption(change.field)}
        with self.work.groups.action(text("history.put_back_caption", **words)) as edit:
            if change.site is not None:
                edit.change_geometry(layer, feature.id(), _as_qgis(change.old))
            else:
                edit.change_value(layer, feature.id(), change.field, _for_qgis(change.old))
        layer.triggerRepaint()
        tell(self.iface.messageBar(), text("history.put_back_done", **words), Qgis.MessageLevel.Success)

    # --- deleted projects ----------------------------------------------------------------------

    def ask_gone(self) -> None:
        """Show the projects that were deleted."""
        from ...ui.history_dialog import GoneDialog

        if self.gone_dialog is None:
            dialog = GoneDialog(self.iface.mainWindow())
            dialog.site_wanted.connect(self._show_gone_site)
            dialog.bring_back_wanted.connect(self._bring_back)
            dialog.closed.connect(self._gone_closed)
            self.gone_dialog = dialog
        if self._fill_gone():
            bring_to_front(self.gone_dialog)
        else:
            self._gone_closed()

    def _fill_gone(self) -> bool:
        from ...core.history.saves import gone_projects

        assert self.gone_dialog is not None
        try:
            self.gone_dialog.show_projects(gone_projects(self.plan().path))
        except PlannerError as error:
            self.warn(str(error))
            return False
        return True

    def _return(self, path: Path, fid: int) -> None:
        """A project that was deleted elsewhere while it is edited here goes back into the file, for the edits to be saved."""
        self._put_to_work(path)
        from ...core.history.returning import put_deleted_back

        layer = self.projects_layer()
        rest = MapRest(self.iface)
        rest.begin()
        try:
            put_deleted_back(self.plan().path, fid)
        except PlannerError as error:
            self.warn(str(error))
            return
        finally:
            rest.end()
        self.watch.reload()
        code = _word(layer.getFeature(fid), "code") if layer is not None else ""
        done = text("history.returned", code=code or str(fid))
        tell(self.iface.messageBar(), done, Qgis.MessageLevel.Success)

    def _rescue(self, path: Path, fid: int, edited: dict[str, Any]) -> None:
        """A project that was deleted elsewhere while it was edited here comes back with those edits."""
        self._put_to_work(path)
        from ...core.history.saves import gone_projects

        try:
            project = next((p for p in gone_projects(self.plan().path) if p.fid == fid), None)
        except PlannerError as error:
            self.warn(str(error))
            return
        if project is None:
            tell(self.iface.messageBar(), text("history.back_already"))
        self._bring_back(project, edited)

    def _bring_back(self, project: GoneProject | None, edited: Mapping[str, Any] = MappingProxyType({})) -> None:
        layer = self.projects_layer()
        if project is None or layer is None:
            return
        feature = QgsFeature(layer.fields())
        for name, value in {**project.values, **edited}.items():
            position = layer.fields().indexOf(name)
            if position >= 0:
                feature.setAttribute(position, _for_qgis(value))
        feature.setGeometry(edited.get(SITE) or _as_qgis(project.site))
        words = {"code": project.code or project.name or str(project.fid)}
        try:
            with self.work.groups.action(text("history.bring_back_caption", **words)) as edit:
                edit.add(layer, feature)
        except PlannerError as error:
            self.warn(str(error))
            return
        layer.triggerRepaint()
        tell(self.iface.messageBar(), text("history.bring_back_done", **words), Qgis.MessageLevel.Success)

    # --- helpers -------------------------------------------------------------------------------

    def _show_site(self, change: Change | None) -> None:
        self._show_shape(None if change is None else change.old)

    def _show_gone_site(self, project: GoneProject | None) -> None:
        self._show_shape(None if project is None else project.site)

    def _show_shape(self, shape: Any) -> None:
        if shape is None:
            self._outline.clear()
        else:
            self._outline.show(_as_qgis(shape), FORMER)

    def _refresh(self) -> None:
        """Something was recorded: what is shown may be older."""
        if self.dialog is not None:
            self._fill()
        if self.gone_dialog is not None:
            self._fill_gone()

    def _reload(self) -> None:
        self.watch.reload()
        tell(self.iface.messageBar(), text("history.reloaded"), Qgis.MessageLevel.Success)

    def _dialog_closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._outline.clear()
        if dialog is not None:
            dialog.hide()
            dialog.deleteLater()

    def _gone_closed(self) -> None:
        dialog, self.gone_dialog = self.gone_dialog, None
        self._outline.clear()
        if dialog is not None:
            dialog.hide()
            dialog.deleteLater()

    def _close_dialogs(self) -> None:
        self._dialog_closed()
        self._gone_closed()


def author_here() -> str:
    """The name to sign with: as set, as given with reviews, or that of QGIS's user."""
    settings = QgsSettings()
    for name in (AUTHOR_SETTING, REVIEWER_SETTING):
        found = str(settings.value(name, "", type=str)).strip()
        if found:
            return found
    return str(QgsApplication.userFullName() or QgsApplication.userLoginName())


def _word(feature: QgsFeature, field: str) -> str:
    value = feature.attribute(field) if feature.fields().indexOf(field) >= 0 else None
    return value if isinstance(value, str) else ""


def _for_qgis(value: Any) -> Any:
    return NULL if value is None else value


def _as_qgis(shape: Any) -> QgsGeometry:
    made = QgsGeometry()
    if shape is not None:
        made.fromWkb(shape.wkb)
    return made
