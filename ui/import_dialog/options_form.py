"""The upper part of the dialog: source, its layer, target, encoding, CRS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem
from qgis.gui import QgsProjectionSelectionDialog
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from ...core.texts import text
from .source_row import SourceRow
from .target_chooser import TargetChooser
from .values import GCJ02, Asked, Options, Ready, no_mnemonic

if TYPE_CHECKING:
    from ...core.intake.source import Source

#: Offered beside the automatic choice; any other can be typed.
ENCODINGS = ("GBK", "UTF-8", "Big5")


class OptionsForm(QWidget):
    """Tells by `changed` that something else was chosen, by `source_changed` that it is another file or layer."""

    changed = pyqtSignal()
    source_changed = pyqtSignal()
    crs_refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = SourceRow(self)
        self.layer = _combo(self)
        self.target = TargetChooser(self)
        self.encoding = _combo(self)
        self.encoding.setEditable(True)
        self.encoding.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.crs = _combo(self)
        self.crs_button = QToolButton(self)
        self.crs_button.setText("…")
        self.crs_button.setToolTip(text("import_dialog.crs_other"))
        self.crs_button.setAccessibleName(text("import_dialog.crs_other"))
        self._typed_encoding = ""
        self._lay_out()
        self.forget_source()
        self.source.chosen.connect(self._file_chosen)
        self.layer.activated.connect(lambda *_: self.source_changed.emit())
        self.target.chosen.connect(self.changed)
        self.encoding.activated.connect(lambda *_: self._encoding_chosen())
        self.encoding.lineEdit().editingFinished.connect(self._encoding_chosen)
        self.crs.activated.connect(lambda *_: self.changed.emit())
        self.crs_button.clicked.connect(lambda *_: self._ask_crs())

    def options(self) -> Options | None:
        """What is chosen; None without a file."""
        path = self.source.path()
        if path is None:
            return None
        layer = self.layer.currentData()
        return Options(path, layer, self.target.table(), self._encoding(), self.crs.currentData())

    def forget_source(self) -> None:
        """Another file: its layers, encoding and CRS are to be found out."""
        self.layer.clear()
        self.layer.addItem(text("import_dialog.automatic"), None)
        self.layer.setEnabled(False)
        self._typed_encoding = ""
        self.encoding.clear()
        self.encoding.addItem(text("import_dialog.automatic"), None)
        for name in ENCODINGS:
            self.encoding.addItem(name, name)
        self.forget_layer()

    def forget_layer(self) -> None:
        """Another layer: its CRS and target are to be found out."""
        self.crs.clear()
        self.crs.addItem(text("import_dialog.automatic"), None)
        self.crs.addItem(text("import_dialog.gcj02"), GCJ02)
        self.target.forget()

    def show_ready(self, ready: Ready) -> None:
        """Write beside "automatic" what was found."""
        self._show_source(ready.proposal.source)
        self.target.show_found(ready.proposal.table.name, ready.suggested)
        found = ready.proposal.crs
        if self.crs.currentData() is None:
            named = text("import_dialog.no_coordinates")
            if found is not None:
                named = crs_caption(found.epsg) if found.epsg is not None else found.name
            self.crs.setItemText(0, text("import_dialog.automatic_found", found=named))

    def show_asked(self, asked: Asked) -> None:
        """Offer the answers in their combo boxes too."""
        if asked.source is not None:
            self._show_source(asked.source)
        if asked.table is not None:
            self.target.show_found(asked.table, asked.options.table is None)
        if asked.option == "layer":
            self._offer_layers([choice.value for choice in asked.choices])
        elif asked.option == "crs":
            for place, choice in enumerate(asked.choices):
                code = epsg_of(choice.value)
                if code is not None and self.crs.findData(code) < 0:
                    self.crs.insertItem(1 + place, crs_caption(code), code)
        elif asked.option == "encoding":
            for choice in asked.choices:
                if self.encoding.findData(choice.value) < 0:
                    self.encoding.addItem(choice.value, choice.value)

    def show_source(self, source: Source, table: str | None, suggested: bool) -> None:
        """Show what was read where nothing could be proposed."""
        self._show_source(source)
        if table is not None:
            self.target.show_found(table, suggested)

    def answer(self, option: str, value: str) -> None:
        """Take an answer to a question."""
        if option == "layer":
            self.layer.setCurrentIndex(self.layer.findData(value))
            self.source_changed.emit()
            return
        if option == "table":
            self.target.choose(value)
        elif option == "encoding":
            self.encoding.setCurrentIndex(self.encoding.findData(value))
        elif option == "crs":
            self._choose_crs(epsg_of(value))
        self.changed.emit()

    def convert_from_gcj02(self) -> None:
        """Take the coordinates for those of a web map."""
        self.crs.setCurrentIndex(self.crs.findData(GCJ02))
        self.changed.emit()

    def _show_source(self, source: Source) -> None:
        if self.layer.count() == 1 and self.layer.itemData(0) is None:
            self.layer.setItemText(0, source.layer)
        if self.encoding.currentData() is None and not self._typed_encoding:
            self.encoding.setItemText(0, text("import_dialog.automatic_found", found=source.encoding.upper()))
            self.encoding.setCurrentIndex(0)

    def _offer_layers(self, names: Sequence[str]) -> None:
        self.layer.clear()
        self.layer.addItem(text("import_dialog.choose_layer"), None)
        for name in names:
            self.layer.addItem(name, name)
        self.layer.setEnabled(True)

    def _file_chosen(self, _path: str) -> None:
        self.forget_source()
        self.source_changed.emit()

    def _encoding(self) -> str | None:
        at = self.encoding.findText(self.encoding.currentText())
        return self.encoding.itemData(at) if at >= 0 else self.encoding.currentText().strip() or None

    def _encoding_chosen(self) -> None:
        chosen = self._encoding() or ""
        if chosen != self._typed_encoding:
            self._typed_encoding = chosen
            self.changed.emit()

    def _ask_crs(self) -> None:
        dialog = QgsProjectionSelectionDialog(self)
        dialog.setWindowTitle(text("import_dialog.crs_other"))
        dialog.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{self.crs.currentData() or 4490}"))
        if dialog.exec():
            self.take_crs(dialog.crs())
        dialog.deleteLater()

    def take_crs(self, crs: QgsCoordinateReferenceSystem) -> None:
        """Use a CRS that was picked from all there are."""
        code = epsg_of(crs.authid())
        if code is None:
            self.crs_refused.emit(crs.description() or crs.authid())
            return
        self._choose_crs(code)
        self.changed.emit()

    def _choose_crs(self, code: int | None) -> None:
        if code is not None and self.crs.findData(code) < 0:
            self.crs.addItem(crs_caption(code), code)
        self.crs.setCurrentIndex(self.crs.findData(code))

    def _lay_out(self) -> None:
        beside_crs = QHBoxLayout()
        beside_crs.setSpacing(4)
        beside_crs.addWidget(self.crs, 1)
        beside_crs.addWidget(self.crs_button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self._label("source", self.source.file.lineEdit()), 0, 0)
        grid.addWidget(self.source, 0, 1, 1, 3)
        for row, column, name, widget in ((1, 0, "layer", self.layer), (1, 2, "target", self.target)):
            grid.addWidget(self._label(name, widget), row, column)
            grid.addWidget(widget, row, column + 1)
        grid.addWidget(self._label("encoding", self.encoding), 2, 0)
        grid.addWidget(self.encoding, 2, 1)
        grid.addWidget(self._label("crs", self.crs), 2, 2)
        grid.addLayout(beside_crs, 2, 3)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(3, 5)  # names of CRSs are long

    def _label(self, name: str, widget: QWidget) -> QLabel:
        label = QLabel(text(f"import_dialog.{name}"), self)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setBuddy(widget)
        widget.setAccessibleName(no_mnemonic(label.text()))
        return label


def crs_caption(code: int) -> str:
    """An EPSG code with its name."""
    crs = QgsCoordinateReferenceSystem(f"EPSG:{code}")
    return f"EPSG:{code} - {crs.description()}" if crs.isValid() else f"EPSG:{code}"


def epsg_of(name: str) -> int | None:
    """The number of an EPSG code; None for what has none."""
    head, _, number = name.partition(":")
    return int(number) if head.upper() == "EPSG" and number.isdigit() else None


def _combo(parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(18)
    return box
