"""GeoTIFF, GeoPDF and PDF that know where they are: read back with GDAL, held against the map's own frame."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from osgeo import gdal, osr
from qgis.core import QgsApplication, QgsLayoutItemMap, QgsProject

from restoration_planner.core.plan.schema import PLAN_EPSG
from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.figures.press import printer
from restoration_planner.figures.press.writing import geopdf_is_possible
from restoration_planner.layers.opening import OpenPlan

DAY = date(2026, 5, 1)
EIGHT = "图8_本溪市生态修复分区图"


def export(plan: OpenPlan, folder: Path, formats: str, paper: str = "A4") -> Path:
    (file,) = export_figures(plan, Wanted(folder, "8", formats, paper, printed=DAY)).files
    return file


def the_map() -> QgsLayoutItemMap:
    (layout,) = QgsProject.instance().layoutManager().printLayouts()
    item = layout.itemById("map")
    assert isinstance(item, QgsLayoutItemMap)
    return item


def plan_degrees() -> osr.SpatialReference:
    found = osr.SpatialReference()
    found.ImportFromEPSG(PLAN_EPSG)
    found.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return found


def pixel_of(dataset: Any, x: float, y: float) -> tuple[float, float]:
    """Column and row (the middle of the first pixel is 0.5, 0.5) of a place in the dataset's projection."""
    column, row = gdal.ApplyGeoTransform(gdal.InvGeoTransform(dataset.GetGeoTransform()), x, y)
    return column, row


@pytest.mark.parametrize("paper", ["A4", "A3-portrait"])
def test_corners_of_the_map_frame_are_right_to_half_a_pixel(wide_city: OpenPlan, tmp_path: Path, paper: str) -> None:
    file = export(wide_city, tmp_path, "geotiff", paper)
    assert file.name == f"{EIGHT}.tif"
    dataset = gdal.Open(str(file))
    red, green, blue = (dataset.GetRasterBand(band).ReadAsArray().astype(int) for band in (1, 2, 3))
    black = (red + green + blue) < 90
    item = the_map()
    extent = item.extent()
    width = dataset.RasterXSize / item.layout().pageCollection().page(0).rect().width()
    near = [round(v * width) for v in (item.pos().x(), item.pos().y(), item.rect().right() + item.pos().x())]

    def middle_of_the_line(counts: Any, about: int) -> float:
        """Where a frame's line is, from the picture alone."""
        window = counts[about - 12 : about + 13]
        rows = np.flatnonzero(window > 0.9 * window.max())
        return float(about - 12 + rows.mean() + 0.5)

    inside = black[near[1] - 12 : near[1] + 200]
    left, right = (middle_of_the_line(inside[20:].sum(axis=0), x) for x in (near[0], near[2]))
    top = middle_of_the_line(black[:, near[0] + 50 : near[2] - 50].sum(axis=1), near[1])
    column, row = pixel_of(dataset, extent.xMinimum(), extent.yMaximum())
    assert (column, row) == pytest.approx((left, top), abs=0.5)
    assert pixel_of(dataset, extent.xMaximum(), extent.yMaximum())[0] == pytest.approx(right, abs=0.5)


def test_a_border_is_drawn_where_its_coordinates_say(wide_city: OpenPlan, tmp_path: Path) -> None:
    """Two zones meet at 124.15° E; there the picture changes its colour."""
    dataset = gdal.Open(str(export(wide_city, tmp_path, "geotiff", "A3")))
    crs = dataset.GetSpatialRef()
    x, y, _ = osr.CoordinateTransformation(plan_degrees(), crs).TransformPoint(124.15, 41.05)
    column, row = pixel_of(dataset, x, y)
    line = np.stack([dataset.GetRasterBand(b).ReadAsArray(0, int(row), dataset.RasterXSize, 1)[0] for b in (1, 2, 3)])
    here = line[:, int(column)]
    same = np.flatnonzero((line == here[:, None]).all(axis=0))
    run = same[(same > column - 40) & (same < column + 40)]
    assert 2 <= len(run) < 40  # the border's own colour
    assert run.mean() + 0.5 == pytest.approx(column, abs=1)


def test_a_geotiff_is_compressed_tiled_and_in_the_citys_projection(wide_city: OpenPlan, tmp_path: Path) -> None:
    file = export(wide_city, tmp_path, "geotiff")
    dataset = gdal.Open(str(file))
    assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "DEFLATE"
    assert dataset.GetRasterBand(1).GetBlockSize() == [256, 256]
    assert file.stat().st_size < dataset.RasterXSize * dataset.RasterYSize * 3 / 8
    assert (dataset.RasterXSize, dataset.RasterYSize) == pytest.approx((297 / 25.4 * 300, 210 / 25.4 * 300), abs=1)
    crs = dataset.GetSpatialRef()
    assert crs.GetAuthorityCode("PROJCS") is None  # the city's meridian has no code
    assert crs.GetProjParm(osr.SRS_PP_CENTRAL_MERIDIAN) == pytest.approx(124 + 40 / 60)
    assert crs.GetProjParm(osr.SRS_PP_FALSE_EASTING) == 500_000
    assert crs.GetSemiMajor() == 6378137 and crs.GetInvFlattening() == pytest.approx(298.257222101)
    assert dataset.GetMetadataItem("TIFFTAG_XRESOLUTION") == "300"


@pytest.mark.parametrize("format_name", ["pdf", "geopdf"])
def test_a_pdf_knows_its_place_on_earth(wide_city: OpenPlan, tmp_path: Path, format_name: str) -> None:
    if not geopdf_is_possible():
        pytest.skip("GDAL reads no PDF here")
    file = export(wide_city, tmp_path, format_name)
    assert file.name == (f"{EIGHT}.pdf" if format_name == "pdf" else f"{EIGHT}_地理.pdf")
    dataset = gdal.Open(str(file))
    extent, page = the_map().extent(), the_map().layout().pageCollection().page(0).rect()
    column, row = pixel_of(dataset, extent.xMinimum(), extent.yMaximum())
    millimetres = (column / dataset.RasterXSize * page.width(), row / dataset.RasterYSize * page.height())
    assert millimetres == pytest.approx((the_map().pos().x(), the_map().pos().y()), abs=0.3)
    assert dataset.GetSpatialRef().GetProjParm(osr.SRS_PP_CENTRAL_MERIDIAN) == pytest.approx(124 + 40 / 60)


def test_layers_of_a_geopdf_are_named_and_its_text_is_text(wide_city: OpenPlan, tmp_path: Path) -> None:
    if not geopdf_is_possible():
        pytest.skip("GDAL writes no GeoPDF here")
    reader = pypdf.PdfReader(export(wide_city, tmp_path, "geopdf"))
    groups = reader.trailer["/Root"]["/OCProperties"]["/OCGs"]  # type: ignore[index]
    names = {str(group.get_object()["/Name"]) for group in groups}
    assert {"行政单元", "生态修复分区", "市界"} <= names
    assert "1:900" in "".join(reader.pages[0].extract_text().split()).replace("900000", "900")


def test_a_geopdf_leaves_projections_as_they_were(wide_city: OpenPlan, tmp_path: Path) -> None:
    if not geopdf_is_possible():
        pytest.skip("GDAL writes no GeoPDF here")
    before = len(QgsApplication.coordinateReferenceSystemRegistry().userCrsList())
    export(wide_city, tmp_path, "geopdf")
    assert the_map().crs().authid() == ""
    assert len(QgsApplication.coordinateReferenceSystemRegistry().userCrsList()) == before


def test_where_gdal_writes_no_geopdf_it_is_skipped_with_the_reason(
    wide_city: OpenPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restoration_planner.figures import export as exporting

    for module in (exporting, printer):  # what a GDAL without a PDF reader answers
        monkeypatch.setattr(module, "geopdf_is_possible", lambda: False)
    done = export_figures(wide_city, Wanted(tmp_path, "8", "geopdf,svg", "A4", printed=DAY))
    assert [f.name for f in done.files] == [f"{EIGHT}.svg"]
    assert [str(m) for m in done.skipped] == [
        f"{EIGHT}_地理.pdf 未写出：本机的 GDAL 不支持写 GeoPDF。请改用 PDF 和 GeoTIFF。"
    ]
