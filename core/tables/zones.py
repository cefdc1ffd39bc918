"""Table 1: the restoration zones with their key areas; with it the towns of each zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..coverage.areas import key_area_areas, total_of, zone_areas
from ..plan.rounding import Number
from ..plan.tables import PlanTables
from ..texts import text
from .areas import printed_areas, printed_shares
from .grid import Cell, Column, Grid, Sheet, two_line_head
from .regions import Region, region_text, regions_of
from .wording import listed, printed_total

_AREA, _SHARE = Column(5.5, "right"), Column(5, "right")


def zones_sheet(tables: PlanTables, title: str) -> Sheet:
    """Table 1 as the plans print it: zone, its key areas, their counties and towns.

    Areas are the stated and the measured ones, each column adding up to its printed sum; a column that would be
    empty is left out.  Where the plan gives towns for its key areas, these stand beside them, county by county;
    where it does not, the towns of the whole zone do.
    """
    table = _ZonesTable(tables)
    grid, row = Grid(len(table.columns())), 0
    for zone in range(len(table.zones)):
        row += table.put_zone(grid, row, zone)
    table.put_sums(grid, row)
    return Sheet(
        text("tables.sheet_zones"),
        title,
        table.columns(),
        two_line_head(table.captions()),
        grid.lines(),
        sums=(row,),
        remarks=table.remarks(),
    )


class _ZonesTable:
    """What stands in table 1, and where."""

    def __init__(self, tables: PlanTables) -> None:
        self.zones = tables["restoration_zone"]
        self._first_with: dict[str | None, int] = {}
        for position, code in enumerate(self.zones["code"].tolist()):
            self._first_with.setdefault(code, position)
        self._first_with.pop(None, None)
        all_key_areas = tables["key_area"]
        belongs = np.array([code in self._first_with for code in all_key_areas["zone_code"].tolist()], bool)
        self._key_areas, self._homeless = all_key_areas.take(belongs), all_key_areas.take(~belongs)
        self._measured = zone_areas(self.zones, total_of(tables["plan"]))
        self._zone_numbers = printed_areas(self._measured)
        self._key_numbers = printed_areas(key_area_areas(self._key_areas))
        self._shares = printed_shares(self._measured)
        self._of_zones, self._of_key_areas = (regions_of(tables, by) for by in ("zone_code", "key_area_code"))
        self._by_county = bool(self._of_key_areas)

    def captions(self) -> list[tuple[str, Sequence[str]]]:
        """The head."""
        captions: list[tuple[str, Sequence[str]]] = [(text("tables.number"), ()), (text("tables.zone"), ())]
        captions += _area_captions("tables.zone_area", self._zone_numbers)
        captions += [(text("tables.share"), ())] if self._shares else []
        if len(self._key_areas):
            captions.append((text("tables.key_area"), (text("tables.code"), text("tables.name"))))
        captions += _area_captions("tables.key_area_area", self._key_numbers)
        below = (text("tables.county"), text("tables.towns")) if self._by_county else ()
        return [*captions, (text("tables.region"), below)]

    def columns(self) -> tuple[Column, ...]:
        """How they are set."""
        return (
            Column(3, "centre"),
            Column(11),
            *[_AREA] * len(self._zone_numbers),
            *[_SHARE] * bool(self._shares),
            *([Column(3.5, "centre"), Column(11)] if len(self._key_areas) else []),
            *[_AREA] * len(self._key_numbers),
            *([Column(5.5, "centre"), Column(19)] if self._by_county else [Column(28)]),
        )

    def put_zone(self, grid: Grid, row: int, zone: int) -> int:
        """Put a zone's rows; returns how many there are."""
        code = self.zones["code"][zone]
        region = self._of_zones.get(code, {})
        parts = self._parts(zone, region)
        height = sum(max(1, len(towns)) for _, towns in parts)
        cells = [Cell(value, height) for value in (code, self.zones["name"][zone])]
        cells += [Cell(numbers[zone], height, decimals=2) for numbers in self._zone_numbers.values()]
        cells += [Cell(self._shares[zone], height, decimals=2)] if self._shares else []
        _put_along(grid, row, 0, cells)
        if not self._by_county:
            grid.put(row, grid.width - 1, Cell(region_text(region), height))
        below = row
        for key_area, towns in parts:
            below += self._put_key_area(grid, below, len(cells), key_area, towns)
        return height

    def _parts(self, zone: int, region: Region) -> list[tuple[int | None, Region]]:
        """The zone's key areas, each with the region that is printed beside it; itself where it has none."""
        own = [i for i, of in enumerate(self._key_areas["zone_code"].tolist()) if self._first_with[of] == zone]
        if not own:
            return [(None, region if self._by_county else {})]
        return [(i, self._of_key_areas.get(self._key_areas["code"][i], {})) for i in own]

    def _put_key_area(self, grid: Grid, row: int, column: int, key_area: int | None, region: Region) -> int:
        height = max(1, len(region))
        cells = []
        if len(self._key_areas):
            names = [None if key_area is None else self._key_areas[field][key_area] for field in ("code", "name")]
            cells = [Cell("—" if key_area is None else name, height) for name in names]
        for numbers in self._key_numbers.values():
            cells.append(Cell(None if key_area is None else numbers[key_area], height, decimals=2))
        _put_along(grid, row, column, cells)
        for line, (county, towns) in enumerate(region.items(), row):
            grid.put(line, grid.width - 2, county or text("tables.county_unknown"))
            grid.put(line, grid.width - 1, listed(towns))
        return height

    def put_sums(self, grid: Grid, row: int) -> None:
        """Put the last row: what the printed numbers add up to."""
        grid.put(row, 0, Cell(text("tables.total"), columns=2))
        sums = [printed_total(numbers) for numbers in self._zone_numbers.values()]
        sums += [printed_total(self._shares)] if self._shares else []
        sums += [None, None] if len(self._key_areas) else []
        sums += [printed_total(numbers) for numbers in self._key_numbers.values()]
        _put_along(grid, row, 2, [Cell(value, decimals=2) for value in sums])

    def remarks(self) -> tuple[str, ...]:
        """What the planner should know."""
        remarks = [str(message) for message in self._measured.remarks()]
        if len(self._homeless):
            names = [code or name for code, name in zip(self._homeless["code"], self._homeless["name"])]
            remarks.append(text("tables.key_areas_without_zone", names=names))
        return tuple(remarks)


def towns_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """All towns of each zone by county; None where the plan names none."""
    regions = regions_of(tables, "zone_code")
    zones = tables["restoration_zone"]
    grid, row = Grid(5), 0
    for code, name in zip(zones["code"].tolist(), zones["name"].tolist()):
        region = regions.get(code)
        if not region:
            continue
        count = sum(len(towns) for towns in region.values())
        for column, value in enumerate((code, name, float(count))):
            grid.put(row, column, Cell(value, len(region), decimals=0 if column == 2 else None))
        for county, towns in region.items():
            grid.put(row, 3, county or text("tables.county_unknown"))
            grid.put(row, 4, listed(towns))
            row += 1
    if not row:
        return None
    head = two_line_head([(text(f"tables.{key}"), ()) for key in ("number", "zone", "town_count", "county", "towns")])
    columns = (Column(4, "centre"), Column(17), Column(5, "right"), Column(8, "centre"), Column(40))
    return Sheet(text("tables.sheet_towns"), title, columns, head, grid.lines())


def _area_captions(caption: str, numbers: dict[str, list[Number]]) -> list[tuple[str, Sequence[str]]]:
    return [(text(caption), [text(f"tables.{name}") for name in numbers])] if numbers else []


def _put_along(grid: Grid, row: int, column: int, cells: Sequence[Cell]) -> None:
    for place, cell in enumerate(cells, column):
        grid.put(row, place, cell)
