"""What stands in the written PDFs, held against the plan file, the ellipsoid and the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Proj, Transformer
from qgis.core import QgsLayoutItem, QgsLayoutItemMap, QgsLayoutItemPage, QgsPrintLayout, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFont

from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.store.plan_reading import read_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.figures.page.fitting import text_width_mm
from restoration_planner.figures.page.layouts import FIGURE
from restoration_planner.layers.fonts import typeface
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.tests.benxi_plan import make_benxi_plan

from .conftest import CITIES, strips
from .made_up_city import make_city
from .reading_back import Word, fonts_of, plain, sizes_of, text_of, words_of
from .test_pages import box_of, laid_out, with_degrees

FIGURES = (8, 9, 10)
TITLES = {8: "生态修复分区图", 9: "生态修复重点区域分布图", 10: "生态修复重点工程布局图"}
#: Qt gives a page whole points.
HALF_A_POINT = 0.18


@dataclass(frozen=True)
class Drawn:
    """A city's figures: as layouts that are still open, and as the PDFs written of them."""

    name: str
    city: str
    tables: PlanTables
    opened: OpenPlan
    layouts: dict[int, QgsPrintLayout]
    files: dict[int, Path]

    def main(self, number: int) -> QgsLayoutItemMap:
        found = self.layouts[number].itemById("map")
        assert isinstance(found, QgsLayoutItemMap)
        return found

    def words(self, number: int) -> list[Word]:
        return words_of(self.files[number])


@pytest.fixture(scope="module", params=[*CITIES, "made_up", "real"])
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, qgis_app: object
) -> Iterator[Drawn]:
    """A wide, a tall and a scattered city, one with a bent outline, and Benxi on its real towns."""
    folder = tmp_path_factory.mktemp(request.param)
    plan, dem = folder / "plan.gpkg", None
    if request.param == "real":
        make_benxi_plan(request.getfixturevalue("shared"), plan)
    elif request.param == "made_up":
        plan, dem = make_city(folder)
    else:
        create_plan(plan, strips(*CITIES[request.param]))
    tables = read_plan(plan)
    city = str(tables["plan"]["city"][0])
    project = QgsProject()
    set_language("zh")
    opened = open_plan(plan, project)
    export_figures(opened, Wanted(folder / "out", "", "pdf", dem=dem, printed=date(2026, 5, 1)))
    layouts = {int(x.customProperty(FIGURE)): x for x in project.layoutManager().printLayouts()}
    files = {n: next((folder / "out").glob(f"图{n}_*.pdf")) for n in layouts}
    yield Drawn(request.param, city, tables, opened, layouts, files)
    project.clear()
    set_language(None)


def test_what_identifies_a_figure_can_be_searched(drawn: Drawn) -> None:
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    assert set(FIGURES) & set(drawn.files)
    for number, file in drawn.files.items():
        words = text_of(file)
        scale = round(drawn.main(number).scale())
        issuer = drawn.tables["plan"]["issuer"][0] or "(未填)"
        for expected in (
            f"图{number}",
            f"编制单位:{issuer}",
            "CGCS2000",
            "高斯-克吕格",
            "2026年5月",
            f"1:{scale}",
            "图例",
            "审图号:",
        ):
            assert plain(expected) in words, (file.name, expected)
        assert drawn.city + TITLES.get(number, "") in words, file.name
    for figure in (8, 10):
        table = {8: "restoration_zone", 10: "project"}[figure]
        if figure in drawn.files:
            words = text_of(drawn.files[figure])
            missing = [n for n in drawn.tables[table]["name"] if plain(str(n)) not in words]
            assert not missing


def test_every_font_is_in_the_file(drawn: Drawn) -> None:
    for file in drawn.files.values():
        fonts = fonts_of(file)
        assert fonts and all(fonts.values()), (file.name, fonts)


def test_a_page_has_the_size_of_its_paper(drawn: Drawn) -> None:
    for number, file in drawn.files.items():
        sheet = drawn.layouts[number].pageCollection().page(0).rect()
        assert {round(sheet.width()), round(sheet.height())} == {420, 297}
        for size in sizes_of(file):
            assert size == pytest.approx((sheet.width(), sheet.height()), abs=HALF_A_POINT)


def items_of(layout: QgsPrintLayout) -> list[QgsLayoutItem]:
    found = [i for i in layout.items() if isinstance(i, QgsLayoutItem) and not isinstance(i, QgsLayoutItemPage)]
    return [i for i in found if i.id() not in ("neatline", "panel")]


def test_no_word_stands_outside_its_item(drawn: Drawn) -> None:
    """Where the PDF draws a word there is an item whose word it is; a word cut off or run over would be elsewhere."""
    for number, layout in drawn.layouts.items():
        boxes = [with_degrees(i).adjusted(-0.3, -0.3, 0.3, 0.3) for i in items_of(layout)]
        tops = [box_of(layout.pageCollection().page(i)).top() for i in range(layout.pageCollection().pageCount())]
        for word in drawn.words(number):
            at = (word.x, word.y + tops[word.page])
            assert any(box.contains(*at) for box in boxes), (drawn.name, number, word)


def in_degrees(main: QgsLayoutItemMap) -> object:
    """What a map shows, as a polygon in longitude and latitude, by PROJ and not by QGIS."""
    seen: QgsRectangle = main.extent()
    frame = shapely.segmentize(shapely.box(seen.xMinimum(), seen.yMinimum(), seen.xMaximum(), seen.yMaximum()), 5000)
    back = Transformer.from_crs(CRS.from_wkt(main.crs().toWkt()), "EPSG:4490", always_xy=True)
    return shapely.transform(frame, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))


def classes_on(tables: PlanTables, number: int, seen: object) -> set[str]:
    """What a legend must explain, from the plan's rows alone."""

    def there(table: str) -> list[dict[str, object]]:
        rows = tables[table]
        if not len(rows) or rows.geometry is None:
            return []
        return [
            row
            for row, shape in zip(rows.records(), rows.geometry)
            if shape is not None and shapely.intersects(shape, seen)
        ]

    found = {"市界"} if there("restoration_zone") or there("admin_unit") else set()
    borders = dict(next(f for f in load_catalogue().figures if f.number == number).layers)["admin_unit"]
    levels = {row["level"] for row in there("admin_unit")}
    found |= {text(f"codes.unit_level.{level}") for level in levels & ({"county"} if borders == "counties" else levels)}
    found |= {"河流"} if there("river") else set()
    found |= {"水域"} if there("water_body") else set()
    found |= {f"{row['code']}{row['name']}" for row in there("restoration_zone")}
    if number == 9:
        found |= {"重点区域"} if there("key_area") else set()
    if number == 10:
        found |= {
            text(f"codes.project_type.{row['project_type']}")
            if row["project_type"]
            else text("layers.legend.unknown_type")
            for row in there("project")
        }
        found |= {"生态保护红线"} if there("red_line") else set()
    return {plain(c) for c in found}


HEADINGS = ("图例", "生态修复分区", "行政界线", "水系", "重点区域", "工程类型", "控制线")


def assert_legend_explains(words: str, classes: set[str]) -> None:
    for one in sorted(classes, key=len, reverse=True):
        assert one in words, (one, words)
        words = words.replace(one, "|", 1)
    for heading in sorted(HEADINGS, key=len, reverse=True):
        words = words.replace(heading, "|")  # Qt writes twice what it makes bold itself
    assert not words.replace("|", ""), words


def in_box(drawn: Drawn, number: int, box: QRectF) -> str:
    return "".join(w.text for w in drawn.words(number) if w.page == 0 and box.contains(w.x, w.y))


def test_the_legend_has_the_classes_inside_the_frame_and_no_other(drawn: Drawn) -> None:
    for number in sorted(set(FIGURES) & set(drawn.files)):
        legend = drawn.layouts[number].itemById("legend")
        words = in_box(drawn, number, box_of(legend).adjusted(-0.2, -0.2, 0.2, 0.2))
        assert_legend_explains(words, classes_on(drawn.tables, number, in_degrees(drawn.main(number))))


def test_the_scale_bar_is_true_to_half_a_percent(drawn: Drawn) -> None:
    """From the middle of its first number to that of its last, in the PDF, against the geodesic across the map's middle."""
    main, bar = drawn.main(8), drawn.layouts[8].itemById("scale_bar")
    font = QFont(bar.textFormat().font())
    font.setPointSizeF(bar.textFormat().size())
    box = box_of(bar).adjusted(-0.5, -0.5, 0.5, 0.5)
    words = [w for w in drawn.words(8) if w.page == 0 and box.contains(w.x, w.y)]
    numbers = {int(w.text.replace("千米", "")): w for w in words}
    assert len(numbers) == 3 and 0 in numbers and sum("千米" in w.text for w in words) == 1
    middle = {n: w.x + text_width_mm(str(n), font) / 2 for n, w in numbers.items()}
    km = max(numbers)
    seen = main.extent()
    back = Transformer.from_crs(CRS.from_wkt(main.crs().toWkt()), "EPSG:4490", always_xy=True)
    along = (middle[km] - middle[0]) / main.rect().width() * seen.width()
    west, east = (back.transform(seen.center().x() + side * along / 2, seen.center().y()) for side in (-1, 1))
    _, _, metres = Geod(a=6378137, rf=298.257222101).inv(*west, *east)
    assert metres == pytest.approx(km * 1000, rel=0.005)


def test_a_class_outside_the_frame_is_not_explained(tmp_path: Path) -> None:
    """A layout drawn closer by a technician: of four zones in a row the westernmost is left."""
    create_plan(tmp_path / "plan.gpkg", strips(*CITIES["wide"]))
    tables = read_plan(tmp_path / "plan.gpkg")
    opened = open_plan(tmp_path / "plan.gpkg", QgsProject.instance())
    main = laid_out(opened, 8).layout.itemById("map")
    before = main.extent()
    main.setExtent(
        QgsRectangle(before.xMinimum(), before.yMinimum(), before.xMinimum() + before.width() / 6, before.yMaximum())
    )
    done = export_figures(opened, Wanted(tmp_path / "out", "8", "pdf", printed=date(2026, 5, 1)))
    layout = QgsProject.instance().layoutManager().printLayouts()[0]
    seen = in_degrees(layout.itemById("map"))
    expected = classes_on(tables, 8, seen)
    assert len([c for c in expected if c[0].isdigit()]) == 1
    box = box_of(layout.itemById("legend")).adjusted(-0.2, -0.2, 0.2, 0.2)
    words = "".join(w.text for w in words_of(done.files[0]) if box.contains(w.x, w.y))
    assert_legend_explains(words, expected)


def test_degrees_stand_where_they_are(drawn: Drawn) -> None:
    """The middle of each meridian's label against PROJ's own place of that meridian on the frame's lower edge."""
    main = drawn.main(8)
    box, seen = box_of(main), main.extent()
    forth = Transformer.from_crs("EPSG:4490", CRS.from_wkt(main.crs().toWkt()), always_xy=True)
    back = Transformer.from_crs(CRS.from_wkt(main.crs().toWkt()), "EPSG:4490", always_xy=True)
    made = main.grids().grid(0).annotationTextFormat()
    font = QFont(made.font())
    font.setPointSizeF(made.size())
    found = 0
    for word in drawn.words(8):
        if not (word.text.endswith("E") and "°" in word.text and box.bottom() < word.y < box.bottom() + 8):
            continue
        degrees, _, minutes = word.text.rstrip("E′'").partition("°")
        longitude = float(degrees) + (float(minutes.rstrip("′'")) / 60 if minutes.rstrip("′'") else 0)
        _, latitude = back.transform(seen.center().x(), seen.yMinimum())
        east, north = forth.transform(longitude, latitude)
        along = forth.transform(longitude, latitude + 0.01)
        east += (along[0] - east) / (along[1] - north) * (seen.yMinimum() - north)  # down the meridian to the frame
        expected = box.left() + (east - seen.xMinimum()) / seen.width() * box.width()
        middle = word.x + text_width_mm(word.text.replace("'", "′"), font) / 2
        assert middle == pytest.approx(expected, abs=0.6), word
        found += 1
    assert found >= 2


def test_the_north_arrow_points_to_true_north(drawn: Drawn) -> None:
    """Against the convergence of meridians by PROJ; the middle of the map is moved east, where it is no longer nothing."""
    layout = drawn.layouts[8]
    main, arrow = drawn.main(8), layout.itemById("north_arrow")
    before = main.extent()
    for east in (0.0, 120_000.0):
        moved = QgsRectangle(before.xMinimum() + east, before.yMinimum(), before.xMaximum() + east, before.yMaximum())
        main.setExtent(moved)
        arrow.refreshPicture()
        projection = CRS.from_wkt(main.crs().toWkt())
        middle = Transformer.from_crs(projection, "EPSG:4490", always_xy=True).transform(
            moved.center().x(), moved.center().y()
        )
        convergence = Proj(projection).get_factors(*middle).meridian_convergence
        turned = (arrow.pictureRotation() + 180) % 360 - 180
        assert turned == pytest.approx(-convergence, abs=0.05)
    assert abs(convergence) > 0.5
    main.setExtent(before)
    arrow.refreshPicture()
