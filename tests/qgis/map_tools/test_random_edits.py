"""Any sequence of edits, undos and redos keeps the coverage sound, and undoing everything gives back the first bytes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from qgis.PyQt.QtWidgets import QMessageBox

from restoration_planner.core.coverage.drawn import settled
from restoration_planner.core.coverage.reshape import reshape_border
from restoration_planner.core.coverage.transfer import give_ground, merge_zones, split_zone
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES, read_ground
from restoration_planner.tests.mosaics import CITY, assert_sound, random_city
from restoration_planner.tests.qgis.map_tools.conftest import Bench

STEPS = 170


def city_plan(seed: int) -> PlanTables:
    mosaic, towns = random_city(seed)

    def multi(shapes: object) -> list[shapely.Geometry]:
        return [s if s.geom_type == "MultiPolygon" else shapely.multipolygons([s]) for s in shapes]  # type: ignore[attr-defined]

    zones = [{"code": str(i + 1), "name": n} for i, n in enumerate(mosaic.zones.names)]
    areas = [
        {"code": n, "name": n, "zone_code": str(home + 1)} for n, home in zip(mosaic.areas.names, mosaic.zone_of_area)
    ]
    units = [{"code": f"t{i}", "name": f"t{i}", "level": "town", "county": "甲县"} for i in range(len(towns))]
    return PlanTables(
        {
            "plan": Rows.from_records("plan", [{"schema_version": 2, "name": "随机市"}]),
            ZONES: Rows.from_records(ZONES, zones, multi(mosaic.zones.geometry)),
            AREAS: Rows.from_records(AREAS, areas, multi(mosaic.areas.geometry)),
            UNITS: Rows.from_records(UNITS, units, multi(towns)),
        }
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_edits_with_undo_and_redo(open_bench: Callable[..., Bench], seed: int) -> None:
    bench = open_bench(city_plan(seed))
    editing, plan = bench.tools.editing, bench.plans.current()
    assert plan is not None
    random = np.random.default_rng(seed)
    _, towns = random_city(seed)
    before = bench.state()
    start = float(ellipsoidal_area(editing.ground().mosaic.zones.geometry).sum())
    stack = bench.layer(ZONES).undoStack()
    west, south, east, north = CITY.bounds
    done = 0
    for _ in range(STEPS):
        mosaic = editing.ground().mosaic
        there = np.flatnonzero(~shapely.is_missing(mosaic.zones.geometry))
        kind = random.choice(
            ["give", "reshape", "split", "merge", "undo", "redo"], p=[0.4, 0.25, 0.05, 0.05, 0.15, 0.1]
        )
        count = stack.index()
        if kind in ("undo", "redo"):
            stack.undo() if kind == "undo" else stack.redo()
        elif kind == "give":
            town, zone = towns[random.integers(len(towns))], int(random.choice(there))
            editing.do("give", lambda m, t=town, z=zone: give_ground(m, [t], z))
        elif kind == "merge":
            if len(there) < 2:
                continue
            one, other = random.choice(there, 2, replace=False).tolist()
            editing.do("merge", lambda m, a=one, b=other: merge_zones(m, a, b))
        else:
            line = shapely.linestrings(random.uniform((west, south), (east, north), (3, 2)))
            zone = int(random.choice(there))
            if kind == "reshape":
                editing.do("reshape", lambda m, li=line: reshape_border(m, settled(m, li)))
            else:
                editing.do("split", lambda m, li=line, z=zone: split_zone(m, z, settled(m, li)))
        agree_to_all(bench)
        done += stack.index() != count
        ground = read_ground(plan)
        assert_sound(ground.mosaic, CITY)
        assert abs(float(ellipsoidal_area(ground.mosaic.zones.geometry).sum()) - start) < 1
    assert done > STEPS / 4, "most of the steps were refused"
    stack.setIndex(0)
    assert bench.state() == before
    assert not bench.layer(UNITS).undoStack().canUndo()


def agree_to_all(bench: Bench) -> None:
    box = bench.tools.editing.question()
    if box is not None:
        next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole).click()
