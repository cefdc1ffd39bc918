"""The fields of the bulk edit: a box that takes a field up, what is done with it, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..core.plan.schema import CODE_LISTS, TABLES
from ..core.projects.bulk import LIST_WAYS, WAYS, Edit
from ..core.texts import text

FIRST_YEAR, LAST_YEAR = 1990, 2100
ROWS_SEEN = 4
#: Texts that may be long.
LONG = ("tasks", "remark")
#: Fields for which names beyond those offered can be written in.
TYPED = ("counties", "departments")
_ENTRY = Qt.ItemDataRole.UserRole


class FieldRow(QWidget):
    """One field: a box that takes it up, what is to be done, and with what.  Itself it is not shown."""

    changed = pyqtSignal()

    def __init__(self, name: str, offered: Mapping[str, str], year: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.field = TABLES["project"].field(name)
        self.box = QCheckBox(text(f"schema.project.{name}").replace("&", "&&"), parent)
        self.box.setObjectName(f"bulk_{name}")
        self.way = QComboBox(parent)
        self.way.setObjectName(f"bulk_{name}_way")
        self.way.setAccessibleName(text("project_list.bulk_way", field=self.box.text()))
        for way in LIST_WAYS if self.field.is_list else WAYS:
            kind = "list_" if self.field.is_list else ""
            self.way.addItem(text(f"project_list.way_{kind}{way}"), way)
        self.editor = _editor(name, offered, year, parent)
        self.editor.setObjectName(f"bulk_{name}_value")
        self.editor.setAccessibleName(self.box.text())
        self.box.toggled.connect(self._changed)
        self.way.currentIndexChanged.connect(self._changed)
        _when_changed(self.editor, self._changed)
        self._changed()

    def edit(self) -> Edit | None:
        """What is wanted of the field; None where it is left alone, or nothing is entered yet."""
        if not self.box.isChecked():
            return None
        if self.field.type == "boolean":
            value = self.editor.currentData()
            return Edit(self.field.name, "clear") if value is None else Edit(self.field.name, "set", value)
        edit = Edit(self.field.name, self.way.currentData(), value_of(self.editor))
        return None if edit.changes_nothing else edit

    def start_with(self, value: Any) -> None:
        """Show the value that all projects share, to begin from."""
        if value is None:
            return
        if isinstance(self.editor, QComboBox):
            position = next((i for i in range(self.editor.count()) if self.editor.itemData(i) == value), -1)
            if position >= 0:
                self.editor.setCurrentIndex(position)
            elif self.editor.isEditable():
                self.editor.setEditText(str(value))
        elif isinstance(self.editor, QSpinBox):
            self.editor.setValue(min(max(int(value), FIRST_YEAR), LAST_YEAR))
        elif isinstance(self.editor, QLineEdit):
            self.editor.setText(str(value))
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(str(value))

    def _changed(self, *_: object) -> None:
        taken = self.box.isChecked()
        self.way.setVisible(self.field.type != "boolean")
        self.way.setEnabled(taken)
        self.editor.setEnabled(taken and (self.field.type == "boolean" or self.way.currentData() != "clear"))
        if isinstance(self.editor, Entries):
            self.editor.open_up(taken and self.way.currentData() != "clear")
        self.changed.emit()


class Entries(QWidget):
    """Entries of a list with a tick each; closed to one line until it is needed."""

    changed = pyqtSignal()

    def __init__(self, offered: Mapping[str, str], typed: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.summary = QLabel(self)
        self.list = QListWidget(self)
        for entry, caption in offered.items():
            self._add(entry, caption)
        height = self.list.sizeHintForRow(0) if offered else self.fontMetrics().height()
        rows = min(max(len(offered), 2), ROWS_SEEN)
        self.list.setFixedHeight(rows * height + 2 * self.list.frameWidth() + 2)
        self.typed = QLineEdit(self)
        self.typed.setPlaceholderText(text("project_list.bulk_typed"))
        self._takes_typed = typed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.summary, self.list, self.typed):
            layout.addWidget(widget)
        self.setFocusProxy(self.list)
        self.list.itemChanged.connect(lambda *_: self.changed.emit())
        self.typed.textChanged.connect(lambda *_: self.changed.emit())
        self.open_up(False)

    def open_up(self, wanted: bool) -> None:
        """Show the entries, or nothing."""
        self.list.setVisible(wanted)
        self.typed.setVisible(wanted and self._takes_typed)
        self.summary.setVisible(not wanted)

    def entries(self) -> tuple[str, ...]:
        """What is ticked, and what is typed."""
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = [item.data(_ENTRY) for item in items if item.checkState() == Qt.CheckState.Checked]
        typed = self.typed.text().replace(";", "；").split("；") if self._takes_typed else []
        return tuple(dict.fromkeys([*ticked, *(name.strip() for name in typed if name.strip())]))

    def tick(self, *entries: str) -> None:
        """Tick exactly these."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            ticked = item.data(_ENTRY) in entries
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _add(self, entry: str, caption: str) -> None:
        item = QListWidgetItem(caption, self.list)
        item.setData(_ENTRY, entry)
        item.setToolTip(caption)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Unchecked)


def value_of(editor: QWidget) -> Any:
    """What is entered; None where nothing is."""
    if isinstance(editor, Entries):
        return editor.entries()
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QComboBox):
        return editor.currentText().strip() or None if editor.isEditable() else editor.currentData()
    words = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else editor.text()  # type: ignore[attr-defined]
    return words.strip() or None


def _editor(name: str, offered: Mapping[str, str], year: int, parent: QWidget) -> QWidget:
    field = TABLES["project"].field(name)
    if field.is_list:
        return Entries(offered, name in TYPED, parent)
    if field.type == "integer":
        spin = QSpinBox(parent)
        spin.setRange(FIRST_YEAR, LAST_YEAR)
        spin.setValue(min(max(year, FIRST_YEAR), LAST_YEAR))
        return spin
    if field.type == "boolean" or field.codes or offered:
        box = QComboBox(parent)
        if field.type == "boolean":
            for word, value in (("yes", True), ("no", False), ("unknown", None)):
                box.addItem(text(f"project_list.{word}"), value)
        elif field.codes:
            for code in CODE_LISTS[field.codes]:
                box.addItem(text(f"codes.{field.codes}.{code}"), code)
        else:
            box.setEditable(True)
            box.addItem("", None)
            for entry, caption in offered.items():
                box.addItem(caption, entry)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        return box
    if name in LONG:
        words = QPlainTextEdit(parent)
        words.setTabChangesFocus(True)
        words.setFixedHeight(3 * words.fontMetrics().lineSpacing() + 12)
        return words
    return QLineEdit(parent)


def _when_changed(editor: QWidget, slot: Any) -> None:
    if isinstance(editor, Entries):
        editor.changed.connect(slot)
    elif isinstance(editor, QSpinBox):
        editor.valueChanged.connect(slot)
    elif isinstance(editor, QComboBox):
        (editor.editTextChanged if editor.isEditable() else editor.currentIndexChanged).connect(slot)
    else:
        editor.textChanged.connect(slot)  # type: ignore[attr-defined]
