"""Saving zone edits while the coverage has open problems.

What is possible: QGIS tells a Python plugin that a layer is about to be saved (`beforeCommitChanges`) but takes no veto:
`setAllowCommit` is for C++ only (looked for in QGIS 3.22).  So the plugin's own saving, in the dock and in the toolbar,
asks before anything is written; where QGIS's buttons save, the state before is kept as a version in the plan file, and a
warning offers the way back to it.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QMessageBox, QPushButton

from ...core.coverage.problems import Problem
from ...core.coverage.versions import save_version
from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.icons import icon
from ...ui.messages import tell, warn
from ...ui.zone_dock.problems_model import kind_caption
from ..map_rest import MapRest
from ..map_tools.ground import AREAS, UNITS, ZONES
from ..open_plans import OpenPlans

if TYPE_CHECKING:
    from ...core.coverage.versions import Version
    from ...layers.opening import OpenPlan

#: What an action on zones may have changed.
EDITED_TABLES = (ZONES, AREAS, UNITS, "unit_membership", "project")
#: What says in which zone or key area something lies.
_PLACES = ("zone_code", "key_area_code", "zone_codes", "key_area_codes")


class ZoneSaving(QObject):
    """Asks before zone edits with open problems are saved, or offers the way back where it cannot ask."""

    look_requested = pyqtSignal()
    back_requested = pyqtSignal(object, object)
    kept = pyqtSignal()

    def __init__(
        self,
        iface: QgisInterface,
        plans: OpenPlans,
        problems: Callable[[], list[Problem]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._iface = iface
        self._plans = plans
        self._problems = problems
        self._watched: list[QgsVectorLayer] = []
        self._agreed = False
        self._open: list[Problem] = []
        self._version: Version | None = None
        self._without = ""
        self._saved_plan: OpenPlan | None = None
        self._question: QMessageBox | None = None
        self._map = MapRest(iface)
        self.action = QAction(icon("save_zones"), text("zone_dock.save_action"), self)
        self.action.setObjectName("RestorationPlanner_save_zones")
        self.action.setToolTip(text("zone_dock.save_tip"))
        self.action.triggered.connect(lambda *_: self.ask_save())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._tell_saved)
        plans.changed.connect(self._watch)
        self._watch()

    def close(self) -> None:
        """Let go of plans and layers."""
        self._soon.stop()
        self._soon.timeout.disconnect(self._tell_saved)
        self._map.release()
        self._plans.changed.disconnect(self._watch)
        self._unwatch()
        if self._question is not None:
            self._question.close()

    def question(self) -> QMessageBox | None:
        """The question that stands open."""
        return self._question

    # --- the dock's own saving -----------------------------------------------------------------

    def ask_save(self) -> None:
        """Save the zone edits; where a problem is open, ask first."""
        bar = self._iface.messageBar()
        plan = self._plans.current()
        if plan is None or not _modified(plan):
            tell(bar, text("zone_dock.nothing_to_save"))
            return
        try:
            problems = self._problems()
        except PlannerError:
            problems = []  # nothing is drawn yet that could be wrong; the dock says so
        if not problems:
            self.save(plan)
            return
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            text("zone_dock.save_title"),
            text("zone_dock.save_question", kinds=_kinds(problems)),
            QMessageBox.StandardButton.Cancel,
            self._iface.mainWindow(),
        )
        box.setObjectName("RestorationPlannerSaveQuestion")
        anyway = box.addButton(text("zone_dock.save_anyway"), QMessageBox.ButtonRole.DestructiveRole)
        look = box.addButton(text("zone_dock.save_look"), QMessageBox.ButtonRole.ActionRole)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        box.setDefaultButton(look)

        def answered(_: int) -> None:
            self._question = None
            clicked = box.clickedButton()
            box.deleteLater()
            if clicked is anyway:
                self.save(plan)
            elif clicked is look:
                self.look_requested.emit()

        box.finished.connect(answered)
        self._question = box
        box.open()

    def save(self, plan: OpenPlan) -> None:
        """Save all layers that an action on zones may have changed; editing goes on."""
        bar = self._iface.messageBar()
        self._agreed = True
        try:
            for layer in _modified(plan):
                if layer.isModified() and not layer.commitChanges(False):
                    warn(bar, text("zone_dock.not_saved", layer=layer.name(), errors=layer.commitErrors()))
                    return
        finally:
            self._agreed = False
        tell(bar, text("zone_dock.saved"), Qgis.MessageLevel.Success)

    # --- saving by other means -----------------------------------------------------------------

    def _watch(self) -> None:
        self._unwatch()
        plan = self._plans.current()
        self.action.setEnabled(plan is not None)
        for layer in layers_of(plan) if plan is not None else ():
            layer.beforeCommitChanges.connect(self._saving)
            layer.willBeDeleted.connect(self._layer_goes)
            self._watched.append(layer)

    def _unwatch(self) -> None:
        for layer in self._watched:
            if not sip.isdeleted(layer):
                layer.beforeCommitChanges.disconnect(self._saving)
                layer.willBeDeleted.disconnect(self._layer_goes)
        self._watched = []

    def _layer_goes(self) -> None:
        layer = self.sender()
        self._watched = [w for w in self._watched if w is not layer]

    def _saving(self, _stops: bool) -> None:
        """QGIS saves one of the layers: keep the state before, once for all layers that are saved together."""
        plan = self._plans.current()
        layer = self.sender()
        if self._agreed or plan is None or self._soon.isActive() or not _changes_zones(layer, plan):
            return
        self._saved_plan, self._version, self._open = plan, None, []
        self._without = "zone_dock.saved_with_problems_only"
        self._soon.start()
        try:
            self._open = self._problems()
            if writes_as_it_goes(plan):  # the file holds the edits already, and is locked until QGIS has saved
                self._without = "zone_dock.saved_in_transaction"
            elif self._open:
                self._map.begin()
                time = datetime.datetime.now().strftime("%m-%d %H:%M:%S")
                self._version = save_version(plan.path, text("zone_dock.before_saving", time=time))
        except PlannerError as error:  # the warning is given all the same, without a way back
            warn(self._iface.messageBar(), str(error))

    def _tell_saved(self) -> None:
        self._map.release()
        plan, version, problems = self._saved_plan, self._version, self._open
        if plan is None or not problems:
            return
        bar = self._iface.messageBar()
        kinds = _kinds(problems)
        if version is None:
            warn(bar, text(self._without, kinds=kinds))
            return
        self.kept.emit()
        item = bar.createMessage(text("shell.name"), text("zone_dock.saved_with_problems", kinds=kinds))
        look = QPushButton(text("zone_dock.save_look"), item)
        look.clicked.connect(lambda *_: self.look_requested.emit())
        back = QPushButton(text("zone_dock.back_to_before"), item)
        back.setObjectName("restoration_planner_back_to_before_button")
        back.clicked.connect(lambda *_: self.back_requested.emit(plan, version))
        for button in (look, back):
            item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Warning, 0)


def writes_as_it_goes(plan: OpenPlan) -> bool:
    """Whether the project's edits go into the file at once, in one transaction that locks it until they are saved."""
    project = plan.project
    if hasattr(project, "transactionMode"):  # QGIS 3.26
        return bool(project.transactionMode() == Qgis.TransactionMode.AutomaticGroups)
    return bool(project.autoTransaction())


def _changes_zones(layer: QgsVectorLayer, plan: OpenPlan) -> bool:
    """Whether what is to be saved moves ground, or is what towns and sites say of it; other words are no matter."""
    edits = layer.editBuffer()
    if edits is None or not layer.isModified():
        return False
    grounds = layer.id() in (plan.layer_ids.get(ZONES), plan.layer_ids.get(AREAS))
    if writes_as_it_goes(plan):  # nothing is buffered that could be looked at
        return grounds
    if grounds:
        return bool(edits.changedGeometries() or edits.addedFeatures() or edits.deletedFeatureIds())
    places = {layer.fields().lookupField(name) for name in _PLACES}
    return any(not places.isdisjoint(values) for values in edits.changedAttributeValues().values())


def layers_of(plan: OpenPlan) -> list[QgsVectorLayer]:
    """The layers of a plan that an action on zones may change."""
    layers = [plan.project.mapLayer(plan.layer_ids.get(table, "")) for table in EDITED_TABLES]
    return [layer for layer in layers if isinstance(layer, QgsVectorLayer)]


def _modified(plan: OpenPlan) -> list[QgsVectorLayer]:
    return [layer for layer in layers_of(plan) if layer.isEditable() and layer.isModified()]


def _kinds(problems: list[Problem]) -> list[str]:
    counts = Counter(problem.kind for problem in problems)
    return [text("zone_dock.counted", kind=kind_caption(kind), count=n) for kind, n in counts.items()]
