"""The history of one project, and the projects that were deleted: tables to read, with a way back for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.history.words import area_in_words, field_caption, person_in_words, time_in_words
from ..core.texts import text
from .icons import icon

if TYPE_CHECKING:
    from ..core.history.saves import Change, GoneProject, Save

_ROW = Qt.ItemDataRole.UserRole


class _Table(QTableWidget):
    """Rows that are read and chosen, not edited."""

    def __init__(self, columns: Sequence[str], wide: Sequence[int], parent: QWidget) -> None:
        super().__init__(0, len(columns), parent)
        self.setHorizontalHeaderLabels([text(f"history.column_{name}") for name in columns])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        for column in range(len(columns)):
            mode = QHeaderView.ResizeMode.Stretch if column in wide else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        header.sectionResized.connect(self._fit)

    def add(self, cells: Sequence[str], number: int) -> None:
        """One more row; `number` is its place in what is shown."""
        row = self.rowCount()
        self.insertRow(row)
        for column, words in enumerate(cells):
            item = QTableWidgetItem(words)
            item.setToolTip(words)
            item.setData(_ROW, number)
            self.setItem(row, column, item)

    def chosen(self) -> int | None:
        """The number of the row that is selected."""
        item = self.item(self.currentRow(), 0) if self.selectedItems() else None
        return None if item is None else int(item.data(_ROW))

    def _fit(self, *_: int) -> None:
        self.resizeRowsToContents()


class HistoryDialog(QDialog):
    """What happened to a project: filtered by field, former sites shown, former values put back.

    Signals
    -------
    site_wanted(change)
        The former site of a change is to be shown on the map; None: nothing is.
    put_back_wanted(change)
        The former value or site is to be put back.
    closed()
    """

    site_wanted = pyqtSignal(object)
    put_back_wanted = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, code: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerHistoryDialog")
        self.setWindowTitle(text("history.dialog_title", code=code, name=name).strip())
        self.setWindowIcon(icon("project_history"))
        self._saves: list[Save] = []
        self._rows: list[tuple[Save, Change | None]] = []
        self.field = QComboBox(self)
        self.field.setObjectName("RestorationPlannerHistoryField")
        self.field.currentIndexChanged.connect(self._fill)
        label = QLabel(text("history.field"), self)
        label.setBuddy(self.field)
        self.table = _Table(("when", "who", "field", "before", "after"), (3, 4), self)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.nothing = QLabel(text("history.none"), self)
        self.nothing.setWordWrap(True)
        hint = QLabel(text("history.hint"), self)
        hint.setWordWrap(True)
        self.show_site = QPushButton(icon("zoom"), text("history.show_site"), self)
        self.show_site.clicked.connect(lambda *_: self.site_wanted.emit(self.change()))
        self.put_back = QPushButton(icon("take_back"), text("history.put_back"), self)
        self.put_back.clicked.connect(lambda *_: self.put_back_wanted.emit(self.change()))
        buttons = _closing(self)
        for button in (self.show_site, self.put_back):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        above = QHBoxLayout()
        above.addWidget(label)
        above.addWidget(self.field)
        above.addStretch()
        layout = QVBoxLayout(self)
        layout.addLayout(above)
        for widget in (self.table, self.nothing, hint, buttons):
            layout.addWidget(widget)
        self.resize(100 * self.fontMetrics().horizontalAdvance("0"), 26 * self.fontMetrics().lineSpacing())
        self.show_saves([])

    def show_saves(self, saves: Sequence[Save], field: str | None = None) -> None:
        """Show savings, the newest first; `field` is the one to look at, by default the one that was."""
        wanted = field if field is not None else self.field.currentData()
        self._saves = list(saves)
        self.field.blockSignals(True)
        self.field.clear()
        self.field.addItem(text("history.all_fields"), None)
        for name in dict.fromkeys(change.field for save in saves for change in save.changes):
            self.field.addItem(field_caption(name), name)
        self.field.setCurrentIndex(max(self.field.findData(wanted), 0))
        self.field.blockSignals(False)
        self._fill()

    def change(self) -> Change | None:
        """The change that is selected."""
        number = self.table.chosen()
        return None if number is None else self._rows[number][1]

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so."""
        super().closeEvent(event)
        self.closed.emit()

    def done(self, result: int) -> None:
        """The close button too."""
        super().done(result)
        self.closed.emit()

    def _fill(self, *_: int) -> None:
        wanted = self.field.currentData()
        self._rows = []
        self.table.setRowCount(0)
        for save in self._saves:
            when, who = time_in_words(save.at), person_in_words(save.who)
            told: list[Change | None] = [change for change in save.changes if wanted in (None, change.field)]
            if not save.changes and wanted is None:
                told = [None]
            for change in told:
                if change is None:
                    cells = (when, who, "", "", text(f"history.kind_{save.kind}"))
                elif change.site is not None:
                    before = area_in_words(change.site.before) if change.site.before is not None else ""
                    cells = (when, who, field_caption(change.field), before, change.after)
                else:
                    empty = text("history.nothing")
                    cells = (when, who, field_caption(change.field), change.before or empty, change.after or empty)
                self._rows.append((save, change))
                self.table.add(cells, len(self._rows) - 1)
        self.table.resizeRowsToContents()
        self.table.setVisible(bool(self._saves))
        self.nothing.setVisible(not self._saves)
        self._chosen()

    def _chosen(self) -> None:
        change = self.change()
        self.put_back.setEnabled(change is not None)
        self.show_site.setEnabled(change is not None and change.site is not None and change.old is not None)
        if not self.show_site.isEnabled():
            self.site_wanted.emit(None)


class GoneDialog(QDialog):
    """The projects that were deleted.

    Signals
    -------
    site_wanted(project), bring_back_wanted(project)
    closed()
    """

    site_wanted = pyqtSignal(object)
    bring_back_wanted = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerGoneDialog")
        self.setWindowTitle(text("history.gone_title"))
        self.setWindowIcon(icon("history_gone"))
        self._projects: list[GoneProject] = []
        self.table = _Table(("code", "name", "area", "when", "who"), (1, 4), self)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.nothing = QLabel(text("history.gone_none"), self)
        hint = QLabel(text("history.gone_hint"), self)
        hint.setWordWrap(True)
        self.show_site = QPushButton(icon("zoom"), text("history.show_site"), self)
        self.show_site.clicked.connect(lambda *_: self.site_wanted.emit(self.project()))
        self.bring_back = QPushButton(icon("take_back"), text("history.bring_back"), self)
        self.bring_back.clicked.connect(lambda *_: self.bring_back_wanted.emit(self.project()))
        buttons = _closing(self)
        for button in (self.show_site, self.bring_back):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        for widget in (self.table, self.nothing, hint, buttons):
            layout.addWidget(widget)
        self.resize(90 * self.fontMetrics().horizontalAdvance("0"), 20 * self.fontMetrics().lineSpacing())
        self.show_projects([])

    def show_projects(self, projects: Sequence[GoneProject]) -> None:
        """Show deleted projects with their last site."""
        from ..core.geometry.area import ellipsoidal_area

        self._projects = list(projects)
        self.table.setRowCount(0)
        for number, project in enumerate(projects):
            unsited = text("history.unsited_project")
            area = unsited if project.site is None else area_in_words(float(ellipsoidal_area(project.site)))
            when, who = time_in_words(project.at), person_in_words(project.who)
            self.table.add((project.code or "", project.name or "", area, when, who), number)
        self.table.resizeRowsToContents()
        self.table.setVisible(bool(projects))
        self.nothing.setVisible(not projects)
        self._chosen()

    def project(self) -> GoneProject | None:
        """The project that is selected."""
        number = self.table.chosen()
        return None if number is None else self._projects[number]

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so."""
        super().closeEvent(event)
        self.closed.emit()

    def done(self, result: int) -> None:
        """The close button too."""
        super().done(result)
        self.closed.emit()

    def _chosen(self) -> None:
        project = self.project()
        self.bring_back.setEnabled(project is not None)
        self.show_site.setEnabled(project is not None and project.site is not None)
        if not self.show_site.isEnabled():
            self.site_wanted.emit(None)


def _closing(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.button(QDialogButtonBox.StandardButton.Close).setText(text("history.close"))
    buttons.rejected.connect(dialog.reject)
    return buttons
