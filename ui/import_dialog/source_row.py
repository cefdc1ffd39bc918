"""The dialog's first line: which file, by name, from the recent ones, or dropped onto the dialog."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QToolButton, QWidget

from ...core.texts import text
from .values import no_mnemonic


class SourceRow(QWidget):
    """A file widget, and a menu with recent files and for geodatabases, which are folders."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = ""
        self.file = QgsFileWidget(self)
        self.file.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.file.setFilter(text("import_dialog.filters"))
        self.file.setDialogTitle(text("import_dialog.choose_file"))
        self.file.lineEdit().setAccessibleName(no_mnemonic(text("import_dialog.source")))
        self.file.lineEdit().setPlaceholderText(text("import_dialog.source_hint"))
        self.file.fileChanged.connect(self._file_changed)
        self.recent_button = QToolButton(self)
        self.recent_button.setText(text("import_dialog.recent"))
        self.recent_button.setToolTip(text("import_dialog.recent_tip"))
        self.recent_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.recent_button)
        self.recent_button.setMenu(self.menu)
        self.set_recent([])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.file, 1)
        layout.addWidget(self.recent_button)
        self.setFocusProxy(self.file)

    def path(self) -> Path | None:
        """The chosen file or geodatabase."""
        written = self.file.filePath().strip().strip('"')
        return Path(written) if written else None

    def choose(self, path: str) -> None:
        """Put a path into the line, as if it had been typed."""
        self.file.setFilePath(path)

    def set_recent(self, paths: Sequence[str]) -> None:
        """Offer files that were imported before."""
        self.menu.clear()
        folder = self.menu.addAction(text("import_dialog.choose_gdb"))
        folder.triggered.connect(lambda *_: self._ask_folder())
        if paths:
            self.menu.addSeparator()
        for path in paths:
            action = self.menu.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(lambda *_, path=path: self.choose(path))
        self.menu.setToolTipsVisible(True)

    def _ask_folder(self) -> None:
        before = self.path()
        folder = QFileDialog.getExistingDirectory(
            self, no_mnemonic(text("import_dialog.choose_gdb")), str(before.parent) if before else ""
        )
        if folder:
            self.choose(folder)

    def _file_changed(self, path: str) -> None:
        if path != self._last:
            self._last = path
            self.chosen.emit(path)
