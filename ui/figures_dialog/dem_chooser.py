"""Which elevation raster lies under the relief: none, one of the project's layers, or a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QToolButton, QWidget

from ...core.texts import text


class DemChooser(QWidget):
    """`changed` when another raster is chosen."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QComboBox(self)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(14)
        self.box.addItem(text("figures_dialog.no_dem"), "")
        self.browse_button = QToolButton(self)
        self.browse_button.setText("…")
        self.browse_button.setToolTip(text("figures_dialog.browse_dem"))
        self.browse_button.setAccessibleName(text("figures_dialog.browse_dem"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.browse_button)
        self.setFocusProxy(self.box)
        self.box.activated.connect(lambda *_: self.changed.emit())
        self.browse_button.clicked.connect(lambda *_: self._browse())

    def offer(self, layers: Iterable[tuple[str, str]], listed: str) -> None:
        """Offer raster layers (name, file), and the raster that the list of figures names, if it does."""
        for name, path in layers:
            if self.box.findData(path) < 0:
                self._add(name, path)
        if listed:
            self.box.setItemText(0, text("figures_dialog.listed_dem", file=Path(listed).name))
            self.box.setItemData(0, listed, Qt.ItemDataRole.ToolTipRole)

    def path(self) -> str:
        """The chosen raster's file; empty for none of them."""
        return str(self.box.currentData() or "")

    def choose(self, path: str) -> None:
        """Choose a raster by its file."""
        if path and self.box.findData(path) < 0:
            self._add(Path(path).name, path)
        self.box.setCurrentIndex(max(0, self.box.findData(path)))

    def _add(self, name: str, path: str) -> None:
        self.box.addItem(name, path)
        self.box.setItemData(self.box.count() - 1, path, Qt.ItemDataRole.ToolTipRole)

    def _browse(self) -> None:
        start = str(Path(self.path()).parent) if self.path() else ""
        title = text("figures_dialog.browse_dem")
        path, _ = QFileDialog.getOpenFileName(self, title, start, text("figures_dialog.dem_filter"))
        if path:
            self.choose(path)
            self.changed.emit()
