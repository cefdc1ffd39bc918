"""Named versions of a plan's zones: saved in the plan file, read, compared, put back.  Nothing is ever overwritten.

A version is of what the file holds; unsaved edits of an open layer are not in it.
"""

from __future__ import annotations

import datetime
from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..plan.tables import PlanTables
from ..store.geopackage import reading, writing
from ..store.opening import layouts_of, refuse_what_is_no_database, version_of
from ..store.plan_file import read_plan
from ..store.styles import store_styles
from ..store.zone_versions import Version, hold, list_versions, put_back, rows_of
from ..texts import text
from .changes import compare

__all__ = ["Version", "compare", "read_version", "restore_version", "save_version", "versions"]

SAVED, BEFORE_RESTORE = "saved", "before_restore"


def save_version(path: str | PathLike[str], name: str, note: str | None = None, author: str | None = None) -> Version:
    """Save the zones, key areas and memberships that a plan file holds, and what units and projects say of them.

    Raises
    ------
    PlannerError
        If the name is empty or another version bears it, the plan is read-only, locked by another program, or the
        disk is full; the plan is then as before.
    """
    file = Path(path)
    wanted = _storable(name).strip()
    if not wanted:
        raise PlannerError("zone_versions.no_name")
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        layouts = layouts_of(plan, file)
        version_of(plan, layouts, file)
        if any(version.name == wanted for version in list_versions(plan)):
            raise PlannerError("zone_versions.name_taken", name=wanted)
        return hold(plan, layouts, wanted, _filled(note), _filled(author), _now(), SAVED)


def versions(path: str | PathLike[str]) -> list[Version]:
    """The versions in a plan file, the latest first; none in a plan that never saved one."""
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        layouts_of(plan, file)
        return list_versions(plan)


def read_version(path: str | PathLike[str], version_id: int) -> PlanTables:
    """The zones, key areas, memberships and units of a version, with the plan's own row as it is now.

    Raises
    ------
    PlannerError
        If there is no such version, or its shapes are damaged.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with reading(file) as plan:
        held = rows_of(plan, version_id)
    return PlanTables({**read_plan(file, ["plan"]).rows, **held.rows})


def restore_version(path: str | PathLike[str], version_id: int, author: str | None = None) -> Version:
    """Make the zones of a plan file what they were in a version, in one transaction.

    The present state is saved as a version of its own first.  Zones, key areas and memberships become the version's;
    of the units and projects only what they say about zones and key areas.

    Returns
    -------
    Version
        The version that holds the state before.

    Raises
    ------
    PlannerError
        As `save_version` and `read_version`.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        layouts = layouts_of(plan, file)
        version_of(plan, layouts, file)
        known = list_versions(plan)
        name = next((version.name for version in known if version.id == version_id), None)
        if name is None:
            raise PlannerError("zone_versions.no_such_version")
        now = _now()
        kept = _free_name(text("zone_versions.before_restore", name=name), {version.name for version in known})
        before = hold(plan, layouts, kept, None, _filled(author), now, BEFORE_RESTORE)
        layouts = put_back(plan, version_id, file)
        store_styles(plan, layouts, rows_of(plan, version_id)["restoration_zone"])
    return before


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _filled(value: str | None) -> str | None:
    return _storable(value).strip() or None if value else None


def _storable(value: str) -> str:
    """A text without halves of characters, which windows can hand over and no file can hold."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")
