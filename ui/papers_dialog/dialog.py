"""The dialog: what is attached to one project, and what can be done with it.

It knows widgets and value types.  What the planner wants it says by signals, with the numbers of papers; it shows what
it is told to.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QShortcut,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...core.papers.attached import COPIED, INSIDE, LINKED
from ...core.papers.media import PICTURES
from ...core.store.project_papers import Paper
from ...core.texts import text
from ..icons import icon
from ..import_dialog.notice import Notice
from ..import_dialog.tables import OrNothing, dress
from .asking import ask, listed
from .papers_model import PICTURE_SIZE, PLACE, TITLE, PapersModel, TitleDelegate
from .site_bar import SiteBar
from .thumbnails import ThumbnailMaker
from .values import ShownPaper

SIZE, LEAST_SIZE = (980, 560), (760, 420)
KEEP_SETTING, FOLDER_SETTING = "restoration_planner/papers_keep", "restoration_planner/papers_folder"
KEEPS = (LINKED, COPIED, INSIDE)


class PapersDialog(QDialog):
    """Not modal: map and form can be used beside it.

    Signals
    -------
    add_requested(files, keep)
        Paths, and one of `KEEPS`.
    open_requested(number), save_requested(number, file), rename_requested(number, title), remove_requested(numbers)
        What to do with papers.
    find_requested(number)
        Look for the files that are missing; `number` is the paper it was asked for.
    site_requested(numbers, radius_m, how), claim_requested(), closed()
        See `SiteBar`; papers of projects that are gone shall be this project's; the dialog goes.
    """

    add_requested = pyqtSignal(list, str)
    open_requested = pyqtSignal(int)
    save_requested = pyqtSignal(int, str)
    rename_requested = pyqtSignal(int, str)
    remove_requested = pyqtSignal(list)
    find_requested = pyqtSignal(int)
    site_requested = pyqtSignal(list, float, str)
    claim_requested = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, folder_beside: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerPapersDialog")
        self.setWindowIcon(icon("papers"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self.setAcceptDrops(True)
        self._busy = self._closed = False
        self.maker = ThumbnailMaker(PICTURE_SIZE * 2, self)
        self.model = PapersModel(self.maker, self)
        self.heading, self.says = QLabel(self), QLabel(self)
        self.notice = Notice(self)
        self.table = self._make_table()
        self.body = OrNothing(self.table, text("papers.ui.nothing"), self)
        self.keep = self._make_keep(folder_beside)
        self.add_button = self._button("add", "open_plan")
        self.open_button = self._button("open", "follow")
        self.save_button = self._button("save_as", "export")
        self.rename_button = self._button("rename", "form")
        self.find_button = self._button("find", "zoom")
        self.remove_button = self._button("remove", "cancel")
        self.close_button = self._button("close", "")
        self.claim_button = self._button("claim", "")
        self.unclaimed = QLabel(self)
        self.site = SiteBar(self)
        self._lay_out()
        self._connect()
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)
        self.show_unclaimed([])
        self._selection_changed()

    # --- what is shown -------------------------------------------------------------------------

    def show_project(self, title: str) -> None:
        """Say whose papers these are."""
        self.setWindowTitle(text("papers.ui.title", project=title))
        self.heading.setText(title)
        self.notice.hide()
        self.says.clear()

    def show_papers(self, papers: Sequence[ShownPaper], select: Sequence[int] = ()) -> None:
        """Show the papers; those of the given numbers are selected, else those that were."""
        wanted = set(select) or set(self.selected())
        self.model.show(papers)
        self.body.show_full(bool(papers))
        selection = self.table.selectionModel()
        for row, shown in enumerate(papers):
            if shown.paper.id in wanted:
                flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
                selection.select(self.model.index(row, TITLE), flags)
                selection.setCurrentIndex(self.model.index(row, TITLE), selection.SelectionFlag.NoUpdate)
        self._selection_changed()

    def show_unclaimed(self, papers: Sequence[Paper]) -> None:
        """Tell of papers whose projects are gone."""
        self.unclaimed.setText(text("papers.ui.unclaimed", count=len(papers)))
        for widget in (self.unclaimed, self.claim_button):
            widget.setVisible(bool(papers))

    def show_problem(self, sentence: str, details: str = "") -> None:
        """Say what could not be done."""
        self.says.clear()
        self.notice.say(sentence, details)

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self.notice.hide()
        self.says.setText(sentence)

    def set_busy(self, busy: bool) -> None:
        """Whether something is being read or written, so that nothing else can begin."""
        self._busy = busy
        if busy:
            self.tell(text("papers.ui.working"))
        self._selection_changed()

    # --- what the planner has chosen -----------------------------------------------------------

    def selected(self) -> list[int]:
        """The numbers of the selected papers."""
        return [shown.paper.id for shown in self._chosen()]

    def add(self, files: Sequence[str]) -> None:
        """Attach files, as if they had been chosen."""
        if files and not self._busy:
            QgsSettings().setValue(FOLDER_SETTING, str(Path(files[0]).parent))
            self.add_requested.emit(list(files), str(self.keep.currentData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Going means that nothing is waited for any more."""
        super().closeEvent(event)
        self._go()

    def reject(self) -> None:
        super().reject()
        self._go()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files_in(event) and not self._busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _files_in(event)
        if files:
            event.acceptProposedAction()
            self.add(files)

    # --- making --------------------------------------------------------------------------------

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        dress(table, text("papers.ui.table"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setItemDelegateForColumn(TITLE, TitleDelegate(table))
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setIconSize(PICTURE_SIZE)
        table.verticalHeader().setDefaultSectionSize(PICTURE_SIZE.height() + 8)
        header, digit = table.horizontalHeader(), table.fontMetrics().horizontalAdvance("0")
        for column, width in enumerate((0, 0, 10, 18, 26)):
            stretches = column in (TITLE, PLACE)
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(column, mode)
            if not stretches:
                table.setColumnWidth(column, width * digit)
        return table

    def _make_keep(self, folder: str) -> QComboBox:
        keep = QComboBox(self)
        for name in KEEPS:
            keep.addItem(text(f"papers.ui.keep_{name}"), name)
            values = {"folder": folder} if name == COPIED else {}
            tip = text(f"papers.ui.keep_{name}_tip", **values)
            keep.setItemData(keep.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        keep.setCurrentIndex(max(0, keep.findData(QgsSettings().value(KEEP_SETTING, LINKED, type=str))))
        keep.setAccessibleName(text("papers.ui.keep").replace("&", "").rstrip("：: "))
        return keep

    def _button(self, name: str, picture: str) -> QPushButton:
        button = QPushButton(text(f"papers.ui.{name}"), self)
        if picture:
            button.setIcon(icon(picture))
        button.setObjectName(f"papers_{name}")
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        for label in (self.heading, self.says, self.unclaimed):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        caption = QLabel(text("papers.ui.keep"), self)
        caption.setBuddy(self.keep)
        head, foot, last, gone = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.heading, 1)
        for widget in (caption, self.keep, self.add_button):
            head.addWidget(widget)
        for button in (self.open_button, self.save_button, self.rename_button, self.find_button, self.remove_button):
            foot.addWidget(button)
        foot.addStretch(1)
        gone.addWidget(self.unclaimed, 1)
        gone.addWidget(self.claim_button)
        last.addWidget(self.says, 1)
        last.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.notice)
        layout.addWidget(self.body, 1)
        layout.addLayout(foot)
        layout.addWidget(self.site)
        layout.addLayout(gone)
        layout.addLayout(last)

    def _connect(self) -> None:
        self.keep.activated.connect(lambda *_: self._keep_chosen())
        self.add_button.clicked.connect(lambda *_: self._choose_files())
        self.open_button.clicked.connect(lambda *_: self._open())
        self.save_button.clicked.connect(lambda *_: self._save_as())
        self.rename_button.clicked.connect(lambda *_: self._edit_title())
        self.find_button.clicked.connect(lambda *_: self._find())
        self.remove_button.clicked.connect(lambda *_: self._ask_to_remove())
        self.close_button.clicked.connect(lambda *_: self.close())
        self.claim_button.clicked.connect(lambda *_: self.claim_requested.emit())
        self.site.wanted.connect(self._site_wanted)
        # Later: the list may not be filled anew while its editor hands the title over
        self.model.renamed.connect(self.rename_requested, Qt.ConnectionType.QueuedConnection)
        self.table.activated.connect(self._activated)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selection_changed())
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_to_remove)

    # --- what the widgets tell -----------------------------------------------------------------

    def _chosen(self) -> list[ShownPaper]:
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.model.row(row) for row in rows if row < self.model.rowCount()]

    def _selection_changed(self) -> None:
        chosen, free = self._chosen(), not self._busy
        single = chosen[0] if len(chosen) == 1 else None
        there = single is not None and not single.is_missing
        self.open_button.setEnabled(free and there)
        self.save_button.setEnabled(free and there)
        self.rename_button.setEnabled(free and single is not None)
        self.find_button.setEnabled(free and single is not None and not single.paper.is_inside)
        self.remove_button.setEnabled(free and bool(chosen))
        for widget in (self.add_button, self.keep, self.claim_button):
            widget.setEnabled(free)
        self.site.show_chosen(sum(shown.paper.has_position for shown in chosen) if free else 0)
        if free and chosen:
            doubts = {doubt for shown in chosen if (doubt := self.model.doubt(shown.paper))}
            self.says.setText("\n".join(sorted(doubts)))

    def show_doubts(self, doubts: dict[int, str]) -> None:
        """Number of a paper → what is odd about its position."""
        self.model.show_doubts(doubts)
        if any(number in doubts for number in self.selected()):
            self._selection_changed()

    def _keep_chosen(self) -> None:
        QgsSettings().setValue(KEEP_SETTING, self.keep.currentData())

    def _choose_files(self) -> None:
        folder = QgsSettings().value(FOLDER_SETTING, "", type=str)
        pictures = f"{text('papers.ui.pictures')} ({' '.join(f'*{e} *{e.upper()}' for e in PICTURES)})"
        filters = f"{text('papers.ui.all_files')};;{pictures}"
        files, _ = QFileDialog.getOpenFileNames(self, text("papers.ui.add_title"), folder, filters)
        self.add(files)

    def _activated(self, index: QModelIndex) -> None:
        shown = self.model.row(index.row())
        if shown.is_missing:
            self._find()
        elif not self._busy:
            self.open_requested.emit(shown.paper.id)

    def _open(self) -> None:
        for shown in self._chosen()[:1]:
            self.open_requested.emit(shown.paper.id)

    def _save_as(self) -> None:
        for shown in self._chosen()[:1]:
            folder = QgsSettings().value(FOLDER_SETTING, "", type=str)
            name = str(Path(folder) / shown.paper.name) if folder else shown.paper.name
            file, _ = QFileDialog.getSaveFileName(self, text("papers.ui.save_as").replace("&", ""), name)
            if file:
                self.save_requested.emit(shown.paper.id, file)

    def _edit_title(self) -> None:
        for shown in self._chosen()[:1]:
            index = self.model.index(self.model.row_of(shown.paper.id), TITLE)
            self.table.setCurrentIndex(index)
            self.table.edit(index)

    def _find(self) -> None:
        for shown in self._chosen()[:1]:
            if not self._busy:
                self.find_requested.emit(shown.paper.id)

    def _ask_to_remove(self) -> None:
        chosen = self._chosen()
        if not chosen or self._busy:
            return
        inside = sum(shown.paper.is_inside for shown in chosen)
        more = text("papers.ui.remove_inside", count=inside) if inside else text("papers.ui.remove_linked")
        question = text("papers.ui.remove_ask", count=len(chosen), title=chosen[0].paper.title)
        numbers = [shown.paper.id for shown in chosen]
        remove = (text("papers.ui.remove"), lambda: self.remove_requested.emit(numbers))
        ask(
            self,
            question,
            [remove],
            more if len(chosen) == 1 else f"{listed([s.paper.title for s in chosen])}\n\n{more}",
            True,
        )

    def _site_wanted(self, radius: float, how: str) -> None:
        numbers = [shown.paper.id for shown in self._chosen() if shown.paper.has_position]
        if numbers:
            self.site_requested.emit(numbers, radius, how)

    def _go(self) -> None:
        if not self._closed:
            self._closed = True
            self.maker.stop()
            self.closed.emit()


def _files_in(event: QDropEvent) -> list[str]:
    data = event.mimeData()
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
