"""The list of figures: the appendix's ten, a planner's own instead, and plain words about what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from restoration_planner.core.errors import PlannerError
from restoration_planner.figures.cartography.variants import _VARIANTS
from restoration_planner.figures.catalogue import (
    CATALOGUE,
    COMPANIONS,
    OWN_NAME,
    VARIANTS,
    load_catalogue,
    read_catalogue,
)

ONE = {"number": 3, "title": "{city}分区图", "needs": ["restoration_zone"], "layers": [{"restoration_zone": "named"}]}


def own_list(folder: Path, *figures: object, **more: object) -> Path:
    file = folder / OWN_NAME
    file.write_text(yaml.safe_dump({"figures": list(figures), **more}, allow_unicode=True), encoding="utf-8")
    return file


def test_the_appendix_has_ten_figures_named_for_the_city() -> None:
    figures = load_catalogue().figures
    assert [f.number for f in figures] == list(range(1, 11))
    assert figures[7].title_for("本溪市", "zh") == "本溪市生态修复分区图"
    assert {f.table for f in figures} == {None, *COMPANIONS}


def test_every_variant_that_the_list_may_name_can_be_drawn() -> None:
    named = {(layer, variant) for layer, variants in VARIANTS.items() for variant in variants if layer != "dem"}
    assert {pair for pair in named if pair[1] != "plain"} == set(_VARIANTS)


def test_a_list_beside_the_plan_goes_before_the_plugins(tmp_path: Path) -> None:
    own_list(tmp_path, ONE, review_number="辽S(2026)001号")
    figures = load_catalogue(tmp_path / "plan.gpkg").figures
    assert [(f.number, f.review_number) for f in figures] == [(3, "辽S(2026)001号")]
    assert load_catalogue(tmp_path / "elsewhere" / "plan.gpkg").file == CATALOGUE


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": 0}, "number 应为正整数"),
        ({"number": "三"}, "三"),
        ({"title": ""}, "title"),
        ({"layers": []}, "layers"),
        ({"layers": [{"zones": "named"}]}, "没有图层 zones"),
        ({"layers": [{"restoration_zone": "pink"}]}, "没有样式 pink"),
        ({"layers": ["restoration_zone", 5]}, "5"),
        ({"needs": ["raster"]}, "没有图层 raster"),
        ({"table": "towns"}, "没有附表 towns"),
        ({"colour": "red"}, "不认识的键 colour"),
        ({"legend": [{"title": "甲", "layers": ["river"]}]}, "图例列出了 river"),
        ({"legend": ["river"]}, "river"),
    ],
)
def test_a_mistake_is_told_with_file_figure_and_word(tmp_path: Path, change: dict[str, object], told: str) -> None:
    file = own_list(tmp_path, ONE, {**ONE, "number": 4, **change})
    with pytest.raises(PlannerError) as raised:
        read_catalogue(file)
    assert told in str(raised.value)
    assert "figures.yaml 第 2 幅图" in str(raised.value)


WRITTEN = """\
# our own figures
dem: heights.tif
location: ../borders/province.shp
figures:
  - number: 2
    title: 水系与修复分区
    layers:
      - restoration_zone: pale
      - river: named
    legend:
      - title: {zh: 分区, en: Zones}
        layers: [restoration_zone]
  - number: 1
    title: 行政区划
    layers: [admin_unit: named]
"""


def test_a_list_of_ones_own_has_its_own_figures_order_and_files(tmp_path: Path) -> None:
    (tmp_path / OWN_NAME).write_text(WRITTEN, encoding="utf-8")
    found = load_catalogue(tmp_path / "plan.gpkg")
    assert [(f.number, f.title_for("任意市")) for f in found.figures] == [(2, "水系与修复分区"), (1, "行政区划")]
    assert found.dem == tmp_path / "heights.tif"
    assert found.location == tmp_path / "../borders/province.shp"
    assert [g.title["zh"] for g in found.figures[0].legend] == ["分区"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("river: named", "river: blue", "第 1 幅图（第 9 行）：图层 river 没有样式 blue"),
        ("river: named", "rivers: named", "第 1 幅图（第 9 行）：没有图层 rivers"),
        ("layers: [restoration_zone]", "layers: [red_line]", "第 1 幅图（第 12 行）：图例列出了 red_line"),
        ("number: 1", "number: one", "第 2 幅图（第 13 行）：number"),
        ("number: 1", "number: 2", "第 13 行：编号 2"),
        ("title: 行政区划", "titel: 行政区划", "第 2 幅图（第 14 行）：不认识的键 titel"),
        ("[admin_unit: named]", "admin_unit", "第 2 幅图（第 15 行）：缺少 layers"),
        ("dem: heights.tif", "relief: heights.tif", "第 2 行：不认识的键 relief"),
        ("dem: heights.tif", "dem: [a, b]", "第 2 行：dem 应为文件路径"),
        ("    title: 行政区划\n", "", "第 2 幅图（第 13 行）：缺少 title"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in WRITTEN
    (tmp_path / OWN_NAME).write_text(WRITTEN.replace(right, wrong), encoding="utf-8")
    with pytest.raises(PlannerError) as raised:
        load_catalogue(tmp_path / "plan.gpkg")
    assert told in str(raised.value) and "figures.yaml" in str(raised.value)


@pytest.mark.parametrize("content", ["", "figures:", "figures: []", "- 1", "figures: [", "figures: 3"])
def test_what_is_no_list_of_figures_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / OWN_NAME
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PlannerError, match="figures.yaml"):
        read_catalogue(file)


def test_a_number_stands_once(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="编号 3"):
        read_catalogue(own_list(tmp_path, ONE, ONE))


def test_figures_are_chosen_by_number() -> None:
    catalogue = load_catalogue()
    assert [f.number for f in catalogue.chosen("8， 4,8")] == [8, 4]
    assert len(catalogue.chosen("")) == 10
    with pytest.raises(PlannerError, match="11"):
        catalogue.chosen("8,11")


def test_a_list_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    own_list(tmp_path, ONE)
    assert len(load_catalogue(tmp_path / "plan.gpkg").figures) == 1
    own_list(tmp_path, ONE, {**ONE, "number": ONE["number"] + 1})
    assert len(load_catalogue(tmp_path / "plan.gpkg").figures) == 2
    (tmp_path / "figures.yaml").unlink()
    assert len(load_catalogue(tmp_path / "plan.gpkg").figures) == 10
