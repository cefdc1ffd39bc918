"""What a planner enters for a project: codes of the plan's own pattern, tidy texts, and what does not fit.

The stored form says the same in QGIS's expressions (`layers.forms.rules`); here it is for the table import,
the plugin and whoever enters projects without a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..texts import Message
from .lists import read_list, write_list
from .schema import TABLES

LONGEST_NAME = 120
LONGEST_TEXT = 4000

#: Texts of one line, in which a pasted line break is a slip.
ONE_LINE = ("code", "name", "period_note", "lead_department", "status", "opinion_ref")
#: Codes and lists of codes: letters and digits in them are half-width.
CODES = ("code", "programme_codes", "zone_codes", "key_area_codes")

_NUMBERED = re.compile(r"^(?P<head>.*?)(?P<separator>[^0-9A-Za-z]?)(?P<number>[0-9]+)$", re.DOTALL)
_TAIL = re.compile(r"^(?P<separator>[^0-9A-Za-z]?)(?P<number>[0-9]+)$")
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
#: Of a code also points, hyphens and brackets.  Not all that Unicode calls compatible: Ⅱ is a code, and another than II.
_FULL_WIDTH_CODE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HIDDEN = {0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None}


@dataclass(frozen=True)
class Tidied:
    """One field whose text was made tidy."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Misfit:
    """What does not fit in a project's row, and how to mend it; a hard one should not be saved."""

    field: str
    hard: bool
    message: Message


def tidy_text(value: str, one_line: bool = True) -> str:
    """A text with half-width letters and digits, without hidden characters, blanks at the ends and, in one line, breaks.

    >>> tidy_text("Ａ１ ")
    'A1'
    """
    plain = value.translate(_FULL_WIDTH).translate(_HIDDEN).replace("\u3000", " ").replace("\xa0", " ")
    if one_line:
        return " ".join(plain.split())
    return "\n".join(line.rstrip() for line in plain.splitlines()).strip()


def tidy_code(value: str) -> str:
    """A code with half-width points, hyphens and brackets too, and no blanks in it."""
    return "".join(tidy_text(value).translate(_FULL_WIDTH_CODE).split())


def tidy_row(row: Mapping[str, object]) -> list[Tidied]:
    """Which texts of a project's row are better written otherwise; the row itself stays as it is."""
    tidied = []
    for field in TABLES["project"].fields:
        value = row.get(field.name)
        if field.type != "text" or not isinstance(value, str) or not value:
            continue
        if field.is_list:
            new = _tidy_list(value, tidy_code if field.name in CODES else tidy_text)
        elif field.name in CODES:
            new = tidy_code(value)
        else:
            new = tidy_text(value, one_line=field.name in ONE_LINE)
        if new != value:
            tidied.append(Tidied(field.name, value, new))
    return tidied


def _tidy_list(value: str, tidy: Callable[[str], str]) -> str:
    """A list with tidy entries; one whose entries are tidy stays as it is written."""
    entries = read_list(value)
    new = [tidy(entry) for entry in entries]
    return value if tuple(new) == entries else write_list(dict.fromkeys(e for e in new if e)) or "{}"


def next_code(programme: str, codes: Iterable[object]) -> str:
    """The code after the highest of a programme, written as its other codes are.

    Without any the pattern of the other programmes' codes is followed.  Gaps are left.

    >>> next_code("A", ["A1", "A9", "B3"])
    'A10'
    >>> next_code("2", ["1.01", "1.02"])
    '2.01'
    """
    there = [str(c) for c in codes if c is not None and str(c).strip()]
    own = [m for c in there if c.startswith(programme) and (m := _TAIL.match(c[len(programme) :]))]
    pattern = own or [m for c in there if (m := _NUMBERED.match(c))]
    separator = pattern[0]["separator"] if pattern else ""
    width = min((len(m["number"]) for m in pattern), default=1)
    number = max((int(m["number"]) for m in own), default=0) + 1
    return f"{programme}{separator}{number:0{width}d}"


def code_shape(code: str) -> str:
    """How a code is built: letters as A, digits as 9 (``A1`` is ``A9``, ``1.01`` is ``9.9``)."""
    return re.sub("[A-Za-z]+", "A", re.sub("[0-9]+", "9", code))


def fits_pattern(code: str, programmes: Sequence[str], codes: Iterable[object]) -> bool:
    """Whether a code is built as those there are and begins with the code of one of its programmes."""
    shapes = {code_shape(str(c)) for c in codes if c is not None and str(c).strip()}
    return (not shapes or code_shape(code) in shapes) and (
        not programmes or any(code.startswith(programme) for programme in programmes)
    )


@dataclass(frozen=True)
class Surroundings:
    """What a project's row is held against.

    Attributes
    ----------
    codes
        Codes of the *other* projects.
    zones
        Codes of the zones; empty where none is known.
    start_year, end_year
        The plan's horizon, None where it is not stated.
    land_in_red_line
        Whether the site lies in a red line.
    """

    codes: Sequence[object] = ()
    zones: Sequence[str] = ()
    start_year: int | None = None
    end_year: int | None = None
    land_in_red_line: bool = False


def misfits(row: Mapping[str, object], around: Surroundings) -> list[Misfit]:
    """What does not fit in a project's row, hard things first within a field."""
    return [*_code_misfits(row, around), *_text_misfits(row), *_year_misfits(row, around), *_other_misfits(row, around)]


def _said(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    return value.strip() if isinstance(value, str) else ""


def _code_misfits(row: Mapping[str, object], around: Surroundings) -> list[Misfit]:
    code, programmes = _said(row, "code"), read_list(row.get("programme_codes"))
    example = next_code(programmes[0], around.codes) if programmes else ""
    ending = "" if example else "_plain"
    if not code:
        return [Misfit("code", True, Message.of(f"project_form.entry.code_missing{ending}", example=example))]
    if code in {str(c) for c in around.codes if c is not None}:
        return [Misfit("code", True, Message.of(f"project_form.entry.code_twice{ending}", code=code, example=example))]
    if not fits_pattern(code, programmes, around.codes):
        model = example or next((str(c) for c in around.codes if c is not None), code)
        return [Misfit("code", False, Message.of("project_form.entry.code_pattern", code=code, example=model))]
    return []


def _text_misfits(row: Mapping[str, object]) -> list[Misfit]:
    found = []
    if not _said(row, "name"):
        found.append(Misfit("name", True, Message.of("project_form.entry.name_missing")))
    for field, most in (("name", LONGEST_NAME), ("tasks", LONGEST_TEXT), ("remark", LONGEST_TEXT)):
        length = len(_said(row, field))
        if length > most:
            caption = Message.of(f"schema.project.{field}")
            message = Message.of("project_form.entry.too_long", field=caption, count=length, most=most)
            found.append(Misfit(field, field == "name", message))
    return found


def _year_misfits(row: Mapping[str, object], around: Surroundings) -> list[Misfit]:
    start, end, note = row.get("start_year"), row.get("end_year"), _said(row, "period_note")
    if isinstance(start, int) and isinstance(end, int) and start > end:
        message = Message.of("project_form.entry.years_swapped", start=start, end=end)
        return [Misfit("start_year", True, message)]
    if note:
        return []
    if not isinstance(start, int) or not isinstance(end, int):
        return [Misfit("period_note", False, Message.of("project_form.entry.period_missing"))]
    first, last = around.start_year, around.end_year
    return [
        Misfit(field, False, Message.of("project_form.entry.year_outside", year=year, start=first, end=last))
        for field, year in (("start_year", start), ("end_year", end))
        if (first is not None and year < first) or (last is not None and year > last)
    ]


def _other_misfits(row: Mapping[str, object], around: Surroundings) -> list[Misfit]:
    found = []
    zones = read_list(row.get("zone_codes"))
    if not zones:
        found.append(Misfit("zone_codes", False, Message.of("project_form.entry.zone_missing")))
    for code in zones:
        if around.zones and code not in around.zones:
            found.append(Misfit("zone_codes", False, Message.of("project_form.entry.zone_unknown", code=code)))
    if not _said(row, "lead_department") and not read_list(row.get("departments")):
        found.append(Misfit("departments", False, Message.of("project_form.entry.department_missing")))
    takes_land = row.get("new_construction_land") is True or row.get("temporary_land") is True
    if takes_land and around.land_in_red_line and not _said(row, "opinion_ref"):
        found.append(Misfit("opinion_ref", False, Message.of("project_form.entry.opinion_missing")))
    return found
