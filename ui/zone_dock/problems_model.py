"""Problems of the coverage as a table: what is wrong, where, and how large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from ..icons import swatch

if TYPE_CHECKING:
    from ...core.coverage.problems import Problem

COLUMNS = ("kind", "where", "size")
KIND, WHERE, SIZE = range(len(COLUMNS))
#: Faults of the ground itself, and those of its drawing.
COLOURS = {
    "gap": GRADE_COLOURS["violation"],
    "overlap": GRADE_COLOURS["violation"],
    "outside_city": GRADE_COLOURS["violation"],
    "area_outside_zone": GRADE_COLOURS["violation"],
    "unshared_vertex": GRADE_COLOURS["review"],
    "sliver": GRADE_COLOURS["review"],
}


class ProblemsModel(QAbstractTableModel):
    """One line a problem, in the order in which they are found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []

    def show(self, problems: list[Problem]) -> None:
        """Show other problems."""
        self.beginResetModel()
        self._problems = problems
        self.endResetModel()

    def problem(self, row: int) -> Problem:
        """The problem of a row."""
        return self._problems[row]

    def problems(self) -> list[Problem]:
        """All of them."""
        return list(self._problems)

    def row_like(self, problem: Problem) -> int:
        """The row of a problem of the same kind at the same place, or -1."""
        return next((row for row, p in enumerate(self._problems) if is_same(p, problem)), -1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many problems there are."""
        return 0 if parent.isValid() else len(self._problems)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"zone_dock.head_problem_{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and section == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        problem, column = self._problems[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (kind_caption(problem.kind), where(problem), size(problem))[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(problem.message())
        if role == Qt.ItemDataRole.DecorationRole and column == KIND:
            return swatch(COLOURS[problem.kind])
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def kind_caption(kind: str) -> str:
    """What a kind of problem is called."""
    return text(f"zone_dock.kind_{kind}")


def where(problem: Problem) -> str:
    """Zones and key areas concerned."""
    zones = [problem.mosaic.zones.names[z] for z in problem.zones]
    areas = [problem.mosaic.areas.names[a] for a in problem.areas]
    return " · ".join([*areas, *zones]) or "–"


def size(problem: Problem) -> str:
    """The ground concerned, in words."""
    from ...core.coverage.problems import size_of

    return str(size_of(problem.area_m2)) if problem.area_m2 else "–"


def is_same(one: Problem, other: Problem) -> bool:
    """Whether two findings are one problem."""
    return one.kind == other.kind and one.geometry.equals(other.geometry)
