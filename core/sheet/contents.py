"""What one project's siting sheet says: head, findings, reviews, corner points, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..delivery.corner_points import CornerPoints, corner_points, corner_rows
from ..delivery.guotu_txt import Plot, zone_notes
from ..file_names import plain_name
from ..plan.lists import read_list
from ..plan.rounding import rounded_parts
from ..plan.tables import PlanTables, object_array
from ..report.values import grade_caption
from ..siting.findings import Finding
from ..siting.projects import Projects
from ..texts import text
from .grids import (
    HA_DECIMALS,
    M2_DECIMALS,
    M2_PER_HA,
    SheetTable,
    code_word,
    findings_table,
    part_areas,
    reviews_table,
    rings_table,
    stated_parts,
    yes_no,
)
from .runs import ProjectRun

#: Tables of a plan that sheets need, beside the layers that the rules name.
READ = ("plan", "restoration_zone", "key_area", "admin_unit", "project", "siting_finding", "siting_review")


@dataclass(frozen=True)
class Offending:
    """A part of the map: the number of its finding, the finding's grade, and the part (EPSG:4490)."""

    number: int
    grade: str
    geometry: Any


@dataclass(frozen=True)
class HeadEntry:
    """A caption and its value; ``wide`` ones have a line of their own."""

    caption: str
    value: str
    wide: bool = False


@dataclass(frozen=True)
class SiteSheet:
    """One project's sheet.

    Attributes
    ----------
    code, name
        Of the project; empty where it has none.
    stem
        Of its files' names, without ending.
    title
        Above everything.
    head
        What stands at the top of the first page.
    grade
        The project's grade.
    about_run
        Which run of the check this is, in a sentence.
    findings, reviews, rings
        Tables; None where there is nothing to list.
    no_findings
        Said in the place of findings that are not there; empty where there are some.
    site
        The site in EPSG:4490, repaired where it had to be; None where the project has none.
    no_site
        Said in the place of a map; empty where there is a site.
    offending
        The parts that findings are about, the worst grade first.
    corners
        The corner points; None without a site.
    corner_title, corner_notes
        Above and below their list.
    issuer
        The plan's.
    made
        The date of the sheet.
    """

    code: str
    name: str
    stem: str
    title: str
    head: tuple[HeadEntry, ...]
    grade: str
    about_run: str
    findings: SheetTable | None
    no_findings: str
    reviews: SheetTable | None
    rings: SheetTable | None
    site: Any
    no_site: str
    offending: tuple[Offending, ...]
    corners: CornerPoints | None
    corner_title: str
    corner_notes: tuple[str, ...]
    issuer: str
    made: date

    @property
    def called(self) -> str:
        """Code and name."""
        return " ".join(v for v in (self.code, self.name) if v) or text("sheet.no_code")

    @property
    def plot(self) -> Plot | None:
        """The site as it goes into a 国土TXT; None without a site."""
        return None if self.corners is None or not self.corners.rings else Plot(self.code, self.name, self.site)

    @property
    def parts(self) -> list[tuple[int, Any]]:
        """The site's parts (EPSG:4490) by the numbers that the lists of rings and corner points give them."""
        return [] if self.corners is None else list(enumerate(stated_parts(self.site, self.corners).tolist(), 1))

    @property
    def coordinates(self) -> list[tuple[str, str, str, str]]:
        """Point, ring, X and Y as printed."""
        return [] if self.corners is None else list(corner_rows(self.corners))


def sheets_of(tables: PlanTables, runs: list[ProjectRun], positions: list[int], made: date) -> list[SiteSheet]:
    """The sheets of some projects.

    Parameters
    ----------
    tables
        With those of `READ`.
    runs
        Of every project, as `project_runs` gives them.
    positions
        Of the projects in the project table.
    made
        The date on the sheets.
    """
    rows = tables["project"].take(object_array(positions).astype(int))
    prepared = Projects.prepare(rows)
    taken: set[str] = set()
    made_sheets = []
    for place, (position, record) in enumerate(zip(positions, rows.records())):
        sheet_stem = _free(_stem(record), taken)
        site = prepared.geometry[place]
        fault = prepared.unusable.get(place) or prepared.faults.get(place)
        made_sheets.append(
            _sheet(tables, runs[position], record, site, None if fault is None else str(fault), sheet_stem, made)
        )
    return made_sheets


def _sheet(
    tables: PlanTables, run: ProjectRun, record: dict[str, Any], site: Any, fault: str | None, stem: str, made: date
) -> SiteSheet:
    code, name = _words(record.get("code")), _words(record.get("name"))
    findings = run.result.findings
    corners = None if site is None else corner_points(site)
    if corners is not None and not corners.rings:
        corners = None
    notes: tuple[str, ...] = ()
    if corners is not None:
        said = [str(note) for note in zone_notes([Plot(code, name, site)], corners.zone)]
        said += [text("sheet.rings_lost", count=corners.lost)] if corners.lost else []
        said += [text("sheet.site_repaired", reason=fault)] if fault else []
        notes = tuple(text("sheet.remark", words=words) for words in said)
    no_site = ""
    if site is None:
        no_site = text("sheet.site_unusable", reason=fault) if fault else text("sheet.no_site")
    plan = {name: next((v for v in tables["plan"][name] if v), None) for name in ("name", "city", "issuer")}
    return SiteSheet(
        code=code,
        name=name,
        stem=stem,
        title=text("sheet.title"),
        head=_head(tables, plan, record, run, site, corners),
        grade=run.result.grade,
        about_run=_about(run),
        findings=findings_table(findings) if findings else None,
        no_findings="" if findings else text("sheet.no_findings"),
        reviews=reviews_table(findings, tables["siting_review"], run.result.code),
        rings=None if corners is None else rings_table(corners, site),
        site=site,
        no_site=no_site,
        offending=_offending(findings),
        corners=corners,
        corner_title="" if corners is None else _corner_title(corners),
        corner_notes=notes,
        issuer=_words(plan["issuer"]),
        made=made,
    )


def _head(
    tables: PlanTables,
    plan: dict[str, Any],
    record: dict[str, Any],
    run: ProjectRun,
    site: Any,
    corners: CornerPoints | None,
) -> tuple[HeadEntry, ...]:
    def caption(field: str) -> str:
        return text(f"schema.project.{field}")

    zones = dict(zip(tables["restoration_zone"]["code"], tables["restoration_zone"]["name"]))
    named = [" ".join(v for v in (c, _words(zones.get(c))) if v) for c in read_list(record.get("zone_codes"))]
    departments = [d for d in read_list(record.get("departments")) if d != record.get("lead_department")]
    mark = text("sheet.list_mark")
    return (
        HeadEntry(text("schema.plan.name"), _words(plan["name"]), True),
        HeadEntry(text("schema.plan.city"), _words(plan["city"])),
        HeadEntry(caption("code"), _words(record.get("code")) or text("sheet.none")),
        HeadEntry(caption("name"), _words(record.get("name")), True),
        HeadEntry(
            caption("project_type"), code_word("project_type", record.get("project_type")) or text("sheet.unknown")
        ),
        HeadEntry(caption("measure"), code_word("measure", record.get("measure")) or text("sheet.unknown")),
        HeadEntry(text("sheet.period"), _period(record) or text("sheet.unknown")),
        HeadEntry(caption("lead_department"), _words(record.get("lead_department")) or text("sheet.unknown")),
        HeadEntry(caption("departments"), mark.join(departments) or text("sheet.none")),
        HeadEntry(caption("opinion_ref"), _words(record.get("opinion_ref")) or text("sheet.none")),
        HeadEntry(caption("counties"), mark.join(read_list(record.get("counties"))) or text("sheet.unknown"), True),
        HeadEntry(caption("zone_codes"), mark.join(named) or text("sheet.unknown"), True),
        HeadEntry(text("sheet.land"), _land(record), True),
        HeadEntry(text("sheet.site_area"), _site_area(site, corners)),
        HeadEntry(text("sheet.project_grade"), grade_caption(run.result.grade)),
    )


def _site_area(site: Any, corners: CornerPoints | None) -> str:
    """The site's area, the sum of its parts as printed."""
    if site is None or corners is None:
        return text("sheet.none")
    areas = part_areas(site, corners)
    ha = sum(v for v in rounded_parts((areas / M2_PER_HA).tolist(), HA_DECIMALS) if v is not None)
    m2 = sum(v for v in rounded_parts(areas.tolist(), M2_DECIMALS) if v is not None)
    return text("sheet.area_in_both", ha=f"{ha:,.{HA_DECIMALS}f}", m2=f"{m2:,.{M2_DECIMALS}f}")


def _land(record: dict[str, Any]) -> str:
    fields = ("listed_in_plan", "new_construction_land", "temporary_land")
    said = [text(f"sheet.land_{field}", answer=yes_no(record.get(field))) for field in fields]
    return text("sheet.land_mark").join(said)


def _period(record: dict[str, Any]) -> str:
    start, end, note = (record.get(name) for name in ("start_year", "end_year", "period_note"))
    kind = "one_year" if start == end else "years" if start and end else "from_year" if start else "until_year"
    years = text(f"tables.{kind}", start=start, end=end) if start or end else ""
    if years and note:
        return text("tables.period_with_note", years=years, note=note)
    return years or _words(note)


def _offending(findings: tuple[Finding, ...]) -> tuple[Offending, ...]:
    from ..siting.findings import GRADES

    parts = [
        Offending(number, f.grade, f.geometry)
        for number, f in enumerate(findings, 1)
        if f.geometry is not None and not f.geometry.is_empty
    ]
    return tuple(sorted(parts, key=lambda part: (GRADES.index(part.grade), part.number)))


def _about(run: ProjectRun) -> str:
    return text(f"sheet.run_{run.kind}", run_at=_when(run.run_at), saved_at=_when(run.saved_at))


def _when(run_at: str) -> str:
    """``2026-11-20 17:52`` of an ISO time."""
    return run_at.replace("T", " ")[:16]


def _corner_title(corners: CornerPoints) -> str:
    return text("sheet.coordinates", zone=corners.zone, meridian=f"{3 * corners.zone}°E", count=corners.count)


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _stem(record: dict[str, Any]) -> str:
    """``选址核查表_A1_名称``: in Chinese whatever the interface speaks, as the appendix's other files."""
    return file_stem([text("sheet.file_prefix", "zh"), _words(record.get("code")), _words(record.get("name"))])


def file_stem(parts: list[str]) -> str:
    """A file's name, without ending, of its parts; those that are empty are left out."""
    return plain_name("_".join(p for p in parts if p))


def _free(stem: str, taken: set[str]) -> str:
    """A name that no sheet before has (upper and lower case count as one, as on most disks)."""
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name.casefold())
    return name
