"""Which forms that stand in a plan file are ours, and older than those that come with this version.

Our stored styles are renewed when a plan's zones are written anew, or its structure is brought up to date.  Until then a
plan that was made by an older version holds its forms; whoever opens it can give its layers the forms of today.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from os import PathLike
from pathlib import Path

from .geopackage import reading
from .styles import OWNER, STYLE_FOLDER

#: Where the form begins in a style: symbols and labels stand before it, and in them what a plan fills in.
_FORM_STARTS = "fieldConfiguration"


def older_forms(path: str | PathLike[str]) -> frozenset[str]:
    """Tables whose style in force is ours, unchanged by anybody, with another form than the one of this version.

    A style that a user saved, or saved over ours, has another owner: its form stays as it is.

    Raises
    ------
    PlannerError
        If the file cannot be read.
    """
    path = Path(path)
    with reading(path) as plan:
        if plan.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone() is None:
            return frozenset()
        stored = plan.execute(
            'SELECT f_table_name, "styleQML" FROM layer_styles WHERE owner = ? AND "useAsDefault"', (OWNER,)
        ).fetchall()
    return frozenset(str(table) for table, qml in stored if _form_of(qml) != _form_today(str(table)))


def _form_today(table: str) -> list[str]:
    file = STYLE_FOLDER / f"{table}.qml"
    return _form_of(file.read_text(encoding="utf-8")) if file.exists() else []


def _form_of(qml: object) -> list[str]:
    """What a style says about the form, however its XML is written; nothing where it cannot be read."""
    try:
        parts = list(ET.fromstring(re.sub(r"^\s*<!DOCTYPE[^>]*>", "", str(qml))))
    except ET.ParseError:
        return []
    start = next((i for i, part in enumerate(parts) if part.tag == _FORM_STARTS), len(parts))
    return [ET.canonicalize(ET.tostring(part, encoding="unicode"), strip_text=True) for part in parts[start:]]
