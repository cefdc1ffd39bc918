"""Siting sheets from QGIS's window: which projects, which folder, the check in the background, then a project at a time.

The menu, the findings dock and the project layer all call `SheetDesk.ask`.
"""

from __future__ import annotations

import traceback
from collections.abc import Generator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsSettings, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QFileDialog, QProgressBar, QPushButton

from ...core.errors import PlannerError
from ...core.texts import Message, text
from ...ui.messages import tell, warn
from ..engine_import import import_engine
from ..open_plans import OpenPlans
from ..plan_at_work import plan_at_work
from ..tasks import WorkTask

if TYPE_CHECKING:
    from qgis.gui import QgsMessageBarItem

    from ...core.sheet.runs import ProjectRun
    from ...figures.sheet.export import Asked, SheetsWritten, WantedSheets
    from ...layers.opening import OpenPlan

FOLDER_SETTING = "restoration_planner/sheets_folder"


class SheetDesk(QObject):
    """Writes the sheets that are asked for, one asking at a time."""

    def __init__(self, iface: QgisInterface, plans: OpenPlans, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface, self._plans = iface, plans
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        self._check: WorkTask | None = None
        self._asked: Asked | None = None
        self._steps: Generator[None, None, None] | None = None
        self._done: SheetsWritten | None = None
        self._wanted: WantedSheets | None = None
        self._plan: OpenPlan | None = None
        self._item: QgsMessageBarItem | None = None
        self._bar: QProgressBar | None = None
        self._offer: QgsMessageBarItem | None = None

    # --- from outside --------------------------------------------------------------------------

    def ask(self, features: Sequence[int] = ()) -> None:
        """Ask for a folder and write the sheets of some projects into it.

        Parameters
        ----------
        features
            Feature ids of projects; where there are none, those selected in the project layer, and where none is
            selected either, all projects that have findings.
        """
        plan = plan_at_work(self._plans, self._iface.messageBar())
        if plan is None:
            return
        if self.is_busy():
            tell(self._iface.messageBar(), text("sheet.busy"))
            return
        before = QgsSettings().value(FOLDER_SETTING, str(plan.path.parent), type=str)
        folder = QFileDialog.getExistingDirectory(self._iface.mainWindow(), text("sheet.ask_folder_title"), before)
        if folder:
            QgsSettings().setValue(FOLDER_SETTING, folder)
            self.begin(Path(folder), features or self.selected_features(plan), plan=plan)

    def begin(
        self, folder: Path, features: Sequence[int] = (), force: bool = False, plan: OpenPlan | None = None
    ) -> None:
        """Write sheets of a plan (by default the one at work) into a folder.

        The check runs in the background, then a project is written each time QGIS has a moment.
        """
        plan = plan if plan is not None else self._plans.current()
        if plan is None or self.is_busy():
            return
        import_engine()
        from ...figures.sheet.export import SheetsWritten, WantedSheets, read_asked
        from ..siting.desk import RULES_SETTING

        self._drop_offer()
        rules = QgsSettings().value(RULES_SETTING, "", type=str)
        wanted = WantedSheets(folder, features=tuple(features), rules=Path(rules) if rules else None, force=force)
        try:
            if not plan.is_open:
                raise PlannerError("layers.plan_closed", plan=plan.name)
            asked = read_asked(plan, wanted)
        except PlannerError as error:
            warn(self._iface.messageBar(), str(error))
            return
        self._plan, self._wanted, self._asked, self._done = plan, wanted, asked, SheetsWritten()
        self._show_progress()
        self._begin_check(asked)

    def is_busy(self) -> bool:
        """Whether sheets are being written."""
        return self._check is not None or self._steps is not None

    def cancel(self) -> None:
        """Stop after the project at hand; what is written stays."""
        if self._check is not None:
            self._check.cancel()
        elif self._steps is not None:
            self._stopped()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self._timer.timeout.disconnect(self._step)
        check, self._check = self._check, None
        if check is not None:
            check.abandon()
        self._end()
        self._drop_offer()

    @staticmethod
    def selected_features(plan: OpenPlan) -> list[int]:
        """Feature ids of the projects selected in a plan's layer."""
        layer = plan.project.mapLayer(plan.layer_ids.get("project", ""))
        return sorted(layer.selectedFeatureIds()) if isinstance(layer, QgsVectorLayer) else []

    # --- the work ------------------------------------------------------------------------------

    def _begin_check(self, asked: Asked) -> None:
        from ...core.sheet.runs import project_runs

        def work(task: WorkTask) -> list[ProjectRun]:
            return project_runs(asked.tables, asked.rules, task.tell, task.stop_wanted.is_set)

        self._check = WorkTask(text("sheet.writing"), work)
        self._check.done.connect(self._checked)
        self._check.failed.connect(self._failed)
        self._check.stopped.connect(self._stopped)
        self._check.stepped.connect(self._show_check)
        self._check.begin()

    def _checked(self, runs: list[ProjectRun]) -> None:
        from ...figures.sheet.export import write_sheets

        self._check = None
        if self._plan is None or self._wanted is None or self._asked is None or self._done is None:
            return
        self._steps = write_sheets(self._plan, self._wanted, self._asked, runs, self._done, self._show)
        self._timer.start(0)

    def _step(self) -> None:
        if self._steps is None or self._plan is None:
            return
        try:
            if not self._plan.is_open:
                raise PlannerError("layers.plan_closed", plan=self._plan.name)
            next(self._steps)
        except StopIteration:
            self._finished()
        except PlannerError as error:
            self._failed(str(error), "")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is said, with a way to its details
            self._failed(text("sheet.failed", reason=str(error)), traceback.format_exc())
        else:
            self._timer.start(0)

    def _failed(self, sentence: str, details: str) -> None:
        self._end()
        warn(self._iface.messageBar(), sentence, details)

    def _stopped(self) -> None:
        self._end()
        tell(self._iface.messageBar(), text("sheet.cancelled"))

    def _finished(self) -> None:
        done, wanted, plan = self._done, self._wanted, self._plan
        self._end()
        if done is None or wanted is None or plan is None:
            return
        bar = self._iface.messageBar()
        details = "\n".join(str(message) for message in done.messages())
        link = f'<a href="{wanted.folder.as_uri()}">{escape(str(wanted.folder))}</a>'
        key = "sheet.done_with_skipped" if done.skipped else "sheet.done"
        sentence = text(key, written=len(done.files), folder=link, skipped=len(done.skipped))
        if not done.files and not done.kept:
            warn(bar, str(done.skipped[0]) if done.skipped else sentence, details)
            return
        if done.kept and plan.is_open:
            self._offer_to_replace(sentence, wanted, plan)
            return
        level = Qgis.MessageLevel.Warning if done.skipped else Qgis.MessageLevel.Success
        tell(bar, sentence, level, details if done.skipped or done.notes else "")

    def _offer_to_replace(self, sentence: str, wanted: WantedSheets, plan: OpenPlan) -> None:
        """Say what was kept, and replace it only if asked to: with sheets of the same plan, whichever is at work then."""
        bar = self._iface.messageBar()
        item = bar.createMessage(text("shell.name"), sentence)
        button = QPushButton(text("sheet.replace"), item)
        button.setObjectName("restoration_planner_sheets_replace")
        button.clicked.connect(lambda *_: self.begin(wanted.folder, wanted.features, True, plan))
        item.layout().addWidget(button)
        item.destroyed.connect(self._forget_offer)
        self._offer = item
        bar.pushWidget(item, Qgis.MessageLevel.Warning)

    def _forget_offer(self, *_: object) -> None:
        self._offer = None

    def _drop_offer(self) -> None:
        """An offer holds until the next asking, and not longer than the desk."""
        item, self._offer = self._offer, None
        if item is not None:
            item.destroyed.disconnect(self._forget_offer)
            self._iface.messageBar().popWidget(item)

    # --- what is shown -------------------------------------------------------------------------

    def _show_progress(self) -> None:
        bar = self._iface.messageBar()
        self._item = bar.createMessage(text("shell.name"), text("sheet.writing"))
        self._bar = QProgressBar(self._item)
        self._bar.setMaximum(100)
        button = QPushButton(text("sheet.cancel"), self._item)
        button.setObjectName("restoration_planner_sheets_cancel")
        button.clicked.connect(self.cancel)
        self._item.layout().addWidget(self._bar)
        self._item.layout().addWidget(button)
        self._item.destroyed.connect(self._forget_item)
        bar.pushWidget(self._item, Qgis.MessageLevel.Info)

    def _forget_item(self, *_: object) -> None:
        """The user closed it: the work goes on unseen."""
        self._item, self._bar = None, None

    def _show_check(self, fraction: float, told: str) -> None:
        from ...figures.sheet.export import CHECK_SHARE

        self._show(CHECK_SHARE * fraction, told)

    def _show(self, fraction: float, message: Message | str) -> None:
        if self._bar is not None:
            self._bar.setValue(round(100 * fraction))
        if self._item is not None:
            self._item.setText(str(message))

    def _end(self) -> None:
        self._timer.stop()
        self._check, self._asked, self._plan = None, None, None
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.close()
        item, self._item, self._bar = self._item, None, None
        if item is not None:
            item.destroyed.disconnect(self._forget_item)
            self._iface.messageBar().popWidget(item)
