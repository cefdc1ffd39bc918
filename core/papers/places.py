"""Where a paper's file is: written relative to the plan, with forward slashes, and turned into a file again with care.

A plan may come from anywhere, so what it says of files is not trusted: only plain names below the plan's folder, above
it, or on this machine's disks are followed; addresses of other machines are not, for looking at them alone would send
them who is asking.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..errors import PlannerError

#: Longer than any path that a system takes.
_LONGEST = 4096


def stored_path(plan: Path, file: Path) -> str:
    """A file's place as the plan keeps it: relative to the plan's folder, absolute only on another drive.

    Raises
    ------
    PlannerError
        If the name cannot be kept as text, or the file is on another machine than the plan.
    """
    folder, there = _whole(plan).parent, _whole(file)
    try:
        written = os.path.relpath(there, folder)
    except ValueError:  # another drive
        written = str(there)
    stored = Path(written).as_posix()
    try:
        stored.encode("utf-8")
    except UnicodeEncodeError:
        raise PlannerError("papers.odd_name", name=file.name.encode("utf-8", "replace").decode()) from None
    if resolved(plan, stored) is None:
        raise PlannerError("papers.on_other_machine", name=file.name)
    return stored


def resolved(plan: Path, stored: str) -> Path | None:
    """The file that a stored place means, whether it is there or not; None for what is no place of a file here."""
    if not stored or len(stored) > _LONGEST or any(unicodedata.category(c) in ("Cc", "Cs") for c in stored):
        return None
    if stored.startswith(("//", "\\\\")) or "://" in stored:
        return None
    if os.name == "nt":
        windows = PureWindowsPath(stored)
        absolute = bool(windows.drive)
        parts = windows.parts[1:] if windows.anchor else windows.parts
        if any(c in part for part in parts for c in ':*?"<>|') or (windows.root and not absolute):
            return None
    else:
        absolute = stored.startswith("/")
        if PureWindowsPath(stored).drive and not absolute:  # another drive of a Windows machine
            return None
    return Path(stored) if absolute else Path(os.path.normpath(_whole(plan).parent / PurePosixPath(stored)))


def is_outside(plan: Path, stored: str) -> bool:
    """Whether a place is not below the plan's folder, so that the file does not travel with it."""
    return PurePosixPath(stored).parts[:1] == ("..",) or stored.startswith("/") or bool(PureWindowsPath(stored).drive)


def same_name(one: str, other: str) -> bool:
    """Whether two files' names are the same to a reader: composed or not (macOS), and in any case."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _whole(path: Path) -> Path:
    """An absolute path; links stay as they are, for they may be how a folder is shared."""
    return Path(os.path.abspath(path))
