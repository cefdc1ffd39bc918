"""What an import found, did and left out, for planners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import ne

import numpy as np

from ..geometry.area import ellipsoidal_area
from ..texts import Message
from .mapping import Mapped
from .mending import Change
from .outlines import moved_m, same_place
from .place_names import NameDoubt
from .proposal import Proposal

#: So many of the updated rows are named.
_MOST_NAMED = 5


@dataclass(frozen=True)
class ImportReport:
    """What was found, what was done, and what was left out.

    Attributes
    ----------
    added, updated, unchanged
        Numbers of the plan's rows.
    changes
        Features mended or left out.
    area_before, area_after
        m² of all polygons as they came, and as they are in the plan (without what was left out).
    examples
        Field of the source that was left out → one of its values.
    updates
        What is new in the rows that were updated.
    """

    table: str
    layer: str
    encoding: str
    read: int
    added: int
    updated: int
    unchanged: int
    notes: list[Message]
    mapped: Mapped
    changes: list[Change]
    doubts: list[NameDoubt]
    area_before: float
    area_after: float
    examples: Mapping[str, str] = field(default_factory=dict)
    updates: list[Message] = field(default_factory=list)

    def found(self) -> list[Message]:
        """What the source is, and what had to be decided."""
        return [Message.of("intake.found", layer=self.layer, count=self.read, encoding=self.encoding), *self.notes]

    def fields(self) -> list[Message]:
        """Which field fills which, which are left out, and values that do not fit."""
        lines = []
        for used in self.mapped.used:
            caption, how = Message.of(f"schema.{self.table}.{used.target}"), Message.of(used.how)
            lines.append(Message.of("intake.used", target=used.target, caption=caption, source=used.source, how=how))
        for name in self.mapped.left_out:
            example = self.examples.get(name, "")
            left_out = "intake.left_out" if example else "intake.left_out_empty"
            lines.append(Message.of(left_out, field=name, example=example))
        asked = [doubt.message() for doubt in self.doubts if doubt.candidates]
        strange = [doubt.written for doubt in self.doubts if not doubt.candidates]
        if strange:
            shown = [*strange[:_MOST_NAMED], *(["…"] if len(strange) > _MOST_NAMED else [])]
            asked.append(Message.of("intake.names_none", count=len(strange), names=shown))
        return [*lines, *self.mapped.misfits, *asked]

    def mendings(self) -> list[Message]:
        """Features mended or left out, and the total."""
        lines = [change.message() for change in self.changes]
        if self.changes:
            mended = [c for c in self.changes if not c.dropped]
            change = sum(c.area_after - c.area_before for c in mended)
            dropped = len(self.changes) - len(mended)
            percent = 100 * change / self.area_before if self.area_before else 0.0
            total = {"mended": len(mended), "dropped": dropped, "change": change, "percent": percent}
            lines.append(Message.of("intake.mended_total", **total))
        if self.area_after:
            lines.append(Message.of("intake.area", area=self.area_after / 1e6))
        return lines

    def outcome(self) -> Message:
        """How many rows were added, updated and the same."""
        counts = {"added": self.added, "updated": self.updated, "unchanged": self.unchanged}
        return Message.of("intake.done", table=Message.of(f"schema.{self.table}"), **counts)

    def messages(self) -> list[Message]:
        """The report, line by line."""
        return [*self.found(), *self.fields(), *self.mendings(), self.outcome(), *self.updates]


def report_of(proposal: Proposal) -> ImportReport:
    """The report of a proposal: what it says will be done is what is done when it is carried out."""
    source, mapped = proposal.source, proposal.mapped
    examples = {n: next((str(v)[:30] for v in source.fields[n] if v not in (None, "")), "") for n in mapped.left_out}
    return ImportReport(
        proposal.table.name,
        source.layer,
        source.encoding,
        len(source),
        proposal.count("added"),
        proposal.count("updated"),
        proposal.count("unchanged"),
        proposal.notes,
        mapped,
        proposal.changes,
        proposal.doubts,
        proposal.area_before,
        proposal.area_after,
        examples,
        _updates(proposal),
    )


def _updates(proposal: Proposal) -> list[Message]:
    """How many rows get another value in which field, or another outline, and the first of those rows."""
    changed, existing = proposal.changed, proposal.existing
    if not len(changed):
        return []
    order = np.argsort(existing.fids)
    before = existing.take(order[np.searchsorted(existing.fids, changed.fids, sorter=order)])
    moves: list[Message] = []
    counts = {f"schema.{changed.table}.{name}": sum(map(ne, changed[name], before[name])) for name in changed.columns}
    if changed.geometry is not None and before.geometry is not None:
        other = ~same_place(changed.geometry, before.geometry)
        counts["intake.outline"] = int(other.sum())
        moved = moved_m(changed.geometry[other], before.geometry[other])
        if np.isfinite(moved).any():
            grown = np.nan_to_num(ellipsoidal_area(changed.geometry[other]) - ellipsoidal_area(before.geometry[other]))
            farthest = float(np.nanmax(moved))
            moves.append(Message.of("intake.moved", metres=farthest, area=float(grown.sum())))
    parts = [Message.of("intake.updated_part", what=Message.of(what), count=n) for what, n in counts.items() if n]
    names = [str(name or code or fid) for name, code, fid in zip(*(before[n] for n in ("name", "code")), before.fids)]
    shown = [*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])]
    return [Message.of("intake.updated_rows", parts=parts, rows=shown), *moves]
