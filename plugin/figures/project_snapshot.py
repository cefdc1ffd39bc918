"""A copy of the project as it stands, for another process to read; the project itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsProject

from ...core.errors import PlannerError


def take_snapshot(project: QgsProject, folder: Path) -> Path:
    """Write a project as it stands in memory into a file of its own.

    QGIS writes a project only under the project's own name and then takes it for saved.  So nobody is told (the window's
    title, the list of recent projects and other plugins listen), and name and state are put back.

    Returns
    -------
    Path
        The ``.qgs`` file.

    Raises
    ------
    PlannerError
        If it cannot be written; the sentence says why.
    """
    file = folder / "project.qgs"
    with _unnoticed(project):
        written = project.write(str(file))
        reason = project.error()
    if not written or not file.is_file():
        raise PlannerError("figures_dialog.no_snapshot", folder=str(folder), reason=reason)
    return file


@contextmanager
def _unnoticed(project: QgsProject) -> Iterator[None]:
    name, dirty = project.fileName(), project.isDirty()
    blocked = project.blockSignals(True)
    try:
        yield
    finally:
        project.setFileName(name)
        project.setDirty(dirty)
        project.blockSignals(blocked)
