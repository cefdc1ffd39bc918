"""Who changes a plan: everything that our own transactions leave in the projects' history is signed before they commit."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

#: The table of the history; `project_history` makes and reads it.
HISTORY = "project_history"

_author: str | None = None


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
def signing(plan: sqlite3.Connection) -> Iterator[None]:
    """Sign what a transaction that holds the file's only write lock records.  To be left before it commits."""
    before = last_record(plan)
    yield
    if last_record(plan) > before:
        plan.execute(f"UPDATE {HISTORY} SET who = ? WHERE id > ? AND who IS NULL", (author(), before))  # noqa: S608


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
