"""The second process that prints figures, so that QGIS stays usable meanwhile."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import text
from ...figures.press.jobs import DONE, FAILED, SKIPPED, STEP, WRITTEN, Event, PrintOrder
from ...figures.press.workshop import sweep
from .python_program import arguments_for, python_program

#: So long (ms) a process that was ended may take to be gone.
LONGEST_END = 3000
PACKAGE = __package__.rsplit(".", 2)[0]


class PrintProcess(QObject):
    """Prints what an order names.

    Signals
    -------
    stepped(share, text), written(file name), skipped(text)
        As the process tells them.
    ended(sentence, details)
        Once, at the end; `sentence` is empty where everything went well, `details` is what the process said of errors.
    """

    stepped = pyqtSignal(float, str)
    written = pyqtSignal(str)
    skipped = pyqtSignal(str)
    ended = pyqtSignal(str, str)

    def __init__(self, order: PrintOrder, workplace: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order = order
        self._workplace = workplace
        self._process: QProcess | None = None
        self._left_over = b""
        self._errors = b""
        self._last: Event | None = None
        self._over = False
        self._cancelled = False
        self._number = 0
        self.heard = False  # whether the process has ever said how it goes

    def start(self) -> None:
        """Start printing.

        Raises
        ------
        PlannerError
            If there is no Python to print with, or the order cannot be written.
        """
        program = python_program()
        if program is None:
            raise PlannerError("figures_dialog.no_python", folder=sys.exec_prefix)
        file = self._workplace / "order.json"
        try:
            file.write_text(self._order.as_json(), encoding="utf-8")
        except OSError as error:
            raise PlannerError(
                "figures_dialog.no_snapshot", folder=str(self._workplace), reason=error.strerror or str(error)
            ) from error
        self._process = second_process(program, f"{PACKAGE}.figures.press.printer", file, self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._process.start()
        self._number = self.process_id()

    def cancel(self) -> None:
        """End the process; what it has written stays, what it was at goes."""
        self._cancelled = True
        if self._process is not None:
            self._process.kill()

    def abandon(self) -> None:
        """End the process, tell nobody, and wait until it is gone: whoever listened is going."""
        self._over = True
        if self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(LONGEST_END)
        self._sweep()

    def process_id(self) -> int:
        """The process's number, 0 where it does not run."""
        return int(self._process.processId()) if self._process is not None else 0

    # --- inside --------------------------------------------------------------------------------

    def _read(self) -> None:
        assert self._process is not None
        read = self._left_over + bytes(self._process.readAllStandardOutput())
        *lines, self._left_over = read.split(b"\n")
        for line in lines:
            event = Event.from_line(line.decode("utf-8", "replace"))
            if event is not None and not self._over:
                self.heard = True
                self._tell(event)

    def _tell(self, event: Event) -> None:
        if event.event == STEP:
            if not self._cancelled:
                self.stepped.emit(event.share, event.text)
        elif event.event == WRITTEN:
            self.written.emit(event.file)
        elif event.event == SKIPPED:
            self.skipped.emit(event.text)
        else:
            self._last = event

    def _read_errors(self) -> None:
        assert self._process is not None
        self._errors = (self._errors + bytes(self._process.readAllStandardError()))[-20_000:]

    def _failed(self, error: QProcess.ProcessError) -> None:
        """A process that never started has no end to be told of."""
        if error == QProcess.ProcessError.FailedToStart:
            self._end(text("figures_dialog.not_started", program=str(python_program())))

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_errors()
        if self._cancelled or (self._last is not None and self._last.event == DONE):
            self._end("")
        elif self._last is not None and self._last.event == FAILED:
            self._end(self._last.text)
        else:
            self._end(text("figures_dialog.crashed", code=code))

    def _end(self, sentence: str) -> None:
        if self._over:
            return
        self._over = True
        self._sweep()
        details = self._errors.decode("utf-8", "replace").strip() if sentence else ""
        self.ended.emit(sentence, details)

    def _sweep(self) -> None:
        """Take away what a process that was killed left half made."""
        if self._number:
            sweep(Path(self._order.folder), self._number)


def second_process(program: Path, module: str, request: Path, parent: QObject) -> QProcess:
    """A process, not yet started, that runs one of our modules with one file to read."""
    process = QProcess(parent)
    process.setProgram(str(program))
    process.setArguments(arguments_for(module, request))
    process.setProcessEnvironment(_environment())
    process.setWorkingDirectory(str(request.parent))
    return process


def make_workplace() -> Path:
    """A temporary folder for a snapshot and an order.

    Raises
    ------
    PlannerError
        If there is no room for one.
    """
    try:
        return Path(tempfile.mkdtemp(prefix="restoration-planner-figures-"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise PlannerError("figures_dialog.no_snapshot", folder=tempfile.gettempdir(), reason=reason) from error


def _environment() -> QProcessEnvironment:
    """This process's own, with the modules it finds and, where there may be no screen to draw on, none needed."""
    environment = QProcessEnvironment.systemEnvironment()
    root = Path(sys.modules[PACKAGE].__path__[0]).parent  # as it was imported: a link's place, not its target's
    paths = [str(root), *(path for path in sys.path if path and path != str(root))]
    environment.insert("PYTHONPATH", os.pathsep.join(paths))
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("PYTHONDONTWRITEBYTECODE", "1")
    environment.insert("QGIS_PREFIX_PATH", QgsApplication.prefixPath())
    if sys.platform.startswith("linux"):
        environment.insert("QT_QPA_PLATFORM", "offscreen")
    for unwanted in ("PYQGIS_STARTUP", "PYTHONSTARTUP"):
        environment.remove(unwanted)
    return environment
