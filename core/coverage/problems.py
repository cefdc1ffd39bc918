"""The coverage guard: what is wrong with zones and key areas that should tile the city.

guard = Guard(mosaic, city)
guard.problems()                # all
guard.changed({2: geometry}, {})  # after an edit: all that there are now, found near the edit only
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area, measure
from ..geometry.repair import repair
from ..plan.tables import Array
from ..texts import Message
from .area_faults import AreaFaults, find_area_faults, update_area_faults
from .bordering import bordering
from .edges import GEOS_KNOWS_COVERAGES, SAME_PLACE, changed_boxes
from .faults import Faults, Ground, find_faults, ground_of, update_faults
from .mosaic import Mosaic, Tiles

if TYPE_CHECKING:
    from .mending import Mending

#: All kinds, as they are listed.
KINDS = ("gap", "overlap", "outside_city", "area_outside_zone", "unshared_vertex", "sliver")
#: A part of a feature smaller or narrower than this is a sliver.
SLIVER_M2 = 10.0
SLIVER_WIDTH_M = 0.05
#: Degrees that are more than one metre everywhere in China.
_MORE_THAN_A_METRE = 2e-5


#: Kind, zones and ground of a piece of a faulty face.
_Piece = tuple[str, tuple[int, ...], shapely.Geometry]


@dataclass(frozen=True)
class Problem:
    """One fault of the coverage.

    Attributes
    ----------
    kind
        One of `KINDS`.
    zones, areas
        Positions of the zones and key areas concerned; of a gap its neighbours, longest shared border first.
    geometry
        The ground concerned, or the point of an unshared vertex; EPSG:4490.
    area_m2
        Ellipsoidal area of it; 0 for a point.
    mosaic
        In which it was found.
    """

    kind: str
    zones: tuple[int, ...]
    areas: tuple[int, ...]
    geometry: shapely.Geometry
    area_m2: float
    mosaic: Mosaic = field(repr=False, compare=False)

    def message(self) -> Message:
        """What is wrong, where, and how large it is."""
        zones = [self.mosaic.zones.names[z] for z in self.zones]
        areas = [self.mosaic.areas.names[a] for a in self.areas]
        names, size = [*zones, *areas], size_of(self.area_m2)
        kind = self.kind
        if kind == "gap" and not zones:
            return Message.of("coverage_guard.gap_alone", size=size)
        if kind == "gap" and len(zones) == 1:
            kind = "gap_beside"
        elif kind == "sliver" and areas:
            kind = "sliver_of_area"
        return Message.of(f"coverage_guard.{kind}", names=names, size=size)

    @property
    def mendings(self) -> list[Mending]:
        """What can be done about it, the most likely first; nothing is changed yet."""
        from .mending import mendings_of

        return mendings_of(self.mosaic, self)


@dataclass
class _Memory:
    """What was found out about faulty ground and holds until an edit comes near it."""

    pieces: dict[shapely.Geometry, list[_Piece]] = field(default_factory=dict)
    borders: dict[shapely.Geometry, list[int]] = field(default_factory=dict)

    def forget(self, edited: Array) -> None:
        """Forget what lies near edits (boxes)."""
        for known in (self.pieces, self.borders):
            polygons = np.array(list(known), dtype=object)
            if len(polygons) and len(edited):
                _, near = shapely.STRtree(polygons).query(edited, predicate="dwithin", distance=2 * SAME_PLACE)
                for polygon in polygons[np.unique(near)]:
                    del known[polygon]


class Guard:
    """Keeps what is known of a mosaic's faults, so that after an edit only the surroundings are looked at.

    Parameters
    ----------
    mosaic
        Zones and key areas, EPSG:4490; invalid ones are looked at as `repair` understands them.
    city
        The outline they should fill; without it the zones' own outer edge is taken as right.
    """

    def __init__(self, mosaic: Mosaic, city: shapely.Geometry | None = None) -> None:
        self._start(mosaic, city, GEOS_KNOWS_COVERAGES)

    def _start(self, mosaic: Mosaic, city: shapely.Geometry | None, ask_geos: bool) -> None:
        mosaic = replace(mosaic, zones=_valid(mosaic.zones), areas=_valid(mosaic.areas))
        self._mosaic = mosaic
        self._ground = ground_of(mosaic.zones.geometry, city)
        self._faults = find_faults(self._ground, ask_geos)
        self._area_faults = find_area_faults(self._ground, mosaic.areas.geometry, mosaic.zone_of_area)
        self._memory = _Memory()
        self._slivers = [slivers_of(mosaic.zones.geometry), slivers_of(mosaic.areas.geometry)]

    @property
    def mosaic(self) -> Mosaic:
        """The zones and key areas as they are now."""
        return self._mosaic

    def problems(self) -> list[Problem]:
        """All faults there are now."""
        return _problems(self._mosaic, self._ground, self._faults, self._area_faults, self._slivers, self._memory)

    def changed(
        self, zones: Mapping[int, shapely.Geometry], areas: Mapping[int, shapely.Geometry | None]
    ) -> list[Problem]:
        """All faults there are after some features got other geometry.

        Where zones were added or removed, start a new guard: their positions are others.
        """
        before, mosaic = self._mosaic, self._mosaic
        mosaic = replace(mosaic, zones=_with(mosaic.zones, zones), areas=_with(mosaic.areas, areas))
        ground = ground_of(mosaic.zones.geometry, self._ground.city, self._ground)
        if zones:
            self._faults = update_faults(self._ground, ground, self._faults)
        edited = changed_boxes(self._ground.edges, ground.edges)
        self._memory.forget(edited)
        self._area_faults = update_area_faults(
            ground,
            edited,
            before.areas.geometry,
            mosaic.areas.geometry,
            mosaic.zone_of_area,
            self._area_faults,
        )
        for slivers, tiles, edited in zip(self._slivers, (mosaic.zones, mosaic.areas), (zones, areas)):
            which = np.array(sorted(edited), np.int64)
            found = slivers_of(tiles.geometry[which])
            slivers.update({int(which[k]): found.get(k, []) for k in range(len(which))})
        self._mosaic, self._ground = mosaic, ground
        return self.problems()


def find_problems(
    mosaic: Mosaic, city: shapely.Geometry | None = None, ask_geos: bool = GEOS_KNOWS_COVERAGES
) -> list[Problem]:
    """All faults of a mosaic.

    Parameters
    ----------
    mosaic, city
        As of `Guard`.
    ask_geos
        Whether GEOS's own coverage functions (3.12 or later) have the first look; the answers are the same.
    """
    guard = Guard.__new__(Guard)
    guard._start(mosaic, city, ask_geos)
    return guard.problems()


def size_of(metres: float) -> Message:
    """An area in m², or km² where it is large."""
    if metres >= 1e5:
        return Message.of("coverage_guard.square_kilometres", value=metres / 1e6)
    return Message.of("coverage_guard.square_metres", value=metres)


def slivers_of(geometries: Array) -> dict[int, list[shapely.Geometry]]:
    """Parts smaller than `SLIVER_M2` or narrower than `SLIVER_WIDTH_M`, by position of the feature."""
    parts, of = shapely.get_parts(geometries, return_index=True)
    area, length = shapely.area(parts), shapely.length(parts)
    suspect = (2 * area < SLIVER_WIDTH_M * _MORE_THAN_A_METRE * length) | (area < SLIVER_M2 * _MORE_THAN_A_METRE**2)
    parts, of = parts[suspect], of[suspect]
    metres, perimeter = measure(parts)
    is_sliver = (metres < SLIVER_M2) | (2 * metres < SLIVER_WIDTH_M * perimeter)
    found: dict[int, list[shapely.Geometry]] = {}
    for position, part in zip(of[is_sliver].tolist(), parts[is_sliver]):
        found.setdefault(position, []).append(part)
    return found


def _problems(
    mosaic: Mosaic,
    ground: Ground,
    faults: Faults,
    of_areas: AreaFaults,
    slivers: list[dict[int, list[shapely.Geometry]]],
    memory: _Memory,
) -> list[Problem]:
    found: list[tuple[str, Iterable[int], Iterable[int], shapely.Geometry]] = []
    for kind, zones, polygon in _kinds(ground, faults.faces, memory):
        if kind == "gap":
            if polygon not in memory.borders:
                memory.borders[polygon] = [zone for zone, _ in bordering(polygon, ground.zones)]
            zones = tuple(memory.borders[polygon])
        found.append((kind, zones, (), polygon))
    memory.borders = {polygon: memory.borders[polygon] for kind, _, _, polygon in found if kind == "gap"}
    for position, parts in enumerate(of_areas.outside):
        found += [("area_outside_zone", [mosaic.zone_of_area[position]], [position], part) for part in parts]
    faulty = np.array([geometry for *_, geometry in found], dtype=object)
    for point in _unshared_places(ground, faults, of_areas, faulty):
        at_zones, at_areas = (_at(point, t.geometry) for t in (mosaic.zones, mosaic.areas))
        found.append(("unshared_vertex", at_zones, at_areas, point))
    found += [("sliver", [position], (), part) for position, parts in slivers[0].items() for part in parts]
    found += [("sliver", (), [position], part) for position, parts in slivers[1].items() for part in parts]
    metres = ellipsoidal_area(np.array([geometry for *_, geometry in found], dtype=object)).tolist()
    problems = [
        Problem(kind, tuple(zones), tuple(areas), geometry, size, mosaic)
        for (kind, zones, areas, geometry), size in zip(found, metres)
    ]
    return sorted(
        problems, key=lambda p: (KINDS.index(p.kind), sorted(p.zones), p.areas, shapely.bounds(p.geometry).tolist())
    )


def _kinds(ground: Ground, faces: Array, memory: _Memory) -> list[_Piece]:
    """Faulty faces by kind and zones, those that lie together united."""
    new = np.array([face for face in faces if face not in memory.pieces], dtype=object)
    for face, held in zip(new, ground.zones_at(ground.inner_points(new)).any(axis=1)):
        memory.pieces[face] = _faulty_pieces(face, ground) if held else [("gap", (), face)]
    memory.pieces = {face: memory.pieces[face] for face in faces}
    alike: dict[tuple[str, tuple[int, ...]], list[shapely.Geometry]] = {}
    for face in faces:
        for kind, zones, part in memory.pieces[face]:
            alike.setdefault((kind, zones), []).append(part)
    return [
        (kind, zones, polygon)
        for (kind, zones), parts in alike.items()
        for polygon in shapely.get_parts(shapely.union_all(parts) if len(parts) > 1 else parts[0])
    ]


def _faulty_pieces(face: shapely.Geometry, ground: Ground) -> list[_Piece]:
    pieces: list[_Piece] = []
    for part, zones, is_outside in _apart(face, ground):
        if is_outside and zones:
            pieces.append(("outside_city", zones, part))
        elif len(zones) > 1:
            pieces.append(("overlap", zones, part))
    return pieces


def _apart(face: shapely.Geometry, ground: Ground) -> list[tuple[shapely.Geometry, tuple[int, ...], bool]]:
    """A face in pieces on each of which the same zones lie, and whether that is outside the city.

    The same number of tiles lies on all of a face, but they need not be the same ones.
    """
    made: list[tuple[shapely.Geometry, tuple[int, ...]]] = [(face, ())]
    near = np.flatnonzero(shapely.intersects(ground.zones, face)).tolist()
    for zone in near:
        divided = []
        for part, owners in made:
            inner, outer = _cut(part, ground.zones[zone])
            divided += [(p, (*owners, zone)) for p in inner] + [(p, owners) for p in outer]
        made = divided
    if ground.city is None:
        return [(part, owners, False) for part, owners in made]
    apart = []
    for part, owners in made:
        inner, outer = _cut(part, ground.city)
        apart += [(p, owners, False) for p in inner] + [(p, owners, True) for p in outer]
    return apart


def _cut(part: shapely.Geometry, by: shapely.Geometry) -> tuple[Array, Array]:
    """What of a polygon lies in another one, and what outside; itself where it lies wholly on one side."""
    whole, none = np.array([part], dtype=object), np.empty(0, dtype=object)
    with np.errstate(invalid="ignore"):  # GEOS raises the flag on ends that touch, and answers right
        inner, outer = _wide(shapely.intersection(part, by)), _wide(shapely.difference(part, by))
    if not len(inner):
        return none, whole
    return (inner, outer) if len(outer) else (whole, none)


def _wide(geometry: shapely.Geometry) -> Array:
    parts = shapely.get_parts(geometry)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    wide: Array = parts[2 * shapely.area(parts) > SAME_PLACE * shapely.length(parts)]
    return wide


def _unshared_places(ground: Ground, faults: Faults, of_areas: AreaFaults, faulty: Array) -> Array:
    """Points where a vertex is not shared, each place once; those at a gap or overlap are part of it."""
    city = faults.met_edges.owner[faults.met.edge] == len(ground.zones)
    of_city = np.isin(faults.met.vertex_id, ground.edges[-1].start_id) if ground.city is not None else city
    in_zones = faults.met.xy[~city & ~of_city]
    xy = np.unique(np.concatenate([in_zones, *of_areas.unshared]), axis=0)
    points = shapely.points(xy)
    if len(faulty) and len(points):
        at_fault, _ = shapely.STRtree(faulty).query(points, predicate="dwithin", distance=2 * SAME_PLACE)
        points = np.delete(points, np.unique(at_fault))
    if not len(points):
        return points
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_PLACE)
    first: Array = np.ones(len(points), bool)
    first[one[other < one]] = False
    return points[first]


def _at(point: shapely.Geometry, geometries: Array) -> list[int]:
    near: list[int] = np.flatnonzero(shapely.dwithin(geometries, point, SAME_PLACE)).tolist()
    return near


def _with(tiles: Tiles, changed: Mapping[int, shapely.Geometry | None]) -> Tiles:
    geometry = tiles.geometry.copy()
    for position, shape in changed.items():
        if shape is not geometry[position]:
            geometry[position] = repair(np.array([shape], dtype=object))[0][0]
    return Tiles(tiles.names, geometry)


def _valid(tiles: Tiles) -> Tiles:
    return Tiles(tiles.names, repair(tiles.geometry)[0])
