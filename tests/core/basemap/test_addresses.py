"""What is pasted as a basemap's address is understood, or refused with the reason."""

from __future__ import annotations

import pytest

from restoration_planner.core.basemap.addresses import CapabilitiesAddress, TileTemplate, read_address
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.texts import has_text


def refusal(pasted: str) -> PlannerError:
    with pytest.raises(PlannerError) as caught:
        read_address(pasted)
    for lang in ("zh", "en"):  # every refusal can be told
        assert caught.value.message.in_language(lang)
    return caught.value


@pytest.mark.parametrize(
    ("pasted", "understood"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "https://tile.openstreetmap.org/{z}/{x}/{y}.png"),
        ("https://{s}.tile.example.org/{z}/{x}/{y}{r}.png", "https://a.tile.example.org/{z}/{x}/{y}.png"),
        ("https://{switch:m1,m2,m3}.example.org/{z}/{x}/{-y}.jpg", "https://m1.example.org/{z}/{x}/{-y}.jpg"),
        ("https://t{0-7}.example.org/{z}/{x}/{y}", "https://t0.example.org/{z}/{x}/{y}"),
        ("https://{a,b,c}.example.org/{zoom}/{x}/{y}", "https://a.example.org/{z}/{x}/{y}"),
        ("https://maps.example.org/tile/{level}/{row}/{col}", "https://maps.example.org/tile/{z}/{y}/{x}"),
        ("https://maps.example.org/${z}/${x}/${y}", "https://maps.example.org/{z}/{x}/{y}"),
        ("https://maps.example.org/%7Bz%7D/%7Bx%7D/%7By%7D", "https://maps.example.org/{z}/{x}/{y}"),
        ("https://maps.example.org/a{quadkey}.jpeg", "https://maps.example.org/a{q}.jpeg"),
        ("  <https://maps.example.org/{z}/{x}\n/{y}>  ", "https://maps.example.org/{z}/{x}/{y}"),
        ("ｈｔｔｐｓ：／／maps.example.org/{z}/{x}/{y}", "https://maps.example.org/{z}/{x}/{y}"),
        ("maps.example.org/{z}/{x}/{y}", "https://maps.example.org/{z}/{x}/{y}"),
        ("localhost:8080/{z}/{x}/{y}", "https://localhost:8080/{z}/{x}/{y}"),
        ("http://10.1.2.3:6080/{z}/{x}/{y}.png", "http://10.1.2.3:6080/{z}/{x}/{y}.png"),
        ("HTTP://Maps.Example.ORG./{z}/{x}/{y}", "http://maps.example.org/{z}/{x}/{y}"),
        ("type=xyz&url=https://a.example.org/%7Bz%7D/%7Bx%7D/%7By%7D&zmax=18", "https://a.example.org/{z}/{x}/{y}"),
        (
            "https://a.example.org/wmts?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}",
            "https://a.example.org/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        ),
        ("http://t0.tianditu.gov.cn/DataServer?T=img_w&x={x}&y={y}&l={z}&tk=1", "https://t0.tianditu.gov.cn/DataServer?T=img_w&x={x}&y={y}&l={z}&tk=1"),
        ("https://mt1.google.com/vt/lyrs=s&x={x}&y={y}&z={z}", "https://mt1.google.com/vt/lyrs=s&x={x}&y={y}&z={z}"),
        ("https://ecn.t3.tiles.virtualearth.net/tiles/a{q}.jpeg?g=1", "https://ecn.t3.tiles.virtualearth.net/tiles/a{q}.jpeg?g=1"),
    ],
)  # fmt: skip
def test_templates_of_tiles_come_as_qgis_writes_them(pasted: str, understood: str) -> None:
    assert read_address(pasted) == TileTemplate(understood)


@pytest.mark.parametrize(
    ("pasted", "understood"),
    [
        (
            "https://maps.example.org/geoserver/gwc/service/wmts?REQUEST=GetCapabilities",
            "https://maps.example.org/geoserver/gwc/service/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0",
        ),
        (
            "http://liaoning.tianditu.gov.cn/x/wmts?service=wmts&request=GetTile&layer=a&tilematrix=5&tk=abc",
            "https://liaoning.tianditu.gov.cn/x/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0&tk=abc",
        ),
        (
            "https://a.example.org/wmts/1.0.0/WMTSCapabilities.xml",
            "https://a.example.org/wmts/1.0.0/WMTSCapabilities.xml",
        ),
        (
            "https://a.example.org/arcgis/rest/services/City/MapServer/",
            "https://a.example.org/arcgis/rest/services/City/MapServer/WMTS/1.0.0/WMTSCapabilities.xml",
        ),
    ],
)
def test_a_wmts_is_asked_for_its_capabilities_whatever_request_was_pasted(pasted: str, understood: str) -> None:
    assert read_address(pasted) == CapabilitiesAddress(understood)


@pytest.mark.parametrize(
    ("pasted", "service"),
    [
        ("https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}&style=8", "amap"),
        ("https://wprd0{1-4}.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}", "amap"),
        ("http://WEBST02.IS.AutoNavi.COM:80/appmaptile?x={x}&y={y}&z={z}", "amap"),
        ("http://webst02.is.autonavi.com./appmaptile?x={x}&y={y}&z={z}", "amap"),
        ("http://webst02.is.auton%61vi.com/{z}/{x}/{y}", "amap"),
        ("http://webst02.is.autonavi。com/{z}/{x}/{y}", "amap"),
        ("http://ｗｅｂst02.is.autonavi.com/{z}/{x}/{y}", "amap"),
        ("http://webst02.is.auto\u200bnavi.com/{z}/{x}/{y}", "amap"),
        ("http:\\\\webst02.is.autonavi.com\\{z}\\{x}\\{y}", "amap"),
        ("http:/webst02.is.autonavi.com/{z}/{x}/{y}", "amap"),
        ("//webst02.is.autonavi.com/{z}/{x}/{y}", "amap"),
        ("http://10.0.0.5/appmaptile?x={x}&y={y}&z={z}", "amap"),
        ("https://proxy.example.org/?url=https://webrd01.is.autonavi.com/tile?x={x}&y={y}&z={z}", "amap"),
        ("https://proxy.example.org/?url=https%253A%252F%252Fwebrd01.is.autonavi.com/{z}/{x}/{y}", "amap"),
        ("https://proxy.example.org/https://user@webrd01.is.autonavi.com:443/{z}/{x}/{y}", "amap"),
        ("https://rt{0-3}.map.gtimg.com/tile?z={z}&x={x}&y={-y}", "tencent"),
        ("https://p2.map.gtimg.com/sateTiles/{z}/{x}/{-y}.jpg", "tencent"),
        ("https://maponline0.bdimg.com/tile/?qt=vtile&x={x}&y={y}&z={z}", "baidu"),
        ("https://online1.map.baidu.com/tile/?x={x}&y={y}&z={z}", "baidu"),
        ("https://p0.go2map.com/seamless1/0/174/{z}/{x}/{y}.png", "sogou"),
        ("https://map.geoq.cn/ArcGIS/rest/services/ChinaOnlineCommunity/MapServer/tile/{z}/{y}/{x}", "geoq"),
        ("https://cache1.arcgisonline.cn/arcgis/rest/services/ChinaOnlineStreetWarm/MapServer", "geoq"),
        ("https://cache.example.org/arcgis/rest/services/chinaonlinestreetgray/MapServer/tile/{z}/{y}/{x}", "geoq"),
        ("https://www.google.cn/maps/vt?lyrs=s&x={x}&y={y}&z={z}", "google_china"),
        ("https://mt2.google.cn/vt/lyrs=s&x={x}&y={y}&z={z}", "google_china"),
        ("https://gac-geo.googlecnapps.cn/{z}/{x}/{y}", None),
        ("https://mt1.google.com/vt/lyrs=m&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com/vt?lyrs=y&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com/vt?lyrs=s,h&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com/vt/lyrs=s&gl=CN&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com/vt?lyrs=s@189&gl=cn&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com/vt?lyrs=m&lyrs=s&x={x}&y={y}&z={z}", "google"),
        ("https://mt1.google.com.hk/vt?x={x}&y={y}&z={z}", "google"),
        ("https://maps.googleapis.com/maps/vt?pb=!1m5!1m4!1i{z}!2i{x}!3i{y}", "google"),
        ("https://ecn.t3.tiles.virtualearth.net/tiles/r{q}.png", "bing"),
        ("https://ecn.t3.tiles.virtualearth.net/tiles/h{q}.png", "bing"),
        ("https://dynamic.t0.tiles.ditu.live.com/comp/ch/{q}?it=G,RL", "bing"),
        ("https://dynamic.t0.tiles.ditu.live.com/comp/ch/{q}?it=A", "bing"),
        ("https://webrd01.is.autonavi.com/wmts?service=wmts", "amap"),
    ],
)
def test_offset_maps_are_refused_by_name_however_they_are_written(pasted: str, service: str | None) -> None:
    if service is None:  # not known to be one: told here so that it is seen
        assert isinstance(read_address(pasted), TileTemplate)
        return
    error = refusal(pasted)
    assert error.message.id.startswith("basemap.refused_")
    assert dict(error.message.params)["service"].id == f"basemap.service.{service}"  # type: ignore[attr-defined]
    assert "CGCS2000" in error.message.in_language("zh") and "CGCS2000" in error.message.in_language("en")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://notautonavi.com/{z}/{x}/{y}",
        "https://autonavi.com.example.org/{z}/{x}/{y}",
        "https://maps.example.org/baidu.com/{z}/{x}/{y}",
        "https://googleplex.example.org/{z}/{x}/{y}",
        "https://services.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
    ],
)
def test_a_host_that_only_looks_alike_is_no_offset_service(pasted: str) -> None:
    assert isinstance(read_address(pasted), TileTemplate)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "address_missing"),
        (" \n", "address_missing"),
        ("file:///etc/passwd", "not_on_the_web"),
        ("FILE:///C:/{z}/{x}/{y}.png", "not_on_the_web"),
        ("java\nscript:alert(1)", "not_on_the_web"),
        ("data:text/xml,{z}{x}{y}", "not_on_the_web"),
        ("ftp://a.example.org/{z}/{x}/{y}", "not_on_the_web"),
        ("C:\\tiles\\{z}\\{x}\\{y}.png", "not_on_the_web"),
        ("https://me:secret@a.example.org/{z}/{x}/{y}", "address_with_name"),
        ("https://a.example.org:99999/{z}/{x}/{y}", "address_damaged"),
        ("https:///{z}/{x}/{y}", "address_damaged"),
        ("天地图", "address_damaged"),
        ("https://a.example.org/{z}/{x}", "placeholder_missing"),
        ("https://a.example.org/{z}/{x}/{y}/{apikey}", "unknown_placeholder"),
        ("https://a.example.org/{z}/{x}/{y", "unknown_placeholder"),
        ("https://a.example.org/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png", "template_of_wmts"),
        ("https://a.example.org/wms?service=WMS&request=GetCapabilities", "other_service"),
        ("https://a.example.org/picture.png", "kind_unknown"),
        ("https://t0.tianditu.gov.cn/img_c/wmts?tilematrix={z}&tilerow={y}&tilecol={x}", "tiles_of_degrees"),
        ("https://t0.tianditu.gov.cn/DataServer?T=vec_c&x={x}&y={y}&l={z}", "tiles_of_degrees"),
        ("https://a.example.org/" + "a" * 5000 + "/{z}/{x}/{y}", "address_too_long"),
    ],
)
def test_what_is_no_service_is_refused_with_the_reason(pasted: str, message: str) -> None:
    assert refusal(pasted).message.id == f"basemap.{message}"


def test_every_offset_service_has_a_name() -> None:
    from restoration_planner.core.basemap.offset_services import _RULES

    assert all(has_text(f"basemap.service.{rule.offset.name}") for rule in _RULES)
