"""What the last saved siting check still says of a project that may have come or changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone

from ..plan.schema import GEOMETRY_COLUMN, TABLES

#: What no rule is expected to ask about: a change of it leaves the check as good as it was.
_UNCHECKED = frozenset(
    {
        *("name", "tasks", "start_year", "end_year", "period_note", "lead_department", "departments"),
        *("status", "stated_quantity", "area_ha", "remark"),
    }
)
#: What a check looks at, as the history names it: the site, and fields that rules may ask about.
CHECKED = frozenset({GEOMETRY_COLUMN, *(n for n in TABLES["project"].field_names if n not in _UNCHECKED)})


def changed_since(runs: Iterable[object], changed_at: Mapping[int, str], unsaved: Collection[int] = ()) -> set[int]:
    """The projects that came or changed in something checked after the last run, or are unsaved.

    Parameters
    ----------
    runs
        What the saved findings say of the time of their run.  The earliest counts; where none can be read as a
        time, every change that is known of counts as later.
    changed_at
        Feature id → time of the last such change, ISO 8601.
    unsaved
        Feature ids that have such a change in an edit session.
    """
    times = [time for time in map(_time, set(runs)) if time is not None]
    run = min(times) if times else None
    later = {fid for fid, at in changed_at.items() if run is None or (_time(at) or run) >= run}
    return later.union(unsaved)


def standing(
    code: str | None, fid: int, sited: bool, worst: Mapping[str, str], changed: Collection[int]
) -> tuple[str | None, bool]:
    """The grade that may be said of a project, and whether the project is not as it was when it was checked.

    A project passes only if it was there at the last run, with a site, and is unchanged; a finding keeps its grade.

    Parameters
    ----------
    fid
        Feature id; negative where it is not saved yet.
    worst
        Project code → worst grade of the findings that are saved; empty where none are, and nothing is graded then.
    changed
        As `changed_since` gives them.
    """
    if not worst:
        return None, False
    other = fid < 0 or fid in changed
    grade = worst.get(code) if code else None
    if grade is None and code and sited and not other:
        grade = "pass"
    return grade, other


def _time(said: object) -> datetime | None:
    """A time as written, in UTC; one without a zone is local."""
    if not isinstance(said, str):
        return None
    try:
        return datetime.fromisoformat(said.strip().replace("Z", "+00:00")).astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
