"""Getting a plan ready for the live check: what is saved is read from the file in a task, what is not from the layers.

The main thread reads nothing but unsaved edits, a few hundred features a turn of the event loop, so that a plan of
any size holds it up for some milliseconds only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import PlannerError
from ...core.geometry.parallel import never
from ...core.plan.changed_rows import with_changes
from ...core.plan.schema import TABLES
from ...core.plan.tables import PlanTables, Rows
from ...core.siting.live import LiveCheck
from ...core.siting.rules import RuleSet, load_rules
from ...core.store.plan_file import read_plan
from ...layers.reading import layer_with_edits, rows_of_ids, unsaved_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...layers.opening import OpenPlan

PROJECT, REVIEWS = "project", "siting_review"
#: Whatever the rules are, they can look at no other tables.
READ = (*(t.name for t in TABLES.values() if t.geometry == "MultiPolygon" and t.name != "siting_finding"), REVIEWS)
#: Features read in one turn: some 30 ms.
IN_ONE_TURN = 200


@dataclass
class Unsaved:
    """What of a table is not in the file: rows as they are now, ids of those that are to go, or why nobody can tell."""

    changed: list[Rows] = field(default_factory=list)
    removed: Collection[int] = ()
    problem: PlannerError | None = None

    def upon(self, rows: Rows) -> Rows:
        """The saved rows with these edits, in the order of QGIS's layers."""
        if self.problem is not None:
            raise self.problem
        for changed in self.changed:
            rows = with_changes(rows, changed, added_first=True)
        return with_changes(rows, Rows.empty(rows.table), self.removed)


@dataclass(frozen=True)
class Ready:
    """A plan held ready, and the tables that it was made of."""

    live: LiveCheck
    tables: Mapping[str, Rows]


def read_unsaved(plan: OpenPlan, tables: Collection[str], into: dict[str, Unsaved]) -> Iterator[None]:
    """Collect the unsaved edits of some tables (main thread); every step of it is short.

    A layer that cannot be read as it stands matters only where the rules look at it, so that is not said here.
    """
    for table in tables:
        try:
            layer = layer_with_edits(plan, table) if table in plan.layer_ids else None
        except PlannerError as error:
            into[table] = Unsaved(problem=error)
            continue
        if layer is None:
            continue
        changed, removed = unsaved_ids(layer)
        edits = into[table] = Unsaved(removed=removed)
        for start in range(0, len(changed), IN_ONE_TURN):
            yield
            edits.changed.append(rows_of_ids(layer, table, changed[start : start + IN_ONE_TURN]))


def make_ready(
    path: Path,
    rules_file: str | None,
    unsaved: Mapping[str, Unsaved],
    before: Ready | None = None,
    kept: Collection[str] = (),
    cancelled: Callable[[], bool] = never,
) -> Ready:
    """Read what is saved, put the edits upon it, and index all (worker thread).

    Parameters
    ----------
    before, kept
        What was ready before, which must no longer be used, and its tables that are as they were.

    Raises
    ------
    PlannerError
        If the file or the rules cannot be read.
    Cancelled
        If ``cancelled()`` became true.
    """
    rules: RuleSet = load_rules(None if rules_file is None else Path(rules_file))
    wanted = {PROJECT, REVIEWS, *(rule.layer for rule in rules.rules if rule.layer)}
    if any(rule.relation == "must_lie_in_named" for rule in rules.rules):
        wanted.add("admin_unit")
    old = {t: before.tables[t] for t in kept if before is not None and t in before.tables}
    read = read_plan(path, sorted(wanted - set(old)))
    tables = {t: old[t] if t in old else unsaved.get(t, Unsaved()).upon(read[t]) for t in sorted(wanted)}
    live = LiveCheck(PlanTables(tables), rules, before.live if before is not None else None, cancelled)
    return Ready(live, tables)
