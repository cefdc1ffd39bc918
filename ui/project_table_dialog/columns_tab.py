"""What each column of the table tells: found by its caption or its cells, and to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..import_dialog.tables import dress
from .values import role_caption

if TYPE_CHECKING:
    from ...core.project_table.columns import Layout
    from ...core.project_table.grid import TableGrid

_SAMPLES = 3
CAPTION, MEANING, SAMPLES = range(3)


class ColumnsTab(QWidget):
    """A line for each column: its caption, its meaning, some of its cells."""

    role_chosen = pyqtSignal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 3, self)
        self.table.setHorizontalHeaderLabels(
            [text(f"project_table.column.{n}") for n in ("caption", "meaning", "samples")]
        )
        dress(self.table, text("project_table.ui.tab_columns"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setAlternatingRowColors(False)
        self.table.verticalHeader().setDefaultSectionSize(int(self.table.fontMetrics().height() * 2.1))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(SAMPLES, QHeaderView.ResizeMode.Stretch)
        digit = self.table.fontMetrics().horizontalAdvance("0")
        self.table.setColumnWidth(CAPTION, 28 * digit)
        self.table.setColumnWidth(MEANING, 34 * digit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.table)

    def show_layout(self, grid: TableGrid, layout: Layout) -> None:
        """Show what was found; choices that are the same stay untouched."""
        self.table.setRowCount(grid.width)
        for column in range(grid.width):
            caption = layout.captions[column] or text("project_table.ui.column_number", number=column + 1)
            cells = [" ".join(row[column].split()) for row in grid.rows[layout.first_row :] if row[column].strip()]
            samples = text("project_table.ui.between").join(cell[:40] for cell in list(dict.fromkeys(cells))[:_SAMPLES])
            for at, words in ((CAPTION, caption), (SAMPLES, samples)):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                item.setToolTip(words)
                self.table.setItem(column, at, item)
            self._chooser(column, caption, layout.roles[column])

    def chooser(self, column: int) -> QComboBox:
        """The box in which a column's meaning is chosen."""
        box = self.table.cellWidget(column, MEANING)
        assert isinstance(box, QComboBox)
        return box

    def _chooser(self, column: int, caption: str, role: str) -> None:
        from ...core.project_table.columns import ROLES

        box = self.table.cellWidget(column, MEANING)
        if not isinstance(box, QComboBox):
            box = QComboBox(self.table)
            for known in ROLES:
                box.addItem(role_caption(known), known)
            box.setMaxVisibleItems(26)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(lambda _, column=column, box=box: self.role_chosen.emit(column, box.currentData()))
            self.table.setCellWidget(column, MEANING, box)
        box.setAccessibleName(text("project_table.ui.meaning_of", caption=caption))
        box.setCurrentIndex(box.findData(role))
