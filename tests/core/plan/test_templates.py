"""The templates carry the published plans' facts, checked against a structured copy of the documents."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.lists import read_list
from restoration_planner.core.plan.schema import CODE_LISTS, SCHEMA_VERSION, TABLES
from restoration_planner.core.plan.tables import PlanTables
from restoration_planner.core.plan.templates import plan_from_template, tables_of_template, template_names

FACTS = Path(__file__).resolve().parents[4] / "shared" / "facts"

NUMBER = re.compile(r"\d+(?:\.\d+)?")

#: The kind of a project by the kind inferred from the document; two kinds at once are none.
KINDS = {
    "水土流失/小流域": "soil_water",
    "生态清洁小流域": "soil_water",
    "水土流失治理": "soil_water",
    "河流廊道/水生态": "water",
    "水生态系统修复": "water",
    "矿山生态修复": "mine",
    "矿山生态修复+土地整治": "mine",
    "生产矿山": "mine",
    "城镇生态+矿山": None,
    "采煤沉陷区/土地整治": None,
    "城镇/农村环境": None,
    "林草质量提升": "forest_grass",
    "农业空间生态修复": "farmland",
    "城镇空间生态修复": "urban",
    "生态网络与生物多样性": "network",
}


def facts(name: str) -> dict[str, Any]:
    """What the plan document states, structured by others."""
    path = FACTS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout (shared/facts)")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def by_code(tables: PlanTables, table: str) -> dict[str, dict[str, Any]]:
    """The records of a table by their code."""
    return {r["code"]: r for r in tables[table].records()}


def units_by_zone(tables: PlanTables) -> dict[str, list[tuple[str, str | None]]]:
    """Zone → its units with their counties."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in tables["unit_membership"].records():
        found.setdefault(row["zone_code"], []).append((row["unit_name"], row["county"]))
    return found


@pytest.mark.parametrize("name", ["benxi", "yangquan", "blank"])
def test_a_template_fits_the_schema_and_refers_only_to_what_is_there(name: str) -> None:
    tables = plan_from_template(name)
    assert set(tables.rows) == set(TABLES)
    assert tables["plan"].records()[0]["schema_version"] == SCHEMA_VERSION
    for table, rows in tables.rows.items():
        if rows.geometry is not None:
            assert all(g is None for g in rows.geometry)
        for field in TABLES[table].fields:
            values = [v for v in rows[field.name] if v is not None]
            if field.codes:
                assert set(values) <= set(CODE_LISTS[field.codes])
            if field.refers_to:
                target, key = field.refers_to.split(".")
                named = {c for v in values for c in (read_list(v) if field.is_list else [v])}
                assert named <= set(tables[target][key]), (table, field.name)
        if "code" in rows.columns:
            assert len(set(rows["code"])) == len(rows), table


def test_the_blank_template_is_one_row_of_the_plan_and_nothing_else() -> None:
    tables = plan_from_template("blank")
    assert {t: len(r) for t, r in tables.rows.items() if len(r)} == {"plan": 1}
    assert {k for k, v in tables["plan"].records()[0].items() if v is not None} == {"schema_version"}


def test_an_unknown_template_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(PlannerError) as refused:
        plan_from_template("../benxi")
    assert all(name in str(refused.value) for name in ("benxi", "blank", "yangquan"))
    assert template_names() == ["benxi", "blank", "yangquan"]


@pytest.mark.parametrize("name", ["benxi", "yangquan"])
def test_the_plan_row_says_what_the_document_says(name: str) -> None:
    meta = facts(name)["meta"]
    row = plan_from_template(name)["plan"].records()[0]
    for key in ("name", "city", "province", "adcode", "issuer", "base_year", "total_area_km2", "pattern"):
        assert row[key] == meta[key], key
    assert (row["start_year"], row["end_year"]) == (meta["horizon"]["start"], meta["horizon"]["end"])
    ends = {p["name"]: p["end"] for p in meta["phases"]}
    assert (row["near_year"], row["mid_year"]) == (ends["近期"], ends.get("中期"))


@pytest.mark.parametrize("name", ["benxi", "yangquan"])
def test_zones_key_areas_and_programmes_are_all_there(name: str) -> None:
    stated, tables = facts(name), plan_from_template(name)
    zones, areas = by_code(tables, "restoration_zone"), by_code(tables, "key_area")
    assert {c: (z["name"], z["stated_area_km2"], z["stated_share_pct"]) for c, z in zones.items()} == {
        z["id"]: (z["name"], z["area_km2"], z["percent"]) for z in stated["zones"]
    }
    assert {c: (a["name"], a["zone_code"], a["stated_area_km2"]) for c, a in areas.items()} == {
        a["id"]: (a["name"], a["zone_id"], a["area_km2"]) for a in stated["key_areas"]
    }
    assert [(p["code"], p["name"]) for p in tables["programme"].records()] == [
        (p["code"], p["name"]) for p in stated["programmes"]
    ]


def test_benxi_lists_its_42_units_with_counties_only_where_they_are_known() -> None:
    stated, tables = facts("benxi"), plan_from_template("benxi")
    listed = units_by_zone(tables)
    assert {z: sorted(n for n, _ in units) for z, units in listed.items()} == {
        z["id"]: sorted(z["units"]) for z in stated["zones"]
    }
    assert len(tables["unit_membership"]) == stated["counts_verified"]["units"] == 42
    for zone in stated["zones"]:
        assert {c for _, c in listed[zone["id"]] if c} <= set(zone["counties"])
    areas = {
        (r["unit_name"], r["county"], r["key_area_code"])
        for r in tables["unit_membership"].records()
        if r["key_area_code"]
    }
    assert areas == {(u["name"], u["county"], a["id"]) for a in stated["key_areas"] for u in a["units"]}


def test_benxi_counties_agree_with_the_official_code_list() -> None:
    path = FACTS.parent / "data" / "plan_town_match.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout (shared/data)")
    county_of = {c["adcode"]: c["name"] for c in facts("benxi")["meta"]["counties"]}
    lines = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]
    official = {line[2]: county_of[line[5][:6]] for line in lines if line[0] == "本溪市" and line[5]}
    units = {u: c for found in units_by_zone(plan_from_template("benxi")).values() for u, c in found}
    assert {u: units[u] for u in official} == official
    assert sum(c is None for c in units.values()) == 4


def test_yangquan_keeps_the_towns_that_lie_in_several_zones() -> None:
    stated, tables = facts("yangquan"), plan_from_template("yangquan")
    listed = units_by_zone(tables)
    assert {z: Counter(units) for z, units in listed.items()} == {
        z["id"]: Counter((u["name"], u["county"]) for u in z["units"]) for z in stated["zones"]
    }
    zones_of = Counter(unit for units in listed.values() for unit in units)
    assert sum(n > 1 for n in zones_of.values()) == 14


def test_benxi_projects_carry_the_facts_of_the_project_table() -> None:
    stated, projects = facts("benxi"), by_code(plan_from_template("benxi"), "project")
    expected = {q["code"]: (p["code"], q) for p in stated["programmes"] for q in p["projects"]}
    assert list(projects) == list(expected)
    zones_of = {
        c["name"]: [z["id"] for z in stated["zones"] if c["name"] in z["counties"]] for c in stated["meta"]["counties"]
    }
    for code, (programme, fact) in expected.items():
        row = projects[code]
        assert row["name"] == fact["name"]
        assert read_list(row["programme_codes"]) == (programme,)
        assert read_list(row["counties"]) == tuple(fact["counties"])
        assert read_list(row["departments"]) == tuple(fact["departments"])
        assert (row["start_year"], row["end_year"]) == (fact["start"], fact["end"])
        assert row["period_note"] == fact.get("period_raw")
        assert row["tasks"] == "、".join("谷坊" if "谷坊" in k else k for k in fact["keywords"])
        assert row["project_type"] == KINDS[fact["type_inferred"]]
        area = fact["key_area_by_name"]
        assert read_list(row["key_area_codes"]) == ((area,) if area else ())
        follows = [area[0]] if area else sorted({z for c in fact["counties"] for z in zones_of[c]})
        assert read_list(row["zone_codes"]) == (() if fact.get("open_ended_region") and not area else tuple(follows))
        printed = {n for q in fact["quantities"] for n in NUMBER.findall(q["raw"])}
        assert (
            set(NUMBER.findall((row["stated_quantity"] or "").replace("m²", "")))
            == {n for n in printed if n in (row["stated_quantity"] or "")}
            == printed
        )
        assert row["lead_department"] == ("住建部门" if "牵头" in fact.get("departments_box", "") else None)
        assert ("等" in (row["remark"] or "")) == bool(
            fact.get("open_ended_region") or "等" in fact.get("region_box", "")
        )
        assert row["listed_in_plan"] is True
        for unknown in ("measure", "new_construction_land", "temporary_land", "status", "opinion_ref", "area_ha"):
            assert row[unknown] is None


def test_yangquan_projects_are_the_77_distinct_names_with_every_programme_they_stand_in() -> None:
    stated, projects = facts("yangquan"), by_code(plan_from_template("yangquan"), "project")
    entries: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for programme in stated["programmes"]:
        for entry in programme["projects"]:
            entries.setdefault(entry["name"], []).append((programme["code"], entry))
    assert [r["name"] for r in projects.values()] == list(entries)
    assert len(projects) == stated["counts_verified"]["unique_projects"]
    assert (
        sum(len(read_list(r["programme_codes"])) for r in projects.values())
        == stated["counts_verified"]["project_entries"]
    )
    for code, row in projects.items():
        found = entries[row["name"]]
        programmes = tuple(p for p, _ in found)
        assert code == found[0][1]["code"]
        assert read_list(row["programme_codes"]) == programmes
        assert read_list(row["zone_codes"]) == tuple(p for p in programmes if p != "7")
        assert read_list(row["counties"]) == tuple(found[0][1]["counties_in_name"])
        assert row["project_type"] == KINDS[found[0][1]["type_inferred"]]


@pytest.mark.parametrize("name", ["benxi", "yangquan"])
def test_indicators_have_every_value_that_is_stated(name: str) -> None:
    stated, tables = facts(name), plan_from_template(name)
    indicators = {r["name"]: r for r in tables["indicator"].records()}
    values = {(r["indicator_code"], r["year"]): r for r in tables["indicator_value"].records()}
    assert [i["name"] for i in stated["indicators"]["rows"]] == list(indicators)
    seen = set()
    for fact in stated["indicators"]["rows"]:
        row = indicators[fact["name"]]
        assert row["unit"] == fact["unit_raw"]
        assert row["category"] == fact.get("category")
        assert row["kind"] == ("cumulative" if fact.get("cumulative") else "stock")
        assert row["binding"] == {"约束性": "binding", "预期性": "expected", None: None}[fact["attribute"]]
        years = stated["indicators"]["years"]
        by_year = fact["values"] if isinstance(fact["values"], dict) else dict(zip(map(str, years), fact["values"]))
        for position, year in enumerate(years):
            value = by_year[str(year)]
            printed = fact.get("values_raw", {}).get(str(year))
            key = (row["code"], year)
            if value is None and printed is None:
                assert key not in values
                continue
            seen.add(key)
            operator = fact["operators"][position] if "operators" in fact else fact.get("operator")
            assert (values[key]["value"], values[key]["operator"]) == (value, operator), key
            if printed is not None:
                plain = printed.strip("≥[]") in (str(value), f"{value:g}" if value is not None else None)
                assert values[key]["text"] == (None if plain else printed), key
    assert seen == set(values)


def test_benxi_breakdown_adds_up_to_the_stated_total() -> None:
    stated, tables = facts("benxi"), plan_from_template("benxi")
    box = stated["indicator_breakdown"][0]
    code = next(r["code"] for r in tables["indicator"].records() if r["name"] == box["indicator"])
    shares = tables["indicator_share"].records()
    assert {r["indicator_code"] for r in shares} == {code}
    assert {r["unit_name"]: r["value"] for r in shares} == {r["unit_name"]: r["value"] for r in box["rows"]}
    assert sum(r["value"] for r in shares) == pytest.approx(box["total"], abs=1e-9)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("plan: [\n", "plan.template_not_yaml"),
        ("- a\n", "plan.template_not_a_mapping"),
        ("projekt: []\n", "plan.template_unknown_table"),
        ("project:\n  - {code: A1, kind: mine}\n", "plan.template_unknown_field"),
        ("project:\n  - {code: 1.10}\n", "plan.template_wrong_value"),
        ("project:\n  - {code: A1, project_type: mines}\n", "plan.template_wrong_value"),
        ("project:\n  - {code: A1, zone_codes: [1]}\n", "plan.template_wrong_value"),
        ("indicator:\n  - {code: A1, values: {2025: '>= many'}}\n", "plan.template_wrong_value"),
        ("key_area:\n  - {code: K, zone_code: '1', units: {甲县: [乙镇]}}\n", "plan.template_unit_not_in_zone"),
    ],
)
def test_a_template_that_does_not_fit_is_refused_by_file_and_place(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PlannerError) as refused:
        tables_of_template(path)
    assert refused.value.message.id == named
    assert "mine.yaml" in str(refused.value)
