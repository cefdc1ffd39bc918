"""The area table: stated, measured, difference and share of every zone or key area, and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
import shapely

from ..geometry.area import ellipsoidal_area
from ..plan.rounding import Number, rounded_parts, rounded_shares
from ..plan.tables import Rows, object_array
from ..plan.zones import StatedMeasured
from ..texts import Message

#: Agreement (per cent) that honest boundary data reaches against a plan's stated areas.
TOLERANCE_PCT = 0.5
#: Half of the last digit that plans print (km² and per cent alike).
_PRINTED = 0.005


@dataclass(frozen=True)
class AreaRow(StatedMeasured):
    """One zone or key area; `StatedMeasured` has stated and measured area and their difference.

    Attributes
    ----------
    share_pct
        Share of the measured whole, two decimals; a table's shares add up to 100.00.  None where nothing is measured.
    stated_share_pct
        The share that the plan states, or None.
    printed_km2
        Measured area with two decimals, such that the printed areas add up to the printed sum.
    """

    share_pct: Number = None
    stated_share_pct: Number = None
    printed_km2: Number = None

    def within(self, tolerance_pct: float = TOLERANCE_PCT) -> bool | None:
        """Whether measured and stated area agree; None where one of them is missing."""
        difference = self.difference_pct
        return None if difference is None else abs(difference) <= tolerance_pct


@dataclass(frozen=True)
class AreaTable:
    """The rows of one table and what they add up to.

    Attributes
    ----------
    rows
        In the order of the features, so that a feature's position is its row's.
    sum
        Stated and measured areas added up; a sum is None where no row has a value.
    total_km2
        The whole that the rows belong to: the plan's total area for zones, or None.
    rest_pct
        Share of the whole outside all rows, where the shares are shares of more than the rows (key areas), else None.
    """

    rows: Sequence[AreaRow]
    sum: AreaRow
    total_km2: Number
    rest_pct: Number = None

    def within(self, tolerance_pct: float = TOLERANCE_PCT) -> bool:
        """Whether no row is out of tolerance; rows that cannot be compared are no fault."""
        return not self.outside(tolerance_pct)

    def outside(self, tolerance_pct: float = TOLERANCE_PCT) -> list[AreaRow]:
        """The rows out of tolerance."""
        return [row for row in self.rows if row.within(tolerance_pct) is False]

    @property
    def against_total(self) -> AreaRow:
        """The measured sum against the plan's total, to be read like a row."""
        return replace(self.sum, stated_km2=self.total_km2)

    @property
    def stated_against_total(self) -> AreaRow:
        """The sum of the stated areas against the plan's total: what the plan's own figures leave open."""
        return replace(self.sum, stated_km2=self.total_km2, measured_km2=self.sum.stated_km2)

    def remarks(self, tolerance_pct: float = TOLERANCE_PCT) -> list[Message]:
        """What a planner should know about the sums."""
        said = []
        measured, stated = self.against_total, self.stated_against_total
        if measured.within(tolerance_pct) is False and not self._of_more:
            said.append(_difference("zone_areas.measured_sum", measured))
        if stated.difference_km2 is not None and abs(stated.difference_km2) >= _PRINTED and not self._of_more:
            said.append(_difference("zone_areas.stated_sum", stated))
        shares = self.sum.stated_share_pct
        if shares is not None and abs(shares - 100) >= _PRINTED and all(r.stated_share_pct for r in self.rows):
            said.append(Message.of("zone_areas.stated_shares", sum=f"{shares:.2f}"))
        missing = [row.code or row.name or "" for row in self.rows if row.measured_km2 is None]
        if missing:
            said.append(Message.of("zone_areas.not_measured", names=missing))
        return said

    @property
    def _of_more(self) -> bool:
        return self.sum.table == "key_area"

    def remeasured(self, changed: Mapping[int, shapely.Geometry | None]) -> AreaTable:
        """The table after some features changed; only those are measured.

        Parameters
        ----------
        changed
            Position → new geometry.
        """
        if not changed:
            return self
        areas = [row.measured_km2 for row in self.rows]
        measured = _measured(list(changed.values()))
        for position, area in zip(changed, measured):
            areas[position] = area
        rows = [replace(row, measured_km2=area) for row, area in zip(self.rows, areas)]
        return _table(rows, self.total_km2, of_more=self._of_more)


def zone_areas(zones: Rows, total_km2: float | None = None) -> AreaTable:
    """The area table of the restoration zones; their shares add up to 100.00.

    Parameters
    ----------
    zones
        Rows of ``restoration_zone``; geometry in EPSG:4490.
    total_km2
        The plan's ``total_area_km2``, or None.
    """
    return _table(_rows(zones), total_km2, of_more=False)


def key_area_areas(key_areas: Rows, city_km2: float | None = None) -> AreaTable:
    """The area table of the key areas; their shares and `rest_pct`, what lies in none, add up to 100.00.

    Parameters
    ----------
    key_areas
        Rows of ``key_area``; geometry in EPSG:4490.
    city_km2
        What the shares are shares of: the measured sum of the zones.  Without it, or where the key areas are larger,
        they have no shares.
    """
    return _table(_rows(key_areas), city_km2, of_more=True)


def total_of(plan: Rows) -> float | None:
    """The total area that a plan states, from its table ``plan``."""
    return next((value for value in plan["total_area_km2"].tolist() if value), None)


def _difference(message: str, row: AreaRow) -> Message:
    return Message.of(
        message,
        sum=f"{row.measured_km2:,.2f}",
        total=f"{row.stated_km2:,.2f}",
        difference=f"{row.difference_km2:+,.2f}",
        percent=f"{row.difference_pct:+.2f}",
    )


def _rows(rows: Rows) -> list[AreaRow]:
    shapes = [None] * len(rows) if rows.geometry is None else rows.geometry.tolist()
    columns = (rows[name].tolist() for name in ("code", "name", "stated_area_km2", "stated_share_pct"))
    return [
        AreaRow(rows.table, code, name, stated, measured, 0, stated_share_pct=share)
        for code, name, stated, share, measured in zip(*columns, _measured(shapes))
    ]


def _measured(shapes: Sequence[shapely.Geometry | None]) -> list[Number]:
    square_metres = ellipsoidal_area(object_array(shapes))
    return [None if np.isnan(area) else area / 1e6 for area in square_metres.tolist()]


def _table(rows: Sequence[AreaRow], total_km2: Number, of_more: bool) -> AreaTable:
    measured = [row.measured_km2 for row in rows]
    measured_sum, stated_sum = _sum(measured), _sum([row.stated_km2 for row in rows])
    rest = None
    if not of_more:
        shares = rounded_shares(measured)
    elif total_km2 is None or measured_sum is None or measured_sum > total_km2:
        shares = [None] * len(rows)
    else:
        *shares, rest = rounded_shares([*measured, total_km2 - measured_sum])
    filled = [
        replace(row, share_pct=share, printed_km2=printed)
        for row, share, printed in zip(rows, shares, rounded_parts(measured))
    ]
    share_sum = _sum(shares)
    total = AreaRow(
        rows[0].table if rows else ("key_area" if of_more else "restoration_zone"),
        "",
        None,
        stated_sum,
        measured_sum,
        0,
        None if share_sum is None else round(share_sum, 2),
        _sum([row.stated_share_pct for row in rows]),
        None if measured_sum is None else round(measured_sum, 2),
    )
    return AreaTable(filled, total, total_km2, rest)


def _sum(values: Sequence[Number]) -> Number:
    known = [value for value in values if value is not None]
    # the same sum as the rounding's, whatever the order of its terms
    return fsum(known) if known else None
