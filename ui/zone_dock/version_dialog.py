"""The form in which a version gets its name and note."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..icons import icon
from ..review_dialog import REVIEWER_SETTING


class VersionDialog(QDialog):
    """Name, note, and who saves it; `unsaved` says that edits on the screen are not in the file yet."""

    def __init__(self, name: str, unsaved: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerVersionDialog")
        self.setWindowTitle(text("zone_dock.version_title"))
        self.setWindowIcon(icon("version"))
        self.name = QLineEdit(name, self)
        self.name.selectAll()
        self.note = QPlainTextEdit(self)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(text("zone_dock.version_note_hint"))
        self.author = QLineEdit(QgsSettings().value(REVIEWER_SETTING, "", type=str), self)
        self.hint = QLabel(text("zone_dock.version_unsaved"), self)
        self.hint.setWordWrap(True)
        self.hint.setVisible(unsaved)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save_button.setText(text("zone_dock.version_save"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(text("shell.cancel"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for key, field in (("name", self.name), ("note", self.note), ("author", self.author)):
            caption = text(f"zone_dock.version_form_{key}")
            form.addRow(caption, field)
            field.setAccessibleName(caption.replace("&", "").rstrip("：: "))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form, 1)
        layout.addWidget(self.hint)
        layout.addWidget(buttons)
        digit, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().lineSpacing()
        self.resize(60 * digit, 14 * line)
        self.name.textChanged.connect(self._allow_saving)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._allow_saving()

    def accept(self) -> None:
        """Close, and remember who saved it for the next time."""
        if self.author.text().strip():
            QgsSettings().setValue(REVIEWER_SETTING, self.author.text().strip())
        super().accept()

    def _allow_saving(self) -> None:
        self.save_button.setEnabled(bool(self.name.text().strip()))
