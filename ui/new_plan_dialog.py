"""The form for a new plan: from which template, into which file."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from ..core.texts import has_text, text
from .icons import icon

TEMPLATES = ("benxi", "yangquan", "blank")


class NewPlanDialog(QDialog):
    """Template and file."""

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerNewPlanDialog")
        self.setWindowTitle(text("shell.new_title"))
        self.setWindowIcon(icon("new_plan"))
        self.templates = QComboBox(self)
        for name in TEMPLATES:
            self.templates.addItem(text(f"shell.template_{name}"), name)
        self.templates.setAccessibleName(text("shell.template").rstrip(":：").replace("&", ""))
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.about.setMinimumHeight(3 * self.about.fontMetrics().lineSpacing())
        self.file = QgsFileWidget(self)
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.file.setFilter(text("shell.plan_files"))
        self.file.setConfirmOverwrite(False)
        self.file.setDefaultRoot(folder)
        self.file.setFilePath(str(Path(folder) / f"{text('shell.new_file')}.gpkg"))
        self.file.lineEdit().setAccessibleName(text("shell.file").rstrip(":：").replace("&", ""))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.make_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.make_button.setText(text("shell.new_make"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(text("shell.cancel"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(text("shell.template"), self.templates)
        form.addRow("", self.about)
        form.addRow(text("shell.file"), self.file)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.resize(76 * self.fontMetrics().horizontalAdvance("0"), self.sizeHint().height())
        self.templates.currentIndexChanged.connect(self._describe)
        self.file.fileChanged.connect(self._allow_making)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._describe()
        self._allow_making()

    def template(self) -> str:
        """Name of the chosen template."""
        return str(self.templates.currentData())

    def path(self) -> Path:
        """The file to make."""
        entered = self.file.filePath().strip()
        return Path(entered if entered.lower().endswith(".gpkg") else f"{entered}.gpkg")

    def accept(self) -> None:
        """Close; ask first where there is such a file already."""
        if self.path().exists() and not self._may_replace():
            return
        super().accept()

    def _may_replace(self) -> bool:
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        question = text("shell.replace_file", file=self.path().name)
        return bool(QMessageBox.question(self, text("shell.new_title"), question, yes | no, no) == yes)

    def _describe(self) -> None:
        about = f"shell.template_{self.template()}_about"
        self.about.setText(text(about) if has_text(about) else "")

    def _allow_making(self) -> None:
        self.make_button.setEnabled(bool(self.file.filePath().strip()))
