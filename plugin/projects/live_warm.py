"""The live check kept warm: made ready in the background, told every edit, asked for one project at a time.

One `LiveCheck` belongs to one thread at a time: to a task while it is being made or has a long check to do, and to the
main thread otherwise.  Nobody waits: what is asked meanwhile is done afterwards, and of several questions the last.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsMessageLog, QgsSettings
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text
from ...layers.reading import rows_of_ids
from ..siting.desk import RULES_SETTING
from ..tasks import WorkTask
from .live_reading import IN_ONE_TURN, PROJECT, READ, Ready, Unsaved, make_ready, read_unsaved

if TYPE_CHECKING:
    from ...core.plan.tables import Rows
    from ...core.siting.live import LiveCheck
    from ...core.siting.shown import Shown
    from ...layers.opening import OpenPlan

ASLEEP, PREPARING, READY, FAILED = "asleep", "preparing", "ready", "failed"
#: A check that has to look at more vertices than this, or took longer than this the last time, goes to a task.
MOST_VERTICES, LONGEST_S = 12_000, 0.040
#: After a change of another layer: so long until all is read anew, as more changes may follow.
REST_MS = 300


@dataclass(frozen=True)
class Subject:
    """What is to be checked.

    Attributes
    ----------
    fid
        The feature's id; the sketch's own where it is one.
    rows
        The project as one row; None where it is the feature as it stands in the layer.
    by_names
        Whether the rules apply that look at what a project names.
    """

    fid: int
    rows: Rows | None = None
    by_names: bool = True

    @property
    def is_sketch(self) -> bool:
        """Whether it is being drawn."""
        return self.rows is not None


class WarmCheck(QObject):
    """The live check of the plan at work.

    Signals
    -------
    changed()
        Another `state`.
    found(subject, shown)
        What was found; `shown` is None where the feature is no more.
    checking(subject)
        A check that takes its time has begun.
    """

    changed = pyqtSignal()
    found = pyqtSignal(object, object)
    checking = pyqtSignal(object)

    def __init__(self, plan: OpenPlan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self.state = ASLEEP
        self.reason = ""
        self._ready: Ready | None = None
        self._gathering: Iterator[None] | None = None
        self._unsaved: dict[str, Unsaved] = {}
        self._task: WorkTask | None = None
        self._stale: set[str] = set()
        self._dirty: dict[int, None] = {}
        self._touched: set[int] = set()
        self._wanted: Subject | None = None
        self._slow: int | None = None
        self._made_of: tuple[str | None, list[tuple[int, int]]] = (None, [])
        self._turns = self._timer(0, self._turn)
        self._rest = self._timer(REST_MS, self._prepare)

    def close(self) -> None:
        """Stop whatever is under way and let go."""
        for timer, slot in ((self._turns, self._turn), (self._rest, self._prepare)):
            timer.stop()
            timer.timeout.disconnect(slot)
        if self._task is not None:
            self._task.abandon()
        self._task, self._ready, self._gathering = None, None, None

    @property
    def was_ready(self) -> bool:
        """Whether there is a check that is out of date now, rather than none yet."""
        return self._ready is not None

    # --- what happens in the layers ------------------------------------------------------------

    def wake(self) -> None:
        """The live check is wanted: get ready, where it is not, and where rules or file have changed since."""
        if self.state in (ASLEEP, FAILED):
            self._stale = set(READ)
            self._prepare()
        elif self.state == READY and self._made_of != self._sources():
            self._outdate(READ)

    def edited(self, fids: Iterable[int]) -> None:
        """Projects were changed, added or deleted; each is read again before the next check."""
        told = dict.fromkeys(fids)
        self._dirty.update(told)
        self._touched.update(told)
        self._turns.start()

    def saved(self, added: Iterable[int]) -> None:
        """New projects were saved, under other ids than they had."""
        self.edited([*(fid for fid in self._touched if fid < 0), *added])

    def rolled_back(self) -> None:
        """Edits of projects were given up."""
        self.edited(list(self._touched))

    def layer_changed(self, table: str) -> None:
        """A layer other than the projects' was changed, or this one's table in the file."""
        if self.state != ASLEEP:
            self._outdate([table])

    def ask(self, subject: Subject | None) -> None:
        """Check this next; what was asked before and not yet done is forgotten."""
        self._wanted = subject
        if subject is not None:
            self._turns.start()

    # --- getting ready -------------------------------------------------------------------------

    def _outdate(self, tables: Iterable[str]) -> None:
        self._stale.update(tables)
        self._rest.start()
        self._set_state(PREPARING)

    def _prepare(self) -> None:
        if self._task is not None or self._gathering is not None:
            self._rest.start()  # what is under way ends first
            return
        # The projects are read anew with all that was told of them
        self._stale.update(READ if self._ready is None else [PROJECT])
        self._dirty, self._unsaved = {}, {}
        self._made_of = self._sources()
        self._set_state(PREPARING)
        self._gathering = read_unsaved(self.plan, sorted(self._stale), self._unsaved)
        self._turns.start()

    def _gather(self) -> None:
        """One step of reading unsaved edits; after the last the task begins."""
        assert self._gathering is not None
        try:
            next(self._gathering)
        except StopIteration:
            self._gathering = None
            self._begin()
        else:
            self._turns.start()

    def _begin(self) -> None:
        before, unsaved, path, rules = self._ready, self._unsaved, self.plan.path, self._made_of[0]
        kept = set(READ) - self._stale
        self._ready, self._stale, self._unsaved = None, set(), {}
        for edits in (e for t, e in unsaved.items() if t == PROJECT):
            self._touched.update(fid for rows in edits.changed for fid in rows.fids.tolist())
            self._touched.update(edits.removed)
        self._run(
            WorkTask(text("live.task"), lambda t: make_ready(path, rules, unsaved, before, kept, t.stop_wanted.is_set)),
            self._prepared,
        )

    def _prepared(self, ready: Ready) -> None:
        self._ready = ready
        if self._stale:
            self._rest.start()
            return
        self._set_state(READY)
        self._turns.start()

    def _fail(self, reason: str) -> None:
        self._ready = None
        self.reason = reason
        self._set_state(FAILED)

    # --- checking ------------------------------------------------------------------------------

    def _turn(self) -> None:
        """What there is to do now: never more than a frame's worth."""
        if self._gathering is not None:
            self._gather()
        elif self.state == READY and self._task is None and self._ready is not None:
            try:
                self._check(self._ready.live)
            except PlannerError as error:
                self._fail(str(error))
            except Exception as error:  # noqa: BLE001 - told; a traceback at every move of the mouse would stop work
                QgsMessageLog.logMessage(traceback.format_exc(), "Restoration Planner", Qgis.MessageLevel.Warning)
                self._fail(text("live.unexpected", error=error))

    def _check(self, live: LiveCheck) -> None:
        self._tell(live)
        if self._dirty:
            self._turns.start()
            return
        subject, self._wanted = self._wanted, None
        if subject is None:
            return
        rows = subject.rows if subject.rows is not None else self._rows([subject.fid])
        if not len(rows):
            self.found.emit(subject, None)
        elif self._slow == subject.fid or live.effort(rows) > MOST_VERTICES:
            self._check_apart(subject, rows, live)
        else:
            started = time.perf_counter()
            shown = _shown(live, rows, subject.by_names)
            # A sketch that has become slow will not become fast again while it grows
            self._slow = subject.fid if time.perf_counter() - started > LONGEST_S else None
            self.found.emit(subject, shown)

    def _check_apart(self, subject: Subject, rows: Rows, live: LiveCheck) -> None:
        """A long check in a task; its outcome is dropped where something else was asked meanwhile."""

        def done(outcome: tuple[Shown, float]) -> None:
            shown, seconds = outcome
            self._slow = subject.fid if seconds > LONGEST_S else None
            if self._wanted is None and self.state == READY:
                self.found.emit(subject, shown)
            self._turns.start()

        def work(_: WorkTask) -> tuple[Shown, float]:
            started = time.perf_counter()
            return _shown(live, rows, subject.by_names), time.perf_counter() - started

        self.checking.emit(subject)
        self._run(WorkTask(text("live.task"), work), done)

    def _tell(self, live: LiveCheck) -> None:
        """Tell of edited projects, some hundred at once."""
        if not self._dirty:
            return
        fids = list(self._dirty)[:IN_ONE_TURN]
        rows = self._rows(fids)
        there = set(rows.fids.tolist())
        gone = [fid for fid in fids if fid not in there]
        live.tell(rows, gone)
        for fid in fids:
            del self._dirty[fid]
        self._touched.difference_update(fid for fid in gone if fid < 0)

    def _rows(self, fids: list[int]) -> Rows:
        return rows_of_ids(self.plan.layer(PROJECT), PROJECT, fids)

    # --- helpers -------------------------------------------------------------------------------

    def _run(self, task: WorkTask, done: Callable[[Any], None]) -> None:
        def ended(then: Callable[..., None]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                self._task = None
                then(*outcome)

            return end

        self._task = task
        task.done.connect(ended(done))
        task.failed.connect(ended(lambda sentence, _details: self._fail(sentence)))
        task.stopped.connect(ended(lambda: self._fail(text("live.stopped"))))
        task.begin()

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()

    def _timer(self, after_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(slot)
        return timer

    def _sources(self) -> tuple[str | None, list[tuple[int, int]]]:
        """The rules file chosen, and time and size of the files: another window may have saved."""
        rules = QgsSettings().value(RULES_SETTING, "", type=str) or None
        files = [self.plan.path, Path(f"{self.plan.path}-wal"), *([Path(rules)] if rules else [])]
        found = [file.stat() for file in files if file.exists()]
        return rules, [(s.st_mtime_ns, s.st_size) for s in found]


def _shown(live: LiveCheck, rows: Rows, by_names: bool) -> Shown:
    from ...core.siting.shown import shown_of

    (result,) = live.check(rows, by_names).projects
    return shown_of(result)
