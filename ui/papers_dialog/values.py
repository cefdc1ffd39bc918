"""What the dialog shows of a paper, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...core.store.project_papers import Paper
from ...core.texts import text


@dataclass(frozen=True)
class ShownPaper:
    """A paper as it stands in the list.

    Attributes
    ----------
    file
        Where it is on this machine; None where the plan holds it, or its place means nothing here.
    is_missing, is_outside
        Whether the file is not there; whether it lies outside the plan's folder.
    picture
        Gives what a small picture is made of (a file or bytes), in another thread; None where there is nothing to show.
    """

    paper: Paper
    file: Path | None
    is_missing: bool
    is_outside: bool
    picture: Callable[[], Path | bytes] | None


def place_of(shown: ShownPaper) -> str:
    """Where a paper is kept."""
    paper = shown.paper
    if paper.path is None:
        return text("papers.ui.inside")
    if shown.is_missing:
        return text("papers.ui.missing", path=paper.path)
    return text("papers.ui.outside", path=paper.path) if shown.is_outside else paper.path


def size_of(paper: Paper) -> str:
    """A file's size."""
    if paper.size >= 1 << 20:
        return text("papers.ui.megabytes", size=paper.size / (1 << 20))
    return text("papers.ui.kilobytes", size=max(1.0, paper.size / 1024)) if paper.size else "–"


def taken_of(paper: Paper) -> str:
    """When a photo was taken, as the camera's clock said."""
    return (paper.taken_at or "").replace("T", " ")[:16] or "–"


def position_of(paper: Paper) -> str:
    """Where a photo was taken, to about a metre."""
    if paper.longitude is None or paper.latitude is None:
        return "–"
    east, north = "E" if paper.longitude >= 0 else "W", "N" if paper.latitude >= 0 else "S"
    return f"{abs(paper.longitude):.5f}°{east} {abs(paper.latitude):.5f}°{north}"


def added_of(paper: Paper) -> str:
    """When a paper was attached, and by whom."""
    when = paper.added_at.replace("T", " ")[:16]
    if paper.added_by:
        return text("papers.ui.added_by", when=when, who=paper.added_by)
    return text("papers.ui.added", when=when)
