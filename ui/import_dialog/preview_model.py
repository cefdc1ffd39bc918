"""The first rows of a source as they would be in the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont

from ...core.texts import text
from ..icons import swatch
from .tables import right_aligned
from .values import FATE_COLOURS, shown

if TYPE_CHECKING:
    from ...core.intake.proposal import Preview, Proposal

MOST_ROWS = 50
ID, FATE = range(2)
#: Before the fields; where outlines move, how far stands behind them.
OWN_COLUMNS = ("id", "fate")
#: Less than this (m) cannot be said in metres with two decimals.
_SHORTEST_M = 0.01
#: Behind a cell that would change; pale enough for dark ink and, half clear, for light ink on dark.
_CHANGED = QColor(224, 123, 0, 55)


class PreviewModel(QAbstractTableModel):
    """Id, fate, how far outlines move where any does, and a column for each field of the plan that the source fills."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Preview] = []
        self._fields: list[Any] = []
        self._captions: list[str] = []
        self._own: tuple[str, ...] = OWN_COLUMNS

    def show(self, proposal: Proposal | None) -> None:
        """Replace everything by another proposal's first rows."""
        self.beginResetModel()
        self._rows = proposal.previews(MOST_ROWS) if proposal is not None else []
        names = [n for n in proposal.table.field_names if n in proposal.columns] if proposal is not None else []
        self._fields = [proposal.table.field(n) for n in names] if proposal is not None else []
        table = proposal.table.name if proposal is not None else ""
        self._captions = [text(f"schema.{table}.{name}") for name in names]
        moving = any(moved_of(row) is not None for row in self._rows)
        self._own = (*OWN_COLUMNS, "geometry") if moving else OWN_COLUMNS
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(self._own) + len(self._fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions; the field's own name as a tooltip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headers()[section]
        if role == Qt.ItemDataRole.ToolTipRole and section >= len(self._own):
            return self._fields[section - len(self._own)].name
        return None

    def headers(self) -> list[str]:
        """The captions of all columns."""
        return [*(text(f"import_dialog.column.{name}") for name in self._own), *self._captions]

    def column_of(self, name: str) -> int | None:
        """Where a field, ``id``, ``fate`` or ``geometry`` stands; None where it is not shown."""
        names = [*self._own, *(field.name for field in self._fields)]
        return names.index(name) if name in names else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; one that would change is marked, its tooltip tells what stands in the plan now."""
        row, column = self._rows[index.row()], index.column()
        if column < len(self._own):
            return _moved(row, role) if self._own[column] == "geometry" else _about(row, column, role)
        field = self._fields[column - len(self._own)]
        value = row.values[field.name]
        changed = is_changed(row, field.name)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(value, field)
        if role == Qt.ItemDataRole.ToolTipRole:
            if changed:
                before = shown(row.before[field.name], field) or text("import_dialog.empty_value")
                return text("import_dialog.was", before=before, now=shown(value, field))
            return shown(value, field) or None
        if changed and role in (Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.FontRole):
            return _mark(role)
        if role == Qt.ItemDataRole.TextAlignmentRole and field.type in ("integer", "real"):
            return right_aligned()
        return None


def is_changed(row: Preview, field: str) -> bool:
    """Whether a row of the plan would get another value; what the source leaves empty changes nothing."""
    value = row.values[field]
    return field in row.before and value is not None and value != row.before[field]


def moved_of(row: Preview) -> float | None:
    """How far (m) a row's outline would move; None where it stays or is not known."""
    moved = getattr(row, "moved_m", None)
    return float(moved) if moved is not None and row.fate == "updated" else None


def _moved(row: Preview, role: int) -> Any:
    moved = moved_of(row)
    if moved is None:
        return None
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        if moved < _SHORTEST_M:
            return text("import_dialog.geometry_changed")
        return text("import_dialog.geometry_moved", metres=moved)
    return _mark(role)


def _mark(role: int) -> Any:
    """How a cell that would change looks."""
    if role == Qt.ItemDataRole.BackgroundRole:
        return QBrush(_CHANGED)
    if role == Qt.ItemDataRole.FontRole:
        font = QFont()
        font.setBold(True)
        return font
    return None


def _about(row: Preview, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return str(row.id) if column == ID else text(f"import_dialog.fate.{row.fate}")
    if role == Qt.ItemDataRole.DecorationRole and column == FATE:
        return swatch(FATE_COLOURS[row.fate])
    if role == Qt.ItemDataRole.ToolTipRole and column == FATE:
        return text(f"import_dialog.fate_tip.{row.fate}")
    return None
