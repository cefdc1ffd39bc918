"""Pairs of projects that may be entered twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..icons import icon
from ..import_dialog.tables import OrNothing, dress, right_aligned

if TYPE_CHECKING:
    from ...core.projects.alike import Pair
    from ...core.projects.lines import ProjectLine

COLUMNS = ("first", "second", "likeness", "overlap", "reasons")


class PairsModel(QAbstractTableModel):
    """One line a pair."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[Pair] = []

    def show(self, pairs: list[Pair]) -> None:
        """Show other pairs."""
        self.beginResetModel()
        self._pairs = pairs
        self.endResetModel()

    def pair(self, row: int) -> Pair:
        """The pair of a row."""
        return self._pairs[row]

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of pairs."""
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"project_list.pair_{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (2, 3):
            return right_aligned()
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        pair, column = self._pairs[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (
                title(pair.first),
                title(pair.second),
                f"{pair.likeness:.0%}",
                "–" if pair.overlap is None else f"{pair.overlap:.0%}",
                text("project_list.and").join(str(reason) for reason in pair.reasons),
            )[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (2, 3):
            return right_aligned()
        return None


class AlikeTab(QWidget):
    """What is found is shown by `show_pairs`; pairs that are none are left out until QGIS is closed."""

    look_requested = pyqtSignal()
    shown = pyqtSignal(list)
    form_requested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[Pair] = []
        self._refused: set[tuple[int, int]] = set()
        self.model = PairsModel(self)
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.look_button = self._button("look", "check")
        self.show_button = self._button("show_both", "zoom")
        self.refuse_button = self._button("no_pair", "cancel")
        self.table = QTableView(self)
        self.table.setObjectName("project_list_pairs")
        dress(self.table, text("project_list.pairs"))
        self.table.setModel(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        digit = self.table.fontMetrics().horizontalAdvance("0")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((2, 11), (3, 11)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, width * digit)
        self.body = OrNothing(self.table, text("project_list.not_looked"), self)
        top = QHBoxLayout()
        top.addWidget(self.says, 1)
        for button in (self.look_button, self.show_button, self.refuse_button):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.body, 1)
        self.look_button.clicked.connect(lambda *_: self.look_requested.emit())
        self.show_button.clicked.connect(lambda *_: self._show_both())
        self.refuse_button.clicked.connect(lambda *_: self._refuse())
        self.table.activated.connect(lambda *_: self._show_both())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.forget()

    def forget(self) -> None:
        """Another plan: nothing is known of it yet."""
        self._refused = set()
        self._pairs = []
        self.model.show([])
        self.body.show_full(False)
        self.body.label.setText(text("project_list.not_looked"))
        self.says.setText("")
        self._allow()

    def show_looking(self) -> None:
        """Say that it is being looked for."""
        self.look_button.setEnabled(False)
        self.says.setText(text("project_list.looking"))

    def show_pairs(self, pairs: list[Pair]) -> None:
        """Show what was found."""
        self.look_button.setEnabled(True)
        self._pairs = pairs
        shown = [pair for pair in pairs if pair.key not in self._refused]
        self.model.show(shown)
        self.body.show_full(bool(shown))
        self.body.label.setText(text("project_list.no_pairs"))
        self.says.setText(text("project_list.pairs_found", count=len(shown)) if shown else "")
        self._allow()

    def set_stale(self) -> None:
        """Say that projects have changed since it was looked."""
        if self._pairs:
            self.says.setText(text("project_list.pairs_stale"))

    def selection(self) -> Pair | None:
        """The selected pair."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.pair(rows[0].row()) if rows else None

    def _show_both(self) -> None:
        pair = self.selection()
        if pair is not None:
            self.shown.emit([pair.first.fid, pair.second.fid])

    def _refuse(self) -> None:
        pair = self.selection()
        if pair is not None:
            self._refused.add(pair.key)
            self.show_pairs(self._pairs)

    def _allow(self) -> None:
        for button in (self.show_button, self.refuse_button):
            button.setEnabled(self.selection() is not None)

    def _button(self, name: str, picture: str) -> QPushButton:
        button = QPushButton(icon(picture), text(f"project_list.{name}"), self)
        button.setObjectName(f"project_list_{name}_button")
        button.setToolTip(text(f"project_list.{name}_tip"))
        return button


def title(line: ProjectLine) -> str:
    """Code and name of a project."""
    return "  ".join(part for part in (line.code, line.name) if part) or text("dock.no_code")
