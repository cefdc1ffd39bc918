"""Shapefiles read as arrays hold what GDAL finds in them, whatever was written."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.core.geometry.parallel import never
from restoration_planner.core.intake.dbf import read_dbf
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.intake.shapefile_shapes import read_shapefile_shapes
from restoration_planner.core.plan.tables import Array
from restoration_planner.core.store import vector, vector_fiona

Ring = Sequence[Sequence[float]]
SQUARE = [(0, 0), (0, 8), (8, 8), (8, 0), (0, 0)]  # clockwise: a shell
HOLE = [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]  # counter-clockwise

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def assert_as_gdal_reads(path: Path) -> Array:
    """What the arrays hold is what GDAL finds, bit by bit; returns the geometries."""
    truth = vector_fiona.read_layer(path, path.stem, None, "iso-8859-1", False, never)
    table = read_dbf(path.with_suffix(".dbf"))
    rows = table.rows()
    assert rows.tolist() == truth.fids.tolist()
    geometry, damage = read_shapefile_shapes(path, rows)
    assert truth.geometry is not None and geometry.shape == truth.geometry.shape
    assert shapely.is_missing(geometry).tolist() == shapely.is_missing(truth.geometry).tolist()
    there = ~shapely.is_missing(geometry)
    assert shapely.get_type_id(geometry).tolist() == shapely.get_type_id(truth.geometry).tolist()
    assert shapely.equals_exact(
        shapely.normalize(geometry[there]), shapely.normalize(truth.geometry[there]), tolerance=0
    ).all()
    assert damage == truth.damage
    assert [f.name.decode("latin-1") for f in table.fields] == list(truth.columns)
    for field, expected in zip(table.fields, truth.columns.values()):
        found = [v.decode("latin-1") if isinstance(v, bytes) else v for v in table.column(field, rows)]
        cells = [bytes(table.records[row, field.start : field.start + field.width]) for row in rows]
        for cell, here, there in zip(cells, found, expected):
            if field.type in "NF" and here is None and there is not None:
                assert not reads_as_number(cell), cell  # GDAL takes what it begins with, or 0
            elif type(here) is float and type(there) is int:
                assert reads_as_number(cell) and here == float(cell.partition(b"\0")[0]), cell  # GDAL cuts it
            else:
                assert type(here) is type(there) and (here == there or here != here and there != there), cell
    return geometry


def reads_as_number(cell: bytes) -> bool:
    try:
        return math.isfinite(float(cell.partition(b"\0")[0])) and b"_" not in cell
    except ValueError:
        return False


@pytest.fixture
def nothing_left_to_gdal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails as soon as a shape is read feature by feature."""

    def refuse(path: Path, layer: str, fids: Sequence[int], cancelled: object) -> None:
        raise AssertionError(f"left to GDAL: {fids}")

    monkeypatch.setattr(vector, "read_shapes", refuse)


# ---- files written by others

MESSY = (
    "bx_gbk_nocpg_noprj_zone41",
    "bx_gbk_ldid4d_zone41",
    "bx_prj_wrong_false_easting",
    "bx_utf8_fieldname_cut",
    "bx_west_gk3_zone41",
    "bx_east_gk3_zone42",
    "bx_districts_gcj02_labelled_cgcs2000",
)


@pytest.mark.parametrize("name", MESSY)
def test_the_messy_samples(name: str, sample: Callable[[str], Path]) -> None:
    assert len(assert_as_gdal_reads(sample(f"messy/{name}.shp")))


# ---- files that GDAL wrote

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 3))
points = st.tuples(numbers, numbers)


def nest(x: float, y: float, depth: int) -> list[shapely.Polygon]:
    """A square with a hole, in it an island with a hole …: `depth` outlines in all."""
    squares = [shapely.box(x + i, y + i, x + 20 - i, y + 20 - i) for i in range(depth)]
    return [
        shapely.Polygon(s.exterior, [h.exterior] if h is not None else [])
        for s, h in zip(squares[::2], [*squares[1::2], None])
    ]


nests = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(
    lambda depths: shapely.MultiPolygon([p for i, depth in enumerate(depths) for p in nest(30.0 * i, 0, depth)])
)
lines = st.lists(points, min_size=2, max_size=5, unique=True)
GEOMETRIES: dict[str, Any] = {
    "Polygon": nests,
    "LineString": st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    "MultiPoint": st.lists(points, min_size=1, max_size=4).map(shapely.MultiPoint),
    "Point": points.map(shapely.Point),
}
FIELDS = {
    "text": ("str:12", st.text("abcßé 1", max_size=12)),
    "small": ("int:9", st.integers(-99_999_999, 999_999_999)),
    "wide": ("int:18", st.integers(-(10**17) + 1, 10**18 - 1)),
    "real": ("float:24.15", st.floats(-1e7, 1e7, allow_nan=False)),
    "huge": ("float:20.3", st.floats(-1e60, 1e60, allow_nan=False)),
    "day": ("date", st.dates().map(lambda day: day.isoformat())),
}


@pytest.mark.parametrize("prefix", ["", "3D "])
@pytest.mark.parametrize("kind", GEOMETRIES)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_random_files_of_gdal(
    prefix: str, kind: str, tmp_path: Path, nothing_left_to_gdal: None, data: st.DataObject
) -> None:
    features = data.draw(
        st.lists(
            st.tuples(st.none() | GEOMETRIES[kind], *(st.none() | values for _, values in FIELDS.values())),
            min_size=1,
            max_size=5,
        )
    )
    path = tmp_path / "random.shp"
    schema = {"geometry": prefix + kind, "properties": {name: declared for name, (declared, _) in FIELDS.items()}}
    with fiona.open(str(path), "w", driver="ESRI Shapefile", schema=schema, encoding="utf-8") as target:
        for shape, *values in features:
            shape = shapely.force_3d(shape, 7.5) if prefix and shape is not None else shape
            geometry = None if shape is None else shape.__geo_interface__
            target.write({"geometry": geometry, "properties": dict(zip(FIELDS, values))})
    geometry = assert_as_gdal_reads(path)
    for found, (drawn, *_) in zip(geometry, features):
        assert (found is None) == (drawn is None)
        if drawn is not None:
            assert not found.has_z and found.area == pytest.approx(drawn.area)


# ---- files as no program should write them


def write_shapefile(path: Path, kind: int, bodies: Sequence[bytes], flags: bytes = b"") -> Path:
    """Records of these contents (without their type where empty: null shapes), and a table with one number."""
    records, index, offset = b"", b"", 50
    for number, body in enumerate(bodies, 1):
        head = struct.pack(">ii", number, len(body) // 2)
        records, index = records + head + body, index + struct.pack(">ii", offset, len(body) // 2)
        offset += len(body) // 2 + 4
    for part, content in ((path, records), (path.with_suffix(".shx"), index)):
        header = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(content) // 2) + struct.pack(
            "<ii8d", 1000, kind, *[0] * 8
        )
        part.write_bytes(header + content)
    flags = flags or b" " * len(bodies)
    write_dbf(path.with_suffix(".dbf"), [(b"ID", b"N", 9, 0)], [[b"%d" % i] for i in range(len(bodies))], flags)
    return path


def write_dbf(
    path: Path, fields: Sequence[tuple[bytes, bytes, int, int]], rows: Sequence[Sequence[bytes]], flags: bytes
) -> None:
    width = 1 + sum(f[2] for f in fields)
    head = bytes([3, 126, 1, 1]) + struct.pack("<IHH", len(rows), 33 + 32 * len(fields), width) + bytes(20)
    described = b"".join(n.ljust(11, b"\0") + t + bytes(4) + bytes([w, d]) + bytes(14) for n, t, w, d in fields)
    body = b"".join(
        flags[i : i + 1] + b"".join(v[: f[2]].ljust(f[2]) for v, f in zip(row, fields)) for i, row in enumerate(rows)
    )
    path.write_bytes(head + described + b"\r" + body + b"\x1a")


def with_parts(kind: int, parts: Sequence[Ring]) -> bytes:
    """A polyline's or polygon's record, Z and M values of 5.0 behind the vertices where the kind has them."""
    xy = np.array([vertex for part in parts for vertex in part], float).reshape(-1, 2)
    starts = np.cumsum([0, *map(len, parts)])[:-1]
    counts = struct.pack("<ii", len(parts), len(xy))
    measures = struct.pack(f"<{2 + len(xy)}d", *[5.0] * (2 + len(xy))) * {0: 0, 1: 2, 2: 1}[kind // 10]
    body = struct.pack("<i4d", kind, 0, 0, 9, 9) + counts + starts.astype("<i4").tobytes()
    return body + xy.astype("<f8").tobytes() + measures


def moved(ring: Ring, x: float, y: float) -> Ring:
    return [(a + x, b + y) for a, b in ring]


NULL = struct.pack("<i", 0)


def polygons(path: Path, *records: Sequence[Ring], kind: int = 5) -> Path:
    return write_shapefile(path / "polygons.shp", kind, [with_parts(kind, rings) for rings in records])


@pytest.mark.parametrize("kind", [5, 15, 25])
def test_a_hole_before_its_shell_and_an_island_in_a_hole(kind: int, tmp_path: Path, nothing_left_to_gdal: None) -> None:
    island = [(1.5, 1.5), (1.5, 2.5), (2.5, 2.5), (2.5, 1.5), (1.5, 1.5)]
    pond = [(1.8, 1.8), (2.2, 1.8), (2.2, 2.2), (1.8, 2.2), (1.8, 1.8)]
    found = assert_as_gdal_reads(polygons(tmp_path, [pond, HOLE, SQUARE, island], [SQUARE], [HOLE, SQUARE], kind=kind))
    assert [g.area for g in found] == pytest.approx([64 - 4 + 1 - 0.16, 64, 60])
    assert len(found[0].geoms) == 2 and all(len(part.interiors) == 1 for part in found[0].geoms)


@pytest.mark.parametrize(
    "rings",
    [
        [SQUARE[::-1], HOLE],
        [SQUARE[::-1], moved(SQUARE[::-1], 20, 0)],
        [SQUARE, moved(HOLE, 20, 0)],
        [SQUARE, moved(SQUARE, 20, 0), moved(HOLE, 50, 0)],
        [SQUARE, moved(HOLE, 6, 2)],
        [SQUARE, moved(SQUARE, 4, 4), moved(HOLE, 4, 4)],
        [SQUARE, SQUARE[::-1]],
        [SQUARE, HOLE, HOLE],
        [SQUARE, HOLE[:-1]],
        [SQUARE, HOLE[:3]],
        [SQUARE, [(2, 2), (3, 2), (2, 2), (2, 2)]],
        [[(0, 0), (9, 9), (9, 0), (0, 6), (0, 0)], HOLE],
        [SQUARE, [(1, 1), (3, 1), (math.nan, 3), (1, 3), (1, 1)]],
        [SQUARE[:-1]],
        [SQUARE[:3]],
        [SQUARE[:2]],
        [[(0, 0), (0, math.inf), (8, 8), (0, 0)]],
        [[(0, 0)]],
    ],
    ids=[
        "all counter-clockwise, one in the other", "all counter-clockwise, side by side", "hole outside its shell",
        "hole outside both shells", "hole across the border", "shells that overlap", "hole as large as its shell",
        "hole twice", "open hole", "hole of three vertices", "hole without area", "shell that crosses itself",
        "hole with a coordinate that is none", "open", "open triangle", "two vertices", "infinite", "one vertex",
    ],
)  # fmt: skip
def test_rings_that_break_the_rules(rings: Sequence[Ring], tmp_path: Path) -> None:
    sound = [SQUARE, moved(HOLE, 1, 1)]
    found = assert_as_gdal_reads(polygons(tmp_path, sound, rings, sound))
    assert [found[0].area, found[2].area] == [60, 60]


offsets = st.integers(-3, 3)
rings_of_chance = st.builds(
    lambda corner, size, back: moved(
        [(0, 0), (0, size), (size, size), (size, 0), (0, 0)][:: -1 if back else 1], corner[0] * 2, corner[1] * 2
    ),
    st.tuples(offsets, offsets),
    st.integers(1, 9),
    st.booleans(),
)
vertices_of_chance = st.lists(st.tuples(offsets, offsets), min_size=1, max_size=6).map(lambda v: [*v, v[0]])


@given(records=st.lists(st.lists(rings_of_chance | vertices_of_chance, min_size=1, max_size=6), min_size=1, max_size=4))
@same_folder
def test_rings_of_chance(records: Sequence[Sequence[Ring]], tmp_path: Path) -> None:
    assert_as_gdal_reads(polygons(tmp_path, *records))


@given(
    depths=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    shuffled=st.randoms(use_true_random=False),
)
@same_folder
def test_nested_rings_in_any_order_are_told_apart_without_gdal(
    depths: Sequence[int], shuffled: Any, tmp_path: Path, nothing_left_to_gdal: None
) -> None:
    rings: list[Ring] = []
    for place, depth in enumerate(depths):
        for level in range(depth):
            size = 20 - 2 * level
            ring = [(0, 0), (0, size), (size, size), (size, 0), (0, 0)][:: -1 if level % 2 else 1]
            rings.append(moved(ring, 22 * (place % 3) + level, 22 * (place // 3) + level))
    shuffled.shuffle(rings)
    (found,) = assert_as_gdal_reads(polygons(tmp_path, rings))
    assert found.is_valid
    assert found.area == sum((-1) ** level * (20 - 2 * level) ** 2 for depth in depths for level in range(depth))


def side_by_side(count: int) -> list[Ring]:
    """Squares with a hole each, all holes first."""
    places = [(10.0 * (i % 20), 10.0 * (i // 20)) for i in range(count)]
    return [moved(HOLE, *place) for place in places] + [moved(SQUARE, *place) for place in places]


def test_more_rings_than_are_looked_at_together(tmp_path: Path, nothing_left_to_gdal: None) -> None:
    found = assert_as_gdal_reads(polygons(tmp_path, *[side_by_side(30)] * 300))
    assert {g.area for g in found} == {30 * 60.0}


def test_a_record_of_very_many_rings(tmp_path: Path) -> None:
    found = assert_as_gdal_reads(polygons(tmp_path, side_by_side(3), side_by_side(600)))
    assert [g.area for g in found] == [180, 36_000]


@pytest.mark.parametrize("kind", [3, 13, 23])
def test_lines(kind: int, tmp_path: Path) -> None:
    bodies = [with_parts(kind, parts) for parts in ([SQUARE], [SQUARE, HOLE], [[(1, 1)], SQUARE], [[(1, 1)]])]
    bodies += [with_parts(kind, [[(0, 0), (math.nan, 1)]]), NULL]
    found = assert_as_gdal_reads(write_shapefile(tmp_path / "lines.shp", kind, bodies))
    assert [g.length for g in found[:3]] == [32, 40, 32] and not shapely.has_z(found).any()


@pytest.mark.parametrize("kind", [1, 11, 21])
def test_points(kind: int, tmp_path: Path) -> None:
    values = [kind, 3.0, 4.0, *[5.0] * {1: 0, 11: 2, 21: 1}[kind]]
    point = struct.pack(f"<i{len(values) - 1}d", *values)
    bodies = [point, NULL, point[:4] + struct.pack("<d", math.inf) + point[12:], point]
    found = assert_as_gdal_reads(write_shapefile(tmp_path / "points.shp", kind, bodies))
    assert found[0].geom_type == "MultiPoint" and found[0].geoms[0] == shapely.Point(3, 4)
    assert found[1] is found[2] is None


@pytest.mark.parametrize("kind", [8, 18, 28])
def test_bundles_of_points(kind: int, tmp_path: Path) -> None:
    def bundle(count: int) -> bytes:
        measures = [5.0] * (2 + count) * {8: 0, 18: 2, 28: 1}[kind]
        xy = [float(i) for i in range(2 * count)]
        return struct.pack(f"<i4di{2 * count + len(measures)}d", kind, 0, 0, 9, 9, count, *xy, *measures)

    bodies = [bundle(1), bundle(3), NULL, bundle(0)]
    found = assert_as_gdal_reads(write_shapefile(tmp_path / "bundles.shp", kind, bodies))
    assert [None if g is None else len(g.geoms) for g in found] == [1, 3, None, None]


def test_a_multipatch_is_read_by_gdal(tmp_path: Path) -> None:
    corners = [(0.0, 0.0), (0.0, 8.0), (8.0, 8.0), (0.0, 0.0)]
    body = (
        struct.pack("<i4diiii", 31, 0, 0, 8, 8, 1, 4, 0, 5)
        + np.array(corners).tobytes()
        + struct.pack("<6d", *[5.0] * 6)
    )
    (found,) = assert_as_gdal_reads(write_shapefile(tmp_path / "patch.shp", 31, [body]))
    assert found.area == 32


def test_deleted_rows_go_with_their_shapes(tmp_path: Path) -> None:
    squares = [with_parts(5, [moved(SQUARE, 10 * i, 0)]) for i in range(4)]
    path = write_shapefile(tmp_path / "deleted.shp", 5, squares, b" * x")
    assert_as_gdal_reads(path)
    source = read_source(path)
    assert source.ids == [0, 2, 3] and list(source.fields["ID"]) == [0, 2, 3]
    assert [g.bounds[0] for g in source.geometry] == [0, 20, 30]


def test_a_damaged_shape_behind_a_deleted_row_is_named_by_its_own_number(tmp_path: Path) -> None:
    squares = [with_parts(5, [moved(SQUARE, 10 * i, 0)]) for i in range(4)]
    squares[2] = squares[2][:40] + struct.pack("<i", 1 << 30) + squares[2][44:]
    path = write_shapefile(tmp_path / "damaged.shp", 5, squares, b" *  ")
    with pytest.raises(PlannerError) as refused:
        read_source(path)
    assert refused.value.message.id == "intake.shapes_damaged"
    assert dict(refused.value.message.params)["rows"] == [2]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, 99),
        (0, -1),
        (36, 0),
        (36, 3),
        (36, -1),
        (40, 0),
        (40, -5),
        (40, 1 << 28),
        (44, 1),
        (44, -1),
        (44, 99),
        (48, 0),
    ],
)
def test_records_that_contradict_themselves(at: int, value: int, tmp_path: Path) -> None:
    body = bytearray(with_parts(5, [SQUARE, HOLE]))
    body[at : at + 4] = struct.pack("<i", value)
    sound = with_parts(5, [SQUARE])
    assert_as_gdal_reads(write_shapefile(tmp_path / "odd.shp", 5, [sound, bytes(body), sound, body[:8], body[:2]]))


def test_shapes_stand_in_the_order_of_the_index_not_of_the_file(tmp_path: Path) -> None:
    squares = [with_parts(5, [moved(SQUARE, 10 * i, 0), moved(HOLE, 10 * i, 0)]) for i in range(3)]
    path = write_shapefile(tmp_path / "turned.shp", 5, squares)
    shx = path.with_suffix(".shx")
    content = shx.read_bytes()
    shx.write_bytes(content[:100] + content[116:124] + content[108:116] + content[100:108])
    assert [g.bounds[0] for g in assert_as_gdal_reads(path)] == [20, 10, 0]


def test_values_of_every_type_as_other_programs_write_them(tmp_path: Path) -> None:
    texts = [b"  ab ", b"ab\0cd", b" \0ab", b"\t x", b"", b"\0", b"a\n ", "小市镇".encode("gbk")]
    numbers = [
        b"  12", b"12  ", b"-5", b"+7", b"1.9", b"1e3", b"***", b"*12", b"", b"\0", b"12 3", b"abc", b"1,5", b"1_0",
        b"007", b"nan", b"inf", b"-1.5E-3", b".5", b"5.", b"5\0 9", b"999999999999999999", b"-", b" *", b"\t4",
        b"-1.#IND", b"1e400", b"12a", b"-inf", b"1e", b"- 3", b"--3", b"0", b"-0", b"1.5.2",
    ]  # fmt: skip
    days = [
        b"20200102", b"00000000", b"0", b"", b"20201301", b"2020", b"99999999", b"2020-1-2", b"12/31/2020", b"abc",
        b"20200230", b"\0", b" 2020010", b"-2020010", b"00010101", b"000000000",
    ]  # fmt: skip
    yes = [b"T", b"F", b"?", b" ", b"\0", b"y", b"1"]
    fields = [
        (b"TEXT", b"C", 8, 0), (b"N9", b"N", 9, 0), (b"N10", b"N", 10, 0), (b"N18", b"N", 18, 0), (b"N19", b"N", 19, 0),
        (b"R", b"N", 12, 3), (b"F12", b"F", 12, 0), (b"F8_3", b"F", 8, 3), (b"DAY", b"D", 8, 0), (b"YES", b"L", 1, 0),
        (b"DAY10", b"D", 10, 0), (b"MEMO", b"M", 10, 0), (b"ODD", b"O", 8, 0), (b"TEN_BYTES0", b"C", 3, 0),
    ]  # fmt: skip
    of_type = {b"C": texts, b"N": numbers, b"F": numbers, b"D": days, b"L": yes, b"M": [b"0000000001"], b"O": [b"abc"]}
    rows = [[of_type[f[1]][i % len(of_type[f[1]])] for f in fields] for i in range(len(numbers) * 3)]
    path = write_shapefile(tmp_path / "types.shp", 5, [NULL] * len(rows))
    write_dbf(path.with_suffix(".dbf"), fields, rows, b" " * len(rows))
    assert_as_gdal_reads(path)


# fiona stumbles over the bytes when it logs what GDAL says about a number that is none.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@given(
    cells=st.lists(
        st.binary(max_size=12) | st.text(" 0123456789+-.eE*", max_size=12).map(str.encode), min_size=1, max_size=8
    ),
    kind=st.sampled_from([(b"C", 12, 0), (b"N", 9, 0), (b"N", 12, 0), (b"F", 12, 4), (b"D", 8, 0), (b"L", 1, 0)]),
)
@same_folder
def test_tables_of_chance(cells: Sequence[bytes], kind: tuple[bytes, int, int], tmp_path: Path) -> None:
    path = write_shapefile(tmp_path / "chance.shp", 5, [NULL] * len(cells))
    write_dbf(path.with_suffix(".dbf"), [(b"V", *kind)], [[cell] for cell in cells], b" " * len(cells))
    assert_as_gdal_reads(path)


def test_gdals_own_bindings_help_out_in_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("osgeo.ogr", reason="GDAL's own bindings are not here")
    from restoration_planner.core.store import vector_osgeo

    path = polygons(tmp_path, [SQUARE, HOLE], [SQUARE[::-1], HOLE], [SQUARE, moved(HOLE, 20, 0)], [SQUARE, HOLE[:-1]])
    expected, damage = read_shapefile_shapes(path, np.arange(4))
    monkeypatch.setattr(vector, "_adapter", lambda: vector_osgeo)
    found, told = read_shapefile_shapes(path, np.arange(4))
    assert shapely.equals_exact(found, expected, 0).all() and told == damage == {3: "geometry.unclosed"}


def test_a_cancel_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        read_shapefile_shapes(polygons(tmp_path, [SQUARE, HOLE]), np.arange(1), lambda: True)
