"""What a figure says is so: classes of the legend, length of the scale bar, numbers of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from qgis.core import QgsLayoutExporter, QgsLayoutItemLegend, QgsPrintLayout, QgsProject
from qgis.PyQt.QtCore import QRectF, QSize

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.companion import companion_table
from restoration_planner.figures.page.grids import table_frames
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.maps import ink
from restoration_planner.layers.opening import OpenPlan, open_plan

from .test_pages import box_of, laid_out


def legend_words(legend: QgsLayoutItemLegend) -> list[str]:
    from qgis.PyQt.QtCore import Qt

    model = legend.model()
    return [
        str(node.data(Qt.ItemDataRole.DisplayRole) or layer.name())
        for layer in model.rootGroup().findLayers()
        for node in model.layerLegendNodes(layer)
    ]


def test_the_legend_explains_exactly_the_classes_on_the_map(city: OpenPlan) -> None:
    from restoration_planner.core.texts import text

    layout = laid_out(city, 10).layout
    kinds = {f["project_type"] or "" for f in city.layer("project").getFeatures() if isinstance(f["project_type"], str)}
    unknown = any(not isinstance(f["project_type"], str) for f in city.layer("project").getFeatures())
    expected = {text(f"codes.project_type.{k}") for k in kinds} | (
        {text("layers.legend.unknown_type")} if unknown else set()
    )
    expected |= {f"{f['code']} {f['name']}" for f in city.layer("restoration_zone").getFeatures()}
    expected |= {"市界", text("codes.unit_level.county")}
    words = [w.replace("\n", "") for w in legend_words(layout.itemById("legend"))]
    assert set(words) == expected
    assert len(words) == len(set(words))


def test_the_scale_bar_is_true_to_half_a_percent(city: OpenPlan, tmp_path: Path) -> None:
    """Its length on the picture against the geodesic across the middle of the map."""
    layout = laid_out(city, 8).layout
    main, bar = layout.itemById("map"), layout.itemById("scale_bar")
    seen = main.extent()
    to_degrees = Transformer.from_crs(main.crs().toWkt(), "EPSG:4490", always_xy=True)
    middle = seen.center().y()
    west, east = (to_degrees.transform(x, middle) for x in (seen.xMinimum(), seen.xMaximum()))
    _, _, metres = Geod(a=6378137, rf=298.257222101).inv(*west, *east)
    dots = 40
    box = box_of(bar)
    size = QSize(round(box.width() * dots), round(box.height() * dots))
    picture = QgsLayoutExporter(layout).renderRegionToImage(box, size, dots * 25.4)
    rows = ink(picture)
    inked = np.flatnonzero(rows[rows.sum(axis=1).argmax()])  # the bar's own line is the longest row of ink
    assert len(inked) == inked[-1] - inked[0] + 1
    length_mm = len(inked) / dots - bar.lineSymbol().width()
    expected_mm = 2 * bar.unitsPerSegment() * 1000 / metres * main.rect().width()
    assert length_mm == pytest.approx(expected_mm, rel=0.005)
    assert layout.itemById("scale_text").currentText().replace(" ", "").find(f"1:{round(main.scale())}") >= 0


def test_areas_and_shares_add_up_to_their_totals(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    rows = [[str(c.content()) for c in r] for f in table_frames(layout) for r in f.multiFrame().tableContents()]
    parts, total = rows[:-1], rows[-1]
    assert total[1] == "合计"
    for column in (2, 3):
        assert sum(round(float(r[column].replace(",", "")) * 100) for r in parts) == round(
            float(total[column].replace(",", "")) * 100
        )
    assert total[3] == "100.00"


def companion_rows(layout: QgsPrintLayout) -> list[list[str]]:
    return [
        [str(c.content()).replace("\n", "") for c in row]
        for frame in table_frames(layout)
        for row in frame.multiFrame().tableContents()
    ]


@pytest.mark.parametrize("areas", [(None, 0.0), (-3.0, None)])
def test_zones_without_areas_have_no_shares(areas: tuple[float | None, ...]) -> None:
    zones = [{"code": str(i), "name": f"第{i}区", "area_km2": km2} for i, km2 in enumerate(areas)]
    table = companion_table("zones", PlanTables({"restoration_zone": Rows.from_records("restoration_zone", zones)}))
    assert not any("100.00" in cell for row in table.rows for cell in row)
    assert [row[0] for row in table.rows][:2] == ["0", "1"]


def test_reserves_and_mines_have_their_tables_measured_on_the_ellipsoid(tmp_path: Path) -> None:
    """Boxes of a tenth of a degree against PROJ's geodesic areas; parts add up to the totals."""
    geod = Geod(a=6378137, rf=298.257222101)
    boxes = [shapely.box(113 + i / 10, 38, 113.1 + i / 10, 38.1) for i in range(4)]
    many = [shapely.MultiPolygon([b]) for b in boxes]
    km2 = abs(geod.geometry_area_perimeter(boxes[0])[0]) / 1e6
    reserves = [("甲", "core"), ("甲", "general"), ("乙", None)]
    mines = [("盂县", False), ("盂县", True), ("平定县", None), (None, False)]
    rows = {
        "plan": Rows.from_records("plan", [{"schema_version": 2, "name": "规划", "city": "市"}]),
        "restoration_zone": Rows.from_records(
            "restoration_zone", [{"code": "1", "name": "区"}], [shapely.MultiPolygon(boxes)]
        ),
        "nature_reserve": Rows.from_records(
            "nature_reserve", [{"name": n, "control": c} for n, c in reserves], many[:3]
        ),
        "legacy_mine": Rows.from_records("legacy_mine", [{"county": c, "treated": t} for c, t in mines], many),
    }
    create_plan(tmp_path / "p.gpkg", PlanTables(rows))
    opened = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    table = companion_rows(laid_out(opened, 5).layout)
    assert [r[0] for r in table] == ["甲", "乙", "合计"]
    assert [bool(v) for v in table[1]] == [True, True, False, True]  # a control that is not stated counts as core
    numbers = [[float(v.replace(",", "") or 0) for v in r[1:]] for r in table]
    assert numbers[0] == pytest.approx([km2, km2, 2 * km2], abs=0.03)
    for column in range(3):
        assert round(numbers[0][column] + numbers[1][column], 2) == numbers[2][column]
    table = companion_rows(laid_out(opened, 6).layout)
    assert [r[:3] for r in table] == [
        ["平定县", "1", "0"],
        ["盂县", "2", "1"],
        ["（未注明）", "1", "1"],
        ["合计", "4", "2"],
    ]
    hectares = [float(r[3].replace(",", "")) for r in table]
    assert hectares[0] == pytest.approx(km2 * 100, abs=0.5)
    assert round(sum(hectares[:-1]), 2) == hectares[-1]


def test_projects_are_listed_by_code_and_every_row_is_seen(city: OpenPlan) -> None:
    layout = laid_out(city, 10).layout
    codes = [str(r[0].content()) for f in table_frames(layout) for r in f.multiFrame().tableContents()]
    assert sorted(codes) == sorted(f["code"] for f in city.layer("project").getFeatures())
    numbers = [
        tuple(int(p) if p.isdigit() else 0 for p in c.replace("A", "1.").replace("B", "2.").split(".")) for c in codes
    ]
    assert numbers == sorted(numbers)


def test_the_last_row_of_a_table_is_drawn(wide_city: OpenPlan) -> None:
    """A frame too low by a hair would drop it without a word: the row's place on the picture has ink."""
    layout = laid_out(wide_city, 8).layout
    frame = table_frames(layout)[-1]
    box, dots = box_of(frame), 12
    picture = QgsLayoutExporter(layout).renderRegionToImage(
        box, QSize(round(box.width() * dots), round(box.height() * dots)), dots * 25.4
    )
    foot = ink(picture)[-round(3.5 * dots) :]
    assert foot[:, round(0.5 * foot.shape[1]) :].any(axis=0).mean() > 0.9  # its lower line runs along it
    assert foot[: round(2.5 * dots), 2 * dots :].sum() > 20


def test_what_a_figure_lacks_is_said(wide_city: OpenPlan) -> None:
    layers = FigureLayers(wide_city)
    missing = {f.number: layers.what_is_missing(f, "本溪市") for f in load_catalogue().figures}
    assert [n for n, m in missing.items() if m is None] == [7, 8, 9, 10]
    assert "DEM" in str(missing[1])
    assert "土地利用" in str(missing[2]) and "图2《本溪市土地利用现状图》" in str(missing[2])


def test_the_location_map_shows_where_the_city_lies(wide_city: OpenPlan) -> None:
    layout = laid_out(wide_city, 8).layout
    inset = layout.itemById("inset")
    seen, city = inset.extent(), wide_city.extent(inset.crs())
    assert seen.contains(city) and seen.width() > 2.5 * city.width()
    box = box_of(inset)
    size = QSize(round(box.width() * 8), round(box.height() * 8))
    picture = QgsLayoutExporter(layout).renderRegionToImage(QRectF(box), size, 8 * 25.4)
    red = picture.pixelColor(
        size.width() // 2 + size.width() // 12, size.height() // 2
    )  # off the line between counties
    assert red.red() > red.blue() + 60
