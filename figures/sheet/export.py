"""Siting sheets as files: a PDF for each project, the 国土TXT of its site beside it, and all of them bound if wanted.

Three steps, so that the window can check in the background: `read_asked` → `project_runs` (plain data) → `write_sheets`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

from ...core.delivery.guotu_txt import ENCODINGS, write_guotu_txt
from ...core.errors import Cancelled, PlannerError
from ...core.libraries import library
from ...core.plan.tables import PlanTables
from ...core.sheet.choosing import chosen_projects, of_features, with_findings
from ...core.sheet.contents import READ, SiteSheet, file_stem, sheets_of
from ...core.sheet.runs import ProjectRun, project_runs
from ...core.siting.rules import RuleSet, load_rules
from ...core.texts import Message, text
from ...layers.opening import OpenPlan
from ...layers.reading import read_open_plan
from ..export import font_notes
from ..press.binding import Sheet, bind
from ..press.jobs import Binding, Exported
from ..press.searchable import searchable_text
from ..press.workshop import Workshop, put_in_place, unwritable
from ..press.writing import write_layout
from .laying import lay_out_sheet

Progress = Callable[[float, Message], None]
#: The share of the work that is the check.
CHECK_SHARE = 0.15


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
    bound
        Also all sheets as one PDF with a bookmark for each project.
    """

    folder: Path
    projects: str = ""
    features: tuple[int, ...] = ()
    rules: Path | None = None
    encoding: str = ENCODINGS[0]
    force: bool = False
    made: date | None = None
    bound: bool = False


@dataclass(frozen=True)
class Asked:
    """What the check and the sheets need: the plan's tables, the rules, and where the projects stand in their table
    (None: all that have findings)."""

    tables: PlanTables
    rules: RuleSet
    positions: list[int] | None


@dataclass
class SheetsWritten(Exported):
    """What came of it.

    Attributes
    ----------
    kept
        Files left out because they were there already.
    """

    kept: list[Path] = field(default_factory=list)
    summary: ClassVar[str] = "sheet.summary"


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
    asked = read_asked(opened, wanted)
    tell = progress or (lambda fraction, message: None)
    runs = project_runs(asked.tables, asked.rules, lambda share, message: tell(CHECK_SHARE * share, message), cancelled)
    done = SheetsWritten()
    with closing(write_sheets(opened, wanted, asked, runs, done, progress)) as steps:
        for _ in steps:
            if cancelled is not None and cancelled():
                raise Cancelled
    return done


def read_asked(opened: OpenPlan, wanted: WantedSheets) -> Asked:
    """Read what the check and the sheets need, unsaved edits included (main thread).

    Raises
    ------
    PlannerError
        If a project, the rules or the encoding is not known, or nothing can bind where that is wanted.
    """
    if wanted.encoding not in ENCODINGS:
        raise PlannerError("sheet.txt_encoding", encoding=wanted.encoding, known=list(ENCODINGS))
    if wanted.bound:
        library("pypdf")  # not after minutes of work
    rules = load_rules(wanted.rules)
    needed = {*READ, *(rule.layer for rule in rules.rules if rule.layer is not None)}
    tables = read_open_plan(opened, needed)
    if not len(tables["project"]):
        raise PlannerError("sheet.no_projects")
    if not wanted.features:
        return Asked(tables, rules, chosen_projects(tables["project"], wanted.projects))
    positions = of_features(tables["project"], wanted.features)
    if not positions:
        raise PlannerError("sheet.features_gone")
    return Asked(tables, rules, positions)


def write_sheets(
    opened: OpenPlan,
    wanted: WantedSheets,
    asked: Asked,
    runs: list[ProjectRun],
    done: SheetsWritten,
    progress: Progress | None = None,
) -> Generator[None, None, None]:
    """Write the sheets in steps, one for each project, so that the interface stays usable (main thread).

    What has come of it so far stands in `done`.  Left alone, it leaves nothing half-written behind.
    """
    tell = progress or (lambda fraction, message: None)
    positions = with_findings(runs) if asked.positions is None else asked.positions
    if not positions:
        done.skipped.append(Message.of("sheet.nothing_found"))
        return
    done.notes += font_notes()
    sheets = sheets_of(asked.tables, runs, positions, wanted.made or date.today())
    bound = _bound_file(asked.tables, wanted, done)
    with Workshop(wanted.folder) as workshop:
        to_bind: list[Sheet] = []
        for number, sheet in enumerate(sheets):
            share = CHECK_SHARE + (1 - CHECK_SHARE) * number / len(sheets)
            tell(share, Message.of("sheet.progress", file=f"{sheet.stem}.pdf"))
            _write_pdf(sheet, opened, wanted, workshop, done, to_bind if bound is not None else None)
            _write_txt(sheet, wanted, done)
            yield
        if bound is not None:
            tell(1.0, Message.of("sheet.progress", file=bound.name))
            made = workshop / "bound.pdf"
            bind(to_bind, Binding(bound.name, bound.stem.replace("_", " "), sheets[0].issuer), made)
            put_in_place(made, bound)
            done.files.append(bound)


def _bound_file(tables: PlanTables, wanted: WantedSheets, done: SheetsWritten) -> Path | None:
    """Where the bound sheets go; None where they are not wanted, or are there already and are to stay."""
    if not wanted.bound:
        return None
    city = next((str(v) for v in tables["plan"]["city"] if v), "")
    target = wanted.folder / f"{file_stem([text('sheet.bound_prefix', 'zh'), city])}.pdf"
    return None if _kept(target, wanted, done) else target


def _write_pdf(
    sheet: SiteSheet,
    opened: OpenPlan,
    wanted: WantedSheets,
    workshop: Path,
    done: SheetsWritten,
    to_bind: list[Sheet] | None,
) -> None:
    target = wanted.folder / f"{sheet.stem}.pdf"
    kept = _kept(target, wanted, done)
    if kept and to_bind is None:
        return
    laid = lay_out_sheet(sheet, opened)
    made = workshop / "sheet.pdf"
    made.unlink(missing_ok=True)
    with searchable_text(laid.layout):
        well = write_layout(laid.layout, made, "pdf")
    if not well:
        raise PlannerError("sheet.not_written", file=target.name)
    if to_bind is not None:
        page = workshop / f"bound_{len(to_bind):04d}.pdf"
        try:
            shutil.copyfile(made, page)
        except OSError as error:
            raise unwritable(wanted.folder, error) from error
        to_bind.append(Sheet(page, sheet.called))
    if not kept:
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
