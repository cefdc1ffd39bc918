"""Basemaps in the real QGIS Desktop, from a server of tiles on this machine: refused, tried, drawn, quiet on reopening."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.tests.qgis.projects.tile_server import TileServer
from restoration_planner.tests.small_plan import make_small_plan

KEY = "0123456789abcdef0123456789abcdef"

USE = """
from qgis.core import QgsNetworkAccessManager, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDialog, QPushButton

from restoration_planner.core.basemap import tianditu
from restoration_planner.layers import basemaps
tianditu.HOST = SERVER  # the national service is not to be had on a machine without a network

sent = []
def note(request):
    if request.request().url().scheme() != "data":
        sent.append(request.request().url().toString())
QgsNetworkAccessManager.instance().requestAboutToBeCreated["QgsNetworkRequestParameters"].connect(note)

window, canvas, project = iface.mainWindow(), iface.mapCanvas(), QgsProject.instance()
wait_until(lambda: project.mapLayers(), what="the plan's layers")
pause(1)
window.findChild(QAction, "RestorationPlanner_basemap").trigger()
dialog = wait_until(lambda: window.findChild(QDialog, "RestorationPlannerBasemapDialog"), what="the dialog")
part = next(p for p in plugin.project_work().parts.values() if p.area == "basemap")
dialog.move(30, 60)
pause(0.5)
verdict["size"] = [dialog.width(), dialog.height()]
verdict["sent_at_opening"] = list(sent)
screenshot("01-empty")
def press_add():
    QTest.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    wait_until(lambda: not part.is_busy(), what="the server's answer")
    pause(0.3)
def choose(which):
    dialog.which.setCurrentIndex(dialog.which.findData(which))
choose("own")
dialog.address.setText("https://webrd01.is.autonavi.com/appmaptile?style=8&x={x}&y={y}&z={z}")
press_add()
verdict["refused"] = dialog.sentence.text()
verdict["sent_when_refused"] = list(sent)
screenshot("02-refused")
choose("img")
dialog.key.setText("f" * 32)
press_add()
verdict["wrong_key"] = dialog.sentence.text()
screenshot("03-wrong-key")
dialog.key.setText(KEY)
dialog.tiles.setCurrentIndex(dialog.tiles.findData("c"))
press_add()
verdict["added"] = dialog.sentence.text()
wait_until(lambda: not canvas.isDrawing(), what="the map")
pause(1.5)
verdict["present"] = [dialog.present.item(i).text() for i in range(dialog.present.count())]
screenshot("04-added")
dialog.opacity.setValue(50)
pause(1)
dialog.close()
verdict["last_in_tree"] = project.layerTreeRoot().children()[-1].name()
pause(0.5)
screenshot("05-on-the-map")

assert project.write(SAVED)
project.setDirty(False)
iface.newProject()
pause(0.5)
sent.clear()
assert iface.addProject(SAVED)
pause(1.5)
canvas.zoomByFactor(3)  # to where no tile is remembered from before
pause(1.5)
verdict["reopened_sent"] = list(sent)
verdict["reopened_shown"] = [b.shown for b in basemaps.basemaps(project)]
screenshot("06-reopened")
button = iface.messageBar().findChild(QPushButton, "restoration_planner_show_basemap")
QTest.mouseClick(button, Qt.MouseButton.LeftButton)
wait_until(lambda: sent, what="tiles")
pause(1.5)
verdict["shown_after_asking"] = [b.shown for b in basemaps.basemaps(project)]
verdict["keys_sent"] = all("tk=" + KEY in a for a in sent)
screenshot("07-shown")
"""

QUIET = """
from qgis.core import QgsProject
from restoration_planner.layers import basemaps
assert iface.addProject(SAVED)
verdict["dirty"] = QgsProject.instance().isDirty()  # later QGIS itself says so, of its map's extent
pause(2.5)
verdict["shown"] = [b.shown for b in basemaps.basemaps(QgsProject.instance())]
verdict["plan"] = plugin._project_work is not None
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_basemap_is_tried_drawn_and_quiet_when_its_project_is_opened_again(
    run_in_desktop: Any, tmp_path: Path, lang: str
) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    saved = tmp_path / "project.qgz"
    with TileServer() as server:
        server.key = KEY
        given = f"SERVER, KEY, SAVED = {server.address!r}, {KEY!r}, {str(saved)!r}\n"
        run = run_in_desktop(given + USE, plan=plan, lang=lang, name="basemap", timeout=150)
        before = len(server.requests)
        # A fresh QGIS, whose plugin has no plan to wake up for
        with zipfile.ZipFile(saved) as packed:
            (name,) = [n for n in packed.namelist() if n.endswith(".qgs")]
            text = packed.read(name).decode("utf-8")
        assert KEY not in text
        if lang == "en":
            alone = tmp_path / "alone.qgs"
            alone.write_text(_only_the_basemap(text), encoding="utf-8")
            quiet = run_in_desktop(f"SAVED = {str(alone)!r}\n" + QUIET, lang=lang, name="basemap_alone", timeout=90)
            assert quiet.verdict == {"shown": [False], "plan": False, "dirty": False}
            assert len(server.requests) == before
    verdict = run.verdict
    assert verdict["size"][0] <= 1000 and verdict["size"][1] <= 700
    assert verdict["sent_at_opening"] == [] and verdict["sent_when_refused"] == []
    assert "GCJ-02" in verdict["refused"] and "CGCS2000" in verdict["refused"]
    assert "403" in verdict["wrong_key"] and len(verdict["present"]) == 1
    assert verdict["last_in_tree"] == {"zh": "底图", "en": "Basemaps"}[lang]
    assert verdict["reopened_sent"] == [] and verdict["reopened_shown"] == [False]
    assert verdict["shown_after_asking"] == [True] and verdict["keys_sent"]
    assert not [m for m in run.messages if "Traceback" in m or KEY in m], run.messages


def _only_the_basemap(project: str) -> str:
    """A project file without the plan's layers, its basemap ticked as it was saved."""
    import xml.etree.ElementTree as ElementTree

    root = ElementTree.fromstring(project)
    layers = root.find("projectlayers")
    assert layers is not None
    kept = []
    for layer in list(layers):
        if layer.findtext("provider") == "wms":
            kept.append(layer.findtext("id"))
        else:
            layers.remove(layer)
    for parent in list(root.iter("layer-tree-group")):
        for node in list(parent):
            if node.tag == "layer-tree-layer" and node.get("id") not in kept:
                parent.remove(node)
    ticked = list(root.iter("layer-tree-layer"))
    assert len(kept) == len(ticked) == 2 and {n.get("checked") for n in ticked} == {"Qt::Checked"}
    return ElementTree.tostring(root, encoding="unicode")
