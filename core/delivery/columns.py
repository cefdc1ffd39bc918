"""The values of the fields that go out, as a profile asks for them, before any format narrows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from ..plan.lists import read_list
from ..plan.schema import Field, Table
from ..plan.tables import PlanTables, Rows
from ..texts import Message, text
from .profiles import OutField, OutLayer

#: Between the entries of a list; import reads it back.
_BETWEEN = "、"
_BSM = re.compile("[0-9A-Za-z]{18}")
_MOST_ROWS = 99_999_999
_NO_ADCODE = "000000"
_EXAMPLES = 5


@dataclass(frozen=True)
class Made:
    """Field → ``(n,)`` values, and what has to be said about how they came about."""

    values: dict[str, list[object]]
    notes: list[Message]
    losses: list[Message]


def make_columns(tables: PlanTables, table: Table, layer: OutLayer) -> Made:
    """The values of a layer's fields, in the order of the table's rows.

    Parameters
    ----------
    tables
        The table itself, and ``plan`` and ``admin_unit`` for what is taken from them.
    """
    rows = tables[table.name]
    notes: list[Message] = []
    losses: list[Message] = []
    counties: tuple[list[object], list[object]] | None = None
    values: dict[str, list[object]] = {}
    for out in layer.fields:
        if out.source == "made" and out.value in ("county_code", "county_name"):
            counties = counties or _counties_of(rows, tables["admin_unit"])
            column = counties[0] if out.value == "county_code" else counties[1]
            missing = sum(v is None for v in column)
            if missing:
                notes.append(Message.of("delivery.county_unknown", field=out.name, count=missing))
        elif out.source == "made" and out.value == "bsm":
            column = _bsm(tables, rows, layer.series, notes)
        elif out.source == "made":
            column = _areas(rows)
        elif out.source == "plan":
            own = tables["plan"][str(out.value)].tolist()
            column = [own[0] if own else None] * len(rows)
        elif out.source == "fixed":
            column = [out.value] * len(rows)
        else:
            column = _shown(rows, table.field(str(out.value)), out.shown_as)
        if out.source in ("fixed", "plan") and column and column[0] is None:
            notes.append(Message.of("delivery.field_empty", field=out.name))
        values[out.name] = [_typed(v, out) for v in column]
    losses += _left_out(rows, table, layer)
    return Made(values, notes, losses)


def _shown(rows: Rows, field: Field, shown_as: str | None) -> list[object]:
    column: list[object] = rows[field.name].tolist()
    if shown_as is None:
        return column
    if shown_as == "list":
        return [_BETWEEN.join(read_list(v)) or None for v in column]
    if field.codes is None:
        words = {True: "是", False: "否"}  # a delivery is Chinese whatever the language of the screen
        return [None if v is None else words[bool(v)] for v in column]
    captions: dict[object, object] = {None: None}
    for value in set(column) - {None}:
        captions[value] = _caption(field.codes, str(value))
    return [captions[v] for v in column]


def _caption(codes: str, code: str) -> str:
    try:
        return text(f"codes.{codes}.{code}", "zh")
    except KeyError:  # a word that is none of the list's codes goes out as it is
        return code


def _typed(value: object, out: OutField) -> object:
    """A value in the field's type; numbers rounded to the decimals that the profile asks for."""
    if value is None:
        return None
    if out.type == "text":
        return (
            str(int(value))
            if isinstance(value, bool) or (isinstance(value, float) and value == int(value))
            else str(value)
        )
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise PlannerError("delivery.no_number", field=out.name, value=value, type=out.type) from None
    if out.type == "boolean":
        return bool(number)
    if out.type == "integer":
        return round(number)
    return number if out.decimals is None else round(number, out.decimals)


def _areas(rows: Rows) -> list[object]:
    if rows.geometry is None:
        return [None] * len(rows)
    areas = ellipsoidal_area(rows.geometry)
    return [None if np.isnan(a) else float(a) for a in areas]


def _bsm(tables: PlanTables, rows: Rows, series: str, notes: list[Message]) -> list[object]:
    """18 characters: adcode, series, the row's key; codes that are a BSM already stay."""
    adcodes = [str(a) for a in tables["plan"]["adcode"].tolist() if a]
    adcode = adcodes[0] if adcodes and re.fullmatch("[0-9]{6}", adcodes[0]) else _NO_ADCODE
    if adcode == _NO_ADCODE:
        notes.append(Message.of("delivery.no_adcode", start=_NO_ADCODE))
    codes = [c if isinstance(c, str) and _BSM.fullmatch(c) else None for c in rows["code"].tolist()]
    taken = {c for c in codes if c is not None}
    if len(taken) < sum(c is not None for c in codes):
        twice = sorted({c for c in taken if codes.count(c) > 1})
        notes.append(Message.of("delivery.bsm_twice", count=len(twice), examples=twice[:_EXAMPLES]))
    fids = rows.fids.tolist()
    highest = max(fids, default=0)
    found: list[object] = []
    for code, fid in zip(codes, fids):
        if code is None:
            code = f"{adcode}{series}{fid:08d}"
            while code in taken:  # another row bears that number as its own BSM
                highest += 1
                code = f"{adcode}{series}{highest:08d}"
            taken.add(code)
        found.append(code)
    if max(highest, *fids) > _MOST_ROWS:
        raise PlannerError("delivery.too_many_rows", most=_MOST_ROWS)
    kept = sum(c is not None for c in codes)
    notes.append(Message.of("delivery.bsm_numbered", made=len(rows) - kept, kept=kept, start=f"{adcode}{series}"))
    return found


def _counties_of(rows: Rows, units: Rows) -> tuple[list[object], list[object]]:
    """Code and name of the county that a point within each feature lies in (counties, else the towns' own)."""
    codes: list[object] = [None] * len(rows)
    names: list[object] = [None] * len(rows)
    if rows.geometry is None or units.geometry is None or not len(units):
        return codes, names
    of_level = units["level"] == "county"
    is_county = bool(of_level.any())
    chosen = units.take(of_level if is_county else np.isin(units["level"].astype(str), ["town", "part"]))
    usable = ~shapely.is_missing(rows.geometry) & ~shapely.is_empty(rows.geometry)
    positions = np.flatnonzero(usable)
    if not len(chosen) or not len(positions) or chosen.geometry is None:
        return codes, names
    shapes = rows.geometry[positions]
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    points = shapely.point_on_surface(shapes)
    found, unit = shapely.STRtree(chosen.geometry).query(points, predicate="intersects")
    unit_codes, unit_names = chosen["code"].tolist(), chosen["name" if is_county else "county"].tolist()
    for row, position in zip(positions[found].tolist()[::-1], unit.tolist()[::-1]):  # of several the first
        code = unit_codes[position]
        codes[row] = code[:6] if isinstance(code, str) and code[:6].isdigit() and len(code) >= 6 else None
        names[row] = unit_names[position]
    return codes, names


def _left_out(rows: Rows, table: Table, layer: OutLayer) -> list[Message]:
    """The plan's fields with values that no field of the layer carries."""
    carried = {out.value for out in layer.fields if out.source == "field"}
    has_bsm = any(out.value == "bsm" and out.source == "made" for out in layer.fields)
    losses = []
    for field in table.fields:
        if field.name in carried:
            continue
        values = [v for v in rows[field.name].tolist() if v is not None]
        if field.name == "code" and has_bsm:
            values = [v for v in values if not _BSM.fullmatch(str(v))]
            if values:
                losses.append(Message.of("delivery.code_replaced", count=len(values), examples=values[:_EXAMPLES]))
        elif values:
            caption = Message.of(f"schema.{table.name}.{field.name}")
            losses.append(
                Message.of("delivery.left_out", caption=caption, field=field.name, count=len(values), layer=layer.layer)
            )
    return losses
