"""Projects made ready for the check: repaired, measured, split into parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..geometry.area import ellipsoidal_area
from ..geometry.overlap import Polygons
from ..geometry.parallel import never
from ..geometry.repair import repair
from ..plan.lists import read_list
from ..plan.tables import Rows
from ..texts import Message, has_text

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Projects:
    """The project table as the rules see it.

    Attributes
    ----------
    rows
        The table.
    geometry
        ``(n,)`` valid polygons or multipolygons; None where there is nothing to measure.
    faults
        Position → what had to be mended before measuring.
    unusable
        Position → why a geometry that is not simply absent cannot be measured.
    area_m2
        ``(n,)`` ellipsoidal area; nan without geometry.
    polygons
        The geometries split into parts.
    """

    rows: Rows
    geometry: Array
    faults: dict[int, Message]
    unusable: dict[int, Message]
    area_m2: Array
    polygons: Polygons
    _named: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def prepare(cls, rows: Rows, cancelled: Callable[[], bool] = never) -> Projects:
        """Repair, measure and split; the rows keep what they hold."""
        stored = rows.geometry if rows.geometry is not None else np.full(len(rows), None, dtype=object)
        geometry, reasons = repair(stored, cancelled)
        faults = {position: told(reason) for position, reason in reasons.items()}
        for position, message_id in rows.damage.items():
            faults[position] = Message.of(message_id)
        lost = shapely.is_missing(geometry)
        unusable = {p: reason for p, reason in faults.items() if lost[p]}
        faults = {p: reason for p, reason in faults.items() if not lost[p]}
        return cls(rows, geometry, faults, unusable, ellipsoidal_area(geometry), Polygons.of(geometry))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def sited(self) -> Array:
        """``(n,)`` boolean: which have a geometry that can be measured."""
        return ~shapely.is_missing(self.geometry)

    def named(self, list_field: str) -> list[tuple[str, ...]]:
        """The entries of a list field, project by project."""
        found = self._named.get(list_field)
        if found is None:
            read: dict[object, tuple[str, ...]] = {}
            found = []
            for value in self.rows[list_field]:
                if value not in read:
                    read[value] = read_list(value)
                found.append(read[value])
            self._named[list_field] = found
        return found


def told(reason: str) -> Message:
    """GEOS's reason for an invalid geometry, such as ``Self-intersection[124.1 41.2]``, as a sentence."""
    kind, _, place = reason.partition("[")
    words = re.sub("[^a-z]+", "_", kind.strip().lower()).strip("_")
    numbers = [float(n) for n in re.findall(r"[-+0-9.eE]+", place)[:2]]
    if has_text(f"geometry.{words}") and len(numbers) == 2:
        where = f"{numbers[0]:.6f}, {numbers[1]:.6f}"
        return Message.of("geometry.at", reason=Message.of(f"geometry.{words}"), place=where)
    return (
        Message.of(f"geometry.{words}")
        if has_text(f"geometry.{words}")
        else Message.of("geometry.other", reason=reason)
    )
