"""The coverage guard after an edit, and the transfer of a town: milliseconds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely

from restoration_planner.core.coverage.mosaic import Mosaic, Outcome, Tiles
from restoration_planner.core.coverage.problems import Guard, find_problems
from restoration_planner.core.coverage.transfer import give_ground

Array = npt.NDArray[np.float64]

ZONE_VERTICES = 12_000
TOWN_VERTICES = 18_000
COLUMNS, ROWS = 11, 4
WEST, SOUTH, EAST, NORTH = 124.0, 41.0, 125.0, 42.0
RUNS = 9


def guard_after_edits() -> dict[str, float]:
    """Median seconds of the guard at 4 zones × 12 000 vertices with two key areas, by what was edited.

    Each run takes another vertex or piece of ground; with the city's outline known, and without.
    """
    mosaic = _four_zones()
    city = shapely.union_all(mosaic.zones.geometry)
    first = mosaic.zones.geometry[0]
    shared = np.random.default_rng(3).permutation(np.arange(3500, 8500))[:RUNS]  # of its border with its neighbours
    places = shapely.points(shapely.get_coordinates(first)[shared])
    outcomes = [give_ground(mosaic, [g], 1) for g in shapely.buffer(places, 0.004, quad_segs=4)]
    broken = [_one_vertex_moved(first, at) for at in shared.tolist()]
    measured = {"full": _median(lambda k: find_problems(mosaic, city))}
    for name, outline in (("city known", city), ("city not known", None)):
        guard = Guard(mosaic, outline)
        sound = guard.mosaic
        back = partial(_all_as_before, guard, sound)
        make = partial(_make_fault, guard, broken)
        transfer = partial(_apply, guard, outcomes)
        measured[f"transfer, {name}"] = _median(transfer, back)
        measured[f"a fault made, {name}"] = _median(make, back)
        measured[f"a fault mended, {name}"] = _median(back, make)
    return measured


def _apply(guard: Guard, outcomes: list[Outcome], k: int) -> None:
    guard.changed(outcomes[k].zones, outcomes[k].areas)


def _all_as_before(guard: Guard, sound: Mosaic, _: int) -> None:
    guard.changed(dict(enumerate(sound.zones.geometry)), dict(enumerate(sound.areas.geometry)))


def _make_fault(guard: Guard, broken: list[shapely.Geometry], k: int) -> None:
    assert guard.changed({0: broken[k]}, {}), "a vertex two metres off is a gap or an overlap"


def _one_vertex_moved(zone: shapely.Geometry, at: int) -> shapely.Geometry:
    xy = shapely.get_coordinates(zone)
    xy[at] += 2e-5
    return shapely.polygons(xy)


def transfer_of_a_town() -> tuple[float, int]:
    """Median seconds of moving one of 44 towns to another of 4 zones, and the vertices of all towns."""
    towns = _grid(COLUMNS, ROWS, TOWN_VERTICES)
    zone_of = np.repeat(np.arange(COLUMNS) * 4 // COLUMNS, ROWS)
    zones = [shapely.coverage_union_all(towns[zone_of == z]) for z in range(4)]
    mosaic = Mosaic(_tiles("zone", zones), _tiles("area", []), [])
    at_border = [k for k in range(len(towns)) if zone_of[k] < 3 and zone_of[min(k + ROWS, len(towns) - 1)] > zone_of[k]]

    def move(k: int) -> None:
        town = at_border[k % len(at_border)]
        give_ground(mosaic, [towns[town]], int(zone_of[town]) + 1)

    return _median(move), int(shapely.get_num_coordinates(towns).sum())


def _four_zones() -> Mosaic:
    zones = _grid(2, 2, 4 * ZONE_VERTICES)
    areas = [
        shapely.intersection(zones[k], shapely.box(WEST + 0.4, SOUTH + 0.2, WEST + 0.6, NORTH - 0.2)) for k in (0, 3)
    ]
    return Mosaic(_tiles("zone", list(zones)), _tiles("area", areas), [0, 3])


def _grid(columns: int, rows: int, vertices: int) -> Array:
    """Tiles with winding borders, column by column, `vertices` in all."""
    random = np.random.default_rng(11)
    per_side = vertices // (columns * rows * 4)
    x, y = np.linspace(WEST, EAST, columns + 1), np.linspace(SOUTH, NORTH, rows + 1)
    across = {
        (c, r): _winding((x[c], y[r]), (x[c + 1], y[r]), per_side, random)
        for c in range(columns)
        for r in range(rows + 1)
    }
    up = {
        (c, r): _winding((x[c], y[r]), (x[c], y[r + 1]), per_side, random)
        for c in range(columns + 1)
        for r in range(rows)
    }
    tiles = [
        shapely.polygons(
            np.concatenate([across[c, r][:-1], up[c + 1, r][:-1], across[c, r + 1][::-1][:-1], up[c, r][::-1]])
        )
        for c in range(columns)
        for r in range(rows)
    ]
    made = np.array(tiles, dtype=object)
    assert shapely.is_valid(made).all()
    return made


def _winding(start: tuple[float, float], end: tuple[float, float], edges: int, random: np.random.Generator) -> Array:
    along = np.linspace(0, 1, edges + 1)
    direction = np.subtract(end, start)
    aside = np.sin(np.pi * along) ** 2 * np.cumsum(random.normal(0, 0.6 / np.sqrt(edges), edges + 1)) * 0.1
    line: Array = (
        np.array(start) + along[:, None] * direction + aside[:, None] * np.array([-direction[1], direction[0]])
    )
    line[[0, -1]] = start, end
    return line


def _tiles(prefix: str, shapes: list[shapely.Geometry]) -> Tiles:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Tiles([f"{prefix} {k + 1}" for k in range(len(shapes))], geometry)


def _median(measured: Callable[[int], object], between: Callable[[int], object] | None = None) -> float:
    seconds = []
    for k in range(RUNS):
        if between is not None:
            between(k)
        started = time.perf_counter()
        measured(k)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
