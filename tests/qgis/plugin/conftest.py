"""An open plan with the desk and dock of the siting check, as the shell puts them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsMessageBarItem
from qgis.PyQt.QtWidgets import QApplication, QWidget

from restoration_planner.core.texts import set_language
from restoration_planner.plugin.importing.desk import ImportDesk
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.siting.desk import SitingDesk
from restoration_planner.tests.small_plan import make_small_plan
from restoration_planner.ui.findings_dock import FindingsDock


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Keep Qt going until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.005)


def sentences(bar: QWidget) -> list[str]:
    """What stands on a message bar."""
    shown = [w for w in bar.findChildren(QWidget) if w.metaObject().className() == "QgsMessageBarItem"]
    return [item.text() for item in shown if isinstance(item, QgsMessageBarItem)]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture(autouse=True)
def one_map(qgis_iface: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-qgis's interface does not know of its maps in the plural."""
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """The plan on squared paper."""
    return make_small_plan(tmp_path / "plan.gpkg")


@pytest.fixture
def plans(qgis_new_project: None, qgis_iface: Any, tmp_path: Path) -> Iterator[OpenPlans]:
    """The open plans of an empty project; they are closed before their files go."""
    plans = OpenPlans(QgsProject.instance())
    yield plans
    plans.close()
    # What stayed open would be drawn, again and again, from files that are gone with their test
    QgsProject.instance().clear()


@pytest.fixture
def desk(plans: OpenPlans, plan_file: Path, qgis_iface: Any) -> Iterator[SitingDesk]:
    """The desk with the plan open; `desk.dock` is its dock."""
    QgsSettings().remove("restoration_planner")
    bar = qgis_iface.messageBar()
    bar.clearWidgets()
    # Nobody sees this map, and its drawing threads would open the plan beside the tests that lock it
    qgis_iface.mapCanvas().setRenderFlag(False)
    plans.open(plan_file, qgis_iface.mapCanvas())
    dock = FindingsDock()
    dock.show()
    desk = SitingDesk(qgis_iface, plans, dock)
    desk.dock = dock  # type: ignore[attr-defined]
    yield desk
    desk.close()
    dock.close()
    dock.deleteLater()
    bar.clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(True)


@pytest.fixture
def import_desk(plans: OpenPlans, plan_file: Path, qgis_iface: Any) -> Iterator[ImportDesk]:
    """The desk with the plan on squared paper open."""
    QgsSettings().remove("restoration_planner")
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(False)
    plans.open(plan_file, qgis_iface.mapCanvas())
    desk = ImportDesk(qgis_iface, plans)
    yield desk
    desk.close()
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(True)
    QApplication.processEvents()
