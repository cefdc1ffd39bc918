"""A row of switches, one a grade, that choose which findings are shown."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ..core.palette import GRADE_COLOURS
from ..core.report.values import grade_caption
from ..core.siting.findings import GRADES
from ..core.texts import text
from .icons import swatch

#: Projects that passed are many and need nothing: they are shown when asked for.
SHOWN_AT_FIRST = frozenset(GRADES) - {"pass"}


class GradeChips(QWidget):
    """Switches with the number of lines of each grade."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for grade in GRADES:
            chip = QToolButton(self)
            chip.setObjectName(f"chip_{grade}")
            chip.setCheckable(True)
            chip.setChecked(grade in SHOWN_AT_FIRST)
            chip.setAutoRaise(True)
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            chip.setIcon(swatch(GRADE_COLOURS[grade]))
            chip.toggled.connect(self.changed)
            layout.addWidget(chip)
            self._chips[grade] = chip
        self.set_counts({})

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Write the numbers on the switches."""
        for grade, chip in self._chips.items():
            count = counts.get(grade, 0)
            chip.setText(text("dock.chip", grade=text(f"dock.grade.{grade}"), count=f"{count:,}"))
            says = text("dock.chip_tip", grade=grade_caption(grade), count=f"{count:,}")
            chip.setToolTip(says)
            chip.setAccessibleName(says)
            chip.setEnabled(bool(count))

    def chosen(self) -> frozenset[str]:
        """The grades that are switched on."""
        return frozenset(grade for grade, chip in self._chips.items() if chip.isChecked())

    def choose(self, grades: frozenset[str]) -> None:
        """Switch exactly these grades on."""
        for grade, chip in self._chips.items():
            chip.setChecked(grade in grades)
