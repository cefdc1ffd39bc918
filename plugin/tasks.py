"""Work in the background: prepare (main thread) → work on arrays (here) → publish (main thread).

A task touches no layer, widget or project object: it is given arrays and paths.  Its outcome comes by
one of three signals, in the main thread.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QObject, QThreadPool, QTimer, pyqtSignal

from ..core.errors import Cancelled, PlannerError
from ..core.texts import Message, text

if TYPE_CHECKING:
    from ..core.plan.tables import PlanTables
    from ..core.siting.findings import CheckResult
    from ..core.siting.rules import RuleSet

LONGEST_WAIT_S = 10.0
LOOK_EVERY_MS = 250
#: So often in a row no thread may be at work before a task that waits counts as lost.
IDLE_LOOKS = 2


class _Carrier(QgsTask):
    """What QGIS's task manager sees of a `WorkTask`."""

    def __init__(self, task: WorkTask, caption: str, cancellable: bool) -> None:
        super().__init__(caption, QgsTask.Flag.CanCancel if cancellable else QgsTask.Flags())
        self._task = task

    def run(self) -> bool:
        return self._task.run(self)

    def finished(self, successful: bool) -> None:
        self._task.finished(self)

    def cancel(self) -> None:
        self._task.stop_wanted.set()
        super().cancel()


class WorkTask(QObject):
    """Runs a function away from the main thread, as a task of QGIS's.

    Signals
    -------
    done(value), failed(sentence, details), stopped()
        Exactly one of them, in the main thread; `details` is empty for errors that a planner can put right.
    stepped(fraction, step)
        How far the work is.

    Notes
    -----
    QGIS can lose a task that is queued while another one ends: it takes whatever stands at the address of
    the other's deleted runnable out of the queue.  So a task that waits while no thread has anything to do
    is handed over again.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(str, str)
    stopped = pyqtSignal()
    stepped = pyqtSignal(float, str)

    def __init__(self, caption: str, work: Callable[[WorkTask], Any], cancellable: bool = True) -> None:
        super().__init__()
        self._caption = caption
        self._work: Callable[[WorkTask], Any] | None = work
        self._cancellable = cancellable
        self._value: Any = None
        self._error: BaseException | None = None
        self._details = ""
        self._silent = False
        self.stop_wanted = Event()
        self._starting = Lock()
        self._carrier: _Carrier | None = None
        self._runner: _Carrier | None = None
        self._ended = Event()
        self._idle_looks = 0
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_EVERY_MS)
        self._watch.timeout.connect(self._look)

    def begin(self) -> None:
        """Hand the work to QGIS's task manager (main thread)."""
        self._carrier = _Carrier(self, self._caption, self._cancellable)
        QgsApplication.taskManager().addTask(self._carrier)
        self._watch.start()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self.stop_wanted.set()
        if self._carrier is not None:
            self._carrier.cancel()

    def abandon(self) -> None:
        """Stop where that is possible, wait for the end, and tell nobody: whoever listened is going.

        Not by QGIS's `waitForFinished`, which never returns for a task that was cancelled before it began.
        """
        self._silent = True
        self._watch.stop()
        if self._cancellable:
            self.cancel()
            with self._starting:
                if self._runner is None:
                    return
        self._ended.wait(LONGEST_WAIT_S)

    def tell(self, fraction: float, step: Message | str) -> None:
        """Report progress from the work (worker thread)."""
        if self._runner is not None:
            self._runner.setProgress(100 * fraction)
        if not self._silent:
            self.stepped.emit(fraction, str(step))

    def run(self, carrier: _Carrier) -> bool:
        """Do the work, once (worker thread)."""
        with self._starting:
            if self._runner is not None:
                return False
            self._runner = carrier
        try:
            if self.stop_wanted.is_set():
                raise Cancelled
            assert self._work is not None
            self._value = self._work(self)
        except Cancelled:
            self.stop_wanted.set()
        except Exception as error:  # noqa: BLE001 - told in the main thread by `finished`
            self._error, self._details = error, traceback.format_exc()
        finally:
            self._work = None
            self._ended.set()
        return self._error is None and not self.stop_wanted.is_set()

    def finished(self, carrier: _Carrier) -> None:
        """Tell the outcome (main thread)."""
        if carrier is not (self._runner or self._carrier):
            return  # it was lost, and another took its place
        self._watch.stop()
        value, self._value = self._value, None
        if self._silent:
            return
        if isinstance(self._error, PlannerError):
            self.failed.emit(str(self._error), "")
        elif self._error is not None:
            self.failed.emit(text("shell.unexpected", what=self._caption), self._details)
        elif self.stop_wanted.is_set() or self._runner is None:
            self.stopped.emit()
        else:
            self.done.emit(value)

    def _look(self) -> None:
        """Whether the work has begun; where it waits for nothing, hand it over again."""
        if self._runner is not None:
            self._watch.stop()
            return
        idle = QThreadPool.globalInstance().activeThreadCount() == 0
        self._idle_looks = self._idle_looks + 1 if idle else 0
        if self._idle_looks >= IDLE_LOOKS and self._carrier is not None:
            lost, self._idle_looks = self._carrier, 0
            self.begin()
            QgsTask.cancel(lost)


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
        return check_siting(tables, self._rules, plan=self._plan, progress=self.tell, cancelled=self.stop_wanted.is_set)
