"""The zone dock follows edits: areas, problems with their mendings, versions; and saving with open problems asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import fiona
import pytest
import shapely
from qgis.core import QgsGeometry, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QPushButton

from restoration_planner.core.commands import build_zones
from restoration_planner.core.coverage.transfer import give_ground
from restoration_planner.core.coverage.versions import versions
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.plugin.zones.desk import ZoneDesk
from restoration_planner.tests.qgis.map_tools.conftest import Bench, on_earth, open_bench  # noqa: F401  a fixture
from restoration_planner.tests.qgis.plugin.conftest import wait_until
from restoration_planner.ui import areas_model
from restoration_planner.ui.zone_dock import ZoneDock
from restoration_planner.ui.zone_dock.version_dialog import VersionDialog

TOWN = on_earth(shapely.box(1, 3, 2, 4))


@dataclass
class Docked:
    """The plan on squared paper with its dock."""

    bench: Bench
    dock: ZoneDock
    desk: ZoneDesk

    def settle(self) -> None:
        wait_until(lambda: not self.desk.is_busy())

    def areas(self) -> dict[str, float | None]:
        return {line.row.code: line.row.measured_km2 for line in self.dock.areas.model.lines() if line.kind == ZONES}

    def kinds(self) -> list[str]:
        return [problem.kind for problem in self.dock.problems.model.problems()]

    def give(self, town: shapely.Geometry, zone: int) -> None:
        """Give a town to a zone, as the map tool does."""
        editing = self.bench.tools.editing
        editing.apply(give_ground(editing.ground().mosaic, [town], zone), "give")

    def set_geometry(self, table: str, code: str, shape: shapely.Geometry) -> None:
        """Change an outline as any other tool of QGIS might."""
        layer = self.bench.layer(table)
        layer.isEditable() or layer.startEditing()
        fid = next(f.id() for f in layer.getFeatures() if f["code"] == code)
        geometry = QgsGeometry()
        geometry.fromWkb(shapely.to_wkb(shape))
        layer.changeGeometry(fid, geometry)

    def open_gap(self) -> None:
        """Take a square out of zone 3: from (3, 3) to (4, 4), at the city's corner, and one inside, 0.2 wide."""
        zone = self.bench.geometry(ZONES)["3"]
        self.set_geometry(
            ZONES, "3", shapely.multipolygons([shapely.difference(zone, on_earth(shapely.box(2.9, 2.9, 3.1, 3.1)))])
        )

    def sentence(self) -> str:
        return self.bench.last()


def click(button: Any) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def docked(open_bench: Callable[..., Bench], qgis_iface: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docked]:  # noqa: F811
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)
    bench = open_bench()
    dock = ZoneDock()
    dock.show()
    desk = ZoneDesk(qgis_iface, bench.plans, bench.tools.editing, dock)
    made = Docked(bench, dock, desk)
    made.settle()
    yield made
    desk.close()
    dock.close()
    dock.deleteLater()


def test_areas_follow_a_transfer_and_its_undo_within_a_tenth_of_a_second(docked: Docked) -> None:
    before = docked.areas()
    docked.give(TOWN, 2)
    start = time.perf_counter()
    docked.settle()
    assert time.perf_counter() - start < 0.1
    after = docked.areas()
    assert before["1"] is not None and after["1"] is not None
    assert after["1"] < before["1"] * 0.95
    assert sum(a or 0 for a in after.values()) == pytest.approx(sum(b or 0 for b in before.values()), abs=1e-6)
    docked.bench.layer(ZONES).undoStack().undo()
    docked.settle()
    assert docked.areas() == before


def test_the_sums_stand_against_the_plans_total_and_shares_add_up(docked: Docked) -> None:
    model = docked.dock.areas.model
    lines = {line.kind: row for row, line in enumerate(model.lines())}
    assert model.index(lines["sum"], areas_model.SHARE).data() == "100.00"
    assert model.index(lines["total"], areas_model.STATED).data() == "1,480.00"
    shares = [float(model.index(row, areas_model.SHARE).data()) for row in range(3)]
    assert round(sum(shares), 2) == 100.00


def test_a_sound_plan_has_no_problem_and_a_gap_is_found_where_it_was_opened(docked: Docked) -> None:
    assert docked.kinds() == []
    assert "nothing is wrong" in docked.dock.problems.says.text()
    docked.open_gap()
    docked.settle()
    assert docked.kinds() == ["gap"]
    assert docked.dock.tabs.tabText(1).endswith("(1)")
    (problem,) = docked.dock.problems.model.problems()
    assert problem.geometry.equals(shapely.get_parts(on_earth(shapely.box(2.9, 2.9, 3.1, 3.1)))[0])
    docked.bench.layer(ZONES).undoStack().undo()
    docked.settle()
    assert docked.kinds() == []


def test_a_problem_is_shown_its_mending_shown_before_and_done_as_one_undo_step(docked: Docked) -> None:
    before = docked.bench.state()
    docked.open_gap()
    docked.settle()
    tab = docked.dock.problems
    tab.table.selectRow(0)
    wrong, mended = docked.desk.marked()
    assert wrong is not None and mended is None
    assert wrong.boundingBox().toString(2) == "124.29,41.29 : 124.31,41.31"
    assert tab.mendings.count() >= 1 and not tab.mend_button.isEnabled()
    tab.mendings.setCurrentRow(0)
    _, mended = docked.desk.marked()
    assert mended is not None and mended.boundingBox().toString(2) == "124.29,41.29 : 124.31,41.31"
    index = docked.bench.layer(ZONES).undoStack().index()
    click(tab.mend_button)
    docked.settle()
    assert docked.kinds() == [] and docked.desk.marked() == (None, None)
    docked.bench.assert_sound()
    assert docked.bench.layer(ZONES).undoStack().index() == index + 1
    docked.bench.layer(ZONES).undoStack().undo()
    docked.settle()
    assert docked.kinds() == ["gap"]
    docked.bench.layer(ZONES).undoStack().undo()
    assert docked.bench.state() == before


def test_an_edit_elsewhere_leaves_the_selected_problem_selected_and_the_map_where_it_is(docked: Docked) -> None:
    docked.open_gap()
    docked.settle()
    docked.dock.problems.table.selectRow(0)
    canvas = docked.bench.canvas
    canvas.setExtent(QgsRectangle(124.0, 41.0, 124.2, 41.2))
    extent = canvas.extent()
    docked.set_geometry(AREAS, "K1", on_earth(shapely.box(1, 1, 2.5, 2)))
    docked.settle()
    selected = docked.dock.problems.selection()
    assert selected is not None and selected.kind == "gap" and docked.dock.problems.mendings.count()
    assert canvas.extent() == extent and docked.desk.marked()[0] is not None


def test_a_mending_of_what_has_changed_meanwhile_is_not_done(docked: Docked) -> None:
    docked.open_gap()
    docked.settle()
    (problem,) = docked.dock.problems.model.problems()
    mending = problem.mendings[0]
    docked.bench.layer(ZONES).undoStack().undo()
    docked.desk.mend(problem, mending)
    assert "changed meanwhile" in docked.sentence()
    docked.bench.assert_sound()


@pytest.mark.parametrize("agree", [True, False])
def test_what_a_mending_has_to_ask_is_asked_first(docked: Docked, agree: bool) -> None:
    docked.open_gap()
    docked.settle()
    (problem,) = docked.dock.problems.model.problems()
    mending = problem.mendings[0]
    asks = replace(mending, outcome=replace(mending.outcome, questions=(mending.caption,)))
    docked.desk.ask_mend(problem, asks)
    box = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "RestorationPlannerMendingQuestion")
    assert str(mending.caption) in box.informativeText()
    next(b for b in box.buttons() if (b.text() == "Mend it") == agree).click()
    docked.settle()
    assert docked.kinds() == ([] if agree else ["gap"])


def test_the_keyboard_goes_through_problems_and_mends(docked: Docked) -> None:
    docked.open_gap()
    docked.settle()
    tab = docked.dock.problems
    docked.dock.tabs.setCurrentWidget(tab)
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_Down)
    assert docked.desk.marked() == (None, None), "coming by does not move the map"
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert tab.selection() is not None and docked.desk.marked()[0] is not None
    QTest.keyClick(tab.mendings, Qt.Key.Key_Down)
    assert tab.mending() is not None
    QTest.keyClick(tab.mendings, Qt.Key.Key_Return)
    docked.settle()
    assert docked.kinds() == []


def test_a_key_area_that_leaves_its_zone_is_a_problem(docked: Docked) -> None:
    docked.set_geometry(AREAS, "K1", on_earth(shapely.box(1, 1, 2.5, 2)))
    docked.settle()
    assert "area_outside_zone" in docked.kinds()
    row = docked.kinds().index("area_outside_zone")
    assert "key 1" in docked.dock.problems.model.index(row, 1).data()


def test_a_full_check_on_demand_says_the_same(docked: Docked) -> None:
    docked.open_gap()
    docked.settle()
    followed = docked.kinds()
    click(docked.dock.problems.check_button)
    assert not docked.dock.problems.check_button.isEnabled()
    docked.settle()
    assert docked.kinds() == followed and docked.dock.problems.check_button.isEnabled()


def test_nothing_is_worked_out_while_nobody_looks_and_all_of_it_when_somebody_does(docked: Docked) -> None:
    docked.dock.hide()
    docked.open_gap()
    docked.settle()
    assert docked.kinds() == []
    docked.dock.show()
    docked.settle()
    assert docked.kinds() == ["gap"]


def test_saving_from_the_dock_asks_first_where_a_problem_is_open(docked: Docked) -> None:
    docked.open_gap()
    docked.settle()
    click(docked.dock.problems.save_button)
    box = docked.desk.saving.question()
    assert box is not None and "1 × gap" in box.text()
    next(b for b in box.buttons() if b.text() == "Show the problems").click()
    assert docked.dock.tabs.currentWidget() is docked.dock.problems
    assert docked.bench.layer(ZONES).isModified(), "nothing was saved"
    click(docked.dock.problems.save_button)
    box = docked.desk.saving.question()
    assert box is not None
    next(b for b in box.buttons() if b.text() == "Save anyway").click()
    assert not docked.bench.layer(ZONES).isModified()
    assert versions(docked.bench.plans.current().path) == []  # type: ignore[union-attr]


def test_saving_a_sound_plan_asks_nothing_and_saves_all_layers(docked: Docked) -> None:
    docked.give(TOWN, 2)
    docked.settle()
    click(docked.dock.problems.save_button)
    assert docked.desk.saving.question() is None
    assert not any(docked.bench.layer(t).isModified() for t in (ZONES, AREAS, UNITS))
    path = docked.bench.plans.current().path  # type: ignore[union-attr]
    zone = read_plan(path, [ZONES])[ZONES].geometry
    assert zone is not None and shapely.area(zone[0]) == pytest.approx(0.08 - 0.01)


def test_saving_by_qgiss_own_button_keeps_the_state_before_and_offers_the_way_back(docked: Docked) -> None:
    path = docked.bench.plans.current().path  # type: ignore[union-attr]
    before = read_plan(path, [ZONES])[ZONES].geometry
    docked.open_gap()
    docked.settle()
    assert docked.bench.layer(ZONES).commitChanges(False), "a plugin cannot stop it"
    QApplication.processEvents()
    assert "open problems: 1 × gap." in docked.sentence()
    (kept,) = versions(path)
    item = docked.bench.iface.messageBar().currentItem()
    back = item.findChild(QPushButton, "restoration_planner_back_to_before_button")
    back.click()
    docked.settle()
    after = read_plan(path, [ZONES])[ZONES].geometry
    assert shapely.to_wkb(after).tolist() == shapely.to_wkb(before).tolist()
    assert docked.kinds() == [] and "Before saving" in kept.name
    docked.bench.assert_sound()


def test_saving_only_words_with_a_problem_open_keeps_no_version(docked: Docked) -> None:
    docked.open_gap()
    docked.desk.saving.save(docked.bench.plans.current())  # type: ignore[arg-type]
    layer = docked.bench.layer(ZONES)
    layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().indexOf("problem"), "words")
    layer.commitChanges(False)
    QApplication.processEvents()
    assert versions(docked.bench.plans.current().path) == []  # type: ignore[union-attr]


def test_a_version_is_saved_compared_reported_and_restored(docked: Docked, tmp_path: Path) -> None:
    tab = docked.dock.versions
    docked.dock.tabs.setCurrentWidget(tab)
    click(tab.save_button)
    dialog = docked.desk.versions.dialog
    assert isinstance(dialog, VersionDialog) and not dialog.hint.isVisible()
    dialog.name.setText("评审稿")
    dialog.note.setPlainText("before")
    dialog.accept()
    docked.settle()
    assert tab.versions.index(0, 0).data() == "评审稿" and tab.versions.index(0, 3).data() == "before"
    docked.give(TOWN, 2)
    docked.settle()
    assert not tab.report_button.isEnabled()
    click(tab.compare_button)
    docked.settle()
    zones = {tab.zones.index(r, 0).data(): tab.zones.index(r, 3).data() for r in range(tab.zones.rowCount())}
    assert list(zones) == ["1 zone 1", "3 zone 3"] and zones["3 zone 3"] == zones["1 zone 1"].replace("−", "+")
    assert tab.towns.rowCount() == 1 and tab.towns.index(0, 0).data() == "t13（甲县）"
    assert "1 → 3" in tab.towns.index(0, 1).data()
    gained, lost = docked.desk.versions.marked()
    assert gained is not None and gained.boundingBox().toString(1) == "124.1,41.3 : 124.2,41.4" and lost is None
    tab.zones_table.selectRow(0)
    assert docked.desk.versions.marked()[1] is not None, "zone 1 lost it"
    docked.desk.versions.report(tmp_path / "changes.html")
    docked.settle()
    assert "评审稿" in (tmp_path / "changes.html").read_text(encoding="utf-8")
    version = tab.selection()[0]
    plan = docked.bench.plans.current()
    assert plan is not None
    docked.desk.versions.restore(plan, version)
    assert "edited" in docked.sentence(), "unsaved edits are in the way"
    click(docked.dock.problems.save_button)
    docked.desk.versions.ask_restore(version)
    next(b for b in docked.desk.versions.dialog.buttons() if b.text() == "Restore").click()
    docked.settle()
    assert len(versions(plan.path)) == 2, "the state before was kept"
    assert shapely.area(docked.bench.geometry(ZONES)["1"]) == pytest.approx(0.08)


def test_a_plan_without_outlines_is_said(docked: Docked) -> None:
    layer = docked.bench.layer(ZONES)
    layer.startEditing()
    for feature in list(layer.getFeatures()):
        layer.changeGeometry(feature.id(), QgsGeometry())
    docked.settle()
    assert "build them first" in docked.dock.problems.says.text()
    assert docked.dock.areas.model.rowCount() == 0


def test_closing_the_plan_empties_the_dock(docked: Docked) -> None:
    from qgis.core import QgsProject

    QgsProject.instance().clear()
    docked.settle()
    assert docked.dock.areas.model.rowCount() == 0 and not docked.dock.versions.save_button.isEnabled()


@pytest.fixture
def benxi(shared: Path, tmp_path: Path) -> Path:
    """Benxi with zones built from its real towns: 4 zones, 44 towns, 18 000 vertices."""
    with fiona.open(shared / "data" / "benxi.gpkg", layer="towns") as source:
        towns = [(dict(f["properties"]), shapely.geometry.shape(f["geometry"])) for f in source]
    records = [
        {"code": str(i), "name": t["name"], "level": "town", "county": t["county"], "zone_code": t["zone_no"]}
        for i, (t, _) in enumerate(towns)
    ]
    shapes = [g if g.geom_type == "MultiPolygon" else shapely.MultiPolygon([g]) for _, g in towns]
    path = tmp_path / "benxi.gpkg"
    units = Rows.from_records("admin_unit", records, shapes)
    create_plan(path, PlanTables({**plan_from_template("benxi").rows, "admin_unit": units}))
    build_zones.run(path)
    return path


def test_benxis_areas_and_problems_follow_a_transfer_within_a_tenth_of_a_second(
    open_bench: Callable[..., Bench],  # noqa: F811
    qgis_iface: Any,
    benxi: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)
    bench = open_bench(file=benxi)
    dock = ZoneDock()
    dock.show()
    made = Docked(bench, dock, ZoneDesk(qgis_iface, bench.plans, bench.tools.editing, dock))
    made.settle()
    assert made.kinds() == [] and len(made.areas()) == 4
    units = bench.layer(UNITS)
    times = []
    for name, zone in (("草河口镇", 2), ("东营坊乡", 3), ("连山关镇", 0)):
        town = next(f.geometry() for f in units.getFeatures() if f["name"] == name)
        made.give(shapely.from_wkb(town.asWkb().data()), zone)
        start = time.perf_counter()
        made.settle()
        times.append(time.perf_counter() - start)
        assert made.kinds() == [], name
    made.desk.close()
    dock.close()
    dock.deleteLater()
    assert sorted(times)[1] < 0.1, times
