"""Who else writes: a plan's projects watched while they are edited, saved, and changed by others on disk.

QGIS tells Python that a layer is about to be saved, but takes no veto (see docs/architecture.md).  So what others saved
meanwhile is told before, as soon as it is on disk, and again after our own saving; nothing is lost, for the history in
the plan file holds what was written over.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsVectorLayer
from qgis.gui import QgisInterface, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QPushButton

from ...core.errors import PlannerError
from ...core.store.geopackage import sentence_of
from ...core.store.history_signing import is_written_here
from ...core.store.project_history import (
    DELETED,
    PROJECT,
    begin_history,
    newest_record,
    read_history,
    sign_records,
)
from ...core.texts import text
from ...ui.messages import tell, warn
from ..map_rest import MapRest
from .read_only_guard import why_not_written
from .unsaved_edits import edits_of, values_edited

if TYPE_CHECKING:
    from ...core.history.elsewhere import Elsewhere
    from ...core.store.project_history import Record
    from ...layers.opening import OpenPlan

#: How often the file is looked at (its time and size, without opening it).
LOOK_MS = 2000
#: Another window signs its records right after saving: so long they are waited for.
_SIGNING = timedelta(seconds=4)
#: So many codes are named in a sentence.
_NAMED = 5


class HistoryWatch(QObject):
    """Watches the projects of one plan.

    Signals
    -------
    see_wanted(path, fid, fields)
        The history of a project is to be shown, with these fields in view.
    return_wanted(path, fid)
        A project that somebody else deleted is to come back, for it is being edited here.
    rescue_wanted(path, fid, values)
        It is to come back with what was edited here and saved nowhere: field or `SITE` → value.
    recorded()
        There is something new in the history.
    """

    see_wanted = pyqtSignal(object, int, object)
    return_wanted = pyqtSignal(object, int)
    rescue_wanted = pyqtSignal(object, int, object)
    recorded = pyqtSignal()

    def __init__(self, iface: QgisInterface, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._map = MapRest(iface)
        self._layer: QgsVectorLayer | None = None
        self._plan: OpenPlan | None = None
        self._links: list[tuple[Any, Any]] = []
        #: Newest record when editing began, when saving began, and that others' changes were told of.
        self._begun = self._before_saving = self._seen = 0
        self._stamp: object = None
        self._edits: dict[int, set[str] | None] = {}
        self._elsewhere: list[Elsewhere] = []
        #: What was edited here in projects that somebody else deleted: QGIS writes it nowhere and says it did.
        self._homeless: dict[int, dict[str, Any]] = {}
        self._was_saved = False
        self._saving_now = False
        #: What stands on the message bar with buttons of ours.
        self._items: list[QgsMessageBarItem] = []
        self._soon = self._timer(0, self._saving_ended, single=True)
        self._look = self._timer(LOOK_MS, self.look, single=False)

    def plan(self) -> OpenPlan | None:
        """The plan whose projects are watched."""
        return self._plan

    def follow(self, plan: OpenPlan) -> None:
        """Watch another plan's projects; a plan without their layer has none to watch."""
        self.release()
        layer = plan.project.mapLayer(plan.layer_ids.get(PROJECT, ""))
        if not isinstance(layer, QgsVectorLayer):
            return
        self._plan, self._layer = plan, layer
        self._links = [
            (layer.beforeEditingStarted, self._beginning),
            (layer.beforeCommitChanges, self._saving),
            (layer.afterCommitChanges, self._saved),
            (layer.committedFeaturesAdded, self._added),
            (layer.willBeDeleted, self.release),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self._seen = self._begun = self._newest()
        self._stamp = _stamp(plan.path)
        self._look.start()
        if layer.isEditable():
            self._beginning()

    def release(self) -> None:
        """Watch nothing; what was saved a moment ago, as when a project is closed, is signed still."""
        if self._saving_now and self._was_saved and self._plan is not None:
            self._sign(self._plan)
        for timer in (self._soon, self._look):
            timer.stop()
        for item in self._items:  # their buttons would ask for a plan that is not there
            if not sip.isdeleted(item):
                self._iface.messageBar().popWidget(item)
        self._items = []
        if self._layer is not None and not sip.isdeleted(self._layer):
            for signal, slot in self._links:
                signal.disconnect(slot)
        self._map.release()
        self._links, self._layer, self._plan = [], None, None
        self._elsewhere, self._edits, self._saving_now = [], {}, False

    # --- editing begins ------------------------------------------------------------------------

    def _beginning(self) -> None:
        """QGIS is about to open the layer for editing: from here on what is written is recorded."""
        assert self._plan is not None
        if why_not_written(self._plan.path):
            return
        self._begin_history()
        if self._newest() > self._seen:
            self.look(at_once=True)
        self._begun = self._newest()

    def _begin_history(self) -> None:
        assert self._plan is not None
        self._map.begin()
        try:
            begin_history(self._plan.path)
        except PlannerError as error:
            warn(self._iface.messageBar(), text("history.not_recorded", why=error))
        finally:
            self._map.end()

    # --- saving --------------------------------------------------------------------------------

    def _saving(self, _stops: bool) -> None:
        """QGIS saves: note what we changed, and what others did since we began."""
        from ...core.history.elsewhere import changed_elsewhere

        assert self._plan is not None and self._layer is not None
        self._was_saved, self._saving_now, self._elsewhere = False, True, []
        self._edits = edits_of(self._layer)
        self._before_saving = self._begun
        try:
            records = read_history(self._plan.path, since=self._begun)
            self._before_saving = max((r.id for r in records), default=self._begun)
            self._elsewhere = changed_elsewhere(self._others(records), (), self._edits)
            gone = [project.fid for project in self._elsewhere if project.kind == DELETED]
            self._homeless = {fid: values_edited(self._layer, fid) for fid in gone}
        except PlannerError:
            self._elsewhere = []  # the file is locked: QGIS's own saving will meet the same, and that is told
        self._soon.start()

    def _added(self, _layer_id: str, features: list[Any]) -> None:
        self._edits.update((feature.id(), None) for feature in features)

    def _saved(self) -> None:
        self._was_saved = True

    def _saving_ended(self) -> None:
        self._saving_now = False
        layer, plan = self._layer, self._plan
        if layer is None or plan is None:
            return
        if not self._was_saved:
            self._tell_not_saved(layer)
            return
        self._sign(plan)
        self._begun = self._seen = max(self._newest(), self._seen)
        self._stamp = _stamp(plan.path)
        for project in sorted(self._elsewhere, key=lambda project: not project.clashes)[:_NAMED]:
            self._tell(project, "saved")
        self._elsewhere, self._edits = [], {}
        self.recorded.emit()

    def _sign(self, plan: OpenPlan) -> None:
        from ..zones.saving import writes_as_it_goes

        mine: dict[int, set[str] | None] = dict(self._edits)
        self._map.begin()
        try:
            if writes_as_it_goes(plan):  # nobody else could write since our first edit: the file was ours
                mine = {r.fid: None for r in read_history(plan.path, since=self._before_saving)}
            sign_records(plan.path, self._before_saving, mine)
        except PlannerError as error:
            warn(self._iface.messageBar(), text("history.not_signed", why=error))
        finally:
            self._map.end()

    def _tell_not_saved(self, layer: QgsVectorLayer) -> None:
        errors = " ".join(layer.commitErrors())
        if not layer.isModified():
            return
        stuck = [project for project in self._elsewhere if project.kind == DELETED]
        for project in stuck[:_NAMED]:  # newer GDAL refuses what older ones drop
            self._tell(project, "stuck")
        if stuck:
            return
        assert self._plan is not None
        why, key = why_not_written(self._plan.path), sentence_of(errors, "")
        if not why:
            why = str(PlannerError(key, path=self._plan.path.name, reason=errors)) if key else errors
        warn(self._iface.messageBar(), text("history.not_saved", layer=layer.name(), why=why), errors)

    # --- others' changes -----------------------------------------------------------------------

    def look(self, at_once: bool = False) -> None:
        """Whether somebody else has saved projects since we last looked; then it is told, and the layer read again."""
        plan, layer = self._plan, self._layer
        if plan is None or layer is None or self._saving_now:
            return
        stamp = _stamp(plan.path)
        if stamp == self._stamp and not at_once:
            return
        try:
            records = read_history(plan.path, since=self._seen)
            others = self._others(records)
        except (PlannerError, OSError):  # being written, or gone: looked at again next time
            return
        if not at_once and any(_may_be_signed_yet(record) for record in others):
            return
        self._stamp = stamp
        self._seen = max((r.id for r in records), default=self._seen)
        if not others:
            return
        codes = list(dict.fromkeys(r.code or str(r.fid) for r in others))
        named = [*codes[:_NAMED], *(["…"] if len(codes) > _NAMED else [])]
        if layer.isEditable():
            self._tell_editor(layer, others, named)
        else:
            self.reload()
            tell(self._iface.messageBar(), text("history.changed_on_disk", codes=named))
        self.recorded.emit()

    def reload(self) -> None:
        """Show what the file holds; unsaved edits stay, and so does their undo."""
        layer = self._layer
        if layer is None:
            return
        if layer.dataProvider().transaction() is None:  # one that is under way must not lose its connection
            layer.dataProvider().reloadData()
            layer.updateExtents()
        layer.triggerRepaint()

    def _tell_editor(self, layer: QgsVectorLayer, others: list[Record], named: list[str]) -> None:
        from ...core.history.elsewhere import changed_elsewhere

        touched = changed_elsewhere(others, (), edits_of(layer))
        for project in touched[:_NAMED]:
            self._tell(project, "editing")
        if touched:
            return
        sentence = text("history.changed_while_editing", layer=layer.name(), codes=named)
        self._push(sentence, Qgis.MessageLevel.Info, (text("history.reload"), "reload", self._reload_and_say))

    def _reload_and_say(self) -> None:
        self.reload()
        tell(self._iface.messageBar(), text("history.reloaded"), Qgis.MessageLevel.Success)

    def _tell(self, project: Elsewhere, when: str) -> None:
        from ...core.history.elsewhere import told_elsewhere

        level = Qgis.MessageLevel.Warning if project.clashes else Qgis.MessageLevel.Info
        assert self._plan is not None
        path = self._plan.path
        buttons: list[tuple[str, str, Any]] = []
        if project.kind == DELETED and when == "saved":
            values = self._homeless.get(project.fid, {})
            buttons.append(
                (text("history.rescue"), "rescue", lambda: self.rescue_wanted.emit(path, project.fid, values))
            )
        elif project.kind == DELETED:
            buttons.append((text("history.return"), "return", lambda: self.return_wanted.emit(path, project.fid)))
        else:
            if when == "editing":
                buttons.append((text("history.reload"), "reload", self._reload_and_say))
            fields = project.both or project.fields
            if not project.deleted_here:
                see = (text("history.see_both"), "see_both", lambda: self.see_wanted.emit(path, project.fid, fields))
                buttons.append(see)
        self._push(told_elsewhere(project, when), level, *buttons)

    def _push(self, sentence: str, level: Any, *buttons: tuple[str, str, Any]) -> None:
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), sentence)
        for caption, name, slot in buttons:
            button = QPushButton(caption, item)
            button.setObjectName(f"restoration_planner_{name}_button")
            button.clicked.connect(lambda *_, slot=slot: slot())
            item.layout().addWidget(button)
        bar.pushWidget(item, level, 0)
        self._items = [*(i for i in self._items if not sip.isdeleted(i)), item]

    def _others(self, records: list[Record]) -> list[Record]:
        from ...core.history.saves import without_rewritings

        assert self._plan is not None
        path = self._plan.path
        return without_rewritings(path, [record for record in records if not is_written_here(path, record.id)])

    def _newest(self) -> int:
        assert self._plan is not None
        try:
            return newest_record(self._plan.path)
        except (PlannerError, OSError):
            return self._seen

    def _timer(self, milliseconds: int, slot: Any, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setSingleShot(single)
        timer.timeout.connect(slot)
        return timer


def _stamp(path: Path) -> object:
    """Time and size of the plan file and of its log, without opening them: closing would drop QGIS's locks."""
    stamps: list[tuple[int, int] | None] = []
    for file in (path, Path(f"{path}-wal")):
        try:
            status = file.stat()
            stamps.append((status.st_mtime_ns, status.st_size))
        except OSError:
            stamps.append(None)
    return tuple(stamps)


def _may_be_signed_yet(record: Record) -> bool:
    try:
        at = datetime.fromisoformat(record.at.replace("Z", "+00:00"))
        return record.who is None and timedelta(0) <= datetime.now(timezone.utc) - at < _SIGNING
    except (ValueError, TypeError):
        return False
