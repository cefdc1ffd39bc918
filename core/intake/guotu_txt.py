"""国土TXT plot files: a header, then blocks of numbered boundary points.

::

    [属性描述]
    坐标系=2000国家大地坐标系 … 几度分带=3 … 计量单位=米 … 带号=41 …
    [地块坐标]
    界址点数,地块面积,地块编号,地块名称,记录图形属性,图幅号,地块用途,地类编码,@
    点号,圈号,X (north),Y (east, mostly with the zone's number in front)

A plot's rings are told apart by their number (圈号); the last point may repeat a ring's first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyproj
import shapely

from ..errors import PlannerError
from ..geometry.proj_thread import in_proj_thread
from ..plan.tables import Array
from ..texts import Message
from .source import Source
from .text_files import read_text

HEADER, PLOTS = "[属性描述]", "[地块坐标]"
#: What a block's first line states, in order; producers add further values, which stay as 属性9, 属性10 …
PLOT_FIELDS = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")

#: Northings of China's 18°N–54°N; eastings without zone stay below, eastings with zone far above.
_NORTHINGS = (1.9e6, 6.1e6)
_LEAST_WITH_ZONE = 1.3e7
#: China's zones by their width in degrees; no number is in both.
_ZONES = {3: range(25, 46), 6: range(13, 24)}
#: CGCS2000 Gauss-Krueger by zone width: EPSG code − zone, with the zone in front of the easting and without.
_EPSG = {3: (4488, 4509), 6: (4478, 4489)}
_CGCS2000 = ("2000国家大地坐标系", "国家2000大地坐标系", "CGCS2000", "CGCS_2000", "国家2000", "2000坐标系", "4490")
_M2_PER_HA = 10_000.0
#: A stated area (ha) that is further off than this share is worth a word.
_AREA_SHARE = 0.01

_FULL_WIDTH = str.maketrans("，＝＠［］", ",=@[]")


@dataclass
class _Plot:
    line: int
    values: list[str]
    lines: list[int] = field(default_factory=list)
    ring: list[int] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    zone: int = 0  # the one that its eastings carry in front

    @property
    def name(self) -> str:
        return " ".join(v for v in self.values[2:4] if v) or str(self.line)


def is_guotu_txt(path: Path) -> bool:
    """Whether a text file has one of the sections that make it a 国土TXT."""
    with path.open("rb") as file:
        start = file.read(1 << 16)
    # Without the brackets, which may be full-width; UTF-16 is not written by the tools that make these files.
    return any(name[1:-1].encode(encoding) in start for name in (HEADER, PLOTS) for encoding in ("utf-8", "gbk"))


def read_guotu_txt(path: Path, encoding: str | None = None) -> Source:
    """Read a 国土TXT file.

    Parameters
    ----------
    path
        The file, in UTF-8 or GBK.
    encoding
        Read it in this encoding; weighed from its bytes where None.

    Returns
    -------
    Source
        One polygon or multipolygon a plot, x = easting as in the file (with the zone in front where it is there),
        y = northing; degrees as longitude, latitude.  ``epsg`` follows from the header and the eastings and is None
        where they leave it open.  A file whose plots lie in two neighbouring zones comes in EPSG:4490, each plot
        converted from its own zone.

    Raises
    ------
    PlannerError
        With the line's number, where the file contradicts itself or its format; it is then not read at all.
    """
    content, used, notes = read_text(path, encoding)
    return understand_guotu_txt(path.name, content, used, notes)


def understand_guotu_txt(name: str, content: str, encoding: str = "utf-8", notes: Sequence[Message] = ()) -> Source:
    """What a 国土TXT's text says (see `read_guotu_txt`), wherever it came from; errors call it by `name`."""
    notes = list(notes)
    header, plots = _parse(name, content)
    if not plots:
        raise PlannerError("intake_tables.txt_no_plots", path=name)
    in_degrees = _in_degrees(name, header)
    epsgs: dict[int, int | None] = {0: 4490} if in_degrees else _projected_epsgs(name, header, plots, notes)
    if in_degrees:
        _refuse_bad_degrees(name, plots)
    shapes = []
    for plot in plots:
        shape, further = _shape_of(name, plot)
        shapes.append(shape)
        notes += [Message.of("intake_tables.txt_further_part", plot=plot.name, ring=ring) for ring in further]
    geometry = np.array([*shapes, None], dtype=object)[:-1]
    if not in_degrees:
        notes += _areas_off(plots, geometry)
    epsg = epsgs[plots[0].zone] if len(epsgs) == 1 else 4490
    if len(epsgs) > 1:
        geometry = _in_degrees_by_zone(geometry, plots, epsgs)
        counts = Counter(plot.zone for plot in plots)
        parts = [Message.of("intake_tables.txt_in_zone", zone=zone, count=counts[zone]) for zone in sorted(epsgs)]
        notes.append(Message.of("intake_tables.txt_zones_merged", zones=parts))
    return Source(Path(name).stem, _fields(plots), geometry, epsg, None, encoding, notes, _ids(plots))


def _parse(file: str, content: str) -> tuple[dict[str, str], list[_Plot]]:
    header: dict[str, str] = {}
    plots: list[_Plot] = []
    section = ""
    for number, raw in enumerate(content.splitlines(), start=1):
        line = raw.translate(_FULL_WIDTH).strip()
        if not line:
            continue
        if line.startswith("["):
            section = line
        elif section == HEADER:
            key, _, value = line.partition("=")
            header[key.strip()] = value.strip()
        elif section == PLOTS:
            _add_plot_line(file, number, line, plots)
    if section != PLOTS and not plots:
        raise PlannerError("intake_tables.txt_no_section", path=file, section=PLOTS)
    for plot in plots:
        _refuse_wrong_rings(file, plot)
    return header, plots


def _add_plot_line(file: str, number: int, line: str, plots: list[_Plot]) -> None:
    parts = [p.strip() for p in line.split(",")]
    if parts[-1] == "@":
        values = parts[:-1]
        wanted = len(plots[0].values) if plots else len(values)
        if len(values) != wanted or len(values) < len(PLOT_FIELDS):
            wanted = max(wanted, len(PLOT_FIELDS))
            raise PlannerError(
                "intake_tables.txt_plot_columns", path=file, line=number, found=len(values), wanted=wanted
            )
        if values[4] not in ("", "面"):
            raise PlannerError("intake_tables.txt_not_polygon", path=file, line=number, kind=values[4])
        plots.append(_Plot(number, values))
        return
    if not plots:
        raise PlannerError("intake_tables.txt_point_before_plot", path=file, line=number)
    if len(parts) != 4:
        raise PlannerError("intake_tables.txt_point_columns", path=file, line=number, found=len(parts))
    plot = plots[-1]
    if not parts[1].isdecimal() or int(parts[1]) < 1:
        raise PlannerError("intake_tables.txt_ring_number", path=file, line=number, value=parts[1])
    plot.lines.append(number)
    plot.ring.append(int(parts[1]))
    plot.x.append(_number(file, number, parts[2], 3))
    plot.y.append(_number(file, number, parts[3], 4))


def _number(file: str, line: int, value: str, column: int) -> float:
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise PlannerError("intake_tables.txt_no_number", path=file, line=line, column=column, value=value)
    return found


def _refuse_wrong_rings(file: str, plot: _Plot) -> None:
    if not plot.ring:
        raise PlannerError("intake_tables.txt_no_points", path=file, line=plot.line, plot=plot.name)
    rings = sorted(set(plot.ring))
    if rings != list(range(1, len(rings) + 1)):
        missing = next(r for r in range(1, max(rings)) if r not in rings)
        raise PlannerError("intake_tables.txt_ring_missing", path=file, line=plot.line, plot=plot.name, ring=missing)
    closing = 0
    for ring in rings:
        points = [(x, y) for x, y, r in zip(plot.x, plot.y, plot.ring) if r == ring]
        closing += len(points) > 1 and points[0] == points[-1]
        if len(set(points)) < 3:
            raise PlannerError(
                "intake_tables.txt_short_ring",
                path=file,
                line=plot.line,
                plot=plot.name,
                ring=ring,
                found=len(set(points)),
            )
    stated, found = plot.values[0], len(plot.ring)
    # Producers count the repeated last points or leave them out; both are right.
    if stated and stated not in (str(found), str(found - closing)):
        raise PlannerError(
            "intake_tables.txt_point_count", path=file, line=plot.line, plot=plot.name, stated=stated, found=found
        )


def _in_degrees(file: str, header: dict[str, str]) -> bool:
    datum = header.get("坐标系", "")
    if datum and not any(name in datum.upper().replace(" ", "") for name in _CGCS2000):
        raise PlannerError("intake_tables.txt_other_datum", path=file, datum=datum)
    unit = header.get("计量单位", "")
    if unit not in ("", "米", "m", "M", "度"):
        raise PlannerError("intake_tables.txt_unit", path=file, unit=unit)
    projection = header.get("投影类型", "").replace("-", "").replace("—", "").replace("投影", "")
    if unit != "度" and projection not in ("", "高斯克吕格", "高斯克里格", "高斯"):
        raise PlannerError("intake_tables.txt_projection", path=file, projection=projection)
    return unit == "度"


def _refuse_bad_degrees(file: str, plots: list[_Plot]) -> None:
    for plot in plots:
        for line, lat, lon in zip(plot.lines, plot.x, plot.y):
            if not (3 <= lat <= 54 and 73 <= lon <= 136):
                swapped = 3 <= lon <= 54 and 73 <= lat <= 136
                problem = "intake_tables.txt_swapped" if swapped else "intake_tables.txt_outside"
                raise PlannerError(problem, path=file, line=line, x=lat, y=lon)


def _projected_epsgs(
    file: str, header: dict[str, str], plots: list[_Plot], notes: list[Message]
) -> dict[int, int | None]:
    """Zone in front of the eastings → the Gauss-Krueger zone's code; eastings and header must agree."""
    _note_zones_in_front(file, plots)
    in_front = sorted({plot.zone for plot in plots})
    stated = header.get("带号", "")
    if stated and not stated.isdecimal():
        raise PlannerError("intake_tables.txt_zone_number", path=file, value=stated)
    if len(in_front) > 1:
        _refuse_far_zones(file, header, plots)
    if in_front[0] and stated and int(stated) not in in_front:
        line = plots[0].lines[0]
        raise PlannerError("intake_tables.txt_zone_differs", path=file, line=line, stated=stated, found=plots[0].zone)
    zone = in_front[0] or (int(stated) if stated else 0)
    if not zone:
        notes.append(Message.of("intake_tables.txt_zone_unknown"))
        return {0: None}
    width = next((w for w, zones in _ZONES.items() if zone in zones), None)
    if width is None:
        raise PlannerError("intake_tables.txt_zone_number", path=file, value=zone)
    said = header.get("几度分带", "").rstrip("度带")
    if said and said != str(width):
        raise PlannerError("intake_tables.txt_zone_width", path=file, stated=said, zone=zone, found=width)
    if not stated and len(in_front) == 1:
        notes.append(Message.of("intake_tables.txt_zone_from_easting", zone=zone))
    if not header.get("坐标系"):
        notes.append(Message.of("intake_tables.txt_datum_unknown"))
        return {in_front[0]: None}
    return {front: (front or zone) + _EPSG[width][0 if front else 1] for front in in_front}


def _note_zones_in_front(file: str, plots: list[_Plot]) -> None:
    """Find the zone that each plot's eastings carry in front; swapped axes and places outside China are refused."""
    low, high = _NORTHINGS
    for plot in plots:
        plot.zone = int(plot.y[0] // 1e6)
        for line, x, y in zip(plot.lines, plot.x, plot.y):
            with_zone = y >= _LEAST_WITH_ZONE
            east = y % 1e6
            # South of 18°N (islands) a northing looks like an easting; only the zone in front then tells them apart.
            if (
                not (low <= x <= high or (with_zone and 3e5 <= x <= high))
                or not 1e5 <= east <= 9e5
                or 1e6 <= y < _LEAST_WITH_ZONE
            ):
                swapped = low <= y <= high and 1e5 <= x % 1e6 <= 9e5 and (x < 1e6 or x >= _LEAST_WITH_ZONE)
                problem = "intake_tables.txt_swapped" if swapped else "intake_tables.txt_outside"
                raise PlannerError(problem, path=file, line=line, x=x, y=y)
            if int(y // 1e6) != plot.zone:
                raise _two_zones(file, plot.zone, plot.lines[0], int(y // 1e6), line)


def _refuse_far_zones(file: str, header: dict[str, str], plots: list[_Plot]) -> None:
    """Only the two zones that one city may lie in are read together, and only where the datum is stated."""
    zones = sorted({plot.zone for plot in plots})
    neighbours = zones[1:] == [zones[0] + 1] and any(set(zones) <= set(known) for known in _ZONES.values())
    if not neighbours or not header.get("坐标系"):
        one = plots[0].zone
        other = next(plot for plot in plots if plot.zone != one)
        raise _two_zones(file, one, plots[0].lines[0], other.zone, other.lines[0])


def _two_zones(file: str, first: int, line: int, other: int, other_line: int) -> PlannerError:
    places = {"first": first, "line": line, "other": other, "other_line": other_line}
    return PlannerError("intake_tables.txt_two_zones", path=file, **places)


@in_proj_thread
def _in_degrees_by_zone(geometry: Array, plots: list[_Plot], epsgs: dict[int, int | None]) -> Array:
    """Each plot converted from its own zone to EPSG:4490."""
    converted = geometry.copy()
    zone_of = np.array([plot.zone for plot in plots])
    for zone, epsg in epsgs.items():
        to_degrees = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)
        rows = zone_of == zone
        converted[rows] = shapely.transform(
            geometry[rows], lambda xy, t=to_degrees: np.column_stack(t.transform(xy[:, 0], xy[:, 1]))
        )
    return converted


def _shape_of(file: str, plot: _Plot) -> tuple[object, list[int]]:
    """A plot's polygon, and the numbers of rings that lie outside the first and were taken as further parts."""
    ring_of = np.array(plot.ring)
    points = np.column_stack([plot.y, plot.x])
    rings = []
    for number in range(1, int(ring_of.max()) + 1):
        ring = points[ring_of == number]
        rings.append(ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]))
    shells, holes_of = nest_rings(rings)
    parts = [shapely.Polygon(rings[s], [rings[h] for h in holes_of[s]]) for s in shells]
    further = [s + 1 for s in shells if s != 0] if 0 in shells else []
    return (parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)), further


def nest_rings(rings: list[Array]) -> tuple[list[int], dict[int, list[int]]]:
    """Which rings are shells, and which are whose holes, by what lies within what.

    Parameters
    ----------
    rings
        Closed rings, each ``(n, 2)``.

    Returns
    -------
    shells, holes_of
        Positions of the shells, in order; shell → positions of its holes.  An island within a hole is a shell again.
    """
    if len(rings) == 1:
        return [0], {0: []}
    filled = shapely.make_valid(np.array([shapely.Polygon(r) for r in rings], dtype=object))
    areas = shapely.area(filled)
    inside = shapely.point_on_surface(filled)
    around: list[list[int]] = [
        [k for k in range(len(rings)) if areas[k] > areas[i] and shapely.intersects(filled[k], inside[i])]
        for i in range(len(rings))
    ]
    shells = [i for i, outer in enumerate(around) if len(outer) % 2 == 0]
    holes_of: dict[int, list[int]] = {s: [] for s in shells}
    for i, outer in enumerate(around):
        if i not in holes_of:
            holes_of[min((k for k in outer if k in holes_of), key=lambda k: areas[k])].append(i)
    return shells, holes_of


def _areas_off(plots: list[_Plot], geometry: Array) -> list[Message]:
    """A word on each plot whose stated area (公顷) is far from what its points enclose."""
    notes = []
    for plot, area in zip(plots, (shapely.area(geometry) / _M2_PER_HA).tolist()):
        stated = _area_ha(plot)
        if stated is not None and abs(stated - area) > _AREA_SHARE * max(area, stated):
            notes.append(
                Message.of("intake_tables.txt_area_off", plot=plot.name, line=plot.line, stated=stated, found=area)
            )
    return notes


def _area_ha(plot: _Plot) -> float | None:
    try:
        return float(plot.values[1])
    except ValueError:
        return None


def _fields(plots: list[_Plot]) -> dict[str, list[object]]:
    names = [*PLOT_FIELDS, *(f"属性{i}" for i in range(len(PLOT_FIELDS) + 1, len(plots[0].values) + 1))]
    fields: dict[str, list[object]] = {n: [p.values[i] or None for p in plots] for i, n in enumerate(names)}
    fields["界址点数"] = [len(p.ring) if p.values[0] else None for p in plots]
    fields["地块面积"] = [_area_ha(p) for p in plots]
    return fields


def _ids(plots: list[_Plot]) -> list[object]:
    """Plot numbers where they are there and tell the plots apart, else the blocks' lines."""
    numbers = [p.values[2] for p in plots]
    if all(numbers) and max(Counter(numbers).values()) == 1:
        return list(numbers)
    return [p.line for p in plots]
