"""Close-ups of the offending parts: one small map for each of the worst projects."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..palette import GRADE_COLOURS
from ..plan.tables import PlanTables, object_array
from ..siting.findings import GRADES, CheckResult, Finding
from ..texts import text
from .html_map import CONTROL_STYLES, present, sites_of
from .html_table import grade_badge
from .svg_furniture import scale_bar
from .svg_paths import STEPS_PER_PIXEL, MapFrame
from .svg_window import bounds_of, path_in, window_around
from .values import area_text, rule_caption

Array = npt.NDArray[Any]

#: More would make the report long; the worst grades and the largest parts come first.
MOST_SKETCHES = 18


def draw_sketches(result: CheckResult, tables: PlanTables) -> list[str]:
    """Figures of the worst projects, each around its worst finding's largest piece."""
    sites = sites_of(result, tables["project"].geometry)
    chosen = [
        (index, _shown_finding(project.findings))
        for index, project in enumerate(result.projects)
        if any(f.geometry is not None for f in project.findings)
    ]
    chosen.sort(key=lambda entry: (GRADES.index(entry[1].grade), -(entry[1].area_m2 or 0.0), entry[0]))
    layers = {table: present(tables[table].geometry) for table in (*_GROUND, *CONTROL_STYLES)}
    layers["admin_unit"] = present(_counties(tables))
    trees = {table: shapely.STRtree(shapes) for table, shapes in layers.items() if len(shapes)}
    everything = present(sites)
    around = shapely.STRtree(everything) if len(everything) else None
    return [
        _sketch(result, index, finding, sites[index], layers, trees, around)
        for index, finding in chosen[:MOST_SKETCHES]
    ]


_GROUND = ("restoration_zone", "admin_unit")
_GROUND_STYLES = {
    "restoration_zone": 'fill="#f3f1e9" stroke="#4d4a42" stroke-width="14"',
    "admin_unit": 'fill="none" stroke="#4d4a42" stroke-width="8" stroke-dasharray="45 18 8 18"',
}


def _sketch(
    result: CheckResult,
    index: int,
    finding: Finding,
    site: Any,
    layers: dict[str, Array],
    trees: dict[str, shapely.STRtree],
    around: shapely.STRtree | None,
) -> str:
    project = result.projects[index]
    pieces = shapely.get_parts(finding.geometry)
    piece = pieces[np.argmax(shapely.area(pieces))]
    frame = _window(piece, site)
    window = bounds_of(frame)
    body = []
    for table, style in {**_GROUND_STYLES, **CONTROL_STYLES}.items():
        if table in trees:
            near = layers[table][np.sort(trees[table].query(shapely.box(*window)))]
            body.append(path_in(near, frame, style))
    if around is not None:
        others = around.geometries[np.sort(around.query(shapely.box(*window)))]
        body.append(path_in(others, frame, 'fill="none" stroke="#6b7280" stroke-width="12"'))
    colour = GRADE_COLOURS[finding.grade]
    body.append(path_in(object_array([site]), frame, 'fill="#fff" fill-opacity=".45" stroke="#111" stroke-width="20"'))
    part_style = f'fill="{colour}" fill-opacity=".6" stroke="{colour}" stroke-width="14"'
    body.append(path_in(object_array([finding.geometry]), frame, part_style))
    caption = " ".join(v for v in (project.code, project.name) if v)
    told = text("report.sketch.caption", rule=rule_caption(finding.rule), area=area_text(finding.area_m2))
    return (
        f'<figure><svg class="map" viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" '
        f'aria-label="{escape(caption)}"><rect width="{frame.width:g}" height="{frame.height:g}" fill="#fbfaf7"/>'
        f'<g transform="scale({1 / STEPS_PER_PIXEL:g})">{"".join(body)}</g>{scale_bar(frame)}'
        f'<rect class="frame" width="{frame.width:g}" height="{frame.height:g}"/></svg>'
        f'<figcaption>{grade_badge(finding.grade)} <a href="#p{index}"><b>{escape(project.code or "–")}</b></a> '
        f"{escape(project.name or '')}<br>{escape(told)}</figcaption></figure>"
    )


def _shown_finding(findings: tuple[Finding, ...]) -> Finding:
    """The worst finding that has a part to show, the largest of its grade."""
    return min(
        (f for f in findings if f.geometry is not None), key=lambda f: (GRADES.index(f.grade), -(f.area_m2 or 0.0))
    )


def _window(piece: Any, site: Any) -> MapFrame:
    """A frame around the piece and the part of the site that it belongs to."""
    bounds = np.array(shapely.bounds(piece))
    if site is not None:
        parts = shapely.get_parts(site)
        touching = parts[shapely.intersects(shapely.box(*shapely.bounds(parts).T), shapely.box(*bounds))]
        if len(touching):
            of_site = shapely.total_bounds(touching)
            bounds = np.r_[np.minimum(bounds[:2], of_site[:2]), np.maximum(bounds[2:], of_site[2:])]
    return window_around(bounds)


def _counties(tables: PlanTables) -> Array | None:
    units = tables["admin_unit"]
    return None if units.geometry is None else units.geometry[units["level"] == "county"]
