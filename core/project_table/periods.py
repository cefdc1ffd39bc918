"""Periods as tables print them: ``2021-2030 年``, ``2021—2025年``, ``2025年前``, ``近期``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: What a plan speaks of lies between these years.
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DASH = "[-‐‑‒–—−~～至到]+"
_DAY = r"(?:\s*[.年/-]\s*(?:1[0-2]|0?[1-9])(?![0-9])\s*月?(?:\s*[.日/-]?\s*[0-3]?\d\s*日?)?)?"
_YEAR = r"((?:19|20|21)\d\d)"
_SPAN = re.compile(rf"{_YEAR}(?:\s*年)?({_DAY})\s*{_DASH}\s*{_YEAR}(?:\s*年)?({_DAY})(?:\s*年度?)?")
_UNTIL = re.compile(
    rf"(?:(?:至|到|until|by)\s*{_YEAR}\s*(?:年底?)?|{_YEAR}\s*年?\s*(?:底?前|之前|以前))", re.IGNORECASE
)
_FROM = re.compile(
    rf"(?:(?:from|since|自)\s*{_YEAR}\s*年?(?:起|开始)?|{_YEAR}\s*年?\s*(?:起|开始|以后|之后))", re.IGNORECASE
)
_ONE = re.compile(rf"{_YEAR}(?:\s*年度?)?({_DAY})(?!\d)")
_EDGES = " \n()（）[]〔〕:：,，;；、"


@dataclass(frozen=True)
class Period:
    """First and last year as far as they are written, and what else is said of the period."""

    start: int | None
    end: int | None
    note: str | None
    in_order: bool = True

    @property
    def years(self) -> tuple[int | None, int | None] | None:
        """The years, or None where none is written."""
        return None if self.start is None and self.end is None else (self.start, self.end)


def read_period(written: str) -> Period:
    """A period as written; what is no year stays as its note.

    >>> read_period("2021-2030 年")
    Period(start=2021, end=2030, note=None, in_order=True)
    >>> read_period("近期（2021—2025年）")
    Period(start=2021, end=2025, note='近期', in_order=True)
    """
    flat = "".join(unicodedata.normalize("NFKC", char) if char.isdigit() else char for char in written).strip()
    if not flat:
        return Period(None, None, None)
    for pattern, kind in ((_SPAN, "span"), (_UNTIL, "until"), (_FROM, "from"), (_ONE, "one")):
        found = list(pattern.finditer(flat))
        if not found:
            continue
        if len(found) > 1:
            break  # several stages are one note: which of them are the project's years is not for us to say
        match = found[0]
        rest = _clean(flat[: match.start()], flat[match.end() :])
        if _ONE.search(rest or ""):
            break
        start, end, stamps = _years(match, kind)
        if not all(year is None or FIRST_YEAR <= year <= LAST_YEAR for year in (start, end)):
            break
        # months are not kept in years: then the whole is kept in words beside them
        note = flat if any(stamps) else rest
        in_order = start is None or end is None or start <= end
        return Period(start, end, note, in_order) if in_order else Period(None, None, flat, False)
    return Period(None, None, flat)


def _years(match: re.Match[str], kind: str) -> tuple[int | None, int | None, list[str]]:
    if kind == "span":
        return int(match[1]), int(match[3]), [match[2], match[4]]
    year = int(next(g for g in match.groups() if g and g.isdigit()))
    if kind == "until":
        return None, year, []
    if kind == "from":
        return year, None, []
    return year, year, [match[2]]


def _clean(before: str, behind: str) -> str | None:
    parts = [part.strip(_EDGES) for part in (before, behind)]
    return "，".join(part for part in parts if part) or None
