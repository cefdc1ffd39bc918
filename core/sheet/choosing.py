"""The projects that sheets are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from ..errors import PlannerError
from ..plan.tables import Rows
from ..texts import Message
from .runs import ProjectRun


def codes_of(written: str) -> list[str]:
    """The codes named in a text such as ``A1,A2``, each once."""
    return list(dict.fromkeys(code for code in (c.strip() for c in re.split("[,，;；、\n]", written)) if code))


def chosen_projects(projects: Rows, written: str) -> list[int] | None:
    """Positions of the projects whose codes a text names, in its order; None where it names none.

    A code that several projects have stands for all of them.

    Raises
    ------
    PlannerError
        If a code is not among the plan's; the nearest that are, are named.
    """
    positions: dict[str, list[int]] = {}
    for position, code in enumerate(projects["code"]):
        if code is not None:
            positions.setdefault(str(code), []).append(position)
    # a code may hold a comma itself
    codes = [written.strip()] if written.strip() in positions else codes_of(written)
    if not codes:
        return None
    for code in codes:
        if code not in positions:
            near = get_close_matches(code, positions, 5, 0.3) or sorted(positions)[:8]
            raise PlannerError("sheet.no_such_project", code=code, known=near or [Message.of("sheet.no_codes")])
    return [position for code in codes for position in positions[code]]


def of_features(projects: Rows, fids: Iterable[int]) -> list[int]:
    """Positions of the projects with some feature ids, in the order of the table."""
    wanted = set(fids)
    return [position for position, fid in enumerate(projects.fids.tolist()) if fid in wanted]


def with_findings(runs: list[ProjectRun]) -> list[int]:
    """Positions of the projects of which there is something to say."""
    return [position for position, run in enumerate(runs) if run.result.findings]
