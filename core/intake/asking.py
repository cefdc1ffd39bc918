"""Where a source cannot be understood without the planner: what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import Cancelled, PlannerError
from ..geometry.parallel import never
from ..texts import Message


@dataclass(frozen=True)
class Choice:
    """One of the answers: the value as the command line takes it, and how it is shown."""

    value: str
    caption: Message | str


class ChoiceNeeded(PlannerError):
    """Something has to be decided by the planner.

    Attributes
    ----------
    option
        What is asked: ``layer``, ``encoding`` or ``crs``, as the command line's option is called.
    choices
        The answers, the likeliest first.
    """

    def __init__(self, option: str, choices: Sequence[Choice], message_id: str, /, **params: object) -> None:
        super().__init__(message_id, **params)
        self.option = option
        self.choices = list(choices)


def _silent(fraction: float, message: Message) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class Watch:
    """Who watches long work: is told how far it is, and may stop it."""

    tell: Callable[[float, Message], None] = _silent
    cancelled: Callable[[], bool] = never

    def step(self, fraction: float, message_id: str, /, **params: object) -> None:
        """Tell what comes next.

        Raises
        ------
        Cancelled
            If the work is to stop.
        """
        if self.cancelled():
            raise Cancelled
        self.tell(fraction, Message.of(message_id, **params))

    def part(self, start: float, end: float) -> Watch:
        """A watch for a part of the work: its 0 … 1 is `start` … `end` of the whole."""
        return Watch(lambda done, message: self.tell(start + (end - start) * done, message), self.cancelled)


UNWATCHED = Watch()
