"""Each project of a plan as one line: what a list shows, filters and sums up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..geometry.repair import repair
from ..plan.lists import read_list
from ..plan.project_entry import tidy_text
from ..plan.schema import CODE_LISTS
from ..plan.tables import Array, PlanTables
from ..project_table.periods import read_period
from .standing import standing

#: Years between which all are offered; what lies outside is a slip of the pen.
_YEARS = (1900, 2200)


@dataclass(frozen=True)
class ProjectLine:
    """One project.

    Attributes
    ----------
    position
        Its row in the project table.
    fid
        Feature id; negative where it is not saved yet.
    kind, measure
        Codes, or None; a code that the schema does not know reads as None.
    grade
        The worst grade of its findings as they were last saved; None where it was not checked as it is now and has
        no finding (see `standing`).
    outdated
        Whether it came or was changed after that check.
    years
        First and last year, either None where it is not said; None where no year is said at all.  What the two
        fields say counts; where both are empty, the years that the note on the period names.
    departments
        All departments, the leading one first.
    area_m2
        Ellipsoidal area of the site; None where there is none.
    entered_ha
        What stands in the field of the area, in hectares.
    """

    position: int
    fid: int
    code: str | None
    name: str | None
    programmes: tuple[str, ...]
    kind: str | None
    measure: str | None
    grade: str | None
    outdated: bool
    zones: tuple[str, ...]
    key_areas: tuple[str, ...]
    counties: tuple[str, ...]
    years: tuple[int | None, int | None] | None
    note: str | None
    departments: tuple[str, ...]
    status: str | None
    area_m2: float | None
    entered_ha: float | None
    words: str

    @property
    def is_sited(self) -> bool:
        """Whether it has a site."""
        return self.area_m2 is not None

    def runs_in(self, year: int) -> bool | None:
        """Whether it runs in a year; None where no year of it is known.  A period without an end goes on."""
        if self.years is None:
            return None
        first, last = self.years
        if first is not None and last is not None and first > last:
            first, last = last, first
        return (first is None or first <= year) and (last is None or year <= last)


@dataclass(frozen=True)
class ProjectLines:
    """All projects of a plan, in the order of the table.

    Attributes
    ----------
    lines
        The projects.
    programmes, zones
        Code → name of those that the plan has, in the plan's order.
    checked
        Whether findings of a siting check are saved.
    geometry
        ``(n,)`` sites, repaired where they were not valid; None without one.
    """

    lines: tuple[ProjectLine, ...]
    programmes: Mapping[str, str]
    zones: Mapping[str, str]
    checked: bool
    geometry: Array

    def years(self) -> list[int]:
        """Every year in which a project is said to run, from the first to the last year named.

        Slips of the pen (20212025) stand by themselves: the years up to them would be millions.
        """
        named = {y for line in self.lines for y in line.years or () if y is not None}
        sensible = {y for y in named if _YEARS[0] <= y <= _YEARS[1]}
        between = range(min(sensible), max(sensible) + 1) if sensible else ()
        return sorted({*between, *named})

    def counties(self) -> list[str]:
        """The counties that projects name, each once."""
        return list(dict.fromkeys(c for line in self.lines for c in line.counties))


def worst_grades(codes: Iterable[object], grades: Iterable[object]) -> dict[str, str]:
    """Project code → the worst grade among its findings; grades that are none are left out."""
    order = {grade: rank for rank, grade in enumerate(CODE_LISTS["grade"])}
    worst: dict[str, str] = {}
    for code, grade in zip(codes, grades):
        if isinstance(code, str) and isinstance(grade, str) and grade in order:
            known = worst.get(code)
            if known is None or order[grade] < order[known]:
                worst[code] = grade
    return worst


def project_lines(
    tables: PlanTables, grades: Mapping[str, str] | None = None, changed: Collection[int] = ()
) -> ProjectLines:
    """The projects of a plan.

    Parameters
    ----------
    tables
        ``project``, ``programme`` and ``restoration_zone``.
    grades
        Project code → worst grade, as `worst_grades` gives it, of the findings that are saved; None or empty where
        the plan was never checked.
    changed
        Feature ids of what came or changed since, as `standing.changed_since` gives them.
    """
    projects = tables["project"]
    sites, areas = _sites(projects.geometry, len(projects))
    checked = bool(grades)
    found = grades or {}
    programmes, zones = _named(tables, "programme"), _named(tables, "restoration_zone")
    lines = []
    for position, (fid, record) in enumerate(zip(projects.fids.tolist(), _records(projects.columns, len(projects)))):
        code = _said(record, "code")
        sited = not np.isnan(areas[position])
        grade, outdated = standing(code, int(fid), sited, found, changed)
        lead = _said(record, "lead_department")
        departments = tuple(dict.fromkeys([*([lead] if lead else []), *read_list(record.get("departments"))]))
        entered = record.get("area_ha")
        values: dict[str, Any] = {
            "code": code,
            "name": _said(record, "name"),
            "programmes": read_list(record.get("programme_codes")),
            "kind": _coded(record, "project_type"),
            "measure": _coded(record, "measure"),
            "grade": grade,
            "outdated": outdated,
            "zones": read_list(record.get("zone_codes")),
            "key_areas": read_list(record.get("key_area_codes")),
            "counties": read_list(record.get("counties")),
            "years": years_of(record.get("start_year"), record.get("end_year"), record.get("period_note")),
            "note": _said(record, "period_note"),
            "departments": departments,
            "status": _said(record, "status"),
            "area_m2": float(areas[position]) if sited else None,
            "entered_ha": float(entered) if isinstance(entered, (int, float)) else None,
        }
        words = _words(values, programmes, zones, record)
        lines.append(ProjectLine(position=position, fid=int(fid), words=words, **values))
    return ProjectLines(tuple(lines), programmes, zones, checked, sites)


def years_of(start: object, end: object, note: object) -> tuple[int | None, int | None] | None:
    """First and last year of a project; those that its note names where both fields are empty.

    >>> years_of(None, None, "近期（2021—2025年）")
    (2021, 2025)
    """
    first = start if isinstance(start, int) else None
    last = end if isinstance(end, int) else None
    if first is not None or last is not None:
        return first, last
    return read_period(note).years if isinstance(note, str) and note.strip() else None


def _sites(geometry: Array | None, count: int) -> tuple[Array, Array]:
    """Sites fit to be measured, None where there is nothing, and their areas in m² (nan without a site)."""
    if geometry is None or not count:
        return np.full(count, None, object), np.full(count, np.nan)
    sites = np.array(geometry, dtype=object)
    sites[shapely.is_missing(sites) | shapely.is_empty(sites)] = None
    doubtful = np.flatnonzero(~shapely.is_missing(sites) & ~shapely.is_valid(sites))
    if len(doubtful):
        sites[doubtful] = repair(sites[doubtful])[0]
    return sites, ellipsoidal_area(sites)


def _records(columns: Mapping[str, Array], count: int) -> list[dict[str, Any]]:
    names = list(columns)
    if not names:
        return [{} for _ in range(count)]
    return [dict(zip(names, values)) for values in zip(*(columns[n] for n in names))]


def _named(tables: PlanTables, table: str) -> dict[str, str]:
    rows = tables[table]
    return {code: name or "" for code, name in zip(rows["code"], rows["name"]) if code is not None}


def _said(record: Mapping[str, Any], field: str) -> str | None:
    value = record.get(field)
    return value.strip() or None if isinstance(value, str) else None


def _coded(record: Mapping[str, Any], field: str) -> str | None:
    value = record.get(field)
    return value if value in CODE_LISTS[field] else None


def _words(
    values: Mapping[str, Any], programmes: Mapping[str, str], zones: Mapping[str, str], record: Mapping[str, Any]
) -> str:
    """What a search looks into: in small letters and one width."""
    parts = [values["code"], values["name"], values["status"], *values["departments"], *values["counties"]]
    parts += [programmes.get(p, p) for p in values["programmes"]] + [zones.get(z, z) for z in values["zones"]]
    parts += [_said(record, name) for name in ("tasks", "stated_quantity", "opinion_ref", "remark", "period_note")]
    return "\n".join(tidy_text(part).casefold() for part in parts if part)
