"""The tab with named versions of the zones: save, compare, report, restore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..icons import icon
from ..import_dialog.tables import OrNothing, dress
from .versions_model import TownChangesModel, VersionsModel, ZoneChangesModel

if TYPE_CHECKING:
    from ...core.coverage.changes import ZoneChanges
    from ...core.coverage.versions import Version


class VersionsTab(QWidget):
    """`compare_requested(earlier, later)`: later is None for the present state."""

    save_requested = pyqtSignal()
    compare_requested = pyqtSignal(object, object)
    restore_requested = pyqtSignal(object)
    report_requested = pyqtSignal()
    zone_chosen = pyqtSignal(object)
    town_chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.versions, self.zones, self.towns = VersionsModel(self), ZoneChangesModel(self), TownChangesModel(self)
        self.table = self._make_table("versions", self.versions)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.zones_table = self._make_table("zone_changes", self.zones)
        self.towns_table = self._make_table("town_changes", self.towns)
        self.body = OrNothing(self.table, text("zone_dock.no_versions"), self)
        self.says = QLabel(text("zone_dock.compare_first"), self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.says.setWordWrap(True)
        self.save_button = self._button("save_version", "version")
        self.compare_button = self._button("compare", "compare")
        self.restore_button = self._button("restore", "take_back")
        self.report_button = self._button("report", "export")
        self._lay_out()
        self.save_button.clicked.connect(lambda *_: self.save_requested.emit())
        self.compare_button.clicked.connect(lambda *_: self._compare())
        self.restore_button.clicked.connect(lambda *_: self.restore_requested.emit(self.selection()[0]))
        self.report_button.clicked.connect(lambda *_: self.report_requested.emit())
        self.table.doubleClicked.connect(lambda *_: self._compare())
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        for table, model, chosen in (
            (self.zones_table, self.zones, self.zone_chosen),
            (self.towns_table, self.towns, self.town_chosen),
        ):
            _tell_selected(table, model, chosen)
        self.show_changes(None, "")
        self._selection_changed()

    def show_versions(self, versions: Sequence[Version]) -> None:
        """Show a plan's versions."""
        chosen = {version.id for version in self.selection()}
        self.versions.show(versions)
        self.body.show_full(bool(versions))
        for row, version in enumerate(versions):
            if version.id in chosen or (not chosen and row == 0):
                self.table.selectRow(row)
        self._selection_changed()

    def show_changes(self, changes: ZoneChanges | None, between: str) -> None:
        """Show what changed between two states that `between` names."""
        self.zones.show_changes(changes)
        self.towns.show([] if changes is None else changes.towns)
        self.report_button.setEnabled(changes is not None)
        self._changes.setVisible(changes is not None and not changes.nothing_changed)
        if changes is None:
            self.says.setText(text("zone_dock.compare_first"))
        elif changes.nothing_changed:
            self.says.setText(text("zone_dock.nothing_changed", between=between))
        else:
            self.says.setText(text("zone_dock.changed", between=between, area=f"{changes.moved_km2:,.2f}"))

    def selection(self) -> list[Version]:
        """The selected versions, the latest first."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.versions.item(row) for row in rows]

    def set_enabled(self, enabled: bool) -> None:
        """Whether there is a plan to work with."""
        self.save_button.setEnabled(enabled)
        self._selection_changed()

    def _make_table(self, name: str, model: object) -> QTableView:
        table = QTableView(self)
        table.setObjectName(name)
        dress(table, text(f"zone_dock.{name}_name"))
        table.setModel(model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        digit = table.fontMetrics().horizontalAdvance("0")
        header = table.horizontalHeader()
        widths = {"versions": (0, 16, 8, 11), "zone_changes": (0, 10, 10, 10), "town_changes": (0, 12, 9, 7)}[name]
        for column, width in enumerate(widths):
            if width:
                table.setColumnWidth(column, width * digit)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        return table

    def _button(self, name: str, picture: str) -> QPushButton:
        button = QPushButton(icon(picture), text(f"zone_dock.{name}"), self)
        button.setObjectName(f"zone_dock_{name}_button")
        button.setToolTip(text(f"zone_dock.{name}_tip"))
        return button

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        bar = QHBoxLayout()
        for button in (self.save_button, self.compare_button, self.restore_button):
            bar.addWidget(button)
        bar.addStretch(1)
        column.addLayout(bar)
        column.addWidget(self.body, 1)
        right = QWidget(self)
        other = QVBoxLayout(right)
        other.setContentsMargins(4, 0, 0, 0)
        other.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.says, 1)
        head.addWidget(self.report_button)
        self._changes = QSplitter(Qt.Orientation.Horizontal, right)
        self._changes.addWidget(self.zones_table)
        self._changes.addWidget(self.towns_table)
        self._changes.setChildrenCollapsible(False)
        policy = self._changes.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or the line above would move with it
        self._changes.setSizePolicy(policy)
        other.addLayout(head)
        other.addWidget(self._changes, 1)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(left)
        body.addWidget(right)
        body.setChildrenCollapsible(False)
        digit = self.fontMetrics().horizontalAdvance("0")
        body.setSizes([68 * digit, 98 * digit])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(body)

    def _selection_changed(self) -> None:
        count = len(self.selection())
        self.compare_button.setEnabled(count in (1, 2))
        self.compare_button.setText(text("zone_dock.compare_two" if count == 2 else "zone_dock.compare"))
        self.restore_button.setEnabled(count == 1)

    def _compare(self) -> None:
        chosen = self.selection()
        if len(chosen) == 1:
            self.compare_requested.emit(chosen[0], None)
        elif len(chosen) == 2:
            self.compare_requested.emit(chosen[1], chosen[0])


def _tell_selected(table: QTableView, model: ZoneChangesModel | TownChangesModel, chosen: Any) -> None:
    """Emit a signal with what is selected; Enter selects what the keyboard stands on."""

    def selected() -> None:
        rows = table.selectionModel().selectedRows()
        if rows:
            chosen.emit(model.item(rows[0].row()))

    table.activated.connect(lambda index: table.selectRow(index.row()))
    table.selectionModel().selectionChanged.connect(lambda *_: selected())
