"""Zip files that others sent, unpacked without trusting anything they say."""

from __future__ import annotations

import lzma
import shutil
import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ..errors import PlannerError
from .shapefile_text import weigh

#: What a parcel of vector files may hold at most; more is no delivery but a bomb.
MOST_BYTES = 4 << 30
MOST_FILES = 10_000
#: Honest vector data shrinks to a tenth or so; small files may do better.
MOST_SHRINKING = 200
_SMALL = 64 << 20
_CHUNK = 1 << 20
#: A spreadsheet that unpacks to more is no table of coordinates.
MOST_BYTES_OF_A_TABLE = 1 << 30
#: Endings that a layer can be opened by.
OPENED_BY = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".gml", ".dxf", ".gdb", ".tab", ".mif", ".fgb")
#: … and these, where there is none of them: else they are notes about the data.
_TABLES = (".txt", ".csv", ".tsv", ".xlsx")


def unpack(archive: Path, folder: Path) -> list[Path]:
    """Unpack an archive into an empty folder; returns the files in it that hold layers.

    Raises
    ------
    PlannerError
        If it is damaged, encrypted, too big, or names paths outside the folder; nothing of it then counts.
    """
    try:
        with zipfile.ZipFile(archive) as parcel:
            entries = [e for e in parcel.infolist() if not e.is_dir() and not _of_macs(e)]
            _refuse_bombs(entries, archive, folder)
            for entry, target in [(e, _target(e, archive, folder)) for e in entries]:
                _unpack_one(parcel, entry, target, archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise PlannerError("intake.zip_damaged", path=archive.name, reason=error) from error
    except RuntimeError as error:  # so zipfile says that a password is needed
        raise PlannerError("intake.zip_locked", path=archive.name) from error
    except OSError as error:
        raise PlannerError("intake.zip_damaged", path=archive.name, reason=error.strerror or error) from error
    found = sorted(p for p in folder.rglob("*") if ".gdb" not in _above(p, folder))
    return [p for p in found if p.suffix.lower() in OPENED_BY] or [p for p in found if p.suffix.lower() in _TABLES]


def refuse_swollen(table: Path) -> None:
    """Refuse a spreadsheet, which is a zip file, that unpacks to far more than it is; any other file passes.

    Raises
    ------
    PlannerError
        If it does.
    """
    if not zipfile.is_zipfile(table):
        return
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(table) as parcel:  # a damaged one is told by who reads it
        claimed = sum(e.file_size for e in parcel.infolist())
        if claimed > MOST_BYTES_OF_A_TABLE or _shrinks_oddly(claimed, table):
            raise PlannerError("intake_tables.too_big", path=table.name, size=claimed / 1e6)


def _above(path: Path, folder: Path) -> set[str]:
    return {p.suffix.lower() for p in path.relative_to(folder).parents}


def _refuse_bombs(entries: list[zipfile.ZipInfo], archive: Path, folder: Path) -> None:
    claimed = sum(e.file_size for e in entries)
    bomb = claimed > MOST_BYTES or _shrinks_oddly(claimed, archive)
    if bomb or len(entries) > MOST_FILES or claimed > shutil.disk_usage(folder).free:
        raise PlannerError("intake.zip_too_big", path=archive.name, files=len(entries), size=claimed / 1e6)


def _shrinks_oddly(claimed: int, archive: Path) -> bool:
    return claimed > _SMALL and claimed / max(archive.stat().st_size, 1) > MOST_SHRINKING


def _of_macs(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry only keeps what macOS knows about another one."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("._"))


def _target(entry: zipfile.ZipInfo, archive: Path, folder: Path) -> Path:
    """Where an entry goes, if its name stays in the folder."""
    name = _name_of(entry).replace("\\", "/")
    parts = PurePosixPath(name).parts
    outside = name.startswith("/") or ".." in parts or any(":" in p or "\0" in p for p in parts) or not parts
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise PlannerError("intake.zip_leaves_folder", path=archive.name, entry=name[:80])
    return folder.joinpath(*parts)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 were read as code page 437; Chinese programs write GBK."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    try:
        written = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    readings = weigh([written])
    return written.decode(readings[0].encoding, errors="replace") if readings else entry.filename


def _unpack_one(parcel: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, archive: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with parcel.open(entry) as packed, target.open("wb") as unpacked:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:  # more than it claimed
                raise PlannerError("intake.zip_damaged", path=archive.name, reason=entry.filename)
            unpacked.write(chunk)
