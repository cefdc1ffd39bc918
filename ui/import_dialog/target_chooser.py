"""Which table of the plan a source goes into: captions in the groups that the layer tree has."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from ...core.texts import text
from ...layers.catalogue import GROUPS

#: The plan's own row, and what the check writes: nobody imports into them.
LEFT_OUT = ("plan", "siting_finding")
TABLE = Qt.ItemDataRole.UserRole


class TargetChooser(QComboBox):
    """A combo box with headings; what was only suggested says so until something is chosen."""

    chosen = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: str | None = None
        model = QStandardItemModel(self)
        first = QStandardItem(text("import_dialog.choose_target"))
        model.appendRow(first)
        for group, tables in GROUPS.items():
            heading = QStandardItem(text(f"layers.group.{group}"))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            model.appendRow(heading)
            for table in tables:
                if table not in LEFT_OUT:
                    entry = QStandardItem(text(f"schema.{table}"))
                    entry.setData(table, TABLE)
                    entry.setToolTip(table)
                    model.appendRow(entry)
        self.setModel(model)
        self.setMaxVisibleItems(model.rowCount())
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)
        self.activated.connect(lambda *_: self._activated())

    def table(self) -> str | None:
        """The table that the planner chose; None while it is only suggested."""
        return self._chosen

    def shown_table(self) -> str | None:
        """The table that is shown, chosen or suggested."""
        return self.currentData(TABLE)

    def choose(self, table: str) -> None:
        """Choose a table without telling."""
        self._chosen = table
        self._show(table)

    def forget(self) -> None:
        """Nothing is chosen nor suggested."""
        self._chosen = None
        self.setCurrentIndex(0)
        self.setToolTip("")

    def show_found(self, table: str, suggested: bool) -> None:
        """Show the table that a proposal is for."""
        self._show(table)
        self.setToolTip(text("import_dialog.target_suggested") if suggested else "")

    def _show(self, table: str) -> None:
        self.setCurrentIndex(max(0, self.findData(table, TABLE)))

    def _activated(self) -> None:
        table = self.currentData(TABLE)
        if table != self._chosen:
            self._chosen = table
            self.chosen.emit()
