"""Coordinates in the ways that planners paste them: every writing of one square is that square."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.asking import ChoiceNeeded
from restoration_planner.core.intake.gcj02 import to_gcj02
from restoration_planner.core.intake.projection import Place
from restoration_planner.core.sites.located import Located, locate

CITY = Place((123.7, 40.8, 125.7, 41.6))
CORNERS = np.array([[124.1, 41.2], [124.11, 41.2], [124.11, 41.21], [124.1, 41.21]])
SQUARE = shapely.Polygon(CORNERS)


def in_metres(epsg: int) -> np.ndarray:
    """The corners as (northing X, easting Y), as Chinese surveying writes them."""
    east, north = pyproj.Transformer.from_crs(4490, epsg, always_xy=True).transform(*CORNERS.T)
    return np.round(np.column_stack([north, east]), 3)


def lines(rows: object, form: str) -> str:
    return "\n".join(form.format(*row, n=n) for n, row in enumerate(rows, start=1))  # type: ignore[call-overload]


def dms(value: float) -> tuple[int, int, float]:
    seconds = round(value * 3600, 6)
    return int(seconds // 3600), int(seconds % 3600 // 60), seconds % 60


def in_dms(form: str) -> str:
    return "\n".join(form.format(*dms(lon), *dms(lat)) for lon, lat in CORNERS)


ZONED, PLAIN = in_metres(4529), in_metres(4550)
LAT_LON = CORNERS[:, ::-1]

DEGREES = {
    "spaces": lines(CORNERS, "{} {}"),
    "commas": lines(CORNERS, "{},{}"),
    "Chinese commas": lines(CORNERS, "{}，{}"),
    "enumeration commas": lines(CORNERS, "{}、{}"),
    "semicolons on one line": ";".join(f"{x},{y}" for x, y in CORNERS),
    "brackets on one line": ", ".join(f"({x}, {y})" for x, y in CORNERS),
    "a closing point": lines([*CORNERS, CORNERS[0]], "{}\t{}"),
    "latitude first": lines(LAT_LON, "{} {}"),
    "point numbers": lines(CORNERS, "J{n} {} {}"),
    "counted": lines(CORNERS, "{n}、{}，{}"),
    "counted in a column": lines(CORNERS, "{n}\t{}\t{}"),
    "heights behind": lines(CORNERS, "{} {} 350.5"),
    "hemispheres": lines(CORNERS, "{}°E, {}°N"),
    "words": lines(LAT_LON, "北纬{}度 东经{}度"),
    "empty lines between": lines(CORNERS, "{} {}\n"),
    "a title": "项目区拐点坐标\n" + lines(CORNERS, "{} {}"),
    "a head": "拐点\t经度\t纬度\n" + lines(CORNERS, "{n}\t{}\t{}"),
    "degrees and minutes and seconds": in_dms("{}°{}′{:.4f}″ {}°{}′{:.4f}″"),
    "typed strokes": in_dms("E{}°{}'{:.4f}\", N{}°{}'{:.4f}\""),
    "Chinese words": in_dms("东经{}度{}分{:.4f}秒，北纬{}度{}分{:.4f}秒"),
    "hyphens": in_dms("{}-{}-{:.4f} {}-{}-{:.4f}"),
    "colons": in_dms("{}:{}:{:.4f}; {}:{}:{:.4f}"),
    "WKT": SQUARE.wkt,
    "WKT of another": f"SRID=4490;MULTI{SQUARE.wkt.replace('((', '(((').replace('))', ')))')}",
}
METRES = {
    "X and Y with zone": "点号 X Y\n" + lines(ZONED, "J{n} {:.3f} {:.3f}"),
    "X and Y with zone in tabs": "点号\tX坐标\tY坐标\n" + lines(ZONED, "{n}\t{:.3f}\t{:.3f}"),
    "X and Y without zone": "点号,X,Y\n" + lines(PLAIN, "{n},{:.3f},{:.3f}"),
    "without a head": lines(PLAIN, "{:.3f} {:.3f}"),
    "east first": lines(PLAIN[:, ::-1], "{:.3f} {:.3f}"),
    "axes named in each line": lines(ZONED, "X={:.3f}，Y={:.3f}"),
    "thousands": lines(ZONED, "{:,.3f} {:,.3f}"),
    "thousands in tabs": lines(PLAIN, "{n}\t{:,.3f}\t{:,.3f}"),
    "ring numbers": lines(PLAIN, "J{n},1,{:.3f},{:.3f}"),
    "国土TXT": "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=41\n[地块坐标]\n4,,1,地块一,面,,,,@\n"
    + lines([*ZONED, ZONED[0]], "J{n},1,{:.3f},{:.3f}").replace("J5", "J1"),
    "plots alone": "4,,1,地块一,面,,,,@\n" + lines([*ZONED, ZONED[0]], "J{n},1,{:.3f},{:.3f}").replace("J5", "J1"),
}  # fmt: skip


def only(found: Located) -> shapely.Geometry:
    assert found.kind == "outline"
    (shape,) = found.shapes
    return shape


def off_m(shape: shapely.Geometry) -> float:
    return float(shapely.hausdorff_distance(shape, SQUARE)) * 111_000


@pytest.mark.parametrize("writing", DEGREES)
def test_degrees_are_read_however_they_are_written(writing: str) -> None:
    found = locate(DEGREES[writing], CITY)
    assert found.crs == "EPSG:4490"
    assert off_m(only(found)) < 0.01


@pytest.mark.parametrize("writing", METRES)
def test_metres_are_read_however_they_are_written(writing: str) -> None:
    found = locate(METRES[writing], CITY)
    assert found.crs in ("EPSG:4529", "EPSG:4550")
    assert off_m(only(found)) < 0.01


@pytest.mark.parametrize("writing", [*DEGREES, *METRES])
def test_full_width_digits_are_read_and_told(writing: str) -> None:
    pasted = {**DEGREES, **METRES}[writing]
    wide = pasted.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789.,"})
    found = locate(wide, CITY)
    assert off_m(only(found)) < 0.01
    assert "site.full_width" in [n.id for n in found.notes]


def test_which_comes_first_is_told() -> None:
    assert "intake.axes_swapped" in [n.id for n in locate(DEGREES["latitude first"], CITY).notes]
    assert "intake.axes_swapped" not in [n.id for n in locate(DEGREES["spaces"], CITY).notes]


def test_an_empty_line_or_a_title_begins_another_part_and_a_ring_within_is_a_hole() -> None:
    inner = CORNERS.mean(axis=0) + (CORNERS - CORNERS.mean(axis=0)) / 4
    away = CORNERS + (0.05, 0)
    found = locate("\n\n".join(lines(ring, "{} {}") for ring in (CORNERS, inner, away)), CITY)
    assert [shapely.get_num_interior_rings(s) for s in found.shapes] == [1, 0]
    titled = locate("地块一\n" + lines(CORNERS, "{} {}") + "\n地块二\n" + lines(away, "{} {}"), CITY)
    assert len(titled.shapes) == 2


def test_places_can_be_meant_as_points_or_as_a_line() -> None:
    points = locate("124.1 41.2\n124.2 41.3", CITY)
    assert points.kind == "points"
    assert shapely.get_coordinates(points.shapes).tolist() == [[124.1, 41.2], [124.2, 41.3]]
    line = locate("124.1 41.2\n124.2 41.3", CITY, kind="line")
    assert [s.wkt for s in line.shapes] == ["LINESTRING (124.1 41.2, 124.2 41.3)"]
    corners = locate(DEGREES["spaces"], CITY, kind="points")
    assert len(corners.shapes) == 4
    with pytest.raises(PlannerError):
        locate("124.1 41.2\n124.2 41.3", CITY, kind="outline")


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "No coordinates"),
        ("本溪县", "No coordinates"),
        ("124.1", "No coordinates"),
        ("124.1 41.2\n1234 5678\n124.2 41.2", "line 2"),
        ("124.1 41.2\n12 34\n5 6\n124.2 41.2", "2 lines"),
        ("POLYGON ((124.1 41.2, 124.2 41.2", "WKT"),
    ],
)
def test_what_is_no_coordinates_is_refused_with_the_place(pasted: str, words: str) -> None:
    with pytest.raises(PlannerError) as refused:
        locate(pasted, CITY)
    assert words in refused.value.message.in_language("en")


def test_metres_without_a_zone_where_the_city_is_unknown_have_to_be_chosen() -> None:
    with pytest.raises(ChoiceNeeded) as asked:
        locate(METRES["without a head"], None)
    assert "EPSG:4550" in [choice.value for choice in asked.value.choices]
    found = locate(METRES["without a head"], None, epsg=4550)
    assert off_m(only(found)) < 0.01
    assert len(found.choices) > 5, "and can be changed again"


def test_coordinates_of_a_web_map_are_recognised_by_the_towns_and_put_right() -> None:
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    town = shapely.Polygon(np.column_stack([124.3 + 0.05 * np.cos(angle), 41.2 + 0.04 * np.sin(angle)]))
    pasted = lines(to_gcj02(shapely.get_coordinates(town)[:-1]), "{:.7f},{:.7f}")
    found = locate(pasted, CITY, known=[town, None])
    assert found.from_web_map is True
    assert "site.looks_offset" in [n.id for n in found.notes]
    mended = locate(pasted, CITY, known=[town], web_map=True)
    assert shapely.hausdorff_distance(only(mended), town) < 1e-6
    honest = locate(lines(shapely.get_coordinates(town)[:-1], "{:.7f},{:.7f}"), CITY, known=[town])
    assert honest.from_web_map is False


@pytest.mark.parametrize(
    ("corner", "line"),
    [
        ("124°75′00″ 41°12′00″", 2),
        ("124-75-00 41-12-00", 2),
        ("124.11", 2),
        ("124.11 91.2", 2),
        ("124.11 41.2 350.5 124.11 41.205 350.5", 2),
        ("124.11 41.2; 924.11 41.205; 124.11 41.208", 2),
    ],
)
def test_a_corner_that_cannot_be_read_is_never_left_out_of_an_outline(corner: str, line: int) -> None:
    rows = [f"{x} {y}" for x, y in CORNERS]
    rows[1] = corner
    with pytest.raises(PlannerError, match=f"line {line} |第 {line} 行"):
        locate("\n".join(rows), CITY)


def test_headings_with_a_number_are_still_headings() -> None:
    for heading in ("地块1", "地块一 面积 2.35 公顷", "123-75-12", "2."):
        found = locate(f"{heading}\n" + lines(CORNERS, "{} {}"), CITY)
        assert found.shapes[0].normalize().equals(SQUARE.normalize()), heading


HEADS = {
    "no head": ("", "{n} {} {} {:.4f} {} {} {:.4f}"),
    "a head": ("点号 度 分 秒 度 分 秒\n", "{n} {} {} {:.4f} {} {} {:.4f}"),
    "named twice": ("点号\t经度\t\t\t纬度\n\t度\t分\t秒\t度\t分\t秒\n", "J{n}\t{}\t{}\t{:.4f}\t{}\t{}\t{:.4f}"),
    "only the axes named": ("点号,经度,纬度\n", "{n},{},{},{:.4f},{},{},{:.4f}"),
    "long names": ("拐点,经度(度),经度(分),经度(秒),纬度(度),纬度(分),纬度(秒)\n", "{n},{},{},{:.4f},{},{},{:.4f}"),
}


def in_columns(head: str) -> str:
    title, form = HEADS[head]
    return title + lines([(*dms(lon), *dms(lat)) for lon, lat in CORNERS], form)


@pytest.mark.parametrize("head", HEADS)
def test_degrees_minutes_and_seconds_in_columns_of_their_own_are_read(head: str) -> None:
    found = locate(in_columns(head), CITY)
    assert off_m(only(found)) < 0.01
    assert "site.pasted_columns" in [n.id for n in found.notes]


@pytest.mark.parametrize("corner", ["3 124 75 0 41 12 0", "3 124 6 41 12 0", "3 空"])
@pytest.mark.parametrize("head", ["no head", "a head"])
def test_a_corner_in_columns_that_cannot_be_read_is_named(head: str, corner: str) -> None:
    rows = in_columns(head).splitlines()
    rows[-2] = corner
    with pytest.raises(PlannerError) as refused:
        locate("\n".join(rows), CITY)
    assert f"line {len(rows) - 1} " in refused.value.message.in_language("en")


@pytest.mark.parametrize(
    "closing",
    [
        "面积：153.2公顷",
        "面积：153.2公顷，合2298亩",
        "合计 153.2",
        "共4个点",
        "备注：无",
        "说明 现状为林地",
        "2298亩",
        "面积 2298 亩",
    ],
)
@pytest.mark.parametrize(
    "writing", ["spaces", "X and Y with zone", "X and Y with zone in tabs", "X and Y without zone"]
)
def test_a_closing_line_without_places_is_left_out_and_told(writing: str, closing: str) -> None:
    found = locate({**DEGREES, **METRES}[writing] + "\n" + closing, CITY)
    assert off_m(only(found)) < 0.01
    assert "intake_tables.set_aside" in [n.id for n in found.notes]


@pytest.mark.parametrize("corner", ["J5 空 41592000.5", "J5", "J5 4563000", "J5 4563000.12 亩"])
def test_a_corner_that_cannot_be_read_is_no_closing_line(corner: str) -> None:
    with pytest.raises(PlannerError) as refused:
        locate(METRES["X and Y with zone"] + "\n" + corner, CITY)
    assert "row 6" in refused.value.message.in_language("en")


def test_a_corner_called_as_a_closing_line_begins_is_still_a_corner() -> None:
    found = locate(METRES["X and Y with zone"] + "\n备注点 4564000.12 41592000.50", CITY)
    assert shapely.get_num_coordinates(only(found)) == 6


def test_places_far_outside_the_plan_are_told_with_the_distance() -> None:
    with pytest.raises(ChoiceNeeded) as asked:
        locate("121.4 31.2\n121.5 31.2\n121.5 31.3", CITY)
    assert [c.value for c in asked.value.choices] == ["EPSG:4490"]
    assert asked.value.message.id == "site.pasted_far"
    # From 121.5° E 31.3° N to the city's corner at 123.7° E 40.8° N
    metres = pyproj.Geod(ellps="GRS80").inv(121.5, 31.3, 123.7, 40.8)[2]
    assert dict(asked.value.message.params)["km"] == pytest.approx(metres / 1000, rel=0.02)
    assert locate("121.4 31.2\n121.5 31.2\n121.5 31.3", CITY, epsg=4490).crs == "EPSG:4490"
