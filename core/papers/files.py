"""The files that papers are: looked at, copied beside the plan, and written where a user wants them."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from ..errors import PlannerError
from ..file_names import plain_name
from ..store.geopackage import told_as_sentences
from .media import is_database

_BLOCK = 1 << 20


def refuse_no_paper(plan: Path, file: Path) -> None:
    """Say so where a path is no file, or is the plan itself."""
    if file.is_dir():
        raise PlannerError("papers.is_a_folder", path=file)
    if not file.exists():
        raise PlannerError("papers.not_there", path=file)
    if not file.is_file():
        raise PlannerError("papers.no_file", path=file)
    if is_plan_itself(plan, file):
        raise PlannerError("papers.plan_itself", path=file.name)


def is_plan_itself(plan: Path, file: Path) -> bool:
    """Whether a path leads to the plan file or to what SQLite keeps beside it."""
    beside = [Path(f"{plan}{ending}") for ending in ("", "-wal", "-shm", "-journal")]
    return any(p.exists() and file.exists() and os.path.samefile(p, file) for p in beside)


def digest(file: Path) -> str | None:
    """SHA-256 of a file's content; None for a database, which must not be opened."""
    if is_database(file.name):
        return None
    digest = hashlib.sha256()
    with told_as_sentences(file), file.open("rb") as opened:
        for block in iter(lambda: opened.read(_BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def copied_into(folder: Path, file: Path) -> Iterator[Path]:
    """Copy a file into a folder under a name that is free; a block that fails takes the copy back.

    A file of the same content that stands there under its name already is taken instead.
    """
    wanted, made_folder = plain_name(file.stem) or "file", not folder.exists()
    made: Path | None = None
    try:
        with told_as_sentences(folder / file.name):
            folder.mkdir(parents=True, exist_ok=True)
            target, is_there = _free_name(folder, wanted, file)
            if not is_there:
                write_beside(target, file)
                made = target
        yield target
    except BaseException:
        with suppress(OSError):
            if made is not None:
                made.unlink()
            if made_folder:
                folder.rmdir()
        raise


def _free_name(folder: Path, wanted: str, file: Path) -> tuple[Path, bool]:
    """A name in a folder that is free, or whose file has the same content already (and then true)."""
    own = digest(file)
    for number in count(1):
        target = folder / f"{wanted}{'' if number == 1 else f' ({number})'}{file.suffix}"
        if not target.exists():
            return target, False
        if own is not None and target.is_file() and digest(target) == own:
            return target, True
    raise AssertionError("numbers do not end")


def write_beside(target: Path, content: bytes | Path) -> None:
    """Write bytes or another file's content to a path, whole or not at all."""
    with told_as_sentences(target):
        beside = target.parent / f".{uuid.uuid4().hex}.part"  # made as all files are: colleagues may read it too
        try:
            if isinstance(content, bytes):
                beside.write_bytes(content)
            else:
                shutil.copyfile(content, beside)
                told = content.stat()
                os.utime(beside, ns=(told.st_atime_ns, told.st_mtime_ns))
            os.replace(beside, target)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
