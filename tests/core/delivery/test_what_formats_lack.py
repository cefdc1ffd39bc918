"""What a format cannot hold is listed before, cut with care, and listed again where it really differs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.commands import export_layer
from restoration_planner.core.delivery.formats import FILE_GDB, GEOPACKAGE, SHAPEFILE, Format
from restoration_planner.core.delivery.profiles import DeliveryProfile, OutField, OutLayer, profiles_for
from restoration_planner.core.delivery.proposal import Delivery, propose_delivery
from restoration_planner.core.delivery.writing import deliver
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows

SITE = shapely.box(124.1, 41.1, 124.2, 41.2)


def proposed(
    records: list[dict[str, object]],
    kind: Format = SHAPEFILE,
    encoding: str | None = None,
    shapes: list[object] | None = None,
    fields: tuple[OutField, ...] = (),
    table: str = "project",
) -> Delivery:
    rows = Rows.from_records(table, records, shapes or [SITE] * len(records))
    profile = profiles_for(Path("nowhere"))["plan"]
    if fields:
        profile = DeliveryProfile("own", {}, {table: OutLayer("L", "0001", fields)})
    return propose_delivery(PlanTables({table: rows}), TABLES[table], profile, kind, None, encoding)


def column(delivery: Delivery, name: str) -> list[object]:
    return next(c.values for c in delivery.columns if c.wanted_name == name)


def said(delivery: Delivery, message_id: str) -> list[dict[str, object]]:
    return [dict(m.params) for m in delivery.losses if m.id == message_id]


def test_names_over_ten_bytes_get_short_names_that_stay_apart() -> None:
    delivery = proposed([{"code": "1"}])
    names = [c.name for c in delivery.columns]
    assert all(len(n.encode()) <= 10 for n in names) and len({n.lower() for n in names}) == len(names)
    renamed = {str(p["name"]): p["short"] for p in said(delivery, "delivery.name_shortened")}
    assert renamed["new_construction_land"] == "new_land" and "name" not in renamed
    assert [c.name for c in proposed([{"code": "1"}], GEOPACKAGE).columns] == list(TABLES["project"].field_names)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("UTF-8", ["生态修", "生态修2", "abcdefghij", "abcdefghi2"]),
        ("GBK", ["生态修复分", "生态修复2", "abcdefghij", "abcdefghi2"]),
    ],
)
def test_chinese_names_are_cut_between_characters_and_numbered(encoding: str, names: list[str]) -> None:
    wanted = ("生态修复分区名称", "生态修复分区编号", "abcdefghij", "abcdefghijk")
    fields = tuple(OutField(n, "text", 20, None, "field", "name") for n in wanted)
    assert [c.name for c in proposed([{"code": "1"}], SHAPEFILE, encoding, fields=fields).columns] == names


@pytest.mark.parametrize(("encoding", "most"), [("UTF-8", 84), ("GBK", 127)])
def test_long_text_is_cut_after_a_whole_character_and_its_rows_are_listed(
    encoding: str, most: int, tmp_path: Path
) -> None:
    records = [{"code": "long", "remark": "修" * 200}, {"code": "short", "remark": "修"}]
    delivery = proposed(records, SHAPEFILE, encoding)
    assert column(delivery, "remark") == ["修" * most, "修"]
    (cut,) = said(delivery, "delivery.text_cut")
    assert cut["count"] == 1 and cut["rows"] == ["long"] and cut["field"] == "remark"
    delivered = deliver(delivery, tmp_path / "t.shp")
    (found,) = delivered.differences
    assert found.id == "delivery.differs" and dict(found.params)["rows"] == ["long"]
    assert not said(proposed(records, GEOPACKAGE), "delivery.text_cut")
    assert not deliver(proposed(records, GEOPACKAGE), tmp_path / "t.gpkg").differences


def test_characters_that_gbk_lacks_are_named_and_replaced(tmp_path: Path) -> None:
    records = [{"code": "1", "name": "葠窝水库㙟"}, {"code": "2", "name": "𠀀村😀"}]
    delivery = proposed(records, SHAPEFILE, "GBK")
    (lost,) = said(delivery, "delivery.no_such_character")
    assert lost["rows"] == ["1", "2"] and lost["characters"] == ["㙟", "𠀀", "😀"]
    assert column(delivery, "name") == ["葠窝水库?", "?村?"]  # 葠 itself is in GBK
    (differs,) = deliver(delivery, tmp_path / "g.shp").differences
    assert dict(differs.params)["count"] == 2
    whole = proposed(records, SHAPEFILE, "UTF-8")
    assert not said(whole, "delivery.no_such_character")
    assert not deliver(whole, tmp_path / "u.shp").differences


def test_characters_with_a_plainer_form_take_it_and_it_is_said(tmp_path: Path) -> None:
    records = [
        {"code": "1", "remark": "修复1200m²、30m³"},
        {"code": "2", "remark": "㐂村1m²"},
        {"code": "3", "remark": "㎡"},
    ]
    delivery = proposed(records, SHAPEFILE, "GBK")
    assert column(delivery, "remark") == ["修复1200m2、30m3", "?村1m2", "㎡"]
    (plainer,) = said(delivery, "delivery.plainer_character")
    assert plainer["forms"] == ["² → 2", "³ → 3"] and plainer["rows"] == ["1", "2"]
    (lost,) = said(delivery, "delivery.no_such_character")
    assert lost["characters"] == ["㐂"] and lost["rows"] == ["2"]
    assert not said(proposed(records, SHAPEFILE, "UTF-8"), "delivery.plainer_character")


def test_long_lists_of_rows_show_that_they_go_on() -> None:
    records = [{"code": str(i), "name": "𠮷"} for i in range(6)]
    assert said(proposed(records, SHAPEFILE, "GBK"), "delivery.no_such_character")[0]["rows"] == [*"01234", "…"]
    assert said(proposed(records[:5], SHAPEFILE, "GBK"), "delivery.no_such_character")[0]["rows"] == [*"01234"]


def test_without_any_geometry_zones_make_one_file_and_say_so(tmp_path: Path) -> None:
    rows = Rows.from_records("project", [{"code": "a"}, {"code": "b"}], [None, None])
    profile = profiles_for(Path("nowhere"))["plan"]
    delivery = propose_delivery(PlanTables({"project": rows}), TABLES["project"], profile, GEOPACKAGE, "zones", None)
    (part,) = delivery.parts
    assert part.epsg == 4490 and part.suffix == "" and len(part.rows) == 2
    assert "delivery.no_place_for_zones" in {m.id for m in delivery.notes}
    assert [f.name for f in deliver(delivery, tmp_path / "p.gpkg").files] == ["p.gpkg"]


def test_yes_no_and_unknown_stay_apart_in_every_format(tmp_path: Path) -> None:
    records = [{"code": str(i), "listed_in_plan": v} for i, v in enumerate((True, False, None))]
    delivery = proposed(records)
    assert column(delivery, "listed_in_plan") == ["是", "否", None]
    assert {p["field"]: p["count"] for p in said(delivery, "delivery.boolean_as_text")}["listed_in_plan"] == 1
    for kind in (SHAPEFILE, GEOPACKAGE, FILE_GDB):
        assert not [
            m
            for m in deliver(proposed(records, kind), tmp_path / f"b{kind.ending}").differences
            if m.id == "delivery.differs"
        ]


def test_numbers_too_big_for_their_field_are_left_empty_and_listed(tmp_path: Path) -> None:
    fields = (
        OutField("year", "integer", 4, None, "field", "start_year"),
        OutField("ha", "real", 8, 2, "field", "area_ha"),
    )
    records = [
        {"code": "a", "start_year": 20261, "area_ha": 12345.678},
        {"code": "b", "start_year": 2026, "area_ha": 123456.7},
    ]
    delivery = proposed(records, fields=fields)
    assert column(delivery, "year") == [None, 2026] and column(delivery, "ha") == [12345.68, None]
    assert [p["rows"] for p in said(delivery, "delivery.number_too_big")] == [["a"], ["b"]]
    found = {dict(m.params)["field"]: dict(m.params)["rows"] for m in deliver(delivery, tmp_path / "n.shp").differences}
    assert found == {"year": ["a"], "ha": ["b"]}


def test_null_numbers_and_null_geometry_are_listed_and_come_back_null(tmp_path: Path) -> None:
    delivery = proposed([{"code": "a", "start_year": 2021}, {"code": "b"}], shapes=[SITE, None])
    assert {p["field"]: p["count"] for p in said(delivery, "delivery.null_number")}["start_year"] == 1
    assert said(delivery, "delivery.null_geometry") == [{"count": 1, "rows": ["b"]}]
    assert not deliver(delivery, tmp_path / "n.shp").differences


def test_geometry_of_another_kind_goes_out_as_far_as_it_fits(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([SITE, shapely.Point(124, 41)])
    delivery = proposed([{"code": "a"}, {"code": "b"}], shapes=[mixed, shapely.Point(124, 41)])
    assert said(delivery, "delivery.other_kind")[0]["rows"] == ["a", "b"]
    assert delivery.parts[0].geometry[0].equals(SITE) and delivery.parts[0].geometry[1] is None
    deliver(delivery, tmp_path / "m.shp")


@pytest.mark.parametrize("crs", ["4490", "4529"])
def test_a_plot_of_a_hundred_square_metres_keeps_its_area_in_a_file_geodatabase(tmp_path: Path, crs: str) -> None:
    """Its coordinates are kept in steps, which must be small beside ten metres."""
    plot = shapely.box(124.1, 41.1, 124.1 + 1.19e-4, 41.1 + 9e-5)
    rows = PlanTables({"red_line": Rows.from_records("red_line", [{"code": "1"}], [plot])})
    profile = profiles_for(Path("nowhere"))["plan"]
    delivery = propose_delivery(rows, TABLES["red_line"], profile, FILE_GDB, crs)
    try:
        (moved,) = deliver(delivery, tmp_path / "g.gdb").differences
    except PlannerError as error:
        assert error.message.id == "delivery.format_not_written"
        pytest.skip("this GDAL does not write file geodatabases")
    said_of_it = dict(moved.params)
    assert moved.id == "delivery.moved" and said_of_it["mm"] < 1e-3 and said_of_it["area"] < 1e-7


def ogrinfo(file: Path) -> str:
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo, the independent reader, is not here")
    return subprocess.run(["ogrinfo", "-al", str(file)], check=True, capture_output=True).stdout.decode("utf-8")


@pytest.mark.parametrize(("encoding", "cpg", "language"), [("GBK", b"936", 0x4D), ("UTF-8", b"UTF-8", 0x00)])
def test_gdal_reads_the_texts_from_cpg_and_language_byte_alone(
    plan: Path, tmp_path: Path, encoding: str, cpg: bytes, language: int
) -> None:
    export_layer.run(plan, "red_line", tmp_path / "r.shp", encoding=encoding)
    assert (tmp_path / "r.cpg").read_bytes() == cpg
    assert (tmp_path / "r.dbf").read_bytes()[29] == language
    assert "葠窝水库东岸".encode(encoding) in (tmp_path / "r.dbf").read_bytes()
    assert "name (String) = 葠窝水库东岸" in ogrinfo(tmp_path / "r.shp")
    if encoding == "GBK":  # a program that knows only the one or the other reads it too
        (tmp_path / "r.cpg").unlink()
        assert "name (String) = 葠窝水库东岸" in ogrinfo(tmp_path / "r.shp")
        (tmp_path / "r.cpg").write_text("GBK", encoding="ascii")
        assert "name (String) = 葠窝水库东岸" in ogrinfo(tmp_path / "r.shp")


@pytest.mark.parametrize("ending", ["shp", "gpkg", "gdb", "geojson"])
def test_gdal_finds_the_crs_and_eastings_with_the_zone_in_front(plan: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"z.{ending}"
    export_layer.run(plan, "red_line", file, crs="4529")
    seen = ogrinfo(file)
    assert "CGCS2000 / 3-degree Gauss-Kruger zone 41" in seen and "Extent: (415" in seen
    if ending == "shp":
        prj = file.with_suffix(".prj").read_text(encoding="ascii")
        assert '"False_Easting",41500000.0' in prj and '"Central_Meridian",123.0' in prj


def test_shells_of_a_shapefile_run_clockwise_and_holes_the_other_way(plan: Path, tmp_path: Path) -> None:
    import numpy as np

    export_layer.run(plan, "red_line", tmp_path / "r.shp")
    raw = (tmp_path / "r.shp").read_bytes()
    parts, points = np.frombuffer(raw, "<i4", 2, 100 + 8 + 36)  # header, record's head, type and box
    assert (parts, points) == (2, 10)
    xy = np.frombuffer(raw, "<f8", 20, 100 + 8 + 44 + 8).reshape(10, 2)
    assert [bool(shapely.is_ccw(shapely.LinearRing(ring))) for ring in (xy[:5], xy[5:])] == [False, True]


def test_one_zone_says_how_far_the_data_reach_and_offers_zones(plan: Path, tmp_path: Path) -> None:
    delivery, _ = export_layer.run(plan, "red_line", tmp_path / "z.gpkg", crs="4529")
    notes = {m.id: dict(m.params) for m in delivery.notes}
    # From 123°E to 125.4°E; a degree of longitude at 41.15°N is 83.9 km.
    assert notes["delivery.reach"]["degrees"] == pytest.approx(2.4) and 195 < notes["delivery.reach"]["km"] < 208
    assert notes["delivery.beyond_zone"]["count"] == 1 and notes["delivery.beyond_zone"]["zones"] == [41, 42]
    within, _ = export_layer.run(plan, "red_line", tmp_path / "w.gpkg", crs="4490")
    assert not [m for m in within.notes if m.id.startswith("delivery.reach")]


def test_what_lies_too_far_away_for_a_zone_is_refused() -> None:
    rows = PlanTables({"red_line": Rows.from_records("red_line", [{"code": "1"}], [shapely.box(-57, 0, -56, 1)])})
    profile = profiles_for(Path("nowhere"))["plan"]
    with pytest.raises(PlannerError) as stopped:
        propose_delivery(rows, TABLES["red_line"], profile, GEOPACKAGE, "4529")
    assert stopped.value.message.id == "delivery.outside_crs"


def test_invalid_outlines_go_out_and_it_is_said_which_the_format_takes_otherwise(shared: Path, tmp_path: Path) -> None:
    from restoration_planner.core.geometry.area import ellipsoidal_area
    from restoration_planner.core.store import vector

    source = shared / "data" / "real_invalid_polygons.gpkg"
    if not source.exists():
        pytest.skip("the invalid polygons are not here")
    (layer,) = vector.list_layers(source)
    shapes = vector.read_layer(source, layer.name).geometry
    records: list[dict[str, object]] = [{"code": str(i)} for i in range(len(shapes))]
    whole = proposed(records, GEOPACKAGE, shapes=list(shapes), table="red_line")
    assert {m.id: dict(m.params) for m in whole.notes}["delivery.invalid"]["count"] == len(shapes) == 248
    assert deliver(whole, tmp_path / "w.gpkg").differences == []
    (told,) = deliver(proposed(records, shapes=list(shapes), table="red_line"), tmp_path / "s.shp").differences
    assert told.id == "delivery.rings_differ"
    back = vector.read_layer(tmp_path / "s.shp", "s").geometry
    differs = ~shapely.equals_exact(shapely.normalize(back), shapely.normalize(shapes), 0.0)
    assert dict(told.params)["count"] == differs.sum()
    change = abs(ellipsoidal_area(back) / ellipsoidal_area(shapes) - 1).max()
    assert dict(told.params)["area"] == pytest.approx(100 * change)
