"""Small widgets of the panel."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QSizePolicy, QWidget

#: Width in digits of the interface's font.
DIGITS = 44


class Content(QWidget):
    """Asks for no more room than it needs."""

    def sizeHint(self) -> QSize:
        """As wide as its digits, as high as what stands in it."""
        width = DIGITS * self.fontMetrics().horizontalAdvance("0")
        return QSize(width, super().sizeHint().height())


def words(parent: QWidget) -> QLabel:
    """Words that break their lines and can be selected."""
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def combo_box(parent: QWidget) -> QComboBox:
    """A choice that is not as wide as its longest entry."""
    combo = QComboBox(parent)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(10)
    return combo
