"""Names that planners use for layers and fields, and fields that only look like what they are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import fiona
import numpy as np
import pytest
import shapely

from restoration_planner.core.commands import import_layer
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.mapping import Mapped, fit, map_source, table_named
from restoration_planner.core.intake.profiles import profiles_for
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.store.plan_file import read_plan


def mapped(table: str, fields: dict[str, Sequence[object]], **asked: dict[str, str]) -> Mapped:
    count = len(next(iter(fields.values())))
    shapes = np.array([shapely.box(124, 41, 125, 42)] * count, dtype=object)
    source = Source("a", fields, shapes, 4490, None, "utf-8", [], list(range(count)))
    return map_source(source, TABLES[table], profiles_for(Path("nowhere/plan.gpkg")), **asked)


@pytest.mark.parametrize(
    "name", ["面积（公顷）", "面积(公顷)", "公顷", "面积（单位：公顷）", "面积(hm²)", "项目面积（公顷）", "Area (ha)"]
)
def test_hectares_are_the_projects_area(name: str) -> None:
    assert mapped("project", {name: ["1,234.5"]}).columns == {"area_ha": [1234.5]}


@pytest.mark.parametrize(
    "name", ["面积（亩）", "面积（平方米）", "项目面积（亩）", "项目面积", "Area", "面积(万亩)", "公顷（km²）"]
)
def test_an_area_in_another_unit_or_in_none_is_nobodys_guess(name: str) -> None:
    found = mapped("project", {name: [1.0]})
    assert found.columns == {} and found.left_out == [name]


@pytest.mark.parametrize(
    ("written", "year"), [("2021年", 2021), ("2021 ", 2021), ("2021年度", 2021), ("约2021年", None)]
)
def test_years_as_they_are_written(written: str, year: int | None) -> None:
    assert fit(written, TABLES["project"].field("start_year"), []) == (year, [])


def test_the_code_of_the_county_is_not_that_of_its_towns() -> None:
    found = mapped("admin_unit", {"adcode": ["210502", "210502", "210503"], "XZQMC": ["甲镇", "乙镇", "丙镇"]})
    assert "code" not in found.columns and found.columns["name"] == ["甲镇", "乙镇", "丙镇"]
    (note,) = found.notes
    assert note.id == "intake.code_of_county" and dict(note.params)["count"] == 2 and found.left_out == ["adcode"]
    own = mapped("admin_unit", {"adcode": [210502, 210502], "XZQDM": ["210502001", "210502002"]})
    assert own.columns["code"] == ["210502001", "210502002"]
    assert mapped("admin_unit", {"adcode": ["210502", "210503"]}).columns["code"] == ["210502", "210503"]
    told = mapped("admin_unit", {"adcode": ["210502", "210502"]}, asked={"code": "adcode"})
    assert told.columns["code"] == ["210502", "210502"] and not told.notes


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("乡镇", "admin_unit"),
        ("红线", "red_line"),
        ("Projects", "project"),
        ("STBHHX", "red_line"),
        ("project", "project"),
    ],
)
def test_a_layer_goes_by_its_usual_names(name: str, table: str) -> None:
    assert table_named(name).name == table


def test_a_word_of_the_offices_own_profile_names_a_layer(benxi: Path, tmp_path: Path) -> None:
    (tmp_path / "import_profiles.yaml").write_text("layers:\n  red_line: [我局的线]\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text('编号,WKT\nR1,"POLYGON((124 41,124.1 41,124.1 41.1,124 41))"\n', encoding="utf-8")
    import_layer.run(benxi, "我局的线", tmp_path / "r.csv", crs="4490")
    assert read_plan(benxi, ["red_line"])["red_line"]["code"].tolist() == ["R1"]


def test_a_layer_that_is_not_there_lists_all_with_their_captions() -> None:
    with pytest.raises(PlannerError) as refused:
        table_named("没有")
    assert "行政单元 admin_unit" in refused.value.message.in_language("zh")
    assert "admin_unit (Administrative units)" in refused.value.message.in_language("en")


def test_fields_are_asked_for_and_set_by_their_captions() -> None:
    found = mapped(
        "project", {"a": ["B4"], "b": ["甲"]}, asked={"项目编号": "a", "项目名称": "b"}, constants={"开始年份": "2021"}
    )
    assert found.columns == {"code": ["B4"], "name": ["甲"], "start_year": [2021]}
    with pytest.raises(PlannerError) as refused:
        mapped("project", {"a": ["B4"]}, constants={"没有": "1"})
    said = refused.value.message.in_language("zh")
    assert refused.value.message.id == "intake.no_such_field" and "项目编号 code" in said and "工程项目 project" in said


def test_how_a_kml_draws_is_said_in_one_line(benxi: Path, tmp_path: Path) -> None:
    if "LIBKML" not in fiona.supported_drivers:
        fiona.supported_drivers["LIBKML"] = "rw"
    path = tmp_path / "红线.kml"
    schema = {"geometry": "Polygon", "properties": {"name": "str", "编号": "str"}}
    with fiona.open(path, "w", driver="LIBKML", crs="EPSG:4326", schema=schema) as file:
        shape = shapely.geometry.mapping(shapely.box(124, 41, 124.1, 41.1))
        file.write({"geometry": shape, "properties": {"name": "甲", "编号": "A1"}})
    report = import_layer.run(benxi, "red_line", path, crs="4326")
    assert read_plan(benxi, ["red_line"])["red_line"]["code"].tolist() == ["A1"]
    lines = [line.in_language("zh") for line in report.messages() if "tessellate" in line.in_language("zh")]
    assert len(lines) == 1 and "extrude" in lines[0]
    assert not {"tessellate", "extrude", "visibility", "drawOrder"} & set(report.mapped.left_out)
