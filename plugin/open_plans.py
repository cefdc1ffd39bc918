"""Which plans stand open in the QGIS project, and which of them is at work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.errors import PlannerError
from .engine_import import import_engine

if TYPE_CHECKING:
    from ..layers.opening import OpenPlan
    from .projects.form import ProjectForms

#: The check's own output; that it changes makes no result out of date.
OUTPUT_TABLES = ("siting_finding", "siting_review")


class OpenPlans(QObject):
    """Follows the project: plans come by opening or with a project that holds them, and go with their layers."""

    changed = pyqtSignal()
    edited = pyqtSignal()

    def __init__(self, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._plans: dict[str, OpenPlan] = {}
        self._current: str | None = None
        self._watched: list[str] = []
        self._forms: ProjectForms | None = None
        project.readProject.connect(self._project_read)
        project.layersRemoved.connect(self._layers_removed)

    def open(self, path: str | Path, canvas: object) -> OpenPlan:
        """Open a plan file and put it to work.

        Raises
        ------
        PlannerError
            If it cannot be opened, or the engine's libraries are missing.
        """
        import_engine()
        from ..layers.opening import open_plan
        from ..layers.roles import plan_id

        self._take_up_forms()
        plan = open_plan(path, self._project, canvas)
        self._plans[plan_id(path)] = plan
        self.choose(plan_id(path))
        return plan

    def choose(self, key: str) -> None:
        """Put an open plan to work; `key` is one of `names`."""
        self._current = key
        self._watch()
        self.changed.emit()

    def current(self) -> OpenPlan | None:
        """The plan at work."""
        return self._plans.get(self._current or "")

    def find(self, path: Path) -> OpenPlan | None:
        """The open plan of a file."""
        from ..layers.roles import plan_id

        return self._plans.get(plan_id(path))

    def current_key(self) -> str | None:
        """The key of the plan at work."""
        return self._current if self._current in self._plans else None

    def names(self) -> list[tuple[str, str]]:
        """Key and name of each open plan; a plan has one key, however its path is written."""
        return [(key, plan.name) for key, plan in self._plans.items()]

    def adopt(self) -> None:
        """Take up the plans whose layers the project holds already."""
        from ..layers import roles

        if not roles.open_plans(self._project):
            self._plans = {}
        else:
            import_engine()
            from ..layers.opening import adopt_plans

            self._take_up_forms()
            self._plans = {roles.plan_id(plan.path): plan for plan in adopt_plans(self._project)}
        self._choose_any()

    def close(self) -> None:
        """Let go of the project and its layers."""
        self._unwatch()
        if self._forms is not None:
            self._forms.close()
            self._forms = None
        self._project.readProject.disconnect(self._project_read)
        self._project.layersRemoved.disconnect(self._layers_removed)

    def adopt_quietly(self) -> None:
        """As `adopt`; what is missing for it is said when a plan is needed, not while a project is being opened."""
        try:
            self.adopt()
        except PlannerError:
            self._plans = {}
            self._choose_any()

    def _project_read(self, _document: object) -> None:
        self.adopt_quietly()

    def _layers_removed(self, _ids: list[str]) -> None:
        gone = [key for key, plan in self._plans.items() if not plan.is_open]
        for key in gone:
            self._let_go(self._plans.pop(key))
        if gone:
            self._choose_any()

    def _let_go(self, plan: OpenPlan) -> None:
        from ..figures.sources import remove_layers_for_figures

        remove_layers_for_figures(self._project, plan.path)

    def _choose_any(self) -> None:
        if self._current not in self._plans:
            self._current = next(iter(self._plans), None)
        self._watch()
        self.changed.emit()

    def _take_up_forms(self) -> None:
        """Before a plan's layers come: they are set up for the forms that are there."""
        if self._forms is None:
            from .projects.form import ProjectForms

            self._forms = ProjectForms(self._project, self)

    def _watch(self) -> None:
        self._unwatch()
        if self._forms is not None:
            self._forms.follow(p.layer_ids["project"] for p in self._plans.values() if "project" in p.layer_ids)
        plan = self.current()
        for table, layer_id in plan.layer_ids.items() if plan else ():
            layer = self._project.mapLayer(layer_id)
            if layer is not None and table not in OUTPUT_TABLES:
                layer.layerModified.connect(self.edited)
                layer.beforeRollBack.connect(self._rolling_back)
                self._watched.append(layer_id)

    def _rolling_back(self) -> None:
        """Edits that go are a change too; leaving an edit session without any is none."""
        layer = self.sender()
        if isinstance(layer, QgsVectorLayer) and layer.isModified():
            self.edited.emit()

    def _unwatch(self) -> None:
        for layer_id in self._watched:
            layer = self._project.mapLayer(layer_id)
            if layer is not None:  # else it is gone, and its connections with it
                layer.layerModified.disconnect(self.edited)
                layer.beforeRollBack.disconnect(self._rolling_back)
        self._watched = []
