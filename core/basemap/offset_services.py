"""Services whose maps lie beside the truth: in GCJ-02, BD-09 or a system of their own, told by host and path.

By law (GB 20263 and the rules for internet maps) map companies in China publish in GCJ-02, an offset of 100–700 m that
differs from place to place; spatial planning works in CGCS2000.  A site that is drawn or checked over such a map stands
in the wrong place by several parcels, so these services are not offered even faintly.

Google, Bing (whose maps of China come from AutoNavi or NavInfo) are judged by what is asked for: roads, names and
borders of mainland China are GCJ-02 on every one of their hosts; images from google.com and of Bing's ``a`` tiles are
WGS84; everything on hosts for China, or with ``gl=cn``, is GCJ-02, images too (G. Earth Blog, "Chinese street maps'
alignment in Google Earth and Google Maps", August 2015, describes both).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

GCJ02, BD09, OWN = "GCJ-02", "BD-09", "own"


@dataclass(frozen=True)
class Offset:
    """A service that is refused: key of its name in the catalogue, and the system of its coordinates."""

    name: str
    datum: str


@dataclass(frozen=True)
class _Rule:
    offset: Offset
    hosts: tuple[str, ...] = ()  # a host or any below it
    host_pattern: str = ""
    path: str = ""  # anywhere in path and query, in small letters
    when: Callable[[str, str], bool] | None = None


def _google_is_offset(path: str, query: str) -> bool:
    asked = parse_qsl(query, keep_blank_values=True)
    # Google's own addresses also carry parameters as a path: /vt/lyrs=m&hl=zh&x=…
    asked += [(name, value) for name, _, value in (part.partition("=") for part in re.split(r"[/&]", path))]
    if any(name == "gl" and value.startswith("cn") for name, value in asked):
        return True
    layers = [layer.split("@")[0] for name, value in asked if name == "lyrs" for layer in value.split(",")]
    # Only what is plainly nothing but images or bare terrain may pass
    return not layers or any(layer not in ("s", "t") for layer in layers)


def _bing_is_offset(path: str, query: str) -> bool:
    images = re.search(r"/tiles/a(\{q\}|[0-3]+)", path)
    return images is None and not re.search(r"(?:^|&)it=a(?:&|$)", query)


_GOOGLE_COUNTRY = r"(?:^|\.)(?:google|googleapis|gstatic)\.(?:cn|com\.cn)$|(?:^|\.)g\.cn$"
_GOOGLE = r"(?:^|\.)(?:google(?:\.[a-z]{2,3}){1,2}|googleapis\.com|gstatic\.com|googlemaps\.com)$"

_RULES: tuple[_Rule, ...] = (
    _Rule(Offset("amap", GCJ02), ("amap.com", "autonavi.com", "gaode.com", "mapabc.com")),
    _Rule(Offset("amap", GCJ02), path=r"/appmaptile\b"),
    _Rule(Offset("tencent", GCJ02), ("map.qq.com", "gtimg.com", "gtimg.cn", "soso.com", "mapapi.qq.com")),
    _Rule(Offset("tencent", GCJ02), path=r"/(?:maptilesv[0-9]+|sateTiles|demTiles|realtimerender)\b".lower()),
    _Rule(Offset("baidu", BD09), ("baidu.com", "bdimg.com", "bdstatic.com", "baidustatic.com", "shifen.com")),
    _Rule(Offset("baidu", BD09), path=r"/(?:onlinelabel|customimage)/.*\bqt="),
    _Rule(Offset("sogou", OWN), ("sogou.com", "go2map.com", "sogoucdn.com")),
    _Rule(Offset("so360", GCJ02), ("map.so.com", "qhimg.com", "map.360.cn")),
    _Rule(Offset("geoq", GCJ02), ("geoq.cn", "geoqgis.com")),
    _Rule(Offset("geoq", GCJ02), path=r"/chinaonline[a-z]|/chinacities_"),
    _Rule(Offset("geoq", GCJ02), ("arcgisonline.cn",)),
    _Rule(Offset("google_china", GCJ02), host_pattern=_GOOGLE_COUNTRY),
    _Rule(Offset("google_china", GCJ02), ("ditu.google.com", "ditu.google.cn")),
    _Rule(Offset("google", GCJ02), host_pattern=_GOOGLE, when=_google_is_offset),
    _Rule(Offset("bing", GCJ02), ("ditu.live.com", "bing.com.cn", "cn.bing.com", "ditu.bing.com")),
    _Rule(Offset("bing", GCJ02), ("virtualearth.net", "tiles.bing.com", "maps.bing.com"), when=_bing_is_offset),
)
_INNER_ADDRESS = re.compile(r"(?:https?:)?//([^/?#&\s]+)([^?#\s]*)(?:\?([^#\s]*))?", re.IGNORECASE)


def offset_service(host: str, path: str, query: str) -> Offset | None:
    """The offset service that an address leads to, or None.

    Parameters
    ----------
    host
        As `addresses.plain_host` gives it: small letters, ASCII, no port and no dot at the end.
    path, query
        As in the address; an address that is handed on in them (a proxy's ``?url=…``) is looked at as well.
    """
    path, query = _plain(path), _plain(query)
    for rule in _RULES:
        if _fits(rule, host, path, query):
            return rule.offset
    for inner_host, inner_path, inner_query in _INNER_ADDRESS.findall(f"{path} {query}"):
        inner = inner_host.rpartition("@")[2].partition(":")[0].rstrip(".").lower()
        if inner and inner != host:
            found = offset_service(inner, inner_path, inner_query)
            if found is not None:
                return found
    return None


def _fits(rule: _Rule, host: str, path: str, query: str) -> bool:
    if rule.hosts and not any(host == h or host.endswith("." + h) for h in rule.hosts):
        return False
    if rule.host_pattern and not re.search(rule.host_pattern, host):
        return False
    if rule.path and not re.search(rule.path, f"{path}?{query}"):
        return False
    return rule.when is None or rule.when(path, query)


def _plain(part: str) -> str:
    """Without percent signs, however often they were encoded, in small letters."""
    for _ in range(5):
        decoded = unquote(part)
        if decoded == part:
            break
        part = decoded
    return part.lower()
