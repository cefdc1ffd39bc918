"""What the tests of the import dialog share: files as they arrive, and a dialog that has come to rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from restoration_planner.plugin.importing.desk import ImportDesk
from restoration_planner.tests.qgis.plugin.conftest import wait_until
from restoration_planner.ui.import_dialog import ImportDialog

Shapefile = Callable[..., Path]
#: Three squares in the plan on squared paper, degrees.
SQUARES = [shapely.box(124.01 + i / 20, 41.01, 124.03 + i / 20, 41.03) for i in range(3)]
#: A bow-tie: two triangles of one ring that crosses itself.
BOW_TIE = shapely.Polygon([(124.11, 41.01), (124.13, 41.03), (124.13, 41.01), (124.11, 41.03)])


def gbk(*texts: str) -> list[bytes]:
    return [t.encode("gbk") for t in texts]


def mines(shapefile: Shapefile, shapes: list[Any] | None = None, name: str = "历史遗留矿山", **more: Any) -> Path:
    """A shapefile in GBK that says neither so nor its CRS."""
    fields = [
        (b"BSM", gbk("K1", "K2", "K3")),
        (gbk("矿山名称")[0], gbk("东沟<b>矿", "西沟矿", "南沟矿")),
        (gbk("县区名称")[0], gbk("西县", "东县", "北县")),
        (gbk("备用字段")[0], gbk("甲", "乙", "丙")),
    ]
    return shapefile(name, shapes or SQUARES, fields, **more)


def opened(desk: ImportDesk) -> ImportDialog:
    dialog = desk.ask()
    assert dialog is not None
    return dialog


def settle(desk: ImportDesk, dialog: ImportDialog) -> None:
    """Until the debounce has run out and the work has ended."""
    wait_until(lambda: not dialog._timer.isActive() and not desk.is_busy())
    wait_until(dialog.layers.is_filled)


def show(desk: ImportDesk, path: Path, table: str | None = None) -> ImportDialog:
    """The dialog with a file worked out."""
    dialog = opened(desk)
    dialog.choose_source(str(path))
    if table is not None:
        dialog.form.target.choose(table)
    settle(desk, dialog)
    return dialog


def click(button: Any) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
