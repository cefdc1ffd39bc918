"""Overlaps and areas against QGIS's own geometry engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.geometry import polygon_index
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.geometry.overlap import Gate, Polygons, overlaps, remainders
from restoration_planner.core.geometry.polygon_index import PolygonIndex

qgis_core = pytest.importorskip("qgis.core")


def in_qgis(shape: Any) -> Any:
    geometry = qgis_core.QgsGeometry()
    geometry.fromWkb(shapely.to_wkb(shape))
    return geometry


def on_the_ellipsoid() -> Any:
    calculator = qgis_core.QgsDistanceArea()
    calculator.setSourceCrs(
        qgis_core.QgsCoordinateReferenceSystem("EPSG:4490"), qgis_core.QgsProject.instance().transformContext()
    )
    assert calculator.setEllipsoid("EPSG:7043") or calculator.setEllipsoid(
        "EPSG:7019"
    )  # GRS 1980, CGCS2000's to a tenth of a millimetre
    return calculator


def winding(random: np.random.Generator, corners: int) -> Any:
    """A large polygon about 124.1°E 41.1°N with a ragged outline and a ragged hole."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    outer, inner = 0.1 * (1 - 0.5 * random.random(corners)), 0.03 * (1 - 0.6 * random.random(corners))
    shell, hole = (np.c_[124.1 + d * np.cos(angle), 41.1 + d * np.sin(angle)] for d in (outer, inner))
    return shapely.Polygon(shell, [hole])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), corners=st.integers(20, 400), size=st.floats(0.001, 0.06))
def test_overlaps_are_those_of_qgis(
    qgis_app: Any, monkeypatch: pytest.MonkeyPatch, seed: int, corners: int, size: float
) -> None:
    """Planar areas in square degrees agree to the last digits; nothing is rounded, snapped or simplified."""
    monkeypatch.setattr(polygon_index, "SMALL", 32)
    random = np.random.default_rng(seed)
    target = winding(random, corners)
    corner = random.uniform((124, 41), (124.2, 41.2), (12, 2))
    sites = np.array([shapely.box(*c, *(c + size)) for c in corner], dtype=object)
    targets = np.empty(1, dtype=object)
    targets[0] = target
    index, polygons, gate = PolygonIndex(targets), Polygons.of(sites), Gate(0, 0)
    for function, method in ((overlaps, "intersection"), (remainders, "difference")):
        measured = np.zeros(len(sites))
        found = function(polygons, index, gate)
        measured[found.query] = shapely.area(found.geometry)
        expected = [max(getattr(in_qgis(s), method)(in_qgis(target)).area(), 0.0) for s in sites]
        assert measured == pytest.approx(expected, rel=1e-9, abs=1e-9 * size * size), method


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.tuples(st.floats(75, 134), st.floats(18, 53)), metres=st.floats(20, 2000), corners=st.integers(4, 40))
def test_areas_are_those_of_qgis(qgis_app: Any, place: tuple[float, float], metres: float, corners: int) -> None:
    """QGIS measures geodesics on the ellipsoid; short edges are the same in both."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    away = metres / 111_000
    shape = shapely.Polygon(np.c_[place[0] + away * np.cos(angle), place[1] + away * np.sin(angle)])
    expected = on_the_ellipsoid().measureArea(in_qgis(shape))
    assert float(ellipsoidal_area(shape)) == pytest.approx(expected, rel=2e-5)
