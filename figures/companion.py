"""The small table beside a figure: zones with areas and shares, key areas, projects by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    table = _KINDS[kind](tables)
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
    known = [a for a in printed if a is not None]
    if known:
        whole = 100 if any(share is not None for share in shares) else None
        rows.append(("", text("figures.total"), _number(sum(known)), _number(whole)))
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


def _reserves(tables: PlanTables) -> CompanionTable:
    """Measured areas of core and general control zones, a reserve a row."""
    rows = tables["nature_reserve"]
    names = [_words(name) or _words(code) for name, code in zip(rows["name"], rows["code"])]
    controls = ["general" if control == "general" else "core" for control in rows["control"]]
    measured = _measured(rows)
    reserves = list(dict.fromkeys(name for name, area in zip(names, measured) if area))
    sums = {
        control: rounded_parts(
            [sum(a for n, c, a in zip(names, controls, measured) if (n, c) == (r, control)) / 1e6 for r in reserves]
        )
        for control in ("core", "general")
    }
    core, general = ([value or 0.0 for value in sums[control]] for control in ("core", "general"))
    printed: list[tuple[str, ...]] = [
        (name, _number(a or None), _number(b or None), _number(a + b)) for name, a, b in zip(reserves, core, general)
    ]
    if len(printed) > 1:
        ends = (sum(core), sum(general))
        printed.append((text("figures.total"), *(_number(end or None) for end in ends), _number(sum(ends))))
    columns = (
        Column(text("figures.reserve"), 0.37),
        Column(text("figures.core_km2"), 0.21, "number"),
        Column(text("figures.general_km2"), 0.21, "number"),
        Column(text("figures.total_km2"), 0.21, "number"),
    )
    return CompanionTable(columns, tuple(printed))


def _mines(tables: PlanTables) -> CompanionTable:
    """Legacy mines by county: how many, how many of them known to be untreated, measured area."""
    rows = tables["legacy_mine"]
    counties = [_words(county) for county in rows["county"]]
    measured = _measured(rows)
    known = sorted({c for c in counties if c}) + ([""] if "" in counties else [])
    groups = [[i for i, c in enumerate(counties) if c == county] for county in known]
    hectares = rounded_parts([sum(measured[i] for i in group) / 1e4 for group in groups])
    untreated = [sum(rows["treated"][i] is not None and not rows["treated"][i] for i in group) for group in groups]
    printed = [
        (county or text("figures.county_unknown"), str(len(group)), str(bad), _number(ha))
        for county, group, bad, ha in zip(known, groups, untreated, hectares)
    ]
    if len(printed) > 1:
        whole = _number(sum(value or 0.0 for value in hectares))
        printed.append((text("figures.total"), str(len(rows)), str(sum(untreated)), whole))
    columns = (
        Column(text("figures.county"), 0.4),
        Column(text("figures.mines_count"), 0.16, "number"),
        Column(text("figures.mines_untreated"), 0.18, "number"),
        Column(text("figures.hectares"), 0.26, "number"),
    )
    return CompanionTable(columns, tuple(printed))


#: Kind → what makes it; the catalogue knows them by the same names.
_KINDS: dict[str, Callable[[PlanTables], CompanionTable]] = {
    "zones": _zones,
    "key_areas": _key_areas,
    "projects": _projects,
    "reserves": _reserves,
    "mines": _mines,
}
#: The tables of a plan that companion tables and the imprint are made from.
TABLES_READ = ("plan", "restoration_zone", "key_area", "project", "nature_reserve", "legacy_mine")


def _measured(rows: Rows) -> list[float]:
    """Ellipsoidal areas of what is drawn, in m²; 0 where nothing is."""
    import shapely

    from ..core.geometry.area import ellipsoidal_area

    if rows.geometry is None or not len(rows):
        return [0.0] * len(rows)
    drawn = [shape is not None and not shape.is_empty for shape in rows.geometry]
    whole = [shape if there else shapely.MultiPolygon() for shape, there in zip(rows.geometry, drawn)]
    return [float(area) for area in ellipsoidal_area(whole)]


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
        if isinstance(value, (int, float)) and value >= 0:
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
