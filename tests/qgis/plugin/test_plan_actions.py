"""New plan, open plan, build zones, as the menu does them; several plans at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtWidgets import QApplication, QDialog, QMessageBox

from restoration_planner.core.plan.schema import SCHEMA_VERSION
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import template_names
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.plan_actions import PlanActions
from restoration_planner.plugin.siting.desk import SitingDesk
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
from restoration_planner.tests.small_plan import make_small_plan, square
from restoration_planner.ui.build_zones_dialog import BuildZonesDialog
from restoration_planner.ui.new_plan_dialog import TEMPLATES, NewPlanDialog


@pytest.fixture
def actions(plans: OpenPlans, qgis_iface: Any) -> Iterator[PlanActions]:
    QgsSettings().remove("restoration_planner")
    qgis_iface.messageBar().clearWidgets()
    actions = PlanActions(qgis_iface, plans, lambda: None)
    yield actions
    actions.close()
    qgis_iface.messageBar().clearWidgets()


@pytest.fixture
def units_only(tmp_path: Path) -> Path:
    """Three towns side by side; two say that they are in zone 1, one is called what no list knows."""

    def town(name: str, zone: str | None, west: float) -> tuple[dict[str, object], object]:
        return {"code": name, "name": name, "level": "town", "county": "西县", "zone_code": zone}, square(
            west, 41.0, west + 0.1, 41.1
        )

    towns = [town("甲镇", "1", 124.0), town("乙镇", "1", 124.1), town("丙镇", None, 124.2)]
    tables = [
        Rows.from_records("plan", [{"schema_version": SCHEMA_VERSION, "name": "三镇规划"}]),
        Rows.from_records("restoration_zone", [{"code": "1", "name": "西区", "stated_area_km2": 180.0}]),
        Rows.from_records("admin_unit", [row for row, _ in towns], [shape for _, shape in towns]),
        Rows.from_records("project", []),
    ]
    path = tmp_path / "units.gpkg"
    create_plan(path, PlanTables({rows.table: rows for rows in tables}))
    return path


def shown(kind: type[QDialog]) -> Any:
    wait_until(lambda: any(isinstance(w, kind) and w.isVisible() for w in QApplication.topLevelWidgets()))
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


def layer_of(plans: OpenPlans, table: str) -> Any:
    plan = plans.current()
    assert plan is not None
    return plan.layer(table)


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (b"hello", "plan.gpkg"), (None, "plan.gpkg")],
    ids=["empty", "text", "missing"],
)
def test_what_cannot_be_opened_is_one_sentence(
    actions: PlanActions, plans: OpenPlans, tmp_path: Path, qgis_iface: Any, content: bytes | None, word: str
) -> None:
    path = tmp_path / "plan.gpkg"
    if content is not None:
        path.write_bytes(content)
    actions.open(path)
    (said,) = sentences(qgis_iface.messageBar())
    assert word in said and "Traceback" not in said
    assert plans.current() is None
    assert not QgsProject.instance().mapLayers()


def test_a_new_plan_is_made_from_its_template_and_opened(
    actions: PlanActions, plans: OpenPlans, tmp_path: Path
) -> None:
    dialog = NewPlanDialog(str(tmp_path))
    dialog.templates.setCurrentIndex(dialog.templates.findData("yangquan"))
    dialog.file.setFilePath(str(tmp_path / "阳泉"))
    assert dialog.path() == tmp_path / "阳泉.gpkg", "the ending is added"
    actions._create(dialog.path(), dialog.template())
    dialog.deleteLater()
    wait_until(lambda: plans.current() is not None)
    assert layer_of(plans, "restoration_zone").featureCount() == 6
    assert layer_of(plans, "key_area").featureCount() == 13


def test_the_dialog_offers_the_templates_there_are() -> None:
    assert sorted(TEMPLATES) == template_names()


def test_an_existing_file_is_replaced_only_after_asking(qgis_app: Any, tmp_path: Path, monkeypatch: Any) -> None:
    dialog = NewPlanDialog(str(tmp_path))
    dialog.file.setFilePath(str(make_small_plan(tmp_path / "there.gpkg")))
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    dialog.accept()
    assert dialog.result() != QDialog.DialogCode.Accepted
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted
    dialog.deleteLater()


def test_building_zones_opens_the_dialog_of_the_plan_at_work(actions: PlanActions, units_only: Path) -> None:
    actions.open(units_only)
    actions.ask_build_zones()
    dialog = shown(BuildZonesDialog)
    assert "三镇规划" in dialog.windowTitle()
    actions.ask_build_zones()
    assert shown(BuildZonesDialog) is dialog, "asked for again, it comes to the front"
    wait_until(lambda: not actions.build_zones_desk().is_busy())
    dialog.reject()


def test_zones_being_edited_are_left_alone(
    actions: PlanActions, plans: OpenPlans, units_only: Path, qgis_iface: Any
) -> None:
    actions.open(units_only)
    layer_of(plans, "restoration_zone").startEditing()
    actions.ask_build_zones()
    assert any("being edited" in s for s in sentences(qgis_iface.messageBar()))
    layer_of(plans, "restoration_zone").rollBack()


def test_of_several_open_plans_one_is_at_work(
    desk: SitingDesk, plans: OpenPlans, plan_file: Path, units_only: Path, qgis_iface: Any
) -> None:
    dock = desk.dock  # type: ignore[attr-defined]
    desk.run()
    wait_until(lambda: not desk.is_busy())
    plans.open(units_only, qgis_iface.mapCanvas())
    assert dock.run_bar.plans.isVisibleTo(dock)
    assert [dock.run_bar.plans.itemText(i) for i in range(2)] == ["方格市规划", "三镇规划"]
    assert dock.run_bar.plans.currentText() == "三镇规划"
    assert dock.result() is None, "this plan has not been checked"
    dock.run_bar.plans.setCurrentIndex(0)
    dock.run_bar.plans.activated.emit(0)
    assert len(dock.result().projects) == 6, "the other plan's results are back"
    # The same file by another path is the same plan
    plans.open(plan_file.parent / ".." / plan_file.parent.name / plan_file.name, qgis_iface.mapCanvas())
    assert len(plans.names()) == 2


def test_a_check_that_ends_after_another_plan_was_opened_is_saved_but_not_shown_for_it(
    desk: SitingDesk, plans: OpenPlans, plan_file: Path, units_only: Path, qgis_iface: Any
) -> None:
    desk.run()
    plans.open(units_only, qgis_iface.mapCanvas())
    wait_until(lambda: not desk.is_busy())
    assert desk.dock.result() is None  # type: ignore[attr-defined]
    assert len(read_plan(plan_file, ["siting_finding"])["siting_finding"]) == 5
    assert len(read_plan(units_only, ["siting_finding"])["siting_finding"]) == 0
