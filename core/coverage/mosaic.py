"""The zones and key areas of a plan as one mosaic, and what an action makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely

from ..plan.tables import Array
from ..texts import Message


@dataclass(frozen=True)
class Tiles:
    """The features of one layer.

    Attributes
    ----------
    names
        What the planner calls each of the n features.
    geometry
        ``(n,)`` valid polygons or multipolygons, EPSG:4490; null ones are None.
    """

    names: Sequence[str]
    geometry: Array

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True)
class Mosaic:
    """Zones, key areas, and the position of each key area's zone (-1 where it names none)."""

    zones: Tiles
    areas: Tiles
    zone_of_area: Sequence[int]


@dataclass(frozen=True)
class Outcome:
    """What an action would make of a mosaic; nothing is changed yet.

    Attributes
    ----------
    zones, areas
        Position → new geometry, of the features that change (None for a key area of which nothing is left).
    new_zones
        ``(position of the zone it was part of, geometry)`` of each zone that is split off.
    removed_zones
        Positions of zones that are merged into others.
    questions
        What has to be asked before: a zone that would be in pieces, a key area that would leave its zone …
    remarks
        What should be said.
    """

    zones: Mapping[int, shapely.Geometry] = field(default_factory=dict)
    areas: Mapping[int, shapely.Geometry | None] = field(default_factory=dict)
    new_zones: Sequence[tuple[int, shapely.Geometry]] = ()
    removed_zones: Sequence[int] = ()
    questions: Sequence[Message] = ()
    remarks: Sequence[Message] = ()
