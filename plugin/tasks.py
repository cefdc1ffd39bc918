"""Work in the background: prepare (main thread) → work on arrays (here) → publish (main thread).

A task touches no layer, widget or project object: it is given arrays and paths.  Its outcome comes by
one of three signals, in the main thread.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..core.errors import Cancelled, PlannerError
from ..core.texts import Message, text

if TYPE_CHECKING:
    from ..core.plan.tables import PlanTables
    from ..core.siting.findings import CheckResult
    from ..core.siting.rules import RuleSet

LONGEST_WAIT_S = 10.0


class WorkTask(QgsTask):
    """Runs a function away from the main thread.

    Signals
    -------
    done(value), failed(sentence, details), stopped()
        Exactly one of them, in the main thread; `details` is empty for errors that a planner can put right.
    stepped(fraction, step)
        How far the work is.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(str, str)
    stopped = pyqtSignal()
    stepped = pyqtSignal(float, str)

    def __init__(self, caption: str, work: Callable[[WorkTask], Any], cancellable: bool = True) -> None:
        super().__init__(caption, QgsTask.Flag.CanCancel if cancellable else QgsTask.Flags())
        self._caption = caption
        self._work: Callable[[WorkTask], Any] | None = work
        self._value: Any = None
        self._error: BaseException | None = None
        self._details = ""
        self._silent = False
        self._starting = Lock()
        self._started = False
        self._ended = Event()

    def run(self) -> bool:
        """Do the work (worker thread)."""
        with self._starting:
            self._started = True
        try:
            if self.isCanceled():
                raise Cancelled
            assert self._work is not None
            self._value = self._work(self)
        except Cancelled:
            self.cancel()
        except Exception as error:  # noqa: BLE001 - told in the main thread by `finished`
            self._error, self._details = error, traceback.format_exc()
        finally:
            self._work = None
            self._ended.set()
        return self._error is None and not self.isCanceled()

    def finished(self, successful: bool) -> None:
        """Tell the outcome (main thread)."""
        value, self._value = self._value, None
        if self._silent:
            return
        if successful:
            self.done.emit(value)
        elif isinstance(self._error, PlannerError):
            self.failed.emit(str(self._error), "")
        elif self._error is not None:
            self.failed.emit(text("shell.unexpected", what=self._caption), self._details)
        else:
            self.stopped.emit()

    def abandon(self) -> None:
        """Stop where that is possible, wait for the end, and tell nobody: whoever listened is going.

        Not by QGIS's `waitForFinished`, which never returns for a task that was cancelled before it began.
        """
        self._silent = True
        if self.canCancel():
            self.cancel()
            with self._starting:
                if not self._started:
                    return
        self._ended.wait(LONGEST_WAIT_S)

    def tell(self, fraction: float, step: Message | str) -> None:
        """Report progress from the work."""
        self.setProgress(100 * fraction)
        if not self._silent:
            self.stepped.emit(fraction, str(step))


class CheckTask(WorkTask):
    """The siting check of tables that were read from the open layers."""

    def __init__(self, tables: PlanTables, rules: RuleSet, plan: str) -> None:
        super().__init__(text("dock.task"), self._check)
        self._tables: PlanTables | None = tables
        self._rules = rules
        self._plan = plan

    def _check(self, _task: WorkTask) -> CheckResult:
        from ..core.siting.check import check_siting

        tables, self._tables = self._tables, None
        assert tables is not None
        return check_siting(tables, self._rules, plan=self._plan, progress=self.tell, cancelled=self.isCanceled)
