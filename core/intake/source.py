"""What one layer of a file holds as it arrived, whoever read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..plan.tables import Array
from ..texts import Message


@dataclass(frozen=True)
class Source:
    """A layer as it arrived: nothing converted, nothing mended, nothing dropped.

    Attributes
    ----------
    layer
        Name of the layer (of a plain table or text file: the file's name without its ending).
    fields
        Field name → n values (str, int, float, bool or None), in the file's order.
    geometry
        ``(n,)`` object array of shapely geometries or None, in the file's own coordinates (x = what it
        states first for a Gauss-Krueger file with easting first); None for a table without any.
    epsg
        EPSG code of the CRS that the file states, or None.
    crs_wkt
        The CRS that the file states as WKT where it has no EPSG code, or None.
    encoding
        Name of the encoding that its texts were read in.
    notes
        What had to be decided or repaired while reading, for the report.
    ids
        What the planner knows each feature by (feature id, line, plot number): n entries.
    unread
        Row → why its geometry, which the file has, could not be read; it is None in `geometry`.
    """

    layer: str
    fields: Mapping[str, Sequence[object]]
    geometry: Array | None
    epsg: int | None
    crs_wkt: str | None
    encoding: str
    notes: list[Message] = field(default_factory=list)
    ids: list[object] = field(default_factory=list)
    unread: Mapping[int, Message] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)
