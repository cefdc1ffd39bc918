"""The units of a draft as a table: where each belongs and how that was found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor

from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from ..icons import swatch

if TYPE_CHECKING:
    from ...core.plan.zone_draft import UnitState

COLUMNS = ("unit", "county", "zone", "key_area", "how", "listed", "area")
UNIT, COUNTY, ZONE, KEY_AREA, HOW, LISTED, AREA = range(len(COLUMNS))
#: What needs a decision, and what was settled: ink and ground together, for light and dark themes alike.
OPEN_COLOURS = ("#6b3a00", "#ffedd0")
CHOSEN_COLOURS = ("#123c69", "#e1edfa")
OPEN_MARK, CHOSEN_MARK, SURE_MARK = GRADE_COLOURS["review"], GRADE_COLOURS["permitted"], GRADE_COLOURS["pass"]
SORT_ROLE = Qt.ItemDataRole.UserRole


class UnitsModel(QAbstractTableModel):
    """One line a unit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._units: list[UnitState] = []
        self._names: dict[str, str] = {}
        self._colours: dict[str, str] = {}

    def show(self, units: list[UnitState], names: dict[str, str], colours: dict[str, str]) -> None:
        """Show units; `names` and `colours` are those of zones and key areas, by code."""
        same = [u.fid for u in units] == [u.fid for u in self._units]
        if not same:
            self.beginResetModel()
        self._units, self._names, self._colours = units, names, colours
        if not same:
            self.endResetModel()
        elif units:
            self.dataChanged.emit(self.index(0, 0), self.index(len(units) - 1, len(COLUMNS) - 1))

    def unit(self, row: int) -> UnitState:
        """The unit of a row."""
        return self._units[row]

    def row_of(self, fid: int) -> int:
        """The row of a unit, or -1."""
        return next((row for row, unit in enumerate(self._units) if unit.fid == fid), -1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many units there are."""
        return 0 if parent.isValid() else len(self._units)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"build_zones.head_{COLUMNS[section]}")
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        unit, column = self._units[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(unit, column)
        if role == SORT_ROLE:
            return self._sorted(unit, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._mark(unit, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(unit, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == AREA:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.BackgroundRole) and column in (ZONE, KEY_AREA, HOW):
            colours = OPEN_COLOURS if _needs(unit, column) else CHOSEN_COLOURS if unit.how == "chosen" else None
            if colours is not None:
                return QBrush(QColor(colours[role == Qt.ItemDataRole.BackgroundRole]))
        return None

    def _shown(self, unit: UnitState, column: int) -> str:
        if column == UNIT:
            return unit.name
        if column == COUNTY:
            return unit.county or "–"
        if column == ZONE:
            return _code(unit.zone, unit.zone_options)
        if column == KEY_AREA:
            return _code(unit.key_area, unit.area_options, nothing="–")
        if column == HOW:
            return text(f"build_zones.how_{unit.how}")
        if column == LISTED:
            return "、".join(dict.fromkeys(unit.listed)) or "–"
        return "–" if unit.area_km2 is None else f"{unit.area_km2:,.2f}"

    def _sorted(self, unit: UnitState, column: int) -> Any:
        if column == AREA:
            return -1.0 if unit.area_km2 is None else unit.area_km2
        return f"{0 if column in (ZONE, HOW) and unit.is_open else 1}{self._shown(unit, column)}"

    def _mark(self, unit: UnitState, column: int) -> Any:
        if column == UNIT:
            return swatch(OPEN_MARK if unit.is_open else CHOSEN_MARK if unit.how == "chosen" else SURE_MARK)
        if column == ZONE and unit.zone is not None:
            return swatch(self._colours.get(unit.zone, "#ffffff"))
        return None

    def _tip(self, unit: UnitState, column: int) -> str:
        if column == ZONE:
            return "\n".join(f"{c} {self._names.get(c, '')}" for c in ([unit.zone] if unit.zone else unit.zone_options))
        if column == KEY_AREA:
            codes = [unit.key_area] if unit.key_area else unit.area_options
            return "\n".join(f"{c} {self._names.get(c, '')}" for c in codes)
        if column == HOW:
            return text(f"build_zones.how_{unit.how}_tip")
        return self._shown(unit, column)


class UnitsFilter(QSortFilterProxyModel):
    """Only the open ones, or those whose words contain what is searched for."""

    def __init__(self, model: UnitsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)
        self._words = ""
        self._only_open = False
        self._kept: set[int] = set()

    def search(self, words: str) -> None:
        """Show what contains words."""
        self._words = words.strip().casefold()
        self.invalidateFilter()

    def show_only_open(self, only: bool) -> None:
        """Show only what needs a decision; what is decided from now on stays in sight until this is called again."""
        self._only_open = only
        model = self.sourceModel()
        self._kept = {row for row in range(model.rowCount()) if model.unit(row).is_open}
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        """Whether a row is shown."""
        model = self.sourceModel()
        if self._only_open and row not in self._kept and not model.unit(row).is_open:
            return False
        if not self._words:
            return True
        return any(
            self._words in str(model.data(model.index(row, c, parent))).casefold() for c in (UNIT, COUNTY, ZONE, LISTED)
        )


def _needs(unit: UnitState, column: int) -> bool:
    return bool(unit.area_options) if column == KEY_AREA else unit.is_open


def _code(code: str | None, options: tuple[str, ...], nothing: str = "") -> str:
    if code is not None:
        return code
    return " / ".join(options) + " ?" if options else nothing or text("build_zones.no_zone")
