"""The HTML report: complete, self-contained, escaped, and small enough for a browser."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.report.svg_paths import MapFrame, path_of
from restoration_planner.core.report.values import area_text, share_text
from restoration_planner.core.report.write import render
from restoration_planner.core.siting.findings import CheckResult
from restoration_planner.core.texts import set_language

from .conftest import Checked, finding, project

VOID = {"meta", "br", "input", "img", "hr", "link"}


class Page(HTMLParser):
    """Reads a page, notes unbalanced tags, and keeps text, elements and ids."""

    def __init__(self, written: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.told: list[str] = []
        self.feed(written.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.told.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.told).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(checked: Checked) -> Page:
    return Page(render(checked.result, checked.tables, "html"))


def test_every_tag_is_closed(checked: Checked) -> None:
    read = page(checked)
    assert read.unbalanced == []
    assert read.open == []


def test_it_tells_every_project_with_grade_area_advice_basis_and_review(checked: Checked) -> None:
    told = page(checked).text
    for project_ in checked.result.projects:
        assert project_.code in told
    assert "冲突" in told
    assert "3.72 km²" in told
    assert "49.99 %" in told
    assert "自然资发〔2022〕142号" in told
    assert "已认可 · 已取得意见 · 本自然资〔2026〕3号 · 李某 · 2026-03-01" in told
    assert "1.23 公顷" in told
    assert "2 处小于门限的碎片" in told


def test_it_speaks_the_language_in_force(checked: Checked) -> None:
    assert page(checked).all("html")[0]["lang"] == "zh-Hans"
    set_language("en")
    read = page(checked)
    assert read.all("html")[0]["lang"] == "en"
    assert "Siting check report" in read.text
    # What is left in Chinese comes from the plan and from the run, not from the page.
    own = re.sub(r"[^一-鿿]", "", read.text)
    from_data = "某市生态修复规划西区东区河道治理甲乙蝴蝶结北山一区调整范围自然资发号已取得意见本李某"
    assert set(own) <= set(from_data)


def test_names_are_shown_as_written_and_never_run(checked: Checked) -> None:
    read = page(checked)
    assert "<script>alert(1)</script> & 'x' \"y\"" in read.text
    assert "东区 <b>" in read.text
    assert "某市生态修复规划 <i>" in read.text
    assert len(read.all("script")) == 1


@settings(max_examples=25)
@given(name=st.text(st.sampled_from("<>&\"'=/!-]x 河;#`"), max_size=30))
def test_any_name_leaves_the_page_whole(name: str) -> None:
    set_language("zh")
    found = finding(0, name, "red_line", "review", target_name=name, advice=name, basis=name)
    result = CheckResult(projects=(project(0, name, name, 1.0, found),), dropped_slivers=0, plan=name)
    tables = PlanTables({"plan": Rows.from_records("plan", [{"name": name}])})
    read = Page(render(result, tables, "html"))
    assert read.unbalanced == []
    assert len(read.all("script")) == 1
    assert " ".join(name.split()) in read.text


def test_nothing_is_fetched_from_anywhere(checked: Checked) -> None:
    written = render(checked.result, checked.tables, "html").decode("utf-8")
    read = page(checked)
    for _, attributes in read.elements:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert not read.all("link")
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", written))
    assert "@import" not in written
    policy = next(m["content"] for m in read.all("meta") if m.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy


def test_links_from_the_map_lead_to_the_projects(checked: Checked) -> None:
    read = page(checked)
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    targets = {a["href"] for a in read.all("a")}
    assert targets
    assert all(target is not None and target[1:] in ids for target in targets)


def test_without_javascript_everything_shows_and_the_controls_hide(checked: Checked) -> None:
    read = page(checked)
    controls = next(a for a in read.all("div") if a.get("id") == "controls")
    assert "hidden" in controls
    hidden = [a for name, a in read.elements if "hidden" in a and name != "div"]
    assert hidden == []


def test_the_drawings_are_well_formed_svg(checked: Checked) -> None:
    written = render(checked.result, checked.tables, "html").decode("utf-8")
    drawings = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(drawings) > 5
    for drawing in drawings:
        ElementTree.fromstring(drawing)


def test_a_plan_without_any_geometry_has_a_report_without_a_map(checked: Checked) -> None:
    bare = replace(
        checked.result,
        projects=tuple(
            replace(p, findings=tuple(replace(f, geometry=None) for f in p.findings)) for p in checked.result.projects
        ),
    )
    read = Page(render(bare, PlanTables({}), "html"))
    assert not [a for a in read.all("svg") if a.get("class") == "map"]
    assert "A1" in read.text


def test_a_site_with_impossible_coordinates_is_left_off_the_map(checked: Checked) -> None:
    projects = checked.tables["project"]
    assert projects.geometry is not None
    wild = projects.geometry.copy()
    wild[2] = shapely.polygons(np.array([(124, 41), (np.nan, 42), (125, np.inf), (124, 41)]))
    tables = PlanTables({**checked.tables.rows, "project": replace(projects, geometry=wild)})
    assert Page(render(checked.result, tables, "html")).unbalanced == []


def test_a_users_own_rule_is_shown_by_its_name(checked: Checked) -> None:
    own = finding(0, "A1", "水源保护区", "review")
    result = replace(checked.result, projects=(project(0, "A1", "甲", 1.0, own),))
    assert "水源保护区" in Page(render(result, checked.tables, "html")).text


def test_twenty_thousand_projects_stay_small_quick_and_counted() -> None:
    count = 20_000
    places = np.random.default_rng(1).uniform((124, 41), (125, 41.4), (count, 2))
    sites = shapely.box(places[:, 0], places[:, 1], places[:, 0] + 0.002, places[:, 1] + 0.002)
    projects = tuple(
        project(
            i,
            f"P{i}",
            f"第{i}号小流域综合治理工程",
            40_000.0,
            *(
                finding(i, f"P{i}", rule, grade, area_m2=100.0, share_pct=1.0, basis="依据", geometry=sites[i])
                for rule, grade in (
                    ("red_line", "violation" if i % 50 == 0 else "review"),
                    ("basic_farmland", "review"),
                )
            ),
        )
        for i in range(count)
    )
    table = Rows.from_records("project", [{"code": p.code} for p in projects], list(sites))
    began = time.perf_counter()
    written = render(CheckResult(projects=projects, dropped_slivers=0), PlanTables({"project": table}), "html")
    assert time.perf_counter() - began < 20
    assert len(written) < 20e6
    told = Page(written).text
    listed = len(re.findall(rb'<tbody id="p\d+"', written))
    assert f"其余 {count - listed} 个项目" in told
    # The worst come first: every violation is there.
    assert all(f'<tbody id="p{i}"'.encode() in written for i in range(0, count, 50))


def test_north_is_up_and_the_scale_is_true() -> None:
    frame = MapFrame.around((124.0, 41.0, 125.0, 41.5), 1000)
    south, north, east = frame.to_pixels(np.array([(124.5, 41.1), (124.5, 41.4), (124.6, 41.25)]))
    assert north[1] < south[1]
    assert east[0] > south[0]
    metres = Geod(ellps="GRS80").line_length([124.4, 124.6], [41.25, 41.25])
    ends = frame.to_pixels(np.array([(124.4, 41.25), (124.6, 41.25)]))
    assert (ends[1, 0] - ends[0, 0]) / frame.pixels_per_km == pytest.approx(metres / 1000, rel=0.01)


def test_a_hole_stays_open_in_the_drawing() -> None:
    """The shell and its hole run in opposite directions, whatever the data's."""
    square = "POLYGON((124 41, 125 41, 125 42, 124 42, 124 41), (124.2 41.2, 124.8 41.2, 124.8 41.8, 124.2 41.8, 124.2 41.2))"
    frame = MapFrame.around((124, 41, 125, 42), 500)
    rings = path_of(np.array([shapely.from_wkt(square)], dtype=object), frame).split("M")[1:]
    turns = []
    for ring in rings:
        moves = np.array(re.findall(r"-?\d+", ring.split("l")[1]), dtype=float).reshape(-1, 2)
        points = np.vstack([[0, 0], np.cumsum(moves, axis=0)])
        turns.append(np.sign(shapely.polygons(points).exterior.is_ccw - 0.5))
    assert turns[0] == -turns[1]


@pytest.mark.parametrize(
    ("area", "shown"),
    [
        (None, ""),
        (float("nan"), ""),
        (0.0, "0.00 m²"),
        (9_999.99, "9,999.99 m²"),
        (10_000.0, "1.00 公顷"),
        (1_020_000.0, "1.02 km²"),
        (3_407_900_000.0, "3,407.90 km²"),
    ],
)
def test_areas_are_shown_in_the_unit_that_suits_them(area: float | None, shown: str) -> None:
    assert area_text(area) == shown


def test_a_share_too_small_to_print_is_not_shown_as_nothing() -> None:
    assert share_text(0.0001) == "< 0.01 %"
    assert share_text(0.0) == "0.00 %"
    assert share_text(100.0) == "100.00 %"
