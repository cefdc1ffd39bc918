"""All projects of a plan, to find which of them a project overlaps; they may change one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..plan.tables import object_array
from .projects import Projects

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Met:
    """Pairs of a query polygon and a part of a project whose boxes meet.

    ``query`` ``(k,)`` positions of query polygons; ``parts`` ``(k,)`` the projects' single polygons, ``nth`` which of
    its project's parts each is, ``owner`` the project's position in `OtherProjects`.
    """

    query: Array
    parts: Array
    nth: Array
    owner: Array


class OtherProjects:
    """The projects as they were first given, and what was told of them since.

    Attributes
    ----------
    projects
        The projects first given.
    fids, codes, names
        By position; a project keeps its position whatever is told of it, and a new one comes last.
    """

    def __init__(self, projects: Projects) -> None:
        self.projects = projects
        self.fids, self.codes, self.names = projects.rows.fids, projects.rows["code"], projects.rows["name"]
        self._first = _Parts(projects.polygons.parts, projects.polygons.owner)
        self._stands = np.ones(len(projects), bool)
        self._position: dict[int, int] = {}
        self._told: dict[int, Array] = {}
        self._later = _Parts(np.empty(0, object), np.empty(0, np.intp))

    @property
    def is_changed(self) -> bool:
        """Whether anything was told."""
        return bool(self._position)

    def put(self, projects: Projects) -> None:
        """These projects are now so; those that were not there before are new."""
        positions = self._positions()
        rows, polygons = projects.rows, projects.polygons
        at = np.array([positions.setdefault(fid, len(positions)) for fid in rows.fids.tolist()], np.intp)
        more = len(positions) - len(self.fids)
        self.fids = np.append(self.fids, np.zeros(more, np.int64))
        self.codes, self.names = (np.append(a, object_array([None] * more)) for a in (self.codes, self.names))
        self._stands = np.append(self._stands, np.zeros(more, bool))
        self.fids[at], self.codes[at], self.names[at] = rows.fids, rows["code"], rows["name"]
        self._stands[at] = False
        ends = np.searchsorted(polygons.owner, np.arange(len(rows) + 1))
        self._told.update((p, polygons.parts[a:b]) for p, a, b in zip(at.tolist(), ends.tolist(), ends[1:].tolist()))
        self._gather()

    def remove(self, fids: Iterable[int]) -> None:
        """These projects are no more; unknown ones are passed over."""
        positions = self._positions()
        for fid in fids:
            at = positions.get(fid)
            if at is not None:
                self._stands[at] = False
                self._told.pop(at, None)
        self._gather()

    def meeting(self, polygons: Array) -> Met:
        """Which parts of projects' boxes meet the boxes of some single polygons."""
        first = self._first.meeting(polygons)
        if not self.is_changed:
            return first
        stands = self._stands[first.owner]
        later = self._later.meeting(polygons)
        return Met(
            np.concatenate([first.query[stands], later.query]),
            np.concatenate([first.parts[stands], later.parts]),
            np.concatenate([first.nth[stands], later.nth]),
            np.concatenate([first.owner[stands], later.owner]),
        )

    def _positions(self) -> dict[int, int]:
        if not self._position:
            self._position = {fid: at for at, fid in enumerate(self.fids.tolist())}
        return self._position

    def _gather(self) -> None:
        owners = sorted(self._told)
        counts = [len(self._told[at]) for at in owners]
        parts = np.concatenate([np.empty(0, object), *(self._told[at] for at in owners)])
        self._later = _Parts(parts, np.repeat(np.array(owners, np.intp), counts))


class _Parts:
    """Single polygons of projects, indexed."""

    def __init__(self, parts: Array, owner: Array) -> None:
        self._parts, self._owner = parts, owner
        self._nth = nth_parts(owner)
        self._tree = shapely.STRtree(parts)

    def meeting(self, polygons: Array) -> Met:
        query, part = self._tree.query(polygons)
        return Met(query, self._parts[part], self._nth[part], self._owner[part])


def nth_parts(owner: Array) -> Array:
    """Which of its owner's parts each is; ``owner`` ``(m,)`` is in order."""
    numbers: Array = np.arange(len(owner)) - np.searchsorted(owner, owner)
    return numbers
