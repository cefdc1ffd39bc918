"""Pages by county: an ordinary atlas, each county at a round scale, in its own file and beneath its figure's bookmark."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pypdf
import pytest
import shapely
from qgis.core import QgsCoordinateTransform, QgsLayoutItemLegend, QgsLayoutItemMap, QgsPrintLayout, QgsProject

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.atlas.counties import counties_layer
from restoration_planner.figures.atlas.leafing import seek
from restoration_planner.figures.export import Wanted, export_figures, prepare_export
from restoration_planner.figures.page.fitting import ROUND_SCALES
from restoration_planner.figures.press.jobs import Exported
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.fonts import typeface
from restoration_planner.layers.opening import OpenPlan, open_plan

from .conftest import CITIES, strips
from .test_binding import BOUND, bookmarks, words_on

DAY = date(2026, 5, 1)
EIGHT = "图8_本溪市生态修复分区图"


def export(plan: OpenPlan, folder: Path, figures: str = "8", formats: str = "pdf", **more: object) -> Exported:
    return export_figures(plan, Wanted(folder, figures, formats, printed=DAY, series=True, **more))  # type: ignore[arg-type]


def atlas_layout() -> QgsPrintLayout:
    (found,) = [la for la in QgsProject.instance().layoutManager().printLayouts() if la.atlas().enabled()]
    return found


def with_units(folder: Path, levels: list[tuple[str, str, str | None]], shapes: list[object] | None = None) -> OpenPlan:
    """The wide city with its two halves (or other shapes) under other levels, names and counties."""
    tables = strips(*CITIES["wide"])
    units = tables["admin_unit"]
    records = [
        {"code": str(i), "name": name, "level": level, "county": county}
        for i, (level, name, county) in enumerate(levels)
    ]
    found = dict(tables.rows)
    found["admin_unit"] = Rows.from_records("admin_unit", records, shapes or list(units.geometry))
    create_plan(folder / "units.gpkg", PlanTables(found))
    return open_plan(folder / "units.gpkg", QgsProject.instance())


def test_each_county_has_a_file_beside_the_figures_own(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export(wide_city, tmp_path, formats="pdf,png", paper="A4")
    assert [f.name for f in done.files] == [
        f"{EIGHT}.pdf",
        f"{EIGHT}.png",
        f"{EIGHT}_01_甲县.pdf",
        f"{EIGHT}_01_甲县.png",
        f"{EIGHT}_02_乙县.pdf",
        f"{EIGHT}_02_乙县.png",
    ]
    assert all(f.is_file() for f in done.files)
    assert [len(pypdf.PdfReader(f).pages) for f in done.files if f.suffix == ".pdf"] == [1, 1, 1]


def test_a_page_names_its_county_and_its_own_scale(tmp_path: Path) -> None:
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    small = shapely.MultiPolygon([shapely.box(123.7, 41.0, 123.8, 41.1)])  # 11.1 km high on 177 mm of paper
    half = shapely.MultiPolygon([shapely.box(124.7, 40.8, 125.8, 41.6)])
    plan = with_units(tmp_path, [("county", "甲县", "甲县"), ("county", "乙县", "乙县")], [small, half])
    files = {f.stem[-2:]: f for f in export(plan, tmp_path).files}
    for county, scale in (("甲县", "1:70000"), ("乙县", "1:600000")):
        words = words_on(pypdf.PdfReader(files[county]).pages[0])
        assert unicodedata.normalize("NFKC", f"本溪市生态修复分区图（{county}）") in words
        assert f"比例尺{scale}(" in words, words


def test_every_page_shows_its_whole_county_at_a_round_scale(wide_city: OpenPlan, tmp_path: Path) -> None:
    list(prepare_export(wide_city, Wanted(tmp_path, "8", series=True, printed=DAY)))
    layout = atlas_layout()
    item = layout.itemById("map")
    assert isinstance(item, QgsLayoutItemMap)
    for page in range(2):
        assert seek(layout, page)
        feature = layout.atlas().layout().reportContext().feature()
        there = QgsCoordinateTransform(layout.atlas().coverageLayer().crs(), item.crs(), QgsProject.instance())
        box = there.transformBoundingBox(feature.geometry().boundingBox())
        assert item.extent().contains(box)
        scale = item.scale()
        digits = scale / 10 ** (len(f"{scale:.0f}") - 1)
        assert min(abs(digits - r) for r in ROUND_SCALES) < 1e-3, scale
        assert box.width() / item.extent().width() > 0.5 or box.height() / item.extent().height() > 0.5


def test_the_atlas_is_an_ordinary_one_that_a_technician_can_browse(wide_city: OpenPlan, tmp_path: Path) -> None:
    list(prepare_export(wide_city, Wanted(tmp_path, "8", series=True, printed=DAY)))
    layout = atlas_layout()
    assert layout.name() == "图8 本溪市生态修复分区图（分县）"
    atlas = layout.atlas()
    assert atlas.beginRender() and atlas.count() == 2
    assert [atlas.nameForPage(n) for n in range(2)] == ["甲县", "乙县"]
    assert layout.itemById("table") is None  # it speaks of the whole city
    figure = [la for la in QgsProject.instance().layoutManager().printLayouts() if la is not layout][0]
    assert not figure.atlas().enabled() and figure.itemById("table") is not None


def test_a_legend_has_only_what_its_county_has(wide_city: OpenPlan, tmp_path: Path) -> None:
    """Four zones side by side, two counties: each has two of them, and touches a third."""
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    files = {f.stem[-2:]: f for f in export(wide_city, tmp_path).files}
    legend = atlas_layout().itemById("legend")
    assert isinstance(legend, QgsLayoutItemLegend) and legend.legendFilterOutAtlas()
    listed = {c: words_on(pypdf.PdfReader(files[c]).pages[0]).partition("图例")[2] for c in ("甲县", "乙县")}
    assert "4浑江流域水源涵养与生物多样性保护修复区" not in listed["甲县"].replace("\n", "")
    assert "1西部丘陵平原人居生态提升与矿山生态修复区" not in listed["乙县"].replace("\n", "")


def test_every_project_of_a_county_is_numbered_on_its_page_and_no_other(wide_city: OpenPlan, tmp_path: Path) -> None:
    counties = {f["name"]: f.geometry() for f in wide_city.layer("admin_unit").getFeatures()}
    sites = {f["code"]: f.geometry() for f in wide_city.layer("project").getFeatures()}
    files = {f.stem[-2:]: f for f in export(wide_city, tmp_path, "10").files}
    for county in ("甲县", "乙县"):
        here = {code for code, site in sites.items() if site.intersects(counties[county])}
        only_elsewhere = set(sites) - here
        assert here and only_elsewhere
        written = set(pypdf.PdfReader(files[county]).pages[0].extract_text().split())
        assert {"CGCS2000", "1:600"} <= set(re.split(r"[\s：]", pypdf.PdfReader(files[county]).pages[0].extract_text()))
        assert here <= written
        assert not only_elsewhere & written


def test_counties_stand_beneath_their_figure_in_the_bound_document(wide_city: OpenPlan, tmp_path: Path) -> None:
    export(wide_city, tmp_path, "8,9", "", bound=True, paper="A4")
    assert [f.name for f in tmp_path.glob("*.pdf")] == [BOUND]
    reader = pypdf.PdfReader(tmp_path / BOUND)
    assert bookmarks(reader) == [
        (0, "图8 本溪市生态修复分区图", 0),
        (1, "甲县", 1),
        (1, "乙县", 2),
        (0, "图9 本溪市生态修复重点区域分布图", 3),
        (1, "甲县", 4),
        (1, "乙县", 5),
    ]
    assert len(reader.pages) == 6


def test_towns_are_put_together_by_county_where_there_are_no_counties(tmp_path: Path) -> None:
    plan = with_units(tmp_path, [("town", "甲镇", "丙县"), ("town", "乙镇", "丙县")])
    done = export(plan, tmp_path / "out", formats="svg", paper="A4")
    assert [f.name for f in done.files] == [f"{EIGHT}.svg", f"{EIGHT}_01_丙县.svg"]
    layer = counties_layer(FigureLayers(plan))
    assert layer is not None
    (county,) = layer.getFeatures()
    assert county.geometry().boundingBox().width() == pytest.approx(2.2)


def test_a_plan_without_counties_is_said(tmp_path: Path) -> None:
    plan = with_units(tmp_path, [("town", "甲镇", None), ("town", "乙镇", None)])
    done = export(plan, tmp_path / "out", formats="svg", paper="A4")
    assert [f.name for f in done.files] == [f"{EIGHT}.svg"]
    assert [str(m) for m in done.skipped] == [
        "图8未按县（区）分幅：行政区划图层中没有县级单元，乡镇也没有填写所属县。请先导入。"
    ]


def test_an_adjusted_atlas_is_kept_and_others_are_made_anew(wide_city: OpenPlan, tmp_path: Path) -> None:
    wanted = Wanted(tmp_path, "8", series=True, printed=DAY)
    list(prepare_export(wide_city, wanted))
    first = atlas_layout()
    list(prepare_export(wide_city, wanted))
    assert len(QgsProject.instance().layoutManager().printLayouts()) == 2
    second = atlas_layout()
    seek(second, 1)  # browsing is no adjusting
    (step,) = prepare_export(wide_city, wanted)
    assert not any("分幅布局" in str(note) for note in step.notes)
    third = atlas_layout()
    third.itemById("north_arrow").setRotation(5)
    (step,) = prepare_export(wide_city, wanted)
    assert any("沿用工程中已调整的分幅布局" in str(note) for note in step.notes)
    assert atlas_layout() is third and first is not third
