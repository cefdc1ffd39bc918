"""How the dialog's tables look, and a line for what is empty."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QLabel, QStackedLayout, QTableView, QVBoxLayout, QWidget

#: Widest column at first, in digits of the interface's font.
WIDEST = 26
LINES_LOOKED_AT = 60


def dress(table: QTableView, name: str) -> None:
    """Rows as high as is pleasant, no grid, whole rows selected."""
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(int(table.fontMetrics().height() * 1.6))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(LINES_LOOKED_AT)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def fit_columns(table: QTableView, widest: int = WIDEST) -> None:
    """Columns as wide as what stands in them, none too wide; the last takes what is left."""
    digit = table.fontMetrics().horizontalAdvance("0")
    table.resizeColumnsToContents()
    for column in range(table.model().columnCount()):
        table.setColumnWidth(column, min(table.columnWidth(column) + digit, widest * digit))
    table.horizontalHeader().setStretchLastSection(True)


def right_aligned() -> int:
    """The alignment of numbers, as a model gives it."""
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    # A number: PyQt5 does not take its own flag type from a model, PyQt6's flags know theirs
    return int(getattr(flags, "value", flags))


class OrNothing(QWidget):
    """A widget, or a quiet sentence where there is nothing to show in it."""

    def __init__(self, full: QWidget, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = QWidget(self)
        self.label = QLabel(sentence, self._empty)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setWordWrap(True)
        self.label.setEnabled(False)
        inside = QVBoxLayout(self._empty)
        inside.addWidget(self.label)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(full)
        self._stack.addWidget(self._empty)

    def show_full(self, full: bool) -> None:
        """Show the widget, or the sentence."""
        self._stack.setCurrentIndex(0 if full else 1)

    def is_full(self) -> bool:
        """Whether the widget is shown."""
        return self._stack.currentIndex() == 0
