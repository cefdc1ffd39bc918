"""Printing what is laid out: in this process, or as a process of its own, so that QGIS stays usable meanwhile.

    python -m restoration_planner.figures.press.printer ORDER.json

reads a print order (`jobs.PrintOrder`) with a snapshot of the project and says on its standard output, one line of JSON
an event, how it goes (`jobs.Event`).  It stops when its standard input is closed, and may be killed at any moment: what
is not whole never carries a final name.  Who killed it sweeps with `workshop.sweep(folder, process id)`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsPrintLayout, QgsProject

from ...core.errors import Cancelled, PlannerError
from ...core.texts import Message, set_language, text
from ..atlas.leafing import seek
from .binding import Sheet, bind
from .jobs import DONE, FAILED, SKIPPED, STEP, WRITTEN, Binding, Event, PrintJob, PrintOrder
from .searchable import searchable_text
from .workshop import Workshop, put_in_place
from .writing import ENDING, geopdf_is_possible, write_layout

Tell = Callable[[Event], None]


class PrintRoom:
    """Prints jobs of one project into one folder, and binds what is to be bound.

    Parameters
    ----------
    workshop
        A folder beside the target that nobody else uses.
    tell
        Hears of what is written and skipped.
    """

    def __init__(self, project: QgsProject, folder: Path, workshop: Path, force: bool, tell: Tell) -> None:
        self._project, self._folder, self._workshop = project, folder, workshop
        self._force, self._tell = force, tell
        self._sheets: list[Sheet] = []
        self.written: list[Path] = []
        self.skipped: list[Message] = []

    def print_job(self, job: PrintJob) -> None:
        """Write one job.

        Raises
        ------
        PlannerError
            If it could not be written, as on a full disk.
        """
        place = self._folder / job.file if job.file else None
        if place is not None and place.exists() and not self._force:
            self._skip(Message.of("figures.exists", file=job.file))
            place = None
        if place is None and not job.bound:
            return
        shown = job.file or job.title
        if job.format == "geopdf" and not geopdf_is_possible():
            self._skip(Message.of("figures_export.no_geopdf", file=shown))
            return
        layout = self._project.layoutManager().layoutByName(job.layout)
        if not isinstance(layout, QgsPrintLayout) or (job.page is not None and not seek(layout, job.page)):
            self._skip(Message.of("figures_export.layout_gone", layout=job.layout, file=shown))
            return
        made = self._made(layout, job, shown)
        if job.bound:
            kept = self._workshop / f"bound_{len(self._sheets):04d}.pdf"
            _copy_or_move(made[0], kept, move=place is None)
            self._sheets.append(Sheet(kept, job.title, job.under))
        if place is not None:
            for file in made:
                page = file.stem.partition("_")[2]
                self._publish(file, place if not page else place.with_name(f"{place.stem}_{page}{place.suffix}"))

    def bind(self, binding: Binding) -> None:
        """Bind what was printed for it.

        Raises
        ------
        PlannerError
            If it could not be written.
        """
        place = self._folder / binding.file
        if place.exists() and not self._force:
            self._skip(Message.of("figures.exists", file=binding.file))
        elif not self._sheets:
            self._skip(Message.of("figures_export.nothing_to_bind", file=binding.file))
        else:
            made = self._workshop / "binding.pdf"
            bind(self._sheets, binding, made)
            self._publish(made, place)

    def _made(self, layout: QgsPrintLayout, job: PrintJob, shown: str) -> list[Path]:
        """The job's files in the workshop, whole."""
        for left in self._workshop.glob("page*"):
            left.unlink()
        ending = ENDING[job.format]
        with searchable_text(layout):
            well = write_layout(layout, self._workshop / f"page.{ending}", job.format)
        files = sorted(self._workshop.glob(f"page*.{ending}"), key=lambda f: (len(f.name), f.name))
        if not well or not files:
            raise PlannerError("figures.not_written", file=shown)
        return files

    def _publish(self, made: Path, place: Path) -> None:
        if place.exists() and not self._force:  # a further page, left of an earlier export
            self._skip(Message.of("figures.exists", file=place.name))
            return
        put_in_place(made, place)
        self.written.append(place)
        self._tell(Event(WRITTEN, file=place.name))

    def _skip(self, why: Message) -> None:
        self.skipped.append(why)
        self._tell(Event(SKIPPED, text=str(why)))


def print_jobs(
    project: QgsProject, order: PrintOrder, tell: Tell, cancelled: Callable[[], bool] | None = None
) -> PrintRoom:
    """Print an order; the room that is returned knows what was written and what was skipped.

    Runs on the main thread, for layouts live there.

    Raises
    ------
    PlannerError
        If the folder cannot be written to, or a file could not be written; whole files stay.
    Cancelled
        If it was stopped between two jobs.
    """
    folder = Path(order.folder)
    with Workshop(folder) as workshop:
        room = PrintRoom(project, folder, workshop, order.force, tell)
        steps = len(order.jobs) + (order.binding is not None)
        for number, job in enumerate(order.jobs):
            if cancelled is not None and cancelled():
                raise Cancelled
            told = text("figures.progress", number=job.figure, file=job.file or job.title)
            tell(Event(STEP, share=number / steps, text=told, file=job.file))
            room.print_job(job)
        if order.binding is not None:
            if cancelled is not None and cancelled():
                raise Cancelled
            told = text("figures_export.binding", file=order.binding.file)
            tell(Event(STEP, share=len(order.jobs) / steps, text=told, file=order.binding.file))
            room.bind(order.binding)
    return room


def _copy_or_move(made: Path, kept: Path, move: bool) -> None:
    import shutil

    from .workshop import is_whole, unwritable

    try:
        if move:
            made.replace(kept)
        else:
            shutil.copyfile(made, kept)
    except OSError as error:
        raise unwritable(kept.parent.parent, error) from error
    if not is_whole(kept):
        raise PlannerError("figures.not_written", file=kept.name)


# --- as a process of its own --------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Print the order of a file; 0 where all went well, 1 where a sentence says why not, 2 where the call is wrong."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    stream = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no event

    def tell(event: Event) -> None:
        stream.write(event.as_line() + "\n")
        stream.flush()

    stop_with_the_parent()
    try:
        order = _read_order(Path(arguments[0]))
        set_language(order.language)
        return _print_snapshot(order, tell)
    except PlannerError as error:
        tell(Event(FAILED, text=str(error)))
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more
    except Exception as error:
        # the last line of defence of a process: its parent shows sentences, and has no other way to hear of it
        tell(Event(FAILED, text=text("figures_export.unexpected", reason=f"{type(error).__name__}: {error}")))
        raise
    return 1


def _read_order(file: Path) -> PrintOrder:
    try:
        return PrintOrder.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlannerError("figures_export.order_unreadable", file=str(file), reason=str(error)) from error


def _print_snapshot(order: PrintOrder, tell: Tell) -> int:
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    try:
        project = QgsProject.instance()
        if not project.read(order.project):
            raise PlannerError("figures_export.project_unreadable", file=order.project)
        room = print_jobs(project, order, tell)
        tell(Event(DONE, written=len(room.written), skipped=len(room.skipped)))
        project.clear()
    finally:
        application.exitQgis()
    return 0


def stop_with_the_parent() -> None:
    """End this process as soon as the pipe to its standard input is closed.

    On Linux even while QGIS draws and lets no Python run.
    """
    import stat
    import threading

    if sys.stdin is None or not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        return
    if sys.platform == "linux":
        import fcntl
        import signal

        # The system itself ends a process that is signalled so and does not handle it
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(sys.stdin, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(sys.stdin, fcntl.F_SETFL, fcntl.fcntl(sys.stdin, fcntl.F_GETFL) | os.O_ASYNC)
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not through Python's buffer, whose lock the process would die of
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
