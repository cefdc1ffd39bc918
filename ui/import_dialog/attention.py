"""What should be read before importing: doubts, losses, large repairs, and sentences that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.texts import text
from .repairs_model import signed
from .values import Ready, sentence, shortened

if TYPE_CHECKING:
    from ...core.intake.mending import Change

#: Has a button of its own.
GCJ02_SEEN = "intake.gcj02_seen"
#: Sentences that a planner should not overlook, beside doubts, misfits and what is dropped.
ATTENTION = (
    "intake.crs_far",
    "intake.crs_or_utm",
    "intake.outside_city",
    "intake.gcj02_kept",
    "intake.code_of_county",
    "intake.covered",
    "intake.rows_without_shape",
    "intake.other_datum",
    "intake.encoding_lie",
    "intake.values_unreadable",
    "intake.name_unreadable",
    "intake.name_cut",
    "intake.no_level",
    "intake.namesakes",
    "intake.code_twice",
    "intake.geometry_unused",
    "intake.damaged",
    "intake.axes_swapped",
)

MOST_LINES = 60
#: A repair that changes a feature's area by more than this share of it, or by more m², should be looked at …
LARGE_SHARE = 0.05
LARGE_M2 = 10_000.0
#: … and all of them together where the sum of all areas changes by more than this share.
LARGE_TOTAL = 0.01
#: So many of the large ones are named.
MOST_NAMED = 5


def attention_of(ready: Ready) -> list[str]:
    """Sentences that should be read before importing; long lists in one sentence that names the tab."""
    said = [sentence(shortened(m)) for m in ready.report.notes if m.id in ATTENTION][:MOST_LINES]
    said += about_repairs(ready.proposal.changes, ready.proposal.area_before)
    near = sum(bool(d.candidates) for d in ready.proposal.doubts)
    unknown = len(ready.proposal.doubts) - near
    dropped = sum(change.dropped for change in ready.proposal.changes)
    counts = {
        "near": near,
        "unknown": unknown,
        "misfits": len(ready.proposal.mapped.misfits),
        "dropped": dropped,
    }
    said += [text(f"import_dialog.attention_{name}", count=count) for name, count in counts.items() if count]
    if ready.suggested:
        caption = text(f"schema.{ready.proposal.table.name}")
        said.insert(0, text("import_dialog.attention_suggested", table=caption))
    if not ready.proposal.count("added") and not ready.proposal.count("updated"):
        said.insert(0, text("import_dialog.nothing_changes"))
    return said


def about_repairs(changes: Sequence[Change], area_before: float) -> list[str]:
    """Sentences about repairs that change areas much: feature by feature, and all together."""
    said = []
    grown = {id(c): c.area_after - c.area_before for c in changes if not c.dropped}
    large = [c for c in changes if not c.dropped and _is_large(c.area_before, grown[id(c)])]
    if large:
        large.sort(key=lambda c: -abs(grown[id(c)]))
        named = [text("import_dialog.one_change", id=c.id, change=signed(grown[id(c)])) for c in large[:MOST_NAMED]]
        more = [text("import_dialog.and_more")] if len(large) > MOST_NAMED else []
        said.append(
            text(
                "import_dialog.attention_large",
                count=len(large),
                percent=100 * LARGE_SHARE,
                hectares=LARGE_M2 / 10_000,
                features=[*named, *more],
            )
        )
    total = sum(grown.values())
    if area_before > 0 and abs(total) > LARGE_TOTAL * area_before:
        percent = 100 * total / area_before
        said.append(text("import_dialog.attention_total", change=signed(total), percent=percent))
    return said


def _is_large(before: float, grown: float) -> bool:
    return abs(grown) > LARGE_M2 or abs(grown) > LARGE_SHARE * before
