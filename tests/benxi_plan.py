"""The Benxi plan on real-named towns: 44 towns with some 18 000 vertices, zones and key areas built from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
import shapely.geometry

from restoration_planner.core.commands import build_zones
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan


def make_benxi_plan(shared: Path, path: Path) -> Path:
    """Write the plan into a file; the test is skipped where the reference data is not there."""
    fiona = pytest.importorskip("fiona")
    source = shared / "data" / "benxi.gpkg"
    if not source.exists():
        pytest.skip("the reference data has no towns of Benxi")
    with fiona.open(source, layer="towns") as rows:
        towns = [(dict(row["properties"]), shapely.geometry.shape(row["geometry"])) for row in rows]
    records: list[dict[str, Any]] = [
        {
            "code": f"{town['adcode']}-{number}",
            "name": town["plan_name"] or town["name"],
            "level": "town",
            "county": town["county"],
            "zone_code": None if town["plan_listed"] else town["zone_no"],
        }
        for number, (town, _) in enumerate(towns)
    ]
    shapes = [s if s.geom_type == "MultiPolygon" else shapely.MultiPolygon([s]) for _, s in towns]
    units = Rows.from_records("admin_unit", records, shapes)
    create_plan(path, PlanTables({**plan_from_template("benxi").rows, "admin_unit": units}))
    build_zones.run(path)
    return path
