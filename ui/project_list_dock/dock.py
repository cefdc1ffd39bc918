"""The dock: filters and table, totals, look-alikes; it knows no layer, no file and no task."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QItemSelection, QItemSelectionModel, QPoint, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QDockWidget,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.projects.filtering import choose, without_years
from ...core.texts import text
from ..icons import icon
from ..import_dialog.tables import OrNothing, dress
from .alike_tab import AlikeTab
from .filter_bar import CountLabel, ProjectFilterBar
from .projects_model import CODE, COLUMNS, NAME, ProjectsModel
from .totals_tab import TotalsTab

if TYPE_CHECKING:
    from ...core.projects.lines import ProjectLines

#: Columns at first, in digits of the interface's font; the name takes what is left.
WIDTHS = {"code": 12, "programme": 13, "kind": 18, "grade": 13, "zone": 10, "period": 14, "area": 17, "department": 22}
LINES_ASKED_FOR = 17


class _Content(QWidget):
    """Asks for room for a dozen projects, and for no more width than it needs."""

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), LINES_ASKED_FOR * self.fontMetrics().height())


class ProjectListDock(QDockWidget):
    """The projects of a plan.

    Signals
    -------
    selected(fids)
        The user chose other projects in the table.
    zoom_requested(fids), form_requested(fid), edit_requested(fids)
        What the planner wants.
    look_requested()
        Look for projects that are entered twice.
    """

    selected = pyqtSignal(list)
    zoom_requested = pyqtSignal(list)
    form_requested = pyqtSignal(int)
    edit_requested = pyqtSignal(list)
    look_requested = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("project_list.title"), parent)
        self.setObjectName("RestorationPlannerProjectListDock")
        self._projects: ProjectLines | None = None
        self._chosen: set[int] = set()
        self._quiet = False
        self.model = ProjectsModel(self)
        self.filters = ProjectFilterBar(self)
        self.table = self._make_table()
        self.body = OrNothing(self.table, text("project_list.no_plan"), self)
        self.shown = CountLabel(self)
        self.selection_says = QLabel(self)
        self.totals = TotalsTab(self)
        self.alike = AlikeTab(self)
        self._make_actions()
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        for name, tab in (("list", self._list_tab()), ("totals", self.totals), ("alike", self.alike)):
            self.tabs.addTab(tab, text(f"project_list.tab_{name}"))
        self.tabs.setCornerWidget(self._buttons(), Qt.Corner.TopRightCorner)
        content = _Content(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.setWidget(content)
        self._connect()
        self.show_state("project_list.no_plan")

    # --- what is shown -------------------------------------------------------------------------

    def show_projects(self, projects: ProjectLines) -> None:
        """Show a plan's projects as they are now; filters, order and selection stay."""
        self._projects = projects
        self.filters.offer(projects)
        self._filter()

    def show_state(self, key: str, **params: object) -> None:
        """Say why there is no list."""
        self._projects = None
        self.filters.offer(None)
        self._chosen = set()
        self.model.show(None, [])
        self.body.show_full(False)
        self.body.label.setText(text(key, **params))
        self.totals.show_lines(None, [])
        self.shown.say(0, 0, 0, None)
        self._tell_selection()

    def select(self, fids: Iterable[int]) -> None:
        """Select what is selected on the map; what the filter hides is kept in mind and counted."""
        self._chosen = set(fids)
        self._select_rows(scroll=True)

    def selected_fids(self) -> list[int]:
        """The selected projects that can be seen, from top to bottom."""
        return [self.model.line(row).fid for row in self._selected_rows()]

    def projects(self) -> ProjectLines | None:
        """What is shown, before filtering."""
        return self._projects

    def closeEvent(self, event: object) -> None:
        """Tell that the dock was closed."""
        super().closeEvent(event)
        self.closed.emit()

    # --- making it -----------------------------------------------------------------------------

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("project_list")
        dress(table, text("project_list.table_name"))
        table.setModel(self.model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.verticalHeader().setDefaultSectionSize(int(table.fontMetrics().height() * 1.35))  # many are to be seen
        digit = table.fontMetrics().horizontalAdvance("0")
        header = table.horizontalHeader()
        header.setMinimumSectionSize(5 * digit)
        for column, name in enumerate(COLUMNS):
            if column != NAME:
                table.setColumnWidth(column, WIDTHS[name] * digit)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(CODE, Qt.SortOrder.AscendingOrder)
        header.setSectionsMovable(True)
        table.setSortingEnabled(True)
        return table

    def _list_tab(self) -> QWidget:
        tab = QWidget(self)
        below = QHBoxLayout()
        below.addWidget(self.shown)
        below.addStretch(1)
        below.addWidget(self.selection_says)
        layout = QVBoxLayout(tab)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.filters)
        layout.addWidget(self.body, 1)
        layout.addLayout(below)
        return tab

    def _make_actions(self) -> None:
        self.zoom_action = self._action("zoom", "Ctrl+Return", self._zoom)
        self.form_action = self._action("form", "Return", self._open_form)
        self.edit_action = self._action("bulk_edit", "Ctrl+E", self._edit)
        self.copy_action = self._action("copy", QKeySequence(QKeySequence.StandardKey.Copy), self._copy)
        find = QAction(text("project_list.search_name"), self)
        find.setObjectName("project_list_find")
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(lambda *_: self._start_search())
        self.addAction(find)

    def _action(self, name: str, shortcut: str | QKeySequence, slot: object) -> QAction:
        action = QAction(icon(name), text(f"project_list.{name}"), self)
        action.setObjectName(f"project_list_{name}_action")
        action.setToolTip(text(f"project_list.{name}_tip"))
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self.table.addAction(action)
        return action

    def _buttons(self) -> QWidget:
        place = QWidget(self)
        layout = QHBoxLayout(place)
        layout.setContentsMargins(0, 1, 4, 1)
        layout.setSpacing(2)
        for action in (self.zoom_action, self.form_action, self.edit_action, self.copy_action):
            button = QToolButton(place)
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            if action is self.edit_action:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            layout.addWidget(button)
        return place

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.table.doubleClicked.connect(lambda index: self.form_requested.emit(self.model.line(index.row()).fid))
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.alike.look_requested.connect(self.look_requested)
        self.alike.shown.connect(self._show_both)
        self.totals.group_chosen.connect(self._choose_group)

    # --- doing it ------------------------------------------------------------------------------

    def _filter(self) -> None:
        projects = self._projects
        if projects is None:
            return
        wanted = self.filters.wanted()
        lines = choose(projects.lines, wanted)
        self._quiet = True
        self.model.show(projects, lines)
        self._quiet = False
        self.body.show_full(bool(lines))
        empty = "project_list.none_fit" if projects.lines else "project_list.no_projects"
        self.body.label.setText(text(empty))
        self.shown.say(len(lines), len(projects.lines), len(without_years(projects.lines, wanted)), wanted.year)
        self.totals.show_lines(projects, lines)
        self._select_rows(scroll=False)

    def _select_rows(self, scroll: bool) -> None:
        """Bring the table's selection in line with what is chosen, without telling anybody."""
        rows = [row for row, line in enumerate(self.model.lines()) if line.fid in self._chosen]
        if rows != self._selected_rows():
            selection = QItemSelection()
            for first, last in _runs(rows):
                selection.select(self.model.index(first, 0), self.model.index(last, len(COLUMNS) - 1))
            self._quiet = True
            self.table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if rows:
                index = self.model.index(rows[0], CODE)
                self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._quiet = False
        if rows and scroll:
            self.table.scrollTo(self.model.index(rows[0], CODE))
        self._tell_selection()

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _selection_changed(self, *_: object) -> None:
        if self._quiet:
            return
        fids = self.selected_fids()
        if set(fids) != self._chosen:
            self._chosen = set(fids)
            self.selected.emit(fids)
        self._tell_selection()

    def _tell_selection(self) -> None:
        seen = len(self._selected_rows())
        hidden = len(self._chosen) - seen
        said = text("project_list.selected", number=f"{seen:,}") if seen else ""
        if hidden > 0 and self._projects is not None:
            said = f"{said}  {text('project_list.selected_hidden', number=f'{hidden:,}')}".strip()
        self.selection_says.setText(said)
        for action in (self.zoom_action, self.edit_action, self.copy_action):
            action.setEnabled(bool(seen))
        self.form_action.setEnabled(seen == 1)

    def _show_menu(self, position: QPoint) -> None:
        if self._selected_rows():
            self.context_menu().popup(self.table.viewport().mapToGlobal(position))

    def context_menu(self) -> QMenu:
        """The menu of the selected lines; Qt deletes it once it is closed."""
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.zoom_action, self.form_action])
        menu.addSeparator()
        menu.addAction(self.edit_action)
        menu.addSeparator()
        menu.addAction(self.copy_action)
        return menu

    def _zoom(self) -> None:
        self.zoom_requested.emit(self.selected_fids())

    def _open_form(self) -> None:
        for fid in self.selected_fids()[:1]:
            self.form_requested.emit(fid)

    def _edit(self) -> None:
        self.edit_requested.emit(self.selected_fids())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.model.as_table(self._selected_rows()))

    def _start_search(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _show_both(self, fids: list[int]) -> None:
        """Two projects that look alike: selected, seen in the list, and on the map."""
        self._chosen = set(fids)
        if any(fid not in {line.fid for line in self.model.lines()} for fid in fids):
            self.filters.clear()
        self._select_rows(scroll=True)
        self.selected.emit(fids)
        self.zoom_requested.emit(fids)

    def _choose_group(self, fids: list[int]) -> None:
        self._chosen = set(fids)
        self._select_rows(scroll=True)
        self.selected.emit(fids)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of rows that follow each other."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs
