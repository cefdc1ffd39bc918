"""Working a site out: at once where that is quick, else in the background; only what was asked last is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text

if TYPE_CHECKING:
    from ...core.intake.asking import ChoiceNeeded
    from ...core.sites.working import Given, Outcome, Pasted, Wanted
    from ...ui.site_panel import Options
    from ..tasks import WorkTask
    from .site_sources import InHand

#: More vertices than this are worked on in the background.
MOST_AT_ONCE = 8000
#: A corridor that is wider on one side costs so many times as much as an even one.
UNEVEN = 8


@dataclass(frozen=True)
class Request:
    """What was given when, for whom, and whether it is to be used or only looked at."""

    given: Given | Pasted
    wanted: Wanted
    options: Options
    project: InHand | None
    use: bool


class SiteRuns(QObject):
    """Runs `work_out` for one request after another.

    Signals
    -------
    done(request, outcome), choice_needed(choice), failed(sentence, details, use)
        What came of the last request; what was asked before it is not told.
    ended()
        A work in the background is over, whatever came of it.
    """

    done = pyqtSignal(object, object)
    choice_needed = pyqtSignal(object)
    failed = pyqtSignal(str, str, bool)
    ended = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: list[WorkTask] = []
        self._last: Request | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being worked out in the background."""
        return bool(self._tasks)

    def forget(self) -> None:
        """Tell nothing of what is being worked out."""
        self._last = None

    def close(self) -> None:
        """End all work."""
        self.forget()
        for task in self._tasks:
            task.abandon()
        self._tasks = []

    def run(self, request: Request) -> bool:
        """Work a request out; True where that goes on in the background."""
        self._last = request
        if _weight(request) > MOST_AT_ONCE:
            self._in_background(request)
            return True
        from ...core.sites.working import work_out

        try:
            outcome = work_out(request.given, request.wanted)
        except PlannerError as error:
            self.failed.emit(str(error), "", request.use)
        else:
            self.done.emit(request, outcome)
        return False

    def _in_background(self, request: Request) -> None:
        from ...core.intake.asking import ChoiceNeeded
        from ...core.sites.working import work_out
        from ..tasks import WorkTask

        def work(_task: WorkTask) -> Outcome | ChoiceNeeded:
            try:
                return work_out(request.given, request.wanted)
            except ChoiceNeeded as needed:
                return needed

        def done(outcome: Outcome | ChoiceNeeded) -> None:
            self._tasks.remove(task)
            if request is self._last:
                if isinstance(outcome, ChoiceNeeded):
                    self.choice_needed.emit(outcome)
                else:
                    self.done.emit(request, outcome)
            self.ended.emit()

        def failed(sentence: str, details: str) -> None:
            self._tasks.remove(task)
            if request is self._last:
                self.failed.emit(sentence, details, request.use)
            self.ended.emit()

        task = WorkTask(text("site.task"), work, cancellable=False)
        task.done.connect(done)
        task.failed.connect(failed)
        self._tasks.append(task)
        task.begin()


def _weight(request: Request) -> int:
    """How many vertices there are to work on; a pasted text is always much."""
    import shapely

    from ...core.plan.tables import object_array
    from ...core.sites.working import Pasted

    given, wanted = request.given, request.wanted
    if isinstance(given, Pasted):
        return MOST_AT_ONCE + 1
    uneven = given.kind == "line" and wanted.left_m != wanted.right_m
    found = int(shapely.get_num_coordinates(given.shapes).sum()) * (UNEVEN if uneven else 1)
    found += int(shapely.get_num_coordinates(given.further_lines).sum())
    for more in (object_array([wanted.present]), wanted.limits):
        if more is not None:
            found += int(shapely.get_num_coordinates(more).sum())
    return found
