"""Printing figures in QGIS itself, a file at a time: where no second process can be started.

The window stands still while a file is written; between two files it can be used, and the printing stopped.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text
from ...figures.press.jobs import SKIPPED, WRITTEN, Event, PrintOrder
from ...figures.press.printer import PrintRoom
from ...figures.press.workshop import Workshop

#: Between two files (ms), so that the window gets to paint itself and hears the planner.
PAUSE = 30


class PrintHere(QObject):
    """As `process.PrintProcess`, with the same signals, from the project as it stands."""

    stepped = pyqtSignal(float, str)
    written = pyqtSignal(str)
    skipped = pyqtSignal(str)
    ended = pyqtSignal(str, str)

    def __init__(self, order: PrintOrder, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order = order
        self._project = project
        self._workshop: Workshop | None = None
        self._room: PrintRoom | None = None
        self._at = 0
        self._over = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(PAUSE)
        self._turn.timeout.connect(self._take_turn)

    def start(self) -> None:
        """Begin when the event loop next has time."""
        self._announce()
        self._turn.start()

    def cancel(self) -> None:
        """Stop; what is written stays."""
        self._end("")

    def abandon(self) -> None:
        """Stop, and tell nobody."""
        self._over = True
        self._leave()

    def process_id(self) -> int:
        """There is no process."""
        return 0

    # --- inside --------------------------------------------------------------------------------

    def _take_turn(self) -> None:
        """Print one file, or bind them all after the last."""
        jobs, binding = self._order.jobs, self._order.binding
        try:
            if self._room is None:
                folder = Path(self._order.folder)
                self._workshop = Workshop(folder)
                self._room = PrintRoom(self._project, folder, self._workshop.__enter__(), self._order.force, self._tell)
            if self._at < len(jobs):
                self._room.print_job(jobs[self._at])
            elif self._at == len(jobs) and binding is not None:
                self._room.bind(binding)
        except PlannerError as error:
            self._end(str(error))
            return
        except Exception:  # noqa: BLE001 - said to the planner, with what helps to find out
            self._end(text("shell.unexpected", what=text("figures_dialog.task")), traceback.format_exc())
            return
        self._at += 1
        if self._at < len(jobs) + (binding is not None):
            self._announce()
            self._turn.start()
        else:
            self._end("")

    def _announce(self) -> None:
        jobs, binding = self._order.jobs, self._order.binding
        if self._at < len(jobs):
            job = jobs[self._at]
            told = text("figures.progress", number=job.figure, file=job.file or job.title)
        else:
            told = text("figures_export.binding", file=binding.file if binding is not None else "")
        self.stepped.emit(self._at / max(len(jobs) + (binding is not None), 1), told)

    def _tell(self, event: Event) -> None:
        if event.event == WRITTEN:
            self.written.emit(event.file)
        elif event.event == SKIPPED:
            self.skipped.emit(event.text)

    def _end(self, sentence: str, details: str = "") -> None:
        if self._over:
            return
        self._over = True
        self._leave()
        self.ended.emit(sentence, details)

    def _leave(self) -> None:
        self._turn.stop()
        if self._workshop is not None:
            self._workshop.__exit__(None, None, None)
            self._workshop = None
