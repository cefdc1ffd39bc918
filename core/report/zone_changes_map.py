"""The map of changes: zones as they are now, the borders as they were, and the ground that changed zone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..coverage.changes import Code, GroundMoved, ZoneChanges, keys_of
from ..geometry.repair import repair
from ..palette import GRADE_COLOURS, assign_zone_colours
from ..plan.tables import PlanTables, object_array
from ..plan.zones import UNIT_LEVELS
from ..store.zone_style import neighbours_of
from ..texts import text
from .html_map import LegendEntry, present
from .svg_furniture import graticule, north_arrow, scale_bar
from .svg_labels import LabelPlacer
from .svg_paths import STEPS_PER_PIXEL, MapFrame, lines_of, path_of, simplified
from .svg_window import bounds_of, path_in, window_around
from .values import area_text

Array = npt.NDArray[Any]

WIDTH = 1000
#: Close-ups, of the largest changes; numbers on the map; names of towns on it.
MOST_SKETCHES, MOST_NUMBERS, MOST_TOWNS = 12, 40, 25
#: Changes whose old border is drawn, the largest first.
MOST_MOVES_DRAWN = 200
#: Pixels: a smaller piece has its number beside it.
_HIDDEN_BY_A_DISC = 34
#: Degrees: about 0.1 m, by which a line must be inside a zone not to be its border, and room around for the cut.
_ON_THE_BORDER, _AROUND = 1e-6, 1e-3
_MOST_VERTICES = {"zones": 14_000, "towns": 12_000, "moved": 20_000}

MOVED_COLOUR = "#a3005c"
LEFT_COLOUR = GRADE_COLOURS["violation"]
#: Widths in tenths of a pixel.
_ZONE_LINE = 'stroke="#4d4a42" stroke-width="10" stroke-linejoin="round"'
_TOWN_LINE = 'fill="none" stroke="#6f6a5e" stroke-opacity=".55" stroke-width="4"'
_OLD_LINE = 'fill="none" stroke="#1f3fbf" stroke-width="13" stroke-dasharray="62 34" stroke-linejoin="round"'
_OLD_CASING = 'fill="none" stroke="#fff" stroke-width="24" stroke-linejoin="round"'
_MOVED = f'fill="url(#moved)" stroke="{MOVED_COLOUR}" stroke-width="8" stroke-linejoin="round"'
_LEFT = f'fill="{LEFT_COLOUR}" fill-opacity=".6" stroke="{LEFT_COLOUR}" stroke-width="11"'


@dataclass(frozen=True)
class DrawnChanges:
    """The map as markup, and its legend."""

    svg: str
    legend: list[LegendEntry]


def draw_changes(changes: ZoneChanges) -> DrawnChanges | None:
    """The map of all changes, or None where nothing has a geometry."""
    ground = [present(t["restoration_zone"].geometry) for t in (changes.before, changes.after)]
    extent = np.concatenate(ground)
    if not len(extent):
        return None
    frame = MapFrame.around(tuple(shapely.total_bounds(extent).tolist()), WIDTH)
    labels = LabelPlacer(frame.width, frame.height)
    legend: list[LegendEntry] = []
    body = [
        _zones(changes.after, frame, legend),
        _towns(changes, frame, legend),
        _moved(changes.moves, frame, legend),
        _old_borders(changes, frame, legend),
    ]
    numbers = _numbers(changes.moves, frame, labels)
    _name_zones(changes.after, frame, labels)
    _name_towns(changes, frame, labels)
    title = escape(text("zone_versions.map.title"))
    svg = (
        f'<svg class="map" viewBox="-34 -22 {frame.width + 68:g} {frame.height + 44:g}" role="img" '
        f'aria-label="{title}" xmlns="http://www.w3.org/2000/svg">'
        f'<defs>{_PATTERN}<clipPath id="frame"><rect width="{frame.width:g}" height="{frame.height:g}"/></clipPath></defs>'
        f'<rect width="{frame.width:g}" height="{frame.height:g}" fill="#fbfaf7"/>'
        f'<g clip-path="url(#frame)"><g transform="scale({1 / STEPS_PER_PIXEL:g})">{"".join(body)}</g>'
        f"{labels.markup}{numbers}</g>{graticule(frame)}{scale_bar(frame)}{north_arrow(frame)}</svg>"
    )
    return DrawnChanges(svg, legend)


def draw_sketches(changes: ZoneChanges, caption: Callable[[Code], str]) -> list[str]:
    """Figures of the largest changes, each around its largest piece.

    Parameters
    ----------
    caption
        What a zone's code is printed as.
    """
    after = changes.after["restoration_zone"]
    borders = old_borders(changes.moves[:MOST_MOVES_DRAWN], changes.after)
    colours = dict(zip(keys_of(after), assign_zone_colours(neighbours_of(after))))
    units = _town_outlines(changes)
    drawn = []
    for number, move in enumerate(changes.moves[:MOST_SKETCHES], start=1):
        frame = window_around(shapely.bounds(_largest_piece(move.geometry)))
        fills = [] if after.geometry is None else list(zip(keys_of(after), after.geometry))
        body = [
            path_in(object_array([shape]), frame, f'fill="{colours[key]}" {_ZONE_LINE}')
            for key, shape in fills
            if shape is not None
        ]
        body.append(path_in(units, frame, _TOWN_LINE))
        body.append(path_in(object_array([move.geometry]), frame, _LEFT if move.after is None else _MOVED))
        old_line = lines_of(simplified(shapely.clip_by_rect(borders, *bounds_of(frame)), frame, 4_000, 0.3), frame)
        body.append(_old_line(old_line))
        told = text(
            "zone_versions.sketch",
            before=caption(move.before),
            after=caption(move.after),
            area=area_text(move.area_km2 * 1e6),
        )
        drawn.append(
            f'<figure><svg class="map" viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" '
            f'aria-label="{escape(told)}"><rect width="{frame.width:g}" height="{frame.height:g}" fill="#fbfaf7"/>'
            f'<g transform="scale({1 / STEPS_PER_PIXEL:g})">{"".join(body)}</g>{scale_bar(frame)}'
            f'<rect class="frame" width="{frame.width:g}" height="{frame.height:g}"/></svg>'
            f'<figcaption><a class="number" href="#m{number}">{number}</a> {escape(told)}</figcaption></figure>'
        )
    return drawn


_PATTERN = (
    '<pattern id="moved" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="scale(10) rotate(45)">'
    '<rect width="8" height="8" fill="#fff" fill-opacity=".5"/>'
    f'<rect width="8" height="8" fill="{MOVED_COLOUR}" fill-opacity=".1"/>'
    f'<path d="M0 0V8" stroke="{MOVED_COLOUR}" stroke-width="2.2"/></pattern>'
)


def _zones(tables: PlanTables, frame: MapFrame, legend: list[LegendEntry]) -> str:
    rows = tables["restoration_zone"]
    if rows.geometry is None:
        return ""
    shapes = simplified(rows.geometry, frame, _MOST_VERTICES["zones"])
    colours = assign_zone_colours(neighbours_of(rows))
    drawn = []
    for position, (code, name) in enumerate(zip(rows["code"].tolist(), rows["name"].tolist())):
        path = path_of(shapes[position : position + 1], frame)
        if path:
            drawn.append(f'<path d="{path}" fill="{colours[position]}" {_ZONE_LINE}/>')
            swatch = f'<rect width="22" height="14" fill="{colours[position]}" stroke="#4d4a42"/>'
            known_as = " ".join(str(v) for v in (code, name) if v is not None)
            legend.append(LegendEntry(swatch, text("zone_versions.map.after", name=known_as)))
    return "".join(drawn)


def _towns(changes: ZoneChanges, frame: MapFrame, legend: list[LegendEntry]) -> str:
    path = path_of(simplified(_town_outlines(changes), frame, _MOST_VERTICES["towns"]), frame)
    if not path:
        return ""
    legend.append(_line_entry(_TOWN_LINE, "zone_versions.map.towns"))
    return f'<path d="{path}" {_TOWN_LINE}/>'


def _moved(moves: Sequence[GroundMoved], frame: MapFrame, legend: list[LegendEntry]) -> str:
    drawn = []
    for left, style, key in ((False, _MOVED, "zone_versions.map.moved"), (True, _LEFT, "zone_versions.map.left")):
        shapes = object_array([move.geometry for move in moves if (move.after is None) == left])
        path = path_of(simplified(shapes, frame, _MOST_VERTICES["moved"], 0.2), frame)
        if path:
            drawn.append(f'<path d="{path}" {style}/>')
            swatch = f'<g transform="scale(.1)"><rect x="5" y="5" width="210" height="130" {style}/></g>'
            legend.append(LegendEntry(swatch, text(key)))
    return "".join(drawn)


def _old_borders(changes: ZoneChanges, frame: MapFrame, legend: list[LegendEntry]) -> str:
    """Where borders ran that are none now."""
    lines = old_borders(changes.moves[:MOST_MOVES_DRAWN], changes.after)
    path = lines_of(simplified(lines, frame, _MOST_VERTICES["zones"]), frame)
    if path:
        legend.append(_line_entry(_OLD_LINE, "zone_versions.map.old_border"))
    return _old_line(path)


def _old_line(path: str) -> str:
    """A dashed line with white beneath it, to be seen on any ground."""
    return f'<path d="{path}" {_OLD_CASING}/><path d="{path}" {_OLD_LINE}/>' if path else ""


def old_borders(moves: Sequence[GroundMoved], after: PlanTables) -> Array:
    """Of the outline of each piece of ground what now lies inside its new zone; empty lines where nothing does."""
    rows = after["restoration_zone"]
    shapes, _ = repair(np.full(len(rows), None, object) if rows.geometry is None else rows.geometry)
    zones = dict(zip(keys_of(rows), shapes))
    found = []
    for move in moves:
        zone = zones.get(move.after or "")
        if zone is None:
            continue
        west, south, east, north = shapely.bounds(move.geometry) + np.array([-1, -1, 1, 1]) * _AROUND
        near = shapely.buffer(shapely.clip_by_rect(zone, west, south, east, north), -_ON_THE_BORDER)
        found.append(shapely.intersection(shapely.boundary(move.geometry), near))
    return object_array(found)


def _line_entry(style: str, key: str) -> LegendEntry:
    return LegendEntry(f'<g transform="scale(.1)"><path d="M0 70H220" {style}/></g>', text(key))


def _numbers(moves: Sequence[GroundMoved], frame: MapFrame, labels: LabelPlacer) -> str:
    """The number of each change in a disc on its largest piece and on others that have room; a link to its row."""
    drawn = []
    for number, move in enumerate(moves[:MOST_NUMBERS], start=1):
        pieces = shapely.get_parts(move.geometry)
        largest_first = pieces[np.argsort(-shapely.area(pieces), kind="stable")]
        has_room = _pixels(largest_first, frame) >= _HIDDEN_BY_A_DISC
        for piece, inside in zip(largest_first, has_room):
            if inside or piece is largest_first[0]:
                drawn.append(_disc(number, piece, bool(inside), frame, labels))
    return "".join(reversed(drawn))


def _disc(number: int, piece: Any, inside: bool, frame: MapFrame, labels: LabelPlacer) -> str:
    """A numbered disc on a piece, or beside it with a line that leads there."""
    x, y = at_x, at_y = _place(piece, frame)
    leader = ""
    if not inside:
        x, y = x + (22 if x < frame.width - 40 else -22), y + (-22 if y > 40 else 22)
        leader = (
            f'<path d="M{at_x:.1f} {at_y:.1f}L{x:.1f} {y:.1f}" stroke="{MOVED_COLOUR}" stroke-width="1.6"/>'
            f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="2.4" fill="{MOVED_COLOUR}"/>'
        )
    labels.occupy(x, y, 13)
    return (
        f'{leader}<a href="#m{number}" class="move"><circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{MOVED_COLOUR}" '
        f'stroke="#fff" stroke-width="2"/><text x="{x:.1f}" y="{y + 4.6:.1f}" text-anchor="middle">{number}</text></a>'
    )


def _pixels(pieces: Array, frame: MapFrame) -> Array:
    """The longer side of each piece's box on the drawing."""
    west, south, east, north = shapely.bounds(pieces).T
    return np.maximum((east - west) * frame.squeeze, north - south) / frame.degrees_per_pixel


def _name_zones(tables: PlanTables, frame: MapFrame, labels: LabelPlacer) -> None:
    rows = tables["restoration_zone"]
    shapes = [] if rows.geometry is None else rows.geometry.tolist()
    for key, shape in zip(keys_of(rows), shapes):
        if shape is not None and not shape.is_empty:
            x, y = _place(_largest_piece(shape), frame)
            labels.near(x, y, text("report.map.zone", code=key), 19, "zone-label")


def _name_towns(changes: ZoneChanges, frame: MapFrame, labels: LabelPlacer) -> None:
    """Names of the towns that changed zone, below the numbers."""
    shapes: dict[tuple[object, object], Any] = {}
    for tables in (changes.before, changes.after):
        units = tables["admin_unit"]
        if units.geometry is not None:
            shapes.update(zip(zip(units["name"], units["county"]), units.geometry))
    for town in [t for t in changes.towns if t.changed_zone][:MOST_TOWNS]:
        shape = shapes.get((town.name, town.county))
        if shape is not None and not shape.is_empty:
            x, y = _place(_largest_piece(shape), frame)
            labels.near(x, y + 24, town.name, 14, "mark-label")


def _largest_piece(shape: Any) -> Any:
    pieces = shapely.get_parts(shape)
    return pieces[np.argmax(shapely.area(pieces))]


def _place(shape: Any, frame: MapFrame) -> tuple[float, float]:
    x, y = frame.to_pixels(shapely.get_coordinates(shapely.point_on_surface(shape)))[0].tolist()
    return x, y


def _town_outlines(changes: ZoneChanges) -> Array:
    units = changes.after["admin_unit"]
    if not len(units):
        units = changes.before["admin_unit"]
    of_towns = np.isin(units["level"].astype(str), UNIT_LEVELS)
    return present(None if units.geometry is None else units.geometry[of_towns])
