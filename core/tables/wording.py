"""How lists, sums and notes are printed in the tables."""

from __future__ import annotations

from collections.abc import Sequence

from ..plan.rounding import Number
from ..texts import language, text


def listed(names: Sequence[str]) -> str:
    """Names one after the other."""
    return ("、" if language() == "zh" else ", ").join(names)


def printed_total(values: Sequence[Number], decimals: int = 2) -> Number:
    """The sum of printed numbers; None where there is none."""
    known = [value for value in values if value is not None]
    return round(sum(known), decimals) if known else None


def numbered_notes(notes: Sequence[str]) -> tuple[str, ...]:
    """Notes as they stand below a table, each once."""
    once = list(dict.fromkeys(notes))
    if len(once) == 1:
        return (text("tables.note", note=once[0]),)
    return tuple(text("tables.note", note=f"({number}) {note}") for number, note in enumerate(once, 1))
