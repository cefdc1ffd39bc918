"""The small table beside a figure: zones with areas and shares, key areas, projects by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.plan.lists import read_list
from ..core.plan.rounding import rounded_parts, rounded_shares
from ..core.plan.tables import PlanTables, Rows
from ..core.texts import text


@dataclass(frozen=True)
class Column:
    """A column of a companion table.

    Attributes
    ----------
    title
        Its heading.
    share
        Its part of the table's width.
    kind
        ``words``, ``code`` (in the middle) or ``number`` (at the right).
    """

    title: str
    share: float
    kind: str = "words"


@dataclass(frozen=True)
class CompanionTable:
    """What is printed: columns, and rows of text."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def companion_table(kind: str, tables: PlanTables) -> CompanionTable:
    """The table called so, from a plan's rows; it has no rows where the plan has none, and no empty columns."""
    table = {"zones": _zones, "key_areas": _key_areas, "projects": _projects}[kind](tables)
    filled = [i for i in range(len(table.columns)) if any(row[i] for row in table.rows)]
    return CompanionTable(
        tuple(table.columns[i] for i in filled), tuple(tuple(row[i] for i in filled) for row in table.rows)
    )


def _zones(tables: PlanTables) -> CompanionTable:
    zones = _in_order(tables["restoration_zone"])
    areas = [_area(row) for row in zones]
    printed, shares = rounded_parts(areas), rounded_shares(areas)
    rows = [
        (_words(zone["code"]), _words(zone["name"]), _number(area), _number(share))
        for zone, area, share in zip(zones, printed, shares)
    ]
    if rows:
        known = [a for a in printed if a is not None]
        rows.append(("", text("figures.total"), _number(sum(known)) if known else "", _number(100) if known else ""))
    columns = (
        Column(text("figures.code"), 0.1, "code"),
        Column(text("figures.zone"), 0.49),
        Column(text("figures.km2"), 0.22, "number"),
        Column(text("figures.share"), 0.19, "number"),
    )
    return CompanionTable(columns, tuple(rows))


def _key_areas(tables: PlanTables) -> CompanionTable:
    areas = _in_order(tables["key_area"])
    printed = rounded_parts([_area(row) for row in areas])
    rows = [
        (_words(row["code"]), _words(row["name"]), _words(row.get("zone_code")), _number(km2))
        for row, km2 in zip(areas, printed)
    ]
    columns = (
        Column(text("figures.code"), 0.13, "code"),
        Column(text("figures.key_area"), 0.49),
        Column(text("figures.zone_short"), 0.16, "code"),
        Column(text("figures.km2"), 0.22, "number"),
    )
    return CompanionTable(columns, tuple(rows))


def _projects(tables: PlanTables) -> CompanionTable:
    projects = _in_order(tables["project"])
    rows = [
        (_words(row["code"]), _words(row["name"]), text("figures.list_mark").join(read_list(row.get("zone_codes"))))
        for row in projects
    ]
    columns = (
        Column(text("figures.code"), 0.16, "code"),
        Column(text("figures.project"), 0.68),
        Column(text("figures.zone_short"), 0.16, "code"),
    )
    return CompanionTable(columns, tuple(rows))


def _in_order(rows: Rows) -> list[dict[str, object]]:
    """By code, numbers in a code by their value: A2 before A10."""
    from re import split

    def key(row: dict[str, object]) -> list[tuple[bool, int, str]]:
        return [
            (not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in split(r"(\d+)", _words(row.get("code")))
        ]

    return sorted(rows.records(), key=key)


def _area(row: dict[str, object]) -> float | None:
    """Measured, else as the plan states it."""
    for name in ("area_km2", "stated_area_km2"):
        value = row.get(name)
        if isinstance(value, (int, float)):
            return float(value)
    return None


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def share_columns(columns: Sequence[Column], width: float) -> list[float]:
    """Widths of the columns that fill a width."""
    whole = sum(c.share for c in columns)
    return [width * c.share / whole for c in columns]
