"""What the map tools' edits mean: worked out on the mosaic, asked about, written as one undo step, told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from qgis.core import Qgis, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QMessageBox

from ...core.coverage.mosaic import Mosaic, Outcome
from ...core.coverage.standing import refuse_unsound
from ...core.errors import PlannerError
from ...core.plan.tables import Array
from ...core.texts import text
from ...layers.editing_setup import OverlapAvoidance
from ..edit_groups import EditGroups, refuse_uneditable
from .ground import AREAS, ZONES, Ground, read_ground
from .writing import Written, some, write_outcome

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan
    from ..open_plans import OpenPlans

#: How long a sentence stays on the message bar.
SECONDS = {Qgis.MessageLevel.Success: 6, Qgis.MessageLevel.Info: 8, Qgis.MessageLevel.Warning: 12}
#: States of a plan that are known to be sound.
REMEMBERED = 200


class ZoneEditing(QObject):
    """Edits of the plan at work.

    Signals
    -------
    edited(zones, areas)
        Positions, in the mosaic as it is now, of zones and key areas that changed: by a tool, by undo and redo, or by
        any other editing of the layers.
    applied(caption)
        A tool's action was done.
    """

    edited = pyqtSignal(list, list)
    applied = pyqtSignal(str)

    def __init__(self, iface: QgisInterface, plans: OpenPlans, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.iface = iface
        self._plans = plans
        self._plan: OpenPlan | None = None
        self.groups = EditGroups(self)
        self.groups.refused.connect(self.warn)
        self.groups.told.connect(self.tell)
        self._sound: dict[int, None] = {}
        self._watched: list[QgsVectorLayer] = []
        self._changed: dict[str, set[int]] = {ZONES: set(), AREAS: set()}
        self._question: QMessageBox | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._tell_edited)
        self._avoidance = OverlapAvoidance(iface)
        plans.changed.connect(self._plans_changed)
        self._plans_changed()

    def close(self) -> None:
        """Let go of plans and layers; edits that are not saved stay as they are."""
        self._soon.stop()
        self._soon.timeout.disconnect(self._tell_edited)
        self._plans.changed.disconnect(self._plans_changed)
        if self._question is not None:
            self._question.close()
        self._unwatch()
        self._avoidance.close()
        self.groups.refused.disconnect(self.warn)
        self.groups.told.disconnect(self.tell)
        self.groups.close()

    # --- the plan ------------------------------------------------------------------------------------

    def plan(self) -> OpenPlan:
        """The plan at work.

        Raises
        ------
        PlannerError
            If none is open.
        """
        plan = self._plans.current()
        if plan is None:
            raise PlannerError("shell.open_first")
        return plan

    def ground(self, plan: OpenPlan | None = None) -> Ground:
        """Zones and key areas as they stand on the screen (see `read_ground`)."""
        return read_ground(plan or self.plan())

    def mosaic_of(self, plan: OpenPlan) -> tuple[Mosaic, Array, Array]:
        """The mosaic of a plan's open layers, edit buffers included, with the fids of its zones and key areas."""
        ground = read_ground(plan)
        return ground.mosaic, ground.zones.fids, ground.areas.fids

    def works_on_areas(self) -> bool:
        """Whether the key areas' layer is the active one, so that their own borders are meant."""
        plan, active = self._plans.current(), self.iface.activeLayer()
        return plan is not None and active is not None and active.id() == plan.layer_ids.get(AREAS)

    # --- actions -------------------------------------------------------------------------------------

    def do(self, caption: str, work: Callable[[Mosaic], Outcome], said: str = "") -> None:
        """Work an action out, ask what has to be asked, and do it; say so where it cannot be done.

        Parameters
        ----------
        caption
            What stands in the undo list.
        said
            A question of the tool's own, asked first.
        """
        try:
            ground = self.sound_ground()
            for table in (ZONES, AREAS):
                refuse_uneditable(ground.plan.layer(table))
            with np.errstate(invalid="ignore"):  # GEOS raises the flag now and then, and answers right
                outcome = work(ground.mosaic)
        except PlannerError as error:
            self.warn(str(error))
            return
        questions = [*([said] if said else []), *map(str, outcome.questions)]
        if questions:
            self._ask(caption, questions, lambda: self._answered(ground, outcome, caption))
        else:
            self._do(ground, outcome, caption)

    def apply(self, outcome: Outcome, caption: str, plan: OpenPlan | None = None) -> Written:
        """Write an outcome of the plan's mosaic as it is now as one undo step across layers; nothing is asked.

        Raises
        ------
        PlannerError
            If a layer cannot be edited; nothing is changed then.
        """
        return self._apply(self.ground(plan), outcome, caption)

    def sound_ground(self) -> Ground:
        """The plan's ground, if it can be edited as a mosaic.

        Raises
        ------
        PlannerError
            As `read_ground`; or if features overlap or are not valid from the start.
        """
        ground = self.ground()
        state = ground.state()
        if state not in self._sound:
            refuse_unsound(ground.mosaic)
            self._remember(state)
        return ground

    def _answered(self, asked: Ground, outcome: Outcome, caption: str) -> None:
        """Do what was agreed to, if the zones are still those that were asked about."""
        try:
            now = self.ground(asked.plan)
            if not now.is_as(asked):
                raise PlannerError("zone_editing.outdated")
        except PlannerError as error:
            self.warn(str(error))
            return
        self._do(now, outcome, caption)

    def _do(self, ground: Ground, outcome: Outcome, caption: str) -> None:
        try:
            written = self._apply(ground, outcome, caption)
        except PlannerError as error:
            self.warn(str(error))
            return
        self._report(caption, written, outcome)

    def _apply(self, ground: Ground, outcome: Outcome, caption: str) -> Written:
        was_sound = ground.state() in self._sound
        with self.groups.action(caption) as edit, np.errstate(invalid="ignore"):
            written = write_outcome(edit, ground, outcome)
        touched = edit.layers
        for layer in touched:
            layer.triggerRepaint()
        if touched and self.iface.activeLayer() not in touched:
            # Undo works on the active layer: it must be one that has the action in its list
            self.iface.setActiveLayer(touched[0])
        now = self.ground(ground.plan)
        if was_sound:
            self._remember(now.state())
        self._soon.stop()
        self._tell_edited(now)
        self.applied.emit(caption)
        return written

    def _remember(self, state: int) -> None:
        self._sound[state] = None
        while len(self._sound) > REMEMBERED:
            del self._sound[next(iter(self._sound))]

    def _ask(self, caption: str, questions: list[str], go_on: Callable[[], None]) -> None:
        box = QMessageBox(self.iface.mainWindow())
        box.setObjectName("RestorationPlannerZoneQuestion")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(text("shell.name"))
        box.setText(text("zone_editing.ask", action=caption))
        box.setInformativeText("\n".join(questions))
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        yes = box.addButton(text("zone_editing.go_on"), QMessageBox.ButtonRole.AcceptRole)
        yes.setObjectName("RestorationPlannerGoOn")
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)

        def answered(_: int) -> None:
            self._question = None
            agreed = box.clickedButton() is yes
            box.deleteLater()
            if agreed:
                go_on()

        box.finished.connect(answered)
        self._question = box
        box.open()

    def question(self) -> QMessageBox | None:
        """The question that stands open."""
        return self._question

    # --- what is said --------------------------------------------------------------------------------

    def _report(self, caption: str, written: Written, outcome: Outcome) -> None:
        """The areas as they are now against the stated ones, and what else was changed."""
        parts = []
        for zone, km2, stated in written.areas:
            if stated:
                percent = 100 * (km2 - stated) / stated
                parts.append(text("zone_editing.area_stated", zone=zone, km2=km2, stated=stated, percent=percent))
            else:
                parts.append(text("zone_editing.area", zone=zone, km2=km2))
        sentences = [*map(str, outcome.remarks), *map(str, written.remarks)]
        if any(unit not in caption for unit in written.units):
            sentences.append(text("zone_editing.units_moved", units=some(written.units)))
        said = (
            text("zone_editing.done", action=caption, areas=text("zone_editing.listed", names=parts))
            if parts
            else caption
        )
        self._push(" ".join([said, *sentences]), Qgis.MessageLevel.Success)

    def warn(self, sentence: str) -> None:
        """Say why something was not done."""
        self._push(sentence, Qgis.MessageLevel.Warning)

    def tell(self, sentence: str) -> None:
        """Say what was done besides."""
        self._push(sentence, Qgis.MessageLevel.Info)

    def _push(self, sentence: str, level: Any) -> None:
        """Show a sentence in place of our last one: of many actions in a row only the newest is of interest."""
        bar = self.iface.messageBar()
        for item in list(bar.items()) if hasattr(bar, "items") else [bar.currentItem()]:
            if item is not None and item.property("restoration_planner_zone_editing"):
                bar.popWidget(item)
        item = bar.createMessage(text("zone_editing.title"), sentence)
        item.setProperty("restoration_planner_zone_editing", True)
        bar.pushWidget(item, level, SECONDS[level])

    # --- following the layers ------------------------------------------------------------------------

    def _plans_changed(self) -> None:
        self._unwatch()
        plan = self._plans.current()
        if plan is not self._plan:
            self._plan = plan
            if self._question is not None:
                self._question.reject()  # it is about the plan that was at work before
            self._soon.stop()
            self._changed = {ZONES: set(), AREAS: set()}
        for table in (ZONES, AREAS):
            layer = plan.project.mapLayer(plan.layer_ids.get(table, "")) if plan is not None else None
            if isinstance(layer, QgsVectorLayer):
                self._watch(layer)
        self._avoidance.follow(plan)

    def _watch(self, layer: QgsVectorLayer) -> None:
        layer.geometryChanged.connect(self._feature_changed)
        layer.featureAdded.connect(self._feature_changed)
        layer.featureDeleted.connect(self._feature_changed)
        layer.willBeDeleted.connect(self._layer_goes)
        self._watched.append(layer)

    def _unwatch(self) -> None:
        for layer in self._watched:
            if not sip.isdeleted(layer):
                layer.geometryChanged.disconnect(self._feature_changed)
                layer.featureAdded.disconnect(self._feature_changed)
                layer.featureDeleted.disconnect(self._feature_changed)
                layer.willBeDeleted.disconnect(self._layer_goes)
        self._watched = []

    def _layer_goes(self) -> None:
        layer = self.sender()
        self._watched = [w for w in self._watched if w is not layer]

    def _feature_changed(self, fid: int, *_: object) -> None:
        layer = self.sender()
        plan = self._plans.current()
        if plan is None or not isinstance(layer, QgsVectorLayer):
            return
        for table in (ZONES, AREAS):
            if layer.id() == plan.layer_ids.get(table):
                self._changed[table].add(fid)
                self._soon.start()

    def _tell_edited(self, ground: Ground | None = None) -> None:
        """Tell what changed since it was last told; all of a layer where features came or went."""
        changed, self._changed = self._changed, {ZONES: set(), AREAS: set()}
        plan = self._plans.current()
        if plan is None or not any(changed.values()):
            return
        try:
            ground = ground or self.ground(plan)
        except PlannerError:
            return  # a layer has gone meanwhile: whoever listens hears of that from the plans
        positions = []
        for table, rows in ((ZONES, ground.zones), (AREAS, ground.areas)):
            where = {fid: position for position, fid in enumerate(rows.fids.tolist())}
            here = [where[fid] for fid in changed[table] if fid in where]
            came_or_went = len(here) < len(changed[table]) or any(fid < 0 for fid in changed[table])
            positions.append(list(range(len(rows))) if came_or_went else sorted(here))
        self.edited.emit(*positions)
