"""A plan with something in every field of every layer, on both sides of 124.5°E, and ways to look at what went out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration_planner.core.commands import import_layer
from restoration_planner.core.plan.schema import CODE_LISTS, TABLES, Table
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan

#: West of 124.5°E (zone 41), with a hole; east of it (zone 42), in two parts; and a thin one.
SHAPES = (
    "MULTIPOLYGON (((124.1 41.1, 124.2 41.1, 124.2 41.2, 124.1 41.2, 124.1 41.1),"
    " (124.13 41.13, 124.13 41.17, 124.17 41.17, 124.17 41.13, 124.13 41.13)))",
    "MULTIPOLYGON (((125.1 41.1, 125.2 41.1, 125.2 41.2, 125.1 41.2, 125.1 41.1)),"
    " ((125.3 41.1, 125.4 41.1, 125.4 41.2, 125.3 41.1)))",
    "MULTIPOLYGON (((124.3123456789012 41.1, 124.3123456989012 41.3, 124.3123457 41.1, 124.3123456789012 41.1)))",
)
LINES = (
    "MULTILINESTRING ((124.1 41.1, 124.2 41.2))",
    "MULTILINESTRING ((125.1 41.1, 125.2 41.2), (125.3 41.2, 125.4 41.2))",
    "MULTILINESTRING ((124.3 41.1, 124.4 41.15, 124.45 41.1))",
)
NAMES = ("葠窝水库东岸", "桓仁满族自治县西部", "田师付镇")
CODES = ("A1", "A2", "B3")


def filled(table: Table) -> Rows:
    """Three rows of a table: the first full, the second with what is odd, the third with as many nulls as may be."""
    records: list[dict[str, object]] = []
    for i in range(3):
        record: dict[str, object] = {}
        for field in table.fields:
            record[field.name] = _value(field.name, field.type, field.codes, field.is_list, i)
        records.append(record)
    shapes = LINES if table.geometry == "MultiLineString" else SHAPES
    return Rows.from_records(table.name, records, [shapely.from_wkt(w) for w in shapes] if table.geometry else None)


def _value(name: str, kind: str, codes: str | None, is_list: bool, row: int) -> object:
    if name == "code":
        return CODES[row]
    if name == "name":
        return NAMES[row]
    if row == 2:
        return None
    if kind == "boolean":
        return row == 0
    if kind == "integer":
        return 2021 + row
    if kind == "real":
        return (0.1 + 0.2, 8427.102099999999)[row]
    if codes is not None:
        return CODE_LISTS[codes][row]
    if is_list:
        return ('{"1","4"}', '{"本溪满族自治县"}')[row]
    return f"{name}的值，{row}"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The filled plan, with its county boundary at 124.5°E."""
    tables = {
        name: filled(table)
        for name, table in TABLES.items()
        if table.geometry is not None and name not in ("siting_finding", "admin_unit")
    }
    tables["plan"] = Rows.from_records(
        "plan", [{"schema_version": 2, "adcode": "210500", "city": "本溪市", "province": "辽宁省"}]
    )
    units = [
        {"code": "210521000000", "name": "本溪满族自治县", "level": "county"},
        {"code": "210522000000", "name": "桓仁满族自治县", "level": "county"},
        {"code": "210521101000", "name": "田师付镇", "level": "town", "county": "本溪满族自治县"},
    ]
    halves = [shapely.box(124, 41, 124.5, 42), shapely.box(124.5, 41, 126, 42), shapely.box(124, 41, 124.4, 42)]
    tables["admin_unit"] = Rows.from_records("admin_unit", units, halves)
    path = tmp_path / "规划.gpkg"
    create_plan(path, PlanTables(tables))
    return path


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """An empty plan to bring things back into."""
    path = tmp_path / "empty.gpkg"
    create_plan(path, plan_from_template("blank"))
    return path


@pytest.fixture
def come_back(blank: Path) -> Callable[..., Rows]:
    """Import files into the empty plan as a user does, and read the table."""

    def bring(table: str, files: list[Path]) -> Rows:
        for file in files:
            import_layer.run(blank, table, file)
        return read_plan(blank)[table]

    return bring


@pytest.fixture
def digest() -> Callable[[Path], dict[str, str]]:
    """What a folder holds: every file and the hash of its bytes."""

    def of(folder: Path) -> dict[str, str]:
        files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
        return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    return of


def by_code(rows: Rows, key: str = "code") -> dict[object, dict[str, Any]]:
    """Rows as dictionaries, found by their code, without what is null; the geometry under ``geom``."""
    found = {}
    shapes = [None] * len(rows) if rows.geometry is None else rows.geometry
    for record, shape in zip(rows.records(), shapes):
        found[record[key]] = {**{k: v for k, v in record.items() if v is not None}, "geom": shape}
    return found
