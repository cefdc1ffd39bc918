"""Table 1: the restoration zones with their key areas, and with it the towns of each zone and the areas compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..coverage.areas import AreaRow, AreaTable, key_area_areas, total_of, zone_areas
from ..plan.rounding import Number, rounded_parts, rounded_shares
from ..plan.tables import PlanTables
from ..texts import language, text
from .grid import Cell, Column, Grid, Sheet, two_line_head
from .wording import listed, numbered_notes, printed_total

#: Towns by county, in the plan's order; the county is None where the plan does not say it.
Region = dict["str | None", list[str]]


@dataclass(frozen=True)
class _Areas:
    """The areas of one column pair; a column that has no number is not printed."""

    table: AreaTable

    def columns(self) -> dict[str, list[Number]]:
        stated = rounded_parts([row.stated_km2 for row in self.table.rows])
        measured = [row.printed_km2 for row in self.table.rows]
        return {
            name: values
            for name, values in (("stated", stated), ("measured", measured))
            if any(value is not None for value in values)
        }

    def sums(self) -> dict[str, Number]:
        return {name: printed_total(values) for name, values in self.columns().items()}


def zones_sheet(tables: PlanTables, title: str) -> Sheet:
    """Table 1 as the plans print it: zone, its key areas, their counties and towns.

    Areas are the stated and the measured ones, each column adding up to its printed sum; a column that would be
    empty is left out.  Where the plan gives towns for its key areas, these stand beside them, county by county;
    where it does not, the towns of the whole zone do.
    """
    zones, key_areas = tables["restoration_zone"], tables["key_area"]
    measured = zone_areas(zones, total_of(tables["plan"]))
    zone_columns = _Areas(measured)
    of_key_areas = _Areas(key_area_areas(key_areas, measured.sum.measured_km2))
    zone_numbers, key_numbers = zone_columns.columns(), of_key_areas.columns()
    shares = _shares(measured)
    by_county = any(_regions(tables, "key_area_code").values())
    captions = [
        (text("tables.number"), ()),
        (text("tables.zone"), ()),
        *_area_captions("tables.zone_area", zone_numbers),
        *([(text("tables.share"), ())] if shares else []),
        *([(text("tables.key_area"), (text("tables.code"), text("tables.name")))] if len(key_areas) else []),
        *_area_captions("tables.key_area_area", key_numbers),
        (text("tables.region"), (text("tables.county"), text("tables.towns")) if by_county else ()),
    ]
    head = two_line_head(captions)
    columns = [
        Column(3, "centre"),
        Column(11),
        *[Column(5.5, "right")] * len(zone_numbers),
        *[Column(5, "right")] * bool(shares),
        *([Column(3.5, "centre"), Column(11)] if len(key_areas) else []),
        *[Column(5.5, "right")] * len(key_numbers),
        *([Column(5.5, "centre"), Column(19)] if by_county else [Column(28)]),
    ]
    grid, row = Grid(len(columns)), 0
    regions_of_zones, regions_of_areas = _regions(tables, "zone_code"), _regions(tables, "key_area_code")
    zone_of = key_areas["zone_code"].tolist()
    for position, code in enumerate(zones["code"].tolist()):
        own = [index for index, zone in enumerate(zone_of) if code is not None and zone == code]
        parts: list[tuple[int | None, Region]] = [
            (index, regions_of_areas.get(key_areas["code"][index], {})) for index in own
        ]
        if not own:
            parts = [(None, regions_of_zones.get(code, {}))]
        if not by_county:
            parts = [(index, {}) for index, _ in parts]
        height = sum(max(1, len(region)) for _, region in parts)
        values = [code, zones["name"][position]]
        cells = [Cell(value, height) for value in values]
        cells += [Cell(numbers[position], height, decimals=2) for numbers in zone_numbers.values()]
        cells += [Cell(shares[position], height, decimals=2)] if shares else []
        for column, cell in enumerate(cells):
            grid.put(row, column, cell)
        if not by_county:
            grid.put(row, len(columns) - 1, Cell(_in_one_cell(regions_of_zones.get(code, {})), height))
        for index, region in parts:
            column, deep = len(cells), max(1, len(region))
            if len(key_areas):
                known = index is not None
                grid.put(row, column, Cell(key_areas["code"][index] if known else "—", deep))
                grid.put(row, column + 1, Cell(key_areas["name"][index] if known else "—", deep))
                column += 2
            for numbers in key_numbers.values():
                grid.put(row, column, Cell(None if index is None else numbers[index], deep, decimals=2))
                column += 1
            for line, (county, towns) in enumerate(region.items()):
                grid.put(row + line, column, county or text("tables.county_unknown"))
                grid.put(row + line, column + 1, listed(towns))
            row += deep
    grid.put(row, 0, Cell(text("tables.total"), columns=2))
    column = 2
    for total in zone_columns.sums().values():
        grid.put(row, column, Cell(total, decimals=2))
        column += 1
    if shares:
        grid.put(row, column, Cell(printed_total(shares), decimals=2))
        column += 1
    column += 2 * bool(len(key_areas))
    for total in of_key_areas.sums().values():
        grid.put(row, column, Cell(total, decimals=2))
        column += 1
    known_codes = set(zones["code"].tolist())
    homeless = [
        key_areas["code"][i] or key_areas["name"][i] for i, zone in enumerate(zone_of) if zone not in known_codes
    ]
    remarks = [str(message) for message in measured.remarks()]
    remarks += [text("tables.key_areas_without_zone", names=homeless)] if homeless else []
    return Sheet(
        text("tables.sheet_zones"), title, tuple(columns), head, grid.lines(), sums=(row,), remarks=tuple(remarks)
    )


def towns_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """All towns of each zone by county; None where the plan names none."""
    regions = _regions(tables, "zone_code")
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


def areas_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """Stated and measured areas side by side, zones and key areas; None where nothing is measured."""
    zones = zone_areas(tables["restoration_zone"], total_of(tables["plan"]))
    keys = key_area_areas(tables["key_area"], zones.sum.measured_km2)
    parts = [("tables.zone", zones), ("tables.key_area", keys)]
    parts = [(kind, table) for kind, table in parts if "measured" in _Areas(table).columns()]
    if not parts:
        return None
    grid, row = Grid(9), 0
    sums = []
    for kind, table in parts:
        grid.put(row, 0, Cell(text(kind), len(table.rows) + 1))
        stated = rounded_parts([line.stated_km2 for line in table.rows])
        measured = [line.printed_km2 for line in table.rows]
        for line, said, found in zip(table.rows, stated, measured):
            _area_line(grid, row, line, said, found)
            row += 1
        grid.put(row, 1, Cell(text("tables.total"), columns=2))
        _area_line(grid, row, table.sum, printed_total(stated), printed_total(measured), of_table=True)
        sums.append(row)
        row += 1
    head = two_line_head(
        [
            (text("tables.kind"), ()),
            (text("tables.code"), ()),
            (text("tables.name"), ()),
            (text("tables.area"), (text("tables.stated"), text("tables.measured"))),
            (text("tables.difference"), (text("tables.in_km2"), text("tables.in_pct"))),
            (text("tables.share"), (text("tables.stated"), text("tables.measured"))),
        ]
    )
    columns = (Column(7, "centre"), Column(6, "centre"), Column(24), *[Column(8, "right")] * 6)
    notes = [str(message) for _, table in parts for message in table.remarks()]
    if keys.rest_pct is not None:
        notes.append(text("tables.outside_key_areas", percent=f"{keys.rest_pct:.2f}"))
    return Sheet(
        text("tables.sheet_areas"), title, columns, head, grid.lines(), numbered_notes(notes), sums=tuple(sums)
    )


def _area_line(grid: Grid, row: int, line: AreaRow, stated: Number, measured: Number, of_table: bool = False) -> None:
    if not of_table:
        grid.put(row, 1, line.code)
        grid.put(row, 2, line.name)
    # of the printed figures, so that a reader who reckons finds the same
    difference = None if stated is None or measured is None else round(measured - stated, 2)
    percent = None if difference is None or not stated else difference / stated * 100
    for column, (value, decimals) in enumerate(
        [(stated, 2), (measured, 2), (difference, 2), (percent, 2), (line.stated_share_pct, 2), (line.share_pct, 2)], 3
    ):
        grid.put(row, column, Cell(value, decimals=decimals))


def _shares(measured: AreaTable) -> list[Number]:
    """The stated shares where every zone has one; else shares of the stated, else of the measured areas."""
    stated = [row.stated_share_pct for row in measured.rows]
    if stated and all(share is not None for share in stated):
        return list(stated)
    areas = [row.stated_km2 for row in measured.rows]
    if areas and all(areas):
        return rounded_shares(areas)
    shares = [row.share_pct for row in measured.rows]
    return shares if any(share is not None for share in shares) else []


def _regions(tables: PlanTables, by: str) -> dict[str, Region]:
    """Zone or key area code → its towns by county, as the plan lists them."""
    membership = tables["unit_membership"]
    found: dict[str, Region] = {}
    for code, county, unit in zip(*(membership[name].tolist() for name in (by, "county", "unit_name"))):
        if code is not None and unit is not None:
            towns = found.setdefault(code, {}).setdefault(county, [])
            if unit not in towns:
                towns.append(unit)
    for region in found.values():
        if None in region:  # what the plan leaves open comes last
            region[None] = region.pop(None)
    return found


def _in_one_cell(region: Region) -> str:
    between = "；" if language() == "zh" else "; "
    colon = "：" if language() == "zh" else ": "
    # a county that is in the zone as a whole is its own unit
    said = [
        listed(towns) if county is None or towns == [county] else f"{county}{colon}{listed(towns)}"
        for county, towns in region.items()
    ]
    return between.join(said)


def _area_captions(caption: str, numbers: dict[str, list[Number]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if numbers:
        yield text(caption), tuple(text(f"tables.{name}") for name in numbers)
