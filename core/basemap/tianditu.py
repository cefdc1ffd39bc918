"""Tianditu (天地图), the state's own map: its services as a table, addresses of its tiles, the form of its keys.

Sources: the service's own capability documents (matrix sets ``w`` and ``c``, levels 1–18) and its rules for keys
(a key, ``tk``, is required since 2019; a key of the kind "browser" answers to programs that call themselves Mozilla,
as QGIS does, one of the kind "server" only to others: both answer 403 to the wrong kind).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ..errors import PlannerError
from .keys import KEPT

#: ``{subdomain}`` is one of t0 … t7.
HOST = "https://{subdomain}.tianditu.gov.cn"
SUBDOMAINS = tuple(f"t{n}" for n in range(8))
HOME = "tianditu.gov.cn"
CONSOLE = "https://console.tianditu.gov.cn"
#: Matrix set → EPSG code of its tiles.
MATRIX_SETS = {"w": 3857, "c": 4490}
FIRST_LEVEL = 1
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Service:
    """One map and the labels that belong to it.

    Attributes
    ----------
    name
        The layer's name at Tianditu.
    labels
        The layer with its names of places.
    deepest
        The last level that has tiles.
    """

    name: str
    labels: str
    deepest: int


#: Images, map, terrain.
SERVICES: dict[str, Service] = {
    "img": Service("img", "cia", 18),
    "vec": Service("vec", "cva", 18),
    "ter": Service("ter", "cta", 14),
}
_LAYERS = [layer for service in SERVICES.values() for layer in (service.name, service.labels)]


def tile_address(layer: str, matrix_set: str = "w") -> str:
    """The template of a layer's tiles with ``{z}``, ``{x}``, ``{y}``; the key is kept elsewhere.

    Each layer is asked of a server of its own, as QGIS knows no lists of servers.

    Parameters
    ----------
    layer
        ``vec``, ``cva``, ``img``, ``cia``, ``ter``, ``cta``.
    matrix_set
        ``w`` (EPSG:3857) or ``c`` (EPSG:4490).
    """
    asked = f"SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET={matrix_set}"
    tile = "&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    return f"{service_address(layer, matrix_set)}?{asked}{tile}&tk={KEPT}"


def service_address(layer: str, matrix_set: str = "w") -> str:
    """Where a layer's WMTS is, without parameters."""
    subdomain = SUBDOMAINS[_LAYERS.index(layer) % len(SUBDOMAINS)]
    return f"{HOST.format(subdomain=subdomain)}/{layer}_{matrix_set}/wmts"


def read_key(entered: str) -> str:
    """A key as it was pasted, without the spaces and line breaks that came with it.

    Raises
    ------
    PlannerError
        If it cannot be a key of Tianditu's: 32 of the characters 0–9 and a–f.
    """
    key = "".join(unicodedata.normalize("NFKC", entered).split()).lower().removeprefix("tk=")
    if not key:
        raise PlannerError("basemap.key_missing", console=CONSOLE)
    if not _KEY.fullmatch(key):
        raise PlannerError("basemap.key_form", count=len(key), console=CONSOLE)
    return key


def is_tianditu(host: str) -> bool:
    """Whether a host is Tianditu's (national or of a province)."""
    host = host.lower().rstrip(".")
    return host == HOME or host.endswith("." + HOME)
