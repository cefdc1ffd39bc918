"""Stated against measured areas of zones and key areas as a table, coloured by tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont

from ..core.palette import GRADE_COLOURS
from ..core.texts import text
from .icons import swatch

if TYPE_CHECKING:
    from ..core.coverage.areas import AreaRow, AreaTable

COLUMNS = ("name", "stated", "measured", "difference", "difference_pct", "share", "stated_share")
NAME, STATED, MEASURED, DIFFERENCE, DIFFERENCE_PCT, SHARE, STATED_SHARE = range(len(COLUMNS))
TOLERANCE_PCT = 0.5
#: Ink and ground of a difference, within and out of tolerance; set together, for light and dark themes alike.
COLOURS = {True: ("#14532d", "#dcf3e3"), False: ("#7a0c1c", "#fde2e5")}
MARKS = {True: GRADE_COLOURS["pass"], False: GRADE_COLOURS["violation"], None: GRADE_COLOURS["undetermined"]}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class AreaLine:
    """A line of the table: a zone or key area (`position` in its layer), a sum, or the plan's total."""

    kind: str
    row: AreaRow
    position: int = -1
    rest_pct: float | None = None

    def caption(self) -> str:
        """What stands in its first cell."""
        if self.kind in ("restoration_zone", "key_area"):
            return f"{self.row.code} {self.row.name or ''}".strip()
        return text(f"zone_dock.line_{self.kind}")


class AreasModel(QAbstractTableModel):
    """Zones with their sum and the plan's total, then key areas with theirs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[AreaLine] = []
        self.tolerance_pct = TOLERANCE_PCT

    def show(self, zones: AreaTable | None, key_areas: AreaTable | None = None) -> None:
        """Show other numbers; where the lines are the same ones, selection and place stay."""
        lines = _lines(zones, key_areas)
        if [line.caption() for line in lines] == [line.caption() for line in self._lines]:
            self._lines = lines
            self.refresh()
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def set_tolerance(self, per_cent: float) -> None:
        """Colour by another tolerance."""
        self.tolerance_pct = per_cent
        self.refresh()

    def refresh(self) -> None:
        """All cells may have changed."""
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(COLUMNS) - 1))

    def line(self, row: int) -> AreaLine:
        """The line of a row."""
        return self._lines[row]

    def lines(self) -> list[AreaLine]:
        """All lines."""
        return list(self._lines)

    def count_outside(self) -> int:
        """How many zones and key areas are out of tolerance."""
        return sum(line.position >= 0 and line.row.within(self.tolerance_pct) is False for line in self._lines)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"zone_dock.head_{COLUMNS[section]}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return text(f"zone_dock.head_{COLUMNS[section]}_tip")
        if role == Qt.ItemDataRole.TextAlignmentRole and section != NAME:
            return _RIGHT
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        line, column = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.caption() if column == NAME else _number(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column != NAME:
            return _RIGHT
        within = line.row.within(self.tolerance_pct)
        if column in (DIFFERENCE, DIFFERENCE_PCT) and within is not None:
            if role == Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(COLOURS[within][0]))
            if role == Qt.ItemDataRole.BackgroundRole:
                return QBrush(QColor(COLOURS[within][1]))
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return swatch(MARKS[within])
        if role == Qt.ItemDataRole.FontRole and line.position < 0:
            font = QFont()
            font.setBold(True)
            return font
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if column == NAME:
                return f"{line.caption()} · {self.verdict(line)}"
            return self.verdict(line) if role == Qt.ItemDataRole.ToolTipRole else None
        return None

    def verdict(self, line: AreaLine) -> str:
        """Whether a line agrees, in words: colour alone tells not everybody."""
        within = line.row.within(self.tolerance_pct)
        if within is None:
            missing = "stated" if line.row.stated_km2 is None else "measured"
            return text(f"zone_dock.no_{missing}")
        return text("zone_dock.within" if within else "zone_dock.outside", tolerance=f"{self.tolerance_pct:g}")


def _lines(zones: AreaTable | None, key_areas: AreaTable | None) -> list[AreaLine]:
    lines = []
    if zones is not None and zones.rows:
        lines += [AreaLine("restoration_zone", row, position) for position, row in enumerate(zones.rows)]
        lines.append(AreaLine("sum", zones.sum))
        if zones.total_km2 is not None:
            lines.append(AreaLine("total", zones.against_total))
    if key_areas is not None and key_areas.rows:
        lines += [AreaLine("key_area", row, position) for position, row in enumerate(key_areas.rows)]
        lines.append(AreaLine("key_sum", key_areas.sum))
    return lines


def _number(line: AreaLine, column: int) -> str:
    row = line.row
    value = (
        None,
        row.stated_km2,
        row.measured_km2 if row.printed_km2 is None else row.printed_km2,
        row.difference_km2,
        row.difference_pct,
        row.share_pct,
        row.stated_share_pct,
    )[column]
    if value is None:
        return "–"
    sign = "+" if column in (DIFFERENCE, DIFFERENCE_PCT) else ""
    digits = 3 if column == DIFFERENCE_PCT else 2
    shown = f"{value:{sign},.{digits}f}"
    return shown.replace("-", "−")
