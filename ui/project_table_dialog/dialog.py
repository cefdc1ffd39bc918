"""The dialog: where the table comes from, what becomes of every row, and the writing of it once that is confirmed.

It knows widgets and value types.  What the planner wants it says by signals; the work's answers come by `show_worked`,
`show_problem` and `show_written`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QModelIndex, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ...core.project_table.working import Wanted
from ...core.texts import text
from ..icons import icon
from ..import_dialog.notice import Notice
from ..import_dialog.tables import dress
from .asides_tab import AsidesTab
from .columns_tab import ColumnsTab
from .details import RowDetails, row_answers
from .fate_bar import FateBar
from .rows_model import CODE, FATE, NAME, NUMBER, FateFilter, RowsModel
from .source_bar import SourceBar

if TYPE_CHECKING:
    from ...core.project_table.working import Worked

SIZE = (1180, 660)
LEAST_SIZE = (880, 540)
#: So long (ms) after the last change the work begins anew.
PATIENCE = 60
ROWS, COLUMNS, ASIDES = range(3)


class ProjectTableDialog(QDialog):
    """Not modal: QGIS and its map can be used beside it."""

    wanted_changed = pyqtSignal(object)
    write_requested = pyqtSignal()
    take_back_requested = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, plan: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerProjectTableDialog")
        self.setWindowTitle(text("project_table.ui.title", plan=plan))
        self.setWindowIcon(icon("table_projects"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self.setAcceptDrops(True)
        self._wanted = Wanted()
        self._worked: Worked | None = None
        self._selected: str | None = None
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(lambda: self.wanted_changed.emit(self._wanted))
        self.source = SourceBar(self)
        self.notice = Notice(self)
        self.fates = FateBar(self)
        self.model = RowsModel(self)
        self.filter = FateFilter(self.model, self)
        self.rows = QTableView(self)
        self.details = RowDetails(self)
        self.columns, self.asides = ColumnsTab(self), AsidesTab(self)
        self.tabs = QTabWidget(self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)
        self._offer()
        self.source.paste_button.setFocus()  # in the line of the file Ctrl+V would paste into the line

    # --- what the planner has chosen -----------------------------------------------------------

    def wanted(self) -> Wanted:
        """Everything that is chosen so far."""
        return self._wanted

    def worked(self) -> Worked | None:
        """What is shown; None where it is no longer what is wanted."""
        worked = self._worked
        return worked if worked is not None and worked.wanted == self._wanted else None

    def choose_file(self, path: str) -> None:
        """Take a file, as if it had been chosen in the dialog."""
        self.source.choose_file(path)

    def answer(self, doubt: str, value: str) -> None:
        """Answer a question, as if it had been done in the dialog."""
        self._want(replace(self._wanted, answers={**self._wanted.answers, doubt: value}))

    # --- what the work says --------------------------------------------------------------------

    def show_worked(self, worked: Worked) -> None:
        """Show what a table would do."""
        self._worked = worked
        proposal = worked.proposal
        self.source.show_read(proposal.grid, proposal.layout, worked.sheets, worked.sheet)
        self.columns.show_layout(proposal.grid, proposal.layout)
        count = self.asides.show_asides(proposal)
        self.tabs.setTabText(ASIDES, text("project_table.ui.tab_asides_count", number=count))
        self.fates.show_counts(proposal)
        self.model.show(proposal)
        self.pages.setCurrentIndex(1)
        if worked.problem is not None:
            self.notice.say(str(worked.problem))
            self.tabs.setCurrentIndex(COLUMNS)
        else:
            self.notice.hide()
        self._select()
        self._offer()

    def show_problem(self, sentence: str, details: str = "") -> None:
        """Say what could not be done."""
        self.notice.say(sentence, details)
        self._offer()

    def show_written(self, sentence: str) -> None:
        """Say what was written, with the way back."""
        self.done_label.setText(sentence)
        self.done_frame.show()
        self.done_label.setAccessibleName(sentence)

    def show_taken_back(self) -> None:
        """What was written is taken back."""
        self.done_frame.hide()

    def set_working(self, working: bool) -> None:
        """While something is written nothing else can be started."""
        self.write_button.setEnabled(not working and self._can_write())
        self.take_back_button.setEnabled(not working)

    def refresh(self) -> None:
        """Work it out anew: the plan has changed."""
        if self._wanted.path is not None or self._wanted.pasted is not None:
            self._timer.start()

    # --- parts ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.rows.setModel(self.filter)
        dress(self.rows, text("project_table.ui.tab_rows"))
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        digit = self.rows.fontMetrics().horizontalAdvance("0")
        for column, width in ((NUMBER, 6), (FATE, 10), (CODE, 6), (NAME, 25)):
            self.rows.setColumnWidth(column, width * digit)
        header = self.rows.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(FATE, QHeaderView.ResizeMode.ResizeToContents)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.rows)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([SIZE[0] - 400, 400])
        splitter.setChildrenCollapsible(False)
        self.details.setMinimumWidth(280)
        page = QWidget(self)
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.fates)
        inside.addWidget(splitter, 1)
        for widget, name in ((page, "tab_rows"), (self.columns, "tab_columns"), (self.asides, "tab_asides")):
            self.tabs.addTab(widget, text(f"project_table.ui.{name}"))
        hint = QLabel(text("project_table.ui.hint"), self)
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setEnabled(False)
        hint.setMargin(60)
        self.pages.addWidget(hint)
        self.pages.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.source)
        layout.addWidget(self.notice)
        layout.addWidget(self._done())
        layout.addWidget(self.pages, 1)
        layout.addLayout(self._bottom())

    def _done(self) -> QFrame:
        self.done_frame = QFrame(self)
        self.done_frame.setObjectName("project_table_done")
        self.done_frame.setStyleSheet(
            "QFrame#project_table_done { background: #e8f5ea; border: 1px solid #8fc49a; border-radius: 4px; }"
        )
        self.done_label = QLabel(self.done_frame)
        self.done_label.setWordWrap(True)
        self.done_label.setStyleSheet("color: #14401d; background: transparent;")
        self.take_back_button = QPushButton(icon("take_back"), text("import_dialog.take_back"), self.done_frame)
        self.take_back_button.setAutoDefault(False)
        inside = QHBoxLayout(self.done_frame)
        inside.setContentsMargins(12, 6, 8, 6)
        inside.addWidget(self.done_label, 1)
        inside.addWidget(self.take_back_button)
        self.done_frame.hide()
        return self.done_frame

    def _bottom(self) -> QHBoxLayout:
        self.status = QLabel(self)
        self.write_button = QPushButton(icon("table_projects"), "", self)
        self.write_button.setDefault(True)
        self.close_button = QPushButton(text("import_dialog.close"), self)
        self.close_button.setAutoDefault(False)
        layout = QHBoxLayout()
        layout.addWidget(self.status, 1)
        layout.addWidget(self.write_button)
        layout.addWidget(self.close_button)
        return layout

    def _connect(self) -> None:
        self.source.file_chosen.connect(lambda path: self._begin(Wanted(path=Path(path), listed=self._wanted.listed)))
        self.source.pasted.connect(lambda *both: self._begin(Wanted(pasted=both, listed=self._wanted.listed)))
        self.source.sheet_chosen.connect(
            lambda sheet: self._want(replace(self._wanted, sheet=sheet, head=None, roles={}))
        )
        self.source.head_chosen.connect(lambda row: self._want(replace(self._wanted, head=row, roles={})))
        self.source.listed_changed.connect(lambda on: self._want(replace(self._wanted, listed=True if on else None)))
        self.columns.role_chosen.connect(self._role_chosen)
        self.fates.chosen.connect(self.filter.choose)
        self.model.taken_changed.connect(self._taken)
        self.details.answered.connect(self.answer)
        self.details.reopened.connect(self._reopen)
        self.rows.selectionModel().currentRowChanged.connect(self._row_selected)
        self.write_button.clicked.connect(lambda *_: self.write_requested.emit())
        self.take_back_button.clicked.connect(lambda *_: self.take_back_requested.emit())
        self.close_button.clicked.connect(lambda *_: self.close())

    # --- doing ---------------------------------------------------------------------------------

    def _begin(self, wanted: Wanted) -> None:
        self._selected = None
        self.done_frame.hide()
        self._want(wanted)

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.write_button.setEnabled(False)
        self._timer.start()

    def _role_chosen(self, column: int, role: str) -> None:
        self._want(replace(self._wanted, roles={**self._wanted.roles, column: role}))

    def _taken(self, row: str, taken: bool) -> None:
        from ...core.project_table.doubts import SKIP

        answers = {key: value for key, value in self._wanted.answers.items() if key != row}
        self._want(replace(self._wanted, answers=answers if taken else {**answers, row: SKIP}))

    def _reopen(self, row_id: str) -> None:
        """Ask again what was answered for a row."""
        if self._worked is None:
            return
        rows = [row for row in self._worked.proposal.rows if row.id == row_id]
        gone = {key for row in rows for key in row_answers(row, self._wanted.answers)}
        answers = {key: value for key, value in self._wanted.answers.items() if key not in gone}
        self._want(replace(self._wanted, answers=answers))

    def _row_selected(self, current: QModelIndex, _before: QModelIndex) -> None:
        source = self.filter.mapToSource(current)
        row = self.model.row(source.row()) if source.isValid() else None
        self._selected = row.id if row is not None else None
        self.details.show_row(row, self._wanted.answers)

    def _select(self) -> None:
        """Keep the selected row; else the first question, else the first row."""
        proposal = self._worked.proposal if self._worked is not None else None
        rows = proposal.rows if proposal is not None else []
        at = next((i for i, row in enumerate(rows) if row.id == self._selected), None)
        if at is None:
            at = next((i for i, row in enumerate(rows) if row.fate == "doubt"), 0)
        index = self.filter.mapFromSource(self.model.index(at, NUMBER)) if rows else QModelIndex()
        if index.isValid():
            self.rows.setCurrentIndex(index)
            self.rows.scrollTo(index)
            self._row_selected(index, index)
        else:
            self.details.show_row(None, {})

    def _can_write(self) -> bool:
        worked = self.worked()
        return worked is not None and worked.problem is None and bool(worked.proposal.added or worked.proposal.changed)

    def _offer(self) -> None:
        """Say on the button what writing would do, and beside it what stays open."""
        worked = self.worked()
        proposal = worked.proposal if worked is not None else None
        new, changed = (proposal.count(fate) if proposal is not None else 0 for fate in ("new", "changed"))
        doing = new or changed
        self.write_button.setText(
            text("project_table.ui.write_does", new=new, changed=changed) if doing else text("project_table.ui.write")
        )
        self.write_button.setEnabled(self._can_write())
        words = []
        if proposal is not None and proposal.programmes:
            names = [f"{code} {name}" for code, name in proposal.programmes]
            words.append(text("project_table.ui.new_programmes", names=names))
        if proposal is not None and proposal.count("doubt"):
            words.append(text("project_table.ui.doubts_stay", count=proposal.count("doubt")))
        elif proposal is not None and worked is not None and worked.problem is None and not doing:
            words.append(text("project_table.ui.nothing_to_write"))
        self.status.setText("　".join(words))

    # --- files dropped, and the end ------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped file."""
        event.acceptProposedAction()
        self.choose_file(event.mimeData().urls()[0].toLocalFile())

    def reject(self) -> None:
        """Escape closes, as the button does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell it once."""
        super().closeEvent(event)
        self._timer.stop()
        if not self._closed:
            self._closed = True
            self.closed.emit()
