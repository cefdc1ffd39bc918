"""The list of projects: it follows the layers, selects with the map, and hands on what is to be changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from qgis.core import QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.messages import tell
from ..dock_place import DockPlace
from ..tasks import WorkTask
from . import going_to
from .bulk_desk import BulkDesk
from .part import PROJECT, ProjectPart

if TYPE_CHECKING:
    from ...core.projects.alike import Pair
    from ...core.projects.lines import ProjectLines
    from ...ui.project_list_dock import ProjectListDock
    from .work import ProjectWork

FINDINGS = "siting_finding"
READ = (PROJECT, "programme", "restoration_zone")
#: So long (ms) after an edit the list follows: edits in quick succession are taken together.
PATIENCE = 200


class ProjectList(ProjectPart):
    """The dock and what it asks for; nothing is read while nobody looks at it."""

    area = "project_list"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        from ...ui.project_list_dock import ProjectListDock

        self._follows: list[tuple[QgsVectorLayer, str, Callable[..., None]]] = []
        self._stale = True
        self._selecting = False
        self._search: WorkTask | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self.dock: ProjectListDock = ProjectListDock(self.iface.mainWindow())
        self.action = self.add_action("show_projects", self._toggle, checkable=True)
        self.bulk = BulkDesk(self)
        self.edit_action = self.add_action("bulk_edit", self._edit_selected, in_toolbar=False)
        self.place = DockPlace(self.iface, self.dock, self.action, "RestorationPlannerFindingsDock")
        self._links: list[tuple[Any, Callable[..., Any]]] = [
            (self._soon.timeout, self.refresh),
            (self.work.plans.edited, self._changed),
            (self.dock.visibilityChanged, self._visibility_changed),
            (self.dock.selected, self._select_in_layer),
            (self.dock.zoom_requested, self._zoom),
            (self.dock.form_requested, self._open_form),
            (self.dock.edit_requested, self.bulk.ask),
            (self.dock.look_requested, self.look_for_pairs),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def plan_changed(self) -> None:
        """List the projects of the plan that is at work now."""
        self._follow_layers()
        self._stop_search()
        self.bulk.plan_changed()
        self.dock.alike.forget()
        self.dock.filters.clear()
        self._stale = True
        self.refresh()

    def close(self) -> None:
        """Take the dock away."""
        self._soon.stop()
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._let_go()
        self._stop_search()
        self.bulk.close()
        self.place.close()
        super().close()

    def is_busy(self) -> bool:
        """Whether something is still to be read or looked for."""
        return self._soon.isActive() or self._search is not None

    # --- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the projects as they stand, unsaved edits included; later, while nobody looks."""
        self._soon.stop()
        if self.dock.isHidden():
            self._stale = True
            return
        self._stale = False
        if self.work.plans.current() is None:
            self.dock.show_state("project_list.no_plan")
            return
        try:
            lines = self.read()
        except PlannerError as error:
            self.dock.show_state("project_list.not_read", why=str(error))
            return
        self.dock.show_projects(lines)
        self._selected_in_layer()
        self.dock.alike.set_stale()

    def read(self) -> ProjectLines:
        """The plan's projects as the list shows them.

        Raises
        ------
        PlannerError
            If no plan is open, or a layer cannot be read.
        """
        from ...core.projects.lines import project_lines
        from ...core.projects.standing import CHECKED, changed_since
        from ...core.store.project_history import last_changes
        from ...layers.reading import read_open_plan

        plan = self.plan()
        findings = plan.project.mapLayer(plan.layer_ids.get(FINDINGS, ""))
        grades, runs = _grades(findings) if isinstance(findings, QgsVectorLayer) else ({}, set())
        changed = changed_since(runs, last_changes(plan.path, CHECKED), self._unsaved(CHECKED)) if grades else set()
        return project_lines(read_open_plan(plan, READ), grades, changed)

    def _unsaved(self, fields: Collection[str]) -> set[int]:
        """The projects whose site or named fields are changed in the edit session; what is new has a negative id."""
        layer = self.projects_layer()
        buffer = layer.editBuffer() if layer is not None else None
        if layer is None or buffer is None:
            return set()
        positions = {layer.fields().indexOf(name) for name in fields} - {-1}
        values = buffer.changedAttributeValues()
        return {*buffer.changedGeometries(), *(fid for fid, new in values.items() if positions.intersection(new))}

    def look_for_pairs(self) -> None:
        """Look for projects that are entered twice, in the background."""
        if self._search is not None:
            return
        try:
            projects = self.read()
            towns = self._towns()
        except PlannerError as error:
            self.warn(str(error))
            return

        def work(task: WorkTask) -> list[Pair]:
            from ...core.projects.alike import alike_projects

            return alike_projects(projects, task.stop_wanted.is_set, towns)

        task = WorkTask(text("project_list.looking"), work)

        def ended(show: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                if self._search is task:
                    self._search = None
                    show(*outcome)

            return end

        def failed(sentence: str, details: str) -> None:
            self.dock.alike.show_pairs([])
            self.warn(sentence, details)

        task.done.connect(ended(self.dock.alike.show_pairs))
        task.failed.connect(ended(failed))
        task.stopped.connect(ended(lambda: self.dock.alike.show_pairs([])))
        self._search = task
        self.dock.alike.show_looking()
        task.begin()

    def _towns(self) -> list[str]:
        """Names of towns, as the plan's units and lists give them."""
        from ...layers.reading import read_open_plan

        rows = read_open_plan(self.plan(), ("unit_membership",))["unit_membership"]
        return [name for name in rows["unit_name"] if name]

    def _toggle(self, shown: bool) -> None:
        if shown:
            self.place.show()
            self._visibility_changed(True)
        else:
            self.place.hide()

    def _visibility_changed(self, visible: bool) -> None:
        if visible and self._stale:
            self.refresh()

    def _changed(self, *_: object) -> None:
        self._soon.start()

    def _stop_search(self) -> None:
        if self._search is not None:
            self._search.abandon()
            self._search = None

    # --- the layers ----------------------------------------------------------------------------

    def _follow_layers(self) -> None:
        self._let_go()
        plan = self.work.plans.current()
        if plan is None:
            return
        for table, signal, slot in (
            (PROJECT, "selectionChanged", self._selected_in_layer),
            (PROJECT, "afterCommitChanges", self._changed),  # what was new has another id now
            (PROJECT, "afterRollBack", self._changed),
            (PROJECT, "dataChanged", self._changed),
            (FINDINGS, "dataChanged", self._changed),
            (FINDINGS, "layerModified", self._changed),
            ("programme", "dataChanged", self._changed),
        ):
            layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))
            if isinstance(layer, QgsVectorLayer):
                getattr(layer, signal).connect(slot)
                self._follows.append((layer, signal, slot))

    def _let_go(self) -> None:
        for layer, signal, slot in self._follows:
            if not sip.isdeleted(layer):
                getattr(layer, signal).disconnect(slot)
        self._follows = []

    def _selected_in_layer(self, *_: object) -> None:
        layer = self.projects_layer()
        if layer is not None and not self._selecting and not self.dock.isHidden():
            self.dock.select(layer.selectedFeatureIds())

    def _select_in_layer(self, fids: list[int]) -> None:
        layer = self.projects_layer()
        if layer is not None:
            self._selecting = True
            try:
                layer.selectByIds(fids)
            finally:
                self._selecting = False

    def _zoom(self, fids: list[int]) -> None:
        layer = self.projects_layer()
        if layer is not None and not going_to.zoom_to(self.iface, layer, fids):
            tell(self.iface.messageBar(), text("project_list.nothing_on_map"))

    def _open_form(self, fid: int) -> None:
        layer = self.projects_layer()
        if layer is None or not going_to.open_form(self.iface, layer, fid):
            self.warn(text("project_list.project_gone"))

    def _edit_selected(self) -> None:
        """From menu or toolbar: the projects that are selected on the map or in the list."""
        layer = self.projects_layer()
        fids = layer.selectedFeatureIds() if layer is not None else []
        # what is new has a negative id, and comes last
        self.bulk.ask(sorted(fids, key=lambda fid: (fid < 0, abs(fid))))


def _grades(findings: QgsVectorLayer) -> tuple[dict[str, str], set[object]]:
    """Project code → worst grade, and when the check ran; without the findings' geometry."""
    from ...core.projects.lines import worst_grades

    names = findings.fields().names()
    if "project_code" not in names or "grade" not in names:
        return {}, set()
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    wanted = [name for name in ("project_code", "grade", "run_at") if name in names]
    request.setSubsetOfAttributes(wanted, findings.fields())
    places = [names.index(name) for name in wanted]
    rows = [[f.attribute(place) for place in places] for f in findings.getFeatures(request)]
    # a null is a QVariant, which no set takes
    runs: set[object] = {r[2] for r in rows if isinstance(r[2], str)} if "run_at" in wanted else set()
    return worst_grades((r[0] for r in rows), (r[1] for r in rows)), runs
