"""Plans and disks as they should not be: said in a sentence or handled, never a broken page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import shapely
from qgis.core import QgsLayoutItemLabel, QgsLayoutPoint, QgsPrintLayout, QgsProject

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.figures.export import Exported, Wanted, export_figures
from restoration_planner.figures.page.grids import table_frames
from restoration_planner.layers.opening import OpenPlan, open_plan

from .made_up_city import make_city
from .reading_back import fonts_of, plain, text_of
from .references import LATIN, only_fonts
from .test_contents import legend_words
from .test_pages import assert_page_is_sound, laid_out

HERE = Path(__file__).parent


def box(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.box(west, south, east, north)])


def plan_of(
    folder: Path, plan: dict[str, object] | None = None, **tables: list[tuple[dict[str, object], object]]
) -> OpenPlan:
    """A plan of some tables' rows and shapes, open in the project."""
    rows = {
        table: Rows.from_records(table, [record for record, _ in given], [shape for _, shape in given])
        for table, given in tables.items()
    }
    one = {"schema_version": 2, "name": "试验市规划", "city": "试验市", **(plan or {})}
    rows["plan"] = Rows.from_records("plan", [one])
    create_plan(folder / "plan.gpkg", PlanTables(rows))
    return open_plan(folder / "plan.gpkg", QgsProject.instance())


def zones(*shapes: object, name: str = "第{}修复区") -> list[tuple[dict[str, object], object]]:
    return [({"code": str(i), "name": name.format(i), "area_km2": 100.0 * i}, s) for i, s in enumerate(shapes, 1)]


def export(plan: OpenPlan, folder: Path, figures: str = "8", formats: str = "pdf") -> Exported:
    return export_figures(plan, Wanted(folder, figures, formats, printed=date(2026, 5, 1)))


# --- cities -------------------------------------------------------------------------------------

CITIES = {
    "of one zone": [box(124.0, 41.0, 124.8, 41.6)],
    "of 1° by 0.2°": [box(124 + i / 3, 41.0, 124 + (i + 1) / 3, 41.2) for i in range(3)],
    "of 0.2° by 1°": [box(124.0, 41 + i / 3, 124.2, 41 + (i + 1) / 3) for i in range(3)],
    "across 124.5°": [box(124.1, 41.0, 124.5, 41.6), box(124.5, 41.0, 124.9, 41.6)],
    "as small as a village": [box(124.0, 41.0, 124.02, 41.015)],
    "in two parts far apart": [box(123.0, 41.0, 123.1, 41.1), box(125.4, 42.4, 125.5, 42.5)],
}


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("city", CITIES)
def test_a_city_of_any_shape_has_a_sound_page(tmp_path: Path, city: str, paper: str) -> None:
    plan = plan_of(tmp_path, restoration_zone=zones(*CITIES[city]))
    layout = laid_out(plan, 8, paper).layout
    assert_page_is_sound(layout)
    main = layout.itemById("map")
    assert main.extent().contains(plan.extent(main.crs()))
    assert sum(len(frame.multiFrame().tableContents()) for frame in table_frames(layout)) == len(CITIES[city]) + 1


def test_without_zones_what_needs_them_is_told_and_the_rest_drawn(tmp_path: Path) -> None:
    county = [({"code": "1", "name": "甲县", "level": "county", "county": "甲县"}, box(124.0, 41.0, 125.0, 41.5))]
    red = [({"code": "R1", "name": "生态保护红线"}, box(124.2, 41.1, 124.4, 41.3))]
    plan = plan_of(tmp_path, admin_unit=county, red_line=red)
    done = export(plan, tmp_path / "out", "4,7,8,9")
    assert [f.name for f in done.files] == ["图4_试验市生态保护红线分布图.pdf"]
    assert [str(m).partition("。")[0] for m in done.skipped] == [
        "图7《试验市生态修复格局图》不能出图：缺少“生态修复分区”的图形",
        "图8《试验市生态修复分区图》不能出图：缺少“生态修复分区”的图形",
        "图9《试验市生态修复重点区域分布图》不能出图：缺少“生态修复分区”的图形、“重点区域”的图形",
    ]
    assert "生态保护红线" in text_of(done.files[0])


def test_a_plan_with_nothing_drawn_writes_nothing(tmp_path: Path) -> None:
    done = export(plan_of(tmp_path), tmp_path / "out", "")
    assert done.files == [] and len(done.skipped) == 10
    assert not list((tmp_path / "out").glob("*"))


# --- names --------------------------------------------------------------------------------------

ODD = ("甲<b>&\"区'", "乙\n区%1", "a\\n'||'&amp;")
PLACES = [box(124 + 0.3 * i, 41.0, 124.3 + 0.3 * i, 41.5) for i in range(3)]


def odd_plan(folder: Path) -> OpenPlan:
    sites = [
        ({"code": "A'1", "name": "修<复>&\"工\n程'", "zone_codes": '{"1"}'}, box(124.1, 41.1, 124.15, 41.15)),
        ({"code": 'B"2', "name": "[% 40 + 2 %]"}, box(124.4, 41.2, 124.45, 41.25)),
    ]
    named = [({"code": str(i), "name": name}, place) for i, (name, place) in enumerate(zip(ODD, PLACES), 1)]
    city = {"city": "甲<&>\"'市\n区", "issuer": "某<局>&\"'\n处"}
    return plan_of(folder, city, restoration_zone=named, project=sites)


def test_names_with_marks_and_line_breaks_are_printed_as_they_are(tmp_path: Path) -> None:
    plan = odd_plan(tmp_path)
    for number in (8, 10):
        layout = laid_out(plan, number).layout
        assert_page_is_sound(layout)
        title, issuer = layout.itemById("title"), layout.itemById("footer_left")
        assert title.currentText().replace("\n", "").startswith("甲<&>\"'市区生态修复")
        assert issuer.currentText() == "编制单位：某<局>&\"'处"
        captions = [w.replace("\n", "") for w in legend_words(layout.itemById("legend"))]
        assert all(f"{i} {name}".replace("\n", "") in captions for i, name in enumerate(ODD, 1))
    words = text_of(export(plan, tmp_path / "out", "10").files[0])
    for expected in ("甲<&>\"'市区生态修复重点工程布局图", "修<复>&\"工程'", "[%40+2%]", *ODD):
        assert plain(expected) in words, expected


def test_a_name_is_not_reckoned_in_the_legend(tmp_path: Path) -> None:
    """QGIS takes what stands between [% and %] in a legend for an expression."""
    named = zones(*PLACES, name="第{}区[% 12345 + 54321 %]")
    words = text_of(export(plan_of(tmp_path, restoration_zone=named), tmp_path / "out").files[0])
    assert "66666" not in words
    assert words.count("12345+54321") >= 6  # in the legend and in the table


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_issuer_of_80_characters_stays_legible(tmp_path: Path, language: str) -> None:
    set_language(language)
    issuer = (
        ("本溪市人民政府自然资源和林业草原局生态修复处" * 4)[:80]
        if language == "zh"
        else ("Bureau of Natural Resources " * 3)[:80]
    )
    layout = laid_out(plan_of(tmp_path, {"issuer": issuer}, restoration_zone=zones(*PLACES)), 8).layout
    assert_page_is_sound(layout)
    label = layout.itemById("footer_left")
    assert isinstance(label, QgsLayoutItemLabel)
    assert issuer.replace(" ", "") in label.currentText().replace("\n", "").replace(" ", "")
    assert label.sizeForText().height() / (label.currentText().count("\n") + 1) > 1.0  # millimetres a line


def caption_lines(layout: QgsPrintLayout, code: str) -> list[str]:
    return next(w for w in legend_words(layout.itemById("legend")) if w.startswith(code)).split("\n")


def test_long_class_names_are_broken_between_words_and_renamed_in_a_kept_layout(tmp_path: Path) -> None:
    name = (
        "Zone {} of water conservation, slope protection and the recovery of woods along the upper river and its banks"
    )
    plan = plan_of(tmp_path, restoration_zone=zones(*PLACES, name=name))
    layout = laid_out(plan, 8, "A4").layout
    lines = caption_lines(layout, "2 ")
    assert len(lines) > 1
    assert " ".join(lines) == "2 " + name.format(2)
    layout.itemById("north_arrow").attemptMove(QgsLayoutPoint(280, 40))
    layer = plan.layer("restoration_zone")
    assert layer.startEditing()
    renamed = next(layer.getFeatures("\"code\" = '2'"))
    assert layer.changeAttributeValue(renamed.id(), layer.fields().indexOf("name"), name.format("two"))
    assert layer.commitChanges()
    renderer = layer.renderer().clone()
    renderer.updateCategoryLabel(renderer.categoryIndexForValue("2"), "2 " + name.format("two"))
    layer.setRenderer(renderer)
    kept = laid_out(plan, 8, "A4")
    assert any("沿用" in str(note) for note in kept.notes)
    lines = caption_lines(kept.layout, "2 ")
    assert len(lines) > 1
    assert " ".join(lines) == "2 " + name.format("two")


def test_a_table_of_400_projects_goes_on_over_several_pages(tmp_path: Path) -> None:
    sites = [
        (
            {"code": f"A{i}", "name": f"第{i}号小流域综合治理与水源涵养工程"},
            box(124.1, 41.1, 124.2, 41.2) if i < 1 else None,
        )
        for i in range(400)
    ]
    laid = laid_out(plan_of(tmp_path, restoration_zone=zones(*PLACES), project=sites), 10, "A4")
    assert_page_is_sound(laid.layout)
    frames = table_frames(laid.layout)
    rows = [str(row[0].content()) for frame in frames for row in frame.multiFrame().tableContents()]
    assert rows == [f"A{i}" for i in range(400)]
    assert laid.layout.pageCollection().pageCount() > 2
    assert all(frame.multiFrame().contentTextFormat().size() > 3.9 for frame in frames)  # points, on A4
    assert any("第 2–" in str(note) for note in laid.notes)


def test_a_legend_of_60_classes_beside_a_table_of_40_projects(tmp_path: Path) -> None:
    strips = [box(124 + 0.02 * i, 41, 124.02 + 0.02 * i, 41.6) for i in range(60)]
    sites = [
        (
            {"code": f"A{i}", "name": f"第{i}号小流域综合治理与水源涵养工程"},
            box(124 + 0.03 * i, 41.2, 124.01 + 0.03 * i, 41.21),
        )
        for i in range(40)
    ]
    plan = plan_of(tmp_path, restoration_zone=zones(*strips, name="第{}号生态修复与水土保持综合治理区"), project=sites)
    for paper in ("A4", "A3"):
        laid = laid_out(plan, 10, paper)
        assert_page_is_sound(laid.layout)
        captions = [w.replace("\n", "") for w in legend_words(laid.layout.itemById("legend"))]
        assert sum("号生态修复与水土保持综合治理区" in c for c in captions) == 60
        assert sum(len(frame.multiFrame().tableContents()) for frame in table_frames(laid.layout)) == 40


# --- fonts and disks ----------------------------------------------------------------------------


def in_its_own_process(
    command: list[str], surroundings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **(surroundings or {})}
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def exporting(plan: Path, folder: Path, asked: str) -> list[str]:
    return [sys.executable, str(HERE / "in_another_process.py"), str(plan), str(folder), "", asked]


def test_without_a_chinese_typeface_it_is_said_and_the_page_stands(tmp_path: Path) -> None:
    if not LATIN.is_dir():
        pytest.skip(f"the only typeface to be seen is not installed ({LATIN})")
    plan, _ = make_city(tmp_path)
    seen = only_fonts(tmp_path / "fonts", LATIN)
    done = in_its_own_process(exporting(plan, tmp_path / "out", "8,10:pdf"), seen)
    assert done.returncode == 0, done.stderr
    assert "未安装中文字体" in done.stdout
    files = sorted((tmp_path / "out").glob("*.pdf"))
    assert len(files) == 2
    for file in files:
        fonts = fonts_of(file)
        assert fonts and all("DejaVu" in name and held for name, held in fonts.items()), fonts
        assert "124°20′E" in text_of(file).replace("'", "′")


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, restoration_zone=zones(*PLACES))
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    if os.geteuid() == 0:
        folder = Path("/proc")  # root writes anywhere but there
    with pytest.raises(PlannerError, match="无法写入文件夹"):
        export(plan, folder)


def test_a_disk_that_is_really_full_leaves_nothing_behind(tmp_path: Path) -> None:
    """A disk of 120 kB in a name space of its own; the page has some 200."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can mount a small disk")
    plan, _ = make_city(tmp_path)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=120k none "$1" || exit 77; shift; "$@"; code=$?; ls -A "$0"; exit $code'
    for suffix in ("pdf", "png", "svg"):
        command = [
            "unshare",
            "-m",
            "sh",
            "-c",
            script,
            str(disk),
            str(disk),
            *exporting(plan, disk / "out", f"9:{suffix}"),
        ]
        done = in_its_own_process([*command])
        if done.returncode == 77 or "unshare" in done.stderr:
            pytest.skip("this system lets nobody mount anything")
        assert done.returncode == 2, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stdout.splitlines()[0].startswith("图9_") and "未能写出" in done.stdout
        assert done.stdout.split("\n", 1)[1].strip() == "out"
