"""A town of Benxi goes over, from the mouse button to the map drawn anew, within a tenth of a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import shapely
from qgis.core import QgsMapRendererSequentialJob, QgsRectangle

from restoration_planner.core.coverage.transfer import give_ground
from restoration_planner.plugin.map_tools.ground import ZONES, read_units
from restoration_planner.tests.benxi_plan import make_benxi_plan
from restoration_planner.tests.qgis.map_tools.conftest import Bench

LIMIT_S = 0.1
#: The reach is for an idle machine; a busy one must not fail the test.
SLACK = 3


def test_a_transferred_town_is_on_the_map_in_a_tenth_of_a_second(
    open_bench: Callable[..., Bench], shared: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    bench = open_bench(file=make_benxi_plan(shared, tmp_path / "benxi.gpkg"))
    plan = bench.plans.current()
    assert plan is not None
    ground, units = bench.tools.editing.ground(), read_units(plan)
    assert len(units.names) == 44
    assert len(shapely.get_coordinates(units.geometry)) > 15_000
    bench.canvas.setExtent(QgsRectangle(123.5, 40.6, 126.0, 41.8))
    tool = bench.take("transfer")
    written, drawn = [], []
    for _ in range(6):
        ground = bench.tools.editing.ground()
        town, zone = free_choice(ground.mosaic, units.geometry)
        tool.choose_receiver(int(ground.zones.fids[zone]))
        point = shapely.point_on_surface(units.geometry[town])
        place = ((point.x - 124) * 10, (point.y - 41) * 10)
        before = bench.layer(ZONES).undoStack().index()
        bench.move(*place)
        started = time.perf_counter()
        bench.click(*place)
        written.append(time.perf_counter() - started)
        settings = bench.canvas.mapSettings()
        settings.setLayers([bench.layer(ZONES)])
        job = QgsMapRendererSequentialJob(settings)
        job.start()
        job.waitForFinished()
        drawn.append(time.perf_counter() - started)
        assert bench.layer(ZONES).undoStack().index() == before + 1, bench.said()
    record_property("written_ms", round(1000 * median(written)))
    record_property("drawn_ms", round(1000 * median(drawn)))
    print(f"written {1000 * median(written):.0f} ms, drawn {1000 * median(drawn):.0f} ms")
    assert median(drawn) < SLACK * LIMIT_S, (written, drawn)


def free_choice(mosaic: object, towns: np.ndarray) -> tuple[int, int]:
    """A town and a zone beside it that can have it without a question."""
    zones = mosaic.zones.geometry  # type: ignore[attr-defined]
    for town, shape in enumerate(towns):
        for zone in range(len(zones)):
            inside = shapely.area(shapely.intersection(zones[zone], shape)) / shapely.area(shape)
            beside = inside < 0.01 and shapely.length(shapely.intersection(zones[zone], shape)) > 0.02
            if beside and not give_ground(mosaic, [shape], zone).questions:  # type: ignore[arg-type]
                return town, zone
    raise AssertionError("no town can go over without a question")
