"""The next free code of a programme's projects, in the plan's own pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = re.compile(r"(.*?)([-.–_]?)(\d+)$")
#: Where a plan has no code yet: 1.01 below a programme that is a number, A1 below one that is a letter.
_BEHIND_A_NUMBER = (".", 2)


class FreeCodes:
    """Gives out codes that no project has.

    Parameters
    ----------
    taken
        All codes of projects.
    programmes
        Codes of the programmes there are: their projects' codes begin with them.
    """

    def __init__(self, taken: Iterable[str], programmes: Iterable[str]) -> None:
        self._taken = set(taken)
        self._programmes = set(programmes)

    def next(self, programme: str | None) -> str | None:
        """The next code of a programme; None without a programme."""
        if programme is None:
            return None
        separator, width = self._pattern(programme)
        numbers = [int(m[3]) for m in self._codes_of(programme)]
        number = max(numbers, default=0) + 1
        while (code := f"{programme}{separator}{number:0{width}d}") in self._taken:
            number += 1
        self._taken.add(code)
        return code

    def reserve(self, code: str) -> None:
        """A code that is given to a project otherwise."""
        self._taken.add(code)

    def _codes_of(self, programme: str) -> list[re.Match[str]]:
        found = [m for code in self._taken if (m := _PARTS.fullmatch(code))]
        return [m for m in found if m[1] == programme]

    def _pattern(self, programme: str) -> tuple[str, int]:
        """Separator and width of the number, as this programme's codes have them, else as any."""
        own = self._codes_of(programme)
        if not own:
            own = [m for code in self._taken if (m := _PARTS.fullmatch(code)) and m[1] in self._programmes]
        if not own:
            return ("", 1) if programme.isalpha() else _BEHIND_A_NUMBER
        first = min(own, key=lambda m: m[0])
        padded = any(m[3].startswith("0") for m in own)
        return first[2], len(first[3]) if padded else 1


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
