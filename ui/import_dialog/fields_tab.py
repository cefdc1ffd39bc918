"""The tab with the plan's fields: what fills each, and what of the source stays behind."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.plan.schema import CODE_LISTS, Field, Table
from ...core.texts import has_text, text
from .leftovers import Leftovers
from .tables import dress
from .values import Ready, no_mnemonic

FIELD, SOURCE, HOW, EXAMPLE, CONSTANT = range(5)
COLUMNS = ("field", "source", "how", "example", "constant")
#: Columns that take what is left, and how wide the others are, in digits.
_STRETCHED = (EXAMPLE,)
_WIDTHS = {FIELD: 26, SOURCE: 24, HOW: 20, CONSTANT: 25}
#: Fields that the plan keeps to itself.
_OWN = (("plan", "schema_version"),)


class FieldsTab(QWidget):
    """One line for each field of the plan; below, what no field takes and what does not fit."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, str] = {}
        self._constants: dict[str, str] = {}
        self._shown: tuple[object, ...] = ()
        self._fields: list[Field] = []
        self.says = QLabel(self)
        self.reset_button = QPushButton(text("import_dialog.reset_fields"), self)
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(lambda *_: self._reset())
        self.table = QTableWidget(0, len(COLUMNS), self)
        dress(self.table, no_mnemonic(text("import_dialog.tab.fields")))
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setHorizontalHeaderLabels([text(f"import_dialog.column.{name}") for name in COLUMNS])
        digit = self.fontMetrics().horizontalAdvance("0")
        self.table.verticalHeader().setDefaultSectionSize(int(self.fontMetrics().height() * 1.9))
        for column in range(len(COLUMNS)):
            stretched = column in _STRETCHED
            mode = QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.Interactive
            self.table.horizontalHeader().setSectionResizeMode(column, mode)
            if not stretched:
                self.table.setColumnWidth(column, _WIDTHS[column] * digit)
        self.leftovers = Leftovers(self)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.leftovers)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([300, 110])
        split.setChildrenCollapsible(False)
        head = QHBoxLayout()
        head.addWidget(self.says, 1)
        head.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addLayout(head)
        layout.addWidget(split, 1)

    def asked(self) -> dict[str, str]:
        """Field of the plan → the source's field that the planner chose (empty: none)."""
        return dict(self._asked)

    def constants(self) -> dict[str, str]:
        """Field of the plan → one value for all rows."""
        return dict(self._constants)

    def forget(self) -> None:
        """Another source or table: nothing was chosen yet."""
        self._asked, self._constants, self._shown = {}, {}, ()

    def set_constant(self, field: str, value: str) -> None:
        """Write one value for all rows, as if it had been chosen; an empty one means as in the source."""
        if value:
            self._constants[field] = value
        else:
            self._constants.pop(field, None)
        self._shown = ()  # its box is made anew

    def set_source(self, field: str, source_field: str) -> None:
        """Fill a field from one of the source's, as if it had been chosen; an empty one fills nothing."""
        self._asked[field] = source_field

    def show_ready(self, ready: Ready) -> None:
        """Show how a proposal fills the fields."""
        table, source = ready.proposal.table, ready.proposal.source
        shown = (table.name, *source.fields)
        if shown != self._shown:
            self._shown = shown
            self._fill(table, list(source.fields))
        used = {entry.target: entry for entry in ready.proposal.mapped.used}
        constant = text("import_dialog.how_constant", count=f"{len(source):,}")
        self.table.horizontalHeaderItem(CONSTANT).setToolTip(f"{constant}\n{text('import_dialog.constant_tip')}")
        for row, field in enumerate(self._fields):
            entry = used.get(field.name)
            is_constant = field.name in self._constants
            chooser = self.source_chooser(field.name)
            chooser.blockSignals(True)
            chooser.setCurrentIndex(max(0, chooser.findData(entry.source if entry else "")))
            chooser.setEnabled(not is_constant)
            chooser.blockSignals(False)
            chooser.setToolTip(constant if is_constant else "")
            self._write(row, HOW, constant if is_constant else text(entry.how) if entry else "")
            self._write(row, EXAMPLE, _example(source.fields[entry.source]) if entry else "")
        filled = len(used) + len(self._constants)
        self.says.setText(
            text(
                "import_dialog.fields_say",
                filled=filled,
                fields=len(self._fields),
                used=len(used),
                source=len(source.fields),
            )
        )
        self.reset_button.setEnabled(bool(self._asked or self._constants))
        self.leftovers.show_ready(ready)

    def source_chooser(self, field: str) -> QComboBox:
        """The combo box with the source's fields."""
        return self.table.cellWidget(self._row(field), SOURCE)

    def constant_chooser(self, field: str) -> QComboBox:
        """The editable combo box with the value for all rows."""
        return self.table.cellWidget(self._row(field), CONSTANT)

    def _row(self, field: str) -> int:
        return [f.name for f in self._fields].index(field)

    def _fill(self, table: Table, source_fields: list[str]) -> None:
        self._fields = [f for f in table.fields if (table.name, f.name) not in _OWN]
        self.table.setRowCount(len(self._fields))
        for row, field in enumerate(self._fields):
            caption = text(f"schema.{table.name}.{field.name}")
            self._write(row, FIELD, caption)
            self.table.item(row, FIELD).setToolTip(f"{caption}  [{field.name}]")
            chooser = QComboBox(self.table)
            chooser.setAccessibleName(text("import_dialog.source_of", field=caption))
            chooser.addItem(text("import_dialog.not_filled"), "")
            for name in source_fields:
                chooser.addItem(name, name)
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            chooser.activated.connect(lambda _=0, name=field.name, box=chooser: self._ask(name, str(box.currentData())))
            self.table.setCellWidget(row, SOURCE, chooser)
            self.table.setCellWidget(row, CONSTANT, self._constant_box(field, caption))

    def _constant_box(self, field: Field, caption: str) -> QComboBox:
        box = QComboBox(self.table)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(text("import_dialog.constant_of", field=caption))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem(text("import_dialog.as_in_source"), "")
        for code in CODE_LISTS.get(field.codes or "", ()):
            key = f"codes.{field.codes}.{code}"
            box.addItem(text(key) if has_text(key) else code, code)
        if field.type == "boolean":
            for word, value in (("yes", "true"), ("no", "false")):
                box.addItem(text(f"import_dialog.{word}"), value)
        written = self._constants.get(field.name, "")
        at = box.findData(written)
        box.setCurrentIndex(max(at, 0))
        if at < 0:
            box.setEditText(written)
        line = box.lineEdit()
        line.setPlaceholderText(text("import_dialog.as_in_source"))
        line.setClearButtonEnabled(True)
        if not written:
            box.setEditText("")
        box.setToolTip(text("import_dialog.constant_tip"))
        line.textChanged.connect(
            lambda words, name=field.name, box=box: None if words else self._set_constant(name, box)
        )
        box.activated.connect(lambda _=0, name=field.name, box=box: self._set_constant(name, box))
        line.editingFinished.connect(lambda name=field.name, box=box: self._set_constant(name, box))
        return box

    def _write(self, row: int, column: int, words: str) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(row, column, item)
        item.setText(words)
        item.setToolTip(words)

    def _ask(self, field: str, source_field: str) -> None:
        self._asked = {f: s for f, s in self._asked.items() if s != source_field or not s}
        self._asked[field] = source_field
        self.reset_button.setEnabled(True)
        self.changed.emit()

    def _set_constant(self, field: str, box: QComboBox) -> None:
        at = box.findText(box.currentText().strip())
        value = str(box.itemData(at)) if at >= 0 else box.currentText().strip()
        if not value and box.currentText():
            box.setEditText("")  # which comes back here; its hint says the same
            return
        box.lineEdit().setCursorPosition(0)  # its beginning is what tells
        if value == self._constants.get(field, ""):
            return
        if value:
            self._constants[field] = value
        else:
            del self._constants[field]
        self.reset_button.setEnabled(True)
        self.changed.emit()

    def _reset(self) -> None:
        self.forget()
        self.changed.emit()


def _example(values: object) -> str:
    found = next((v for v in values if v is not None and str(v).strip()), None)  # type: ignore[attr-defined]
    return "" if found is None else str(found)[:60]
