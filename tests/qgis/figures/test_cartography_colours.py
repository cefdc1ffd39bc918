"""What figures are drawn in, measured: neighbours stay apart for colour-blind readers and in grey print."""

from __future__ import annotations

import importlib.util
import sys
from itertools import combinations
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely
from qgis.core import QgsCategorizedSymbolRenderer, QgsFeatureRenderer, QgsProject, QgsSymbol, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from restoration_planner.core import palette
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.cartography.labels import Lettering
from restoration_planner.figures.cartography.variants import Drawing, style_of
from restoration_planner.layers.opening import OpenPlan, open_plan

from .landscape import PLACES, city_plan, many


def _measures() -> ModuleType:
    """The measures of the layers' colours: the same truth for both."""
    file = Path(__file__).parents[2] / "core" / "test_palette.py"
    spec = importlib.util.spec_from_file_location("colours_of_layers", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SEEN = _measures()
PAPER = "#ffffff"


def renderer_of(opened: OpenPlan, table: str, variant: str) -> QgsFeatureRenderer:
    """What a figure really draws a table with: read back from the style that is locked into the map."""
    layer = opened.layer(table)
    blank = QgsVectorLayer("MultiPolygon?crs=EPSG:4490&field=code:string", "x", "memory")
    from qgis.core import QgsMapLayerStyle

    QgsMapLayerStyle(
        style_of(table, variant, Drawing(layer, Lettering("Noto Sans CJK SC", "Noto Serif CJK SC")))
    ).writeToLayer(blank)
    return blank.renderer().clone()


def on_paper(symbol: QgsSymbol) -> str:
    """The colour of a symbol's fill as it comes out on white."""
    fill: QColor = symbol.symbolLayer(0).fillColor()
    share = fill.alphaF()
    return "#" + "".join(f"{round(255 - (255 - c) * share):02x}" for c in (fill.red(), fill.green(), fill.blue()))


def classes(renderer: QgsFeatureRenderer) -> dict[str, str]:
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    categories = renderer.categories()
    return {str(c.value()): on_paper(c.symbol()) for c in categories}


@pytest.fixture(scope="module", params=PLACES)
def made_up(request: pytest.FixtureRequest) -> PlanTables:
    return city_plan(request.param)


@pytest.fixture
def town(made_up: PlanTables, tmp_path: Path) -> OpenPlan:
    create_plan(tmp_path / "plan.gpkg", made_up)
    return open_plan(tmp_path / "plan.gpkg", QgsProject.instance())


def neighbours(rows: Rows) -> list[tuple[str, str]]:
    pairs = combinations(range(len(rows)), 2)
    shape = rows.geometry
    return [
        (rows["code"][a], rows["code"][b])
        for a, b in pairs
        if shapely.length(shapely.intersection(shape[a].boundary, shape[b].boundary)) > 1e-3
    ]


@pytest.mark.parametrize(
    ("variant", "apart", "grey"), [("named", 12, 3.0), ("fill", 9, 2.4), ("clear", 7, 1.8), ("pale", 6, 1.5)]
)
def test_zones_side_by_side_differ_for_every_sight_and_in_grey(
    town: OpenPlan, made_up: PlanTables, variant: str, apart: float, grey: float
) -> None:
    """The paler a fill, the nearer the colours: where zones are the subject they are far apart."""
    fills = classes(renderer_of(town, "restoration_zone", variant))
    for one, other in neighbours(made_up["restoration_zone"]):
        for sight in SEEN.SIGHTS:
            assert SEEN.smallest_difference([fills[one], fills[other]], sight) > apart, (one, other, sight)
        assert abs(SEEN.lightness(fills[one]) - SEEN.lightness(fills[other])) > grey, (one, other)


@pytest.mark.parametrize("variant", ["named", "fill", "clear", "pale"])
def test_zones_are_light_enough_for_black_words_and_their_border_dark_enough(town: OpenPlan, variant: str) -> None:
    renderer = renderer_of(town, "restoration_zone", variant)
    categories = renderer.categories()
    for category in categories:
        ground = SEEN.lightness(on_paper(category.symbol()))
        assert ground > 60
        assert ground - SEEN.lightness(category.symbol().symbolLayer(0).strokeColor().name()) > 12


def test_kinds_of_project_differ_from_each_other_and_from_the_zones_below(town: OpenPlan) -> None:
    kinds = classes(renderer_of(town, "project", "numbered"))
    zones = classes(renderer_of(town, "restoration_zone", "pale"))
    for sight in SEEN.SIGHTS:
        assert SEEN.smallest_difference(list(kinds.values()), sight) > 20
    # a kind of a light colour still has its dark outline, which no zone's fill comes near to
    renderer = renderer_of(town, "project", "numbered")
    categories = renderer.categories()  # the symbols live only as long as this list
    outline = categories[0].symbol().symbolLayer(0).strokeColor().name()
    assert min(SEEN.lightness(z) for z in zones.values()) - SEEN.lightness(outline) > 50


def test_hatches_of_key_areas_and_the_red_line_show_on_every_zone(town: OpenPlan) -> None:
    zones = classes(renderer_of(town, "restoration_zone", "fill"))
    pale = classes(renderer_of(town, "restoration_zone", "pale"))
    for sight in SEEN.SIGHTS:
        for ground in zones.values():
            assert SEEN.smallest_difference([ground, palette.KEY_AREA_COLOUR], sight) > 35
        for ground in pale.values():
            assert SEEN.smallest_difference([ground, palette.RED_LINE_COLOUR], sight) > 30


def test_the_red_line_has_the_colour_of_the_check(town: OpenPlan) -> None:
    for variant in ("tinted", "thin"):
        renderer = renderer_of(town, "red_line", variant)  # the symbol lives only as long as this
        symbol = renderer.symbol()
        lines = [symbol.symbolLayer(i) for i in range(symbol.symbolLayerCount())]
        assert palette.RED_LINE_COLOUR in {line.color().name() for line in lines}


def test_borders_step_down_by_rank() -> None:
    from restoration_planner.figures.cartography.borders import RANKS

    widths = [RANKS[rank][1] for rank in ("province", "city", "county", "town", "part")]
    assert widths == sorted(widths, reverse=True) and len(set(widths)) == 5
    assert len({RANKS[rank][2] for rank in RANKS}) == 5  # each rank its own dashes


#: What lies side by side most often in a hilly city, by both systems' codes.
MAIN_GROUPS = {
    "survey3": ("01", "02", "03", "04", "05", "06", "07", "10", "11"),
    "planning2023": ("01", "02", "03", "04", "0701", "0703", "09", "1001", "1202", "17"),
}


@pytest.mark.parametrize("system", MAIN_GROUPS)
def test_main_groups_of_land_use_are_told_apart_in_the_colours_of_the_standard(town: OpenPlan, system: str) -> None:
    """The colours are the mapping standard's, not chosen for this; how well they do is measured, not made better.

    Grey print does not keep them all apart (11 classes on one scale of grey cannot): the codes in the legend and
    the lines between parcels have to.
    """
    fills = classes(renderer_of(town, "land_use", "fill"))
    colours = [fills[f"{system}.{code}"] for code in MAIN_GROUPS[system]]
    assert SEEN.smallest_difference(colours, "normal") > 14
    blind = min(SEEN.smallest_difference(colours, sight) for sight in SEEN.SIGHTS)
    assert blind > 3.5
    # forest, crops, water and built-up land are apart in grey as well
    broad = [fills[f"{system}.{c}"] for c in (("01", "03", "11") if system == "survey3" else ("01", "03", "17"))]
    steps = sorted(SEEN.lightness(c) for c in broad)
    assert min(np.diff(steps)) > 8


def test_ecosystems_are_told_apart(town: OpenPlan) -> None:
    fills = [colour for value, colour in classes(renderer_of(town, "ecosystem", "fill")).items() if value]
    for sight in SEEN.SIGHTS:
        assert SEEN.smallest_difference(fills, sight) > 5


def test_heights_get_other_tints_step_by_step() -> None:
    from restoration_planner.figures.cartography.relief import _TINTS

    for one, other in zip(_TINTS, _TINTS[1:]):
        for sight in SEEN.SIGHTS:
            assert SEEN.smallest_difference([one, other], sight) > 8, (one, other, sight)


def test_codes_that_no_list_knows_are_said_in_the_legend(tmp_path: Path) -> None:
    squares = [many(shapely.box(113 + i / 10, 38, 113.1 + i / 10, 38.1)) for i in range(4)]
    rows = [("survey3", "0301"), ("survey3", "99"), ("planning2023", "07"), (None, "01")]
    used = Rows.from_records("land_use", [{"system": s, "code": c} for s, c in rows], squares)
    zone = Rows.from_records("restoration_zone", [{"code": "1", "name": "甲"}], [many(shapely.union_all(squares))])
    plan = Rows.from_records("plan", [{"schema_version": 2, "name": "规划", "city": "市"}])
    create_plan(tmp_path / "p.gpkg", PlanTables({"plan": plan, "land_use": used, "restoration_zone": zone}))
    town = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    from .test_contents import legend_words
    from .test_pages import laid_out

    words = [w.replace("\n", "") for w in legend_words(laid_out(town, 2).layout.itemById("legend"))]
    assert "地类未知：01、99" in words
    assert "03 林地（三调）" in words and "07 居住用地" in words  # both systems: each class says which


@pytest.mark.parametrize("system", ["survey3", "planning2023"])
def test_land_use_is_listed_by_code_and_only_what_is_there(system: str, tmp_path: Path) -> None:
    from .test_contents import legend_words
    from .test_pages import laid_out

    plan = city_plan("yangquan", system)
    create_plan(tmp_path / "p.gpkg", plan)
    town = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    words = [w.replace("\n", "") for w in legend_words(laid_out(town, 2).layout.itemById("legend"))]
    listed = [w for w in words if w[:2].isdigit()]
    codes = [w.split(" ")[0] for w in listed]
    assert set(codes) == set(plan["land_use"]["code"])
    assert codes == sorted(codes)
    assert not any("三调" in w or "未知" in w for w in words)


def test_a_legend_of_all_classes_of_both_systems_leaves_none_out(tmp_path: Path) -> None:
    from .test_contents import legend_words
    from .test_pages import assert_page_is_sound, laid_out

    pairs = [(system, code) for system, codes in palette.LAND_USE_COLOURS.items() for code in codes]
    squares = [
        many(shapely.box(113 + i % 10 / 10, 38 + i // 10 / 10, 113.1 + i % 10 / 10, 38.1 + i // 10 / 10))
        for i in range(len(pairs))
    ]
    used = Rows.from_records("land_use", [{"system": s, "code": c} for s, c in pairs], squares)
    zone = Rows.from_records("restoration_zone", [{"code": "1", "name": "甲"}], [many(shapely.union_all(squares))])
    plan = Rows.from_records("plan", [{"schema_version": 2, "name": "规划", "city": "市"}])
    create_plan(tmp_path / "p.gpkg", PlanTables({"plan": plan, "land_use": used, "restoration_zone": zone}))
    town = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    for paper in ("A3", "A4"):
        layout = laid_out(town, 2, paper).layout
        words = [w.replace("\n", "") for w in legend_words(layout.itemById("legend"))]
        assert sum(w[:2].isdigit() for w in words) == len(pairs) > 50
        assert_page_is_sound(layout)
