"""Handing papers to the programs that open them; what a plan holds is written into a folder that goes with the window."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ...core.errors import PlannerError
from ...core.file_names import plain_name
from ...core.papers.attached import content, where
from ...core.papers.media import may_be_opened
from ...core.store.project_papers import Paper


class OpenedPapers:
    """Papers that were opened from one window of QGIS."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self, plan: Path, paper: Paper) -> None:
        """Open a paper with the system's program for its kind.

        Raises
        ------
        PlannerError
            If its kind is none that is opened, it is not there or damaged, or no program takes it.
        """
        file = where(plan, paper) if not paper.is_inside else None
        name = paper.name if file is None else file.name
        if not may_be_opened(name):
            raise PlannerError("papers.ui.not_opened", name=name)
        if file is None:
            file = self._written(plan, paper)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            raise PlannerError("papers.ui.no_program", name=name)

    def close(self) -> None:
        """Remove what was written; a file that its program still holds stays with the system's temporary files."""
        if self._folder is not None:
            for file in Path(self._folder.name).rglob("*"):
                os.chmod(file, stat.S_IRWXU)  # Windows removes nothing that is read-only
            try:
                self._folder.cleanup()
            except OSError:
                self._folder._finalizer.detach()  # type: ignore[attr-defined]  # else it is tried, and told, again
            self._folder = None

    def _written(self, plan: Path, paper: Paper) -> Path:
        """A copy that nobody changes by mistake: what is saved there would not come back into the plan."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="papers-")
        own = Path(self._folder.name) / str(paper.id)
        own.mkdir(exist_ok=True)
        suffix = Path(paper.name).suffix
        file = own / f"{plain_name(Path(paper.name).stem, 100) or 'paper'}{suffix}"
        if file.exists():
            os.chmod(file, stat.S_IRWXU)
        file.write_bytes(content(plan, paper.id))
        os.chmod(file, stat.S_IRUSR)
        return file
