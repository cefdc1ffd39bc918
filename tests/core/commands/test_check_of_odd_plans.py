"""The check of plans that are allowed but seldom seen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

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
