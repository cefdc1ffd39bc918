"""From a file or a pasted range to what it would do to a plan: all the steps, with what the planner has said so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import PlannerError
from ..intake.asking import UNWATCHED, Watch
from ..intake.profiles import profiles_for
from ..plan.tables import PlanTables
from ..store.plan_file import read_plan
from .columns import LEFT_OUT, TO_REMARK, find_layout
from .files import read_table_file, sheets_of
from .grid import TableGrid
from .known import NEEDED, PlanKnown
from .pasted import grid_of_pasted
from .proposal import TableProposal, propose_table


@dataclass(frozen=True)
class Wanted:
    """What the planner has chosen; None and what is left out is found out.

    Attributes
    ----------
    path
        The file; None where a range was pasted.
    pasted
        Its text and HTML.
    head
        Position of the head's last row; -1 for none.
    roles
        Column → what it tells.
    answers
        Id of a doubt or of a row → answer.
    listed
        What new projects get as `listed_in_plan`.
    """

    path: Path | None = None
    pasted: tuple[str, str] | None = None
    sheet: str | None = None
    head: int | None = None
    roles: Mapping[int, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    listed: bool | None = None


@dataclass(frozen=True)
class Worked:
    """What came of it.

    Attributes
    ----------
    tables
        The plan's tables that it was worked out for.
    sheets
        Names of the file's sheets; none for text.
    sheet
        The one that was read.
    problem
        Why nothing can be written, though the table was read: no column of names, no row of a project.
    """

    wanted: Wanted
    tables: PlanTables
    proposal: TableProposal
    sheets: tuple[str, ...]
    sheet: str | None
    problem: PlannerError | None = None

    @property
    def name(self) -> str:
        """What the table is called in reports."""
        path = self.wanted.path
        parts = [path.name if path is not None else "", self.sheet if len(self.sheets) > 1 else ""]
        return " / ".join(part for part in parts if part)


class TableShelf:
    """The last file that was read, kept while other options are tried on it."""

    def __init__(self) -> None:
        self._key: object = None
        self._sheets: tuple[str, ...] = ()
        self._grids: dict[str | None, TableGrid] = {}

    def read(self, wanted: Wanted, known: PlanKnown) -> tuple[TableGrid, tuple[str, ...], str | None]:
        """The grid that is wanted, the names of all sheets, and the one that it is."""
        if wanted.path is None:
            content, html = wanted.pasted or ("", "")
            return grid_of_pasted(content, html), (), None
        key = _stamp(wanted.path)
        if key != self._key:
            self._key, self._grids = key, {}
            self._sheets = tuple(sheets_of(wanted.path))
        sheet = wanted.sheet if wanted.sheet in self._sheets else self._likeliest(wanted.path, known)
        return self._grid(wanted.path, sheet), self._sheets, sheet

    def _likeliest(self, path: Path, known: PlanKnown) -> str | None:
        """The sheet whose head names most of what a table of projects tells; the first of several."""
        best, most = (self._sheets[0] if self._sheets else None), -1
        for sheet in self._sheets if len(self._sheets) > 1 else ():
            try:
                layout = find_layout(self._grid(path, sheet), known.for_layout(), known.profiles)
            except PlannerError:
                continue  # an empty sheet among others
            told = sum(role not in (LEFT_OUT, TO_REMARK) for role in layout.roles) if layout.columns("name") else 0
            if told > most:
                best, most = sheet, told
        return best

    def _grid(self, path: Path, sheet: str | None) -> TableGrid:
        if sheet not in self._grids:
            self._grids[sheet] = read_table_file(path, sheet)
        return self._grids[sheet]


def work_out(plan: Path, wanted: Wanted, shelf: TableShelf, watch: Watch = UNWATCHED) -> Worked:
    """What a table would do to a plan; nothing is written.

    Raises
    ------
    PlannerError
        If the plan or the table cannot be read.
    Cancelled
        If the watch stops the work.
    """
    watch.step(0.0, "intake.step_plan")
    tables = read_plan(plan, list(NEEDED))
    known = PlanKnown(tables, profiles_for(plan))
    watch.step(0.3, "intake.step_fields")
    grid, sheets, sheet = shelf.read(wanted, known)
    layout = find_layout(grid, known.for_layout(), known.profiles, wanted.head, wanted.roles)
    watch.step(0.6, "intake.step_fields")
    proposal = propose_table(tables, grid, layout, wanted.answers, known=known, listed=wanted.listed)
    problem = None
    if not layout.columns("name") and not layout.columns("code"):
        problem = PlannerError("project_table.no_name_column")
    elif not proposal.rows:
        problem = PlannerError("project_table.no_projects")
    return Worked(wanted, tables, proposal, sheets, sheet, problem)


def _stamp(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError as error:
        raise PlannerError("intake_tables.unreadable", path=path.name, reason=error.strerror or error) from error
    return (path, stat.st_mtime_ns, stat.st_size)
