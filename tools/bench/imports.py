"""How fast a layer comes into a plan, beside ogr2ogr copying the same file to a GeoPackage."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store import vector
from restoration_planner.core.store.plan_file import create_plan

POLYGONS, VERTICES = 50_000, 20
RUNS = 5
_CLASSES = {"0101": "水田", "0103": "旱地", "0301": "乔木林地", "0702": "农村宅基地", "1101": "河流水面"}


def import_beside_ogr2ogr() -> list[tuple[str, float, float]]:
    """Ratio of seconds, and peak GiB, for each kind of file.

    Returns
    -------
    list of (str, float, float)
        Kind of file, median seconds of the import / of ogr2ogr, peak memory of the import; empty
        where there is no ogr2ogr.
    """
    if shutil.which("ogr2ogr") is None:
        return []
    with tempfile.TemporaryDirectory(prefix="restoration-planner-bench-") as name:
        folder = Path(name)
        _write_parcels(folder / "parcels.gpkg")
        _run(["ogr2ogr", "-lco", "ENCODING=UTF-8", str(folder / "parcels.shp"), str(folder / "parcels.gpkg")])
        create_plan(folder / "empty.gpkg", PlanTables({"plan": Rows.from_records("plan", [{"schema_version": 2}])}))
        return [(kind, *_compared(folder, folder / f"parcels.{kind}")) for kind in ("gpkg", "shp")]


def _compared(folder: Path, source: Path) -> tuple[float, float]:
    ours, theirs, peaks = [], [], []
    plan, copy = folder / "plan.gpkg", folder / "copy.gpkg"
    for _ in range(RUNS):
        shutil.copy(folder / "empty.gpkg", plan)
        copy.unlink(missing_ok=True)
        theirs.append(_run(["ogr2ogr", "-f", "GPKG", str(copy), str(source)])[0])
        command = [sys.executable, "-m", "restoration_planner", "import", str(plan), "land_use", str(source)]
        seconds, peak = _run(command)
        ours.append(seconds)
        peaks.append(peak)
    import_seconds, copy_seconds = statistics.median(ours), statistics.median(theirs)
    print(f"{source.suffix[1:]}: import {import_seconds:.2f} s, ogr2ogr {copy_seconds:.2f} s")
    return import_seconds / copy_seconds, max(peaks)


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory (GiB) of a process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{command[0]} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024**2


def _write_parcels(path: Path) -> None:
    """Parcels of the land survey in zone 41 (EPSG:4529): `POLYGONS` of `VERTICES` each."""
    random = np.random.default_rng(1)
    columns = 250
    place = np.arange(POLYGONS)
    corner = np.column_stack([41_500_000.0 + place % columns * 400, 4_520_000.0 + place // columns * 400])
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = random.uniform(120, 190, (POLYGONS, VERTICES, 1))
    outlines = corner[:, None] + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    shapes = shapely.polygons(outlines)
    codes = random.choice(list(_CLASSES), POLYGONS).tolist()
    fields = {"BSM": "text", "DLBM": "text", "DLMC": "text", "MJ": "real"}
    columns_of = {
        "BSM": [f"2105{i:014d}" for i in range(POLYGONS)],
        "DLBM": codes,
        "DLMC": [_CLASSES[code] for code in codes],
        "MJ": shapely.area(shapes).tolist(),
    }
    vector.write_geopackage(
        path, [vector.LayerToWrite("DLTB", "MultiPolygon", 4529, fields, columns_of, shapes, POLYGONS)]
    )
