"""The table of areas with its tolerance, as the zone dock and the dialog that builds zones show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..core.texts import text
from .areas_model import COLUMNS, NAME, TOLERANCE_PCT, AreasModel
from .icons import icon

if TYPE_CHECKING:
    from ..core.coverage.areas import AreaTable

FEWEST_LINES = 4


class AreasTable(QWidget):
    """Areas line by line; `chosen(kind, position)` when a zone or key area is selected."""

    chosen = pyqtSignal(str, int)
    tolerance_changed = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = AreasModel(self)
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.tolerance = QDoubleSpinBox(self)
        self.tolerance.setRange(0.01, 10.0)
        self.tolerance.setDecimals(2)
        self.tolerance.setSingleStep(0.1)
        self.tolerance.setSuffix(" %")
        self.tolerance.setValue(TOLERANCE_PCT)
        self.tolerance.setToolTip(text("zone_dock.tolerance_tip"))
        caption = QLabel(text("zone_dock.tolerance"), self)
        caption.setBuddy(self.tolerance)
        self.table = self._make_table()
        top = QHBoxLayout()
        top.addWidget(self.says, 1)
        top.addWidget(caption)
        top.addWidget(self.tolerance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        self.tolerance.valueChanged.connect(self._take_tolerance)
        self.table.activated.connect(lambda index: self.table.selectRow(index.row()))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_chosen())
        self._copy = QAction(icon("copy"), text("dock.copy"), self.table)
        self._copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy.triggered.connect(lambda *_: QGuiApplication.clipboard().setText(self.as_text()))
        self.table.addAction(self._copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.show_areas(None)

    def show_areas(self, zones: AreaTable | None, key_areas: AreaTable | None = None) -> None:
        """Show other numbers."""
        first = not self.model.rowCount()
        self.model.show(zones, key_areas)
        if first and self.model.rowCount():
            self._fit()
        self._say()

    def as_text(self) -> str:
        """The whole table, to be pasted into a spreadsheet."""
        model = self.model
        head = [str(model.headerData(c, Qt.Orientation.Horizontal)) for c in range(len(COLUMNS))]
        rows = [[str(model.data(model.index(r, c))) for c in range(len(COLUMNS))] for r in range(model.rowCount())]
        return "\n".join("\t".join(cells) for cells in [head, *rows])

    def sizeHint(self) -> QSize:
        """Room for a few lines, and no more width than is needed."""
        height = (FEWEST_LINES + 3) * self.table.verticalHeader().defaultSectionSize()
        return QSize(self.minimumSizeHint().width(), height)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("areas")
        table.setAccessibleName(text("zone_dock.areas_name"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(int(table.fontMetrics().height() * 1.5))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(6 * table.fontMetrics().horizontalAdvance("0"))
        return table

    def _fit(self) -> None:
        self.table.resizeColumnsToContents()

    def _say(self) -> None:
        compared = [line for line in self.model.lines() if line.position >= 0 and line.row.within() is not None]
        outside = self.model.count_outside()
        key = "none_compared" if not compared else "all_within" if not outside else "some_outside"
        self.says.setText(
            text(f"zone_dock.{key}", tolerance=f"{self.model.tolerance_pct:g}", outside=outside, count=len(compared))
        )

    def _take_tolerance(self, per_cent: float) -> None:
        self.model.set_tolerance(per_cent)
        self._say()
        self.tolerance_changed.emit(per_cent)

    def _tell_chosen(self) -> None:
        for index in self.table.selectionModel().selectedRows():
            line = self.model.line(index.row())
            if line.position >= 0:
                self.chosen.emit(line.kind, line.position)
