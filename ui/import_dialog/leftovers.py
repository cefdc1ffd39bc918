"""Below the fields: what of the source no field takes, and values that do not fit their field."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtWidgets import QHeaderView, QLabel, QSplitter, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ...core.texts import Message, text
from .tables import OrNothing, dress
from .values import Ready

MOST_ROWS = 300


class Leftovers(QSplitter):
    """Two small tables side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unused = _SmallTable("unused", ("source", "example"), self)
        self.misfits = _SmallTable("misfits", ("source", "value", "rows", "near"), self)
        self.addWidget(self.unused)
        self.addWidget(self.misfits)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.setSizes([400, 600])
        self.setChildrenCollapsible(False)

    def show_ready(self, ready: Ready) -> None:
        """Show a proposal's leftovers."""
        mapped, examples = ready.proposal.mapped, ready.report.examples
        self.unused.show_rows([(name, examples.get(name, "")) for name in mapped.left_out])
        self.misfits.show_rows(grouped(mapped.misfits))


class _SmallTable(QWidget):
    """A caption with the number of rows, and the rows."""

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.caption = QLabel(self)
        self.table = QTableWidget(0, len(columns), self)
        dress(self.table, text(f"import_dialog.{name}", count=0))
        self.table.setHorizontalHeaderLabels([text(f"import_dialog.column.{column}") for column in columns])
        header = self.table.horizontalHeader()
        for column in range(len(columns)):
            last = column == len(columns) - 1
            mode = QHeaderView.ResizeMode.Stretch if last else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.body = OrNothing(self.table, text(f"import_dialog.no_{name}"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.caption)
        layout.addWidget(self.body, 1)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Replace all rows."""
        self.caption.setText(text(f"import_dialog.{self._name}", count=f"{len(rows):,}"))
        rows = rows[:MOST_ROWS]  # more nobody reads here; the saved report has them all
        self.table.setAccessibleName(self.caption.text())
        self.table.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                self.table.setItem(row, column, item)
        self.body.show_full(bool(rows))


def grouped(misfits: Sequence[Message]) -> list[tuple[str, str, str, str]]:
    """Field, value, number of rows and suggestions for each value that does not fit."""
    rows: dict[tuple[str, str], int] = {}
    near: dict[tuple[str, str], str] = {}
    for misfit in misfits:
        told = dict(misfit.params)
        key = str(told["field"]), str(told["value"])
        rows[key] = rows.get(key, 0) + 1
        suggestions = told.get("near")
        if isinstance(suggestions, (list, tuple)):
            near[key] = text("import_dialog.comma").join(map(str, suggestions))
    return [(*key, f"{count:,}", near.get(key, text("import_dialog.no_suggestion"))) for key, count in rows.items()]
