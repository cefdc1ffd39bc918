"""Plans of an older schema are brought up to date, after a backup beside them.

Version 1 had no table of siting reviews, and fewer columns; what is missing is added, nothing else
is touched.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ..plan.schema import SCHEMA_VERSION, TABLES
from ..plan.tables import Rows
from .geopackage import quoted, reading, refuse_read_only, told_as_sentences, writing
from .opening import layouts_of, refuse_what_is_no_database, version_of
from .plan_reading import read_plan
from .structure import complete, register_change
from .styles import store_styles
from .whole_file import written_whole


def ensure_current(path: Path) -> Path | None:
    """Migrate an older plan.

    Returns
    -------
    Path or None
        The backup, ``NAME.v1-YYYYMMDD-HHMMSS.gpkg`` beside the plan; None where nothing had to be done.

    Raises
    ------
    PlannerError
        If the file is no plan, is newer than this software, or cannot be written.
    """
    refuse_what_is_no_database(path)
    with reading(path) as plan:
        version = version_of(plan, layouts_of(plan, path), path)
    if version >= SCHEMA_VERSION:
        return None
    refuse_read_only(path)
    backup = _back_up(path, version)
    migrated = False
    try:
        migrated = _migrate(path, read_plan(path, ["restoration_zone"])["restoration_zone"])
    finally:
        if not migrated:
            backup.unlink()
    return backup if migrated else None


def _migrate(path: Path, zones: Rows) -> bool:
    with writing(path) as plan:
        layouts = layouts_of(plan, path)
        if version_of(plan, layouts, path) >= SCHEMA_VERSION:
            return False  # another program was faster
        layouts = complete(plan, TABLES, path)
        version = quoted(layouts["plan"].columns["schema_version"])
        if plan.execute(f"UPDATE plan SET {version} = ?", (SCHEMA_VERSION,)).rowcount == 0:  # noqa: S608
            plan.execute(f"INSERT INTO plan ({version}) VALUES (?)", (SCHEMA_VERSION,))  # noqa: S608
        register_change(plan, layouts["plan"])
        store_styles(plan, layouts, zones)
    return True


def _back_up(path: Path, version: int) -> Path:
    """A copy that is whole even while another program has the plan open."""
    name = f"{path.stem}.v{version}-{datetime.now():%Y%m%d-%H%M%S}"
    backup, again = path.with_name(f"{name}{path.suffix}"), 1
    while backup.exists():
        again += 1
        backup = path.with_name(f"{name}-{again}{path.suffix}")
    with (
        written_whole(backup, replace=False) as beside,
        reading(path) as plan,
        told_as_sentences(backup),
        closing(sqlite3.connect(str(beside))) as copy,
    ):
        plan.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return backup
