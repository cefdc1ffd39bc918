"""Files: read back, whole or not at all, never in place of what was there, the same every time."""

from __future__ import annotations

import re
import resource
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtGui import QImage

from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.core.texts import set_language
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.export import Wanted, export_figures, project_for
from restoration_planner.figures.press.jobs import Exported
from restoration_planner.figures.press.naming import file_stem
from restoration_planner.layers.fonts import typeface
from restoration_planner.layers.opening import OpenPlan

from .reading_back import fonts_of, sizes_of, text_of

DAY = date(2026, 5, 1)


def export(plan: OpenPlan, folder: Path, figures: str = "8", formats: str = "pdf", **more: object) -> Exported:
    return export_figures(plan, Wanted(folder, figures, formats, printed=DAY, **more))  # type: ignore[arg-type]


def words_of(pdf: Path) -> str:
    """A PDF's text without spaces."""
    return re.sub(r"\s", "", text_of(pdf))


def test_files_are_named_as_in_a_printed_appendix(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export(wide_city, tmp_path / "out", "8,10", "pdf,svg")
    assert [f.name for f in done.files] == [
        "图8_本溪市生态修复分区图.pdf",
        "图8_本溪市生态修复分区图.svg",
        "图10_本溪市生态修复重点工程布局图.pdf",
        "图10_本溪市生态修复重点工程布局图.svg",
    ]
    assert sorted((tmp_path / "out").iterdir()) == sorted(done.files)


def test_a_pdf_can_be_searched_and_holds_its_fonts(wide_city: OpenPlan, tmp_path: Path) -> None:
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    pdf = export(wide_city, tmp_path).files[0]
    words = words_of(pdf)
    for expected in (
        "本溪市生态修复分区图",
        "图8",
        "图例",
        "位置示意",
        "编制单位:本溪市人民政府",
        "审图号",
        "2026年5月",
        "124°",
    ):
        assert unicodedata.normalize("NFKC", expected) in words, expected
    assert "1:600000" in words and "千米" in words
    fonts = fonts_of(pdf)
    assert fonts and all(fonts.values()), fonts


@pytest.mark.parametrize(("paper", "size"), [("A4", (297, 210)), ("A3-portrait", (297, 420)), ("A1", (841, 594))])
def test_a_pdf_has_the_size_of_its_paper(
    wide_city: OpenPlan, tmp_path: Path, paper: str, size: tuple[float, float]
) -> None:
    pdf = export(wide_city, tmp_path, paper=paper).files[0]
    assert sizes_of(pdf) == [pytest.approx(size, abs=0.5)]


def test_a_png_has_300_dots_an_inch(wide_city: OpenPlan, tmp_path: Path) -> None:
    picture = QImage(str(export(wide_city, tmp_path, formats="png").files[0]))
    assert (picture.width(), picture.height()) == pytest.approx((420 / 25.4 * 300, 297 / 25.4 * 300), abs=1)
    assert picture.dotsPerMeterX() == pytest.approx(300 / 0.0254, rel=0.001)


def test_the_same_plan_gives_the_same_pixels(wide_city: OpenPlan, tmp_path: Path) -> None:
    one = export(wide_city, tmp_path / "one", "8,10", "png").files
    QgsProject.instance().clear()
    again, _ = project_for(wide_city.path, None)
    two = export(again, tmp_path / "two", "8,10", "png").files
    assert len(one) == len(two) >= 2
    for a, b in zip(one, two):
        assert QImage(str(a)) == QImage(str(b)), a.name
    again.project.clear()


def test_what_is_there_is_left_alone_unless_asked(wide_city: OpenPlan, tmp_path: Path) -> None:
    file = tmp_path / "图8_本溪市生态修复分区图.pdf"
    file.write_bytes(b"mine")
    done = export(wide_city, tmp_path)
    assert done.files == [] and file.read_bytes() == b"mine"
    assert [str(m) for m in done.skipped] == [f"{file.name} 已存在，未改写。要改写请勾选“改写已有文件”（FORCE）。"]
    assert export(wide_city, tmp_path, force=True).files == [file]
    assert file.read_bytes().startswith(b"%PDF")


def test_figures_without_data_are_listed_and_not_drawn(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export(wide_city, tmp_path, "", "svg", paper="A4")
    assert [f.name[:3].rstrip("_") for f in done.files] == ["图7", "图8", "图9", "图10"]
    assert [str(m)[:3].rstrip("《") for m in done.skipped] == [f"图{n}" for n in range(1, 7)]
    assert any("审图号" in str(m) for m in done.messages())


def test_a_folder_that_cannot_be_is_one_sentence(wide_city: OpenPlan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(PlannerError, match="无法建立文件夹"):
        export(wide_city, tmp_path / "file" / "out")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """As on a disk that is full after so many bytes a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("suffix", ["pdf", "png", "svg"])
def test_a_full_disk_leaves_no_half_page(wide_city: OpenPlan, tmp_path: Path, suffix: str) -> None:
    with room_for(8_000), pytest.raises(PlannerError, match="未能写出"):
        export(wide_city, tmp_path / "out", formats=suffix)
    assert list((tmp_path / "out").iterdir()) == []


def test_stopping_leaves_whole_files_only(wide_city: OpenPlan, tmp_path: Path) -> None:
    asked: list[float] = []
    wanted = Wanted(tmp_path, "8,9,10", "pdf", printed=DAY)
    with pytest.raises(Cancelled):
        export_figures(wide_city, wanted, lambda share, _: asked.append(share), lambda: len(asked) == 2)
    assert [f.name for f in sorted(tmp_path.glob("*.pdf"))] == [
        "图8_本溪市生态修复分区图.pdf",
        "图9_本溪市生态修复重点区域分布图.pdf",
    ]
    assert not list(tmp_path.glob(".figures-*"))


@pytest.mark.parametrize(
    ("more", "told"), [({"formats": "pdf,docx"}, "docx"), ({"paper": "B5"}, "B5"), ({"figures": "99"}, "99")]
)
def test_what_is_not_known_is_said(wide_city: OpenPlan, tmp_path: Path, more: dict[str, str], told: str) -> None:
    with pytest.raises(PlannerError, match=told):
        export(wide_city, tmp_path / "out", **more)  # type: ignore[arg-type]
    assert not list((tmp_path / "out").glob("*"))


def test_an_english_interface_makes_english_figures(wide_city: OpenPlan, tmp_path: Path) -> None:
    set_language("en")
    QgsProject.instance().clear()
    plan, _ = project_for(wide_city.path, None)
    pdf = export(plan, tmp_path).files[0]
    assert pdf.name == "图8_本溪市生态修复分区图.pdf"
    words = words_of(pdf)
    for expected in (
        "Restorationzonesof本溪市",
        "Figure8",
        "Legend",
        "Location",
        "Compiledby",
        "Scale1:600000",
        "CGCS2000",
    ):
        assert expected in words, expected
    plan.project.clear()


def test_names_of_files_hold_what_every_system_takes() -> None:
    figure = load_catalogue().chosen("8")[0]
    assert file_stem(figure, 'a/b:c*?"<>|市') == "图8_abc市生态修复分区图"
    assert len(file_stem(figure, "很" * 200).encode("utf-8")) <= 180


def test_a_missing_typeface_is_told() -> None:
    assert typeface("songti", ["Noto Sans CJK SC", "Arial"]).right_kind is False
    assert typeface("songti", ["Noto Sans CJK SC", "Arial"]).family == "Noto Sans CJK SC"
    assert typeface("heiti", ["SimSun", "SimHei"]).family == "SimHei"
    assert typeface("heiti", ["Arial"]).chinese is False


def test_relief_is_drawn_from_any_elevation_raster(wide_city: OpenPlan, tmp_path: Path) -> None:
    from osgeo import gdal

    dem = tmp_path / "dem.tif"
    import numpy as np

    heights = (np.add.outer(np.arange(90), np.arange(240)) * 4).astype("float32")
    raster = gdal.GetDriverByName("GTiff").Create(str(dem), 240, 90, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((123.5, 0.01, 0, 41.65, 0, -0.01))
    raster.SetProjection(
        'GEOGCS["CGCS2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4490"]]'
    )
    raster.GetRasterBand(1).WriteArray(heights)
    raster = None
    done = export(wide_city, tmp_path / "out", "1,7", "pdf", dem=dem)
    assert [f.name for f in done.files] == ["图1_本溪市地势图.pdf", "图7_本溪市生态修复格局图.pdf"]
    assert "高程(米)" in words_of(done.files[0])
    with pytest.raises(PlannerError, match="nowhere"):
        export(wide_city, tmp_path / "out2", "1", "pdf", dem=tmp_path / "nowhere.tif")
