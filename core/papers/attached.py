"""Papers of projects, as commands: each is one transaction on the plan file, all of it or nothing.

What is changed is in the file at once, whether or not a layer of the plan is being edited.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from sqlite3 import Connection

from ..errors import PlannerError
from ..file_names import plain_name
from ..store import project_papers as stored
from ..store.geopackage import reading, told_as_sentences, writing
from ..store.opening import layouts_of, refuse_what_is_no_database, version_of
from ..store.project_papers import PAPER, PHOTO, Owner, Paper
from .files import copied_into, digest, is_plan_itself, refuse_no_paper, write_beside
from .media import is_database, is_picture, media_type
from .places import resolved, stored_path

#: How a paper is kept: its place is noted; it is copied beside the plan and that place noted; the plan holds it.
LINKED, COPIED, INSIDE = "linked", "copied", "inside"
#: Bytes from which keeping a file inside is worth a warning, and beyond which it is refused.
LARGE_BYTES, LARGEST_BYTES = 20 << 20, 200 << 20
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Facts:
    """What a camera wrote into a photo; see `Paper`."""

    taken_at: str | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Wanted:
    """A file to be attached.

    Attributes
    ----------
    keep
        `LINKED`, `COPIED` or `INSIDE`.
    title
        By default the file's name without ending.
    """

    file: Path
    keep: str = LINKED
    facts: Facts = Facts()
    title: str | None = None


def papers_of(plan: str | PathLike[str], fid: int) -> list[Paper]:
    """The papers of a project, in the order they were attached."""
    return all_papers(plan).get(fid, [])


def all_papers(plan: str | PathLike[str]) -> dict[int | None, list[Paper]]:
    """Key of a project → its papers; under None those whose project is gone."""
    file = Path(plan)
    refuse_what_is_no_database(file)
    with reading(file) as connection:
        return stored.papers_by_owner(connection, _owners(connection, file))


def attach(plan: str | PathLike[str], fid: int, wanted: Sequence[Wanted], added_by: str | None = None) -> list[Paper]:
    """Attach files to a project.

    Raises
    ------
    PlannerError
        If the project is not in the file, a file is none, is the plan itself, is too large to be kept inside or a
        database to be read, is on another machine, or the plan cannot be written; nothing is attached then, and no copy stays.
    """
    file = Path(plan)
    refuse_what_is_no_database(file)
    for one in wanted:
        refuse_no_paper(file, one.file)
        if one.keep != LINKED and is_database(one.file.name):
            raise PlannerError("papers.database", path=one.file.name)
    with ExitStack() as copies:
        found: list[tuple[Paper, bytes | None]] = []
        for one in wanted:
            there = one.file
            if one.keep == COPIED:
                there = copies.enter_context(copied_into(folder_beside(file), one.file))
            found.append(_as_paper(file, fid, one, there, added_by))
        with writing(file) as connection:
            owner = _owner(connection, file, fid)
            papers = [replace(p, project_code=owner.code, project_name=owner.name) for p, _ in found]
            contents = {p.sha256: content for p, content in found if content is not None and p.sha256 is not None}
            added = stored.put_in(connection, papers, contents)
            _renew(connection, file, owner)
    return added


def folder_beside(plan: str | PathLike[str]) -> Path:
    """Where copies of papers go: a folder beside the plan that bears its name."""
    return Path(plan).absolute().parent / f"{plain_name(Path(plan).stem) or 'plan'}_papers"


def content(plan: str | PathLike[str], number: int) -> bytes:
    """What a paper consists of, byte for byte as it was attached.

    Raises
    ------
    PlannerError
        If there is no such paper, its file is not there, or its content is damaged.
    """
    file = Path(plan)
    refuse_what_is_no_database(file)
    with reading(file) as connection:
        paper = _paper(connection, number)
        if paper.is_inside:
            held = stored.content_of(connection, paper.sha256)
            if held is None or hashlib.sha256(held).hexdigest() != paper.sha256:
                raise PlannerError("papers.damaged", title=paper.title)
            return held
    there = where(file, paper)
    if is_database(there.name) or is_plan_itself(file, there):
        raise PlannerError("papers.database", path=there.name)
    with told_as_sentences(there):
        return there.read_bytes()


def where(plan: str | PathLike[str], paper: Paper) -> Path:
    """The file of a paper that is kept by its place.

    Raises
    ------
    PlannerError
        If it is not there, or what the plan says is no place of a file.
    """
    there = resolved(Path(plan), paper.path or "")
    if there is None:
        raise PlannerError("papers.no_place", title=paper.title, path=paper.path)
    if is_missing(plan, paper):
        raise PlannerError("papers.missing", title=paper.title, path=there)
    return there


def is_missing(plan: str | PathLike[str], paper: Paper) -> bool:
    """Whether a paper's file is not where the plan says."""
    if paper.path is None:
        return False
    there = resolved(Path(plan), paper.path)
    try:
        return there is None or not there.is_file()
    except OSError:  # a name that this system takes for none
        return True


def save_as(plan: str | PathLike[str], number: int, target: Path) -> None:
    """Write a paper's content into a file, which it replaces; whole or not at all.

    Raises
    ------
    PlannerError
        As `content`; also if the target is the plan itself or a database, or cannot be written.
    """
    if is_plan_itself(Path(plan), target) or is_database(target.name):
        raise PlannerError("papers.plan_itself", path=target.name)
    write_beside(target, content(plan, number))


def rename(plan: str | PathLike[str], number: int, title: str, kind: str | None = None) -> Paper:
    """Give a paper another title, and another kind where one is named.

    Raises
    ------
    PlannerError
        If the title is empty or there is no such paper.
    """
    wanted = _title(title)
    if not wanted:
        raise PlannerError("papers.no_title")
    return _changed(plan, number, title=wanted, **({} if kind is None else {"kind": kind}))


def point_to(plan: str | PathLike[str], number: int, file: Path, facts: Facts | None = None) -> Paper:
    """Say where a paper's file is now.

    Raises
    ------
    PlannerError
        As `attach`.
    """
    refuse_no_paper(Path(plan), file)
    told: dict[str, object] = {} if facts is None else dict(vars(facts))
    return _changed(
        plan,
        number,
        path=stored_path(Path(plan), file),
        name=file.name,
        media_type=media_type(file.name),
        size=file.stat().st_size,
        sha256=digest(file),
        **told,
    )


def give_to(plan: str | PathLike[str], numbers: Iterable[int], fid: int) -> None:
    """Give papers, as those whose project is gone, to a project."""
    file = Path(plan)
    refuse_what_is_no_database(file)
    with writing(file) as connection:
        owner = _owner(connection, file, fid)
        stored.renew_owner(connection, owner, [_paper(connection, number) for number in numbers])


def remove(plan: str | PathLike[str], numbers: Iterable[int]) -> None:
    """Take papers out of the plan; files that the plan only names stay where they are."""
    file = Path(plan)
    refuse_what_is_no_database(file)
    with writing(file) as connection:
        stored.take_out(connection, [_paper(connection, number).id for number in numbers])


def _changed(plan: str | PathLike[str], number: int, **values: object) -> Paper:
    file = Path(plan)
    refuse_what_is_no_database(file)
    with writing(file) as connection:
        version_of(connection, layouts_of(connection, file), file)
        paper = replace(_paper(connection, number), **values)  # type: ignore[arg-type]
        stored.change(connection, paper)
    return paper


def _as_paper(plan: Path, fid: int, wanted: Wanted, there: Path, added_by: str | None) -> tuple[Paper, bytes | None]:
    name, held = there.name, None
    _refuse_odd(name)
    size = there.stat().st_size
    if wanted.keep == INSIDE:
        if size > LARGEST_BYTES:
            raise PlannerError("papers.too_large", path=name, size=size / (1 << 20), most=LARGEST_BYTES >> 20)
        with told_as_sentences(there):
            held = there.read_bytes()
        sha256: str | None = hashlib.sha256(held).hexdigest()
        size, path = len(held), None
    else:
        sha256, path = digest(there), stored_path(plan, there)
    facts = wanted.facts
    paper = Paper(
        id=0,
        project_fid=fid,
        project_code=None,
        project_name=None,
        title=_title(wanted.title or "") or _title(wanted.file.stem) or name,
        kind=PHOTO if is_picture(name) else PAPER,
        name=name,
        path=path,
        media_type=media_type(name),
        size=size,
        sha256=sha256,
        taken_at=facts.taken_at,
        longitude=facts.longitude,
        latitude=facts.latitude,
        added_at=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        added_by=_title(added_by or "") or None,
    )
    return paper, held


def _owners(connection: Connection, file: Path) -> dict[int, Owner]:
    layout = layouts_of(connection, file).get(stored.PROJECT)
    return {} if layout is None else stored.owners(connection, layout)


def _owner(connection: Connection, file: Path, fid: int) -> Owner:
    version_of(connection, layouts_of(connection, file), file)
    owner = _owners(connection, file).get(fid)
    if owner is None:
        raise PlannerError("papers.no_project")
    return owner


def _renew(connection: Connection, file: Path, owner: Owner) -> None:
    """All papers that belong to a project say so in the words of today."""
    own = stored.papers_by_owner(connection, _owners(connection, file)).get(owner.fid, [])
    stored.renew_owner(connection, owner, own)


def _paper(connection: Connection, number: int) -> Paper:
    paper = stored.find_paper(connection, number)
    if paper is None:
        raise PlannerError("papers.gone")
    return paper


def _refuse_odd(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise PlannerError("papers.odd_name", name=name.encode("utf-8", "replace").decode()) from None


def _title(words: str) -> str:
    """One line, of a length that a list can show."""
    plain = " ".join("".join(c for c in words if c.isprintable() or c.isspace()).split())
    return plain.encode("utf-8", "ignore").decode("utf-8")[:LONGEST_TITLE]
