"""Where names and numbers stand on a map: inside what they name, else beside it with a line to it; none left out.

QGIS's own placing drops a label that it finds no room for.  What a figure is about (zones, key areas, projects,
counties) is placed here instead, and QGIS keeps rivers and towns off it.  Everything is in millimetres of the map's
frame, from its lower left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[Any]

#: Places tried along the width and the height of a shape.
_GRID = 28
#: Vertices nearer than this to a line through their neighbours do not matter for names.
_DETAIL_MM = 0.25
#: Rings and directions tried around a site, and the distance between rings.
_RINGS, _DIRECTIONS, _RING_MM = 44, 24, 2.0
#: A line to a plate that is nearer than this would not be seen.
_SHORTEST_LEADER_MM = 1.2
#: Places that are compared where a leader is needed; what a hidden and a crossed leader cost in distance.
_LEADERS_TRIED, _UNDER_A_PLATE_MM, _ACROSS_MM = 300, 12.0, 8.0


@dataclass(frozen=True)
class Wording:
    """One way to write a label: its lines, the box that they need, and the size of type against the usual."""

    words: str
    width: float
    height: float
    size: float = 1.0


@dataclass(frozen=True)
class Place:
    """A label with the middle of its box, and where its leader ends (None: it needs none)."""

    wording: Wording
    x: float
    y: float
    leader: tuple[float, float] | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        w, h = self.wording.width / 2, self.wording.height / 2
        return (self.x - w, self.y - h, self.x + w, self.y + h)


@dataclass
class Sheet:
    """The map's frame and what is taken on it already.

    Attributes
    ----------
    width, height
        Of the frame in millimetres.
    places
        Labels placed so far; their boxes are taken.
    """

    width: float
    height: float
    places: list[Place] = field(default_factory=list)

    def shows(self, shape: Any) -> bool:
        """Whether anything of a shape is on the map."""
        return bool(shapely.intersects(shape, shapely.box(0, 0, self.width, self.height)))

    def inside(self, shape: Any, wordings: Sequence[Wording], avoid: Sequence[Any] = ()) -> Place | None:
        """The first wording that fits into a shape without touching another label, as far from its edge as may be.

        Parameters
        ----------
        shape
            Polygon or multipolygon.
        wordings
            The best first.
        avoid
            Geometries to keep off; of several the first that leaves a place.
        """
        seen = _plain(shapely.clip_by_rect(shape, 0, 0, self.width, self.height))
        if seen.is_empty:
            return None
        centres = _grid_inside(seen)
        shapely.prepare(seen)
        for wording in wordings:
            free = centres[self._is_free(centres, wording)]
            boxes = _boxes(free, wording)
            fits = shapely.contains_properly(seen, boxes)
            free, boxes = free[fits], boxes[fits]
            if not len(free):
                continue
            for ground in avoid:
                clear = ~shapely.intersects(ground, boxes)
                if clear.any():
                    free, boxes = free[clear], boxes[clear]
                    break
            room = shapely.distance(boxes, seen.boundary)
            middle = shapely.get_coordinates(seen.centroid)[0]
            best = int(np.argmax(np.minimum(room, 4) - 0.03 * np.hypot(*(free - middle).T)))
            return self._take(Place(wording, float(free[best][0]), float(free[best][1])))
        return None

    def over(self, shape: Any, wording: Wording) -> Place:
        """With its middle in a shape, wherever it hides least of other labels."""
        seen = _plain(shapely.clip_by_rect(shape, 0, 0, self.width, self.height))
        centres = _grid_inside(seen if not seen.is_empty else _plain(shape))
        free = centres[self._is_free(centres, wording)]
        if not len(free):
            free = centres
        middle = shapely.get_coordinates(shape.centroid)[0]
        best = int(np.argmin(np.hypot(*(free - middle).T)))
        return self._take(Place(wording, float(free[best][0]), float(free[best][1])))

    def beside(self, shape: Any, wording: Wording, avoid: Any = None, near: bool = True) -> Place:
        """The nearest free place around a shape, with a line to it where it does not stand close by.

        Parameters
        ----------
        shape
            What is labelled; small.
        wording
            What is written.
        avoid
            What must not be hidden, if there is any room elsewhere.
        near
            Whether the shape's own edge is where the search begins, else its middle.
        """
        target = shapely.point_on_surface(shape)
        x, y = shapely.get_coordinates(target)[0]
        west, south, east, north = shapely.bounds(shape) if near else (x, y, x, y)
        turns = np.linspace(0, 2 * np.pi, _DIRECTIONS, endpoint=False)
        rings = np.arange(_RINGS) * _RING_MM
        reach_x = (east - west) / 2 + wording.width / 2 + 0.5 + rings
        reach_y = (north - south) / 2 + wording.height / 2 + 0.5 + rings
        centres = np.column_stack(
            [
                ((west + east) / 2 + reach_x[:, None] * np.cos(turns)[None, :]).ravel(),
                ((south + north) / 2 + reach_y[:, None] * np.sin(turns)[None, :]).ravel(),
            ]
        )
        free = centres[self._is_free(centres, wording)]
        if avoid is not None and len(free):
            hides = np.zeros(len(free), bool)
            shapely.prepare(avoid)
            boxes = _boxes(free, wording)
            hides = shapely.intersects(avoid, boxes)
            if not hides.all():
                free = free[~hides]
        if not len(free):
            free = np.clip(centres[:1], (wording.width / 2, wording.height / 2), None)
        apart = shapely.distance(_boxes(free, wording), shape)
        best = int(np.argmin(apart))
        if apart[best] <= _SHORTEST_LEADER_MM:
            return self._take(Place(wording, float(free[best][0]), float(free[best][1])))
        nearest = np.argsort(apart, kind="stable")[:_LEADERS_TRIED]
        best = int(nearest[np.argmin(apart[nearest] + self._tangled(free[nearest], wording, (x, y)))])
        return self._take(Place(wording, float(free[best][0]), float(free[best][1]), (float(x), float(y))))

    def _tangled(self, centres: Array, wording: Wording, end: tuple[float, float]) -> Array:
        """How many millimetres farther a label may rather stand, so that lines and plates do not cross."""
        cost = np.zeros(len(centres))
        if not self.places:
            return cost
        ends = np.broadcast_to(np.array(end), centres.shape)
        lines = shapely.linestrings(np.stack([centres, ends], axis=1))
        plates = shapely.box(*np.array([place.box for place in self.places]).T)
        under = shapely.STRtree(plates).query(lines, predicate="intersects")
        cost += _UNDER_A_PLATE_MM * np.bincount(under[0], minlength=len(centres))
        led = [place for place in self.places if place.leader is not None]
        if led:
            leaders = shapely.linestrings([[(place.x, place.y), place.leader] for place in led])
            tree = shapely.STRtree(leaders)
            over = tree.query(_boxes(centres, wording), predicate="intersects")
            cost += _UNDER_A_PLATE_MM * np.bincount(over[0], minlength=len(centres))
            across = tree.query(lines, predicate="crosses")
            cost += _ACROSS_MM * np.bincount(across[0], minlength=len(centres))
        return cost

    def _take(self, place: Place) -> Place:
        self.places.append(place)
        return place

    def _is_free(self, centres: Array, wording: Wording) -> Array:
        """Where a label is in the frame and off all others."""
        w, h = wording.width / 2, wording.height / 2
        x, y = centres[:, 0], centres[:, 1]
        free = (x - w >= 0.5) & (x + w <= self.width - 0.5) & (y - h >= 0.5) & (y + h <= self.height - 0.5)
        if self.places:
            taken = np.array([p.box for p in self.places])
            apart = (
                (x[:, None] + w < taken[:, 0])
                | (x[:, None] - w > taken[:, 2])
                | (y[:, None] + h < taken[:, 1])
                | (y[:, None] - h > taken[:, 3])
            )
            free &= apart.all(axis=1)
        found: Array = free
        return found


def clusters(shape: Any, apart: float) -> list[Any]:
    """The parts of a shape, those nearer to each other than a distance together, the largest first."""
    parts = shapely.get_parts(shape)
    if len(parts) < 2:
        return [shape]
    grown = shapely.get_parts(shapely.union_all(shapely.buffer(parts, apart / 2, quad_segs=4)))
    member = shapely.STRtree(grown).query(shapely.point_on_surface(parts), predicate="intersects")
    groups = [shapely.MultiPolygon(list(parts[member[0][member[1] == k]])) for k in range(len(grown))]
    return sorted((g for g in groups if not g.is_empty), key=lambda g: -g.area)


def _plain(shape: Any) -> Any:
    """A shape without detail that no name can tell."""
    simple = shapely.simplify(shape, _DETAIL_MM)
    return simple if simple.is_valid else shapely.make_valid(simple)


def _grid_inside(shape: Any) -> Array:
    west, south, east, north = shapely.bounds(shape)
    xs, ys = np.meshgrid(np.linspace(west, east, _GRID + 2)[1:-1], np.linspace(south, north, _GRID + 2)[1:-1])
    points = np.column_stack([xs.ravel(), ys.ravel()])
    shapely.prepare(shape)
    within = points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]
    own = shapely.get_coordinates(shapely.point_on_surface(shape))
    found: Array = np.vstack([own, within])
    return found


def _boxes(centres: Array, wording: Wording) -> Array:
    w, h = wording.width / 2, wording.height / 2
    boxes: Array = shapely.box(centres[:, 0] - w, centres[:, 1] - h, centres[:, 0] + w, centres[:, 1] + h)
    return boxes
