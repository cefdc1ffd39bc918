"""What an import found, did and left out, for planners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..texts import Message
from .mapping import Mapped
from .mending import Change
from .place_names import NameDoubt
from .proposal import Proposal


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
            lines.append(Message.of("intake.left_out", field=name, example=self.examples.get(name, "")))
        return [*lines, *self.mapped.misfits, *(doubt.message() for doubt in self.doubts)]

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
        return [*self.found(), *self.fields(), *self.mendings(), self.outcome()]


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
    )
