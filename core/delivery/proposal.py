"""What a delivery will be, and what its format cannot hold, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..errors import PlannerError
from ..plan.schema import PLAN_EPSG, POLYGONS, Table
from ..plan.tables import Array, PlanTables, Rows
from ..store.shapes import as_multi
from ..texts import Message
from .columns import make_columns
from .formats import FILE_GDB, GEOJSON, SHAPEFILE, Format, OutColumn, encoding_for, fit_columns
from .profiles import DeliveryProfile
from .projection import ZONES, crs_asked, epsg_of, reach, to_crs, zone_of, zones_of

_EXAMPLES = 5
_KM_A_DEGREE = 111.32


@dataclass(frozen=True)
class Part:
    """One file of a delivery.

    Attributes
    ----------
    suffix
        What its name has behind the target's: empty, or ``_41`` for zone 41.
    epsg
        Its CRS.
    rows
        Positions of its rows in the table.
    geometry
        ``(len(rows),)`` geometries in its CRS, easting first; None for a table without geometry.
    """

    suffix: str
    epsg: int
    rows: Array
    geometry: Array | None


@dataclass(frozen=True)
class Delivery:
    """A layer ready to go out.

    Attributes
    ----------
    layer
        Its name in the file.
    ids
        What the planner knows each row by: its code, else its key.
    notes, losses
        How the values came about, and what the profile or the format does not hold.
    """

    table: str
    layer: str
    profile: str
    format: Format
    encoding: str
    geometry_type: str | None
    columns: list[OutColumn]
    ids: list[object]
    parts: list[Part]
    notes: list[Message]
    losses: list[Message]

    def messages(self) -> list[Message]:
        """What to read before it goes out, line by line."""
        head = Message.of(
            "delivery.proposed",
            table=Message.of(f"schema.{self.table}"),
            layer=self.layer,
            count=len(self.ids),
            format=self.format.caption,
            encoding=self.encoding,
            crs=[f"EPSG:{part.epsg}" for part in self.parts],
        )
        nothing = [] if self.losses else [Message.of("delivery.nothing_lost")]
        return [head, *self.notes, *self.losses, *nothing]


def propose_delivery(
    tables: PlanTables,
    table: Table,
    profile: DeliveryProfile,
    driver: Format,
    crs: str | int | None = None,
    encoding: str | None = None,
) -> Delivery:
    """A table of a plan as a layer of a profile, fitted to a format; nothing is written.

    Parameters
    ----------
    tables
        The table, and ``plan`` and ``admin_unit`` for what profiles take from them.
    crs
        4490 (also where None), a zone with prefix (4513 … 4533), or ``zones``: one file for each zone, every
        feature in the zone that its centroid lies in (one file in 4490 where nothing has a geometry).
    encoding
        ``UTF-8`` or ``GBK`` for a shapefile; other formats are always UTF-8.

    Raises
    ------
    PlannerError
        If the table is empty or has no layer in the profile, or the format cannot hold such a table.
    """
    rows = tables[table.name]
    if not len(rows):
        raise PlannerError("delivery.empty", table=Message.of(f"schema.{table.name}"), name=table.name)
    if table.geometry is None and driver in (SHAPEFILE, GEOJSON):
        raise PlannerError(
            "delivery.no_geometry", table=Message.of(f"schema.{table.name}"), name=table.name, format=driver.caption
        )
    layer = profile.layer_for(table)
    chosen, notes = encoding_for(driver, encoding)
    ids = [code if code is not None else fid for code, fid in zip(rows["code"].tolist(), rows.fids.tolist())]
    made = make_columns(tables, table, layer)
    columns, narrowed = fit_columns(layer.fields, made.values, ids, driver, chosen, profile.short_names)
    notes += made.notes
    losses = [*made.losses, *narrowed]
    asked = crs_asked(crs)
    everything = np.arange(len(rows))
    if table.geometry is None:
        parts = [Part("", PLAN_EPSG, everything, None)]
    else:
        geometry, said = _whole_geometry(rows, table, ids)
        losses += said
        losses += _what_the_format_does(geometry, driver)
        invalid = int((~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)).sum())
        notes += [Message.of("delivery.invalid", count=invalid)] if invalid else []
        parts = _in_zones(geometry, notes) if asked == ZONES else [_in_one(geometry, int(asked), notes)]
    return Delivery(
        table.name, layer.layer, profile.name, driver, chosen, table.geometry, columns, ids, parts, notes, losses
    )


def _whole_geometry(rows: Rows, table: Table, ids: Sequence[object]) -> tuple[Array, list[Message]]:
    """Geometries of the layer's one kind, and what had to be left out for it."""
    count = len(rows)
    stored = np.full(count, None, dtype=object) if rows.geometry is None else rows.geometry
    geometry = as_multi(stored)
    losses: list[Message] = []
    wanted = (3, 6) if table.geometry == POLYGONS else (1, 5)
    types = shapely.get_type_id(geometry)
    other = np.flatnonzero((types >= 0) & ~np.isin(types, wanted)).tolist()
    for row in other:
        parts = shapely.get_parts(shapely.get_parts(geometry[row]))
        kept = parts[np.isin(shapely.get_type_id(parts), wanted)]
        make = shapely.multipolygons if table.geometry == POLYGONS else shapely.multilinestrings
        geometry[row] = make(kept) if len(kept) else None
    if other:
        losses.append(Message.of("delivery.other_kind", kind=table.geometry, **_some(other, ids)))
    for row in np.flatnonzero(shapely.is_empty(geometry)).tolist():
        geometry[row] = None
    null = np.flatnonzero(shapely.is_missing(geometry)).tolist()
    if null:
        losses.append(Message.of("delivery.null_geometry", **_some(null, ids)))
    damaged = sorted(rows.damage)
    if damaged:
        losses.append(Message.of("delivery.damaged", **_some(damaged, ids)))
    return geometry, losses


def _what_the_format_does(geometry: Array, driver: Format) -> list[Message]:
    """A file geodatabase keeps coordinates as whole numbers of a small step."""
    return [Message.of("delivery.gdb_grid")] if driver is FILE_GDB and not shapely.is_missing(geometry).all() else []


def _in_one(geometry: Array, epsg: int, notes: list[Message]) -> Part:
    zone = zone_of(epsg)
    if zone is not None:
        degrees, beyond = reach(geometry, zone)
        latitude = np.nanmean(shapely.bounds(geometry)[:, [1, 3]]) if degrees else 0.0
        km = degrees * _KM_A_DEGREE * float(np.cos(np.radians(latitude)))
        notes.append(Message.of("delivery.reach", zone=zone, meridian=3 * zone, degrees=degrees, km=km))
        if beyond:
            zones = sorted(set(zones_of(geometry).tolist()) - {0})
            notes.append(Message.of("delivery.beyond_zone", zone=zone, count=beyond, zones=zones, option=ZONES))
    return Part("", epsg, np.arange(len(geometry)), to_crs(geometry, epsg))


def _in_zones(geometry: Array, notes: list[Message]) -> list[Part]:
    zones = zones_of(geometry)
    known, counts = np.unique(zones[zones > 0], return_counts=True)
    if not len(known):
        notes.append(Message.of("delivery.no_place_for_zones", option=ZONES, crs=PLAN_EPSG))
        return [Part("", PLAN_EPSG, np.arange(len(geometry)), geometry)]
    homeless = int((zones == 0).sum())
    if homeless:
        largest = int(known[counts.argmax()])
        zones = np.where(zones == 0, largest, zones)
        notes.append(Message.of("delivery.null_in_zone", count=homeless, zone=largest))
    parts = []
    for zone in known.tolist():
        rows = np.flatnonzero(zones == zone)
        parts.append(Part(f"_{zone}", epsg_of(zone), rows, to_crs(geometry[rows], epsg_of(zone))))
        degrees, beyond = reach(geometry[rows], zone)
        notes.append(Message.of("delivery.zone_part", zone=zone, count=len(rows), degrees=degrees, beyond=beyond))
    return parts


def _some(rows: Sequence[int], ids: Sequence[object]) -> dict[str, object]:
    more = ["…"] if len(rows) > _EXAMPLES else []
    return {"count": len(rows), "rows": [*(str(ids[r]) for r in rows[:_EXAMPLES]), *more]}
