"""BSM, MJ and the other fields of the database profile, and profiles of a user's own."""

from __future__ import annotations

from pathlib import Path

import pyproj
import pytest
import shapely
import yaml

from restoration_planner.core.commands import export_layer
from restoration_planner.core.delivery.formats import SHAPEFILE
from restoration_planner.core.delivery.profiles import PROFILES_FILE, USERS_FILE, profile_named, profiles_for
from restoration_planner.core.delivery.proposal import Delivery, propose_delivery
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.mapping import map_source
from restoration_planner.core.intake.profiles import profiles_for as import_profiles
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import read_plan

SITES = [shapely.box(124 + i / 10, 41, 124.05 + i / 10, 41.05) for i in range(3)]


def red_lines(codes: list[object], adcode: str | None = "210500") -> Delivery:
    tables = PlanTables(
        {
            "plan": Rows.from_records("plan", [{"adcode": adcode, "province": "辽宁省"}]),
            "red_line": Rows.from_records("red_line", [{"code": c} for c in codes], SITES[: len(codes)]),
        }
    )
    return propose_delivery(tables, TABLES["red_line"], profiles_for(Path("nowhere"))["database"], SHAPEFILE)


def values(delivery: Delivery, name: str) -> list[object]:
    return next(c.values for c in delivery.columns if c.name == name)


def test_the_red_line_layer_has_the_fields_of_the_database_in_order(plan: Path, tmp_path: Path) -> None:
    delivery, _ = export_layer.run(plan, "red_line", tmp_path / "r.shp", profile="database")
    assert delivery.layer == "STBHHX"
    described = [(c.name, c.type, c.width) for c in delivery.columns]
    assert described == [
        ("BSM", "text", 18),
        ("YSDM", "text", 10),
        ("XJXZQDM", "text", 12),
        ("SJXZQMC", "text", 100),
        ("XJXZQMC", "text", 100),
        ("LHLX", "text", 100),
        ("MJ", "real", 24),
    ]
    assert values(delivery, "XJXZQDM") == ["210521", "210522", "210521"]
    assert values(delivery, "XJXZQMC") == ["本溪满族自治县", "桓仁满族自治县", "本溪满族自治县"]
    assert values(delivery, "SJXZQMC") == ["辽宁省"] * 3


def test_bsm_is_18_characters_from_adcode_layer_and_the_rows_key() -> None:
    assert values(red_lines(["R1", None]), "BSM") == ["210500300100000001", "210500300100000002"]
    without = red_lines(["R1"], adcode=None)
    assert values(without, "BSM") == ["000000300100000001"]
    assert "delivery.no_adcode" in [m.id for m in without.notes]


def test_a_code_that_is_a_bsm_stays_and_no_other_row_gets_it() -> None:
    bsm = values(red_lines(["210500300100000002", "R2", "X" * 18]), "BSM")
    assert bsm == ["210500300100000002", "210500300100000004", "X" * 18]
    twice = red_lines(["X" * 18, "X" * 18])
    assert "delivery.bsm_twice" in [m.id for m in twice.notes]


def test_bsm_stays_when_other_rows_come_and_go(plan: Path, tmp_path: Path) -> None:
    from restoration_planner.core.store.plan_file import replace_rows

    before, _ = export_layer.run(plan, "red_line", tmp_path / "a.gpkg", profile="database")
    rows = read_plan(plan)["red_line"]
    replace_rows(plan, {"red_line": rows.take(rows["code"] != "A1")})
    after, _ = export_layer.run(plan, "red_line", tmp_path / "b.gpkg", profile="database")
    assert values(after, "BSM") == values(before, "BSM")[1:]


def test_mj_is_the_ellipsoidal_area_in_square_metres_with_two_decimals() -> None:
    delivery = red_lines(["1", "2", "3"])
    geod = pyproj.Geod(a=6378137, rf=298.257222101)
    for found, site in zip(values(delivery, "MJ"), SITES):
        assert found == round(found, 2)
        assert found == pytest.approx(abs(geod.geometry_area_perimeter(site)[0]), rel=1e-4)


def test_codes_go_out_by_their_chinese_captions_and_lists_with_commas(plan: Path, tmp_path: Path) -> None:
    delivery, _ = export_layer.run(plan, "project", tmp_path / "p.gpkg", profile="database")
    assert values(delivery, "XMLX")[0] == "矿山生态修复" and values(delivery, "FQBH")[0] == "1、4"
    assert values(delivery, "LRGH") == ["是", "否", None]


@pytest.mark.parametrize("table", list(TABLES))
def test_import_recognises_every_name_that_goes_out(table: str) -> None:
    """Of every profile that is shipped, and as a shapefile shortens it."""
    for profile in profiles_for(Path("nowhere")).values():
        if table not in profile.tables and not profile.own_fields:
            continue
        fields = {f: profile.short_names.get(f.name, f.name) for f in profile.layer_for(TABLES[table]).fields}
        source = Source("x", {name: ["1"] for name in fields.values()}, None, None, None, "utf-8", [], [1])
        used = {u.target: u.source for u in map_source(source, TABLES[table], import_profiles(Path("nowhere"))).used}
        for field, name in fields.items():
            if field.source == "field" and field.value != "schema_version":
                assert used.get(field.value) == name, (profile.name, field)


def write_profiles(folder: Path, content: object) -> Path:
    (folder / USERS_FILE).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder / "plan.gpkg"


def test_a_users_file_comes_first_for_its_tables_and_adds_profiles(tmp_path: Path) -> None:
    layer = {"layer": "红线", "fields": [{"name": "标识码", "type": "text", "made": "bsm"}]}
    plan = write_profiles(
        tmp_path, {"profiles": {"database": {"tables": {"red_line": layer}}, "省厅": {"tables": {"river": layer}}}}
    )
    found = profiles_for(plan)
    assert found["database"].layer_for(TABLES["red_line"]).layer == "红线"
    assert found["database"].layer_for(TABLES["urban_boundary"]).layer == "CZKFBJ"
    assert list(found) == ["plan", "database", "省厅"]
    with pytest.raises(PlannerError) as stopped:
        found["省厅"].layer_for(TABLES["red_line"])
    assert stopped.value.message.id == "delivery.no_layer"


GOOD = {"name": "A", "type": "text", "field": "name"}


@pytest.mark.parametrize(
    ("content", "sentence", "word"),
    [
        ([1], "delivery.no_profiles", ""),
        ({"profiles": {"p": 3}}, "delivery.no_mapping", "p"),
        ({"profiles": {"p": {"tabels": {}}}}, "delivery.unknown", "tabels"),
        ({"profiles": {"p": {"caption": {"zh": "中"}}}}, "delivery.bad_caption", "p"),
        ({"profiles": {"p": {"tables": {"redline": {}}}}}, "delivery.unknown", "redline"),
        ({"profiles": {"p": {"tables": {"river": {"layer": "R", "fields": []}}}}}, "delivery.no_fields", "river"),
        *(
            ({"profiles": {"p": {"tables": {"river": {"layer": "R", "fields": [GOOD, field]}}}}}, sentence, word)
            for field, sentence, word in (
                ({"name": "a", "type": "text", "field": "code"}, "delivery.name_twice", "a"),
                ({"name": "Shape", "type": "text", "field": "code"}, "delivery.reserved", "river"),
                ({"name": "B", "type": "date", "field": "code"}, "delivery.unknown", "date"),
                ({"name": "B", "type": "text", "field": "kind"}, "delivery.unknown", "kind"),
                ({"name": "B", "type": "text"}, "delivery.one_source", "B"),
                ({"name": "B", "type": "text", "field": "code", "made": "bsm"}, "delivery.one_source", "B"),
                ({"name": "B", "type": "text", "field": "code", "as": "caption"}, "delivery.bad_as", "caption"),
                ({"name": "B", "type": "text", "length": 300, "field": "code"}, "delivery.bad_value", "300"),
                ({"name": "B", "type": "real", "decimals": True, "made": "area_m2"}, "delivery.bad_value", "True"),
            )
        ),
        (
            {"profiles": {"p": {"tables": {"river": {"layer": "R", "series": 12, "fields": [GOOD]}}}}},
            "delivery.bad_series",
            "12",
        ),
    ],
)
def test_a_mistake_in_a_users_file_is_one_sentence_with_its_place(
    tmp_path: Path, content: object, sentence: str, word: str
) -> None:
    plan = write_profiles(tmp_path, content)
    with pytest.raises(PlannerError) as stopped:
        profiles_for(plan)
    assert stopped.value.message.id == sentence
    for language in ("zh", "en"):
        shown = stopped.value.message.in_language(language)
        assert USERS_FILE in shown and word in shown and "\n" not in shown


def test_what_is_no_yaml_and_a_profile_that_is_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / USERS_FILE).write_text("profiles: [", encoding="utf-8")
    with pytest.raises(PlannerError) as stopped:
        profiles_for(tmp_path / "p.gpkg")
    assert stopped.value.message.id == "delivery.unreadable"
    (tmp_path / USERS_FILE).unlink()
    with pytest.raises(PlannerError) as stopped:
        profile_named("nation", tmp_path / "p.gpkg")
    assert "database" in str(stopped.value)


def test_every_shipped_field_fits_the_widths_of_the_database_conventions() -> None:
    assert PROFILES_FILE.is_file()
    widths = {"BSM": 18, "YSDM": 10, "XZQDM": 12, "XZQMC": 100}
    for name, layer in profiles_for(Path("nowhere"))["database"].tables.items():
        found = {f.name: f for f in layer.fields}
        assert all(len(n) <= 10 for n in found), name
        for field, width in widths.items():
            if field in found:
                assert (found[field].type, found[field].length) == ("text", width), (name, field)
        if TABLES[name].geometry == "MultiPolygon":
            assert (found["MJ"].type, found["MJ"].decimals) == ("real", 2), name
    series = [layer.series for layer in profiles_for(Path("nowhere"))["database"].tables.values()]
    assert len(set(series)) == len(series)
