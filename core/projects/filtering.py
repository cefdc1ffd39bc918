"""Which projects are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..plan.project_entry import tidy_text
from .lines import ProjectLine

#: Chosen where projects without a programme, type, zone or grade are wanted.
NONE = ""


@dataclass(frozen=True)
class Wanted:
    """What a project must be; None is no condition.

    Attributes
    ----------
    words
        Each word must stand in its code, name, departments, counties, programmes, zones, tasks or remarks.
    programme, kind, grade, zone
        A code, or `NONE` for projects without.
    unsited
        Only those without a site.
    year
        Only those that run in this year; of those whose years nobody knows, none.
    """

    words: str = ""
    programme: str | None = None
    kind: str | None = None
    grade: str | None = None
    zone: str | None = None
    unsited: bool = False
    year: int | None = None

    @property
    def is_any(self) -> bool:
        """Whether every project passes."""
        return self == Wanted(words=self.words) and not self.words.strip()


def choose(lines: Iterable[ProjectLine], wanted: Wanted) -> list[ProjectLine]:
    """The projects that are wanted, in their order."""
    words = tidy_text(wanted.words).casefold().split()
    return [line for line in lines if _passes(line, wanted, words)]


def without_years(lines: Iterable[ProjectLine], wanted: Wanted) -> list[ProjectLine]:
    """The projects that a choice of a year leaves out only because no year of them is known."""
    if wanted.year is None:
        return []
    return [line for line in choose(lines, replace(wanted, year=None)) if line.years is None]


def _passes(line: ProjectLine, wanted: Wanted, words: list[str]) -> bool:
    return (
        _among(wanted.programme, line.programmes)
        and _is(wanted.kind, line.kind)
        and _is(wanted.grade, line.grade)
        and _among(wanted.zone, line.zones)
        and not (wanted.unsited and line.is_sited)
        and (wanted.year is None or line.runs_in(wanted.year) is True)
        and all(word in line.words for word in words)
    )


def _among(wanted: str | None, codes: tuple[str, ...]) -> bool:
    return wanted is None or (not codes if wanted == NONE else wanted in codes)


def _is(wanted: str | None, code: str | None) -> bool:
    return wanted is None or (code or NONE) == wanted
