"""The live check at S = 1: from a change to its findings, without QGIS.

What is measured is what the plugin does between a mouse move and the words and shapes that are shown: the project in
hand as a row, the check against the warm indexes, the ground of all findings together, and each shape as WKB.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.findings import CheckResult
from restoration_planner.core.siting.live import SKETCH_FID, LiveCheck
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.siting.shown import shown_of

Array = npt.NDArray[Any]

MOVES = 300
SKETCHES = 60
TOLD = 200


def measure_live(plan: PlanTables) -> dict[str, Any]:
    """Seconds of every change, and what it takes to be ready.

    Returns
    -------
    dict
        ``moves`` one vertex of a project moved; ``sketches`` a new outline after each click and half-way to it;
        ``told`` another project changed; ``ready`` seconds until the indexes stand; ``rebuilt`` the same after the red
        lines changed; ``held_up`` the longest time that another thread had to wait meanwhile.
    """
    with _Heartbeat() as heart:
        started = time.perf_counter()
        live = LiveCheck(plan, load_rules())
        ready = time.perf_counter() - started
        started = time.perf_counter()
        red = plan["red_line"]
        changed = Rows(red.table, red.fids, red.columns, red.geometry)
        live = LiveCheck(PlanTables({**plan.rows, "red_line": changed}), load_rules(), before=live)
        rebuilt = time.perf_counter() - started
    random = np.random.default_rng(11)
    return {
        "moves": _moves(live, plan["project"], random),
        "sketches": _sketches(live, plan["project"], random),
        "told": _told(live, plan["project"], random),
        "ready": ready,
        "rebuilt": rebuilt,
        "held_up": heart.longest,
    }


def _moves(live: LiveCheck, projects: Rows, random: np.random.Generator) -> list[float]:
    seconds = []
    for position in random.choice(len(projects), MOVES, replace=False):
        row = projects.take(np.array([position]))
        assert row.geometry is not None
        at = int(random.integers(1, shapely.get_num_coordinates(row.geometry[0]) - 1))
        shape = shapely.transform(row.geometry[0], lambda c, at=at: _with_vertex_moved(c, at, random))
        edited = Rows(row.table, row.fids, row.columns, np.array([shape]))
        seconds.append(_timed(lambda edited=edited: _publish(live.check(edited))))
    return seconds


def _with_vertex_moved(coords: Array, at: int, random: np.random.Generator) -> Array:
    moved = coords.copy()
    moved[at] += random.normal(0, 2e-4, 2)
    return moved


def _sketches(live: LiveCheck, projects: Rows, random: np.random.Generator) -> list[float]:
    """Outlines that grow click by click to those of projects, the cursor on its way to each next vertex."""
    assert projects.geometry is not None
    seconds = []
    for position in random.choice(len(projects), SKETCHES, replace=False):
        coords = shapely.get_coordinates(projects.geometry[position])[::6]
        for clicked in range(2, len(coords)):
            for share in (0.5, 1.0):
                cursor = coords[clicked - 1] + share * (coords[clicked] - coords[clicked - 1])
                outline = shapely.polygons(np.vstack([coords[:clicked], cursor, coords[0]]))
                row = Rows("project", np.array([SKETCH_FID]), {}, np.array([outline]))
                seconds.append(_timed(lambda row=row: _publish(live.check(row, by_names=False))))
    return seconds


def _told(live: LiveCheck, projects: Rows, random: np.random.Generator) -> list[float]:
    """Other projects that change, one after the other; the list of what was told grows meanwhile."""
    seconds = []
    for position in random.choice(len(projects), TOLD, replace=False):
        row = projects.take(np.array([position]))
        seconds.append(_timed(lambda row=row: live.tell(row)))
    return seconds


def _publish(result: CheckResult) -> None:
    for project in result.projects:
        shown_of(project)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class _Heartbeat:
    """How long at most this thread's neighbour, as QGIS's window would be, had to wait."""

    def __enter__(self) -> _Heartbeat:
        self.longest = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _beat(self) -> None:
        before = time.perf_counter()
        while not self._end.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before)
            before = now
