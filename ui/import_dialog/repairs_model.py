"""Features that were mended or left out, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ...core.texts import text
from ..icons import swatch
from .tables import right_aligned
from .values import FATE_COLOURS, sentence

if TYPE_CHECKING:
    from ...core.intake.mending import Change

ID, DONE, REASON, BEFORE, AFTER, CHANGED = range(6)
COLUMNS = ("id", "done", "reason", "before", "after", "change")
NUMBERS = (BEFORE, AFTER, CHANGED)


class RepairsModel(QAbstractTableModel):
    """Id, what was done, why, area before and after; sorted here, for thousands of lines through Qt would be felt."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes: list[Change] = []
        self._sorted = CHANGED, Qt.SortOrder.DescendingOrder

    def show(self, changes: list[Change]) -> None:
        """Replace everything; the order is the one chosen before."""
        self.beginResetModel()
        self._changes = list(changes)
        self._put_in_order()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the lines in the order of a column."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = column, order
        self._put_in_order()
        self.layoutChanged.emit()

    def change(self, row: int) -> Change:
        """What was done to one feature."""
        return self._changes[row]

    def _put_in_order(self) -> None:
        column, order = self._sorted
        descending = order == Qt.SortOrder.DescendingOrder
        self._changes.sort(key=lambda change: _key(change, column), reverse=descending)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of features touched."""
        return 0 if parent.isValid() else len(self._changes)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"import_dialog.column.{COLUMNS[section]}")
        if (
            orientation == Qt.Orientation.Horizontal
            and role == Qt.ItemDataRole.TextAlignmentRole
            and section in NUMBERS
        ):
            return right_aligned()
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        change, column = self._changes[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(change, column)
        if role == Qt.ItemDataRole.ToolTipRole:  # of the whole line: the reason is what is cut off
            return sentence(change.reason)
        if role == Qt.ItemDataRole.DecorationRole and column == DONE:
            return swatch(FATE_COLOURS["dropped" if change.dropped else "updated"])
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return right_aligned()
        return None


def cell(change: Change, column: int) -> str:
    """What a cell shows."""
    if column == ID:
        return str(change.id)
    if column == DONE:
        return text("import_dialog.done_dropped" if change.dropped else "import_dialog.done_mended")
    if column == REASON:
        return sentence(change.reason)
    if column == BEFORE:
        return f"{change.area_before:,.2f}"
    if column == AFTER:
        return f"{change.area_after:,.2f}"
    return signed(change.area_after - change.area_before)


def signed(area: float) -> str:
    """A change of area (m²) with its sign; nothing has none."""
    rounded = round(area, 2)
    return f"{rounded:+,.2f}" if rounded else "0.00"


def _key(change: Change, column: int) -> Any:
    if column == ID:
        is_number = isinstance(change.id, (int, float))
        return not is_number, change.id if is_number else str(change.id)
    # A loss matters as much as a gain
    numbers = (change.area_before, change.area_after, abs(change.area_after - change.area_before))
    return numbers[column - BEFORE] if column in NUMBERS else cell(change, column)
