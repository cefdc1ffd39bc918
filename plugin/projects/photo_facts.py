"""When and where a photo was taken, read from its EXIF by QGIS's own tools."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from qgis.core import QgsExifTools
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from ...core.papers.attached import Facts
from ...core.papers.media import is_picture

#: The camera's own times, the moment of taking before that of storing; each with the tag of its offset from UTC.
_TIMES = (
    ("Exif.Photo.DateTimeOriginal", "Exif.Photo.OffsetTimeOriginal"),
    ("Exif.Photo.DateTimeDigitized", "Exif.Photo.OffsetTimeDigitized"),
    ("Exif.Image.DateTime", "Exif.Photo.OffsetTime"),
)
_OFFSET = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d|Z")


def photo_facts(file: Path) -> Facts:
    """What a camera wrote into a photo; nothing where it is none, is damaged, or says nothing of use."""
    if not is_picture(file.name):
        return Facts()
    tags = QgsExifTools.readTags(str(file))
    longitude, latitude = _position(file)
    return Facts(_taken_at(tags), longitude, latitude)


def _position(file: Path) -> tuple[float | None, float | None]:
    point, found = QgsExifTools.getGeoTag(str(file))
    if not found or point.isEmpty():
        return None, None
    longitude, latitude = point.x(), point.y()
    is_place = math.isfinite(longitude) and math.isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90
    # A phone that does not know where it is writes zeros
    return (longitude, latitude) if is_place and (longitude, latitude) != (0.0, 0.0) else (None, None)


def _taken_at(tags: dict[str, Any]) -> str | None:
    for name, offset_name in _TIMES:
        taken = tags.get(name)
        if isinstance(taken, QDateTime) and taken.isValid():
            offset = str(tags.get(offset_name) or "").strip()
            known = offset if _OFFSET.fullmatch(offset) else ""
            return str(taken.toString("yyyy-MM-ddTHH:mm:ss")) + known.replace("Z", "+00:00")
    day, time = tags.get("Exif.GPSInfo.GPSDateStamp"), tags.get("Exif.GPSInfo.GPSTimeStamp")
    if isinstance(day, QDate) and day.isValid() and isinstance(time, QTime) and time.isValid():
        return f"{day.toString('yyyy-MM-dd')}T{time.toString('HH:mm:ss')}+00:00"  # satellites keep UTC
    return None
