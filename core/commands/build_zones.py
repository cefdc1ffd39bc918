"""Zones and key areas of a plan file from its administrative units."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from ..plan.tables import Array, PlanTables, Rows
from ..plan.zones import StatedMeasured, ZonesBuilt, build_zones
from ..store.geopackage import refuse_read_only
from ..store.plan_file import ensure_current, read_plan, update_rows
from ..texts import text

_TABLES = ("admin_unit", "unit_membership", "restoration_zone", "key_area")


def run(plan: str | PathLike[str], force: bool = False) -> ZonesBuilt:
    """Dissolve units into zones and key areas and store geometry and ``area_km2``.

    A row that already has a geometry keeps it unless `force` is given; nothing else of any row changes.

    Returns
    -------
    ZonesBuilt
        What the plan now holds, and what has to be said about it.

    Raises
    ------
    PlannerError
        If there are no units, if every zone that could be built has a geometry already and `force`
        is not given, or if the plan cannot be read or written.
    """
    path = Path(plan)
    if path.is_file():
        refuse_read_only(path)
    tables = read_plan(path, _TABLES)
    built = build_zones(tables)
    if not any(area.units for area in built.areas):
        raise PlannerError("commands.no_units" if not built.units else "commands.no_unit_belongs", plan=path.name)
    writes = what_changes(tables, built, force)
    if not any(len(rows) for rows in writes.rows.values()):
        raise PlannerError("commands.zones_exist", plan=path.name, rows=writes.kept)
    ensure_current(path)
    update_rows(path, writes.rows, {name: ["area_km2"] for name in writes.rows}, writes.stored["restoration_zone"])
    return writes.as_stored(built)


@dataclass(frozen=True)
class Writes:
    """What building zones writes into a plan.

    Attributes
    ----------
    rows
        Table → rows that get what was built.
    stored
        Table → all its rows as they will be.
    kept
        Table and code of the rows that keep a geometry which they have.
    """

    rows: dict[str, Rows]
    stored: dict[str, Rows]
    kept: list[str]

    def as_stored(self, built: ZonesBuilt) -> ZonesBuilt:
        """What the plan holds once it is written."""
        zones, key_areas = self.stored["restoration_zone"], self.stored["key_area"]
        areas = [
            _as_stored(area, self.stored[area.table]) if f"{area.table} {area.code}" in self.kept else area
            for area in built.areas
        ]
        return replace(built, zones=zones, key_areas=key_areas, areas=areas)


def what_changes(tables: PlanTables, built: ZonesBuilt, force: bool) -> Writes:
    """The rows of both tables that get what was built; those with a geometry only where `force` is given."""
    rows, stored, kept = {}, {}, []
    for name, new in (("restoration_zone", built.zones), ("key_area", built.key_areas)):
        changed, kept_rows = _split(tables[name], new, force)
        rows[name] = new.take(changed)
        kept += [f"{name} {code}" for code in new["code"][kept_rows]]
        stored[name] = _with_kept(tables[name], new, kept_rows)
    return Writes(rows, stored, kept)


def kept_rows(built: ZonesBuilt) -> list[StatedMeasured]:
    """Zones and key areas that have a geometry which was not built from units."""
    return [area for area in built.areas if not area.units and area.measured_km2 is not None]


def _split(old: Rows, new: Rows, force: bool) -> tuple[Array, Array]:
    """Which rows get what was built, and which keep a geometry that they have."""
    if not len(new) or new.geometry is None:
        return np.zeros(len(new), bool), np.zeros(len(new), bool)
    before = np.full(len(new), None, dtype=object) if old.geometry is None else old.geometry
    built = np.array([a is not b for a, b in zip(before, new.geometry)], dtype=bool)
    has_one = ~shapely.is_missing(before) & ~shapely.is_empty(before)
    kept = built & has_one & (not force)
    return built & ~kept, kept


def _with_kept(old: Rows, new: Rows, kept: Array) -> Rows:
    if not kept.any() or old.geometry is None or new.geometry is None:
        return new
    columns = {**new.columns, "area_km2": np.where(kept, old["area_km2"], new["area_km2"])}
    return replace(new, columns=columns, geometry=np.where(kept, old.geometry, new.geometry))


def _as_stored(area: StatedMeasured, rows: Rows) -> StatedMeasured:
    assert rows.geometry is not None
    position = rows["code"].tolist().index(area.code)
    return replace(area, measured_km2=float(ellipsoidal_area(rows.geometry[position])) / 1e6, units=0)


def area_table(built: ZonesBuilt) -> str:
    """Stated against measured area of every zone and key area, aligned for a terminal."""
    heads = ("layer", "code", "name", "units", "stated", "measured", "difference", "difference_pct")
    lines = [[text(f"commands.head_{head}") for head in heads]]
    for area in built.areas:
        lines.append(
            [
                text(f"schema.{area.table}"),
                area.code,
                area.name or "",
                str(area.units),
                *(_number(v) for v in (area.stated_km2, area.measured_km2, area.difference_km2, area.difference_pct)),
            ]
        )
    widths = [max(map(_width, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join(_padded(cell, width, right=i > 2) for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _width(cell: str) -> int:
    """Columns a text takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space
