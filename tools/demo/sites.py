"""Illustrative sites for the plan's 15 projects, with faults that are known beforehand.

`PLANTED` says for each project where its parts lie and which findings the check must therefore make:
these and no others.  Places are searched in a fixed order, so every run finds the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from control_lines import ControlLines, ragged_site
from mosaic import Mosaic
from outlines import District
from towns import TOWNS

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.lists import write_list
from restoration_planner.core.plan.tables import PlanTables, Rows, object_array

Array = npt.NDArray[Any]

_BENXI, _HUANREN = "本溪满族自治县", "桓仁满族自治县"
_APART_KM = 0.4
#: Shares of the wanted size that are tried, one after another.
_SIZES = (1.0, 0.7, 0.45)


@dataclass(frozen=True)
class Part:
    """Where one part of a site lies.

    Attributes
    ----------
    county, zone
        The county and the zone that it lies in.
    on
        The control lines that it overlaps: ``red_line``, ``core``, ``general``, ``farmland``,
        ``urban``; it keeps clear of all others.
    crosses
        ``county``, ``zone`` or ``plan``: the border that it reaches over.
    key_area
        The key area that it lies in, where that matters.
    beside
        Code of the project that it overlaps.
    shape
        ``ragged``, ``bow_tie``, or ``sliver``: an outline that reaches 2 cm into a red line.
    """

    county: str
    zone: str
    radius_km: float = 0.55
    on: frozenset[str] = frozenset()
    crosses: str | None = None
    key_area: str | None = None
    beside: str | None = None
    shape: str = "ragged"


@dataclass(frozen=True)
class Planted:
    """One project: its parts, the findings it must get, and the fields set for it.

    What is wrong with it is told by the text ``demo.fault.<code>``.
    """

    parts: tuple[Part, ...]
    findings: frozenset[tuple[str, str]] = frozenset()
    fields: dict[str, object] = field(default_factory=dict)


def _on(*layers: str) -> frozenset[str]:
    return frozenset(layers)


def _finds(*findings: tuple[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(findings)


PLANTED: dict[str, Planted] = {
    "A1": Planted((Part(_BENXI, "2", 0.7), Part(_BENXI, "3", 0.9))),
    "A2": Planted((Part(_BENXI, "3", shape="sliver"), Part(_BENXI, "2"))),
    "A3": Planted(
        (Part("明山区", "1", 0.8, crosses="county"),),
        _finds(("county_mismatch", "review")),
    ),
    "A4": Planted((Part("南芬区", "1", 0.8),), _finds(("project_overlap", "review"))),
    "A5": Planted(
        (Part("溪湖区", "1", 0.5, _on("farmland")),),
        _finds(("basic_farmland", "violation"), ("urban_boundary", "review")),
        {"new_construction_land": True},
    ),
    "A6": Planted((), _finds(("missing_geometry", "undetermined"))),
    "A7": Planted(
        (
            Part("平山区", "1", 0.4),
            Part("溪湖区", "1", 0.4),
            Part("明山区", "1", 0.4),
            Part(_BENXI, "3", 0.6, _on("farmland")),
        ),
        _finds(("basic_farmland", "violation")),
        {"zone_codes": write_list(["1", "3"])},
    ),
    "B1": Planted(
        (Part(_HUANREN, "4", 0.9, _on("red_line")), Part(_BENXI, "3", 0.6), Part(_BENXI, "2", 0.6)),
        _finds(("red_line", "permitted")),
        {"opinion_ref": "示意认定意见〔2024〕1号"},
    ),
    "B2": Planted(
        (
            Part("平山区", "1", 0.5, _on("urban")),
            Part("明山区", "1", 0.5),
            Part("溪湖区", "1", 0.5),
            Part("南芬区", "1", 0.5),
            Part(_BENXI, "3", 0.5),
        ),
        _finds(("outside_zone", "undetermined"), ("urban_boundary", "review")),
        {"new_construction_land": True, "zone_codes": None},
    ),
    "B3": Planted(
        (
            Part("溪湖区", "1", 0.5, key_area="1-1"),
            Part("平山区", "1", 0.3),
            Part("明山区", "1", 0.5),
        ),
        _finds(("outside_key_area", "review")),
    ),
    "B4": Planted(
        (Part(_BENXI, "3", 0.7, key_area="3-1"), Part(_BENXI, "3", 1.0, crosses="zone")),
        _finds(("outside_zone", "violation"), ("outside_key_area", "review")),
    ),
    "B5": Planted(
        (Part(_BENXI, "2", 0.7, key_area="2-1", shape="bow_tie"),),
        _finds(("invalid_geometry", "review")),
    ),
    "B6": Planted(
        (Part("南芬区", "1", 0.7, beside="A4"), Part("南芬区", "1", 0.6, _on("red_line"))),
        _finds(("project_overlap", "review"), ("red_line", "review"), ("urban_boundary", "review")),
        {"new_construction_land": True},
    ),
    "B7": Planted(
        (Part("溪湖区", "1", 0.9, crosses="plan"), Part("明山区", "1", 0.5)),
        _finds(("outside_plan", "violation"), ("outside_zone", "violation")),
    ),
    "B8": Planted(
        (
            Part(_HUANREN, "4", 0.8, _on("red_line", "core")),
            Part(_BENXI, "2", 0.4),
            Part(_BENXI, "3", 0.4),
            Part("明山区", "1", 0.3),
            Part("南芬区", "1", 0.4),
            Part("平山区", "1", 0.3),
            Part("溪湖区", "1", 0.3),
        ),
        _finds(("reserve_core", "violation"), ("red_line", "review"), ("urban_boundary", "review")),
        {"new_construction_land": True},
    ),
}


def site_projects(
    mosaic: Mosaic, districts: list[District], town: Array, lines: ControlLines, plan: PlanTables
) -> Rows:
    """The plan's projects with their sites and the fields that the faults need."""
    search = _Search(mosaic, districts, town, lines, plan)
    projects = plan["project"]
    sites = [search.site(str(code), PLANTED[str(code)]) for code in projects["code"]]
    columns = {name: values.copy() for name, values in projects.columns.items()}
    for name in ("new_construction_land", "temporary_land"):
        columns[name] = np.full(len(projects), False, dtype=object)
    for row, code in enumerate(projects["code"].tolist()):
        for name, value in PLANTED[code].fields.items():
            columns.setdefault(name, np.full(len(projects), None, dtype=object))[row] = value
    columns["remark"] = np.full(len(projects), "示意范围，非真实选址", dtype=object)
    return Rows("project", projects.fids, columns, object_array(sites))


class _Search:
    """Looks for places that meet a part's conditions, and keeps sites apart from one another."""

    def __init__(self, mosaic: Mosaic, districts: list[District], town: Array, lines: ControlLines, plan: PlanTables):
        self._mosaic = mosaic
        self._tree = shapely.STRtree(mosaic.cells)
        self._city = shapely.union_all(np.array([d.outline for d in districts], dtype=object))
        shapely.prepare(self._city)
        member = {row["unit_name"]: row for row in plan["unit_membership"].records()}
        of_town = [member[t.name] for t in TOWNS]
        self._zone = np.array([str(m["zone_code"]) for m in of_town])[town]
        self._key_area = np.array([str(m.get("key_area_code") or "") for m in of_town])[town]
        self._county = np.array([d.name for d in districts])[mosaic.district]
        self._layers = {
            "red_line": lines.red_line,
            "core": lines.core,
            "general": lines.general,
            "farmland": lines.farmland,
            "urban": lines.urban,
        }
        self._taken: list[Any] = []
        self._centres: dict[str, Array] = {}

    def site(self, code: str, planted: Planted) -> Any:
        """All parts of one project, or None where it has none."""
        shapes = [self._part(code, number, part) for number, part in enumerate(planted.parts)]
        return shapely.MultiPolygon(shapes) if shapes else None

    def _part(self, code: str, number: int, part: Part) -> Any:
        for cell, size in ((cell, size) for size in _SIZES for cell in self._candidates(part)):
            shape = self._sliver(cell) if part.shape == "sliver" else self._outline(code, number, part, cell, size)
            if shape is not None and self._fits(part, shape):
                self._taken.append(shapely.buffer(shapely.envelope(shape), _APART_KM / 100))
                self._centres.setdefault(code, self._mosaic.centre[cell])
                return shape
        raise PlannerError("demo.no_place", part=number + 1, code=code)

    def _candidates(self, part: Part) -> Iterable[int]:
        if part.beside is not None:
            # East of the other project's first part, near enough to overlap it.
            wanted = self._centres[part.beside] + (0.9, 0.2)
            return np.argsort(((self._mosaic.centre - wanted) ** 2).sum(axis=1), kind="stable")[:12].tolist()
        fits = (self._county == part.county) & (self._zone == part.zone)
        fits &= np.ones_like(fits) if part.key_area is None else self._key_area == part.key_area
        cells = np.flatnonzero(fits)
        # A fixed order that jumps about: neighbouring cells fail for the same reason.
        return cells[np.argsort((cells * 0.6180339887498949) % 1, kind="stable")].tolist()

    def _outline(self, code: str, number: int, part: Part, cell: int, size: float) -> Any:
        centre, radius = self._mosaic.centre[cell], size * part.radius_km
        if part.shape == "bow_tie":
            corners = radius * np.array([(-1, -1), (1, 0.8), (1, -0.8), (-1, 1)])
            return shapely.Polygon(np.round(self._mosaic.degrees(centre + corners), 7))
        seed = 100 * (ord(code[0]) - 64) + 10 * int(code[1:]) + number
        return ragged_site(self._mosaic, centre, radius, seed, 1.25)

    def _sliver(self, cell: int) -> Any:
        """A triangle in a free cell whose base lies 2 cm inside the red line beside it."""
        beside = self._mosaic.neighbours
        others = np.concatenate([beside[beside[:, 0] == cell, 1], beside[beside[:, 1] == cell, 0]])
        others = others[self._layers["red_line"][others]]
        if not len(others) or self._layers["red_line"][cell]:
            return None
        border = shapely.line_merge(shapely.intersection(self._mosaic.cells[cell], self._mosaic.cells[others[0]]))
        if border.geom_type != "LineString" or len(border.coords) != 2:
            return None
        ends = self._mosaic.plane(shapely.get_coordinates(border))
        inner, outer = self._mosaic.centre[cell], self._mosaic.centre[others[0]]
        normal = np.array([ends[1, 1] - ends[0, 1], ends[0, 0] - ends[1, 0]]) / np.hypot(*(ends[1] - ends[0]))
        normal *= np.sign(normal @ (outer - inner))
        base = ends[0] + np.array([[0.3], [0.7]]) * (ends[1] - ends[0]) + 2e-5 * normal
        return shapely.Polygon(self._mosaic.degrees(np.vstack([base, inner])))

    def _fits(self, part: Part, shape: Any) -> bool:
        cells = self._tree.query(shape, predicate="intersects") if shape.is_valid else self._tree.query(shape)
        leaves_city = not self._city.contains(shapely.envelope(shape))
        if leaves_city != (part.crosses == "plan"):
            return False
        if part.beside is None and any(shapely.intersects(other, shape) for other in self._taken):
            return False
        on = {name for name, flags in self._layers.items() if flags[cells].any()}
        if part.shape == "sliver":
            on -= {"red_line"}
        return (
            on == part.on
            and (len(set(self._zone[cells])) == 2) == (part.crosses == "zone")
            and (len(set(self._county[cells])) == 2) == (part.crosses == "county")
            and (part.key_area is None or set(self._key_area[cells]) == {part.key_area})
        )
