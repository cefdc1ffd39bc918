"""One export of figures: laid out in the project a figure at a time, then printed by a second process."""

from __future__ import annotations

import shutil
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from qgis.core import QgsLayoutItemMap, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text
from ...figures.export import Wanted, order_of, prepare_export
from ...figures.press.jobs import Prepared
from ...layers.opening import OpenPlan
from ...ui.figures_dialog.values import Outcome
from .printing_here import PrintHere
from .process import PrintProcess, make_workplace
from .project_snapshot import take_snapshot

#: Share of the whole that laying out takes, and with it the snapshot; printing takes the rest.
LAYING_OUT = 0.15
#: Said once for all figures.
_NO_REVIEW = "figures.no_review_number"


class FiguresRun(QObject):
    """Runs once.

    Signals
    -------
    progressed(share, text)
        What is being done.
    wrote(path)
        A file stands whole in its place.
    ended(outcome)
        Once, whatever happened.

    Notes
    -----
    QGIS's layouts live in the main thread with their project.  Laying one out takes part of a second, so each has a
    turn of the event loop of its own; printing, which takes minutes, happens in another process from a snapshot.
    """

    progressed = pyqtSignal(float, str)
    wrote = pyqtSignal(object)
    ended = pyqtSignal(object)

    def __init__(self, opened: OpenPlan, wanted: Wanted, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self._wanted = wanted
        self.outcome = Outcome(wanted.folder)
        self._steps: Iterator[Prepared] | None = None
        self._prepared: list[Prepared] = []
        self._not_reviewed: list[int] = []
        self._printing_since = float("inf")
        self._workplace: Path | None = None
        self._process: PrintProcess | PrintHere | None = None
        self._over = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._take_turn)

    def start(self) -> None:
        """Begin; the first figure is laid out when the event loop next has time."""
        self.progressed.emit(0.0, text("figures_dialog.preparing"))
        self._turn.start(0)

    def cancel(self) -> None:
        """Stop; files that are written stay."""
        if self._over:
            return
        self.outcome.cancelled = True
        if self._process is not None:
            self._process.cancel()
        else:
            self._end()

    def abandon(self) -> None:
        """Stop, tell nobody, leave nothing behind."""
        self._over = True
        self._turn.stop()
        if self._process is not None:
            self._process.abandon()
        self._tidy()

    def process_id(self) -> int:
        """The printing process's number, 0 where none runs."""
        return self._process.process_id() if self._process is not None else 0

    # --- laying out ----------------------------------------------------------------------------

    def _take_turn(self) -> None:
        """Lay one figure out; after the last, hand over to the printing."""
        if self._over:
            return
        try:
            if not self._opened.is_open:  # its layouts went with it
                raise PlannerError("layers.plan_closed", plan=self._opened.name)
            if self._steps is None:
                self._steps = iter(prepare_export(self._opened, self._wanted))
            prepared = next(self._steps, None)
            if prepared is None:
                self._print()
                return
        except PlannerError as error:
            self._fail(str(error))
            return
        except Exception:  # noqa: BLE001 - said to the planner, with what helps to find out
            self._fail(text("shell.unexpected", what=text("figures_dialog.task")), traceback.format_exc())
            return
        self._take(prepared)
        done = LAYING_OUT * prepared.step / max(prepared.steps, 1)
        told = text("figures_dialog.laid_out", number=prepared.figure, title=prepared.title)
        self.progressed.emit(done, told)
        self._turn.start(0)

    def _take(self, prepared: Prepared) -> None:
        self._prepared.append(prepared)
        for note in prepared.notes:
            if note.id == _NO_REVIEW:
                self._not_reviewed.append(prepared.figure)
            elif str(note) not in self.outcome.notes:
                self.outcome.notes.append(str(note))
        self.outcome.skipped += [str(reason) for reason in prepared.skipped]

    # --- printing ------------------------------------------------------------------------------

    def _print(self) -> None:
        if not any(prepared.jobs for prepared in self._prepared):
            self._end()
            return
        in_memory = _layers_in_memory(self._opened.project, {j.layout for p in self._prepared for j in p.jobs})
        if in_memory:
            self.outcome.notes.append(text("figures_dialog.layers_in_memory", layers=in_memory))
        self._workplace = make_workplace()
        snapshot = take_snapshot(self._opened.project, self._workplace)
        order = order_of(self._prepared, self._wanted, str(snapshot))
        self.progressed.emit(LAYING_OUT, text("figures_dialog.starting"))
        self._printing_since = time.time()
        process = PrintProcess(order, self._workplace, self)
        self._hand_over(process)
        try:
            process.start()
        except PlannerError as error:
            self._printed(str(error), "")

    def _hand_over(self, printing: PrintProcess | PrintHere) -> None:
        printing.stepped.connect(self._stepped)
        printing.written.connect(self._written)
        printing.skipped.connect(self.outcome.skipped.append)
        printing.ended.connect(self._printed)
        self._process = printing

    def _stepped(self, share: float, told: str) -> None:
        self.progressed.emit(LAYING_OUT + (1 - LAYING_OUT) * share, told)

    def _written(self, name: str) -> None:
        file = self._wanted.folder / name
        self.outcome.files.append(file)
        self.wrote.emit(file)

    def _printed(self, sentence: str, details: str) -> None:
        never_began = isinstance(self._process, PrintProcess) and not self._process.heard
        if sentence and never_began and not self._wanted.stored:
            # only another process can leave out what is not saved; else QGIS itself can print as well
            self.outcome.notes.append(text("figures_dialog.printed_here"))
            self.outcome.details = f"{sentence}\n\n{details}".strip()
            here = PrintHere(order_of(self._prepared, self._wanted), self._opened.project, self)
            self._hand_over(here)
            here.start()
        elif sentence:
            self._fail(sentence, details)
        else:
            self._end()

    # --- the end -------------------------------------------------------------------------------

    def _fail(self, sentence: str, details: str = "") -> None:
        self.outcome.failed, self.outcome.details = sentence, details
        self._end()

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._turn.stop()
        self._tidy()
        if self.outcome.cancelled or self.outcome.failed:
            self._count_untold()
        if self._not_reviewed:
            several = "figures_dialog.no_review_numbers" if len(self._not_reviewed) > 1 else _NO_REVIEW
            self.outcome.notes.append(text(several, number=self._not_reviewed))
        self.ended.emit(self.outcome)

    def _count_untold(self) -> None:
        """A process that is killed may have put a file in its place and not come to say so."""
        for job in (job for prepared in self._prepared for job in prepared.jobs if job.file):
            file = self._wanted.folder / job.file
            if file not in self.outcome.files and file.is_file() and file.stat().st_mtime >= self._printing_since:
                self.outcome.files.append(file)

    def _tidy(self) -> None:
        if self._workplace is not None:
            shutil.rmtree(self._workplace, ignore_errors=True)
            self._workplace = None


def _layers_in_memory(project: QgsProject, layouts: set[str]) -> list[str]:
    """Names of the scratch layers that a planner has put on a layout: no other process sees what is in them."""
    found: dict[str, str] = {}
    for layout in project.layoutManager().printLayouts():
        maps = (
            [item for item in layout.items() if isinstance(item, QgsLayoutItemMap)] if layout.name() in layouts else []
        )
        for layer in (layer for shown in maps for layer in shown.layers()):
            if isinstance(layer, QgsVectorLayer) and layer.providerType() == "memory":
                found[layer.id()] = layer.name()
    return list(found.values())
