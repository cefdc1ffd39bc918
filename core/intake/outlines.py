"""Whether outlines are the same but for rounding, how far they cover each other, and how far one moved."""

from __future__ import annotations

import numpy as np
import shapely

from ..plan.tables import Array

#: Nearer than this (degrees; 1 mm) places are one: a delivery in metres comes back with such differences.
SAME_PLACE = 1e-8
#: Lines are compared by their surroundings of this width, degrees (some 10 m).
_LINE_WIDTH = 1e-4
#: Pairs of vertices that a comparison of distances may cost.
_MOST_PAIRS = 50_000_000
_METRES_PER_DEGREE = 111_320.0


def same_place(one: Array, other: Array) -> Array:
    """``(n,)`` whether geometries are the same but for rounding (`SAME_PLACE`) and where rings begin; two nulls are the same."""
    null = shapely.is_missing(one) & shapely.is_missing(other)
    result: Array = shapely.equals_exact(one, other, 0.0) | null
    open_ = np.flatnonzero(~result & ~shapely.is_missing(one) & ~shapely.is_missing(other))
    near = (np.abs(shapely.bounds(one[open_]) - shapely.bounds(other[open_])) <= SAME_PLACE).all(axis=1)
    open_ = open_[near]
    count, count_other = shapely.get_num_coordinates(one[open_]), shapely.get_num_coordinates(other[open_])
    equal = open_[count == count_other]
    result[equal] = shapely.equals_exact(shapely.normalize(one[equal]), shapely.normalize(other[equal]), SAME_PLACE)
    # Rings that begin elsewhere because of a rounding in their lowest vertex
    left = (count == count_other) & ~result[open_] & (count * count_other <= _MOST_PAIRS)
    rest = open_[left]
    result[rest] = shapely.hausdorff_distance(one[rest], other[rest]) <= SAME_PLACE
    return result


def likeness(one: Array, other: Array) -> Array:
    """How far outlines cover each other: intersection over union, of lines' surroundings for lines."""
    if len(one) and shapely.get_dimensions(one).max() < 2:
        one, other = shapely.buffer(one, _LINE_WIDTH), shapely.buffer(other, _LINE_WIDTH)
    shared = shapely.area(shapely.intersection(one, other))
    both = shapely.area(one) + shapely.area(other) - shared
    result: Array = shared / np.where(both > 0, both, 1.0)
    return result


def moved_m(one: Array, other: Array) -> Array:
    """``(n,)`` the farthest that an outline lies from the other, metres; NaN where there is none or it would take too long."""
    result = np.full(len(one), np.nan)
    both = np.flatnonzero(~shapely.is_missing(one) & ~shapely.is_missing(other))
    cost = np.cumsum(shapely.get_num_coordinates(one[both]) * shapely.get_num_coordinates(other[both]))
    both = both[cost <= _MOST_PAIRS]
    if not len(both):
        return result
    middle = shapely.get_coordinates(other[both]).mean(axis=0)
    scale = np.array([np.cos(np.radians(middle[1])), 1.0]) * _METRES_PER_DEGREE
    flat, flat_other = (shapely.transform(g[both], lambda c: (c - middle) * scale) for g in (one, other))
    result[both] = shapely.hausdorff_distance(flat, flat_other)
    return result
