"""The report's map: zones, control lines, projects and offending parts as one inline SVG."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..palette import (
    FARMLAND_COLOUR,
    GRADE_COLOURS,
    RED_LINE_COLOUR,
    RESERVE_COLOURS,
    URBAN_BOUNDARY_COLOURS,
    assign_zone_colours,
)
from ..plan.tables import PlanTables, object_array
from ..siting.findings import GRADES, CheckResult, ProjectResult
from ..store.zone_style import neighbours_of
from ..texts import text
from .svg_furniture import graticule, north_arrow, scale_bar
from .svg_labels import LabelPlacer
from .svg_paths import STEPS_PER_PIXEL, MapFrame, path_of, simplified
from .values import grade_caption, layer_caption

Array = npt.NDArray[Any]

WIDTH = 1000
MOST_VERTICES = {"zones": 12_000, "red_line": 30_000, "other": 12_000, "project": 30_000, "part": 30_000}
#: Up to this many projects each mark is a link to its findings, and carries its code.
MOST_LINKED, MOST_LABELLED = 600, 80

#: Marks differ in shape as well as in colour; drawn around (0, 0) in tenths of a pixel at size 1.
_MARKS = {
    "violation": "m0-{a}l{a} {a} -{a} {a} -{a}-{a}z",
    "review": "m0-{a}l{a} {h}h-{b}z",
    "undetermined": "m-{c}-{c}h{d}v{d}h-{d}z",
    "permitted": "m-{c} 0a{c} {c} 0 1 0 {d} 0a{c} {c} 0 1 0-{d} 0z",
    "pass": "m-{s} 0a{s} {s} 0 1 0 {t} 0a{s} {s} 0 1 0-{t} 0z",
}


#: Control lines from the bottom up; widths in tenths of a pixel.
CONTROL_STYLES = {
    "basic_farmland": f'fill="{FARMLAND_COLOUR}" fill-opacity=".4" stroke="{FARMLAND_COLOUR}" stroke-width="2"',
    "urban_boundary": f'fill="none" stroke="{URBAN_BOUNDARY_COLOURS["concentrated"]}" stroke-width="13"',
    "red_line": f'fill="url(#hatch)" fill-opacity=".75" stroke="{RED_LINE_COLOUR}" stroke-width="7"',
    "nature_reserve": f'fill="none" stroke="{RESERVE_COLOURS["core"]}" stroke-width="11" stroke-dasharray="50 28"',
}


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a small drawing and what it means."""

    swatch: str
    caption: str


@dataclass(frozen=True)
class DrawnMap:
    """The map as markup, and its legend."""

    svg: str
    legend: list[LegendEntry]
    linked: bool


def draw_map(result: CheckResult, tables: PlanTables) -> DrawnMap | None:
    """The map of a check, or None where nothing has a geometry."""
    projects = tables["project"]
    sites = sites_of(result, projects.geometry)
    zones = present(tables["restoration_zone"].geometry)
    ground = zones if len(zones) else present(tables["admin_unit"].geometry)
    extent = np.concatenate([ground, present(sites)])
    if not len(extent):
        return None
    frame = MapFrame.around(tuple(shapely.total_bounds(extent).tolist()), WIDTH)
    legend: list[LegendEntry] = []
    body = [
        _zones(tables, frame, legend),
        _control_lines(tables, frame, legend),
        _county_lines(tables, frame, legend),
        _sites(result, sites, frame),
        _parts(result, frame, legend),
    ]
    labels = LabelPlacer(frame.width, frame.height)
    marks = _marks(result, sites, frame, labels, legend)
    _label_zones(tables, frame, labels)
    title = escape(text("report.map.title"))
    svg = (
        f'<svg class="map" viewBox="-34 -22 {frame.width + 68:g} {frame.height + 44:g}" role="img" '
        f'aria-label="{title}" xmlns="http://www.w3.org/2000/svg">'
        f'<defs>{_PATTERNS}<clipPath id="frame"><rect width="{frame.width:g}" height="{frame.height:g}"/>'
        "</clipPath></defs>"
        f'<rect width="{frame.width:g}" height="{frame.height:g}" fill="#fbfaf7"/>'
        f'<g clip-path="url(#frame)"><g transform="scale({1 / STEPS_PER_PIXEL:g})">{"".join(body)}{marks}</g>'
        f"{labels.markup}</g>"
        f"{graticule(frame)}{scale_bar(frame)}{north_arrow(frame)}</svg>"
    )
    return DrawnMap(svg, legend, len(result.projects) <= MOST_LINKED)


_PATTERNS = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="scale(10) rotate(45)">'
    f'<path d="M0 0V7" stroke="{RED_LINE_COLOUR}" stroke-width="0.9"/></pattern>'
)


def _zones(tables: PlanTables, frame: MapFrame, legend: list[LegendEntry]) -> str:
    rows = tables["restoration_zone"]
    if rows.geometry is None or not len(present(rows.geometry)):
        units = present(tables["admin_unit"].geometry)
        ground = path_of(simplified(units, frame, MOST_VERTICES["zones"]), frame)
        return f'<path d="{ground}" fill="#f4f1e8" stroke="#8a8474" stroke-width="6"/>' if ground else ""
    shapes = simplified(rows.geometry, frame, MOST_VERTICES["zones"])
    colours = assign_zone_colours(neighbours_of(rows))
    drawn = []
    for position, (code, name) in enumerate(zip(rows["code"].tolist(), rows["name"].tolist())):
        path = path_of(shapes[position : position + 1], frame)
        if not path:
            continue
        colour = colours[position]
        drawn.append(f'<path d="{path}" fill="{colour}" stroke="#4d4a42" stroke-width="9" stroke-linejoin="round"/>')
        caption = " ".join(str(v) for v in (code, name) if v is not None)
        legend.append(LegendEntry(f'<rect width="22" height="14" fill="{colour}" stroke="#4d4a42"/>', caption))
    return "".join(drawn)


def _control_lines(tables: PlanTables, frame: MapFrame, legend: list[LegendEntry]) -> str:
    drawn = []
    for table, style in CONTROL_STYLES.items():
        shapes = present(tables[table].geometry)
        most = MOST_VERTICES.get(table, MOST_VERTICES["other"])
        path = path_of(simplified(shapes, frame, most), frame, least_area=1.0)
        if not path:
            continue
        drawn.append(f'<path d="{path}" {style}/>')
        swatch = f'<g transform="scale(.1)"><rect x="5" y="5" width="210" height="130" {style}/></g>'
        legend.append(LegendEntry(swatch, layer_caption(table)))
    return "".join(drawn)


def _county_lines(tables: PlanTables, frame: MapFrame, legend: list[LegendEntry]) -> str:
    units = tables["admin_unit"]
    if units.geometry is None:
        return ""
    counties = present(units.geometry[units["level"] == "county"])
    path = path_of(simplified(counties, frame, MOST_VERTICES["zones"]), frame)
    if not path:
        return ""
    style = 'fill="none" stroke="#4d4a42" stroke-width="7" stroke-dasharray="45 18 8 18"'
    legend.append(LegendEntry(f'<g transform="scale(.1)"><path d="M0 70H220" {style}/></g>', text("report.map.county")))
    return f'<path d="{path}" {style}/>'


def _sites(result: CheckResult, sites: Array, frame: MapFrame) -> str:
    """Sites large enough to be seen as areas, outlined in their grade's colour."""
    drawn = []
    grades = np.array([p.grade for p in result.projects], dtype=object)
    for grade in reversed(GRADES):
        chosen = present(sites[grades == grade])
        path = path_of(simplified(chosen, frame, MOST_VERTICES["project"], 0.2), frame, least_area=2.0)
        if path:
            drawn.append(
                f'<path d="{path}" fill="{GRADE_COLOURS[grade]}" fill-opacity=".18" '
                f'stroke="{GRADE_COLOURS[grade]}" stroke-width="9"/>'
            )
    return "".join(drawn)


def _parts(result: CheckResult, frame: MapFrame, legend: list[LegendEntry]) -> str:
    """Offending parts, mildest first so that the worst lie on top."""
    drawn = []
    for grade in reversed(GRADES):
        parts = present(object_array([f.geometry for f in result.findings if f.grade == grade]))
        path = path_of(simplified(parts, frame, MOST_VERTICES["part"], 0.2), frame, least_area=0.5)
        if path:
            drawn.append(f'<path d="{path}" fill="{GRADE_COLOURS[grade]}" fill-opacity=".85"/>')
    if drawn:
        swatch = f'<rect width="22" height="14" fill="{GRADE_COLOURS["violation"]}" fill-opacity=".85"/>'
        legend.append(LegendEntry(swatch, text("report.map.part")))
    return "".join(drawn)


def _marks(result: CheckResult, sites: Array, frame: MapFrame, labels: LabelPlacer, legend: list[LegendEntry]) -> str:
    """A mark for every project that has a site, its shape and colour telling the grade."""
    count = len(result.projects)
    size = 75 if count <= MOST_LABELLED else 45 if count <= 1500 else 24
    places, has_place = _mark_places(result, sites, frame)
    present = [g for g in GRADES if any(p.grade == g and h for p, h in zip(result.projects, has_place))]
    drawn = []
    for grade in reversed(present):
        chosen = [i for i, p in enumerate(result.projects) if p.grade == grade and has_place[i]]
        shape = _mark(grade, size)
        style = f'fill="{GRADE_COLOURS[grade]}" stroke="#fff" stroke-width="{max(size // 8, 4)}"'
        if count <= MOST_LINKED:
            drawn += [_linked_mark(i, result.projects[i], places[i], shape, style) for i in chosen]
        else:
            moves = "".join(f"M{x} {y}{shape}" for x, y in places[chosen].tolist())
            drawn.append(f'<path d="{moves}" {style}/>')
    for grade in present:
        mark = f'<g transform="translate(11 7) scale(.1)"><path d="M0 0{_mark(grade, 62)}" fill="{GRADE_COLOURS[grade]}"/></g>'
        caption = text("report.map.project", grade=grade_caption(grade))
        legend.append(LegendEntry(mark, caption))
    if count <= MOST_LABELLED:
        _label_marks(result, places, has_place, labels)
    return "".join(drawn)


def _label_marks(result: CheckResult, places: Array, has_place: Array, labels: LabelPlacer) -> None:
    for x, y in places[has_place].tolist():
        labels.occupy(x / STEPS_PER_PIXEL, y / STEPS_PER_PIXEL, 7)
    for index in np.flatnonzero(has_place).tolist():
        code = result.projects[index].code
        x, y = (places[index] / STEPS_PER_PIXEL).tolist()
        labels.beside(x, y, code or "", 13, "mark-label")


def _linked_mark(index: int, project: ProjectResult, place: Array, shape: str, style: str) -> str:
    caption = " ".join(v for v in (project.code, project.name) if v)
    x, y = place.tolist()
    title = escape(f"{caption} · {grade_caption(project.grade)}")
    return f'<a href="#p{index}"><title>{title}</title><path d="M{x} {y}{shape}" {style}/></a>'


def _mark(grade: str, size: int) -> str:
    square, dot = round(size * 0.8), round(size * 0.55)
    return _MARKS[grade].format(a=size, b=2 * size, h=round(size * 1.75), c=square, d=2 * square, s=dot, t=2 * dot)


def _label_zones(tables: PlanTables, frame: MapFrame, labels: LabelPlacer) -> None:
    rows = tables["restoration_zone"]
    for code, shape in zip(rows["code"].tolist(), [] if rows.geometry is None else rows.geometry.tolist()):
        if shape is None or shape.is_empty or code is None:
            continue
        inside = shapely.get_coordinates(shapely.point_on_surface(shape))
        x, y = frame.to_pixels(inside)[0].tolist()
        labels.near(x, y, text("report.map.zone", code=code), 19, "zone-label")


def _mark_places(result: CheckResult, sites: Array, frame: MapFrame) -> tuple[Array, Array]:
    """Whole tenths of pixels of each project's mark, and whether it has one.

    The mark stands on the largest piece of the worst finding's part, else on the site's largest.
    """
    shown = sites.copy()
    for index, project in enumerate(result.projects):
        worst_first = sorted(project.findings, key=lambda f: GRADES.index(f.grade))
        shown[index] = next((f.geometry for f in worst_first if f.geometry is not None), sites[index])
    pieces, owner = shapely.get_parts(shown, return_index=True)
    largest = np.full(len(shown), None, dtype=object)
    by_size = np.argsort(shapely.area(pieces), kind="stable")
    largest[owner[by_size]] = pieces[by_size]
    points = shapely.point_on_surface(largest)
    has_place = ~(shapely.is_missing(points) | shapely.is_empty(points))
    places = np.zeros((len(sites), 2), np.int64)
    placed = frame.to_pixels(shapely.get_coordinates(points[has_place]))
    places[has_place] = np.rint(placed * STEPS_PER_PIXEL).astype(np.int64)
    return places, has_place


def sites_of(result: CheckResult, geometry: Array | None) -> Array:
    """Each result's site; None where the project table has none (or is not at hand)."""
    if geometry is None or not len(geometry):
        return object_array([None] * len(result.projects))
    sites: Array = geometry[[p.project for p in result.projects]]
    sites[~_drawable(sites)] = None
    return sites


def present(geometries: Array | None) -> Array:
    """The geometries that can be drawn."""
    return np.empty(0, object) if geometries is None else geometries[_drawable(geometries)]


def _drawable(geometries: Array) -> Array:
    """Neither missing nor empty, and all coordinates finite."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.isfinite(shapely.bounds(geometries)).all(axis=1))
