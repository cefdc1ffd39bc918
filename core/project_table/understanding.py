"""What the cells of one row mean in the plan's fields; what is not understood goes into the remark, never lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..intake.mapping import fit
from ..plan.names import APPLICABLE
from ..plan.schema import TABLES
from ..texts import Message, text
from .columns import PERIOD, PROGRAMME, REGION
from .doubts import NEW, SKIP, Doubt, Option, list_doubt
from .entries import Entry
from .known import PlanKnown
from .name_lists import DEPARTMENT_ENDS, numbered_or_lines, read_names, split_outside_brackets
from .periods import Period, read_period
from .tidy import flowing, in_one_line, name_key

_OPEN_END = re.compile(r"[\s、，,]*等(?:地|县|区|县区|县（区）|县\(区\)|区域|乡镇|地区|县\s*、?区)?$")
_LEAD_MARK = re.compile(r"\s*[(（]\s*(?:牵头|牵头单位|牵头部门|lead)\s*[)）]\s*$", re.IGNORECASE)
_LED_BY = re.compile(r"^(?P<lead>[^，,；;、]+?)牵头[，,；;、\s]*(?P<others>.*?)(?:等?(?:参与|配合|协助|参加))?[。]?$")
_ROLES_NAMED = re.compile(r"(?:^|[；;\s，,。]+)(牵头|责任|主管|配合|参与|协作)(?:部门|单位)?[:：]")
_NEAR_COUNTY = 0.6
#: A heading that says none of these may be no programme.
_CALLED_PROGRAMMES = ("工程", "项目", "行动", "计划", "rogramme", "roject")
_SHORTEST_NEAR = 3
#: Read by rules of their own; the other roles are fields that are filled as they stand.
_OWN_RULES = ("code", "name", PROGRAMME, REGION, PERIOD, "departments", "lead_department", "remark")
_ZONES = {"zone_codes": "zones", "key_area_codes": "key_areas"}


@dataclass
class Understood:
    """Values by field (lists as tuples), pieces for the remark, what was said of them, and what has to be asked.

    Attributes
    ----------
    open_region
        Whether the region ends in 等: others than those named may belong to it.
    """

    values: dict[str, object] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    open_region: bool = False


def departments_alone(entries: Iterable[Entry]) -> dict[str, str]:
    """Departments that stand alone in a cell, or in a line of their own: they are known in the other cells."""
    alone: dict[str, str] = {}
    for entry in entries:
        cells = [entry.cells.get("departments", ""), entry.cells.get("lead_department", "")]
        for name, is_given in (n for cell in cells if cell for n in numbered_or_lines(cell, DEPARTMENT_ENDS)):
            bare = _LEAD_MARK.sub("", name)
            parts = split_outside_brackets(bare)
            is_one = len(parts) == 1 or (is_given and not all(part.endswith(DEPARTMENT_ENDS) for part in parts))
            if is_one and "牵头" not in bare and ":" not in bare and "：" not in bare:
                alone[name_key(bare)] = bare
    return alone


def understand(
    entry: Entry, known: PlanKnown, departments: Mapping[str, str], answers: Mapping[str, str]
) -> Understood:
    """What a row's cells mean.

    Parameters
    ----------
    departments
        Key → name of the departments known from the plan and from the table's column.
    answers
        Id of a doubt → what the planner answered.
    """
    found = Understood(said=list(entry.said))
    cells = entry.cells
    found.values.update({**heading_says(entry.programme, known), **heading_says(entry.group, known)})
    _region(cells.get(REGION, ""), known, answers, found)
    _period(cells.get(PERIOD, ""), answers, found)
    _departments(cells.get("departments", ""), cells.get("lead_department", ""), departments, answers, found)
    for role, written in cells.items():
        if role in _OWN_RULES:
            continue
        if role in _ZONES:
            _codes(role, written, getattr(known, _ZONES[role]), found)
        else:
            _as_it_stands(role, written, known, found)
    if cells.get("remark"):
        found.remarks.append(cells["remark"])
    found.remarks += [_captioned(caption, said) for caption, said in entry.extras]
    return found


def _as_it_stands(role: str, written: str, known: PlanKnown, found: Understood) -> None:
    spec = TABLES["project"].field(role)
    if spec.type == "text" and spec.codes is None and not spec.is_list:
        found.values[role] = flowing(written)
        return
    value, _ = fit(written, spec, known.profiles)
    if value is None:
        caption = text(f"schema.project.{role}")
        found.remarks.append(_captioned(caption, written))
        found.said.append(Message.of("project_table.said_to_remark", caption=caption, text=written[:40]))
    else:
        found.values[role] = value


def _codes(role: str, written: str, codes: Mapping[str, str], found: Understood) -> None:
    """Zones or key areas by their names or codes."""
    parts = [p for p in re.split(r"[、，,;；\s]+", written) if p]
    meant = [codes.get(name_key(part)) for part in parts]
    if all(meant):
        found.values[role] = tuple(dict.fromkeys(code for code in meant if code))
        return
    caption = text(f"schema.project.{role}")
    found.remarks.append(_captioned(caption, written))
    found.said.append(Message.of("project_table.said_to_remark", caption=caption, text=written[:40]))


def _region(written: str, known: PlanKnown, answers: Mapping[str, str], found: Understood) -> None:
    if not written:
        return
    bare = _OPEN_END.sub("", written)
    found.open_region = bare != written
    counties: list[str] = []
    zones: list[str] = []
    areas: list[str] = []
    strange: list[str] = []

    def place(part: str) -> bool:
        match = known.county_names.match(part)
        if match.kind in APPLICABLE and match.index is not None:
            counties.append(known.counties[match.index])
        elif name_key(part) in known.key_areas and not part.isdigit():
            areas.append(known.key_areas[name_key(part)])
        elif name_key(part) in known.zones and not part.isdigit():
            zones.append(known.zones[name_key(part)])
        else:
            return False
        return True

    for part in [p.strip() for p in re.split(r"[、，,；;\s]+", bare) if p.strip()]:
        pieces = [p for p in re.split(r"[和及与]", part) if p]
        if place(part):
            continue
        if len(pieces) > 1 and all(_is_place(p, known) for p in pieces):
            for piece in pieces:
                place(piece)
            continue
        county = known.county_of(part)
        if county is not None:
            counties.append(county)
        if county is not None or not _near_county(part, known, answers, counties, found):
            strange.append(part)
    if counties:
        found.values["counties"] = tuple(dict.fromkeys(counties))
    if zones:
        found.values["zone_codes"] = tuple(dict.fromkeys(zones))
    if areas:
        found.values["key_area_codes"] = tuple(dict.fromkeys(areas))
    if strange:
        found.remarks.append(_captioned(text("tables.county_of_project"), written))
    elif found.open_region:
        found.remarks.append(text("project_table.open_region"))


def _is_place(part: str, known: PlanKnown) -> bool:
    return known.county_names.match(part).kind in APPLICABLE or name_key(part) in {**known.zones, **known.key_areas}


def _near_county(
    part: str, known: PlanKnown, answers: Mapping[str, str], counties: list[str], found: Understood
) -> bool:
    """Whether a part is settled by the planner, or asked, as a county written otherwise."""
    near = [c for c in known.county_names.match(part).candidates if c.likeness >= _NEAR_COUNTY]
    if not near or len(part) < _SHORTEST_NEAR:
        return False
    options = [Option(c.name, c.name) for c in near]
    options.append(Option(SKIP, Message.of("project_table.keep_in_remark")))
    doubt = Doubt(f"county:{part}", Message.of("project_table.ask_county", text=part), tuple(options))
    answer = answers.get(doubt.id)
    if answer in known.counties:
        counties.append(str(answer))
        return True
    if answer == SKIP:
        return False
    found.doubts.append(doubt)
    return True


def _period(written: str, answers: Mapping[str, str], found: Understood) -> None:
    if not written:
        return
    period = read_period(written)
    if not period.in_order:
        years = [int(y) for y in re.findall(r"(?:19|20|21)\d\d", written)][:2]
        swapped = f"{min(years)}-{max(years)}"
        options = (Option(swapped, swapped), Option(SKIP, Message.of("project_table.period_as_note")))
        doubt = Doubt(f"period:{written}", Message.of("project_table.ask_period", text=written), options)
        answer = answers.get(doubt.id)
        if answer is None:
            found.doubts.append(doubt)
        period = read_period(answer) if answer not in (None, SKIP) else Period(None, None, written)
    for name, value in (("start_year", period.start), ("end_year", period.end), ("period_note", period.note)):
        if value is not None:
            found.values[name] = value


def _departments(
    written: str, lead: str, known: Mapping[str, str], answers: Mapping[str, str], found: Understood
) -> None:
    lead = in_one_line(lead)
    names: list[str] = []
    for said, cell in _told_apart(written):
        read = _names(cell, known, answers, found)
        for name in read:
            bare = _LEAD_MARK.sub("", name)
            if (bare != name or said == "牵头") and not lead:
                lead = known.get(name_key(bare), bare)
            names.append(known.get(name_key(bare), bare))
    if lead:
        leads = _names(lead, known, answers, found)
        found.values["lead_department"] = leads[0] if len(leads) == 1 else lead
        names = [*leads, *names] if not set(leads) <= set(names) else names
    if names:
        found.values["departments"] = tuple(dict.fromkeys(names))


def _told_apart(written: str) -> list[tuple[str, str]]:
    """A cell's parts with what it says they do: ``牵头`` or nothing."""
    if not written:
        return []
    marks = list(_ROLES_NAMED.finditer(written))
    if marks:
        stops = [*(m.start() for m in marks[1:]), len(written)]
        parts = [(m[1], written[m.end() : stop].strip("；;，,。 \n")) for m, stop in zip(marks, stops)]
        before = written[: marks[0].start()].strip()
        return [(said, cell) for said, cell in [("", before), *parts] if cell]
    led = _LED_BY.match(in_one_line(written))
    if led and "(" not in led["lead"] and "（" not in led["lead"]:
        return [("牵头", led["lead"]), *([("", led["others"])] if led["others"] else [])]
    return [("", written)]


def _names(cell: str, known: Mapping[str, str], answers: Mapping[str, str], found: Understood) -> list[str]:
    """The departments in a cell; none where they have to be asked for."""
    unmarked = re.sub(r"[(（]\s*(?:牵头|牵头单位|牵头部门|lead)\s*[)）]", "（牵头）", cell, flags=re.IGNORECASE)

    def look_up(key: str) -> str | None:
        bare = key[: -len("(牵头)")] if key.endswith("(牵头)") else key
        name = known.get(bare)
        return None if name is None else name + ("（牵头）" if bare != key else "")

    read = read_names(unmarked, look_up, (*DEPARTMENT_ENDS, "（牵头）"))
    if read.is_sure:
        return list(read.names)
    doubt = list_doubt("departments", "project_table.ask_departments", in_one_line(cell), read.ways)
    answer = answers.get(doubt.id)
    if answer is None:
        found.doubts.append(doubt)
        return []
    return [line.strip() for line in answer.split("\n") if line.strip()]


def heading_says(written: str, known: PlanKnown) -> dict[str, object]:
    """What a heading says that names no programme: the zone, or the type of the projects below it; nothing otherwise."""
    key = name_key(written)
    if not key or key in known.programme_keys():
        return {}
    if key in known.zones and not key.isdigit():
        return {"zone_codes": (known.zones[key],)}
    kind, _ = fit(written, TABLES["project"].field("project_type"), known.profiles)
    return {"project_type": kind} if kind is not None and written not in known.programmes else {}


def settle_programme(
    written: str, known: PlanKnown, new: dict[str, str], answers: Mapping[str, str]
) -> tuple[str | None, Doubt | None]:
    """The code of the programme that is meant, or what has to be asked.

    Parameters
    ----------
    new
        Key of a name → name of the programmes that are new; one that the planner calls new is added. Their code is
        then ``new:`` and that key.
    """
    if not written or written in (text("tables.no_programme", "zh"), text("tables.no_programme", "en")):
        return None, None
    if heading_says(written, known):
        return None, None
    name, code = programme_parts(written)
    by_name = known.programme_keys()
    for candidate in (written, name):
        if name_key(candidate) in by_name:
            return by_name[name_key(candidate)], None
    if written in known.programmes:
        return written, None
    near = sorted(((_alike(name, own), key) for key, own in known.programmes.items() if own), key=lambda pair: -pair[0])
    near = [pair for pair in near if pair[0] >= 0.6][:3]
    if code in known.programmes and (not near or near[0][1] != code):
        near.insert(0, (1.0, str(code)))
    options = [Option(key, f"{key} {known.programmes[key]}".strip()) for _, key in near]
    options.append(Option(NEW, Message.of("project_table.new_programme", name=name)))
    options.append(Option(SKIP, Message.of("project_table.no_programme")))
    doubt = Doubt(f"programme:{written}", Message.of("project_table.ask_programme", text=written), tuple(options))
    answer = answers.get(doubt.id)
    if answer in known.programmes:
        return answer, None
    if answer == SKIP:
        return None, None
    if answer != NEW and (near or not any(word in name for word in _CALLED_PROGRAMMES)):
        return None, doubt
    key = name_key(name)
    new.setdefault(key, f"{code or ''}\t{name}")
    return f"new:{key}", None


def programme_parts(written: str) -> tuple[str, str | None]:
    """A programme's name and the code that stands before or behind it.

    >>> programme_parts("太子河流域综合治理与生态修复工程A")
    ('太子河流域综合治理与生态修复工程', 'A')
    """
    found = re.match(r"^(?P<code>[A-Za-z]|\d{1,2})[、.．\s]*(?P<name>[^\d\sA-Za-z].*)$", written)
    found = found or re.match(r"^(?P<name>.*[^\dA-Za-z\s])\s*[(（]?(?P<code>[A-Z]|\d{1,2})[)）]?$", written)
    return (found["name"].strip(), found["code"]) if found else (written, None)


def _alike(first: str, second: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name_key(first), name_key(second), autojunk=False).ratio()


def _captioned(caption: str, said: str) -> str:
    return text("project_table.captioned", caption=caption, text=said) if caption else said
