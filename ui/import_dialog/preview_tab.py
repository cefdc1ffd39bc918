"""The tab with the first rows as they would be."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QLabel, QTableView, QVBoxLayout, QWidget

from ...core.texts import text
from .preview_model import MOST_ROWS, PreviewModel
from .tables import dress, fit_columns
from .values import Ready, no_mnemonic


class PreviewTab(QWidget):
    """A table, and a line that says how much of the source it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PreviewModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress(self.table, no_mnemonic(text("import_dialog.tab.preview")))
        self.says = QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.says)
        layout.addWidget(self.table, 1)
        self._columns: tuple[str, ...] = ()

    def show_ready(self, ready: Ready) -> None:
        """Show a proposal's first rows; column widths stay while the columns are the same."""
        self.model.show(ready.proposal)
        columns = (ready.proposal.table.name, *self.model.headers())
        if columns != self._columns:
            self._columns = columns
            fit_columns(self.table)
            self.table.horizontalHeader().setStretchLastSection(False)
        count = len(ready.proposal.source)
        rows = min(count, MOST_ROWS)
        self.says.setText(text("import_dialog.preview_says", rows=rows, count=f"{count:,}"))
