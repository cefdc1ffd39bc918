"""The page where nothing can be shown yet: what to do first, or next."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ...core.texts import text
from ..icons import icon


class HintPage(QWidget):
    """A picture and a few words in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel(self)
        picture.setPixmap(icon("import_layer").pixmap(56, 56))
        self.words = QLabel(self)
        self.words.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for label in (picture, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addStretch(3)
        self.say("choose")

    def say(self, state: str) -> None:
        """What stands there: ``choose`` a file, it is being ``working``-ed on, or it was ``refused``."""
        self.words.setText(text(f"import_dialog.hint_{state}"))
