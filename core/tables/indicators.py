"""Table 2: the indicators year by year, and broken down by district where the plan does so."""

from __future__ import annotations

from itertools import groupby

from ..plan.rounding import Number, rounded_parts
from ..plan.tables import PlanTables
from ..texts import text
from .grid import Cell, Column, Grid, Sheet, needed_decimals, number_text, two_line_head
from .wording import numbered_notes, printed_total

#: More than this between a sum and the target it breaks down is worth a note.
_PRINTED = 0.005
_SIGNS = {">=": "≥", "=": ""}


def years_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """The indicators with base year and targets; None where the plan has no indicator.

    Values are printed as the plans do: a text as it stands, a minimum with ≥, what adds up since the base year in
    brackets.  Columns of category and binding are left out where no indicator has them.
    """
    indicators = tables["indicator"].records()
    if not indicators:
        return None
    values = {(r["indicator_code"], r["year"]): r for r in tables["indicator_value"].records() if r.get("year")}
    codes = {indicator.get("code") for indicator in indicators}
    years = sorted({int(year) for code, year in values if code in codes})
    with_category, with_binding = (any(i.get(name) for i in indicators) for name in ("category", "binding"))
    base = next((year for year in tables["plan"]["base_year"].tolist() if year), None)
    captions = [
        *([text("tables.category")] if with_category else []),
        text("tables.indicator"),
        *([text("tables.binding")] if with_binding else []),
        text("tables.unit"),
        *(text("tables.base_year" if year == base else "tables.year", year=year) for year in years),
    ]
    grid, row = Grid(len(captions)), 0
    signs = set()
    for category, group in groupby(indicators, key=lambda i: i.get("category")):
        members = list(group)
        if with_category:
            grid.put(row, 0, Cell(category, len(members)))
        for indicator in members:
            column = int(with_category)
            binding = indicator.get("binding")
            texts = [indicator.get("name") or indicator.get("code")]
            texts += [text(f"codes.indicator_binding.{binding}") if binding else None] if with_binding else []
            for value in (*texts, indicator.get("unit")):
                grid.put(row, column, value)
                column += 1
            for year in years:
                cell = _value(values.get((indicator.get("code"), year)), indicator.get("kind") == "cumulative")
                signs.add("cumulative" if cell.after else "")
                signs.add("none" if cell.value == "—" and year == base else "")
                grid.put(row, column, cell)
                column += 1
            row += 1
    columns = (
        *([Column(7, "centre")] if with_category else []),
        Column(20),
        *([Column(6, "centre")] if with_binding else []),
        Column(6, "centre"),
        *[Column(9, "right")] * len(years),
    )
    notes = [text(f"tables.sign_{sign}") for sign in ("none", "cumulative") if sign in signs]
    head = two_line_head([(caption, ()) for caption in captions])
    return Sheet(text("tables.sheet_years"), title, columns, head, grid.lines(), numbered_notes(notes))


def units_sheet(tables: PlanTables, title: str) -> Sheet | None:
    """Indicators by district, each with its sum; None where the plan breaks none down."""
    shares = [r for r in tables["indicator_share"].records() if r.get("unit_name")]
    known = {r.get("code"): r for r in tables["indicator"].records()}
    codes = list(dict.fromkeys([c for c in known if any(r["indicator_code"] == c for r in shares)]))
    codes += [c for c in dict.fromkeys(r["indicator_code"] for r in shares) if c not in codes]
    if not shares:
        return None
    units = list(dict.fromkeys(r["unit_name"] for r in shares))
    grid = Grid(1 + len(codes))
    for row, unit in enumerate((*units, text("tables.total"))):
        grid.put(row, 0, unit)
    captions, remarks = [text("tables.district")], []
    for column, code in enumerate(codes, 1):
        indicator = known.get(code, {})
        name, unit = indicator.get("name") or code or "", indicator.get("unit")
        captions.append(text("tables.with_unit", name=name, unit=unit) if unit else str(name))
        given = {r["unit_name"]: r["value"] for r in shares if r["indicator_code"] == code}
        raw = [given.get(u) for u in units]
        decimals = needed_decimals(raw, most=2)
        printed = rounded_parts(raw, decimals)
        total = printed_total(printed, decimals)
        for row, value in enumerate((*printed, total)):
            grid.put(row, column, Cell(value, decimals=decimals))
        target = _nearest_target(tables, code)
        if total is not None and target is not None and abs(total - target) >= _PRINTED:
            remarks.append(
                text("tables.not_the_target", name=name, sum=number_text(total, decimals), target=number_text(target))
            )
    head = two_line_head([(caption, ()) for caption in captions])
    columns = (Column(14, "centre"), *[Column(22 if len(codes) == 1 else 13, "right")] * len(codes))
    return Sheet(
        text("tables.sheet_units"), title, columns, head, grid.lines(), sums=(len(units),), remarks=tuple(remarks)
    )


def _value(record: dict[str, object] | None, cumulative: bool) -> Cell:
    if record is None:
        return Cell()
    said, value = record.get("text"), record.get("value")
    if said:
        return Cell(str(said))
    if not isinstance(value, (int, float)):
        return Cell()
    sign = _SIGNS.get(str(record.get("operator") or "="), "")
    return Cell(value, before=f"{sign}[" if cumulative else sign, after="]" if cumulative else "")


def _nearest_target(tables: PlanTables, code: object) -> Number:
    """The first target that is a number: what a breakdown is of."""
    base = next((year for year in tables["plan"]["base_year"].tolist() if year), 0)
    found = [
        (r["year"], r["value"])
        for r in tables["indicator_value"].records()
        if r["indicator_code"] == code and r.get("value") is not None and (r.get("year") or 0) > base
    ]
    return min(found)[1] if found else None
