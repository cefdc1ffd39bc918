"""Counts as coloured chips: how many rows would be added, updated, left as they are, dropped."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ...core.texts import text
from .values import FATE_COLOURS


class FateChips(QWidget):
    """One card a fate: a large number in its colour, and what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, QLabel] = {}
        self._cards: dict[str, QFrame] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for fate, colour in FATE_COLOURS.items():
            layout.addWidget(self._card(fate, colour), 1)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write the numbers; what is none is pale."""
        for fate, label in self._numbers.items():
            count = counts.get(fate, 0)
            colour = FATE_COLOURS[fate] if count else "palette(mid)"
            label.setText(f"{count:,}")
            label.setStyleSheet(f"color: {colour}; border: none;")
            self._cards[fate].setAccessibleName(
                text("import_dialog.chip_says", fate=text(f"import_dialog.fate.{fate}"), count=f"{count:,}")
            )

    def counts(self) -> dict[str, str]:
        """What stands on the cards."""
        return {fate: label.text() for fate, label in self._numbers.items()}

    def _card(self, fate: str, colour: str) -> QFrame:
        card = QFrame(self)
        card.setObjectName(f"fate_{fate}")
        card.setStyleSheet(
            f"QFrame#fate_{fate} {{ border: 1px solid palette(midlight); border-left: 4px solid {colour};"
            " border-radius: 3px; background: palette(base); }"
        )
        number = QLabel("0", card)
        font = number.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        number.setFont(font)
        caption = QLabel(text(f"import_dialog.fate.{fate}"), card)
        caption.setStyleSheet("border: none;")
        caption.setAlignment(Qt.AlignmentFlag.AlignLeft)
        card.setToolTip(text(f"import_dialog.fate_tip.{fate}"))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 5, 12, 7)
        inside.setSpacing(0)
        inside.addWidget(number)
        inside.addWidget(caption)
        self._numbers[fate], self._cards[fate] = number, card
        return card
