"""The small table beside a figure: zones with areas and shares, key areas, projects by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..core.plan.lists import read_list
from ..core.plan.rounding import Number, rounded_parts
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
    """Areas and shares as in table 1 of the plan."""
    from ..core.coverage.areas import total_of, zone_areas
    from ..core.tables.areas import printed_areas, printed_shares
    from ..core.tables.wording import printed_total

    zones = tables["restoration_zone"]
    measured = zone_areas(zones, total_of(tables["plan"]))
    caption, printed = _one_of(printed_areas(measured), len(zones))
    shares = printed_shares(measured) or [None] * len(zones)
    order = _in_order(zones)
    rows = [
        (_words(zones["code"][i]), _words(zones["name"][i]), _number(printed[i]), _number(shares[i])) for i in order
    ]
    if any(area is not None for area in printed):
        rows.append(("", text("figures.total"), _number(printed_total(printed)), _number(printed_total(shares))))
    columns = (
        Column(text("figures.code"), 0.1, "code"),
        Column(text("figures.zone"), 0.47),
        Column(caption, 0.24, "number"),
        Column(text("figures.share"), 0.19, "number"),
    )
    return CompanionTable(columns, tuple(rows))


def _key_areas(tables: PlanTables) -> CompanionTable:
    """Areas as in table 1 of the plan."""
    from ..core.coverage.areas import key_area_areas
    from ..core.tables.areas import printed_areas

    areas = tables["key_area"]
    caption, printed = _one_of(printed_areas(key_area_areas(areas)), len(areas))
    rows = [
        (_words(areas["code"][i]), _words(areas["name"][i]), _words(areas["zone_code"][i]), _number(printed[i]))
        for i in _in_order(areas)
    ]
    columns = (
        Column(text("figures.code"), 0.13, "code"),
        Column(text("figures.key_area"), 0.47),
        Column(text("figures.zone_short"), 0.16, "code"),
        Column(caption, 0.24, "number"),
    )
    return CompanionTable(columns, tuple(rows))


def _one_of(printed: dict[str, list[Number]], count: int) -> tuple[str, list[Number]]:
    """The stated areas where every one is, else the measured ones; and what their column is called."""
    stated, measured = printed.get("stated"), printed.get("measured")
    if stated is not None and (measured is None or None not in stated):
        return text("figures.stated_km2"), stated
    return text("figures.measured_km2"), measured or [None] * count


def _projects(tables: PlanTables) -> CompanionTable:
    projects = tables["project"]
    rows = [
        (
            _words(projects["code"][i]),
            _words(projects["name"][i]),
            text("figures.list_mark").join(read_list(projects["zone_codes"][i])),
        )
        for i in _in_order(projects)
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


def _in_order(rows: Rows) -> list[int]:
    """Positions by code, numbers in a code by their value: A2 before A10."""
    from re import split

    def key(position: int) -> list[tuple[bool, int, str]]:
        parts = split(r"(\d+)", _words(rows["code"][position]))
        return [(not p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]

    return sorted(range(len(rows)), key=key)


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def share_columns(columns: Sequence[Column], width: float) -> list[float]:
    """Widths of the columns that fill a width."""
    whole = sum(c.share for c in columns)
    return [width * c.share / whole for c in columns]
