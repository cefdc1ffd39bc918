"""Where the table comes from: a file or what was copied; which sheet, and which row is its head."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from ...core.texts import text

if TYPE_CHECKING:
    from ...core.project_table.columns import Layout
    from ...core.project_table.grid import TableGrid

_ROWS_OFFERED = 25
NO_HEAD = -1


class SourceBar(QWidget):
    """Two lines: file and paste; sheet, head, and what new projects are."""

    file_chosen = pyqtSignal(str)
    pasted = pyqtSignal(str, str)
    sheet_chosen = pyqtSignal(str)
    head_chosen = pyqtSignal(int)
    listed_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = ""
        self.file = QgsFileWidget(self)
        self.file.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.file.setFilter(text("project_table.ui.filters"))
        self.file.setDialogTitle(text("project_table.ui.choose_file"))
        self.file.lineEdit().setPlaceholderText(text("project_table.ui.file_hint"))
        self.file.lineEdit().setAccessibleName(text("project_table.ui.choose_file"))
        self.file.fileChanged.connect(self._file_changed)
        self.paste_button = QPushButton(text("project_table.ui.paste"), self)
        self.paste_button.setToolTip(text("project_table.ui.paste_tip"))
        self.paste_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        self.paste_button.setAutoDefault(False)
        self.paste_button.clicked.connect(lambda *_: self.paste())
        self.sheet_label = QLabel(text("project_table.ui.sheet"), self)
        self.sheet = QComboBox(self)
        self.sheet.setAccessibleName(text("project_table.ui.sheet"))
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.sheet.activated.connect(lambda _: self.sheet_chosen.emit(self.sheet.currentText()))
        self.head_label = QLabel(text("project_table.ui.head"), self)
        self.head = QComboBox(self)
        self.head.setAccessibleName(text("project_table.ui.head"))
        self.head.setToolTip(text("project_table.ui.head_tip"))
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.setMinimumContentsLength(20)
        self.head.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.head.activated.connect(lambda _: self.head_chosen.emit(self.head.currentData()))
        self.listed = QCheckBox(text("project_table.ui.listed"), self)
        self.listed.setToolTip(text("project_table.ui.listed_tip"))
        self.listed.toggled.connect(self.listed_changed.emit)
        first = QHBoxLayout()
        first.addWidget(self.file, 1)
        first.addWidget(self.paste_button)
        second = QHBoxLayout()
        second.setSpacing(8)
        for widget in (self.sheet_label, self.sheet, self.head_label):
            second.addWidget(widget)
        second.addWidget(self.head, 1)
        second.addSpacing(10)
        second.addWidget(self.listed)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(7)
        layout.addLayout(first, 0, 0)
        layout.addLayout(second, 1, 0)
        self._second = (self.sheet_label, self.sheet, self.head_label, self.head, self.listed)
        self.clear()

    def clear(self) -> None:
        """Nothing is read yet."""
        for widget in self._second:
            widget.hide()

    def choose_file(self, path: str) -> None:
        """Take a file, as if it had been chosen."""
        self._last = ""
        self.file.setFilePath(path)
        self._file_changed(path)

    def paste(self) -> None:
        """Take what was copied, its HTML (for merged cells) and its text."""
        data = QApplication.clipboard().mimeData()
        html = data.html() if data.hasHtml() else ""
        self._last = ""
        self.file.blockSignals(True)
        self.file.setFilePath("")
        self.file.blockSignals(False)
        self.pasted.emit(data.text(), html)

    def show_read(self, grid: TableGrid, layout: Layout, sheets: Sequence[str], sheet: str | None) -> None:
        """Offer the file's sheets and the rows that may be the head, with those chosen that were found."""
        for widget in self._second:
            widget.show()
        for widget in (self.sheet_label, self.sheet):
            widget.setVisible(len(sheets) > 1)
        self.sheet.clear()
        self.sheet.addItems(list(sheets))
        self.sheet.setCurrentText(sheet or "")
        self.head.clear()
        self.head.addItem(text("project_table.ui.no_head"), NO_HEAD)
        for row in range(min(_ROWS_OFFERED, len(grid.rows))):
            cells = [" ".join(cell.split()) for cell in grid.rows[row] if cell.strip()]
            if cells:
                words = text("project_table.ui.head_row", row=grid.numbers[row], cells=" | ".join(cells)[:90])
                self.head.addItem(words, row)
        pasted = text("project_table.ui.pasted_rows", number=len(grid.rows))
        self.file.lineEdit().setPlaceholderText(text("project_table.ui.file_hint") if self.path() else pasted)
        self.head.setCurrentIndex(max(0, self.head.findData(NO_HEAD if layout.head is None else layout.head[1])))

    def path(self) -> Path | None:
        """The chosen file."""
        written = self.file.filePath().strip().strip('"')
        return Path(written) if written else None

    def _file_changed(self, path: str) -> None:
        if path and path != self._last:
            self._last = path
            self.file_chosen.emit(path)
