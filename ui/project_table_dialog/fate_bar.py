"""How many rows become what; each number filters the rows to its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ...core.texts import text
from ..icons import swatch
from .values import FATE_COLOURS

if TYPE_CHECKING:
    from ...core.project_table.proposal import TableProposal


class FateBar(QWidget):
    """A button a fate; one that is pressed shows its rows alone."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for fate, colour in FATE_COLOURS.items():
            button = QToolButton(self)
            button.setObjectName(f"fate_{fate}")
            button.setCheckable(True)
            button.setIcon(swatch(colour))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setToolTip(text(f"project_table.fate_tip.{fate}"))
            button.clicked.connect(lambda on, fate=fate: self._clicked(fate, on))
            self.buttons[fate] = button
            layout.addWidget(button)
        layout.addStretch(1)

    def show_counts(self, proposal: TableProposal) -> None:
        """Write the numbers of rows."""
        for fate, button in self.buttons.items():
            rows = sum(row.fate == fate for row in proposal.rows)
            button.setText(f"{text(f'project_table.fate.{fate}')} {rows}")
            button.setEnabled(bool(rows) or button.isChecked())
            if not rows and button.isChecked():  # the last of them got another fate
                button.setChecked(False)
                button.setEnabled(False)
                self.chosen.emit(None)

    def _clicked(self, fate: str, on: bool) -> None:
        for other, button in self.buttons.items():
            button.setChecked(on and other == fate)
        self.chosen.emit(fate if on else None)
