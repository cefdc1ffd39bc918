"""Questions that only the planner can answer, with what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from ..texts import Message

#: An answer: a row, or what a cell says, is left out; and a thing is new.
SKIP, NEW = "skip", "new"
#: Of a long list a question quotes the beginning; its answers have it whole.
_LONGEST_QUOTED = 60


@dataclass(frozen=True)
class Option:
    """One of the answers."""

    value: str
    caption: Message | str


@dataclass(frozen=True)
class Doubt:
    """What is asked.

    Attributes
    ----------
    id
        By what the answer is kept; the same question in several rows is asked once.
    options
        The answers, the likeliest first.
    is_list
        Whether an answer is a list of names, a line each, that the planner may write otherwise.
    """

    id: str
    question: Message
    options: tuple[Option, ...]
    is_list: bool = False


def _start_of(written: str) -> str:
    return written if len(written) <= _LONGEST_QUOTED else written[: _LONGEST_QUOTED - 1] + "…"


def list_doubt(kind: str, question: str, written: str, ways: tuple[tuple[str, ...], ...]) -> Doubt:
    """The question where one name ends and the next begins."""
    options = tuple(
        Option("\n".join(names), Message.of("project_table.names_way", count=len(names), names="｜".join(names)))
        for names in ways
    )
    return Doubt(f"{kind}:{written}", Message.of(question, text=_start_of(written)), options, is_list=True)
