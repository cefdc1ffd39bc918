"""Curves, surfaces and damaged geometries of a GeoPackage: the same is said inside and outside QGIS."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.import_report import ImportReport
from restoration_planner.core.intake.importing import import_source
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.store import stored_layers, vector
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.vector import LayerToWrite, write_geopackage
from restoration_planner.core.texts import Message

HEADER = b"GP\0\1" + struct.pack("<i", 4490)
SQUARE = shapely.box(124.0, 41.0, 124.1, 41.1)
#: A circle of radius 0.1 around (124, 41.2), as five points on it.
ON_CIRCLE = [(124.0, 41.3), (124.1, 41.2), (124.0, 41.1), (123.9, 41.2), (124.0, 41.3)]


def points(xy: Sequence[Sequence[float]]) -> bytes:
    return struct.pack("<I", len(xy)) + np.array(xy, "<f8").tobytes()


def circle() -> bytes:
    return struct.pack("<BII", 1, 10, 1) + struct.pack("<BI", 1, 8) + points(ON_CIRCLE)


def surface(kind: int, face: int, faces: Sequence[Sequence[Sequence[float]]]) -> bytes:
    members = b"".join(struct.pack("<BII", 1, face, 1) + points(ring) for ring in faces)
    return struct.pack("<BII", 1, kind, len(faces)) + members


LEFT = [(124.0, 41.0), (124.1, 41.0), (124.1, 41.1), (124.0, 41.0)]
RIGHT = [(124.2, 41.0), (124.3, 41.0), (124.3, 41.1), (124.2, 41.0)]


def with_blobs(path: Path, *blobs: bytes) -> Path:
    """A GeoPackage whose geometries are exactly these bytes."""
    count = len(blobs)
    shapes = np.array([shapely.MultiPolygon([SQUARE])] * count + [None], object)[:-1]
    codes = [f"C{i}" for i in range(count)]
    write_geopackage(
        path, [LayerToWrite("area", "MultiPolygon", 4490, {"code": "text"}, {"code": codes}, shapes, count)]
    )
    with sqlite3.connect(path) as connection:
        add_geometry_functions(connection)
        for trigger, table in connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            if table == "area":
                connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.executemany("UPDATE area SET geom = ? WHERE code = ?", zip(blobs, codes))
    connection.close()
    return path


@pytest.fixture(params=[False, True], ids=["outside QGIS", "inside QGIS"])
def inside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two ways in which GDAL is asked for what only it can read."""
    if request.param:
        pytest.importorskip("osgeo.ogr", reason="GDAL's own bindings are not here")
    for module in (stored_layers, vector):
        monkeypatch.setattr(module, "inside_qgis", lambda: request.param)


def imported(plan: Path, source: Path) -> ImportReport:
    return import_source(plan, TABLES["red_line"], read_source(source))


@pytest.mark.usefixtures("inside")
def test_curves_are_straightened_and_listed(tmp_path: Path) -> None:
    square = HEADER + shapely.to_wkb(SQUARE)
    source = read_source(with_blobs(tmp_path / "curves.gpkg", square, HEADER + circle(), square))
    assert source.geometry is not None
    assert [g.area for g in source.geometry] == pytest.approx([0.01, np.pi * 0.01, 0.01], rel=1e-3)
    assert [dict(n.params)["id"] for n in source.notes if n.id == "intake.damaged"] == [2]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(("kind", "face"), [(16, 17), (15, 3), (15, 17)])
def test_surfaces_come_in_as_the_polygons_they_consist_of(kind: int, face: int, tmp_path: Path) -> None:
    blobs = (HEADER + surface(kind, face, [LEFT, RIGHT]), HEADER + struct.pack("<BII", 1, 17, 1) + points(LEFT))
    source = read_source(with_blobs(tmp_path / "surface.gpkg", *blobs))
    assert source.geometry is not None
    assert [g.geom_type for g in source.geometry] == ["MultiPolygon"] * 2
    assert [g.area for g in source.geometry] == pytest.approx([0.01, 0.005])
    assert not [n for n in source.notes if n.id == "intake.damaged"]


def test_a_surface_with_heights_and_one_that_ends_too_soon() -> None:
    from restoration_planner.core.store.shapes import from_wkb

    high = [(x, y, 7.0) for x, y in LEFT]
    with_z = surface(1016, 1017, [high])
    (shape,), damage, refused = from_wkb([with_z])
    assert shape.area == pytest.approx(0.005) and not shape.has_z and not damage and not refused
    assert from_wkb([with_z[:-40]])[2] == [0] and from_wkb([with_z[:12]])[2] == [0]


@pytest.mark.usefixtures("inside")
def test_damaged_geometries_are_called_damaged(tmp_path: Path, benxi: Path) -> None:
    square = HEADER + shapely.to_wkb(SQUARE)
    with pytest.raises(PlannerError) as refused:
        imported(benxi, with_blobs(tmp_path / "all.gpkg", square[:40], square[:50]))
    assert refused.value.message.id == "intake.nothing_left"
    assert dict(refused.value.message.params)["reason"] == Message.of("geometry.unreadable")
    blobs = (square, square[:40], b"XX" + square[2:], square[:9])
    report = imported(benxi, with_blobs(tmp_path / "damaged.gpkg", *blobs))
    dropped = {change.id: change.reason.id for change in report.changes if change.dropped}
    assert dropped == dict.fromkeys((2, 3, 4), "geometry.unreadable")
    assert report.added == 1
