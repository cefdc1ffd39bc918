"""Codes for what a table brings without one: the next free one of its programme, in the plan's own pattern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..plan.project_entry import next_code

#: How the first project of a programme that is a number is coded, where a plan has no code yet: 1.01
_FIRST_BEHIND_A_NUMBER = ["0.00"]


def next_project_code(programme: str, codes: Sequence[str]) -> str:
    """The next free code of a programme; `codes` are all that are taken.

    >>> next_project_code("A", ["A1", "A2", "B1"]), next_project_code("A", []), next_project_code("7", [])
    ('A3', 'A1', '7.01')
    """
    return next_code(programme, codes or (_FIRST_BEHIND_A_NUMBER if programme.isdigit() else []))


def next_programme_code(taken: Iterable[str]) -> str:
    """The code behind the last one: C behind A and B, 8 behind 7.

    >>> next_programme_code(["A", "B"]), next_programme_code(["1", "7"]), next_programme_code([])
    ('C', '8', 'A')
    """
    known = set(taken)
    numbers = [int(code) for code in known if code.isdigit()]
    if numbers:
        return str(max(numbers) + 1)
    letters = sorted(code for code in known if len(code) == 1 and "A" <= code <= "Y")
    free = chr(ord(letters[-1]) + 1) if letters else "A"
    number = 1
    while free in known:
        free, number = f"Z{number}", number + 1
    return free
