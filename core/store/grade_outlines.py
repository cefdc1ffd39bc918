"""The grades of the last check in the projects' stored style, so that plain QGIS outlines projects by them.

The style's conditions hold, for each grade, the codes of the projects that have such a finding: as a text which is
written here, and which a variable of the layer goes before where the plugin has opened the plan.  They ask no other
layer: QGIS 3.30 and later stop for ever where a style does so while the map is being drawn and the project is closed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from ..plan.schema import CODE_LISTS

#: Variable of a project layer with the codes of one grade: this, and the grade.
VARIABLE_PREFIX = "restoration_planner_"
#: The symbol for a unit separator: no code holds it, and unlike the separator itself XML may.
SEPARATOR = "\u241f"
#: Grades that a finding can have.
FOUND_GRADES = tuple(g for g in CODE_LISTS["grade"] if g != "pass")

_LISTED = re.compile(rf"coalesce\(@{VARIABLE_PREFIX}([a-z]+), '(?:[^']|'')*'\)")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def listed(codes: Iterable[str]) -> str:
    """Codes as the one text in which a condition looks for a project's."""
    return "".join(f"{SEPARATOR}{code}{SEPARATOR}" for code in codes)


def codes_expression(grade: str) -> str:
    """What stands in a style for the codes of a grade, before any check."""
    return f"coalesce(@{VARIABLE_PREFIX}{grade}, '')"


def fill_grades(qml: str, codes: Mapping[str, Iterable[str]]) -> str:
    """Write into a style of `project` which projects have findings of which grade, in place of what was written there.

    Parameters
    ----------
    codes
        Grade → codes of projects.
    """
    texts = {}
    for grade in FOUND_GRADES:
        kept = [code for code in codes.get(grade, ()) if not _NOT_IN_XML.search(code)]
        text = listed(kept).replace("\\", "\\\\").replace("'", "''")
        whitespace = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
        texts[grade] = f"coalesce(@{VARIABLE_PREFIX}{grade}, '{escape(text, whitespace)}')"
    return _LISTED.sub(lambda found: texts.get(found[1], found[0]), qml)


def note_grades(plan: sqlite3.Connection) -> None:
    """Bring every stored style of `project` that outlines by grade up to the plan's findings, within the caller's
    transaction; all else in a style that a user made stays."""
    if plan.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone() is None:
        return
    styles = plan.execute(
        'SELECT id, "styleQML" FROM layer_styles WHERE f_table_name = \'project\' AND instr("styleQML", ?)',
        (f"@{VARIABLE_PREFIX}",),
    ).fetchall()
    codes = _codes_by_grade(plan) if styles else {}
    for number, qml in styles:
        filled = fill_grades(qml, codes)
        if filled != qml:
            plan.execute('UPDATE layer_styles SET "styleQML" = ? WHERE id = ?', (filled, number))


def _codes_by_grade(plan: sqlite3.Connection) -> dict[str, list[str]]:
    names = {row[1] for row in plan.execute("PRAGMA table_info(siting_finding)")}
    if not {"project_code", "grade"} <= names:
        return {}
    codes: dict[str, list[str]] = {}
    found = plan.execute(
        "SELECT grade, project_code FROM siting_finding WHERE typeof(grade) = 'text'"
        " AND typeof(project_code) = 'text' GROUP BY grade, project_code ORDER BY min(rowid)"
    )
    for grade, code in found:
        codes.setdefault(grade, []).append(code)
    return codes
