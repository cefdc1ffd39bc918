"""The main job on real-named towns: zones built from them, and projects checked against the zones.

The towns' outer and district borders are real; borders inside a district are synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
import shapely.ops
from pyproj import Geod

from restoration_planner.core.commands import build_zones
from restoration_planner.core.commands.check import run_check
from restoration_planner.core.plan.lists import write_list
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.plan.zones import ZonesBuilt
from restoration_planner.core.store.plan_file import create_plan, read_plan

fiona = pytest.importorskip("fiona")
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class RealTowns:
    """A plan file with zones built from the towns, and the towns and zones as the reference has them."""

    plan: Path
    built: ZonesBuilt
    towns: list[dict[str, Any]]
    shapes: Array
    zones: dict[str, Any]


def layer(file: Path, name: str) -> tuple[list[dict[str, Any]], Array]:
    with fiona.open(file, layer=name) as rows:
        found = [(dict(f["properties"]), shapely.geometry.shape(f["geometry"])) for f in rows]
    return [properties for properties, _ in found], np.array([shape for _, shape in found], dtype=object)


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> RealTowns:
    file = shared / "data" / "benxi.gpkg"
    towns, shapes = layer(file, "towns")
    zones, zone_shapes = layer(file, "zones")
    template = plan_from_template("benxi")
    # The plan lists 42 of the 44 towns; the other two say themselves which zone they belong to.
    records = [
        {
            "code": f"{town['adcode']}-{number}",
            "name": town["plan_name"] or town["name"],
            "level": "town",
            "county": town["county"],
            "zone_code": None if town["plan_listed"] else town["zone_no"],
        }
        for number, town in enumerate(towns)
    ]
    units = Rows.from_records("admin_unit", records, list(map(as_multi, shapes)))
    plan = tmp_path_factory.mktemp("real") / "benxi.gpkg"
    create_plan(plan, PlanTables({**template.rows, "admin_unit": units}))
    built = build_zones.run(plan)
    return RealTowns(plan, built, towns, shapes, dict(zip((str(z["zone_no"]) for z in zones), zone_shapes)))


def as_multi(shape: Any) -> Any:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def geodesic_m2(shape: Any) -> float:
    return abs(Geod(a=6378137.0, rf=298.257222101).geometry_area_perimeter(shapely.normalize(shape))[0])


def test_every_town_finds_its_zone_by_name(real: RealTowns) -> None:
    assert not real.built.unmatched
    assert not real.built.undecided
    assert sum(a.units for a in real.built.areas if a.table == "restoration_zone") == 44


def test_zones_are_the_reference_zones_and_near_the_stated_areas(real: RealTowns) -> None:
    stored = read_plan(real.plan)["restoration_zone"]
    assert stored.geometry is not None
    for code, shape, km2, stated in zip(stored["code"], stored.geometry, stored["area_km2"], stored["stated_area_km2"]):
        assert shapely.symmetric_difference(shape, real.zones[code]).area < 1e-9
        assert km2 == pytest.approx(stated, rel=0.005)
        assert km2 * 1e6 == pytest.approx(geodesic_m2(shape), rel=4e-5)


def test_projects_in_the_towns_are_judged_as_plain_geometry_judges_them(real: RealTowns) -> None:
    """One project on every town's border with another zone, named by the zone of the town."""
    border, sites, records = [], [], []
    for town, shape in zip(real.towns, real.shapes):
        others = [z for code, z in real.zones.items() if code != town["zone_no"]]
        nearest = min(others, key=lambda z: shapely.distance(shape, z))
        if shapely.distance(shape, nearest) < 1e-9:
            meeting = shapely.intersection(shape, nearest).centroid
            place = shapely.ops.nearest_points(shape, meeting)[0]
            border.append(town)
        else:
            place = shapely.point_on_surface(shape)
        site = shapely.buffer(place, 0.004)
        sites.append(as_multi(site))
        records.append(
            {
                "code": f"T{len(records)}",
                "name": town["name"],
                "project_type": "soil_water",
                "zone_codes": write_list([town["zone_no"]]),
                "counties": write_list([town["county"]]),
                "listed_in_plan": True,
            }
        )
    assert len(border) >= 8, "the reference's zones meet along more towns than that"
    plan = real.plan.with_name("sited.gpkg")
    tables = read_plan(real.plan)
    create_plan(plan, PlanTables({**tables.rows, "project": Rows.from_records("project", records, sites)}))
    result, _ = run_check(plan)
    city = shapely.union_all(np.array(list(real.zones.values()), dtype=object))
    for project, town, site in zip(result.projects, real.towns, sites):
        outside = geodesic_m2(shapely.difference(site, real.zones[town["zone_no"]]))
        beyond = geodesic_m2(shapely.difference(site, city))
        found = {f.rule: f.area_m2 for f in project.findings}
        assert found.get("outside_zone", 0.0) == pytest.approx(outside, rel=4e-5, abs=2.0), town["name"]
        assert found.get("outside_plan", 0.0) == pytest.approx(beyond, rel=4e-5, abs=2.0), town["name"]
        assert project.area_m2 == pytest.approx(geodesic_m2(site), rel=1e-6)
        # No red lines, farmland or reserves are in this plan: never a pass.
        assert project.grade in ("violation", "review", "undetermined")
    assert sum("outside_zone" in {f.rule for f in p.findings} for p in result.projects) >= 8
