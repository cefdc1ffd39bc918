"""The live check in QGIS's window: what is drawn or edited is checked at once, beside the cursor, on the map and in the dock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QAction

from ...core.errors import PlannerError
from ...core.texts import text
from .live_display import LiveDisplay
from .part import PROJECT, ProjectPart

if TYPE_CHECKING:
    from ...core.siting.shown import Shown
    from .live_sketch import SketchFollower
    from .live_warm import Subject, WarmCheck
    from .work import ProjectWork

#: Whether the user wants it.
SETTING = "restoration_planner/live_check"
#: The action that shows the dock of findings.
SHOW_DOCK = "RestorationPlanner_show_dock"


class LivePart(ProjectPart):
    """Follows the project layer of the plan at work while it is being edited; switched off, it does nothing at all.

    Signals
    -------
    published(shown)
        What is now shown: a `Shown`, or None where nothing is.
    """

    area: ClassVar[str] = "live"
    published = pyqtSignal(object)

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.action = self.add_action("live", self._switched, checkable=True)
        self.action.blockSignals(True)
        self.action.setChecked(bool(QgsSettings().value(SETTING, True, type=bool)))
        self.action.blockSignals(False)
        self.shown: Shown | None = None
        self._layer: QgsVectorLayer | None = None
        self._links: list[tuple[Any, Callable[..., Any]]] = []
        self._warm: WarmCheck | None = None
        self._follower: SketchFollower | None = None
        self._display: LiveDisplay | None = None
        self._subject: Subject | None = None
        self._saving = False
        self._again = self._soon(self.plan_changed)
        self._after_saving = self._soon(self._saved)

    # --- what others may ask for ---------------------------------------------------------------

    def show_sketch(self, geometry: QgsGeometry | None, feature: QgsFeature | None = None) -> None:
        """Check what another map tool has so far; nothing happens where the live check is switched off.

        Parameters
        ----------
        geometry
            The ground so far, a polygon or multipolygon in EPSG:4490; None when it was finished or given up.
        feature
            The project that it is for, with its attributes; None for a new one, whose rules on zones, key areas and
            counties are left out.
        """
        if geometry is None or geometry.isEmpty():
            self._sketch_ended()
        elif self._layer is not None and self._is_on() and self._awake() is not None:
            self._check_sketch(geometry, feature)

    # --- coming and going ----------------------------------------------------------------------

    def plan_changed(self) -> None:
        """Another plan is at work, or none."""
        self._let_go()
        layer = self.projects_layer()
        if layer is None or not self._is_on():
            return
        self._layer = layer
        self._link(layer.editingStarted, self._editing_started)
        self._link(layer.editingStopped, self._editing_stopped)
        self._link(QgsProject.instance().layersWillBeRemoved, self._layers_going)
        if layer.isEditable():
            self._editing_started()

    def close(self) -> None:
        for timer, slot in ((self._again, self.plan_changed), (self._after_saving, self._saved)):
            timer.stop()
            timer.timeout.disconnect(slot)
        self._let_go()
        super().close()

    def _soon(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(slot)
        return timer

    def _is_on(self) -> bool:
        return bool(self.action.isChecked())

    def _switched(self, on: bool) -> None:
        QgsSettings().setValue(SETTING, on)
        self._let_go()
        if not on:
            return
        # The dock is the shell's to make: its own action does it
        show = self.iface.mainWindow().findChild(QAction, SHOW_DOCK, Qt.FindChildOption.FindDirectChildrenOnly)
        if show is not None:
            show.setChecked(True)
        self.plan_changed()
        if self._layer is not None:
            self._awake()

    def _let_go(self) -> None:
        """Nothing is followed, computed or shown any more."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._stop_following()
        if self._warm is not None:
            self._warm.changed.disconnect(self._state_changed)
            self._warm.found.disconnect(self._found)
            self._warm.checking.disconnect(self._checking)
            self._warm.close()
            self._warm.deleteLater()
            self._warm = None
        self._clear()
        if self._display is not None:
            self._display.remove()
            self._display.deleteLater()
            self._display = None
        self._layer = None

    def _layers_going(self, ids: list[str]) -> None:
        """Where a layer of the plan is taken out of the project, begin anew without it."""
        plan = self.work.plans.current()
        if plan is not None and set(ids) & set(plan.layer_ids.values()):
            self._let_go()
            self._again.start()

    def _awake(self) -> WarmCheck | None:
        """The check, made and set to getting ready when it is first wanted."""
        if self._warm is None:
            plan = self.work.plans.current()
            if plan is None:
                return None
            try:
                from ..engine_import import import_engine

                import_engine()
            except PlannerError as error:
                self._shows().say(text("live.failed", reason=error))
                return None
            from .live_warm import WarmCheck

            self._warm = WarmCheck(plan, self)
            self._warm.changed.connect(self._state_changed)
            self._warm.found.connect(self._found)
            self._warm.checking.connect(self._checking)
            self._follow_layers()
        self._warm.wake()
        return self._warm

    # --- the layers ----------------------------------------------------------------------------

    def _link(self, signal: Any, slot: Callable[..., Any]) -> None:
        signal.connect(slot)
        self._links.append((signal, slot))

    def _follow_layers(self) -> None:
        """From now on every edit is told to the check."""
        from .live_reading import READ

        assert self._layer is not None and self._warm is not None
        warm, layer = self._warm, self._layer
        self._link(layer.geometryChanged, lambda fid, _geometry: self._edited(fid))
        self._link(layer.attributeValueChanged, lambda fid, _field, _value: self._edited(fid))
        self._link(layer.featureAdded, self._edited)
        self._link(layer.featureDeleted, self._edited)
        self._link(layer.afterRollBack, warm.rolled_back)
        self._link(layer.beforeCommitChanges, self._saving_begins)
        self._link(layer.committedFeaturesAdded, lambda _id, added: warm.saved(f.id() for f in added))
        self._link(layer.afterCommitChanges, self._saved)
        self._link(layer.selectionChanged, self._selection_changed)
        self._link(layer.dataChanged, self._projects_in_file_changed)
        for table in READ:
            other = warm.plan.project.mapLayer(warm.plan.layer_ids.get(table, ""))
            if table == PROJECT or not isinstance(other, QgsVectorLayer):
                continue
            follower = _LayerFollower(table, warm)
            for signal in (other.layerModified, other.afterRollBack, other.dataChanged):
                self._link(signal, follower.changed)

    def _editing_started(self) -> None:
        warm = self._awake()
        if warm is None or self._follower is not None:
            return
        from .live_sketch import SketchFollower

        assert self._layer is not None
        self._follower = SketchFollower(self.iface, self._layer, self)
        self._follower.sketched.connect(self._sketched)
        self._state_changed()

    def _editing_stopped(self) -> None:
        self._stop_following()
        self._clear()
        if self._display is not None:
            self._display.hide_strip()

    def _stop_following(self) -> None:
        if self._follower is not None:
            self._follower.sketched.disconnect(self._sketched)
            self._follower.close()
            self._follower.deleteLater()
            self._follower = None

    def _edited(self, fid: int) -> None:
        assert self._warm is not None
        self._warm.edited([fid])
        if self._saving:
            return
        from .live_warm import Subject

        self._ask(Subject(fid))

    def _saving_begins(self, *_: object) -> None:
        """QGIS says when it has saved, and nothing where it could not: then edits are followed again all the same."""
        self._saving = True
        self._after_saving.start()

    def _saved(self) -> None:
        self._saving = False

    def _projects_in_file_changed(self) -> None:
        if not self._saving and self._warm is not None:
            self._warm.layer_changed(PROJECT)

    def _selection_changed(self, *_: object) -> None:
        """The project in hand while editing is the one selected."""
        from .live_warm import Subject

        drawing = self._subject is not None and self._subject.is_sketch
        if self._layer is None or drawing or not self._layer.isEditable():
            return
        if self._layer.selectedFeatureCount() == 1:
            self._ask(Subject(next(iter(self._layer.selectedFeatureIds()))))

    # --- the sketch ----------------------------------------------------------------------------

    def _sketched(self, geometry: QgsGeometry | None, adds_part: bool) -> None:
        if geometry is None:
            self._sketch_ended()
            return
        feature = self._selected() if adds_part else None
        if feature is not None and feature.hasGeometry():
            geometry = QgsGeometry.collectGeometry([*feature.geometry().asGeometryCollection(), geometry])
        self._check_sketch(geometry, feature)

    def _check_sketch(self, geometry: QgsGeometry, feature: QgsFeature | None) -> None:
        from ...core.siting.live import SKETCH_FID
        from ...layers.reading import rows_of_features
        from .live_warm import Subject

        assert self._layer is not None
        project = QgsFeature(feature) if feature is not None else QgsFeature(self._layer.fields(), SKETCH_FID)
        project.setGeometry(geometry)
        rows = rows_of_features(self._layer, PROJECT, [project])
        self._ask(Subject(project.id(), rows, by_names=feature is not None))

    def _sketch_ended(self) -> None:
        if self._subject is not None and self._subject.is_sketch:
            self._clear()

    def _selected(self) -> QgsFeature | None:
        assert self._layer is not None
        selected = self._layer.selectedFeatures() if self._layer.selectedFeatureCount() == 1 else []
        return selected[0] if selected else None

    # --- what is shown -------------------------------------------------------------------------

    def _ask(self, subject: Subject) -> None:
        self._subject = subject
        if self._warm is not None:
            self._warm.ask(subject)
        if subject.is_sketch and self._display is not None:
            self._display.follow_cursor()

    def _found(self, subject: Subject, shown: Shown | None) -> None:
        if subject is not self._subject:
            return
        if shown is None or (subject.is_sketch and shown.result.area_m2 is None):
            # The project is gone, or the sketch has no ground yet
            self._take_off()
            return
        self.shown = shown
        self._shows().show_found(subject, shown)
        self.published.emit(shown)

    def _state_changed(self) -> None:
        from .live_warm import FAILED, PREPARING, READY

        assert self._warm is not None
        state, in_hand = self._warm.state, self._subject is not None
        if state == READY:
            if self._subject is not None:
                self._warm.ask(self._subject)
            else:
                self._shows().say(text("live.ready"))
            return
        self._take_off()
        if state == FAILED:
            self._shows().say(text("live.failed", reason=self._warm.reason), on_map=in_hand)
        elif state == PREPARING:
            sentence = text("live.outdated" if self._warm.was_ready else "live.preparing")
            self._shows().say(sentence, on_map=in_hand)

    def _checking(self, subject: Subject) -> None:
        self._shows().say(text("live.checking"), on_map=subject is self._subject)

    def _clear(self) -> None:
        """Nothing is in hand."""
        self._subject = None
        if self._warm is not None:
            self._warm.ask(None)
        self._take_off()

    def _take_off(self) -> None:
        """Nothing is shown of any project."""
        if self._display is not None:
            self._display.take_off()
        if self.shown is not None:
            self.shown = None
            self._shows().say(text("live.ready"))
            self.published.emit(None)

    def _shows(self) -> LiveDisplay:
        if self._display is None:
            self._display = LiveDisplay(self.iface, self)
        return self._display


class _LayerFollower:
    """Tells the check that one table's layer changed."""

    def __init__(self, table: str, warm: WarmCheck) -> None:
        self._table, self._warm = table, warm

    def changed(self, *_: object) -> None:
        """Whatever it was that changed."""
        self._warm.layer_changed(self._table)
