"""What others saved of the projects that are being edited here: which of it our saving writes over, and which stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..store.project_history import ADDED, CHANGED, DELETED, Record
from ..texts import text
from .words import field_caption, time_in_words

#: Our edits: key of a project → its fields and `SITE`; None where we delete it.
Edits = Mapping[int, "Collection[str] | None"]


@dataclass(frozen=True)
class Elsewhere:
    """A project that somebody else saved meanwhile.

    Attributes
    ----------
    kind
        ``changed`` or ``deleted`` by the other.
    fields
        What the other changed.
    both
        What is edited here too: the later saving stands in the file, the earlier in the history.
    deleted_here
        Whether it is deleted here, so that all the other changed goes with it.
    """

    fid: int
    code: str | None
    who: str | None
    at: str
    kind: str
    fields: tuple[str, ...]
    both: tuple[str, ...]
    deleted_here: bool = False

    @property
    def clashes(self) -> bool:
        """Whether the two edits do not go together."""
        return bool(self.both) or self.deleted_here or self.kind == DELETED


def changed_elsewhere(records: Iterable[Record], ours: Collection[int], edits: Edits) -> list[Elsewhere]:
    """What records that are not ours say of the projects that we edit, one entry a project and person.

    Parameters
    ----------
    records
        Those that came since editing began, oldest first.
    ours
        Numbers of the records that our own savings made.
    """
    found: dict[tuple[int, str | None], Elsewhere] = {}
    for record in records:
        if record.id in ours or record.fid not in edits or record.kind == ADDED:
            continue
        edited = edits[record.fid]
        before = found.get((record.fid, record.who))
        fields = dict.fromkeys(before.fields if before else ())
        if record.kind == CHANGED and record.field is not None:
            fields[record.field] = None
        kind = DELETED if record.kind == DELETED or (before and before.kind == DELETED) else CHANGED
        both = tuple(name for name in fields if edited is not None and name in edited)
        gone = edited is None and kind == CHANGED
        if edited is None and kind == DELETED:
            found.pop((record.fid, record.who), None)  # both wanted the same
            continue
        found[record.fid, record.who] = Elsewhere(
            record.fid, record.code, record.who, record.at, kind, tuple(fields), both, gone
        )
    return list(found.values())


def told_elsewhere(project: Elsewhere, when: str) -> str:
    """A sentence about a project that somebody else saved: ``saved`` after our own saving, ``editing`` while we still
    edit, or ``stuck`` where our edits of a deleted project could not be saved."""
    code = project.code or str(project.fid)
    values = {
        "code": code,
        "who": project.who or text("history.somebody"),
        "at": time_in_words(project.at, short=True),
        "fields": [field_caption(name) for name in project.fields],
        "both": [field_caption(name) for name in project.both],
    }
    if project.kind == DELETED:
        return text(f"history.elsewhere_deleted_{when}", **values)
    if project.deleted_here:
        return text(f"history.elsewhere_deleted_here_{when}", **values)
    if project.both:
        return text(f"history.elsewhere_both_{when}", **values)
    return text(f"history.elsewhere_other_{when}", **values)
