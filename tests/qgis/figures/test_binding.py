"""The bound document: pages, bookmarks, text and metadata, read back with pypdf."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pypdf
import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.figures.press.binding import Sheet, bind
from restoration_planner.figures.press.jobs import Binding
from restoration_planner.layers.fonts import typeface
from restoration_planner.layers.opening import OpenPlan

from .test_export import room_for

DAY = date(2026, 5, 1)
BOUND = "图集_本溪市国土空间生态修复规划.pdf"


def bookmarks(reader: pypdf.PdfReader) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 0) of every bookmark, in order."""
    found: list[tuple[int, str, int]] = []

    def walk(entries: list[object], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            else:
                found.append((depth, entry.title, reader.get_destination_page_number(entry)))  # type: ignore[attr-defined]

    walk(reader.outline, 0)
    return found


def words_on(page: pypdf.PageObject) -> str:
    return "".join(unicodedata.normalize("NFKC", page.extract_text()).split())


def test_figures_are_bound_in_order_with_a_bookmark_each(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export_figures(wide_city, Wanted(tmp_path, "10,8", "", bound=True, printed=DAY))
    assert [f.name for f in done.files] == [BOUND]
    reader = pypdf.PdfReader(tmp_path / BOUND)
    assert bookmarks(reader) == [(0, "图10 本溪市生态修复重点工程布局图", 0), (0, "图8 本溪市生态修复分区图", 1)]
    assert reader.metadata is not None
    assert reader.metadata.title == "本溪市国土空间生态修复规划图集"
    assert reader.metadata.author == "本溪市人民政府"
    for page in reader.pages:
        size = tuple(float(v) for v in page.mediabox[2:])
        assert size == pytest.approx((420 / 25.4 * 72, 297 / 25.4 * 72), abs=1)


def test_text_of_bound_pages_is_text_and_their_place_on_earth_stays(wide_city: OpenPlan, tmp_path: Path) -> None:
    if not typeface("heiti").chinese:
        pytest.skip("no font with Chinese characters is installed")
    export_figures(wide_city, Wanted(tmp_path, "8", "pdf", bound=True, printed=DAY))
    single, bound = (pypdf.PdfReader(tmp_path / name).pages[0] for name in ("图8_本溪市生态修复分区图.pdf", BOUND))
    assert words_on(bound) == words_on(single) != ""
    assert "/VP" in single and "/VP" in bound


def test_formats_come_one_file_each_beside_the_bound_document(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export_figures(wide_city, Wanted(tmp_path, "8", "svg,pdf", bound=True, printed=DAY))
    assert [f.name for f in done.files] == ["图8_本溪市生态修复分区图.svg", "图8_本溪市生态修复分区图.pdf", BOUND]
    assert sorted(tmp_path.glob("图*")) == sorted(done.files)


def test_a_bound_document_that_exists_stays_unless_asked(wide_city: OpenPlan, tmp_path: Path) -> None:
    mine = tmp_path / BOUND
    mine.write_bytes(b"mine")
    done = export_figures(wide_city, Wanted(tmp_path, "8", "", bound=True, printed=DAY))
    assert done.files == [] and mine.read_bytes() == b"mine"
    assert [str(m) for m in done.skipped] == [f"{BOUND} 已存在，未改写。要改写请勾选“改写已有文件”（FORCE）。"]
    assert export_figures(wide_city, Wanted(tmp_path, "8", "", force=True, bound=True, printed=DAY)).files == [mine]
    assert mine.read_bytes().startswith(b"%PDF")


def test_a_figure_that_is_there_already_is_still_bound(wide_city: OpenPlan, tmp_path: Path) -> None:
    """The single file stays as it is; the bound document is whole all the same."""
    single = tmp_path / "图8_本溪市生态修复分区图.pdf"
    single.write_bytes(b"mine")
    done = export_figures(wide_city, Wanted(tmp_path, "8,10", "pdf", bound=True, printed=DAY))
    assert single.read_bytes() == b"mine"
    assert single not in done.files and tmp_path / BOUND in done.files
    assert len(pypdf.PdfReader(tmp_path / BOUND).pages) == 2


def test_nothing_drawn_is_nothing_bound(wide_city: OpenPlan, tmp_path: Path) -> None:
    done = export_figures(wide_city, Wanted(tmp_path, "2,3", "", bound=True, printed=DAY))
    assert done.files == []
    assert str(done.skipped[-1]) == f"没有可合订的页面，未写出 {BOUND}。"
    assert not list(tmp_path.glob("*.pdf"))


def blank(file: Path, millimetres: float) -> Path:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(millimetres * 72 / 25.4, millimetres * 72 / 25.4)
    writer.write(file)
    return file


def test_sheets_beneath_a_bookmark_without_a_sheet_of_its_own(tmp_path: Path) -> None:
    pages = [blank(tmp_path / f"{n}.pdf", 100 + n) for n in range(3)]
    sheets = [Sheet(pages[0], "甲县", "图8"), Sheet(pages[1], "乙县", "图8"), Sheet(pages[2], "图9")]
    bind(sheets, Binding("out.pdf", "图集"), tmp_path / "out.pdf")
    reader = pypdf.PdfReader(tmp_path / "out.pdf")
    assert bookmarks(reader) == [(0, "图8", 0), (1, "甲县", 0), (1, "乙县", 1), (0, "图9", 2)]
    assert [round(float(p.mediabox.width) * 25.4 / 72) for p in reader.pages] == [100, 101, 102]


def test_a_sheet_that_is_no_pdf_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and no more")
    with pytest.raises(PlannerError, match="图集.pdf 未能合订"):
        bind([Sheet(broken, "图8")], Binding("图集.pdf", "图集"), tmp_path / "out.pdf")


def test_a_full_disk_leaves_no_half_bound_document(tmp_path: Path) -> None:
    pages = [blank(tmp_path / f"{n}.pdf", 100) for n in range(40)]
    with room_for(3_000), pytest.raises(PlannerError, match="未能合订"):
        bind([Sheet(p, p.stem) for p in pages], Binding("图集.pdf", "图集"), tmp_path / "out.pdf")
