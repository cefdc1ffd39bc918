"""GCJ-02: the published numbers, there and back, and recognising it where known outlines exist."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.intake.gcj02 import explains_offset, from_gcj02, geometries_from_gcj02, to_gcj02
from restoration_planner.core.store.vector import read_layer

inland = st.lists(st.tuples(st.floats(74, 134), st.floats(18, 53)), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Published test points of eviltransform (Shanghai, Shenzhen, Beijing); its ellipsoid is 108 m smaller: 1e-7°.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_points(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert to_gcj02([wgs84])[0] == pytest.approx(gcj02, abs=2e-7)
    assert from_gcj02([gcj02])[0] == pytest.approx(wgs84, abs=2e-7)


@given(inland)
def test_there_and_back_is_the_same_place(points: list[tuple[float, float]]) -> None:
    assert np.abs(from_gcj02(to_gcj02(points)) - points).max() < 2e-9


def test_outside_china_nothing_moves() -> None:
    points = np.array([[10.0, 50.0], [140.0, 36.0], [116.0, 60.0]])
    assert (to_gcj02(points) == points).all()
    assert (from_gcj02(points) == points).all()


def test_nothing_in_nothing_out() -> None:
    assert to_gcj02(np.empty((0, 2))).shape == (0, 2)
    assert from_gcj02(np.empty((0, 2))).shape == (0, 2)


SQUARES = np.array([shapely.box(123.6 + 0.2 * i, 41.0, 123.8 + 0.2 * i, 41.2).segmentize(0.005) for i in range(4)])
#: The transform's own mean shift there, to the same place for all.
MEAN_SHIFT = (to_gcj02(shapely.get_coordinates(SQUARES)) - shapely.get_coordinates(SQUARES)).mean(axis=0)


def moved(shapes: np.ndarray, shift: object) -> np.ndarray:
    return shapely.transform(shapes, lambda c: c + shift)


def test_offset_outlines_are_recognised_and_put_back() -> None:
    offset = shapely.transform(SQUARES, to_gcj02)
    found = explains_offset(offset, SQUARES)
    assert found is not None and found.is_gcj02
    assert found.offset_m > 250 and found.after_gcj02_m < 0.01
    assert shapely.hausdorff_distance(geometries_from_gcj02(offset), SQUARES).max() < 1e-9


@pytest.mark.parametrize("shift", [(0, 0), (0.0006, 0), (0.006, 0.001), (-0.004, 0.002), tuple(MEAN_SHIFT)])
def test_a_plain_shift_is_not_taken_for_it(shift: tuple[float, float]) -> None:
    found = explains_offset(moved(SQUARES, shift), SQUARES)
    assert found is not None and not found.is_gcj02
    assert found.after_shift_m < 1


def test_outlines_of_parts_are_compared_by_what_they_cover_together() -> None:
    town_pairs = np.array(
        [shapely.box(123.6 + 0.1 * i, 41.0, 123.7 + 0.1 * i, 41.2).segmentize(0.005) for i in range(8)]
    )
    found = explains_offset(shapely.transform(town_pairs, to_gcj02), np.array([shapely.union_all(SQUARES)]))
    assert found is not None and found.is_gcj02 and found.compared == 1


def test_outlines_of_other_things_say_nothing() -> None:
    assert explains_offset(SQUARES[:1], moved(SQUARES, (0.1, 0.1))) is None
    assert explains_offset(np.array([None, shapely.Point(124, 41)]), SQUARES) is None
    assert explains_offset(SQUARES, np.array([], dtype=object)) is None


@pytest.fixture(scope="module")
def districts(shared: Path) -> dict[str, np.ndarray]:
    names = ("districts_tianditu", "districts_amap_wgs84", "districts_amap2018_wgs84", "districts_amap2018_GCJ02_raw")
    return {name: read_layer(shared / "data" / "benxi.gpkg", name).geometry for name in names}


def test_real_offset_outlines_convert_as_their_collectors_converted_them(districts: dict[str, np.ndarray]) -> None:
    ours = shapely.get_coordinates(geometries_from_gcj02(districts["districts_amap2018_GCJ02_raw"]))
    assert np.abs(ours - shapely.get_coordinates(districts["districts_amap2018_wgs84"])).max() < 1e-8


@pytest.mark.parametrize("known", ["districts_tianditu", "districts_amap_wgs84", "districts_amap2018_wgs84"])
def test_real_offset_outlines_labelled_cgcs2000_are_recognised(
    shared: Path, districts: dict[str, np.ndarray], known: str
) -> None:
    name = "bx_districts_gcj02_labelled_cgcs2000"
    labelled = read_layer(shared / "data" / "messy" / f"{name}.shp", name).geometry
    found = explains_offset(labelled, districts[known])
    assert found is not None and found.is_gcj02 and found.compared == 6


@pytest.mark.parametrize("known", ["districts_tianditu", "districts_amap_wgs84", "districts_amap2018_wgs84"])
@pytest.mark.parametrize("outlines", ["districts_tianditu", "districts_amap_wgs84", "districts_amap2018_wgs84"])
def test_real_outlines_of_several_vintages_are_not(districts: dict[str, np.ndarray], outlines: str, known: str) -> None:
    found = explains_offset(districts[outlines], districts[known])
    assert found is not None and not found.is_gcj02


def test_a_real_outline_shifted_plainly_is_not(districts: dict[str, np.ndarray]) -> None:
    shifted = moved(districts["districts_amap2018_wgs84"], (0.006, 0.001))
    for known in ("districts_tianditu", "districts_amap_wgs84"):
        found = explains_offset(shifted, districts[known])
        assert found is not None and not found.is_gcj02
