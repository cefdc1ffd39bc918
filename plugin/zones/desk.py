"""The zone dock's desk: areas and problems follow every edit, problems are shown and mended, edits are saved with care."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from qgis.core import QgsGeometry
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QMessageBox

from ...core.coverage.areas import key_area_areas, total_of, zone_areas
from ...core.coverage.mosaic import Mosaic, Outcome
from ...core.coverage.problems import Guard, Problem
from ...core.errors import PlannerError
from ...core.plan.tables import Array, Rows
from ...core.plan.zones import units_of
from ...core.texts import text
from ...layers.reading import read_open_plan
from ...ui.highlight import Highlight
from ...ui.messages import warn
from ...ui.zone_dock import ZoneDock
from ...ui.zone_dock.problems_model import COLOURS
from ..map_tools.ground import UNITS, ZONES, Ground, as_qgis
from ..map_tools.zone_editing import ZoneEditing
from ..open_plans import OpenPlans
from ..tasks import WorkTask
from .saving import ZoneSaving
from .versions_desk import ZoneVersionsDesk

if TYPE_CHECKING:
    from ...core.coverage.mending import Mending
    from ...layers.opening import OpenPlan

#: So long (ms) after an edit the tables follow: edits in quick succession are taken together.
PATIENCE = 25
MENDED = "#1b8a4b"
#: A vertex is shown as a ring of about 25 m (degrees).
RING = 2.5e-4
#: Ground below this (square degrees, about 1 m²) cannot be shown.
SEEN = 1e-10


class ZoneDesk(QObject):
    """Does what the zone dock asks for, and keeps it up to date."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, editing: ZoneEditing, dock: ZoneDock) -> None:
        super().__init__(dock)
        self._iface = iface
        self._plans = plans
        self._editing = editing
        self._dock = dock
        self._problem_mark = Highlight(iface.mapCanvas())
        self._mending_mark = Highlight(iface.mapCanvas())
        self._ground: Ground | None = None
        self._guard: Guard | None = None
        self._city: shapely.Geometry | None = None
        self._check: WorkTask | None = None
        self._question: QMessageBox | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self.saving = ZoneSaving(iface, plans, self.problems_now, self)
        self.versions = ZoneVersionsDesk(iface, plans, dock, self)
        self._links: list[tuple[Any, Callable[..., Any]]] = [
            (self._soon.timeout, self._follow),
            (plans.changed, self._plan_changed),
            (plans.edited, self._soon.start),
            (editing.edited, self._edited),
            (dock.visibilityChanged, self._visibility_changed),
            (dock.closed, self._clear_marks),
            (dock.areas.chosen, self._show_area),
            (dock.areas.tolerance_changed, self._show_counts),
            (dock.problems.check_requested, self.check),
            (dock.problems.save_requested, self.saving.ask_save),
            (dock.problems.shown, self._show_problem),
            (dock.problems.zoom_requested, self._zoom),
            (dock.problems.cleared, self._clear_marks),
            (dock.problems.mend_requested, self.ask_mend),
            (self.saving.look_requested, self.show_problems),
            (self.saving.kept, self.versions.refresh),
            (self.saving.back_requested, self.versions.restore),
            (self.versions.restored, self._plan_changed),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self._plan_changed()

    def close(self) -> None:
        """Let go of plans, layers and the map."""
        self._soon.stop()
        for signal, slot in self._links:
            signal.disconnect(slot)
        if self._check is not None:
            self._check.abandon()
            self._check = None
        if self._question is not None:
            self._question.close()
        self.saving.close()
        self.versions.close()
        self._problem_mark.remove()
        self._mending_mark.remove()

    def is_busy(self) -> bool:
        """Whether something is still to be worked out or written."""
        return self._soon.isActive() or self._check is not None or self.versions.is_busy()

    # --- following the edits -------------------------------------------------------------------

    def _plan_changed(self) -> None:
        self._ground = self._guard = self._city = None
        self._clear_marks()
        if self._check is not None:
            self._check.abandon()
            self._check = None
            self._dock.problems.set_checking(False)
        self._follow()

    def _visibility_changed(self, visible: bool) -> None:
        if visible and (self._guard is None or self._ground is None):
            self._follow()

    def _edited(self, _zones: list[int], _areas: list[int]) -> None:
        self._soon.start()

    def _follow(self) -> None:
        """Bring areas and problems up to date with the layers; nothing while nobody looks."""
        self._soon.stop()
        if self._dock.isHidden():
            self._ground = None
            return
        ground = self._read()
        if ground is None:
            return
        self._show_areas(ground)
        if self._guard is None:
            self.check()
        elif self._check is None:
            self._dock.problems.show_problems(self._update(self._guard, ground))
        self._show_counts()

    def _read(self) -> Ground | None:
        """The zones as they stand; where there are none, the dock says so."""
        dock = self._dock
        try:
            self._ground = self._editing.ground()
        except PlannerError as error:
            self._ground = self._guard = None
            dock.areas.show_areas(None)
            dock.problems.show_problems([])
            no_plan = self._plans.current() is None
            dock.problems.show_state("zone_dock.no_plan" if no_plan else "zone_dock.no_outlines")
            dock.areas.says.setText(str(error))
            dock.show_counts(0, 0)
        return self._ground

    def _show_areas(self, ground: Ground) -> None:
        total = total_of(read_open_plan(ground.plan, ("plan",))["plan"])
        zones = zone_areas(ground.zones, total)
        self._dock.areas.show_areas(zones, key_area_areas(ground.areas, zones.sum.measured_km2))

    def _show_counts(self, _tolerance: float = 0.0) -> None:
        self._dock.show_counts(self._dock.areas.model.count_outside(), self._dock.problems.count)

    def _update(self, guard: Guard, ground: Ground) -> list[Problem]:
        """What is wrong now, looked for only where something changed since the guard was last asked."""
        known, now = guard.mosaic, ground.mosaic
        same = list(known.zone_of_area) == list(now.zone_of_area)
        if len(known.zones) != len(now.zones) or len(known.areas) != len(now.areas) or not same:
            self._guard = Guard(now, self._city)
            return self._guard.problems()
        zones = _differing(known.zones.geometry, now.zones.geometry)
        areas = _differing(known.areas.geometry, now.areas.geometry)
        return guard.changed(zones, areas) if zones or areas else guard.problems()

    def problems_now(self) -> list[Problem]:
        """What is wrong with the zones as they stand, whoever looks at the dock.

        Raises
        ------
        PlannerError
            If the zones cannot be read.
        """
        ground = self._editing.ground()
        if self._guard is None:
            self._city = _outline(_units(ground.plan))
            self._guard = Guard(ground.mosaic, self._city)
        return self._update(self._guard, ground)

    # --- checking ------------------------------------------------------------------------------

    def check(self) -> None:
        """Check everything anew, in the background."""
        ground = self._read()
        if ground is None or self._check is not None:
            return
        mosaic, units = ground.mosaic, _units(ground.plan)

        def work(_: WorkTask) -> tuple[Guard, shapely.Geometry | None]:
            city = _outline(units)
            return Guard(mosaic, city), city

        task = WorkTask(text("zone_dock.task_check"), work, cancellable=False)

        def checked(found: tuple[Guard, shapely.Geometry | None]) -> None:
            if self._check is not task:
                return
            self._check = None
            self._guard, self._city = found
            self._dock.problems.set_checking(False)
            self._follow()

        def failed(sentence: str, details: str) -> None:
            if self._check is task:
                self._check = None
                self._dock.problems.set_checking(False)
                self._dock.problems.show_state("zone_dock.not_checked")
                warn(self._iface.messageBar(), sentence, details)

        task.done.connect(checked)
        task.failed.connect(failed)
        self._check = task
        self._dock.problems.set_checking(True)
        task.begin()

    def show_problems(self) -> None:
        """Bring the list of problems to the front."""
        self._dock.show()
        self._dock.raise_()
        self._dock.tabs.setCurrentWidget(self._dock.problems)

    # --- the map -------------------------------------------------------------------------------

    def _show_problem(self, problem: Problem, mending: Mending | None) -> None:
        """Outline what is wrong; with a mending, the ground that it would change."""
        self._mending_mark.clear()
        shape = _as_ground(problem.geometry)
        self._problem_mark.show(as_qgis(shape), COLOURS[problem.kind], zoom=mending is None)
        if mending is not None:
            changed = changed_ground(problem.mosaic, mending.outcome)
            self._mending_mark.show(as_qgis(shape if changed is None else changed), MENDED, move=False)

    def _zoom(self, problem: Problem) -> None:
        self._problem_mark.show(as_qgis(_as_ground(problem.geometry)), COLOURS[problem.kind], zoom=True)

    def _show_area(self, kind: str, position: int) -> None:
        ground = self._ground
        tiles = None if ground is None else ground.mosaic.zones if kind == ZONES else ground.mosaic.areas
        if tiles is not None and position < len(tiles) and tiles.geometry[position] is not None:
            self._clear_marks()
            self._problem_mark.show(as_qgis(tiles.geometry[position]), "#c2185b")

    def _clear_marks(self) -> None:
        self._problem_mark.clear()
        self._mending_mark.clear()

    def marked(self) -> tuple[QgsGeometry | None, QgsGeometry | None]:
        """What is outlined as wrong, and as what a mending would change."""
        return self._problem_mark.geometry(), self._mending_mark.geometry()

    # --- mending -------------------------------------------------------------------------------

    def ask_mend(self, problem: Problem, mending: Mending) -> None:
        """Do a mending as one undo step; what has to be asked is asked first."""
        if not mending.outcome.questions:
            self.mend(problem, mending)
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            text("shell.name"),
            text("zone_dock.ask_mending"),
            QMessageBox.StandardButton.Cancel,
            self._iface.mainWindow(),
        )
        box.setObjectName("RestorationPlannerMendingQuestion")
        box.setInformativeText("\n".join(map(str, mending.outcome.questions)))
        go_on = box.addButton(text("zone_dock.mend_go_on"), QMessageBox.ButtonRole.AcceptRole)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        go_on.clicked.connect(lambda *_: self.mend(problem, mending))
        box.finished.connect(self._answered)
        self._question = box
        box.open()

    def mend(self, problem: Problem, mending: Mending) -> None:
        """Do a mending, if the zones are still those that it was worked out for."""
        try:
            ground = self._editing.ground()
            if _differs(problem.mosaic, ground.mosaic):
                raise PlannerError("zone_dock.outdated")
            self._editing.apply(mending.outcome, str(mending.caption))
        except PlannerError as error:
            warn(self._iface.messageBar(), str(error))
            return
        self._clear_marks()
        self._editing.tell(text("zone_dock.mended", caption=str(mending.caption)))
        self._follow()

    def _answered(self, _: int) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None


def changed_ground(mosaic: Mosaic, outcome: Outcome) -> shapely.Geometry | None:
    """The ground that an outcome gives to other zones or key areas; None where it only changes how borders are drawn."""
    parts = []
    for tiles, changed in ((mosaic.zones, outcome.zones), (mosaic.areas, outcome.areas)):
        for position, geometry in changed.items():
            before = tiles.geometry[position]
            known = [g for g in (before, geometry) if g is not None]
            parts.append(known[0] if len(known) == 1 else shapely.symmetric_difference(*known))
    parts = [part for part in shapely.get_parts(parts).tolist() if shapely.area(part) > SEEN]
    return shapely.union_all(parts) if parts else None


def _as_ground(geometry: shapely.Geometry) -> shapely.Geometry:
    return geometry if shapely.area(geometry) > 0 else shapely.buffer(geometry, RING)


def _differing(before: Array, after: Array) -> dict[int, Any]:
    """Positions and new geometries of what is not the same coordinate by coordinate."""
    null = shapely.is_missing(before) & shapely.is_missing(after)
    same = null | shapely.equals_exact(before, after, 0.0)
    return {p: after[p] for p in np.flatnonzero(~same).tolist()}


def _differs(one: Mosaic, other: Mosaic) -> bool:
    for before, after in ((one.zones, other.zones), (one.areas, other.areas)):
        if len(before) != len(after) or _differing(before.geometry, after.geometry):
            return True
    return False


def _units(plan: OpenPlan) -> Rows | None:
    """The plan's units, or None where their layer cannot be read."""
    if UNITS not in plan.layer_ids:
        return None
    tables = read_open_plan(plan, (UNITS,))
    towns = units_of(tables)
    if len(towns):
        return towns
    rows = tables[UNITS]
    return rows if len(rows) else None


def _outline(units: Rows | None) -> shapely.Geometry | None:
    """The city that zones should fill: all units together, if all of them are drawn."""
    if units is None or units.geometry is None or shapely.is_missing(units.geometry).any():
        return None
    shapes = units.geometry
    return shapely.union_all(shapes) if shapely.is_valid(shapes).all() else None
