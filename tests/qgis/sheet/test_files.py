"""Sheets as files, by the function and by restoration:sitingsheet: what is written, kept, refused and said."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from qgis.core import QgsGeometry, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRectangle

from restoration_planner.core.commands.check import run_check
from restoration_planner.core.delivery.guotu_txt import ENCODINGS
from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.core.intake.guotu_txt import read_guotu_txt
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.figures.sheet.export import WantedSheets, export_sheets
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.plugin.algorithms.siting_sheet import SitingSheet
from restoration_planner.tests.qgis.figures.reading_back import plain, text_of
from restoration_planner.tests.qgis.figures.test_printer import small_disk
from restoration_planner.tests.small_plan import make_small_plan, small_tables

from .conftest import DAY, many_corners


@pytest.fixture(autouse=True)
def chinese_and_a_clean_project(qgis_app: object) -> Iterator[None]:
    set_language("zh")
    QgsProject.instance().clear()
    yield
    QgsProject.instance().clear()
    set_language(None)


@pytest.fixture
def small(tmp_path: Path) -> OpenPlan:
    return open_plan(make_small_plan(tmp_path / "plan.gpkg"), QgsProject.instance())


def names(files: list[Path]) -> list[str]:
    return [file.name for file in files]


def test_all_projects_with_findings_by_default(small: OpenPlan, tmp_path: Path) -> None:
    done = export_sheets(small, WantedSheets(tmp_path / "out", made=DAY))
    assert names(done.files) == [
        "选址核查表_P2_西岭采石.pdf",
        "选址核查表_P2_西岭采石.txt",
        "选址核查表_P3_河道整治.pdf",
        "选址核查表_P3_河道整治.txt",
        "选址核查表_P4_湿地恢复.pdf",
        "选址核查表_P5_农田整治.pdf",
        "选址核查表_P5_农田整治.txt",
        "选址核查表_P6_核心区巡护.pdf",
        "选址核查表_P6_核心区巡护.txt",
    ]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(names(done.files))
    assert [s.id for s in done.skipped] == ["sheet.no_txt"] and "P4" in str(done.skipped[0])


def test_the_txt_is_the_site(small: OpenPlan, tmp_path: Path) -> None:
    done = export_sheets(small, WantedSheets(tmp_path / "out", "P1", made=DAY))
    source = read_guotu_txt(done.files[1])
    assert source.fields["地块编号"] == ["P1"] and source.epsg == 4529
    assert "西坡造林" in done.files[1].read_bytes().decode("gbk")
    utf8 = export_sheets(small, WantedSheets(tmp_path / "utf8", "P1", encoding="UTF-8"))
    assert "西坡造林" in utf8.files[1].read_text(encoding="utf-8")


def test_nothing_is_changed_in_the_plan_and_its_project(small: OpenPlan, tmp_path: Path) -> None:
    def state() -> tuple[str, int, int, bool]:
        digest = hashlib.sha256(small.path.read_bytes()).hexdigest()
        project = small.project
        return digest, len(project.mapLayers()), len(project.layoutManager().layouts()), project.isDirty()

    small.project.setDirty(False)
    before = state()
    export_sheets(small, WantedSheets(tmp_path / "out", "P2"))
    assert state() == before


def test_unsaved_edits_are_on_the_sheet(small: OpenPlan, tmp_path: Path) -> None:
    layer = small.layer("project")
    layer.startEditing()
    feature = next(f for f in layer.getFeatures() if f["code"] == "P1")
    layer.changeGeometry(feature.id(), QgsGeometry.fromRect(QgsRectangle(124.02, 41.06, 124.03, 41.07)))
    done = export_sheets(small, WantedSheets(tmp_path / "out", "P1"))
    layer.rollBack()
    assert plain("压占生态保护红线") in text_of(done.files[0])
    found = read_guotu_txt(done.files[1]).geometry[0]
    assert found.area == pytest.approx(933_000, rel=0.01)


def test_which_run_is_said(small: OpenPlan, tmp_path: Path) -> None:
    first = export_sheets(small, WantedSheets(tmp_path / "first", "P2")).files[0]
    assert plain("没有已保存的选址核查结果") in text_of(first)
    QgsProject.instance().clear()
    result, _ = run_check(small.path)
    again = open_plan(small.path, QgsProject.instance())
    saved = export_sheets(again, WantedSheets(tmp_path / "saved", "P2")).files[0]
    words = text_of(saved)
    assert plain("取自规划文件中") in words and plain(result.run_at.replace("T", " ")[:16]) in words


def test_files_that_are_there_are_kept_unless_asked(small: OpenPlan, tmp_path: Path) -> None:
    wanted = WantedSheets(tmp_path / "out", "P2")
    first = export_sheets(small, wanted)
    first.files[1].write_text("mine", encoding="utf-8")
    again = export_sheets(small, wanted)
    assert again.files == [] and again.kept == first.files
    assert [s.id for s in again.skipped] == ["sheet.exists"] * 2
    assert first.files[1].read_text(encoding="utf-8") == "mine"
    forced = export_sheets(small, replace(wanted, force=True))
    assert forced.files == first.files and read_guotu_txt(first.files[1]).epsg == 4529


def test_a_file_that_another_program_holds_is_named(small: OpenPlan, tmp_path: Path) -> None:
    wanted = WantedSheets(tmp_path / "out", "P2")
    sheet = export_sheets(small, wanted).files[0]
    before = sheet.read_bytes()
    # as a reader on Windows does it: it can be read, and not be replaced
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", str(sheet)], capture_output=True).returncode:
        pytest.skip("files cannot be made immutable here")
    try:
        with pytest.raises(PlannerError) as told:
            export_sheets(small, replace(wanted, force=True))
    finally:
        subprocess.run(["chattr", "-i", str(sheet)], check=True)
    assert told.value.message.id == "figures_export.in_use" and sheet.name in str(told.value)
    assert sheet.read_bytes() == before and len(list((tmp_path / "out").iterdir())) == 2


def test_an_unknown_code_leaves_nothing(small: OpenPlan, tmp_path: Path) -> None:
    with pytest.raises(PlannerError) as told:
        export_sheets(small, WantedSheets(tmp_path / "out", "P2,P99"))
    assert told.value.message.id == "sheet.no_such_project" and "P99" in str(told.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be(small: OpenPlan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(PlannerError) as told:
        export_sheets(small, WantedSheets(tmp_path / "file", "P2"))
    assert "file" in str(told.value)


def test_no_findings_and_no_projects_are_said(tmp_path: Path) -> None:
    tables = small_tables()
    only = {**tables.rows, "project": tables["project"].take(tables["project"].fids == 1)}
    create_plan(tmp_path / "one.gpkg", type(tables)(only))
    done = export_sheets(open_plan(tmp_path / "one.gpkg", QgsProject()), WantedSheets(tmp_path / "out"))
    assert done.files == [] and [s.id for s in done.skipped] == ["sheet.nothing_found"]
    assert not (tmp_path / "out").exists()
    none = {**tables.rows, "project": tables["project"].take(tables["project"].fids == 99)}
    create_plan(tmp_path / "none.gpkg", type(tables)(none))
    with pytest.raises(PlannerError) as told:
        export_sheets(open_plan(tmp_path / "none.gpkg", QgsProject()), WantedSheets(tmp_path / "out"))
    assert told.value.message.id == "sheet.no_projects"


def test_stopped_between_two_projects(small: OpenPlan, tmp_path: Path) -> None:
    seen = []

    def stop() -> bool:
        seen[:] = list((tmp_path / "out").glob("*.pdf"))
        return bool(seen)

    with pytest.raises(Cancelled):
        export_sheets(small, WantedSheets(tmp_path / "out"), cancelled=stop)
    assert len(seen) == 1
    assert sorted(p.suffix for p in (tmp_path / "out").iterdir()) == [".pdf", ".txt"]


def test_all_of_them_in_one_document_with_a_bookmark_each(small: OpenPlan, tmp_path: Path) -> None:
    from pypdf import PdfReader

    wanted = WantedSheets(tmp_path / "out", "P2,P4", made=DAY, bound=True)
    done = export_sheets(small, wanted)
    assert names(done.files)[-1] == "选址核查表汇编_方格市.pdf" and len(done.files) == 4
    bound = PdfReader(done.files[-1])
    singles = [PdfReader(f) for f in done.files if f.suffix == ".pdf"][:-1]
    assert [str(mark["/Title"]) for mark in bound.outline] == ["P2 西岭采石", "P4 湿地恢复"]
    starts = [bound.get_destination_page_number(mark) for mark in bound.outline]
    assert starts == [0, len(singles[0].pages)] and len(bound.pages) == sum(len(s.pages) for s in singles)
    assert plain("西岭采石") in plain(bound.pages[0].extract_text())
    # without its bound document: made of all sheets though those are kept
    done.files[-1].unlink()
    again = export_sheets(small, wanted)
    assert names(again.files) == ["选址核查表汇编_方格市.pdf"] and len(again.kept) == 3
    assert len(PdfReader(again.files[0]).pages) == len(bound.pages)
    assert export_sheets(small, wanted).files == []


@pytest.mark.parametrize("bound", [False, True])
def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_written(
    small: OpenPlan, tmp_path: Path, bound: bool
) -> None:
    wanted = WantedSheets(tmp_path / "out", "P2", made=DAY, bound=bound)
    whole = export_sheets(small, wanted).files
    needed = sum(f.stat().st_size for f in whole[:2])
    # room for half a sheet; and, where they are bound, for the sheet and the half of its copy
    size = whole[0].stat().st_size // 2 if not bound else needed + whole[0].stat().st_size // 2
    with small_disk(tmp_path / "disk", f"{max(size // 4096, 2) * 4}k") as disk:
        with pytest.raises(PlannerError) as told:
            export_sheets(small, replace(wanted, folder=disk))
        left = {f.name: f.read_bytes() for f in disk.iterdir()}
    # QGIS may believe that it wrote a cut-off file: the workshop finds out
    assert told.value.message.id in ("sheet.not_written", "figures.not_written", "figures.folder_unwritable")
    assert left == {}


def test_five_thousand_corners(tmp_path: Path) -> None:
    create_plan(tmp_path / "round.gpkg", many_corners(5000))
    done = export_sheets(open_plan(tmp_path / "round.gpkg", QgsProject()), WantedSheets(tmp_path / "out", "P2"))
    from pypdf import PdfReader

    pages = PdfReader(done.files[0]).pages
    assert 25 < len(pages) < 40
    assert "J5000" in plain(pages[-1].extract_text())
    assert shapely.get_num_coordinates(read_guotu_txt(done.files[1]).geometry[0]) == 5001


class Told(QgsProcessingFeedback):
    def __init__(self) -> None:
        super().__init__(False)
        self.said: list[str] = []

    def pushInfo(self, info: str) -> None:
        self.said.append(info)

    def pushWarning(self, warning: str) -> None:
        self.said.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.said.append(error)


def run(plan: Path, **given: object) -> tuple[dict[str, object], bool, Told]:
    algorithm, told = SitingSheet(), Told()
    algorithm.initAlgorithm()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results, ok = algorithm.run({"PLAN": str(plan), **given}, context, told)
    return results, ok, told


def test_the_algorithm_on_a_plan_that_is_not_open(tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    results, ok, told = run(plan, FOLDER=str(tmp_path / "out"), PROJECTS="P2，P4")
    assert ok and results["WRITTEN"] == 3 and results["SKIPPED"] == 1
    assert str(results["FILES"]).count(";") == 2 and QgsProject.instance().mapLayers() == {}
    assert any("P4" in line for line in told.said)


def test_the_algorithm_offers_the_encodings_that_there_are() -> None:
    algorithm = SitingSheet()
    algorithm.initAlgorithm()
    asked = algorithm.parameterDefinition("ENCODING")
    assert tuple(asked.options()) == ENCODINGS and asked.defaultValue() == WantedSheets(Path("x")).encoding


def test_the_algorithm_says_what_cannot_be_in_a_sentence(tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    _, ok, told = run(plan, FOLDER=str(tmp_path / "out"), PROJECTS="Z1")
    assert not ok and any("没有编号为“Z1”的项目" in line for line in told.said)
    assert not any("Traceback" in line for line in told.said)


def test_qgis_process_writes_them_without_a_window(repository: Path, tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    command = [repository / "dev", "run", "qgis_process", "run", "--json", "restoration:sitingsheet", "--"]
    given = [f"PLAN={plan}", "PROJECTS=P2", f"FOLDER={tmp_path / 'out'}"]
    done = subprocess.run([*map(str, command), *given], capture_output=True, check=True)
    results = json.loads(done.stdout)["results"]
    assert (results["WRITTEN"], results["SKIPPED"]) == (2, 0)
    assert len(list((tmp_path / "out").glob("*.pdf"))) == 1
