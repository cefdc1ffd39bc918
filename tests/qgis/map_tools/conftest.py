"""A plan on squared paper open in a map that takes real mouse and key events.

Tenths of a degree from 124° E, 41° N::

    4 +-------+-------+
      |       |   3   |
    2 |    +--+-------+      zones 1, 2, 3; key area K1 in zone 1 from (1, 1) to (2, 2);
      | 1  |K1|   2   |      towns are unit squares, t00 … t33 by their lower left corner;
      |    +--+       |      a river goes from (2.2, -0.2) up to (2.5, 2.2)
    0 +-------+-------+
      0       2       4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, QSize, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QWidget

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES, read_ground
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.plugin.zones.tools import ZoneTools
from restoration_planner.tests.mosaics import assert_sound, three_zones

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def on_earth(shape: shapely.Geometry) -> shapely.Geometry:
    """From squares of the paper to degrees."""
    placed = shapely.transform(shape, lambda xy: xy / 10 + (124.0, 41.0))
    return shapely.multipolygons([placed]) if placed.geom_type == "Polygon" else placed


def squared_plan(overlapping: bool = False) -> PlanTables:
    """The plan in the drawing above; `overlapping` with zone 2 reaching into zone 1."""
    paper = three_zones()
    zones = list(paper.zones.geometry)
    if overlapping:
        zones[1] = shapely.Polygon([(1.8, 0), (4, 0), (4, 2), (2, 2), (1.8, 1)])
    towns = [(f"t{x}{y}", shapely.box(x, y, x + 1, y + 1)) for x in range(4) for y in range(4)]
    shapes = {
        "restoration_zone": [on_earth(z) for z in zones],
        "key_area": [on_earth(k) for k in paper.areas.geometry],
        "admin_unit": [on_earth(t) for _, t in towns],
    }
    county = {"county": "甲县", "level": "town"}
    river = shapely.multilinestrings(
        [
            shapely.transform(
                shapely.LineString([(2, -0.2), (2, 0), (2.5, 0.5), (2.5, 1.5), (2, 2), (1.9, 2.1)]),
                lambda xy: xy / 10 + (124.0, 41.0),
            )
        ]
    )
    return PlanTables(
        {
            "plan": Rows.from_records("plan", [{"schema_version": 2, "name": "方格市规划", "total_area_km2": 1480.0}]),
            "restoration_zone": Rows.from_records(
                "restoration_zone",
                [{"code": str(n), "name": f"zone {n}", "stated_area_km2": 700.0 / n} for n in (1, 2, 3)],
                shapes["restoration_zone"],
            ),
            "key_area": Rows.from_records(
                "key_area", [{"code": "K1", "name": "key 1", "zone_code": "1"}], shapes["key_area"]
            ),
            "admin_unit": Rows.from_records(
                "admin_unit",
                [{**county, "code": name, "name": name} for name, _ in towns],
                shapes["admin_unit"],
            ),
            "unit_membership": Rows.from_records(
                "unit_membership",
                [{"unit_name": n, "county": "甲县", "zone_code": _zone_of(n)} for n, _ in towns],
            ),
            "project": Rows.from_records(
                "project", [{"code": "P1", "name": "site", "zone_codes": '{"2","3"}'}], [None]
            ),
            "river": Rows.from_records("river", [{"code": "R1", "name": "river"}], [river]),
        }
    )


def _zone_of(town: str) -> str:
    x, y = int(town[1]), int(town[2])
    return "1" if x < 2 else ("2" if y < 2 else "3")


@dataclass
class Bench:
    """The open plan, its tools and a map, with a hand for the mouse."""

    tools: ZoneTools
    canvas: QgsMapCanvas
    plans: OpenPlans
    iface: Any

    def layer(self, table: str) -> QgsVectorLayer:
        return self.plans.current().layer(table)  # type: ignore[union-attr]

    def take(self, name: str) -> Any:
        self.tools.actions[name].trigger()
        return self.tools.tools[name]

    def pixel(self, x: float, y: float) -> QPoint:
        """Where a place on the paper is on the screen."""
        crs = self.canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, QgsProject.instance())
        place = transform.transform(QgsPointXY(124 + x / 10, 41 + y / 10))
        return self.canvas.getCoordinateTransform().transform(place).toQPointF().toPoint()

    def move(self, x: float, y: float, pressed: bool = False) -> None:
        from qgis.PyQt.QtCore import QEvent, QPointF
        from qgis.PyQt.QtGui import QMouseEvent

        at = self.pixel(x, y)
        buttons = LEFT if pressed else Qt.MouseButton.NoButton
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(at), Qt.MouseButton.NoButton, buttons, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(self.canvas.viewport(), event)

    def click(self, x: float, y: float, button: Any = LEFT) -> None:
        self.move(x, y)
        QTest.mouseClick(self.canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, self.pixel(x, y))

    def double_click(self, x: float, y: float) -> None:
        QTest.mouseDClick(self.canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.pixel(x, y))

    def drag(self, *places: tuple[float, float]) -> None:
        self.move(*places[0])
        QTest.mousePress(self.canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.pixel(*places[0]))
        for place in places[1:]:
            self.move(*place, pressed=True)
        QTest.mouseRelease(self.canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.pixel(*places[-1]))

    def line(self, *places: tuple[float, float]) -> None:
        for place in places:
            self.click(*place)
        self.click(*places[-1], button=RIGHT)

    def key(self, key: Any) -> None:
        QTest.keyClick(self.canvas, key)

    def said(self) -> list[str]:
        """What stands on the message bar."""
        bar = self.iface.messageBar()
        return [w.text() for w in bar.findChildren(QWidget) if w.metaObject().className() == "QgsMessageBarItem"]

    def last(self) -> str:
        """The newest sentence."""
        item = self.iface.messageBar().currentItem()
        return item.text() if item is not None else ""

    def answer(self, agree: bool) -> str:
        """Answer the question that stands open; its words."""
        box = self.tools.editing.question()
        assert box is not None, self.said()
        words = f"{box.text()}\n{box.informativeText()}"
        role = QMessageBox.ButtonRole.AcceptRole if agree else QMessageBox.ButtonRole.RejectRole
        next(b for b in box.buttons() if box.buttonRole(b) == role).click()
        return words

    def geometry(self, table: str) -> dict[str, shapely.Geometry | None]:
        ground = read_ground(self.plans.current())  # type: ignore[arg-type]
        rows = {ZONES: ground.zones, AREAS: ground.areas}[table]
        return dict(zip(rows["code"].tolist(), rows.geometry))  # type: ignore[arg-type]

    def values(self, table: str, field: str, key: str = "code") -> dict[str, Any]:
        found = {f[key]: f[field] for f in self.layer(table).getFeatures()}
        return {k: None if v is None or str(v) == "NULL" else v for k, v in found.items()}

    def state(self) -> dict[str, Any]:
        """Everything that an action can change: geometry to the byte, and values."""
        tables = (ZONES, AREAS, UNITS, "unit_membership", "project")
        return {
            t: sorted(
                (f.id() if f.id() > 0 else str(f["code"]), bytes(f.geometry().asWkb()), str(f.attributes()[1:]))
                for f in self.layer(t).getFeatures()
            )
            for t in tables
        }

    def assert_sound(self) -> None:
        ground = read_ground(self.plans.current())  # type: ignore[arg-type]
        assert_sound(ground.mosaic, on_earth(shapely.box(0, 0, 4, 4)))

    def box(self, *bounds: float) -> shapely.Geometry:
        return on_earth(shapely.box(*bounds))


def same_ground(one: shapely.Geometry, other: shapely.Geometry, degrees2: float = 1e-12) -> bool:
    return bool(shapely.area(shapely.symmetric_difference(one, other)) < degrees2)


@pytest.fixture
def open_bench(
    qgis_new_project: None, qgis_iface: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Bench]]:
    """Open a plan with the tools: ``open_bench(tables=…, file=…)``."""
    set_language("en")
    made: list[Bench] = []

    def open_it(tables: PlanTables | None = None, file: Path | None = None) -> Bench:
        if file is None:
            file = tmp_path / "plan.gpkg"
            create_plan(file, tables or squared_plan())
        plans = OpenPlans(QgsProject.instance())
        canvas = QgsMapCanvas()  # shown, for a map that was never shown has no size
        canvas.setRenderFlag(False)
        canvas.resize(QSize(900, 900))
        canvas.show()
        monkeypatch.setattr(qgis_iface, "mapCanvas", lambda: canvas)
        plans.open(file, canvas)
        tools = ZoneTools(qgis_iface, plans)
        bench = Bench(tools, canvas, plans, qgis_iface)
        made.append(bench)
        project = QgsProject.instance()
        canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
        # what QGIS's own window does
        canvas.setLayers(project.layerTreeRoot().layerOrder())
        canvas.snappingUtils().setConfig(project.snappingConfig())
        QApplication.processEvents()
        canvas.setExtent(QgsRectangle(123.95, 40.95, 124.45, 41.45))
        return bench

    yield open_it
    for bench in made:
        bench.tools.close()
        for layer in QgsProject.instance().mapLayers().values():
            if isinstance(layer, QgsVectorLayer) and layer.isEditable():
                layer.rollBack()
        bench.plans.close()
        bench.canvas.close()
        bench.canvas.deleteLater()
    qgis_iface.messageBar().clearWidgets()
    QgsProject.instance().clear()
    set_language(None)


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """The plan in the drawing, open."""
    return open_bench()
