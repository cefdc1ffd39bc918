"""Photos as phones write them: small JPEGs, PNGs and TIFFs whose EXIF block is written here byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

#: Where and when `photo` was taken unless a test says otherwise: in P1 of the plan on squared paper.
LONGITUDE, LATITUDE = 124.065, 41.065
TAKEN, OFFSET = "2024:05:03 10:20:30", "+08:00"

_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
Entry = tuple[int, int, int, bytes]


def photo(
    path: Path,
    longitude: float | None = LONGITUDE,
    latitude: float | None = LATITUDE,
    taken: str | None = TAKEN,
    offset: str | None = OFFSET,
    size: tuple[int, int] = (320, 240),
    colour: tuple[int, int, int] = (96, 150, 70),
) -> Path:
    """Write a photo of one colour with a sky, its kind by the ending; None leaves a fact out."""
    from PIL import Image

    image = Image.new("RGB", size, colour)
    image.paste((150, 190, 230), (0, 0, size[0], size[1] // 3))
    image.save(path, exif=exif(longitude, latitude, taken, offset))
    return path


def exif(longitude: float | None, latitude: float | None, taken: str | None, offset: str | None) -> bytes:
    """An EXIF block: little-endian TIFF with the sub-directories for camera and position."""
    camera = [_ascii(0x9003, taken)] if taken is not None else []
    camera += [_ascii(0x9011, offset)] if offset is not None else []
    place: list[Entry] = []
    if longitude is not None and latitude is not None:
        place = [
            _ascii(1, "N" if latitude >= 0 else "S"),
            _degrees(2, latitude),
            _ascii(3, "E" if longitude >= 0 else "W"),
            _degrees(4, longitude),
        ]
    start = 8
    top_size = 2 + 12 * 3 + 4
    first = _directory(camera, start + top_size)
    second = _directory(place, start + top_size + len(first))
    top = _directory(
        [
            (0x0112, _SHORT, 1, struct.pack("<H", 1)),
            (0x8769, _LONG, 1, struct.pack("<I", start + top_size)),
            (0x8825, _LONG, 1, struct.pack("<I", start + top_size + len(first))),
        ],
        start,
    )
    return b"Exif\0\0II*\0" + struct.pack("<I", start) + top + first + second


def _directory(entries: list[Entry], at: int) -> bytes:
    head, values = struct.pack("<H", len(entries)), b""
    values_at = at + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in sorted(entries):
        written = value.ljust(4, b"\0")
        if len(value) > 4:
            written = struct.pack("<I", values_at + len(values))
            values += value + b"\0" * (len(value) % 2)
        head += struct.pack("<HHI", tag, kind, count) + written
    return head + struct.pack("<I", 0) + values


def _ascii(tag: int, words: str) -> Entry:
    raw = words.encode("ascii") + b"\0"
    return tag, _ASCII, len(raw), raw


def _degrees(tag: int, value: float) -> Entry:
    """Degrees, minutes and seconds as three fractions."""
    seconds = round(abs(value) * 3600 * 10_000)
    parts: list[Any] = [(seconds // 36_000_000, 1), (seconds // 600_000 % 60, 1), (seconds % 600_000, 10_000)]
    return tag, _RATIONAL, 3, b"".join(struct.pack("<II", *part) for part in parts)
