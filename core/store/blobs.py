"""Geometries as a GeoPackage stores them: a header with envelope and CRS, then WKB.

Source: OGC 12-128r18, GeoPackage Encoding Standard, clause 2.1.3 (GeoPackageBinary).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely

from ..plan.tables import Array

#: Enough of a blob for `header_kind`.
HEADER_BYTES = 80

_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_CURVED = {8, 9, 10, 11, 12}
_POLYGON, _MULTI_POLYGON, _TRIANGLE = 3, 6, 17
_SURFACES = (15, 16)
#: Flags: little endian, and an envelope of four numbers; or empty, and no envelope.
_WITH_ENVELOPE, _EMPTY = 0b00000011, 0b00010001
_HEADER = np.dtype(
    [("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs", "<i4"), ("envelope", "<f8", 4)], align=False
)


def header_kind(blob: bytes | None) -> str | None:
    """What a stored geometry says it is: ``curve``, ``plain``, ``damaged``, or None for null.

    The first bytes of the blob are enough.
    """
    if blob is None:
        return None
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return "damaged"
    start = wkb_start(blob)
    if len(blob) < start + 5:
        return "damaged"
    (code,) = struct.unpack_from("<I" if blob[start] else ">I", blob, start + 1)
    return "curve" if (code & 0xFFFF) % 1000 in _CURVED else "plain"


def header_kinds(blobs: Sequence[bytes | None]) -> list[str | None]:
    """`header_kind` of many; most layers have one kind of header, which is then looked at once."""
    known: dict[bytes, str | None] = {}
    kinds: list[str | None] = []
    for blob in blobs:
        if blob.__class__ is not bytes or len(blob) < HEADER_BYTES:  # type: ignore[arg-type]
            kinds.append(header_kind(blob))
            continue
        start = 8 + _ENVELOPE_BYTES.get(blob[3] >> 1 & 7, 0)  # type: ignore[index]
        key = blob[:4] + blob[start : start + 5]  # type: ignore[index]
        if key not in known:
            known[key] = header_kind(blob)
        kinds.append(known[key])
    return kinds


def wkb_start(blob: bytes) -> int:
    """Where the WKB begins in a stored geometry that is not damaged."""
    return 8 + _ENVELOPE_BYTES.get(blob[3] >> 1 & 7, 0)


def surface_as_polygons(wkb: bytes) -> bytes | None:
    """WKB of a polyhedral surface, TIN or triangle as that of its faces (a multi-polygon or polygon); None of anything else.

    Source: OGC 06-103r4, Simple Feature Access, clause 8.2.
    """
    try:
        made = bytearray(wkb)
        order, code = _code_at(wkb, 0)
        kind = (code & 0xFFFF) % 1000
        if kind == _TRIANGLE:
            struct.pack_into(order, made, 1, code - _TRIANGLE + _POLYGON)
            return bytes(made)
        if kind not in _SURFACES:
            return None
        struct.pack_into(order, made, 1, code - kind + _MULTI_POLYGON)
        at = 9
        for _ in range(struct.unpack_from(order, wkb, 5)[0]):
            order, code = _code_at(wkb, at)
            kind = (code & 0xFFFF) % 1000
            if kind not in (_POLYGON, _TRIANGLE):
                return None
            struct.pack_into(order, made, at + 1, code - kind + _POLYGON)
            numbers = 2 + bool(code >> 31) + bool(code >> 30 & 1) + (0, 1, 1, 2)[(code & 0xFFFF) // 1000]
            rings, at = struct.unpack_from(order, wkb, at + 5)[0], at + 9
            for _ in range(rings):
                at += 4 + 8 * numbers * struct.unpack_from(order, wkb, at)[0]
    except (struct.error, IndexError):
        return None
    return bytes(made)


def _code_at(wkb: bytes, at: int) -> tuple[str, int]:
    """How whole numbers are written in a geometry that begins there, and its kind."""
    order = "<I" if wkb[at] else ">I"
    return order, struct.unpack_from(order, wkb, at + 1)[0]


def envelope(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """West, east, south, north of a stored geometry; None where it is null, empty or damaged."""
    if header_kind(blob) in (None, "damaged"):
        return None
    assert blob is not None
    flags = blob[3]
    if flags >> 4 & 1:
        return None
    if flags >> 1 & 7:
        west, east, south, north = struct.unpack_from("<4d" if flags & 1 else ">4d", blob, 8)
        return (west, east, south, north) if west == west else None
    shape = shapely.from_wkb(blob[8:], on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return west, east, south, north


def to_blobs(geometry: Array, srs_id: int) -> list[bytes | None]:
    """Geometries as they are stored.

    Parameters
    ----------
    geometry
        ``(n,)`` 2D shapely geometries or None.
    srs_id
        The CRS's number in the file's own register.
    """
    headers = np.zeros(len(geometry), _HEADER)
    headers["magic"], headers["srs"] = b"GP", srs_id
    empty = shapely.is_empty(geometry)
    headers["flags"] = np.where(empty, _EMPTY, _WITH_ENVELOPE)
    headers["envelope"] = shapely.bounds(geometry)[:, [0, 2, 1, 3]]
    raw = headers.tobytes()
    size = _HEADER.itemsize
    wkb = shapely.to_wkb(geometry, byte_order=1, include_srid=False).tolist()
    starts = range(0, len(raw), size)
    return [
        None if shape is None else raw[at : at + (8 if nothing else size)] + shape
        for shape, at, nothing in zip(wkb, starts, empty.tolist())
    ]
