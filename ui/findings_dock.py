"""The dock of the siting check: run it, see what it found, go there, review, export.

It shows a `CheckResult` and says by signals what the planner wants; it knows no layer, no file and
no task.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QModelIndex, QPoint, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QDockWidget,
    QHeaderView,
    QMenu,
    QSplitter,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ..core.siting.findings import CheckResult
from ..core.texts import text
from .filter_bar import FilterBar
from .finding_details import details_html, run_html
from .findings_model import ADVICE, COLUMNS, GRADE, FindingRow, FindingsFilter, FindingsModel, as_table
from .icons import icon
from .live_strip import LiveStrip
from .run_bar import RunBar

#: Widest columns at first, in digits of the interface's font; the advice takes what is left.
WIDEST = {"project": 25, "rule": 17, "grade": 16, "target": 14, "area": 15, "share": 10, "advice": 30, "review": 10}
#: So many lines are looked at for the widths: all of 20 000 would be felt.
LINES_LOOKED_AT = 200
DETAILS_WIDTH = 33
LINES_ASKED_FOR = 17


class _Content(QWidget):
    """Asks for room for a dozen findings, and for no more width than it needs, which QGIS's side panels would lose."""

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), LINES_ASKED_FOR * self.fontMetrics().height())


class FindingsDock(QDockWidget):
    """Results of the check as a table with details, filters and actions."""

    run_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    export_requested = pyqtSignal(str)
    plan_chosen = pyqtSignal(str)
    row_chosen = pyqtSignal(object)
    selection_cleared = pyqtSignal()
    zoom_requested = pyqtSignal(object)
    form_requested = pyqtSignal(object)
    review_requested = pyqtSignal(list)
    sheets_requested = pyqtSignal(list)
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("dock.title"), parent)
        self.setObjectName("RestorationPlannerFindingsDock")
        self._result: CheckResult | None = None
        self._stale = False
        self._fitted = False
        self._selected = 0
        self.model = FindingsModel(self)
        self.proxy = FindingsFilter(self.model, self)
        self.live_strip = LiveStrip(self)
        self.run_bar = RunBar(self)
        self.filter_bar = FilterBar(self.proxy, self)
        self.table = self._make_table()
        self.details = QTextBrowser(self)
        self.details.setAccessibleName(text("dock.details_name"))
        self.details.setOpenLinks(False)
        self.details.setTabChangesFocus(True)
        self._make_actions()
        self._lay_out()
        self._connect()
        self.show_result(None)

    def show_result(self, result: CheckResult | None) -> None:
        """Show another result, or that there is none."""
        self._result, self._stale = result, False
        self.model.show(result)
        header = self.table.horizontalHeader()
        self.model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.filter_bar.refresh()
        self._fit_columns()
        self.run_bar.show_summary(result)
        self._show_details()

    def update_reviews(self, result: CheckResult) -> None:
        """The same result with other reviews: order, selection and place stay."""
        self._result = result
        self.model.update_reviews(result)
        self._show_details()

    def result(self) -> CheckResult | None:
        """What is shown."""
        return self._result

    def set_stale(self, stale: bool) -> None:
        """Say whether layers have changed since the check."""
        if stale != self._stale and self._result is not None:
            self._stale = stale
            self.run_bar.show_summary(self._result, stale)
            self._show_details()

    def selected_rows(self) -> list[FindingRow]:
        """The selected lines, from top to bottom."""
        indexes = sorted(self.table.selectionModel().selectedRows(), key=lambda index: index.row())
        return [self.proxy.finding_row(index) for index in indexes]

    def closeEvent(self, event: object) -> None:
        """Tell that the dock was closed, so that highlights go with it."""
        super().closeEvent(event)
        self.closed.emit()

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("findings")
        table.setAccessibleName(text("dock.table_name"))
        table.setModel(self.proxy)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.verticalHeader().hide()
        digit = table.fontMetrics().horizontalAdvance("0")
        table.verticalHeader().setDefaultSectionSize(int(table.fontMetrics().height() * 1.5))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(4 * digit)
        header.setResizeContentsPrecision(LINES_LOOKED_AT)
        header.setSectionResizeMode(ADVICE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(GRADE, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        return table

    def _fit_columns(self) -> None:
        """Columns as wide as what stands in them, once; later widths are the user's."""
        if self._fitted or not self.proxy.rowCount():
            return
        self._fitted = True
        digit = self.table.fontMetrics().horizontalAdvance("0")
        self.table.resizeColumnsToContents()
        for column, name in enumerate(COLUMNS):
            if column != ADVICE:
                width = min(self.table.columnWidth(column), WIDEST[name] * digit)
                self.table.setColumnWidth(column, width)

    def _make_actions(self) -> None:
        self.zoom_action = self._action("zoom", "Ctrl+Return", self._zoom)
        self.form_action = self._action("form", "Return", self._open_form)
        self.review_action = self._action("review", "Ctrl+R", self._review)
        self.siting_sheet_action = self._action("siting_sheet", "", self._ask_sheets)
        self.copy_action = self._action("copy", QKeySequence(QKeySequence.StandardKey.Copy), self._copy)
        self._find_action = QAction(text("dock.search_name"), self)
        self._find_action.setObjectName("restoration_planner_findings_search")
        self._find_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        self._find_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._find_action.triggered.connect(self.filter_bar.start_search)
        self.addAction(self._find_action)

    def _action(self, name: str, shortcut: str | QKeySequence, slot: object) -> QAction:
        action = QAction(icon(name), text(f"dock.{name}"), self)
        action.setObjectName(f"restoration_planner_findings_{name}")
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self.table.addAction(action)
        return action

    def _lay_out(self) -> None:
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(self.table)
        body.addWidget(self.details)
        body.setStretchFactor(0, 1)
        body.setStretchFactor(1, 0)
        body.setCollapsible(0, False)
        details = DETAILS_WIDTH * self.fontMetrics().horizontalAdvance("0")
        body.setSizes([3 * details, details])
        content = _Content(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.live_strip)
        layout.addWidget(self.run_bar)
        layout.addWidget(self.filter_bar)
        layout.addWidget(body, 1)
        self.setWidget(content)
        for before, after in zip(self.filter_bar.tab_order(), [*self.filter_bar.tab_order()[1:], self.table]):
            self.setTabOrder(before, after)
        self.setTabOrder(self.table, self.details)

    def _connect(self) -> None:
        self.run_bar.run_requested.connect(self.run_requested)
        self.run_bar.cancel_requested.connect(self.cancel_requested)
        self.run_bar.export_requested.connect(self.export_requested)
        self.run_bar.plan_chosen.connect(self.plan_chosen)
        self.run_bar.notes_requested.connect(self.table.clearSelection)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.proxy.layoutChanged.connect(self._lines_filtered)
        self.table.doubleClicked.connect(self._double_clicked)
        self.table.customContextMenuRequested.connect(self._show_menu)

    def _lines_filtered(self) -> None:
        """Selected lines that a filter hides are no longer selected, which Qt tells nobody."""
        if len(self.table.selectionModel().selectedRows()) != self._selected:
            self._selection_changed()

    def _selection_changed(self) -> None:
        self._show_details()
        rows = self.selected_rows()
        self._selected = len(rows)
        if len(rows) == 1:
            self.row_chosen.emit(rows[0])
        elif not rows:
            self.selection_cleared.emit()

    def _double_clicked(self, index: QModelIndex) -> None:
        self.form_requested.emit(self.proxy.finding_row(index))

    def _show_menu(self, position: QPoint) -> None:
        if self.selected_rows():
            self.context_menu().popup(self.table.viewport().mapToGlobal(position))

    def context_menu(self) -> QMenu:
        """The menu of the selected lines; Qt deletes it once it is closed."""
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = self.selected_rows()
        self.review_action.setEnabled(any(row.finding is not None for row in rows))
        self.zoom_action.setEnabled(len(rows) == 1)
        self.form_action.setEnabled(len(rows) == 1)
        menu.addActions([self.zoom_action, self.form_action])
        menu.addSeparator()
        menu.addActions([self.review_action, self.siting_sheet_action])
        menu.addSeparator()
        menu.addAction(self.copy_action)
        return menu

    def _show_details(self) -> None:
        rows: Sequence[FindingRow] = self.selected_rows()
        if len(rows) == 1:
            self.details.setHtml(details_html(rows[0]))
        elif self._result is not None:
            self.details.setHtml(run_html(self._result, self._stale))
        else:
            self.details.setPlainText(self.run_bar.summary.text())

    def _zoom(self) -> None:
        for row in self.selected_rows()[:1]:
            self.zoom_requested.emit(row)

    def _open_form(self) -> None:
        for row in self.selected_rows()[:1]:
            self.form_requested.emit(row)

    def _review(self) -> None:
        rows = [row for row in self.selected_rows() if row.finding is not None]
        if rows:
            self.review_requested.emit(rows)

    def _ask_sheets(self) -> None:
        """The projects of the selected lines, each once, by their feature ids."""
        features = list(dict.fromkeys(row.project.fid for row in self.selected_rows()))
        if features:
            self.sheets_requested.emit(features)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_table(self.selected_rows()))
