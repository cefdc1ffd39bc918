"""What goes in and out of the dialog: the figures there are, what the planner chooses, what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class FigureEntry:
    """A figure as the list shows it.

    Attributes
    ----------
    number, title
        As they are printed.
    stem
        What its files are called, without ending.
    lacks
        What data is missing, in a few words; empty where it can be drawn.
    advice
        The whole sentence, with what to do about it.
    adjusted
        Whether its layout in the project was adjusted by hand, and will be kept.
    """

    number: int
    title: str
    stem: str
    lacks: str = ""
    advice: str = ""
    adjusted: bool = False


@dataclass(frozen=True)
class Survey:
    """What can be exported from a plan.

    Attributes
    ----------
    figures
        In the order of the catalogue.
    bound_file
        What the bound document would be called.
    counties
        How many counties a series would have; 0 where none are drawn.
    """

    figures: tuple[FigureEntry, ...]
    bound_file: str = ""
    counties: int = 0


@dataclass(frozen=True)
class Choices:
    """What the planner has chosen; remembered for each plan.

    Attributes
    ----------
    left_out
        Numbers of figures that are not wanted: so one whose data comes later is wanted at first.
    formats
        Of the files, some of `figures.press.jobs.FORMATS`.
    paper, arrangement
        ``A3`` and one of `figures.pages.ARRANGEMENTS`; empty for the arrangement that suits the city.
    single, bound
        One file for each figure; all in one PDF.
    series
        A page for each county.
    dem
        Path of an elevation raster, or empty.
    folder
        Where the files go.
    force
        Whether files that are there are replaced; never remembered.
    """

    left_out: tuple[int, ...] = ()
    formats: tuple[str, ...] = ("pdf", "png")
    paper: str = "A3"
    arrangement: str = ""
    single: bool = True
    bound: bool = False
    series: bool = False
    dem: str = ""
    folder: str = ""
    force: bool = False

    @property
    def page(self) -> str:
        """Paper and arrangement as `figures.page.layouts.lay_out` takes them."""
        return f"{self.paper}-{self.arrangement}" if self.arrangement else self.paper

    def as_json(self) -> str:
        """What is remembered."""
        return json.dumps({k: v for k, v in asdict(self).items() if k != "force"}, ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str, otherwise: Choices) -> Choices:
        """Choices as they were remembered; what cannot be understood is taken from `otherwise`."""
        try:
            found: Any = json.loads(written)
        except ValueError:
            return otherwise
        if not isinstance(found, dict):
            return otherwise
        kept = asdict(otherwise)
        for entry in fields(cls):
            value = found.get(entry.name)
            if isinstance(kept[entry.name], tuple) and isinstance(value, list):
                value = tuple(value)
            if type(value) is type(kept[entry.name]) and entry.name != "force":
                kept[entry.name] = value
        return cls(**kept)


@dataclass
class Outcome:
    """What came of an export.

    Attributes
    ----------
    folder
        Where the files went.
    files
        Written, in order.
    skipped, notes
        What was left out and why; what should be known besides.
    failed, details
        Why it broke off, empty where it did not; what helps to find out.
    cancelled
        Whether the planner stopped it.
    """

    folder: Path
    files: list[Path] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: str = ""
    details: str = ""
    cancelled: bool = False
