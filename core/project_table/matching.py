"""Which project of the plan a row names: by code, by name, or only alike, which is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from ..plan.lists import read_list
from ..plan.names import county_key
from ..texts import Message
from .doubts import NEW, Doubt, Option
from .known import PlanKnown
from .tidy import name_key

#: From here on a name may be another one's variant; and a row of the same code was renamed.
_NEAR, _RENAMED = 0.75, 0.5
_MOST_CANDIDATES = 4
_STAGE = re.compile(r"[(（]?第?[\d一二三四五六七八九十]+(?:期|标段|批)[)）]?$")
_KIND_OF_WORK = re.compile(r"(重点|重大)?(工程|项目)$")
_NUMBER = re.compile(r"[(（第]?[\d一二三四五六七八九十]+[期段批号标)）]*")


@dataclass(frozen=True)
class Match:
    """Position of the project in the plan, or None for a new one; what was said; and what has to be asked instead."""

    position: int | None
    said: tuple[Message, ...] = ()
    doubt: Doubt | None = None


def match_project(
    code: str | None, name: str, programme: str | None, known: PlanKnown, answers: Mapping[str, str]
) -> Match:
    """The plan's project that a row names.

    Parameters
    ----------
    programme
        Code of the programme that the row stands under: it tells namesakes apart.
    """
    coded = known.coded(code) if code else []
    named = _narrowed(known.named(name), programme, known) if name else []
    if len(coded) == 1:
        return _of_code(coded[0], named, str(code), name, known, answers)
    if len(coded) > 1:
        return _asked("project_table.ask_code_twice", coded, code, name, known, answers)
    if len(named) == 1:
        return Match(named[0], _said_of(named[0], code, name, known))
    if len(named) > 1:
        return _asked("project_table.ask_namesakes", named, code, name, known, answers)
    near = near_projects(name, known)
    if near:
        return _asked("project_table.ask_near", near, code, name, known, answers)
    return Match(None)


def near_projects(name: str, known: PlanKnown) -> list[int]:
    """Positions of projects whose names are alike and speak of no other county, the likest first."""
    keys = {name_key(p.get("name")): i for i, p in enumerate(known.projects) if p.get("name")}
    key, own = name_key(name), _counties_in(name, known)
    found = get_close_matches(key, list(keys), 2 * _MOST_CANDIDATES, _NEAR) if key else []
    kept = []
    for other in found:
        theirs = _counties_in(str(known.projects[keys[other]]["name"]), known)
        if _may_be_variant(key, other) and (not own or not theirs or own & theirs):
            kept.append(keys[other])
    return kept[:_MOST_CANDIDATES]


def _may_be_variant(first: str, second: str) -> bool:
    """Whether what tells two alike names apart may be a way of writing: words more or less, a misprint; not another place.

    Names of one kind of work end alike (…历史遗留矿山生态修复工程); what is left between the same beginning and the
    same end has to be alike too.
    """
    stages = [found[0] if (found := _STAGE.search(name)) else "" for name in (first, second)]
    if stages[0] != stages[1]:
        return False
    first, second = (_KIND_OF_WORK.sub("", _STAGE.sub("", name)) for name in (first, second))
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    if not first and not second:
        return True
    if not first or not second:
        return not _NUMBER.fullmatch(first or second)
    if _NUMBER.fullmatch(first) and _NUMBER.fullmatch(second):
        return False
    return len(first) == len(second) == 1 or SequenceMatcher(None, first, second, autojunk=False).ratio() >= _RENAMED


def _of_code(
    position: int, named: Sequence[int], code: str, name: str, known: PlanKnown, answers: Mapping[str, str]
) -> Match:
    there = str(known.projects[position].get("name") or "")
    if not name or not there or position in named or name_key(name) == name_key(there):
        return Match(position, _said_of(position, None, name, known) if name else ())
    alike = SequenceMatcher(None, name_key(name), name_key(there), autojunk=False).ratio()
    if alike >= _RENAMED and not named:
        return Match(position)
    others = [p for p in (*named, *near_projects(name, known)) if p != position]
    return _asked("project_table.ask_other_name", [position, *others], code, name, known, answers)


def _asked(
    question: str,
    positions: Sequence[int],
    code: str | None,
    name: str,
    known: PlanKnown,
    answers: Mapping[str, str],
) -> Match:
    """What the planner answered, else the question."""
    options = []
    for position in dict.fromkeys(positions):
        project = known.projects[position]
        caption = " ".join(str(project[part]) for part in ("code", "name") if project.get(part))
        options.append(Option(project_id(position, known), caption))
    options.append(Option(NEW, Message.of("project_table.is_new", name=name)))
    doubt = Doubt(
        f"match:{code or ''}:{name_key(name)}",
        Message.of(question, name=name, code=code or "—"),
        tuple(options),
    )
    answer = answers.get(doubt.id)
    if answer == NEW:
        return Match(None)
    chosen = [p for p in positions if project_id(p, known) == answer]
    return Match(chosen[0]) if chosen else Match(None, (), doubt)


def project_id(position: int, known: PlanKnown) -> str:
    """By what an answer names a project of the plan."""
    return f"fid:{known.tables['project'].fids[position]}"


def _narrowed(positions: Sequence[int], programme: str | None, known: PlanKnown) -> list[int]:
    """Of namesakes those in a programme, where that leaves any."""
    if len(positions) < 2 or programme is None:
        return list(positions)
    own = [p for p in positions if programme in read_list(known.projects[p].get("programme_codes"))]
    return own or list(positions)


def _said_of(position: int, code: str | None, name: str, known: PlanKnown) -> tuple[Message, ...]:
    project = known.projects[position]
    said = []
    if name != project.get("name"):
        said.append(Message.of("project_table.said_name_kept", name=name, kept=project.get("name")))
    if code and project.get("code") and code != project["code"]:
        said.append(Message.of("project_table.said_code_kept", code=code, kept=project["code"]))
    return tuple(said)


def _counties_in(name: str, known: PlanKnown) -> set[str]:
    key = name_key(name)
    return {county for county in known.counties if name_key(county) in key or name_key(county_key(county)) in key}
