"""The tab with what was mended or left out, and beside it the map that goes to the chosen feature."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHeaderView, QLabel, QSplitter, QTableView, QVBoxLayout, QWidget

from ...core.texts import text
from .map_view import MapView, SketchLayers
from .repairs_model import CHANGED, REASON, RepairsModel
from .tables import OrNothing, dress
from .values import Ready, no_mnemonic, sentence


class RepairsTab(QWidget):
    """Table, total, map."""

    def __init__(self, layers: SketchLayers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RepairsModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress(self.table, no_mnemonic(text("import_dialog.tab.repairs")))
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(CHANGED, Qt.SortOrder.DescendingOrder)
        header = self.table.horizontalHeader()
        for column in range(self.model.columnCount()):
            taking = column == REASON
            mode = QHeaderView.ResizeMode.Stretch if taking else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.view = MapView(layers, self)
        self.view.canvas.setAccessibleName(text("import_dialog.repairs_map"))
        self.where = QLabel(text("import_dialog.repairs_hint"), self)
        self.where.setWordWrap(True)
        self.total = QLabel(self)
        self.total.setWordWrap(True)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(self.table)
        self.split.addWidget(self.view)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes([760, 260])
        full = QWidget(self)
        inside = QVBoxLayout(full)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.where)
        inside.addWidget(self.split, 1)
        inside.addWidget(self.total)
        self.body = OrNothing(full, text("import_dialog.no_repairs"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.body)

    def show_ready(self, ready: Ready) -> None:
        """Show what was done to the features."""
        changes = ready.proposal.changes
        self.model.show(changes)
        self.body.show_full(bool(changes))
        total = [sentence(m) for m in ready.report.mendings() if m.id == "intake.mended_total"]
        self.total.setText(total[0] if total else "")
        self.where.setText(text("import_dialog.repairs_hint"))

    def _chosen(self, *_: object) -> None:
        index = self.table.currentIndex()
        if not index.isValid():
            return
        name = str(self.model.change(index.row()).id)
        shown = self.view.show_feature(name)
        self.where.setText(text("import_dialog.repairs_hint" if shown else "import_dialog.repairs_no_shape", id=name))
