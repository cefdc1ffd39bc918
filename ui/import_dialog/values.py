"""What goes in and out of the import dialog: the planner's options, and what the work behind it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.palette import GRADE_COLOURS
from ...core.plan.lists import read_list
from ...core.plan.schema import Field
from ...core.texts import Message, has_text, text

if TYPE_CHECKING:  # the engine is imported when it is first needed
    from ...core.intake.asking import Choice
    from ...core.intake.import_report import ImportReport
    from ...core.intake.proposal import Proposal
    from ...core.intake.source import Source

#: What the CRS chooser gives for coordinates of a web map; `core.intake.proposal.GCJ02`.
GCJ02 = "gcj02"
#: A row's fate → colour: good, changed, the same, lost, as grades are coloured.
FATE_COLOURS = {
    "added": GRADE_COLOURS["pass"],
    "updated": GRADE_COLOURS["review"],
    "unchanged": GRADE_COLOURS["undetermined"],
    "dropped": GRADE_COLOURS["violation"],
}
#: Names in one sentence on the screen.
MOST_NAMED = 12
#: Sentences of the core that tell what to type on a command line; here there is a widget for it.
_SAID_OTHERWISE = "import_dialog.said."


@dataclass(frozen=True)
class Options:
    """What the planner has chosen; None and what is left out is found out.

    Attributes
    ----------
    table
        Name of the plan's table.
    crs
        EPSG code or `GCJ02`.
    asked, constants, names
        As in `core.intake.proposal.Answers`.
    level_asked
        Whether the planner was asked already which level the units have.
    """

    path: Path
    layer: str | None = None
    table: str | None = None
    encoding: str | None = None
    crs: int | str | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    level_asked: bool = False


@dataclass(frozen=True)
class Outline:
    """A feature on the small map: WKB in EPSG:4490 (simplified for drawing), its kind or fate, and its id."""

    wkb: bytes
    kind: str
    id: str = ""


@dataclass(frozen=True)
class Sketch:
    """What the small map shows, from below: the plan's outlines, then the source's features."""

    plan: list[Outline] = field(default_factory=list)
    features: list[Outline] = field(default_factory=list)


@dataclass(frozen=True)
class Ready:
    """An import is worked out and can be looked at.

    Attributes
    ----------
    suggested
        Whether nobody chose the table.
    stamp
        By what a later change of the plan file is known.
    """

    options: Options
    proposal: Proposal
    report: ImportReport
    sketch: Sketch
    suggested: bool
    stamp: tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """Something has to be decided first: ``layer``, ``table``, ``encoding``, ``crs``, ``level`` or ``code``.

    Attributes
    ----------
    choices
        The answers, the likeliest first.
    likely
        The answer that is selected beforehand; None where the planner has to choose one.
    examples
        What the source calls its rows, to be recognised by.
    why
        What makes the question necessary, where it is not always the same.
    """

    options: Options
    option: str
    choices: list[Choice]
    source: Source | None = None
    table: str | None = None
    likely: str | None = None
    examples: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """It cannot be done with these options; the sentence says why."""

    options: Options
    message: Message
    source: Source | None = None
    table: str | None = None


def sentence(message: object) -> str:
    """A sentence of the core in the words of the dialog: where a command line would name an option, a widget."""
    if isinstance(message, Message) and message.id == "intake.set_misfit" and not dict(message.params).get("near"):
        return text("import_dialog.constant_misfit", value=dict(message.params).get("value"))
    if isinstance(message, Message) and has_text(_SAID_OTHERWISE + message.id):
        return str(Message(_SAID_OTHERWISE + message.id, message.params))
    return str(message)


def shortened(message: Message) -> Message:
    """A sentence whose long lists end in an ellipsis; the saved report has them whole."""
    params = []
    for name, value in message.params:
        long = isinstance(value, (list, tuple)) and len(value) > MOST_NAMED
        params.append((name, [*value[:MOST_NAMED], text("import_dialog.and_more")] if long else value))  # type: ignore[index]
    return Message(message.id, tuple(params))


def shown(value: object, field_: Field) -> str:
    """A value of the plan as a planner reads it: code by its caption, lists with commas, yes and no."""
    if value is None:
        return ""
    if field_.type == "boolean":
        return text("import_dialog.yes" if value else "import_dialog.no")
    if field_.codes is not None:
        caption = f"codes.{field_.codes}.{value}"
        return text(caption) if has_text(caption) else str(value)
    if field_.is_list:
        return text("import_dialog.comma").join(read_list(value))
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


def no_mnemonic(caption: str) -> str:
    """A caption for screen readers: without mnemonic and colon."""
    return re.sub(r"\s*\(&\w\)|&", "", caption).rstrip(":：… ")
