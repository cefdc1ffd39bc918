"""A sentence about coordinates of a web map, and beside it the button that converts them."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ...core.texts import text
from .question import FRAME_COLOURS, INK


class Gcj02Offer(QFrame):
    """Hidden until the outlines look like those of a web map."""

    convert_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_gcj02")
        self.setStyleSheet(f"QFrame#import_gcj02 {{ {FRAME_COLOURS} }}")
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setStyleSheet(INK)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.convert_button = QPushButton(text("import_dialog.convert_gcj02"), self)
        self.convert_button.setAutoDefault(False)
        self.convert_button.clicked.connect(lambda *_: self.convert_requested.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.convert_button)
        self.hide()

    def offer(self, words: str) -> None:
        """Show a sentence with the button; without words, nothing."""
        self.label.setText(words)
        self.setVisible(bool(words))
