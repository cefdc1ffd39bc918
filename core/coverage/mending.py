"""How each problem of a coverage can be mended: shown first, done when the planner says so.

Around the problem all features first get the same vertices; then ground is added or taken along shared edges, so
that mending one place opens no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..plan.tables import Array
from ..texts import Message
from .bordering import bordering
from .edges import SAME_PLACE
from .faces import SNAP
from .mosaic import Mosaic, Outcome
from .problems import Problem, slivers_of
from .welding import one_per_place, polygonal, weld

#: Ground smaller than this (m²) is not worth a question.
_WORTH_ASKING_M2 = 1.0


@dataclass(frozen=True)
class Mending:
    """One way to mend a problem, and what it would make of the mosaic."""

    caption: Message
    outcome: Outcome


def mendings_of(mosaic: Mosaic, problem: Problem) -> list[Mending]:
    """The ways to mend a problem, the most likely first.

    Parameters
    ----------
    mosaic
        The mosaic as it is now.
    problem
        One that was found in it.

    Returns
    -------
    list of Mending
        Empty where none is safe: nothing would be left of a feature, or there is no neighbour to give ground to.
    """
    made = [(caption, outcome()) for caption, outcome in _WAYS[problem.kind](mosaic, problem)]
    return [Mending(caption, outcome) for caption, outcome in made if outcome is not None]


_Ways = Iterable[tuple[Message, Callable[[], "Outcome | None"]]]


def _of_gap(mosaic: Mosaic, problem: Problem) -> _Ways:
    for rank, (zone, metres) in enumerate(bordering(problem.geometry, mosaic.zones.geometry)):
        key = "coverage_guard.give_gap" if rank else "coverage_guard.give_gap_longest"
        caption = Message.of(key, name=mosaic.zones.names[zone], metres=metres)
        yield caption, lambda zone=zone: _Mended(mosaic, problem.geometry).give([zone]).outcome()  # type: ignore[misc]


def _of_overlap(mosaic: Mosaic, problem: Problem) -> _Ways:
    zones = sorted(problem.zones)
    areas = ellipsoidal_area(mosaic.zones.geometry[zones])
    largest = zones[int(np.argmax(areas))]
    order = [zones[0], *([largest] if largest != zones[0] else []), *(z for z in zones[1:] if z != largest)]
    for zone in order:
        qualities = ["older"] * (zone == zones[0]) + ["larger"] * (zone == largest)
        caption = Message.of(
            "_".join(["coverage_guard.give_overlap", *(["_and_".join(qualities)] if qualities else [])]),
            name=mosaic.zones.names[zone],
        )
        losing = [z for z in zones if z != zone]
        yield caption, lambda losing=losing: _Mended(mosaic, problem.geometry).take(losing).outcome()  # type: ignore[misc]


def _outside_city(mosaic: Mosaic, problem: Problem) -> _Ways:
    names = [mosaic.zones.names[z] for z in problem.zones]
    caption = Message.of("coverage_guard.cut_to_city", names=names)
    yield caption, lambda: _Mended(mosaic, problem.geometry).take(problem.zones).outcome()


def _outside_zone(mosaic: Mosaic, problem: Problem) -> _Ways:
    (area,) = problem.areas
    caption = Message.of("coverage_guard.cut_to_zone", area=mosaic.areas.names[area])
    yield caption, lambda: _Mended(mosaic, problem.geometry).take_from_area(area).outcome()


def _unshared(mosaic: Mosaic, problem: Problem) -> _Ways:
    names = [*(mosaic.zones.names[z] for z in problem.zones), *(mosaic.areas.names[a] for a in problem.areas)]
    caption = Message.of("coverage_guard.share_vertex", names=names, older=names[0])
    yield caption, lambda: _Mended(mosaic, problem.geometry).outcome()


def _of_sliver(mosaic: Mosaic, problem: Problem) -> _Ways:
    if problem.areas:
        (area,) = problem.areas
        caption = Message.of("coverage_guard.drop_sliver", area=mosaic.areas.names[area])
        yield caption, lambda: _Mended(mosaic, problem.geometry).take_from_area(area).outcome()
        return
    (zone,) = problem.zones
    others = mosaic.zones.geometry.copy()
    others[zone] = None
    for heir, metres in bordering(problem.geometry, others)[:1]:
        caption = Message.of("coverage_guard.give_sliver", name=mosaic.zones.names[heir], metres=metres)
        yield caption, lambda heir=heir: _Mended(mosaic, problem.geometry).take([zone]).give([heir]).outcome()  # type: ignore[misc]


_WAYS: dict[str, Callable[[Mosaic, Problem], _Ways]] = {
    "gap": _of_gap,
    "overlap": _of_overlap,
    "outside_city": _outside_city,
    "area_outside_zone": _outside_zone,
    "unshared_vertex": _unshared,
    "sliver": _of_sliver,
}


class _Mended:
    """A mosaic whose features share all vertices around some ground, and what is made of it."""

    def __init__(self, mosaic: Mosaic, ground: shapely.Geometry) -> None:
        self.mosaic = mosaic
        self.zones, self.areas = mosaic.zones.geometry.copy(), mosaic.areas.geometry.copy()
        self.ground = ground
        self.lost: dict[int, float] = {}
        self._share_vertices()

    def _share_vertices(self) -> None:
        places = _places(self.zones, self.areas, self.ground)
        for geometry in (self.zones, self.areas):
            for position in _near(geometry, self.ground).tolist():
                geometry[position] = weld(geometry[position], places)
        if self.ground.geom_type != "Point":
            self.ground = weld(self.ground, places)

    def give(self, zones: Sequence[int]) -> _Mended:
        """Zones get the ground."""
        for zone in zones:
            self.zones[zone] = polygonal(shapely.union(self.zones[zone], self.ground))
        return self

    def take(self, zones: Sequence[int]) -> _Mended:
        """Zones lose the ground, and so do their key areas."""
        for zone in zones:
            self.zones[zone] = polygonal(shapely.difference(self.zones[zone], self.ground))
        for area, home in enumerate(self.mosaic.zone_of_area):
            if home in zones and self.areas[area] is not None and shapely.intersects(self.areas[area], self.ground):
                self.take_from_area(area)
                metres = float(ellipsoidal_area(shapely.intersection(self.mosaic.areas.geometry[area], self.ground)))
                if metres >= _WORTH_ASKING_M2:
                    self.lost[area] = metres
        return self

    def take_from_area(self, area: int) -> _Mended:
        """A key area loses the ground."""
        left = polygonal(shapely.difference(self.areas[area], self.ground))
        self.areas[area] = None if shapely.is_empty(left) else left
        self._share_vertices()  # where its border met the ground's there is a new one
        return self

    def _leave_no_slivers(self) -> None:
        """Slivers that taking ground leaves go to the neighbour with the longest border; of key areas they are dropped."""
        for zone, slivers in self._new_slivers(self.zones, self.mosaic.zones.geometry).items():
            others = self.zones.copy()
            others[zone] = None
            for sliver in slivers:
                for heir, _ in bordering(sliver, others)[:1]:
                    self.zones[zone] = _without_part(self.zones[zone], sliver)
                    self.zones[heir] = polygonal(shapely.union(self.zones[heir], sliver))
                    for area, home in enumerate(self.mosaic.zone_of_area):
                        if home == zone and shapely.intersects(self.areas[area], sliver):
                            self.areas[area] = polygonal(shapely.difference(self.areas[area], sliver))
        for area, slivers in self._new_slivers(self.areas, self.mosaic.areas.geometry).items():
            for sliver in slivers:
                self.areas[area] = _without_part(self.areas[area], sliver)
        for area in _differing(self.areas, self.mosaic.areas.geometry):
            if self.areas[area] is not None and shapely.is_empty(self.areas[area]):
                self.areas[area] = None

    @staticmethod
    def _new_slivers(now: Array, old: Array) -> dict[int, list[shapely.Geometry]]:
        which = _differing(now, old)
        made, known = slivers_of(now[which]), slivers_of(old[which])
        return {
            which[k]: [s for s in slivers if not any(shapely.equals(s, other) for other in known.get(k, []))]
            for k, slivers in made.items()
        }

    def outcome(self) -> Outcome | None:
        """What changed; None where nothing would be left of a zone."""
        old = self.mosaic
        self._leave_no_slivers()
        zones = {k: self.zones[k] for k in _differing(self.zones, old.zones.geometry)}
        areas = {k: self.areas[k] for k in _differing(self.areas, old.areas.geometry)}
        if any(shapely.is_empty(g) for g in zones.values()):
            return None
        questions = [
            Message.of(
                "coverage.area_gone" if self.areas[k] is None else "coverage.area_leaves",
                area=old.areas.names[k],
                km2=metres / 1e6,
            )
            for k, metres in self.lost.items()
        ]
        return Outcome(zones, areas, questions=questions)


def _places(zones: Array, areas: Array, ground: shapely.Geometry) -> Array:
    """Vertices that all borders along some ground should have: the older feature's count more."""
    border = ground if ground.geom_type == "Point" else shapely.boundary(ground)
    found: list[Array] = []
    for geometry in (zones, areas):
        for position in _near(geometry, ground).tolist():
            xy = shapely.get_coordinates(geometry[position])
            west, south, east, north = shapely.bounds(ground) + np.array([-1, -1, 1, 1]) * SAME_PLACE
            xy = xy[(xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)]
            xy = xy[shapely.dwithin(border, shapely.points(xy), SAME_PLACE)]
            if ground.geom_type == "Point" and not found and not len(xy):
                xy = _on_border(geometry[position], ground)
            found.append(xy)
    if ground.geom_type != "Point":
        found.append(shapely.get_coordinates(ground))
    return one_per_place(np.concatenate(found))


def _on_border(geometry: shapely.Geometry, point: shapely.Geometry) -> Array:
    """The place on the oldest border that passes a vertex; the vertex itself where it is on it to 0.1 mm."""
    border = shapely.boundary(geometry)
    if shapely.dwithin(border, point, SNAP):
        return shapely.get_coordinates(point)
    with np.errstate(invalid="ignore"):  # GEOS raises the flag on a ring's own ends, and answers right
        nearest = shapely.shortest_line(border, point)
    return shapely.get_coordinates(nearest)[:1]


def _near(geometry: Array, ground: shapely.Geometry) -> Array:
    return np.flatnonzero(shapely.dwithin(geometry, ground, 2 * SAME_PLACE))


def _without_part(geometry: shapely.Geometry, part: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    return shapely.multipolygons(parts[~shapely.equals(parts, part)])


def _differing(now: Array, old: Array) -> list[int]:
    return [
        k
        for k in range(len(old))
        if now[k] is not old[k]
        and not (now[k] is not None and old[k] is not None and shapely.equals_exact(now[k], old[k], 0.0))
    ]
