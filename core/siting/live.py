"""A plan held ready, so that a project in hand is checked again at once, with the full check's own rules and code.

Everything that projects are measured against is indexed once.  What happens to other projects is told row by row;
where another layer changes, a new `LiveCheck` is made that takes over what the change has not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import shapely

from ..geometry.parallel import never
from ..plan.tables import PlanTables, Rows
from .check import results_of
from .findings import CheckResult, ProjectResult
from .other_projects import OtherProjects
from .projects import Projects
from .relations import Run, find_hits
from .reviews import latest_reviews
from .rules import RuleSet
from .targets import Targets

#: The feature id of a project that is only being drawn: below any that QGIS gives to a feature not yet saved, as the
#: one it will get is below those before, and the digits of overlaps depend on the order of ids.
SKETCH_FID = -(2**62)


class LiveCheck:
    """A plan held ready.  It is one thread's at a time.

    Parameters
    ----------
    tables
        The plan as it stands; later changes of projects are told by `tell`.
    rules
        The rules to apply.
    before
        An earlier one whose indexes serve again for the tables that are the same objects; it must no longer be used.
    cancelled
        Asked while the indexes are being made.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """

    def __init__(
        self,
        tables: PlanTables,
        rules: RuleSet,
        before: LiveCheck | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> None:
        self.rules = rules
        self._targets: Targets = Targets(tables) if before is None else before._targets.replaced(tables)
        self._reviews = latest_reviews(tables["siting_review"])
        self._others = OtherProjects(Projects.prepare(tables["project"], cancelled))
        for rule in rules.rules:
            # One run over no project builds every index that the rule needs.
            nobody = Projects.prepare(tables["project"].take(np.empty(0, np.intp)))
            find_hits(rule, Run(nobody, self._targets, self._others, cancelled))

    def tell(self, changed: Rows, removed: Collection[int] = ()) -> None:
        """Other projects are now so, or are no more.

        Parameters
        ----------
        changed
            Their rows, with their feature ids; ids not seen before are new projects.
        removed
            Feature ids of projects that are no more; unknown ones are passed over.
        """
        if len(changed):
            self._others.put(Projects.prepare(changed))
        if len(removed):
            self._others.remove(removed)

    def effort(self, edited: Rows) -> int:
        """Roughly how many vertices a check of these projects has to look at, their own included."""
        geometry = edited.geometry
        if geometry is None or shapely.is_missing(geometry).all():
            return 0
        boxes = shapely.box(*shapely.bounds(geometry[~shapely.is_missing(geometry)]).T)
        near = self._targets.vertices_near(boxes)
        return near + int(shapely.get_num_coordinates(geometry).sum())

    def recheck(self, edited: Rows) -> tuple[ProjectResult, ...]:
        """The results of some edited projects; see `check`."""
        return self.check(edited).projects

    def check(self, edited: Rows, by_names: bool = True) -> CheckResult:
        """The results of some edited projects, measured against all others as they stand.

        Parameters
        ----------
        edited
            The project rows as they are now, with their feature ids.
        by_names
            Whether to apply the rules that look at what a project names (zones, key areas, counties); a sketch names
            nothing yet.

        Returns
        -------
        CheckResult
            Of each project what the full check gives, to the last digit; project overlaps are reported for the edited
            ones only.  ``dropped_slivers`` counts those of the edited ones.
        """
        projects = Projects.prepare(edited)
        run = Run(projects, self._targets, self._others, never)
        rules = [rule for rule in self.rules.rules if by_names or rule.named_by is None]
        found = [(rule, find_hits(rule, run)) for rule in rules]
        return CheckResult(
            projects=results_of(projects, found, self._reviews),
            dropped_slivers=sum(hits.dropped for _, hits in found),
            rules_file=self.rules.source,
        )
