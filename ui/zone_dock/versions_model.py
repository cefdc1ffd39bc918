"""Versions, and what changed between two of them, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QFont

from ...core.texts import text

if TYPE_CHECKING:
    from ...core.coverage.changes import TownMoved, ZoneChange, ZoneChanges
    from ...core.coverage.versions import Version

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Table(QAbstractTableModel):
    """Rows of texts under captions; `FIRST_NUMBER` and the columns behind it are numbers."""

    COLUMNS: tuple[str, ...] = ()
    NAME = ""
    FIRST_NUMBER = 99

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Any] = []

    def show(self, items: Sequence[Any]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def item(self, row: int) -> Any:
        """What a row stands for."""
        return self._items[row]

    def cells(self, item: Any) -> Sequence[str]:
        """A row's cells."""
        raise NotImplementedError

    def tip(self, item: Any) -> str:
        """What is said of a row."""
        return "\n".join(cell for cell in self.cells(item) if cell not in ("", "–"))

    def is_bold(self, _item: Any) -> bool:
        """Whether a row stands out."""
        return False

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"zone_dock.{self.NAME}_{self.COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and section >= self.FIRST_NUMBER:
            return _RIGHT
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(item)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(item)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= self.FIRST_NUMBER:
            return _RIGHT
        if role == Qt.ItemDataRole.FontRole and self.is_bold(item):
            font = QFont()
            font.setBold(True)
            return font
        return None


class VersionsModel(_Table):
    """The latest first."""

    COLUMNS = ("name", "saved_at", "author", "note")
    NAME = "version"

    def cells(self, item: Version) -> Sequence[str]:
        """Name, time, who, note."""
        return item.name, item.saved_at.replace("T", " ")[:16], item.author or "–", item.note or "–"


class ZoneChangesModel(_Table):
    """Zones and key areas whose ground changed: gained, lost, net."""

    COLUMNS = ("name", "gained", "lost", "net")
    NAME = "change"
    FIRST_NUMBER = 1

    def show_changes(self, changes: ZoneChanges | None) -> None:
        """Show what changed."""
        found = [] if changes is None else [c for c in (*changes.zones, *changes.key_areas) if c.changed]
        self.show(found)

    def cells(self, item: ZoneChange) -> Sequence[str]:
        """Name, km² gained, lost and both together."""
        name = item.code if item.name is None or item.name == item.code else f"{item.code} {item.name}"
        return name, _km2(item.gained_km2, "+"), _km2(-item.lost_km2, "+"), _km2(item.net_km2, "+")


class TownChangesModel(_Table):
    """Towns with ground that changed zone; those that changed as a whole stand out."""

    COLUMNS = ("town", "zones", "moved", "moved_pct")
    NAME = "change"
    FIRST_NUMBER = 2

    def cells(self, item: TownMoved) -> Sequence[str]:
        """Town, from where to where, km² and share of it."""
        name = item.name if item.county is None else f"{item.name}（{item.county}）"
        none = text("zone_versions.none")
        pairs = item.parts or [(item.before, item.after, 0.0)]
        zones = "；".join(f"{before or none} → {after or none}" for before, after, _ in pairs)
        moved = "–" if item.moved_km2 is None else _km2(item.moved_km2)
        return name, zones, moved, "–" if item.moved_pct is None else f"{item.moved_pct:.1f}"

    def is_bold(self, item: TownMoved) -> bool:
        """A town that lies in another zone now."""
        return item.changed_zone


def _km2(value: float, sign: str = "") -> str:
    if abs(value) < 0.005:
        return "0.00" if abs(value) * 1e6 < 1 else f"{value:{sign}.4f}".replace("-", "−")
    return f"{value:{sign},.2f}".replace("-", "−")
