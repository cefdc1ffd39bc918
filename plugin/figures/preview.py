"""Previews of figures, drawn one at a time by a second process while the planner chooses."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, QTimer, pyqtSignal

from ...core.errors import PlannerError
from ...core.texts import language
from ...figures.preview import PreviewRequest
from .process import LONGEST_END, PACKAGE, make_workplace, second_process
from .python_program import python_program

#: So long (ms) a figure must be looked at before it is drawn.
PATIENCE = 400


class FigurePreviews(QObject):
    """Draws what was asked for last; `drawn(number, picture)` with an empty path where there is none."""

    drawn = pyqtSignal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace: Path | None = None
        self._known: dict[tuple[object, ...], str] = {}
        self._wanted: tuple[Path, int, str, str] | None = None
        self._process: QProcess | None = None
        self._at: tuple[tuple[object, ...], PreviewRequest] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._begin)

    def want(self, plan: Path, number: int, page: str, dem: str) -> bool:
        """Ask for a figure's preview; True where it is drawn already, and told at once."""
        self._wanted = (plan, number, page, dem)
        known = self._known.get(self._key())
        if known is not None:
            self._timer.stop()
            self.drawn.emit(number, known)
            return True
        self._timer.start()
        return False

    def stop(self) -> None:
        """Draw nothing for now: the computer is wanted for other work."""
        self._timer.stop()
        self._wanted = None
        self._end_process()

    def close(self) -> None:
        """End, and leave nothing behind."""
        self.stop()
        if self._workplace is not None:
            shutil.rmtree(self._workplace, ignore_errors=True)
            self._workplace = None

    # --- inside --------------------------------------------------------------------------------

    def _key(self) -> tuple[object, ...]:
        """What a preview depends on; the plan file's state too."""
        assert self._wanted is not None
        plan = self._wanted[0]
        try:
            beside = plan.with_name(f"{plan.name}-wal")  # where a database that is open keeps what is new
            stamps = tuple(f.stat().st_mtime_ns for f in (plan, beside) if f.is_file())
        except OSError:
            stamps = ()
        return (*self._wanted, stamps, language())

    def _begin(self) -> None:
        if self._wanted is None:
            return
        key = self._key()
        if self._at is not None and self._at[0] == key:
            return  # under way
        self._end_process()
        program = python_program()
        plan, number, page, dem = self._wanted
        if program is None:
            self.drawn.emit(number, "")
            return
        try:
            if self._workplace is None:
                self._workplace = make_workplace()
            picture = self._workplace / f"{len(self._known)}.png"
            request = PreviewRequest(str(plan), number, page, dem, language(), str(picture))
            file = self._workplace / "request.json"
            file.write_text(request.as_json(), encoding="utf-8")
        except (PlannerError, OSError):
            self.drawn.emit(number, "")  # no room for it; the export itself will say so
            return
        self._at = key, request
        self._process = second_process(program, f"{PACKAGE}.figures.preview", file, self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._process.start()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._finished()

    def _finished(self, *_: object) -> None:
        process, self._process = self._process, None
        at, self._at = self._at, None
        if process is not None:
            process.deleteLater()
        if at is None:
            return
        key, request = at
        self._known[key] = request.picture if Path(request.picture).is_file() else ""
        if self._wanted is not None and key == self._key():
            self.drawn.emit(request.figure, self._known[key])

    def _end_process(self) -> None:
        process, self._process, self._at = self._process, None, None
        if process is not None:
            process.finished.disconnect(self._finished)
            process.errorOccurred.disconnect(self._failed)
            process.kill()
            process.waitForFinished(LONGEST_END)
            process.deleteLater()
