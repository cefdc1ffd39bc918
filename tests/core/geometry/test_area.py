"""Ellipsoidal area: against the closed form of a zone, against geodesics, and on every kind of geometry."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.geometry.area import ellipsoidal_area, measure

A, F = 6378137.0, 1 / 298.257222101
SQUARE_KM = 1e6


def area_between_parallels(south: float, north: float) -> float:
    """Exact area per radian of longitude between two latitudes (Snyder 1987, authalic latitude), in m²."""
    e2 = F * (2 - F)
    e = math.sqrt(e2)

    def q(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)

    return A * A / 2 * (q(north) - q(south))


@pytest.mark.parametrize(("south", "agreement"), [(0, 1e-12), (18, 1e-12), (41, 1.5e-12), (53, 1e-11)])
def test_a_cell_of_one_degree_has_the_exact_area(south: int, agreement: float) -> None:
    """What is left is the official formula's own: its series ends with the eighth power of e."""
    cell = shapely.box(124, south, 125, south + 1)
    exact = math.radians(1) * area_between_parallels(south, south + 1)
    assert float(ellipsoidal_area(cell)) == pytest.approx(exact, rel=agreement)


def parcel(longitude: float, latitude: float, metres: float, corners: list[float]) -> Any:
    """A star-shaped polygon about a place; corners are shares of its size."""
    angle = np.linspace(0, 2 * np.pi, len(corners), endpoint=False)
    distance = metres * np.array(corners) / 111_000
    x = longitude + distance * np.cos(angle) / math.cos(math.radians(latitude))
    return shapely.Polygon(np.c_[x, latitude + distance * np.sin(angle)])


@pytest.mark.parametrize(
    ("largest", "agreement"), [((5.0, 60.0), 1e-6), ((100.0, 20_000.0), 1e-3)], ids=["parcel", "town"]
)
@given(data=st.data())
def test_agrees_with_geodesics_where_edges_are_short(largest: tuple[float, float], agreement: float, data: Any) -> None:
    """A geodesic is another curve than a straight line in degrees, so long edges agree less."""
    pyproj = pytest.importorskip("pyproj")
    place = data.draw(st.tuples(st.floats(75, 134), st.floats(18, 53)))
    size = data.draw(st.floats(*largest))
    shape = parcel(*place, size, data.draw(st.lists(st.floats(0.5, 1), min_size=6, max_size=30)))
    geodesic, _ = pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shape)
    # pyproj has a noise of up to 1e-4 m² even on small plots: it subtracts strips that reach to the equator
    assert float(ellipsoidal_area(shape)) == pytest.approx(abs(geodesic), rel=agreement, abs=2e-4)


@given(st.floats(18, 53), st.floats(1, 30))
def test_a_plot_of_a_few_metres_has_the_area_of_its_tangent_plane(latitude: float, metres: float) -> None:
    """Where geodesic areas get lost in rounding, the radii of curvature at the place are the truth."""
    shape = parcel(124, latitude, metres, [1.0] * 8)
    e2, sine = F * (2 - F), math.sin(math.radians(latitude))
    square_degree = (
        math.radians(1) ** 2 * A * A * (1 - e2) / (1 - e2 * sine * sine) ** 2 * math.cos(math.radians(latitude))
    )
    on_site = shapely.transform(shape, lambda c: c - (124, latitude))
    assert float(ellipsoidal_area(shape)) == pytest.approx(on_site.area * square_degree, rel=1e-8)


def test_the_perimeter_is_the_geodesic_one() -> None:
    pyproj = pytest.importorskip("pyproj")
    shape = shapely.box(124, 41, 124.01, 41.01)
    _, metres = pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shape)
    assert float(measure(shape)[1]) == pytest.approx(metres, rel=1e-6)


SQUARE = "POLYGON ((124 41, 124.1 41, 124.1 41.1, 124 41.1, 124 41))"
TURNED = "POLYGON ((124 41, 124 41.1, 124.1 41.1, 124.1 41, 124 41))"
HOLE = "POLYGON ((124.02 41.02, 124.05 41.02, 124.05 41.05, 124.02 41.05, 124.02 41.02))"
HOLED = f"{SQUARE[:-1]}, {HOLE[9:]}"
EAST = "POLYGON ((124.2 41, 124.3 41, 124.3 41.1, 124.2 41.1, 124.2 41))"
MANY = f"MULTIPOLYGON ({SQUARE[8:]}, {EAST[8:]})"


def area(wkt: str) -> float:
    return float(ellipsoidal_area(shapely.from_wkt(wkt)))


def test_the_direction_of_a_ring_does_not_matter() -> None:
    assert area(TURNED) == pytest.approx(area(SQUARE), rel=1e-14)


def test_holes_are_taken_away_whatever_their_direction() -> None:
    assert area(HOLED) == pytest.approx(area(SQUARE) - area(HOLE), rel=1e-12)


@pytest.mark.parametrize(
    ("wkt", "parts"),
    [
        (MANY, [SQUARE, EAST]),
        (f"GEOMETRYCOLLECTION ({SQUARE}, POINT (124 41), LINESTRING (124 41, 125 41))", [SQUARE]),
        (f"GEOMETRYCOLLECTION ({MANY}, GEOMETRYCOLLECTION ({HOLE}))", [SQUARE, EAST, HOLE]),
        ("LINESTRING (124 41, 125 41, 125 42, 124 41)", []),
        ("POINT (124 41)", []),
        ("POLYGON EMPTY", []),
        ("MULTIPOLYGON EMPTY", []),
        ("GEOMETRYCOLLECTION EMPTY", []),
    ],
)
def test_what_is_polygonal_counts_and_nothing_else(wkt: str, parts: list[str]) -> None:
    assert area(wkt) == pytest.approx(sum(area(p) for p in parts), rel=1e-12)


def test_missing_is_not_a_number_and_the_shape_is_kept() -> None:
    square = shapely.from_wkt(SQUARE)
    areas = ellipsoidal_area(np.array([[square, None], [None, square]], dtype=object))
    assert np.isnan(areas).tolist() == [[False, True], [True, False]]
    assert areas[0, 0] == areas[1, 1] == area(SQUARE)
    assert ellipsoidal_area(np.empty(0, dtype=object)).shape == (0,)


def test_a_million_vertices_are_the_sum_of_their_polygons() -> None:
    """All at once gives what one by one gives, also where a ring is longer than a block."""
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    large = [shapely.Polygon(np.c_[x + 0.4 * np.cos(angle), 41 + 0.4 * np.sin(angle)]) for x in range(120, 124)]
    corner = np.random.default_rng(1).uniform((120, 40), (126, 42), (40_000, 2))
    shapes = np.array([*large, *shapely.box(*corner.T, *(corner + 0.001).T)], dtype=object)
    assert shapely.get_num_coordinates(shapes).sum() >= 1_000_000
    at_once = ellipsoidal_area(shapes)
    few = np.r_[0:4, 4:40_004:501]
    assert at_once[few] == pytest.approx([float(ellipsoidal_area(s)) for s in shapes[few]], rel=1e-12)
    assert float(ellipsoidal_area(shapely.multipolygons(shapes))) == pytest.approx(at_once.sum(), rel=1e-12)


@pytest.fixture(scope="module")
def districts(shared: Path) -> Any:
    """Outlines of Benxi's districts by layer: code → (outline, area_km2 as stated there)."""
    fiona = pytest.importorskip("fiona")
    file = shared / "data" / "benxi.gpkg"
    if not file.exists():
        pytest.skip("benxi.gpkg is not in the reference data here")

    def read(layer: str) -> dict[str, tuple[Any, float]]:
        with fiona.open(file, layer=layer) as rows:
            found = [(dict(r["properties"]), shapely.geometry.shape(dict(r["geometry"]))) for r in rows]
        return {p["adcode"]: (shape, p["area_km2"]) for p, shape in found}

    return read


@pytest.mark.parametrize(
    ("codes", "square_km"),
    [
        (["210502", "210503", "210504", "210505", "210521", "210522"], 8427.10),
        (["210502", "210503", "210504", "210505"], 1516.72),
        (["210521"], 3347.71),
        (["210522"], 3562.67),
    ],
    ids=["city", "urban districts", "Benxi county", "Huanren"],
)
def test_known_figures_of_benxi(districts: Any, codes: list[str], square_km: float) -> None:
    """The figures of the reference data's README, to the decimals stated there."""
    outlines = districts("districts_amap_wgs84")
    measured = ellipsoidal_area(np.array([outlines[c][0] for c in codes], dtype=object)).sum()
    assert round(measured / SQUARE_KM, 2) == square_km


@pytest.mark.parametrize(("layer", "agreement"), [("districts_amap_wgs84", 1e-6), ("districts_tianditu", 4e-5)])
def test_known_figures_of_districts(districts: Any, layer: str, agreement: float) -> None:
    """The Tianditu outlines are generalised to edges of kilometres, where geodesics differ."""
    outlines = districts(layer)
    assert len(outlines) == 6
    for shape, stated in outlines.values():
        assert float(ellipsoidal_area(shape)) / SQUARE_KM == pytest.approx(stated, rel=agreement)
