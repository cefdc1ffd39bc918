"""How a project and its papers stand in the dialog, read from the plan and the files as they are now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsFeature

from ...core.errors import PlannerError
from ...core.papers.attached import content, is_missing
from ...core.papers.media import is_picture
from ...core.papers.places import is_outside, resolved, stored_path
from ...core.store.project_papers import Paper
from ...core.texts import text
from ...ui.papers_dialog.values import ShownPaper


def shown(plan: Path, paper: Paper) -> ShownPaper:
    """A paper with where its file is, and what a small picture of it is made of."""
    file = resolved(plan, paper.path) if paper.path is not None else None
    gone = is_missing(plan, paper)
    picture: Callable[[], Path | bytes] | None = None
    if is_picture(paper.name) and not gone:
        picture = (lambda: content(plan, paper.id)) if file is None else (lambda: file)
    return ShownPaper(paper, file, gone, paper.path is not None and is_outside(plan, paper.path), picture)


def title_of(feature: QgsFeature) -> str:
    """A project's code and name."""
    named = [feature[name] for name in ("code", "name") if feature.fields().indexOf(name) >= 0]
    return "  ".join(str(value) for value in named if value) or text("dock.no_code")


def lies_outside(plan: Path, file: Path) -> bool:
    """Whether a file to be attached does not lie below the plan's folder."""
    try:
        return is_outside(plan, stored_path(plan, file))
    except PlannerError:  # on another machine, or of an odd name: that is said when it is attached
        return True
