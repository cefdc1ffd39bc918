"""Default styles stored in the plan, so that plain QGIS without the plugin draws and labels it.

They are the files ``layers/styles/<table>.qml``, kept in QGIS's own table ``layer_styles``.  A style
that a user saved there is never touched.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..plan.tables import Rows
from .grade_outlines import note_grades
from .opening import Layout
from .zone_style import fill_zone_categories

STYLE_FOLDER = Path(__file__).resolve().parents[2] / "layers" / "styles"
#: By this owner we know our own styles again.
OWNER = "restoration_planner"

# As QGIS itself makes it.
_CREATE = """CREATE TABLE layer_styles (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "f_table_catalog" TEXT(256), "f_table_schema" TEXT(256), "f_table_name" TEXT(256), "f_geometry_column" TEXT(256),
    "styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT, "useAsDefault" BOOLEAN, "description" TEXT,
    "owner" TEXT(30), "ui" TEXT(30), "update_time" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""


def store_styles(plan: sqlite3.Connection, layouts: dict[str, Layout], zones: Rows) -> None:
    """Write or renew our default style of every table that has one, within the caller's transaction.

    Parameters
    ----------
    zones
        The plan's restoration zones: each zone gets its own colour.
    """
    _ensure_table(plan)
    for name, layout in layouts.items():
        file = STYLE_FOLDER / f"{name}.qml"
        if file.exists():
            qml = file.read_text(encoding="utf-8")
            if name == "restoration_zone":
                qml = fill_zone_categories(qml, zones)
            _store(plan, layout, qml)
    note_grades(plan)
    plan.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = 'layer_styles'"
    )


def _ensure_table(plan: sqlite3.Connection) -> None:
    if plan.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone() is None:
        plan.execute(_CREATE)
    plan.execute(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
    )


def _store(plan: sqlite3.Connection, layout: Layout, qml: str) -> None:
    ours = plan.execute(
        "SELECT id FROM layer_styles WHERE f_table_name = ? AND owner = ?", (layout.name, OWNER)
    ).fetchone()
    if ours is not None:
        plan.execute(
            'UPDATE layer_styles SET "styleQML" = ?, f_geometry_column = ?,'
            " update_time = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?",
            (qml, layout.geometry or "", ours[0]),
        )
        return
    users_own = plan.execute(
        'SELECT 1 FROM layer_styles WHERE f_table_name = ? AND "useAsDefault"', (layout.name,)
    ).fetchone()
    plan.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
        ' "styleName", "styleQML", "styleSLD", "useAsDefault", description, owner, ui)'
        " VALUES ('', '', ?, ?, ?, ?, '', ?, '', ?, '')",
        (layout.name, layout.geometry or "", layout.name, qml, int(users_own is None), OWNER),
    )
