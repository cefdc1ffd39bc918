"""Projects in QGIS's locator bar: found by code, name, department, town or county; chosen, they are shown on the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qgis.core import QgsFeedback, QgsLocatorContext, QgsLocatorFilter, QgsLocatorResult, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject

from ...core.errors import PlannerError
from ...core.texts import text
from ...layers import roles
from ...ui.icons import FOLDER, icon
from ...ui.messages import tell
from . import going_to
from .part import PROJECT, ProjectPart

if TYPE_CHECKING:
    from ...core.plan.tables import Rows
    from ...core.projects.search import Entry
    from ...layers.opening import OpenPlan
    from .work import ProjectWork

NAME = "restoration_planner_projects"
#: xiangmu; QGIS leaves prefixes of fewer than three letters to its own filters.
PREFIX = "xmu"
#: The result's action, as QGIS hands its number back.
OPEN_FORM = 1
#: Without the prefix QGIS's own results stand beside ours: a single letter would bring every project.
LEAST_LETTERS = 2
UNITS = "admin_unit"
READ = (PROJECT, "programme", "restoration_zone")


class ProjectLocator(ProjectPart):
    """Keeps what the locator searches up to date, and goes where the user chooses."""

    area = "project_list"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self._index = Index(work)
        self.filter: ProjectFilter | None = ProjectFilter(self._index, self.go_to)
        self.iface.registerLocatorFilter(self.filter)

    def plan_changed(self) -> None:
        """Search the plan that is at work now."""
        self._index.take_plan(self.work.plans.current())

    def go_to(self, path: str, fid: int, form: bool) -> None:
        """Select a project and show it on the map; one without a site, and one asked for, in its form."""
        plan = self.work.plans.current()
        layer = self.projects_layer()
        if plan is None or layer is None or roles.plan_id(plan.path) != path:
            self.warn(text("project_list.plan_gone"))
            return
        if not going_to.features_of(layer, [fid]):
            self.warn(text("project_list.project_gone"))
            return
        layer.selectByIds([fid])
        self.iface.setActiveLayer(layer)
        sited = going_to.zoom_to(self.iface, layer, [fid])
        if not sited and not form:
            tell(self.iface.messageBar(), text("project_list.unsited_opened"))
        if form or not sited:
            going_to.open_form(self.iface, layer, fid)

    def close(self) -> None:
        """Take the filter out of the locator, which deletes it."""
        self._index.close()
        if self.filter is not None and not sip.isdeleted(self.filter):
            self.iface.deregisterLocatorFilter(self.filter)
        self.filter = None
        super().close()


class Index(QObject):
    """The projects of the plan at work as plain texts, read again when they are asked for after a change."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plan: OpenPlan | None = None
        self._links: list[tuple[QgsVectorLayer, str, Callable[..., None]]] = []
        self._entries: tuple[Entry, ...] = ()
        self._units: Rows | None = None
        self._stale = True

    def take_plan(self, plan: OpenPlan | None) -> None:
        """Follow another plan, or none."""
        self._let_go()
        self._plan, self._entries = plan, ()
        self._units_changed()
        for table, slot in ((PROJECT, self._changed), (UNITS, self._units_changed)):
            layer = plan.project.mapLayer(plan.layer_ids.get(table, "")) if plan is not None else None
            if isinstance(layer, QgsVectorLayer):
                for signal in ("layerModified", "dataChanged", "editingStopped", "afterCommitChanges", "afterRollBack"):
                    getattr(layer, signal).connect(slot)
                    self._links.append((layer, signal, slot))

    def path(self) -> str:
        """Which plan the entries are of."""
        return roles.plan_id(self._plan.path) if self._plan is not None else ""

    def entries(self) -> tuple[Entry, ...]:
        """What can be found, unsaved edits included; on the main thread only."""
        plan = self._plan
        if plan is None or not plan.is_open:
            return ()
        if self._stale:
            try:
                self._read(plan)
            except (
                PlannerError
            ):  # a layer that is gone or filtered says so where it is worked with; we keep what we know
                return self._entries
            self._stale = False
        return self._entries

    def close(self) -> None:
        """Let go of the plan."""
        self._let_go()
        self._plan, self._entries, self._units = None, (), None

    def _read(self, plan: OpenPlan) -> None:
        from ...core.projects.lines import project_lines
        from ...core.projects.search import entries, towns_of_sites
        from ...layers.reading import read_open_plan

        if self._units is None:
            self._units = read_open_plan(plan, (UNITS,))[UNITS]
        lines = project_lines(read_open_plan(plan, READ))
        self._entries = entries(lines.lines, towns_of_sites(lines.geometry, self._units))

    def _changed(self, *_: object) -> None:
        self._stale = True

    def _units_changed(self, *_: object) -> None:
        self._units = None
        self._stale = True

    def _let_go(self) -> None:
        for layer, signal, slot in self._links:
            if not sip.isdeleted(layer):
                getattr(layer, signal).disconnect(slot)
        self._links = []


class ProjectFilter(QgsLocatorFilter):
    """The locator's filter.

    QGIS asks a clone of it, which is made and prepared on the main thread; what the clone searches afterwards are
    plain texts that belong to nobody, so it does not matter in which thread that is.
    """

    def __init__(self, index: Index, go: Callable[[str, int, bool], None]) -> None:
        super().__init__()
        self._index = index
        self._go = go
        self._entries: tuple[Entry, ...] = ()
        self._path = ""
        self._captions = {"unsited": text("project_list.unsited"), "form": text("project_list.open_form")}

    def clone(self) -> ProjectFilter:
        """Another one for one search."""
        return ProjectFilter(self._index, self._go)

    def name(self) -> str:
        """What QGIS's settings call it."""
        return NAME

    def displayName(self) -> str:
        """What users see."""
        return text("project_list.locator")

    def description(self) -> str:
        """What it finds."""
        return text("project_list.locator_tip")

    def prefix(self) -> str:
        """The letters that narrow the search to projects."""
        return PREFIX

    def priority(self) -> QgsLocatorFilter.Priority:
        """Before QGIS's own search in layers."""
        return QgsLocatorFilter.Priority.High

    def flags(self) -> Any:
        """Fast enough to be asked without a thread of its own."""
        return QgsLocatorFilter.Flag.FlagFast

    def prepare(self, _string: str, _context: QgsLocatorContext) -> list[str]:
        """Take the projects as they stand; called on the main thread."""
        self._entries, self._path = self._index.entries(), self._index.path()
        return []

    def fetchResults(self, string: str, context: QgsLocatorContext, feedback: QgsFeedback) -> None:
        """Tell what is found; touches nothing but the texts taken in `prepare`."""
        from ...core.projects.search import find

        if len(string.strip()) < LEAST_LETTERS and not context.usingPrefix:
            return
        for score, entry in find(self._entries, string, cancelled=feedback.isCanceled):
            self.resultFetched.emit(self._result(entry, score))

    def triggerResult(self, result: QgsLocatorResult) -> None:
        """Go to the project that was chosen."""
        path, fid = user_data(result)
        self._go(path, fid, False)

    def triggerResultFromAction(self, result: QgsLocatorResult, action: int) -> None:
        """Do what was chosen from the result's menu."""
        path, fid = user_data(result)
        self._go(path, fid, action == OPEN_FORM)

    def _result(self, entry: Entry, score: float) -> QgsLocatorResult:
        result = QgsLocatorResult()
        result.displayString = "  ".join(part for part in (entry.code, entry.name) if part)
        places = " ".join(entry.towns or entry.counties)
        told = (places, " ".join(entry.departments), "" if entry.is_sited else self._captions["unsited"])
        result.description = " · ".join(part for part in told if part)
        result.score = score
        result.icon = icon("show_projects")
        result.actions = [QgsLocatorResult.ResultAction(OPEN_FORM, self._captions["form"], str(FOLDER / "form.svg"))]
        data = f"{entry.fid} {self._path}"
        if hasattr(result, "setUserData"):  # newer QGIS
            result.setUserData(data)
        else:
            result.userData = data
        return result


def user_data(result: QgsLocatorResult) -> tuple[str, int]:
    """The plan and the feature that a result stands for; one text, because QGIS 3.22 stumbles over other types."""
    data: Any = result.getUserData() if hasattr(result, "getUserData") else result.userData
    fid, _, path = str(data() if callable(data) else data).partition(" ")
    return path, int(fid)
