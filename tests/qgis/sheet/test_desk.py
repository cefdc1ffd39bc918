"""Sheets asked for from QGIS's window: the check in the background, kept files, stopping, going."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication, QPushButton

from restoration_planner.core.intake.guotu_txt import read_guotu_txt
from restoration_planner.core.texts import set_language
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.plugin.figures.sheet_desk import SheetDesk
from restoration_planner.tests.small_plan import make_small_plan


class Plans:
    """Which plan is at work."""

    def __init__(self, plan: OpenPlan, other: QgsProject) -> None:
        self.plan: OpenPlan | None = plan
        self.other = other

    def current(self) -> OpenPlan | None:
        return self.plan


@pytest.fixture
def plans(tmp_path: Path, qgis_app: object) -> Iterator[Plans]:
    set_language("zh")
    project, other = QgsProject(), QgsProject()
    yield Plans(open_plan(make_small_plan(tmp_path / "plan.gpkg"), project), other)
    for opened in (project, other):  # layers must not outlive QGIS
        opened.clear()
    set_language(None)


@pytest.fixture
def desk(plans: Plans, qgis_iface: object) -> Iterator[SheetDesk]:
    made = SheetDesk(qgis_iface, plans)  # type: ignore[arg-type]
    yield made
    made.close()


def wait(desk: SheetDesk) -> None:
    end = time.monotonic() + 20
    while desk.is_busy() and time.monotonic() < end:
        QApplication.processEvents()
    assert not desk.is_busy()


def offers(qgis_iface: object) -> list[QPushButton]:
    QApplication.sendPostedEvents(None, 52)  # what is to be deleted, is
    bar = qgis_iface.messageBar()  # type: ignore[attr-defined]
    name = "restoration_planner_sheets_replace"
    found = bar.findChildren(QPushButton, name, Qt.FindChildOption.FindChildrenRecursively)
    return list(found)


def fids(plan: OpenPlan, code: str) -> list[int]:
    return [f.id() for f in plan.layer("project").getFeatures() if f["code"] == code]


def test_the_projects_selected_are_written(
    desk: SheetDesk, plans: Plans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plans.plan is not None
    plans.plan.layer("project").selectByExpression("\"code\" = 'P2'")
    monkeypatch.setattr(
        "restoration_planner.plugin.figures.sheet_desk.QFileDialog.getExistingDirectory",
        lambda *_: str(tmp_path / "out"),
    )
    desk.ask()
    assert desk.is_busy()
    wait(desk)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "选址核查表_P2_西岭采石.pdf",
        "选址核查表_P2_西岭采石.txt",
    ]


def test_files_are_replaced_with_sheets_of_the_plan_they_were_asked_of(
    desk: SheetDesk, plans: Plans, tmp_path: Path, qgis_iface: object
) -> None:
    assert plans.plan is not None
    out, mine = tmp_path / "out", plans.plan
    txt = out / "选址核查表_P2_西岭采石.txt"
    for _ in range(2):
        desk.begin(out, fids(mine, "P2"))
        wait(desk)
        txt.write_text("mine", encoding="utf-8")
    assert len(offers(qgis_iface)) == 1
    plans.plan = open_plan(make_small_plan(tmp_path / "other.gpkg"), plans.other)
    layer = plans.plan.layer("project")
    layer.startEditing()
    layer.changeAttributeValue(fids(plans.plan, "P2")[0], layer.fields().indexOf("name"), "别处的项目")
    offers(qgis_iface)[0].click()
    wait(desk)
    layer.rollBack()
    assert sorted(p.name for p in out.iterdir()) == ["选址核查表_P2_西岭采石.pdf", txt.name]
    assert read_guotu_txt(txt).epsg == 4529
    assert offers(qgis_iface) == []


def test_an_offer_to_replace_goes_with_the_desk(plans: Plans, tmp_path: Path, qgis_iface: object) -> None:
    assert plans.plan is not None
    desk = SheetDesk(qgis_iface, plans)  # type: ignore[arg-type]
    for _ in range(2):
        desk.begin(tmp_path / "out", fids(plans.plan, "P2"))
        wait(desk)
    assert len(offers(qgis_iface)) == 1
    desk.close()
    assert offers(qgis_iface) == []


def test_a_plan_closed_during_the_check_is_said(
    desk: SheetDesk, plans: Plans, tmp_path: Path, qgis_iface: object
) -> None:
    assert plans.plan is not None
    desk.begin(tmp_path / "out")
    plans.plan.project.clear()
    wait(desk)
    assert not (tmp_path / "out").exists()
    bar = qgis_iface.messageBar()  # type: ignore[attr-defined]
    assert any("关闭" in item.text() for item in bar.items())


def test_stopped_before_anything_is_written(desk: SheetDesk, plans: Plans, tmp_path: Path) -> None:
    desk.begin(tmp_path / "out")
    desk.cancel()
    wait(desk)
    assert not (tmp_path / "out").exists()
    desk.begin(tmp_path / "out")
    wait(desk)
    assert len(list((tmp_path / "out").iterdir())) == 9


def test_a_second_asking_waits_for_the_first(desk: SheetDesk, plans: Plans, tmp_path: Path) -> None:
    assert plans.plan is not None
    desk.begin(tmp_path / "one", fids(plans.plan, "P2"))
    desk.begin(tmp_path / "two", fids(plans.plan, "P3"))
    wait(desk)
    assert (tmp_path / "one").exists() and not (tmp_path / "two").exists()


def test_unloaded_during_the_check_nothing_is_left(plans: Plans, tmp_path: Path, qgis_iface: object) -> None:
    desk = SheetDesk(qgis_iface, plans)  # type: ignore[arg-type]
    desk.begin(tmp_path / "out")
    desk.close()
    for _ in range(50):
        QApplication.processEvents()
    assert not desk.is_busy() and not (tmp_path / "out").exists()
