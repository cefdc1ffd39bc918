"""The appendix's tables of a plan as files."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..store.plan_file import read_plan
from ..tables.contents import READ, appendix_of
from ..tables.writing import FORMATS, TablesWritten, formats_of, write_appendix
from ..texts import Message


def run(
    plan: str | PathLike[str],
    folder: str | PathLike[str],
    formats: str = ",".join(FORMATS),
    force: bool = False,
    progress: Callable[[float, Message], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TablesWritten:
    """Write tables 1 to 3 of a plan; the plan is only read.

    Parameters
    ----------
    folder
        Where the files go; made where it is missing.
    formats
        As ``xlsx,csv,odt``.
    force
        Whether files that exist are replaced; else they are kept and listed.

    Raises
    ------
    PlannerError
        If the plan cannot be read or has nothing for any table, a format is unknown, or the folder cannot be written.
    """
    path = Path(plan)
    chosen = formats_of(formats)
    appendix = appendix_of(read_plan(path, set(READ)))
    if not appendix.files:
        raise PlannerError("tables.nothing", plan=path.name)
    return write_appendix(appendix, Path(folder), chosen, force, progress, cancelled)
