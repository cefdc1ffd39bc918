"""Sites given through the map, the panel and its fields, by real mouse and key events.

Beside the projects of the small plan there are four towns (quarters of the two zones), a river in two pieces along
41.02° N, and a layer of somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from qgis import gui
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsAttributeDialog, QgsMapCanvas, QgsMapToolIdentify, QgsMapToolPan, QgsRubberBand
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.texts import set_language
from restoration_planner.layers.crs import city_crs
from restoration_planner.plugin.projects.site_desk import SiteDesk
from restoration_planner.plugin.projects.site_sources import as_shape
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of, sentences, wait_until
from restoration_planner.tests.small_plan import small_tables, square

LEFT, RIGHT, NO = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
NO_KEY = Qt.KeyboardModifier.NoModifier
GEOD = pyproj.Geod(ellps="GRS80")


def site_tables() -> PlanTables:
    tables = dict(small_tables().rows)
    units = [
        ({"code": "w", "name": "西县", "level": "county"}, square(124.00, 41.00, 124.10, 41.10)),
        ({"code": "e", "name": "东县", "level": "county"}, square(124.10, 41.00, 124.20, 41.10)),
        ({"code": "w1", "name": "西一镇", "level": "town"}, square(124.00, 41.00, 124.05, 41.10)),
        ({"code": "w2", "name": "西二镇", "level": "town"}, square(124.05, 41.00, 124.10, 41.10)),
        ({"code": "e1", "name": "东一镇", "level": "town"}, square(124.10, 41.00, 124.15, 41.10)),
        ({"code": "e2", "name": "东二镇", "level": "town"}, square(124.15, 41.00, 124.20, 41.10)),
    ]
    tables["admin_unit"] = Rows.from_records("admin_unit", [u for u, _ in units], [g for _, g in units])
    river = [
        shapely.multilinestrings([shapely.LineString([(124.0, 41.02), (124.1, 41.02)])]),
        shapely.multilinestrings([shapely.LineString([(124.1, 41.02), (124.2, 41.02)])]),
    ]
    tables["river"] = Rows.from_records("river", [{"code": "R", "name": "清河"}] * 2, river)
    return PlanTables(tables)


@dataclass
class Bench:
    """The open plan, its site desk and a map, with a hand for mouse and keys."""

    work: ProjectWork
    canvas: QgsMapCanvas

    @property
    def desk(self) -> SiteDesk:
        return self.work.parts[SiteDesk]  # type: ignore[return-value]

    @property
    def panel(self) -> Any:
        return self.desk.panel

    @property
    def layer(self) -> QgsVectorLayer:
        plan = self.work.plans.current()
        assert plan is not None
        return plan.layer("project")

    def take(self, way: str, code: str | None = None) -> None:
        """Select a project (or none) and take a way up by its action."""
        self.select(code)
        self.desk.ways[way].trigger()
        QApplication.processEvents()

    def select(self, *codes: str | None) -> None:
        self.layer.selectByIds([feature_of(self.layer, code).id() for code in codes if code])
        QApplication.processEvents()

    def site(self, code: str) -> Any:
        return as_shape(feature_of(self.layer, code).geometry())

    def pixel(self, lon: float, lat: float) -> QPoint:
        crs = self.canvas.mapSettings().destinationCrs()
        there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, QgsProject.instance())
        place = there.transform(QgsPointXY(lon, lat))
        return self.canvas.getCoordinateTransform().transform(place).toQPointF().toPoint()

    def place(self, pixel: QPoint) -> tuple[float, float]:
        """Longitude and latitude of the middle of a pixel, by pyproj and not by QGIS."""
        at = self.canvas.getCoordinateTransform().toMapCoordinates(pixel)
        definition = self.canvas.mapSettings().destinationCrs().toWkt()
        lon, lat = pyproj.Transformer.from_crs(pyproj.CRS(definition), 4490, always_xy=True).transform(at.x(), at.y())
        return float(lon), float(lat)

    def move(self, lon: float, lat: float) -> None:
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(self.pixel(lon, lat)), NO, NO, NO_KEY)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def click(self, lon: float, lat: float, button: Any = LEFT) -> None:
        self.move(lon, lat)
        QTest.mouseClick(self.canvas.viewport(), button, NO_KEY, self.pixel(lon, lat))

    def draw(self, *places: tuple[float, float], end: bool = True) -> None:
        for place in places:
            self.click(*place)
        if end:
            self.click(*places[-1], button=RIGHT)

    def key(self, key: Any) -> None:
        QTest.keyClick(self.canvas, key)

    def settle(self) -> None:
        """Wait until what is shown is what is given."""
        wait_until(lambda: not self.desk.is_working)

    def said(self) -> str:
        return sentences(self.work.iface.messageBar())[-1]

    def how(self, what: str) -> None:
        """Choose what becomes of it, as a hand in the list does."""
        at = self.panel.how.findData(what)
        assert at >= 0, [self.panel.how.itemText(i) for i in range(self.panel.how.count())]
        self.panel.how.setCurrentIndex(at)
        self.panel.how.activated.emit(at)

    def undo(self) -> None:
        self.layer.undoStack().undo()
        QApplication.processEvents()

    def drawings(self) -> int:
        """Rubber bands with anything in them, on the map."""
        bands = [i for i in self.canvas.scene().items() if isinstance(i, QgsRubberBand)]
        return sum(1 for band in bands if band.size() > 0 and band.isVisible())


@pytest.fixture
def bench(open_work: Callable[..., ProjectWork], canvas: QgsMapCanvas) -> Bench:
    work = open_work(SiteDesk, tables=site_tables())
    # pixels here are 0.00025°: half of it is how well a hand aims
    return Bench(work, canvas)


AIM = 2.6e-4


def near(shape: Any, other: Any, degrees: float = AIM) -> bool:
    return bool(shapely.hausdorff_distance(shape, other) < degrees)


# --- drawn ---------------------------------------------------------------------------------------------


def test_an_unsited_project_is_drawn_in_one_undo_step(bench: Bench) -> None:
    bench.take("draw", "P4")
    assert "P4 湿地恢复" in bench.panel.project_label.text()
    assert "no site yet" in bench.panel.project_label.text()
    bench.draw((124.11, 41.01), (124.15, 41.01), (124.15, 41.03), end=False)
    bench.settle()
    assert bench.panel.result_label.text().endswith("ha in one part")
    bench.click(124.15, 41.03, RIGHT)
    wanted = shapely.Polygon([(124.11, 41.01), (124.15, 41.01), (124.15, 41.03)])
    assert near(bench.site("P4"), wanted)
    assert bench.layer.undoStack().count() == 1
    assert "P4 湿地恢复" in bench.said()
    assert bench.drawings() == 0
    bench.undo()
    assert bench.site("P4") is None
    bench.layer.undoStack().redo()
    assert near(bench.site("P4"), wanted)


def test_the_area_follows_the_cursor_before_the_click(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.draw((124.11, 41.01), (124.15, 41.01), end=False)
    bench.move(124.15, 41.03)
    bench.settle()
    lon, lat = np.array([bench.place(bench.pixel(*p)) for p in ((124.11, 41.01), (124.15, 41.01), (124.15, 41.03))]).T
    area, _ = GEOD.polygon_area_perimeter(lon, lat)
    shown = float(bench.panel.result_label.text().split(" ha")[0].replace(",", ""))
    assert shown == pytest.approx(abs(area) / 10_000, rel=1e-3)


def test_backspace_and_escape_take_back_what_is_drawn(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.draw((124.11, 41.01), (124.15, 41.01), (124.19, 41.09), end=False)
    bench.key(Qt.Key.Key_Backspace)
    bench.click(124.15, 41.03)
    bench.key(Qt.Key.Key_Return)
    assert near(bench.site("P4"), shapely.Polygon([(124.11, 41.01), (124.15, 41.01), (124.15, 41.03)]))
    before = bench.site("P4")
    bench.draw((124.01, 41.01), (124.05, 41.01), (124.05, 41.03), end=False)
    bench.key(Qt.Key.Key_Escape)
    bench.key(Qt.Key.Key_Return)
    assert bench.site("P4").equals(before)


def test_an_outline_of_two_corners_is_not_ended(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.draw((124.11, 41.01), (124.15, 41.01))
    assert bench.site("P4") is None
    bench.click(124.15, 41.03)
    bench.key(Qt.Key.Key_Enter)
    assert bench.site("P4") is not None


def test_a_crossing_sketch_is_put_right_and_said(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.draw((124.11, 41.01), (124.15, 41.05), (124.15, 41.01), (124.11, 41.05))
    site = bench.site("P4")
    assert shapely.is_valid(site)
    assert len(site.geoms) == 2
    assert "crossed itself near 124.130" in bench.said()
    bench.undo()
    assert bench.site("P4") is None


@pytest.mark.parametrize("map_crs", ["own meridian", "EPSG:4529", "EPSG:3857"])
def test_a_sketch_on_a_map_in_another_crs_is_carried_over_corner_by_corner(bench: Bench, map_crs: str) -> None:
    extent = QgsRectangle(124.0, 41.0, 124.2, 41.1)
    crs = city_crs(extent) if map_crs == "own meridian" else QgsCoordinateReferenceSystem(map_crs)
    bench.canvas.setDestinationCrs(crs)
    there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, QgsProject.instance())
    bench.canvas.setExtent(there.transformBoundingBox(extent))
    bench.take("draw", "P4")
    corners = [(124.11, 41.01), (124.19, 41.012), (124.15, 41.07)]
    bench.draw(*corners)
    wanted = shapely.Polygon([bench.place(bench.pixel(*corner)) for corner in corners])
    assert len(shapely.get_coordinates(bench.site("P4"))) == 4
    assert near(bench.site("P4"), wanted, 2e-8)


def test_a_sketch_snaps_as_the_project_says(bench: Bench) -> None:
    config = bench.canvas.snappingUtils().config()
    config.setEnabled(True)
    config.setTolerance(12)
    bench.canvas.snappingUtils().setConfig(config)
    bench.take("draw", "P4")
    # two pixels beside the corners of P5
    bench.draw((124.1705, 41.0205), (124.1795, 41.0205), (124.1795, 41.0295))
    corners = set(map(tuple, shapely.get_coordinates(bench.site("P4")).tolist()))
    assert corners == {(124.17, 41.02), (124.18, 41.02), (124.18, 41.03)}


def test_a_further_part_and_a_part_cut_away(bench: Bench) -> None:
    bench.take("draw", "P1")
    assert bench.panel.options().how == "add", "what is there is kept unless somebody asks otherwise"
    bench.draw((124.02, 41.01), (124.03, 41.01), (124.03, 41.02))
    assert len(bench.site("P1").geoms) == 2
    bench.how("cut")
    bench.draw((124.01, 41.00), (124.04, 41.00), (124.04, 41.03), (124.01, 41.03))
    assert bench.site("P1").equals(square(124.06, 41.06, 124.07, 41.07))
    bench.how("replace")
    bench.draw((124.02, 41.01), (124.03, 41.01), (124.03, 41.02))
    assert near(bench.site("P1"), shapely.Polygon([(124.02, 41.01), (124.03, 41.01), (124.03, 41.02)]))
    for _ in range(3):
        bench.undo()
    assert bench.site("P1").equals(square(124.06, 41.06, 124.07, 41.07))


def test_a_first_site_is_not_lost_to_the_next_sketch(bench: Bench) -> None:
    bench.take("draw", "P4")
    assert bench.panel.options().how == "replace"
    bench.draw((124.11, 41.01), (124.15, 41.01), (124.15, 41.03))
    wait_until(lambda: bench.panel.options().how == "add")
    bench.draw((124.16, 41.01), (124.18, 41.01), (124.18, 41.03))
    assert len(bench.site("P4").geoms) == 2


def test_what_cuts_nothing_is_refused_and_nothing_is_written(bench: Bench) -> None:
    bench.take("draw", "P1")
    bench.how("cut")
    bench.draw((124.12, 41.01), (124.13, 41.01), (124.13, 41.02))
    assert "cuts nothing away" in bench.said()
    assert bench.layer.undoStack().count() == 0
    assert len(bench.desk.tools["draw"].points) == 3, "the sketch is not lost"  # type: ignore[attr-defined]


def give_large_site(bench: Bench, code: str) -> None:
    """A circle of so many vertices that what is done with it is done in the background."""
    angle = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    large = shapely.Polygon(np.column_stack([124.05 + 0.04 * np.cos(angle), 41.05 + 0.04 * np.sin(angle)]))
    bench.layer.startEditing()
    bench.layer.changeGeometry(
        feature_of(bench.layer, code).id(),
        QgsGeometry.fromWkt(f"Multi{large.wkt}".replace("MultiPOLYGON ((", "MultiPolygon (((") + ")"),
    )


def test_a_project_deleted_while_its_site_is_worked_out_stays_deleted(bench: Bench) -> None:
    give_large_site(bench, "P4")
    fid = feature_of(bench.layer, "P4").id()
    bench.take("draw", "P4")
    bench.draw((124.12, 41.01), (124.15, 41.01), (124.15, 41.03))
    assert bench.desk.is_working, "in the background"
    bench.layer.deleteFeature(fid)
    bench.settle()
    assert any("has been deleted" in said for said in sentences(bench.work.iface.messageBar()))
    assert bench.layer.editBuffer().changedGeometries().get(fid) is None or not bench.layer.getFeature(fid).isValid()
    assert bench.layer.undoStack().count() == 2, "the circle and the deleting"
    assert bench.panel.widget().isEnabled()


def test_a_site_changed_while_a_further_part_is_worked_out_is_not_overwritten(bench: Bench) -> None:
    give_large_site(bench, "P4")
    bench.take("draw", "P4")
    bench.draw((124.12, 41.01), (124.15, 41.01), (124.15, 41.03))
    assert bench.desk.is_working, "in the background"
    bench.undo()  # the circle
    bench.settle()
    assert bench.site("P4") is None
    assert any("changed meanwhile" in said for said in sentences(bench.work.iface.messageBar()))
    assert len(bench.desk.tools["draw"].points) == 3, "the sketch is not lost"  # type: ignore[attr-defined]


def test_a_site_of_many_vertices_is_worked_on_in_the_background_and_the_mouse_does_not_overtake_it(
    bench: Bench,
) -> None:
    give_large_site(bench, "P4")
    bench.take("draw", "P4")
    bench.draw((124.12, 41.01), (124.15, 41.01), (124.15, 41.03))
    assert bench.desk.is_working, "in the background"
    bench.move(124.18, 41.08)
    bench.settle()
    assert len(bench.site("P4").geoms) == 2
    assert near(bench.site("P4").geoms[1], shapely.Polygon([(124.12, 41.01), (124.15, 41.01), (124.15, 41.03)]))
    assert bench.panel.widget().isEnabled()


def test_without_a_project_in_hand_a_new_one_is_made_and_its_form_opened(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(bench.work.iface, "openFeatureForm", lambda *given: opened.append(given), raising=False)
    bench.take("draw")
    assert "a new one is made" in bench.panel.project_label.text()
    count = bench.layer.featureCount()
    bench.draw((124.02, 41.01), (124.03, 41.01), (124.03, 41.02))
    assert bench.layer.featureCount() == count + 1
    (layer, feature, *_), *rest = opened
    assert not rest
    assert layer is bench.layer
    assert near(as_shape(feature.geometry()), shapely.Polygon([(124.02, 41.01), (124.03, 41.01), (124.03, 41.02)]))
    assert bench.layer.selectedFeatureIds() == [feature.id()]
    bench.undo()
    assert bench.layer.featureCount() == count


def test_cancel_in_the_form_of_a_new_project_gives_the_project_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QgsAttributeDialog] = []

    def open_form(layer: QgsVectorLayer, feature: QgsFeature, *_: object) -> None:
        opened.append(QgsAttributeDialog(layer, feature, False, bench.work.iface.mainWindow(), True))

    monkeypatch.setattr(bench.work.iface, "openFeatureForm", open_form, raising=False)
    count = bench.layer.featureCount()
    bench.take("draw")
    bench.draw((124.02, 41.01), (124.03, 41.01), (124.03, 41.02))
    assert bench.panel.isHidden(), "the next sketch would be another part of it"
    opened[0].reject()
    assert bench.layer.featureCount() == count
    assert "gone" in bench.said()
    bench.undo()
    assert bench.layer.featureCount() == count + 1, "not lost"
    bench.take("draw")
    bench.draw((124.06, 41.01), (124.07, 41.01), (124.07, 41.02))
    opened[-1].accept()
    assert bench.layer.featureCount() == count + 2


def test_several_selected_projects_are_none_in_hand(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.select("P1", "P2")
    wait_until(lambda: "2 projects are selected" in bench.panel.project_label.text())
    assert bench.panel.options().how == "new"


def test_only_what_lies_within_the_chosen_zone_is_kept(bench: Bench) -> None:
    bench.take("draw", "P4")
    captions = [bench.panel.limit.itemText(i) for i in range(bench.panel.limit.count())]
    assert captions == ["Anywhere", "The project's zones (2)", "1 西区", "2 东区"]
    bench.panel.limit.setCurrentIndex(1)
    bench.draw((124.05, 41.02), (124.15, 41.02), (124.15, 41.04), (124.05, 41.04))
    assert near(bench.site("P4"), shapely.box(124.10, 41.02, 124.15, 41.04))
    assert shapely.bounds(bench.site("P4"))[0] == 124.1
    assert "cut off" in bench.said()


def test_a_limit_that_is_edited_while_the_panel_is_open_counts_as_it_is_now(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.panel.limit.setCurrentIndex(bench.panel.limit.findText("2", Qt.MatchFlag.MatchStartsWith))
    bench.draw((124.05, 41.02), (124.15, 41.02), (124.15, 41.04), (124.05, 41.04), end=False)
    bench.settle()
    plan = bench.work.plans.current()
    assert plan is not None
    zones = plan.layer("restoration_zone")
    zones.startEditing()
    wider = QgsGeometry.fromWkt(shapely.multipolygons([shapely.box(124.08, 41.0, 124.2, 41.1)]).wkt)
    zones.changeGeometry(feature_of(zones, "2").id(), wider)
    bench.click(124.05, 41.04, button=RIGHT)
    assert near(bench.site("P4"), shapely.box(124.08, 41.02, 124.15, 41.04))


def test_a_part_of_a_zone_ends_at_the_border_of_the_zone_it_began_in(bench: Bench) -> None:
    bench.take("zone_part", "P4")
    bench.draw((124.05, 41.02), (124.15, 41.02), (124.15, 41.04), (124.05, 41.04))
    assert near(bench.site("P4"), shapely.box(124.05, 41.02, 124.10, 41.04))
    bench.how("replace")
    bench.draw((124.05, 41.12), (124.15, 41.02), (124.15, 41.04))
    assert "lies in no zone" in bench.said()


# --- picked --------------------------------------------------------------------------------------------


def test_towns_are_picked_and_unpicked_by_clicks(bench: Bench) -> None:
    bench.take("towns", "P4")
    for place in ((124.02, 41.05), (124.07, 41.05), (124.12, 41.05), (124.02, 41.05)):
        bench.click(*place)
    bench.settle()
    assert bench.panel.hint_label.text() == "西二镇, 东一镇"
    bench.click(124.12, 41.05, RIGHT)
    assert bench.site("P4").equals(shapely.box(124.05, 41.0, 124.15, 41.1))
    assert bench.drawings() == 0


def test_zones_counties_and_key_areas_are_picked_too_and_a_missing_kind_is_said(bench: Bench) -> None:
    bench.take("towns", "P4")
    bench.panel.picked.setCurrentIndex(bench.panel.picked.findData("restoration_zone"))
    bench.click(124.15, 41.05)
    bench.key(Qt.Key.Key_Return)
    assert bench.site("P4").equals(square(124.10, 41.0, 124.20, 41.1))
    bench.panel.picked.setCurrentIndex(bench.panel.picked.findData("key_area"))
    assert "no “Key areas” with ground" in bench.said()


# --- along a river, around points ----------------------------------------------------------------------


def test_a_whole_river_is_as_wide_as_set_and_the_preview_follows_the_widths(bench: Bench) -> None:
    bench.take("river", "P4")
    bench.panel.left.setValue(100)
    bench.click(124.05, 41.0203)
    bench.settle()
    first = bench.panel.result_label.text()
    assert bench.panel.hint_label.text() == "清河"
    bench.panel.same.setChecked(False)
    bench.panel.right.setValue(300)
    bench.settle()
    assert bench.panel.result_label.text() != first
    bench.panel.use_button.click()
    bench.settle()
    site = bench.site("P4")
    for azimuth, width in ((0, 100), (180, 300)):  # from west to east: left is north
        for lon in (124.03, 124.1, 124.17):
            inside = GEOD.fwd(lon, 41.02, azimuth, width - 0.1)[:2]
            outside = GEOD.fwd(lon, 41.02, azimuth, width + 0.1)[:2]
            assert site.covers(shapely.Point(inside))
            assert not site.covers(shapely.Point(outside))


def test_a_stretch_between_two_clicks_goes_over_the_river_s_pieces(bench: Bench) -> None:
    bench.take("river", "P4")
    bench.panel.left.setValue(50)
    bench.panel.between.setCurrentIndex(1)
    bench.click(124.05, 41.02)
    bench.settle()
    assert not bench.panel.use_button.isEnabled()
    bench.click(124.15, 41.02)
    bench.settle()
    bench.key(Qt.Key.Key_Return)
    bench.settle()
    west, south, east, north = shapely.bounds(bench.site("P4"))
    assert (west, east) == pytest.approx((124.05, 124.15), abs=AIM)
    assert GEOD.inv(124.1, south, 124.1, north)[2] == pytest.approx(100, abs=0.2)


def test_points_with_a_radius(bench: Bench) -> None:
    bench.take("points", "P4")
    bench.panel.radius.setValue(400)
    bench.draw((124.12, 41.05), (124.17, 41.05), (124.18, 41.09), end=False)
    bench.key(Qt.Key.Key_Backspace)
    bench.settle()
    bench.key(Qt.Key.Key_Return)
    site = bench.site("P4")
    assert len(site.geoms) == 2
    for part, aimed in zip(sorted(site.geoms, key=lambda p: p.centroid.x), ((124.12, 41.05), (124.17, 41.05))):
        lon, lat = bench.place(bench.pixel(*aimed))
        x, y = shapely.get_coordinates(part).T
        assert GEOD.inv(np.full(len(x), lon), np.full(len(y), lat), x, y)[2] == pytest.approx(400, abs=1e-3)


def test_a_plan_without_rivers_says_how_to_mend_that(open_work: Any, canvas: QgsMapCanvas) -> None:
    bench = Bench(open_work(SiteDesk), canvas)
    bench.take("river", "P4")
    assert "Import rivers first" in bench.said()
    assert not bench.panel.isVisible()


# --- from a selection, pasted --------------------------------------------------------------------------


def others_layer(kind: str, epsg: int, *wkts: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:{epsg}", "somebody's", "memory")
    for wkt in wkts:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_the_selection_of_a_layer_in_another_crs_is_transformed_vertex_by_vertex(bench: Bench) -> None:
    to_zone = pyproj.Transformer.from_crs(4490, 4529, always_xy=True)
    corners = [(124.02, 41.01), (124.08, 41.01), (124.08, 41.03)]
    ring = ", ".join("{:.4f} {:.4f}".format(*to_zone.transform(*c)) for c in [*corners, corners[0]])
    layer = others_layer("Polygon", 4529, f"POLYGON (({ring}))", f"POLYGON (({ring}))")
    bench.take("selection", "P4")
    bench.panel.layer.setLayer(layer)
    bench.settle()
    assert "Nothing is given" in bench.panel.result_label.text()
    layer.selectByIds([layer.getFeatures().__next__().id()])
    bench.settle()
    assert bench.panel.use_button.isEnabled()
    assert bench.drawings() == 1
    bench.panel.use_button.click()
    assert near(bench.site("P4"), shapely.Polygon(corners), 1e-8)
    QgsProject.instance().removeMapLayer(layer.id())
    bench.settle()
    assert "Nothing is given" in bench.panel.result_label.text()


def test_lines_and_points_of_a_selection_get_widths_and_radius(bench: Bench) -> None:
    lines = others_layer("LineString", 4490, "LINESTRING (124.11 41.05, 124.18 41.05)")
    lines.selectAll()
    bench.take("selection", "P4")
    bench.panel.layer.setLayer(lines)
    bench.settle()
    assert bench.panel.left.isVisibleTo(bench.panel)
    assert not bench.panel.radius.isVisibleTo(bench.panel)
    points = others_layer("Point", 4490, "POINT (124.11 41.05)")
    points.selectAll()
    bench.panel.layer.setLayer(points)
    bench.settle()
    assert bench.panel.radius.isVisibleTo(bench.panel)
    bench.panel.radius.setValue(200)
    bench.panel.use_button.click()
    assert shapely.bounds(bench.site("P4"))[3] == pytest.approx(GEOD.fwd(124.11, 41.05, 0, 200)[1], abs=1e-9)


def test_pasted_degrees_are_previewed_and_used(bench: Bench) -> None:
    bench.take("paste", "P4")
    bench.panel.pasted.setPlainText("Ｊ１ １２４．１１，４１．０１\nJ2 124.15，41.01\nJ3 124.15，41.03")
    bench.settle()
    assert "full-width" in bench.panel.notes_label.text()
    assert bench.panel.result_label.text().endswith("ha in one part")
    assert bench.site("P4") is None, "nothing is written before it is used"
    bench.panel.use_button.click()
    bench.settle()
    assert bench.site("P4").equals(shapely.Polygon([(124.11, 41.01), (124.15, 41.01), (124.15, 41.03)]))
    assert bench.panel.pasted.toPlainText() == ""


def test_a_pasted_国土txt_gives_its_plots_and_a_file_is_taken_like_a_paste(bench: Bench, tmp_path: Path) -> None:
    to_zone = pyproj.Transformer.from_crs(4490, 4529, always_xy=True)
    corners = [(124.11, 41.01), (124.15, 41.01), (124.15, 41.03), (124.11, 41.01)]
    rows = [f"J{n},1,{y:.4f},{x:.4f}" for n, (x, y) in enumerate((to_zone.transform(*c) for c in corners), 1)]
    written = "\n".join(
        [
            "[属性描述]",
            "坐标系=2000国家大地坐标系",
            "计量单位=米",
            "带号=41",
            "[地块坐标]",
            "4,,1,地块一,面,,,,@",
            *rows,
        ]
    )
    path = tmp_path / "地块.txt"
    path.write_bytes(written.encode("gbk"))
    bench.take("paste", "P4")
    bench.desk.take_file(path)
    bench.settle()
    assert "EPSG:4529" in bench.panel.notes_label.text()
    bench.panel.use_button.click()
    bench.settle()
    assert near(bench.site("P4"), shapely.Polygon(corners), 1e-8)


def test_a_paste_that_is_nothing_says_so_and_can_be_mended(bench: Bench) -> None:
    bench.take("paste", "P4")
    bench.panel.pasted.setPlainText("124.11 41.01\n1234 5678\n124.15 41.01\n124.15 41.03")
    bench.settle()
    assert "line 2 “1234 5678”" in bench.panel.result_label.text()
    assert not bench.panel.use_button.isEnabled()
    bench.panel.pasted.setPlainText("24.11 41.01\n24.15 41.01\n24.15 41.03")
    bench.settle()
    assert not bench.panel.use_button.isEnabled()
    bench.panel.pasted.setPlainText("124.11 41.01\n124.15 41.01")
    bench.settle()
    assert bench.panel.radius.isVisibleTo(bench.panel), "two places are points with a radius"
    assert bench.panel.use_button.isEnabled()


def test_pasted_places_far_from_the_city_are_doubted_in_words(bench: Bench) -> None:
    bench.take("paste", "P4")
    bench.panel.pasted.setPlainText("116.11 39.01\n116.15 39.01\n116.15 39.05")
    bench.settle()
    assert "not for certain" in bench.panel.result_label.text()
    assert not bench.panel.use_button.isEnabled()


def test_a_zone_that_is_not_certain_is_asked_and_the_answer_used(bench: Bench) -> None:
    to_plain = pyproj.Transformer.from_crs(4490, 4550, always_xy=True)
    corners = [(124.11, 41.01), (124.15, 41.01), (124.15, 41.03)]
    bench.take("paste", "P4")
    bench.desk._ground._place = (None,)  # type: ignore[union-attr]  # a plan that knows of no city
    bench.panel.pasted.setPlainText("\n".join("{:.4f} {:.4f}".format(*to_plain.transform(*c)) for c in corners))
    bench.settle()
    assert "coordinate systems fit" in bench.panel.result_label.text()
    bench.panel.crs.setCurrentIndex(bench.panel.crs.findData("EPSG:4550"))
    bench.settle()
    bench.panel.use_button.click()
    bench.settle()
    assert near(bench.site("P4"), shapely.Polygon(corners), 1e-8)


# --- none yet; ends ------------------------------------------------------------------------------------


def test_a_site_is_taken_away_and_comes_back_by_undo(bench: Bench) -> None:
    before = bench.site("P1")
    none = next(a for a in bench.desk.actions if a.objectName() == "RestorationPlanner_site_none")
    bench.select("P1")
    none.trigger()
    assert feature_of(bench.layer, "P1").geometry().isNull()
    assert bench.layer.undoStack().count() == 1
    none.trigger()
    assert "has no site as it is" in bench.said()
    bench.undo()
    assert bench.site("P1").equals(before)
    bench.select()
    none.trigger()
    assert "Select a project" in bench.said()


def test_a_read_only_layer_is_refused_with_words_and_no_panel_opens(bench: Bench) -> None:
    bench.layer.setReadOnly(True)
    bench.take("draw", "P4")
    assert "read-only" in bench.said()
    assert bench.panel is None or not bench.panel.isVisible()
    assert not bench.layer.isEditable()


def test_nothing_stays_on_the_map_when_the_panel_is_closed_or_another_tool_taken(bench: Bench) -> None:
    bench.take("points", "P4")
    bench.click(124.12, 41.05)
    bench.settle()
    assert bench.drawings() == 2
    bench.panel.close()
    assert bench.drawings() == 0
    assert bench.canvas.mapTool() is not bench.desk.tools["points"]
    bench.take("points", "P4")
    bench.click(124.12, 41.05)
    bench.settle()
    other = QgsMapToolIdentify(bench.canvas)
    bench.canvas.setMapTool(other)
    assert bench.drawings() == 0
    assert bench.panel.isHidden()
    bench.canvas.unsetMapTool(other)


@pytest.mark.parametrize("way", ["draw", "points"])
def test_panning_the_map_with_qgis_own_tool_keeps_the_sketch(bench: Bench, way: str) -> None:
    bench.take(way, "P4")
    for place in ((124.02, 41.02), (124.08, 41.02), (124.08, 41.08)):
        bench.click(*place)
    pan = QgsMapToolPan(bench.canvas)
    bench.canvas.setMapTool(pan)
    bench.settle()
    assert not bench.panel.isHidden() and bench.drawings() > 0
    assert len(bench.desk.tools[way].points) == 3  # type: ignore[attr-defined]
    bench.desk.ways[way].trigger()  # the way's own action goes on
    assert bench.canvas.mapTool() is bench.desk.tools[way]
    bench.click(124.02, 41.08)
    bench.key(Qt.Key.Key_Return)
    assert bench.site("P4") is not None and bench.site("P4").contains(shapely.Point(124.02, 41.08).buffer(1e-4)) is (
        way == "points"
    )
    bench.panel.close()
    assert bench.drawings() == 0


def test_a_sketch_put_down_is_given_up_on_a_map_of_another_projection(bench: Bench) -> None:
    bench.take("draw", "P4")
    bench.click(124.02, 41.02)
    bench.click(124.08, 41.02)
    pan = QgsMapToolPan(bench.canvas)
    bench.canvas.setMapTool(pan)
    bench.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    bench.desk.ways["draw"].trigger()
    assert bench.desk.tools["draw"].points == []  # type: ignore[attr-defined]


def test_nothing_stays_when_the_plan_is_closed(bench: Bench) -> None:
    bench.take("towns", "P4")
    bench.click(124.02, 41.05)
    bench.settle()
    plan = bench.work.plans.current()
    assert plan is not None
    QgsProject.instance().removeMapLayers(list(plan.layer_ids.values()))
    QApplication.processEvents()
    assert bench.drawings() == 0
    assert not bench.panel.isVisible()
    assert not bench.desk.ways["draw"].isEnabled()


def test_another_project_in_hand_gets_what_is_given(bench: Bench) -> None:
    bench.take("towns", "P4")
    bench.click(124.12, 41.05)
    bench.select("P5")
    wait_until(lambda: "P5" in bench.panel.project_label.text())
    bench.how("replace")
    bench.key(Qt.Key.Key_Return)
    assert bench.site("P5").equals(square(124.10, 41.0, 124.15, 41.1))
    assert bench.site("P4") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_way_has_its_words_in_both_languages(open_work: Any, canvas: QgsMapCanvas, language: str) -> None:
    set_language(language)
    bench = Bench(open_work(SiteDesk, tables=site_tables()), canvas)
    for way, action in bench.desk.ways.items():
        bench.take(way, "P4")
        assert bench.panel.way_label.text() in action.text().replace("&", "")
        assert bench.panel.hint_label.text()
        assert not action.icon().isNull()


def test_a_project_is_drawn_from_its_form_or_its_row(bench: Bench) -> None:
    (action,) = bench.desk.feature_actions
    context = [gui.QgsMapLayerActionContext()] if hasattr(gui, "QgsMapLayerActionContext") else []
    action.triggerForFeature(bench.layer, feature_of(bench.layer, "P4"), *context)  # as QGIS's own windows do
    QApplication.processEvents()
    assert bench.canvas.mapTool() is bench.desk.tools["draw"]
    assert "P4" in bench.panel.project_label.text()


def test_typing_on_while_a_paste_is_worked_out_ends_with_what_stands_there_last(bench: Bench) -> None:
    bench.take("paste", "P4")
    bench.panel.pasted.setPlainText("124.11 41.01\n124.15 41.01\n124.15 41.03")
    wait_until(lambda: not bench.desk._soon.isActive())
    assert bench.desk.is_working
    bench.panel.pasted.setPlainText("124.11 41.01\n124.15 41.01\n124.15 41.05")
    bench.settle()
    assert bench.desk._preview.shown().equals(  # type: ignore[union-attr]
        shapely.Polygon([(124.11, 41.01), (124.15, 41.01), (124.15, 41.05)])
    )


def test_a_cursor_off_the_map_s_projection_means_nothing(bench: Bench) -> None:
    crs = QgsCoordinateReferenceSystem("EPSG:4529")
    bench.canvas.setDestinationCrs(crs)
    bench.canvas.setExtent(QgsRectangle(-9e8, -9e8, 9e8, 9e8))
    for way in ("towns", "river", "points", "draw"):
        bench.take(way, "P4")
        QTest.mouseMove(bench.canvas.viewport(), QPoint(5, 5))
        QTest.mouseClick(bench.canvas.viewport(), LEFT, NO_KEY, QPoint(5, 5))
        bench.settle()
    assert bench.site("P4") is None
