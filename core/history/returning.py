"""A deleted project put back into the plan file under its own key: what others still edit of it finds its place again."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..store.geopackage import quoted, writing
from ..store.opening import layouts_of, refuse_what_is_no_database
from ..store.project_history import DELETED, PROJECT, SITE, records_in
from ..store.structure import register_change


def put_deleted_back(path: str | PathLike[str], fid: int) -> None:
    """Make a project that was deleted what it was, in one transaction.

    Raises
    ------
    PlannerError
        If the plan cannot be written, the history knows of no deletion, or the key is in use; the plan is then as before.
    """
    file = Path(path)
    refuse_what_is_no_database(file)
    with writing(file) as plan:
        layout = layouts_of(plan, file)[PROJECT]
        table, key = quoted(layout.name), quoted(layout.key)
        there = plan.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", (fid,)).fetchone()  # noqa: S608
        deletions = [record for record in records_in(plan, fid) if record.kind == DELETED]
        if there is not None or not deletions:
            raise PlannerError("history.back_already")
        last = [record for record in deletions if record.at == deletions[-1].at]
        columns = {**layout.columns, **({SITE: layout.geometry} if layout.geometry else {})}
        values = {columns[record.field]: record.old for record in last if record.field in columns}
        names = ", ".join(quoted(name) for name in (layout.key, *values))
        marks = ", ".join("?" * (len(values) + 1))
        plan.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (fid, *values.values()))  # noqa: S608
        register_change(plan, layout)
