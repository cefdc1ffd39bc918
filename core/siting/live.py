"""One edited project checked again against warm indexes, with the same rules and code as the full check."""

from __future__ import annotations

import numpy as np

from ..geometry.parallel import never
from ..plan.tables import PlanTables, Rows
from .check import results_of
from .findings import ProjectResult
from .projects import Projects
from .relations import Run, find_hits
from .rules import RuleSet
from .targets import OtherProjects, Targets


class LiveCheck:
    """A plan held ready.

    Parameters
    ----------
    tables
        The plan as it stands; changes other than those told to `recheck` are not seen.
    rules
        The rules to apply.
    """

    def __init__(self, tables: PlanTables, rules: RuleSet) -> None:
        self._tables, self._rules = tables, rules
        self._targets = Targets(tables)
        self._others = OtherProjects(Projects.prepare(tables["project"]))
        for rule in rules.rules:
            # One run over no project builds every index that the rule needs.
            nobody = Projects.prepare(tables["project"].take(np.empty(0, np.intp)))
            find_hits(rule, Run(nobody, self._targets, self._others, never))

    def recheck(self, edited: Rows) -> tuple[ProjectResult, ...]:
        """The results of some edited projects, measured against all others as they were.

        Parameters
        ----------
        edited
            The project rows as they are now, with their feature ids.

        Returns
        -------
        tuple of ProjectResult
            As the full check gives them; project overlaps are reported for the edited ones only.
        """
        projects = Projects.prepare(edited)
        run = Run(projects, self._targets, self._others, never)
        return results_of(projects, [(rule, find_hits(rule, run)) for rule in self._rules.rules], self._tables)
