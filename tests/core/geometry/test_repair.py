"""Repair: what a fault leaves to measure.  Areas are counted in unit squares of a grid a reader can draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from restoration_planner.core.geometry import repair as repair_module
from restoration_planner.core.geometry.repair import make_valid, repair

FAULTS = {
    "bow-tie: both halves count": ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", 2.0),
    "overlapping parts count once": ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 0, 3 0, 3 2, 1 2, 1 0)))", 6.0),
    "part inside a part counts once": ("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))", 16.0),
    "hole outside its shell counts": ("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0), (3 0, 4 0, 4 1, 3 1, 3 0))", 5.0),
    "hole across its shell is cut off": (
        "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0), (1 0.5, 3 0.5, 3 1.5, 1 1.5, 1 0.5))",
        3.0,
    ),
    "holes that overlap are taken away once": (
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 3 1, 3 2, 1 2, 1 1), (2 1, 2 3, 3 3, 3 1, 2 1))",
        13.0,
    ),
    "a spike has no area": ("POLYGON ((0 0, 2 0, 5 0, 2 0, 2 2, 0 2, 0 0))", 4.0),
    "a loop run twice counts once": ("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0, 2 0, 2 2, 0 2, 0 0))", 4.0),
}


@pytest.fixture(params=["shapely's own", "with shapely 2.0"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of repairing: shapely ≥ 2.1 knows the structure method, 2.0 does not."""
    monkeypatch.setattr(repair_module, "HAS_STRUCTURE_METHOD", request.param == "shapely's own")
    if request.param == "shapely's own" and not hasattr(shapely, "make_valid"):
        pytest.skip("this shapely has no structure method")
    return str(request.param)


@pytest.mark.parametrize(("wkt", "squares"), FAULTS.values(), ids=FAULTS.keys())
def test_what_a_fault_leaves_to_measure(method: str, wkt: str, squares: float) -> None:
    (mended,), reasons = repair(np.array([shapely.from_wkt(wkt)], dtype=object))
    assert shapely.is_valid(mended)
    assert mended.area == pytest.approx(squares, rel=1e-12)
    assert list(reasons) == [0], "every fault is said"


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((0 0, 1 0, 1 0, 1 1, 0 1, 0 1, 0 0))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    ],
    ids=["repeated vertices", "parts apart"],
)
def test_what_is_valid_stays_as_it_is(wkt: str) -> None:
    stored = shapely.from_wkt(wkt)
    (kept,), reasons = repair(np.array([stored], dtype=object))
    assert kept.equals_exact(stored, 0)
    assert reasons == {}


@pytest.mark.parametrize(
    ("wkt", "said"),
    [
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", True),
        ("LINESTRING (0 0, 1 1)", False),
        ("POINT (0 0)", False),
        ("POLYGON EMPTY", False),
        ("MULTIPOLYGON EMPTY", False),
        ("GEOMETRYCOLLECTION EMPTY", False),
    ],
)
def test_nothing_is_left_of_what_has_no_area(method: str, wkt: str, said: bool) -> None:
    (left,), reasons = repair(np.array([shapely.from_wkt(wkt)], dtype=object))
    assert left is None
    assert bool(reasons) is said


def test_of_a_collection_the_polygons_are_left() -> None:
    mixed = "GEOMETRYCOLLECTION (POINT (9 9), MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0))), POLYGON ((2 0, 3 0, 3 1, 2 1, 2 0)))"
    (left,), _ = repair(np.array([shapely.from_wkt(mixed)], dtype=object))
    assert left.area == 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_coordinates_that_are_no_numbers_leave_nothing_and_are_said(method: str, bad: float) -> None:
    """The file readers already keep these out; an open layer's edit buffer may still hold one."""
    shape = shapely.Polygon([(0, 0), (1, 0), (bad, 1), (0, 0)])
    (left,), reasons = repair(np.array([shape], dtype=object))
    assert left is None
    assert list(reasons) == [0]


def test_the_stored_geometries_are_not_touched() -> None:
    stored = np.array([shapely.from_wkt(wkt) for wkt, _ in FAULTS.values()] + [None], dtype=object)
    before = stored.copy()
    repair(stored)
    assert all(now is then for now, then in zip(stored, before))


@pytest.fixture(scope="module")
def really_invalid(shared: Path) -> Any:
    """248 polygons from real data, each with a fault."""
    fiona = pytest.importorskip("fiona")
    file = shared / "data" / "real_invalid_polygons.gpkg"
    if not file.exists():
        pytest.skip("real_invalid_polygons.gpkg is not in the reference data here")
    with fiona.open(file) as rows:
        return np.array([shapely.geometry.shape(dict(r["geometry"])) for r in rows], dtype=object)


def test_all_really_invalid_polygons_can_be_measured_after(really_invalid: Any) -> None:
    assert len(really_invalid) == 248
    mended, reasons = repair(really_invalid)
    left = mended[~shapely.is_missing(mended)]
    assert shapely.is_valid(left).all()
    assert set(shapely.get_type_id(left)) <= {3, 6}
    assert len(reasons) == 248


def test_shapely_2_0_repairs_real_faults_as_later_ones_do(really_invalid: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if not repair_module.HAS_STRUCTURE_METHOD:
        pytest.skip("this shapely has no structure method to compare with")
    expected = shapely.area(make_valid(really_invalid))
    monkeypatch.setattr(repair_module, "HAS_STRUCTURE_METHOD", False)
    assert shapely.area(make_valid(really_invalid)) == pytest.approx(expected, rel=1e-9, abs=1e-16)
