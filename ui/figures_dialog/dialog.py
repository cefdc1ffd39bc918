"""The dialog: the catalogue's figures on the left, how they go out on the right, the work below; the outcome afterwards.

It knows widgets and value types.  What the planner wants it says by signals.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.PyQt.QtCore import QEvent, Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QShowEvent
from qgis.PyQt.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...core.texts import text
from ...figures.press.naming import file_name
from ..icons import icon
from ..import_dialog.notice import Notice
from .figures_list import FiguresList
from .options_form import OptionsForm, why_not
from .outcome_page import OutcomePage
from .values import Choices, Outcome, Survey
from .work_bar import WorkBar

SIZE = (1060, 636)
LEAST_SIZE = (860, 560)


class FiguresDialog(QDialog):
    """Not modal: QGIS and its map can be used beside it, also while figures are being printed.

    Signals
    -------
    export_requested(choices, numbers)
        Which figures go out, and how.
    stop_requested(), layout_requested(number), link_clicked(url), dem_changed()
        What else is wanted.
    preview_wanted(number, page, dem)
        Which figure is looked at, and on which page.
    came_back()
        Its window is the active one again: the plan and its layouts may have changed meanwhile.
    closed()
        It is gone from the screen; an export that is under way goes on.
    """

    export_requested = pyqtSignal(object, object)
    stop_requested = pyqtSignal()
    layout_requested = pyqtSignal(int)
    link_clicked = pyqtSignal(QUrl)
    dem_changed = pyqtSignal()
    came_back = pyqtSignal()
    preview_wanted = pyqtSignal(int, str, str)
    closed = pyqtSignal()

    def __init__(self, plan: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerFiguresDialog")
        self.setWindowTitle(text("figures_dialog.title", plan=plan))
        self.setWindowIcon(icon("export_figures"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self._survey = Survey(())
        self._working = False
        self._closed = False
        self.notice = Notice(self)
        self.figures, self.form = FiguresList(self), OptionsForm(self)
        self.outcome = OutcomePage(self)
        self.bar = WorkBar(self)
        self.pages = QStackedWidget(self)
        self.choosing = QWidget(self)
        body = QHBoxLayout(self.choosing)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.figures, 3)
        body.addWidget(self.form, 2)
        for page in (self.choosing, self.outcome):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(9)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.bar)
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)
        self._connect()
        self.figures.setFocus()

    # --- what the planner has chosen -----------------------------------------------------------

    def choices(self) -> Choices:
        """Everything that is chosen."""
        return replace(self.form.choices(), left_out=self.figures.left_out())

    def numbers(self) -> tuple[int, ...]:
        """Numbers of the figures that are chosen."""
        return tuple(figure.number for figure in self.figures.chosen())

    def existing_files(self) -> list[str]:
        """Names of files that are in the folder already, among those that would be written."""
        choices = self.choices()
        try:
            there = sorted(entry.name for entry in Path(choices.folder).iterdir()) if choices.folder else []
        except OSError:
            return []
        if choices.series:  # the names of its pages begin with the figure's
            wanted = [
                (figure.stem, Path(file_name(figure.stem, name)).suffix)
                for figure in self.figures.chosen()
                for name in (choices.formats if choices.single else ())
            ]
            found = [n for n in there if any(n.startswith(stem) and n.endswith(end) for stem, end in wanted)]
        else:
            names = self._names(choices)
            found = [n for n in there if n in names]
        bound = self._survey.bound_file
        return found + ([bound] if choices.bound and bound in there and bound not in found else [])

    # --- what is shown -------------------------------------------------------------------------

    def show_survey(self, survey: Survey, choices: Choices | None = None) -> None:
        """List what can be exported; with the choices that were made last time, at first."""
        left_out = choices.left_out if choices is not None else self.figures.left_out()
        self._survey = survey
        self.form.set_counties(survey.counties)
        self.figures.show_figures(survey.figures, left_out)
        if choices is not None:
            self.form.show_choices(choices)
        self._refresh()

    def set_working(self, working: bool) -> None:
        """While figures are laid out and printed nothing else can be chosen; QGIS itself stays free."""
        self._working = working
        self.choosing.setEnabled(not working)
        self.bar.set_working(working)
        if working:
            self.notice.hide()
            self.pages.setCurrentWidget(self.choosing)
            self.bar.stop_button.setFocus()
        else:
            self._refresh()

    def show_progress(self, share: float, told: str) -> None:
        """How far the export is."""
        self.bar.show_progress(share, told)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what came of an export."""
        self.form.force.setChecked(False)
        self.outcome.show_outcome(outcome)
        self.pages.setCurrentWidget(self.outcome)
        self._refresh()
        self.outcome.list.setFocus()

    def show_preview(self, number: int, picture: str) -> None:
        """Show a figure's preview, if it is still the one that is looked at."""
        current = self.figures.current()
        if current is not None and current.number == number and not current.lacks and not current.adjusted:
            self.figures.preview.show_picture(number, picture)

    def show_problem(self, sentence: str, details: str = "") -> None:
        """Say what could not be done."""
        self.notice.say(sentence, details)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Gone from the screen; whether it comes back is not its own affair."""
        self._tell_closed()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape and the button."""
        self._tell_closed()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Shown, perhaps again: files may have come or gone meanwhile."""
        super().showEvent(event)
        self._closed = False
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the planner comes back from another window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and not self._working:
            self.came_back.emit()

    # --- inside --------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.figures.changed.connect(self._refresh)
        self.figures.current_changed.connect(self._refresh_current)
        self.figures.tree.itemDoubleClicked.connect(lambda *_: self._ask_layout())
        self.form.changed.connect(self._refresh)
        self.form.dem_changed.connect(self.dem_changed)
        self.outcome.link_clicked.connect(self.link_clicked)
        self.outcome.again_requested.connect(self._choose_again)
        self.bar.export_button.clicked.connect(lambda *_: self._export())
        self.bar.stop_button.clicked.connect(lambda *_: self._stop())
        self.bar.layout_button.clicked.connect(lambda *_: self._ask_layout())
        self.bar.folder_button.clicked.connect(lambda *_: self._open_folder())
        self.bar.close_button.clicked.connect(lambda *_: self.reject())

    def _names(self, choices: Choices) -> set[str]:
        formats = choices.formats if choices.single else ()
        return {file_name(figure.stem, name) for figure in self.figures.chosen() for name in formats}

    def _refresh(self) -> None:
        if self._working:
            return
        choosing = self.pages.currentWidget() is self.choosing
        choices, count = self.choices(), len(self.figures.chosen())
        self.form.show_existing(self.existing_files(), choices.force)
        self.bar.offer(count, why_not(choices, count))
        self.bar.export_button.setVisible(choosing)
        self.bar.layout_button.setVisible(choosing)
        self.bar.folder_button.setEnabled(bool(choices.folder) and Path(choices.folder).is_dir())
        if not choosing:
            self.bar.say("")
        self._refresh_current()

    def _refresh_current(self) -> None:
        current = self.figures.current()
        able = current is not None and not current.lacks
        self.bar.layout_button.setEnabled(able)
        named = text("figures_dialog.open_layout_tip")
        self.bar.layout_button.setToolTip(named if able or current is None else current.advice)
        preview = self.figures.preview
        if current is None or current.lacks:
            preview.show_none("preview_lacks")
        elif current.adjusted:
            preview.show_none("preview_adjusted")
        elif not self._working and self.isVisible() and self.pages.currentWidget() is self.choosing:
            preview.wait_for(current.number)
            choices = self.form.choices()
            self.preview_wanted.emit(current.number, choices.page, choices.dem)

    def _export(self) -> None:
        choices = self.choices()
        if not why_not(choices, len(self.figures.chosen())):
            self.export_requested.emit(choices, self.numbers())

    def _stop(self) -> None:
        self.bar.stop_button.setEnabled(False)
        self.bar.say(text("figures_dialog.stopping"))
        self.stop_requested.emit()

    def _ask_layout(self) -> None:
        current = self.figures.current()
        if current is not None and not current.lacks:
            self.layout_requested.emit(current.number)

    def _open_folder(self) -> None:
        shown = self.outcome.outcome() if self.pages.currentWidget() is self.outcome else None
        folder = shown.folder if shown is not None else Path(self.choices().folder)
        self.link_clicked.emit(QUrl.fromLocalFile(str(folder)))

    def _choose_again(self) -> None:
        self.pages.setCurrentWidget(self.choosing)
        self._refresh()
        self.figures.setFocus()

    def _tell_closed(self) -> None:
        if not self._closed:
            self._closed = True
            self.closed.emit()
