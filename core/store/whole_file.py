"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import PlannerError
from .geopackage import from_os_error, is_read_only
from .lasting import lasts_from_here

_BESIDE = ("", "-journal", "-wal", "-shm")


@contextmanager
def written_whole(path: Path, replace: bool) -> Iterator[Path]:
    """A name beside `path` to write to; on leaving, the file takes its real name, or vanishes after an error.

    Raises
    ------
    PlannerError
        If the folder is missing or cannot be written, the disk is full, or, without `replace`, the file exists.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise PlannerError("store.no_such_folder", folder=folder)
    if is_read_only(folder):
        raise PlannerError("store.no_permission", path=folder)
    if path.is_dir():
        raise PlannerError("store.is_a_folder", path=path)
    if replace and path.exists() and is_read_only(path):
        raise PlannerError("store.read_only", path=path.name)
    beside = folder / f".{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}"
    try:
        yield beside
        _to_disk(beside)
        lasts_from_here()
        _take_place(beside, path, replace)
        _folder_to_disk(folder)
    except OSError as error:
        raise from_os_error(error, path) from error
    finally:
        for suffix in _BESIDE:
            Path(f"{beside}{suffix}").unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go, replacing what was there; what is no regular file (a pipe, a device) is written into."""
    with written_whole_or_into(path) as target:
        target.write_bytes(content)


@contextmanager
def written_whole_or_into(path: Path) -> Iterator[Path]:
    """Like `written_whole` with `replace`, but links are followed, and pipes and devices are not replaced by a file."""
    if path.exists() and not path.is_file() and not path.is_dir():
        try:
            yield path  # not resolved: the link of an open pipe leads to no name
        except OSError as error:
            raise from_os_error(error, path) from error
        return
    with written_whole(path.resolve(), replace=True) as beside:
        yield beside


def _take_place(beside: Path, path: Path, replace: bool) -> None:
    if replace:
        os.replace(beside, path)
        return
    try:
        os.link(beside, path)  # unlike renaming, this never replaces
    except FileExistsError:
        raise PlannerError("store.exists", path=path.name) from None
    except OSError:  # no hard links on this disk
        if path.exists():
            raise PlannerError("store.exists", path=path.name) from None
        os.rename(beside, path)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
