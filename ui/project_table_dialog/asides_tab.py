"""The rows that are no projects: titles, heads, headings, sums, footnotes; they stay listed so that nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ...core.texts import text
from ..import_dialog.tables import dress

if TYPE_CHECKING:
    from ...core.project_table.proposal import TableProposal


class AsidesTab(QWidget):
    """A line for each, with what it was taken for; below them what was decided while reading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 3, self)
        self.table.setHorizontalHeaderLabels([text(f"project_table.column.{n}") for n in ("number", "kind", "text")])
        dress(self.table, text("project_table.ui.tab_asides"))
        self.table.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.table)

    def show_asides(self, proposal: TableProposal) -> int:
        """Show them; how many there are."""
        lines = [("", text("project_table.kind.reading"), str(note)) for note in proposal.grid.notes]
        lines += [(str(a.number), text(f"project_table.kind.{a.kind}"), a.text) for a in proposal.asides]
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, words in enumerate(line):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(words)
                self.table.setItem(row, column, item)
        return len(lines)
