"""The live check on an open plan: what is drawn or edited is told at once, and never otherwise than by the full check."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import numpy as np
import pytest
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsAdvancedDigitizingDockWidget, QgsMapCanvas, QgsMapToolCapture, QgsMapToolDigitizeFeature
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.findings import Finding, ProjectResult
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.store.plan_file import read_plan, replace_rows
from restoration_planner.core.texts import text
from restoration_planner.layers.reading import read_open_plan
from restoration_planner.plugin.projects import live_warm
from restoration_planner.plugin.projects.live_desk import SETTING, LivePart
from restoration_planner.plugin.projects.live_warm import FAILED, PREPARING, READY
from restoration_planner.plugin.projects.site_desk import SiteDesk
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.plugin.siting.desk import RULES_SETTING
from restoration_planner.tests.qgis.projects.conftest import feature_of, wait_until
from restoration_planner.tests.small_plan import small_tables, square
from restoration_planner.ui.findings_dock import FindingsDock

#: Half of it lies in the red line R1, nothing in another project.
OVER_THE_RED_LINE = "POLYGON ((124.02 41.04, 124.04 41.04, 124.04 41.06, 124.02 41.06, 124.02 41.04))"
CLEAN = "MULTIPOLYGON (((124.06 41.04, 124.07 41.04, 124.07 41.05, 124.06 41.05, 124.06 41.04)))"
BOW_TIE = [(124.06, 41.03), (124.08, 41.05), (124.08, 41.03), (124.06, 41.05)]


@pytest.fixture
def live_work(open_work: Callable[..., ProjectWork], qgis_iface: Any) -> Iterator[ProjectWork]:
    """The small plan with the live check alone and the dock of findings."""
    dock = FindingsDock(qgis_iface.mainWindow())
    dock.show()
    work = open_work(LivePart)
    work.dock = dock  # type: ignore[attr-defined]
    yield work
    dock.setParent(None)
    dock.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def live(live_work: ProjectWork) -> LivePart:
    return live_work.parts[LivePart]


@pytest.fixture
def layer(live_work: ProjectWork) -> QgsVectorLayer:
    plan = live_work.plans.current()
    assert plan is not None
    return plan.layer("project")


@pytest.fixture
def editing(live: LivePart, layer: QgsVectorLayer) -> QgsVectorLayer:
    """The project layer in an edit session, the live check ready."""
    assert layer.startEditing()
    wait_until(lambda: live._warm is not None and live._warm.state == READY)
    return layer


@pytest.fixture
def tool(canvas: QgsMapCanvas, editing: QgsVectorLayer) -> Iterator[QgsMapToolDigitizeFeature]:
    """QGIS's own tool for new polygons, taken up; what it draws becomes a feature at once, without a form."""
    canvas.setCurrentLayer(editing)
    dock = QgsAdvancedDigitizingDockWidget(canvas)
    tool = QgsMapToolDigitizeFeature(canvas, dock, QgsMapToolCapture.CaptureMode.CapturePolygon)
    tool.digitizingCompleted.connect(editing.addFeature)
    canvas.setMapTool(tool)
    yield tool
    canvas.unsetMapTool(tool)
    dock.deleteLater()


def pixel(canvas: QgsMapCanvas, lon: float, lat: float) -> QPoint:
    to_map = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), QgsProject.instance()
    )
    place = to_map.transform(QgsPointXY(lon, lat))
    return canvas.getCoordinateTransform().transform(place).toQPointF().toPoint()


def move(canvas: QgsMapCanvas, lon: float, lat: float) -> None:
    QApplication.sendEvent(
        canvas.viewport(),
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(pixel(canvas, lon, lat)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )


def click(canvas: QgsMapCanvas, lon: float, lat: float, button: Any = Qt.MouseButton.LeftButton) -> None:
    move(canvas, lon, lat)
    QTest.mouseClick(canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, pixel(canvas, lon, lat))


def settled(live: LivePart) -> Any:
    """What is shown once nothing is under way any more."""
    wait_until(
        lambda: (
            live._warm is not None
            and live._warm.state in (READY, FAILED)
            and live._warm._task is None
            and not live._warm._turns.isActive()
            and not (live._follower is not None and live._follower._look.isActive())
            and not live._warm._rest.isActive()
        )
    )
    return live.shown


def full_check(work: ProjectWork, fid: int) -> ProjectResult:
    """What the desk's check finds for a project: the open layers, unsaved edits included."""
    plan = work.plans.current()
    assert plan is not None
    return next(p for p in check_siting(read_open_plan(plan), load_rules()).projects if p.fid == fid)


def said(result: ProjectResult) -> tuple[Any, ...]:
    """All of it, digit by digit; QGIS lists new features first, which orders overlaps with them differently."""
    return (
        *(result.fid, result.code, result.name, result.grade, result.area_m2),
        sorted(map(_told, result.findings), key=repr),
    )


def _told(f: Finding) -> tuple[Any, ...]:
    return (
        *(f.rule, f.grade, f.target_layer, f.target_code, f.target_name, f.area_m2, f.share_pct),
        *(f.advice, f.basis, f.reviewed, None if f.geometry is None else f.geometry.wkb),
    )


def found(live: LivePart) -> list[tuple[str, str, str | None]]:
    return [] if live.shown is None else [(f.rule, f.grade, f.target_code) for f in live.shown.findings]


# --- editing -----------------------------------------------------------------------------------


def test_an_edited_site_is_told_as_the_full_check_tells_it(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    fid = feature_of(editing, "P1").id()
    editing.changeGeometry(fid, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    shown = settled(live)
    assert ("red_line", "permitted", "R1") in found(live)
    assert said(shown.result) == said(full_check(live_work, fid))
    red = next(f for f in shown.findings if f.rule == "red_line")
    assert red.share_pct == pytest.approx(50, abs=0.01)


def test_values_new_projects_deleted_ones_and_undo_are_followed(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    first = feature_of(editing, "P1").id()
    editing.changeGeometry(first, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    editing.changeAttributeValue(first, editing.fields().indexOf("project_type"), "construction")
    assert said(settled(live).result) == said(full_check(live_work, first))
    assert ("red_line", "violation", "R1") in found(live)
    editing.changeAttributeValue(first, editing.fields().indexOf("zone_codes"), '{"9"}')
    assert said(settled(live).result) == said(full_check(live_work, first))
    assert ("outside_zone", "undetermined", "9") in found(live)

    new = QgsFeature(editing.fields())
    new["code"] = "NEW"
    new.setGeometry(QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    editing.addFeature(new)
    shown = settled(live)
    assert shown.result.fid < 0 and shown.result.code == "NEW"
    assert ("project_overlap", "review", "P1") in found(live)
    assert said(shown.result) == said(full_check(live_work, shown.result.fid))

    editing.deleteFeature(first)
    settled(live)
    assert live.shown is None, "the project in hand is gone"
    editing.select(shown.result.fid)
    settled(live)
    assert ("project_overlap", "review", "P1") not in found(live)
    editing.undoStack().undo()
    editing.removeSelection()
    editing.select(shown.result.fid)
    assert said(settled(live).result) == said(full_check(live_work, shown.result.fid))
    assert ("project_overlap", "review", "P1") in found(live)


def test_what_was_edited_before_it_was_switched_on_counts(
    live: LivePart, layer: QgsVectorLayer, live_work: ProjectWork
) -> None:
    live.action.setChecked(False)
    layer.startEditing()
    moved, gone = feature_of(layer, "P5").id(), feature_of(layer, "P6").id()
    layer.changeGeometry(moved, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    layer.deleteFeature(gone)
    assert live._warm is None
    live.action.setChecked(True)
    first = feature_of(layer, "P1").id()
    layer.changeGeometry(first, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert said(settled(live).result) == said(full_check(live_work, first))
    assert ("project_overlap", "review", "P5") in found(live)


def test_random_edits_agree_with_the_full_check(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    random = np.random.default_rng(5)
    for step in range(25):
        features = list(editing.getFeatures())
        feature = features[random.integers(len(features))]
        x, y = 124 + random.uniform(0, 0.2), 41 + random.uniform(0, 0.1)
        shape = QgsGeometry.fromRect(QgsRectangle(x, y, x + 0.03, y + 0.02))
        what = random.integers(5)
        if what == 0:
            new = QgsFeature(editing.fields())
            new["code"] = f"N{step}"
            new.setGeometry(shape)
            editing.addFeature(new)
        elif what == 1:
            zones = ('{"1"}', '{"1","2"}', None)[random.integers(3)]
            editing.changeAttributeValue(feature.id(), editing.fields().indexOf("zone_codes"), zones)
        elif what == 2:
            editing.undoStack().undo()
        else:
            shape.convertToMultiType()
            editing.changeGeometry(feature.id(), shape)
        settled(live)
        if live.shown is not None:
            assert said(live.shown.result) == said(full_check(live_work, live.shown.result.fid)), step
    # and every project, asked one after the other
    for fid in sorted(editing.allFeatureIds()):
        editing.selectByIds([fid])
        assert said(settled(live).result) == said(full_check(live_work, fid))


def test_saving_and_giving_up_are_followed(live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork) -> None:
    new = QgsFeature(editing.fields())
    new["code"] = "NEW"
    new.setGeometry(QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    editing.addFeature(new)
    settled(live)
    assert editing.commitChanges(False)
    settled(live)
    first = feature_of(editing, "P1").id()
    editing.changeGeometry(first, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert said(settled(live).result) == said(full_check(live_work, first))
    assert [r for r in found(live) if r[0] == "project_overlap"] == [("project_overlap", "review", "NEW")], "once"
    editing.rollBack()
    assert live.shown is None
    editing.startEditing()
    saved = feature_of(editing, "NEW").id()
    editing.select(saved)
    assert said(settled(live).result) == said(full_check(live_work, saved))
    assert not [r for r in found(live) if r[0] == "project_overlap"]


def test_after_a_saving_that_failed_edits_are_followed_as_before(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    fid = feature_of(editing, "P1").id()
    editing.changeGeometry(fid, QgsGeometry.fromWkt(CLEAN))
    settled(live)
    with closing(sqlite3.connect(str(live.plan().path), isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        assert not editing.commitChanges()
        QApplication.processEvents()
        other_program.execute("ROLLBACK")
    over = shapely.from_wkt(OVER_THE_RED_LINE)
    editing.changeGeometry(fid, QgsGeometry.fromWkt(shapely.MultiPolygon([over]).wkt))
    assert said(settled(live).result) == said(full_check(live_work, fid))


def test_another_layers_edit_makes_it_stale_until_it_is_read_again(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    fid = feature_of(editing, "P1").id()
    editing.changeGeometry(fid, QgsGeometry.fromWkt(CLEAN))
    settled(live)
    assert found(live) == []
    red = live_work.plans.current().layer("red_line")  # type: ignore[union-attr]
    red.startEditing()
    red.changeGeometry(1, QgsGeometry.fromWkt(CLEAN))
    assert live._warm is not None and live._warm.state == PREPARING
    assert live.shown is None, "what may be wrong is not shown"
    assert text("live.outdated") in live_work.dock.live_strip.words()  # type: ignore[attr-defined]
    assert said(settled(live).result) == said(full_check(live_work, fid))
    assert found(live) == [("red_line", "permitted", "R1")]
    red.rollBack()
    assert settled(live).result.grade == "pass"


def test_edits_while_it_gets_ready_are_not_lost(live: LivePart, layer: QgsVectorLayer, live_work: ProjectWork) -> None:
    layer.startEditing()
    fid, other = feature_of(layer, "P1").id(), feature_of(layer, "P5").id()
    for _ in range(3):
        QApplication.processEvents()
        layer.changeGeometry(other, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
        layer.changeGeometry(fid, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert live._warm is not None and live._warm.state == PREPARING
    assert said(settled(live).result) == said(full_check(live_work, fid))
    assert ("project_overlap", "review", "P5") in found(live)


def test_a_layer_taken_out_of_the_project_is_read_from_the_file(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    plan = live_work.plans.current()
    assert plan is not None
    QgsProject.instance().removeMapLayer(plan.layer_ids["basic_farmland"])
    QApplication.processEvents()
    fid = feature_of(editing, "P5").id()
    editing.select(fid)
    assert said(settled(live).result) == said(full_check(live_work, fid))
    assert found(live) == [("basic_farmland", "permitted", "F1")]


def test_a_review_that_is_saved_is_joined_to_its_finding(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    plan = live_work.plans.current()
    assert plan is not None
    fid = feature_of(editing, "P5").id()
    editing.select(fid)
    assert [f.reviewed for f in settled(live).findings] == [None]
    review = {"project_code": "P5", "rule": "basic_farmland", "target_code": "F1", "area_m2": 1e9}
    rows = Rows.from_records("siting_review", [{**review, "decision": "accepted", "reviewed_at": "2026-01-01"}])
    replace_rows(plan.path, {"siting_review": rows})
    plan.layer("siting_review").dataProvider().reloadData()
    wait_until(lambda: live._warm is not None and live._warm.state == PREPARING, 5)
    assert [f.reviewed for f in settled(live).findings] == ["accepted"]
    assert said(live.shown.result) == said(full_check(live_work, fid))  # type: ignore[union-attr]


def test_what_another_window_saved_is_seen_when_editing_begins(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    plan = live_work.plans.current()
    assert plan is not None
    editing.rollBack()
    red = read_plan(plan.path, ["red_line"])["red_line"]
    moved = Rows("red_line", red.fids, red.columns, np.array([square(124.06, 41.06, 124.065, 41.07)]))
    replace_rows(plan.path, {"red_line": moved})
    editing.startEditing()
    fid = feature_of(editing, "P1").id()
    editing.select(fid)
    settled(live)
    assert found(live) == [("red_line", "permitted", "R1")]


def test_thousands_of_changes_at_once_do_not_hold_up_the_window(
    open_work: Callable[..., ProjectWork], canvas: QgsMapCanvas
) -> None:
    """As a bulk edit makes them; each is told to the check, some hundred a turn."""
    squares = [
        square(124 + i % 100 / 1000, 41 + i // 100 / 1000, 124.0005 + i % 100 / 1000, 41.0005 + i // 100 / 1000)
        for i in range(4000)
    ]
    records = [
        {"code": f"M{i}", "name": f"工程{i}", "zone_codes": '{"1"}', "counties": '{"西县"}'} for i in range(4000)
    ]
    tables = PlanTables({**small_tables().rows, "project": Rows.from_records("project", records, squares)})
    work = open_work(LivePart, tables=tables)
    live = work.parts[LivePart]
    layer = work.plans.current().layer("project")  # type: ignore[union-attr]
    layer.startEditing()
    settled(live)
    field = layer.fields().indexOf("zone_codes")
    layer.beginEditCommand("bulk")
    for fid in range(1, 4001):
        layer.changeAttributeValue(fid, field, '{"2"}')
    layer.endEditCommand()
    longest = 0.0
    while live.shown is None:
        started = time.process_time()
        QApplication.processEvents()
        longest = max(longest, time.process_time() - started)
    assert longest < 0.3, "one turn took too long"
    assert said(live.shown.result) == said(full_check(work, live.shown.result.fid))


# --- drawing -----------------------------------------------------------------------------------


def test_a_sketch_is_told_before_it_is_finished(
    live: LivePart, canvas: QgsMapCanvas, tool: Any, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    click(canvas, 124.02, 41.04)
    click(canvas, 124.04, 41.04)
    move(canvas, 124.04, 41.06)
    shown = settled(live)
    assert ("red_line", "review", "R1") in found(live), "its type is not known yet"
    assert not {"outside_zone", "county_mismatch"} & {r for r, *_ in found(live)}
    label, strip = live._display.label, live_work.dock.live_strip  # type: ignore[attr-defined]
    assert label is not None and label.isVisible()
    assert "西岭" in label.text() and "西岭" in strip.words()
    assert text("live.names_left_out") in label.text()
    before = shown.offending_m2
    move(canvas, 124.04, 41.08)
    assert settled(live).offending_m2 > before, "it grows with the cursor"
    (hatched,) = live._display.shading.shaded().values()  # type: ignore[union-attr]
    # of the triangle's long side, a quarter of the way up is at 41.05
    corners = shapely.from_wkb(bytes(hatched.asWkb()))
    assert corners.bounds == pytest.approx((124.02 + 0.005, 41.05, 124.04, 41.08), abs=5e-4)


def test_a_finished_sketch_becomes_the_project_in_hand(
    live: LivePart, canvas: QgsMapCanvas, tool: Any, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    for lon, lat in ((124.02, 41.04), (124.04, 41.04), (124.04, 41.06)):
        click(canvas, lon, lat)
    drawn = settled(live)
    click(canvas, 124.02, 41.06, Qt.MouseButton.RightButton)
    shown = settled(live)
    assert shown is not None and shown.result.fid in editing.allFeatureIds() and shown.result.fid < 0
    assert said(shown.result) == said(full_check(live_work, shown.result.fid))
    assert {"outside_zone", "county_mismatch"} <= {r for r, *_ in found(live)}, "now it must name them"
    assert drawn.result.fid != shown.result.fid


def test_a_sketch_given_up_leaves_nothing(live: LivePart, canvas: QgsMapCanvas, tool: Any) -> None:
    for lon, lat in ((124.02, 41.04), (124.04, 41.04), (124.04, 41.06)):
        click(canvas, lon, lat)
    assert settled(live) is not None
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    settled(live)
    wait_until(lambda: live.shown is None)
    assert live._display is not None and not live._display.label.isVisible()
    assert live._display is not None and not live._display.shading.shaded()


def test_a_crossing_sketch_is_told_while_drawing(live: LivePart, canvas: QgsMapCanvas, tool: Any) -> None:
    for lon, lat in BOW_TIE[:-1]:
        click(canvas, lon, lat)
    move(canvas, *BOW_TIE[-1])
    shown = settled(live)
    assert [f.rule for f in shown.findings] == ["invalid_geometry"]
    assert "crosses itself at 124.0" in shown.findings[0].advice
    assert text("live.both_count") in live._display.label.text()  # type: ignore[union-attr]
    halves = shapely.make_valid(shapely.Polygon(BOW_TIE))
    expected = check_siting(PlanTables({"project": Rows.from_records("project", [{}], [halves])}), load_rules())
    assert shown.result.area_m2 == pytest.approx(expected.projects[0].area_m2, rel=0.02), "to a pixel"


def test_in_web_mercator_a_sketch_means_the_same_ground(
    live: LivePart, canvas: QgsMapCanvas, tool: Any, editing: QgsVectorLayer
) -> None:
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    to_map = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem("EPSG:3857"), QgsProject.instance()
    )
    canvas.setExtent(to_map.transformBoundingBox(QgsRectangle(124.0, 41.0, 124.1, 41.1)))
    for lon, lat in ((124.02, 41.04), (124.04, 41.04), (124.04, 41.06)):
        click(canvas, lon, lat)
    move(canvas, 124.02, 41.06)
    shown = settled(live)
    red = next(f for f in shown.findings if f.rule == "red_line")
    assert red.share_pct == pytest.approx(50, abs=1)
    assert red.geometry.bounds == pytest.approx((124.02, 41.05, 124.04, 41.06), abs=3e-4)
    shaded = QgsGeometry(live._display.shading.shaded()["review"])  # type: ignore[union-attr]
    shaded.transform(to_map, QgsCoordinateTransform.ReverseTransform)
    assert shapely.from_wkb(bytes(shaded.asWkb())).bounds == pytest.approx(red.geometry.bounds, abs=1e-9)


def test_the_label_lets_the_mouse_through(live: LivePart, canvas: QgsMapCanvas, tool: Any) -> None:
    for lon, lat in ((124.02, 41.04), (124.04, 41.04), (124.04, 41.06)):
        click(canvas, lon, lat)
    settled(live)
    label = live._display.label  # type: ignore[union-attr]
    assert label is not None and label.isVisible()
    assert label.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert canvas.viewport().rect().contains(label.geometry())
    assert not label.geometry().contains(live._display._cursor())


def test_the_label_of_a_change_that_is_done_goes_when_the_map_moves(
    live: LivePart, editing: QgsVectorLayer, canvas: QgsMapCanvas
) -> None:
    """It would stand beside another place; hatching and dock go on telling."""
    editing.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    settled(live)
    label = live._display.label  # type: ignore[union-attr]
    assert label is not None and label.isVisible()
    canvas.setExtent(QgsRectangle(124.0, 41.0, 124.1, 41.1))
    assert not label.isVisible()
    assert live.shown is not None and live._display is not None and live._display.shading.shaded()


def test_another_tools_sketch_is_checked_as_its_project(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork
) -> None:
    fourth = feature_of(editing, "P4")
    live.show_sketch(QgsGeometry.fromWkt(OVER_THE_RED_LINE), fourth)
    shown = settled(live)
    assert (shown.result.code, shown.result.fid) == ("P4", fourth.id())
    rules = {r for r, *_ in found(live)}
    assert {"red_line", "outside_zone", "county_mismatch"} <= rules, "P4 names the eastern zone and county"
    editing.changeGeometry(fourth.id(), QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    live.show_sketch(None)
    assert said(shown.result) == said(settled(live).result) == said(full_check(live_work, fourth.id()))
    live.show_sketch(QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    settled(live)
    assert "outside_zone" not in {r for r, *_ in found(live)}
    live.show_sketch(None)
    assert settled(live) is None


def test_the_site_panel_s_ways_are_told_as_they_go(open_work: Callable[..., ProjectWork], canvas: QgsMapCanvas) -> None:
    """Its own drawing tool, for the project that is selected; nothing is in an edit session yet."""
    work = open_work(SiteDesk, LivePart)
    live, desk = work.parts[LivePart], work.parts[SiteDesk]
    layer = work.plans.current().layer("project")  # type: ignore[union-attr]
    fourth = feature_of(layer, "P4").id()
    layer.selectByIds([fourth])
    desk.start("draw")  # type: ignore[attr-defined]
    QApplication.processEvents()
    for lon, lat in ((124.02, 41.04), (124.04, 41.04)):
        click(canvas, lon, lat)
    move(canvas, 124.04, 41.06)
    wait_until(lambda: live.shown is not None)
    assert live.shown.result.code == "P4" and not layer.isEditable()
    assert {"red_line", "outside_zone", "county_mismatch"} <= {r for r, *_ in found(live)}
    assert live._display is not None and live._display.label.isVisible()
    click(canvas, 124.04, 41.06)
    click(canvas, 124.04, 41.06, Qt.MouseButton.RightButton)
    wait_until(lambda: layer.isEditable())
    assert said(settled(live).result) == said(full_check(work, fourth))


# --- switching, trouble, time --------------------------------------------------------------------


def test_switched_off_it_does_nothing_and_remembers(
    live: LivePart, editing: QgsVectorLayer, canvas: QgsMapCanvas, live_work: ProjectWork
) -> None:
    editing.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert settled(live) is not None
    live.action.setChecked(False)
    assert QgsSettings().value(SETTING, type=bool) is False
    assert live._warm is None and live._follower is None and live._display is None and live.shown is None
    assert live_work.dock.live_strip.isHidden()  # type: ignore[attr-defined]
    editing.changeGeometry(1, QgsGeometry.fromWkt(CLEAN))
    live.show_sketch(QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    QApplication.processEvents()
    assert live._warm is None and live.shown is None
    live.action.setChecked(True)
    assert QgsSettings().value(SETTING, type=bool) is True
    wait_until(lambda: live._warm is not None and live._warm.state == READY)
    assert text("live.ready") in live_work.dock.live_strip.words()  # type: ignore[attr-defined]


def test_rules_that_cannot_be_read_are_said_and_drawing_goes_on(
    live: LivePart, layer: QgsVectorLayer, live_work: ProjectWork, tmp_path: Any
) -> None:
    broken = tmp_path / "rules.yaml"
    broken.write_text("version: 1\nrules: [", encoding="utf-8")
    QgsSettings().setValue(RULES_SETTING, str(broken))
    layer.startEditing()
    wait_until(lambda: live._warm is not None and live._warm.state == FAILED)
    assert "rules.yaml" in live_work.dock.live_strip.words()  # type: ignore[attr-defined]
    assert layer.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    QgsSettings().remove(RULES_SETTING)
    layer.rollBack()
    layer.startEditing()
    layer.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert said(settled(live).result) == said(full_check(live_work, 1))


def test_a_large_site_is_checked_in_the_background(
    live: LivePart, editing: QgsVectorLayer, live_work: ProjectWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_warm, "MOST_VERTICES", 3)
    checked: list[Any] = []
    assert live._warm is not None
    live._warm.checking.connect(checked.append)
    editing.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    assert said(settled(live).result) == said(full_check(live_work, 1))
    assert [s.fid for s in checked] == [1]
    # two changes before the first is done: the last one counts
    editing.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    QApplication.processEvents()
    editing.changeGeometry(1, QgsGeometry.fromWkt(CLEAN))
    assert settled(live).result.grade == "pass"


def test_a_plan_that_is_closed_leaves_nothing_behind(
    live: LivePart, editing: QgsVectorLayer, canvas: QgsMapCanvas
) -> None:
    editing.changeGeometry(1, QgsGeometry.fromWkt(OVER_THE_RED_LINE))
    settled(live)
    before = len(canvas.scene().items())
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert live._warm is None and live._follower is None and live.shown is None
    assert len(canvas.scene().items()) < before


def test_a_change_is_shown_within_fifty_milliseconds_at_the_benchmarks_size(
    open_work: Callable[..., ProjectWork], qgis_iface: Any, canvas: QgsMapCanvas
) -> None:
    """20 000 projects; from the layer's signal to label, hatching and strip, in processor time, which load disturbs less.

    The median has to keep to 50 ms, and 95 of 100 to twice that on a machine that others use too.
    """
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools" / "bench"))
    try:
        from data import make_plan
    finally:
        sys.path.pop(0)
    dock = FindingsDock(qgis_iface.mainWindow())
    work = open_work(LivePart, tables=make_plan(1.0))
    live = work.parts[LivePart]
    layer = work.plans.current().layer("project")  # type: ignore[union-attr]
    asked = time.perf_counter()
    longest, last = 0.0, asked
    layer.startEditing()
    while live._warm is None or live._warm.state != READY:
        QApplication.processEvents()
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        time.sleep(0.001)
        assert now - asked < 120, "it does not get ready"
    print(f"ready after {last - asked:.2f} s, the window held up for {1000 * longest:.0f} ms at most")
    published: list[object] = []
    live.published.connect(published.append)

    def until_published(change: Callable[[], object]) -> float:
        published.clear()
        started = time.process_time()
        change()
        while not published:
            QApplication.processEvents()
        return time.process_time() - started

    random = np.random.default_rng(3)
    edits, moves = [], []
    for fid in random.choice(np.arange(1, 20_000), 60, replace=False).tolist():
        geometry = layer.getFeature(fid).geometry()
        vertex = geometry.vertexAt(5)
        geometry.moveVertex(vertex.x() + 3e-4, vertex.y() - 2e-4, 5)
        edits.append(until_published(partial(layer.changeGeometry, fid, geometry)))
    canvas.setExtent(QgsRectangle(124.0, 41.0, 124.1, 41.1))
    canvas.setCurrentLayer(layer)
    cad = QgsAdvancedDigitizingDockWidget(canvas)
    tool = QgsMapToolDigitizeFeature(canvas, cad, QgsMapToolCapture.CaptureMode.CapturePolygon)
    canvas.setMapTool(tool)
    for lon, lat in ((124.02, 41.02), (124.04, 41.02), (124.05, 41.03)):
        click(canvas, lon, lat)
    settled(live)
    for step in range(60):
        moves.append(until_published(partial(move, canvas, 124.03 - step * 2e-4, 41.04 + step * 2e-4)))
    canvas.unsetMapTool(tool)
    cad.deleteLater()
    for name, seconds in (("edits", edits), ("moves of the mouse", moves)):
        print(name, "median, 95 %, longest (ms):", (np.percentile(seconds, [50, 95, 100]) * 1000).round(1))
    layer.rollBack()
    dock.setParent(None)
    dock.deleteLater()
    for seconds in (edits, moves):
        assert np.median(seconds) < 0.050
        assert np.percentile(seconds, 95) < 0.100
