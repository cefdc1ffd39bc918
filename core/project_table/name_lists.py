"""Lists of names in one cell, where "、" stands between names and inside them.

A name is taken whole where its own line, a numbered list or a semicolon gives it, or where it is known; what else
holds a "、" is a question to the planner, with ways to read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .tidy import in_one_line, name_key, tidy

_NUMBER = r"(?:[(（]\d{1,3}[)）]|\d{1,3}[.．、)）](?!\d)|[①-⑳])"
_NUMBERED = re.compile(
    rf"(?:(?:^|(?<=[\n；;。，,、\s])){_NUMBER}|(?<=[\u4e00-\u9fff])\d{{1,2}}[.．](?=[\u4e00-\u9fff]))\s*"
)
_OPEN, _CLOSE = "（(《“「[【", "）)》”」]】"
#: What a project's name ends in, and what a department's
PROJECT_ENDS = ("工程", "项目", "治理", "整治", "建设", "修复", "示范区", "系统", "行动", "计划", "试点")
DEPARTMENT_ENDS = (
    *("局", "部门", "政府", "委", "委员会", "管委会", "厅", "公司", "企业", "中心"),
    *("集团", "办公室", "管理处"),
)


@dataclass(frozen=True)
class NamesFound:
    """The names in a cell; where only the planner can say, none, and the `ways` to read it, the likeliest first."""

    names: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether nothing has to be asked."""
        return not self.ways


def numbered_or_lines(written: str, ends: Sequence[str]) -> list[tuple[str, bool]]:
    """The entries that numbers, semicolons or lines give, and whether a number or a line of its own gives them whole.

    A line break that only a narrow cell made (the line before does not end as a name does) gives no entry.
    """
    text = tidy(written)
    marks = _counting(list(_NUMBERED.finditer(text)))
    if len(marks) > 1 or (len(marks) == 1 and not text[: marks[0].start()].strip()):
        starts = [m.end() for m in marks]
        stops = [*(m.start() for m in marks[1:]), len(text)]
        pieces = [text[a:b] for a, b in zip(starts, stops)]
        pieces = [text[: marks[0].start()], *pieces]
        return [(bare, True) for piece in pieces if (bare := in_one_line(piece).strip("；;。，,、 "))]
    entries: list[tuple[str, bool]] = []
    for part in re.split(r"[;；|]+", text):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.rstrip("、，,。").endswith(tuple(ends)) for line in lines):
            entries += [(line.strip("、，,。 "), True) for line in lines]
        elif lines:
            entries.append((in_one_line(part).strip("。 "), False))
    return entries


def _counting(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """Marks that count on by one, as a numbered list does; none where they do not."""
    numbers = [int(unicodedata.normalize("NFKC", re.sub(r"[^\d①-⑳]", "", mark[0]))) for mark in marks]
    return marks if all(b - a == 1 for a, b in zip(numbers, numbers[1:])) else []


def read_names(
    written: str, known: Callable[[str], str | None], ends: Sequence[str], list_only_if_named: bool = False
) -> NamesFound:
    """The names that a cell lists.

    Parameters
    ----------
    known
        Key of a name → the name as it is known, or None.
    ends
        What such names end in.
    list_only_if_named
        Whether "、" is taken to stand inside one name, unless a whole name ends before it: a project's name is
        more often one than a list; a cell of departments is more often a list.
    """
    names: list[str] = []
    ways: list[list[tuple[str, ...]]] = []
    for entry, is_given in numbered_or_lines(written, ends):
        found = _one(entry, known, ends, list_only_if_named)
        if is_given and not found.is_sure:
            found = NamesFound((entry,))
        names += found.names
        ways.append(list(found.ways) or [found.names])
    if all(len(options) == 1 for options in ways):
        return NamesFound(tuple(dict.fromkeys(names)))
    most = max(len(options) for options in ways)
    whole = [tuple(n for options in ways for n in options[min(i, len(options) - 1)]) for i in range(most)]
    return NamesFound((), tuple(dict.fromkeys(whole)))


def _one(entry: str, known: Callable[[str], str | None], ends: Sequence[str], list_only_if_named: bool) -> NamesFound:
    whole = known(name_key(entry))
    if whole is not None:
        return NamesFound((whole,))
    parts = [part.strip() for part in split_outside_brackets(entry) if part.strip()]
    if len(parts) < 2:
        return NamesFound((entry,) if entry else ())
    covers = _known_covers(parts, known)
    if len(covers) == 1:
        return NamesFound(covers[0])
    complete = [part.endswith(tuple(ends)) or known(name_key(part)) is not None for part in parts]
    if list_only_if_named:
        if not any(complete[:-1]):
            return NamesFound((entry,))  # 马家河、小南沟、大南沟综合治理工程 is one name
    elif all(complete) and not covers:
        return NamesFound(tuple(parts))  # every part is a name by itself
    by_ends = tuple(_by_known_and_ends(parts, complete, known))
    ways = (
        [*covers, by_ends, (entry,), tuple(parts)] if list_only_if_named else [*covers, by_ends, tuple(parts), (entry,)]
    )
    return NamesFound((), tuple(dict.fromkeys(ways)))


def split_outside_brackets(text: str, separators: str = "、，,") -> list[str]:
    """The parts between separators that stand in no brackets and no quotation marks."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char in separators and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _known_covers(parts: Sequence[str], known: Callable[[str], str | None]) -> list[tuple[str, ...]]:
    """The ways to put parts together again so that every name is known; two at most are looked for."""
    ways: list[list[tuple[str, ...]]] = [[] for _ in parts] + [[()]]
    for start in range(len(parts) - 1, -1, -1):
        for stop in range(start + 1, len(parts) + 1):
            name = known(name_key("、".join(parts[start:stop]))) if ways[stop] else None
            if name is not None:
                ways[start] += [(name, *rest) for rest in ways[stop]]
        ways[start] = list(dict.fromkeys(ways[start]))[:2]
    return ways[0]


def _by_known_and_ends(parts: Sequence[str], complete: Sequence[bool], known: Callable[[str], str | None]) -> list[str]:
    """Longest known names first, between them names up to a part that ends as names do."""
    names: list[str] = []
    start = 0
    while start < len(parts):
        for stop in range(len(parts), start, -1):
            name = known(name_key("、".join(parts[start:stop])))
            if name is not None:
                break
        else:
            stop = next((i + 1 for i in range(start, len(parts)) if complete[i]), len(parts))
            name = "、".join(parts[start:stop])
        names.append(name)
        start = stop
    return names
