"""A WMTS's capabilities are read, mended, cut down to one layer, and read back the same."""

from __future__ import annotations

import base64
import math

import pytest

from restoration_planner.core.basemap.capabilities import (
    HALF_EQUATOR_M,
    data_address,
    read_capabilities,
    short_capabilities,
    tianditu_offer,
)
from restoration_planner.core.basemap.keys import KEPT
from restoration_planner.core.basemap.tiles import fill_template, quad_key, tile_at, trial_tile
from restoration_planner.core.errors import PlannerError

ASKED = f"https://a.example.org/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&tk={KEPT}"
#: As Tianditu writes its own: scales for 96 dots per inch, the corner of Mercator the wrong way round, no key.
TIANDITU_W_1 = (
    "<TileMatrix><ows:Identifier>1</ows:Identifier><ScaleDenominator>2.958293554545656E8</ScaleDenominator>"
    "<TopLeftCorner>20037508.3427892 -20037508.3427892</TopLeftCorner><TileWidth>256</TileWidth>"
    "<TileHeight>256</TileHeight><MatrixWidth>2</MatrixWidth><MatrixHeight>2</MatrixHeight></TileMatrix>"
)
TIANDITU_C_1 = TIANDITU_W_1.replace("20037508.3427892 -20037508.3427892", "90.0 -180.0").replace(
    "<MatrixHeight>2", "<MatrixHeight>1"
)


def capabilities(sets: dict[str, tuple[str, str]], href: str = "https://a.example.org/wmts?", more: str = "") -> bytes:
    links = "".join(f"<TileMatrixSetLink><TileMatrixSet>{s}</TileMatrixSet></TileMatrixSetLink>" for s in sets)
    described = "".join(
        f"<TileMatrixSet><ows:Identifier>{s}</ows:Identifier><ows:SupportedCRS>{crs}</ows:SupportedCRS>{levels}"
        "</TileMatrixSet>"
        for s, (crs, levels) in sets.items()
    )
    operation = (
        f'<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href="{href}"/>'
        "</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"
        if href
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Capabilities xmlns="http://www.opengis.net/wmts/1.0"'
        ' xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">'
        f"{operation}<Contents><Layer><ows:Title>影像 &amp; 注记</ows:Title><ows:Identifier>img</ows:Identifier>"
        f"<Style><ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>{links}{more}</Layer>"
        f"{described}</Contents></Capabilities>"
    ).encode()


W, C = ("urn:ogc:def:crs:EPSG::900913", TIANDITU_W_1), ("urn:ogc:def:crs:EPSG::4490", TIANDITU_C_1)


def test_a_layer_is_offered_in_cgcs2000_where_there_is_a_choice() -> None:
    (offer,) = read_capabilities(capabilities({"w": W, "c": C}), ASKED)
    assert (offer.layer, offer.title, offer.matrix_set, offer.epsg) == ("img", "影像 & 注记", "c", 4490)


def test_scales_for_screens_of_96_dpi_and_wrong_corners_are_mended() -> None:
    """Level 1 of Tianditu: two tiles across the earth, so a pixel is 360°/512 or half the equator/256."""
    (degrees,) = read_capabilities(capabilities({"c": C}), ASKED)
    assert degrees.levels[0].scale * 0.00028 / (math.pi * 6378137 / 180) == pytest.approx(360 / 512, rel=1e-6)
    assert degrees.levels[0].corner == "90.0 -180.0"
    assert degrees.levels[0].scale == pytest.approx(tianditu_offer("img").levels[0].scale, rel=1e-6)
    (mercator,) = read_capabilities(capabilities({"w": W}), ASKED)
    assert mercator.epsg == 3857
    assert mercator.levels[0].scale * 0.00028 == pytest.approx(HALF_EQUATOR_M / 256, rel=1e-6)
    assert [float(c) for c in mercator.levels[0].corner.split()] == [-HALF_EQUATOR_M, HALF_EQUATOR_M]


def test_longitude_first_is_put_second() -> None:
    levels = TIANDITU_C_1.replace("90.0 -180.0", "-180 90")
    (offer,) = read_capabilities(capabilities({"c": ("urn:ogc:def:crs:OGC:1.3:CRS84", levels)}), ASKED)
    assert offer.levels[0].corner == "90.0 -180.0" and offer.crs.endswith("4326")


def test_the_key_is_asked_with_the_tiles_too_but_only_of_the_same_server() -> None:
    (offer,) = read_capabilities(capabilities({"c": C}), ASKED)
    assert offer.address == f"https://a.example.org/wmts?tk={KEPT}&"
    (plain,) = read_capabilities(capabilities({"c": C}, href="http://a.example.org/wmts?"), ASKED)
    assert plain.address == offer.address  # a server that does not know that it stands behind https
    (elsewhere,) = read_capabilities(capabilities({"c": C}, href="https://b.example.org/wmts"), ASKED)
    assert KEPT not in elsewhere.address


def test_a_service_with_templates_only_is_used_by_its_template() -> None:
    template = "https://a.example.org/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"
    more = f'<ResourceURL format="image/png" resourceType="tile" template="{template}"/>'
    (offer,) = read_capabilities(capabilities({"c": C}, href="", more=more), "https://a.example.org/1.0.0/x.xml")
    assert offer.template == template
    assert trial_tile(offer, 124.0, 41.0) == "https://a.example.org/default/c/1/0/1.png"


def test_the_short_document_reads_back_as_the_same_offer() -> None:
    (offer,) = read_capabilities(capabilities({"c": C}), ASKED)
    (again,) = read_capabilities(short_capabilities(offer).encode(), ASKED)
    assert again == offer
    prefix, _, body = data_address(offer).partition("base64,")
    assert "SERVICE=WMTS" in prefix and base64.b64decode(body).decode() == short_capabilities(offer)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no_capabilities"),
        (b"<html><body>login</body></html>", "no_capabilities"),
        (b'{"code": 301}', "no_capabilities"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "capabilities_unsafe"),
        (capabilities({}), "nothing_offered"),
        (capabilities({"c": ("urn:ogc:def:crs:EPSG::4490", "")}), "nothing_offered"),
        (capabilities({"c": C}, href=""), "nothing_offered"),
        (capabilities({"c": C}, href="file:///etc/passwd"), "nothing_offered"),
    ],
)
def test_what_is_no_document_or_offers_nothing_is_said(body: bytes, message: str) -> None:
    with pytest.raises(PlannerError) as caught:
        read_capabilities(body, ASKED)
    assert caught.value.message.id == f"basemap.{message}"


@pytest.mark.parametrize(
    ("lon", "lat", "level", "tile"),
    [
        (0.0, 0.0, 0, (0, 0)),
        (-180.0, 85.06, 3, (0, 0)),
        (180.0, -85.06, 3, (7, 7)),
        (124.0, 41.0, 0, (0, 0)),
    ],
)
def test_tiles_are_numbered_as_everywhere(lon: float, lat: float, level: int, tile: tuple[int, int]) -> None:
    assert tile_at(lon, lat, level) == tile


def test_tiles_lie_where_proj_puts_them() -> None:
    """A tile holds the place that it was asked for, by PROJ's own Web Mercator."""
    pyproj = pytest.importorskip("pyproj")
    to_metres = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    for lon, lat in ((123.0, 41.5), (113.58, 37.86), (-70.6, -33.4), (124.19, 40.96)):
        x, y = to_metres.transform(lon, lat)
        column, row = tile_at(lon, lat, 15)
        size = 2 * HALF_EQUATOR_M / 2**15
        assert 0 <= x + HALF_EQUATOR_M - column * size < size and 0 <= HALF_EQUATOR_M - row * size - y < size


def test_bings_names_of_tiles() -> None:
    """The example of Microsoft's page on its tile system: tile (3, 5) of level 3 is 213."""
    assert quad_key(3, 5, 3) == "213"


def test_a_template_is_filled_from_the_south_too() -> None:
    assert fill_template("/{z}/{x}/{y}/{-y}", 123.0, 41.5, 10) == "/10/861/382/641"


def test_the_trial_tile_of_tianditu_in_degrees() -> None:
    """Level 10 has tiles of 360°/1024: column (124+180)/0.3515625, row (90-41)/0.3515625."""
    address = trial_tile(tianditu_offer("img"), 124.0, 41.0)
    assert address is not None and "TILEMATRIX=10&TILEROW=139&TILECOL=864" in address and KEPT in address
