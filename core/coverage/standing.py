"""Whether a mosaic can be edited as one: what is wrong with it from the start would be changed along, unseen."""

from __future__ import annotations

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from .mosaic import Mosaic, Tiles

#: Overlaps narrower than this (2·area/perimeter, degrees; 1 mm) are borders that nearly coincide: an edit leaves them.
_NARROW = 1e-8


def refuse_unsound(mosaic: Mosaic) -> None:
    """Stop where features of one layer overlap each other or are not valid.

    Raises
    ------
    PlannerError
        Naming the first such feature, or pair and the size of their overlap.
    """
    for tiles in (mosaic.zones, mosaic.areas):
        present = np.flatnonzero(~shapely.is_missing(tiles.geometry))
        broken = present[~shapely.is_valid(tiles.geometry[present])]
        if len(broken):
            raise PlannerError("zone_editing.invalid", name=tiles.names[broken[0]])
        _refuse_overlaps(tiles, present)


def _refuse_overlaps(tiles: Tiles, present: np.ndarray) -> None:
    shapes = tiles.geometry[present]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(one[one < other].tolist(), other[one < other].tolist()):
        if not shapely.relate_pattern(shapes[a], shapes[b], "T********"):
            continue
        parts = shapely.get_parts(shapely.intersection(shapes[a], shapes[b]))
        wide = parts[2 * shapely.area(parts) > _NARROW * shapely.length(parts)]
        if len(wide):
            names = [tiles.names[present[a]], tiles.names[present[b]]]
            km2 = float(ellipsoidal_area(wide).sum()) / 1e6
            raise PlannerError("zone_editing.overlap", one=names[0], other=names[1], km2=km2)
