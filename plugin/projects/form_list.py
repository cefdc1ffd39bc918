"""The list of choices that forms show where a field holds several codes or names.

QGIS's own list (value relation) writes ``{}`` for an empty field, puts the entries in its own order, drops those that
it does not know, and narrowed by another field it forgets what was chosen.  This one gives back what it was given, byte
for byte, until somebody changes a choice; entries that no list knows stay, and are marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ...core.plan.lists import read_list, write_list
from ...core.plan.project_entry import tidy_text
from ...core.texts import text

_ENTRY = Qt.ItemDataRole.UserRole
_ROWS_WITHOUT_SEARCH = 8
_MOST_ROWS_SHOWN = 6


class ChoiceList(QWidget):
    """Entries with a tick each; `typed` lets further ones be written in."""

    changed = pyqtSignal()
    shown = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given: object = None
        self._chosen: tuple[str, ...] = ()
        self._hidden: set[str] = set()
        self._known: set[str] = set()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(text("project_form.choices.search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show_wanted)
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._item_changed)
        self.entry = QLineEdit(self)
        self.entry.setPlaceholderText(text("project_form.choices.add"))
        self.entry.returnPressed.connect(self._add_typed)
        self.entry.editingFinished.connect(self._add_typed)
        for widget in (self.search, self.list, self.entry):
            layout.addWidget(widget)
        self.setFocusProxy(self.list)
        self.offer({}, typed=False)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the list is seen: it stands in its form by now."""
        super().showEvent(event)
        self.shown.emit()

    def offer(self, choices: Mapping[str, str], typed: bool) -> None:
        """What can be chosen: entry → caption."""
        self._known = set(choices)
        self.list.blockSignals(True)
        self.list.clear()
        for entry, caption in choices.items():
            self._add(entry, caption)
        self.list.blockSignals(False)
        self.entry.setVisible(typed)
        self.search.setVisible(len(choices) > _ROWS_WITHOUT_SEARCH)
        self._show_chosen()

    def hide_entries(self, entries: Iterable[str]) -> None:
        """Leave entries out that do not fit another field; chosen ones stay to be seen."""
        self._hidden = set(entries)
        self._show_wanted()

    def set_value(self, value: object) -> None:
        """Show a field's value."""
        self._given = value
        self._chosen = read_list(value) if isinstance(value, str) else ()
        self._show_chosen()

    def value(self) -> object:
        """What was given, unless other entries are chosen now; then a list as the plan writes it, or None."""
        given = read_list(self._given) if isinstance(self._given, str) else ()
        if set(given) == set(self._chosen):
            return self._given
        return write_list([*(e for e in given if e in self._chosen), *(e for e in self._chosen if e not in given)])

    def chosen(self) -> tuple[str, ...]:
        """The entries that are ticked."""
        return self._chosen

    def set_writable(self, writable: bool) -> None:
        """Let choices be changed, or only looked at; scrolling stays possible."""
        self.entry.setEnabled(writable)
        self.list.blockSignals(True)
        for item in self._items():
            flags = item.flags()
            item.setFlags(flags | Qt.ItemFlag.ItemIsEnabled if writable else flags & ~Qt.ItemFlag.ItemIsEnabled)
        self.list.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _add(self, entry: str, caption: str) -> None:
        item = QListWidgetItem(caption, self.list)
        item.setData(_ENTRY, entry)
        item.setToolTip(caption)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Unchecked)

    def _show_chosen(self) -> None:
        self.list.blockSignals(True)
        there = {item.data(_ENTRY) for item in self._items()}
        for entry in self._chosen:
            if entry not in there:
                strange = not self.entry.isVisibleTo(self)
                self._add(entry, text("project_form.choices.unknown", entry=entry) if strange else entry)
        for item in self._items():
            ticked = item.data(_ENTRY) in self._chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._show_wanted()

    def _show_wanted(self, _text: str = "") -> None:
        sought = self.search.text().strip().casefold()
        shown = 0
        for item in self._items():
            entry = item.data(_ENTRY)
            wanted = sought in item.text().casefold() and (entry not in self._hidden or entry in self._chosen)
            item.setHidden(not wanted)
            shown += wanted
        row = max((self.list.sizeHintForRow(r) for r in range(self.list.count())), default=18)
        self.list.setFixedHeight(row * max(2, min(shown, _MOST_ROWS_SHOWN)) + 2 * self.list.frameWidth() + 2)

    def _item_changed(self, item: QListWidgetItem) -> None:
        entry, ticked = item.data(_ENTRY), item.checkState() == Qt.CheckState.Checked
        if ticked and entry not in self._chosen:
            self._chosen = (*self._chosen, entry)
        elif not ticked:
            self._chosen = tuple(e for e in self._chosen if e != entry)
        self._show_wanted()
        self.changed.emit()

    def _add_typed(self) -> None:
        entry = tidy_text(self.entry.text())
        self.entry.clear()
        if entry and entry not in self._chosen:
            self._chosen = (*self._chosen, entry)
            self._show_chosen()
            self.changed.emit()
