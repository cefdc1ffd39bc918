"""What kinds of files papers are, told by their endings, and which of them may be opened."""

from __future__ import annotations

from pathlib import PurePath

UNKNOWN = "application/octet-stream"

#: Ending → media type, of what planners exchange.  Only these are ever handed to another program to be opened:
#: whatever else a plan from elsewhere brings (programs, scripts, shortcuts) can be saved, not opened.
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".png": "image/png",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".wps": "application/vnd.ms-works",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".et": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".dps": "application/vnd.ms-powerpoint",
    ".txt": "text/plain",
    ".dwg": "image/vnd.dwg",
    ".dxf": "image/vnd.dxf",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".kmz": "application/vnd.google-earth.kmz",
    ".zip": "application/zip",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
#: Pictures that a small image can be made of.
PICTURES = tuple(ending for ending, media in MEDIA_TYPES.items() if media.startswith("image/") and "vnd" not in media)
#: Databases: QGIS may have them open, and opening and closing one beside it would take its locks away
#: (`core.store.geopackage.first_bytes`), so their content is never looked at.
DATABASES = (".gpkg", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal", ".sqlite", ".sqlite3", ".db", ".mbtiles")


def media_type(name: str) -> str:
    """The media type that a file's name promises."""
    return MEDIA_TYPES.get(_ending(name), UNKNOWN)


def is_picture(name: str) -> bool:
    """Whether a file's name promises a picture."""
    return _ending(name) in PICTURES


def may_be_opened(name: str) -> bool:
    """Whether a file may be handed to the program that opens such files."""
    return _ending(name) in MEDIA_TYPES


def is_database(name: str) -> bool:
    """Whether a file's content must not be touched."""
    return name.lower().endswith(DATABASES)


def _ending(name: str) -> str:
    # Windows takes "x.exe. " for "x.exe": what it leaves out at the end is no part of the ending
    return PurePath(name.rstrip(". ")).suffix.lower() if name == name.rstrip(". ") else ""
