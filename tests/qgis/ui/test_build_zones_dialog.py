"""Building zones through the dialog: real towns of Benxi settled, built, looked at and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import pytest
import shapely
from qgis.core import QgsPointXY, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from restoration_planner.core.plan.schema import SCHEMA_VERSION
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.zones.build_desk import BuildZonesDesk
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
from restoration_planner.tests.small_plan import square
from restoration_planner.ui import areas_model
from restoration_planner.ui.build_zones_dialog import BuildZonesDialog
from restoration_planner.ui.build_zones_dialog.units_model import HOW, UNIT, ZONE


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def desk(qgis_new_project: None, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BuildZonesDesk]:
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(False)
    plans = OpenPlans(QgsProject.instance())
    desk = BuildZonesDesk(qgis_iface, plans)
    desk.plans = plans  # type: ignore[attr-defined]
    yield desk
    desk.close()
    desk.deleteLater()
    plans.close()
    QgsProject.instance().clear()
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(True)


@pytest.fixture
def benxi(shared: Path, tmp_path: Path) -> Path:
    """The Benxi template with its 44 real towns, none of which says its zone."""
    with fiona.open(shared / "data" / "benxi.gpkg", layer="towns") as source:
        towns = [(dict(f["properties"]), shapely.geometry.shape(f["geometry"])) for f in source]
    records = [
        {"code": f"{t['adcode']}-{i}", "name": t["name"], "level": "town", "county": t["county"]}
        for i, (t, _) in enumerate(towns)
    ]
    shapes = [g if g.geom_type == "MultiPolygon" else shapely.MultiPolygon([g]) for _, g in towns]
    path = tmp_path / "benxi.gpkg"
    create_plan(
        path,
        PlanTables(
            {**plan_from_template("benxi").rows, "admin_unit": Rows.from_records("admin_unit", records, shapes)}
        ),
    )
    return path


@pytest.fixture
def three_towns(tmp_path: Path) -> Path:
    """Two towns in the lists, one of them under a misprint and in both zones; one that is left of its district."""

    def town(name: str, west: float) -> tuple[dict[str, object], object]:
        row = {"code": name, "name": name, "level": "town", "county": "西区"}
        return row, square(west, 41.0, west + 0.1, 41.1)

    towns = [town("甲镇", 124.0), town("丁岭镇", 124.1), town("丙街道", 124.2)]
    lists = [("甲镇", "1"), ("甲镇", "2"), ("丁岺镇", "1"), ("西区城区", "2")]
    rows = [
        Rows.from_records("plan", [{"schema_version": SCHEMA_VERSION, "name": "三镇规划"}]),
        Rows.from_records("restoration_zone", [{"code": c, "name": f"{c}区", "stated_area_km2": 93.0} for c in "12"]),
        Rows.from_records("unit_membership", [{"unit_name": n, "county": "西区", "zone_code": z} for n, z in lists]),
        Rows.from_records("admin_unit", [row for row, _ in towns], [shape for _, shape in towns]),
        Rows.from_records("project", []),
    ]
    path = tmp_path / "three.gpkg"
    create_plan(path, PlanTables({r.table: r for r in rows}))
    return path


def opened(desk: BuildZonesDesk, path: Path, qgis_iface: Any) -> BuildZonesDialog:
    desk.plans.open(path, qgis_iface.mapCanvas())  # type: ignore[attr-defined]
    dialog = desk.ask()
    assert dialog is not None
    wait_until(lambda: not desk.is_busy() and dialog.draft() is not None)
    return dialog


def column(dialog: BuildZonesDialog, number: int) -> list[str]:
    proxy = dialog.units.proxy
    return [proxy.index(row, number).data() for row in range(proxy.rowCount())]


def choose(box: Any, data: object) -> None:
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemData(i) == data))
    box.activated.emit(box.currentIndex())


def differences(dialog: BuildZonesDialog) -> dict[str, float]:
    return {
        line.row.code: line.row.difference_pct for line in dialog.areas.model.lines() if line.kind == "restoration_zone"
    }


def click_button(button: Any) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_benxis_two_towns_in_no_list_are_shown_first_and_settled(
    desk: BuildZonesDesk, benxi: Path, qgis_iface: Any
) -> None:
    before = read_plan(benxi)
    dialog = opened(desk, benxi, qgis_iface)
    assert dialog.units.proxy.rowCount() == 44
    assert set(column(dialog, UNIT)[:2]) == {"张其寨街道", "南芬街道"}
    assert set(column(dialog, ZONE)[:2]) == {"open"} and "open" not in column(dialog, ZONE)[2:]
    assert {"exact", "normalised", "variant", "none"} == set(column(dialog, HOW))
    assert dialog.tabs.tabText(0) == "&Units (2 open)"
    assert abs(differences(dialog)["1"]) > 0.5, "without them zone 1 is too small"
    dialog.units.only_open.setChecked(True)
    assert dialog.units.proxy.rowCount() == 2
    dialog.units.table.selectAll()
    assert "2 units" in dialog.units.says.text()
    choose(dialog.units.zone, "1")
    assert all(abs(d) < 0.5 for d in differences(dialog).values())
    shares = [dialog.areas.model.index(row, areas_model.SHARE).data() for row in range(5)]
    assert shares[4] == "100.00" and sum(round(100 * float(share)) for share in shares[:4]) == 10000
    assert dialog.areas.model.index(0, areas_model.STATED_SHARE).data() == "18.06", "as the plan prints it"
    assert dialog.tabs.tabText(0) == "&Units"
    assert dialog.units.proxy.rowCount() == 2, "what was just settled stays in sight"
    click_button(dialog.undo_button)
    assert dialog.tabs.tabText(0) == "&Units (2 open)", "both were one choice"
    dialog.units.table.selectAll()
    choose(dialog.units.zone, "1")
    click_button(dialog.build_button)
    wait_until(lambda: not desk.is_busy())
    units = read_plan(benxi)["admin_unit"]
    assert sorted(n for n, z in zip(units["name"], units["zone_code"]) if z == "1") == ["南芬街道", "张其寨街道"]
    plan = desk.plans.current()  # type: ignore[attr-defined]
    assert sum(f.hasGeometry() for f in plan.layer("restoration_zone").getFeatures()) == 4, "the open layer shows them"
    assert plan.layer("restoration_zone").isValid() and any(
        "built" in told for told in sentences(qgis_iface.messageBar())
    )
    click_button(dialog.take_back_button)
    wait_until(lambda: not desk.is_busy())
    after = read_plan(benxi)
    assert after["admin_unit"].records() == before["admin_unit"].records()
    assert not any(f.hasGeometry() for f in plan.layer("restoration_zone").getFeatures())
    assert dialog.take_back_button.isHidden()
    dialog.reject()


def test_a_town_that_two_zones_claim_is_settled_among_them(
    desk: BuildZonesDesk, three_towns: Path, qgis_iface: Any
) -> None:
    dialog = opened(desk, three_towns, qgis_iface)
    draft = dialog.draft()
    assert draft is not None
    town = next(u for u in draft.units() if u.name == "甲镇")
    dialog.units.select(town.fid)
    assert "several" in dialog.units.says.text() and "1, 2" in dialog.units.says.text()
    assert dialog.units.zone.itemText(1).endswith("(listed)")
    choose(dialog.units.zone, "2")
    assert next(u for u in draft.units() if u.name == "甲镇").zone == "2"
    assert dialog.map.zone_shown(town.fid) == "2"
    click_button(dialog.units.reset)
    assert dialog.map.zone_shown(town.fid) == "?"
    dialog.reject()


def test_a_name_without_a_unit_is_picked_from_its_candidates(
    desk: BuildZonesDesk, three_towns: Path, qgis_iface: Any
) -> None:
    dialog = opened(desk, three_towns, qgis_iface)
    draft = dialog.draft()
    assert draft is not None
    assert dialog.tabs.tabText(1).endswith("(2 open)")
    fids = {u.name: u.fid for u in draft.units()}
    dialog.tabs.setCurrentWidget(dialog.names)
    dialog.names.table.selectRow(0)
    assert dialog.names.unit.itemData(1) == (fids["丁岭镇"],), "the nearest comes first"
    choose(dialog.names.unit, (fids["丁岭镇"],))
    dialog.names.table.selectRow(1)
    assert "rest of its district" in dialog.names.says.text()
    choose(dialog.names.unit, (fids["丙街道"],))
    assert not dialog.tabs.tabText(1).endswith("open)")
    click_button(dialog.build_button)
    wait_until(lambda: not desk.is_busy())
    listed = read_plan(three_towns)["unit_membership"]["unit_name"].tolist()
    assert listed == ["甲镇", "甲镇", "丁岭镇", "丙街道"]
    dialog.reject()


def test_a_click_on_the_map_selects_the_row_and_a_row_shows_its_unit(
    desk: BuildZonesDesk, three_towns: Path, qgis_iface: Any
) -> None:
    dialog = opened(desk, three_towns, qgis_iface)
    canvas = dialog.map.canvas
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform

    to_map = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), canvas.mapSettings().destinationCrs(), QgsProject.instance()
    )
    pixel = canvas.getCoordinateTransform().transform(to_map.transform(QgsPointXY(124.25, 41.05)))
    QTest.mouseClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixel.toQPointF().toPoint()
    )
    assert [u.name for u in dialog.units.selection()] == ["丙街道"]
    outlined = dialog.map.outlined()
    assert outlined is not None and outlined.boundingBox().toString(1) == "124.2,41.0 : 124.3,41.1"
    dialog.units.search.setValue("甲")
    assert dialog.units.proxy.rowCount() == 1
    dialog.units.table.selectRow(0)
    assert dialog.map.outlined().boundingBox().xMinimum() == pytest.approx(124.0)
    dialog.reject()


def test_outlines_that_are_there_stay_unless_they_are_to_be_replaced(
    desk: BuildZonesDesk, three_towns: Path, qgis_iface: Any
) -> None:
    dialog = opened(desk, three_towns, qgis_iface)
    draft = dialog.draft()
    assert draft is not None
    dialog.units.select(next(u.fid for u in draft.units() if u.name == "甲镇"))
    choose(dialog.units.zone, "2")
    assert dialog.replace.isHidden()
    click_button(dialog.build_button)
    wait_until(lambda: not desk.is_busy())
    assert not dialog.build_button.isEnabled() or not dialog.replace.isHidden()
    assert "(1 zones" in dialog.replace.text()
    assert not dialog.build_button.isEnabled() and "outlines" in dialog.says.text()
    dialog.replace.setChecked(True)
    assert dialog.build_button.isEnabled()
    dialog.reject()


def test_the_tolerance_colours_the_areas(desk: BuildZonesDesk, benxi: Path, qgis_iface: Any) -> None:
    dialog = opened(desk, benxi, qgis_iface)
    model = dialog.areas.model
    cell = model.index(0, areas_model.DIFFERENCE_PCT)
    red, green = areas_model.COLOURS[False][1], areas_model.COLOURS[True][1]
    assert model.data(cell, Qt.ItemDataRole.BackgroundRole).color().name() == red
    dialog.areas.tolerance.setValue(10.0)
    assert model.data(cell, Qt.ItemDataRole.BackgroundRole).color().name() == green
    assert "within ±10 %" in model.data(cell, Qt.ItemDataRole.ToolTipRole)
    dialog.reject()


def test_a_plan_without_units_is_one_sentence_in_the_dialog(
    desk: BuildZonesDesk, tmp_path: Path, qgis_iface: Any
) -> None:
    path = tmp_path / "empty.gpkg"
    create_plan(path, plan_from_template("benxi"))
    desk.plans.open(path, qgis_iface.mapCanvas())  # type: ignore[attr-defined]
    dialog = desk.ask()
    assert dialog is not None
    wait_until(lambda: not desk.is_busy())
    assert not dialog.notice.isHidden() and "empty.gpkg" in dialog.notice.label.text()
    assert not dialog.build_button.isEnabled()
    dialog.reject()
