"""The dialog's last line: layout and folder, how far an export is, and the buttons that start and stop it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ...core.texts import text
from ..icons import icon


class WorkBar(QWidget):
    """Only the widgets and what they show; the dialog connects them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layout_button = self._button("open_layout")
        self.folder_button = self._button("open_folder", "open_plan")
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setFixedWidth(200)
        self.progress.setFormat("%p %")
        self.progress.setAccessibleName(text("figures_dialog.progress"))
        self.stop_button = self._button("stop", "cancel")
        self.says = QLabel(self)
        self.says.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.export_button = self._button("export", "export_figures")
        self.export_button.setDefault(True)
        self.close_button = self._button("close")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.layout_button, self.folder_button, self.progress, self.stop_button):
            layout.addWidget(widget)
        layout.addWidget(self.says, 1)
        layout.addWidget(self.export_button)
        layout.addWidget(self.close_button)
        self.set_working(False)

    def set_working(self, working: bool) -> None:
        """Show progress and stop, or what can be done instead."""
        for widget in (self.progress, self.stop_button):
            widget.setVisible(working)
        for widget in (self.layout_button, self.folder_button, self.export_button):
            widget.setVisible(not working)
        self.stop_button.setEnabled(True)
        self.close_button.setText(text("figures_dialog.close_working" if working else "figures_dialog.close"))
        self.close_button.setToolTip(text("figures_dialog.close_working_tip") if working else "")
        if working:
            self.progress.setValue(0)

    def show_progress(self, share: float, told: str) -> None:
        """How far it is, and what is being done."""
        self.progress.setValue(round(1000 * share))
        self.say(told)

    def say(self, sentence: str) -> None:
        """A sentence beside the buttons, whole as a tooltip where there is no room for it."""
        self.says.setText(sentence)
        self.says.setToolTip(sentence)

    def offer(self, figures: int, reason: str) -> None:
        """Say on the button how many figures go out; where none can, why."""
        self.export_button.setText(
            text("figures_dialog.export_count", count=figures) if not reason else text("figures_dialog.export")
        )
        self.export_button.setEnabled(not reason)
        self.export_button.setToolTip(reason)
        self.say(reason)

    def _button(self, name: str, picture: str = "") -> QPushButton:
        button = QPushButton(text(f"figures_dialog.{name}"), self)
        button.setObjectName(f"figures_{name}_button")
        button.setAutoDefault(False)
        if picture:
            button.setIcon(icon(picture))
        return button
