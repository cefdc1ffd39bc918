"""Figures as files: each whole or not at all, under the names that a printed appendix uses."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout, QgsProject, QgsRenderContext

from ..core.errors import Cancelled, PlannerError
from ..core.plan.tables import PlanTables
from ..core.texts import Message, text
from ..layers.opening import OpenPlan
from ..layers.reading import read_open_plan
from .catalogue import Catalogue, Figure, load_catalogue
from .layouts import Imprint, lay_out, typefaces
from .sources import FigureLayers

FORMATS = ("pdf", "png", "svg")
DPI = 300
#: How a whole file of a format ends.
_ENDS = {"pdf": b"%%EOF", "png": b"IEND\xaeB`\x82", "svg": b"</svg>"}
#: Bytes of a file's name that every file system takes, less the ending.
_LONGEST_NAME = 180
#: The language of the files' names.
_NAMED_IN = "zh"

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
        As ``pdf,png``.
    paper
        ``A4``, ``A3``, ``A1``, or a page in full such as ``A3-portrait``.
    force
        Whether files that exist are replaced.
    dem
        An elevation raster; without one that of the list of figures, if it names any.
    printed
        The date on the page, by default today's.
    """

    folder: Path
    figures: str = ""
    formats: str = "pdf"
    paper: str = "A3"
    force: bool = False
    dem: str | Path | None = None
    printed: date | None = None


@dataclass
class Exported:
    """What came of it.

    Attributes
    ----------
    files
        Written, in order.
    skipped
        What was left out, and why.
    notes
        What the planner should know besides.
    """

    files: list[Path] = field(default_factory=list)
    skipped: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def messages(self) -> list[Message]:
        """Everything worth telling at the end."""
        count = Message.of("figures.summary", written=len(self.files), skipped=len(self.skipped))
        return [*dict.fromkeys(self.notes), *self.skipped, count]


def export_figures(
    opened: OpenPlan,
    wanted: Wanted,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Lay figures out in the plan's project and write them.

    Runs on the main thread.  Files written before a cancellation stay; each is whole.

    Raises
    ------
    PlannerError
        If something asked for is not known, the folder cannot be written to, or a file could not be written.
    Cancelled
        If the planner stopped it.
    """
    formats = formats_of(wanted.formats)
    catalogue = load_catalogue(opened.path)
    figures = catalogue.chosen(wanted.figures)
    tables = read_open_plan(opened, ["plan", "restoration_zone", "key_area", "project"])
    imprint = imprint_of(tables, wanted.printed)
    layers = FigureLayers(opened, _dem(catalogue, wanted))
    done = Exported()
    drawn: list[Figure] = []
    for figure in figures:
        lacking = layers.what_is_missing(figure, imprint.city)
        if lacking is None:
            drawn.append(figure)
        else:
            done.skipped.append(lacking)
    if not drawn:
        return done
    done.notes += font_notes()
    with _workshop(wanted.folder) as workshop:
        steps = [(figure, suffix) for figure in drawn for suffix in formats]
        for number, (figure, suffix) in enumerate(steps):
            if cancelled is not None and cancelled():
                raise Cancelled
            target = wanted.folder / f"{file_stem(figure, imprint.city)}.{suffix}"
            if progress is not None:
                told = Message.of("figures.progress", number=figure.number, file=target.name)
                progress(number / len(steps), told)
            if target.exists() and not wanted.force:
                done.skipped.append(Message.of("figures.exists", file=target.name))
                continue
            laid = lay_out(figure, layers, tables, imprint, wanted.paper)
            done.notes += [n for n in laid.notes if n not in done.notes]
            if not figure.review_number:
                review = Message.of("figures.no_review_number", number=figure.number)
                done.notes += [review] if review not in done.notes else []
            done.files += _publish(laid.layout, workshop, target, suffix)
    return done


def formats_of(written: str) -> list[str]:
    """The formats named by a text such as ``pdf,png``.

    Raises
    ------
    PlannerError
        If one is not known.
    """
    named = [f.strip().lower() for f in written.replace("，", ",").replace(";", ",").split(",") if f.strip()]
    for name in named:
        if name not in FORMATS:
            raise PlannerError("figures.unknown_format", format=name, known=FORMATS)
    return list(dict.fromkeys(named)) or ["pdf"]


def file_stem(figure: Figure, city: str) -> str:
    """``图8_本溪市生态修复分区图``: what no file system takes is left out, what is too long is cut.

    In Chinese whatever the interface speaks: the plan's appendix goes by these names, and scripts find them.
    """
    name = f"{text('figures.file_prefix', _NAMED_IN, number=figure.number)}_{figure.title_for(city, _NAMED_IN)}"
    plain = "".join("_" if c.isspace() else c for c in name if c not in '\\/:*?"<>|' and c.isprintable() or c == " ")
    return plain.encode("utf-8")[:_LONGEST_NAME].decode("utf-8", "ignore").rstrip("._ ")


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


class _workshop:  # noqa: N801  a context manager, used like a function
    """A hidden folder inside the target's, where files are made before they appear under their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: Path | None = None

    def __enter__(self) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlannerError("figures.no_folder", folder=str(self._folder), reason=error.strerror) from error
        try:
            self._made = Path(tempfile.mkdtemp(prefix=".figures-", dir=self._folder))
        except OSError as error:
            raise PlannerError("figures.folder_unwritable", folder=str(self._folder), reason=error.strerror) from error
        return self._made

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def _publish(layout: QgsPrintLayout, workshop: Path, target: Path, suffix: str) -> list[Path]:
    """Write a layout beside its place, and put it there when it is whole; several files for several pages."""
    for old in workshop.iterdir():
        old.unlink()
    made = workshop / f"page.{suffix}"
    result = write_layout(layout, made, suffix)
    files = sorted(workshop.iterdir(), key=lambda f: (len(f.name), f.name))
    if result != QgsLayoutExporter.ExportResult.Success or not files or not all(_is_whole(f, suffix) for f in files):
        raise PlannerError("figures.not_written", file=target.name)
    written = []
    for file in files:
        page = file.stem.partition("_")[2]
        place = target if not page else target.with_name(f"{target.stem}_{page}{target.suffix}")
        try:
            os.replace(file, place)
        except OSError as error:
            reason = error.strerror or os.strerror(error.errno or errno.EIO)
            raise PlannerError("figures.folder_unwritable", folder=str(target.parent), reason=reason) from error
        written.append(place)
    return written


def write_layout(layout: QgsPrintLayout, file: Path, suffix: str) -> QgsLayoutExporter.ExportResult:
    """One layout as a file: PDF as vectors with text as text, PNG at 300 dpi, SVG."""
    exporter = QgsLayoutExporter(layout)
    if suffix == "png":
        picture = QgsLayoutExporter.ImageExportSettings()
        picture.dpi = DPI
        picture.generateWorldFile = False
        with _gdal_keeps_quiet():
            return exporter.exportToImage(str(file), picture)
    if suffix == "svg":
        drawing = QgsLayoutExporter.SvgExportSettings()
        drawing.dpi = DPI
        drawing.forceVectorOutput = True
        drawing.textRenderFormat = _text_as_text()
        return exporter.exportToSvg(str(file), drawing)
    document = QgsLayoutExporter.PdfExportSettings()
    document.dpi = DPI
    document.forceVectorOutput = True
    document.rasterizeWholeImage = False
    document.simplifyGeometries = True
    document.appendGeoreference = True
    document.exportMetadata = True
    document.textRenderFormat = _text_as_text()
    return exporter.exportToPdf(str(file), document)


@contextmanager
def _gdal_keeps_quiet() -> Iterator[None]:
    """QGIS offers every picture to GDAL for its place on earth, and GDAL says aloud that PNG takes none."""
    from osgeo import gdal

    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def _text_as_text() -> object:
    if Qgis.QGIS_VERSION_INT >= 33000:
        return Qgis.TextRenderFormat.AlwaysText
    return QgsRenderContext.TextRenderFormat.AlwaysText


def _is_whole(file: Path, suffix: str) -> bool:
    """Whether a file ends as its format does: a full disk cuts it off."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - 64))
        return _ENDS[suffix] in stream.read()
