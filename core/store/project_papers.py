"""Where a plan file keeps the papers and photos of its projects, and how they get in and out, within the caller's transaction.

Two tables of our own, which this module alone names.  They are in none of the GeoPackage's registers, so that GDAL
and plain QGIS do not list them; they are made when the first paper is attached.  A file that is kept inside is kept
once, however many projects it belongs to, byte for byte.

Whose a paper is: the project of its key, where that row has kept the paper's code or name (a project that was given
another code keeps its papers); else, where keys were dealt anew, the one project with the paper's code, or of its name;
else still the row of its key; papers of projects that are gone wait in the file until they are given to another.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

from .geopackage import quoted
from .opening import Layout

PROJECT = "project"
PHOTO, PAPER = "photo", "paper"
KINDS = (PHOTO, PAPER)

_TABLES = {
    "project_paper": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, project_fid INTEGER NOT NULL, project_code TEXT,"
        " project_name TEXT, title TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, path TEXT,"
        " media_type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT, taken_at TEXT, longitude REAL, latitude REAL,"
        " added_at TEXT NOT NULL, added_by TEXT"
    ),
    "project_paper_content": "sha256 TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL",
}


@dataclass(frozen=True)
class Paper:
    """A paper or photo of a project.

    Attributes
    ----------
    id
        Its number in the plan file; 0 while it is not attached yet.
    project_fid, project_code, project_name
        The project as it was when something was last written for it.
    kind
        ``photo`` or ``paper``.
    name
        The file's own name.
    path
        Where the file is, as `core.papers.places` writes it; None where the plan itself holds its content.
    size
        Bytes.
    sha256
        Of the content, in hexadecimal; None where it was not looked at (databases that QGIS may have open).
    taken_at
        When a photo was taken: ISO 8601, with offset where the camera says one.
    longitude, latitude
        Degrees WGS84 as the camera wrote them; CGCS2000 differs by less than a metre.
    added_at
        Time with time zone, ISO 8601.
    """

    id: int
    project_fid: int
    project_code: str | None
    project_name: str | None
    title: str
    kind: str
    name: str
    path: str | None
    media_type: str
    size: int
    sha256: str | None
    taken_at: str | None
    longitude: float | None
    latitude: float | None
    added_at: str
    added_by: str | None

    @property
    def is_inside(self) -> bool:
        """Whether the plan file holds the content."""
        return self.path is None

    @property
    def has_position(self) -> bool:
        """Whether the camera noted where it was."""
        return self.longitude is not None and self.latitude is not None


@dataclass(frozen=True)
class Owner:
    """A project that papers can belong to."""

    fid: int
    code: str | None
    name: str | None


_COLUMNS = tuple(field.name for field in fields(Paper))


def owners(plan: sqlite3.Connection, layout: Layout) -> dict[int, Owner]:
    """The projects of a file, by key."""
    wanted = [quoted(layout.columns[name]) if name in layout.columns else "NULL" for name in ("code", "name")]
    query = f"SELECT {quoted(layout.key)}, {', '.join(wanted)} FROM {quoted(layout.name)}"  # noqa: S608
    with _forgiving(plan):
        return {int(fid): Owner(int(fid), _filled(code), _filled(name)) for fid, code, name in plan.execute(query)}


def papers_by_owner(plan: sqlite3.Connection, owners: Mapping[int, Owner]) -> dict[int | None, list[Paper]]:
    """All papers by the key of their project, in the order they were attached; under None those of no project."""
    found: dict[int | None, list[Paper]] = {}
    if not _is_there(plan):
        return found
    codes = _only_one(owners.values(), lambda owner: owner.code)
    names = _only_one(owners.values(), lambda owner: owner.name)
    with _forgiving(plan):
        for row in plan.execute(f"SELECT {', '.join(_COLUMNS)} FROM project_paper ORDER BY id"):  # noqa: S608
            paper = _as_paper(row)
            found.setdefault(_owner_of(paper, owners, codes, names), []).append(paper)
    return found


def find_paper(plan: sqlite3.Connection, number: int) -> Paper | None:
    """A paper by its number."""
    if not _is_there(plan):
        return None
    with _forgiving(plan):
        row = plan.execute(f"SELECT {', '.join(_COLUMNS)} FROM project_paper WHERE id = ?", (number,)).fetchone()  # noqa: S608
    return None if row is None else _as_paper(row)


def content_of(plan: sqlite3.Connection, sha256: str | None) -> bytes | None:
    """What a paper inside the plan consists of; None where it is not there (any more)."""
    if not _is_there(plan):
        return None
    row = plan.execute("SELECT content FROM project_paper_content WHERE sha256 = ?", (sha256,)).fetchone()
    return row[0] if row is not None and isinstance(row[0], bytes) else None


def put_in(plan: sqlite3.Connection, papers: Sequence[Paper], contents: Mapping[str, bytes]) -> list[Paper]:
    """Add papers, and the contents (by hash) of those that the plan shall hold; they come back with their numbers."""
    for table, columns in _TABLES.items():
        plan.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
    plan.executemany("INSERT OR IGNORE INTO project_paper_content VALUES (?, ?)", contents.items())
    added = []
    marks = ", ".join("?" * (len(_COLUMNS) - 1))
    statement = f"INSERT INTO project_paper ({', '.join(_COLUMNS[1:])}) VALUES ({marks})"  # noqa: S608
    for paper in papers:
        number = plan.execute(statement, [getattr(paper, name) for name in _COLUMNS[1:]]).lastrowid
        assert number is not None
        added.append(replace(paper, id=number))
    return added


def change(plan: sqlite3.Connection, paper: Paper) -> None:
    """Write a paper's values anew; a content that no paper needs any more goes."""
    settings = ", ".join(f"{name} = ?" for name in _COLUMNS[1:])
    values = [getattr(paper, name) for name in _COLUMNS[1:]]
    plan.execute(f"UPDATE project_paper SET {settings} WHERE id = ?", (*values, paper.id))  # noqa: S608
    _drop_unused(plan)


def take_out(plan: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Remove papers, and the contents that no other paper needs."""
    plan.executemany("DELETE FROM project_paper WHERE id = ?", ((number,) for number in numbers))
    _drop_unused(plan)


def renew_owner(plan: sqlite3.Connection, owner: Owner, papers: Iterable[Paper]) -> None:
    """Note on a project's papers which key, code and name it has now."""
    plan.executemany(
        "UPDATE project_paper SET project_fid = ?, project_code = ?, project_name = ? WHERE id = ?",
        ((owner.fid, owner.code, owner.name, paper.id) for paper in papers),
    )


def _owner_of(
    paper: Paper, owners: Mapping[int, Owner], codes: Mapping[str, int], names: Mapping[str, int]
) -> int | None:
    own = owners.get(paper.project_fid)
    if own is not None and (
        (own.code is not None and own.code == paper.project_code)
        or (own.name is not None and own.name == paper.project_name)
    ):
        return own.fid
    moved = codes.get(paper.project_code or "", names.get(paper.project_name or ""))
    if moved is not None:
        return moved
    return None if own is None else own.fid


def _only_one(owners: Iterable[Owner], value: Callable[[Owner], str | None]) -> dict[str, int]:
    """Value → key, of the values that only one project has."""
    pairs = [(said, owner.fid) for owner in owners if (said := value(owner)) is not None]
    counts = Counter(named for named, _ in pairs)
    return {named: fid for named, fid in pairs if counts[named] == 1}


def _as_paper(row: Sequence[object]) -> Paper:
    """A row as a paper, also where another program wrote other types."""
    told = dict(zip(_COLUMNS, row))
    for name in ("project_code", "project_name", "path", "sha256", "taken_at", "added_by"):
        told[name] = None if told[name] is None else _text(told[name])
    for name in ("title", "kind", "name", "media_type", "added_at"):
        told[name] = _text(told[name])
    for name in ("id", "project_fid", "size"):
        told[name] = told[name] if isinstance(told[name], int) else 0
    for name, most in (("longitude", 180), ("latitude", 90)):
        value = told[name]
        told[name] = float(value) if isinstance(value, (int, float)) and abs(value) <= most else None
    return Paper(**told)  # type: ignore[arg-type]


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str("" if value is None else value)


def _filled(value: object) -> str | None:
    return _text(value).strip() or None


def _is_there(plan: sqlite3.Connection) -> bool:
    marks = ", ".join("?" * len(_TABLES))
    query = f"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ({marks})"  # noqa: S608
    found: int = plan.execute(query, tuple(_TABLES)).fetchone()[0]
    return found == len(_TABLES)


def _drop_unused(plan: sqlite3.Connection) -> None:
    plan.execute(
        "DELETE FROM project_paper_content WHERE sha256 NOT IN"
        " (SELECT sha256 FROM project_paper WHERE path IS NULL AND sha256 IS NOT NULL)"
    )


@contextmanager
def _forgiving(plan: sqlite3.Connection) -> Iterator[None]:
    """Text that is no UTF-8 is read all the same."""
    before, plan.text_factory = plan.text_factory, lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        plan.text_factory = before
