"""Polygons that wind as red lines do, for tests of areas and overlaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

WestSouth = (124.0, 41.0)


def thick_maze(seed: int, cells: int, width: float, loops: int = 0) -> Any:
    """A polygon like a city's ridges or valleys: the thickened paths of a maze of ``cells`` × ``cells``.

    One cell is 0.01° wide.  ``loops`` more passages close rings, which makes holes.
    """
    random = np.random.default_rng(seed)
    places = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), -1).reshape(-1, 2)
    places = places + random.uniform(-0.2, 0.2, (cells * cells, 2))
    seen, way, passages = {0}, [0], []
    while way:
        row, column = divmod(way[-1], cells)
        beside = [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
        free = [r * cells + c for r, c in beside if 0 <= r < cells and 0 <= c < cells and r * cells + c not in seen]
        if not free:
            way.pop()
            continue
        chosen = free[random.integers(len(free))]
        seen.add(chosen)
        passages.append(places[[way[-1], chosen]])
        way.append(chosen)
    for start in random.integers(0, cells * (cells - 1), loops).tolist():
        passages.append(places[[start, start + cells]])
    thick = shapely.buffer(shapely.multilinestrings(passages), width, quad_segs=1)
    polygon = shapely.transform(thick, lambda c: c * 0.01 + WestSouth)
    return polygon if shapely.is_valid(polygon) else shapely.buffer(polygon, 0)


@pytest.fixture(scope="session")
def maze() -> Callable[..., Any]:
    """Makes winding polygons, see `thick_maze`."""
    return thick_maze
