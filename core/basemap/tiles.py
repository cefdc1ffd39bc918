"""Which tile a place is in: for asking for a single one before a map is added."""

from __future__ import annotations

import math

from .capabilities import METRES_PER_DEGREE, PIXEL_M, Offer, tile_template

#: Where to look without a plan: the middle of China.
SOMEWHERE = (104.0, 35.0)
TRIAL_LEVEL = 10
_MOST_NORTH = 85.0511287798
#: Scale of level 0 of the usual scheme.
_SCALE_0 = 559082264.0287178


def tile_at(lon: float, lat: float, level: int) -> tuple[int, int]:
    """Column and row of the usual scheme (EPSG:3857, row 0 in the north)."""
    count = 2**level
    lat = max(-_MOST_NORTH, min(_MOST_NORTH, lat))
    north = math.asinh(math.tan(math.radians(lat)))
    column = int((lon + 180.0) / 360.0 * count)
    row = int((1 - north / math.pi) / 2 * count)
    return min(max(column, 0), count - 1), min(max(row, 0), count - 1)


def quad_key(column: int, row: int, level: int) -> str:
    """The name that Bing gives a tile."""
    return "".join(str((column >> n & 1) + 2 * (row >> n & 1)) for n in range(level - 1, -1, -1))


def fill_template(template: str, lon: float, lat: float, level: int) -> str:
    """The address of the tile that a place is in."""
    column, row = tile_at(lon, lat, level)
    values = {"{x}": column, "{y}": row, "{-y}": 2**level - 1 - row, "{z}": level, "{q}": quad_key(column, row, level)}
    for placeholder, value in values.items():
        template = template.replace(placeholder, str(value))
    return template


def trial_tile(offer: Offer, lon: float, lat: float) -> str | None:
    """The address of the tile that a place is in; None where the matrix set's CRS is none that is reckoned here."""
    if offer.epsg not in (4490, 4326, 3857):
        return None
    west, south, east, north = offer.box
    lon, lat = min(max(lon, west + 1e-6), east - 1e-6), min(max(lat, south + 1e-6), north - 1e-6)
    level = min(offer.levels, key=lambda m: abs(math.log(m.scale / _SCALE_0 * 2**TRIAL_LEVEL)))
    first, second = (float(c) for c in level.corner.split())
    if offer.epsg == 3857:
        x, y = lon * METRES_PER_DEGREE, math.asinh(math.tan(math.radians(lat))) * 6378137.0
        left, top, pixel = first, second, level.scale * PIXEL_M
    else:
        x, y = lon, lat
        left, top, pixel = second, first, level.scale * PIXEL_M / METRES_PER_DEGREE
    column, row = int((x - left) / (pixel * level.tile[0])), int((top - y) / (pixel * level.tile[1]))
    column, row = min(max(column, 0), level.count[0] - 1), min(max(row, 0), level.count[1] - 1)
    address = tile_template(offer)
    for name, value in (("{TileMatrix}", level.name), ("{TileRow}", row), ("{TileCol}", column)):
        address = address.replace(name, str(value))
    return address
