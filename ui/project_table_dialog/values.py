"""How what a table would do is written on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.palette import GRADE_COLOURS
from ...core.plan.lists import read_list, write_list
from ...core.plan.schema import TABLES
from ...core.texts import has_text, text
from ..import_dialog.values import shown

if TYPE_CHECKING:
    from ...core.project_table.merging import FieldChange
    from ...core.project_table.proposal import TableRow

#: A row's fate → its colour, as grades are coloured; what is asked stands out, what is left out is pale.
FATE_COLOURS = {
    "new": GRADE_COLOURS["pass"],
    "changed": GRADE_COLOURS["permitted"],
    "same": GRADE_COLOURS["undetermined"],
    "doubt": GRADE_COLOURS["review"],
    "left_out": "#c9c9c9",
}
_LONGEST = 60


def field_caption(name: str) -> str:
    """A field of a project in the planner's words."""
    return text(f"schema.project.{name}")


def role_caption(role: str) -> str:
    """What a column tells, in the planner's words."""
    own = f"project_table.role.{role or 'left_out'}"
    return text(own) if has_text(own) else field_caption(role)


def shown_value(name: str, value: object, in_lines: bool = False) -> str:
    """A value of a project as a planner reads it; a word where there is none.  Lists may have a line for each name."""
    if in_lines and TABLES["project"].field(name).is_list and value:
        return "\n".join(value if isinstance(value, tuple) else read_list(value))
    written = write_list(value) if isinstance(value, tuple) else value
    return shown(written, TABLES["project"].field(name)) or text("project_table.ui.nothing")


def shown_change(change: FieldChange, longest: int = _LONGEST) -> str:
    """A field, what it is and what it would be, in one line."""
    before, after = (_cut(shown_value(change.field, v), longest) for v in (change.before, change.after))
    return text("project_table.ui.change", field=field_caption(change.field), before=before, after=after)


def what_happens(row: TableRow) -> str:
    """A row's question, else its changes, in one line."""
    if row.doubts:
        return str(row.doubts[0].question)
    if row.fate == "changed":
        return text("project_table.ui.between").join(shown_change(change, 24) for change in row.changes)
    if row.fate == "new":
        told = [c for c in row.changes if c.field not in ("code", "name", "programme_codes", "listed_in_plan")]
        return text("project_table.ui.between").join(
            text(
                "project_table.captioned", caption=field_caption(c.field), text=_cut(shown_value(c.field, c.after), 24)
            )
            for c in told
        )
    return text("project_table.ui.also_rows", rows=row.together) if row.together else ""


def _cut(words: str, longest: int) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
