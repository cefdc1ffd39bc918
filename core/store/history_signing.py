"""Who changes a plan: everything that our own transactions leave in the projects' history is signed before they commit."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: The table of the history; `project_history` makes and reads it.
HISTORY = "project_history"

_author: str | None = None
#: Device and inode of a plan file → first and last number of what was recorded at once.
_written_here: dict[tuple[int, int], list[tuple[int, int]]] = {}


def set_author(name: str | None) -> None:
    """Sign with this name from now on; None or blanks: with the system's user."""
    global _author
    _author = " ".join((name or "").split()) or None


def author() -> str | None:
    """The name that is signed with; None where the system knows no user either."""
    if _author is not None:
        return _author
    try:
        return getpass.getuser() or None
    except (OSError, KeyError, ImportError):  # a user without a name, as in some containers
        return None


@contextmanager
def signing(plan: sqlite3.Connection) -> Iterator[list[tuple[int, int]]]:
    """Sign what a transaction that holds the file's only write lock records.  To be left before it commits.

    Yields a list that then holds the first and last number of what it recorded, if anything.
    """
    before = last_record(plan)
    recorded: list[tuple[int, int]] = []
    yield recorded
    last = last_record(plan)
    if last > before:
        plan.execute(f"UPDATE {HISTORY} SET who = ? WHERE id > ? AND who IS NULL", (author(), before))  # noqa: S608
        recorded.append((before + 1, last))


def note_written_here(path: Path, recorded: Iterable[tuple[int, int]]) -> None:
    """Remember which records this process made: whoever watches a file for others' changes asks `is_written_here`."""
    ranges = _written_here.setdefault(_identity(path), [])
    for first, last in recorded:  # thousands that follow one another are one range
        if ranges and ranges[-1][1] + 1 == first:
            ranges[-1] = ranges[-1][0], last
        else:
            ranges.append((first, last))


def is_written_here(path: Path, record: int) -> bool:
    """Whether a record of a plan file was made by this process."""
    return any(first <= record <= last for first, last in _written_here.get(_identity(path), ()))


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def has_history(plan: sqlite3.Connection) -> bool:
    """Whether a file has the table of the history."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return plan.execute(query, (HISTORY,)).fetchone() is not None


def last_record(plan: sqlite3.Connection) -> int:
    """The number of the newest record; 0 where there is none."""
    if not has_history(plan):
        return 0
    found: int | None = plan.execute(f"SELECT max(id) FROM {HISTORY}").fetchone()[0]  # noqa: S608
    return found or 0
