"""Relief, borders and location: what lies under and around the plan's own layers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from osgeo import gdal, osr
from qgis.core import (
    QgsLayoutItemMap,
    QgsMapRendererSequentialJob,
    QgsPrintLayout,
    QgsProject,
)
from qgis.PyQt.QtGui import QColor, QImage

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.cartography.relief import round_steps
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.export import imprint_of
from restoration_planner.figures.page.layouts import lay_out
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.layers.reading import read_open_plan

from .landscape import city_plan, many
from .test_contents import legend_words


def layout_with(opened: OpenPlan, number: int, dem: Path | None) -> QgsPrintLayout:
    figure = load_catalogue(opened.path).chosen(str(number))[0]
    tables = read_open_plan(opened)
    return lay_out(figure, FigureLayers(opened, dem), tables, imprint_of(tables), "A4").layout


def picture_of(item: QgsLayoutItemMap, dpi: float = 100) -> QImage:
    settings = item.mapSettings(item.extent(), item.rect().size() * dpi / 25.4, dpi, True)
    settings.setBackgroundColor(QColor("#ffffff"))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def seen_at(picture: QImage, item: QgsLayoutItemMap, x: float, y: float) -> QColor:
    """The colour at a place of the map's coordinates."""
    extent = item.extent()
    return picture.pixelColor(
        round((x - extent.xMinimum()) / extent.width() * (picture.width() - 1)),
        round((extent.yMaximum() - y) / extent.height() * (picture.height() - 1)),
    )


def plain_town(folder: Path, **tables: Rows) -> OpenPlan:
    """Two zones, 113.0–113.4–113.8 E, 37.8–38.2 N."""
    zones = [many(shapely.box(113, 37.8, 113.4, 38.2)), many(shapely.box(113.4, 37.8, 113.8, 38.2))]
    rows = Rows.from_records("restoration_zone", [{"code": "1", "name": "西"}, {"code": "2", "name": "东"}], zones)
    plan = Rows.from_records("plan", [{"schema_version": 2, "name": "规划", "city": "市"}])
    create_plan(folder / "plan.gpkg", PlanTables({"plan": plan, "restoration_zone": rows, **tables}))
    return open_plan(folder / "plan.gpkg", QgsProject.instance())


def raster(file: Path, heights: np.ndarray, west: float, north: float, step: float, epsg: int | None = 4490) -> Path:
    made = gdal.GetDriverByName("GTiff").Create(str(file), heights.shape[1], heights.shape[0], 1, gdal.GDT_Float32)
    made.SetGeoTransform([west, step, 0, north, 0, -step])
    if epsg is not None:
        place = osr.SpatialReference()
        place.ImportFromEPSG(epsg)
        made.SetProjection(place.ExportToWkt())
    made.GetRasterBand(1).WriteArray(heights)
    return file


def slope_from_west_to_east(low: float, high: float) -> np.ndarray:
    return np.tile(np.linspace(low, high, 120, dtype="float32"), (80, 1))


# --- relief ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        (137, 1330, [200, 400, 600, 800, 1000, 1200]),
        (3, 38, [5, 10, 15, 20, 25, 30, 35]),
        (-150, 400, [-100, 0, 100, 200, 300]),
        (400, 400, [405]),
        (0, 8844, [2000, 4000, 6000, 8000]),
    ],
)
def test_heights_are_cut_at_round_numbers(low: float, high: float, steps: list[float]) -> None:
    assert round_steps(low, high) == steps
    assert len(steps) <= 7


@pytest.mark.parametrize("epsg", [4490, 4526, 32650, 3857])
def test_a_raster_of_any_projection_lies_where_it_should(tmp_path: Path, epsg: int) -> None:
    opened = plain_town(tmp_path)
    degrees = raster(tmp_path / "d.tif", slope_from_west_to_east(100, 900), 112.9, 38.3, 1 / 120)
    dem = degrees
    if epsg != 4490:
        dem = tmp_path / "other.tif"
        gdal.Warp(str(dem), str(degrees), dstSRS=f"EPSG:{epsg}", dstNodata=-9999)
    main = layout_with(opened, 1, dem).itemById("map")
    picture = picture_of(main)
    middle = main.extent().center()
    west = seen_at(picture, main, middle.x() - 25_000, middle.y() + 8_000)
    east = seen_at(picture, main, middle.x() + 25_000, middle.y() + 8_000)
    assert west.green() > west.red() and west.green() > west.blue()  # low ground is green
    assert east.red() > east.green() > east.blue()  # high ground is brown
    corner = seen_at(picture, main, main.extent().xMinimum() + 500, main.extent().yMaximum() - 500)
    assert corner.name() == "#ffffff"  # the raster reaches farther than the city and is not seen there


@pytest.mark.parametrize("stated", [True, False])
def test_places_without_a_height_stay_blank_and_do_not_spoil_the_steps(tmp_path: Path, stated: bool) -> None:
    """-32768 where nothing is known, whether the file says so or not."""
    opened = plain_town(tmp_path)
    heights = slope_from_west_to_east(100, 900)
    heights[:, :50] = -32768
    dem = raster(tmp_path / "d.tif", heights, 112.9, 38.3, 1 / 120)
    if stated:
        file = gdal.Open(str(dem), gdal.GA_Update)
        file.GetRasterBand(1).SetNoDataValue(-32768)
        file = None  # only then it is written
    layout = layout_with(opened, 1, dem)
    main = layout.itemById("map")
    picture = picture_of(main)
    middle = main.extent().center()
    blank = seen_at(picture, main, middle.x() - 25_000, middle.y() + 8_000)
    assert blank.name() == "#ffffff"
    steps = [w for w in legend_words(layout.itemById("legend")) if any(c.isdigit() for c in w)]
    assert steps == ["<500", "500–600", "600–700", "700–800", ">800"]
    assert not any("32768" in w for w in steps)


def test_the_legend_of_heights_has_round_steps_and_no_name_of_a_band(tmp_path: Path) -> None:
    opened = plain_town(tmp_path)
    dem = raster(tmp_path / "d.tif", slope_from_west_to_east(137, 1330), 112.9, 38.3, 1 / 120)
    legend = layout_with(opened, 1, dem).itemById("legend")
    words = legend_words(legend)
    # the raster reaches from 137 to 1330 m, but the city only from 257 to 1219
    assert words[1:] == ["<400", "400–600", "600–800", "800–1000", "1000–1200", ">1200"]
    assert not any("Band" in w or "波段" in w for w in words)
    groups = [str(g.name()) for g in legend.model().rootGroup().children()]
    assert "高程（米）" in groups


def test_slopes_show_below_the_zones_of_the_pattern_figure(tmp_path: Path) -> None:
    """Ridges from north to south every 0.1°, each side seen in one zone of one colour: lit from the west, dark behind."""
    opened = plain_town(tmp_path)
    ridges = 1 - np.abs((np.arange(400, dtype="float32") % 100) / 50 - 1)
    dem = raster(tmp_path / "d.tif", np.tile(100 + 800 * ridges, (400, 1)), 113, 38.2, 0.001)
    with_relief = picture_of(layout_with(opened, 7, dem).itemById("map"))
    main = layout_with(opened, 7, None).itemById("map")
    without = picture_of(main)
    middle = main.extent().center()

    def lightness(picture: QImage, x: float) -> float:
        spots = [seen_at(picture, main, middle.x() + x, middle.y() + y).lightnessF() for y in range(4000, 16000, 1000)]
        return float(np.median(spots))

    west, east = -15_365, -10_975  # metres from the middle: 113.225 and 113.275 E, on either side of a ridge
    assert abs(lightness(without, west) - lightness(without, east)) < 0.01
    assert abs(lightness(with_relief, west) - lightness(with_relief, east)) > 0.03


def test_a_raster_without_projection_or_from_elsewhere_is_refused_in_a_sentence(tmp_path: Path) -> None:
    opened = plain_town(tmp_path)
    heights = slope_from_west_to_east(100, 900)
    nowhere = raster(tmp_path / "a.tif", heights, 112.9, 38.3, 1 / 120, epsg=None)
    elsewhere = raster(tmp_path / "b.tif", heights, 80, 30, 1 / 120)
    (tmp_path / "c.tif").write_text("no raster", encoding="utf-8")
    for file, told in ((nowhere, "没有坐标系"), (elsewhere, "没有高程值"), (tmp_path / "c.tif", "无法读取")):
        with pytest.raises(PlannerError, match=told):
            layout_with(opened, 1, file)


def test_figure_7_is_drawn_without_a_raster_too(tmp_path: Path) -> None:
    opened = plain_town(tmp_path)
    assert FigureLayers(opened).what_is_missing(load_catalogue().chosen("7")[0], "市") is None


# --- borders --------------------------------------------------------------------------------------


def test_dashes_along_a_shared_border_are_those_of_one_border(tmp_path: Path) -> None:
    """Two counties side by side, their rings begun at different corners: as much ink on the border between them as
    on one that is drawn once."""
    west = shapely.Polygon([(113, 37.8), (113.4, 37.8), (113.4, 38.2), (113, 38.2)])
    east = shapely.Polygon([(113.8, 38.2), (113.4, 38.2), (113.4, 37.8), (113.8, 37.8)])
    records = [{"code": str(k), "name": None, "level": "county", "county": k} for k in "甲乙"]

    def dark_share(folder: Path, shapes: list[shapely.Polygon]) -> float:
        folder.mkdir()
        QgsProject.instance().clear()
        units = Rows.from_records("admin_unit", records[: len(shapes)], [many(s) for s in shapes])
        main = layout_with(plain_town(folder, admin_unit=units), 7, None).itemById("map")
        picture = picture_of(main, 300)
        extent = main.extent()
        column = round((extent.center().x() - extent.xMinimum()) / extent.width() * picture.width())
        top, foot = round(picture.height() * 0.35), round(picture.height() * 0.65)
        dark = [
            min(picture.pixelColor(x, y).lightness() for x in range(column - 4, column + 5)) < 100
            for y in range(top, foot)
        ]
        return float(np.mean(dark))

    once, twice = dark_share(tmp_path / "one", [west]), dark_share(tmp_path / "two", [west, east])
    assert 0.5 < once < 0.95
    assert twice == pytest.approx(once, abs=0.06)


def test_borders_stand_in_the_legend_as_lines_of_their_rank(tmp_path: Path) -> None:
    create_plan(tmp_path / "p.gpkg", city_plan("yangquan"))
    opened = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    layout = layout_with(opened, 8, None)
    legend = layout.itemById("legend")
    assert {"市界", "县（区）级", "乡镇（街道）级"} <= set(legend_words(legend))
    model = legend.model()
    unit = next(n for n in model.rootGroup().findLayers() if n.layer() == opened.layer("admin_unit"))
    symbols = [node.customSymbol() or node.symbol() for node in model.layerLegendNodes(unit)]
    assert len(symbols) == 2
    assert all(s.type() == s.SymbolType.Line for s in symbols)
    widths = [s.width() for s in symbols]
    assert widths[0] > widths[1]


# --- location -------------------------------------------------------------------------------------


def neighbours_file(folder: Path) -> Path:
    """Nine cities around the plan's, in web mercator."""
    from pyproj import Transformer

    to = Transformer.from_crs("EPSG:4490", "EPSG:3857", always_xy=True)
    features = []
    for i in range(3):
        for j in range(3):
            box = shapely.box(112.2 + 0.8 * i, 37.4 + 0.4 * j, 113.0 + 0.8 * i, 37.8 + 0.4 * j)
            ring = [to.transform(*p) for p in shapely.get_coordinates(box)]
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": {"name": f"{i}{j}市"}, "geometry": shape})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    file = folder / "around.geojson"
    content = {"type": "FeatureCollection", "crs": crs, "features": features}
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def own_list(folder: Path, location: str) -> None:
    from restoration_planner.figures.catalogue import CATALOGUE, OWN_NAME

    words = CATALOGUE.read_text(encoding="utf-8").replace('location: ""', f"location: {location}")
    (folder / OWN_NAME).write_text(words, encoding="utf-8")


def test_outlines_that_the_list_names_are_drawn_around_the_city(tmp_path: Path) -> None:
    opened = plain_town(tmp_path)
    neighbours_file(tmp_path)
    own_list(tmp_path, "around.geojson")
    layout = layout_with(opened, 8, None)
    inset = layout.itemById("inset")
    names = [layer.name() for layer in inset.layers()]
    assert names[-1] == "省（市）界"
    seen = inset.extent()
    city = opened.extent(inset.crs())
    assert seen.contains(city)
    assert 2.5 < seen.width() / city.width() < 6  # all nine are seen, the city in their middle
    picture = picture_of(inset, 200)
    city_colour = seen_at(picture, inset, city.center().x() + city.width() * 0.2, city.center().y())
    assert city_colour.red() > city_colour.blue() + 60
    beside = seen_at(picture, inset, city.center().x() - city.width() * 0.9, city.center().y() + city.height() * 0.3)
    assert beside.lightness() > 200


@pytest.mark.parametrize("what", ["missing", "lines"])
def test_outlines_that_cannot_be_used_are_told(tmp_path: Path, what: str) -> None:
    opened = plain_town(tmp_path)
    if what == "lines":
        shape = {"type": "LineString", "coordinates": [[113, 38], [114, 38]]}
        content = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}
        (tmp_path / "x.geojson").write_text(json.dumps(content), encoding="utf-8")
    own_list(tmp_path, "x.geojson")
    with pytest.raises(PlannerError, match="x.geojson"):
        layout_with(opened, 8, None)


def test_without_outlines_the_location_map_shows_city_and_counties(tmp_path: Path) -> None:
    create_plan(tmp_path / "p.gpkg", city_plan("yangquan"))
    opened = open_plan(tmp_path / "p.gpkg", QgsProject.instance())
    inset = layout_with(opened, 8, None).itemById("inset")
    assert [layer.name() for layer in inset.layers()][-1] == "市界"
    assert opened.layer("admin_unit") in inset.layers()
    picture = picture_of(inset, 300)
    middle = opened.extent(inset.crs()).center()
    row = [seen_at(picture, inset, middle.x() + dx, middle.y()) for dx in range(-20_000, 20_000, 200)]
    assert any(c.lightness() > 220 for c in row) and sum(c.red() > c.blue() + 60 for c in row) > 100
