"""Zones and key areas of a plan file from its units."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from restoration_planner.core.commands import build_zones
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import Rows, object_array
from restoration_planner.core.store import vector
from restoration_planner.core.store.plan_file import read_plan, replace_rows

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def geodesic_km2(west: float, east: float) -> float:
    """Area of a cell between 41° and 42° north by pyproj, its edges cut so short that they are straight."""
    cell = shapely.segmentize(shapely.box(west, 41, east, 42), 0.001)
    return abs(float(pyproj.Geod(a=6378137, rf=298.257222101).geometry_area_perimeter(cell)[0])) / 1e6


def without_geometry(rows: Rows) -> Rows:
    """The same rows, nothing drawn yet."""
    return Rows(rows.table, rows.fids, rows.columns, np.full(len(rows), None, dtype=object))


def test_zones_without_geometry_are_filled_and_keep_their_attributes(run: Run, inside: Path) -> None:
    replace_rows(inside, {"restoration_zone": without_geometry(read_plan(inside)["restoration_zone"])})
    done = run("build-zones", inside.name)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.decode("utf-8")
    assert "4600.00" in printed and "丙镇" in printed and "乙镇" in printed
    zone = read_plan(inside)["restoration_zone"]
    assert zone.geometry is not None and shapely.equals(zone.geometry[0], shapely.box(124, 41, 124.5, 42))
    assert zone["area_km2"][0] == pytest.approx(geodesic_km2(124, 124.5), rel=1e-6)
    assert (zone["problem"][0], zone["stated_area_km2"][0]) == ("矿", 4600.0)


def test_a_zone_that_is_drawn_already_is_replaced_only_with_force(run: Run, inside: Path) -> None:
    before = hashlib.sha256(inside.read_bytes()).hexdigest()
    done = run("build-zones", inside.name)
    assert done.returncode == 2 and b"--force" in done.stderr and done.stdout == b""
    assert hashlib.sha256(inside.read_bytes()).hexdigest() == before
    assert run("build-zones", inside.name, "--force").returncode == 0
    zone = read_plan(inside)["restoration_zone"]
    assert zone.geometry is not None and shapely.equals(zone.geometry[0], shapely.box(124, 41, 124.5, 42))


def test_a_drawn_zone_is_kept_while_others_are_filled(run: Run, inside: Path) -> None:
    drawn = shapely.box(125, 41, 126, 42)
    zones = Rows.from_records("restoration_zone", [{"code": "1"}, {"code": "2", "area_km2": 5.0}], [None, drawn])
    members = Rows.from_records(
        "unit_membership", [{"unit_name": "甲镇", "zone_code": "1"}, {"unit_name": "乙镇", "zone_code": "2"}]
    )
    replace_rows(inside, {"restoration_zone": zones, "unit_membership": members})
    built = build_zones.run(inside)
    after = read_plan(inside)["restoration_zone"]
    assert after.geometry is not None and shapely.equals(after.geometry[1], drawn) and after["area_km2"][1] == 5.0
    assert shapely.equals(after.geometry[0], shapely.box(124, 41, 124.5, 42))
    measured = {area.code: area for area in built.areas}
    assert measured["2"].measured_km2 == pytest.approx(geodesic_km2(125, 126), rel=1e-6) and measured["2"].units == 0
    assert [area.code for area in build_zones.kept_rows(built)] == ["2"]


def test_a_plan_without_units_says_what_to_import(inside: Path) -> None:
    replace_rows(inside, {"admin_unit": Rows.empty("admin_unit")})
    with pytest.raises(PlannerError) as refused:
        build_zones.run(inside)
    assert refused.value.message.id == "commands.no_units"


def test_columns_of_the_table_line_up_with_chinese_names(inside: Path) -> None:
    lines = build_zones.area_table(build_zones.run(inside, force=True)).splitlines()
    assert len(lines) == 2 and len({build_zones._width(line) for line in lines}) == 1


def test_the_towns_of_benxi_make_the_zones_of_the_plan(run: Run, tmp_path: Path, shared: Path) -> None:
    assert run("new", "benxi.gpkg", "--template", "benxi").returncode == 0
    plan = tmp_path / "benxi.gpkg"
    towns = vector.read_layer(shared / "data" / "benxi.gpkg", "towns", unchanging=True)
    count = len(towns.fids)
    columns = {
        "code": object_array([f"t{i}" for i in range(count)]),
        "name": object_array(towns.columns["name"]),
        "county": object_array(towns.columns["county"]),
        "level": object_array(["town"] * count),
    }
    replace_rows(plan, {"admin_unit": Rows("admin_unit", towns.fids, columns, towns.geometry)})
    done = run("build-zones", "benxi.gpkg")
    assert done.returncode == 0, done.stderr
    printed = done.stdout.decode("utf-8")
    after = read_plan(plan)
    zones = after["restoration_zone"]
    assert zones.geometry is not None and not shapely.is_missing(zones.geometry).any()
    # Two towns of zone 1 stand in no list of the plan: they are named, not guessed.
    assert "张其寨街道" in printed and "南芬街道" in printed
    assert zones["code"].tolist() == ["1", "2", "3", "4"]
    for stated, measured in list(zip(zones["stated_area_km2"], zones["area_km2"]))[1:]:
        assert measured == pytest.approx(stated, rel=0.005)
    assert all(area is not None for area in after["key_area"]["area_km2"])
    assert len(after["project"]) == 15 and len(after["unit_membership"]) == 42
