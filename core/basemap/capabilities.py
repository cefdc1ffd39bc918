"""A WMTS in the words of its capabilities: what it offers, and a short document of our own for one layer of it.

QGIS asks a WMTS for its capabilities whenever a project with it is opened.  So that opening a plan asks nobody, the
layer carries the capabilities of its one layer and matrix set within its source, as a ``data:`` address.  That also
mends what servers leave out: the address of the tiles holds the service's key parameter, which QGIS would not send.
"""

from __future__ import annotations

import base64
import math
import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from ..errors import PlannerError
from .keys import KEPT, KEY_PARAMETERS
from .tianditu import FIRST_LEVEL, SERVICES, service_address

_OWS, _WMTS, _XLINK = (
    "{http://www.opengis.net/ows/1.1}",
    "{http://www.opengis.net/wmts/1.0}",
    "{http://www.w3.org/1999/xlink}",
)
#: Coordinate systems in the order in which they are preferred for a plan.
PREFERRED = (4490, 4326, 3857, 900913)
_PICTURES = ("tiles", "image/png", "image/jpeg", "image/jpgpng", "image/webp", "image/png8", "image/gif")
_LARGEST = 20_000_000
#: WMTS reckons scales with pixels of 0.28 mm and a radius of 6378137 m.
PIXEL_M = 0.00028
METRES_PER_DEGREE = math.pi * 6378137.0 / 180.0
HALF_EQUATOR_M = math.pi * 6378137.0
#: Tianditu and others in China reckon with 96 dots per inch, which QGIS would draw 5 % too large and elsewhere.
_PIXEL_96_M = 0.0254 / 96
_WHOLE = 0.002


@dataclass(frozen=True)
class Level:
    """One tile matrix: name, scale denominator (pixels of 0.28 mm), corner in the order of its CRS's axes, tile size and
    counts."""

    name: str
    scale: float
    corner: str
    tile: tuple[int, int]
    count: tuple[int, int]


@dataclass(frozen=True)
class Offer:
    """One layer in one matrix set.

    Attributes
    ----------
    epsg
        Of the matrix set; 900913 is given as 3857.
    crs
        As the service writes it, which also says the order of axes.
    address
        For requests by parameters; empty where the service only has `template`.
    template
        With ``{TileMatrixSet}``, ``{TileMatrix}``, ``{TileRow}``, ``{TileCol}``, else empty.
    box
        West, south, east, north in degrees.
    """

    layer: str
    title: str
    style: str
    format: str
    matrix_set: str
    epsg: int
    crs: str
    levels: tuple[Level, ...]
    address: str = ""
    template: str = ""
    box: tuple[float, float, float, float] = (-180.0, -90.0, 180.0, 90.0)


def read_capabilities(body: bytes, asked: str) -> list[Offer]:
    """What a service offers, each layer in the matrix set that suits a plan best.

    Parameters
    ----------
    body
        The document.
    asked
        The address it came from (keys taken out): its key parameters belong to the tiles too.

    Raises
    ------
    PlannerError
        If the document is none, or offers nothing that can be used.
    """
    if len(body) > _LARGEST or re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", body):
        raise PlannerError("basemap.capabilities_unsafe")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise PlannerError("basemap.no_capabilities") from error
    if root.tag != f"{_WMTS}Capabilities":
        raise PlannerError("basemap.no_capabilities")
    sets = {s.findtext(f"{_OWS}Identifier", ""): s for s in root.findall(f"{_WMTS}Contents/{_WMTS}TileMatrixSet")}
    by_parameters = _tile_address(root, asked)
    offers = []
    for layer in root.findall(f"{_WMTS}Contents/{_WMTS}Layer"):
        of_layer = [o for o in (_offer(layer, link, sets, by_parameters, asked) for link in _links(layer)) if o]
        if of_layer:
            offers.append(min(of_layer, key=_rank))
    if not offers:
        raise PlannerError("basemap.nothing_offered")
    return offers


def tianditu_offer(layer: str) -> Offer:
    """A layer of Tianditu's in degrees (EPSG:4490); the service is not asked for what is known of it."""
    service = next(s for s in SERVICES.values() if layer in (s.name, s.labels))
    whole = 360.0 * METRES_PER_DEGREE / (256 * PIXEL_M)
    levels = tuple(
        Level(str(n), whole / 2**n, "90.0 -180.0", (256, 256), (2**n, 2 ** (n - 1)))
        for n in range(FIRST_LEVEL, service.deepest + 1)
    )
    address = f"{service_address(layer, 'c')}?tk={KEPT}&"
    crs = "urn:ogc:def:crs:EPSG::4490"
    return Offer(layer, layer, "default", "tiles", "c", 4490, crs, levels, address)


def data_address(offer: Offer) -> str:
    """The short document as a ``data:`` address; ``SERVICE=WMTS`` in it keeps QGIS from adding parameters."""
    document = short_capabilities(offer).encode("utf-8")
    return "data:text/xml;SERVICE=WMTS;base64," + base64.b64encode(document).decode("ascii")


def short_capabilities(offer: Offer) -> str:
    """Capabilities of one layer in one matrix set."""
    operation = resource = ""
    if offer.template:
        resource = (
            f'<ResourceURL format={quoteattr(offer.format)} resourceType="tile" template={quoteattr(offer.template)}/>'
        )
    else:
        operation = (
            f'<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href='
            f'{quoteattr(offer.address)}><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>KVP</ows:Value>'
            "</ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"
        )
    levels = "".join(
        f"<TileMatrix><ows:Identifier>{escape(level.name)}</ows:Identifier>"
        f"<ScaleDenominator>{level.scale!r}</ScaleDenominator><TopLeftCorner>{escape(level.corner)}</TopLeftCorner>"
        f"<TileWidth>{level.tile[0]}</TileWidth><TileHeight>{level.tile[1]}</TileHeight>"
        f"<MatrixWidth>{level.count[0]}</MatrixWidth><MatrixHeight>{level.count[1]}</MatrixHeight></TileMatrix>"
        for level in offer.levels
    )
    west, south, east, north = offer.box
    return (
        '<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">{operation}<Contents><Layer>'
        f"<ows:Title>{escape(offer.title)}</ows:Title><ows:Identifier>{escape(offer.layer)}</ows:Identifier>"
        f"<ows:WGS84BoundingBox><ows:LowerCorner>{west!r} {south!r}</ows:LowerCorner>"
        f"<ows:UpperCorner>{east!r} {north!r}</ows:UpperCorner></ows:WGS84BoundingBox>"
        f'<Style isDefault="true"><ows:Identifier>{escape(offer.style)}</ows:Identifier></Style>'
        f"<Format>{escape(offer.format)}</Format><TileMatrixSetLink><TileMatrixSet>{escape(offer.matrix_set)}"
        f"</TileMatrixSet></TileMatrixSetLink>{resource}</Layer><TileMatrixSet><ows:Identifier>"
        f"{escape(offer.matrix_set)}</ows:Identifier><ows:SupportedCRS>{escape(offer.crs)}</ows:SupportedCRS>"
        f"{levels}</TileMatrixSet></Contents></Capabilities>"
    )


def tile_template(offer: Offer) -> str:
    """The address of a tile with ``{TileMatrix}``, ``{TileRow}`` and ``{TileCol}``."""
    if offer.template:
        one = offer.template.replace("{TileMatrixSet}", quote(offer.matrix_set, safe=":"))
        return re.sub(r"\{style\}", lambda _: quote(offer.style, safe=":"), one, flags=re.IGNORECASE)
    said = {"LAYER": offer.layer, "STYLE": offer.style, "FORMAT": offer.format, "TILEMATRIXSET": offer.matrix_set}
    asked = "&".join(f"{name}={quote(value, safe=':/')}" for name, value in said.items())
    tile = "&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
    return f"{offer.address}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&{asked}{tile}"


def _links(layer: ElementTree.Element) -> list[str]:
    return [str(link.text) for link in layer.findall(f"{_WMTS}TileMatrixSetLink/{_WMTS}TileMatrixSet") if link.text]


def _rank(offer: Offer) -> int:
    return PREFERRED.index(offer.epsg) if offer.epsg in PREFERRED else len(PREFERRED)


def _offer(
    layer: ElementTree.Element, link: str, sets: dict[str, ElementTree.Element], by_parameters: str, asked: str
) -> Offer | None:
    formats = [f.text for f in layer.findall(f"{_WMTS}Format") if f.text]
    format_ = next((f for f in formats if f.lower() in _PICTURES or f.lower().startswith("image/")), None)
    name, matrix_set = layer.findtext(f"{_OWS}Identifier"), sets.get(link)
    if not name or format_ is None or matrix_set is None:
        return None
    crs = (matrix_set.findtext(f"{_OWS}SupportedCRS") or "").strip()
    code = re.search(r"(\d+)\s*$", crs)
    if code is None and not crs.upper().endswith("CRS84"):
        return None
    epsg = int(code[1]) if code is not None and not crs.upper().endswith("CRS84") else 4326
    levels = _standard(_levels(matrix_set), epsg)
    template = next(
        (
            r.get("template", "")
            for r in layer.findall(f"{_WMTS}ResourceURL")
            if r.get("resourceType", "tile").lower() == "tile" and r.get("template")
        ),
        "",
    )
    if not levels or not (by_parameters or template):
        return None
    style = next((s.findtext(f"{_OWS}Identifier") or "" for s in layer.findall(f"{_WMTS}Style")), "")
    made = Offer(
        name,
        layer.findtext(f"{_OWS}Title") or name,
        style,
        format_,
        link,
        3857 if epsg == 900913 else epsg,
        crs,
        levels,
    )
    plain_crs = f"urn:ogc:def:crs:EPSG::{made.epsg}" if made.epsg in (4490, 4326, 3857) else crs
    made = replace(made, crs=plain_crs, box=_box(layer))
    return (
        replace(made, address=by_parameters) if by_parameters else replace(made, template=_with_keys(template, asked))
    )


def _levels(matrix_set: ElementTree.Element) -> tuple[Level, ...]:
    levels = []
    for matrix in matrix_set.findall(f"{_WMTS}TileMatrix"):
        said = [matrix.findtext(_WMTS + n, "") for n in ("TileWidth", "TileHeight", "MatrixWidth", "MatrixHeight")]
        try:
            width, height, columns, rows = (int(s) for s in said)
            scale = float(matrix.findtext(f"{_WMTS}ScaleDenominator", ""))
        except ValueError:
            continue
        corner = " ".join(matrix.findtext(f"{_WMTS}TopLeftCorner", "").split())
        name = matrix.findtext(f"{_OWS}Identifier", "")
        if scale > 0 and width > 0 and height > 0 and len(corner.split()) == 2 and name:
            levels.append(Level(name, scale, corner, (width, height), (columns, rows)))
    return tuple(levels)


def _standard(levels: tuple[Level, ...], epsg: int) -> tuple[Level, ...]:
    """Levels as the standard has them: pixels of 0.28 mm, latitude first in degrees, Mercator from its north-west.

    Each service has its own mistakes; those are told by what the matrices would cover.
    """
    degrees = epsg in (4490, 4326)
    if not degrees and epsg not in (3857, 900913):
        return levels
    earth = 360.0 * METRES_PER_DEGREE if degrees else 2 * HALF_EQUATOR_M
    fitted = []
    for level in levels:
        across = level.scale * level.tile[0] * level.count[0]
        in_96 = abs(across * _PIXEL_96_M / earth - 1) < _WHOLE
        if in_96:
            level = replace(level, scale=level.scale * _PIXEL_96_M / PIXEL_M)
        numbers = [float(c) for c in level.corner.split()]
        if degrees:  # in China, as for the whole earth, latitudes are the smaller
            corner = sorted(numbers, key=abs)
        elif in_96 or abs(across * PIXEL_M / earth - 1) < _WHOLE:
            corner = [-HALF_EQUATOR_M, HALF_EQUATOR_M]
        else:
            corner = numbers
        fitted.append(replace(level, corner=f"{corner[0]!r} {corner[1]!r}"))
    return tuple(fitted)


def _box(layer: ElementTree.Element) -> tuple[float, float, float, float]:
    corners = [layer.findtext(f"{_OWS}WGS84BoundingBox/{_OWS}{n}", "").split() for n in ("LowerCorner", "UpperCorner")]
    try:
        (west, south), (east, north) = [(float(c[0]), float(c[1])) for c in corners]
    except (ValueError, IndexError):
        return Offer.box
    sensible = -180.1 <= west < east <= 180.1 and -90.1 <= south < north <= 90.1
    return (west, south, east, north) if sensible else Offer.box


def _tile_address(root: ElementTree.Element, asked: str) -> str:
    """Where tiles are asked for by parameters: as the document says, with the keys of the address that was asked."""
    for operation in root.findall(f"{_OWS}OperationsMetadata/{_OWS}Operation"):
        if operation.get("name") != "GetTile":
            continue
        for get in operation.findall(f"{_OWS}DCP/{_OWS}HTTP/{_OWS}Get"):
            encodings = {v.text for v in get.iter(f"{_OWS}Value")}
            href = get.get(f"{_XLINK}href", "")
            if href.lower().startswith("http") and (not encodings or "KVP" in encodings):
                with_keys = _with_keys(href.rstrip("?&"), asked)
                return with_keys + ("&" if "?" in with_keys else "?")
    return ""


def _with_keys(address: str, asked: str) -> str:
    """With the key parameters of the address that was asked, where the service's own address lacks them.

    Only on the same host: a document that names another machine is followed as it says, without the key.  Many servers
    name themselves with http behind https; their tiles are asked for by https, as the document was.
    """
    here, there = urlsplit(asked), urlsplit(address)
    if there.hostname != here.hostname:
        return address
    if here.scheme == "https" and there.scheme == "http" and there.port in (None, 80):
        address = f"https://{here.netloc}" + address.partition("://")[2].removeprefix(there.netloc)
    known = {p.partition("=")[0].lower() for p in there.query.split("&")}
    for part in here.query.split("&"):
        name = part.partition("=")[0]
        if name.lower() in KEY_PARAMETERS and name.lower() not in known:
            address += ("&" if "?" in address else "?") + part
    return address
