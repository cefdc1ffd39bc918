"""The appendix's three tables and what belongs to each, from a plan's tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..plan.tables import PlanTables
from ..texts import Message, text
from .areas import areas_sheet
from .grid import Sheet, TableFile
from .indicators import units_sheet, years_sheet
from .projects import findings_sheet, projects_sheet
from .zones import towns_sheet, zones_sheet

#: The tables of a plan that the appendix needs.
READ = (
    "plan",
    "restoration_zone",
    "key_area",
    "unit_membership",
    "programme",
    "project",
    "indicator",
    "indicator_value",
    "indicator_share",
    "siting_finding",
    "siting_review",
)
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


@dataclass(frozen=True)
class Appendix:
    """The files there is something for, and why others are missing."""

    files: tuple[TableFile, ...]
    missing: tuple[Message, ...]


def appendix_of(tables: PlanTables) -> Appendix:
    """The three tables of a plan; one that has nothing to say is missing, never empty.

    Files are named in Chinese whatever the interface speaks: the plan's appendix goes by these names.
    """
    city = next((name for name in tables["plan"]["city"].tolist() if name), None) or ""
    files, missing = [], []
    for number, make in ((1, _zones), (2, _indicators), (3, _projects)):
        sheets = make(tables, city)
        if sheets:
            files.append(TableFile(_file_name(text(f"tables.file_{number}", "zh", city=city)), sheets))
        else:
            missing.append(Message.of(f"tables.nothing_for_{number}"))
    return Appendix(tuple(files), tuple(missing))


def _zones(tables: PlanTables, city: str) -> tuple[Sheet, ...]:
    if not len(tables["restoration_zone"]):
        return ()
    makers: list[tuple[str, Callable[[PlanTables, str], Sheet | None]]] = [
        ("title_1", zones_sheet),
        ("title_towns", towns_sheet),
        ("title_areas", areas_sheet),
    ]
    return _made(makers, tables, city)


def _indicators(tables: PlanTables, city: str) -> tuple[Sheet, ...]:
    if units_sheet(tables, "") is None:
        return _made([("title_2", years_sheet)], tables, city)
    return _made([("title_2_years", years_sheet), ("title_2_units", units_sheet)], tables, city)


def _projects(tables: PlanTables, city: str) -> tuple[Sheet, ...]:
    if not len(tables["project"]):
        return ()
    return _made([("title_3", projects_sheet), ("title_findings", findings_sheet)], tables, city)


def _made(
    makers: list[tuple[str, Callable[[PlanTables, str], Sheet | None]]], tables: PlanTables, city: str
) -> tuple[Sheet, ...]:
    made = [make(tables, text(f"tables.{title}", city=city)) for title, make in makers]
    return tuple(sheet for sheet in made if sheet is not None)


def _file_name(stem: str) -> str:
    """A name that every system takes."""
    return _NOT_IN_FILE_NAMES.sub("_", stem).strip(" .")[:80]
