"""The dialog's last line: how far the work is and cancel, or what importing would do; close."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ...core.texts import text
from ..icons import icon


class WorkBar(QWidget):
    """Progress, cancel, import, close."""

    import_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    close_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = QLabel(self)
        self.step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setFixedWidth(220)
        self.progress.setTextVisible(True)
        self.progress.setAccessibleName(text("import_dialog.progress"))
        self.cancel_button = QPushButton(icon("cancel"), text("import_dialog.cancel"), self)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(lambda *_: self.cancel_requested.emit())
        self.import_button = QPushButton(icon("import_layer"), text("import_dialog.import"), self)
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(lambda *_: self.import_requested.emit())
        self.close_button = QPushButton(text("import_dialog.close"), self)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(lambda *_: self.close_requested.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.progress, self.cancel_button):
            layout.addWidget(widget)
        layout.addWidget(self.step, 1)
        for widget in (self.import_button, self.close_button):
            layout.addWidget(widget)
        self.set_working(False)

    def set_working(self, working: bool) -> None:
        """Show progress and cancel, or hide them."""
        self.progress.setVisible(working)
        self.cancel_button.setVisible(working)
        self.cancel_button.setEnabled(True)
        self.progress.setValue(0)
        self.step.setText("")

    def show_progress(self, fraction: float, step: str) -> None:
        """How far it is, and what is being done."""
        self.progress.setValue(round(100 * fraction))
        self.step.setText(step)

    def offer(self, added: int, updated: int) -> None:
        """Say on the button what importing would do."""
        self.import_button.setText(text("import_dialog.import_does", added=f"{added:,}", updated=f"{updated:,}"))
        self.import_button.setEnabled(bool(added or updated))

    def offer_nothing(self) -> None:
        """There is nothing to import yet."""
        self.import_button.setText(text("import_dialog.import"))
        self.import_button.setEnabled(False)
