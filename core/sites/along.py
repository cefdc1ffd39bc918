"""The part of a river between two places on it, through all the lines that make the river up."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import shapely
from shapely import ops

from ..errors import PlannerError
from ..plan.tables import Array

_Node = tuple[float, float]


def part_between(lines: Any, start: tuple[float, float], end: tuple[float, float]) -> shapely.LineString:
    """The shortest way along lines between the places on them that lie nearest to two points.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings in EPSG:4490; where they cross or meet, the way may go over.
    start, end
        Longitude and latitude.

    Returns
    -------
    LineString
        From start to end.

    Raises
    ------
    PlannerError
        If there is no line, the lines do not lead from one place to the other, or the places are one.
    """
    shapes = shapely.force_2d(np.asarray(lines, dtype=object).ravel())
    if not len(shapes) or not len(shapely.get_coordinates(shapes)):
        raise PlannerError("site.no_line")
    # Lengths that compare: a degree of longitude is shorter than one of latitude
    scale = np.array([np.cos(np.radians(shapely.get_coordinates(shapes)[:, 1].mean())), 1.0])
    shapes = shapely.transform(shapes, lambda xy: xy * scale)
    edges = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
    first, last = (_on_edges(edges, np.asarray(place) * scale) for place in (start, end))
    way = _shortest(edges, first, last)
    if way is None:
        raise PlannerError("site.not_connected")
    if len(way) < 2:
        raise PlannerError("site.one_place")
    made: shapely.LineString = shapely.linestrings(way / scale)
    return made


def nearest_on(lines: Any, place: tuple[float, float]) -> tuple[float, float]:
    """Longitude and latitude of the place on lines that lies nearest to a point."""
    shapes = shapely.force_2d(np.asarray(lines, dtype=object).ravel())
    scale = np.array([np.cos(np.radians(place[1])), 1.0])
    together = shapely.transform(shapely.union_all(shapes), lambda xy: xy * scale)
    point = shapely.points(np.asarray(place) * scale)
    found = shapely.get_coordinates(shapely.shortest_line(together, point))[0] / scale
    return float(found[0]), float(found[1])


def _on_edges(edges: Array, place: Array) -> tuple[int, float]:
    """Which edge lies nearest to a place, and how far along it."""
    point = shapely.points(place)
    nearest = int(np.argmin(shapely.distance(edges, point)))
    return nearest, float(shapely.line_locate_point(edges[nearest], point))


def _shortest(edges: Array, first: tuple[int, float], last: tuple[int, float]) -> Array | None:
    """Coordinates of the shortest way between two places on edges (position, distance along)."""
    lengths = shapely.length(edges)
    ends = [(_node(edge, 0), _node(edge, -1)) for edge in edges]
    at: dict[_Node, list[tuple[int, int]]] = {}
    for i, pair in enumerate(ends):
        for side, node in enumerate(pair):
            at.setdefault(node, []).append((i, side))
    (begin, offset), (goal, goal_offset) = first, last
    best: tuple[float, list[Array]] | None = None
    if begin == goal:
        best = abs(goal_offset - offset), [_piece(edges[begin], offset, goal_offset)]
    # Each entry: length so far, a number that keeps entries apart, node, pieces that led there
    queue: list[tuple[float, int, _Node, list[Array]]] = []
    for side, target in ((0, 0.0), (1, float(lengths[begin]))):
        queue.append((abs(target - offset), side, ends[begin][side], [_piece(edges[begin], offset, target)]))
    heapq.heapify(queue)
    seen: set[_Node] = set()
    count = 2
    while queue:
        length, _, node, pieces = heapq.heappop(queue)
        if best is not None and length >= best[0]:
            break
        if node in seen:
            continue
        seen.add(node)
        for i, side in at[node]:
            whole = float(lengths[i])
            here = side * whole
            if i == goal:
                total = length + abs(goal_offset - here)
                if best is None or total < best[0]:
                    best = total, [*pieces, _piece(edges[i], here, goal_offset)]
            count += 1
            over = whole - here
            heapq.heappush(queue, (length + whole, count, ends[i][1 - side], [*pieces, _piece(edges[i], here, over)]))
    if best is None:
        return None
    way = np.concatenate(best[1])
    return way[np.concatenate([[True], (np.diff(way, axis=0) != 0).any(axis=1)])]


def _piece(edge: Any, start: float, end: float) -> Array:
    return np.asarray(shapely.get_coordinates(ops.substring(edge, start, end)))


def _node(edge: Any, position: int) -> _Node:
    x, y = shapely.get_coordinates(shapely.get_point(edge, position))[0]
    return float(x), float(y)
