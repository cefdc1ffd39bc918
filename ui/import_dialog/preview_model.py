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
ID, FATE, FIRST_FIELD = range(3)
#: Behind a cell that would change; pale enough for dark ink and, half clear, for light ink on dark.
_CHANGED = QColor(224, 123, 0, 55)


class PreviewModel(QAbstractTableModel):
    """Id, fate, and a column for each field of the plan that the source fills."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Preview] = []
        self._fields: list[Any] = []
        self._captions: list[str] = []

    def show(self, proposal: Proposal | None) -> None:
        """Replace everything by another proposal's first rows."""
        self.beginResetModel()
        self._rows = proposal.previews(MOST_ROWS) if proposal is not None else []
        names = [n for n in proposal.table.field_names if n in proposal.columns] if proposal is not None else []
        self._fields = [proposal.table.field(n) for n in names] if proposal is not None else []
        table = proposal.table.name if proposal is not None else ""
        self._captions = [text(f"schema.{table}.{name}") for name in names]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else FIRST_FIELD + len(self._fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions; the field's own name as a tooltip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            own = (text("import_dialog.column.id"), text("import_dialog.column.fate"))
            return own[section] if section < FIRST_FIELD else self._captions[section - FIRST_FIELD]
        if role == Qt.ItemDataRole.ToolTipRole and section >= FIRST_FIELD:
            return self._fields[section - FIRST_FIELD].name
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; one that would change is marked, its tooltip tells what stands in the plan now."""
        row, column = self._rows[index.row()], index.column()
        if column < FIRST_FIELD:
            return _about(row, column, role)
        field = self._fields[column - FIRST_FIELD]
        value = row.values[field.name]
        changed = is_changed(row, field.name)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(value, field)
        if role == Qt.ItemDataRole.ToolTipRole:
            if changed:
                before = shown(row.before[field.name], field) or text("import_dialog.empty_value")
                return text("import_dialog.was", before=before, now=shown(value, field))
            return shown(value, field) or None
        if role == Qt.ItemDataRole.BackgroundRole and changed:
            return QBrush(_CHANGED)
        if role == Qt.ItemDataRole.FontRole and changed:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and field.type in ("integer", "real"):
            return right_aligned()
        return None


def is_changed(row: Preview, field: str) -> bool:
    """Whether a row of the plan would get another value; what the source leaves empty changes nothing."""
    value = row.values[field]
    return field in row.before and value is not None and value != row.before[field]


def _about(row: Preview, column: int, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return str(row.id) if column == ID else text(f"import_dialog.fate.{row.fate}")
    if role == Qt.ItemDataRole.DecorationRole and column == FATE:
        return swatch(FATE_COLOURS[row.fate])
    if role == Qt.ItemDataRole.ToolTipRole and column == FATE:
        return text(f"import_dialog.fate_tip.{row.fate}")
    return None
