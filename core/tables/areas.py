"""Stated and measured areas, as columns of table 1 and side by side."""

from __future__ import annotations

from ..coverage.areas import AreaRow, AreaTable, key_area_areas, total_of, zone_areas
from ..plan.rounding import Number, rounded_parts, rounded_shares
from ..plan.tables import PlanTables
from ..texts import text
from .grid import Cell, Column, Grid, Sheet, two_line_head
from .wording import numbered_notes, printed_total


def printed_areas(table: AreaTable) -> dict[str, list[Number]]:
    """``stated`` and ``measured`` → the areas as printed, each adding up to its sum; without those that have no number."""
    stated = rounded_parts([row.stated_km2 for row in table.rows])
    measured = [row.printed_km2 for row in table.rows]
    return {
        name: values
        for name, values in (("stated", stated), ("measured", measured))
        if any(value is not None for value in values)
    }


def printed_shares(table: AreaTable) -> list[Number]:
    """The stated shares where every zone has one; else shares of the stated, else of the measured areas."""
    stated = [row.stated_share_pct for row in table.rows]
    if stated and all(share is not None for share in stated):
        return list(stated)
    areas = [row.stated_km2 for row in table.rows]
    if areas and all(areas):
        return rounded_shares(areas)
    shares = [row.share_pct for row in table.rows]
    return shares if any(share is not None for share in shares) else []


def areas_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """Stated and measured areas side by side, zones and key areas; None where nothing is measured."""
    zones = zone_areas(tables["restoration_zone"], total_of(tables["plan"]))
    keys = key_area_areas(tables["key_area"], zones.sum.measured_km2)
    parts = [("tables.zone", zones), ("tables.key_area", keys)]
    parts = [(kind, table) for kind, table in parts if "measured" in printed_areas(table)]
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
