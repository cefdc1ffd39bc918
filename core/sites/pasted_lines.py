"""Lines of a pasted text made readable: degrees, minutes and seconds in columns, closing lines without places."""

from __future__ import annotations

import re

from ..errors import PlannerError
from ..texts import Message

_EXAMPLES = 5
_SHOWN = 30
_BETWEEN = r"(?:[\s,;|]+)"
_ANGLE = rf"(\d{{1,3}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}}(?:\.\d+)?)"
_SIX = re.compile(rf"(?<![\d.]){_ANGLE}({_BETWEEN}){_ANGLE}(?![\d.])")
_OF_ONE = rf"[^\s,;|]*度[^\s,;|]*{_BETWEEN}[^\s,;|]*分[^\s,;|]*{_BETWEEN}[^\s,;|]*秒[^\s,;|]*"
_HEAD = re.compile(rf"({_OF_ONE})({_BETWEEN}){_OF_ONE}")
_AXIS = re.compile(r"[^\s,;|]*(?:经度|东经|纬度|北纬|坐标)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: Where China lies, whole degrees.
_LON, _LAT = (73, 135), (3, 53)

_CLOSING = re.compile(
    r"[(\[]?\s*(?:(?:总|地块|用地|项目|占地)?面积|合计|总计|小计|共计|共(?=[\s:]*\d)|备注|说明|附注|注(?=\s*\d*[:.、])|周长|其中|折合|合(?=\s*\d)|约(?=\s*\d))"
)
_UNIT = r"\s*(?:万?亩|公顷|平方(?:千|公)?米|平方公里|千?米|公里|㎡|hm2|km2?|m2?|ha|个|点|块|%)"
_MEASURED = re.compile(rf"\d[\d,]*(?:\.\d+)?{_UNIT}", re.IGNORECASE)


def without_closing_lines(content: str) -> tuple[str, list[Message]]:
    """The text without the lines below places that only tell an area, a total or a remark; and which those are."""
    lines = content.splitlines()
    said: list[Message] = []
    begun = False
    for at, line in enumerate(lines):
        if begun and _closes(line):
            said.append(Message.of("intake_tables.row_said", row=at + 1, said=" ".join(line.split())[:_SHOWN]))
            lines[at] = ""
        begun = begun or len(_NUMBER.findall(line)) >= 2
    if not said:
        return content, []
    shown: list[object] = [*said[:_EXAMPLES], *(["…"] if len(said) > _EXAMPLES else [])]
    return "\n".join(lines), [Message.of("intake_tables.set_aside", count=len(said), rows=shown)]


def with_angles_joined(content: str) -> tuple[str, list[Message]]:
    """The text with degrees, minutes and seconds of separate columns written as one angle each.

    Raises
    ------
    PlannerError
        If most lines are written so and others cannot be: they are named.
    """
    lines = content.splitlines()
    found = [_six(line) for line in lines]
    numbered = [at for at, line in enumerate(lines) if len(_NUMBER.findall(line)) >= 2]
    written = [at for at, six in enumerate(found) if six is not None]
    if not written or 2 * len(written) < len(numbered):
        return content, []
    first = written[0]
    label = _before_number(lines[first])
    wrong = []
    for at, (line, six) in enumerate(zip(lines, found)):
        if six is not None:
            lines[at] = _joined(line, six)
        elif at > first and (at in numbered or (_NUMBER.search(line) and _before_number(line) == label)):
            wrong.append(Message.of("site.pasted_line", line=at + 1, value=line.strip()[:_SHOWN]))
    if wrong:
        more = ["…"] if len(wrong) > _EXAMPLES else []
        raise PlannerError("site.pasted_wrong", count=len(wrong), lines=[*wrong[:_EXAMPLES], *more])
    six = found[first]
    assert six is not None
    _name_columns(lines, first, _within(int(six[1]), _LON))
    return "\n".join(lines), [Message.of("site.pasted_columns", count=len(written))]


def _closes(line: str) -> bool:
    """Whether a line tells an area, a total or a remark, and has no numbers in which a place could be."""
    plain = line.strip()
    if not plain:
        return False
    bare = len(_NUMBER.findall(_MEASURED.sub(" ", plain)))
    if _CLOSING.match(plain):
        return bare <= 1
    return bool(re.fullmatch(rf"\d[\d,]*(?:\.\d+)?{_UNIT}", plain)) and not plain.endswith(("m", "点"))


def _six(line: str) -> re.Match[str] | None:
    at = 0
    while True:
        six = _SIX.search(line, at)
        if six is None or _is_place(six):
            return six
        at = six.start() + 1


def _is_place(six: re.Match[str]) -> bool:
    one, other = int(six[1]), int(six[5])
    degrees = (_within(one, _LON) and _within(other, _LAT)) or (_within(one, _LAT) and _within(other, _LON))
    return degrees and all(float(six[i]) < 60 for i in (2, 6)) and all(float(six[i]) <= 60 for i in (3, 7))


def _within(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _joined(line: str, six: re.Match[str]) -> str:
    return f"{line[: six.start()]}{six[1]}°{six[2]}′{six[3]}″{six[4]}{six[5]}°{six[6]}′{six[7]}″{line[six.end() :]}"


def _before_number(line: str) -> str:
    number = _NUMBER.search(line)
    return line[: number.start() if number else len(line)].strip()


def _name_columns(lines: list[str], first: int, east_first: bool) -> None:
    """Call the joined columns by their names in the head, which may stand in two rows."""
    names = ("经度", "纬度") if east_first else ("纬度", "经度")
    for at in range(first):
        head = _HEAD.search(lines[at])
        if head is None:
            continue
        lines[at] = f"{lines[at][: head.start()]}{names[0]}{head[2]}{names[1]}{lines[at][head.end() :]}"
        upper = _AXIS.search(lines[at - 1]) if at else None
        if upper is not None and not lines[at][: head.start()].strip(" \t,;|"):
            lines[at] = lines[at - 1][: upper.start()] + lines[at].strip(" \t,;|")
            lines[at - 1] = ""
        return
