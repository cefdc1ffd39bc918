"""Papers whose files were moved: the same file is looked for under the plan's folder, and offered."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ..errors import Cancelled, PlannerError
from ..store.project_papers import Paper
from .attached import is_missing
from .files import digest, is_plan_itself
from .media import is_database
from .places import same_name

#: Files looked at under one folder at most: a plan in the root of a disk must not mean a search of the disk.
MOST_FILES = 100_000


@dataclass(frozen=True)
class Found:
    """A file that may be a missing paper's.

    Attributes
    ----------
    is_same
        Whether its content is the paper's; else only its name is.
    """

    paper: Paper
    file: Path
    is_same: bool


def find_missing(
    plan: str | PathLike[str],
    papers: Sequence[Paper],
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Found]:
    """Look for the files of missing papers under a folder, by default the plan's own.

    Returns
    -------
    list of Found
        For each missing paper that something was found for, the best: the same content before the same name only, the
        same name before another one.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    missing = [paper for paper in papers if is_missing(plan, paper)]
    if not missing:
        return []
    sizes = {paper.size for paper in missing}
    best: dict[int, tuple[int, Found]] = {}
    digests: dict[Path, str | None] = {}
    looked_at = 0
    for place, folders, names in os.walk(folder or Path(plan).absolute().parent):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            looked_at += 1
            if cancelled():
                raise Cancelled
            if looked_at > MOST_FILES:
                return [found for _, found in best.values()]
            file = Path(place) / name
            size = _size(file)
            alike = [p for p in missing if same_name(p.name, name)]
            if size is None or (size not in sizes and not alike) or is_plan_itself(Path(plan), file):
                continue
            for paper in missing:
                is_same = paper.size == size and _has_content(paper, file, digests)
                if is_same or paper in alike:
                    rank = 2 * (not is_same) + (paper not in alike)
                    if paper.id not in best or rank < best[paper.id][0]:
                        best[paper.id] = (rank, Found(paper, file, is_same))
    return [found for _, found in best.values()]


def _has_content(paper: Paper, file: Path, digests: dict[Path, str | None]) -> bool:
    if paper.sha256 is None or is_database(file.name):
        return False
    if file not in digests:
        try:
            digests[file] = digest(file)
        except PlannerError:  # nobody may read it: then it cannot be offered as the same
            digests[file] = None
    return digests[file] == paper.sha256


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None
