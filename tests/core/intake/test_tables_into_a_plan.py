"""国土TXT files and tables of coordinates all the way into a plan, and web-map coordinates on the way."""

from __future__ import annotations

from pathlib import Path

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.commands import import_layer
from restoration_planner.core.commands.main import main
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.intake.gcj02 import to_gcj02
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.core.store.vector import read_layer
from restoration_planner.tests.small_plan import WEST, make_small_plan

FIELD = shapely.box(124.01, 41.01, 124.02, 41.02)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return make_small_plan(tmp_path / "plan.gpkg")


def rows_of(plan: Path, table: str) -> Rows:
    return read_plan(plan, [table])[table]


def guotu_txt(swapped: bool = False) -> str:
    """The field as a plot in zone 41."""
    to_zone = pyproj.Transformer.from_crs(4490, 4529, always_xy=True)
    east, north = to_zone.transform(*shapely.get_coordinates(FIELD).T)
    pairs = zip(east, north) if swapped else zip(north, east)
    points = "".join(f"J{i},1,{x:.4f},{y:.4f}\n" for i, (x, y) in enumerate(pairs, 1))
    head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=41\n[地块坐标]\n"
    return f"{head}5,,P77,矿坑回填,面,,,,@\n{points}"


def test_a_plot_file_becomes_a_project(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "plots.txt").write_text(guotu_txt(), encoding="gbk")
    import_layer.run(plan, "project", tmp_path / "plots.txt", mapping=["code=地块编号", "name=地块名称"])
    rows = rows_of(plan, "project")
    at = rows["code"].tolist().index("P77")
    assert rows["name"][at] == "矿坑回填"
    assert shapely.hausdorff_distance(rows.geometry[at], FIELD) < 1e-8


def test_a_plot_file_with_swapped_axes_stops_the_command_and_changes_nothing(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "plots.txt"
    source.write_text(guotu_txt(swapped=True), encoding="gbk")
    before = plan.read_bytes()
    assert main(["import", str(plan), "project", str(source)]) == 2
    said = capsys.readouterr().err
    assert "plots.txt" in said and "9" in said and len(said.strip().splitlines()) == 1
    assert plan.read_bytes() == before


def test_a_plot_file_cut_off_after_its_header_is_told_as_such(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "plots.txt").write_text(guotu_txt().partition("[地块坐标]")[0], encoding="gbk")
    with pytest.raises(PlannerError) as refused:
        import_layer.run(plan, "project", tmp_path / "plots.txt")
    assert refused.value.message.id == "intake_tables.txt_no_section"


@pytest.mark.parametrize(("name", "between"), [("t.csv", ","), ("t.tsv", "\t"), ("t.txt", "\t")])
def test_a_table_of_degrees_becomes_a_project(plan: Path, tmp_path: Path, name: str, between: str) -> None:
    lines = ["编号,名称,经度,纬度", "P77,湿地,124°00′36″,41°00′36″", ",,124°01′12″,41°00′36″", ",,124°01′12″,41°01′12″"]
    (tmp_path / name).write_text("\n".join([*lines, ",,124.01,41.02"]).replace(",", between), encoding="gbk")
    import_layer.run(plan, "project", tmp_path / name)
    rows = rows_of(plan, "project")
    at = rows["code"].tolist().index("P77")
    assert rows["name"][at] == "湿地" and shapely.hausdorff_distance(rows.geometry[at], FIELD) < 1e-12


TABLE = "编号,圈号,点号,经度,纬度\nA,1,J1,124,41\nA,1,J2,124.1,41\n,,J3,124°6′0″,41.1\nB,1,J1,124,41\nB,1,,125,41\n,,,125,42\n"


@given(
    st.sampled_from([".txt", ".csv"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20), st.binary(max_size=6))),
)
def test_spoilt_files_are_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, ending: str, edits: list[tuple[int, int, bytes]]
) -> None:
    content = (guotu_txt() if ending == ".txt" else TABLE).encode("gbk")
    for place, cut, put in edits:
        content = content[:place] + put + content[place + cut :]
    path = tmp_path_factory.mktemp("spoilt") / f"spoilt{ending}"
    path.write_bytes(content)
    try:
        source = read_source(path)
    except PlannerError as refused:
        assert len(str(refused)) > 10
    else:
        assert all(len(values) == len(source) for values in source.fields.values())
        assert source.geometry is None or len(source.geometry) == len(source)


def web_map_zone(folder: Path) -> Path:
    """The western zone as a web map has it, as WKT in a table."""
    shape = shapely.transform(shapely.segmentize(WEST, 0.005), to_gcj02)
    (folder / "zone.csv").write_text(f'code;name;wkt\n1;西区;"{shapely.to_wkt(shape, -1)}"\n', encoding="utf-8")
    return folder / "zone.csv"


def test_web_map_coordinates_are_told_and_do_not_take_the_place_of_known_outlines(plan: Path, tmp_path: Path) -> None:
    before = rows_of(plan, "restoration_zone").geometry[0]
    report = import_layer.run(plan, "restoration_zone", web_map_zone(tmp_path))
    assert {"intake.gcj02_seen", "intake.gcj02_kept"} <= {note.id for note in report.notes}
    assert shapely.equals_exact(rows_of(plan, "restoration_zone").geometry[0], before)


def test_web_map_coordinates_are_taken_as_they_are_when_told(plan: Path, tmp_path: Path) -> None:
    report = import_layer.run(plan, "restoration_zone", web_map_zone(tmp_path), crs="4490")
    assert "intake.gcj02_seen" in [note.id for note in report.notes]
    moved = shapely.get_coordinates(rows_of(plan, "restoration_zone").geometry[0]) - shapely.get_coordinates(
        shapely.transform(shapely.segmentize(WEST, 0.005), to_gcj02)
    )
    assert abs(moved).max() < 1e-9


def test_web_map_coordinates_are_converted_when_told(plan: Path, tmp_path: Path) -> None:
    report = import_layer.run(plan, "restoration_zone", web_map_zone(tmp_path), crs="GCJ02")
    assert "intake.gcj02_seen" not in [note.id for note in report.notes]
    assert shapely.hausdorff_distance(rows_of(plan, "restoration_zone").geometry[0], WEST) < 1e-8


def test_the_real_sample_comes_in_where_its_towns_are(plan: Path, shared: Path) -> None:
    source = shared / "data" / "messy" / "guotu_txt_benxi_zone41_gbk.txt"
    import_layer.run(plan, "project", source, mapping=["name=地块名称"])
    rows = rows_of(plan, "project")
    towns = read_layer(shared / "data" / "benxi.gpkg", "towns")
    for name in ("牛心台街道", "连山关镇"):
        ours = rows.geometry[rows["name"].tolist().index(name)]
        town = towns.geometry[towns.columns["name"].index(name)]
        assert ellipsoidal_area(ours) == pytest.approx(ellipsoidal_area(town), rel=5e-3)
        assert shapely.area(shapely.intersection(ours, town)) > 0.98 * town.area


def test_a_list_of_places_is_no_outline_and_the_sentence_says_what_is_needed(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESTORATION_PLANNER_LANG", "zh")
    rows = (
        "项目位置表,,,\n序号,项目名称,坐标,\n,,东经,北纬\n1,甲,124,41\n2,乙,124.1,41\n3,丙,124.1,41.1\n4,丁,124,41.1\n"
    )
    (tmp_path / "p.csv").write_text(rows, encoding="gbk")
    before = plan.read_bytes()
    assert main(["import", str(plan), "project", str(tmp_path / "p.csv")]) == 2
    said = capsys.readouterr().err
    assert "只有点 4 个" in said and "“工程项目”需要面" in said and "每行只是一个点" in said
    assert plan.read_bytes() == before


def test_a_list_with_coordinates_for_none_of_its_projects_comes_in(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("项目编号,项目名称,经度,纬度\nP8,甲,,\nP9,乙,,\n", encoding="utf-8")
    report = import_layer.run(plan, "project", tmp_path / "p.csv")
    rows = rows_of(plan, "project")
    added = [rows["code"].tolist().index(code) for code in ("P8", "P9")]
    assert report.added == 2 and shapely.is_missing(rows.geometry[added]).all()
