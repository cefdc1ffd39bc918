"""Basemaps from a real server of tiles: tried, drawn in the right place, quiet until asked for, keys kept out."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayerDefinition,
    QgsLayoutItemMap,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsNetworkAccessManager,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSettings,
)
from qgis.PyQt.QtCore import QPoint, QSize, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QPushButton

from restoration_planner.core.basemap import tianditu
from restoration_planner.core.basemap.keys import KEPT
from restoration_planner.core.basemap.tiles import tile_at
from restoration_planner.core.texts import text
from restoration_planner.figures.export import Wanted as FiguresWanted
from restoration_planner.figures.export import export_figures
from restoration_planner.layers import basemaps
from restoration_planner.plugin.basemap import asking, keeper
from restoration_planner.plugin.basemap.desk import BasemapPart
from restoration_planner.tests.qgis.figures.conftest import CITIES, strips
from restoration_planner.tests.qgis.projects.conftest import sentences, wait_until
from restoration_planner.tests.qgis.projects.tile_server import TileServer, colour_of
from restoration_planner.ui.basemap_dialog import Wanted

KEY = "0123456789abcdef0123456789abcdef"
#: Within the small plan.
PLACE = QgsPointXY(124.1, 41.05)


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer() as server:
        yield server


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """What QGIS has sent to the network, whoever asked for it."""
    told: list[str] = []

    def note(request: Any) -> None:
        address = request.request().url()
        if address.scheme() != "data":
            told.append(address.toString())

    manager = QgsNetworkAccessManager.instance()
    manager.requestAboutToBeCreated["QgsNetworkRequestParameters"].connect(note)
    yield told
    manager.requestAboutToBeCreated["QgsNetworkRequestParameters"].disconnect(note)


@pytest.fixture
def part(open_work: Callable[..., Any]) -> BasemapPart:
    found = open_work(BasemapPart).parts[BasemapPart]
    assert isinstance(found, BasemapPart)
    return found


def add(part: BasemapPart, wanted: Wanted) -> list[basemaps.Basemap]:
    before = {b.id for b in basemaps.basemaps(QgsProject.instance())}
    part.add(wanted)
    wait_until(lambda: not part.is_busy())
    return [b for b in basemaps.basemaps(QgsProject.instance()) if b.id not in before]


def said(part: BasemapPart) -> str:
    return " ".join(sentences(part.iface.messageBar()))


def drawn(crs: str, middle: QgsPointXY = PLACE, metres_per_pixel: float = 50.0) -> tuple[int, int, int]:
    """The colour in the middle of a map of the project's basemaps."""
    project, target = QgsProject.instance(), QgsCoordinateReferenceSystem(crs)
    there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), target, project).transform(middle)
    half = metres_per_pixel * 50 / (111_320.0 if target.isGeographic() else 1.0)
    settings = QgsMapSettings()
    shown = [i for b in basemaps.basemaps(project) for i in b.layer_ids]
    settings.setLayers([project.mapLayer(i) for i in shown])
    settings.setDestinationCrs(target)
    settings.setTransformContext(project.transformContext())
    settings.setExtent(QgsRectangle(there.x() - half, there.y() - half, there.x() + half, there.y() + half))
    settings.setOutputSize(QSize(100, 100))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    colour = job.renderedImage().pixelColor(50, 50)
    return colour.red(), colour.green(), colour.blue()


def level_asked(server: TileServer, parameter: str) -> int:
    return int(re.search(rf"{parameter}=(\d+)|/(\d+)/\d+/\d+", server.requests[-1]).group(1) or 0)  # type: ignore[union-attr]


@pytest.fixture
def tianditu_here(server: TileServer, monkeypatch: pytest.MonkeyPatch) -> TileServer:
    """Tianditu's services as this server has them: they want the key."""
    monkeypatch.setattr(tianditu, "HOST", server.address)
    server.key = KEY
    return server


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549", "EPSG:3857"])
def test_tiles_of_an_address_are_drawn_where_they_belong(part: BasemapPart, server: TileServer, crs: str) -> None:
    """Gauss–Krüger of 120° (EPSG:4549) too; the colour under a place is that of the tile it is in."""
    address = server.address + "/a%20b?x={x}&y={y}&z={z}&style=1+2"
    (added,) = add(part, Wanted("own", name="Mine", address=address))
    assert added.name == "Mine" and added.shown and added.opacity == 1.0
    server.requests.clear()
    # In the middle of a tile of level 12, so that resampling is no matter
    column, row = tile_at(PLACE.x(), PLACE.y(), 12)
    lon = (column + 0.5) / 2**12 * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / 2**12))))
    colour = drawn(crs, QgsPointXY(lon, lat), 38.2 * math.cos(math.radians(lat)) if crs != "EPSG:3857" else 38.2)
    assert server.requests and all(r.startswith("/a%20b?") and "style=1+2" in r for r in server.requests)
    level = level_asked(server, "z")
    assert 10 <= level <= 14
    assert colour == colour_of(*tile_at(lon, lat, level))


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549"])
def test_a_wmts_in_cgcs2000_is_drawn_where_it_belongs_although_its_scales_are_for_96_dpi(
    part: BasemapPart, server: TileServer, crs: str
) -> None:
    server.key = "s3cret"
    (added,) = add(part, Wanted("own", address=f"{server.address}/wmts?tk=s3cret"))
    assert added.name == "Layer img"
    server.requests.clear()
    size = 360 / 2**11
    column, row = int((PLACE.x() + 180) / size), int((90 - PLACE.y()) / size)
    middle = QgsPointXY(-180 + (column + 0.5) * size, 90 - (row + 0.5) * size)
    colour = drawn(crs, middle, 76.4)
    level = level_asked(server, "TILEMATRIX")
    size = 360 / 2**level
    assert 9 <= level <= 13 and all("tk=s3cret" in r for r in server.requests)
    assert colour == colour_of(int((middle.x() + 180) / size), int((90 - middle.y()) / size))


@pytest.mark.parametrize("matrix_set", ["w", "c"])
def test_tianditu_comes_with_its_labels_at_the_bottom_and_says_whose_it_is(
    part: BasemapPart, tianditu_here: TileServer, matrix_set: str
) -> None:
    (added,) = add(part, Wanted("img", True, matrix_set, f" {KEY.upper()} "))
    project = QgsProject.instance()
    labels, images = (project.mapLayer(i) for i in added.layer_ids)
    assert (labels.name(), images.name()) == ("Tianditu images: labels", "Tianditu images")
    assert [r.partition("?")[0] for r in tianditu_here.requests] == [
        f"/img_{matrix_set}/wmts",
        f"/cia_{matrix_set}/wmts",
    ]
    root = project.layerTreeRoot()
    assert root.children()[-1].name() == text("basemap.group")
    assert root.layerOrder()[-2:] == [labels, images]
    assert "National Geomatics" in images.metadata().rights()[0] and "审图号" in images.metadata().rights()[0]
    assert images.crs().authid() == {"w": "EPSG:3857", "c": "EPSG:4490"}[matrix_set]
    tianditu_here.requests.clear()
    assert drawn("EPSG:4490") != (255, 255, 255)
    assert tianditu_here.requests and all(f"tk={KEY}" in r for r in tianditu_here.requests)


def test_nothing_is_sent_before_it_is_asked_for(
    sent: list[str], server: TileServer, open_work: Callable[..., Any]
) -> None:
    part = open_work(BasemapPart).parts[BasemapPart]
    dialog = part.open_dialog()
    dialog.which.setCurrentIndex(dialog.which.findData("own"))
    dialog.address.setText(server.address + "/{z}/{x}/{y}")
    dialog.which.setCurrentIndex(dialog.which.findData("img"))
    dialog.key.setText(KEY)
    for _ in range(20):
        wait_until(lambda: True)
    assert sent == [] and server.requests == []
    dialog.which.setCurrentIndex(dialog.which.findData("own"))
    dialog.add_button.click()
    wait_until(lambda: not part.is_busy())
    # The one tile that was tried; the map draws nothing in this test
    assert len(server.requests) == len(sent) == 1


def texts_in(file: Path) -> str:
    """All that a project file holds, unpacked."""
    if file.suffix == ".qgz":
        with zipfile.ZipFile(file) as packed:
            return "".join(packed.read(n).decode("utf-8", errors="replace") for n in packed.namelist())
    return file.read_text(encoding="utf-8", errors="replace")


def test_no_saved_project_holds_a_key(part: BasemapPart, tianditu_here: TileServer, tmp_path: Path) -> None:
    """Neither packed nor plain, nor inside the plan's own file, nor in a layer's style or definition."""
    own_key = "my-own-secret"
    add(part, Wanted("img", True, "w", KEY))
    add(part, Wanted("vec", True, "c", KEY))
    tianditu_here.key = own_key
    assert add(part, Wanted("own", address=f"{tianditu_here.address}/x/{{z}}/{{x}}/{{y}}?tk={own_key}"))
    tianditu_here.key = own_key
    assert add(part, Wanted("own", address=f"{tianditu_here.address}/wmts?tk={own_key}"))
    project, plan = QgsProject.instance(), part.plan().path
    for name in ("a.qgz", "a.qgs"):
        assert project.write(str(tmp_path / name))
        assert KEPT in texts_in(tmp_path / name)
        for key in (KEY, own_key):
            assert key not in texts_in(tmp_path / name)
    assert project.write(f"geopackage:{plan}?projectName=mine"), project.error()
    with sqlite3.connect(f"file:{plan}?mode=ro", uri=True) as connection:
        ((content,),) = connection.execute("SELECT content FROM qgis_projects WHERE name = 'mine'").fetchall()
    inside = bytes.fromhex(content.decode() if isinstance(content, bytes) else content)
    (tmp_path / "inside.qgz").write_bytes(inside)
    assert KEPT in texts_in(tmp_path / "inside.qgz")
    nodes = [g for g in project.layerTreeRoot().findGroups() if g.customProperty(basemaps.GROUP_PROPERTY)]
    assert QgsLayerDefinition.exportLayerDefinition(str(tmp_path / "a.qlr"), nodes)[0]
    for key in (KEY, own_key):
        assert key not in texts_in(tmp_path / "inside.qgz") and key not in texts_in(tmp_path / "a.qlr")
        assert key.encode() not in plan.read_bytes() and key.encode().hex() not in content
    assert own_key in QgsSettings().value(keeper.SETTING)


def reopen(file: Path) -> None:
    QgsProject.instance().clear()
    assert QgsProject.instance().read(str(file))


def test_a_project_that_is_opened_keeps_quiet_until_its_basemap_is_asked_for(
    part: BasemapPart, tianditu_here: TileServer, sent: list[str], tmp_path: Path
) -> None:
    add(part, Wanted("img", True, "w", KEY))
    add(part, Wanted("img", True, "c", KEY))
    QgsProject.instance().write(str(tmp_path / "a.qgz"))
    part.iface.messageBar().clearWidgets()
    tianditu_here.requests.clear()
    sent.clear()
    reopen(tmp_path / "a.qgz")
    project = QgsProject.instance()
    there = basemaps.basemaps(project)
    assert [b.shown for b in there] == [False, False] and not project.isDirty()
    assert all(project.mapLayer(i).isValid() for b in there for i in b.layer_ids)
    assert sent == [] and tianditu_here.requests == []
    assert "Tianditu images" in said(part) and "nothing is fetched unasked" in said(part)
    (button,) = part.iface.messageBar().findChildren(QPushButton, "restoration_planner_show_basemap")
    button.click()
    assert [b.shown for b in basemaps.basemaps(project)] == [True, True]
    drawn("EPSG:4490")
    assert tianditu_here.requests and all(f"tk={KEY}" in r for r in tianditu_here.requests)


def test_somebody_elses_basemap_says_that_the_key_is_not_here(
    part: BasemapPart, tianditu_here: TileServer, tmp_path: Path
) -> None:
    for matrix_set in ("w", "c"):
        add(part, Wanted("img", True, matrix_set, KEY))
    QgsProject.instance().write(str(tmp_path / "a.qgz"))
    QgsSettings().remove(keeper.SETTING)
    part._keys().give_back()
    tianditu_here.requests.clear()
    reopen(tmp_path / "a.qgz")
    for basemap in basemaps.basemaps(QgsProject.instance()):
        part.iface.messageBar().clearWidgets()
        part._show(basemap.id, True)
        assert "key" in said(part) and basemap.name in said(part)
    assert not any(b.shown for b in basemaps.basemaps(QgsProject.instance())) and tianditu_here.requests == []


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"status": 403, "body": b"no"}, "wrong kind"),
        ({"status": 418, "body": b""}, "use for today"),
        ({"status": 500, "body": b"<h1>Oops</h1>"}, "in trouble (500: Oops)"),
        ({"body": b"<html><body>Please log in</body></html>", "kind": "text/html"}, "no picture but “Please log in”"),
        ({"body": b""}, "sent nothing"),
        ({"delay_s": 3.0}, "did not answer in time"),
        ({"key": "another"}, "Tianditu refused the key (403: 非法Key 301)"),
    ],
)
def test_what_goes_wrong_is_told_and_nothing_is_added_nor_kept(
    part: BasemapPart,
    tianditu_here: TileServer,
    monkeypatch: pytest.MonkeyPatch,
    trouble: dict[str, Any],
    words: str,
) -> None:
    monkeypatch.setattr(asking, "LONGEST_WAIT_S", 0.8)
    for name, value in trouble.items():
        setattr(tianditu_here, name, value)
    assert add(part, Wanted("img", True, "w", KEY)) == []
    assert words in said(part) and KEY not in said(part)
    assert KEY not in QgsSettings().value(keeper.SETTING, "") and KEY not in json.dumps(part._keys().keys())


def test_a_server_that_is_not_there_is_told(part: BasemapPart) -> None:
    assert add(part, Wanted("own", address="http://127.0.0.1:9/{z}/{x}/{y}?token=abcdefg")) == []
    assert "127.0.0.1 was not reached" in said(part) and "abcdefg" not in said(part)


def test_asking_can_be_stopped(part: BasemapPart, server: TileServer) -> None:
    server.delay_s = 5.0
    part.add(Wanted("own", address=server.address + "/{z}/{x}/{y}"))
    wait_until(lambda: server.requests)
    assert part.is_busy()
    part.stop()
    wait_until(lambda: not part.is_busy(), 3)
    assert basemaps.basemaps(QgsProject.instance()) == [] and text("basemap.stopped") in said(part)


def test_an_offset_map_is_refused_before_anything_is_sent(part: BasemapPart, sent: list[str]) -> None:
    assert add(part, Wanted("own", address="https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}")) == []
    assert "GCJ-02" in said(part) and "100–700 m" in said(part) and sent == []


def test_a_service_with_several_layers_asks_which(part: BasemapPart, server: TileServer) -> None:
    server.layers = ["img", "vec"]
    dialog = part.open_dialog()
    dialog.which.setCurrentIndex(dialog.which.findData("own"))
    dialog.address.setText(server.address + "/wmts")
    dialog.add_button.click()
    wait_until(lambda: not part.is_busy())
    assert dialog.offer.isVisible() and dialog.offer.count() == 2 and "2 layers" in dialog.sentence.text()
    dialog.offer.setCurrentIndex(1)
    dialog.add_button.click()
    wait_until(lambda: not part.is_busy())
    (added,) = basemaps.basemaps(QgsProject.instance())
    assert added.name == "Layer vec" and "LAYER=vec" in server.requests[-1]


def test_what_is_there_is_ticked_faded_and_removed_in_the_dialog(part: BasemapPart, server: TileServer) -> None:
    dialog = part.open_dialog()
    for name in ("One", "Two"):
        add(part, Wanted("own", name=name, address=f"{server.address}/{name}/{{z}}/{{x}}/{{y}}"))
    project = QgsProject.instance()
    assert [dialog.present.item(i).text() for i in range(2)] == [b.name for b in basemaps.basemaps(project)]
    one = next(i for i in range(2) if dialog.present.item(i).text() == "One")
    dialog.present.setCurrentRow(one)
    dialog.opacity.setValue(40)
    dialog.present.item(one).setCheckState(Qt.CheckState.Unchecked)
    found = {b.name: b for b in basemaps.basemaps(project)}
    assert (found["One"].shown, round(found["One"].opacity, 2)) == (False, 0.4)
    assert (found["Two"].shown, found["Two"].opacity) == (True, 1.0)
    for _ in range(2):
        dialog.remove_button.click()
    assert basemaps.basemaps(project) == [] and not dialog.remove_button.isEnabled()
    assert not [g for g in project.layerTreeRoot().findGroups() if g.customProperty(basemaps.GROUP_PROPERTY)]


def test_what_was_ticked_with_the_mouse_is_what_is_removed(part: BasemapPart) -> None:
    dialog = part.open_dialog()
    for name in "abc":
        source = basemaps.MapSource(name, basemaps.xyz_source("http://127.0.0.1:9/{z}/{x}/{y}.png"))
        basemaps.add_basemap(QgsProject.instance(), name, [source])
    part._refresh()
    QTest.qWait(50)
    listed = dialog.present
    third = listed.visualItemRect(listed.item(2))
    name = listed.item(2).text()
    box = QPoint(third.left() + 10, third.center().y())
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert listed.item(2).checkState() == Qt.CheckState.Unchecked
    assert [b.shown for b in basemaps.basemaps(QgsProject.instance())] == [True, True, False]
    dialog.remove_button.click()
    assert name not in [b.name for b in basemaps.basemaps(QgsProject.instance())]


def test_leaving_takes_the_hand_off_requests(part: BasemapPart, tianditu_here: TileServer) -> None:
    add(part, Wanted("img", False, "w", KEY))
    keeper.let_go()
    tianditu_here.requests.clear()
    drawn("EPSG:4490", QgsPointXY(100.0, 30.0))
    assert tianditu_here.requests and not any(KEY in r for r in tianditu_here.requests)


def test_no_figure_shows_a_basemap(
    open_work: Callable[..., Any], server: TileServer, sent: list[str], tmp_path: Path
) -> None:
    """The appendix's figures lock their own layers; a basemap in the project is in none of them, nor asked for."""
    tables = strips(*CITIES["wide"])
    part = open_work(BasemapPart, tables=tables).parts[BasemapPart]
    assert add(part, Wanted("own", name="Mine", address=server.address + "/{z}/{x}/{y}"))
    basemap_ids = {i for b in basemaps.basemaps(QgsProject.instance()) for i in b.layer_ids}
    server.requests.clear()
    sent.clear()
    wanted = FiguresWanted(tmp_path / "figures", "8", "png", paper="A4")
    exported = export_figures(part.plan(), wanted)
    assert list((tmp_path / "figures").glob("*.png")), exported
    maps = [
        item
        for layout in QgsProject.instance().layoutManager().printLayouts()
        for item in layout.items()
        if isinstance(item, QgsLayoutItemMap)
    ]
    assert maps
    for item in maps:
        assert item.keepLayerSet() and item.layers() and not item.followVisibilityPreset()
        assert not basemap_ids & {layer.id() for layer in item.layers()}
    assert server.requests == [] and sent == []
