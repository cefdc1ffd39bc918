"""Errors that a planner can read: what is wrong, where, and what to do."""

from __future__ import annotations

from .texts import Message


class PlannerError(Exception):
    """Something could not be done; the message says what, where and what to do.

    Parameters
    ----------
    message_id
        Key of the sentence in the catalogue, e.g. ``"store.not_a_plan"``.
    **params
        Values for the sentence's placeholders.
    """

    def __init__(self, message_id: str, /, **params: object) -> None:
        super().__init__(message_id)
        self.message = Message.of(message_id, **params)

    def __str__(self) -> str:
        return str(self.message)


class Cancelled(Exception):
    """The user asked to stop; nothing was published."""
