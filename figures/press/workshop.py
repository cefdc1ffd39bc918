"""Where files are made before they appear under their names: a hidden folder inside the target's."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from ...core.errors import PlannerError

#: How a whole file of a format ends; a TIFF says nothing of its end.
_ENDS = {".pdf": b"%%EOF", ".png": b"IEND\xaeB`\x82", ".svg": b"</svg>"}
_TIFF_BEGINS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_NAMED = re.compile(r"\.figures-(\d+)-")
#: A folder that a stopped process left, and nobody swept, is swept after so many seconds.
_STALE = 24 * 3600


class Workshop:
    """A hidden folder that goes with the work, whatever came of it; use with ``with``.

    Raises
    ------
    PlannerError
        On entering, if the target folder cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: Path | None = None

    def __enter__(self) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlannerError("figures.no_folder", folder=str(self._folder), reason=_reason(error)) from error
        _sweep_stale(self._folder)
        try:
            self._made = Path(tempfile.mkdtemp(prefix=f".figures-{os.getpid()}-", dir=self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from error
        return self._made

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def sweep(folder: Path, process: int) -> None:
    """Remove what a process that was stopped left of its workshops; nothing in them carries a final name."""
    for left in _workshops(folder):
        match = _NAMED.match(left.name)
        if match is not None and int(match[1]) == process:
            shutil.rmtree(left, ignore_errors=True)


def _sweep_stale(folder: Path) -> None:
    for left in _workshops(folder):
        try:
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # its own process was quicker


def _workshops(folder: Path) -> list[Path]:
    try:
        return [f for f in folder.iterdir() if _NAMED.match(f.name)]
    except OSError:
        return []


def put_in_place(made: Path, place: Path) -> None:
    """Give a whole file its final name.

    Raises
    ------
    PlannerError
        If it is not whole, as on a full disk, the folder does not take it, or the file in its place cannot be replaced
        (on Windows one that a reader has open).
    """
    if not is_whole(made):
        raise PlannerError("figures.not_written", file=place.name)
    try:
        os.replace(made, place)
    except PermissionError as error:  # the folder itself takes files: `made` lies in it
        if place.exists():
            raise PlannerError("figures_export.in_use", file=place.name) from error
        raise unwritable(place.parent, error) from error
    except OSError as error:
        raise unwritable(place.parent, error) from error


def unwritable(folder: Path, error: OSError) -> PlannerError:
    """The sentence for a folder that does not take what is written."""
    return PlannerError("figures.folder_unwritable", folder=str(folder), reason=_reason(error))


def is_whole(file: Path) -> bool:
    """Whether a file ends as its format does: a full disk cuts it off."""
    try:
        with file.open("rb") as stream:
            if file.suffix == ".tif":
                return stream.read(4) in _TIFF_BEGINS and _all_blocks_there(file)
            stream.seek(max(0, file.stat().st_size - 64))
            return _ENDS[file.suffix] in stream.read()
    except OSError:
        return False


def _all_blocks_there(file: Path) -> bool:
    """Whether every tile that a TIFF's directory names lies inside the file."""
    from osgeo import gdal

    dataset = gdal.Open(str(file))
    if dataset is None:
        return False
    size = file.stat().st_size
    band = dataset.GetRasterBand(1)
    wide, high = band.GetBlockSize()
    for row in range(-(-band.YSize // high)):
        for column in range(-(-band.XSize // wide)):
            begin = band.GetMetadataItem(f"BLOCK_OFFSET_{column}_{row}", "TIFF")
            length = band.GetMetadataItem(f"BLOCK_SIZE_{column}_{row}", "TIFF")
            if begin is None or length is None or int(begin) + int(length) > size:
                return False
    return True


def _reason(error: OSError) -> str:
    return error.strerror or os.strerror(error.errno or errno.EIO)
