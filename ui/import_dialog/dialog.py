"""The import dialog: options above, what would be done in tabs, and the report afterwards.

It knows widgets and value types.  What the planner wants it says by signals; the work's answers come
by `show_ready`, `show_asked`, `show_refused` and `show_imported`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from qgis.PyQt.QtWidgets import QDialog, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from ...core.texts import text
from ..icons import icon
from .fields_tab import FieldsTab
from .hint_page import HintPage
from .map_tab import MapTab
from .map_view import SketchLayers
from .names_tab import NamesTab
from .notice import Notice
from .options_form import OptionsForm
from .preview_tab import PreviewTab
from .question import Question
from .repairs_tab import RepairsTab
from .report_page import ReportPage
from .summary_tab import SummaryTab
from .values import Asked, Options, Ready, Refused, sentence
from .work_bar import WorkBar

if TYPE_CHECKING:
    from ...core.intake.import_report import ImportReport

#: So long (ms) after the last change the work begins anew: nobody wants it for every letter typed.
PATIENCE = 350
SIZE = (1080, 668)
LEAST_SIZE = (820, 560)


class ImportDialog(QDialog):
    """Not modal: QGIS and its map can be used beside it."""

    options_changed = pyqtSignal(object)
    import_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    take_back_requested = pyqtSignal()
    save_requested = pyqtSignal(str)
    closed = pyqtSignal()

    def __init__(self, plan: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerImportDialog")
        self.setWindowTitle(text("import_dialog.title", plan=plan))
        self.setWindowIcon(icon("import_layer"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self.setAcceptDrops(True)
        self._ready: Ready | None = None
        self._framed: tuple[object, ...] = ()
        self._closed = False
        self._level_asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._tell_options)
        self.layers = SketchLayers()
        self.form = OptionsForm(self)
        self.question = Question(self)
        self.notice = Notice(self)
        self.summary, self.fields, self.preview = SummaryTab(self), FieldsTab(self), PreviewTab(self)
        self.map, self.repairs, self.names = MapTab(self.layers, self), RepairsTab(self.layers, self), NamesTab(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(False)
        for name, tab in self._named_tabs():
            self.tabs.addTab(tab, text(f"import_dialog.tab.{name}"))
        self.hint = HintPage(self)
        self.report = ReportPage(self)
        self.pages = QStackedWidget(self)
        for page in (self.hint, self.tabs, self.report):
            self.pages.addWidget(page)
        self.bar = WorkBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(9)
        layout.addWidget(self.form)
        layout.addWidget(self.question)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        self.filler = QWidget(self)
        layout.addWidget(self.filler, 1)
        layout.addWidget(self.bar)
        self._end_question()
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)
        self._connect()
        self.bar.offer_nothing()
        self.form.source.file.lineEdit().setFocus()

    # --- what the planner has chosen -----------------------------------------------------------

    def options(self) -> Options | None:
        """Everything that is chosen; None without a file."""
        chosen = self.form.options()
        if chosen is None:
            return None
        return replace(
            chosen,
            asked=self.fields.asked(),
            constants=self.fields.constants(),
            names=self.names.answers(),
            level_asked=self._level_asked,
        )

    def choose_source(self, path: str) -> None:
        """Take a file, as if it had been chosen in the dialog."""
        if self.pages.currentWidget() is self.report:
            self._start_over()
        self.form.source.choose(path)

    def set_recent(self, paths: Sequence[str]) -> None:
        """Offer files that were imported before."""
        self.form.source.set_recent(paths)

    def set_map_crs(self, crs: QgsCoordinateReferenceSystem) -> None:
        """Draw the small maps in the projection of QGIS's own."""
        for view in (self.map.view, self.repairs.view):
            view.set_crs(crs)

    # --- what the work answers -----------------------------------------------------------------

    def set_working(self, working: bool, importing: bool = False) -> None:
        """Show progress and cancel while something is under way; options rest while it is being written."""
        self.bar.set_working(working)
        self.form.setEnabled(not importing)
        self.tabs.setEnabled(not importing)
        if working:
            self.hint.say("working")
            self.notice.hide()
            self.bar.import_button.setEnabled(False)
        elif self._ready is not None and self._ready.options == self.options():
            self._offer(self._ready)

    def show_progress(self, fraction: float, step: str) -> None:
        """How far the work is."""
        self.bar.show_progress(fraction, step)

    def show_ready(self, ready: Ready) -> None:
        """Show an import that is worked out."""
        self._ready = ready
        self._end_question()
        self.notice.hide()
        self.form.show_ready(ready)
        self.layers.show(ready.sketch)
        for _, tab in self._named_tabs():
            tab.show_ready(ready)
        self._count_on_tabs(ready)
        self.pages.setCurrentWidget(self.tabs)
        self._offer(ready)
        place = ready.options.path, ready.options.layer, ready.options.crs
        if place != self._framed:  # else the planner's own view of the map stays
            self._framed = place
            self._frame_maps()

    def show_asked(self, asked: Asked) -> None:
        """Ask what has to be decided; nothing goes on before the answer."""
        self._set_aside()
        self.form.show_asked(asked)
        # The answers need the room
        self.pages.hide()
        self.filler.show()
        self.question.ask(asked)

    def show_refused(self, refused: Refused) -> None:
        """Say what cannot be done with these options."""
        self._set_aside(keep_tabs=self._ready is not None and self._ready.options.path == refused.options.path)
        if refused.source is not None:
            self.form.show_source(refused.source, refused.table, refused.options.table is None)
        self.hint.say("refused")
        self.notice.say(sentence(refused.message))

    def show_problem(self, words: str, details: str = "") -> None:
        """Say that something went wrong."""
        self._set_aside(keep_tabs=True)
        self.hint.say("refused")
        self.notice.say(words, details)

    def warn_of_change(self) -> None:
        """Say that the plan has changed since it was looked at, so that importing would do something else."""
        if self._ready is not None:
            self.notice.say(text("import_dialog.plan_changed"))

    def show_imported(self, report: ImportReport) -> None:
        """Show the report of an import that is done."""
        self._ready = None
        self.form.hide()
        self._end_question()
        self.notice.hide()
        self.report.show_report(report)
        self.pages.setCurrentWidget(self.report)
        self.bar.import_button.hide()

    def show_taken_back(self) -> None:
        """Say that the import shown is undone."""
        self.report.show_taken_back()

    def ready(self) -> Ready | None:
        """What would be imported now."""
        return self._ready

    # --- the window ----------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape and Close."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the maps, and tell once."""
        super().closeEvent(event)
        if not self._closed:
            self._closed = True
            self._timer.stop()
            self.layers.close()
            for view in (self.map.view, self.repairs.view):
                view.close_map()
            self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the dialog."""
        if _dropped_file(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first of the files dropped."""
        path = _dropped_file(event)
        if path:
            event.acceptProposedAction()
            self.choose_source(path)

    # --- helpers -------------------------------------------------------------------------------

    def _named_tabs(self) -> list[tuple[str, QWidget]]:
        return [
            ("summary", self.summary),
            ("fields", self.fields),
            ("preview", self.preview),
            ("map", self.map),
            ("repairs", self.repairs),
            ("names", self.names),
        ]

    def _connect(self) -> None:
        self.form.source_changed.connect(self._source_changed)
        self.form.changed.connect(self._options_changed)
        # Fields that were chosen for another table mean nothing for this one
        self.form.target.chosen.connect(self._forget_fields)
        self.form.crs_refused.connect(lambda name: self.notice.say(text("import_dialog.crs_not_epsg", crs=name)))
        self.fields.changed.connect(self._options_changed)
        self.names.changed.connect(self._options_changed)
        self.question.answered.connect(self._answered)
        self.summary.gcj02.convert_requested.connect(self.form.convert_from_gcj02)
        self.bar.import_requested.connect(self.import_requested)
        self.bar.cancel_requested.connect(self.cancel_requested)
        self.bar.close_requested.connect(self.close)
        self.report.save_requested.connect(self.save_requested)
        self.report.take_back_requested.connect(self.take_back_requested)
        self.report.another_requested.connect(self._start_over)

    def _source_changed(self) -> None:
        """Another file or layer: what was chosen for the one before does not hold for it."""
        self.form.forget_layer()
        self._forget_fields()
        self.names.forget()
        self.tabs.setCurrentWidget(self.summary)
        self._set_aside()
        self._options_changed()

    def _forget_fields(self) -> None:
        self.fields.forget()
        self._level_asked = False

    def _options_changed(self) -> None:
        self.bar.import_button.setEnabled(False)
        self._timer.start()

    def _answered(self, option: str, value: str) -> None:
        self._end_question()
        if option == "level":
            self._level_asked = True
            self.fields.set_constant("level", value)
            self._options_changed()
        elif option == "code":
            self.fields.set_source("code", value)
            self._options_changed()
        else:
            self.form.answer(option, value)

    def _end_question(self) -> None:
        self.question.hide()
        self.filler.hide()
        self.pages.show()

    def _tell_options(self) -> None:
        self._end_question()
        self.notice.hide()
        options = self.options()
        if options is not None:
            self.options_changed.emit(options)
        else:
            self._set_aside()
            self.hint.say("choose")
            self.cancel_requested.emit()

    def _set_aside(self, keep_tabs: bool = False) -> None:
        """What stands in the tabs no longer holds."""
        self.bar.offer_nothing()
        if not keep_tabs:
            self._ready = None
            self.layers.show(None)
            self.pages.setCurrentWidget(self.hint)

    def _offer(self, ready: Ready) -> None:
        self.bar.offer(ready.proposal.count("added"), ready.proposal.count("updated"))

    def _count_on_tabs(self, ready: Ready) -> None:
        counts = {"repairs": len(ready.proposal.changes), "names": self.names.count_open()}
        for place, (name, _) in enumerate(self._named_tabs()):
            caption = text(f"import_dialog.tab.{name}")
            count = counts.get(name, 0)
            self.tabs.setTabText(place, text("import_dialog.tab_count", tab=caption, count=count) if count else caption)

    def _frame_maps(self) -> None:
        if self._closed:
            return
        if not self.layers.is_filled():
            QTimer.singleShot(50, self._frame_maps)
            return
        for view in (self.map.view, self.repairs.view):
            view.show_all() if self.layers.extent_of_features().isEmpty() else view.show_features()

    def _start_over(self) -> None:
        """Import another file."""
        self.form.show()
        self.bar.import_button.show()
        self.form.source.choose("")
        self._framed = ()
        self._set_aside()
        self.hint.say("choose")
        self.form.source.file.lineEdit().setFocus()


def _dropped_file(event: QDropEvent) -> str | None:
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return next((u.toLocalFile() for u in urls if u.isLocalFile() and Path(u.toLocalFile()).exists()), None)
