"""The rows of a table of projects and what becomes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt, pyqtSignal

from ...core.texts import text
from ..icons import swatch
from .values import FATE_COLOURS, what_happens

if TYPE_CHECKING:
    from ...core.project_table.proposal import TableProposal, TableRow

NUMBER, FATE, CODE, NAME, WHAT = range(5)
_COLUMNS = ("number", "fate", "code", "name", "what")


class RowsModel(QAbstractTableModel):
    """Number in the file (with a box to leave the row out), fate, code, name, and what happens."""

    taken_changed = pyqtSignal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TableRow] = []

    def show(self, proposal: TableProposal | None) -> None:
        """Show another proposal; where it has the same rows, only what they say changes, and a selection stays."""
        rows = list(proposal.rows) if proposal is not None else []
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(_COLUMNS) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, position: int) -> TableRow:
        """The row at a position."""
        return self._rows[position]

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"project_table.column.{_COLUMNS[section]}")
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        """Rows can be selected, and left out by their box."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == NUMBER else flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, column)
        if role == Qt.ItemDataRole.CheckStateRole and column == NUMBER:
            # a number: PyQt5 takes no enumeration for it from a model, PyQt6's knows its value
            state = Qt.CheckState.Unchecked if row.fate == "left_out" else Qt.CheckState.Checked
            return getattr(state, "value", state)
        if role == Qt.ItemDataRole.DecorationRole and column == FATE:
            return swatch(FATE_COLOURS[row.fate])
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == NUMBER:
                return text("project_table.ui.take_tip")
            if column == FATE:
                return text(f"project_table.fate_tip.{row.fate}")
            return self._words(row, column) or None
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a row or leave it out: the work is done anew."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != NUMBER:
            return False
        checked = getattr(Qt.CheckState.Checked, "value", Qt.CheckState.Checked)
        self.taken_changed.emit(self._rows[index.row()].id, getattr(value, "value", value) == checked)
        return True

    def _words(self, row: TableRow, column: int) -> str:
        if column == NUMBER:
            return str(row.number)
        if column == FATE:
            return text(f"project_table.fate.{row.fate}")
        if column == CODE:
            return row.code or ""
        return row.name if column == NAME else what_happens(row)


class FateFilter(QSortFilterProxyModel):
    """The rows of one fate, or all."""

    def __init__(self, model: RowsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fate: str | None = None
        self.setSourceModel(model)

    def choose(self, fate: str | None) -> None:
        """Show the rows of a fate; all where None."""
        self._fate = fate
        self.invalidateFilter()

    def filterAcceptsRow(self, source_row: int, _parent: QModelIndex) -> bool:
        """Whether a row has the fate."""
        model = self.sourceModel()
        assert isinstance(model, RowsModel)
        return self._fate is None or model.row(source_row).fate == self._fate
