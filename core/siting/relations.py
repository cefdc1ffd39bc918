"""What each relation of a rules file means: one function a relation, arrays in, hits out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..geometry.overlap import Overlaps, Pairs, gathered, overlaps, overlaps_of_pairs, remainders
from ..geometry.parallel import in_batches
from ..texts import Message
from .other_projects import OtherProjects, nth_parts
from .projects import Projects
from .rules import Rule
from .targets import TargetLayer, Targets

Array = npt.NDArray[Any]


@dataclass
class Hit:
    """One project that a rule fires for.

    ``undetermined`` holds the reason where the rule could not be applied; otherwise the rule's
    cases give grade and advice, and ``detail`` may add what they cannot know.
    """

    project: int
    target_code: str | None = None
    target_name: str | None = None
    area_m2: float | None = None
    geometry: Any = None
    undetermined: Message | None = None
    detail: Message | str | None = None


@dataclass
class Hits:
    """All hits of one rule."""

    hits: list[Hit] = field(default_factory=list)
    dropped: int = 0
    notes: list[Message] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """What every relation works on.

    ``others`` are all projects of the plan, which may be more than the ``projects`` under check.
    """

    projects: Projects
    targets: Targets
    others: OtherProjects
    cancelled: Callable[[], bool]


def find_hits(rule: Rule, run: Run) -> Hits:
    """Apply one rule to the projects it concerns."""
    return _RELATIONS[rule.relation](rule, run)


def _must_have_geometry(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows) & ~run.projects.sited
    unusable = run.projects.unusable
    return Hits([Hit(int(p), detail=_fault(unusable.get(int(p)))) for p in np.flatnonzero(concerned)])


def _must_be_valid(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows)
    return Hits([Hit(p, detail=_fault(reason)) for p, reason in sorted(run.projects.faults.items()) if concerned[p]])


def _must_be_within(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows) & run.projects.sited
    assert rule.layer
    layer = run.targets.layer(rule.layer, rule.where)
    if rule.target == "named":
        return _must_be_within_named(rule, run, layer, concerned)
    if not layer.has_data:
        return _lacking(rule, concerned)
    index = run.targets.union_index(rule.layer, rule.where)
    found = remainders(run.projects.polygons.of_owners(concerned), index, rule.gate, run.cancelled)
    return Hits([_measured(found, i) for i in range(len(found))], found.dropped)


def _must_be_within_named(rule: Rule, run: Run, layer: TargetLayer, concerned: Array) -> Hits:
    assert rule.layer and rule.named_by
    named = run.projects.named(rule.named_by)
    hits = Hits()
    nameless = np.array([not codes for codes in named], dtype=bool)
    if not layer.has_data:
        return _lacking(rule, concerned if rule.must_name else concerned & ~nameless)
    if rule.must_name:
        reason = Message.of("siting.names_none", field=Message.of(f"schema.project.{rule.named_by}"))
        hits.hits += [Hit(int(p), undetermined=reason) for p in np.flatnonzero(concerned & nameless)]
    caption = Message.of(f"schema.{rule.layer}")
    every_name = dict(zip(run.targets.tables[rule.layer]["code"], run.targets.tables[rule.layer]["name"]))
    with_geometry = set(layer.rows["code"])
    groups: dict[tuple[str, ...], list[int]] = {}
    for p in np.flatnonzero(concerned & ~nameless).tolist():
        for code in named[p]:
            if code not in with_geometry:
                kind = "code_without_geometry" if code in every_name else "code_unknown"
                reason = Message.of(f"siting.{kind}", layer=caption, code=code)
                hits.hits.append(Hit(p, code, every_name.get(code), undetermined=reason))
        known = tuple(sorted(code for code in named[p] if code in with_geometry))
        if known:
            groups.setdefault(known, []).append(p)
    for known, members in groups.items():
        mask = np.zeros(len(run.projects), bool)
        mask[members] = True
        index = run.targets.union_index(rule.layer, rule.where, frozenset(known))
        found = remainders(run.projects.polygons.of_owners(mask), index, rule.gate, run.cancelled)
        hits.dropped += found.dropped
        names = "、".join(str(every_name[c]) for c in known if every_name[c]) or None
        hits.hits += [_measured(found, i, ",".join(known), names) for i in range(len(found))]
    return hits


def _must_not_overlap(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows) & run.projects.sited
    assert rule.layer
    layer = run.targets.layer(rule.layer, rule.where)
    if not layer.has_data:
        return _lacking(rule, concerned)
    index = run.targets.index(rule.layer, rule.where)
    found = overlaps(run.projects.polygons.of_owners(concerned), index, rule.gate, run.cancelled)
    code, name = layer.rows["code"], layer.rows["name"]
    targets = found.target.tolist()
    return Hits([_measured(found, i, code[t], name[t]) for i, t in enumerate(targets)], found.dropped)


def _must_not_overlap_each_other(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows) & run.projects.sited
    polygons, others = run.projects.polygons.of_owners(concerned), run.others
    met = others.meeting(polygons.parts)
    mine, other = polygons.owner[met.query], met.owner
    within_one_table = run.projects is others.projects
    # Within one table each pair is measured once and told to both.
    my_fid, other_fid = run.projects.rows.fids[mine], others.fids[other]
    # (a pair of which the rule concerns one alone is met from that one's side only)
    pair = (mine < other) | ((mine > other) & ~concerned[other]) if within_one_table else my_fid != other_fid
    swap = my_fid > other_fid
    # Always in the order of the feature ids, and part by part: a re-check then gives the full check's very digits.
    ours, theirs = (polygons.parts[met.query], nth_parts(polygons.owner)[met.query]), (met.parts, met.nth)
    first, first_nth = (np.where(swap, b, a) for a, b in zip(ours, theirs))
    second, second_nth = (np.where(swap, a, b) for a, b in zip(ours, theirs))
    order = np.lexsort((second_nth, first_nth))
    order = order[pair[order]]
    common = in_batches(shapely.intersection, first[order], second[order], cancelled=run.cancelled)
    found = gathered(common, mine[order], other[order], rule.gate)
    hits = Hits(dropped=found.dropped)
    for i, (p, q) in enumerate(zip(found.query.tolist(), found.target.tolist())):
        hits.hits.append(_measured(found, i, others.codes[q], others.names[q]))
        if within_one_table and concerned[q]:
            back = _measured(found, i, others.codes[p], others.names[p])
            back.project = q
            hits.hits.append(back)
    return hits


def _must_lie_in_named(rule: Rule, run: Run) -> Hits:
    concerned = rule.concerned(run.projects.rows) & run.projects.sited
    assert rule.layer and rule.named_by
    counties = run.targets.counties()
    if not counties.names:
        return _lacking(rule, concerned)
    hits = Hits()
    named = run.projects.named(rule.named_by)
    nameless = np.array([not names for names in named], dtype=bool)
    reason = Message.of("siting.names_none", field=Message.of(f"schema.project.{rule.named_by}"))
    hits.hits += [Hit(int(p), undetermined=reason) for p in np.flatnonzero(concerned & nameless)]
    polygons = run.projects.polygons.of_owners(concerned & ~nameless)
    crossing, inside = counties.index.relate(polygons.parts)
    width = len(counties.names)

    def pair_of(pairs: Pairs) -> Array:
        return polygons.owner[pairs.query] * width + counties.index.owner[pairs.part]

    stated = {p: _named_counties(named[p], run, hits, p) for p in np.flatnonzero(concerned & ~nameless).tolist()}
    allowed = np.array(sorted(p * width + c for p, own in stated.items() for c in own), dtype=np.int64)
    touched = np.union1d(pair_of(crossing), pair_of(inside))
    for p, c in zip(*(a.tolist() for a in np.divmod(np.setdiff1d(allowed, touched), width))):
        detail = Message.of("siting.county_not_touched", name=counties.names[c])
        hits.hits.append(Hit(p, counties.codes[c] or counties.names[c], counties.names[c], 0.0, detail=detail))
    crossing, inside = (_without(pairs, np.isin(pair_of(pairs), allowed)) for pairs in (crossing, inside))
    found = overlaps_of_pairs(polygons, counties.index, crossing, inside, rule.gate, run.cancelled)
    hits.dropped += found.dropped
    for i, c in enumerate(found.target.tolist()):
        hit = _measured(found, i, counties.codes[c] or counties.names[c], counties.names[c])
        hit.detail = Message.of("siting.county_not_named", name=counties.names[c])
        hits.hits.append(hit)
    return hits


def _named_counties(written: tuple[str, ...], run: Run, hits: Hits, project: int) -> list[int]:
    """Positions of the counties a project names; names that mean none, or several, become hits."""
    counties = run.targets.counties()
    found = []
    for name in written:
        match = counties.meaning(name)
        if match.index is not None:
            found.append(match.index)
            continue
        if counties.not_drawn.match(name).index is not None:
            layer = Message.of("schema.admin_unit")
            reason = Message.of("siting.code_without_geometry", layer=layer, code=name)
            hits.hits.append(Hit(project, name, name, undetermined=reason))
            continue
        several = len(match.indexes) > 1
        candidates = [counties.names[i] for i in match.indexes]
        kind = "county_ambiguous" if several else "county_unknown"
        detail = Message.of(f"siting.{kind}", name=name, candidates=candidates)
        hits.hits.append(Hit(project, name, name, 0.0, detail=detail))
    return found


def _lacking(rule: Rule, concerned: Array) -> Hits:
    """The rule's layer holds no geometry: undetermined for each project, noted once."""
    reason = Message.of("siting.layer_empty", layer=Message.of(f"schema.{rule.layer}"))
    hits = [Hit(int(p), undetermined=reason) for p in np.flatnonzero(concerned)]
    return Hits(hits, notes=[reason] if hits else [])


def _measured(found: Overlaps, i: int, code: object = None, name: object = None) -> Hit:
    return Hit(
        int(found.query[i]),
        None if code is None else str(code),
        None if name is None else str(name),
        float(found.area_m2[i]),
        found.geometry[i],
    )


def _without(pairs: Pairs, mask: Array) -> Pairs:
    return Pairs(pairs.query[~mask], pairs.part[~mask])


def _fault(reason: Message | None) -> Message | None:
    return None if reason is None else Message.of("siting.fault", reason=reason)


_RELATIONS: dict[str, Callable[[Rule, Run], Hits]] = {
    "must_have_geometry": _must_have_geometry,
    "must_be_valid": _must_be_valid,
    "must_be_within": _must_be_within,
    "must_not_overlap": _must_not_overlap,
    "must_not_overlap_each_other": _must_not_overlap_each_other,
    "must_lie_in_named": _must_lie_in_named,
}
