"""restoration:exporttables in QGIS: GDAL and LibreOffice read what it writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from osgeo import ogr
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from restoration_planner.core.commands import new
from restoration_planner.core.tables.writing import FORMATS
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.algorithms.export_tables import EVERY_FORMAT, ExportTables

ROOT = Path(__file__).resolve().parents[3]
OFFICE = shutil.which("soffice")
A4_LANDSCAPE = (842, 595)


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


@pytest.fixture
def plan(tmp_path: Path, qgis_app: object) -> Path:
    new.create(tmp_path / "plan.gpkg", "benxi", False)
    return tmp_path / "plan.gpkg"


def run(plan: Path, folder: Path, formats: str = "xlsx", force: bool = False) -> tuple[dict[str, object], str]:
    feedback = QgsProcessingFeedback()
    given = {"PLAN": str(plan), "FOLDER": str(folder), "FORMATS": formats, "FORCE": force}
    results, ok = ExportTables().run(given, QgsProcessingContext(), feedback)
    assert ok, feedback.textLog()
    return results, feedback.textLog()


def test_every_format_is_offered() -> None:
    assert ",".join(FORMATS) == EVERY_FORMAT


def test_gdal_reads_numbers_and_texts_from_the_workbook(plan: Path, tmp_path: Path) -> None:
    results, _ = run(plan, tmp_path / "out")
    assert results["WRITTEN"] == 3 and results["SKIPPED"] == 0
    files = str(results["FILES"]).split(";")
    book = ogr.Open(files[0])
    assert [book.GetLayer(i).GetName() for i in range(book.GetLayerCount())] == ["分区", "分区范围"]
    rows = [[feature.GetField(i) for i in range(feature.GetFieldCount())] for feature in book.GetLayer(0)]
    areas = [float(row[2]) for row in rows if row[1] and re.fullmatch(r"[\d.]+", str(row[2]))]
    assert areas == [1519.87, 980.94, 2363.44, 3553.33]
    assert any("葭窝水库周边城市-矿山系统修复区" in row for row in rows)


def test_what_was_left_out_is_said_with_its_reason(plan: Path, tmp_path: Path) -> None:
    run(plan, tmp_path / "out")
    results, log = run(plan, tmp_path / "out")
    assert results["WRITTEN"] == 0 and results["SKIPPED"] == 3 and results["FILES"] == ""
    assert "“表1_本溪市生态修复分区表.xlsx”已存在" in log
    results, _ = run(plan, tmp_path / "out", force=True)
    assert results["WRITTEN"] == 3


def test_what_cannot_be_done_is_one_sentence(plan: Path, tmp_path: Path) -> None:
    algorithm = ExportTables()
    algorithm.initAlgorithm()
    given = {"PLAN": str(plan), "FOLDER": str(tmp_path / "out"), "FORMATS": "docx", "FORCE": False}
    with pytest.raises(QgsProcessingException, match="docx"):
        algorithm.processAlgorithm(given, QgsProcessingContext(), QgsProcessingFeedback())
    allowed, sentence = algorithm.checkParameterValues({**given, "FOLDER": str(plan)}, QgsProcessingContext())
    assert not allowed and "不是文件夹" in sentence


def test_it_works_in_qgis_process_as_written(plan: Path, tmp_path: Path) -> None:
    command = [str(ROOT / "dev"), "run", "qgis_process", "--json", "run", "restoration:exporttables", "--"]
    command += [f"PLAN={plan}", f"FOLDER={tmp_path / '附表'}", "FORMATS=odt,csv"]
    environment = {**os.environ, "RESTORATION_PLANNER_LANG": "zh"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["WRITTEN"] == 8 and all(Path(file).exists() for file in results["FILES"].split(";"))


def converted(file: Path, to: str, folder: Path) -> Path:
    """A file as LibreOffice saves it in another format, by a profile of its own."""
    if OFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(folder / "converted"), str(file)]
    # without the variables of QGIS's environment: LibreOffice brings its own Python
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QT_"))}
    subprocess.run(command, check=True, capture_output=True, timeout=180, env=environment)
    return folder / "converted" / f"{file.stem}.{to.split(':')[0]}"


@pytest.mark.parametrize("format_name", ["xlsx", "odt"])
def test_libreoffice_prints_table_3_on_a4_landscape(plan: Path, tmp_path: Path, format_name: str) -> None:
    results, _ = run(plan, tmp_path / "out", format_name)
    pdf = converted(Path(str(results["FILES"]).split(";")[2]), "pdf", tmp_path).read_bytes()
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert boxes
    for width, height in boxes:
        assert (round(float(width)), round(float(height))) == A4_LANDSCAPE


def test_libreoffice_reads_the_text_documents_cells(plan: Path, tmp_path: Path) -> None:
    results, _ = run(plan, tmp_path / "out", "odt")
    page = converted(Path(str(results["FILES"]).split(";")[0]), "html", tmp_path).read_text(encoding="utf-8")
    assert page.count("<thead>") == 2
    assert re.search(r'<td rowspan="3"[^>]*>(?:(?!</td>).)*西部丘陵平原人居生态提升与矿山生态修复区', page, re.DOTALL)
    assert "8417.58" in page and "重点区域面积" in page


def test_libreoffice_shows_cumulative_values_in_brackets(plan: Path, tmp_path: Path) -> None:
    results, _ = run(plan, tmp_path / "out")
    as_shown_in_utf8 = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    book = Path(str(results["FILES"]).split(";")[1])
    table = converted(book, as_shown_in_utf8, tmp_path).read_text(encoding="utf-8")
    assert "≥[330]" in table and "[4.39]" in table and "3407.9" in table
