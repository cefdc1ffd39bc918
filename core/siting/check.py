"""The siting check: every rule on every project, to findings with grade, area, advice and basis."""

from __future__ import annotations

import contextlib
import datetime
import gc
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..errors import Cancelled
from ..geometry.parallel import never
from ..plan.tables import PlanTables
from ..texts import Message, has_text, language
from .findings import CheckResult, Finding, ProjectResult, worst
from .other_projects import OtherProjects
from .projects import Projects
from .relations import Hits, Run, find_hits
from .reviews import Reviews, latest_reviews, reviewed
from .rules import Rule, RuleSet
from .targets import Targets

Progress = Callable[[float, Message], None]


def check_siting(
    tables: PlanTables,
    rules: RuleSet,
    *,
    plan: str = "",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CheckResult:
    """Check all projects of a plan.

    Parameters
    ----------
    tables
        The plan's tables, geometry in EPSG:4490.
    rules
        See `load_rules`.
    plan
        The plan's path, repeated in the result.
    progress
        Called with a fraction and what is being done, from the calling thread.
    cancelled
        Asked often; when it answers True, the check stops within a second.

    Returns
    -------
    CheckResult
        Every project with its grade and findings; texts are in the language in force.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true; nothing has been published then.
    """
    with _collector_at_rest():
        return _check(tables, rules, plan, progress or (lambda fraction, message: None), cancelled or never)


def _check(tables: PlanTables, rules: RuleSet, plan: str, tell: Progress, stop: Callable[[], bool]) -> CheckResult:
    tell(0.0, Message.of("siting.reading"))
    projects = Projects.prepare(tables["project"], stop)
    run = Run(projects, Targets(tables), OtherProjects(projects), stop)
    timings: dict[str, float] = {}
    found: list[tuple[Rule, Hits]] = []
    for position, rule in enumerate(rules.rules):
        if stop():
            raise Cancelled
        tell(0.05 + 0.9 * position / len(rules.rules), Message.of("siting.checking", rule=_rule_name(rule)))
        started = time.perf_counter()
        found.append((rule, find_hits(rule, run)))
        timings[rule.id] = time.perf_counter() - started
    results = results_of(projects, found, latest_reviews(tables["siting_review"]))
    tell(1.0, Message.of("siting.done"))
    notes = list(dict.fromkeys(note for _, hits in found for note in hits.notes))
    return CheckResult(
        projects=results,
        dropped_slivers=sum(hits.dropped for _, hits in found),
        notes=(*_code_notes(projects), *notes, *run.targets.notes),
        run_at=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        rules_file=rules.source,
        plan=plan,
        timings=timings,
    )


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A check makes many objects and no cycles: looking through them again and again costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def results_of(projects: Projects, found: list[tuple[Rule, Hits]], latest: Reviews) -> tuple[ProjectResult, ...]:
    """Findings of all rules, graded and joined with the newest reviews, project by project."""
    by_project: list[list[Finding]] = [[] for _ in range(len(projects))]
    for rule, hits in found:
        for finding in _findings(projects, rule, hits):
            by_project[finding.project].append(finding)
    joined = reviewed([f for own in by_project for f in own], latest)
    results, start = [], 0
    codes, names, areas = projects.rows["code"], projects.rows["name"], projects.area_m2.tolist()
    for p, fid in enumerate(projects.rows.fids.tolist()):
        own = tuple(joined[start : start + len(by_project[p])])
        start += len(own)
        area = None if math.isnan(areas[p]) else areas[p]
        grade = worst([f.grade for f in own])
        results.append(ProjectResult(p, fid, _text(codes[p]), _text(names[p]), grade, area, own))
    return tuple(results)


def _findings(projects: Projects, rule: Rule, hits: Hits) -> list[Finding]:
    """One finding a hit, with the first matching case's grade, advice and basis."""
    lang = language()
    members = np.unique(np.array([h.project for h in hits.hits], dtype=np.intp))
    case_of = dict(zip(members.tolist(), rule.case_of(projects.rows.take(members)).tolist()))
    advices = [case.advice.in_language(lang) for case in rule.cases]
    bases = [case.basis.in_language(lang) for case in rule.cases]
    codes, fids, areas = projects.rows["code"], projects.rows.fids.tolist(), projects.area_m2.tolist()
    made = []
    for hit in hits.hits:
        p = hit.project
        case = case_of[p]
        if hit.undetermined is not None:
            grade, advice = "undetermined", str(hit.undetermined)
        else:
            detail = "" if hit.detail is None else f"{hit.detail}{'' if lang == 'zh' else ' '}"
            grade, advice = rule.cases[case].grade, detail + advices[case]
        share = None if hit.area_m2 is None or not areas[p] else 100.0 * hit.area_m2 / areas[p]
        made.append(
            Finding(
                project=p,
                fid=fids[p],
                project_code=_text(codes[p]),
                rule=rule.id,
                grade=grade,
                target_layer=rule.layer,
                target_code=hit.target_code,
                target_name=hit.target_name,
                area_m2=hit.area_m2,
                share_pct=share,
                advice=advice,
                basis=bases[case],
                geometry=hit.geometry,
            )
        )
    return made


def _code_notes(projects: Projects) -> list[Message]:
    """What makes reviews ambiguous: codes that are missing or stand twice."""
    counted: Counter[Any] = Counter(projects.rows["code"].tolist())
    missing = counted.pop(None, 0)
    notes = [Message.of("siting.code_missing", count=missing)] if missing else []
    repeated = sorted((code, n) for code, n in counted.items() if n > 1)
    return notes + [Message.of("siting.duplicate_codes", code=code, count=n) for code, n in repeated]


def _rule_name(rule: Rule) -> Message | str:
    return Message.of(f"siting.rule_{rule.id}") if has_text(f"siting.rule_{rule.id}") else rule.id


def _text(value: object) -> str | None:
    return None if value is None else str(value)
