"""Some fields of many projects changed together: what is wanted on the left, what becomes of each project on the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.palette import GRADE_COLOURS
from ..core.plan.lists import read_list
from ..core.plan.schema import CODE_LISTS, TABLES
from ..core.projects.bulk import FIELDS, LIST_WAYS, WAYS, Edit
from ..core.texts import text
from .icons import icon, swatch

if TYPE_CHECKING:
    from ..core.projects.bulk import RowPlan

#: So long (ms) after something was entered the preview follows.
PATIENCE = 250
FIRST_YEAR, LAST_YEAR = 1990, 2100
ROWS_SEEN = 4
#: Texts that may be long.
LONG = ("tasks", "remark")
#: Fields for which names beyond those offered can be written in.
TYPED = ("counties", "departments")
COLUMNS = ("project", "field", "old", "new")
_ENTRY = Qt.ItemDataRole.UserRole


class BulkEditDialog(QDialog):
    """`edits_changed` asks for another preview, which `show_plans` shows.

    Parameters
    ----------
    count
        How many projects are selected.
    offers
        Field → what can be chosen there: entry → caption.
    common
        Field → the value that all of them share, for the fields where they do.
    year
        Where the years begin.
    """

    edits_changed = pyqtSignal()

    def __init__(
        self,
        count: int,
        offers: Mapping[str, Mapping[str, str]],
        common: Mapping[str, Any],
        year: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerBulkEditDialog")
        self.setWindowTitle(text("project_list.bulk_title", count=count))
        self.setWindowIcon(icon("bulk_edit"))
        self._offers = offers
        self._count = count
        self.rows = {name: FieldRow(name, offers.get(name, {}), year, self) for name in FIELDS}
        for name, value in common.items():
            self.rows[name].start_with(value)
        self.says = QLabel(text("project_list.bulk_choose"), self)
        self.says.setWordWrap(True)
        self.preview = self._make_preview()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.write_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.write_button.setObjectName("bulk_edit_write")
        self.write_button.setText(text("project_list.bulk_write"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(text("shell.cancel"))
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self._soon.timeout.connect(self.edits_changed)
        for row in self.rows.values():
            row.changed.connect(self._wait)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.show_plans([])

    def edits(self) -> list[Edit]:
        """What is wanted, field by field."""
        return [edit for row in self.rows.values() if (edit := row.edit()) is not None]

    def is_waiting(self) -> bool:
        """Whether something was entered that the preview does not show yet."""
        return bool(self._soon.isActive())

    def show_plans(self, plans: list[RowPlan]) -> None:
        """Show what would become of each project."""
        self.preview.clear()
        chosen = bool(self.edits())
        changed = [plan for plan in plans if not plan.is_same]
        hard = sum(misfit.hard for plan in plans for misfit in plan.misfits)
        soft = sum(len(plan.misfits) for plan in plans) - hard
        if chosen:
            told = self._misfit_items(plans)
            self.preview.addTopLevelItems(told + [item for plan in plans for item in self._items_of(plan)])
            for item in told:
                item.setFirstColumnSpanned(True)
        if not chosen:
            self.says.setText(text("project_list.bulk_choose"))
        else:
            said = [text("project_list.bulk_changes", number=f"{len(changed):,}", all=f"{len(plans):,}")]
            said += [text("project_list.bulk_soft", number=f"{soft:,}")] if soft else []
            said += [text("project_list.bulk_hard", number=f"{hard:,}")] if hard else []
            self.says.setText(" ".join(said))
        self.write_button.setEnabled(bool(changed) and not hard)
        self.write_button.setToolTip(text("project_list.bulk_hard_tip") if hard else "")

    def _wait(self) -> None:
        self.write_button.setEnabled(False)  # what is written is what was shown
        self._soon.start()

    def _misfit_items(self, plans: list[RowPlan]) -> list[QTreeWidgetItem]:
        """One line for everything that would not fit, what cannot be saved first."""
        told = [(not misfit.hard, plan, misfit) for plan in plans for misfit in plan.misfits]
        items = []
        for soft, plan, misfit in sorted(told, key=lambda entry: entry[0]):
            item = QTreeWidgetItem([f"{_title(plan)}  –  {misfit.message}"])
            item.setIcon(0, swatch(GRADE_COLOURS["review" if soft else "violation"]))
            item.setToolTip(0, item.text(0))
            items.append(item)
        return items

    def _items_of(self, plan: RowPlan) -> list[QTreeWidgetItem]:
        items = []
        for change in plan.changes:
            shown = [shown_value(change.field, value, self._offers) for value in (change.old, change.new)]
            new = text("project_list.bulk_same") if change.is_same else shown[1]
            item = QTreeWidgetItem([_title(plan), text(f"schema.project.{change.field}"), shown[0], new])
            item.setDisabled(change.is_same)
            for column in range(len(COLUMNS)):
                item.setToolTip(column, item.text(column))
            items.append(item)
        return items

    def _make_preview(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("bulk_edit_preview")
        tree.setAccessibleName(text("project_list.bulk_preview"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setHeaderLabels([text(f"project_list.bulk_column_{name}") for name in COLUMNS])
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(1, 15 * tree.fontMetrics().horizontalAdvance("0"))
        return tree

    def _lay_out(self) -> None:
        fields = QWidget(self)
        grid = QGridLayout(fields)
        grid.setContentsMargins(4, 4, 4, 4)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for line, row in enumerate(self.rows.values()):
            grid.addWidget(row.box, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.way, line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.editor, line, 2)
        grid.setRowStretch(len(self.rows), 1)
        area = QScrollArea(self)
        area.setObjectName("bulk_edit_fields")
        area.setWidget(fields)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        digit = self.fontMetrics().horizontalAdvance("0")
        area.setMinimumWidth(max(52 * digit, fields.minimumSizeHint().width() + 4 * digit))
        right = QWidget(self)
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.says)
        inside.addWidget(self.preview, 1)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(area)
        body.addWidget(right)
        body.setStretchFactor(1, 1)
        body.setChildrenCollapsible(False)
        explained = QLabel(text("project_list.bulk_explained"), self)
        explained.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(body, 1)
        layout.addWidget(explained)
        layout.addWidget(self.buttons)
        self.resize(min(1120, 160 * digit), 620)


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


def _title(plan: RowPlan) -> str:
    return "  ".join(part for part in (plan.code, plan.name) if part) or text("dock.no_code")


def shown_value(field: str, value: Any, offers: Mapping[str, Mapping[str, str]]) -> str:
    """A value as planners read it."""
    known = TABLES["project"].field(field)
    if known.type == "boolean":
        return text(f"project_list.{'unknown' if value is None else 'yes' if value else 'no'}")
    if value is None or value == "":
        return text("project_list.nothing")
    if known.is_list:
        named = offers.get(field, {})
        entries = read_list(value)
        return text("project_list.and").join(named.get(e, e) for e in entries) or text("project_list.nothing")
    if known.codes:
        return text(f"codes.{known.codes}.{value}") if value in CODE_LISTS[known.codes] else str(value)
    return str(value)


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
