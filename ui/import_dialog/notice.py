"""One sentence about what cannot be done, inside the dialog, with a way to the details."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ...core.texts import text
from ..messages import show_details

#: Its ink is set with its background, for light and dark themes alike.
_FRAME = "QFrame#import_notice { background: #fdeaec; border: 1px solid #d98a94; border-radius: 4px; }"
_INK = "color: #5c0a16; background: transparent;"


class Notice(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_notice")
        self.setStyleSheet(_FRAME)
        self._details = ""
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setStyleSheet(_INK)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details_button = QPushButton(text("shell.details"), self)
        self.details_button.setAutoDefault(False)
        self.details_button.clicked.connect(lambda *_: show_details(self.label.text(), self._details, self.window()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.details_button)
        self.hide()

    def say(self, sentence: str, details: str = "") -> None:
        """Show a sentence."""
        self._details = details
        self.label.setText(sentence)
        self.label.setAccessibleName(sentence)
        self.details_button.setVisible(bool(details))
        self.show()
