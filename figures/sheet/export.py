"""Siting sheets as files: a PDF for each project, and the 国土TXT of its site beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ...core.delivery.guotu_txt import ENCODINGS, write_guotu_txt
from ...core.errors import Cancelled, PlannerError
from ...core.sheet.choosing import chosen_projects, of_features, with_findings
from ...core.sheet.contents import READ, SiteSheet, sheets_of
from ...core.sheet.runs import project_runs
from ...core.siting.rules import load_rules
from ...core.texts import Message
from ...layers.opening import OpenPlan
from ...layers.reading import read_open_plan
from ..export import font_notes
from ..searchable import searchable_text
from ..workshop import Workshop, put_in_place
from ..writing import write_layout
from .laying import lay_out_sheet

Progress = Callable[[float, Message], None]
#: The share of the work that is the check.
_CHECK = 0.15


@dataclass(frozen=True)
class WantedSheets:
    """What is to be written.

    Attributes
    ----------
    folder
        Made where it is not there.
    projects
        Codes as ``A1,A2``; empty for all projects that have findings.
    features
        Feature ids of projects, in the place of codes.
    rules
        A rules file, or None for the default rules.
    encoding
        Of the 国土TXT: ``GBK`` or ``UTF-8``.
    force
        Whether files that exist are replaced.
    made
        The date on the sheets, by default today's.
    """

    folder: Path
    projects: str = ""
    features: tuple[int, ...] = ()
    rules: Path | None = None
    encoding: str = ENCODINGS[0]
    force: bool = False
    made: date | None = None


@dataclass
class SheetsWritten:
    """What came of it.

    Attributes
    ----------
    files
        Written, in order.
    skipped
        What was left out, and why.
    kept
        Files left out because they were there already.
    notes
        What the planner should know besides.
    """

    files: list[Path] = field(default_factory=list)
    skipped: list[Message] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def messages(self) -> list[Message]:
        """Everything worth telling at the end."""
        count = Message.of("sheet.summary", written=len(self.files), skipped=len(self.skipped))
        return [*dict.fromkeys(self.notes), *self.skipped, count]


def export_sheets(
    opened: OpenPlan,
    wanted: WantedSheets,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SheetsWritten:
    """Write the siting sheets of some projects of an open plan, unsaved edits included.

    Runs on the main thread.  Files written before a cancellation stay; each is whole.  The plan is only read.

    Raises
    ------
    PlannerError
        If a project, the rules or the encoding is not known, or the folder cannot be written to.
    Cancelled
        If the planner stopped it.
    """
    done = SheetsWritten()
    for _ in write_sheets(opened, wanted, done, progress, cancelled):
        if cancelled is not None and cancelled():
            raise Cancelled
    return done


def write_sheets(
    opened: OpenPlan,
    wanted: WantedSheets,
    done: SheetsWritten,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[None]:
    """The same in steps, so that the interface stays usable: one for the check, one for each project.

    What has come of it so far stands in `done`.  Left alone, it leaves nothing half-written behind.
    """
    tell = progress or (lambda fraction, message: None)
    if wanted.encoding not in ENCODINGS:
        raise PlannerError("sheet.txt_encoding", encoding=wanted.encoding, known=list(ENCODINGS))
    rules = load_rules(wanted.rules)
    needed = {*READ, *(rule.layer for rule in rules.rules if rule.layer is not None)}
    tables = read_open_plan(opened, needed)
    if not len(tables["project"]):
        raise PlannerError("sheet.no_projects")
    if wanted.features:
        positions: list[int] | None = of_features(tables["project"], wanted.features)
        if not positions:
            raise PlannerError("sheet.features_gone")
    else:
        positions = chosen_projects(tables["project"], wanted.projects)
    runs = project_runs(tables, rules, lambda share, message: tell(_CHECK * share, message), cancelled)
    if positions is None:
        positions = with_findings(runs)
    if not positions:
        done.skipped.append(Message.of("sheet.nothing_found"))
        return
    done.notes += font_notes()
    sheets = sheets_of(tables, runs, positions, wanted.made or date.today())
    yield
    with Workshop(wanted.folder) as workshop:
        for number, sheet in enumerate(sheets):
            share = _CHECK + (1 - _CHECK) * number / len(sheets)
            tell(share, Message.of("sheet.progress", file=f"{sheet.stem}.pdf"))
            _write_pdf(sheet, opened, wanted, workshop, done)
            _write_txt(sheet, wanted, done)
            yield


def _write_pdf(sheet: SiteSheet, opened: OpenPlan, wanted: WantedSheets, workshop: Path, done: SheetsWritten) -> None:
    target = wanted.folder / f"{sheet.stem}.pdf"
    if _kept(target, wanted, done):
        return
    laid = lay_out_sheet(sheet, opened)
    made = workshop / "sheet.pdf"
    made.unlink(missing_ok=True)
    with searchable_text(laid.layout):
        well = write_layout(laid.layout, made, "pdf")
    if not well:
        raise PlannerError("sheet.not_written", file=target.name)
    put_in_place(made, target)
    done.files.append(target)


def _write_txt(sheet: SiteSheet, wanted: WantedSheets, done: SheetsWritten) -> None:
    plot = sheet.plot
    if plot is None:
        done.skipped.append(Message.of("sheet.no_txt", project=sheet.called))
        return
    target = wanted.folder / f"{sheet.stem}.txt"
    if _kept(target, wanted, done):
        return
    notes = write_guotu_txt(target, [plot], sheet.issuer, sheet.made, wanted.encoding, wanted.force)
    done.notes += [Message.of("sheet.about_project", project=sheet.called, note=note) for note in notes]
    done.files.append(target)


def _kept(target: Path, wanted: WantedSheets, done: SheetsWritten) -> bool:
    """Whether a file is there already and is to stay."""
    if not target.exists() or wanted.force:
        return False
    done.kept.append(target)
    done.skipped.append(Message.of("sheet.exists", file=target.name))
    return True
