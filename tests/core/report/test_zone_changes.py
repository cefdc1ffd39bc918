"""The report of zone changes: figures that add up, a map that shows what moved, safe with any name, printable."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration_planner.core.coverage.changes import compare
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.report.svg_paths import MapFrame, lines_of
from restoration_planner.core.report.zone_changes import render
from restoration_planner.core.report.zone_changes_map import MOST_SKETCHES, draw_changes, old_borders
from restoration_planner.core.store.zone_versions import Version
from restoration_planner.core.texts import set_language

from .test_html import Page

HOSTILE = "<script>alert(\"x\")</script> & '名' ]]>"
SAVED = Version(3, "送审稿 <b>", "按“专家”意见 <i>调整</i>", "王工 & 李工", "2026-03-15T09:30:00+08:00", "saved")


def strip(west: float, east: float) -> shapely.Geometry:
    return shapely.box(124 + west, 41, 124 + east, 41.4)


def state(border: float, name: str = "西区") -> PlanTables:
    """Three zones of which the first two share a border that moves; towns of a tenth of a degree."""
    zones = [{"code": "1", "name": name}, {"code": "2", "name": "中区"}, {"code": "3", "name": "东区"}]
    shapes = [strip(0, border), strip(border, 0.8), strip(0.8, 1)]
    towns = [
        {"code": f"t{i}", "name": f"{'甲乙丙丁戊己庚辛壬癸'[i]}镇", "level": "town", "county": "某县"}
        for i in range(10)
    ]
    tables = [
        Rows.from_records("plan", [{"name": "某市生态修复规划 <i>"}]),
        Rows.from_records("restoration_zone", zones, shapes),
        Rows.from_records("key_area", [{"code": "1-1", "name": "库区"}], [strip(0, 0.1)]),
        Rows.from_records("admin_unit", towns, [strip(i / 10, (i + 1) / 10) for i in range(10)]),
    ]
    return PlanTables({rows.table: rows for rows in tables})


def cells(page: bytes, section: str) -> list[list[str]]:
    """The texts of a section's tables, row by row."""
    found = re.search(rf'<section class="s-{section}">(.*?)</section>', page.decode(), re.S)
    assert found
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[1], re.S)
    return [
        [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows
    ]


@pytest.fixture
def report() -> bytes:
    """The border between the first two zones moved east by a town and two fifths of the next."""
    return render(compare(state(0.4), state(0.54)), SAVED)


def test_it_is_one_well_formed_file_that_fetches_nothing(report: bytes) -> None:
    read = Page(report)
    assert read.unbalanced == [] and read.open == []
    assert not [a for tag in ("img", "link", "script", "iframe") for a in read.all(tag)]
    assert all(a["href"].startswith("#") for a in read.all("a") if a["href"])
    ids = {a["id"] for _, a in read.elements if a.get("id")}
    assert {a["href"][1:] for a in read.all("a") if a["href"]} <= ids


def test_it_tells_who_gained_and_lost_and_which_towns_moved(report: bytes) -> None:
    (head, one, two, three, total) = cells(report, "zones")
    assert head == ["修复分区", "调整前", "调整后", "调入", "调出", "净变化"]
    assert (one[0], two[0], three[0], total[0]) == ("1 西区", "2 中区", "3 东区", "合计")
    assert one[3] == one[5] and one[3].startswith("+5") and one[4] == "0"
    assert two[4] == two[5] == one[3].replace("+", "−") and two[3] == "0" and three[3:] == ["0"] * 3
    (_, move) = cells(report, "moves")
    assert move[:3] == ["1", "2 中区", "1 西区"] and move[4] == "1"
    towns = cells(report, "towns")
    assert [row[0] for row in towns if "镇" in row[0] and row[0] != "乡镇（街道）"] == ["戊镇", "己镇"]
    assert towns[1][2:4] == ["2 中区", "1 西区"] and towns[1][5] == "100.00 %"
    assert towns[3][2:4] == ["2 中区", "1 西区"] and towns[3][5] == "40.00 %"
    told = Page(report).text
    assert "重点区域没有变化" in told and "己镇" in told
    assert (
        "送审稿 <b>（2026-03-15 09:30，王工 & 李工）" in told and "现状" in told and "按“专家”意见 <i>调整</i>" in told
    )


@settings(max_examples=30)
@given(st.floats(0.05, 0.75), st.floats(0.05, 0.75))
def test_printed_figures_add_up(before: float, after: float) -> None:
    set_language("zh")
    page = render(compare(state(before), state(after)))
    if 's-zones"' not in page.decode():
        assert abs(before - after) < 1e-6
        return
    *_, total = rows = cells(page, "zones")[1:]
    figures = [[Decimal(v.replace(",", "").replace("−", "-")) for v in row[1:]] for row in rows]
    for column in range(5):
        assert sum(row[column] for row in figures[:-1]) == figures[-1][column], total
    assert all(row[4] == row[2] + row[3] for row in figures)


def test_the_same_state_twice_is_said_in_a_sentence() -> None:
    read = Page(render(compare(state(0.4), state(0.4)), SAVED, SAVED))
    assert "没有差别" in read.text and not read.all("svg") and not read.all("table")


def test_it_speaks_english() -> None:
    set_language("en")
    read = Page(render(compare(state(0.4, "A"), state(0.55, "A"))))
    assert read.all("html")[0]["lang"] == "en"
    assert (
        "Changes of the restoration zones" in read.text and "Gained" in read.text and "the present state" in read.text
    )
    own = set(re.sub(r"[^一-鿿]", "", read.text))
    assert own <= set("某市生态修复规划中东区库镇县甲乙丙丁戊己庚辛壬癸")


def test_any_name_is_text() -> None:
    version = Version(1, HOSTILE, HOSTILE, HOSTILE, "2026-03-15T09:30:00+08:00", "saved")
    read = Page(render(compare(state(0.4, "旧 " + HOSTILE), state(0.55, HOSTILE)), version, version))
    assert not read.all("script") and read.unbalanced == []
    assert read.text.count(HOSTILE) >= 8
    assert f"原名：旧 {HOSTILE}" in read.text


def test_new_and_gone_zones_and_ground_of_no_zone_are_said() -> None:
    early, late = state(0.4), state(0.4)
    zones = late["restoration_zone"]
    zones["code"][2], zones["name"][2] = "4", "新区"
    zones.geometry[1] = strip(0.4, 0.7)
    page = render(compare(early, late))
    names = [row[0] for row in cells(page, "zones")]
    assert "4 新区 新增" in names and "3 东区 已取消" in names
    assert ["2 中区", "（不属任何分区）"] in [row[1:3] for row in cells(page, "moves")]
    assert "不再属于任何分区的范围" in Page(page).text


def test_the_map_shows_the_old_border_and_nothing_else_of_the_old_outline() -> None:
    changes = compare(state(0.4), state(0.55))
    (line,) = old_borders(changes.moves, changes.after)
    assert shapely.distance(line, shapely.linestrings([(124.4, 41), (124.4, 41.4)])) == 0
    assert line.bounds == pytest.approx((124.4, 41, 124.4, 41.4), abs=1e-5)
    drawn = draw_changes(changes)
    assert drawn is not None and drawn.svg.count("stroke-dasharray") == 1
    captions = [entry.caption for entry in drawn.legend]
    assert captions[:3] == ["1 西区（调整后）", "2 中区（调整后）", "3 东区（调整后）"]
    assert captions[3:] == ["乡镇界", "调整了所属分区的范围", "调整前的分区界线"]


def test_lines_are_drawn_where_they_lie() -> None:
    frame = MapFrame.around((124.0, 41.0, 125.0, 41.5), 1000)
    lines = shapely.from_wkt(
        ["LINESTRING (124 41.5, 125 41.5)", "MULTILINESTRING ((124 41, 125 41))", "POINT (124 41)"]
    )
    top, bottom = (re.findall(r"-?\d+", p) for p in lines_of(lines, frame).split("M")[1:])
    corners = frame.to_pixels(shapely.get_coordinates(lines[:2])) * 10
    for path, (start, end) in zip((top, bottom), corners.reshape(2, 2, 2)):
        x, y, dx, dy = map(int, path)
        assert (x, y) == pytest.approx(tuple(start), abs=1) and (x + dx, y + dy) == pytest.approx(tuple(end), abs=1)


def test_a_great_many_changes_stay_readable() -> None:
    """Every other of 200 strips changes hands."""
    slices = [shapely.box(124 + i / 200, 41, 124 + (i + 1) / 200, 41.4) for i in range(200)]
    early = Rows.from_records("restoration_zone", [{"code": f"{i}"} for i in range(200)], slices)
    late = Rows.from_records("restoration_zone", [{"code": f"{i ^ 1}"} for i in range(200)], slices)
    page = render(compare(PlanTables({"restoration_zone": early}), PlanTables({"restoration_zone": late})))
    read = Page(page)
    assert read.unbalanced == [] and len(page) < 400_000
    assert len(cells(page, "moves")) == 201
    assert len([a for a in read.all("svg") if a.get("class") == "map"]) == 1 + MOST_SKETCHES
    assert f"另有 {200 - MOST_SKETCHES} 处" in read.text
