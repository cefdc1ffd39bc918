"""国土TXT written and read back by our own reader: holes, parts, zones, encodings, and what cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
import shapely.affinity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restoration_planner.core.delivery.corner_points import corner_points
from restoration_planner.core.delivery.guotu_txt import Plot, write_guotu_txt
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.intake.guotu_txt import is_guotu_txt, read_guotu_txt

DAY = date(2026, 5, 1)
#: About 850 m × 1100 m around 124.005°E 41.005°N, with a lake in it that has an island, and a part of its own.
FIELD = shapely.box(124.00, 41.00, 124.01, 41.01)
LAKE = shapely.box(124.003, 41.003, 124.007, 41.007)
ISLAND = shapely.box(124.004, 41.004, 124.005, 41.005)
ASIDE = shapely.box(124.02, 41.00, 124.021, 41.001)
SITE = shapely.MultiPolygon([FIELD.difference(LAKE), ISLAND, ASIDE])


def metres(geometry: object, zone: int) -> object:
    """By pyproj alone, from EPSG:4490 into the zone with its number in the easting."""
    transformer = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{4488 + zone}", always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def farthest_mm(one: object, other: object) -> float:
    """Between the corners of two shapes, whichever way round their rings run."""
    left, right = shapely.get_coordinates(one), shapely.get_coordinates(other)
    apart = np.hypot(left[:, None, 0] - right[None, :, 0], left[:, None, 1] - right[None, :, 1])
    return 1000 * float(max(apart.min(axis=0).max(), apart.min(axis=1).max()))


def written(folder: Path, *plots: Plot, **more: object) -> tuple[Path, list[str]]:
    path = folder / "site.txt"
    notes = write_guotu_txt(path, plots, "某测绘院", DAY, force=True, **more)  # type: ignore[arg-type]
    return path, [note.id for note in notes]


def test_holes_islands_and_parts_come_back(tmp_path: Path) -> None:
    path, notes = written(tmp_path, Plot("A1", "西坡造林", SITE))
    assert notes == [] and is_guotu_txt(path)
    source = read_guotu_txt(path)
    assert source.epsg == 4529
    truth = metres(SITE, 41)
    assert farthest_mm(source.geometry[0], truth) < 0.1
    assert shapely.symmetric_difference(source.geometry[0], truth).area < 0.5
    assert source.fields["地块编号"] == ["A1"] and source.fields["地块名称"] == ["西坡造林"]
    assert source.fields["地块面积"][0] == pytest.approx(float(ellipsoidal_area(SITE)) / 1e4, abs=1e-4)


def test_the_header_says_what_the_coordinates_are(tmp_path: Path) -> None:
    lines = written(tmp_path, Plot("A1", "西坡造林", FIELD))[0].read_text(encoding="gbk").splitlines()
    assert lines[:2] == ["[属性描述]", "格式版本号=1.01版本"]
    assert {"坐标系=2000国家大地坐标系", "几度分带=3", "带号=41", "投影类型=高斯克吕格", "计量单位=米"} <= set(lines)
    assert "数据产生单位=某测绘院" in lines and "数据产生日期=2026-5-1" in lines and "精度=0.0001" in lines
    first = lines.index("[地块坐标]") + 1
    assert lines[first] == f"5,{float(ellipsoidal_area(FIELD)) / 1e4:.4f},A1,西坡造林,面,,,,@"
    # closed, clockwise from the north-west corner, north before east
    corners = [tuple(map(float, line.split(",")[2:])) for line in lines[first + 1 :]]
    assert [line.split(",")[0] for line in lines[first + 1 :]] == ["J1", "J2", "J3", "J4", "J1"]
    truth = {name: metres(shapely.Point(*at), 41) for name, at in
             {"nw": (124.0, 41.01), "ne": (124.01, 41.01), "se": (124.01, 41.0), "sw": (124.0, 41.0)}.items()}  # fmt: skip
    for corner, name in zip(corners, ("nw", "ne", "se", "sw", "nw")):
        assert corner == pytest.approx((truth[name].y, truth[name].x), abs=1e-4)  # type: ignore[attr-defined]


def test_holes_are_numbered_behind_their_outline(tmp_path: Path) -> None:
    lines = written(tmp_path, Plot("A1", "甲", SITE))[0].read_text(encoding="gbk").splitlines()
    rings = [line.split(",")[1] for line in lines if line.startswith("J")]
    assert list(dict.fromkeys(rings)) == ["1", "2", "3", "4"]
    points = corner_points(SITE)
    assert [(r.part, r.is_hole, r.first) for r in points.rings] == [
        (1, False, 1),
        (1, True, 5),
        (2, False, 9),
        (3, False, 13),
    ]
    # the hole runs against the clock: its area, north as x and east as y, has the other sign
    signed = [np.sum(r.points[:, 0] * np.roll(r.points[:, 1], -1) - np.roll(r.points[:, 0], -1) * r.points[:, 1])
              for r in points.rings]  # fmt: skip
    assert [s > 0 for s in signed] == [True, False, True, True]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lon=st.floats(74, 134),
    lat=st.floats(18.5, 53),
    seed=st.integers(0, 10_000),
    parts=st.integers(1, 4),
    holes=st.integers(0, 3),
    size=st.sampled_from([1e-5, 1e-3, 5e-2]),
)
def test_any_site_comes_back_within_a_tenth_of_a_millimetre(
    tmp_path: Path, lon: float, lat: float, seed: int, parts: int, holes: int, size: float
) -> None:
    chance = np.random.default_rng(seed)
    shapes = []
    for part in range(parts):
        angles = np.sort(chance.uniform(0, 2 * np.pi, 12))
        radii = chance.uniform(0.8, 1, 12)
        outline = shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))
        lakes = [
            shapely.affinity.translate(shapely.Point(0, 0).buffer(0.08, 3), 0.25 * np.cos(a), 0.25 * np.sin(a))
            for a in 2 * np.pi * np.arange(holes) / 3
        ]
        whole = shapely.convex_hull(shapely.union(outline, shapely.Point(0, 0).buffer(0.5)))
        land = shapely.difference(whole, shapely.union_all(lakes)) if lakes else whole
        shapes.append(shapely.affinity.translate(shapely.affinity.scale(land, size, size, origin=(0, 0)),
                                                 lon + 3 * part * size, lat))  # fmt: skip
    site = shapely.MultiPolygon(shapes)
    zone = int(np.floor(shapely.centroid(site).x / 3 + 0.5))
    path, _ = written(tmp_path, Plot("A1", "随机", site))
    source = read_guotu_txt(path)
    assert source.epsg == 4488 + zone
    truth = metres(site, zone)
    assert farthest_mm(source.geometry[0], truth) < 0.1
    found = source.geometry[0]
    assert len(shapely.get_parts(found)) == parts
    assert sum(len(p.interiors) for p in shapely.get_parts(found)) == parts * holes


def test_a_site_across_two_zones_is_stated_in_one_and_that_is_said(tmp_path: Path) -> None:
    across = shapely.box(124.40, 41.0, 124.52, 41.1)  # the border is 124.5°E, the middle 124.46°E
    path, notes = written(tmp_path, Plot("A1", "跨带", across))
    assert notes == ["sheet.beyond_zone"]
    source = read_guotu_txt(path)
    assert source.epsg == 4529 and farthest_mm(source.geometry[0], metres(across, 41)) < 0.1


def test_several_plots_share_the_zone_of_their_middle(tmp_path: Path) -> None:
    near, far = shapely.box(124.3, 41, 124.4, 41.1), shapely.box(124.6, 41, 124.9, 41.1)
    path, notes = written(tmp_path, Plot("A1", "西", near), Plot("A2", "东", far))
    source = read_guotu_txt(path)
    assert source.epsg == 4530 and notes == ["sheet.beyond_zone"]
    assert farthest_mm(source.geometry[0], metres(near, 42)) < 0.1


def test_marks_of_the_format_in_a_name_do_no_harm(tmp_path: Path) -> None:
    path, _ = written(tmp_path, Plot("A,1", "甲，乙,丙\n丁＝[戊]@", FIELD))
    source = read_guotu_txt(path)
    assert source.fields["地块编号"] == ["A、1"] and source.fields["地块名称"] == ["甲、乙、丙 丁=[戊]@"]


def test_characters_that_gbk_lacks_are_said_and_utf8_keeps_them(tmp_path: Path) -> None:
    plot = Plot("A1", "㐂村10hm²", FIELD)
    path, notes = written(tmp_path, plot)
    assert notes == ["sheet.txt_characters"]
    assert read_guotu_txt(path).fields["地块名称"] == ["?村10hm2"]
    path, notes = written(tmp_path, plot, encoding="UTF-8")
    assert notes == [] and read_guotu_txt(path).fields["地块名称"] == ["㐂村10hm²"]


def test_rings_too_small_for_the_precision_are_left_out_and_said(tmp_path: Path) -> None:
    speck = shapely.box(124.005, 41.005, 124.005 + 1e-11, 41.005 + 1e-11)
    path, notes = written(tmp_path, Plot("A1", "甲", FIELD.difference(speck)))
    assert notes == ["sheet.txt_rings_lost"] and len(read_guotu_txt(path).geometry[0].interiors) == 0
    with pytest.raises(PlannerError) as told:
        written(tmp_path, Plot("A1", "甲", speck))
    assert told.value.message.id == "sheet.txt_nothing_left"


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "site.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(PlannerError) as told:
        write_guotu_txt(path, [Plot("A1", "甲", FIELD)], "", DAY)
    assert told.value.message.id == "store.exists" and path.read_text(encoding="utf-8") == "mine"


def test_an_encoding_that_is_not_offered(tmp_path: Path) -> None:
    with pytest.raises(PlannerError) as told:
        written(tmp_path, Plot("A1", "甲", FIELD), encoding="Big5")
    assert told.value.message.id == "sheet.txt_encoding" and not (tmp_path / "site.txt").exists()


def test_five_thousand_points(tmp_path: Path) -> None:
    angles = 2 * np.pi * np.arange(5000) / 5000
    round_site = shapely.Polygon(np.column_stack([124.2 + 0.02 * np.cos(angles), 41.2 + 0.02 * np.sin(angles)]))
    path, _ = written(tmp_path, Plot("A1", "圆", round_site))
    found = read_guotu_txt(path).geometry[0]
    assert len(found.exterior.coords) == 5001
