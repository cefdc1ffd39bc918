"""Projects summed up: how many, how many sited, their areas; by programme, type, zone, county, grade or period.

A project in several programmes, zones or counties stands in each of these groups and once in the whole, so groups may
add up to more than the whole; `Totals.repeated` says by how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..plan.schema import CODE_LISTS
from .lines import ProjectLine, ProjectLines

GROUPINGS = ("programme", "kind", "zone", "county", "grade", "period")


@dataclass(frozen=True)
class Total:
    """One group.

    Attributes
    ----------
    key
        The code, name or period that its projects share; None for those without.
    name
        What the plan calls it; empty where a code list does.
    area_m2
        Sum of the sites' ellipsoidal areas; ground that two sites share counts for both.
    entered_ha
        Sum of what stands in the field of the area (hectares).
    fids
        The features.
    """

    key: str | None
    name: str
    count: int
    sited: int
    area_m2: float
    entered_ha: float
    fids: tuple[int, ...]


@dataclass(frozen=True)
class Totals:
    """The groups, the whole with each project once, and how many projects stand in several groups."""

    groups: tuple[Total, ...]
    whole: Total
    repeated: int


def totals(projects: ProjectLines, lines: Iterable[ProjectLine], by: str) -> Totals:
    """Sums of some of a plan's projects.

    Parameters
    ----------
    by
        One of `GROUPINGS`.  Groups come in the order of the plan or of the code list; what is in no list comes behind,
        projects without a group last.
    """
    chosen = list(lines)
    keys, order, name = _grouping(projects, by)
    members: dict[str | None, list[ProjectLine]] = {key: [] for key in order}
    repeated = 0
    for line in chosen:
        own = keys(line)
        repeated += len(own) > 1
        for key in own or (None,):
            members.setdefault(key, []).append(line)
    homeless = members.pop(None, [])
    strange = sorted(key for key in members if key not in order and key is not None)
    ordered = [*order, *strange]
    groups = [_total(key, name(key), members[key]) for key in ordered if members[key]]
    if homeless:
        groups.append(_total(None, "", homeless))
    return Totals(tuple(groups), _total(None, "", chosen), repeated)


def period_key(line: ProjectLine) -> str | None:
    """A project's period as a group: ``2021–2025``, ``2021–``, ``–2025``; None where no year is known.

    A project of one year is ``2025``.
    """
    if line.years is None:
        return None
    first, last = ("" if year is None else str(year) for year in line.years)
    return first if first == last else f"{first}–{last}"


def _grouping(
    projects: ProjectLines, by: str
) -> tuple[Callable[[ProjectLine], tuple[str, ...]], list[str], Callable[[str], str]]:
    """A line's groups, the known groups in order, and what a group is called."""
    if by == "programme":
        return lambda line: line.programmes, list(projects.programmes), lambda key: projects.programmes.get(key, "")
    if by == "zone":
        return lambda line: line.zones, list(projects.zones), lambda key: projects.zones.get(key, "")
    if by == "county":
        return lambda line: line.counties, projects.counties(), lambda key: ""
    if by == "kind":
        return lambda line: _one(line.kind), list(CODE_LISTS["project_type"]), lambda key: ""
    if by == "grade":
        return lambda line: _one(line.grade), list(CODE_LISTS["grade"]), lambda key: ""
    return lambda line: _one(period_key(line)), [], lambda key: ""


def _one(key: str | None) -> tuple[str, ...]:
    return () if key is None else (key,)


def _total(key: str | None, name: str, lines: list[ProjectLine]) -> Total:
    return Total(
        key,
        name,
        len(lines),
        sum(line.is_sited for line in lines),
        sum(line.area_m2 or 0.0 for line in lines),
        sum(line.entered_ha or 0.0 for line in lines),
        tuple(line.fid for line in lines),
    )
