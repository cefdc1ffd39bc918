"""The check of plans that are allowed but seldom seen."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.geometry.repair import repair
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.plan_file import read_plan, replace_rows

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def findings(run: Run, plan: Path, rule: str) -> list[dict]:
    """What the check of the plan's one project finds by one rule."""
    report = json.loads(run("check", plan.name, "--no-save").stdout.decode("utf-8"))
    return [f for f in report["projects"][0]["findings"] if f["rule"] == rule]


@pytest.mark.parametrize("written", ["外县", "外满族自治县"])
def test_a_named_county_without_geometry_is_undetermined_not_unknown(run: Run, inside: Path, written: str) -> None:
    units = [
        {"code": "c1", "name": "本县", "level": "county"},
        {"code": "c2", "name": "外满族自治县", "level": "county"},
        {"code": "t1", "name": "外县", "level": "town"},
    ]
    zone = shapely.box(124, 41, 125, 42)
    project = read_plan(inside)["project"]
    project.columns["counties"][0] = f'{{"本县","{written}","无此县"}}'  # type: ignore[index]
    replace_rows(inside, {"admin_unit": Rows.from_records("admin_unit", units, [zone, None, None]), "project": project})
    found = {f["target_code"]: (f["grade"], f["area_m2"]) for f in findings(run, inside, "county_mismatch")}
    assert found == {written: ("undetermined", None), "无此县": ("review", 0.0)}


@pytest.mark.parametrize("seed", range(3))
def test_knotted_outlines_are_measured_without_a_word_on_stderr(run: Run, inside: Path, seed: int) -> None:
    rng = random.Random(seed)
    shapes = []
    for _ in range(150):
        rings = [
            [(124.5 + rng.randint(-3, 3) / 300, 41.5 + rng.randint(-3, 3) / 300) for _ in range(rng.randint(4, 7))]
            for _ in range(rng.randint(1, 3))
        ]
        shapes.append(shapely.Polygon(rings[0], rings[1:]))
    records = [{"code": f"P{i}", "zone_codes": '{"1"}', "counties": '{"本县"}'} for i in range(len(shapes))]
    replace_rows(inside, {"project": Rows.from_records("project", records, shapes)})
    done = run("check", inside.name, "--no-save")
    report = json.loads(done.stdout.decode("utf-8"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert sum(f["rule"] == "invalid_geometry" for p in report["projects"] for f in p["findings"]) > 100


#: Knots of which GEOS's structure method may make something that is not valid either.
KNOTS = (
    "POLYGON ((0 0.3333333333333333, 0.6666666666666666 -0.3333333333333333, 0.3333333333333333 -0.3333333333333333,"
    " 0.6666666666666666 0.6666666666666666, 0 -0.3333333333333333, -0.3333333333333333 0.6666666666666666,"
    " 0.6666666666666666 -0.3333333333333333, -0.6666666666666666 -0.6666666666666666, 1 -1, 0 0.3333333333333333))",
    "POLYGON ((0.6666666666666666 -1, 0 0.3333333333333333, 0.3333333333333333 0.6666666666666666,"
    " -0.6666666666666666 0.6666666666666666, 1 -1, 0.6666666666666666 -1), (0 -1, -0.3333333333333333 -1,"
    " 0.6666666666666666 -1, 0.3333333333333333 -0.3333333333333333, 0 -1))",
)


@pytest.mark.parametrize("wkt", KNOTS)
def test_what_repair_leaves_is_valid_whatever_geos_makes_of_a_knot(wkt: str) -> None:
    repaired, reasons = repair(np.array([shapely.from_wkt(wkt)], dtype=object))
    assert list(reasons) == [0] and shapely.is_valid(repaired[0]) and repaired[0].area > 0.4
