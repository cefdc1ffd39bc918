"""GeoPackage as SQLite sees it: connections, and the functions its triggers call."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from os import W_OK, access
from pathlib import Path
from shutil import disk_usage
from typing import Any
from urllib.parse import quote

from ..errors import PlannerError
from .history_signing import note_written_here, signing
from .lasting import lasts_from_here

#: How long to wait for another program that is writing.
BUSY_SECONDS = 5.0

#: Free space (bytes, beside once the plan's own size) from which a write-ahead log is used.
ROOM_FOR_A_LOG = 32 << 20

#: Device and inode → descriptor; see `first_bytes`.
_kept_open: dict[tuple[int, int], int] = {}


def quoted(identifier: str) -> str:
    """A table's or column's name as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, inside one transaction: what is read belongs together.

    Raises
    ------
    PlannerError
        If the file is locked, damaged or cannot be read.
    """
    with told_as_sentences(path, "store.read_failed"):
        connection = _connect(path, "ro&immutable=1" if needs_no_lock(path) else "ro")
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            connection = _mended(error, path)
        with closing(connection):
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            yield connection


def _mended(error: sqlite3.OperationalError, path: Path) -> sqlite3.Connection:
    """Open a file that a killed program left half changed: SQLite rolls the change back."""
    if "readonly" not in str(error) or is_read_only(path):
        raise error
    with closing(_connect(path, "rw")) as mending:
        mending.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    return _connect(path, "ro")


def needs_no_lock(path: Path) -> bool:
    """Whether the file is marked for write-ahead logging while nobody has it open.

    To read it with locks SQLite would make two files beside it.
    """
    return first_bytes(path, 20)[18:20] == b"\x02\x02" and not Path(f"{path}-wal").exists()


def first_bytes(path: Path, count: int) -> bytes:
    """The beginning of a file that this process may have open as a database.

    POSIX takes all of a process's locks on a file away when any of its descriptors is closed: SQLite's
    too, by which other programs see that QGIS has the plan open; they would then throw its log away,
    and unsaved work with it.  So there the descriptor stays open.
    """
    if os.name != "posix":
        with path.open("rb") as file:
            return file.read(count)
    status = path.stat()
    descriptor = _kept_open.get((status.st_dev, status.st_ino))
    if descriptor is None:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        _kept_open[status.st_dev, status.st_ino] = descriptor
    return os.pread(descriptor, count, 0)


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on an existing GeoPackage: all of it happens, or nothing.

    The change goes to a write-ahead log, as QGIS does it, so that whoever opens the file after a
    crash finds the old content without having to repair anything; then the file is as before.  On a
    nearly full disk it goes through SQLite's rollback journal: a log needs room even to be given up.

    Raises
    ------
    PlannerError
        If the file is read-only, locked by another program for more than `BUSY_SECONDS`, or the
        disk is full.
    """
    refuse_read_only(path)
    with told_as_sentences(path), closing(_connect(path, "rw")) as connection:
        connection.execute("PRAGMA trusted_schema = ON")  # triggers call our functions
        add_geometry_functions(connection)
        mode_before = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if disk_usage(path.absolute().parent).free > path.stat().st_size + ROOM_FOR_A_LOG:
            _try_journal_mode(connection, "WAL")
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                with signing(connection) as recorded:
                    yield connection
                lasts_from_here()
                connection.execute("COMMIT")
                note_written_here(path, recorded)
            except BaseException:
                _roll_back(connection)
                raise
        finally:
            if mode_before != "wal":
                _try_journal_mode(connection, "DELETE")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    with suppress(sqlite3.OperationalError):  # what is told is why the change failed
        # After a full disk SQLite puts the old pages back only when the file is next looked at.
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()


def _try_journal_mode(connection: sqlite3.Connection, mode: str) -> None:
    """Change the journal where nobody else is in the way; either journal keeps the promise."""
    connection.execute("PRAGMA busy_timeout = 200")
    try:
        connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
    except sqlite3.OperationalError as error:
        # Another connection is using the file: then it stays as it is.
        if "locked" not in str(error) and mode == "WAL":
            raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(path.absolute().as_posix())}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def refuse_read_only(path: Path) -> None:
    """Say so where a file or its folder must not be written.  Marks count for everybody, root too."""
    if is_read_only(path):
        raise PlannerError("store.read_only", path=path.name)
    if is_read_only(path.absolute().parent):
        raise PlannerError("store.read_only_folder", path=path.name, folder=path.absolute().parent)


def is_read_only(path: Path) -> bool:
    """Whether a file or folder is marked read-only or belongs to somebody else."""
    return not access(path, W_OK) or not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


@contextmanager
def told_as_sentences(path: Path, otherwise: str = "store.write_failed") -> Iterator[None]:
    """SQLite's and the system's complaints about a file as sentences for planners."""
    try:
        yield
    except sqlite3.Error as error:
        raise PlannerError(sentence_of(str(error), otherwise), path=path.name, reason=error) from error
    except OSError as error:
        raise from_os_error(error, path) from error


def from_os_error(error: OSError, path: Path) -> PlannerError:
    """The sentence for what the system says about writing or reading a file."""
    folder = path.absolute().parent
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return PlannerError("store.disk_full", path=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return PlannerError("store.no_permission", path=path)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return PlannerError("store.no_such_folder", folder=folder)
    return PlannerError("store.system_error", path=path.name, reason=error.strerror or error)


def sentence_of(reason: str, otherwise: str = "store.write_failed") -> str:
    """Id of the sentence for what SQLite says, whoever passes it on; `otherwise` for what needs no sentence of its own."""
    for part, sentence in (
        ("is locked", "store.locked"),
        ("readonly", "store.read_only"),
        ("disk is full", "store.disk_full"),
        ("disk I/O error", "store.disk_full_or_broken"),
        ("not a database", "store.not_a_geopackage"),
        ("no such table: gpkg_", "store.not_a_geopackage"),
        ("malformed", "store.damaged"),
        ("unable to open", "store.cannot_open"),
    ):
        if part in reason:
            return sentence
    return otherwise


def add_geometry_functions(connection: sqlite3.Connection) -> None:
    """Teach a connection the functions that a GeoPackage's spatial index triggers call."""
    from .blobs import envelope

    last: tuple[bytes | None, tuple[float, float, float, float] | None] = (None, None)

    def sides_of(blob: bytes | None) -> tuple[float, float, float, float] | None:
        nonlocal last  # a trigger asks five times for each row
        if blob != last[0]:
            last = (blob, envelope(blob))
        return last[1]

    def side(position: int) -> Any:
        def value(blob: bytes | None) -> float | None:
            sides = sides_of(blob)
            return None if sides is None else sides[position]

        return value

    for position, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, side(position), deterministic=True)
    connection.create_function(
        "ST_IsEmpty", 1, lambda blob: None if blob is None else int(sides_of(blob) is None), deterministic=True
    )
