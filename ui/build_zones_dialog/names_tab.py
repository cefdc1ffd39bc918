"""The tab with names of the lists that are no unit's: what each may mean, to be picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor
from qgis.PyQt.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from ...core.texts import text
from ..icons import swatch
from ..import_dialog.tables import OrNothing, dress
from .units_model import CHOSEN_COLOURS, CHOSEN_MARK, OPEN_COLOURS, OPEN_MARK

if TYPE_CHECKING:
    from ...core.plan.zone_draft import NameState, UnitState, ZoneDraft

COLUMNS = ("name", "county", "zones", "kind", "meant")
NAME, COUNTY, ZONES, KIND, MEANT = range(len(COLUMNS))


class NamesModel(QAbstractTableModel):
    """One line a name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: list[NameState] = []
        self._units: Mapping[int, UnitState] = {}

    def show(self, names: list[NameState], units: Mapping[int, UnitState]) -> None:
        """Show names; `units` by their keys."""
        same = [(n.name, n.county) for n in names] == [(n.name, n.county) for n in self._names]
        if not same:
            self.beginResetModel()
        self._names, self._units = names, units
        if not same:
            self.endResetModel()
        elif names:
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, len(COLUMNS) - 1))

    def name(self, row: int) -> NameState:
        """The name of a row."""
        return self._names[row]

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many names there are."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"build_zones.head_listed_{COLUMNS[section]}")
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        name, column = self._names[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._shown(name, column)
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return swatch(CHOSEN_MARK if name.units else OPEN_MARK)
        if column == MEANT and role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.BackgroundRole):
            colours = CHOSEN_COLOURS if name.units else OPEN_COLOURS
            return QBrush(QColor(colours[role == Qt.ItemDataRole.BackgroundRole]))
        return None

    def _shown(self, name: NameState, column: int) -> str:
        return (
            name.name,
            name.county or "–",
            "、".join(name.zones) or "–",
            text(f"build_zones.kind_{name.kind}"),
            "、".join(self._units[fid].name for fid in name.units) or text("build_zones.not_settled"),
        )[column]


class NamesTab(QWidget):
    """Says by `meant(name, fids)` which units a name of the lists means; no fids leave it open."""

    meant = pyqtSignal(object, list)
    selected = pyqtSignal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units: dict[int, UnitState] = {}
        self.model = NamesModel(self)
        self.table = QTableView(self)
        self.table.setObjectName("listed_names")
        dress(self.table, text("build_zones.names_name"))
        self.table.setModel(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.says = QLabel(self)
        self.says.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.unit = QComboBox(self)
        self.unit.setObjectName("build_zones_meant")
        self.unit.setAccessibleName(text("build_zones.meant_name"))
        self.unit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.unit.setMinimumContentsLength(16)
        caption = QLabel(text("build_zones.meant"), self)
        caption.setBuddy(self.unit)
        self._bar = QWidget(self)
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(caption)
        bar.addWidget(self.unit, 1)
        self.body = OrNothing(self.table, text("build_zones.all_names_found"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.says)
        layout.addWidget(self._bar)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.unit.activated.connect(self._unit_chosen)

    def show_draft(self, draft: ZoneDraft) -> None:
        """Show a draft as it stands."""
        first = not self.model.rowCount()
        self._units = {unit.fid: unit for unit in draft.units()}
        self.model.show(draft.names(), self._units)
        full = self.model.rowCount() > 0
        self.body.show_full(full)
        self._bar.setVisible(full)
        self.says.setVisible(full)
        if first and full:
            self.table.resizeColumnsToContents()
            self.table.selectRow(0)
        self._show_bar()

    def selection(self) -> NameState | None:
        """The selected name."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.name(rows[0].row()) if rows else None

    def _selection_changed(self) -> None:
        self._show_bar()
        name = self.selection()
        self.selected.emit(list(name.units or name.likely) if name is not None else [])

    def _show_bar(self) -> None:
        name = self.selection()
        self.unit.clear()
        self.unit.setEnabled(name is not None)
        if name is None:
            self.says.setText(text("build_zones.select_name"))
            return
        self.says.setText(text(f"build_zones.about_{name.kind}", name=name.name, zones=list(name.zones)))
        self.unit.addItem(text("build_zones.leave_open"), ())
        if name.kind == "rest" and len(name.likely) > 1:
            names = [self._units[fid].name for fid in name.likely]
            self.unit.addItem(text("build_zones.all_of_rest", count=len(names), units=names), name.likely)
        for fid in name.candidates:
            self.unit.addItem(_label(self._units[fid]), (fid,))
        others = [fid for fid in self._units if fid not in name.candidates]
        if name.candidates and others:
            self.unit.insertSeparator(self.unit.count())
        for fid in sorted(others, key=lambda fid: (self._units[fid].county or "", self._units[fid].name)):
            self.unit.addItem(_label(self._units[fid]), (fid,))
        found = next((i for i in range(self.unit.count()) if self.unit.itemData(i) == name.units), 0)
        self.unit.setCurrentIndex(found)

    def _unit_chosen(self, _index: int) -> None:
        name, fids = self.selection(), self.unit.currentData()
        if name is not None and fids is not None and tuple(fids) != name.units:
            self.meant.emit((name.name, name.county), list(fids))


def _label(unit: UnitState) -> str:
    return unit.name if unit.county is None else f"{unit.name}（{unit.county}）"
