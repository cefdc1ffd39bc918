"""A file that others sent is read as what it is called: it opens no other file and asks nobody in the network."""

from __future__ import annotations

import importlib
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.store import vector

Shapefile = Callable[..., Path]
SQUARE = shapely.box(124.0, 41.0, 124.1, 41.1)
RING = "124,41 124.1,41 124.1,41.1 124,41"


class Server(ThreadingHTTPServer):
    """Remembers what it was asked for."""

    asked: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = json.dumps(
            {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content.encode("utf-8"))

    do_HEAD = do_GET

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), _Handler) as found:
        found.asked = []
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture(params=["fiona", "osgeo"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whoever reads the file."""
    pytest.importorskip("osgeo.ogr" if request.param == "osgeo" else "fiona", reason=f"{request.param} is not here")
    adapter = importlib.import_module(f"restoration_planner.core.store.vector_{request.param}")
    monkeypatch.setattr(vector, "_adapter", lambda: adapter)
    return str(request.param)


def vrt(source: object, layer: str) -> str:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{source}</SrcDataSource>'
        f"<SrcLayer>{layer}</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    )


ENDINGS = [".kml", ".gml", ".json", ".geojson", ".dxf", ".tab", ".mif", ".fgb", ".gpx", ".sqlite", ".xml", ""]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_names_another_file_is_refused(ending: str, tmp_path: Path, shapefile: Shapefile) -> None:
    secret = shapefile("secret", [SQUARE], [(b"MC", [b"x"])], cpg="UTF-8")
    path = tmp_path / f"harmless{ending}"
    path.write_text(vrt(secret, "secret"), encoding="utf-8")
    with pytest.raises(PlannerError) as refused:
        read_source(path)
    assert refused.value.message.id == "intake.unreadable" and "\n" not in str(refused.value)
    for layer in ("secret", "harmless"):
        with pytest.raises(PlannerError):
            vector.read_layer(path, layer)


def test_nor_in_a_zip(tmp_path: Path, shapefile: Shapefile) -> None:
    secret = shapefile("secret", [SQUARE], [(b"MC", [b"x"])], cpg="UTF-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as parcel:
        parcel.writestr("a.kml", vrt(secret, "secret"))
    with pytest.raises(PlannerError) as refused:
        read_source(tmp_path / "a.zip")
    assert refused.value.message.id == "intake.unreadable"


@pytest.mark.parametrize("ending", [".gpkg", ".sqlite", ".bak"])
@pytest.mark.parametrize("create", ["CREATE VIRTUAL TABLE", "create/* */virtual table"])
def test_tables_that_stand_for_other_files_are_refused(
    ending: str, create: str, tmp_path: Path, shapefile: Shapefile
) -> None:
    secret = shapefile("secret", [SQUARE], [(b"MC", [b"x"])], cpg="UTF-8")
    path = tmp_path / f"base{ending}"
    shape = np.array([shapely.MultiPolygon([SQUARE])])
    vector.write_geopackage(
        tmp_path / "a.gpkg", [vector.LayerToWrite("area", "MultiPolygon", 4490, {"a": "text"}, {"a": ["b"]}, shape, 1)]
    )
    (tmp_path / "a.gpkg").rename(path)
    assert len(read_source(path, "area")) == 1
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'v', 'v', 0, ?)",
            (f"{create} v USING VirtualShape('{secret.with_suffix('')}', 'UTF-8', 4490)",),
        )
    connection.close()
    for layer in ("area", "v", None):
        with pytest.raises(PlannerError) as refused:
            read_source(path, layer)
        assert refused.value.message.id == "intake.table_elsewhere"


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_names_an_address_is_refused_without_asking_there(ending: str, tmp_path: Path, server: Server) -> None:
    path = tmp_path / f"harmless{ending}"
    path.write_text(vrt(f"/vsicurl/{server.address}/a.geojson", "a"), encoding="utf-8")
    with pytest.raises(PlannerError):
        read_source(path)
    assert server.asked == []


def test_a_linked_coordinate_system_is_not_fetched(tmp_path: Path, server: Server) -> None:
    feature = {"type": "Feature", "properties": {"a": 1}, "geometry": json.loads(shapely.to_geojson(SQUARE))}
    link = {"type": "link", "properties": {"href": f"{server.address}/crs", "type": "ogcwkt"}}
    path = tmp_path / "linked.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": link, "features": [feature]}), encoding="utf-8")
    assert len(read_source(path)) == 1
    assert server.asked == []


def test_schemas_and_links_of_gml_are_not_fetched(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "plots.gml"
    path.write_text(
        '<c:FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:c="http://x.org/" '
        f'xsi:schemaLocation="http://x.org/ {server.address}/s.xsd" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><gml:featureMember><c:plot fid="plot.0"><c:shape><gml:Polygon>'
        f"<gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>{RING}</gml:coordinates></gml:LinearRing>"
        f'</gml:outerBoundaryIs></gml:Polygon></c:shape><c:more xlink:href="{server.address}/more"/><c:name>甲</c:name>'
        "</c:plot></gml:featureMember></c:FeatureCollection>",
        encoding="utf-8",
    )
    source = read_source(path)
    assert list(source.fields["name"]) == ["甲"] and server.asked == []


def test_links_styles_and_entities_of_kml_lead_nowhere(tmp_path: Path, server: Server) -> None:
    (tmp_path / "secret.txt").write_text("hush", encoding="utf-8")
    path = tmp_path / "linked.kml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
        f'<!ENTITY w SYSTEM "{server.address}/entity">]><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
        f"<name>f</name><NetworkLink><Link><href>{server.address}/link.kml</href></Link></NetworkLink>"
        f"<Placemark><name>a&e;&w;</name><styleUrl>{server.address}/style.kml#s</styleUrl><Polygon><outerBoundaryIs>"
        f"<LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        "</Folder></Document></kml>",
        encoding="utf-8",
    )
    try:
        (info,) = [i for i in vector.list_layers(path) if i.name == "f"]
        data = vector.read_layer(path, info.name)
    except PlannerError:
        pass  # refused as a whole: as good
    else:
        assert "hush" not in str(data.columns)
    assert server.asked == []
