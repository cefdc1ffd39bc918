"""Plans to import into, the samples of messy files, and small files made like them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def benxi(tmp_path: Path) -> Path:
    """A plan of Benxi as its template makes it: facts, no outlines."""
    path = tmp_path / "benxi.gpkg"
    create_plan(path, plan_from_template("benxi"))
    return path


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A plan that says nothing about where its city lies."""
    path = tmp_path / "blank.gpkg"
    create_plan(path, plan_from_template("blank"))
    return path


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """A file of the test data, by its path there; skips where it is absent."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the test data {name} is not here")
        return path

    return find


@pytest.fixture
def shapefile(tmp_path: Path) -> Callable[..., Path]:
    """Write a shapefile byte by byte as programs in offices do: texts in any encoding, no .cpg or .prj unless given."""

    def write(
        name: str,
        shapes: Sequence[Any],
        fields: Sequence[tuple[bytes, Sequence[bytes]]],
        *,
        language_byte: int = 0,
        cpg: str | None = None,
        prj: str | None = None,
        width: int = 40,
    ) -> Path:
        path = tmp_path / f"{name}.shp"
        _write_shapes(path, shapes)
        _write_dbf(path.with_suffix(".dbf"), fields, language_byte, width)
        for ending, content in ((".cpg", cpg), (".prj", prj)):
            if content is not None:
                path.with_suffix(ending).write_text(content, encoding="utf-8")
        return path

    return write


def _write_shapes(path: Path, polygons: Sequence[Any]) -> None:
    records, index, offset = b"", b"", 50
    for number, polygon in enumerate(polygons, 1):
        ring = shapely.get_coordinates(shapely.get_exterior_ring(polygon))
        if shapely.is_ccw(shapely.get_exterior_ring(polygon)):
            ring = ring[::-1]
        head = np.array([5], "<i4").tobytes() + np.array(polygon.bounds, "<f8").tobytes()
        body = head + np.array([1, len(ring), 0], "<i4").tobytes() + ring.astype("<f8").tobytes()
        words = len(body) // 2
        records += np.array([number, words], ">i4").tobytes() + body
        index += np.array([offset, words], ">i4").tobytes()
        offset += words + 4
    bounds = np.array(shapely.total_bounds(np.array(polygons)), "<f8").tobytes()
    for file, body in ((path, records), (path.with_suffix(".shx"), index)):
        header = np.array([9994, 0, 0, 0, 0, 0, 50 + len(body) // 2], ">i4").tobytes()
        header += np.array([1000, 5], "<i4").tobytes() + bounds + bytes(32)
        file.write_bytes(header + body)


def _write_dbf(path: Path, fields: Sequence[tuple[bytes, Sequence[bytes]]], language_byte: int, width: int) -> None:
    rows = len(fields[0][1])
    head = bytearray(32)
    head[0:4] = bytes([3, 126, 1, 1])
    head[4:8] = np.array([rows], "<u4").tobytes()
    head[8:12] = np.array([33 + 32 * len(fields), 1 + width * len(fields)], "<u2").tobytes()
    head[29] = language_byte
    described = b"".join(
        name[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14) for name, _ in fields
    )
    body = b"".join(b" " + b"".join(values[row].ljust(width) for _, values in fields) for row in range(rows))
    path.write_bytes(bytes(head) + described + b"\r" + body + b"\x1a")
