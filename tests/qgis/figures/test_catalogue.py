"""The list of figures: the appendix's ten, a planner's own instead, and plain words about what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from restoration_planner.core.errors import PlannerError
from restoration_planner.figures.catalogue import CATALOGUE, OWN_NAME, VARIANTS, load_catalogue, read_catalogue
from restoration_planner.figures.variants import _VARIANTS

ONE = {"number": 3, "title": "{city}分区图", "needs": ["restoration_zone"], "layers": [{"restoration_zone": "named"}]}


def own_list(folder: Path, *figures: object, **more: object) -> Path:
    file = folder / OWN_NAME
    file.write_text(yaml.safe_dump({"figures": list(figures), **more}, allow_unicode=True), encoding="utf-8")
    return file


def test_the_appendix_has_ten_figures_named_for_the_city() -> None:
    figures = load_catalogue().figures
    assert [f.number for f in figures] == list(range(1, 11))
    assert figures[7].title_for("本溪市", "zh") == "本溪市生态修复分区图"
    assert {f.table for f in figures} == {None, "zones", "key_areas", "projects"}


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
