"""The tab with what is wrong with the coverage, and what can be done about it, shown before it is done."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...core.errors import PlannerError
from ...core.texts import text
from ..icons import icon
from ..import_dialog.tables import OrNothing, dress
from .problems_model import WHERE, ProblemsModel, kind_caption

if TYPE_CHECKING:
    from ...core.coverage.mending import Mending
    from ...core.coverage.problems import Problem

MOST_LISTED = 500


class ProblemsTab(QWidget):
    """What the planner wants is said by signals; `shown(problem, mending)` is what the map should show."""

    check_requested = pyqtSignal()
    save_requested = pyqtSignal()
    shown = pyqtSignal(object, object)
    zoom_requested = pyqtSignal(object)
    cleared = pyqtSignal()
    mend_requested = pyqtSignal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mendings: list[Mending] = []
        self._quiet = False
        self.count = 0
        self.model = ProblemsModel(self)
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.check_button = self._button("check", "check")
        self.save_button = self._button("save", "save_zones")
        self.table = self._make_table()
        self.body = OrNothing(self.table, text("zone_dock.no_problems"), self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mendings = QListWidget(self)
        self.mendings.setObjectName("mendings")
        self.mendings.setAccessibleName(text("zone_dock.mendings_name"))
        self.mendings.setWordWrap(True)
        self.mend_button = self._button("mend", "mend")
        self._lay_out()
        self._zoom_action = QAction(icon("zoom"), text("dock.zoom"), self.table)
        self._zoom_action.setShortcut(QKeySequence("Ctrl+Return"))
        self._zoom_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._zoom_action.triggered.connect(self._zoom)
        self.table.addAction(self._zoom_action)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.check_button.clicked.connect(lambda *_: self.check_requested.emit())
        self.save_button.clicked.connect(lambda *_: self.save_requested.emit())
        self.mend_button.clicked.connect(lambda *_: self._mend())
        self.table.doubleClicked.connect(lambda *_: self._zoom())
        # Enter chooses what the keyboard stands on: entering the table by Tab alone must not move the map
        self.table.activated.connect(lambda index: self.table.selectRow(index.row()))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_details(self.selection()))
        self.mendings.currentRowChanged.connect(self._mending_changed)
        self.mendings.itemActivated.connect(lambda *_: self._mend())
        self._show_details(None)
        self.show_state("zone_dock.not_checked")

    def show_problems(self, problems: list[Problem]) -> None:
        """Show what is wrong now; the selected problem stays selected where it is still there."""
        before = self.selection()
        self.count = len(problems)
        self.model.show(problems[:MOST_LISTED])
        self.body.show_full(bool(problems))
        counts = Counter(problem.kind for problem in problems)
        if problems:
            parts = [text("zone_dock.counted", kind=kind_caption(kind), count=n) for kind, n in counts.items()]
            self.says.setText(text("zone_dock.problems", count=len(problems), kinds=parts))
        else:
            self.show_state("zone_dock.sound")
        row = self.model.row_like(before) if before is not None else -1
        if row >= 0:
            self._quiet = True  # it is on the map already, and the map may have been moved since
            self.table.selectRow(row)
            self._quiet = False
        else:
            self._show_details(None)
            if before is not None:
                self.cleared.emit()

    def show_state(self, key: str) -> None:
        """Say how things stand where no problems are listed."""
        self.says.setText(text(key))
        if not self.model.rowCount():
            self.body.show_full(False)
            self.body.label.setText(text("zone_dock.no_problems" if key == "zone_dock.sound" else key))

    def set_checking(self, checking: bool) -> None:
        """Whether a full check is under way."""
        self.check_button.setEnabled(not checking)
        if checking:
            self.says.setText(text("zone_dock.checking"))

    def selection(self) -> Problem | None:
        """The selected problem."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.problem(rows[0].row()) if rows else None

    def mending(self) -> Mending | None:
        """The selected mending."""
        row = self.mendings.currentRow()
        return self._mendings[row] if 0 <= row < len(self._mendings) else None

    def _button(self, name: str, picture: str) -> QPushButton:
        button = QPushButton(icon(picture), text(f"zone_dock.{name}"), self)
        button.setObjectName(f"zone_dock_{name}_button")
        button.setToolTip(text(f"zone_dock.{name}_tip"))
        return button

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("problems")
        dress(table, text("zone_dock.problems_name"))
        table.setModel(self.model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = table.horizontalHeader()
        digit = table.fontMetrics().horizontalAdvance("0")
        table.setColumnWidth(0, 22 * digit)
        table.setColumnWidth(2, 15 * digit)
        header.setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.says, 1)
        top.addWidget(self.check_button)
        top.addWidget(self.save_button)
        right = QWidget(self)
        details = QVBoxLayout(right)
        details.setContentsMargins(4, 0, 0, 0)
        details.setSpacing(4)
        details.addWidget(self.message)
        details.addWidget(self.mendings, 1)
        details.addWidget(self.mend_button, 0, Qt.AlignmentFlag.AlignRight)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(self.body)
        body.addWidget(right)
        body.setStretchFactor(0, 1)
        digit = self.fontMetrics().horizontalAdvance("0")
        body.setSizes([80 * digit, 56 * digit])
        body.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(body, 1)

    def _show_details(self, problem: Problem | None) -> None:
        """What is wrong, and the ways to mend it: worked out now, for this problem only."""
        self.mendings.blockSignals(True)
        self.mendings.clear()
        self.mendings.blockSignals(False)
        self._mendings = []
        sentence = text("zone_dock.select_problem") if self.model.rowCount() else ""
        if problem is not None:
            sentence = str(problem.message())
            try:
                self._mendings = problem.mendings
            except PlannerError as error:
                sentence = f"{sentence}\n{error}"
            if not self._mendings:
                sentence = f"{sentence}\n{text('zone_dock.no_mending')}"
        self.message.setText(sentence)
        self.mendings.setVisible(bool(self._mendings))
        self.mend_button.setVisible(bool(self._mendings))
        if problem is not None and not self._quiet:
            self.shown.emit(problem, None)
        self.mendings.addItems([str(mending.caption) for mending in self._mendings])
        self.mend_button.setEnabled(False)

    def _mending_changed(self, row: int) -> None:
        self.mend_button.setEnabled(row >= 0)
        problem = self.selection()
        if problem is not None and row >= 0:
            self.shown.emit(problem, self._mendings[row])

    def _zoom(self) -> None:
        problem = self.selection()
        if problem is not None:
            self.zoom_requested.emit(problem)

    def _mend(self) -> None:
        problem, mending = self.selection(), self.mending()
        if problem is not None and mending is not None:
            self.mend_requested.emit(problem, mending)
