"""Arrays of geometries to nested coordinates and back, against shapely's own one-by-one mapping."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping

from restoration_planner.core.store.shapes import as_multi, from_coordinates, from_wkb, to_coordinates

SHAPES = [
    "POLYGON ((0 0, 4 0, 4 4, 0 0))",
    "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1), (5 5, 6 5, 6 6, 5 5))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 9 5, 9 9, 5 5), (6 5.5, 7 5.5, 7 6, 6 5.5)))",
    "POLYGON EMPTY",
    "MULTIPOLYGON EMPTY",
    "LINESTRING (0 0, 1 1, 2 0)",
    "MULTILINESTRING ((0 0, 1 1), (3 3, 4 4, 5 5))",
    "POINT (1 2)",
    "MULTIPOINT (1 2, 3 4)",
]


def listed(nested: object) -> object:
    """Tuples as lists, all the way down."""
    return [listed(n) for n in nested] if isinstance(nested, (list, tuple)) else nested


def shapes_of(kinds: tuple[str, ...]) -> np.ndarray:
    """The geometries above of some kinds, with nulls between them."""
    found = [shapely.from_wkt(w) for w in SHAPES if w.startswith(kinds)]
    return np.array([None, *(s for shape in found for s in (shape, None))], dtype=object)


@pytest.mark.parametrize("kinds", [("POLYGON", "MULTIPOLYGON"), ("LINE", "MULTILINE"), ("POINT", "MULTIPOINT")])
def test_nested_coordinates_are_those_of_shapely_and_lead_back(kinds: tuple[str, ...]) -> None:
    shapes = as_multi(shapes_of(kinds))
    nested = list(to_coordinates(shapes))
    assert listed(nested) == [None if s is None else listed(mapping(s)["coordinates"]) for s in shapes]
    back, damage = from_coordinates([None if s is None else s.geom_type for s in shapes], nested)
    assert not damage and back.tolist() == shapes.tolist()


def test_all_kinds_in_one_array_are_read_from_coordinates_and_from_wkb() -> None:
    shapes = np.array([*(shapely.from_wkt(w) for w in SHAPES), None], dtype=object)
    kinds = [None if s is None else s.geom_type for s in shapes]
    built, damage = from_coordinates(kinds, [None if s is None else mapping(s)["coordinates"] for s in shapes])
    read, broken, refused = from_wkb([None if s is None else shapely.to_wkb(s) for s in shapes])
    assert not damage and not broken and not refused
    assert built.tolist() == read.tolist() == as_multi(shapes).tolist()


def test_one_bad_ring_is_put_right_and_its_neighbours_stay() -> None:
    good = mapping(shapely.box(0, 0, 1, 1))["coordinates"]
    open_ring = [[(0, 0), (1, 0), (1, 1)]]
    endless = [[(0, 0), (1, float("inf")), (1, 1), (0, 0)]]
    built, damage = from_coordinates(["Polygon"] * 5, [good, open_ring, endless, [[(0, 0)]], good])
    assert damage == {1: "geometry.unclosed", 2: "geometry.not_finite", 3: "geometry.unreadable"}
    assert [s is None for s in built] == [False, False, True, True, False]
    assert built[1].wkt == "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"


@pytest.mark.parametrize("name", ["bx_gbk_ldid4d_zone41.shp", "bx_gbk_nocpg_noprj_zone41.shp"])
def test_a_shapefile_is_read_in_the_encoding_that_is_given(shared: Path, name: str) -> None:
    from restoration_planner.core.store import vector

    path = shared / "data" / "messy" / name
    (info,) = vector.list_layers(path, "gbk")
    data = vector.read_layer(path, info.name, encoding="gbk")
    words = {str(v) for column in data.columns.values() for v in column if isinstance(v, str)}
    assert any("街道" in w or "镇" in w or "乡" in w for w in words)
    assert data.geometry is not None and len(data.geometry) == len(data.fids) > 10


def test_rings_too_short_to_be_any_are_refused_in_wkb() -> None:
    coordinates = [(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    ring = np.array([len(coordinates)], "<u4").tobytes() + np.array(coordinates).tobytes()
    short = b"\x01" + np.array([3, 1], "<u4").tobytes() + ring
    good = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    shapes, damage, refused = from_wkb([good, short, None])
    assert refused == [1] and not damage
    assert shapes[0].area == 1 and shapes[1] is shapes[2] is None
