"""国土TXT plot files: rings, zones and encodings read; what contradicts itself is refused with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.intake.guotu_txt import is_guotu_txt, nest_rings, read_guotu_txt
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.core.store.vector import read_layer

HEADER = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=41
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""
#: A square of 100 m with a hole of 20 m: 1 ha less 0.04 ha.
OUTER = [(4580000, 41500000), (4580000, 41500100), (4580100, 41500100), (4580100, 41500000)]
HOLE = [(4580040, 41500040), (4580040, 41500060), (4580060, 41500060), (4580060, 41500040)]


def block(*rings: list[tuple[float, float]], area: float | str = "", name: str = "甲地块", count: object = None) -> str:
    lines = [f"J{i},{r},{x},{y}" for r, ring in enumerate(rings, 1) for i, (x, y) in enumerate(ring, 1)]
    return "\n".join([f"{len(lines) if count is None else count},{area},1,{name},面,,,,@", *lines]) + "\n"


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def written(content: str, encoding: str = "gbk") -> Path:
        path = tmp_path / "plots.txt"
        path.write_bytes(content.encode(encoding))
        return path

    return written


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("closed", [True, False])
def test_a_square_with_a_hole(write, encoding: str, closed: bool) -> None:  # type: ignore[no-untyped-def]
    rings = [ring + ring[:1] if closed else ring for ring in (OUTER, HOLE)]
    path = write(HEADER + block(*rings, area=0.96), encoding)
    assert is_guotu_txt(path)
    source = read_guotu_txt(path)
    assert source.epsg == 4529 and source.layer == "plots"
    assert [n.id for n in source.notes] == (["intake_tables.encoding_weighed"] if encoding == "gbk" else [])
    assert source.fields["地块名称"] == ["甲地块"] and source.fields["地块面积"] == [0.96] and source.ids == ["1"]
    square = shapely.box(41500000, 4580000, 41500100, 4580100)
    hole = shapely.box(41500040, 4580040, 41500060, 4580060)
    assert shapely.equals(source.geometry[0], shapely.difference(square, hole))


def test_the_count_may_leave_out_the_repeated_last_points(write) -> None:  # type: ignore[no-untyped-def]
    source = read_guotu_txt(write(HEADER + block(OUTER + OUTER[:1], HOLE + HOLE[:1], count=8)))
    assert source.geometry[0].area == pytest.approx(9600)


def test_a_ring_outside_the_first_is_a_part_and_is_told(write) -> None:  # type: ignore[no-untyped-def]
    beside = [(x + 500, y) for x, y in OUTER]
    source = read_guotu_txt(write(HEADER + block(OUTER, HOLE, beside)))
    assert source.geometry[0].geom_type == "MultiPolygon" and source.geometry[0].area == pytest.approx(19600)
    assert source.notes[-1].id == "intake_tables.txt_further_part" and "3" in str(source.notes[-1])


def test_an_island_in_a_lake_is_land() -> None:
    rings = [np.array(shapely.box(-s, -s, s, s).exterior.coords) for s in (1, 3, 2)]
    assert nest_rings(rings) == ([0, 1], {0: [], 1: [2]})


@pytest.mark.parametrize(
    ("header", "shift", "epsg"),
    [
        (("带号=41", "带号="), 0, 4529),
        (("带号=41", "带号=41"), 41_000_000, 4550),
        (("带号=41", "带号="), 41_000_000, None),
        (("几度分带=3", "几度分带="), 0, 4529),
        (("坐标系=2000国家大地坐标系", "坐标系="), 0, None),
    ],
)
def test_the_zone_comes_from_the_header_and_the_eastings(write, header, shift: int, epsg: int | None) -> None:  # type: ignore[no-untyped-def]
    ring = [(x, y - shift) for x, y in OUTER]
    source = read_guotu_txt(write(HEADER.replace(*header) + block(ring)))
    assert source.epsg == epsg
    assert (len(source.notes) > 1) == (epsg is None or header[1] == "带号=")


def test_six_degree_zones(write) -> None:  # type: ignore[no-untyped-def]
    six = HEADER.replace("几度分带=3", "几度分带=6").replace("带号=41", "带号=21")
    source = read_guotu_txt(write(six + block([(x, y - 20_000_000) for x, y in OUTER])))
    assert pyproj.CRS.from_epsg(source.epsg).name == "CGCS2000 / Gauss-Kruger zone 21"


def test_degrees_are_longitude_and_latitude(write) -> None:  # type: ignore[no-untyped-def]
    degrees = HEADER.replace("计量单位=米", "计量单位=度")
    source = read_guotu_txt(write(degrees + block([(41.0, 124.0), (41.0, 124.1), (41.1, 124.1)])))
    assert source.epsg == 4490 and source.geometry[0].bounds == (124.0, 41.0, 124.1, 41.1)


def test_a_stated_area_that_is_far_off_is_told(write) -> None:  # type: ignore[no-untyped-def]
    notes = read_guotu_txt(write(HEADER + block(OUTER, area=15))).notes
    assert notes[-1].id == "intake_tables.txt_area_off" and "15" in str(notes[-1])


def without_last_line(content: str) -> str:
    return "\n".join(content.rstrip("\n").split("\n")[:-1]) + "\n"


def in_zone(zone: int, lon: float, lat: float) -> list[tuple[float, float]]:
    """Corners (north, east with zone) of a square of 0.01° in a 3° zone, by another way than the code: PROJ's own formula."""
    to_zone = pyproj.Proj(proj="tmerc", lon_0=3 * zone, ellps="GRS80", x_0=zone * 1e6 + 5e5)
    corners = [(lon, lat), (lon + 0.01, lat), (lon + 0.01, lat + 0.01), (lon, lat + 0.01)]
    return [(north, east) for east, north in (to_zone(*c) for c in corners)]


@pytest.mark.parametrize("stated", ["41", "42", ""])
def test_plots_in_two_neighbouring_zones_come_as_degrees_each_from_its_own_zone(write, stated: str) -> None:  # type: ignore[no-untyped-def]
    west, east = in_zone(41, 124.40, 41.2), in_zone(42, 124.60, 41.2)
    content = HEADER.replace("带号=41", f"带号={stated}") + block(west) + block(east) + block(in_zone(41, 124.3, 41.2))
    source = read_guotu_txt(write(content))
    assert source.epsg == 4490 and len(source) == 3
    for shape, lon in zip(source.geometry, (124.40, 124.60, 124.30)):
        assert shape.bounds == pytest.approx((lon, 41.2, lon + 0.01, 41.21), abs=1e-8)
    said = str(source.notes[-1])
    assert source.notes[-1].id == "intake_tables.txt_zones_merged"
    assert [m.id for m in source.notes].count("intake_tables.txt_zone_from_easting") == 0
    assert "41" in said and "42" in said and "2" in said and "1" in said


@pytest.mark.parametrize(
    ("header", "zones", "message"),
    [
        (("带号=41", "带号=41"), (41, 43), "txt_two_zones"),  # no neighbours
        (("带号=41", "带号="), (41, 42, 43), "txt_two_zones"),  # no city lies in three
        (("带号=41", "带号=40"), (41, 42), "txt_zone_differs"),  # the header contradicts all plots
        (("坐标系=2000国家大地坐标系", "坐标系="), (41, 42), "txt_two_zones"),  # of which datum?
        (("几度分带=3", "几度分带=6"), (41, 42), "txt_zone_width"),
    ],
)
def test_other_plots_in_several_zones_are_refused(write, header, zones: tuple[int, ...], message: str) -> None:  # type: ignore[no-untyped-def]
    content = HEADER.replace(*header) + "".join(block(in_zone(z, 3 * z + 0.1, 41.2)) for z in zones)
    with pytest.raises(PlannerError) as refused:
        read_guotu_txt(write(content))
    assert refused.value.message.id == f"intake_tables.{message}"


def test_eastings_with_and_without_a_zone_in_one_file_are_refused(write) -> None:  # type: ignore[no-untyped-def]
    content = HEADER + block(OUTER) + block([(x, y - 41_000_000) for x, y in OUTER])
    with pytest.raises(PlannerError) as refused:
        read_guotu_txt(write(content))
    assert refused.value.message.id == "intake_tables.txt_two_zones"


def test_plots_arrive_with_number_and_name_and_other_attributes_are_listed_as_left_out(write, benxi: Path) -> None:  # type: ignore[no-untyped-def]
    content = HEADER + block(OUTER, area=1).replace(",,,@", ",K51G,采矿用地,0602,@")
    report = run(benxi, "legacy_mine", write(content))
    rows = read_plan(benxi)["legacy_mine"]
    assert (rows["code"].tolist(), rows["name"].tolist()) == (["1"], ["甲地块"])
    assert {"地块用途", "地块面积", "地类编码", "界址点数"} <= set(report.mapped.left_out)
    shown = [str(m) for m in report.messages() if m.id == "intake.left_out"]
    assert any("采矿用地" in line for line in shown)


def test_plots_of_both_zones_come_into_a_plan_as_one_layer(write, benxi: Path) -> None:  # type: ignore[no-untyped-def]
    content = HEADER + block(in_zone(41, 124.40, 41.2), name="西块") + block(in_zone(42, 124.60, 41.2), name="东块")
    report = run(benxi, "legacy_mine", write(content))
    assert report.added == 2 and "intake_tables.txt_zones_merged" in {m.id for m in report.messages()}
    assert shapely.total_bounds(read_plan(benxi)["legacy_mine"].geometry) == pytest.approx(
        [124.40, 41.2, 124.61, 41.21]
    )


SQUARE = HEADER + block(OUTER, area=1)
SWAPPED = [(y, x) for x, y in OUTER]


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (HEADER + block(SWAPPED), "txt_swapped", 12),
        (HEADER + block([*OUTER[:3], SWAPPED[3]]), "txt_swapped", 15),
        (HEADER.replace("带号=41", "带号=42") + block(OUTER), "txt_zone_differs", 12),
        (HEADER + block([*OUTER[:3], (4580100, 42500000)]), "txt_two_zones", 12),
        (HEADER.replace("几度分带=3", "几度分带=6") + block(OUTER), "txt_zone_width", None),
        (HEADER.replace("带号=41", "带号=四十一") + block(OUTER), "txt_zone_number", None),
        (HEADER.replace("2000国家大地坐标系", "1980西安坐标系") + block(OUTER), "txt_other_datum", None),
        (HEADER.replace("计量单位=米", "计量单位=英尺") + block(OUTER), "txt_unit", None),
        (HEADER.replace("高斯克吕格", "墨卡托") + block(OUTER), "txt_projection", None),
        (without_last_line(SQUARE), "txt_point_count", 11),
        (SQUARE.replace("J3,1,4580100,41500100", "J3,1,4580100"), "txt_point_columns", 14),
        (SQUARE.replace("J3,1,4580100,41500100", "J3,1,4580100,4150O100"), "txt_no_number", 14),
        (SQUARE.replace("J3,1,4580100,41500100", "J3,1,nan,41500100"), "txt_no_number", 14),
        (SQUARE.replace("J3,1,", "J3,一,"), "txt_ring_number", 14),
        (SQUARE.replace("J3,1,", "J3,3,"), "txt_ring_missing", 11),
        (HEADER + block(OUTER, HOLE[:2]), "txt_short_ring", 11),
        (HEADER + block(), "txt_no_points", 11),
        (HEADER + block(OUTER) + "4,1,2,乙,面,,@\n", "txt_plot_columns", 16),
        (HEADER + block(OUTER).replace("面", "线"), "txt_not_polygon", 11),
        (HEADER + "J1,1,4580000,41500000\n", "txt_point_before_plot", 11),
        (HEADER, "txt_no_plots", None),
        ("anything else\n", "txt_no_section", None),
        (HEADER + block([(x + 4_000_000, y) for x, y in OUTER]), "txt_outside", 12),
    ],
)
def test_what_contradicts_itself_is_refused_in_one_sentence(
    write, content: str, message: str, line: int | None
) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlannerError) as refused:
        read_guotu_txt(write(content))
    assert refused.value.message.id == f"intake_tables.{message}"
    assert dict(refused.value.message.params).get("line") == line
    assert "plots.txt" in refused.value.message.in_language("zh") and "plots.txt" in refused.value.message.in_language(
        "en"
    )


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plots.txt"
    path.write_bytes(b"\xff\x80\xff" + HEADER.encode("gbk"))
    with pytest.raises(PlannerError) as refused:
        read_guotu_txt(path)
    assert refused.value.message.id == "intake_tables.not_text"


@given(
    st.lists(st.tuples(st.integers(3, 30), st.floats(50, 5000), st.booleans()), min_size=1, max_size=5),
    st.integers(25, 45),
    st.sampled_from(["gbk", "utf-8"]),
)
def test_what_is_written_comes_back(tmp_path_factory, plots, zone: int, encoding: str) -> None:  # type: ignore[no-untyped-def]
    content, expected = HEADER.replace("带号=41", f"带号={zone}"), []
    for i, (count, radius, closed) in enumerate(plots):
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
        east, north = zone * 1e6 + 450_000 + 9_000 * i + radius * np.cos(turn), 4.4e6 + radius * np.sin(turn)
        ring = np.round(np.column_stack([north, east]), 3)
        inner = np.round((ring + ring.mean(axis=0)) / 2, 3)
        rings = [[(f"{n:.3f}", f"{e:.3f}") for n, e in r] for r in (ring, inner)]
        content += block(*[r + r[:1] if closed else r for r in rings], name=f"第{i}块")
        expected.append(shapely.Polygon(ring[:, ::-1], [inner[:, ::-1]]))
    path = tmp_path_factory.mktemp("txt") / "plots.txt"
    path.write_bytes(content.encode(encoding))
    source = read_guotu_txt(path)
    assert source.epsg == 4488 + zone and len(source) == len(plots)
    assert shapely.equals_exact(source.geometry, np.array([*expected, None])[:-1], 1e-6).all()


def test_the_real_sample_lies_on_its_towns(shared: Path) -> None:
    source = read_guotu_txt(shared / "data" / "messy" / "guotu_txt_benxi_zone41_gbk.txt")
    assert source.fields["地块名称"] == ["牛心台街道", "连山关镇"] and source.epsg == 4529
    assert source.encoding == "gb18030" and len(source.notes) == 1
    to_degrees = pyproj.Transformer.from_crs(source.epsg, 4490, always_xy=True)
    plots = shapely.transform(source.geometry, lambda c: np.column_stack(to_degrees.transform(*c.T)))
    towns = read_layer(shared / "data" / "benxi.gpkg", "towns")
    named = [towns.columns["name"].index(name) for name in source.fields["地块名称"]]
    # The sample's makers left out vertices of the towns, up to 30 m from the line; those they kept are to the millimetre.
    kept = shapely.points(shapely.get_coordinates(plots))
    corners = shapely.union_all(shapely.points(shapely.get_coordinates(towns.geometry[named])))
    assert shapely.distance(kept, corners).max() < 2e-8
    assert shapely.hausdorff_distance(plots, towns.geometry[named]).max() < 4e-4
    assert ellipsoidal_area(plots) == pytest.approx(ellipsoidal_area(towns.geometry[named]), rel=5e-3)
    # The file states planar areas, off by what zone 41's scale makes at its edge.
    assert ellipsoidal_area(plots) / 1e4 == pytest.approx(source.fields["地块面积"], rel=3e-4)
