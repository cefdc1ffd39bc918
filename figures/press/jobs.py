"""What is to be printed, as plain data: handed from the preparing of figures to their printing, maybe in another process.

The printing process answers with one line of JSON an event (`Event`):

    {"event": "step",    "share": 0.25, "text": "图8：图8_本溪市生态修复分区图.pdf"}   what it starts on; share of the jobs done
    {"event": "written", "file": "图8_本溪市生态修复分区图.pdf"}                     stands whole in the order's folder
    {"event": "skipped", "text": "…"}                                              left out, and why
    {"event": "failed",  "text": "…"}                                              the last event: nothing more is written
    {"event": "done",    "written": 3, "skipped": 1}                               the last event: all is well
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ...core.texts import Message

#: What a figure is written as, in the order in which it is.
FORMATS = ("pdf", "png", "svg", "geopdf", "geotiff")
STEP, WRITTEN, SKIPPED, FAILED, DONE = "step", "written", "skipped", "failed", "done"


@dataclass(frozen=True)
class PrintJob:
    """One layout, or one page of its atlas, in one format.

    Attributes
    ----------
    layout
        Its name in the project.
    figure
        The figure's number.
    format
        One of `FORMATS`.
    file
        The file's name in the order's folder; empty where the page is only bound.  A layout of several pages makes
        ``NAME_2.png`` beside ``NAME.png``.
    title
        Of the document and of its bookmark.
    page
        Which page of the atlas, from 0; None for a layout without one.
    bound
        Whether it goes into the bound document too (PDF only).
    under
        The bookmark that its own stands beneath: a county's page, its figure.  Empty for none.
    """

    layout: str
    figure: int
    format: str
    file: str
    title: str
    page: int | None = None
    bound: bool = False
    under: str = ""


@dataclass(frozen=True)
class Binding:
    """The bound document: file name, title and who compiled it."""

    file: str
    title: str
    author: str = ""


@dataclass(frozen=True)
class Prepared:
    """One figure laid out in the project, or left out.

    Attributes
    ----------
    figure, title
        Its number and its title.
    step, steps
        Which one of how many, from 1.
    jobs
        What is to be printed of it; empty where it is left out.
    skipped
        What of it is left out, and why.
    notes
        What the planner should know besides.
    binding
        The bound document, the same in every step; None where none is wanted.
    """

    figure: int
    title: str
    step: int
    steps: int
    jobs: tuple[PrintJob, ...] = ()
    skipped: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    binding: Binding | None = None


@dataclass(frozen=True)
class PrintOrder:
    """Everything the printing needs to know.

    Attributes
    ----------
    folder
        Where the files go.
    jobs
        In order.
    binding
        The bound document, or None.
    force
        Whether files that exist are replaced.
    language
        Of what is said.
    project
        The snapshot of the project (``.qgs``) that the printing process reads; empty within one process.
    """

    folder: str
    jobs: tuple[PrintJob, ...]
    binding: Binding | None = None
    force: bool = False
    language: str = "zh"
    project: str = ""

    def as_json(self) -> str:
        """The order as text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, written: str) -> PrintOrder:
        """An order from its text; ValueError, KeyError or TypeError where it is none."""
        found: dict[str, Any] = json.loads(written)
        binding = Binding(**found["binding"]) if found.get("binding") else None
        jobs = tuple(PrintJob(**job) for job in found["jobs"])
        return cls(**{**found, "jobs": jobs, "binding": binding})


@dataclass(frozen=True)
class Event:
    """What the printing says (see above); fields that an event does not have are empty."""

    event: str
    text: str = ""
    file: str = ""
    share: float = 0.0
    written: int = 0
    skipped: int = 0

    def as_line(self) -> str:
        """One line of JSON, without its end."""
        shown = {k: v for k, v in asdict(self).items() if v or k in ("event", *_FIELDS[self.event])}
        return json.dumps(shown, ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Event | None:
        """The event of a line, or None where the line is something else, such as a library's warning."""
        try:
            found = json.loads(line)
            return cls(**found) if found.get("event") in _FIELDS else None
        except (ValueError, TypeError, AttributeError):
            return None


_FIELDS = {
    STEP: ("share", "text"),
    WRITTEN: ("file",),
    SKIPPED: ("text",),
    FAILED: ("text",),
    DONE: ("written", "skipped"),
}


@dataclass
class Exported:
    """What came of it.

    Attributes
    ----------
    files
        Written, in order.
    skipped
        What was left out, and why.
    notes
        What the planner should know besides.
    """

    files: list[Path] = field(default_factory=list)
    skipped: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    #: The sentence with both counts.
    summary: ClassVar[str] = "figures.summary"

    def messages(self) -> list[Message]:
        """Everything worth telling at the end."""
        count = Message.of(self.summary, written=len(self.files), skipped=len(self.skipped))
        return [*dict.fromkeys(self.notes), *self.skipped, count]
