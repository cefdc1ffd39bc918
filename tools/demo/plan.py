"""The Benxi plan with all illustrative layers, as tables ready to be written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt
import shapely
from control_lines import ControlLines, draw_control_lines
from mosaic import Mosaic, cut_mosaic
from outlines import District, benxi_districts
from sites import site_projects
from towns import TOWNS, assign_towns

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template

Array = npt.NDArray[Any]

LABEL = "（示意数据）"


@dataclass(frozen=True)
class City:
    """The city as the demo draws it, before it becomes a plan."""

    districts: list[District]
    mosaic: Mosaic
    town: Array
    lines: ControlLines


def draw_city(plan: PlanTables) -> City:
    """Districts (real), towns and control lines (made up)."""
    districts = benxi_districts()
    mosaic = cut_mosaic(districts)
    town = assign_towns(mosaic, districts, plan)
    return City(districts, mosaic, town, draw_control_lines(mosaic, districts, town))


def illustrative_plan() -> PlanTables:
    """Every table of the demo's plan; zones and key areas are still to be built."""
    template = plan_from_template("benxi")
    city = draw_city(template)
    return with_layers(template, city)


def with_layers(template: PlanTables, city: City) -> PlanTables:
    """The template with units, control lines, mines and sited projects."""
    rows = dict(template.rows)
    rows["plan"] = _labelled(template["plan"])
    rows["admin_unit"] = _units(city)
    rows["project"] = site_projects(city.mosaic, city.districts, city.town, city.lines, template)
    rows.update(city.lines.rows)
    return PlanTables(rows)


def _labelled(plan: Rows) -> Rows:
    """The plan's name says that its geometry is made up."""
    names = plan["name"].copy()
    names[:] = [f"{name}{LABEL}" for name in names]
    return replace(plan, columns={**plan.columns, "name": names})


def _units(city: City) -> Rows:
    records: list[dict[str, object]] = []
    shapes = []
    for position, district in enumerate(city.districts):
        records.append({"code": district.code, "name": district.name, "level": "county", "county": district.name})
        shapes.append(_multi(city.mosaic.dissolve(city.mosaic.district == position)))
    for position, town in enumerate(TOWNS):
        records.append({"name": town.name, "level": "town", "county": town.district})
        shapes.append(_multi(city.mosaic.dissolve(city.town == position)))
    return Rows.from_records("admin_unit", records, shapes)


def _multi(geometry: Any) -> Any:
    return geometry if geometry.geom_type == "MultiPolygon" else shapely.MultiPolygon([geometry])
