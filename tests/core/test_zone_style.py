"""The plan's own zones in the zones' style, written without QGIS."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import shapely

from restoration_planner.core.palette import ZONE_COLOURS
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.zone_style import fill_zone_categories, natural_order, neighbours_of


@pytest.fixture
def qml(repository) -> str:
    return (repository / "layers" / "styles" / "restoration_zone.qml").read_text(encoding="utf-8")


def zones(*rows: tuple[str | None, str | None, str | None]) -> Rows:
    """Rows of (code, name, WKT)."""
    shapes = [None if wkt is None else shapely.from_wkt(wkt) for _, _, wkt in rows]
    return Rows.from_records("restoration_zone", [{"code": c, "name": n} for c, n, _ in rows], shapes)


def categories(qml: str) -> list[tuple[str, str, str]]:
    """(value, label, fill colour) of each category."""
    renderer = ET.fromstring(qml.partition("\n")[2]).find("renderer-v2")
    fills = {
        s.get("name"): s.find("layer[@class='SimpleFill']/Option/Option[@name='color']").get("value")
        for s in renderer.find("symbols")
    }
    return [(c.get("value"), c.get("label"), fills[c.get("symbol")]) for c in renderer.find("categories")]


def rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


WEST = "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)))"
MIDDLE = "MULTIPOLYGON (((1 0, 2 0, 2 1, 1 1, 1 0)))"
EAST = "MULTIPOLYGON (((2 0, 3 0, 3 1, 2 1, 2 0)))"


def test_every_zone_gets_its_code_its_name_and_a_colour_of_its_own(qml):
    found = categories(
        fill_zone_categories(qml, zones(("1", "西区", WEST), ("2", "中区", MIDDLE), ("3", "东区", EAST)))
    )
    assert [c[:2] for c in found] == [("1", "1 西区"), ("2", "2 中区"), ("3", "3 东区"), ("", "其他分区")]
    assert len({c[2] for c in found[:3]}) == 3
    assert {c[2] for c in found[:3]} <= {rgba(c) for c in ZONE_COLOURS}


def test_names_with_markup_stay_text(qml):
    filled = fill_zone_categories(qml, zones(("\"<&'", '保护 & <恢复> "区"', WEST)))
    assert categories(filled)[0][:2] == ("\"<&'", '"<&\' 保护 & <恢复> "区"')


def test_zones_without_code_and_repeated_codes_make_no_category(qml):
    found = categories(fill_zone_categories(qml, zones((None, "无编号", WEST), ("1", "甲", MIDDLE), ("1", "乙", EAST))))
    assert [c[0] for c in found] == ["1", ""]


def test_a_zone_without_name_is_shown_by_its_code(qml):
    assert categories(fill_zone_categories(qml, zones(("Ⅰ", None, None))))[0][:2] == ("Ⅰ", "Ⅰ")


def test_a_plan_without_zones_keeps_the_one_category(qml):
    assert [c[:2] for c in categories(fill_zone_categories(qml, Rows.empty("restoration_zone")))] == [("", "其他分区")]


def test_filling_again_gives_the_same_style(qml):
    rows = zones(("1", "西区", WEST), ("2", "中区", MIDDLE))
    once = fill_zone_categories(qml, rows)
    assert fill_zone_categories(once, rows) == once


def test_filling_again_with_other_zones_leaves_nothing_of_the_old(qml):
    once = fill_zone_categories(qml, zones(("1", "西区", WEST), ("2", "中区", MIDDLE)))
    assert [c[0] for c in categories(fill_zone_categories(once, zones(("9", "新区", EAST))))] == ["9", ""]


def test_categories_stand_in_the_order_of_their_codes():
    assert sorted(["10", "2", "1-10", "1-2", "Ⅱ"], key=natural_order) == ["1-2", "1-10", "2", "10", "Ⅱ"]


def test_zones_that_share_an_edge_or_a_gap_of_metres_are_neighbours():
    near_east = "MULTIPOLYGON (((2.00003 0, 3 0, 3 1, 2.00003 1, 2.00003 0)))"  # 2.5 m of gap
    far = "MULTIPOLYGON (((5 0, 6 0, 6 1, 5 1, 5 0)))"
    rows = zones(("1", "", WEST), ("2", "", MIDDLE), ("3", "", near_east), ("4", "", far), ("5", "", None))
    assert neighbours_of(rows) == [{1}, {0, 2}, {1}, set(), set()]


def test_a_style_without_categories_is_refused():
    with pytest.raises(ValueError):
        fill_zone_categories('<qgis><renderer-v2 type="singleSymbol"/></qgis>', Rows.empty("restoration_zone"))
