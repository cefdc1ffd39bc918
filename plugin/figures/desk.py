"""Exporting figures: between the dialog, the plan's open layers, the work in the background, and QGIS's message bar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QMessageBox, QProgressBar, QPushButton

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.messages import warn
from ..engine_import import import_engine
from ..open_plans import OpenPlans
from ..plan_at_work import bring_to_front, plan_at_work
from .survey import laid_out, layers_with_edits, rasters_of, survey_of

if TYPE_CHECKING:
    from qgis.gui import QgsMessageBarItem

    from ...layers.opening import OpenPlan
    from ...ui.figures_dialog import FiguresDialog
    from ...ui.figures_dialog.values import Choices, Outcome
    from .preview import FigurePreviews
    from .run import FiguresRun

#: What was chosen for a plan; followed by a mark of the plan.
REMEMBERED = "restoration_planner/figures/"
SECONDS = 20


class FiguresDesk(QObject):
    """Does what the dialog asks for, one export at a time."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._plans = plans
        self._dialog: FiguresDialog | None = None
        self._plan: OpenPlan | None = None
        self._run: FiguresRun | None = None
        self._previews: FigurePreviews | None = None
        self._question: QMessageBox | None = None
        self._bar_item: QgsMessageBarItem | None = None
        self._bar_progress: QProgressBar | None = None

    # --- from outside --------------------------------------------------------------------------

    def ask(self) -> FiguresDialog | None:
        """Open the dialog for the plan at work, or bring it to the front."""
        if self._run is not None:
            return self._show()  # one at a time, whichever plan it is of
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return None
        if self._dialog is not None and self._plan is not plan:
            self._forget_dialog()
        if self._dialog is None and not self._make_dialog(plan):
            return None
        self._survey_again()
        return self._show()

    def dialog(self) -> FiguresDialog | None:
        """The dialog, shown or in the background."""
        return self._dialog

    def run(self) -> FiguresRun | None:
        """The export that is under way."""
        return self._run

    def question(self) -> QMessageBox | None:
        """The question about unsaved edits, while it stands open."""
        return self._question

    def is_busy(self) -> bool:
        """Whether figures are being laid out or printed."""
        return self._run is not None

    def close(self) -> None:
        """End what is under way, and leave nothing behind."""
        run, self._run = self._run, None
        if run is not None:
            run.abandon()
            run.deleteLater()
        self._drop_bar_item()
        if self._question is not None:
            self._question.reject()
        self._forget_dialog()

    # --- the dialog ----------------------------------------------------------------------------

    def _make_dialog(self, plan: OpenPlan) -> bool:
        import_engine()
        from ...figures.press.writing import geopdf_is_possible
        from ...ui.figures_dialog import FiguresDialog
        from .preview import FigurePreviews

        dialog = FiguresDialog(plan.name, self._iface.mainWindow())
        self._plan = plan
        choices = self._remembered(plan)
        try:
            survey, listed = survey_of(plan, choices.dem)
        except PlannerError as error:
            warn(self._iface.messageBar(), str(error))
            dialog.deleteLater()
            return False
        if not geopdf_is_possible():
            dialog.form.rule_out("geopdf", text("figures_dialog.no_geopdf"))
        dialog.form.dem.offer(rasters_of(plan), listed)
        dialog.show_survey(survey, choices)
        dialog.export_requested.connect(self._export)
        dialog.stop_requested.connect(self._stop)
        dialog.layout_requested.connect(self._open_layout)
        dialog.link_clicked.connect(_open)
        dialog.dem_changed.connect(self._survey_again)
        dialog.came_back.connect(self._survey_again)
        dialog.preview_wanted.connect(self._preview)
        dialog.closed.connect(self._closed)
        self._dialog = dialog
        self._previews = FigurePreviews(dialog)
        self._previews.drawn.connect(dialog.show_preview)
        return True

    def _show(self) -> FiguresDialog | None:
        dialog = self._dialog
        if dialog is not None:
            self._drop_bar_item()
            bring_to_front(dialog)
        return dialog

    def _closed(self) -> None:
        """Out of sight: an export goes on, and the message bar shows how far it is."""
        if self._dialog is not None:
            self._remember(self._dialog.choices())
        if self._run is not None:
            self._show_on_bar()
        else:
            self._forget_dialog()

    def _forget_dialog(self) -> None:
        dialog, self._dialog, self._plan = self._dialog, None, None
        previews, self._previews = self._previews, None
        if previews is not None:
            previews.close()
        if dialog is not None:
            dialog.closed.disconnect(self._closed)
            dialog.close()
            dialog.deleteLater()

    def _preview(self, number: int, page: str, dem: str) -> None:
        if self._previews is not None and self._plan is not None and self._run is None:
            self._previews.want(self._plan.path, number, page, dem)

    def _survey_again(self) -> None:
        dialog, plan = self._dialog, self._plan
        if dialog is None or plan is None or self._run is not None:
            return
        try:
            survey, _ = survey_of(plan, dialog.choices().dem)
        except PlannerError as error:
            dialog.show_problem(str(error))
            return
        dialog.show_survey(survey)

    def _remembered(self, plan: OpenPlan) -> Choices:
        from ...ui.figures_dialog.values import Choices

        usual = Choices(folder=str(plan.path.parent / text("figures_dialog.folder")))
        found = Choices.from_json(QgsSettings().value(_key(plan), "", type=str), usual)
        return replace(found, dem=found.dem if Path(found.dem).is_file() else "")

    def _remember(self, choices: Choices) -> None:
        if self._plan is not None:
            QgsSettings().setValue(_key(self._plan), choices.as_json())

    # --- a figure's layout ---------------------------------------------------------------------

    def _open_layout(self, number: int) -> None:
        """Open a figure in QGIS's layout window, laid out first where it is not, or brought up to date."""
        dialog, plan = self._dialog, self._plan
        if dialog is None or plan is None:
            return
        from ...figures.page.layouts import FIGURE, PLAN
        from ...layers.roles import plan_id

        for designer in self._iface.openLayoutDesigners():
            layout = designer.layout()
            if layout.customProperty(FIGURE) == number and layout.customProperty(PLAN) == plan_id(plan.path):
                designer.window().show()
                designer.window().raise_()
                designer.window().activateWindow()
                return
        try:
            choices = dialog.choices()
            layout = laid_out(plan, number, choices)
        except PlannerError as error:
            dialog.show_problem(str(error))
            return
        dialog.notice.hide()
        self._iface.openLayoutDesigner(layout)

    # --- exporting -----------------------------------------------------------------------------

    def _export(self, choices: Choices, numbers: tuple[int, ...]) -> None:
        plan = self._plan
        if plan is None or self._run is not None or self._dialog is None:
            return
        self._remember(choices)
        edited = layers_with_edits(plan)
        if edited:
            self._ask_about_edits(edited, lambda stored: self._begin(choices, numbers, stored))
        else:
            self._begin(choices, numbers, [])

    def _ask_about_edits(self, layers: list[QgsVectorLayer], go_on: Callable[[list[str]], None]) -> None:
        names = [layer.name() for layer in layers]
        box = QMessageBox(
            QMessageBox.Icon.Question,
            text("figures_dialog.unsaved_title"),
            text("figures_dialog.unsaved", layers=names),
            QMessageBox.StandardButton.Cancel,
            self._dialog,
        )
        box.setObjectName("RestorationPlannerUnsavedQuestion")
        box.setInformativeText(text("figures_dialog.unsaved_more"))
        save = box.addButton(text("figures_dialog.save_and_export"), QMessageBox.ButtonRole.AcceptRole)
        stored = box.addButton(text("figures_dialog.export_stored"), QMessageBox.ButtonRole.DestructiveRole)
        box.button(QMessageBox.StandardButton.Cancel).setText(text("shell.cancel"))
        box.setDefaultButton(save)
        save.setObjectName("figures_save_button")
        stored.setObjectName("figures_stored_button")
        ids = [layer.id() for layer in layers]

        def save_first(*_: object) -> None:
            if self._save(ids):
                go_on([])

        save.clicked.connect(save_first)
        stored.clicked.connect(lambda *_: go_on(names))
        box.finished.connect(self._answered)
        self._question = box
        box.open()

    def _answered(self, _result: int) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.deleteLater()

    def _save(self, ids: list[str]) -> bool:
        """Save the edits of layers, and go on editing them; False where one could not be saved, which is said."""
        assert self._plan is not None and self._dialog is not None
        for layer_id in ids:
            layer = self._plan.project.mapLayer(layer_id)
            if isinstance(layer, QgsVectorLayer) and layer.isModified() and not layer.commitChanges(False):
                reason = "; ".join(layer.commitErrors()) or "—"
                self._dialog.show_problem(text("figures_dialog.save_failed", layer=layer.name(), reason=reason))
                return False
        return True

    def _begin(self, choices: Choices, numbers: tuple[int, ...], unsaved: list[str]) -> None:
        dialog, plan = self._dialog, self._plan
        if dialog is None or plan is None or self._run is not None:
            return
        from ...figures.export import Wanted
        from .run import FiguresRun

        wanted = Wanted(
            Path(choices.folder),
            figures=",".join(map(str, numbers)),
            formats=",".join(choices.formats) if choices.single else "",
            paper=choices.page,
            force=choices.force,
            dem=choices.dem or None,
            bound=choices.bound,
            series=choices.series,
            stored=bool(unsaved),
        )
        run = FiguresRun(plan, wanted, self)
        if unsaved:
            run.outcome.notes.append(text("figures_dialog.stored_only", layers=unsaved))
        run.progressed.connect(self._progressed)
        run.ended.connect(self._ended)
        self._run = run
        if self._previews is not None:
            self._previews.stop()
        dialog.set_working(True)
        run.start()

    def _progressed(self, share: float, told: str) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(share, told)
        if self._bar_item is not None and self._bar_progress is not None:
            self._bar_progress.setValue(round(1000 * share))
            self._bar_item.setText(told)

    def _stop(self) -> None:
        if self._run is not None:
            self._run.cancel()

    def _ended(self, outcome: Outcome) -> None:
        run, self._run = self._run, None
        self._drop_bar_item()
        dialog = self._dialog
        if dialog is not None:
            dialog.set_working(False)
            dialog.show_outcome(outcome)
            if not dialog.isVisible():
                self._tell_ended(outcome)
        if run is not None:
            run.deleteLater()
        self._survey_again()

    # --- the message bar, while the dialog is out of sight ---------------------------------------

    def _show_on_bar(self) -> None:
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), text("figures_dialog.task"))
        progress = QProgressBar(item)
        progress.setRange(0, 1000)
        progress.setFormat("%p %")
        progress.setMaximumWidth(220)
        progress.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if self._dialog is not None:
            progress.setValue(self._dialog.bar.progress.value())
            item.setText(self._dialog.bar.says.text())
        stop, show = (QPushButton(text(f"figures_dialog.{name}"), item) for name in ("stop_plain", "show"))
        stop.setObjectName("restoration_planner_figures_stop_button")
        show.setObjectName("restoration_planner_figures_show_button")
        stop.clicked.connect(lambda *_: self._stop())
        show.clicked.connect(lambda *_: self._show())
        for widget in (progress, stop, show):
            item.layout().addWidget(widget)
        item.destroyed.connect(self._bar_item_gone)
        self._bar_item, self._bar_progress = item, progress
        bar.pushWidget(item, Qgis.MessageLevel.Info, 0)

    def _bar_item_gone(self, *_: object) -> None:
        """Closed by its own cross: the export goes on."""
        self._bar_item = self._bar_progress = None

    def _drop_bar_item(self) -> None:
        item, self._bar_item, self._bar_progress = self._bar_item, None, None
        if item is not None:
            item.destroyed.disconnect(self._bar_item_gone)
            self._iface.messageBar().popWidget(item)

    def _tell_ended(self, outcome: Outcome) -> None:
        from ...ui.figures_dialog.outcome_page import headline

        bar = self._iface.messageBar()
        well = not outcome.failed and not outcome.cancelled and bool(outcome.files)
        sentence, _ = headline(outcome)
        item = bar.createMessage(text("shell.name"), f"{sentence}  {outcome.failed}".strip())
        button = QPushButton(text("figures_dialog.details"), item)
        button.setObjectName("restoration_planner_figures_list_button")
        button.clicked.connect(lambda *_: self._show())
        item.layout().addWidget(button)
        level = Qgis.MessageLevel.Success if well else Qgis.MessageLevel.Warning
        bar.pushWidget(item, level, SECONDS if well else 0)


def _key(plan: OpenPlan) -> str:
    from ...layers.roles import plan_id

    return REMEMBERED + hashlib.sha256(plan_id(plan.path).encode("utf-8")).hexdigest()[:16]


def _open(url: QUrl) -> None:
    QDesktopServices.openUrl(url)
