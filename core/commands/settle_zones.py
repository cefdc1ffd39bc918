"""What a planner settled about zones, written together with the zones built from it, and taken back whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.tables import Rows
from ..plan.zone_draft import DRAFT_TABLES, ZoneDraft
from ..plan.zones import ZonesBuilt
from ..store.geopackage import refuse_read_only
from ..store.plan_file import ensure_current, read_plan, update_rows
from ..texts import Message
from .build_zones import what_changes

#: What settling writes into tables whose geometry it leaves alone.
_SETTLED = {"admin_unit": ["zone_code", "key_area_code"], "unit_membership": ["unit_name", "county"]}
_BUILT = ["area_km2"]


@dataclass(frozen=True)
class Settled:
    """What was written: enough to take it back.

    Attributes
    ----------
    built
        What the plan now holds.
    before, after
        Table → the rows that changed, as they were and as they are.
    zones_before
        All zones as they were, for the colours of their style.
    """

    path: Path
    built: ZonesBuilt
    before: dict[str, Rows]
    after: dict[str, Rows]
    zones_before: Rows


def read_draft(plan: str | PathLike[str]) -> ZoneDraft:
    """What would be built from a plan as it stands in its file.

    Raises
    ------
    PlannerError
        If the plan cannot be read or written, or has no units.
    """
    path = Path(plan)
    if path.is_file():
        refuse_read_only(path)
    draft = ZoneDraft(read_plan(path, DRAFT_TABLES))
    if not draft.units():
        raise PlannerError("commands.no_units", plan=path.name)
    return draft


def settle_and_build(plan: str | PathLike[str], draft: ZoneDraft, replace_outlines: bool = False) -> Settled:
    """Write a draft's choices and the zones and key areas built with them, in one transaction.

    A zone or key area that has a geometry already keeps it unless `replace_outlines` is given.

    Raises
    ------
    PlannerError
        If the plan has changed since the draft was read, nothing would change, or it cannot be written; it is
        then as before.
    """
    path = Path(plan)
    ensure_current(path)
    _refuse_changed(path, {name: draft.tables[name] for name in DRAFT_TABLES if name != "plan"}, "plan_changed_since")
    writes = what_changes(draft.tables, draft.built(), replace_outlines)
    after = {name: rows for name, rows in writes.rows.items() if len(rows)}
    settled = draft.settled()
    for name, fields in _SETTLED.items():
        old, new = draft.tables[name], replace(settled[name], geometry=None)
        differs = np.array([any(old[f][i] != new[f][i] for f in fields) for i in range(len(new))], dtype=bool)
        if differs.any():
            after[name] = new.take(differs)
    if not after:
        raise PlannerError("commands.zones_exist", plan=path.name, rows=writes.kept)
    before = {name: _rows_of(draft.tables[name], rows) for name, rows in after.items()}
    update_rows(path, after, _fields(after), writes.stored["restoration_zone"])
    return Settled(path, writes.as_stored(draft.built()), before, after, draft.tables["restoration_zone"])


def take_back(settled: Settled) -> None:
    """Put a plan back as it was before `settle_and_build`.

    Raises
    ------
    PlannerError
        If a row that was written has been changed or removed since, or the plan cannot be written; nothing is
        then done.
    """
    _refuse_changed(settled.path, settled.after, "zones_edited_since", whole=False)
    update_rows(settled.path, settled.before, _fields(settled.before), settled.zones_before)


def _fields(tables: dict[str, Rows]) -> dict[str, list[str]]:
    return {name: _SETTLED.get(name, _BUILT) for name in tables}


def _rows_of(old: Rows, changed: Rows) -> Rows:
    """The rows that change, as they were; without an array of geometries where those stay."""
    rows = old.take(np.isin(old.fids, changed.fids))
    if changed.geometry is None:
        return replace(rows, geometry=None)
    return rows if rows.geometry is not None else replace(rows, geometry=np.full(len(rows), None, dtype=object))


def _refuse_changed(path: Path, known: dict[str, Rows], error: str, whole: bool = True) -> None:
    """Refuse to write over what was changed since it was read."""
    there = read_plan(path, known)
    for name, rows in known.items():
        if not _is_as_known(rows, there[name], _SETTLED.get(name, _BUILT), whole):
            raise PlannerError(f"commands.{error}", plan=path.name, table=Message.of(f"schema.{name}"))


def _is_as_known(known: Rows, there: Rows, fields: list[str], whole: bool) -> bool:
    if whole and len(known) != len(there):
        return False
    place = {fid: position for position, fid in enumerate(there.fids.tolist())}
    if not all(fid in place for fid in known.fids.tolist()):
        return False
    now = there.take(np.array([place[fid] for fid in known.fids.tolist()], dtype=np.int64))
    names = list(now.columns) if whole else fields
    if any(a != b for name in names for a, b in zip(known[name].tolist(), now[name].tolist())):
        return False
    if known.geometry is None or now.geometry is None:
        return True
    missing = shapely.is_missing(known.geometry) & shapely.is_missing(now.geometry)
    return bool((missing | shapely.equals_exact(known.geometry, now.geometry, 0.0)).all())
