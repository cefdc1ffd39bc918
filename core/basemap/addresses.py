"""What a pasted address is: a template of tiles, the capabilities of a WMTS, or something that is refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

from ..errors import PlannerError
from .offset_services import GCJ02, offset_service
from .tianditu import is_tianditu


@dataclass(frozen=True)
class TileTemplate:
    """Tiles of the usual scheme (EPSG:3857): an address with ``{z}``, ``{x}`` and ``{y}`` or ``{-y}``, or with ``{q}``."""

    address: str


@dataclass(frozen=True)
class CapabilitiesAddress:
    """Where the capabilities of a WMTS are to be had."""

    address: str


#: What others write → what QGIS understands, in small letters.
_PLACEHOLDERS = {
    "x": "{x}",
    "tilecol": "{x}",
    "col": "{x}",
    "y": "{y}",
    "tilerow": "{y}",
    "row": "{y}",
    "-y": "{-y}",
    "z": "{z}",
    "zoom": "{z}",
    "level": "{z}",
    "l": "{z}",
    "tilematrix": "{z}",
    "q": "{q}",
    "quadkey": "{q}",
    "s": "a",
    "r": "",
    "@2x": "",
    "ratio": "",
}
_WEB_SCHEMES = ("http", "https")
_LONGEST = 4000
_GET_TILE = frozenset(
    {"request", "layer", "style", "tilematrixset", "tilematrix", "tilerow", "tilecol", "format", "service", "version"}
)


def read_address(pasted: str) -> TileTemplate | CapabilitiesAddress:
    """Read what was pasted into the field for an address.

    Raises
    ------
    PlannerError
        If it is none, is no address on the web, is of another kind, or leads to a map that is offset.
    """
    address = _tidied(pasted)
    parts = _split(_with_plain_placeholders(address))
    host = plain_host(parts)
    refuse_offset(host, parts.path, parts.query)
    parts = parts._replace(netloc=host + (f":{parts.port}" if parts.port is not None else ""), fragment="")
    if is_tianditu(host) and parts.scheme == "http" and parts.port in (None, 80):
        parts = parts._replace(scheme="https", netloc=host)
    whole = urlunsplit(parts)
    if "{" in whole or "}" in whole:
        return TileTemplate(_checked_template(whole))
    return CapabilitiesAddress(_capabilities(parts))


def plain_host(parts: SplitResult) -> str:
    """A host in its one plain form: small letters, ASCII, decoded, no dot at its end.

    Raises
    ------
    PlannerError
        If there is none, it holds a name and password, or its port is no number.
    """
    if "@" in parts.netloc:
        raise PlannerError("basemap.address_with_name")
    try:
        port_is_fine = parts.port is None or 0 < parts.port < 65536
        host = unquote(parts.hostname or "")
        host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".").lower()
        host = host if host.startswith("[") or ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise PlannerError("basemap.address_damaged") from error
    if not port_is_fine or not host or not re.fullmatch(r"[a-z0-9._:-]+", host):
        raise PlannerError("basemap.address_damaged")
    return f"[{host}]" if ":" in host else host


def refuse_offset(host: str, path: str = "", query: str = "") -> None:
    """Refuse a service whose map is offset.

    Raises
    ------
    PlannerError
        That says whose it is, by how much it is offset and what to use instead.
    """
    found = offset_service(host, path, query)
    if found is not None:
        from ..texts import Message

        service = Message.of(f"basemap.service.{found.name}")
        datum = found.datum if found.datum != "own" else Message.of("basemap.datum_own")
        reason = "basemap.refused_offset" if found.datum == GCJ02 else "basemap.refused_other_offset"
        raise PlannerError(reason, service=service, datum=datum)


def _tidied(pasted: str) -> str:
    """Without line breaks, quotes and full-width letters; a source as QGIS writes it gives its address."""
    address = unicodedata.normalize("NFKC", pasted)
    address = "".join(c for c in address if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp")).strip(" \"'<>")
    if not address:
        raise PlannerError("basemap.address_missing")
    if len(address) > _LONGEST:
        raise PlannerError("basemap.address_too_long", most=_LONGEST)
    if re.match(r"(?:type=xyz&|.*&url=)", address) and "://" not in address.partition("url=")[0]:
        address = dict(parse_qsl(address)).get("url", address)
    # As browsers read it: a backslash in front of the query is a slash
    before, mark, query = address.partition("?")
    return before.replace("\\", "/") + mark + query.replace(" ", "%20")


def _split(address: str) -> SplitResult:
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d+(?:/|$))", address)
    if scheme is None:
        address = "https://" + address.lstrip("/")
        if "." not in address.split("/")[2] and not address.split("/")[2].startswith("localhost"):
            raise PlannerError("basemap.address_damaged")
    elif scheme[1].lower() not in _WEB_SCHEMES:
        raise PlannerError("basemap.not_on_the_web", scheme=scheme[1].lower())
    try:
        parts = urlsplit(re.sub(r"^(https?):/*", r"\1://", address, flags=re.IGNORECASE))
        _ = parts.port
    except ValueError as error:
        raise PlannerError("basemap.address_damaged") from error
    return parts


def _with_plain_placeholders(address: str) -> str:
    """Every placeholder as QGIS writes it; of several servers the first."""
    address = re.sub(r"%7b", "{", re.sub(r"%7d", "}", address, flags=re.IGNORECASE), flags=re.IGNORECASE)
    address = re.sub(r"\$\{", "{", address)

    def plain(found: re.Match[str]) -> str:
        inner = found[1].strip().lower()
        if inner in _PLACEHOLDERS:
            return _PLACEHOLDERS[inner]
        if inner.startswith(("switch:", "subdomain:")):
            return inner.partition(":")[2].split(",")[0].strip()
        one_of = re.fullmatch(r"([a-z0-9])-[a-z0-9]|([a-z0-9]+)(?:,[a-z0-9]+)+", inner)
        return (one_of[1] or one_of[2]) if one_of else found[0]

    return re.sub(r"\{([^{}]*)\}", plain, address)


def _checked_template(address: str) -> str:
    if "{" in urlsplit(address).netloc:
        raise PlannerError(
            "basemap.unknown_placeholder", placeholder=_unknown(address)[0] if _unknown(address) else "{"
        )
    unknown = _unknown(address)
    if unknown:
        if any(u.lower() in ("{tilematrixset}", "{style}") for u in unknown):
            raise PlannerError("basemap.template_of_wmts")
        raise PlannerError("basemap.unknown_placeholder", placeholder=unknown[0])
    if "{q}" not in address:
        missing = [p for p in ("{z}", "{x}") if p not in address]
        if "{y}" not in address and "{-y}" not in address:
            missing.append("{y}")
        if missing:
            raise PlannerError("basemap.placeholder_missing", placeholders=missing)
    if re.search(r"/(?:vec|cva|img|cia|ter|cta|ibo)_c/|[?&]t=(?:vec|cva|img|cia|ter|cta|ibo)_c\b", address.lower()):
        raise PlannerError("basemap.tiles_of_degrees")
    return address


def _unknown(address: str) -> list[str]:
    return [p for p in re.findall(r"\{[^{}]*\}?|\}", address) if p not in ("{x}", "{y}", "{-y}", "{z}", "{q}")]


def _capabilities(parts: SplitResult) -> str:
    """The address of the capabilities, whatever request of the service was pasted."""
    asked = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    service, path = asked.get("service", "").lower(), parts.path.rstrip("/")
    if service in ("wms", "wfs", "wcs") or re.search(r"/(?:wms|wfs|wcs)$|/wmsserver$", path.lower()):
        raise PlannerError("basemap.other_service", service=service.upper() or path.rpartition("/")[2].upper())
    if path.lower().endswith("wmtscapabilities.xml"):
        return urlunsplit(parts)
    if path.lower().endswith("/mapserver"):
        return urlunsplit(parts._replace(path=path + "/WMTS/1.0.0/WMTSCapabilities.xml"))
    if service == "wmts" or re.search(r"wmts|/ogc/|/gwc/", path.lower()):
        left = [
            f"{quote(n)}={quote(v, safe=':/,')}"
            for n, v in parse_qsl(parts.query, keep_blank_values=True)
            if n.lower() not in _GET_TILE
        ]
        query = "&".join(["SERVICE=WMTS", "REQUEST=GetCapabilities", "VERSION=1.0.0", *left])
        return urlunsplit(parts._replace(query=query))
    raise PlannerError("basemap.kind_unknown")
