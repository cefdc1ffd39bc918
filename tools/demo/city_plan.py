"""The Benxi plan with all illustrative layers, as tables ready to be written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
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


def illustrative_plan() -> PlanTables:
    """Every table of the demo's plan; zones and key areas are still to be built."""
    template = plan_from_template("benxi")
    districts = benxi_districts()
    mosaic = cut_mosaic(districts)
    town = assign_towns(mosaic, districts, template)
    lines = draw_control_lines(mosaic, districts, town)
    return with_layers(labelled_plan(template), mosaic, districts, town, lines)


def labelled_plan(template: PlanTables) -> PlanTables:
    """The template under a name that says that its geometry is made up."""
    plan = template["plan"]
    names = np.array([f"{name}{LABEL}" for name in plan["name"]], dtype=object)
    return PlanTables({**template.rows, "plan": replace(plan, columns={**plan.columns, "name": names})})


def with_layers(
    plan: PlanTables, mosaic: Mosaic, districts: list[District], town: Array, lines: ControlLines
) -> PlanTables:
    """The plan with units, control lines, mines and sited projects."""
    return PlanTables(
        {
            **plan.rows,
            **lines.rows,
            "admin_unit": _units(mosaic, districts, town),
            "project": site_projects(mosaic, districts, town, lines, plan),
        }
    )


def _units(mosaic: Mosaic, districts: list[District], town: Array) -> Rows:
    records: list[dict[str, object]] = []
    shapes = []
    for position, district in enumerate(districts):
        records.append({"code": district.code, "name": district.name, "level": "county", "county": district.name})
        shapes.append(_multi(mosaic.dissolve(mosaic.district == position)))
    for position, unit in enumerate(TOWNS):
        records.append({"name": unit.name, "level": "town", "county": unit.district})
        shapes.append(_multi(mosaic.dissolve(town == position)))
    return Rows.from_records("admin_unit", records, shapes)


def _multi(geometry: Any) -> Any:
    return geometry if geometry.geom_type == "MultiPolygon" else shapely.MultiPolygon([geometry])
