"""The appendix as files: figures are laid out one by one in the plan's project, then printed as they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qgis.core import QgsProject

from ..core.errors import Cancelled, PlannerError
from ..core.plan.tables import PlanTables
from ..core.store.plan_file import read_plan
from ..core.texts import Message, language, text
from ..layers.opening import OpenPlan
from ..layers.reading import read_open_plan
from .atlas.series import make_series
from .catalogue import Catalogue, Figure, load_catalogue
from .companion import TABLES_READ
from .page.layouts import Imprint, LaidOut, lay_out, typefaces
from .press.jobs import FORMATS, Binding, Event, Exported, Prepared, PrintJob, PrintOrder
from .press.naming import bound_name, file_name, file_stem, page_stem
from .press.printer import PrintRoom
from .press.workshop import Workshop
from .press.writing import geopdf_is_possible
from .sources import FigureLayers

Progress = Callable[[float, Message], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be exported.

    Attributes
    ----------
    folder
        Made where it is not there.
    figures
        Numbers as ``4,8,9``; empty for all that have data.
    formats
        As ``pdf,png``, one file each.  Empty for PDF, or for the bound document alone where that is wanted.
    paper
        ``A4``, ``A3``, ``A1``, or a page in full such as ``A3-portrait``.
    force
        Whether files that exist are replaced.
    dem
        An elevation raster; without one that of the list of figures, if it names any.
    printed
        The date on the page, by default today's.
    bound
        Also all pages as one PDF with bookmarks.
    series
        Also a page for each county, of every figure.
    stored
        Whether unsaved edits are left out of labels and companion tables too, as another process that prints leaves
        them out of the maps.
    """

    folder: Path
    figures: str = ""
    formats: str = "pdf"
    paper: str = "A3"
    force: bool = False
    dem: str | Path | None = None
    printed: date | None = None
    bound: bool = False
    series: bool = False
    stored: bool = False


# --- first: laid out ----------------------------------------------------------------------------


def prepare_export(opened: OpenPlan, wanted: Wanted) -> Iterator[Prepared]:
    """Lay out one figure a step, on the main thread; say what cannot be drawn, or is there already.

    Raises
    ------
    PlannerError
        On the first step if something asked for is not known; on any if a layout cannot be made.
    """
    formats = formats_of(wanted.formats, bound=wanted.bound)
    catalogue = load_catalogue(opened.path)
    figures = catalogue.chosen(wanted.figures)
    named = TABLES_READ
    tables = read_plan(opened.path, named) if wanted.stored else read_open_plan(opened, named)
    imprint = imprint_of(tables, wanted.printed)
    layers = FigureLayers(opened, _dem(catalogue, wanted), wanted.stored)
    preparing = _Preparing(wanted, formats, layers, tables, imprint)
    for step, figure in enumerate(figures, 1):
        yield preparing.figure(figure, step, len(figures))


class _Preparing:
    """What is the same for every figure of an export."""

    def __init__(
        self, wanted: Wanted, formats: list[str], layers: FigureLayers, tables: PlanTables, imprint: Imprint
    ) -> None:
        self._wanted, self._formats = wanted, formats
        self._layers, self._tables, self._imprint = layers, tables, imprint
        self._binding, self._binding_exists = None, False
        if wanted.bound:
            city = imprint.city
            name = bound_name(city)
            self._binding_exists = (wanted.folder / name).exists() and not wanted.force
            if not self._binding_exists:
                self._binding = Binding(name, text("figures_export.bound_title", city=city), imprint.issuer)

    def figure(self, figure: Figure, step: int, steps: int) -> Prepared:
        city = self._imprint.city
        title = figure.title_for(city)
        skipped: list[Message] = []
        if step == 1 and self._binding_exists:
            skipped.append(Message.of("figures.exists", file=bound_name(city)))
        lacking = self._layers.what_is_missing(figure, city)
        if lacking is not None:
            return Prepared(figure.number, title, step, steps, (), (*skipped, lacking), (), self._binding)
        stem = file_stem(figure, city)
        heading = text("figures.layout_name", number=figure.number, title=title)
        files = self._files(stem, skipped)
        jobs: list[PrintJob] = []
        notes: list[Message] = []
        if files or self._wanted.series:
            laid = lay_out(figure, self._layers, self._tables, self._imprint, self._wanted.paper)
            notes += [*font_notes(), *laid.notes]
            if not figure.review_number:
                notes.append(Message.of("figures.no_review_number", number=figure.number))
            for format_name, file, bound in files:
                jobs.append(PrintJob(laid.layout.name(), figure.number, format_name, file, heading, None, bound))
            if self._wanted.series:
                self._add_series(figure, laid, stem, heading, jobs, skipped, notes)
        return Prepared(figure.number, title, step, steps, tuple(jobs), tuple(skipped), tuple(notes), self._binding)

    def _add_series(
        self,
        figure: Figure,
        laid: LaidOut,
        stem: str,
        heading: str,
        jobs: list[PrintJob],
        skipped: list[Message],
        notes: list[Message],
    ) -> None:
        series = make_series(figure, laid, self._layers, self._imprint.city)
        if isinstance(series, Message):
            skipped.append(series)
            return
        notes += series.notes
        for page, county in enumerate(series.counties):
            for format_name, file, bound in self._files(page_stem(stem, page + 1, county), skipped):
                name = series.layout.name()
                jobs.append(PrintJob(name, figure.number, format_name, file, county, page, bound, heading))

    def _files(self, stem: str, skipped: list[Message]) -> list[tuple[str, str, bool]]:
        """Formats to be written, the file of each (empty: bound only), and whether it is bound."""
        found = []
        for format_name in self._formats:
            name = file_name(stem, format_name)
            if (self._wanted.folder / name).exists() and not self._wanted.force:
                skipped.append(Message.of("figures.exists", file=name))
            elif format_name == "geopdf" and not geopdf_is_possible():
                skipped.append(Message.of("figures_export.no_geopdf", file=name))
            else:
                found.append((format_name, name, format_name == "pdf" and self._binding is not None))
        if self._binding is not None and not any(bound for _, _, bound in found):
            found.insert(0, ("pdf", "", True))
        return found


def order_of(prepared: Iterable[Prepared], wanted: Wanted, project: str = "") -> PrintOrder:
    """What was prepared, as one order for the printing.

    Parameters
    ----------
    project
        The snapshot of the project, where another process prints.
    """
    steps = list(prepared)
    jobs = tuple(job for step in steps for job in step.jobs)
    binding = steps[0].binding if steps else None
    return PrintOrder(str(wanted.folder), jobs, binding, wanted.force, language(), project)


# --- then: printed, all in one process ----------------------------------------------------------


def export_figures(
    opened: OpenPlan,
    wanted: Wanted,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Lay figures out in the plan's project and write them, in this process and on the main thread.

    Files written before a cancellation stay; each is whole.

    Raises
    ------
    PlannerError
        If something asked for is not known, the folder cannot be written to, or a file could not be written.
    Cancelled
        If the planner stopped it.
    """
    done = Exported()

    def report(share: float, told: Message) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(share, told)

    preparing = prepare_export(opened, wanted)
    first = next(preparing, None)
    if first is None:
        return done
    with Workshop(wanted.folder) as workshop:
        room = PrintRoom(opened.project, wanted.folder, workshop, wanted.force, _unheard)
        step: Prepared | None = first
        while step is not None:
            done.skipped += step.skipped
            done.notes += [note for note in step.notes if note not in done.notes]
            for number, job in enumerate(step.jobs):
                share = (step.step - 1 + number / len(step.jobs)) / step.steps
                report(share, Message.of("figures.progress", number=job.figure, file=job.file or job.title))
                room.print_job(job)
            step = next(preparing, None)
        if first.binding is not None:
            report(1.0, Message.of("figures_export.binding", file=first.binding.file))
            room.bind(first.binding)
    done.files, done.skipped = room.written, done.skipped + room.skipped
    return done


def _unheard(_: Event) -> None:
    """In one process the results are enough."""


def formats_of(written: str, bound: bool = False) -> list[str]:
    """The formats named by a text such as ``pdf,png``; PDF where it names none, unless there is a bound document.

    Raises
    ------
    PlannerError
        If one is not known.
    """
    named = [f.strip().lower() for f in written.replace("，", ",").replace("、", ",").replace(";", ",").split(",")]
    for name in filter(None, named):
        if name not in FORMATS:
            raise PlannerError("figures.unknown_format", format=name, known=FORMATS)
    return list(dict.fromkeys(filter(None, named))) or ([] if bound else ["pdf"])


def imprint_of(tables: PlanTables, printed: date | None = None) -> Imprint:
    """City and issuer from the plan, and the date."""
    plan = tables["plan"]

    def value(name: str) -> str:
        found = plan[name]
        return str(found[0]) if len(found) and found[0] else ""

    day = printed or date.today()
    return Imprint(value("city"), value("issuer"), text("figures.date", year=day.year, month=day.month))


def font_notes() -> list[Message]:
    """Which typefaces are missing, and what stands in for them."""
    notes = []
    for kind, face in zip(("heiti", "songti"), typefaces()):
        if not face.chinese:
            return [Message.of("figures.no_cjk")]
        if not face.right_kind:
            kind_name = Message.of(f"figures.kind_{kind}")
            notes.append(Message.of("figures.other_typeface", kind=kind_name, family=face.family))
    return notes


def project_for(plan: str | Path, current: QgsProject | None) -> tuple[OpenPlan, bool]:
    """The plan as it stands open in a project, else opened in a project of its own (second value: True)."""
    from ..layers import roles
    from ..layers.opening import open_plan

    if current is not None and roles.layers(current, plan):
        return open_plan(plan, current), False
    return open_plan(plan, QgsProject()), True


def _dem(catalogue: Catalogue, wanted: Wanted) -> Path | None:
    found = Path(wanted.dem) if wanted.dem else catalogue.dem
    if found is not None and not found.is_file():
        raise PlannerError("figures.dem_unreadable", file=str(found))
    return found
