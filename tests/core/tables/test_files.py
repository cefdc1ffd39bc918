"""The files hold what the tables say: merged cells, numbers, typefaces, paper, repeated heads; and appear whole or not."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest

from restoration_planner.core.commands import export_tables, new
from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.core.tables.as_csv import to_csv
from restoration_planner.core.tables.as_odt import to_odt
from restoration_planner.core.tables.as_xlsx import to_xlsx
from restoration_planner.core.tables.grid import Cell, Column, Grid, Sheet, TableFile, two_line_head
from restoration_planner.core.tables.setting import row_lines
from restoration_planner.tests.core.tables.conftest import appendix, sheet_named

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))


def zones_of_benxi() -> TableFile:
    return appendix("benxi").files[0]


def odd_texts() -> Sheet:
    """Texts that look like formulas, links, markup and numbers."""
    grid = Grid(2)
    for row, value in enumerate(("=1+1", "http://a.cn", "<b>粗</b>&amp;", "007", "行一\n行二", "三   格")):
        grid.put(row, 0, value)
        grid.put(row, 1, Cell(-1.5 * row, decimals=2))
    columns = (Column(10), Column(6, "right"))
    return Sheet("怪", "标题<&>", columns, two_line_head([("名称", ()), ("面积", ())]), grid.lines(), ("注：<&>",))


# --- workbook ----------------------------------------------------------------------------------


def test_the_workbook_merges_what_the_table_merges() -> None:
    file = zones_of_benxi()
    page = part(to_xlsx(file), "xl/worksheets/sheet1.xml")
    merged = {cell.get("ref") for cell in page.iter(f"{MAIN}mergeCell")}
    # 序号 over two lines of head; 重点区域 over two columns; zone 1 over three counties; 合计 over two columns
    assert {"A1:I1", "A2:A3", "E2:F2", "B4:B6", "C4:C6", "B7:B8", "A11:B11"} <= merged
    sheet = file.sheets[0]
    cells = [cell for line in (*sheet.head, *sheet.body) for cell in line if cell is not None]
    assert len(merged) == 1 + sum(cell.rows > 1 or cell.columns > 1 for cell in cells)


def test_the_workbook_is_ready_to_print() -> None:
    content = to_xlsx(zones_of_benxi())
    page = part(content, "xl/worksheets/sheet1.xml")
    setup = page.find(f"{MAIN}pageSetup")
    assert setup is not None
    assert (setup.get("paperSize"), setup.get("orientation"), setup.get("fitToHeight")) == ("9", "landscape", "0")
    names = {name.get("name"): name.text for name in part(content, "xl/workbook.xml").iter(f"{MAIN}definedName")}
    assert names["_xlnm.Print_Titles"] is not None
    footer = page.find(f"{MAIN}headerFooter/{MAIN}oddFooter")
    assert footer is not None and footer.text is not None and re.search(r"第 &P\s+页", footer.text)
    titles = [
        n.text for n in part(content, "xl/workbook.xml").iter(f"{MAIN}definedName") if "Titles" in n.get("name", "")
    ]
    assert titles[0] == "分区!$1:$3"  # the title and both lines of the head


def test_the_workbook_sets_heads_in_hei_and_texts_in_song() -> None:
    content = to_xlsx(zones_of_benxi())
    page, styles = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/styles.xml")
    fonts = [font.find(f"{MAIN}name").get("val") for font in styles.find(f"{MAIN}fonts")]  # type: ignore[union-attr]
    cell_styles = list(styles.find(f"{MAIN}cellXfs"))  # type: ignore[arg-type]
    style_of = {cell.get("r"): cell_styles[int(cell.get("s", "0"))] for cell in page.iter(f"{MAIN}c")}
    faces = {place: fonts[int(style_of[place].get("fontId", "0"))] for place in ("A1", "B2", "B4", "C4", "A11")}
    assert faces == {"A1": "黑体", "B2": "黑体", "B4": "宋体", "C4": "宋体", "A11": "黑体"}
    aligned = style_of["C4"].find(f"{MAIN}alignment")
    assert aligned is not None and aligned.get("horizontal") == "right"


def test_the_workbook_keeps_numbers_as_numbers_and_texts_as_texts() -> None:
    file = TableFile("怪", (odd_texts(),))
    content = to_xlsx(file)
    page = part(content, "xl/worksheets/sheet1.xml")
    strings = ["".join(item.itertext()) for item in part(content, "xl/sharedStrings.xml")]
    cells = {cell.get("r"): cell for cell in page.iter(f"{MAIN}c")}
    written = [cells[f"A{row}"] for row in range(3, 9)]
    assert all(cell.get("t") == "s" for cell in written)
    assert [strings[int(cell.findtext(f"{MAIN}v", ""))] for cell in written] == [
        "=1+1", "http://a.cn", "<b>粗</b>&amp;", "007", "行一\n行二", "三   格",
    ]  # fmt: skip
    assert [float(cells[f"B{row}"].findtext(f"{MAIN}v", "")) for row in range(3, 9)] == [0, -1.5, -3, -4.5, -6, -7.5]
    assert not list(page.iter(f"{MAIN}f")) and not list(page.iter(f"{MAIN}hyperlink"))


def test_a_cumulative_value_is_a_number_shown_in_brackets() -> None:
    file = next(file for file in appendix("benxi").files if "表2" in file.stem)
    formats = [f.get("formatCode") for f in part(to_xlsx(file), "xl/styles.xml").iter(f"{MAIN}numFmt")]
    assert '"["0.00"]"' in formats and '"≥["0"]"' in formats


def test_rows_have_room_for_their_texts() -> None:
    grid = Grid(2)
    grid.put(0, 0, Cell("一二三四五六七八九十", rows=2))
    grid.put(0, 1, "一二三四五六七八九")
    grid.put(1, 1, "一")
    head = two_line_head([("甲", ()), ("乙", ())])
    # five characters a line less the margins: 9 take three lines, 1 one; 10 in three rows of 2.x take their share
    wide = Sheet("s", "t", (Column(5), Column(5)), head, grid.lines())
    assert row_lines(wide) == [1, 3, 1]
    narrow = Sheet("s", "t", (Column(2), Column(5)), head, grid.lines())
    lines = row_lines(narrow)
    assert lines[1] + lines[2] >= 8 and lines[1] - lines[2] == 2


def test_a_programme_longer_than_a_page_is_named_at_its_top() -> None:
    """Yangquan's sixth has 50 projects: in the middle of its cell the name would stand pages away."""
    file = next(file for file in appendix("yangquan").files if "表3" in file.stem)
    content = to_xlsx(file)
    cell_styles = list(part(content, "xl/styles.xml").find(f"{MAIN}cellXfs"))  # type: ignore[arg-type]
    cells = {cell.get("r"): cell for cell in part(content, "xl/worksheets/sheet1.xml").iter(f"{MAIN}c")}
    placed = [
        cell_styles[int(cells[place].get("s", "0"))].find(f"{MAIN}alignment").get("vertical")
        for place in ("A3", "A33", "A58")  # of 14, 6 and 50 projects
    ]
    assert placed == ["top", "center", "top"]
    content_of_text = part(to_odt(file), "content.xml")
    (long,) = [
        cell for cell in content_of_text.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}number-rows-spanned") == "50"
    ]
    style = next(
        s for s in content_of_text.iter(f"{STYLE}style") if s.get(f"{STYLE}name") == long.get(f"{TABLE}style-name")
    )
    assert style.find(f"{STYLE}table-cell-properties").get(f"{STYLE}vertical-align") == "top"  # type: ignore[union-attr]


# --- text document -----------------------------------------------------------------------------


def test_the_text_document_merges_cells_and_covers_the_places_below() -> None:
    file = zones_of_benxi()
    content = part(to_odt(file), "content.xml")
    tables = list(content.iter(f"{TABLE}table"))
    assert len(tables) == len(file.sheets)
    for table, sheet in zip(tables, file.sheets):
        rows = list(table.iter(f"{TABLE}table-row"))
        lines = [*sheet.head, *sheet.body]
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines):
            assert [child.tag == f"{TABLE}covered-table-cell" for child in row] == [cell is None for cell in line]
            for child, cell in zip(row, line):
                if cell is not None:
                    assert int(child.get(f"{TABLE}number-rows-spanned", "1")) == cell.rows
                    assert int(child.get(f"{TABLE}number-columns-spanned", "1")) == cell.columns
                    assert "\n".join("".join(p.itertext()) for p in child) == cell.shown


def test_the_text_document_repeats_heads_on_landscape_paper() -> None:
    file = zones_of_benxi()
    raw = to_odt(file)
    content, styles = part(raw, "content.xml"), part(raw, "styles.xml")
    heads = list(content.iter(f"{TABLE}table-header-rows"))
    assert [len(head) for head in heads] == [len(sheet.head) for sheet in file.sheets]
    layouts = [*content.iter(f"{STYLE}page-layout-properties"), *styles.iter(f"{STYLE}page-layout-properties")]
    assert {(layout.get(f"{FO}page-width"), layout.get(f"{FO}page-height")) for layout in layouts} == {
        ("29.7cm", "21.0cm")
    }
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"


def test_the_text_document_sets_heads_in_hei_and_texts_in_song_and_numbers_to_the_right() -> None:
    content = part(to_odt(zones_of_benxi()), "content.xml")
    styles = {
        style.get(f"{STYLE}name"): (text.get(f"{STYLE}font-family-asian"), paragraph.get(f"{FO}text-align"))
        for style in content.iter(f"{STYLE}style")
        for text in style.iter(f"{STYLE}text-properties")
        for paragraph in style.iter(f"{STYLE}paragraph-properties")
    }
    assert styles["title-centre-A4"] == ("黑体", "center")
    assert styles["head-centre"] == ("黑体", "center")
    assert styles["body-right"] == ("宋体", "end")


def test_texts_with_markup_are_texts_in_the_document_too() -> None:
    content = part(to_odt(TableFile("怪", (odd_texts(),))), "content.xml")
    cells = [["".join(p.itertext()) for p in cell] for cell in content.iter(f"{TABLE}table-cell")]
    assert ["=1+1"] in cells and ["<b>粗</b>&amp;"] in cells and ["行一", "行二"] in cells
    assert [space.get(f"{TEXT}c") for space in content.iter(f"{TEXT}s")] == ["2"]
    values = [cell.get(f"{OFFICE}value") for cell in content.iter(f"{TABLE}table-cell") if cell.get(f"{OFFICE}value")]
    assert values[1] == "-1.5"


# --- CSV ---------------------------------------------------------------------------------------


def test_csv_opens_in_excel_and_repeats_texts_but_not_numbers() -> None:
    content = to_csv(sheet_named("分区", appendix("benxi")))
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[2] == "分区面积（km²） 规划" and head[4:6] == ["重点区域 编号", "重点区域 名称"]
    assert [row[0] for row in rows] == ["1", "1", "1", "2", "2", "3", "4", "合计"]
    assert sum(float(row[2]) for row in rows[:-1] if row[2]) == pytest.approx(float(rows[-1][2]))
    assert rows[1][5] == rows[0][5] and rows[1][6] == ""


def test_csv_guards_formulas_and_leaves_negative_numbers_alone() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(odd_texts()).decode("utf-8-sig"))))
    assert rows[1][0] == "'=1+1" and rows[2][1] == "-1.50"


# --- files in a folder -------------------------------------------------------------------------


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    new.create(tmp_path / "本溪.gpkg", "benxi", False)
    return tmp_path / "本溪.gpkg"


def test_every_table_goes_out_in_every_format_asked_for(plan: Path, tmp_path: Path) -> None:
    written = export_tables.run(plan, tmp_path / "新" / "附表", "xlsx, odt")
    assert sorted(file.name for file in (tmp_path / "新" / "附表").iterdir()) == sorted(
        f"{stem}.{ending}"
        for stem in ("表1_本溪市生态修复分区表", "表2_本溪市生态修复指标分解表", "表3_本溪市生态修复重点工程表")
        for ending in ("xlsx", "odt")
    )
    assert len(written.files) == 6 and not written.skipped


def test_a_csv_file_holds_one_sheet(plan: Path, tmp_path: Path) -> None:
    written = export_tables.run(plan, tmp_path, "csv")
    assert [file.name for file in written.files][:2] == [
        "表1_本溪市生态修复分区表.csv",
        "表1_本溪市生态修复分区表_分区范围.csv",
    ]


def test_files_that_exist_are_kept_and_named_unless_asked_otherwise(plan: Path, tmp_path: Path) -> None:
    mine = tmp_path / "表1_本溪市生态修复分区表.xlsx"
    mine.write_bytes(b"mine")
    written = export_tables.run(plan, tmp_path, "xlsx")
    assert mine.read_bytes() == b"mine"
    assert [mine.name in str(message) for message in written.skipped] == [True]
    assert len(written.files) == 2
    export_tables.run(plan, tmp_path, "xlsx", force=True)
    assert mine.read_bytes()[:2] == b"PK"


def test_unknown_formats_and_folders_that_are_files_are_one_sentence(plan: Path, tmp_path: Path) -> None:
    for formats in ("docx", "xlsx,pdf", " , "):
        with pytest.raises(PlannerError, match="xlsx、csv、odt"):
            export_tables.run(plan, tmp_path, formats)
    with pytest.raises(PlannerError, match="不是文件夹"):
        export_tables.run(plan, plan)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody may write")
def test_a_folder_that_cannot_be_written_is_one_sentence(plan: Path) -> None:
    with pytest.raises(PlannerError, match="/proc/附表") as told:
        export_tables.run(plan, "/proc/附表")
    assert told.value.message.id == "store.no_permission"


def test_a_plan_without_content_is_one_sentence_and_leaves_no_file(tmp_path: Path) -> None:
    new.create(tmp_path / "blank.gpkg", "blank", False)
    with pytest.raises(PlannerError, match=r"blank\.gpkg"):
        export_tables.run(tmp_path / "blank.gpkg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_library_is_named(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(PlannerError, match="XlsxWriter"):
        export_tables.run(plan, tmp_path / "out", "xlsx")
    assert not list((tmp_path / "out").iterdir())


def test_stopping_leaves_whole_files_only(plan: Path, tmp_path: Path) -> None:
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        export_tables.run(plan, tmp_path / "out", "xlsx", cancelled=lambda: next(asked))
    (only,) = (tmp_path / "out").iterdir()
    assert zipfile.ZipFile(only).testzip() is None


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(plan: Path, tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits on the size of files are a thing of Unix")
    program = f"""
import resource
from restoration_planner.core.commands import export_tables
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.texts import set_language
set_language("en")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    export_tables.run({str(plan)!r}, {str(tmp_path / "out")!r}, "xlsx")
except PlannerError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "full" in done.stdout and ".xlsx" in done.stdout
    assert not list((tmp_path / "out").iterdir())
