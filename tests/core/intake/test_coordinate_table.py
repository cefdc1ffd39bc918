"""Tables with coordinates: what a column holds, how points become polygons, and which cell is wrong."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.coordinate_table import parse_angle, read_coordinate_table
from restoration_planner.core.intake.reading import read_source

SQUARE = "POLYGON ((124 41, 124.1 41, 124.1 41.1, 124 41.1, 124 41))"


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def written(content: str, name: str = "points.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return written


def write_sheet(path: Path, rows: list[list[object]]) -> None:
    """A workbook of one sheet as Excel writes it, but for styles."""

    def cell(row: int, column: int, value: object) -> str:
        place = f'r="{chr(65 + column)}{row}"'
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c {place}><v>{value!r}</v></c>"

    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    body = "".join(
        f'<row r="{r}">' + "".join(cell(r, c, v) for c, v in enumerate(row)) + "</row>" for r, row in enumerate(rows, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{office}"><sheets>'
        '<sheet name="坐标表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData>{body}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as parcel:
        for name, content in parts.items():
            parcel.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize(("name", "between"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv", ";"), ("a.txt", "\t")])
def test_longitudes_and_latitudes_by_plot(write, encoding: str, name: str, between: str) -> None:  # type: ignore[no-untyped-def]
    rows = ["地块编号,地块名称,点号,经度,纬度"]
    rows += [f"01,甲地块,J{i},{x},{y}" for i, (x, y) in enumerate([(124, 41), (124.1, 41), (124.1, 41.1), (124, 41.1)])]
    rows += [f"02,乙地块,J{i},{x},{y}" for i, (x, y) in enumerate([(125, 41), (125.1, 41), (125.1, 41.1)])]
    source = read_coordinate_table(write("\r\n".join(rows).replace(",", between), name, encoding))
    assert source.ids == ["01", "02"] and source.epsg is None and source.layer == "a"
    assert source.fields == {"地块编号": ["01", "02"], "地块名称": ["甲地块", "乙地块"]}
    assert shapely.equals(source.geometry[0], shapely.from_wkt(SQUARE))
    assert source.geometry[1].area == pytest.approx(0.005)


@pytest.mark.parametrize(
    "head", ["编号,X,Y", "编号,x坐标(m),y坐标(m)", "code,北坐标,东坐标", "编号,纵坐标,横坐标", "编号,Northing,Easting"]
)
def test_survey_axes_have_north_first(write, head: str) -> None:  # type: ignore[no-untyped-def]
    points = "A,4580000,41500000\nA,4580000,41500100\nA,4580100,41500100\n"
    source = read_coordinate_table(write(f"{head}\n{points}"))
    assert source.geometry[0].bounds == (41500000, 4580000, 41500100, 4580100)
    assert ("intake_tables.axes" in [n.id for n in source.notes]) == ("x" in head.lower())


def test_gis_axes_have_east_first(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("id,x,y\nA,124,41\nA,124.1,41\nA,124.1,41.1\n"))
    assert source.geometry[0].bounds == (124, 41, 124.1, 41.1)


def test_rings_by_number_and_by_the_point_that_returns(write) -> None:  # type: ignore[no-untyped-def]
    outer = [(124.0, 41.0), (124.3, 41.0), (124.3, 41.3), (124.0, 41.3)]
    inner = [(124.1, 41.1), (124.2, 41.1), (124.2, 41.2), (124.1, 41.2)]
    numbered = "code,圈号,lon,lat\n" + "".join(f"A,{r},{x},{y}\n" for r, p in ((1, outer), (2, inner)) for x, y in p)
    returning = "code,lon,lat\n" + "".join(f"A,{x},{y}\n" for p in (outer, inner) for x, y in [*p, p[0]])
    expected = shapely.Polygon(outer, [inner])
    for content in (numbered, returning):
        assert shapely.equals(read_coordinate_table(write(content)).geometry[0], expected)


def test_without_codes_the_numbering_that_begins_anew_makes_polygons(write) -> None:  # type: ignore[no-untyped-def]
    rows = "".join(
        f"J{i},{124 + k + x},{41 + y}\n" for k in (0, 1) for i, (x, y) in enumerate([(0, 0), (0.1, 0), (0.1, 0.1)], 1)
    )
    source = read_coordinate_table(write("点号,经度,纬度\n" + rows))
    assert source.geometry[0].bounds[0] == 124 and source.geometry[1].bounds[0] == 125 and len(source) == 2
    assert source.ids == [2, 5] and source.notes[-1].id == "intake_tables.by_point_numbers"


def test_without_codes_and_numbers_all_points_are_one_polygon(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("经度,纬度\n124,41\n124.1,41\n124.1,41.1\n"))
    assert len(source) == 1 and source.notes[-1].id == "intake_tables.one_polygon"


def test_one_row_a_code_is_a_point_each(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("code,lon,lat\nA,124,41\nB,124.1,41\n"))
    assert shapely.to_wkt(source.geometry, rounding_precision=1).tolist() == ["POINT (124 41)", "POINT (124.1 41)"]


def test_columns_that_change_from_point_to_point_are_named_and_left_out(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("code,边长,用途,lon,lat\nA,1,林,124,41\nA,2,林,124.1,41\nA,3,,124.1,41.1\n"))
    assert source.fields == {"code": ["A"], "用途": ["林"]}
    assert "边长" in str(source.notes[-1]) and source.notes[-1].id == "intake_tables.left_out"


def test_wkt_a_row(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write(f'code,WKT,name\nA,"{SQUARE}",甲\nB,,乙\n'))
    assert source.fields == {"code": ["A", "B"], "name": ["甲", "乙"]} and source.ids == ["A", "B"]
    assert source.geometry[0].equals(shapely.from_wkt(SQUARE)) and source.geometry[1] is None


def test_a_table_without_coordinates_stays_a_table(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("code,name\nA,甲\n"))
    assert source.geometry is None and source.fields == {"code": ["A"], "name": ["甲"]} and source.ids == [2]
    assert source.notes[-1].id == "intake_tables.no_coordinates"


def test_a_sheet_with_a_title_merged_codes_and_angles(tmp_path: Path) -> None:
    path = tmp_path / "成果表.xlsx"
    write_sheet(
        path,
        [
            ["界址点成果表"],
            [],
            ["地块编号", "点号", "经度", "纬度"],
            ["A", "J1", 124.0, 41.0],
            [None, "J2", "124°06′00″", 41.0],
            [None, "J3", "124-06-00", "41°6'"],
            [None, "J4", 124.0, "41度6分0秒"],
        ],
    )
    source = read_coordinate_table(path)
    assert source.layer == "坐标表" and source.ids == ["A"]
    assert source.geometry[0].normalize().equals_exact(shapely.from_wkt(SQUARE).normalize(), 1e-12)
    assert "3" in str(source.notes[-1]) and source.notes[-1].id == "intake_tables.filled_down"
    with pytest.raises(PlannerError, match="坐标表"):
        read_coordinate_table(path, "Sheet9")


def test_rows_of_a_sheet_are_counted_as_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, [["code", "lon", "lat"], ["A", 124.0, 41.0], ["A", 124.1, 41.0], ["A", 124.1, 61.1]])
    with pytest.raises(PlannerError) as refused:
        read_coordinate_table(path)
    assert dict(refused.value.message.params)["row"] == 4


#: A list of projects as an office keeps it: a title, and a head of two rows with cells merged both ways.
PROJECTS = [
    ["项目位置表"],
    ["序号", "项目名称", "坐标(东经, 北纬)", None],
    [None, None, "东经", "北纬"],
    [1, "甲工程", "124°5'30.5\"", "41°20'10\""],
    [2, "乙工程", "124度15分30秒", "41度20分10秒"],
    [3, "丙工程", 124.2, 41.25],
    [4, "丁工程", "124-10-15.5", "41-25-10"],
]


def test_a_merged_head_names_its_columns_and_each_project_is_a_point(tmp_path: Path) -> None:
    write_sheet(tmp_path / "p.xlsx", PROJECTS)
    source = read_coordinate_table(tmp_path / "p.xlsx")
    assert source.fields["项目名称"] == ["甲工程", "乙工程", "丙工程", "丁工程"] and "#2" not in source.fields
    assert shapely.get_type_id(source.geometry).tolist() == [0, 0, 0, 0]
    assert shapely.get_coordinates(source.geometry)[2].tolist() == [124.2, 41.25]
    assert "intake_tables.a_point_a_row" in [n.id for n in source.notes]
    assert "项目位置表" in str(source.notes[0])


@pytest.mark.parametrize(("column", "types"), [("负责人", [0] * 4), ("边长", [3]), ("备注", [3])])
def test_points_make_an_outline_only_where_no_column_says_that_rows_are_things(write, column: str, types) -> None:  # type: ignore[no-untyped-def]
    corners = [(124, 41), (124.1, 41), (124.1, 41.1), (124, 41.1)]
    rows = "".join(f"{i},v{i},{x},{y}\n" for i, (x, y) in enumerate(corners, 1))
    source = read_coordinate_table(write(f"序号,{column},经度,纬度\n{rows}"))
    assert shapely.get_type_id(source.geometry).tolist() == types


def test_a_code_is_not_filled_down_over_a_row_that_is_another_thing(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("编号,名称,经度,纬度\nA,甲,124,41\n,乙,124.1,41\n,丙,124.1,41.1\n"))
    assert source.fields["编号"] == ["A", None, None] and len(source) == 3


def test_a_list_without_coordinates_finds_its_head_below_the_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["重点工程一览表"],
        ["序号", "项目编号", "项目名称", "所在县区", "建设年限", None, "面积（公顷）"],
        [None, None, None, None, "开始年份", "结束年份", None],
        [None, "一、矿山修复"],
        [1, "B4", "观音阁水库", "本溪县", 2025, 2030, "1,234.5"],
        [2, None, "没编号的项目", "明山", None, None, None],
        ["小 计", None, None, None, None, None, 1234.5],
        ["合计", None, None, None, None, None, 1264.5],
        ["注：以上为初步成果"],
    ]
    write_sheet(tmp_path / "p.xlsx", rows)
    source = read_coordinate_table(tmp_path / "p.xlsx")
    assert list(source.fields) == ["序号", "项目编号", "项目名称", "所在县区", "开始年份", "结束年份", "面积（公顷）"]
    assert source.fields["项目名称"] == ["观音阁水库", "没编号的项目"] and source.ids == [5, 6]
    (aside,) = (n for n in source.notes if n.id == "intake_tables.set_aside")
    assert dict(aside.params)["count"] == 4 and "合计" in str(aside) and "注：以上为初步成果" in str(aside)


def test_rows_without_coordinates_come_without_geometry_and_are_told(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("编号,名称,经度,纬度\nA,甲,124,41\nB,乙,,\nC,丙,124.1,41\n"))
    assert [g is None for g in source.geometry] == [False, True, False] and source.fields["名称"] == ["甲", "乙", "丙"]
    (told,) = (n for n in source.notes if n.id == "intake_tables.rows_without_place")
    assert dict(told.params) == {"count": 1, "rows": [3]}
    nowhere = read_coordinate_table(write("编号,经度,纬度\nA,,\nB,,\n"))
    assert nowhere.geometry is None and nowhere.fields == {"编号": ["A", "B"]}


def test_all_rows_that_are_wrong_are_named_at_once(write) -> None:  # type: ignore[no-untyped-def]
    wrong = "B,x,41\nC,,41\nD,41,124\nE,24,41\nF,y,41\nG,124,z\n"
    with pytest.raises(PlannerError) as refused:
        read_coordinate_table(write("编号,经度,纬度\nA,124,41\nA2,124.1,41\n" + wrong))
    said = refused.value.message.in_language("zh")
    assert refused.value.message.id == "intake_tables.bad_rows" and dict(refused.value.message.params)["count"] == 6
    assert all(f"第 {row} 行" in said for row in (4, 5, 6, 7, 8)) and "第 9 行" not in said and "…" in said
    assert "写反" in said and said.count("points.csv") == 1


def test_names_merged_sideways_stand_over_their_parts(write) -> None:  # type: ignore[no-untyped-def]
    """The names of the parts, and of what has none."""
    rows = "一览表,,,,\n编号,投资,,位置,\n,中央,地方,经度,纬度\nA,1,2,124,41\nB,3,4,124.1,41\n"
    source = read_coordinate_table(write(rows))
    assert source.fields == {"编号": ["A", "B"], "中央": ["1", "3"], "地方": ["2", "4"]}


def test_a_row_that_is_no_second_row_of_the_head_is_data(write) -> None:  # type: ignore[no-untyped-def]
    source = read_coordinate_table(write("编号,名称,备注,,类型\n,甲,,x,林\nB,乙,,,草\n"))
    assert source.fields["名称"] == ["甲", "乙"] and source.fields["#4"] == ["x", None]


@pytest.mark.parametrize("name", ["表.xls", "表.XLS", "表.et"])
def test_an_old_spreadsheet_says_how_it_can_be_read(write, name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlannerError) as refused:
        read_source(write("x", name))
    assert refused.value.message.id == "intake_tables.old_spreadsheet"
    assert "另存为 .xlsx" in refused.value.message.in_language("zh")


POINTS = "code,lon,lat\nA,124,41\nA,124.1,41\n"


@pytest.mark.parametrize(
    ("content", "message", "row"),
    [
        (POINTS + "A,124.1,四十一\n", "no_coordinate", 4),
        (POINTS + "A,124.1,\n", "no_coordinate", 4),
        (POINTS + "A,124°70′0″,41\n", "no_coordinate", 4),
        (POINTS + "A,124.1,nan\n", "no_coordinate", 4),
        (POINTS + "A,24.1,41\n", "outside", 4),
        (POINTS + "\n\nA,41.1,124.1\n", "swapped_row", 6),
        (POINTS + "A,,\n", "no_coordinate", 4),
        ("code,lon,lat\nA,41,124\nA,41,124.1\nA,41.1,124\n", "swapped", 2),
        ("code,东坐标,北坐标\nA,4580000,500000\nA,4580000,500100\nA,4580100,500000\n", "swapped", 2),
        (POINTS, "short_ring", 2),
        (POINTS + "A,124.1,41.1,5,6\n", "too_many_cells", 4),
        ("code,lon\nA,124\n", "half_a_pair", None),
        ("code,name\nA,1,2,3,4,5\nB,1,2,3,4,5\n", "too_many_cells", 2),  # the first row is no title
        ("code,wkt\nA,POLYGON ((0 0\n", "no_wkt", 2),
        ('code,wkt\nA,POINT (1 1)\nB,"POINT (1e999 41)"\n', "no_wkt", 3),
        ("code,lon,lat\n", "empty", None),
        ("\n\n", "empty", None),
    ],
)
def test_the_cell_that_is_wrong_is_named(write, content: str, message: str, row: int | None) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlannerError) as refused:
        read_coordinate_table(write(content))
    assert refused.value.message.id == f"intake_tables.{message}"
    assert dict(refused.value.message.params).get("row") == row
    assert "points.csv" in refused.value.message.in_language(
        "zh"
    ) and "points.csv" in refused.value.message.in_language("en")


def test_what_is_no_spreadsheet_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlannerError) as refused:
        read_coordinate_table(write("lon,lat\n", "table.xlsx"))
    assert refused.value.message.id == "intake_tables.no_spreadsheet"


@pytest.mark.parametrize(
    "written",
    [
        "124°30′15.5″",
        "124-30-15.5",
        "124:30:15.5",
        "124 30 15.5",
        "东经124°30′15.5″",
        "124度30分15.5秒",
        "124°30'15.5\"E",
        "124°30’15.5”",
    ],
)
def test_angles_as_they_are_written(written: str) -> None:
    assert parse_angle(written) == pytest.approx(124 + 30 / 60 + 15.5 / 3600, abs=1e-12)


@pytest.mark.parametrize("written", ["", "J1", "124°", "124°60′00″", "124-30-61", "1-2-3-4", "12a"])
def test_what_is_no_angle(written: str) -> None:
    assert parse_angle(written) is None


@pytest.mark.parametrize("written", ["124度5分60.0秒", "124°5′60″", "124-5-60.00"])
def test_seconds_that_excel_rounded_to_sixty(written: str) -> None:
    assert parse_angle(written) == pytest.approx(124.1, abs=1e-12)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999))
def test_angles_there_and_back(degrees: int, minutes: int, thousandths: int) -> None:
    seconds = thousandths / 1000
    for written in (f"{degrees}°{minutes:02d}′{seconds:06.3f}″", f"{degrees}-{minutes}-{seconds:.3f}"):
        assert parse_angle(written) == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-11)


@given(
    st.lists(st.tuples(st.integers(3, 12), st.floats(0.001, 0.02)), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "gbk"]),
    st.booleans(),
)
def test_what_is_written_comes_back(tmp_path_factory, plots, encoding: str, closed: bool) -> None:  # type: ignore[no-untyped-def]
    expected = []
    path = tmp_path_factory.mktemp("table") / "table.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["地块编号", "地块名称", "经度", "纬度"])
        for i, (count, radius) in enumerate(plots):
            turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
            ring = np.column_stack([124 + 0.1 * i + radius * np.cos(turn), 41 + radius * np.sin(turn)])
            expected.append(shapely.Polygon(ring))
            rows = [*ring, ring[0]] if closed else ring
            writer.writerows([f"{i:03d}", f"地块，{i}", repr(float(x)), repr(float(y))] for x, y in rows)
    source = read_coordinate_table(path)
    assert source.fields["地块名称"] == [f"地块，{i}" for i in range(len(plots))]
    assert shapely.equals_exact(source.geometry, np.array([*expected, None])[:-1]).all()
