"""The tab with every unit, and the bar below it in which the selected ones are given to a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QItemSelectionModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..icons import icon
from ..import_dialog.tables import dress
from .units_model import COLUMNS, LISTED, ZONE, UnitsFilter, UnitsModel

if TYPE_CHECKING:
    from ...core.plan.zone_draft import UnitState, ZoneDraft

WIDEST = {"unit": 18, "county": 14, "zone": 11, "key_area": 11, "how": 15, "listed": 24, "area": 13}


class UnitsTab(QWidget):
    """Says by `assigned` (unit → zone and key area) what was chosen; `forgotten(fids)` for what the plan says."""

    assigned = pyqtSignal(dict)
    forgotten = pyqtSignal(list)
    selected = pyqtSignal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zones: list[tuple[str, str]] = []
        self._areas: list[tuple[str, str, str | None]] = []
        self.model = UnitsModel(self)
        self.proxy = UnitsFilter(self.model, self)
        self.search = QgsFilterLineEdit(self)
        self.search.setShowSearchIcon(True)
        self.search.setPlaceholderText(text("build_zones.search"))
        self.search.setAccessibleName(text("build_zones.search"))
        self.only_open = QCheckBox(text("build_zones.only_open"), self)
        self.table = self._make_table()
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.zone = self._chooser("zone")
        self.key_area = self._chooser("key_area")
        self.reset = QPushButton(icon("take_back"), text("build_zones.reset"), self)
        self.reset.setToolTip(text("build_zones.reset_tip"))
        self.reset.setAutoDefault(False)
        self._lay_out()
        self.search.valueChanged.connect(self.proxy.search)
        self.only_open.toggled.connect(self.proxy.show_only_open)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.zone.activated.connect(self._zone_chosen)
        self.key_area.activated.connect(self._area_chosen)
        self.reset.clicked.connect(lambda *_: self.forgotten.emit([u.fid for u in self.selection()]))
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)

    def show_draft(self, draft: ZoneDraft, colours: dict[str, str]) -> None:
        """Show a draft as it stands."""
        zones, areas = draft.tables["restoration_zone"], draft.tables["key_area"]
        self._zones = [(c, n or "") for c, n in zip(zones["code"], zones["name"]) if c is not None]
        columns = (areas["code"], areas["name"], areas["zone_code"])
        self._areas = [(c, n or "", z) for c, n, z in zip(*columns) if c is not None]
        first = not self.model.rowCount()
        names = {**dict(self._zones), **{c: n for c, n, _ in self._areas}}
        self.model.show(draft.units(), names, colours)
        if first:
            self._fit()
        self._show_bar()

    def selection(self) -> list[UnitState]:
        """The selected units."""
        return [self.model.unit(self.proxy.mapToSource(i).row()) for i in self.table.selectionModel().selectedRows()]

    def select(self, fid: int, add: bool = False) -> None:
        """Select a unit's row and bring it into sight."""
        row = self.model.row_of(fid)
        index = self.proxy.mapFromSource(self.model.index(row, 0)) if row >= 0 else None
        if index is None or not index.isValid():
            self.search.clear()
            self.only_open.setChecked(False)
            index = self.proxy.mapFromSource(self.model.index(row, 0))
        flags = QItemSelectionModel.SelectionFlag.Rows | (
            QItemSelectionModel.SelectionFlag.Toggle if add else QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.table.selectionModel().setCurrentIndex(index, flags)
        self.table.scrollTo(index)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("units")
        dress(table, text("build_zones.units_name"))
        table.setModel(self.proxy)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setSortingEnabled(True)
        table.horizontalHeader().setSortIndicator(ZONE, Qt.SortOrder.AscendingOrder)
        self.proxy.sort(ZONE)
        return table

    def _chooser(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"build_zones_{name}")
        box.setAccessibleName(text(f"build_zones.{name}").replace("&", "").rstrip("：:"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(10)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return box

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.only_open)
        bar = QHBoxLayout()
        for name, box in (("zone", self.zone), ("key_area", self.key_area)):
            caption = QLabel(text(f"build_zones.{name}"), self)
            caption.setBuddy(box)
            bar.addWidget(caption)
            bar.addWidget(box, 1)
        bar.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.says)
        layout.addLayout(bar)

    def _fit(self) -> None:
        digit = self.table.fontMetrics().horizontalAdvance("0")
        self.table.resizeColumnsToContents()
        for column, name in enumerate(COLUMNS):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), WIDEST[name] * digit))
        header = self.table.horizontalHeader()
        header.setMinimumSectionSize(7 * digit)
        header.setSectionResizeMode(LISTED, header.ResizeMode.Stretch)

    def _selection_changed(self) -> None:
        self._show_bar()
        self.selected.emit([unit.fid for unit in self.selection()])

    def _show_bar(self) -> None:
        units = self.selection()
        for widget in (self.zone, self.key_area):
            widget.setEnabled(bool(units))
        self.reset.setEnabled(any(unit.how == "chosen" for unit in units))
        self.says.setText(_says(units))
        self._fill_zones(units)
        self._fill_areas(units)

    def _fill_zones(self, units: list[UnitState]) -> None:
        """The zones that lists claim the selected units for come first."""
        self.zone.clear()
        claimed = {code for unit in units for code in unit.zone_options}
        self.zone.addItem(text("build_zones.choose_zone" if units else "build_zones.select_first"), None)
        for code, name in sorted(self._zones, key=lambda item: item[0] not in claimed):
            mark = text("build_zones.claimed") if code in claimed else ""
            self.zone.addItem(f"{code} {name}{mark}", code)
        zones = {unit.zone for unit in units}
        self.zone.setCurrentIndex(max(0, self.zone.findData(zones.pop())) if len(zones) == 1 else 0)

    def _fill_areas(self, units: list[UnitState]) -> None:
        self.key_area.clear()
        self.key_area.addItem(text("build_zones.no_key_area"), None)
        zones = {unit.zone for unit in units}
        for code, name, zone in self._areas:
            if zones == {None} or zone in zones:
                self.key_area.addItem(f"{code} {name}", code)
        areas = {unit.key_area for unit in units}
        self.key_area.setCurrentIndex(max(0, self.key_area.findData(areas.pop())) if len(areas) == 1 else 0)

    def _zone_chosen(self, _index: int) -> None:
        code = self.zone.currentData()
        units = self.selection()
        if not units or (code is None and all(u.zone is None for u in units)):
            return
        kept = {a for a, _, z in self._areas if z == code}
        self.assigned.emit({unit.fid: (code, unit.key_area if unit.key_area in kept else None) for unit in units})

    def _area_chosen(self, _index: int) -> None:
        code = self.key_area.currentData()
        units = self.selection()
        home = next((z for a, _, z in self._areas if a == code), None)
        if units:
            self.assigned.emit({unit.fid: (home or unit.zone, code) for unit in units})


def _says(units: list[UnitState]) -> str:
    if not units:
        return text("build_zones.nothing_selected")
    if len(units) > 1:
        total = sum(unit.area_km2 or 0.0 for unit in units)
        return text("build_zones.several_selected", count=len(units), area=f"{total:,.2f}")
    (unit,) = units
    name = unit.name if unit.county is None else f"{unit.name}（{unit.county}）"
    if unit.zone_options or unit.area_options:
        return text("build_zones.one_undecided", unit=name, codes=list(unit.zone_options or unit.area_options))
    return text(f"build_zones.one_{unit.how}", unit=name, names=list(unit.listed))
