"""What an action on the mosaic means in the plan's layers: geometry, measured areas, codes, and the towns that move along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely
from qgis.core import QgsFeature, QgsVectorLayer, QgsVectorLayerUtils

from ...core.coverage.following import next_code, renamed_in_list, units_that_moved
from ...core.coverage.mosaic import Outcome
from ...core.geometry.area import ellipsoidal_area
from ...core.plan.tables import Array, Rows, object_array
from ...core.plan.zones import UNIT_LEVELS
from ...core.texts import Message, text
from ...layers.reading import read_open_plan
from ..edit_groups import Action
from .ground import AREAS, UNITS, ZONES, Ground, as_qgis

MEMBERSHIP, PROJECTS = "unit_membership", "project"


@dataclass
class Written:
    """What was written, for saying it.

    Attributes
    ----------
    areas
        ``(zone, measured km², stated km² or None)`` of each zone that changed.
    remarks
        What else was changed, or has to be known.
    units
        Towns that name another zone now.
    """

    areas: list[tuple[str, float, float | None]] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    units: list[str] = field(default_factory=list)


def write_outcome(edit: Action, ground: Ground, outcome: Outcome) -> Written:
    """Write an outcome into the plan's layers, through one action.

    Raises
    ------
    PlannerError
        If a layer cannot be edited.
    """
    written = Written()
    codes = _write_zones(edit, ground, outcome, written)
    _write_areas(edit, ground, outcome)
    homes = _write_homes(edit, ground, outcome, codes)
    _write_units(edit, ground, outcome, codes, homes, written)
    _write_removed(edit, ground, outcome, written)
    return written


def _write_zones(edit: Action, ground: Ground, outcome: Outcome, written: Written) -> list[str | None]:
    """Zones with their areas; the codes of all zones, new ones behind those there were."""
    layer = ground.plan.layer(ZONES)
    zones = ground.zones
    for position, geometry in outcome.zones.items():
        _write_shape(edit, layer, int(zones.fids[position]), geometry)
        written.areas.append((ground.number(position), _km2(geometry) or 0.0, zones["stated_area_km2"][position]))
    codes: list[str | None] = list(zones["code"])
    for source, geometry in outcome.new_zones:
        code = next_code(codes)
        name = text("zone_editing.part_name", zone=ground.mosaic.zones.names[source])
        values = {"code": code, "name": name, "area_km2": _km2(geometry)}
        edit.add(layer, _feature(layer, values, geometry))
        number = text("zone_editing.number", code=code)
        written.areas.append((number, _km2(geometry) or 0.0, None))
        written.remarks.append(Message.of("zone_editing.new_zone", name=name, code=code))
        codes.append(code)
    return codes


def _feature(layer: QgsVectorLayer, values: Mapping[str, object], geometry: shapely.Geometry) -> QgsFeature:
    fields = layer.fields()
    by_position = {fields.indexOf(name): value for name, value in values.items() if fields.indexOf(name) >= 0}
    return QgsVectorLayerUtils.createFeature(layer, as_qgis(geometry), by_position)


def _write_areas(edit: Action, ground: Ground, outcome: Outcome) -> None:
    if not outcome.areas:
        return
    layer = ground.plan.layer(AREAS)
    for position, geometry in outcome.areas.items():
        _write_shape(edit, layer, int(ground.areas.fids[position]), geometry)


def _write_shape(edit: Action, layer: QgsVectorLayer, fid: int, geometry: shapely.Geometry | None) -> None:
    edit.change_geometry(layer, fid, as_qgis(geometry))
    edit.change_value(layer, fid, "area_km2", _km2(geometry))


def _write_homes(
    edit: Action, ground: Ground, outcome: Outcome, codes: list[str | None]
) -> dict[str | None, str | None]:
    """Key areas that lie in a zone split off name it; the zone that each key area names now."""
    homes = dict(zip(ground.areas["code"], ground.areas["zone_code"]))
    count = len(ground.mosaic.zones)
    for number, (source, split_off) in enumerate(outcome.new_zones):
        for position, home in enumerate(ground.mosaic.zone_of_area):
            geometry = outcome.areas.get(position, ground.mosaic.areas.geometry[position])
            if home != source or geometry is None:
                continue
            if shapely.area(shapely.intersection(geometry, split_off)) > 0.5 * shapely.area(geometry):
                code = codes[count + number]
                edit.change_value(ground.plan.layer(AREAS), int(ground.areas.fids[position]), "zone_code", code)
                homes[ground.areas["code"][position]] = code
    return homes


def _write_units(
    edit: Action,
    ground: Ground,
    outcome: Outcome,
    codes: list[str | None],
    homes: dict[str | None, str | None],
    written: Written,
) -> None:
    """Towns that lie in another zone now say so themselves, so that building the zones again agrees."""
    if UNITS not in ground.plan.layer_ids or outcome.removed_zones or not (outcome.zones or outcome.new_zones):
        return  # where zones merge, whatever names the old one is renamed instead
    units = _units(ground)
    shapes = units.geometry if units.geometry is not None else object_array([None] * len(units))
    usable = _usable(shapes)
    moved, cut = units_that_moved(usable, ground.mosaic, outcome)
    for unit, zone in moved.items():
        code, area, fid = codes[zone], units["key_area_code"][unit], int(units.fids[unit])
        if code is None:
            continue
        layer = ground.plan.layer(UNITS)
        if units["zone_code"][unit] != code:
            edit.change_value(layer, fid, "zone_code", code)
        if area is not None and homes.get(area) != code:
            edit.change_value(layer, fid, "key_area_code", None)
    if moved:
        written.units = [str(units["name"][u] or units["code"][u] or units.fids[u]) for u in moved]
    if cut:
        names = [str(units["name"][u] or units["code"][u] or units.fids[u]) for u in cut]
        written.remarks.append(Message.of("zone_editing.units_cut", units=some(names)))


def _units(ground: Ground) -> Rows:
    rows = read_open_plan(ground.plan, (UNITS,))[UNITS]
    return rows.take(object_array([level in UNIT_LEVELS for level in rows["level"]]).astype(bool))


def _usable(shapes: Array) -> Array:
    """Only what can be measured; a town that is not valid is left to the checks."""
    found = shapes.copy()
    found[~shapely.is_valid(found)] = None
    return found


def _write_removed(edit: Action, ground: Ground, outcome: Outcome, written: Written) -> None:
    """A zone that was merged goes, and whatever named it names the one that took its ground."""
    for gone in outcome.removed_zones:
        heir = _heir(ground, outcome, gone)
        old, new = ground.zones["code"][gone], ground.zones["code"][heir]
        edit.delete(ground.plan.layer(ZONES), int(ground.zones.fids[gone]))
        counts = {}
        if old is not None and new is not None:
            rows = {AREAS: ground.areas, **{t: _rows(ground, t) for t in (UNITS, MEMBERSHIP, PROJECTS)}}
            for table, named in rows.items():
                counts[table] = _rename(edit, ground, table, named, str(old), str(new))
        names = ground.mosaic.zones.names
        written.remarks.append(
            Message.of(
                "zone_editing.merged_also",
                gone=names[gone],
                zone=names[heir],
                areas=counts.get(AREAS, 0),
                units=counts.get(UNITS, 0) + counts.get(MEMBERSHIP, 0),
                projects=counts.get(PROJECTS, 0),
            )
        )


def _heir(ground: Ground, outcome: Outcome, gone: int) -> int:
    """The zone that took a removed one's ground; others may have got a vertex of the same border."""
    inside = shapely.point_on_surface(ground.mosaic.zones.geometry[gone])
    return next(zone for zone, geometry in outcome.zones.items() if shapely.intersects(geometry, inside))


def _rows(ground: Ground, table: str) -> Rows:
    return read_open_plan(ground.plan, (table,))[table]


def _rename(edit: Action, ground: Ground, table: str, rows: Rows, old: str, new: str) -> int:
    """Write another zone's code where one stood; how many rows that were."""
    name = "zone_codes" if table == PROJECTS else "zone_code"
    count = 0
    for fid, value in zip(rows.fids.tolist(), rows[name]):
        changed = renamed_in_list(value, old, new) if table == PROJECTS else (new if value == old else None)
        if changed is not None:
            edit.change_value(ground.plan.layer(table), fid, name, changed)
            count += 1
    return count


def some(names: list[str], most: int = 2) -> str:
    """A few names, and how many more there are."""
    listed = text("zone_editing.listed", names=names[:most])
    return listed if len(names) <= most else text("zone_editing.and_more", names=listed, count=len(names))


def _km2(geometry: shapely.Geometry | None) -> float | None:
    return None if geometry is None else float(ellipsoidal_area(geometry)) / 1e6
