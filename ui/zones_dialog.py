"""What came of building the zones: stated against measured areas, and what has to be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.texts import text
from .icons import icon

if TYPE_CHECKING:
    from ..core.plan.zones import StatedMeasured, ZonesBuilt

COLUMNS = ("layer", "code", "name", "units", "stated", "measured", "difference", "difference_pct")
FIRST_NUMBER = COLUMNS.index("units")
NAME = COLUMNS.index("name")


class ZonesDialog(QDialog):
    """A table of areas and a list of sentences."""

    def __init__(self, built: ZonesBuilt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerZonesDialog")
        self.setWindowTitle(text("shell.zones_title"))
        self.setWindowIcon(icon("build_zones"))
        self.table = self._make_table(built.areas)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(text("shell.zones_areas"), self))
        layout.addWidget(self.table, 3)
        self.notes: QPlainTextEdit | None = None
        messages = built.messages()
        if messages:
            layout.addWidget(QLabel(text("shell.zones_notes", count=len(messages)), self))
            self.notes = QPlainTextEdit("\n".join(str(message) for message in messages), self)
            self.notes.setReadOnly(True)
            self.notes.setAccessibleName(text("shell.zones_notes", count=len(messages)))
            layout.addWidget(self.notes, 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(text("shell.close"))
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        digit = self.fontMetrics().horizontalAdvance("0")
        self.resize(120 * digit, 28 * self.fontMetrics().lineSpacing())

    def _make_table(self, areas: list[StatedMeasured]) -> QTableWidget:
        table = QTableWidget(len(areas), len(COLUMNS), self)
        table.setAccessibleName(text("shell.zones_areas"))
        table.setHorizontalHeaderLabels([text(f"commands.head_{name}") for name in COLUMNS])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        for position, area in enumerate(areas):
            for column, shown in enumerate(_cells(area)):
                item = QTableWidgetItem(shown)
                if column >= FIRST_NUMBER:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(position, column, item)
        table.resizeColumnsToContents()
        table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        return table


def _cells(area: StatedMeasured) -> list[str]:
    numbers = (area.stated_km2, area.measured_km2, area.difference_km2, area.difference_pct)
    return [
        text(f"schema.{area.table}"),
        area.code,
        area.name or "",
        str(area.units),
        *("" if value is None else f"{value:,.2f}" for value in numbers),
    ]
